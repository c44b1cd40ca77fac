/** Lengths and shapes of text, whatever its script. */
import { HashSet } from './hash-set.ts';
import { BY_WORD, isSpace, Tokens } from './letters.ts';

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

/** Fills a set with the hashes of a text's words. */
function hashWords(lower: string, hashes: HashSet): HashSet {
  hashes.clear();
  const tokens = new Tokens(lower, BY_WORD);
  while (tokens.next()) hashes.add(tokens.hash);
  return hashes;
}
/** Of the text that is being compared. */
const compared = new HashSet();

/** A text as its words. */
class Wording {
  readonly words: ReadonlySet<string>;
  readonly #hashes: HashSet;

  constructor(text: string) {
    const lower = text.toLowerCase();
    this.words = wordsOf(lower);
    this.#hashes = hashWords(lower, new HashSet());
  }

  /** Share of words in common with a text of the given hashes, 1 to 100; 0 where it is less than `least`. */
  likeness(lower: string, hashes: HashSet, least: number): number {
    if (!this.#mayBeLike(hashes, least)) return 0;
    const words = wordsOf(lower);
    let both = 0;
    for (const word of words) if (this.words.has(word)) both++;
    const share = Math.floor((100 * both) / (this.words.size + words.size - both));
    return share >= least ? share : 0;
  }

  /** Rules out most texts without cutting out a word: of words with other hashes none is in common. */
  #mayBeLike(hashes: HashSet, least: number): boolean {
    const { size } = this.words;
    let common = 0;
    for (let n = 0; n < hashes.size; n++) if (this.#hashes.has(hashes.at(n))) common++;
    if (common === 0) return false;
    // Words of this text that share a hash would be counted once.
    const mostCommon = common + size - this.#hashes.size;
    return mostCommon * 100 >= least * (size + hashes.size - common);
  }

  /** Whether a text has more than `most` words that are not among these; words of other hashes are other words. */
  lacksMoreThan(most: number, lower: string): boolean {
    const strange: number[] = [];
    const tokens = new Tokens(lower, BY_WORD);
    while (tokens.next()) {
      const { hash } = tokens;
      if (this.#hashes.has(hash) || strange.includes(hash)) continue;
      if (strange.push(hash) > most) return true;
    }
    return false;
  }
}

/** With so few strange words a text is ruled out sooner than taken apart. */
const FEW_WORDS = 12;

/** Texts as their words, to be held against many others. */
export class Wordings {
  readonly #wordings: readonly Wording[];

  constructor(texts: readonly string[]) {
    this.#wordings = texts.map((text) => new Wording(text)).filter(({ words }) => words.size > 0);
  }

  /** The largest share of words that a text has in common with one of them, 1 to 100; 0 where it is less than `least`. */
  likeness(text: string, least = 1): number {
    if (this.#wordings.length === 0 || text === '') return 0;
    const lower = text.toLowerCase();
    let hashes: HashSet | undefined;
    let best = 0;
    for (const wording of this.#wordings) {
      const most = Math.floor((wording.words.size * (100 - least)) / least);
      if (!hashes && most <= FEW_WORDS && wording.lacksMoreThan(most, lower)) continue;
      hashes ??= hashWords(lower, compared);
      best = Math.max(best, wording.likeness(lower, hashes, least));
    }
    return best;
  }
}

/** Share of words two texts have in common, 0 to 100. */
export const likeness = (a: string, b: string): number => new Wordings([b]).likeness(a);

/** One look into a table a character: these are asked of all text. */
const PUNCTUATED = 1;
const ENDS = 2;
const BEHIND_END = 4;
const signs = new Uint8Array(0x1_0000);
const put = (list: string, bit: number): void => {
  for (const sign of list) signs[sign.charCodeAt(0)] = (signs[sign.charCodeAt(0)] as number) | bit;
};
put('.,!?;:…。、，！？；：।॥،؛؟۔։՝՞၊။។៕།።፣፤፧«»“”„"', PUNCTUATED);
put('.!?…。！？।॥؟۔։။។៕།።፧', ENDS);
put('"\'”’»«)]」』】', BEHIND_END);
const signAt = (text: string, at: number): number => signs[text.charCodeAt(at)] as number;

export function punctuationCount(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) if ((signAt(text, at) & PUNCTUATED) !== 0) count++;
  return count;
}
export function hasPunctuation(text: string): boolean {
  for (let at = 0; at < text.length; at++) if ((signAt(text, at) & PUNCTUATED) !== 0) return true;
  return false;
}

/** Whether a text ends like a sentence: with a sign that ends one, behind which only quotes, brackets and spaces stand. */
export function endsSentence(text: string): boolean {
  let at = text.length - 1;
  while (at >= 0 && ((signAt(text, at) & BEHIND_END) !== 0 || isSpace(text.charCodeAt(at)))) at--;
  return at >= 0 && (signAt(text, at) & ENDS) !== 0;
}
