/** When the article was published and changed: of all times that its page states, the one to be believed, as exactly as any states it. */
import type { Reading } from '../core/schema.ts';
import { linkedString, type Claims } from './claims.ts';
import { monthsOf, parseTime, type DateWords, type DayOrder } from './dates.ts';
import { metaValues } from './meta-names.ts';
import { plain, type Rules } from './rules.ts';
import { readTime, timesIn } from './written-dates.ts';

type Origin = Reading['foundIn'][string];
export interface TimeClaim {
  readonly time: string;
  readonly from: Origin;
}
/** Lines of the page that may hold its date, the most likely first. */
export interface DatedLines {
  /** Labelled as dateline or byline. */
  readonly lines: readonly string[];
  /** Other short lines by the headline. */
  readonly near: readonly string[];
}

const LOCAL_CHARS = 'YYYY-MM-DDThh:mm'.length;
const dayOf = (time: string): string => time.slice(0, 10);
const isTimed = (time: string): boolean => time.length > 10;
const ZONE = /(?:Z|[+-]\d\d:\d\d)$/;
const isZoned = (time: string): boolean => isTimed(time) && ZONE.test(time);
const instantOf = (time: string): number | undefined => (isZoned(time) ? Date.parse(time) : undefined);
/** Zoned times are exact, others nearly; 14 hours are the most that a zone can move a clock. */
const MAX_OFFSET_MS = 14 * 3_600_000;
const roughly = (time: string): number =>
  instantOf(time) ?? Date.parse(isTimed(time) ? `${time.slice(0, 19)}Z` : `${time.slice(0, 10)}T00:00:00Z`);
/** What content systems fill in where they know no time. */
const isReal = (time: string): boolean => !/^(?:19[0-8]\d|1970|0\d{3})/.test(time) && !Number.isNaN(roughly(time));

/** Countries of English that write the month second. */
const DAY_FIRST_ENGLISH = /^en-(?!us|ph)[a-z]{2}$/i;
const DAY_FIRST_HOST = /\.(?:uk|au|nz|ie|in|za|ng|ke|pk|lk|sg|my|hk|eu|de|fr|it|es|nl|ch|at)$/;
/** Whether 03/04/2024 is the third or the fourth: American English alone puts the month first. */
function dayOrderOf(language: string, url: string): DayOrder {
  if (!/^(?:en|fil)\b/i.test(language) || DAY_FIRST_ENGLISH.test(language)) return 'day-first';
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return language.toLowerCase() === 'en-us' || !DAY_FIRST_HOST.test(host) ? 'month-first' : 'day-first';
}

const compiledChanges = new WeakMap<Rules, readonly string[]>();
function changeWordsOf(rules: Rules): readonly string[] {
  let words = compiledChanges.get(rules);
  if (!words) compiledChanges.set(rules, (words = (rules.words['modifiedWords'] ?? []).map(plain)));
  return words;
}

/** Reads the times of one page. */
export class MomentReader {
  readonly #claims: Claims;
  readonly #url: string;
  readonly #rules: Rules;
  readonly #words: DateWords;
  readonly #order: DayOrder;
  readonly #shown: readonly { readonly time: string; readonly isChange: boolean }[];

