import { describe, expect, it } from 'vitest';
import { resultOfDocument, resultOfPage } from '../../../src/crawl/results.ts';
import type { DocumentVisit, PlanFacts } from '../../../src/crawl/parts.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { DAY_MS, entryOf, NOW, visitOf } from './entries.ts';

const planned: PlanFacts[] = [];
const planning = {
  now: NOW,
  goneAfter: 3,
  plan: (facts: PlanFacts): number => {
    planned.push(facts);
    return NOW + 1000;
  },
};
const factsOf = (work: () => unknown): PlanFacts | undefined => {
  planned.length = 0;
  work();
  return planned.at(-1);
};
const failedWith = (code: ErrorCode, status?: number) =>
  visitOf({
    outcome: 'error',
    error: { code, message: 'no' },
    ...(status !== undefined && { seen: { finalUrl: 'https://daily.example/news/1-flood', status, bytes: 0 } }),
  });

describe('resultOfPage', () => {
  it('plans a page by what was seen of it', () => {
    const entry = entryOf({
      looks: 4,
      changes: 1,
      failures: 2,
      changedAt: NOW - 5 * DAY_MS,
      hints: { lastmod: '2026-03-01' },
    });
    const seen = {
      finalUrl: entry.url,
      status: 200,
      bytes: 9,
      publishedAt: '2026-03-01T08:00:00Z',
      validators: { etag: '"a"' },
    };
    let result;
    const facts = factsOf(() => (result = resultOfPage(entry, visitOf({ outcome: 'changed', seen }), planning)));
    expect(facts).toEqual({
      key: entry.key,
      host: entry.host,
      kind: 'page',
      now: NOW,
      publishedAt: Date.parse('2026-03-01T08:00:00Z'),
      firstSeenAt: entry.foundAt,
      changedAt: NOW,
      looks: 5,
      changes: 2,
      failures: 0,
      lastmod: '2026-03-01',
      outcome: 'changed',
      lastLookAt: null,
    });
    expect(result).toEqual({
      at: NOW,
      outcome: 'changed',
      nextAt: NOW + 1000,
      state: 'waiting',
      isNews: true,
      aliases: [],
      article: 'daily.example:/news/1-flood',
      publishedAt: Date.parse('2026-03-01T08:00:00Z'),
      validators: { etag: '"a"' },
    });
  });

  it('counts the first look as news', () => {
    const facts = factsOf(() => resultOfPage(entryOf(), visitOf({ outcome: 'new' }), planning));
    expect(facts).toMatchObject({ looks: 1, changes: 1, changedAt: NOW });
  });

  it.each(['unchanged', 'not-modified', 'variant'] as const)('takes %s for no news', (outcome) => {
    const entry = entryOf({ looks: 1, changedAt: NOW - DAY_MS });
    let result;
    const facts = factsOf(() => (result = resultOfPage(entry, visitOf({ outcome }), planning)));
    expect(facts).toMatchObject({ looks: 2, changes: 0, changedAt: NOW - DAY_MS });
    expect(result).toMatchObject({ state: 'waiting', isNews: false });
    expect(result).not.toHaveProperty('isFailure');
  });

  it('keeps the names that redirects and the page itself give, and not the one that was asked for', () => {
    const seen = {
      finalUrl: 'https://daily.example/2026/flood',
      status: 200,
      bytes: 1,
      canonicalUrl: 'https://www.daily.example/news/1-flood?utm_source=x',
    };
    const { aliases } = resultOfPage(
      entryOf({ url: 'https://www.daily.example/news/1-flood' }),
      visitOf({ seen }),
      planning,
    );
    expect(aliases).toEqual(['https://daily.example/2026/flood']);
  });

  it.each(['finalUrl', 'canonicalUrl'])('lets no page speak for another site: %s', (name) => {
    const seen = {
      finalUrl: 'https://daily.example/news/1-flood',
      status: 200,
      bytes: 1,
      [name]: 'https://other.example/news/7',
    };
    expect(resultOfPage(entryOf(), visitOf({ seen }), planning).aliases).toEqual([]);
  });

  it('makes nothing of a claim that is no address', () => {
    const seen = {
      finalUrl: 'https://daily.example/news/1-flood',
      status: 200,
      bytes: 1,
      canonicalUrl: 'javascript:alert(1)',
    };
    expect(resultOfPage(entryOf(), visitOf({ seen }), planning).aliases).toEqual([]);
  });

  it.each([
    ['E_FETCH_TIMEOUT', undefined],
    ['E_FETCH_CONNECT', undefined],
    ['E_FETCH_STATUS', 503],
    ['E_FETCH_STATUS', 429],
    ['E_FETCH_STATUS', 408],
    ['E_FETCH_EMPTY', 200],
  ] as const)('comes again after %s %s', (code, status) => {
    const facts = factsOf(() => {
      expect(resultOfPage(entryOf({ failures: 1 }), failedWith(code, status), planning)).toMatchObject({
        state: 'waiting',
        isFailure: true,
        nextAt: NOW + 1000,
      });
    });
    expect(facts).toMatchObject({ failures: 2 });
  });

  it.each([
    ['E_FETCH_TYPE', undefined],
    ['E_FETCH_ADDRESS', undefined],
    ['E_FETCH_REDIRECTS', undefined],
    ['E_FETCH_TOO_LARGE', undefined],
    ['E_FETCH_STATUS', 400],
    ['E_CLEAN_FAILED', 200],
  ] as const)('does not come again after %s %s, which would be the same', (code, status) => {
    expect(resultOfPage(entryOf(), failedWith(code, status), planning)).toMatchObject({
      state: 'resting',
      because: code,
    });
  });

  it('lets a page that is gone rest after as many looks as that takes', () => {
    const gone = visitOf({ outcome: 'gone', error: { code: 'E_PAGE_GONE', message: 'gone' } });
    expect(resultOfPage(entryOf({ failures: 1 }), gone, planning)).toMatchObject({ state: 'waiting', isFailure: true });
    const last = resultOfPage(entryOf({ failures: 2 }), gone, planning);
    expect(last).toMatchObject({ state: 'resting', because: 'gone, 3 looks in a row' });
  });

  it('asks robots.txt again in a day, and takes it for no failure', () => {
    const result = resultOfPage(entryOf(), visitOf({ outcome: 'robots', article: null }), planning);
    expect(result).toMatchObject({ state: 'waiting', nextAt: NOW + DAY_MS, isFailure: false });
    expect(result).not.toHaveProperty('article');
  });

  it('lets what is no article rest', () => {
    const visit = visitOf({ outcome: 'no-article', article: null, note: 'a page of kind listing' });
    expect(resultOfPage(entryOf(), visit, planning)).toMatchObject({
      state: 'resting',
      because: 'a page of kind listing',
    });
  });

  it('comes again to a wall', () => {
    const result = resultOfPage(entryOf(), visitOf({ outcome: 'walled' }), planning);
    expect(result).toMatchObject({ state: 'waiting', isFailure: true });
  });
});

