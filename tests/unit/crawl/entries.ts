/** Entries and visits for the tests of the room, with what a test does not care about filled in. */
import type { FrontierEntry, Lease } from '../../../src/core/frontier-ports.ts';
import type { Visit } from '../../../src/visit.ts';

export const NOW = Date.parse('2026-03-03T08:00:00Z');
export const DAY_MS = 86_400_000;

export const entryOf = (rest: Partial<FrontierEntry> = {}): FrontierEntry => ({
  key: 'daily.example/news/1-flood',
  url: 'https://daily.example/news/1-flood',
  kind: 'page',
  source: 'daily',
  host: 'daily.example',
  foundBy: 'feed',
  foundAt: NOW - DAY_MS,
  hints: {},
  depth: 1,
  state: 'leased',
  because: null,
  nextAt: NOW,
  lastAt: null,
  lastOutcome: null,
  validators: {},
  article: null,
  publishedAt: null,
  changedAt: null,
  looks: 0,
  changes: 0,
  failures: 0,
  ...rest,
});

export const leaseOf = (host: string, n: number): Lease => ({
  id: `${host}-${n}`,
  entry: entryOf({ host, key: `${host}/${n}`, url: `https://${host}/${n}` }),
  until: NOW + DAY_MS,
});

export const visitOf = (rest: Partial<Visit> = {}): Visit => ({
  url: 'https://daily.example/news/1-flood',
  outcome: 'new',
  article: 'daily.example:/news/1-flood',
  ...rest,
});
