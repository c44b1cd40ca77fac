import { describe, expect, it } from 'vitest';
import { explanationOf } from '../../../src/crawl/explain.ts';
import { entryOf, NOW } from './entries.ts';

const waiting = entryOf({
  state: 'waiting',
  lastAt: NOW,
  lastOutcome: 'unchanged',
  looks: 3,
  changes: 2,
  article: 'daily:1',
});

describe('explanationOf', () => {
  it('tells what is known, and by which steps the next visit was planned', () => {
    expect(explanationOf(waiting, ['published 2 d ago: every 8 h', '7 % sooner'])).toEqual([
      'page of daily, found by feed at 2026-03-02T08:00:00.000Z',
      '3 looks with an answer, 1 of them changes; 0 failures in a row',
      'last visited at 2026-03-03T08:00:00.000Z: unchanged',
      'article daily:1',
      'next visit from 2026-03-03T08:00:00.000Z on',
      '  published 2 d ago: every 8 h',
      '  7 % sooner',
    ]);
  });
  it('tells of a page that was never visited no steps that were never gone', () => {
    expect(explanationOf(entryOf({ state: 'waiting', source: null }), ['every 15 min'])).toEqual([
      'page of no source, found by feed at 2026-03-02T08:00:00.000Z',
      '0 looks with an answer, 0 of them changes; 0 failures in a row',
      'never visited',
      'next visit from 2026-03-03T08:00:00.000Z on',
    ]);
  });
  it.each([
    [{ state: 'resting', because: 'gone, 3 looks in a row' } as const, 'not visited any more: gone, 3 looks in a row'],
    [{ state: 'leased' } as const, 'a crawl is at it now'],
    [{ lastOutcome: 'robots' }, 'robots.txt does not allow it; asked again from 2026-03-03T08:00:00.000Z on'],
  ])('says last of %o: %s', (rest, line) => {
    expect(explanationOf({ ...waiting, ...rest }, ['every 15 min']).at(-1)).toBe(line);
  });
});
