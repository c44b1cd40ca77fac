/** Bylines as clean names: "Von A und B, dpa" becomes A and B. */
import type { RuleSource } from '../core/rules.ts';
import { plain } from './rules.ts';

const MAX_NAME_CHARS = 60;
const MAX_NAME_WORDS = 6;
const ADDRESS = /https?:|www\.|@|\.(?:com|org|net|html?|php)\b|\//i;

/** Words about names, compiled once for a set of rules. */
export interface NameWords {
  readonly prefix: RegExp;
  readonly suffix: RegExp;
  readonly joiner: RegExp;
  readonly agencies: ReadonlySet<string>;
  /** What stands for no person: roles, desks, and the words before a name. */
  readonly nobody: ReadonlySet<string>;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const isSpaceless = (word: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u.test(word);

function alternatives(words: readonly string[]): string {
  return words
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|');
}

const compiled = new WeakMap<RuleSource['words'], NameWords>();

export function nameWordsOf(words: RuleSource['words']): NameWords {
  let made = compiled.get(words);
  if (made) return made;
  const prefixes = alternatives(words['bylinePrefixes'] ?? ['by']);
  const spaced = alternatives((words['nameJoiners'] ?? ['and']).filter((word) => !isSpaceless(word)));
  const spaceless = alternatives((words['nameJoiners'] ?? []).filter(isSpaceless));
  made = {
    prefix: new RegExp(`^(?:${prefixes})(?:\\s*:\\s*|\\s+)`, 'iu'),
    suffix: new RegExp(`\\s*(?:${alternatives(words['nameSuffixes'] ?? ['Jr. staff'])})$`, 'iu'),
    joiner: new RegExp(
      `\\s*[,;|·•、，]\\s*|\\s+/\\s+|\\s+(?:${spaced}|&)\\s+${spaceless === '' ? '' : `|\\s+(?:${spaceless})\\s+`}`,
      'iu',
    ),
    agencies: new Set((words['agencyNames'] ?? []).map(plain)),
    nobody: new Set([...(words['notAuthors'] ?? []), ...(words['bylinePrefixes'] ?? [])].map(plain)),
  };
  compiled.set(words, made);
  return made;
}

/** The persons a byline names, in order, each once. Agencies, desks, addresses and roles are no persons. */
export function namesIn(byline: string, words: NameWords): string[] {
  const names: string[] = [];
  let text = byline
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text.length > 400 || /^(?:https?:)?\/\//i.test(text)) return names;
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(words.prefix, '');
  }
  for (const part of text.replace(/\s*\([^)]*\)/g, '').split(words.joiner)) {
    const name = tidy(tidy(part.replace(words.prefix, '')).replace(words.suffix, ''));
    if (isName(name, words) && !names.some((known) => plain(known) === plain(name))) names.push(name);
  }
  return names;
}

const tidy = (part: string): string =>
  part
    .replace(/^[\s\-–—:.,|•·]+|[\s\-–—:,|•·]+$/gu, '')
    .replace(/(?<=\p{L}{3})\.$/u, '')
    .trim();

function isName(name: string, { agencies, nobody }: NameWords): boolean {
  const key = plain(name);
  if (name.length < 2 || name.length > MAX_NAME_CHARS || /\d/.test(name) || ADDRESS.test(name)) return false;
  return /\p{L}/u.test(name) && name.split(' ').length <= MAX_NAME_WORDS && !agencies.has(key) && !nobody.has(key);
}
