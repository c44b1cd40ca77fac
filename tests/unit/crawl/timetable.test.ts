import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../src/crawl/timetable.ts';
import { TearsheetError } from '../../../src/core/errors.ts';

const at = (text: string): number => Date.parse(text);
const next = (schedule: string, after: string): string =>
  new Date(new Schedule(schedule, 'daily').next(at(after))).toISOString();

describe('Schedule', () => {
  it.each([
    ['*/15 * * * *', '2026-03-03T08:00:00Z', '2026-03-03T08:15:00.000Z'],
    ['*/15 * * * *', '2026-03-03T08:14:59.999Z', '2026-03-03T08:15:00.000Z'],
    ['0 6 * * *', '2026-03-03T08:00:00Z', '2026-03-04T06:00:00.000Z'],
    ['0 6 * * * Europe/Berlin', '2026-03-03T08:00:00Z', '2026-03-04T05:00:00.000Z'],
    ['0 6 * * * Europe/Berlin', '2026-07-03T08:00:00Z', '2026-07-04T04:00:00.000Z'],
    ['0 9 * * 1 Asia/Kolkata', '2026-03-03T08:00:00Z', '2026-03-09T03:30:00.000Z'],
    ['30 2 1 1 * America/New_York', '2026-03-03T08:00:00Z', '2027-01-01T07:30:00.000Z'],
  ])('%s after %s is %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it('finds a time on the night when clocks go forward, and one when they go back', () => {
    // 02:30 of 29 March is not there in Berlin; on 25 October it is there twice.
    expect(next('30 2 * * * Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(next('30 2 * * * Europe/Berlin', '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * * Europe/Berlin', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  it.each(['* * * *', '61 * * * *', 'every day', '* * * * * Mars/Phobos', '0 0 31 2 *', '* * * * * Europe/Berlin x'])(
    'refuses %s and names whose it is',
    (text) => {
      const make = () => new Schedule(text, 'source daily');
      expect(make).toThrow(TearsheetError);
      expect(make).toThrow(/^source daily: expected five fields of cron and a time zone.*correct the schedule$/);
    },
  );
});
