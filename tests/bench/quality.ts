/**
 * Scores the cleaner on pages with gold data: writes a prediction a page and calls the data's own scorer.
 * `npm run bench:quality -- [--bench DIR] [--set NAME] [--worst N] [--keep FILE]`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { bodyText, clean } from '../../src/clean/index.ts';
import { loadRules } from '../../src/core/rules.ts';

const { values } = parseArgs({
  options: {
    bench: { type: 'string', default: join(import.meta.dirname, '../../../shared/bench') },
    set: { type: 'string', multiple: true },
    worst: { type: 'string', default: '0' },
    keep: { type: 'string' },
  },
});
const { bench } = values;
if (!existsSync(join(bench, 'score.mjs'))) {
  console.error(`bench:quality needs the bench data: expected ${bench}/score.mjs; say where it is with --bench DIR`);
  process.exit(2);
}
const { rules } = loadRules();
const sets = readdirSync(bench).filter(
  (name) => existsSync(join(bench, name, 'gold.jsonl')) && (!values.set || values.set.includes(name)),
);
const predictions: string[] = [];
let cpuMs = 0;
let bytes = 0;
for (const set of sets) {
  for (const line of readFileSync(join(bench, set, 'gold.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)) {
    const { id, url } = JSON.parse(line) as { id: string; url: string };
    const html = gunzipSync(readFileSync(join(bench, set, 'pages', `${id}.html.gz`))).toString('utf8');
    const started = process.cpuUsage();
    const reading = clean(html, { url, contentType: 'text/html; charset=utf-8', rules });
    const used = process.cpuUsage(started);
    cpuMs += (used.user + used.system) / 1000;
    bytes += html.length;
    predictions.push(
      JSON.stringify({
        id,
        kind: reading.kind,
        title: reading.title,
        authors: reading.authors.map(({ name }) => name),
        published: reading.publishedAt,
        lead: reading.lead,
        text: bodyText(reading),
      }),
    );
  }
}
const folder = mkdtempSync(join(tmpdir(), 'tearsheet-quality-'));
const file = values.keep ?? join(folder, 'predictions.jsonl');
writeFileSync(file, `${predictions.join('\n')}\n`);
const scored = spawnSync(
  process.execPath,
  [
    join(bench, 'score.mjs'),
    '--gold',
    bench,
    '--pred',
    file,
    '--worst',
    values.worst,
    ...sets.flatMap((set) => ['--set', set]),
  ],
  { encoding: 'utf8' },
);
process.stdout.write(scored.stdout);
process.stderr.write(scored.stderr);
console.log(
  `${predictions.length} pages, ${Math.round(bytes / predictions.length / 1024)} KB on average: ${(cpuMs / predictions.length).toFixed(2)} ms of CPU a page, ${Math.round((1000 * predictions.length) / cpuMs)} pages a CPU second`,
);
rmSync(folder, { recursive: true, force: true });
process.exitCode = scored.status ?? 1;
