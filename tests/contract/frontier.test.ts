import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { Frontier } from '../../src/core/frontier-ports.ts';
import { openFrontier } from '../../src/frontier/index.ts';
import { betterSqlite, nodeSqlite } from '../../src/frontier/sqlite.ts';
import { frontierContract } from './frontier.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** Every engine that this Node has. */
for (const [name, engine] of [
  ['node:sqlite', nodeSqlite()],
  ['better-sqlite3', betterSqlite()],
] as const) {
  if (engine === null) continue;
  frontierContract(name, {
    make: async (maxAddressesPerShape) => {
      const dir = await mkdtemp(join(tmpdir(), 'tearsheet-frontier-'));
      closing.push(() => rm(dir, { recursive: true, force: true }));
      const handle = async (): Promise<Frontier> => {
        const path = join(dir, 'frontier.sqlite');
        const frontier = await openFrontier({ path, clock: systemClock, maxAddressesPerShape, engine });
        closing.push(() => frontier.close());
        return frontier;
      };
      return { frontier: await handle(), handle };
    },
  });
}
