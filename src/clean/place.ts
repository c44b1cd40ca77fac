/** Where in the page's tree a piece stands: elements around it, and how it lies to the parts that hold most of the prose. */
import type { Label } from '../core/labels.ts';
import type { Area } from './areas.ts';
import { ASIDE_ELEMENTS, STRONG, type Judged } from './evidence.ts';

/** In the order in which `Places.write` writes them. */
export const PLACE_FEATURES = [
  'tag',
  'headingRank',
  'depth',
  'inArticle',
  'inMain',
  'inAsideElement',
  'inList',
  'inTable',
  'inQuote',
  'inFigure',
  'inHeader',
  'holdsMost85',
  'holdsMost60',
  'holdsMost40',
  'levelsToCommon',
  'levelsFromMost',
  'saysComments',
  'saysLists',
  'saysOffers',
  'saysPicture',
  'saysHead',
  'saysBox',
  'saysEmbed',
  'saysTools',
  'sideLevels',
  'longPermille1',
  'longPermille2',
  'longPermille3',
  'linkPercent1',
  'linkPercent2',
  'linkPercent3',
  'chars1',
  'chars2',
  'pieces1',
  'pieces2',
  'likeOwn',
  'likeParent',
  'likeGrandparent',
  'alikePermille',
] as const;

const TAGS: ReadonlyMap<string, number> = new Map(
  [
    'p',
    'div',
    'span',
    'section',
    'article',
    'li',
    'td',
    'th',
    'tr',
    'blockquote',
    'pre',
    'figcaption',
    'dd',
    'dt',
    'button',
    'label',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'a',
    'header',
    'footer',
    'aside',
  ].map((name, n) => [name, n + 1]),
);
/** What parts are called, by what that means for the text in them. */
const GROUPS: readonly (readonly Label[])[] = [
  ['comments', 'reactions', 'chat'],
  ['related', 'most-read', 'newsfeed', 'navigation', 'breadcrumb'],
  ['promo', 'newsletter', 'subscribe', 'ad', 'paywall', 'login', 'consent'],
  ['caption', 'credit'],
  ['byline', 'dateline', 'author-bio'],
  ['fact-box'],
  ['embed'],
  ['share', 'tags', 'footer', 'copyright', 'ui', 'hidden', 'other', 'site-header'],
];
const GROUP_OF: ReadonlyMap<Label, number> = new Map(
  GROUPS.flatMap((labels, n) => labels.map((label) => [label, n] as const)),
);

interface Spot {
  readonly depth: number;
  /** Bits: article, main, aside element, list, table, quote, figure, header. */
  readonly inside: number;
  /** Levels from the area up to the part with most prose, or to what it shares with it. */
  readonly up: number;
  /** Levels from the part with most prose up to what it shares with the area. */
  readonly down: number;
  /** For each group of names the highest weight on the way up to the part with most prose. */
  readonly said: Int32Array;
  /** Levels up to the nearest part named as beside the article; 99 for none. */
  readonly sideLevels: number;
  readonly shape: string;
}

/** The deepest areas that hold given shares of the page's long text. */
function deepestWith(percents: readonly number[], judged: readonly Judged[], total: number): (Area | null)[] {
  const found: (Area | null)[] = percents.map(() => null);
  for (const { area, isLong } of judged) {
    if (!isLong) continue;
    for (let outer: Area | null = area; outer; outer = outer.parent) {
      for (const [n, percent] of percents.entries()) {
        const best = found[n];
        if (outer.longChars * 100 >= percent * total && (!best || outer.depth > best.depth)) found[n] = outer;
      }
      if (outer.longChars * 100 >= 85 * total) break;
    }
  }
  return found;
}

const BITS: readonly (readonly [bit: number, names: ReadonlySet<string>])[] = [
  [1, new Set(['article'])],
  [2, new Set(['main'])],
  [4, ASIDE_ELEMENTS],
  [8, new Set(['ul', 'ol', 'dl'])],
  [16, new Set(['table'])],
  [32, new Set(['blockquote', 'q'])],
  [64, new Set(['figure'])],
  [128, new Set(['header'])],
];

export class Places {
  readonly #spots = new Map<Area, Spot>();
  readonly #onPath = new Set<Area>();
  readonly #total: number;
  readonly #count: number;
  readonly #most: Area | null;
  readonly #most40: Area | null;
  readonly #most85: Area | null;
  /** Long text in the part with most prose, by the shape of what holds it: own, with parent, with grandparent. */
  readonly #shapes = new Map<string, number>();
  readonly #alike = new Map<string, number>();
  #inMost = 0;

