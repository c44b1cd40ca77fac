import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { Target } from '../../../src/core/frontier-ports.ts';
import type { Capture } from '../../../src/core/ports.ts';
import { checkDocument, checkPage, samplesOf } from '../../../src/crawl/scout.ts';
import type { ScoutParts } from '../../../src/crawl/scout.ts';
import { readingOf } from '../commands/reading.ts';

const target = (n: number, rest: Partial<Target> = {}): Target => ({
  url: `https://daily.example/news/${n}`,
  foundBy: 'feed',
  foundAt: '2026-03-03T08:00:00.000Z',
  ...rest,
});
const body =
  'The council opened the new harbour bridge on Tuesday morning, nine years after the first stone was laid. '.repeat(3);
const signal = new AbortController().signal;

const partsOf = (rest: Partial<ScoutParts> = {}): ScoutParts => ({
  fetch: async () => ({ status: 200 }) as Capture,
  permit: async () => ({ isAllowed: true, why: 'no rule' }),
  read: async () => readingOf([['paragraph', body]], { publishedAt: '2026-03-03', authors: [{ name: 'Ilse Brandt' }] }),
  discover: () => ({ targets: [target(1, { hints: { date: '2026-03-01' } }), target(2)], documents: [], notes: ['n'] }),
  ...rest,
});

describe('checkDocument', () => {
  it('tells what a document names, and its newest date', async () => {
    const { check, targets } = await checkDocument(
      partsOf(),
      { url: 'https://daily.example/feed', kind: 'feed' },
      signal,
    );
    expect(check).toEqual({
      url: 'https://daily.example/feed',
      kind: 'feed',
      status: 200,
      pages: 2,
      documents: 0,
      newest: '2026-03-01',
      notes: ['n'],
    });
    expect(targets).toHaveLength(2);
  });
  it('looks into the first list that an index names, and no deeper', async () => {
    const asked: string[] = [];
    const index = target(0, { kind: 'sitemap', url: 'https://daily.example/one.xml' });
    const parts = partsOf({
      fetch: async ({ url }) => (asked.push(url), { status: 200 } as Capture),
      discover: (_capture, _kind, depth) =>
        depth === 0
          ? { targets: [], documents: [index, index], notes: [] }
          : { targets: [], documents: [index], notes: [] },
    });
    const { check } = await checkDocument(parts, { url: 'https://daily.example/index.xml', kind: 'sitemap' }, signal);
    expect(asked).toEqual(['https://daily.example/index.xml', 'https://daily.example/one.xml']);
    expect(check).toMatchObject({ pages: 0, documents: 2, fault: { code: 'E_SOURCE_EMPTY' } });
  });
  it('tells faults: robots.txt, a status, whatever the fetcher throws', async () => {
    const checkWith = async (rest: Partial<ScoutParts>) =>
      (await checkDocument(partsOf(rest), { url: 'https://daily.example/feed', kind: 'feed' }, signal)).check.fault;
    expect(await checkWith({ permit: async () => ({ isAllowed: false, why: '"Disallow: /"' }) })).toMatchObject({
      code: 'E_FETCH_ROBOTS',
    });
    expect(await checkWith({ fetch: async () => ({ status: 500 }) as Capture })).toMatchObject({
      code: 'E_FETCH_STATUS',
      message: 'status 500',
    });
    const late = new TearsheetError('E_FETCH_TIMEOUT', 'https://daily.example/feed: late');
    expect(await checkWith({ fetch: () => Promise.reject(late) })).toEqual({
      code: 'E_FETCH_TIMEOUT',
      message: 'late',
    });
    const stop = new TearsheetError('E_INTERRUPTED', 'stop');
    await expect(checkWith({ fetch: () => Promise.reject(stop) })).rejects.toBe(stop);
  });
});

describe('checkPage', () => {
  it('tells how a page reads, and misses nothing of one that is whole', async () => {
    expect(await checkPage(partsOf(), 'https://daily.example/news/1', signal)).toMatchObject({
      status: 200,
      kind: 'article',
      authors: ['Ilse Brandt'],
      publishedAt: '2026-03-03',
      bodyChars: body.length,
      missing: [],
    });
  });
  it('names what an article has and this page has not', async () => {
    const read = async () => ({
      ...readingOf([['paragraph', 'Short.']]),
      kind: 'listing' as const,
      title: '',
      authors: [],
    });
    expect((await checkPage(partsOf({ read }), 'https://daily.example/news/1', signal)).missing).toEqual([
      'kind (listing)',
      'headline',
      'body',
      'date',
      'authors',
    ]);
  });
  it('takes a page that breaks the cleaner for a fault of the page', async () => {
    const read = () => Promise.reject(new RangeError('too deep'));
    expect((await checkPage(partsOf({ read }), 'https://daily.example/news/1', signal)).fault).toMatchObject({
      code: 'E_CLEAN_FAILED',
    });
  });
});

describe('samplesOf', () => {
  it('takes one of each list in turn, each page once, however it is spelled', () => {
    const feed = [target(1, { url: 'https://daily.example/news/1?utm_source=rss' }), target(2)];
    const list = [target(1), target(3), target(4)];
    expect(samplesOf([feed, list], 3)).toEqual([
      'https://daily.example/news/1?utm_source=rss',
      'https://daily.example/news/2',
      'https://daily.example/news/3',
    ]);
    expect(samplesOf([[], list], 9)).toHaveLength(3);
    expect(samplesOf([], 5)).toEqual([]);
  });
});
