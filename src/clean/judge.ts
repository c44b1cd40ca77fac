/**
 * Decides which pieces are the article: finds the part of the page that holds most prose, and in it where the article
 * begins and ends. Structure first, so that it works in any language; words only where structure is silent.
 */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin, type Area, type Areas } from './areas.ts';
import { findContainer, isSetInParagraphs } from './container.ts';
import {
  ASIDE_ELEMENTS,
  ENOUGH_PROSE,
  gatherEvidence,
  HEADING,
  insideH1,
  isSideHit,
  linkPercent,
  markProse,
  PROSE_ELEMENTS,
  STRONG,
  type Judged,
} from './evidence.ts';
import { findHeadline } from './headline.ts';
import { endsSentence, likeness, Wordings } from './measure-text.ts';
import type { Hit, Rules } from './rules.ts';
import type { Piece } from './pieces.ts';

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
const LOOSE: ReadonlySet<string> = new Set(['div', 'span', 'section', 'article']);
/** Short paragraphs among longer ones, as in dialogue. */
const SHORT_LINES_REACH = 12;
/** A part of a page no longer than this may be a byline or a date as a whole. */
const MAX_LINE_CHARS = 300;
/** Per cent of words in common with a title: the headline once more. */
const REPEATED_LIKENESS = 81;

/** First and last piece of prose, and where a second article or the discussion begins; -1 for nowhere. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly end: number;
}
export interface Verdict extends Span {
  readonly judged: readonly Judged[];
  readonly headline: Judged | undefined;
  /** The part of the page with the body; null where there is no prose. */
  readonly container: Area | null;
  /** What begins at `end`. */
  readonly endsWith?: 'comments' | 'related';
}
type Reason = Judged['reasons'][number];

class Judge {
  readonly #rules: Rules;
  readonly #judged: readonly Judged[];
  readonly #titles: Wordings;
  readonly #total: number;
  readonly #headline: Judged | undefined;
  #isParagraphed = false;

