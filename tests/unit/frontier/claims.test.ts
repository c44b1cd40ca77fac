import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsNews, latestClaim, momentsOf } from '../../../src/frontier/claims.ts';

const utc = (text: string): number => Date.parse(text);

describe('momentsOf', () => {
  it.each([
    ['2026-03-03T08:00:00Z', '2026-03-03T08:00:00Z', '2026-03-03T08:00:00Z'],
    ['2026-03-03T08:00:00.250Z', '2026-03-03T08:00:00.250Z', '2026-03-03T08:00:00.250Z'],
    ['2026-03-03T08:00:00,5Z', '2026-03-03T08:00:00.500Z', '2026-03-03T08:00:00.500Z'],
    ['2026-03-03T08:00+05:30', '2026-03-03T02:30:00Z', '2026-03-03T02:30:00Z'],
    ['2026-03-03 08:00:00 -0430', '2026-03-03T12:30:00Z', '2026-03-03T12:30:00Z'],
    ['2026-03-03T08:00:00+02', '2026-03-03T06:00:00Z', '2026-03-03T06:00:00Z'],
    [' 2026-03-03t08:00:00z ', '2026-03-03T08:00:00Z', '2026-03-03T08:00:00Z'],
    ['2026-03-03T08:00:00', '2026-03-03T08:00:00Z', '2026-03-03T20:00:00Z'],
    ['2026-03-03', '2026-03-03T00:00:00Z', '2026-03-04T11:59:59.999Z'],
    ['2026-02', '2026-02-01T00:00:00Z', '2026-03-01T11:59:59.999Z'],
    ['2026-12', '2026-12-01T00:00:00Z', '2027-01-01T11:59:59.999Z'],
    ['2026', '2026-01-01T00:00:00Z', '2027-01-01T11:59:59.999Z'],
  ])('%s', (claim, earliest, latest) => {
    expect(momentsOf(claim)).toEqual({ earliest: utc(earliest), latest: utc(latest) });
  });

  it.each([
    undefined,
    '',
    'yesterday',
    '3 мая 2026',
    '2026-13-01',
    '2026-00-01',
    '2026-01-32',
    '2026-01-01T25:00Z',
    '2026-01-01T10:60Z',
    '20260303',
    '0099-01-01',
    '2026-03-03T',
    `${'2026-03-03 '.repeat(9_000)}`,
  ])('%j is no time', (claim) => {
    expect(momentsOf(claim)).toBeNull();
  });

  it('reads every instant as it is spelled', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1000, 0), max: 2.5e14 }), (ms) => {
        expect(momentsOf(new Date(ms).toISOString())).toEqual({ earliest: ms, latest: ms });
      }),
    );
  });
});

describe('latestClaim', () => {
  it('is the later of both', () => {
    expect(latestClaim({})).toBeNull();
    expect(latestClaim({ title: '2026-01-01', date: 'soon' })).toBeNull();
    expect(latestClaim({ date: '2026-03-03T08:00Z' })).toBe(utc('2026-03-03T08:00Z'));
    expect(latestClaim({ date: '2026-03-03T08:00Z', lastmod: '2026-03-03T07:00Z' })).toBe(utc('2026-03-03T08:00Z'));
    expect(latestClaim({ date: 'soon', lastmod: '2026-03-03T07:00Z' })).toBe(utc('2026-03-03T07:00Z'));
  });
});

describe('claimsNews', () => {
  const lastAt = utc('2026-03-03T08:00Z');
  it.each([
    [{}, {}, false],
    [{}, { lastmod: '2026-03-03T08:00Z' }, false],
    [{}, { lastmod: '2026-03-03T08:00:00.001Z' }, true],
    [{}, { date: '2026-03-03T09:00Z', lastmod: '2026-03-01T09:00Z' }, true],
    [{ date: '2026-03-03T09:00Z' }, { date: '2026-03-03T09:00Z' }, false],
    [{ date: '2026-03-03T09:00Z' }, { date: '2026-03-03T09:01Z' }, true],
    [{ lastmod: '2026-03-03T09:00Z' }, { date: '2026-03-03T09:00Z', lastmod: '2026-03-03T09:00Z' }, true],
    [{}, { title: '2027-01-01' }, false],
  ])('%j, then %j: %s', (known, next, expected) => {
    expect(claimsNews(known, next, lastAt)).toBe(expected);
  });
});
