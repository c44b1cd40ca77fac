/**
 * `npm run bench`: how long a page takes, each step alone and in one process: reading the golden pages, reading the demo's pages, and
 * comparing the demo's two editions. Flags: --ms N (2000), how long each row is measured.
 */
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { clean, compare } from '../../src/index.ts';
import type { Reading } from '../../src/core/schema.ts';
import { addressOf, articlePage } from '../../src/demo/page.ts';
import { articlesOf, loadPaper } from '../../src/demo/paper.ts';
import { goldenNames, goldenPage } from '../golden/page.ts';

const { values } = parseArgs({ options: { ms: { type: 'string', default: '2000' } } });

const golden = goldenNames()
  .map(goldenPage)
  .map(({ bytes, meta }) => ({
    page: bytes,
    url: meta.url,
    ...(meta.contentType === undefined ? {} : { contentType: meta.contentType }),
  }));
const paper = loadPaper();
const printed = [1, 2].map((edition) =>
  articlesOf(edition).map((article) => {
    const origin = 'https://lantern.example';
    const { language, section } = article;
    const setting = { paper, origin, language, words: paper.furniture[language]!, section, turn: 0 };
    return { page: articlePage(setting, article), url: addressOf(origin, article), contentType: 'text/html' };
  }),
);
const read = ({ page, ...context }: { page: Uint8Array | string; url: string; contentType?: string }): Reading =>
  clean(page, context);
const [first = [], second = []] = printed.map((edition) => edition.map(read));

const bench = new Bench({ time: Number(values.ms), warmupTime: 500 });
const pagesIn = new Map<string, number>();
const add = (name: string, pages: number, work: () => unknown): void => {
  pagesIn.set(name, pages);
  bench.add(name, work);
};
add(`read ${golden.length} golden pages`, golden.length, () => golden.map(read));
add(`read ${first.length} pages of the demo`, first.length, () => (printed[0] ?? []).map(read));
add(`compare ${first.length} pages of the demo with their second edition`, first.length, () =>
  first.map((reading, n) => compare(reading, second[n]!)),
);
await bench.run();

for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
  const ms = result.latency.p50 / (pagesIn.get(name) ?? 1);
  process.stdout.write(`${ms.toFixed(2).padStart(8)} ms a page  ${name}\n`);
}
