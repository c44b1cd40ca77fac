/** The rules a page is read with: written as data in `config/rules/`, one file a label, compiled once for all pages. */
import { LABELS, type Label } from '../core/labels.ts';
import { TearsheetError } from '../core/errors.ts';
import type { ClassRule, PhraseRule, PlainPhrase, RuleSource } from '../core/rules.ts';

export interface Hit {
  readonly label: Label;
  readonly rule: string;
  readonly weight: number;
}
interface Phrase extends Hit {
  readonly text: string;
  readonly match: PhraseRule['match'];
  readonly maxChars: number;
}

/** Rules ready for use. */
export interface Rules {
  readonly byClassWord: ReadonlyMap<string, readonly (Hit & { readonly also?: string })[]>;
  readonly byElement: ReadonlyMap<string, Hit>;
  readonly byRole: ReadonlyMap<string, Hit>;
  /** Phrases by their first token. */
  readonly byFirstToken: ReadonlyMap<string, readonly Phrase[]>;
  readonly kinds: RuleSource['kinds'];
  readonly tunables: RuleSource['tunables'];
  readonly words: RuleSource['words'];
}

const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}\p{M}]+/gu;

/** Tens of thousands of phrases are indexed at the first page; finding only their first word takes a fifth of the time. */
const FIRST_TOKEN = new RegExp(TOKEN.source, 'u');

/** As phrases are compared: lower case (Turkish capitals too), one space between words, typographic apostrophes and quotes as plain ones. */
export const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replace(/[\u2019\u2018\u02bc]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

/** Throws `E_RULES_INVALID` where a file names a label or a match that does not exist, or two rules share an id. */
export function compileRules({ files, kinds, tunables, words }: RuleSource): Rules {
  const byClassWord = new Map<string, (Hit & { also?: string })[]>();
  const byElement = new Map<string, Hit>();
  const byRole = new Map<string, Hit>();
  const byFirstToken = new Map<string, Phrase[]>();
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
    for (const rule of file.phrases ?? []) addPhrases(byFirstToken, file.label, rule);
    for (const rule of file.elements ?? []) {
      const hit = { label: file.label, rule: rule.id, weight: rule.weight };
      for (const name of rule.names ?? []) byElement.set(name, hit);
      for (const role of rule.roles ?? []) byRole.set(role, hit);
    }
  }
  return { byClassWord, byElement, byRole, byFirstToken, kinds, tunables, words };
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

function addPhrases(index: Map<string, Phrase[]>, label: Label, rule: PhraseRule): void {
  const { match, id, weight } = rule;
  for (const [text, first] of rule.plainWords ?? plainWordsOf(rule)) {
    const maxChars = rule.maxChars ?? (match === 'whole' ? text.length + 12 : 200);
    const phrase = { text, match, label, rule: id, weight, maxChars };
    const there = index.get(first);
    if (there) there.push(phrase);
    else index.set(first, [phrase]);
  }
}

/** The phrases of a rule as they are compared, each once, with the token they are looked up by. */
export function plainWordsOf(rule: PhraseRule): PlainPhrase[] {
  const phrases = new Map<string, string>();
  for (const spelled of Object.values(rule.words).flat()) {
    const text = plain(spelled);
    const first = FIRST_TOKEN.exec(text)?.[0];
    if (first === undefined) throw invalid(`rule ${rule.id}: phrase "${spelled}" has no letters`);
    phrases.set(text, first);
  }
  return [...phrases];
}

const isWordChar = (text: string, at: number): boolean =>
  at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at] as string);
const SCRIPT_WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** All phrases found in a block's text, at most one hit a rule. */
export function phraseHits(rules: Rules, text: string): Hit[] {
  if (text.length > 600) return [];
  const spelled = plain(text);
  const hits = new Map<string, Hit>();
  TOKEN.lastIndex = 0;
  let isFirst = true;
  for (const found of spelled.matchAll(TOKEN)) {
    for (const phrase of rules.byFirstToken.get(found[0]) ?? []) {
      if (spelled.length > phrase.maxChars || hits.has(phrase.rule)) continue;
      const from = found.index + found[0].length > 0 ? startOf(phrase.text, found[0], found.index) : found.index;
      if (from < 0 || !spelled.startsWith(phrase.text, from)) continue;
      const to = from + phrase.text.length;
      const endsInWord =
        isWordChar(spelled, to) &&
        !SCRIPT_WITHOUT_SPACES.test(phrase.text[phrase.text.length - 1] as string) &&
        isWordChar(phrase.text, phrase.text.length - 1);
      if (endsInWord) continue;
      if (phrase.match !== 'within' && !isFirst) continue;
      if (phrase.match === 'whole' && /[\p{L}]/u.test(spelled.slice(to))) continue;
      hits.set(phrase.rule, phrase);
    }
    // A count may stand before what is counted: "12 comments".
    if (/\p{L}/u.test(found[0])) isFirst = false;
  }
  return [...hits.values()];
}

/** Where a phrase would begin whose first token stands at `index`: it may open with punctuation. */
const startOf = (phrase: string, token: string, index: number): number => index - phrase.indexOf(token);

const CAMEL = /([a-z0-9])([A-Z])/g;
const SPLIT = /[^a-z0-9]+/;

/** The words a class or id is made of, in lower case: `articleBody__relatedLinks` gives article, body, related, links. */
export const classWords = (name: string): string[] =>
  name
    .replace(CAMEL, '$1 $2')
    .toLowerCase()
    .split(SPLIT)
    .filter((w) => w !== '');

/** What the rules say of a class name or id as a whole. */
export function classHits(rules: Rules, name: string): Hit[] {
  const words = classWords(name);
  const hits = new Map<string, Hit>();
  for (const word of words) {
    for (const hit of rules.byClassWord.get(word) ?? []) {
      if (hit.also === undefined || words.includes(hit.also)) hits.set(hit.rule, hit);
    }
  }
  return [...hits.values()];
}

/** Where at the end of a line a phrase of the page's machinery begins, such as "Go to the gallery"; -1 for nowhere. */
export function wholePhraseAtEnd(rules: Rules, line: string): number {
  const lower = line.toLowerCase();
  TOKEN.lastIndex = 0;
  for (const found of lower.matchAll(TOKEN)) {
    if (found.index === 0) continue;
    for (const phrase of rules.byFirstToken.get(found[0]) ?? []) {
      if (
        phrase.match === 'whole' &&
        phrase.label === 'ui' &&
        lower.length === line.length &&
        plain(lower.slice(found.index)) === phrase.text
      )
        return found.index;
    }
  }
  return -1;
}
