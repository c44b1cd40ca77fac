/**
 * The learned judge. It hears what the rules found and measures every piece; a forest of decision trees, taught with pages whose
 * articles people had marked, then has the last word on what is body. Its reasons are groups of measures.
 */
import { copiesIn } from './copies.ts';
import type { Judged } from './evidence.ts';
import { FEATURE_GROUPS, FEATURES, measurePieces, type PageClaims } from './features.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Forest } from '../core/rules.ts';
import { Grove } from './forest.ts';
import type { Verdict } from './judge.ts';

/** Ten-thousandths of log-odds above which a piece is body. */
const THRESHOLD = 0;
/** Of a piece that the trees are not asked about. */
const SILENT = -(2 ** 30);
/** Of the text that the rules took. */
const LEAST_PERCENT = 30;
const MOST_REASONS = 3;
/** Below it nobody would ask why a piece is no body: one chance in ten. */
const NO_QUESTION = -22_000;
/** Log-odds, in ten-thousandths, from which on a piece is at least so sure: 50 per cent, 51, … 99. */
const STEPS: readonly number[] = [
  0, 400, 800, 1201, 1603, 2007, 2412, 2819, 3228, 3640, 4055, 4473, 4895, 5322, 5754, 6190, 6633, 7082, 7538, 8001,
  8473, 8954, 9445, 9946, 10460, 10986, 11527, 12083, 12657, 13249, 13863, 14500, 15163, 15856, 16582, 17346, 18153,
  19010, 19924, 20907, 21972, 23136, 24423, 25867, 27515, 29444, 31781, 34761, 38918, 45951,
];

/** How sure the trees are of their answer, in per cent from 50 to 99. */
function certainty(margin: number): number {
  const strength = Math.abs(margin);
  let percent = 49;
  for (const step of STEPS) {
    if (strength < step) break;
    percent++;
  }
  return percent;
}

/** Names of the groups in their order, and for each column the index of its own. */
const GROUP_NAMES: readonly string[] = [...new Set(FEATURE_GROUPS)].toSorted((a, b) => (a < b ? -1 : 1));
const GROUP_OF: Uint8Array = Uint8Array.from(FEATURE_GROUPS, (group) => GROUP_NAMES.indexOf(group));

/** Indices of the groups that add most, at most `MOST_REASONS` of those that add anything; of equals the first by name. */
function loudestOf(sums: Int32Array): number[] {
  const loudest: number[] = [];
  while (loudest.length < MOST_REASONS) {
    let best = -1;
    for (let group = 0; group < sums.length; group++) {
      const isLouder = (sums[group] as number) > (best < 0 ? 0 : (sums[best] as number));
      if (isLouder && !loudest.includes(group)) best = group;
    }
    if (best < 0) break;
    loudest.push(best);
  }
  return loudest;
}

/**
 * The groups of measures that spoke loudest for the answer; `shares` are what the groups added. Their weights add up to what the
 * confidence is made of.
 */
function reasonsFor(shares: Int32Array, margin: number): Judged['reasons'] {
  const sign = margin >= THRESHOLD ? 1 : -1;
  const loudest = loudestOf(shares.map((share) => share * sign));
  const sum = loudest.reduce((all, group) => all + Math.abs(shares[group] as number), 0);
  const strength = (certainty(margin) - 50) * 2;
  return loudest.map((group) => ({
    rule: `learned/${GROUP_NAMES[group]}`,
    weight: sign * Math.max(1, Math.floor((strength * Math.abs(shares[group] as number)) / sum)),
  }));
}

/** What the trees say of a piece. */
interface Answer {
  readonly margin: number;
  /** What each group of measures added to it; undefined where nobody would ask. */
  readonly shares: Int32Array | undefined;
}
/** Of a piece that the trees are not asked about. */
const NOT_ASKED: Answer = { margin: SILENT, shares: undefined };

/** Of a piece that the rules took, the reasons are wanted whatever the answer is, so that one walk through the trees gives both. */
function answerOf(grove: Grove, rows: Int32Array, at: number, isBody: boolean): Answer {
  const margin = isBody ? 0 : grove.margin(rows, at);
  if (margin <= NO_QUESTION) return { margin, shares: undefined };
  const shares = new Int32Array(GROUP_NAMES.length);
  return { margin: grove.explain(rows, at, GROUP_OF, shares), shares };
}

const charsOf = (judged: readonly Judged[]): number => judged.reduce((sum, { piece }) => sum + piece.chars, 0);

const groves = new WeakMap<Forest, Grove>();

/** The trees laid out, once for all pages. */
function groveOf(learned: Forest): Grove {
  const known = groves.get(learned);
  if (known) return known;
  if (learned.features.join() !== FEATURES.join())
    throw new TearsheetError(
      'E_RULES_INVALID',
      'expected config/rules/learned.json to be taught with the measures of this version, got others; reinstall Tearsheet, or run npm run train',
    );
  const grove = new Grove(learned);
  groves.set(learned, grove);
  return grove;
}

/** The verdict as the trees see it: which pieces are body, and why. */
export function judgeLearned(verdict: Verdict, claims: PageClaims, learned: Forest): Verdict {
  const grove = groveOf(learned);
  const { judged, headline, end } = verdict;
  const { rows, isOutside } = measurePieces(verdict, claims);
  const width = FEATURES.length;
  // Where a second article or the discussion begins, the trees are not asked: news is read one article at a time.
  const isPastEnd = ({ piece }: Judged): boolean => end >= 0 && piece.index >= end;
  const answers = judged.map((one, i) =>
    one === headline || isOutside[i] || isPastEnd(one) ? NOT_ASKED : answerOf(grove, rows, i * width, one.isBody),
  );
  const isTaken = (i: number): boolean => (answers[i] as Answer).margin >= THRESHOLD;
  // Rules and trees fail on different pages: where the trees leave little of what the rules took, both are believed.
  const ruled = charsOf(judged.filter(({ isBody }) => isBody));
  const isDoubtful = charsOf(judged.filter((_, i) => isTaken(i))) * 100 < ruled * LEAST_PERCENT;
  for (const [i, one] of judged.entries()) {
    const { margin, shares } = answers[i] as Answer;
    if (margin === SILENT || (isDoubtful && one.isBody && !isTaken(i))) continue;
    const isBody = isTaken(i);
    const kept = one.reasons.filter(({ rule, weight }) => weight < 0 && !isBody && rule !== 'body/not-prose');
    one.reasons.splice(0, one.reasons.length, ...kept);
    if (shares) one.reasons.push(...reasonsFor(shares, margin));
    one.isBodyAgainstRules = isBody && !one.isBody;
    one.isBody = isBody;
  }
  for (const copy of copiesIn(judged)) {
    copy.isBody = false;
    copy.reasons.splice(0, copy.reasons.length, { rule: 'body/copy', weight: -60 });
  }
  return withSpan(verdict);
}

const isProse = ({ isBody, isLong }: Judged): boolean => isBody && isLong;

/** First and last piece of the body's prose anew, as the trees have it. */
function withSpan(verdict: Verdict): Verdict {
  const { judged } = verdict;
  const first = judged.findIndex(isProse);
  return first < 0 ? verdict : { ...verdict, first, last: judged.findLastIndex(isProse) };
}
