// One hostile page in a process of its own: `node hostile-run.mjs tearsheet|cheerio GROUP NAME`; prints what it cost as JSON.
import { HOSTILE } from './hostile-pages.mjs';

const [system, group, name] = process.argv.slice(2);
const made = HOSTILE[group][name]();
const { text, contentType = 'text/html' } = typeof made === 'string' ? { text: made } : made;
// Joined here, else the first to read the text pays for it.
const flat = Buffer.from(text, 'utf16le').toString('utf16le');
const MB = 1024 * 1024;

async function reader() {
  if (system === 'cheerio') {
    const { load } = await import('cheerio');
    return () => ({ outcome: `${load(flat)('p').length} paragraphs` });
  }
  const { clean } = await import('../../dist/clean/index.js');
  const { loadRules } = await import('../../dist/core/rules.js');
  const { rules } = loadRules();
  // Rules are compiled at the first page.
  clean('<p>x</p>', { url: 'https://paper.example/', contentType: 'text/html', rules });
  return () => {
    const { kind, blocks } = clean(flat, { url: 'https://paper.example/news/1', contentType, rules });
    return { kind, blocks: blocks.length, outcome: `${kind}, ${blocks.length} blocks` };
  };
}
const read = await reader();
const startMb = process.memoryUsage().rss / MB;
const started = process.cpuUsage();
let found;
try {
  found = read();
} catch (error) {
  found = { error: error.message, outcome: `throws: ${error.message}` };
}
const { user, system: kernel } = process.cpuUsage(started);
const result = {
  ...found,
  pageMb: text.length / 1e6,
  cpuSeconds: (user + kernel) / 1e6,
  startMb: Math.round(startMb),
  peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
