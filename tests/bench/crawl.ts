/**
 * `npm run bench:crawl`: what a crawl costs, whole processes on one machine: the built program, which keeps captures, versions and
 * looks, and beside it crawlers that parse each page and keep its title. The same pages, politeness off, the server warm.
 *
 *   --articles N (400), --hosts N (20), --concurrency N (16), --rounds N (3)
 *   --alone      without the others
 *   --again      a second pass over all pages, of which none has changed
 *   --markdown
 *
 * Scrapy is Debian's (`apt-get install python3-scrapy`); Crawlee comes with `npm ci --prefix tests/bench/peers --ignore-scripts`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { FAKEWEB, flagsOf, hasNewsWeb, objectsOf, openNewsWeb, placeIn, runNode, UNHURRIED } from './news-web.ts';
import type { NewsWeb } from './news-web.ts';
import { tableOf } from './tables.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '400' },
    hosts: { type: 'string', default: '20' },
    concurrency: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    alone: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
  },
});

interface Usage {
  readonly pages: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxRssMb: number;
}
const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const USAGE = fileURLToPath(new URL('usage.mjs', import.meta.url));

async function tearsheet(web: NewsWeb, folder: string): Promise<Readonly<Record<string, Usage>>> {
  const cli = await built();
  const place = await placeIn(await mkdtemp(join(folder, 'run-')), web, {
    crawl: { ...UNHURRIED.crawl, concurrency: Number(values.concurrency) },
    browser: { render: 'never' },
  });
  const passes = [
    ['tearsheet', []],
    ...(values.again ? [['tearsheet, all as before', ['--all']] as const] : []),
  ] as const;
  const took: Record<string, Usage> = {};
  for (const [name, flags] of passes) {
    const usage = join(folder, 'usage.json');
    const { status, stdout, stderr } = await runNode([cli, 'crawl', '--json', ...flags, ...flagsOf(place)], {
      node: ['--import', USAGE],
      env: { TEARSHEET_BENCH_USAGE: usage },
    });
    const summary = objectsOf(stdout).at(-1);
    if (status !== 0 || summary?.['pages'] !== Number(values.articles))
      throw new Error(`${name}: status ${status}, ${JSON.stringify(summary)}\n${stderr}`);
    took[name] = {
      ...(JSON.parse(readFileSync(usage, 'utf8')) as Omit<Usage, 'pages'>),
      pages: Number(values.articles),
    };
  }
  await rm(place.archive, { recursive: true });
  return took;
}

interface Peer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly missing?: string;
}
function peersFor(list: string): Peer[] {
  const python = ['/usr/bin/python3', 'python3'].find(
    (path) => spawnSync(path, ['-c', 'import scrapy, lxml']).status === 0,
  );
  const hasCrawlee = existsSync(join(PEERS, 'node_modules/@crawlee'));
  const { concurrency } = values;
  return [
    { name: 'undici, nothing parsed', command: process.execPath, args: [`${PEERS}floor.mjs`, list, concurrency] },
    {
      name: 'Scrapy and lxml',
      command: python ?? 'python3',
      args: [`${PEERS}scrapy_titles.py`, list, concurrency],
      ...(python === undefined && { missing: 'not here: apt-get install python3-scrapy' }),
    },
    {
      name: 'Crawlee on cheerio',
      command: process.execPath,
      args: [`${PEERS}crawlee.mjs`, list, concurrency],
      ...(!hasCrawlee && { missing: 'not here: npm ci --prefix tests/bench/peers --ignore-scripts' }),
    },
  ];
}

function ofPeer({ name, command, args }: Peer, folder: string): Usage {
  const env = { ...process.env, NODE_OPTIONS: '', CRAWLEE_STORAGE_DIR: join(folder, 'storage') };
  const { status, stdout, stderr } = spawnSync(command, [...args], { encoding: 'utf8', env, cwd: folder });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || !line.startsWith('{')) throw new Error(`${name}: status ${status}\n${stderr}`);
  return JSON.parse(line) as Usage;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function measure(folder: string): Promise<void> {
  const list = join(folder, 'urls.txt');
  const web = await openNewsWeb({ articles: Number(values.articles), hosts: Number(values.hosts), urls: list });
  try {
    await web.control('warm');
    const rounds = new Map<string, Usage[]>();
    const note = (name: string, usage: Usage) => rounds.set(name, [...(rounds.get(name) ?? []), usage]);
    const peers = values.alone ? [] : peersFor(list);
    for (const { name, missing } of peers) if (missing !== undefined) process.stderr.write(`${name}: ${missing}\n`);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const peer of peers) if (peer.missing === undefined) note(peer.name, ofPeer(peer, folder));
      for (const [name, usage] of Object.entries(await tearsheet(web, folder))) note(name, usage);
    }
    print(rounds);
  } finally {
    await web.close();
  }
}

function print(rounds: ReadonlyMap<string, readonly Usage[]>): void {
  const own = rounds.get('tearsheet') ?? [];
  const perThousand = ({ cpuSeconds, pages }: Usage): number => (1000 * cpuSeconds) / pages;
  const rows = [...rounds].map(([name, usages]) => {
    // Ratios are of rounds: the machine is as fast for both of a round.
    const ratios = usages.map((usage, i) => perThousand(own[i] as Usage) / perThousand(usage));
    return [
      name,
      median(usages.map(perThousand)).toFixed(1),
      name === 'tearsheet' ? '1' : median(ratios).toFixed(2),
      median(usages.map(({ pages, seconds }) => pages / seconds)).toFixed(0),
      Math.max(...usages.map(({ maxRssMb }) => maxRssMb)).toFixed(0),
    ];
  });
  process.stdout.write(
    `${values.articles} pages on ${values.hosts} hosts, concurrency ${values.concurrency}, ${values.rounds} rounds, Node ${process.versions.node}; start and end of each process included\n\n` +
      `${tableOf(['', 'CPU s per 1,000 pages', "tearsheet's ×", 'pages/s', 'peak MB'], rows, values.markdown)}\n`,
  );
}

if (!hasNewsWeb) throw new Error(`expected the news web at ${FAKEWEB}, got nothing there`);
const folder = await mkdtemp(join(tmpdir(), 'tearsheet-bench-crawl-'));
try {
  await measure(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
