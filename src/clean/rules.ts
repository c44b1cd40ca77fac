/** The rules a page is read with: written as data in `config/rules/`, one file a label, compiled once for all pages. */
import { LABELS, type Label } from '../core/labels.ts';
import { TearsheetError } from '../core/errors.ts';
import type { ClassRule, PhraseRule, PlainPhrase, RuleSource } from '../core/rules.ts';
import {
  BY_PHRASE,
  HASH_SEED,
  hashed,
  hashOf,
  isLetter,
  isLetterOrNumber,
  isPlain,
  isSpaceless,
  Tokens,
} from './letters.ts';

export interface Hit {
  readonly label: Label;
  readonly rule: string;
  readonly weight: number;
}
interface Phrase extends Hit {
  readonly text: string;
  readonly match: PhraseRule['match'];
  readonly maxChars: number;
  /** How far into it its first token stands: it may open with punctuation. */
  readonly lead: number;
  /** Code of the character that its second word begins with; -1 where it has none. Tells most phrases of one first word apart. */
  readonly second: number;
}
/** Phrases of one first token. */
interface PhraseGroup {
  readonly all: readonly Phrase[];
  /** Those that may stand anywhere in a text. */
  readonly within: readonly Phrase[];
}
/**
 * The longest texts in which a phrase counts, in units of four characters, by the hash of its first word and of the character that
 * its second begins with. The low byte is for the beginning of a text, the high byte for anywhere in it. Of a hundred words
 * of a page two begin a phrase; the others are passed over at the cost of one look into a table that fits the cache.
 */
type PhraseReach = Uint16Array;

/** Rules ready for use. */
export interface Rules {
  readonly byClassWord: ReadonlyMap<string, readonly (Hit & { readonly also?: string })[]>;
  /** By the low bits of a class word's hash, 1 where a word of the rules has it. */
  readonly classSlots: Uint8Array;
  readonly byElement: ReadonlyMap<string, Hit>;
  readonly byRole: ReadonlyMap<string, Hit>;
  readonly byFirstToken: ReadonlyMap<string, PhraseGroup>;
  readonly reach: PhraseReach;
  readonly kinds: RuleSource['kinds'];
  readonly tunables: RuleSource['tunables'];
  readonly words: RuleSource['words'];
  readonly learned: RuleSource['learned'];
}

const CLASS_SLOTS = 1 << 15;
const REACH_SLOTS = 1 << 16;
const REACH_UNIT = 4;
const slotOf = (hash: number): number => (hash ^ (hash >>> 16)) & (REACH_SLOTS - 1);
const MAX_PHRASE_TEXT = 600;

