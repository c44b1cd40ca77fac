/** Publishers' times, brought to ISO 8601 as far as they go: an offset is kept, and where none was given none is invented. */

import type { Rules } from './rules.ts';

const compiledMonths = new WeakMap<Rules, ReadonlyMap<string, number>>();

/** Numbers of months by their names in lower case, of all languages the rules list. */
export function monthsOf(rules: Rules): ReadonlyMap<string, number> {
  let months = compiledMonths.get(rules);
  if (!months) {
    months = new Map(
      (rules.words['monthNames'] ?? [])
        .map((pair) => pair.split('='))
        .map(([name = '', number]) => [name.toLowerCase(), Number(number)]),
    );
    compiledMonths.set(rules, months);
  }
  return months;
}

const pad = (n: number): string => String(n).padStart(2, '0');
const isDay = (y: number, m: number, d: number): boolean =>
  y >= 1900 && y <= 2200 && m >= 1 && m <= 12 && d >= 1 && d <= 31;

const ISO =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;
const RFC =
  /^(?:[a-z]{3,9},?\s+)?(\d{1,2})[\s-]([a-z]{3,9})\.?,?[\s-](\d{4})(?:[\sT,]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?/i;
const RFC_US =
  /^(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?:[\sT,]+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap]\.?m\.?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?/i;
const EUROPEAN = /^(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[\sT,–-]+(\d{1,2})[:.](\d\d)(?::(\d\d))?)?/;
const EPOCH = /^1\d{9}(?:\d{3})?$/;
const ENGLISH_MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

const zoneOf = (zone: string | undefined): string => {
  if (zone === undefined || zone === '') return '';
  if (/^(?:z|utc|gmt)$/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
};

function spelled(
  day: [y: number, m: number, d: number],
  time?: [h: number, min: number, s?: string | undefined],
  fraction?: string,
  zone?: string,
): string | undefined {
  const [year, m, d] = day;
  // Thai pages count the years of the Buddhist era.
  const y = year > 2400 && year < 2700 ? year - 543 : year;
  if (!isDay(y, m, d)) return undefined;
  const date = `${y}-${pad(m)}-${pad(d)}`;
  if (!time) return date;
  const [h, min, s] = time;
  if (h > 23 || min > 59) return date;
  return `${date}T${pad(h)}:${pad(min)}${s === undefined ? '' : `:${s}`}${fraction === undefined ? '' : `.${fraction}`}${zoneOf(zone)}`;
}

/** Number of a month by its name, 1 to 12; `months` are `name=number` pairs of many languages. */
function monthOf(name: string, months: ReadonlyMap<string, number>): number {
  const lower = name.toLowerCase();
  const english = ENGLISH_MONTHS.indexOf(lower.slice(0, 3));
  return months.get(lower) ?? english + 1;
}

/** A machine-made time such as `2025-05-14 20:28:12+0300`; undefined where it is none. */
export function parseTime(text: string, months: ReadonlyMap<string, number> = new Map()): string | undefined {
  const value = text.trim();
  const iso = ISO.exec(value);
  if (iso) {
    const [, y, m, d, h, min, s, fraction, zone] = iso;
    return spelled(
      [Number(y), Number(m), Number(d)],
      h === undefined ? undefined : [Number(h), Number(min), s],
      fraction,
      zone,
    );
  }
  if (EPOCH.test(value)) return new Date(Number(value) * (value.length === 10 ? 1000 : 1)).toISOString();
  const rfc = RFC.exec(value);
  if (rfc) {
    const [, d, month = '', y, h, min, s, zone] = rfc;
    return spelled(
      [Number(y), monthOf(month, months), Number(d)],
      h === undefined ? undefined : [Number(h), Number(min), s],
      undefined,
      zone,
    );
  }
  const us = RFC_US.exec(value);
  if (us) {
    const [, month = '', d, y, h, min, s, half, zone] = us;
    const hour = h === undefined ? 0 : (Number(h) % (half ? 12 : 24)) + (/^p/i.test(half ?? '') ? 12 : 0);
    return spelled(
      [Number(y), monthOf(month, months), Number(d)],
      h === undefined ? undefined : [hour, Number(min), s],
      undefined,
      zone,
    );
  }
  const european = EUROPEAN.exec(value);
  if (european) {
    const [, d, m, y, h, min, s] = european;
    return spelled([Number(y), Number(m), Number(d)], h === undefined ? undefined : [Number(h), Number(min), s]);
  }
  return undefined;
}

const CJK =
  /(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일](?:[^\d]{0,8}(\d{1,2})\s*[時时시:](?:\s*(\d{1,2}))?)?/;
const DAY_MONTH_YEAR =
  /(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s*(?:de\s+|of\s+)?(\p{L}[\p{L}\p{M}.]{2,14}?)\.?,?\s*(?:de\s+|del\s+)?(\d{4})(?:[^\d]{1,12}(\d{1,2})[:.h]\s?(\d\d))?/u;
const MONTH_DAY_YEAR =
  /(\p{L}[\p{L}\p{M}.]{2,14}?)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[^\d]{1,12}(\d{1,2}):(\d\d)\s*([ap]\.?m\.?)?)?/iu;
const NUMERIC = /(?:^|\D)(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[^\d]{1,8}(\d{1,2})[:.](\d\d))?/;
const YEAR_FIRST = /(?:^|\D)((?:19|20)\d\d)[./](\d{1,2})[./](\d{1,2})(?:[^\d]{1,8}(\d{1,2})[:.](\d\d))?/;
const ISO_WITHIN = /\d{4}-\d\d-\d\d(?:[T\s]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?/;

/** The first time a person would read in a line such as `Published 3 March 2024, 14:05`; undefined where there is none. */
export function readTime(text: string, months: ReadonlyMap<string, number>): string | undefined {
  const iso = ISO_WITHIN.exec(text);
  if (iso) return parseTime(iso[0], months);
  const cjk = CJK.exec(text);
  if (cjk)
    return spelled(
      [Number(cjk[1]), Number(cjk[2]), Number(cjk[3])],
      cjk[4] === undefined ? undefined : [Number(cjk[4]), Number(cjk[5] ?? 0)],
    );
  const worded = DAY_MONTH_YEAR.exec(text);
  if (worded) {
    const month = monthOf(worded[2] as string, months);
    if (month > 0)
      return spelled(
        [Number(worded[3]), month, Number(worded[1])],
        worded[4] === undefined ? undefined : [Number(worded[4]), Number(worded[5])],
      );
  }
  const us = MONTH_DAY_YEAR.exec(text);
  if (us && monthOf(us[1] as string, months) > 0) {
    const hour = us[4] === undefined ? 0 : (Number(us[4]) % (us[6] ? 12 : 24)) + (/^p/i.test(us[6] ?? '') ? 12 : 0);
    return spelled(
      [Number(us[3]), monthOf(us[1] as string, months), Number(us[2])],
      us[4] === undefined ? undefined : [hour, Number(us[5])],
    );
  }
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst)
    return spelled(
      [Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3])],
      yearFirst[4] === undefined ? undefined : [Number(yearFirst[4]), Number(yearFirst[5])],
    );
  const numeric = NUMERIC.exec(text);
  if (numeric)
    return spelled(
      [Number(numeric[3]), Number(numeric[2]), Number(numeric[1])],
      numeric[4] === undefined ? undefined : [Number(numeric[4]), Number(numeric[5])],
    );
  return undefined;
}
