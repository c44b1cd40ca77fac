/** Bylines as clean names: "Von A und B, dpa" becomes A, B and dpa. */
import type { RuleSource } from '../core/rules.ts';
import { plain } from './rules.ts';

const MAX_NAME_CHARS = 60;
const MAX_NAME_WORDS = 7;
const MAX_BYLINE_CHARS = 400;
const ADDRESS = /https?:|www\.|@|\.(?:com|org|net|html?|php)\b|^\/|\{\{|\$\{|<[a-z]/i;

/** Words about names, compiled once for a set of rules. */
export interface NameWords {
  readonly prefix: RegExp;
  /** A prefix in the middle of a line, and what follows it. */
  readonly innerPrefix: RegExp;
  readonly suffix: RegExp;
  readonly joiner: RegExp;
  readonly agencies: ReadonlySet<string>;
  /** What stands for no person: roles, desks, and the words before a name. */
  readonly nobody: ReadonlySet<string>;
  /** What a template says where it has no name. */
  readonly nothing: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  readonly honours: ReadonlySet<string>;
  readonly beforeDates: ReadonlySet<string>;
  readonly otherHands: readonly string[];
  /** Words in the address of an author's page. */
  readonly authorPaths: ReadonlySet<string>;
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
  const setOf = (list: string) => new Set((words[list] ?? []).map(plain));
  made = {
    prefix: new RegExp(`^(?:${prefixes})(?:\\s*:\\s*|\\s+)`, 'iu'),
    innerPrefix: new RegExp(`^.*\\s(?:${prefixes})(?:\\s*:\\s*|\\s+)(.{3,60})$`, 'iu'),
    suffix: new RegExp(`\\s*(?:${alternatives(words['nameSuffixes'] ?? ['Jr. staff'])})$`, 'iu'),
    joiner: new RegExp(
      `\\s*[,;|·•⋅、，]\\s*|\\s+[/–—]\\s+|\\s+(?:${spaced}|&)\\s+${spaceless === '' ? '' : `|\\s+(?:${spaceless})\\s+`}`,
      'iu',
    ),
    agencies: setOf('agencyNames'),
    nobody: new Set([...(words['notAuthors'] ?? []), ...(words['bylinePrefixes'] ?? [])].map(plain)),
    nothing: setOf('noNames'),
    roles: setOf('roleWords'),
    honours: setOf('titlesOfHonour'),
    beforeDates: setOf('beforeDates'),
    otherHands: (words['otherHands'] ?? []).map(plain),
    authorPaths: setOf('authorPaths'),
  };
  compiled.set(words, made);
  return made;
}

/** Letters behind a name that say what its holder passed or belongs to. */
const DEGREE = /^[A-Z][A-Z.]{1,5}$/;

/** How far a text is known to hold names: a field for them holds desks, too; a line of the page anything. */
export type NameSource = 'field' | 'line';

/** Whether a line begins with words that introduce who wrote. */
export const isIntroduced = (line: string, { prefix }: NameWords): boolean => prefix.test(`${line.trim()} `);
/** Whether a line is but such words: the name stands in the next. */
export const isIntroduction = (line: string, words: NameWords): boolean =>
  isIntroduced(line, words) && !/\p{L}/u.test(`${line.trim()} `.replace(words.prefix, ''));

/** Whether a line names somebody else than who wrote the article: who edited, translated, photographed. */
export function isOtherHand(line: string, { otherHands }: NameWords): boolean {
  const text = plain(line);
  return otherHands.some((hand) => text.startsWith(hand) && !/[\p{L}\p{N}]/u.test(text[hand.length] ?? ' '));
}

/**
 * The names that a byline holds, in order, each once: persons and agencies; of a field for authors also desks, where it
 * holds nobody else. Addresses, places, roles, degrees and what templates leave are no names.
 */
export function namesIn(byline: string, words: NameWords, source: NameSource = 'field'): string[] {
  const text = stripped(byline, words);
  if (text.length > MAX_BYLINE_CHARS || /^(?:https?:)?\/\//i.test(text)) return [];
  const found: string[] = [];
  const desks: string[] = [];
  const parts = text.replace(/\s*[([][^)\]]*[)\]]/g, '').split(words.joiner);
  for (const [i, part] of parts.entries()) {
    const name = cleaned(part, words);
    const key = plain(name);
    const isDegree = words.honours.has(key) || DEGREE.test(name) || words.roles.has(key.split(' ')[0] ?? '');
    if (i > 0 && isDegree && !words.agencies.has(key)) continue;
    const isUser =
      source === 'line' && parts.length === 1 && /^[\p{L}\d_.-]+$/u.test(name) && isIntroduced(byline, words);
    if (!isName(name, words, isUser ? 'field' : source)) continue;
    if (words.nobody.has(key) && !words.agencies.has(key)) {
      desks.push(name);
      continue;
    }
    // Behind a whole name, one word more is where it was written.
    const isPlace =
      source === 'line' && i > 0 && !/\s/.test(name) && /\s/.test(parts[0]?.trim() ?? '') && !words.agencies.has(key);
    if (!isPlace) found.push(name);
  }
  const all = found.length > 0 || (source === 'line' && !isIntroduced(byline, words)) ? found : desks;
  return all.filter((name, i) => all.findIndex((other) => plain(other) === plain(name)) === i);
}

/** A byline without addresses, and without the words before its names. */
function stripped(byline: string, words: NameWords): string {
  if (byline.length > MAX_BYLINE_CHARS * 4) return '';
  let text = byline
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, ' ')
    .replace(/(?<=\s|^)@\w+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(words.prefix, '');
  }
  // "Text und Interview: A B", "Redaktion: A B".
  return text.replace(/^[^:,]{2,30}:\s+(?=\p{L})/u, '');
}

/** One name without what stands round it: roles, titles of its holder's trade, words that led to a date. */
function cleaned(part: string, words: NameWords): string {
  let name = tidy(tidy(part).replace(words.prefix, ''));
  const shorter = tidy(name.replace(words.suffix, ''));
  if (shorter !== name && (shorter.includes(' ') || isSpaceless(shorter.replace(/\s/g, '')))) name = shorter;
  const list = name.split(' ');
  const role = list.findIndex((word, i) => i > 0 && words.roles.has(plain(word.replace(/[,.;:]$/, ''))));
  // "Guardian staff reporter" is no person: of a name two words stand before the role.
  if (role > 1) list.length = role;
  while (
    list.length > 1 &&
    words.beforeDates.has(plain(list.at(-1) as string)) &&
    /^\p{Ll}|\p{L}{4}/u.test(list.at(-1) as string)
  )
    list.pop();
  return tidy(list.join(' '));
}

const tidy = (part: string): string =>
  part
    .replace(/^[\s\-–—:.,|•·]+|[\s\-–—:,|•·]+$/gu, '')
    .replace(/(?<=\p{L}{3})\.$/u, '')
    .trim();

function isName(name: string, words: NameWords, source: NameSource): boolean {
  if (name.length < 2 || name.length > MAX_NAME_CHARS || /[()[\]{}<>=]/.test(name)) return false;
  if (!/\p{L}/u.test(name) || ADDRESS.test(name)) return false;
  const parts = plain(name).split(' ');
  if (words.nothing.has(plain(name)) || parts.length > MAX_NAME_WORDS) return false;
  const isRole = parts.every((part) => words.beforeDates.has(part) || words.roles.has(part));
  if (isRole && (parts.length > 1 || source === 'line')) return false;
  if (source === 'field') return !/\d{3}|^\d/.test(name) && !/^[a-z]+(?:\.[a-z]+){2,}$/.test(name);
  const isDated = (parts[0] ?? '').length > 3 && words.beforeDates.has(parts[0] ?? '');
  return !/\d/.test(name) && !isDated && looksLikeName(name, words);
}

/** Particles that stand in names in small letters. */
const PARTICLE =
  /^(?:d[aeiou]s?|del|della|dello|den|der|des|du|e|el|al|bin|ibn|la|le|las|les|los|lo|ter|ten|tot|van|von|vom|zu|zum|zur|und|y|i|af|av|til|ben|bint|abu|st\.?|mc|o’|o'|d’|d'|'t|’t)$/iu;
/** Of a script with capitals, every word of a name has one; of one without, a name is short. */
function looksLikeName(name: string, { agencies }: NameWords): boolean {
  if (agencies.has(plain(name))) return true;
  const parts = name.split(' ');
  if (!/[\p{Lu}\p{Ll}]/u.test(name))
    return name.length <= 30 && parts.length <= 5 && (parts.length > 1 || isSpaceless(name));
  return (
    parts.length <= 5 &&
    /^[\p{Lu}\p{Lt}"'„“«(]|^(?:d[aeiou]|van|von|de|el|al)\b/u.test(name) &&
    parts.every(
      (part) =>
        /^["'„“«(-]?[\p{Lu}\p{Lt}]|^\p{L}\p{M}*['’-]\p{Lu}/u.test(part) ||
        PARTICLE.test(part) ||
        !/[\p{Lu}\p{Ll}]/u.test(part),
    )
  );
}
