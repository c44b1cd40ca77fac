/**
 * What a page costs: `npm run bench:speed`. The cleaner as it is built and shipped, and parsers and Readability beside it, on the
 * same pages in one process, round about: CPU time of all threads, so that collecting garbage counts. Ratios are of rounds. Each
 * round begins with a swept heap and with 40 pages unmeasured, since sweeping throws away compiled code; see `speed-rounds.mjs`.
 *
 *   --pages N (200), --rounds N (9)    for the ratio to cheerio on htmlparser2
 *   --peers                            cheerio's parse5 and Readability too, on a quarter of the pages, three rounds
 *   --set NAME                         pages of this set only      --golden   the golden pages, though the bench pages are there
 *   --hostile, --only PATTERN, --beside   hostile pages instead; those whose name fits; cheerio on them as well
 *   --markdown, --json
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { goldenNames, goldenPage } from '../golden/page.ts';
import { BENCH, goldOf, setsIn } from './bench-pages.ts';
import { hostileCells, hostileCost, hostileNames, isUnbounded, type HostileRow } from './hostile.ts';
import { tableOf } from './tables.ts';

const BASE = 'cheerio on htmlparser2';
const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '9' },
    peers: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true },
    golden: { type: 'boolean', default: false },
    hostile: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    beside: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

interface PageFile {
  readonly path: string;
  readonly url: string;
}
/** Every n-th page of the bench, so that all sets are among them; the golden pages where there is no bench. */
function pageFiles(count: number): PageFile[] {
  const all = (values.golden ? [] : setsIn(BENCH, values.set)).flatMap((set) =>
    goldOf(BENCH, set).map(({ id, url }) => ({ path: join(BENCH, set, 'pages', `${id}.html.gz`), url })),
  );
  const files =
    all.length > 0
      ? all
      : goldenNames().map((name) => ({
          path: fileURLToPath(new URL(`../golden/pages/${name}/source.html`, import.meta.url)),
          url: goldenPage(name).meta.url,
        }));
  const step = Math.max(1, files.length / count);
  return Array.from({ length: Math.min(count, files.length) }, (_, i) => files[Math.floor(i * step)] as PageFile);
}

interface Rounds {
  readonly pages: number;
  readonly characters: number;
  /** CPU milliseconds a page, a round. */
  readonly measured: Readonly<Record<string, readonly number[]>>;
}
function roundsOf(files: readonly PageFile[], rounds: number, names: readonly string[]): Rounds {
  const folder = mkdtempSync(join(tmpdir(), 'tearsheet-speed-'));
  try {
    const list = join(folder, 'pages.json');
    writeFileSync(list, JSON.stringify(files));
    const script = fileURLToPath(new URL('speed-rounds.mjs', import.meta.url));
    // Plain Node: tsx wraps every function, which no user of the built program has.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const stdout = execFileSync(process.execPath, ['--expose-gc', script, list, String(rounds), ...names], {
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    return JSON.parse(stdout) as Rounds;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
};

function rowsOf({ measured }: Rounds): string[][] {
  return Object.entries(measured).map(([name, costs]) => {
    const base = measured[BASE] as readonly number[];
    const ratios = costs.map((ms, round) => ms / (base[round] as number));
    const cost = median(costs);
    return [
      name,
      cost.toFixed(2),
      Math.round(1000 / cost).toString(),
      name === BASE ? '1' : median(ratios).toFixed(2),
      name === BASE ? '' : `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    ];
  });
}

function speed(): void {
  const files = pageFiles(Number(values.pages));
  const some = files.filter((_, i) => i % 4 === 0);
  const runs = [
    {
      ...roundsOf(files, Number(values.rounds), ['tearsheet', 'tearsheet, from bytes', BASE]),
      rounds: Number(values.rounds),
    },
  ];
  if (values.peers) {
    const names = ['tearsheet', BASE, 'cheerio on parse5', 'Readability on linkedom', 'Readability on jsdom'];
    runs.push({ ...roundsOf(some, 3, names), rounds: 3 });
  }
  if (values.json) {
    console.log(JSON.stringify(runs));
    return;
  }
  for (const run of runs) {
    console.log(
      `${run.pages} pages of ${Math.round(run.characters / run.pages / 1000)} KB on average, ${run.rounds} rounds after 400 pages to warm up, Node ${process.versions.node}\n`,
    );
    console.log(
      `${tableOf(['', 'CPU ms a page', 'pages a CPU second', `× ${BASE}`, 'rounds'], rowsOf(run), values.markdown)}\n`,
    );
  }
}

async function hostile(): Promise<void> {
  const only = new RegExp(values.only, 'i');
  const names = (await hostileNames()).filter(([, name]) => only.test(name));
  const rows: HostileRow[] = [];
  const cells = ({ name, tearsheet, cheerio }: HostileRow): string[] => [
    name,
    (tearsheet.pageMb ?? cheerio?.pageMb ?? Number.NaN).toFixed(1),
    ...hostileCells(tearsheet),
    ...(cheerio ? hostileCells(cheerio) : []),
    isUnbounded(tearsheet) ? 'TOO MUCH' : '',
  ];
  for (const [group, name] of names) {
    const tearsheet = await hostileCost('tearsheet', [group, name], 120_000);
    const row = {
      group,
      name,
      tearsheet,
      ...(values.beside ? { cheerio: await hostileCost('cheerio', [group, name], 60_000) } : {}),
    };
    rows.push(row);
    // Told as they come, since all of them take minutes; the table lines them up at the end.
    process.stderr.write(`${cells(row).join(' | ')}\n`);
  }
  if (values.json) console.log(JSON.stringify(rows));
  const head = [
    'page',
    'MB',
    'CPU s',
    'RSS MB',
    'outcome',
    ...(values.beside ? ['cheerio CPU s', 'RSS MB', 'outcome'] : []),
    '',
  ];
  for (const group of values.json ? [] : new Set(rows.map((row) => row.group))) {
    console.log(`\n${group}\n`);
    console.log(tableOf(head, rows.filter((row) => row.group === group).map(cells), values.markdown));
  }
  const unbounded = rows.filter(({ tearsheet }) => isUnbounded(tearsheet));
  console.error(`${rows.length} pages, ${unbounded.length} of them cost too much`);
  process.exitCode = unbounded.length === 0 ? 0 : 1;
}

await built();
if (values.hostile) await hostile();
else speed();