  constructor(claims: Claims, url: string, language: string, { lines, near }: DatedLines, rules: Rules) {
    this.#claims = claims;
    this.#url = url;
    this.#rules = rules;
    this.#words = monthsOf(rules);
    this.#order = dayOrderOf(language, url);
    const changes = changeWordsOf(rules);
    const read = (texts: readonly string[]) => texts.flatMap((text) => this.#timesOf(text, changes));
    const labelled = read(lines);
    this.#shown = labelled.some(({ isChange }) => !isChange) ? labelled : [...labelled, ...read(near)];
  }

  /** The times of a line, each with whether the words before it say that it is of a change. */
  #timesOf(text: string, changes: readonly string[]): { time: string; isChange: boolean }[] {
    let from = 0;
    return timesIn(text, this.#words, this.#order).map((found) => {
      const before = plain(text.slice(from, found.from));
      from = found.to;
      return { time: found.time, isChange: changes.some((word) => before.includes(word)) };
    });
  }

  published(): TimeClaim[] {
    const claims = this.#claims;
    const { article, times } = claims;
    const marked = claims.meta.get('itemprop:datepublished') ?? claims.meta.get('itemprop:datecreated') ?? [];
    const shown = this.#shown.filter(({ isChange }) => !isChange);
    const all = [
      this.#claim('json-ld', linkedString(claims, 'datePublished')),
      ...metaValues(claims, this.#rules.words['publishedTags'] ?? []).map(([text]) => this.#claim('meta', text)),
      this.#claim('microdata', marked[0]),
      ...this.#inTitle(),
      ...shown.slice(0, 2).map(({ time }) => ({ time, from: 'page' as const })),
      ...times.slice(0, 6).map(({ datetime, text }) => this.#claim('page', datetime ?? text)),
      this.#claim('json-ld', linkedString(claims, 'dateCreated', 'uploadDate')),
      ...(article === undefined ? [] : [this.#claim('json-ld', this.#ofPage('datePublished'))]),
      this.#claim('url', dayInUrl(this.#url)),
      ...this.#shown.filter(({ isChange }) => isChange).map(({ time }) => ({ time, from: 'page' as const })),
    ];
    return settled(
      withoutFilledIn(
        all.filter((claim) => claim !== undefined),
        linkedString(claims, 'dateModified'),
      ),
    );
  }

  /** A date at the end of the title element, where some systems put it for search engines. */
  #inTitle(): TimeClaim[] {
    const last = this.#claims.htmlTitle.split(/\s[|–—-]\s/).at(-1) ?? '';
    const time =
      last.length <= 30 && last !== this.#claims.htmlTitle ? readTime(last, this.#words, this.#order) : undefined;
    return time === undefined ? [] : [{ time, from: 'meta' }];
  }

  modified(): TimeClaim[] {
    const claims = this.#claims;
    const shown = this.#shown.filter(({ isChange }) => isChange);
    const all = [
      this.#claim('json-ld', linkedString(claims, 'dateModified')),
      ...metaValues(claims, this.#rules.words['modifiedTags'] ?? []).map(([text]) => this.#claim('meta', text)),
      this.#claim('microdata', claims.meta.get('itemprop:datemodified')?.[0]),
      ...shown.slice(0, 2).map(({ time }) => ({ time, from: 'page' as const })),
    ];
    return settled(all.filter((claim) => claim !== undefined));
  }

  #claim(from: Origin, text: string | undefined): TimeClaim | undefined {
    if (text === undefined || text === '') return undefined;
    const time =
      parseTime(text, this.#words, this.#order) ??
      (text.length <= 120 ? readTime(text, this.#words, this.#order) : undefined);
    return time !== undefined && isReal(time) ? { time, from } : undefined;
  }

  /** What JSON-LD says of the page round the article. */
  #ofPage(key: string): string | undefined {
    const page = this.#claims.objects.find((object) => typeof object[key] === 'string');
    return page && (page[key] as string);
  }
}

/**
 * A template that states the last change as the time of publishing is not believed where the page's data states an
 * earlier one: `modified` is that change.
 */
function withoutFilledIn(claims: readonly TimeClaim[], modified: string | undefined): TimeClaim[] {
  const [first, ...rest] = claims;
  if (!first || first.from !== 'json-ld' || modified === undefined) return [...claims];
  const change = parseTime(modified);
  if (change === undefined || Math.abs(roughly(change) - roughly(first.time)) >= 1_000) return [...claims];
  const earlier = rest
    .filter(
      ({ time, from }) =>
        (from === 'meta' || from === 'microdata') &&
        roughly(time) < roughly(first.time) - 60_000 &&
        dayOf(time) < dayOf(first.time),
    )
    .toSorted((a, b) => roughly(a.time) - roughly(b.time))[0];
  return earlier ? [earlier, first, ...rest.filter((claim) => claim !== earlier)] : [...claims];
}

/**
 * The claims with the best one first. What another states more exactly is taken as it states it: a zone where the local
 * times agree, a time of day where the days do, an offset where both are the same instant and one of them is in UTC.
 */
function settled(claims: readonly TimeClaim[]): TimeClaim[] {
  const [first, ...rest] = claims;
  if (!first) return [];
  const better = rest.find((other) => isMoreExact(other.time, first.time));
  const [chosen] = better ? settled([better, ...rest.filter((other) => other !== better)]) : [first];
  const best = chosen as TimeClaim;
  const others = claims.filter(({ time }) => !saysNoMore(time, best.time));
  return [best, ...others.filter(({ time }, i) => others.findIndex((other) => other.time === time) === i)];
}

function isMoreExact(time: string, than: string): boolean {
  if (!isTimed(than)) return isTimed(time) && dayOf(time) === dayOf(than);
  if (!isZoned(than)) return isZoned(time) && time.slice(0, LOCAL_CHARS) === than.slice(0, LOCAL_CHARS);
  return (
    than.endsWith('Z') &&
    isZoned(time) &&
    !time.endsWith('Z') &&
    !time.endsWith('+00:00') &&
    instantOf(time) === instantOf(than)
  );
}

/** Whether `time` is the same as `known`, or the same less exactly. */
function saysNoMore(time: string, known: string): boolean {
  if (time === known || (!isTimed(time) && dayOf(time) === dayOf(known))) return true;
  const [a, b] = [instantOf(time), instantOf(known)];
  if (a !== undefined && b !== undefined) return Math.abs(a - b) < 60_000;
  return time.slice(0, LOCAL_CHARS) === known.slice(0, LOCAL_CHARS);
}

/** Whether an article said to be changed at `modified` was so before it was published: its system filled the field in. */
export const isBefore = (modified: string, published: string): boolean =>
  roughly(modified) + (isZoned(modified) && isZoned(published) ? 0 : MAX_OFFSET_MS) + 60_000 < roughly(published);

/** A day in the address such as `/2024/03/17/`, or the minute of an id such as `A202403171432`. */
function dayInUrl(url: string): string | undefined {
  const match =
    /[/_-](20\d\d|19\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)/.exec(url) ??
    /(?<!\d)(20[0-4]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d/.exec(url);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}
