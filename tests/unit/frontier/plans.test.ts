import { describe, expect, it } from 'vitest';
import { openSqlite, sqliteEngine, type SqliteEngine } from '../../../src/frontier/sqlite.ts';
import { NOW, found, opened, tempFile } from './frontier-file.ts';

/** An engine that remembers what it was asked. */
function listening(): { engine: SqliteEngine; asked: Set<string> } {
  const asked = new Set<string>();
  const inner = sqliteEngine();
  return {
    asked,
    engine: (path) => {
      const raw = inner(path);
      return { prepare: (sql) => (asked.add(sql), raw.prepare(sql)), close: () => raw.close() };
    },
  };
}

describe('the cost of a step', () => {
  it('goes by what the step is about: no statement walks over the entries, or all leases, or sorts them', async () => {
    const path = await tempFile();
    const { engine, asked } = listening();
    const frontier = await opened(path, { engine });
    const url = 'https://news.example/a';
    await frontier.add([found(url), found('https://news.example/feed', { kind: 'feed' })], NOW);
    asked.clear();
    const order = {
      now: NOW,
      dueBefore: NOW,
      limit: 9,
      perHost: 9,
      leaseMs: 1,
      sources: ['lantern'],
      without: ['x.example'],
    };
    const everything = { ...order, dueBefore: Number.MAX_SAFE_INTEGER, lastBefore: NOW };
    await frontier.counts(order);
    await frontier.counts({ dueBefore: NOW });
    const leases = await frontier.take(order);
    await frontier.release(leases.slice(1));
    await frontier.finish(leases[0]!, {
      at: NOW,
      outcome: 'new',
      nextAt: NOW + 1,
      state: 'waiting',
      aliases: ['https://news.example/alias', url],
      found: [found('https://news.example/b'), found(url, { hints: { lastmod: '2027-01-01' } })],
    });
    await frontier.take(everything);
    await frontier.get(url);
    for await (const entry of frontier.list({ sources: ['lantern'] })) expect(entry.source).toBe('lantern');
    expect(asked.size).toBeGreaterThan(15);

    const database = openSqlite(path, sqliteEngine());
    const walks: string[] = [];
    for (const sql of asked) {
      if (/^(?:begin|commit|rollback|pragma)/i.test(sql)) continue;
      const parameters = sql.match(/\?/g)?.map(() => 1) ?? [];
      const plan = database.prepare(`explain query plan ${sql}`).all(parameters) as { detail: string }[];
      for (const { detail } of plan) {
        if (/^SCAN entries\b/.test(detail) || (/TEMP B-TREE/.test(detail) && /entries/.test(sql)))
          walks.push(`${detail}: ${sql}`);
      }
    }
    database.close();
    // By-host counts of what is leased right now, a few hundred at most.
    const known = /^(?:SCAN entries USING (?:COVERING )?INDEX entries_leased|USE TEMP B-TREE FOR GROUP BY)/;
    expect(walks.filter((walk) => !known.test(walk))).toEqual([]);
  });
});
