import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/digest.ts';
import type { Look, Snapshot } from '../../../src/core/schema.ts';
import { entryOf } from '../../../src/crawl/restore.ts';
import type { PlanFacts } from '../../../src/crawl/parts.ts';

const ms = (time: string): number => Date.parse(time);
const look = (seq: number, at: string, outcome: Look['outcome']): Look => ({
  schema: 1,
  seq,
  at,
  run: 'r',
  article: 'daily.example:/news/1',
  url: 'https://www.daily.example/news/1?utm_source=rss',
  outcome,
  capture: null,
  prevLook: null,
});
const looks = [
  look(1, '2026-03-01T08:00:00.000Z', 'new'),
  look(2, '2026-03-01T09:00:00.000Z', 'unchanged'),
  look(3, '2026-03-01T12:00:00.000Z', 'changed'),
  look(4, '2026-03-02T08:00:00.000Z', 'not-modified'),
  look(5, '2026-03-02T20:00:00.000Z', 'error'),
  look(6, '2026-03-03T08:00:00.000Z', 'walled'),
];
const headAfter = (n: number) => ({
  schema: 1 as const,
  key: 'daily.example:/news/1',
  look: looks[n - 1]!,
  lookDigest: sha256('x'),
  validators: { etag: '"3"' },
});
const latest = { reading: { publishedAt: '2026-03-01T07:30:00+01:00' } } as Snapshot;

describe('entryOf', () => {
  it('has looks, changes, failures and times as they were, and plans as was planned then', () => {
    const asked: PlanFacts[] = [];
    const plan = (facts: PlanFacts) => (asked.push(facts), facts.now + 1000);
    const entry = entryOf({ head: headAfter(6), looks, latest, source: 'daily' }, plan);
    expect(entry).toMatchObject({
      key: 'daily.example/news/1',
      url: 'https://www.daily.example/news/1?utm_source=rss',
      host: 'www.daily.example',
      source: 'daily',
      state: 'waiting',
      foundAt: ms('2026-03-01T08:00:00Z'),
      lastAt: ms('2026-03-03T08:00:00Z'),
      lastOutcome: 'walled',
      nextAt: ms('2026-03-03T08:00:00Z') + 1000,
      publishedAt: ms('2026-03-01T06:30:00Z'),
      changedAt: ms('2026-03-01T12:00:00Z'),
      validators: { etag: '"3"' },
      article: 'daily.example:/news/1',
      looks: 4,
      changes: 2,
      failures: 2,
    });
    expect(asked).toMatchObject([{ looks: 4, changes: 2, failures: 2, outcome: 'walled' }]);
  });
  it('knows no failure after a look that saw the article', () => {
    const entry = entryOf(
      { head: headAfter(4), looks: looks.slice(0, 4), latest: null, source: null },
      ({ now }) => now,
    );
    expect(entry).toMatchObject({ failures: 0, publishedAt: null, source: null });
  });
  it('counts every look of an article that was never seen as a failure', () => {
    const only = [look(1, '2026-03-01T08:00:00.000Z', 'error')];
    const entry = entryOf(
      { head: { ...headAfter(1), look: only[0]! }, looks: only, latest: null, source: null },
      () => 7,
    );
    expect(entry).toMatchObject({ looks: 0, changes: 0, failures: 1, changedAt: null, nextAt: 7 });
  });
});
