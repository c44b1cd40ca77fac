/** Undoes what the program that saved a dump did to its lines: hard wraps, link numbers, Markdown. */
import { squeeze } from './measure-text.ts';

export interface RawLine {
  /** As it stands in the dump, its wraps undone; outer white space cut. */
  readonly raw: string;
  /** The same with one space between words: what becomes a block. */
  readonly text: string;
  readonly path: string;
}

const LINE_END = /\r\n|[\n\r\u2028\u2029\u0085]/;
/** Text browsers wrap at the width of a terminal. */
const MAX_WIDTH = 110;
const MIN_WIDTH = 45;
const WRAPPED_SHARE_PERCENT = 20;
const MIN_WRAPS = 4;
/** How far a justified or hyphen-shy line may fall short of its width. */
const SLACK = 6;
const MAX_WORD_CHARS = 25;

/** Parts a text behind so many lines; what is left is empty where it has no more. */
export function partedBehind(text: string, lines: number): [head: string, rest: string] {
  const ends = new RegExp(LINE_END, 'g');
  for (let n = 0; n < lines; n++) if (!ends.exec(text)) return [text, ''];
  return [text.slice(0, ends.lastIndex), text.slice(ends.lastIndex)];
}

/** The lines of a dump, those that were wrapped made one again; blank ones left out. */
export function rawLines(text: string): RawLine[] {
  const lines = text.split(LINE_END);
  const width = widthOf(lines);
  const found: RawLine[] = [];
  let open = -1;
  for (const [i, line] of lines.entries()) {
    const raw = line.trim();
    if (raw === '') {
      open = -1;
      continue;
    }
    const above = found[open];
    if (above && isWrapped(lines[i - 1] as string, line, width)) {
      const joined = `${above.raw} ${raw}`;
      found[open] = { raw: joined, text: squeeze(joined).trim(), path: above.path };
    } else {
      open = found.push({ raw, text: squeeze(raw).trim(), path: `line[${i + 1}]` }) - 1;
    }
  }
  return found;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Whether `line` goes on with what `above` says: its first word would not have fitted. */
function isWrapped(above: string, line: string, width: number): boolean {
  if (width === 0 || STARTS_ENTRY.test(line.trim())) return false;
  const [word = ''] = line.trim().split(/\s/, 1);
  // Scripts without spaces are not wrapped at words.
  if (word.length > MAX_WORD_CHARS) return false;
  return above.trimEnd().length + 1 + word.length > width - SLACK && indentOf(line) >= indentOf(above);
}

/** An entry of a list begins with its sign, and is never the rest of the line above. */
const STARTS_ENTRY = /^(?:[*+•·o]|\d{1,3}[.)])\s/;

/** The width at which the dump was wrapped; 0 where it was not. */
function widthOf(lines: readonly string[]): number {
  const lengths = lines.map((line) => line.trimEnd().length).filter((length) => length > 0);
  const width = Math.max(0, ...lengths.slice(0, 5_000).filter((length) => length <= MAX_WIDTH));
  if (width < MIN_WIDTH || lengths.some((length) => length > MAX_WIDTH)) return 0;
  let wraps = 0;
  for (const [i, line] of lines.entries())
    if (
      i > 0 &&
      line.trim() !== '' &&
      (lines[i - 1] ?? '').trim() !== '' &&
      isWrapped(lines[i - 1] as string, line, width)
    )
      wraps++;
  return wraps >= MIN_WRAPS && wraps * 100 >= lengths.length * WRAPPED_SHARE_PERCENT ? width : 0;
}

/** What Markdown or a text browser says of a line by signs. */
export interface Marks {
  /** The text without them. */
  readonly bare: string;
  /** Of a heading, 1 to 6; else 0. */
  readonly level: number;
  readonly isQuote: boolean;
  readonly isEntry: boolean;
  readonly isPicture: boolean;
  /** Nothing but links. */
  readonly isLinks: boolean;
  /** The things that stand side by side in it. */
  readonly columns: readonly string[];
}

const HEADING = /^(#{1,6})\s+(?=\S)/;
const QUOTE = /^(?:>\s?)+/;
const ENTRY = /^(?:[-*+•·]|\d{1,3}[.)])\s+/;
const PICTURE = /^!\[([^\]]*)\]\([^)]*\)\s*$/;
const LINK = /\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g;
/** As lynx and links number what can be followed: `[12]News`. */
const LINK_NUMBER = /\[\d{1,4}\](?=\S)/g;
const EMPHASIS = /(\*\*|__|\*|_)(?=\S)([^*_]+?)(?<=\S)\1(?!\p{L})/gu;
const COLUMN = /\t|\s{3,}|\s\|\s/;

export function marksOf(raw: string): Marks {
  const level = HEADING.exec(raw)?.[1]?.length ?? 0;
  const picture = PICTURE.exec(raw);
  const isQuote = level === 0 && QUOTE.test(raw);
  const isEntry = !isQuote && ENTRY.test(raw);
  const inner = picture ? (picture[1] as string) : raw.replace(HEADING, '').replace(QUOTE, '').replace(ENTRY, '');
  const numbers = inner.match(LINK_NUMBER)?.length ?? 0;
  const columns = (numbers > 1 ? inner.replace(LINK_NUMBER, '\t') : inner)
    .replace(LINK, '$1')
    .split(COLUMN)
    .map((column) => column.trim())
    .filter((column) => column !== '');
  const plain = inner.replace(LINK_NUMBER, '').replace(LINK, '$1').replace(EMPHASIS, '$2');
  const rest = inner.replace(LINK, '').replace(/[\s|·•,>›»-]/g, '');
  const isLinks = (rest === '' && inner.includes('](')) || (numbers > 0 && /^\W{0,3}\[\d/.test(inner));
  return { bare: squeeze(plain).trim(), level, isQuote, isEntry, isPicture: picture !== null, isLinks, columns };
}
