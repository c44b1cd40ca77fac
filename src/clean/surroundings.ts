/** What lies before and after a piece in the order of the page: how far the headline and the prose are, and what its neighbours look like. */
import { HEADING, linkPercent, type Judged } from './evidence.ts';
import type { Verdict } from './judge.ts';
import { endsSentence } from './measure-text.ts';
import type { Places } from './place.ts';

const NEIGHBOURS = [-3, -2, -1, 1, 2, 3] as const;
const BESIDE = ['before3', 'before2', 'before1', 'after1', 'after2', 'after3'] as const;
const OF_NEIGHBOUR = ['Chars', 'LinkPercent', 'Shape', 'IsBody', 'IsRelative'] as const;

/** In the order in which `Sequence.write` writes them. */
export const SEQUENCE_FEATURES = [
  'positionPermille',
  'fromHeadline',
  'fromFirst',
  'fromLast',
  'fromFirstLong',
  'fromLastLong',
  'charsBeforePermille',
  'longBeforePermille',
  'toLongBefore',
  'toLongAfter',
  'sinceHeading',
  'meanCharsAround',
  'meanLinkPercentAround',
  'bodyAround',
  ...BESIDE.flatMap((side) => OF_NEIGHBOUR.map((what) => `${side}${what}` as const)),
] as const;

const FAR = 200;
const clamp = (distance: number): number => Math.max(-FAR, Math.min(FAR, distance));

/** p, heading, list item or cell, the rest; doubled and one more where it ends like a sentence. */
function shapeOf({ piece }: Judged): number {
  const { name } = piece.element;
  const kind = name === 'p' ? 3 : HEADING.test(name) ? 2 : /^(?:li|td|th|tr|dd|dt)$/.test(name) ? 1 : 0;
  return kind * 2 + (endsSentence(piece.text) ? 1 : 0);
}

export class Sequence {
  readonly #judged: readonly Judged[];
  readonly #headline: number;
  readonly #first: number;
  readonly #last: number;
  readonly #firstLong: number;
  readonly #lastLong: number;
  readonly #charsBefore: Int32Array;
  readonly #longBefore: Int32Array;
  readonly #linksBefore: Int32Array;
  readonly #bodyBefore: Int32Array;
  readonly #shapes: Uint8Array;
  readonly #toLongAfter: Int32Array;
  #longAt = -FAR;
  #longBeforeAt = -FAR;
  #headingAt = -FAR;
  #headingBeforeAt = -FAR;

  constructor({ judged, headline, first, last }: Verdict, places: Places) {
    this.#judged = judged;
    this.#headline = headline?.piece.index ?? -1;
    this.#first = first;
    this.#last = last;
    const inMost = ({ isLong, area }: Judged) => isLong && places.isInMost(area);
    this.#firstLong = judged.findIndex(inMost);
    this.#lastLong = judged.findLastIndex(inMost);
    const count = judged.length;
    this.#charsBefore = new Int32Array(count + 1);
    this.#longBefore = new Int32Array(count + 1);
    this.#linksBefore = new Int32Array(count + 1);
    this.#bodyBefore = new Int32Array(count + 1);
    this.#toLongAfter = new Int32Array(count);
    this.#shapes = Uint8Array.from(judged, shapeOf);
    for (const [i, { piece, isLong, isBody }] of judged.entries()) {
      const add = (sums: Int32Array, more: number) => (sums[i + 1] = (sums[i] as number) + more);
      add(this.#charsBefore, piece.chars);
      add(this.#longBefore, isLong ? piece.chars : 0);
      add(this.#linksBefore, linkPercent(piece));
      add(this.#bodyBefore, isBody ? 1 : 0);
    }
    let next = FAR;
    for (let i = count - 1; i >= 0; i--) {
      this.#toLongAfter[i] = Math.min(FAR, next);
      next = judged[i]?.isLong ? 1 : next + 1;
    }
  }

  /** Every piece must be passed, in order, and before it is written. */
  pass({ piece, isLong }: Judged): void {
    const { index } = piece;
    this.#longBeforeAt = this.#longAt;
    this.#headingBeforeAt = this.#headingAt;
    if (isLong) this.#longAt = index;
    if (HEADING.test(piece.element.name)) this.#headingAt = index;
  }

  write(judged: Judged, row: Int32Array, at: number): void {
    const { index } = judged.piece;
    const count = this.#judged.length;
    const total = this.#charsBefore[count] as number;
    const long = this.#longBefore[count] as number;
    const from = (anchor: number): number => (anchor < 0 ? -FAR : clamp(index - anchor));
    let n = at;
    row[n++] = Math.floor((1000 * index) / count);
    row[n++] = from(this.#headline);
    row[n++] = from(this.#first);
    row[n++] = from(this.#last);
    row[n++] = from(this.#firstLong);
    row[n++] = from(this.#lastLong);
    row[n++] = total === 0 ? 0 : Math.floor((1000 * (this.#charsBefore[index] as number)) / total);
    row[n++] = long === 0 ? 0 : Math.floor((1000 * (this.#longBefore[index] as number)) / long);
    row[n++] = clamp(index - this.#longBeforeAt);
    row[n++] = this.#toLongAfter[index] as number;
    row[n++] = clamp(index - this.#headingBeforeAt);
    n = this.#around(index, row, n);
    for (const step of NEIGHBOURS) n = this.#neighbour(judged, index + step, row, n);
  }

  /** Means over the five pieces before and after. */
  #around(index: number, row: Int32Array, at: number): number {
    const from = Math.max(0, index - 5);
    const to = Math.min(this.#judged.length, index + 6);
    const width = to - from;
    const sum = (sums: Int32Array): number => (sums[to] as number) - (sums[from] as number);
    row[at] = Math.floor(sum(this.#charsBefore) / width);
    row[at + 1] = Math.floor(sum(this.#linksBefore) / width);
    row[at + 2] = sum(this.#bodyBefore);
    return at + 3;
  }

  #neighbour({ area, piece }: Judged, index: number, row: Int32Array, at: number): number {
    const other = this.#judged[index];
    row[at] = other ? other.piece.chars : -1;
    row[at + 1] = other ? linkPercent(other.piece) : -1;
    row[at + 2] = other ? (this.#shapes[index] as number) : -1;
    row[at + 3] = other ? (other.isBody ? 1 : 0) : -1;
    const isSibling = other !== undefined && other.piece.element.parent === piece.element.parent;
    const isCousin = other !== undefined && other.area.parent?.parent === area.parent?.parent;
    row[at + 4] = isSibling ? 2 : isCousin ? 1 : 0;
    return at + 5;
  }
}
