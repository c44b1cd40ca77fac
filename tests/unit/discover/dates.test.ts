import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedDate } from '../../../src/discover/dates.ts';

describe('claimedDate: what can be read becomes ISO 8601', () => {
  it.each([
    // RFC 3339 and W3C-DTF.
    ['2026-03-14T09:26:53Z', '2026-03-14T09:26:53Z'],
    ['2026-03-14T09:26:53.589+05:30', '2026-03-14T09:26:53.589+05:30'],
    ['2026-03-14t09:26z', '2026-03-14T09:26Z'],
    ['2026-03-14T09:26+01:00', '2026-03-14T09:26+01:00'],
    ['2026-03-14 09:26:53 +0100', '2026-03-14T09:26:53+01:00'],
    ['20260314', '2026-03-14'],
    ['2026/03/14 09:26', '2026-03-14T09:26'],
    ['2026-03', '2026-03'],
    ['2026', '2026'],
    // RFC 822 and its relatives.
    ['Sat, 14 Mar 2026 09:26:53 GMT', '2026-03-14T09:26:53Z'],
    ['Sat, 14 Mar 2026 09:26:53 +0900', '2026-03-14T09:26:53+09:00'],
    ['14 Mar 26 09:26 EDT', '2026-03-14T09:26-04:00'],
    ['Sat 14 March 2026 9:26:53 PST', '2026-03-14T09:26:53-08:00'],
    ['Saturday, 14-Mar-26 09:26:53 UTC', '2026-03-14T09:26:53Z'],
    ['1 Jan 99 00:00:00 GMT', '1999-01-01T00:00:00Z'],
    ['Sat Mar 14 09:26:53 2026', '2026-03-14T09:26:53'],
    ['Sat Mar 14 09:26:53 UTC 2026', '2026-03-14T09:26:53Z'],
    ['Sat Mar 14 2026 09:26:53 GMT+0100 (CET)', '2026-03-14T09:26:53+01:00'],
    ['March 14, 2026', '2026-03-14'],
    ['\n  2026-03-14\t', '2026-03-14'],
  ])('%s', (claimed, iso) => {
    expect(claimedDate(claimed)).toBe(iso);
  });

  it('invents no zone where none was given, and none for letters that were used both ways', () => {
    expect(claimedDate('Sat, 14 Mar 2026 09:26:53')).toBe('2026-03-14T09:26:53');
    expect(claimedDate('Sat, 14 Mar 2026 09:26:53 A')).toBe('2026-03-14T09:26:53');
    expect(claimedDate('2026-03-14T09:26')).toBe('2026-03-14T09:26');
  });
});

describe('claimedDate: what cannot be read stays a claim', () => {
  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-03-14T25:00:00Z',
    '2026-03-14T09:61:00Z',
    'Sat, 31 Apr 2026 10:00 GMT',
    '14 Foo 2026',
    '202603',
    'пн, 14 марта 2026',
    '昨天 09:26',
    'yesterday',
  ])('%s', (claimed) => {
    expect(claimedDate(claimed)).toBe(claimed);
  });
  it('takes leap days', () => {
    expect(claimedDate('29 Feb 2024')).toBe('2024-02-29');
    expect(claimedDate('2000-02-29')).toBe('2000-02-29');
    expect(claimedDate('29 Feb 1900')).toBe('29 Feb 1900');
  });
  it('is undefined for nothing, and one short line for anything', () => {
    expect(claimedDate(undefined)).toBeUndefined();
    expect(claimedDate(' \n ')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ maxLength: 500, unit: 'binary' }), (text) => {
        const claimed = claimedDate(text);
        return claimed === undefined || (claimed.length <= 80 && !/[\n\r\0]/.test(claimed));
      }),
    );
  });
});
