/** What is known of each piece before it is judged: its length, what it says, whether it is prose. */
import { BOILERPLATE_LABELS, type Label } from '../core/labels.ts';
import type { Area, Areas } from './areas.ts';
import { endsSentence, hasPunctuation } from './measure-text.ts';
import { classHits, phraseHits, type Hit, type Rules } from './rules.ts';
import type { Piece } from './pieces.ts';

const BOILERPLATE: ReadonlySet<Label> = new Set<Label>(BOILERPLATE_LABELS);
/** Parts whose names are taken at their word only if most of the page's prose is elsewhere. */
export const ASIDE_ELEMENTS: ReadonlySet<string> = new Set([
  'aside',
  'nav',
  'footer',
  'form',
  'button',
  'select',
  'dialog',
  'figure',
  'figcaption',
  'noscript',
]);
export const PROSE_ELEMENTS: ReadonlySet<string> = new Set(['p', 'pre', 'blockquote']);
export const HEADING = /^h[1-6]$/;
/** Weight from which a hit decides alone. */
export const STRONG = 45;
/** Of prose, in effective characters: less is no article, and no article's first half. */
export const ENOUGH_PROSE = 250;
/** So many short sentences of one parent are its way of setting prose. */
const MANY_LINES = 8;
/** A block of several short lines, such as buttons. */
const MAX_LINES_CHARS = 160;
/** Prose elsewhere, from which on a menu or the foot of the site is never the article. */
const SOME_PROSE = 150;

/** A piece with what is known of it. A class, as all that holds on to the tree; see `nodes.ts`. */
export class Judged {
  readonly piece: Piece;
  readonly area: Area;
  /** What its text says. */
  readonly says: readonly Hit[];
  /** What the inline element that holds all its text is called. */
  readonly held: readonly Hit[];
  /** A long paragraph with punctuation and few links, wherever it stands. */
  isLong: boolean;
  /** Long, and in no part that is set apart from the article. */
  isProse = false;
  isBody = false;
  /** Body by what was learned, against the rules. */
  isBodyAgainstRules = false;
  /** Why, for and against; weights in per cent. */
  readonly reasons: { rule: string; weight: number }[] = [];

  constructor(piece: Piece, area: Area, says: readonly Hit[], held: readonly Hit[], isLong: boolean) {
    this.piece = piece;
    this.area = area;
    this.says = says;
    this.held = held;
    this.isLong = isLong;
  }
}

export const linkPercent = (piece: Piece): number =>
  piece.chars === 0 ? 0 : Math.floor((100 * piece.linkChars) / piece.chars);
const isBoilerplateHit = (hit: Hit): boolean =>
  BOILERPLATE.has(hit.label) && hit.label !== 'site-header' && hit.label !== 'hidden' && hit.weight >= STRONG;
/** Says that a part is beside the article or around it. */
export const isSideHit = (hit: Hit): boolean =>
  isBoilerplateHit(hit) ||
  ((hit.label === 'caption' || hit.label === 'credit' || hit.label === 'fact-box') && hit.weight >= STRONG);

/** All pieces with their evidence; counts each into the areas around it. */
export function gatherEvidence(pieces: readonly Piece[], areas: Areas, rules: Rules): Judged[] {
  const { longChars = 60, longLinkPercent = 33 } = rules.tunables;
  const judged = pieces.map((piece) => {
    const { name } = piece.element;
    const isLong =
      piece.chars > longChars &&
      linkPercent(piece) < longLinkPercent &&
      hasPunctuation(piece.text) &&
      name !== 'select' &&
      !HEADING.test(name);
    areas.count(piece, isLong);
    const addressed = hitsOfAddress(piece, rules);
    const named = piece.holder ? areas.hitsOf(piece.holder) : NO_HITS;
    const held = addressed.length === 0 ? named : named.concat(addressed);
    return new Judged(piece, areas.of(piece.element), hitsOfText(piece, rules), held, isLong);
  });
  readShortParagraphs(judged);
  return judged;
}

