/**
 * Decides which pieces are the article: finds the part of the page that holds most prose, and in it where the article
 * begins and ends. Structure first, so that it works in any language; words only where structure is silent.
 */
import { ARTICLE_LABELS, BOILERPLATE_LABELS, type Label } from '../core/labels.ts';
import { commonArea, isWithin, type Area, type Areas } from './areas.ts';
import { endsSentence, likeness, punctuationCount, PUNCTUATION } from './measure-text.ts';
import { phraseHits, type Hit, type Rules } from './rules.ts';
import type { Piece } from './segment.ts';

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
const BOILERPLATE: ReadonlySet<Label> = new Set<Label>(BOILERPLATE_LABELS);
/** Parts whose names are taken at their word only if most of the page's prose is elsewhere. */
const ASIDE_ELEMENTS: ReadonlySet<string> = new Set([
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
const PROSE_ELEMENTS: ReadonlySet<string> = new Set(['p', 'pre', 'blockquote']);
const LOOSE: ReadonlySet<string> = new Set(['div', 'span', 'section', 'article']);
const HEADING = /^h[1-6]$/;
const STRONG = 45;
/** So many short sentences of one parent are its way of setting prose. */
const MANY_LINES = 8;
/** Short paragraphs in a row, as in dialogue. */
const SHORT_LINES_REACH = 12;
/** Prose that must stand before a heading that ends the article, in effective characters. */
const ENOUGH_BEFORE_CUT = 250;

/** A piece with what is known of it. */
export interface Judged {
  readonly piece: Piece;
  readonly area: Area;
  /** What its text says. */
  readonly says: readonly Hit[];
  /** What the inline element that holds all its text is called. */
  readonly held: readonly Hit[];
  isLong: boolean;
  readonly isProse: boolean;
  isBody: boolean;
  /** Why, for and against; weights in per cent. */
  readonly reasons: { rule: string; weight: number }[];
}

export interface Verdict {
  readonly judged: readonly Judged[];
  readonly headline: Judged | undefined;
  /** The part of the page with the body; null where there is no prose. */
  readonly container: Area | null;
  readonly first: number;
  readonly last: number;
  /** Where a second article or the discussion begins, and which; -1 for nowhere. */
  readonly end: number;
  readonly endsWith?: Label;
}

const linkPercent = (piece: Piece): number =>
  piece.chars === 0 ? 0 : Math.floor((100 * piece.linkChars) / piece.chars);
const isBoilerplateHit = (hit: Hit): boolean =>
  BOILERPLATE.has(hit.label) && hit.label !== 'site-header' && hit.label !== 'hidden' && hit.weight >= STRONG;
const isSideHit = (hit: Hit): boolean =>
  isBoilerplateHit(hit) ||
  ((hit.label === 'caption' || hit.label === 'credit' || hit.label === 'fact-box') && hit.weight >= STRONG);

/** Whether an area is set apart from the article by its own name or element. `total` is the page's prose. */
function isApart(area: Area, total: number): boolean {
  if (area.element.name === 'body' || area.element.name === 'html') return false;
  // A menu or the foot of the site is never the article while there is any other prose.
  if (/^(?:nav|footer)$/.test(area.element.name) && total - area.longChars >= 150) return true;
  const isNamedApart = ASIDE_ELEMENTS.has(area.element.name) || area.hits.some(isSideHit);
  return isNamedApart && area.longChars * 2 < total;
}

class Judge {
  readonly #rules: Rules;
  readonly #judged: Judged[];
  readonly #apart = new Map<Area, boolean>();
  readonly #total: number;
  /** Whether the container's prose stands in p elements, so that prose in bare divs is something else. */
  #isParagraphed = false;

  constructor(pieces: readonly Piece[], areas: Areas, rules: Rules) {
    this.#rules = rules;
    const { longChars = 60, longLinkPercent = 33 } = rules.tunables;
    this.#judged = pieces.map((piece) => {
      const isLong =
        piece.chars > longChars &&
        linkPercent(piece) < longLinkPercent &&
        PUNCTUATION.test(piece.text) &&
        piece.element.name !== 'select' &&
        !HEADING.test(piece.element.name);
      areas.count(piece, isLong);
      return {
        piece,
        area: areas.of(piece.element),
        says: phraseHits(rules, piece.text),
        held: piece.holder ? areas.hitsOf(piece.holder) : [],
        isLong,
        isProse: false,
        isBody: false,
        reasons: [],
      };
    });
    this.#readShortParagraphs(areas);
    this.#total = this.#judged.reduce((sum, { isLong, piece }) => sum + (isLong ? piece.chars : 0), 0);
  }

  /** Dialogue and reportage set line by line: many short whole sentences in p elements of one parent are prose too. */
  #readShortParagraphs(areas: Areas): void {
    const linesOf = new Map<unknown, Judged[]>();
    for (const judged of this.#judged) {
      const { piece, isLong } = judged;
      const isLine = !isLong && piece.element.name === 'p' && piece.linkChars === 0 && piece.chars > 8 && endsSentence(piece.text);
      if (isLine) linesOf.set(piece.element.parent, [...(linesOf.get(piece.element.parent) ?? []), judged]);
    }
    for (const lines of linesOf.values()) {
      const chars = lines.reduce((sum, { piece }) => sum + piece.chars, 0);
      if (lines.length < MANY_LINES || chars < ENOUGH_BEFORE_CUT) continue;
      for (const judged of lines) {
        judged.isLong = true;
        for (let area: Area | null = areas.of(judged.piece.element); area; area = area.parent) area.longChars += judged.piece.chars;
      }
    }
  }

  judge(titles: readonly string[], areas: Areas): Verdict {
    const headline = this.#findHeadline(titles);
    const long = this.#judged.filter(({ isLong }) => isLong).map(({ piece }) => piece);
    const commentsHoldHeadline = headline !== undefined && hasAround(headline.area, 'comments');
    areas.distrust(long, ({ label }) => label === 'comments' && !commentsHoldHeadline);
    for (const judged of this.#judged) {
      const isProse =
        judged.isLong && !this.#isApart(judged.area) && !judged.says.some((hit) => isSideHit(hit) && hit.weight >= 60);
      Object.assign(judged, { isProse });
    }
    this.#weigh();
    const container = this.#narrow(this.#climb(this.#heaviest()));
    if (!container) return { judged: this.#judged, headline, container: null, first: -1, last: -1, end: -1 };
    const { first, last, end } = this.#span(container, headline);
    this.#isParagraphed = this.#isMostlyParagraphs(container);
    for (const judged of this.#judged) this.#decide(judged, container, first, last, titles);
    return {
      judged: this.#judged,
      headline,
      container,
      first,
      last,
      end,
      ...(end < 0 ? {} : { endsWith: HEADING.test((this.#judged[end] as Judged).piece.element.name) && (this.#judged[end] as Judged).says.some(({ label }) => label === 'comments') ? ('comments' as const) : ('related' as const) }),
    };
  }

  #isApart(area: Area): boolean {
    const known = this.#apart.get(area);
    if (known !== undefined) return known;
    const isSo = isApart(area, this.#total) || (area.parent !== null && this.#isApart(area.parent));
    this.#apart.set(area, isSo);
    return isSo;
  }

  /** The piece most like one of the page's own titles; h1 has the advantage. */
  #findHeadline(titles: readonly string[]): Judged | undefined {
    let best: Judged | undefined;
    let bestScore = 50;
    let proseBefore = 0;
    for (const judged of this.#judged) {
      const { name } = judged.piece.element;
      // A title that most of the prose stands before belongs to a list of other stories.
      if (best && proseBefore * 3 > this.#total) break;
      if (judged.isLong) proseBefore += judged.piece.chars;
      if (judged.piece.chars > 400 || judged.piece.chars < 4) continue;
      const isH1 = name === 'h1' || insideH1(judged.area);
      const like = titles.reduce((most, title) => Math.max(most, likeness(judged.piece.text, title)), 0);
      const score =
        like +
        (isH1 ? 30 : HEADING.test(name) ? 10 : 0) -
        (judged.piece.linkChars * 2 > judged.piece.chars && !isH1 ? 25 : 0);
      if (like > 35 && score > bestScore) [best, bestScore] = [judged, score];
    }
    return (
      best ?? this.#judged.find(({ piece, area }) => (piece.element.name === 'h1' || insideH1(area)) && piece.chars > 8)
    );
  }

  /** Lets every paragraph of prose lend its weight to the areas around it. */
  #weigh(): void {
    const {
      levels = 8,
      levelDecayPercent = 90,
      maxCharsCounted = 600,
      outsideParagraphPercent = 60,
      withoutPunctuationPercent = 30,
    } = this.#rules.tunables;
    for (const { piece, area, isProse } of this.#judged) {
      if (!isProse) continue;
      let weight = Math.min(piece.chars, maxCharsCounted) * 1000;
      if (!PROSE_ELEMENTS.has(piece.element.name)) weight = Math.floor((weight * outsideParagraphPercent) / 100);
      if (punctuationCount(piece.text) * 100 < piece.chars)
        weight = Math.floor((weight * withoutPunctuationPercent) / 100);
      let level = 0;
      for (let outer: Area | null = area.parent; outer && level < levels; outer = outer.parent, level++) {
        outer.weight += weight;
        weight = Math.floor((weight * levelDecayPercent) / 100);
      }
    }
  }

  #heaviest(): Area | null {
    let best: Area | null = null;
    for (const { area, isProse } of this.#judged) {
      if (!isProse) continue;
      for (let outer: Area | null = area.parent; outer; outer = outer.parent)
        if (!best || outer.weight > best.weight) best = outer;
    }
    return best;
  }

  /** Grows the container to its parent while that adds much prose and little else: a body is often split over siblings. */
  #climb(start: Area | null): Area | null {
    const { climbs = 3, climbGainPercent = 25, climbBadPercent = 60 } = this.#rules.tunables;
    let container = start;
    for (let n = 0; container && n < climbs; n++) {
      const { parent } = container;
      // Out of an article or main element there is only furniture.
      if (!parent || parent.element.name === 'html' || /^(?:article|main)$/.test(container.element.name)) break;
      const now = this.#proseIn(container);
      const then = this.#proseIn(parent);
      const isWorthIt =
        (then.prose - now.prose) * 100 > climbGainPercent * now.prose &&
        (then.other - now.other) * 100 < climbBadPercent * (then.prose - now.prose);
      if (isWorthIt) container = parent;
      else if (n === 0 && now.prose === 0) container = parent;
      else break;
    }
    return container;
  }

  /** An article or main element that holds most of the container's prose says where the article ends. */
  #narrow(container: Area | null): Area | null {
    if (!container) return null;
    const { prose } = this.#proseIn(container);
    const proseOf = new Map<Area, number>();
    for (const { area, piece, isProse } of this.#judged) {
      if (!isProse) continue;
      for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
        if (isMainPart(outer)) proseOf.set(outer, (proseOf.get(outer) ?? 0) + piece.chars);
      }
    }
    let best = container;
    for (const [area, chars] of proseOf)
      if (chars * 100 >= prose * 60 && area.depth > best.depth && isWithin(area, container)) best = area;
    return best;
  }

  #proseIn(area: Area): { prose: number; other: number } {
    let prose = 0;
    let other = 0;
    for (let i = area.first; i <= area.last; i++) {
      const { isProse, piece } = this.#judged[i] as Judged;
      if (isProse) prose += piece.chars;
      else other += piece.chars;
    }
    return { prose, other };
  }

  /** First and last piece of prose in the container; with a headline inside or before it, nothing from before the headline. */
  #span(container: Area, headline: Judged | undefined): { first: number; last: number; end: number } {
    let first = -1;
    let last = -1;
    let end = -1;
    let chars = 0;
    const startsAt = headline && this.#isMostlyAfter(headline.piece.index, container) ? headline.piece.index : -1;
    for (let i = container.first; i <= container.last; i++) {
      const judged = this.#judged[i] as Judged;
      if (
        chars > ENOUGH_BEFORE_CUT &&
        i > startsAt &&
        this.#endsArticle(judged, headline, (this.#judged[first] as Judged).area, chars)
      ) {
        end = i;
        break;
      }
      if (!judged.isProse || !isWithin(judged.area, container)) continue;
      if (i < startsAt) continue;
      if (first < 0) first = i;
      last = i;
      chars += judged.piece.chars;
    }
    return { first, last, end };
  }

  /** The heading of the discussion, or the headline of a second article: nothing below it belongs to this one. */
  #endsArticle({ piece, says, area }: Judged, headline: Judged | undefined, begun: Area, chars: number): boolean {
    if (piece.chars > 200) return false;
    if (
      says.some(({ label, weight, rule }) => label === 'comments' && weight >= 60 && rule.endsWith('/heading')) &&
      HEADING.test(piece.element.name)
    )
      return true;
    if (!headline || piece === headline.piece || !(/^h[12]$/.test(piece.element.name) || insideH1(area))) return false;
    const own = articleAround(area);
    return (
      own !== undefined &&
      !isWithin(headline.area, own) &&
      !isWithin(begun, own) &&
      own.longChars > ENOUGH_BEFORE_CUT &&
      own.longChars < chars * 2 &&
      articleAround(begun) !== undefined &&
      likeness(piece.text, headline.piece.text) < 50
    );
  }

  #isMostlyParagraphs(container: Area): boolean {
    let inParagraphs = 0;
    let all = 0;
    for (let i = container.first; i <= container.last; i++) {
      const { isProse, piece } = this.#judged[i] as Judged;
      if (!isProse) continue;
      all += piece.chars;
      if (PROSE_ELEMENTS.has(piece.element.name)) inParagraphs += piece.chars;
    }
    return inParagraphs * 100 >= all * 75;
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

  #decide(judged: Judged, container: Area, first: number, last: number, titles: readonly string[]): void {
    const { piecesBefore = 3, piecesAfter = 4 } = this.#rules.tunables;
    const { piece, area } = judged;
    if (
      first < 0 ||
      piece.index < first - piecesBefore ||
      piece.index > last + piecesAfter ||
      !isWithin(area, container)
    )
      return;
    if (judged.isProse && (piece.index < first || piece.index > last)) return;
    const against = this.#against(judged, container, titles);
    if (against) {
      judged.reasons.push(against);
      return;
    }
    if (!this.#isBodyLike(judged, first, last)) {
      judged.reasons.push({ rule: 'body/not-prose', weight: -30 });
      return;
    }
    judged.isBody = true;
    judged.reasons.push({ rule: 'body/container', weight: judged.isProse ? 45 : 25 });
  }

  /** What speaks against a piece inside the container; undefined for nothing. */
  #against(judged: Judged, container: Area, titles: readonly string[]): { rule: string; weight: number } | undefined {
    const { piece, says } = judged;
    const said = says.find(
      (hit) => isSideHit(hit) || (ARTICLE.has(hit.label) && hit.label !== 'correction' && piece.chars < 160),
    );
    if (said) return { rule: said.rule, weight: -said.weight };
    for (let area: Area | null = judged.area; area && area !== container; area = area.parent) {
      const isMain = area.longChars * 2 >= this.#total;
      if (isMain) continue;
      const named = area.hits.find(
        (hit) =>
          isSideHit(hit) ||
          ((hit.label === 'byline' || hit.label === 'dateline' || hit.label === 'embed') &&
            hit.weight >= STRONG &&
            area !== null &&
            area.chars < 300),
      );
      if (named) return { rule: named.rule, weight: -named.weight };
      if (ASIDE_ELEMENTS.has(area.element.name)) return { rule: 'body/aside-element', weight: -60 };
    }
    if (titles.some((title) => likeness(piece.text, title) > 80)) return { rule: 'headline/repeated', weight: -60 };
    return undefined;
  }

  #hasProseSibling(piece: Piece): boolean {
    const { first, last } = { first: Math.max(0, piece.index - 4), last: piece.index + 5 };
    return this.#judged
      .slice(first, last)
      .some(
        ({ isProse, piece: other }) =>
          isProse &&
          other !== piece &&
          PROSE_ELEMENTS.has(other.element.name) &&
          (other.element.parent === piece.element.parent || other.element.parent === piece.element),
      );
  }

  /** Whether a short line stands among paragraphs: prose of the same parent close by, before and after. */
  #isAmongProse(piece: Piece, reach: number): boolean {
    const isSibling = ({ isProse, piece: other }: Judged) => isProse && other.element.parent === piece.element.parent;
    const before = this.#judged.slice(Math.max(0, piece.index - reach), piece.index).some(isSibling);
    return before && this.#judged.slice(piece.index + 1, piece.index + 1 + reach).some(isSibling);
  }

  #isBodyLike({ piece, isProse }: Judged, first: number, last: number): boolean {
    if (this.#isParagraphed && LOOSE.has(piece.element.name) && !this.#hasProseSibling(piece)) return false;
    if (isProse) return true;
    const { name } = piece.element;
    const links = linkPercent(piece);
    const isInside = piece.index > first && piece.index < last;
    if (HEADING.test(name)) return isInside && links < 60;
    if (piece.cells) return links < 60 && piece.index >= first - 1;
    if (name === 'li' || name === 'dd' || name === 'dt' || name === 'td' || name === 'th')
      return links < 50 && (isInside || piece.chars > 30);
    const words = piece.text.split(/\s+/).length;
    if (links >= (words > 20 ? 70 : 40)) return false;
    if (piece.chars >= 40 || endsSentence(piece.text)) return true;
    if (!isInside) return false;
    return (
      piece.strongChars * 10 >= piece.chars * 8 ||
      (name === 'p' && links === 0 && this.#isAmongProse(piece, SHORT_LINES_REACH))
    );
  }
}

const isMainPart = ({ element }: Area): boolean =>
  element.name === 'article' ||
  element.name === 'main' ||
  element.attribs['role'] === 'main' ||
  /articleBody/.test(element.attribs['itemprop'] ?? '');
const articleAround = (area: Area): Area | undefined => {
  for (let outer: Area | null = area; outer; outer = outer.parent) if (outer.element.name === 'article') return outer;
  return undefined;
};
const hasAround = (area: Area, label: Label): boolean => {
  for (let outer: Area | null = area; outer; outer = outer.parent)
    if (outer.hits.some((hit) => hit.label === label)) return true;
  return false;
};
const insideH1 = (area: Area): boolean => {
  for (let outer = area.parent, n = 0; outer && n < 4; outer = outer.parent, n++)
    if (outer.element.name === 'h1') return true;
  return false;
};

/** Judges the pieces of a page. `titles` are what the page calls itself, without the site's name. */
export function judgePieces(pieces: readonly Piece[], areas: Areas, titles: readonly string[], rules: Rules): Verdict {
  return new Judge(pieces, areas, rules).judge(titles, areas);
}

export { commonArea };