  constructor(judged: readonly Judged[]) {
    this.#count = judged.length;
    this.#total = judged.reduce((sum, { isLong, piece }) => sum + (isLong ? piece.chars : 0), 0);
    const [most85 = null, most = null, most40 = null] = deepestWith([85, 60, 40], judged, this.#total);
    this.#most = most;
    this.#most40 = most40;
    this.#most85 = most85;
    for (let outer: Area | null = most; outer; outer = outer.parent) this.#onPath.add(outer);
    for (const { piece, area, isLong } of judged) {
      const spot = this.#spot(area);
      this.#alike.set(spot.shape, (this.#alike.get(spot.shape) ?? 0) + 1);
      if (!isLong || spot.down > 0) continue;
      this.#inMost += piece.chars;
      for (const shape of this.#shapesOf(area)) this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + piece.chars);
    }
  }

  /** Long text of the whole page, in effective characters. */
  get total(): number {
    return this.#total;
  }

  isInMost(area: Area): boolean {
    return this.#most !== null && this.#spot(area).down === 0;
  }

  #shapesOf(area: Area): [string, string, string] {
    const own = this.#spot(area).shape;
    const parent = area.parent ? `${own}<${this.#spot(area.parent).shape}` : own;
    const grand = area.parent?.parent ? `${parent}<${this.#spot(area.parent.parent).shape}` : parent;
    return [own, parent, grand];
  }

  #spot(area: Area): Spot {
    const known = this.#spots.get(area);
    if (known) return known;
    const outer = area.parent ? this.#spot(area.parent) : null;
    const { name, attribs } = area.element;
    let inside = outer?.inside ?? 0;
    for (const [bit, names] of BITS) if (names.has(name)) inside |= bit;
    const isOnPath = this.#onPath.has(area);
    const said = isOnPath || !outer ? new Int32Array(GROUPS.length) : outer.said.slice();
    let sideLevels = Math.min(99, (outer?.sideLevels ?? 98) + 1);
    for (const { label, weight } of area.hits) {
      const group = GROUP_OF.get(label);
      if (group === undefined) continue;
      if (weight > (said[group] as number)) said[group] = weight;
      if (weight >= STRONG && !isOnPath) sideLevels = 0;
    }
    const spot: Spot = {
      depth: area.depth,
      inside,
      up: isOnPath ? 0 : (outer?.up ?? 0) + 1,
      down: isOnPath ? (this.#most?.depth ?? 0) - area.depth : (outer?.down ?? 0),
      said,
      sideLevels,
      shape: `${name}.${(attribs['class'] ?? '').slice(0, 60)}`,
    };
    this.#spots.set(area, spot);
    return spot;
  }

  write({ area }: Judged, row: Int32Array, at: number): void {
    const spot = this.#spot(area);
    const { inside } = spot;
    const { name } = area.element;
    let n = at;
    row[n++] = TAGS.get(name) ?? 0;
    row[n++] = /^h[1-6]$/.test(name) ? Number(name[1]) : 0;
    row[n++] = spot.depth;
    for (const [bit] of BITS) row[n++] = (inside & bit) === 0 ? 0 : 1;
    row[n++] = this.#isIn(area, this.#most85);
    row[n++] = this.#most && spot.down === 0 ? 1 : 0;
    row[n++] = this.#isIn(area, this.#most40);
    row[n++] = spot.up;
    row[n++] = spot.down;
    for (const weight of spot.said) row[n++] = weight;
    row[n++] = spot.sideLevels;
    n = this.#ancestors(area, row, n);
    for (const shape of this.#shapesOf(area))
      row[n++] = this.#inMost === 0 ? 0 : Math.floor((1000 * (this.#shapes.get(shape) ?? 0)) / this.#inMost);
    row[n++] = Math.floor((1000 * (this.#alike.get(spot.shape) ?? 0)) / this.#count);
  }

  #isIn(area: Area, holder: Area | null): number {
    if (!holder) return 0;
    for (let outer: Area | null = area; outer && outer.depth >= holder.depth; outer = outer.parent)
      if (outer === holder) return 1;
    return 0;
  }

  #ancestors(area: Area, row: Int32Array, at: number): number {
    let n = at;
    const parts: (Area | null)[] = [area.parent, area.parent?.parent ?? null, area.parent?.parent?.parent ?? null];
    for (const part of parts)
      row[n++] = part && this.#total > 0 ? Math.floor((1000 * part.longChars) / this.#total) : 0;
    for (const part of parts) row[n++] = part && part.chars > 0 ? Math.floor((100 * part.linkChars) / part.chars) : 0;
    for (const part of parts.slice(0, 2)) row[n++] = part ? part.chars : 0;
    for (const part of parts.slice(0, 2)) row[n++] = part ? part.last - part.first + 1 : 0;
    return n;
  }
}
