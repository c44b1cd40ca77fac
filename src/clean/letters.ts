/**
 * What kind of character a code point is, from a table. Asked of a regular expression with Unicode properties the same costs
 * ten times as much, and the cleaner asks of every character of a page.
 */

const KNOWN = 1;
const LETTER = 2;
const NUMBER = 4;
const MARK = 8;
/** Han, Kana and Thai: a sign is a word, or nearly. */
const SIGN = 16;
/** Lao, Khmer and Burmese, which set no spaces either. */
const SPACELESS = 32;
const BLANK = 64;
/** Spelled otherwise where phrases are compared: typographic apostrophes, and the dot that a Turkish capital leaves. */
const MENDED = 128;
const WORD = LETTER | NUMBER | MARK;

const KINDS: readonly (readonly [kind: number, pattern: RegExp])[] = [
  [LETTER, /^\p{L}$/u],
  [NUMBER, /^\p{N}$/u],
  [MARK, /^\p{M}$/u],
  [SIGN, /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u],
  [SPACELESS, /^[\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u],
  [BLANK, /^\s$/],
  [MENDED, /^(?:[\u2018\u2019\u02bc]|\u0307)$/],
];

/** Filled as characters are met: a page needs some hundred of the million. */
const kinds = new Uint8Array(0x11_0000);

function learn(code: number): number {
  const character = String.fromCodePoint(code);
  let kind = KNOWN;
  for (const [bit, pattern] of KINDS) if (pattern.test(character)) kind |= bit;
  return (kinds[code] = kind);
}

const kindOf = (code: number): number => (kinds[code] as number) || learn(code);

export const isLetter = (code: number): boolean => (kindOf(code) & LETTER) !== 0;
export const isLetterOrNumber = (code: number): boolean => (kindOf(code) & (LETTER | NUMBER)) !== 0;
/** Whether a character belongs to a script that sets no spaces between words. */
export const isSpaceless = (code: number): boolean => (kindOf(code) & (SIGN | SPACELESS)) !== 0;

export const isSpace = (code: number): boolean => (kindOf(code) & BLANK) !== 0;

/** Whether a text has no white space but single spaces between its words, and no apostrophe that has to be mended. */
export function isPlain(text: string): boolean {
  let before = 32;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 ? before === 32 : (kindOf(code) & (BLANK | MENDED)) !== 0) return false;
    before = code;
  }
  return before !== 32 || text === '';
}

/** FNV-1a over UTF-16 code units: equal texts have equal hashes, and few others do. */
export const HASH_SEED = 0x811c9dc5 | 0;
export const hashed = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);
export function hashOf(text: string, from: number, to: number): number {
  let hash = HASH_SEED;
  for (let at = from; at < to; at++) hash = hashed(hash, text.charCodeAt(at));
  return hash;
}

/** What makes a token of its own, and what runs on. */
interface Manner {
  readonly signs: number;
  /** A character that counts as a letter; -1 for none. */
  readonly joiner: number;
}
/** As phrases are looked for. */
export const BY_PHRASE: Manner = { signs: SIGN | SPACELESS, joiner: -1 };
/** As texts are compared; `_` is a part of words. */
export const BY_WORD: Manner = { signs: SIGN, joiner: 95 };

/** The code point at an index; half a pair counts alone. */
function codeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff ? (text.codePointAt(at) as number) : code;
}

/**
 * Steps through the tokens of a text: runs of letters, numbers and marks; of scripts without spaces single signs.
 * `next()` moves on; `from`, `to` and `hash` are those of the token at hand.
 */
export class Tokens {
  from = 0;
  to = 0;
  hash = 0;
  /** Whether the token has a letter in it. */
  hasLetter = false;
  readonly #text: string;
  readonly #signs: number;
  readonly #joiner: number;

  constructor(text: string, { signs, joiner }: Manner) {
    this.#text = text;
    this.#signs = signs;
    this.#joiner = joiner;
  }

  /** False where the text ends. */
  next(): boolean {
    const text = this.#text;
    const joiner = this.#joiner;
    const opening = WORD | this.#signs;
    const { length } = text;
    let at = this.to;
    let code = 0;
    let kind = 0;
    for (; at < length; at += code > 0xffff ? 2 : 1) {
      code = codeAt(text, at);
      kind = code === joiner ? MARK : kindOf(code);
      if ((kind & opening) !== 0) break;
    }
    this.from = at;
    this.to = at;
    if (at >= length) return false;
    const isSign = (kind & this.#signs) !== 0;
    let kindsMet = 0;
    let hash = HASH_SEED;
    do {
      kindsMet |= kind;
      hash = hashed(hash, code > 0xffff ? text.charCodeAt(at++) : code);
      if (code > 0xffff) hash = hashed(hash, text.charCodeAt(at));
      at++;
      if (isSign || at >= length) break;
      code = codeAt(text, at);
      kind = code === joiner ? MARK : kindOf(code);
    } while ((kind & WORD) !== 0);
    this.to = at;
    this.hash = hash;
    this.hasLetter = (kindsMet & LETTER) !== 0;
    return true;
  }
}

/** Index behind a run of characters of some kinds; `from` where none stands there. */
function endOfRun(text: string, from: number, wanted: number): number {
  let at = from;
  while (at < text.length) {
    const code = codeAt(text, at);
    if ((kindOf(code) & wanted) === 0) break;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

/** Words of letters and marks; one with an apostrophe or a hyphen in it is one, such as `don't`. */
export function letterWords(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length;) {
    const from = at;
    at = endOfRun(text, at, LETTER | MARK);
    if (at === from) {
      at += codeAt(text, at) > 0xffff ? 2 : 1;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === 39 || code === 45) at = Math.max(at, endOfPart(text, at + 1));
    words.push(text.slice(from, at));
  }
  return words;
}

/** Index behind the letters that go on after an apostrophe or hyphen; 0 where none do. */
function endOfPart(text: string, from: number): number {
  const to = endOfRun(text, from, LETTER);
  return to > from ? to : 0;
}
