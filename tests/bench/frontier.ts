/**
 * `npx tsx tests/bench/frontier.ts`: what a batch costs (100 visits taken, and each finished in a transaction of its own) with
 * few addresses and with many, and the loading of them. Flags: --urls N (1000000), the many; --small N (10000); --hosts N
 * (20); --batches N (40); --big N (0), per cent of the addresses that one more host has.
 * The two sizes take turns, batch by batch, so that a noisy machine wrongs neither.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/core/clock.ts';
import type { Frontier, Target } from '../../src/core/frontier-ports.ts';
import { openFrontier } from '../../src/frontier/index.ts';
import { tableOf } from './tables.ts';

const { values } = parseArgs({
  options: {
    urls: { type: 'string', default: '1000000' },
    small: { type: 'string', default: '10000' },
    hosts: { type: 'string', default: '20' },
    big: { type: 'string', default: '0' },
    batches: { type: 'string', default: '40' },
  },
});
const [urls, small, hosts, big, batches] = [values.urls, values.small, values.hosts, values.big, values.batches].map(
  Number,
) as [number, number, number, number, number];
const BATCH = 100;
const CHUNK = 5_000;
const NOW = Date.UTC(2026, 2, 3);
const DAY_MS = 86_400_000;

const hostOf = (n: number): string =>
  (Math.imul(n, 0x9e3779b1) >>> 16) % 100 < big ? 'big.example' : `h${n % hosts}.example`;
const target = (n: number): Target => ({
  url: `https://${hostOf(n)}/news/${n}-council-votes-on-the-harbour-wall.html`,
  source: hostOf(n),
  foundBy: 'sitemap',
  foundAt: '2026-03-03T00:00:00.000Z',
  hints: { lastmod: '2026-03-01T08:00:00Z' },
});

interface Timed {
  readonly frontier: Frontier;
  readonly path: string;
  readonly size: number;
  readonly loadMs: number;
  readonly takeMs: number[];
  readonly finishMs: number[];
  readonly countsMs: number[];
}

async function loaded(dir: string, size: number): Promise<Timed> {
  const path = join(dir, `${size}.sqlite`);
  const frontier = await openFrontier({ path, clock: systemClock, maxAddressesPerShape: 1_000_000 });
  const begun = performance.now();
  for (let at = 0; at < size; at += CHUNK) {
    const count = Math.min(CHUNK, size - at);
    await frontier.add(
      Array.from({ length: count }, (_, n) => target(at + n)),
      NOW,
    );
  }
  return { frontier, path, size, loadMs: performance.now() - begun, takeMs: [], finishMs: [], countsMs: [] };
}

async function batch({ frontier, takeMs, finishMs, countsMs }: Timed, round: number): Promise<void> {
  const now = NOW + round * 1000;
  const started = performance.now();
  const leases = await frontier.take({ now, dueBefore: now, limit: BATCH, perHost: BATCH, leaseMs: 600_000 });
  const taken = performance.now();
  if (leases.length !== BATCH) throw new Error(`expected ${BATCH} visits, got ${leases.length}`);
  for (const lease of leases) {
    await frontier.finish(lease, {
      at: now,
      outcome: 'unchanged',
      nextAt: now + DAY_MS,
      state: 'waiting',
      isNews: true,
      validators: { etag: '"5e1-1a2b3c"' },
      article: lease.entry.key,
    });
  }
  const finished = performance.now();
  await frontier.counts({ dueBefore: now });
  takeMs.push(taken - started);
  finishMs.push(finished - taken);
  countsMs.push(performance.now() - finished);
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;
const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);

const dir = await mkdtemp(join(tmpdir(), 'tearsheet-frontier-'));
try {
  const few = await loaded(dir, small);
  const many = await loaded(dir, urls);
  for (let round = 0; round < batches; round += 1) {
    for (const one of round % 2 === 0 ? [few, many] : [many, few]) await batch(one, round);
  }
  const rows = [few, many].map(({ size, loadMs, takeMs, finishMs, countsMs }) => [
    size.toLocaleString('en'),
    `${Math.round((size / loadMs) * 1000).toLocaleString('en')}`,
    median(takeMs).toFixed(2),
    median(finishMs).toFixed(2),
    median(takeMs.map((ms, n) => ms + (finishMs[n] ?? 0))).toFixed(2),
    ((sum(takeMs) + sum(finishMs)) / takeMs.length).toFixed(2),
    median(countsMs).toFixed(2),
  ]);
  const head = ['addresses', 'added a second', 'take, ms', 'finish, ms', 'batch, ms', 'mean, ms', 'counts, ms'];
  process.stdout.write(`${tableOf(head, rows, false)}\n\n`);
  const batchOf = ({ takeMs, finishMs }: Timed): number => median(takeMs.map((ms, n) => ms + (finishMs[n] ?? 0)));
  const meanOf = ({ takeMs, finishMs }: Timed): number => sum(takeMs) + sum(finishMs);
  process.stdout.write(`A batch costs ${(batchOf(many) / batchOf(few)).toFixed(2)} times as much (median), `);
  process.stdout.write(`${(meanOf(many) / meanOf(few)).toFixed(2)} times (mean).\n`);
  for (const { frontier, path, size } of [few, many]) {
    await frontier.close();
    process.stdout.write(
      `${size.toLocaleString('en')}: ${Math.round((await stat(path)).size / size)} bytes an address.\n`,
    );
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
