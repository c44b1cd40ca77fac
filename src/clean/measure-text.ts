/** Lengths and shapes of text, whatever its script. */
import { BY_WORD, hashOf, isSpace, Tokens } from './letters.ts';

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const MAYBE_DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ud840-\ud87f]/;
const DENSE_EXTRA = 1.5;

/** Characters, where one sign of a script without spaces counts as the two and a half letters it stands for. */
export function effectiveLength(text: string): number {
  if (!MAYBE_DENSE.test(text)) return text.length;
  return text.length + Math.floor(DENSE_EXTRA * (text.match(DENSE)?.length ?? 0));
}

export function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
}

/** Runs of white space, no-break spaces too, as one space. */
export const squeeze = (text: string): string => (isSqueezed(text) ? text : text.replace(/\s+/g, ' '));

function isSqueezed(text: string): boolean {
  let wasSpace = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isOne = isSpace(code);
    if (isOne && (wasSpace || code !== SPACE)) return false;
    wasSpace = isOne;
  }
  return true;
}
const SPACE = 32;

/** Words in lower case, each once; of scripts without spaces, signs. */
function wordsOf(lower: string): Set<string> {
  const words = new Set<string>();
  const tokens = new Tokens(lower, BY_WORD);
  while (tokens.next()) words.add(lower.slice(tokens.from, tokens.to));
  return words;
}

/** A text as its words, to be held against many others. */
export class Wording {
  readonly #words: ReadonlySet<string>;
  readonly #hashes = new Set<number>();

  constructor(text: string) {
    this.#words = wordsOf(text.toLowerCase());
    for (const word of this.#words) this.#hashes.add(hashOf(word, 0, word.length));
  }

  /** Share of words in common with another text, 1 to 100; 0 where it is less than `least`. */
  likeness(text: string, least = 1): number {
    if (this.#words.size === 0 || text === '') return 0;
    const lower = text.toLowerCase();
    if (!this.#mayBeLike(lower, least)) return 0;
    const words = wordsOf(lower);
    let both = 0;
    for (const word of words) if (this.#words.has(word)) both++;
    const share = Math.floor((100 * both) / (this.#words.size + words.size - both));
    return share >= least ? share : 0;
  }

  /**
   * Rules out most texts after a few words and without cutting out any: words whose hashes this text lacks are words that it
   * lacks, and with each of them the share that can still be reached shrinks.
   */
  #mayBeLike(lower: string, least: number): boolean {
    const { size } = this.#words;
    const missingLimit = Math.floor((size * (100 - least)) / least);
    const missing = new Set<number>();
    const common = new Set<number>();
    const tokens = new Tokens(lower, BY_WORD);
    while (tokens.next()) {
      if (this.#hashes.has(tokens.hash)) common.add(tokens.hash);
      else if (missing.add(tokens.hash).size > missingLimit) return false;
    }
    if (common.size === 0) return false;
    // Words of this text that share a hash would be counted once.
    const mostCommon = common.size + size - this.#hashes.size;
    return mostCommon * 100 >= least * (size + missing.size);
  }
}

/** Share of words two texts have in common, 0 to 100. */
export const likeness = (a: string, b: string): number => new Wording(b).likeness(a);

export const PUNCTUATION = /[.,!?;:…。、，！？；：।॥،؛؟۔։՝՞၊။។៕།።፣፤፧«»“”„"]/u;
const PUNCTUATION_ALL = new RegExp(PUNCTUATION.source, 'gu');
export const punctuationCount = (text: string): number => text.match(PUNCTUATION_ALL)?.length ?? 0;

const FINAL = /[.!?…。！？।॥؟۔։။។៕།።፧]["'”’»«)\]」』】\s]*$/u;
/** Whether a text ends like a sentence. */
export const endsSentence = (text: string): boolean => FINAL.test(text);
