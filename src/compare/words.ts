/** A passage reworded, word by word. The only door to `diff`. */
// One file of the package instead of all: 3 ms instead of 26.
import { diffArrays } from 'diff/lib/diff/array.js';
import type { WordingKind } from '../core/labels.ts';
import type { Wording } from '../core/schema.ts';

/** Words and languages that a rewording is judged by; the caller reads them from `config/words/wording.json`. */
export interface WordLists {
  /** Per language (BCP 47 primary subtag), words that turn a statement into its opposite; lower case. */
  readonly negations: Readonly<Record<string, readonly string[]>>;
  /** Languages that write every noun with a capital, so that one capital makes no name. */
  readonly nounCapitals: readonly string[];
}

export interface Token {
  readonly text: string;
  /** Offsets in the composed text. */
  readonly start: number;
  readonly end: number;
}

/** Scripts written without spaces: there a token is one character. */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`;
const TOKEN = new RegExp(
  [
    String.raw`\p{N}+(?:[.,:’'\u00a0\u202f]\p{N}+)*`,
    String.raw`[${UNSPACED}]\p{M}*`,
    String.raw`(?:(?![${UNSPACED}])[\p{L}\p{M}])+(?:[-'’·](?:(?![${UNSPACED}])[\p{L}\p{M}])+)*`,
    String.raw`[^\s]`,
  ].join('|'),
  'gu',
);

/** Composed, and without characters that no reader sees. */
const visible = (text: string): string => text.normalize('NFC').replace(/\p{Default_Ignorable_Code_Point}+/gu, '');

