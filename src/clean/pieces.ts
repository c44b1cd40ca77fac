/** The pieces a page is cut into, and how the text at hand becomes one. */
import type { Element } from 'domhandler';
import type { Media } from '../core/schema.ts';
import { effectiveLength, endsSentence } from './measure-text.ts';

/** Text in one style. */
export interface Run {
  readonly text: string;
  /** Index into the piece's links, -1 outside links. */
  readonly link: number;
  readonly isStrong: boolean;
  readonly isEmphasised: boolean;
  /** Begins after a single line break. */
  readonly isAfterBreak: boolean;
}
export interface PieceLink {
  readonly href: string;
  readonly rel?: string;
  text: string;
}
/** What some runs make. A class, as all that holds on to the tree; see `nodes.ts`. */
export class Piece {
  index = 0;
  /** The innermost block-level element around it. */
  readonly element: Element;
  /** The outermost inline element that holds all of its text, where there is one. */
  readonly holder: Element | undefined = undefined;
  readonly text: string;
  /** Effective length, in characters; a Han, Kana or Thai sign counts 2.5. */
  readonly chars: number;
  readonly runs: readonly Run[];
  readonly links: readonly PieceLink[];
  /** The links that the runs' indices mean; a piece cut from a longer one shares them with the rest. */
  readonly allLinks: readonly PieceLink[];
  readonly linkChars: number;
  readonly strongChars: number;
  /** Texts of a table's row. */
  readonly cells: readonly string[] | undefined;
  /** Pictures and players that stand in it, or between the piece before and it. */
  readonly media: readonly Media[];
  /** An ancestor is marked as not shown (hidden, aria-hidden, display:none, noscript). */
  readonly isHidden: boolean;

  constructor(
    runs: readonly Run[],
    allLinks: readonly PieceLink[],
    element: Element,
    media: readonly Media[],
    isHidden: boolean,
    cells?: readonly string[],
  ) {
    let text = '';
    let linkChars = 0;
    let strongChars = 0;
    for (const [i, run] of runs.entries()) {
      text += run.isAfterBreak && i > 0 ? `\n${run.text}` : run.text;
      if (run.link >= 0) linkChars += effectiveLength(run.text);
      if (run.isStrong) strongChars += effectiveLength(run.text);
    }
    this.element = element;
    this.text = text.trim();
    this.chars = effectiveLength(this.text);
    this.runs = runs;
    this.links = linksOf(runs, allLinks);
    this.allLinks = allLinks;
    this.linkChars = linkChars;
    this.strongChars = strongChars;
    this.cells = cells;
    this.media = media;
    this.isHidden = isHidden;
  }
}

const LONG_LINE = 40;
const SHORT_SENTENCE = 15;

/** A line that is a link is a thing of its own. */
const isAllLinks = (line: readonly Run[] | undefined): boolean =>
  line !== undefined && line.every(({ link, text }) => link >= 0 || text.trim() === '');

/** Two long lines, or two whole sentences of which the first is long. */
function arePartParagraphs(above: string, below: string): boolean {
  if (effectiveLength(above) < LONG_LINE) return false;
  return (
    effectiveLength(below) >= LONG_LINE ||
    (effectiveLength(below) >= SHORT_SENTENCE && endsSentence(above) && endsSentence(below))
  );
}

/**
 * Some editors part paragraphs by a single line break. Two long lines are two paragraphs; verse, addresses and headlines
 * in two lines stay together.
 */
export function splitAtBreaks(runs: readonly Run[]): (readonly Run[])[] {
  if (!runs.some((run) => run.isAfterBreak)) return [runs];
  const lines: Run[][] = [];
  for (const run of runs) {
    if (run.isAfterBreak || lines.length === 0) lines.push([]);
    (lines[lines.length - 1] as Run[]).push(run);
  }
  const texts = lines.map((line) =>
    line
      .map((run) => run.text)
      .join('')
      .trim(),
  );
  const groups: Run[][] = [];
  for (const [i, line] of lines.entries()) {
    const isParted =
      arePartParagraphs(texts[i - 1] ?? '', texts[i] ?? '') || isAllLinks(line) || isAllLinks(lines[i - 1]);
    const group = groups[groups.length - 1];
    // One by one: a line of a hundred thousand runs is too long to be handed over as arguments.
    if (group && !isParted) for (const run of line) group.push(run);
    else groups.push(line);
  }
  return groups;
}

/** Fields that are not always there are set afterwards: spreading them in takes ten times as long. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A part of a piece, made of some of its runs; pictures stay with the first. */
export function partOf(
  { index, allLinks, element, media, isHidden }: Piece,
  runs: readonly Run[],
  isFirst: boolean,
): Piece {
  const part = new Piece(runs, allLinks, element, isFirst ? media : [], isHidden);
  part.index = index;
  return part;
}

const NO_LINKS: readonly PieceLink[] = [];

/** The links that runs stand in, each once; most pieces have one or none. */
function linksOf(runs: readonly Run[], all: readonly PieceLink[]): readonly PieceLink[] {
  const first = runs.find(({ link }) => link >= 0)?.link;
  if (first === undefined) return NO_LINKS;
  if (runs.every(({ link }) => link < 0 || link === first)) return [all[first] as PieceLink];
  const used = new Set<number>();
  for (const { link } of runs) if (link >= 0) used.add(link);
  return [...used].map((i) => all[i] as PieceLink);
}
