// Reads the pages listed in a file with each system in turn, and prints CPU milliseconds a page of every round as JSON.
// `node --expose-gc speed-rounds.mjs LIST ROUNDS NAME...`; plain JavaScript, so that nothing stands between Node and what was built.
//
// Before each round garbage is collected, so that what one system leaves behind is not swept up at the cost of the next. That also
// throws away compiled code and regular expressions, which no program that reads page after page does: so each system then reads
// `AFRESH` pages of the set, the same for all, before its clock starts.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const [list, rounds, ...names] = process.argv.slice(2);
const pages = JSON.parse(readFileSync(list, 'utf8')).map(({ path, url }) => {
  const bytes = readFileSync(path);
  return { url, html: (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8') };
});

/** Makes each system only when it is asked for: jsdom alone takes a second to load. */
const MAKERS = {
  tearsheet: async () => {
    const { clean } = await import('../../dist/clean/index.js');
    const { loadRules } = await import('../../dist/core/rules.js');
    const { rules } = loadRules();
    return ({ html, url }) => clean(html, { url, contentType: 'text/html', rules });
  },
  'tearsheet, from bytes': async () => {
    const { clean } = await import('../../dist/clean/index.js');
    const { loadRules } = await import('../../dist/core/rules.js');
    const { rules } = loadRules();
    const bytes = new Map(pages.map((page) => [page, Buffer.from(page.html)]));
    return (page) => clean(bytes.get(page), { url: page.url, contentType: 'text/html; charset=utf-8', rules });
  },
  'cheerio on htmlparser2': async () => {
    const { load } = await import('cheerio');
    return ({ html }) => load(html, { xml: { xmlMode: false, decodeEntities: true } }, false);
  },
  'cheerio on parse5': async () => {
    const { load } = await import('cheerio');
    return ({ html }) => load(html);
  },
  'parse5 alone': async () => {
    const { parse } = await import('parse5');
    return ({ html }) => parse(html);
  },
  'Readability on linkedom': async () => {
    const { parseHTML } = await import('linkedom');
    const { Readability } = await import('@mozilla/readability');
    return ({ html }) => new Readability(parseHTML(html).document).parse();
  },
  'Readability on jsdom': async () => {
    const { JSDOM, VirtualConsole } = await import('jsdom');
    const { Readability } = await import('@mozilla/readability');
    const virtualConsole = new VirtualConsole();
    return ({ html, url }) => {
      const { window } = new JSDOM(html, { url, virtualConsole });
      new Readability(window.document).parse();
      window.close();
      // A window lives until the event loop has turned; else all of them fill the memory.
      return new Promise((resolve) => setImmediate(resolve));
    };
  },
};

const AFRESH = 40;
/** Spread evenly over the set; all of it where it is smaller. */
const afresh = pages.filter((_, i) => i % Math.ceil(pages.length / AFRESH) === 0);

const systems = [];
for (const name of names) systems.push([name, await MAKERS[name]()]);
async function readAll(read, some) {
  for (const page of some) {
    try {
      await read(page);
    } catch {
      // A page that breaks a system costs what it costs.
    }
  }
}
async function roundOf(read) {
  globalThis.gc?.();
  await readAll(read, afresh);
  const started = process.cpuUsage();
  await readAll(read, pages);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000 / pages.length;
}
/** To warm up, not counted: every page once with every system, and at least 400 readings of each. */
for (const [, read] of systems) for (let warm = 0; warm < 400; warm += pages.length) await roundOf(read);
const measured = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round < Number(rounds); round += 1) {
  // Each system goes first in its turn.
  const turn = round % systems.length;
  for (const [name, read] of [...systems.slice(turn), ...systems.slice(0, turn)])
    measured[name].push(await roundOf(read));
}
process.stdout.write(
  `${JSON.stringify({ pages: pages.length, characters: pages.reduce((sum, { html }) => sum + html.length, 0), measured })}\n`,
);