/** Words, numbers and single marks of a text. */
export function tokensOf(text: string): Token[] {
  return [...visible(text).matchAll(TOKEN)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const isWordy = (token: Token): boolean => /[\p{L}\p{N}]/u.test(token.text);
const QUOTATION_MARK = /^["“”„‟«»「」『』]$/u;

/** For each token whether it stands inside quotation marks. Any mark opens or closes: languages disagree on which is which. */
function quotedOnes(tokens: readonly Token[]): boolean[] {
  let isOpen = false;
  return tokens.map((token) => {
    if (QUOTATION_MARK.test(token.text)) isOpen = !isOpen;
    return isOpen;
  });
}

/** One stretch of tokens in one of the texts. */
interface Run {
  readonly tokens: readonly Token[];
  readonly isQuoted: boolean;
  /** True where the run begins a sentence, so that a capital says nothing. */
  readonly isAtStart: boolean;
}

const isCapitalised = (token: Token): boolean => /^\p{Lu}/u.test(token.text);

function isName(runs: readonly Run[], capitalsNeeded: number): boolean {
  const filled = runs.filter(({ tokens }) => tokens.some(isWordy));
  return filled.every(({ tokens, isAtStart }) => {
    const words = tokens.filter(isWordy);
    return !isAtStart && words.length >= capitalsNeeded && words.every(isCapitalised);
  });
}

function wordingKind(before: Run, after: Run, language: string, lists: WordLists | undefined): WordingKind {
  const runs = [before, after];
  if (!runs.some(({ tokens }) => tokens.some(isWordy))) return 'punctuation';
  const folded = runs.map(({ tokens }) => tokens.map(({ text }) => text.toLowerCase()));
  const wordsOnly = folded.map((words) => words.filter((word) => /[\p{L}\p{N}]/u.test(word)));
  if (folded[0]?.join(' ') === folded[1]?.join(' ')) return 'case';
  if (wordsOnly[0]?.join(' ') === wordsOnly[1]?.join(' ')) return 'punctuation';
  const negations = lists?.negations[language] ?? [];
  const negated = wordsOnly.map((words) => words.filter((word) => negations.includes(word)).length);
  if (negated[0] !== negated[1]) return 'negation';
  if (before.isQuoted || after.isQuoted) return 'quote';
  const numbers = wordsOnly.map((words) => words.filter((word) => /\p{N}/u.test(word)).join(' '));
  if (numbers[0] !== numbers[1]) return 'number';
  return isName(runs, lists?.nounCapitals.includes(language) ? 2 : 1) ? 'name' : 'words';
}

/** More edits than this make another text, not a rewording; finding them all takes time that grows with their square. */
const MAX_EDITS = 400;

/** The stretches that differ between two texts, in order; a text too different is one stretch. */
function stretches(before: readonly Token[], after: readonly Token[]): (readonly [number, number, number, number])[] {
  const words = (tokens: readonly Token[]) => tokens.map(({ text }) => text);
  const parts = diffArrays(words(before), words(after), { maxEditLength: MAX_EDITS });
  if (!parts) return [[0, before.length, 0, after.length]];
  const found: [number, number, number, number][] = [];
  let [atBefore, atAfter] = [0, 0];
  let isOpen = false;
  for (const { added, removed, count } of parts) {
    if (!added && !removed) {
      atBefore += count;
      atAfter += count;
      isOpen = false;
      continue;
    }
    if (!isOpen) found.push([atBefore, atBefore, atAfter, atAfter]);
    isOpen = true;
    const last = found.at(-1) as [number, number, number, number];
    if (removed) last[1] = atBefore += count;
    else last[3] = atAfter += count;
  }
  return found;
}

/** What was touched between two texts, in order. `language` is a BCP 47 tag. */
export function wordingOf(before: string, after: string, language: string, lists?: WordLists): Wording[] {
  const texts = [visible(before), visible(after)] as const;
  const tokens = [tokensOf(before), tokensOf(after)] as const;
  const quoted = tokens.map(quotedOnes);
  const primary = language.split('-')[0]?.toLowerCase() ?? '';
  const runOf = (side: 0 | 1, from: number, to: number): Run => {
    const previous = tokens[side][from - 1];
    return {
      tokens: tokens[side].slice(from, to),
      isQuoted: from < to && Boolean(quoted[side]?.[from]),
      isAtStart: !previous || (!isWordy(previous) && /[\p{Sentence_Terminal}\p{Pi}\p{Pf}":„]/u.test(previous.text)),
    };
  };
  const spelled = (side: 0 | 1, { tokens: run }: Run): string | undefined =>
    run.length > 0 ? texts[side].slice(run[0]?.start, run.at(-1)?.end) : undefined;
  return stretches(...tokens).map(([beforeFrom, beforeTo, afterFrom, afterTo]) => {
    const [old, fresh] = [runOf(0, beforeFrom, beforeTo), runOf(1, afterFrom, afterTo)];
    const [was, is] = [spelled(0, old), spelled(1, fresh)];
    return {
      kind: wordingKind(old, fresh, primary, lists),
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { after: is }),
    };
  });
}

/** A piece of two texts laid over each other: it stands in both, or in one of them only. */
export interface Mark {
  readonly in: 'both' | 'before' | 'after';
  readonly text: string;
}

/**
 * Two texts laid over each other word by word, for showing. The pieces of `both` and `after` make up the newer text (composed,
 * without characters that no reader sees), those of `both` and `before` the older one, white space apart.
 */
export function markWords(before: string, after: string): Mark[] {
  const texts = { before: visible(before), after: visible(after) };
  const tokens = { before: tokensOf(before), after: tokensOf(after) };
  const startOf = (side: 'before' | 'after', token: number) => tokens[side][token]?.start ?? texts[side].length;
  const marks: Mark[] = [];
  const add = (side: Mark['in'], text: string) => {
    if (text !== '') marks.push({ in: side, text });
  };
  let at = 0;
  for (const [beforeFrom, beforeTo, afterFrom, afterTo] of stretches(tokens.before, tokens.after)) {
    add('both', texts.after.slice(at, startOf('after', afterFrom)));
    const isTail = afterFrom === afterTo && beforeTo === tokens.before.length;
    const wasFrom = isTail ? (tokens.before[beforeFrom - 1]?.end ?? 0) : startOf('before', beforeFrom);
    const was = texts.before.slice(wasFrom, startOf('before', beforeTo));
    const is = texts.after.slice(startOf('after', afterFrom), startOf('after', afterTo));
    const gap = was === '' ? '' : (/\s+$/u.exec(is)?.[0] ?? '');
    add('before', gap === '' ? was : was.trimEnd());
    add('after', is.slice(0, is.length - gap.length));
    add('both', gap);
    at = startOf('after', afterTo);
  }
  add('both', texts.after.slice(at));
  return marks;
}