/** As phrases are compared: lower case (Turkish capitals too), one space between words, typographic apostrophes and quotes as plain ones. */
export function plain(text: string): string {
  const lower = text.toLowerCase();
  // Most texts need no more.
  if (isPlain(lower)) return lower;
  return lower
    .replaceAll('i\u0307', 'i')
    .replace(/[\u2019\u2018\u02bc]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

/** Throws `E_RULES_INVALID` where a file names a label or a match that does not exist, or two rules share an id. */
export function compileRules({ files, kinds, tunables, words, learned }: RuleSource): Rules {
  const byClassWord = new Map<string, (Hit & { also?: string })[]>();
  const byElement = new Map<string, Hit>();
  const byRole = new Map<string, Hit>();
  const phrases = new PhraseTable();
  const ids = new Set<string>();
  for (const file of files) {
    if (!LABELS.includes(file.label)) throw invalid(`label ${file.label} is none of ${LABELS.join(', ')}`);
    for (const rule of [...(file.classes ?? []), ...(file.phrases ?? []), ...(file.elements ?? [])]) {
      if (ids.has(rule.id)) throw invalid(`rule id ${rule.id} is used twice`);
      if (!Number.isInteger(rule.weight) || Math.abs(rule.weight) > 100)
        throw invalid(`rule ${rule.id}: weight must be whole, -100 to 100`);
      ids.add(rule.id);
    }
    for (const rule of file.classes ?? []) addClasses(byClassWord, file.label, rule);
    for (const rule of file.phrases ?? []) phrases.add(file.label, rule);
    for (const rule of file.elements ?? []) {
      const hit = { label: file.label, rule: rule.id, weight: rule.weight };
      for (const name of rule.names ?? []) byElement.set(name, hit);
      for (const role of rule.roles ?? []) byRole.set(role, hit);
    }
  }
  const classSlots = new Uint8Array(CLASS_SLOTS);
  for (const word of byClassWord.keys()) classSlots[hashOf(word, 0, word.length) & (CLASS_SLOTS - 1)] = 1;
  return { byClassWord, classSlots, byElement, byRole, ...phrases.compiled, kinds, tunables, words, learned };
}

const invalid = (what: string): TearsheetError =>
  new TearsheetError('E_RULES_INVALID', `cleaning rules: ${what}; mend it in config/rules/`);

const compiled = new WeakMap<RuleSource, Rules>();

/** The compiled form of `source`, made once. */
export function rulesOf(source: RuleSource): Rules {
  let rules = compiled.get(source);
  if (!rules) compiled.set(source, (rules = compileRules(source)));
  return rules;
}

function addClasses(index: Map<string, (Hit & { also?: string })[]>, label: Label, rule: ClassRule): void {
  for (const spelled of rule.words) {
    const [word = '', also] = spelled.split('+');
    const hit = { label, rule: rule.id, weight: rule.weight, ...(also === undefined ? {} : { also }) };
    const there = index.get(word);
    if (there) there.push(hit);
    else index.set(word, [hit]);
  }
}

/** Phrases as they are looked up. */
class PhraseTable {
  readonly #groups = new Map<string, { all: Phrase[]; within: Phrase[] }>();
  readonly #reach: PhraseReach = new Uint16Array(REACH_SLOTS);

  get compiled(): Pick<Rules, 'byFirstToken' | 'reach'> {
    return { byFirstToken: this.#groups, reach: this.#reach };
  }

  add(label: Label, rule: PhraseRule): void {
    const { match, id, weight } = rule;
    for (const [text, first] of rule.plainWords ?? plainWordsOf(rule)) {
      const maxChars = rule.maxChars ?? (match === 'whole' ? text.length + 12 : 200);
      const lead = text.indexOf(first);
      const secondAt = lead + first.length + 1;
      const second = secondAt < text.length ? text.charCodeAt(secondAt) : -1;
      const phrase = { text, match, label, rule: id, weight, maxChars, lead, second };
      let group = this.#groups.get(first);
      if (!group) this.#groups.set(first, (group = { all: [], within: [] }));
      group.all.push(phrase);
      if (match === 'within') group.within.push(phrase);
      const hash = hashOf(first, 0, first.length);
      this.#extend(slotOf(second < 0 ? hash : hashed(hash, second)), maxChars, match === 'within');
    }
  }

  #extend(slot: number, maxChars: number, isWithin: boolean): void {
    const there = this.#reach[slot] as number;
    const reach = Math.ceil(Math.min(maxChars, MAX_PHRASE_TEXT) / REACH_UNIT);
    const within = isWithin ? Math.max(there >> 8, reach) : there >> 8;
    this.#reach[slot] = (within << 8) | Math.max(there & 0xff, reach);
  }
}

/** The phrases of a rule as they are compared, each once, with the token they are looked up by. */
export function plainWordsOf(rule: PhraseRule): PlainPhrase[] {
  const phrases = new Map<string, string>();
  for (const spelled of Object.values(rule.words).flat()) {
    const text = plain(spelled);
    const tokens = new Tokens(text, BY_PHRASE);
    if (!tokens.next()) throw invalid(`rule ${rule.id}: phrase "${spelled}" has no letters`);
    phrases.set(text, text.slice(tokens.from, tokens.to));
  }
  return [...phrases];
}

const isWordAt = (text: string, at: number): boolean => at < text.length && isLetterOrNumber(text.charCodeAt(at));

/** All phrases found in a block's text, at most one hit a rule. */
export function phraseHits({ byFirstToken, reach }: Rules, text: string): readonly Hit[] {
  if (text.length > MAX_PHRASE_TEXT) return NO_HITS;
  let hits: Hit[] | undefined;
  const spelled = plain(text);
  const { length } = spelled;
  const tokens = new Tokens(spelled, BY_PHRASE);
  let isFirst = true;
  while (tokens.next()) {
    const { from, to, hash } = tokens;
    const second = to + 1 < length ? spelled.charCodeAt(to + 1) : -1;
    const [one, two] = [reach[slotOf(hash)] as number, reach[slotOf(hashed(hash, second))] as number];
    const longest = isFirst ? Math.max(one & 0xff, two & 0xff) : Math.max(one, two) >> 8;
    if (length <= longest * REACH_UNIT) {
      const group = byFirstToken.get(spelled.slice(from, to));
      for (const phrase of (isFirst ? group?.all : group?.within) ?? NO_PHRASES) {
        if (phrase.second >= 0 && phrase.second !== second) continue;
        if (length > phrase.maxChars || !stands(phrase, spelled, from)) continue;
        if (!hits) hits = [phrase];
        else if (!hits.some(({ rule }) => rule === phrase.rule)) hits.push(phrase);
      }
    }
    // A count may stand before what is counted: "12 comments".
    if (tokens.hasLetter) isFirst = false;
  }
  return hits ?? NO_HITS;
}
const NO_PHRASES: readonly Phrase[] = [];
const NO_HITS: readonly Hit[] = [];

/** Whether a phrase stands in a text with its first token at `tokenAt`, and ends where a word may end. */
function stands({ text, lead, match }: Phrase, spelled: string, tokenAt: number): boolean {
  const from = tokenAt - lead;
  if (from < 0 || !spelled.startsWith(text, from)) return false;
  const to = from + text.length;
  const last = text.charCodeAt(text.length - 1);
  if (isWordAt(spelled, to) && isLetterOrNumber(last) && !isSpaceless(last)) return false;
  return match !== 'whole' || !hasLetterFrom(spelled, to);
}

function hasLetterFrom(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) if (isLetter(text.codePointAt(at) as number)) return true;
  return false;
}

const CAMEL = /([a-z0-9])([A-Z])/g;
const SPLIT = /[^a-z0-9]+/;

/** The words a class or id is made of, in lower case: `articleBody__relatedLinks` gives article, body, related, links. */
export function classWords(name: string): string[] {
  const words: string[] = [];
  let from = -1;
  let wasSmall = false;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    // A few capitals of other alphabets have small letters of this one.
    if (code > 127) return name.replace(CAMEL, '$1 $2').toLowerCase().split(SPLIT).filter(Boolean);
    const isCapital = code >= 65 && code <= 90;
    const isSmall = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    if (from >= 0 && (!(isCapital || isSmall) || (isCapital && wasSmall))) {
      words.push(name.slice(from, at).toLowerCase());
      from = -1;
    }
    if (from < 0 && (isCapital || isSmall)) from = at;
    wasSmall = isSmall;
  }
  if (from >= 0) words.push(name.slice(from).toLowerCase());
  return words;
}

