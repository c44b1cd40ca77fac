/** Publishers' times, brought to ISO 8601 as far as they go: an offset is kept, and where none was given none is invented. */
import { gregorianYear, withPlainDigits } from './calendars.ts';
import type { Rules } from './rules.ts';

/** What the rules know of dates in words. */
export interface DateWords {
  /** Numbers of months, 1 to 12, by their names in lower case, of all languages. */
  readonly months: ReadonlyMap<string, number>;
  readonly persianMonths: ReadonlyMap<string, number>;
}
const compiled = new WeakMap<Rules, DateWords>();

const pairsOf = (pairs: readonly string[] | undefined): ReadonlyMap<string, number> =>
  new Map(
    (pairs ?? []).map((pair) => pair.split('=')).map(([name = '', number]) => [name.toLowerCase(), Number(number)]),
  );

export function monthsOf(rules: Rules): DateWords {
  let words = compiled.get(rules);
  if (!words) {
    words = { months: pairsOf(rules.words['monthNames']), persianMonths: pairsOf(rules.words['persianMonthNames']) };
    compiled.set(rules, words);
  }
  return words;
}
const NO_WORDS: DateWords = { months: new Map(), persianMonths: new Map() };

const pad = (n: number): string => String(n).padStart(2, '0');
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isDay = (y: number, m: number, d: number): boolean =>
  y >= 1900 && y <= 2200 && m >= 1 && m <= 12 && d >= 1 && d <= (DAYS[m - 1] as number);

/** As a machine writes it, with fractions cut to three digits by nobody: they are kept. */
const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?:\s*\[[^\]]*\])?)?$/i;
const ZONE = String.raw`(?:GMT|UTC)?[+-]\d\d:?\d\d|Z|UTC|GMT|[ECMP][SD]T`;
const CLOCK = String.raw`(?:[\sT,]+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap]\.?m\.?)?\s*(${ZONE})?)?`;
const RFC = new RegExp(String.raw`^(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]([a-z]{3,9})\.?,?[\s-](\d{4})${CLOCK}`, 'i');
const RFC_US = new RegExp(
  String.raw`^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${CLOCK}`,
  'i',
);
const NUMERIC = new RegExp(String.raw`^(\d{1,2})([./-])(\d{1,2})\2(\d{4})${CLOCK.replace(':(', '[:.](')}`, 'i');
const SLASHED = new RegExp(String.raw`^(\d{4})[./](\d{1,2})[./](\d{1,2})${CLOCK}`, 'i');
const EPOCH = /^1\d{9}(?:\d{3})?$/;
const ENGLISH_MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
/** RFC 822 section 5: the zones that mail and feeds name by letters. */
const NAMED_ZONES: Readonly<Record<string, string>> = {
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
};

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || zone === '') return '';
  const lower = zone.toLowerCase();
  const offset = lower.replace(/^(?:gmt|utc)(?=[+-])/, '');
  if (/^(?:z|utc|gmt)$/.test(offset)) return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return NAMED_ZONES[lower] ?? `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** Hour and minute, with the second and what else was given of it. */
export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  readonly second?: string | undefined;
  readonly fraction?: string | undefined;
  readonly zone?: string | undefined;
}

/** The hour of a clock of twelve hours. */
export const hourOf = (hour: string, half: string | undefined): number =>
  half === undefined || half === '' ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);

/** Day and time in ISO 8601; the day alone where the time cannot be, undefined where the day cannot. */
export function spelled(year: number, month: number, day: number, clock?: ClockTime): string | undefined {
  const y = gregorianYear(year);
  if (!isDay(y, month, day)) return undefined;
  const date = `${y}-${pad(month)}-${pad(day)}`;
  if (!clock || clock.hour > 23 || clock.minute > 59) return date;
  const { hour, minute, second, fraction, zone } = clock;
  return `${date}T${pad(hour)}:${pad(minute)}${second === undefined ? '' : `:${second}`}${fraction === undefined ? '' : `.${fraction}`}${zoneOf(zone)}`;
}

/** Number of a month by its name, 1 to 12; 0 for what is none. */
export function monthOf(name: string, { months }: DateWords): number {
  const lower = name.toLowerCase();
  return months.get(lower) ?? months.get(lower.replace(/\.$/, '')) ?? ENGLISH_MONTHS.indexOf(lower.slice(0, 3)) + 1;
}

const clockOf = (
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  half: string | undefined,
  zone: string | undefined,
): ClockTime | undefined =>
  hour === undefined ? undefined : { hour: hourOf(hour, half), minute: Number(minute), second, zone };

/** Which number of `03/04/2024` is the day. */
export type DayOrder = 'day-first' | 'month-first';

/** Day and month of two numbers, by their size where that tells, else by `order`. */
export function dayAndMonth(first: number, second: number, order: DayOrder): readonly [day: number, month: number] {
  const isMonthFirst = second > 12 || (order === 'month-first' && first <= 12);
  return isMonthFirst ? [second, first] : [first, second];
}

/**
 * A machine-made time such as `2025-05-14 20:28:12+0300`; undefined where it is none. Of `05/04/2024` the day comes
 * first unless `order` says otherwise or it cannot.
 */
export function parseTime(
  text: string,
  words: DateWords = NO_WORDS,
  order: DayOrder = 'day-first',
): string | undefined {
  if (text.length > 80) return undefined;
  const value = withPlainDigits(text.trim());
  const iso = ISO.exec(value);
  if (iso) {
    const [, y, m, d, hour, minute, second, fraction, zone] = iso;
    const clock =
      hour === undefined ? undefined : { hour: Number(hour), minute: Number(minute), second, fraction, zone };
    return spelled(Number(y), Number(m), Number(d), clock);
  }
  if (EPOCH.test(value)) return new Date(Number(value) * (value.length === 10 ? 1000 : 1)).toISOString();
  const rfc = RFC.exec(value);
  if (rfc) {
    const [, d, month = '', y, ...clock] = rfc;
    return spelled(
      Number(y),
      monthOf(month, words),
      Number(d),
      clockOf(clock[0], clock[1], clock[2], clock[3], clock[4]),
    );
  }
  const us = RFC_US.exec(value);
  if (us) {
    const [, month = '', d, y, ...clock] = us;
    return spelled(
      Number(y),
      monthOf(month, words),
      Number(d),
      clockOf(clock[0], clock[1], clock[2], clock[3], clock[4]),
    );
  }
  const slashed = SLASHED.exec(value);
  if (slashed) {
    const [, y, m, d, ...clock] = slashed;
    return spelled(Number(y), Number(m), Number(d), clockOf(clock[0], clock[1], clock[2], clock[3], clock[4]));
  }
  const numeric = NUMERIC.exec(value);
  if (numeric) {
    const [, first, separator, second, y, ...clock] = numeric;
    const [d, m] = dayAndMonth(Number(first), Number(second), separator === '/' ? order : 'day-first');
    return spelled(Number(y), m, d, clockOf(clock[0], clock[1], clock[2], clock[3], clock[4]));
  }
  return undefined;
}
