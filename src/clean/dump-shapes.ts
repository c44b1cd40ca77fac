/** What single lines of a dump look like: headings of lists, paths, captions, rows of links. */
import type { Label } from '../core/labels.ts';
import type { DumpLine } from './dump-lines.ts';

export type Finding = readonly [label: Label, rule: string, weight: number];

/** Lists whose heading says what the lines below it are. */
export const LISTS: ReadonlySet<Label> = new Set<Label>(['newsfeed', 'most-read', 'related', 'comments']);
const LIST_HEADING_CHARS = 50;
const STORY_TITLE_CHARS = 160;
const TABLE_HEADING_CHARS = 24;

/** A whole line in quotation marks. */
export const QUOTED = /^[«„“"「『»](?:(?![«„“"「『]).)+[»“”"」』«][.!?]?$/u;
/** "＝７日、汐見町": what Japanese papers end a caption with. */
export const JAPANESE_CAPTION = /＝[^。＝]{0,12}\d+日[^。]{0,20}$/u;
export const isPath = ({ bare, isProse }: DumpLine): boolean => !isProse && /\s[>›»→]\s/.test(bare);

/** Whether what follows belongs to a line: its name alone, not a name and what is meant. */
export const isListHeading = ({ bare, level }: DumpLine, label: Label): boolean =>
  LISTS.has(label) && (level > 0 || bare.length <= LIST_HEADING_CHARS) && !/[:：]\s*\S/.test(bare);

export const isStoryTitle = (line: DumpLine | undefined): boolean =>
  line !== undefined && !line.isAlt && line.text.length <= STORY_TITLE_CHARS && !/[.…。]["”»]?$/u.test(line.text);

/** A sentence straight above a credit is a caption, however long. */
export const withoutCaptions = (lines: readonly DumpLine[]): DumpLine[] =>
  lines.map((line, i) =>
    line.isProse && lines[i + 1]?.isCredit && line.text.length <= STORY_TITLE_CHARS
      ? { ...line, isProse: false }
      : line,
  );

/** A short line above the table of addresses is its heading. */
export function isOverAddresses(lines: readonly DumpLine[], i: number): boolean {
  for (let at = i; at <= i + 1; at++) {
    const line = lines[at];
    if (!line || line.text.length > TABLE_HEADING_CHARS || line.hit || line.isProse) return false;
    if (lines[at + 1]?.isAddress) return true;
  }
  return false;
}

/** What a line below the article is; undefined where only the list it stands in can tell. `authors` are the names in the byline. */
export function furnitureOf(line: DumpLine, authors: readonly string[]): Finding | undefined {
  const { text, bare, hit, isCredit, isColumns, isLinks } = line;
  if (/^[\d.,\s]+$/.test(text)) return ['comments', 'dump/counter', 40];
  if (hit) return [hit.label, hit.rule, hit.weight];
  if (isCredit) return ['copyright', 'dump/copyright-sign', 60];
  if (authors.some((name) => bare.startsWith(name) && bare.length > name.length + 10))
    return ['author-bio', 'dump/names-author', 40];
  return isColumns || (isLinks && line.columns.length > 1) ? ['footer', 'dump/row-of-links', 30] : undefined;
}
