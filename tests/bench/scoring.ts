/**
 * The metric of the bench page by page, so that differences between two systems can be told from chance. The sums are those of
 * the scorer that lies beside the pages, which has the last word: `quality.ts` says so where the two disagree.
 */

/** Share of a page that was rightly taken, wrongly taken and missed; the three sum to 1, or to 0 where there is nothing at all. */
export interface BodyShares {
  readonly right: number;
  readonly extra: number;
  readonly missed: number;
}
/** Snippets that have to be in the text and those that must not, and how many of either are. */
export interface SnippetCounts {
  readonly wanted: number;
  readonly wantedFound: number;
  readonly unwantedFound: number;
}
export interface PageScore {
  readonly id: string;
  readonly publisher: string;
  readonly body?: BodyShares;
  readonly snippets?: SnippetCounts;
}

/** Scripts whose every character is a token, as words are not parted by spaces. */
const SINGLE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

export const tokensOf = (text: string): string[] =>
  (text.match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []).flatMap((run) => run.replace(SINGLE, ' $& ').split(' ').filter(Boolean));

const SHINGLE = 4;
/** Runs of four tokens, with how often each occurs; a text of fewer is one run. */
export function shinglesOf(text: string): Map<string, number> {
  const tokens = tokensOf(text);
  const counts = new Map<string, number>();
  const last = Math.max(0, tokens.length - SHINGLE);
  for (let i = 0; i <= last && tokens.length > 0; i++) {
    const shingle = tokens.slice(i, i + SHINGLE).join(' ');
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return counts;
}

export function bodyShares(gold: string, predicted: string): BodyShares {
  const wanted = shinglesOf(gold);
  const got = shinglesOf(predicted);
  let [right, extra, missed] = [0, 0, 0];
  for (const [shingle, times] of wanted) {
    const found = Math.min(times, got.get(shingle) ?? 0);
    right += found;
    missed += times - found;
  }
  for (const [shingle, times] of got) extra += Math.max(0, times - (wanted.get(shingle) ?? 0));
  const sum = right + extra + missed || 1;
  return { right: right / sum, extra: extra / sum, missed: missed / sum };
}

const squeezed = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();

export function snippetCounts(
  wanted: readonly string[],
  unwanted: readonly string[],
  predicted: string,
): SnippetCounts {
  const text = squeezed(predicted);
  const found = (snippets: readonly string[]): number => snippets.filter((one) => text.includes(squeezed(one))).length;
  return { wanted: wanted.length, wantedFound: found(wanted), unwantedFound: found(unwanted) };
}

const harmonic = (a: number, b: number): number => (a + b > 0 ? (2 * a * b) / (a + b) : 0);
/** F1 of one page's body. */
export const pageF1 = ({ right, extra, missed }: BodyShares): number =>
  extra === 0 && missed === 0 ? 1 : (2 * right) / (2 * right + extra + missed);

/** What one page adds to the sums that a set's figure is made of; two figures of one shape can be resampled alike. */
type Part = readonly [number, number, number, number];

/** Precision and recall are means over the pages that have any. */
function bodyPart({ right, extra, missed }: BodyShares): Part {
  const [hasTaken, hasWanted] = [right + extra > 0, right + missed > 0];
  return [
    hasTaken ? right / (right + extra) : 0,
    Number(hasTaken),
    hasWanted ? right / (right + missed) : 0,
    Number(hasWanted),
  ];
}
const bodyFigure = ([precision, taken, recall, wanted]: Part): number =>
  harmonic(precision / (taken || 1), recall / (wanted || 1));

const snippetPart = ({ wanted, wantedFound, unwantedFound }: SnippetCounts): Part => [
  wantedFound,
  wanted - wantedFound,
  unwantedFound,
  0,
];
const snippetFigure = ([right, missed, extra]: Part): number => (2 * right) / (2 * right + missed + extra || 1);

export type Measure = 'body' | 'snippets';
const MEASURES: Readonly<
  Record<Measure, readonly [part: (score: PageScore) => Part | undefined, figure: (sums: Part) => number]>
> = {
  body: [({ body }) => body && bodyPart(body), bodyFigure],
  snippets: [({ snippets }) => snippets && snippetPart(snippets), snippetFigure],
};

const NOTHING: Part = [0, 0, 0, 0];
const plus = (a: Part, b: Part): Part => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];

/** F1 over pages: of bodies as means of precision and recall, of snippets over all of them together; null where no page says any. */
export function figureOf(scores: readonly PageScore[], measure: Measure): number | null {
  const [partOf, figure] = MEASURES[measure];
  const parts = scores.map(partOf).filter((part) => part !== undefined);
  return parts.length === 0 ? null : figure(parts.reduce(plus, NOTHING));
}

/** Numbers from 0 up to 1 that are the same on every machine (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Difference {
  /** Figure of the first system less that of the second. */
  readonly difference: number;
  /** Bounds that hold 95 % of the resamples. */
  readonly low: number;
  readonly high: number;
  readonly publishers: number;
}

/**
 * The difference between two systems on the same pages, with a percentile interval: publishers are drawn with replacement, each
 * with all its pages, and both systems are measured on the same draw (Efron & Tibshirani, 1993, §13.3). Null where no page of
 * both has the measure.
 */
export function pairedBootstrap(
  first: readonly PageScore[],
  second: readonly PageScore[],
  measure: Measure,
  { resamples = 2_000, seed = 20_261 }: { readonly resamples?: number; readonly seed?: number } = {},
): Difference | null {
  const [partOf, figure] = MEASURES[measure];
  const others = new Map(second.map((score) => [score.id, score]));
  const byPublisher = new Map<string, [Part, Part]>();
  for (const score of first) {
    const a = partOf(score);
    const other = others.get(score.id);
    const b = other && partOf(other);
    if (!a || !b) continue;
    const [sumA, sumB] = byPublisher.get(score.publisher) ?? [NOTHING, NOTHING];
    byPublisher.set(score.publisher, [plus(sumA, a), plus(sumB, b)]);
  }
  const publishers = [...byPublisher.values()];
  if (publishers.length === 0) return null;
  const differenceOver = (drawn: Iterable<readonly [Part, Part]>): number => {
    let [sumA, sumB] = [NOTHING, NOTHING];
    for (const [a, b] of drawn) [sumA, sumB] = [plus(sumA, a), plus(sumB, b)];
    return figure(sumA) - figure(sumB);
  };
  const next = chance(seed);
  const differences = Array.from({ length: resamples }, () =>
    differenceOver(publishers.map(() => publishers[Math.floor(next() * publishers.length)] as [Part, Part])),
  ).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    differences[Math.min(resamples - 1, Math.max(0, Math.round(share * resamples) - 1))] as number;
  return { difference: differenceOver(publishers), low: at(0.025), high: at(0.975), publishers: publishers.length };
}
