import { describe, expect, it } from 'vitest';
import { fromPersian, withCommonEra, withPlainDigits } from '../../../src/clean/calendars.ts';
import { monthsOf, parseTime } from '../../../src/clean/dates.ts';
import { rulesOf } from '../../../src/clean/rules.ts';
import { readTime, timesIn } from '../../../src/clean/written-dates.ts';
import { loadRules } from '../../../src/core/rules.ts';

const words = monthsOf(rulesOf(loadRules().rules));

describe('parseTime brings machine-made times to ISO 8601 and invents no zone', () => {
  it.each([
    ['2025-05-14T20:28:12+03:00', '2025-05-14T20:28:12+03:00'],
    ['2025-05-14 20:28:12.467+0300', '2025-05-14T20:28:12.467+03:00'],
    ['2025-05-14 20:28:12 +03:00', '2025-05-14T20:28:12+03:00'],
    ['2025-05-14T20:28:12Z', '2025-05-14T20:28:12Z'],
    ['2025-05-14T20:28:12Z[UTC]', '2025-05-14T20:28:12Z'],
    ['2025-05-14T20:28', '2025-05-14T20:28'],
    ['2025-05-14 20:28 UTC', '2025-05-14T20:28Z'],
    ['20250514T202812Z', '2025-05-14T20:28:12Z'],
    ['2025-05-14', '2025-05-14'],
    ['2025/05/14 20:28', '2025-05-14T20:28'],
    ['Wed, 14 May 2025 20:28:12 +0300', '2025-05-14T20:28:12+03:00'],
    ['Wed, 14 May 2025 20:28:12 EDT', '2025-05-14T20:28:12-04:00'],
    ['Wed May 14 2025 20:28:12 GMT+0200 (CEST)', '2025-05-14T20:28:12+02:00'],
    ['May 14, 2025 8:28 PM', '2025-05-14T20:28'],
    ['May 14, 2025, 8:28 pm PST', '2025-05-14T20:28-08:00'],
    ['May 14th, 2025', '2025-05-14'],
    ['May 14, 2025 at 12:05 a.m.', '2025-05-14T00:05'],
    ['14.05.2025 20:28', '2025-05-14T20:28'],
    ['14/05/2025 20:28:12', '2025-05-14T20:28:12'],
    ['1747243692', '2025-05-14T17:28:12.000Z'],
    ['1747243692000', '2025-05-14T17:28:12.000Z'],
    ['٢٠٢٥-٠٥-١٤', '2025-05-14'],
  ])('%s', (text, expected) => expect(parseTime(text, words)).toBe(expected));

  it.each([
    '',
    'yesterday',
    '2025-13-40',
    '99.99.2025',
    '14 Foo 2025',
    '{{date}}',
    '2025',
    '2025-04-31',
    `${'2'.repeat(200)}`,
  ])('%j is none', (text) => expect(parseTime(text, words)).toBeUndefined());

  it('drops a time of day that cannot be, and keeps the day', () =>
    expect(parseTime('2025-05-14T29:71:00', words)).toBe('2025-05-14'));

  it('takes the month first only where it is told so, and only where it can be', () => {
    expect(parseTime('03/04/2025', words)).toBe('2025-04-03');
    expect(parseTime('03/04/2025', words, 'month-first')).toBe('2025-03-04');
    expect(parseTime('13/04/2025', words, 'month-first')).toBe('2025-04-13');
    expect(parseTime('04/13/2025', words)).toBe('2025-04-13');
    expect(parseTime('03.04.2025', words, 'month-first')).toBe('2025-04-03');
  });
});

describe('readTime finds the time a person would read in a line', () => {
  it.each([
    ['Published 3 March 2024, 14:05', '2024-03-03T14:05'],
    ['March 3, 2024 2:05 pm', '2024-03-03T14:05'],
    ['3 March 2024 at 2:05pm', '2024-03-03T14:05'],
    ['Stand: 3. März 2026, 17:45 Uhr', '2026-03-03T17:45'],
    ['14 de septiembre de 2025, 08:30', '2025-09-14T08:30'],
    ['21 января 2026, 14:30', '2026-01-21T14:30'],
    ['Publicerad 12 oktober 2025 kl. 19.05', '2025-10-12T19:05'],
    ['2026年3月6日 08:12', '2026-03-06T08:12'],
    ['입력 2026.03.11 17:22', '2026-03-11T17:22'],
    ['2026년 3월 11일', '2026-03-11'],
    ['15 กันยายน 2568', '2025-09-15'],
    ['๑๕ กันยายน ๒๕๖๘', '2025-09-15'],
    ['02.12.2025 - 14:48', '2025-12-02T14:48'],
    ['2024-03-03 14:05', '2024-03-03T14:05'],
    ['2024. március 5. 10:20', '2024-03-05T10:20'],
    ['2024 m. kovo 5 d.', '2024-03-05'],
    ['ngày 5 tháng 3 năm 2024', '2024-03-05'],
    ['05/03/2024 10:20 (GMT+7)', '2024-03-05T10:20+07:00'],
    ['令和6年3月5日', '2024-03-05'],
    ['民國113年3月5日', '2024-03-05'],
    ['۱۵ اسفند ۱۴۰۲', '2024-03-05'],
    ['۱۴۰۲/۱۲/۱۵ - ۱۰:۲۰', '2024-03-05T10:20'],
    ['٥ مارس ٢٠٢٤', '2024-03-05'],
    ['५ मार्च २०२४', '2024-03-05'],
    ['5. 3. 2024 10:20', '2024-03-05T10:20'],
  ])('%s', (line, expected) => expect(readTime(line, words)).toBe(expected));

  it.each(['Page 3 of 14', 'Room 101, 5 people', '412 applications', '17:45', 'founded in 1402', 'a'.repeat(10_000)])(
    '%j holds none',
    (line) => expect(readTime(line, words)).toBeUndefined(),
  );

  it('finds all of a line in their order', () =>
    expect(
      timesIn('Erstellt am 3. März 2024, 10:00 Uhr, aktualisiert: 5.3.2024 11:30', words).map(({ time }) => time),
    ).toEqual(['2024-03-03T10:00', '2024-03-05T11:30']));
});

describe('other calendars', () => {
  // Days of Nowruz and leap days as the calendar's own centre publishes them.
  it.each([
    [1403, 1, 1, [2024, 3, 20]],
    [1404, 1, 1, [2025, 3, 21]],
    [1399, 12, 30, [2021, 3, 20]],
    [1370, 1, 1, [1991, 3, 21]],
  ] as const)('fromPersian %i-%i-%i', (y, m, d, expected) => expect(fromPersian(y, m, d)).toEqual(expected));

  it('withPlainDigits keeps the length and everything else', () =>
    expect(withPlainDigits('a١۲३৪๕６z')).toBe('a123456z'));

  it('withCommonEra counts the first year, too', () => expect(withCommonEra('令和元年5月1日')).toBe('2019年5月1日'));
});
