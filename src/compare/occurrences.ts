/** How often a page holds each of many sentences, in one walk over it. */

/** Patterns are first found by a rolling hash of so many of their first UTF-16 units. */
const GRAM = 12;
const BASE = 31;
/**
 * A page built to be slow (one letter a million times) is given up after so many characters looked at; real pages stay below a
 * hundredth. Counted, not timed, so that every machine decides alike.
 */
const BUDGET_CHARS = 200_000_000;

interface Bucket {
  readonly lengths: number[];
  readonly patterns: Set<string>;
}

/** Buckets by length of the hashed prefix, then by its hash. */
function bucketsOf(patterns: Iterable<string>): Map<number, Map<number, Bucket>> {
  const grams = new Map<number, Map<number, Bucket>>();
  for (const pattern of patterns) {
    const gram = Math.min(pattern.length, GRAM);
    if (gram === 0) continue;
    let hash = 0;
    for (let i = 0; i < gram; i++) hash = (Math.imul(hash, BASE) + pattern.charCodeAt(i)) | 0;
    const buckets = grams.get(gram) ?? new Map<number, Bucket>();
    grams.set(gram, buckets);
    const bucket = buckets.get(hash) ?? { lengths: [], patterns: new Set() };
    buckets.set(hash, bucket);
    bucket.patterns.add(pattern);
    if (!bucket.lengths.includes(pattern.length)) bucket.lengths.push(pattern.length);
  }
  return grams;
}

/** Counts what of the bucket stands at `at`; gives the characters looked at. */
function countHere(text: string, at: number, bucket: Bucket, counts: Map<string, number>): number {
  let looked = 0;
  for (const length of bucket.lengths) {
    if (at + length > text.length) continue;
    looked += length;
    const found = text.slice(at, at + length);
    if (bucket.patterns.has(found)) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  return looked;
}

/**
 * For each pattern that `text` holds, how often (overlapping ones all count). Null where the text is built so that counting
 * would take unbounded time.
 */
export function occurrences(text: string, patterns: Iterable<string>): Map<string, number> | null {
  const counts = new Map<string, number>();
  let looked = 0;
  for (const [gram, buckets] of bucketsOf(patterns)) {
    let power = 1;
    for (let i = 1; i < gram; i++) power = Math.imul(power, BASE);
    let hash = 0;
    for (let end = 0; end < text.length; end++) {
      if (end >= gram) hash = (hash - Math.imul(text.charCodeAt(end - gram), power)) | 0;
      hash = (Math.imul(hash, BASE) + text.charCodeAt(end)) | 0;
      const bucket = end + 1 >= gram ? buckets.get(hash) : undefined;
      if (bucket) looked += countHere(text, end + 1 - gram, bucket, counts);
      if (looked > BUDGET_CHARS) return null;
    }
  }
  return counts;
}
