/** The language of a text: by its letters where one language owns them, by its small words where many share them. */
import type { Reading } from '../core/schema.ts';
import { letterWords } from './letters.ts';
import { plain, type Rules } from './rules.ts';

type Origin = Reading['foundIn'][string];

const SCRIPTS: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ja', /[\u3040-\u30ff]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['lo', /\p{Script=Lao}/gu],
  ['km', /\p{Script=Khmer}/gu],
  ['my', /\p{Script=Myanmar}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hy', /\p{Script=Armenian}/gu],
  ['ka', /\p{Script=Georgian}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['bn', /\p{Script=Bengali}/gu],
  ['pa', /\p{Script=Gurmukhi}/gu],
  ['gu', /\p{Script=Gujarati}/gu],
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['kn', /\p{Script=Kannada}/gu],
  ['ml', /\p{Script=Malayalam}/gu],
  ['si', /\p{Script=Sinhala}/gu],
  ['am', /\p{Script=Ethiopic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
];
/** Languages that share the letters of the one that stands for them above. */
const SHARERS: Readonly<Record<string, readonly string[]>> = {
  ja: ['ja'],
  zh: ['zh', 'yue', 'ja'],
  he: ['he', 'iw', 'yi'],
  hi: ['hi', 'mr', 'ne', 'sa', 'bho', 'mai'],
  bn: ['bn', 'as'],
  am: ['am', 'ti'],
  ar: ['ar', 'fa', 'ur', 'ps', 'ckb', 'ku', 'sd', 'ug', 'uz', 'az', 'ks', 'dv'],
  ru: [
    'ru',
    'uk',
    'be',
    'bg',
    'sr',
    'mk',
    'kk',
    'ky',
    'mn',
    'tg',
    'tt',
    'uz',
    'az',
    'sh',
    'bs',
    'cv',
    'ba',
    'os',
    'ce',
  ],
};
/** Letters that tell languages of one script apart, the rarest language first. */
const OWN_LETTERS: Readonly<Record<string, readonly (readonly [language: string, letters: RegExp])[]>> = {
  ar: [
    ['ur', /[ٹڈڑںے]/u],
    ['fa', /[پچژگی]/u],
  ],
  ru: [
    ['be', /ў/iu],
    ['uk', /[їєґ]/iu],
    ['sr', /[ђћ]/iu],
    ['mk', /[ѓќѕ]/iu],
    ['kk', /[әғқңұһ]/iu],
    ['ru', /[ыэё]/iu],
    ['bg', /ъ/iu],
  ],
};
/** Spellings of one language whose small words are the same: one list serves them. */
const LISTED_AS: Readonly<Record<string, string>> = {
  no: 'nb',
  nn: 'nb',
  bs: 'hr',
  sr: 'hr',
  sh: 'hr',
  in: 'id',
  fil: 'tl',
};
const ENOUGH_LETTERS = 20;
const SAMPLE_CHARS = 4_000;
const WORD_SAMPLE_CHARS = 2_000;
const SHORT_SAMPLE_CHARS = 500;
/** Small words that must be found before a language counts as found, and before it outvotes what the page declares. */
const ENOUGH_WORDS = 8;
const OUTVOTING_WORDS = 12;

const BEYOND_LATIN = /[^\0-\u036f\u1e00-\u1eff\u2000-\u2bff]/;

/** The language whose script most of `text` is in, which may stand for others of that script; undefined for Latin. */
function scriptOf(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE_CHARS);
  if (!BEYOND_LATIN.test(sample)) return undefined;
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < ENOUGH_LETTERS) return undefined;
  for (const [language, pattern] of SCRIPTS) {
    const count = sample.match(pattern)?.length ?? 0;
    // Japanese mixes Kana with Han signs; a few Kana in Chinese are names.
    if (count * 100 >= letters * (language === 'ja' ? 10 : 40)) return language;
  }
  return undefined;
}

const ownLanguage = (script: string, text: string): string =>
  OWN_LETTERS[script]?.find(([, own]) => own.test(text.slice(0, SAMPLE_CHARS)))?.[0] ?? script;

const compiled = new WeakMap<Rules, ReadonlyMap<string, readonly string[]>>();

/** Languages by the small words they use. */
function languagesByWord(rules: Rules): ReadonlyMap<string, readonly string[]> {
  let index = compiled.get(rules);
  if (!index) {
    const made = new Map<string, string[]>();
    for (const entry of rules.words['functionWords'] ?? []) {
      const [language = '', words = ''] = entry.split('=');
      for (const word of new Set(words.split(' ').map(plain))) made.set(word, [...(made.get(word) ?? []), language]);
    }
    compiled.set(rules, (index = made));
  }
  return index;
}

/** How many small words of each language the first `chars` of a text hold. */
function wordCounts(text: string, rules: Rules, chars: number): Map<string, number> {
  const index = languagesByWord(rules);
  const counts = new Map<string, number>();
  for (const word of letterWords(plain(text.slice(0, chars))))
    for (const language of index.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  return counts;
}

export interface LanguageClaim {
  readonly value: string;
  readonly from: Origin;
}
const primary = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/**
 * The claims with the page's language first, `und` where there are none. A declared language stands unless the text is in
 * another script, or holds three times as many small words of another language: templates declare one language for all.
 */
export function languagesOf(declared: readonly LanguageClaim[], text: string, rules: Rules): LanguageClaim[] {
  const script = scriptOf(text);
  if (script !== undefined) {
    const sharers = SHARERS[script] ?? [script];
    const plausible = declared.filter(({ value }) => sharers.includes(primary(value)));
    const own = { value: ownLanguage(script, text), from: 'page' as const };
    return plausible.length > 0 ? [...plausible, ...rest(declared, plausible)] : [own, ...declared];
  }
  if (isSurely(declared[0], text, rules)) return [...declared];
  const counts = wordCounts(text, rules, WORD_SAMPLE_CHARS);
  const countOf = (language: string): number => counts.get(LISTED_AS[language] ?? language) ?? 0;
  const [best, most = 0] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const isListed = (language: string) =>
    (rules.words['functionWords'] ?? []).some((entry) => entry.startsWith(`${LISTED_AS[language] ?? language}=`));
  // A declared language of another script is as wrong as can be; one that no list knows may be right.
  const isOutvoted = ({ value }: LanguageClaim): boolean =>
    most >= OUTVOTING_WORDS &&
    countOf(primary(value)) * 3 < most &&
    (isListed(primary(value)) ||
      SCRIPTS.some(([language]) => SHARERS[language]?.includes(primary(value)) ?? language === primary(value)));
  const standing = declared.filter((claim) => !isOutvoted(claim));
  if (standing.length > 0) return [...standing, ...rest(declared, standing)];
  return best !== undefined && most >= ENOUGH_WORDS ? [{ value: best, from: 'page' }, ...declared] : [...declared];
}

/** Whether the beginning alone holds so many words of the declared language that no other can outvote it. */
function isSurely(claim: LanguageClaim | undefined, text: string, rules: Rules): boolean {
  if (!claim) return false;
  const language = primary(claim.value);
  const counts = wordCounts(text, rules, SHORT_SAMPLE_CHARS);
  return (counts.get(LISTED_AS[language] ?? language) ?? 0) >= OUTVOTING_WORDS;
}

const rest = (all: readonly LanguageClaim[], taken: readonly LanguageClaim[]): LanguageClaim[] =>
  all.filter((claim) => !taken.includes(claim));
