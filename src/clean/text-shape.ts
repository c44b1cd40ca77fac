/** What a piece's own text looks like, whatever its language: counts of signs, in one pass. */
import { linkPercent, type Judged } from './evidence.ts';
import { endsSentence } from './measure-text.ts';

/** In the order in which `textShape` writes them. Per cents are of the text's characters. */
export const TEXT_FEATURES = [
  'chars',
  'words',
  'linkPercent',
  'links',
  'strongPercent',
  'emphasisPercent',
  'lines',
  'endsSentence',
  'endsColon',
  'punctuationPermille',
  'commas',
  'sentences',
  'digitPercent',
  'upperPercent',
  'quotes',
  'startsLink',
  'startsBullet',
  'hasCopyright',
  'hasAt',
  'hasAddress',
  'braces',
  'isHidden',
  'pictures',
] as const;

/** Signs beyond this are not looked at: the shape of a paragraph shows in its first lines. */
const MAX_SCANNED = 1500;
const BULLET = /^[•·▪■►▶●○–—*→»>\-✓]/u;

/** Classes of signs: one table look-up a character, since this runs over all text of every page. */
const NONE = 0;
const SPACE = 1;
const DIGIT = 2;
const UPPER = 3;
const COMMA = 4;
const STOP = 5;
const MARK = 6;
const QUOTE = 7;
const COPYRIGHT = 8;
const AT = 9;
const BRACE = 10;
const CLASSES = new Uint8Array(0x10000);
for (let code = 0x30; code <= 0x39; code++) CLASSES[code] = DIGIT;
for (const [from, to] of [
  [0x41, 0x5a],
  [0xc0, 0xde],
  [0x391, 0x3a9],
  [0x400, 0x42f],
  [0x531, 0x556],
] as const)
  for (let code = from; code <= to; code++) CLASSES[code] = UPPER;
const put = (signs: string, kind: number): void => {
  for (const sign of signs) CLASSES[sign.charCodeAt(0)] = kind;
};
put(' \n\t\u00a0', SPACE);
put(',،、，', COMMA);
put('.!?…。！？।॥؟۔։።။។៕', STOP);
put(';:；：؛·', MARK);
put('"“”„«»‹›‘’「」『』《》', QUOTE);
put('©ⓒ', COPYRIGHT);
put('@', AT);
put('{}[]<>=', BRACE);

/** Of the text at hand, by class: made once, since a page has hundreds of texts. */
const counts = new Int32Array(11);

/** Writes the features of `judged` from `at` on. */
export function textShape({ piece }: Judged, row: Int32Array, at: number): void {
  const { text, chars, runs } = piece;
  counts.fill(0);
  const scanned = Math.min(text.length, MAX_SCANNED);
  let lines = 1;
  let sentences = 0;
  for (let i = 0; i < scanned; i++) {
    const code = text.charCodeAt(i);
    const kind = CLASSES[code] as number;
    if (kind === NONE) continue;
    counts[kind] = (counts[kind] as number) + 1;
    if (code === 10) lines++;
    if (kind === STOP) {
      const next = text.charCodeAt(i + 1);
      if (!(next > 32) || next === 160 || code > 0x3000 || CLASSES[next] === QUOTE) sentences++;
    }
  }
  const percent = (count: number): number => (scanned === 0 ? 0 : Math.floor((100 * count) / scanned));
  const of = (kind: number): number => counts[kind] as number;
  let emphasised = 0;
  for (const run of runs) if (run.isEmphasised) emphasised += run.text.length;
  const first = runs.find((run) => run.text.trim() !== '');
  let n = at;
  row[n++] = chars;
  row[n++] = of(SPACE) + 1;
  row[n++] = linkPercent(piece);
  row[n++] = piece.links.length;
  row[n++] = chars === 0 ? 0 : Math.floor((100 * piece.strongChars) / chars);
  row[n++] = text.length === 0 ? 0 : Math.floor((100 * emphasised) / text.length);
  row[n++] = lines;
  row[n++] = endsSentence(text) ? 1 : 0;
  row[n++] = /[:：]$/.test(text) ? 1 : 0;
  row[n++] = scanned === 0 ? 0 : Math.floor((1000 * (of(COMMA) + of(STOP) + of(MARK))) / scanned);
  row[n++] = of(COMMA);
  row[n++] = sentences;
  row[n++] = percent(of(DIGIT));
  row[n++] = percent(of(UPPER));
  row[n++] = of(QUOTE);
  row[n++] = first && first.link >= 0 ? 1 : 0;
  row[n++] = BULLET.test(text) ? 1 : 0;
  row[n++] = of(COPYRIGHT);
  row[n++] = of(AT);
  row[n++] = /https?:\/\/|www\./.test(text) ? 1 : 0;
  row[n++] = of(BRACE);
  row[n++] = piece.isHidden ? 1 : 0;
  row[n++] = piece.media.length;
}
