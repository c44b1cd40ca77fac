/** Where in the page's tree a piece stands: elements around it, and how it lies to the parts that hold most of the prose. */
import type { Label } from '../core/labels.ts';
import type { Area } from './areas.ts';
import { ASIDE_ELEMENTS, HEADING, STRONG, type Judged } from './evidence.ts';

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

/** What of an area every piece in it shares. */
interface Spot {
  readonly area: Area;
  readonly outer: Spot | null;
  /** Bits: article, main, aside element, list, table, quote, figure, header. */
  readonly inside: number;
  /** Levels from the area up to the part with most prose, or to what it shares with it. */
  readonly up: number;
  /** Levels from the part with most prose up to what it shares with the area. */
  readonly down: number;
  readonly isIn40: boolean;
  readonly isIn85: boolean;
  /** For each group of names the highest weight on the way up to the part with most prose. */
  readonly said: Int32Array;
  /** Levels up to the nearest part named as beside the article; 99 for none. */
  readonly sideLevels: number;
  /** Number of its kind: what elements of one name and class are. */
  readonly shape: number;
  /** The same for it within its parent, and within its grandparent. */
  readonly shapes: readonly [own: number, withParent: number, withGrandparent: number];
}

/** The deepest areas that hold given shares of the page's long text. */
function deepestWith(percents: readonly number[], judged: readonly Judged[], total: number): (Area | null)[] {
  const found: (Area | null)[] = percents.map(() => null);
  const least = Math.min(...percents);
  for (const { area, isLong } of judged) {
    if (!isLong) continue;
    for (let outer: Area | null = area; outer; outer = outer.parent) {
      if (outer.longChars * 100 < least * total) continue;
      for (const [n, percent] of percents.entries()) {
        const best = found[n];
        if (outer.longChars * 100 >= percent * total && (!best || outer.depth > best.depth)) found[n] = outer;
      }
      if (outer.longChars * 100 >= 85 * total) break;
    }
  }
  return found;
}

const BIT_OF: ReadonlyMap<string, number> = new Map([
  ['article', 1],
  ['main', 2],
  ...[...ASIDE_ELEMENTS].map((name) => [name, 4] as const),
  ...['ul', 'ol', 'dl'].map((name) => [name, 8] as const),
  ['table', 16],
  ['blockquote', 32],
  ['q', 32],
  ['figure', 64 + 4],
  ['header', 128],
]);
const BITS = [1, 2, 4, 8, 16, 32, 64, 128] as const;
const SILENT = new Int32Array(GROUPS.length);
const SHAPE_CHARS = 60;

/** Numbers for shapes and pairs of them, in the order in which they are met. */
class Shapes {
  readonly #names = new Map<string, number>();
  readonly #pairs = new Map<number, number>();
  /** Long text in the part with most prose, by shape. */
  readonly longChars: number[] = [];

  #fresh(): number {
    return this.longChars.push(0) - 1;
  }

  of({ name, attribs }: Area['element']): number {
    const key = `${name}.${(attribs['class'] ?? '').slice(0, SHAPE_CHARS)}`;
    let shape = this.#names.get(key);
    if (shape === undefined) this.#names.set(key, (shape = this.#fresh()));
    return shape;
  }

  within(inner: number, outer: number): number {
    const key = inner * 2 ** 26 + outer;
    let shape = this.#pairs.get(key);
    if (shape === undefined) this.#pairs.set(key, (shape = this.#fresh()));
    return shape;
  }
}

export class Places {
  /** Long text of the whole page, in effective characters. */
  readonly total: number;
  readonly #spots: Spot[] = [];
  readonly #onPath = new Set<Area>();
  readonly #count: number;
  readonly #most: Area | null;
  readonly #most40: Area | null;
  readonly #most85: Area | null;
  readonly #shapes = new Shapes();
  readonly #alike: number[] = [];
  #inMost = 0;

  constructor(judged: readonly Judged[]) {
    this.#count = judged.length;
    this.total = judged.reduce((sum, { isLong, piece }) => sum + (isLong ? piece.chars : 0), 0);
    const [most85 = null, most = null, most40 = null] = deepestWith([85, 60, 40], judged, this.total);
    this.#most = most;
    this.#most40 = most40;
    this.#most85 = most85;
    for (let outer: Area | null = most; outer; outer = outer.parent) this.#onPath.add(outer);
    const { longChars } = this.#shapes;
    for (const { piece, area, isLong } of judged) {
      const { shape, shapes, down } = this.#spot(area);
      this.#alike[shape] = (this.#alike[shape] ?? 0) + 1;
      if (!isLong || down > 0) continue;
      this.#inMost += piece.chars;
      for (const one of shapes) longChars[one] = (longChars[one] as number) + piece.chars;
    }
  }

