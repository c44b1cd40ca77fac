/**
 * A process that works a frontier off until it is killed: arguments are the file and the moment it takes for now. It prints
 * `begun N` before, and `done N` after, each visit whose document named `NAMED` pages and one other address of itself.
 */
import { systemClock } from '../../../src/core/clock.ts';
import { openFrontier } from '../../../src/frontier/index.ts';
import { NAMED, aliasOf, pagesOf, serialOf } from './writings.ts';

const [path = '', now = '0'] = process.argv.slice(2);
const at = Number(now);
const frontier = await openFrontier({ path, clock: systemClock, maxAddressesPerShape: 1_000_000 });
for (;;) {
  const [lease] = await frontier.take({
    now: at,
    dueBefore: at,
    limit: 1,
    perHost: 9,
    leaseMs: 1_000,
    sources: ['seeds'],
  });
  if (lease === undefined) break;
  const n = serialOf(lease.entry.url);
  process.stdout.write(`begun ${n}\n`);
  const found = pagesOf(n, NAMED);
  const result = {
    at,
    outcome: 'read',
    nextAt: at + 1e9,
    state: 'waiting',
    isNews: true,
    aliases: [aliasOf(n)],
    found,
  } as const;
  if (await frontier.finish(lease, result)) process.stdout.write(`done ${n}\n`);
}
await frontier.close();
