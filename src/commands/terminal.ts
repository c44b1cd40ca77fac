/** Text made fit for a terminal: nothing in it can steer the terminal, and its width is known. */

// Whole sequences first, so that their parameters go with them.
// oxlint-disable-next-line no-control-regex -- finding them is the point
const CSI = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/gu;
// oxlint-disable-next-line no-control-regex -- finding them is the point
const OSC = /(?:\u001b\]|\u009d)[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)/gu;
/** Every control character but the line feed. */
const CONTROLS = /[^\P{Cc}\n]/gu;
/** Embeddings, overrides, isolates and tag characters: they reorder or hide what stands after them. */
const STEERING = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\u{fff9}-\u{fffb}]/gu;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The text without anything that a terminal would obey; line breaks are kept, tabs become spaces. */
export const harmless = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(CSI, '')
    .replace(OSC, '')
    .replace(/\t/gu, ' ')
    .replace(CONTROLS, '')
    .replace(STEERING, '');

/** On one line; right-to-left text is isolated, so that it cannot drag what stands beside it to its other side. */
export function inline(text: string): string {
  const flat = harmless(text).replace(/\s+/gu, ' ').trim();
  return RIGHT_TO_LEFT.test(flat) ? `\u2068${flat}\u2069` : flat;
}

/** The JSON of a value on one line, with what could steer a terminal as escapes: other letters, same value. */
export const jsonLine = (spelled: string): string =>
  spelled.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const NO_CELLS = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** First and last code points that take two cells (Unicode, East Asian Width W and F, and emoji), in order. */
const TWO_CELLS: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
const isWide = (point: number): boolean =>
  point >= 0x1100 && TWO_CELLS.some(([first, last]) => point >= first && point <= last);

/** How many cells of a terminal the text takes; it must hold no colours. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const char of text) {
    const point = char.codePointAt(0) as number;
    if (point < 0x300) cells += point === 0xad ? 0 : 1;
    else if (!NO_CELLS.test(char)) cells += isWide(point) ? 2 : 1;
  }
  return cells;
}

/** What must not begin a line in Chinese and Japanese (closing marks, small kana, full stops). */
const NOT_FIRST = /^[、。，．・：；？！ー」』）】〉》〕”’ぁぃぅぇぉっゃゅょァィゥェォッャュョ]/u;

/** Pieces between which a line may break: words with the space after them, wide characters one by one. */
function pieces(line: string): string[] {
  const out: string[] = [];
  let word = '';
  for (const char of line) {
    if (isWide(char.codePointAt(0) as number)) {
      if (word !== '') out.push(word);
      word = '';
      if (NOT_FIRST.test(char) && out.length > 0) out.push(`${out.pop() as string}${char}`);
      else out.push(char);
    } else {
      word += char;
      if (char === ' ') {
        out.push(word);
        word = '';
      }
    }
  }
  if (word !== '') out.push(word);
  return out;
}

/** A piece wider than a line, cut between the characters a reader sees. */
function cut(piece: string, width: number): string[] {
  const out: string[] = [''];
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(piece)) {
    const last = out.at(-1) as string;
    if (last !== '' && cellsOf(last + segment) > width) out.push(segment);
    else out[out.length - 1] = last + segment;
  }
  return out;
}

/** The text in lines of at most `width` cells; its own line breaks are kept. */
export const wrap = (text: string, width: number): string[] => wrapHarmless(harmless(text), width);

/** The same for a text that is harmless already, and may hold marks of our own that take no cells. */
export function wrapHarmless(text: string, width: number): string[] {
  const limit = Math.max(8, width);
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    let cells = 0;
    const parts = pieces(paragraph).flatMap((piece) =>
      cellsOf(piece.trimEnd()) > limit ? cut(piece, limit) : [piece],
    );
    for (const part of parts) {
      const partCells = cellsOf(part);
      if (line !== '' && cells + cellsOf(part.trimEnd()) > limit) {
        lines.push(line.trimEnd());
        line = '';
        cells = 0;
      }
      line += part;
      cells += partCells;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** At most `width` cells, on one line, with an ellipsis where something was cut, padded to `width` when asked. */
export function fit(text: string, width: number, padded = false): string {
  const flat = harmless(text).replace(/\s+/gu, ' ').trim();
  let kept = flat;
  if (cellsOf(flat) > width) kept = `${(cut(flat, Math.max(1, width - 1))[0] as string).trimEnd()}…`;
  const padding = padded ? ' '.repeat(Math.max(0, width - cellsOf(kept))) : '';
  return `${RIGHT_TO_LEFT.test(kept) ? `\u2068${kept}\u2069` : kept}${padding}`;
}

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  strike: [9, 29],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  grey: [90, 39],
} as const;
export type Style = keyof typeof STYLES;
/** Wraps text in styles, or leaves it alone where colours are off. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

/** Colours only for a person at a terminal who did not refuse them (https://no-color.org). */
export function painter(isTty: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const isColoured = isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  if (!isColoured) return (text) => text;
  return (text, ...styles) =>
    text === ''
      ? text
      : styles.reduce((inner, style) => `\u001b[${STYLES[style][0]}m${inner}\u001b[${STYLES[style][1]}m`, text);
}