  isInMost(area: Area): boolean {
    return this.#most !== null && this.#spot(area).down === 0;
  }

  /** Levels from the part with most prose up to what it shares with an area. */
  levelsFromMost(area: Area): number {
    return this.#spot(area).down;
  }

  #spot(area: Area): Spot {
    const known = this.#spots[area.number];
    if (known) return known;
    const outer = area.parent ? this.#spot(area.parent) : null;
    const isOnPath = this.#onPath.has(area);
    const shape = this.#shapes.of(area.element);
    const withParent = outer ? this.#shapes.within(shape, outer.shape) : shape;
    const spot: Spot = {
      area,
      outer,
      inside: (outer?.inside ?? 0) | (BIT_OF.get(area.element.name) ?? 0),
      up: isOnPath ? 0 : (outer?.up ?? 0) + 1,
      down: isOnPath ? (this.#most?.depth ?? 0) - area.depth : (outer?.down ?? 0),
      isIn40: area === this.#most40 || (outer?.isIn40 ?? false),
      isIn85: area === this.#most85 || (outer?.isIn85 ?? false),
      said: saidOf(area, isOnPath, outer),
      sideLevels: sideLevelsOf(area, isOnPath, outer),
      shape,
      shapes: [shape, withParent, outer ? this.#shapes.within(withParent, outer.outer?.shape ?? 0) : shape],
    };
    this.#spots[area.number] = spot;
    return spot;
  }

  /** Writes the features of `judged` from `at` on. */
  write({ area }: Judged, row: Int32Array, at: number): void {
    const spot = this.#spot(area);
    const { name } = area.element;
    let n = at;
    row[n++] = TAGS.get(name) ?? 0;
    row[n++] = HEADING.test(name) ? Number(name[1]) : 0;
    row[n++] = area.depth;
    for (const bit of BITS) row[n++] = (spot.inside & bit) === 0 ? 0 : 1;
    row[n++] = spot.isIn85 ? 1 : 0;
    row[n++] = this.#most && spot.down === 0 ? 1 : 0;
    row[n++] = spot.isIn40 ? 1 : 0;
    row[n++] = spot.up;
    row[n++] = spot.down;
    for (const weight of spot.said) row[n++] = weight;
    row[n++] = spot.sideLevels;
    n = this.#ancestors(area, row, n);
    const { longChars } = this.#shapes;
    for (const shape of spot.shapes)
      row[n++] = this.#inMost === 0 ? 0 : Math.floor((1000 * (longChars[shape] as number)) / this.#inMost);
    row[n++] = Math.floor((1000 * (this.#alike[spot.shape] ?? 0)) / this.#count);
  }

  #ancestors({ parent }: Area, row: Int32Array, at: number): number {
    const second = parent?.parent ?? null;
    const third = second?.parent ?? null;
    const longPermille = (part: Area | null): number =>
      part && this.total > 0 ? Math.floor((1000 * part.longChars) / this.total) : 0;
    row[at] = longPermille(parent);
    row[at + 1] = longPermille(second);
    row[at + 2] = longPermille(third);
    row[at + 3] = linkPercentOf(parent);
    row[at + 4] = linkPercentOf(second);
    row[at + 5] = linkPercentOf(third);
    row[at + 6] = parent?.chars ?? 0;
    row[at + 7] = second?.chars ?? 0;
    row[at + 8] = parent ? parent.last - parent.first + 1 : 0;
    row[at + 9] = second ? second.last - second.first + 1 : 0;
    return at + 10;
  }
}

const linkPercentOf = (part: Area | null): number =>
  part && part.chars > 0 ? Math.floor((100 * part.linkChars) / part.chars) : 0;

/** What the names of an area and of those around it say; the part with most prose and those around it are not asked. */
function saidOf(area: Area, isOnPath: boolean, outer: Spot | null): Int32Array {
  const before = isOnPath || !outer ? SILENT : outer.said;
  let said = before;
  for (const { label, weight } of area.hits) {
    const group = GROUP_OF.get(label);
    if (group === undefined || weight <= (said[group] as number)) continue;
    if (said === before) said = before.slice();
    said[group] = weight;
  }
  return said;
}

function sideLevelsOf(area: Area, isOnPath: boolean, outer: Spot | null): number {
  const isSide = !isOnPath && area.hits.some(({ label, weight }) => weight >= STRONG && GROUP_OF.has(label));
  return isSide ? 0 : Math.min(99, (outer?.sideLevels ?? 98) + 1);
}
