/** Lengths and shapes of text, whatever its script. */

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const MAYBE_DENSE = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\ud840-\ud87f]/;
const DENSE_EXTRA = 1.5;

/** Characters, where one sign of a script without spaces counts as the two and a half letters it stands for. */
export function effectiveLength(text: string): number {
  if (!MAYBE_DENSE.test(text)) return text.length;
  return text.length + Math.floor(DENSE_EXTRA * (text.match(DENSE)?.length ?? 0));
}

export const isBlank = (text: string): boolean => !/\S/.test(text);

/** Runs of white space, no-break spaces too, as one space. */
export const squeeze = (text: string): string => (/[^\S ]|\s\s/.test(text) ? text.replace(/\s+/g, ' ') : text);

const TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+/gu;

/** Words in lower case; of scripts without spaces, signs. */
const tokensOf = (text: string): string[] => text.toLowerCase().match(TOKEN) ?? [];

/** Share of words two texts have in common, 0 to 100. */
export function likeness(a: string, b: string): number {
  const left = new Set(tokensOf(a));
  const right = new Set(tokensOf(b));
  if (left.size === 0 || right.size === 0) return 0;
  let both = 0;
  for (const token of left) if (right.has(token)) both++;
  return Math.floor((100 * both) / (left.size + right.size - both));
}

export const PUNCTUATION = /[.,!?;:…。、，！？；：।॥،؛؟«»“”„"]/u;
const PUNCTUATION_ALL = new RegExp(PUNCTUATION.source, 'gu');
export const punctuationCount = (text: string): number => text.match(PUNCTUATION_ALL)?.length ?? 0;

const FINAL = /[.!?…。！？।॥؟۔]["'”’»«)\]」』】\s]*$/u;
/** Whether a text ends like a sentence. */
export const endsSentence = (text: string): boolean => FINAL.test(text);
