/** Which passage of the older reading became which of the newer one. */
import type { Passage } from './fingerprint.ts';
import { tokensOf } from './words.ts';

export type Pair = readonly [before: number, after: number];

/** Per key the places in order. */
function placesByKey(passages: readonly Passage[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const { fingerprint, at } of passages) {
    const list = places.get(fingerprint);
    if (list) list.push(at);
    else places.set(fingerprint, [at]);
  }
  return places;
}

/** Pairs equal passages, the k-th of a kind with the k-th. `unique` holds those whose text stands once in each reading. */
export function matchEqual(
  before: readonly Passage[],
  after: readonly Passage[],
): { readonly pairs: Pair[]; readonly unique: Pair[] } {
  const others = placesByKey(after);
  const pairs: Pair[] = [];
  const unique: Pair[] = [];
  for (const [key, places] of placesByKey(before)) {
    const counterparts = others.get(key) ?? [];
    for (let k = 0; k < Math.min(places.length, counterparts.length); k++) {
      const pair: Pair = [places[k] as number, counterparts[k] as number];
      pairs.push(pair);
      if (places.length === 1 && counterparts.length === 1) unique.push(pair);
    }
  }
  return { pairs, unique };
}

/**
 * Indexes of one longest run of `values` that only grows (patience sorting, n log n). What is not in it has changed places.
 * The values must differ from each other.
 */
export function longestRise(values: readonly number[]): Set<number> {
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    previous.push(low > 0 ? (ends[low - 1] as number) : -1);
    ends[low] = index;
  }
  const kept = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at] as number) kept.add(at);
  return kept;
}

/** For each place of a reading, how many anchors stand before it: equal numbers mean the same gap. */
export function gapsOf(count: number, anchors: readonly number[]): number[] {
  const isAnchor = new Set(anchors);
  let passed = 0;
  return Array.from({ length: count }, (_, at) => {
    const gap = passed;
    if (isAnchor.has(at)) passed++;
    return gap;
  });
}

/** Twice the shared words over all words of both, 0 to 1; a word that stands twice counts twice. */
function likeness(before: readonly string[], after: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of before) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of after) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    shared++;
    left.set(word, count - 1);
  }
  return (2 * shared) / Math.max(1, before.length + after.length);
}

const LIKE_ENOUGH = 0.4;
/** In a gap with more pairs than this, a passage is held only against its nearest neighbours by rank. */
const MAX_GAP_PAIRS = 2500;
const NEIGHBOURS = 5;

/** Labels of which an article has one, so that old and new belong together however little they share. */
const SINGLE = new Set(['headline', 'lead']);

interface Candidate {
  readonly pair: Pair;
  readonly score: number;
}

const wordsOf = ({ block }: Passage): string[] =>
  tokensOf(block.text)
    .map((token) => token.text.toLowerCase())
    .filter((word) => /[\p{L}\p{N}]/u.test(word));

function candidatesOf(before: readonly Passage[], after: readonly Passage[]): Candidate[] {
  const [wordsBefore, wordsAfter] = [before.map(wordsOf), after.map(wordsOf)];
  const isCrowded = before.length * after.length > MAX_GAP_PAIRS;
  const candidates: Candidate[] = [];
  for (const [i, one] of before.entries()) {
    const centre = Math.round((i * after.length) / before.length);
    const from = isCrowded ? Math.max(0, centre - NEIGHBOURS) : 0;
    const to = isCrowded ? Math.min(after.length, centre + NEIGHBOURS + 1) : after.length;
    for (let j = from; j < to; j++) {
      const other = after[j] as Passage;
      const isSingle = one.block.label === other.block.label && SINGLE.has(one.block.label);
      const score = isSingle ? 1 : likeness(wordsBefore[i] as string[], wordsAfter[j] as string[]);
      if (score >= LIKE_ENOUGH) candidates.push({ pair: [one.at, other.at], score });
    }
  }
  return candidates;
}

/** Takes the best pairs first, each passage once; ties go to the earlier ones. */
export function bestPairs(candidates: readonly Candidate[]): Pair[] {
  const ranked = candidates.toSorted((x, y) => y.score - x.score || x.pair[0] - y.pair[0] || x.pair[1] - y.pair[1]);
  const usedBefore = new Set<number>();
  const usedAfter = new Set<number>();
  return ranked
    .map(({ pair }) => pair)
    .filter(([before, after]) => {
      if (usedBefore.has(before) || usedAfter.has(after)) return false;
      usedBefore.add(before);
      usedAfter.add(after);
      return true;
    });
}

function byGap(passages: readonly Passage[], gaps: readonly number[]): Map<number, Passage[]> {
  const grouped = new Map<number, Passage[]>();
  for (const passage of passages) {
    const gap = gaps[passage.at] as number;
    const group = grouped.get(gap);
    if (group) group.push(passage);
    else grouped.set(gap, [passage]);
  }
  return grouped;
}

/** Pairs passages of the same gap that are alike enough to be one passage reworded. */
export function pairAlike(
  before: readonly Passage[],
  after: readonly Passage[],
  gaps: { readonly before: readonly number[]; readonly after: readonly number[] },
): Pair[] {
  const others = byGap(after, gaps.after);
  return [...byGap(before, gaps.before)].flatMap(([gap, passages]) =>
    bestPairs(candidatesOf(passages, others.get(gap) ?? [])),
  );
}
