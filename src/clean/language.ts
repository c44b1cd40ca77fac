/** The language of a text by its letters: enough for scripts that one language owns, and for the big ones' own letters. */

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
  ['ta', /\p{Script=Tamil}/gu],
  ['te', /\p{Script=Telugu}/gu],
  ['ml', /\p{Script=Malayalam}/gu],
  ['am', /\p{Script=Ethiopic}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
];
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
const ENOUGH_LETTERS = 20;
const SAMPLE_CHARS = 4_000;

/** BCP 47 language of `text`; undefined for Latin script, which too many share, and for too little text. */
export function languageByScript(text: string): string | undefined {
  const sample = text.slice(0, SAMPLE_CHARS);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters < ENOUGH_LETTERS) return undefined;
  for (const [language, pattern] of SCRIPTS) {
    const count = sample.match(pattern)?.length ?? 0;
    // Japanese mixes Kana with Han signs; a few Kana in Chinese are names.
    if (count * 100 < letters * (language === 'ja' ? 10 : 40)) continue;
    return OWN_LETTERS[language]?.find(([, own]) => own.test(sample))?.[0] ?? language;
  }
  return undefined;
}
