import { describe, expect, it } from 'vitest';
import { monthsOf, parseTime } from '../../../src/clean/dates.ts';
import { rulesOf } from '../../../src/clean/rules.ts';
import { readTime } from '../../../src/clean/written-dates.ts';
import { loadRules } from '../../../src/core/rules.ts';

const months = monthsOf(rulesOf(loadRules().rules));

describe('parseTime brings machine-made times to ISO 8601 and invents no zone', () => {
  it.each([
    ['2025-05-14T20:28:12+03:00', '2025-05-14T20:28:12+03:00'],
    ['2025-05-14 20:28:12.467+0300', '2025-05-14T20:28:12.467+03:00'],
    ['2025-05-14T20:28:12Z', '2025-05-14T20:28:12Z'],
    ['2025-05-14T20:28', '2025-05-14T20:28'],
    ['2025-05-14 20:28 UTC', '2025-05-14T20:28Z'],
    ['20250514T202812Z', '2025-05-14T20:28:12Z'],
    ['2025-05-14', '2025-05-14'],
    ['Wed, 14 May 2025 20:28:12 +0300', '2025-05-14T20:28:12+03:00'],
    ['May 14, 2025 8:28 PM', '2025-05-14T20:28'],
    ['May 14, 2025 at 12:05 a.m.', '2025-05-14T00:05'],
    ['14.05.2025 20:28', '2025-05-14T20:28'],
    ['1747243692', '2025-05-14T17:28:12.000Z'],
    ['1747243692000', '2025-05-14T17:28:12.000Z'],
  ])('%s', (text, expected) => expect(parseTime(text, months)).toBe(expected));

  it.each(['', 'yesterday', '2025-13-40', '99.99.2025', '14 Foo 2025', '{{date}}', '2025'])('%j is none', (text) =>
    expect(parseTime(text, months)).toBeUndefined(),
  );

  it('drops a time of day that cannot be, and keeps the day', () =>
    expect(parseTime('2025-05-14T29:71:00', months)).toBe('2025-05-14'));
});

describe('readTime finds the time a person would read in a line', () => {
  it.each([
    ['Published 3 March 2024, 14:05', '2024-03-03T14:05'],
    ['March 3, 2024 2:05 pm', '2024-03-03T14:05'],
    ['Stand: 3. März 2026, 17:45 Uhr', '2026-03-03T17:45'],
    ['14 de septiembre de 2025, 08:30', '2025-09-14T08:30'],
    ['21 января 2026, 14:30', '2026-01-21T14:30'],
    ['Publicerad 12 oktober 2025 kl. 19.05', '2025-10-12T19:05'],
    ['2026年3月6日 08:12', '2026-03-06T08:12'],
    ['입력 2026.03.11 17:22', '2026-03-11T17:22'],
    ['2026년 3월 11일', '2026-03-11'],
    ['15 กันยายน 2568', '2025-09-15'],
    ['02.12.2025 - 14:48', '2025-12-02T14:48'],
    ['2024-03-03 14:05', '2024-03-03T14:05'],
  ])('%s', (line, expected) => expect(readTime(line, months)).toBe(expected));

  it.each(['Page 3 of 14', 'Room 101, 5 people', '412 applications', '17:45'])('%j holds none', (line) =>
    expect(readTime(line, months)).toBeUndefined(),
  );
});
