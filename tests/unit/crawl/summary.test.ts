import { describe, expect, it } from 'vitest';
import { Counting } from '../../../src/crawl/summary.ts';
import type { DocumentVisit } from '../../../src/crawl/parts.ts';
import { visitOf } from './entries.ts';

const seen = { finalUrl: 'https://daily.example/1', status: 200, bytes: 700 };
const documentOf = (rest: Partial<DocumentVisit>): DocumentVisit => ({
  url: 'https://daily.example/feed',
  kind: 'feed',
  outcome: 'read',
  found: [],
  bytes: 50,
  notes: [],
  ...rest,
});

describe('Counting', () => {
  it('counts pages that were looked at, and apart from them what was not', () => {
    const counting = new Counting();
    for (const outcome of ['new', 'new', 'unchanged'] as const) counting.addPage(visitOf({ outcome, seen }));
    counting.addPage(visitOf({ outcome: 'no-article', article: null, seen }));
    counting.addPage(visitOf({ outcome: 'robots', article: null, error: { code: 'E_FETCH_ROBOTS', message: 'no' } }));
    counting.skip('host-down', 3);
    counting.skip('trap', 0);
    expect(counting.summary('finished', 2)).toMatchObject({
      pages: 3,
      outcomes: { new: 2, unchanged: 1 },
      skipped: { 'no-article': 1, robots: 1, 'host-down': 3 },
      failures: [],
      bytes: 2800,
    });
  });
  it('counts documents by what came of them, and keeps their remarks, a few', () => {
    const counting = new Counting();
    counting.addDocument(documentOf({ notes: ['left out: 5 no article by its address'] }));
    counting.addDocument(documentOf({ outcome: 'not-modified', bytes: 0 }));
    counting.addDocument(documentOf({ outcome: 'gone', error: { code: 'E_PAGE_GONE', message: 'gone' } }));
    for (let n = 0; n < 50; n += 1) counting.addDocument(documentOf({ notes: [`note ${n}`] }));
    const { documents, notes, failures } = counting.summary('finished', 1);
    expect(documents).toEqual({ read: 51, unchanged: 1, failed: 1 });
    expect(notes[0]).toBe('https://daily.example/feed: left out: 5 no article by its address');
    expect(notes).toHaveLength(20);
    expect(failures).toMatchObject([{ code: 'E_PAGE_GONE', count: 1 }]);
  });
  it('names the commonest failure first, each with three examples', () => {
    const counting = new Counting();
    const fail = (code: 'E_FETCH_TIMEOUT' | 'E_FETCH_TYPE', n: number) =>
      counting.addPage(
        visitOf({ url: `https://daily.example/${n}`, outcome: 'error', error: { code, message: `no ${n}` } }),
      );
    fail('E_FETCH_TYPE', 0);
    for (let n = 1; n <= 5; n += 1) fail('E_FETCH_TIMEOUT', n);
    const { failures } = counting.summary('finished', 1);
    expect(failures.map(({ code, count }) => [code, count])).toEqual([
      ['E_FETCH_TIMEOUT', 5],
      ['E_FETCH_TYPE', 1],
    ]);
    expect(failures[0]?.examples.map(({ url }) => url.at(-1))).toEqual(['1', '2', '3']);
  });
});