  constructor(pieces: readonly Piece[], areas: Areas, titles: readonly string[], rules: Rules, sway?: Sway) {
    this.#rules = rules;
    this.#titles = new Wordings(titles);
    this.#judged = gatherEvidence(pieces, areas, rules);
    const long = this.#judged.filter(({ isLong }) => isLong).map(({ piece }) => piece);
    this.#total = long.reduce((sum, { chars }) => sum + chars, 0);
    const headline = findHeadline(this.#judged, titles, this.#total);
    this.#headline = headline;
    // A discussion may be longer than the article above it; its name is doubted only where it covers the headline too.
    const coversHeadline = headline !== undefined && hasAround(headline.area, 'comments');
    areas.distrust(long, (hit) => !isSideHit(hit) || (hit.label === 'comments' && !coversHeadline));
    if (headline) trustHeadline(headline);
    markProse(this.#judged, this.#total);
    sway?.(this.#judged);
  }

  judge(): Verdict {
    const container = findContainer(this.#judged, this.#rules);
    const shared = { judged: this.#judged, headline: this.#headline, container };
    if (!container) return { ...shared, first: -1, last: -1, end: -1 };
    const span = this.#span(container);
    this.#isParagraphed = isSetInParagraphs(container, this.#judged);
    for (const judged of this.#judged) this.#decide(judged, container, span);
    const next = this.#judged[span.end];
    return { ...shared, ...span, ...(next ? { endsWith: isDiscussionHeading(next) ? 'comments' : 'related' } : {}) };
  }

  /** With a headline before most of the container's prose, nothing from before the headline. */
  #span(container: Area): Span {
    let first = -1;
    let last = -1;
    let chars = 0;
    const headlineAt = this.#headline?.piece.index ?? -1;
    const startsAt = this.#isMostlyAfter(headlineAt, container) ? headlineAt : -1;
    for (let i = Math.max(container.first, startsAt); i <= container.last; i++) {
      const judged = this.#judged[i] as Judged;
      const begun = this.#judged[first]?.area;
      if (begun && chars > ENOUGH_PROSE && this.#endsArticle(judged, begun, chars)) return { first, last, end: i };
      if (!judged.isProse || !isWithin(judged.area, container)) continue;
      if (first < 0) first = i;
      last = i;
      chars += judged.piece.chars;
    }
    return { first, last, end: -1 };
  }

  /** The heading of the discussion, or the headline of a second article: nothing below it belongs to this one. */
  #endsArticle(judged: Judged, begun: Area, chars: number): boolean {
    const { piece, area } = judged;
    const headline = this.#headline;
    if (piece.chars > 200) return false;
    if (isDiscussionHeading(judged)) return true;
    if (!headline || judged === headline || !(/^h[12]$/.test(piece.element.name) || insideH1(area))) return false;
    const own = articleAround(area);
    const isOther =
      own !== undefined && !isWithin(headline.area, own) && !isWithin(begun, own) && articleAround(begun) !== undefined;
    return (
      isOther &&
      own.longChars > ENOUGH_PROSE &&
      own.longChars < chars * 2 &&
      likeness(piece.text, headline.piece.text) < 50
    );
  }

  #isMostlyAfter(index: number, container: Area): boolean {
    let before = 0;
    let after = 0;
    for (let i = container.first; i <= container.last; i++) {
      const { isProse, piece } = this.#judged[i] as Judged;
      if (isProse && i < index) before += piece.chars;
      if (isProse && i > index) after += piece.chars;
    }
    return after > before;
  }

  #decide(judged: Judged, container: Area, { first, last, end }: Span): void {
    const { piecesBefore = 3, piecesAfter = 4 } = this.#rules.tunables;
    const { index } = judged.piece;
    const isOutside =
      first < 0 || index < first - piecesBefore || index > last + piecesAfter || (end >= 0 && index >= end);
    if (isOutside || !isWithin(judged.area, container)) return;
    if (judged.isProse && (index < first || index > last)) return;
    const against = this.#against(judged, container);
    judged.isBody = !against && this.#isBodyLike(judged, first, last);
    if (against) judged.reasons.push(against);
    else if (judged.isBody) judged.reasons.push({ rule: 'body/container', weight: judged.isProse ? 45 : 25 });
    else judged.reasons.push({ rule: 'body/not-prose', weight: -30 });
  }

  /** What speaks against a piece inside the container; undefined for nothing. */
  #against(judged: Judged, container: Area): Reason | undefined {
    const { piece, says } = judged;
    const isSentence = endsSentence(piece.text) && piece.element.name === 'p';
    const said = says.find(
      (hit) =>
        // "No." is a button's word, and an answer.
        (isSideHit(hit) && !(isSentence && hit.rule === 'ui/word')) ||
        (ARTICLE.has(hit.label) && hit.label !== 'correction' && piece.chars < 160 && !isSentence),
    );
    if (said) return { rule: said.rule, weight: -said.weight };
    for (let area: Area | null = judged.area; area && area !== container; area = area.parent) {
      // Most of the page's prose is in it: whatever it is called, it is the article.
      if (area.longChars * 2 >= this.#total) continue;
      const { chars } = area;
      const named = area.hits.find((hit) => isSideHit(hit) || (isLineHit(hit) && chars < MAX_LINE_CHARS));
      if (named) return { rule: named.rule, weight: -named.weight };
      if (ASIDE_ELEMENTS.has(area.element.name)) return { rule: 'body/aside-element', weight: -60 };
    }
    return this.#titles.likeness(piece.text, REPEATED_LIKENESS) > 0
      ? { rule: 'headline/repeated', weight: -60 }
      : undefined;
  }

  #isBodyLike({ piece, isProse }: Judged, first: number, last: number): boolean {
    const { name } = piece.element;
    if (this.#isParagraphed && LOOSE.has(name) && !this.#hasParagraphBeside(piece)) return false;
    if (isProse) return true;
    const links = linkPercent(piece);
    const isInside = piece.index > first && piece.index < last;
    if (HEADING.test(name)) return isInside && links < 60;
    if (piece.cells) return links < 60 && piece.index >= first - 1;
    if (/^(?:li|dd|dt|td|th)$/.test(name)) return links < 50 && (isInside || piece.chars > 30);
    if (links >= 40 && links >= (piece.text.split(/\s+/).length > 20 ? 70 : 40)) return false;
    if (piece.chars >= 40 || endsSentence(piece.text)) return true;
    const isBold = piece.strongChars * 10 >= piece.chars * 8;
    return isInside && (isBold || (name === 'p' && links === 0 && this.#isAmongProse(piece)));
  }

  #hasParagraphBeside(piece: Piece): boolean {
    const { element } = piece;
    const near = this.#judged.slice(Math.max(0, piece.index - 4), piece.index + 5);
    return near.some(({ isProse, piece: other }) => {
      const isRelative = other.element.parent === element.parent || other.element.parent === element;
      return isProse && other !== piece && PROSE_ELEMENTS.has(other.element.name) && isRelative;
    });
  }

  /** Whether a short line stands among paragraphs: prose of the same parent close by, before and after. */
  #isAmongProse({ element, index }: Piece): boolean {
    const isSibling = ({ isProse, piece }: Judged) => isProse && piece.element.parent === element.parent;
    const before = this.#judged.slice(Math.max(0, index - SHORT_LINES_REACH), index).some(isSibling);
    return before && this.#judged.slice(index + 1, index + 1 + SHORT_LINES_REACH).some(isSibling);
  }
}

/** A part that holds the headline and prose is not beside the article, whatever it is called: `usermode thumbs article`. */
function trustHeadline(headline: Judged): void {
  for (let outer = headline.area.parent; outer; outer = outer.parent) {
    if (outer.longChars >= ENOUGH_PROSE && outer.hits.some(isSideHit))
      outer.hits = outer.hits.filter((hit) => !isSideHit(hit));
  }
}

const isLineHit = ({ label, weight }: Hit): boolean =>
  (label === 'byline' || label === 'dateline' || label === 'embed') && weight >= STRONG;

const isDiscussionHeading = ({ piece, says }: Judged): boolean =>
  HEADING.test(piece.element.name) &&
  says.some(({ label, weight, rule }) => label === 'comments' && weight >= 60 && rule.endsWith('/heading'));

const articleAround = (area: Area): Area | undefined => {
  for (let outer: Area | null = area; outer; outer = outer.parent) if (outer.element.name === 'article') return outer;
  return undefined;
};
const hasAround = (area: Area, label: Label): boolean => {
  for (let outer: Area | null = area; outer; outer = outer.parent)
    if (outer.hits.some((hit) => hit.label === label)) return true;
  return false;
};

/** Told what is prose before the article is looked for, by whoever knows the publisher; may say otherwise. */
export type Sway = (judged: readonly Judged[]) => void;

/** Judges the pieces of a page. `titles` are what the page calls itself, without the site's name. */
export const judgePieces = (
  pieces: readonly Piece[],
  areas: Areas,
  titles: readonly string[],
  rules: Rules,
  sway?: Sway,
): Verdict => new Judge(pieces, areas, titles, rules, sway).judge();
