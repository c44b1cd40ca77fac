/**
 * Times as feeds and sitemaps claim them, brought to ISO 8601: RFC 3339 and W3C-DTF (sitemaps, Atom), RFC 822 (RSS), and what
 * programs write in their place. An offset is kept, and none is invented where none was given.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 822 §5.1. Its military letters are left out: RFC 2822 §4.3 says that they were used both ways round. */
const ZONES: Readonly<Record<string, string>> = {
  z: 'Z',
  ut: 'Z',
  utc: 'Z',
  gmt: 'Z',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  mst: '-07:00',
  mdt: '-06:00',
  pst: '-08:00',
  pdt: '-07:00',
};
const MAX_CHARS = 80;

const CLOCK = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?`;
const ZONE = String.raw`\s*(?:(?:GMT|UTC?)?([+-]\d\d):?(\d\d)?|([a-z]{1,4}))?(?:\s*\([^)]*\))?`;
const NUMBERS = new RegExp(String.raw`^(\d{4})(?:([-/.]?)(\d\d)(?:\2(\d\d)(?:(?:[t\s]\s*)${CLOCK}${ZONE})?)?)?$`, 'i');
/** `Tue, 03 Mar 2026 10:00:00 +0100` */
const DAY_FIRST = new RegExp(
  String.raw`^(?:\p{L}{2,9}\.?,?\s+)?(\d{1,2})[\s-]+(\p{L}{3,9})\.?[\s-]+(\d{4}|\d\d),?(?:\s+${CLOCK}${ZONE})?$`,
  'iu',
);
/** `Tue Mar 03 10:00:00 2026` and `Tue Mar 03 2026 10:00:00 GMT+0100 (CET)` */
const MONTH_FIRST = new RegExp(
  String.raw`^(?:\p{L}{2,9},?\s+)?(\p{L}{3,9})\.?\s+(\d{1,2}),?\s+(?:(\d{4}),?(?:\s+${CLOCK}${ZONE})?|${CLOCK}${ZONE}\s+(\d{4}))$`,
  'iu',
);

const two = (text: string): string => text.padStart(2, '0');

type Parts = readonly (string | undefined)[];

/** Hours to zone, in the order of `CLOCK` and `ZONE`; '' where there is no clock, null where it shows no time. */
function clockOf([hours, minutes, seconds, fraction, offset, offsetMinutes, name]: Parts): string | null {
  if (hours === undefined || minutes === undefined) return '';
  if (Number(hours) > 24 || Number(minutes) > 59 || Number(seconds ?? 0) > 60) return null;
  const shown = `T${two(hours)}:${minutes}${seconds === undefined ? '' : `:${seconds}`}${fraction === undefined ? '' : `.${fraction}`}`;
  if (offset !== undefined) return `${shown}${offset}:${offsetMinutes ?? '00'}`;
  return shown + (name === undefined ? '' : (ZONES[name.toLowerCase()] ?? ''));
}

function dayOf(year: string, month: number, day: string): string | null {
  // RFC 2822 §4.3: two digits below 50 are of this century.
  const full = year.length === 2 ? `${Number(year) < 50 ? '20' : '19'}${year}` : year;
  return isDay(Number(full), month, Number(day)) ? `${full}-${two(String(month))}-${two(day)}` : null;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= (DAYS[month - 1] ?? 0) && !(month === 2 && day === 29 && !isLeap(year));

const joined = (day: string | null, clock: string | null): string | null =>
  day === null || clock === null ? null : day + clock;

function isoOf(text: string): string | null {
  const numbers = NUMBERS.exec(text);
  if (numbers) {
    const [, year = '', separator, month, day] = numbers;
    if (month === undefined) return year;
    // 202603 could be anything.
    if (day === undefined)
      return separator !== '' && Number(month) >= 1 && Number(month) <= 12 ? `${year}-${month}` : null;
    return joined(dayOf(year, Number(month), day), clockOf(numbers.slice(5)));
  }
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst) {
    const [, day = '', name = '', year = ''] = dayFirst;
    return joined(dayOf(year, monthOf(name), day), clockOf(dayFirst.slice(4)));
  }
  const monthFirst = MONTH_FIRST.exec(text);
  if (!monthFirst) return null;
  const [, name = '', day = '', year] = monthFirst;
  const clock = year === undefined ? monthFirst.slice(11, 18) : monthFirst.slice(4, 11);
  return joined(dayOf(year ?? monthFirst[18] ?? '', monthOf(name), day), clockOf(clock));
}

/** 1 to 12; 0 for what names no month in English. */
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** A claimed time in ISO 8601 as far as it goes; what cannot be read stays as it was claimed, on one line and not endless. */
export function claimedDate(claimed: string | undefined): string | undefined {
  if (claimed === undefined) return undefined;
  const text = claimed
    .slice(0, MAX_CHARS * 2)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_CHARS);
  return text === '' ? undefined : (isoOf(text) ?? text);
}
