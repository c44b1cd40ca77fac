/** The publisher's own id of an article, guessed from the addresses of several. */
import { canonicalUrl } from '../core/url.ts';

/** Fewer addresses prove nothing. */
const MIN_URLS = 4;
/** Of a hundred addresses so many must have the number, and so many of the numbers must differ. */
const MIN_PER_CENT = 90;

const areMost = (count: number, of: number): boolean => count * 100 >= of * MIN_PER_CENT;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A place of a number in an address, as a pattern, and the number there. */
interface Place {
  readonly pattern: string;
  readonly id: string;
}

/** 20260314 is no id; a number of seconds since 1970 is one. */
const isDay = (digits: string): boolean => /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);

function placesIn(url: string): Place[] {
  const places: Place[] = [];
  const rest = new URL(url).pathname + new URL(url).search;
  for (const match of rest.matchAll(/\d{5,20}/g)) {
    const id = match[0];
    const before = rest.slice(0, match.index);
    const after = rest.slice(match.index + id.length);
    const left = /[?&][\w-]{1,30}=[a-z]{0,3}$|[/,._~-][a-z]{0,4}$|[a-z]$/i.exec(before)?.[0];
    const right = /^(?:\.[a-z]{2,6})?$|^[/,._~&?-]/i.exec(after)?.[0];
    if (left === undefined || right === undefined || isDay(id)) continue;
    const from = /^[?&]/.test(left) ? `[?&]${escaped(left.slice(1))}` : escaped(left);
    const isEnd = after === right;
    places.push({ pattern: `${from}(\\d{5,})${right === '&' ? '(?:&|$)' : escaped(right) + (isEnd ? '$' : '')}`, id });
  }
  return places;
}

function plain(url: string): string | null {
  try {
    return canonicalUrl(url);
  } catch {
    return null;
  }
}

/**
 * A regular expression over the canonical address whose group is the id, where nearly all of the addresses have a number of five
 * digits or more at the same place, and nearly all of these differ; undefined where it is not obvious.
 */
export function guessArticleId(urls: readonly string[]): string | undefined {
  const names = [...new Set(urls.map(plain).filter((url) => url !== null))];
  if (names.length < MIN_URLS) return undefined;
  const ids = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const name of names) {
    const inName = new Map(placesIn(name).map(({ pattern, id }) => [pattern, id]));
    for (const [pattern, id] of inName) {
      counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
      ids.set(pattern, (ids.get(pattern) ?? new Set()).add(id));
    }
  }
  const telling = [...counts].filter(
    ([pattern, count]) => areMost(count, names.length) && areMost(ids.get(pattern)?.size ?? 0, count),
  );
  // The last place is the article's where a section has a number too.
  return telling.toSorted(([a, m], [b, n]) => n - m || Number(b.endsWith('$')) - Number(a.endsWith('$')))[0]?.[0];
}