describe('resultOfDocument', () => {
  const feed = entryOf({ kind: 'feed', failures: 2 });
  const visitWith = (rest: Partial<DocumentVisit>): DocumentVisit => ({
    url: feed.url,
    kind: 'feed',
    outcome: 'read',
    found: [],
    bytes: 0,
    notes: [],
    ...rest,
  });
  it('takes an answer for the end of failures', () => {
    const facts = factsOf(() => {
      const validators = { lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' };
      expect(resultOfDocument(feed, visitWith({ validators }), 3, planning)).toMatchObject({
        isNews: true,
        isFailure: false,
        validators,
      });
    });
    expect(facts).toMatchObject({ failures: 0, kind: 'feed' });
  });
  it('takes one that names nothing new for no news', () => {
    expect(resultOfDocument(feed, visitWith({}), 0, planning)).toMatchObject({ isNews: false, isFailure: false });
  });
  it('takes a 304 for no news', () => {
    expect(resultOfDocument(feed, visitWith({ outcome: 'not-modified' }), 0, planning)).toMatchObject({
      isNews: false,
    });
  });
  it.each(['gone', 'error'] as const)('never gives a document up that is %s', (outcome) => {
    const facts = factsOf(() => {
      expect(resultOfDocument(feed, visitWith({ outcome }), 0, planning)).toMatchObject({
        state: 'waiting',
        isFailure: true,
      });
    });
    expect(facts).toMatchObject({ failures: 3 });
  });
  it('asks robots.txt again in a day', () => {
    const result = resultOfDocument(feed, visitWith({ outcome: 'robots' }), 0, planning);
    expect(result).toMatchObject({ nextAt: NOW + DAY_MS, isFailure: false });
    expect(result).not.toHaveProperty('isNews');
  });
});