/** What a piece says; of a few short lines, what each says. */
function hitsOfText({ text, chars }: Piece, rules: Rules): readonly Hit[] {
  if (chars > MAX_LINES_CHARS || !text.includes('\n')) return phraseHits(rules, text);
  const hits = [text, ...text.split('\n')].flatMap((line) => phraseHits(rules, line));
  return hits.filter((hit, i) => hits.findIndex(({ rule }) => rule === hit.rule) === i);
}

/** A link to `/subscribe` or `/login` says what it is in whatever language its text is. */
function hitsOfAddress(piece: Piece, rules: Rules): readonly Hit[] {
  const [link, second] = piece.links;
  if (!link || second || piece.chars > 40 || linkPercent(piece) < 80) return NO_HITS;
  const segment = /^(?:https?:\/\/[^/]+)?\/([a-z-]{2,20})\/?(?:[?#].*)?$/i.exec(link.href)?.[1];
  return segment === undefined ? NO_HITS : classHits(rules, segment).filter(({ label }) => ADDRESSED.has(label));
}

const NO_HITS: readonly Hit[] = [];
/** Labels that sites keep an address of their own for. */
const ADDRESSED: ReadonlySet<Label> = new Set<Label>(['subscribe', 'login', 'newsletter']);

/** Dialogue and reportage set line by line: many short whole sentences in p elements of one parent are prose too. */
function readShortParagraphs(judged: readonly Judged[]): void {
  const linesOf = new Map<unknown, Judged[]>();
  for (const one of judged) {
    const { piece, isLong } = one;
    const { parent } = piece.element;
    const isLine =
      !isLong && piece.element.name === 'p' && piece.linkChars === 0 && piece.chars > 8 && endsSentence(piece.text);
    if (!isLine) continue;
    const lines = linesOf.get(parent);
    if (lines) lines.push(one);
    else linesOf.set(parent, [one]);
  }
  for (const lines of linesOf.values()) {
    const chars = lines.reduce((sum, { piece }) => sum + piece.chars, 0);
    if (lines.length < MANY_LINES || chars < ENOUGH_PROSE) continue;
    for (const one of lines) {
      one.isLong = true;
      for (let area: Area | null = one.area; area; area = area.parent) area.longChars += one.piece.chars;
    }
  }
}

/** Marks the prose: long paragraphs in no part set apart by its name or element, `total` being the characters of all long ones. */
export function markProse(judged: readonly Judged[], total: number): void {
  const known = new Map<Area, boolean>();
  const isWithinApart = (area: Area): boolean => {
    const before = known.get(area);
    if (before !== undefined) return before;
    const isSo = isApart(area, total) || (area.parent !== null && isWithinApart(area.parent));
    known.set(area, isSo);
    return isSo;
  };
  for (const one of judged) {
    one.isProse = one.isLong && !isWithinApart(one.area) && !one.says.some((hit) => isSideHit(hit) && hit.weight >= 60);
  }
}

function isApart(area: Area, total: number): boolean {
  const { name } = area.element;
  if (name === 'body' || name === 'html') return false;
  if (/^(?:nav|footer)$/.test(name) && total - area.longChars >= SOME_PROSE) return true;
  return (ASIDE_ELEMENTS.has(name) || area.hits.some(isSideHit)) && area.longChars * 2 < total;
}

/** Most pieces a box with another story has: its picture's text, its title, a line. */
const MAX_BOX_PIECES = 5;
const STORY_TITLE_CHARS = 20;

/** Whether a small part of the page is about another story: it holds a title that is a link, and no prose of the article. */
export function isStoryBox(area: Area, judged: readonly Judged[]): boolean {
  if (area.hits.some(({ label }) => label === 'embed')) return false;
  if (area.first === area.last || area.last - area.first >= MAX_BOX_PIECES) return false;
  let hasTitle = false;
  for (let i = area.first; i <= area.last; i++) {
    const { isBody, piece, says } = judged[i] as Judged;
    if (isBody) return false;
    hasTitle ||= says.length === 0 && linkPercent(piece) >= 80 && piece.chars >= STORY_TITLE_CHARS;
  }
  return hasTitle;
}

export const insideH1 = (area: Area): boolean => {
  for (let outer = area.parent, n = 0; outer && n < 4; outer = outer.parent, n++)
    if (outer.element.name === 'h1') return true;
  return false;
};
