/** What an address is made of, as the rules of article or not look at it. */

export interface AddressShape {
  /** Path and query with their escapes undone, in small letters. */
  readonly path: string;
  readonly query: string;
  /** Parts of the path, without the ending of the last. */
  readonly parts: readonly string[];
  readonly last: string;
  /** Of the last part, such as `html`. */
  readonly ending: string;
  /** Words of the part that has the most: the slug, where there is one. Four characters without spaces between words count as two. */
  readonly slugWords: number;
}

const ENDING = /\.([a-z]{1,6}\d?)$/;
const MAX_DECODED_CHARS = 2_000;

const IS_ASCII = /^[\x20-\x7e]*$/;

const decoded = (text: string): string => {
  const short = text.slice(0, MAX_DECODED_CHARS);
  if (!short.includes('%')) return short.toLowerCase();
  try {
    return decodeURIComponent(short).normalize('NFC').toLowerCase();
  } catch {
    return short.toLowerCase();
  }
};

export function shapeOf(url: URL): AddressShape {
  const path = decoded(url.pathname);
  const parts = path.split('/').filter((part) => part !== '');
  const whole = parts.at(-1) ?? '';
  const ending = path.endsWith('/') ? '' : (ENDING.exec(whole)?.[1] ?? '');
  const last = ending === '' ? whole : whole.slice(0, -ending.length - 1);
  // `/section/index.html` is the section.
  const named =
    ending !== '' && /^(?:index|default)$/.test(last)
      ? parts.slice(0, -1)
      : [...parts.slice(0, -1), last].filter((part) => part !== '');
  const slugWords = Math.max(0, ...named.slice(-2).map(wordsOf));
  return { path, query: decoded(url.search.slice(1)), parts: named, last: named.at(-1) ?? '', ending, slugWords };
}

/** Scripts that write no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const CHARS_PER_WORD = 2;

/** Words that hold letters, so that ids and dates are none. */
export function wordsOf(text: string): number {
  const isAscii = IS_ASCII.test(text);
  const unspaced = isAscii ? 0 : (text.match(UNSPACED)?.length ?? 0);
  const spaced = (isAscii ? text : text.replace(UNSPACED, ' '))
    .split(/[\s_+~,;:.!?…"“”„«»()/|–—-]+/)
    .filter((word) => /\p{L}/u.test(word) && !/^[\da-f]{8,}$/.test(word)).length;
  return spaced + Math.floor(unspaced / CHARS_PER_WORD);
}
