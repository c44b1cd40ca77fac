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
const WORD = LETTER | NUMBER | MARK;

const KINDS: readonly (readonly [kind: number, pattern: RegExp])[] = [
  [LETTER, /^\p{L}$/u],
  [NUMBER, /^\p{N}$/u],
  [MARK, /^\p{M}$/u],
  [SIGN, /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u],
  [SPACELESS, /^[\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]$/u],
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
  /** Whether `_` is a part of words. */
  readonly takesUnderscore: boolean;
}
/** As phrases are looked for. */
export const BY_PHRASE: Manner = { signs: SIGN | SPACELESS, takesUnderscore: false };
/** As texts are compared. */
export const BY_WORD: Manner = { signs: SIGN, takesUnderscore: true };

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
  readonly #manner: Manner;

  constructor(text: string, manner: Manner) {
    this.#text = text;
    this.#manner = manner;
  }

  /** False where the text ends. */
  next(): boolean {
    const text = this.#text;
    const { signs, takesUnderscore } = this.#manner;
    const { length } = text;
    let at = this.to;
    let hash = HASH_SEED;
    let isOpen = false;
    let hasLetter = false;
    while (at < length) {
      let code = text.charCodeAt(at);
      let width = 1;
      if (code >= 0xd800 && code <= 0xdbff) {
        code = text.codePointAt(at) as number;
        if (code > 0xffff) width = 2;
      }
      const kind = kindOf(code);
      const isWord = (kind & WORD) !== 0 || (takesUnderscore && code === 95);
      const isSign = (kind & signs) !== 0 && !isOpen;
      if (isWord || isSign) {
        if (!isOpen) this.from = at;
        isOpen = true;
        hasLetter ||= (kind & LETTER) !== 0;
        for (let unit = at; unit < at + width; unit++) hash = hashed(hash, text.charCodeAt(unit));
        at += width;
        if (isSign) break;
      } else if (isOpen) break;
      else at += width;
    }
    this.to = at;
    this.hash = hash;
    this.hasLetter = hasLetter;
    return isOpen;
  }
}
