/** Dates as they are written for people: in lines such as `Published 3 March 2024, 14:05`. */
import { fromPersian, withCommonEra, withPlainDigits } from './calendars.ts';
import {
  dayAndMonth,
  hourOf,
  monthOf,
  parseTime,
  spelled,
  type ClockTime,
  type DateWords,
  type DayOrder,
} from './dates.ts';

/** A date found in a line, and where in it; offsets count in the line with digits and eras made plain. */
export interface WrittenTime {
  readonly time: string;
  readonly from: number;
  readonly to: number;
}

const NAME = String.raw`(\p{L}[\p{L}\p{M}.]{1,14}?)`;
const HALF = String.raw`(?:\s*([ap]\.?m\b\.?))?`;
const OFFSET = String.raw`(?:[\s(]{1,2}(?:GMT|UTC)\s?([+-]\d{1,2}(?::?\d\d)?)?\b)?`;
/** Hour and minute, a few characters behind the day. */
const CLOCK = String.raw`(?:[^\d]{1,12}(\d{1,2})[:.h]\s?(\d\d)(?::(\d\d))?(?!\d)${HALF}${OFFSET})?`;

const ISO = /\d{4}-\d\d-\d\d(?:[T\s]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?/g;
const CJK =
  /(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일](?:[^\d]{0,8}(\d{1,2})\s*[時时시点:](?:\s*(\d{1,2}))?)?/g;
const DAY_MONTH_YEAR = new RegExp(
  String.raw`(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s*(?:de\s+|of\s+|ta’\s+|tháng\s+)?${NAME}\.?,?\s*(?:de\s+|del\s+|năm\s+)?(\d{4})(?!\d)${CLOCK}`,
  'giu',
);
const MONTH_DAY_YEAR = new RegExp(String.raw`${NAME}\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)${CLOCK}`, 'giu');
/** As Hungarian and Lithuanian put it: `2024. március 5.` */
const YEAR_MONTH_DAY = new RegExp(
  String.raw`(?<!\d)((?:19|20)\d\d)\.?\s+(?:m\.\s+|gada\s+|жылғы\s+)?${NAME}\s+(?:mėn\.\s+)?(\d{1,2})(?!\d)(?:\s?d\.)?${CLOCK}`,
  'giu',
);
const VIETNAMESE = /(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s+năm)?\s+(\d{4})(?!\d)/giu;
const NUMERIC = new RegExp(String.raw`(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)${CLOCK}`, 'gi');
const SPACED = new RegExp(String.raw`(?<!\d)(\d{1,2})\.\s(\d{1,2})\.\s(\d{4})(?!\d)${CLOCK}`, 'gi');
const YEAR_FIRST = new RegExp(String.raw`(?<!\d)((?:19|20)\d\d)([./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)${CLOCK}`, 'gi');
const PERSIAN = new RegExp(String.raw`(?<!\d)(1[34]\d\d)([/-])(\d{1,2})\2(\d{1,2})(?!\d)${CLOCK}`, 'gi');

type Found = readonly (string | undefined)[];

/** The clock that begins at group `at` of a match: hour, minute, second, half of the day, offset. */
function clockFrom(found: Found, at: number): ClockTime | undefined {
  const [hour, minute, second, half, offset] = found.slice(at);
  if (hour === undefined) return undefined;
  const sign = offset?.[0] ?? '+';
  const [hours = '', minutes = '00'] = (offset ?? '').slice(1).split(':');
  const zone = offset === undefined ? undefined : `${sign}${hours.slice(0, 2).padStart(2, '0')}:${minutes}`;
  return { hour: hourOf(hour, half), minute: Number(minute ?? 0), second, zone };
}

const inWords = (year: number, name: string, day: number, clock: ClockTime | undefined, words: DateWords) => {
  const persian = words.persianMonths.get(name.toLowerCase());
  if (persian !== undefined && year > 1300 && year < 1500) {
    const [y, m, d] = fromPersian(year, persian, day);
    return spelled(y, m, d, clock);
  }
  return spelled(year, monthOf(name, words), day, clock);
};

interface Pattern {
  readonly pattern: RegExp;
  readonly read: (found: Found, words: DateWords, order: DayOrder) => string | undefined;
}
const n = Number;
const PATTERNS: readonly Pattern[] = [
  { pattern: ISO, read: ([all = ''], words) => parseTime(all, words) },
  {
    pattern: CJK,
    read: ([, y, m, d, hour, minute]) =>
      spelled(n(y), n(m), n(d), hour === undefined ? undefined : { hour: n(hour), minute: n(minute ?? 0) }),
  },
  { pattern: VIETNAMESE, read: ([, d, m, y]) => spelled(n(y), n(m), n(d)) },
  { pattern: DAY_MONTH_YEAR, read: (f, words) => inWords(n(f[3]), f[2] ?? '', n(f[1]), clockFrom(f, 4), words) },
  { pattern: MONTH_DAY_YEAR, read: (f, words) => inWords(n(f[3]), f[1] ?? '', n(f[2]), clockFrom(f, 4), words) },
  { pattern: YEAR_MONTH_DAY, read: (f, words) => inWords(n(f[1]), f[2] ?? '', n(f[3]), clockFrom(f, 4), words) },
  { pattern: YEAR_FIRST, read: (f) => spelled(n(f[1]), n(f[3]), n(f[4]), clockFrom(f, 5)) },
  {
    pattern: NUMERIC,
    read: (f, _, order) => {
      const [d, m] = dayAndMonth(n(f[1]), n(f[3]), f[2] === '/' ? order : 'day-first');
      return spelled(n(f[4]), m, d, clockFrom(f, 5));
    },
  },
  { pattern: SPACED, read: (f) => spelled(n(f[3]), n(f[2]), n(f[1]), clockFrom(f, 4)) },
  {
    pattern: PERSIAN,
    read: (f) => {
      const [y, m, d] = fromPersian(n(f[1]), n(f[3]), n(f[4]));
      return n(f[3]) <= 12 && n(f[4]) <= 31 ? spelled(y, m, d, clockFrom(f, 5)) : undefined;
    },
  },
];
const MAX_LINE_CHARS = 600;

/** All dates of a line, in order. */
export function timesIn(text: string, words: DateWords, order: DayOrder = 'day-first'): WrittenTime[] {
  const line = withCommonEra(withPlainDigits(text.slice(0, MAX_LINE_CHARS)));
  if (!/\d{4}/.test(line)) return [];
  const found: WrittenTime[] = [];
  for (const { pattern, read } of PATTERNS) {
    for (const match of line.matchAll(pattern)) {
      const from = match.index;
      const to = from + match[0].length;
      if (found.some((other) => from < other.to && other.from < to)) continue;
      const time = read(match, words, order);
      if (time !== undefined) found.push({ time, from, to });
    }
  }
  return found.toSorted((a, b) => a.from - b.from);
}

/** The first time a person would read in a line; undefined where there is none. */
export const readTime = (text: string, words: DateWords, order: DayOrder = 'day-first'): string | undefined =>
  timesIn(text, words, order)[0]?.time;