/** What the rules say of a class name or id as a whole. */
export function classHits(rules: Rules, name: string): readonly Hit[] {
  if (!mayHoldClassWord(rules.classSlots, name)) return NO_HITS;
  const hits: Hit[] = [];
  const words = classWords(name);
  for (const word of words) {
    for (const hit of rules.byClassWord.get(word) ?? []) {
      if ((hit.also === undefined || words.includes(hit.also)) && !hits.some(({ rule }) => rule === hit.rule))
        hits.push(hit);
    }
  }
  return hits;
}

/** Whether any word of a name has a slot in the table of known words: most names have none, and need not be taken apart. */
function mayHoldClassWord(slots: Uint8Array, name: string): boolean {
  let hash = HASH_SEED;
  let wasSmall = false;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    // A few capitals of other alphabets have small letters of this one.
    if (code > 127) return true;
    const isCapital = code >= 65 && code <= 90;
    const isSmall = (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
    const isEnd = !(isCapital || isSmall) || (isCapital && wasSmall);
    if (isEnd) {
      if (slots[hash & (CLASS_SLOTS - 1)] === 1) return true;
      hash = HASH_SEED;
    }
    if (isCapital || isSmall) hash = hashed(hash, isCapital ? code + 32 : code);
    wasSmall = isSmall;
  }
  return slots[hash & (CLASS_SLOTS - 1)] === 1;
}

/** Where at the end of a squeezed line a phrase of the page's machinery begins, such as "Go to the gallery"; -1 for nowhere. */
export function wholePhraseAtEnd(rules: Rules, line: string): number {
  const lower = line.toLowerCase();
  if (lower.length !== line.length) return -1;
  const tokens = new Tokens(lower, BY_PHRASE);
  while (tokens.next()) {
    const { from } = tokens;
    if (from === 0) continue;
    const rest = lower.length - from;
    for (const { match, label, text } of rules.byFirstToken.get(lower.slice(from, tokens.to))?.all ?? NO_PHRASES) {
      // A squeezed text spelled plainly keeps half its characters, so the rest of a long line need not be spelled at every word.
      const mayBe = match === 'whole' && label === 'ui' && rest <= 2 * text.length + 1;
      if (mayBe && plain(lower.slice(from)) === text) return from;
    }
  }
  return -1;
}
