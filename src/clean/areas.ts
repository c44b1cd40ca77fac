/** The elements around the pieces of a page, measured: how much text each holds, and what its names say it is. */
import type { Element } from 'domhandler';
import { HAS_CLASS, HAS_ID, HAS_ITEMPROP, HAS_ROLE } from './elements.ts';
import { isElement, type PageElement } from './nodes.ts';
import { classHits, type Hit, type Rules } from './rules.ts';
import type { Piece } from './pieces.ts';

const MAX_CLASS_NAMES = 24;
const MAX_NAME_CHARS = 200;

/** One element and what it holds. Lengths are effective characters. A class, as all that holds on to the tree; see `nodes.ts`. */
export class Area {
  /** Those that it is one of. */
  readonly areas: Areas;
  /** In the order in which they were met: parents before children. What others find out of areas they keep in arrays by it. */
  readonly number: number;
  readonly element: Element;
  readonly parent: Area | null;
  readonly depth: number;
  /** It is a menu, or in one. */
  readonly isInMenu: boolean;
  /** What its class, id, role and name say, strongest first. */
  hits: readonly Hit[];
  chars = 0;
  linkChars = 0;
  /** Of long paragraphs. */
  longChars = 0;
  /** First and last piece in it, by index; -1 for none. */
  first = -1;
  last = -1;
  /** Long paragraphs as evidence of an article, a part of each lent by all below. */
  weight = 0;

  constructor(areas: Areas, number: number, element: PageElement, parent: Area | null) {
    this.areas = areas;
    this.number = number;
    this.element = element;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
    this.isInMenu = parent?.isInMenu === true || element.name === 'nav' || roleOf(element) === 'navigation';
    this.hits = areas.hitsOf(element);
  }
}

/** All areas of a page by their elements. */
export class Areas {
  readonly #all: Area[] = [];
  readonly #hitsOfClass = new Map<string, readonly Hit[]>();
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** The area of an element; made, with those around it, at the first call. */
  of(element: Element): Area {
    const page = element as PageElement;
    const known = page.area;
    if (known?.areas === this) return known;
    const { parent } = page;
    const outer = parent && isElement(parent as Element) ? this.of(parent as Element) : null;
    const area = new Area(this, this.#all.length, page, outer);
    page.area = area;
    this.#all.push(area);
    return area;
  }

  /** Counts a piece into every area around it. */
  count(piece: Piece, isLong: boolean): void {
    for (let area: Area | null = this.of(piece.element); area; area = area.parent) {
      area.chars += piece.chars;
      area.linkChars += piece.linkChars;
      if (isLong) area.longChars += piece.chars;
      if (area.first < 0) area.first = piece.index;
      area.last = piece.index;
    }
  }

  /**
   * Forgets rules that most of the page's prose falls under: a name that covers the article says nothing on this page.
   * `isExempt` keeps those that may rightly cover more than half, such as a long discussion under a short article.
   * Names of the whole page cover everything, and are flags: a body with the class `nam-ads` is no advertisement, and an
   * `ad-slot` in it still is one.
   */
  distrust(long: readonly Piece[], isExempt: (hit: Hit) => boolean): void {
    if (long.length === 0) return;
    for (const area of this.#all) if (isWholePage(area) && area.hits.length > 0) area.hits = area.hits.filter(isExempt);
    const charsOfRule = new Map<string, number>();
    let total = 0;
    for (const { element, chars } of long) {
      total += chars;
      const rules = new Set<string>();
      for (let area: Area | null = this.of(element); area; area = area.parent)
        for (const hit of area.hits) if (!isExempt(hit)) rules.add(hit.rule);
      for (const rule of rules) charsOfRule.set(rule, (charsOfRule.get(rule) ?? 0) + chars);
    }
    const distrusted = new Set([...charsOfRule].filter(([, chars]) => chars * 2 >= total).map(([rule]) => rule));
    if (distrusted.size === 0) return;
    for (const area of this.#all) area.hits = area.hits.filter(({ rule }) => !distrusted.has(rule));
  }

  /** What an element's own names say. */
  hitsOf(element: Element): readonly Hit[] {
    const { name, attribs, marks } = element as PageElement;
    const ofClasses = this.#hitsOfClasses((marks & HAS_CLASS) === 0 ? '' : attribs['class']);
    const ofElement = this.#rules.byElement.get(name);
    if (ofElement === undefined && (marks & (HAS_ID | HAS_ITEMPROP | HAS_ROLE)) === 0) return ofClasses;
    const { id, itemprop, role } = attribs;
    let hits = withNew(withNew(ofClasses, this.#hitsOfName(id)), this.#hitsOfName(itemprop));
    if (ofElement) hits = withNew(hits, [ofElement]);
    const ofRole = role === undefined ? undefined : this.#rules.byRole.get(role);
    if (ofRole) hits = withNew(hits, [ofRole]);
    return hits === ofClasses ? hits : strongestFirst(hits);
  }

  /** The same class names stand on one element in three of a page. */
  #hitsOfClasses(spelled = ''): readonly Hit[] {
    const known = this.#hitsOfClass.get(spelled);
    if (known) return known;
    // One class name is one thought: `article-header` must not meet `site` of the next.
    let hits: readonly Hit[] = NO_HITS;
    if (!/\s/.test(spelled)) hits = this.#hitsOfName(spelled);
    else for (const name of spelled.split(/\s+/, MAX_CLASS_NAMES)) hits = withNew(hits, this.#hitsOfName(name));
    const sorted = strongestFirst(hits);
    this.#hitsOfClass.set(spelled, sorted);
    return sorted;
  }

  #hitsOfName(spelled = ''): readonly Hit[] {
    return spelled !== '' && spelled.length < MAX_NAME_CHARS ? classHits(this.#rules, spelled) : NO_HITS;
  }
}

const roleOf = ({ marks, attribs }: PageElement): string | undefined =>
  (marks & HAS_ROLE) === 0 ? undefined : attribs['role'];

const isWholePage = ({ element }: Area): boolean => element.name === 'body' || element.name === 'html';

const NO_HITS: readonly Hit[] = [];

/** Hits and those of `more` whose rules are not among them; itself where there are none, as nearly always. */
function withNew(hits: readonly Hit[], more: readonly Hit[]): readonly Hit[] {
  if (more.length === 0) return hits;
  const fresh = more.filter((hit) => !hits.some(({ rule }) => rule === hit.rule));
  return fresh.length === 0 ? hits : hits.concat(fresh);
}

const strongestFirst = (hits: readonly Hit[]): readonly Hit[] =>
  hits.length < 2 ? hits : hits.toSorted((a, b) => b.weight - a.weight);

/** Whether an area is another one or lies in it. Of two areas around one piece the deeper lies in the other. */
export const isWithin = (inner: Area | null, outer: Area): boolean =>
  inner !== null && inner.depth >= outer.depth && inner.first >= outer.first && inner.first <= outer.last;
