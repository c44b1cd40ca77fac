/**
 * Gradient-boosted decision trees for yes-or-no questions: histograms of binned features, trees grown leaf by leaf where the gain is
 * greatest, logistic loss with Newton steps (Friedman 2001; the leaf-wise growth of LightGBM, Ke et al. 2017). Deterministic: the same rows give
 * the same trees.
 */
import type { Forest, Tree } from '../../src/core/rules.ts';

export interface Rows {
  /** Row by row, `width` whole numbers each. */
  readonly features: Int32Array;
  readonly width: number;
  /** 1 for yes, 0 for no. */
  readonly answers: Uint8Array;
  readonly weights: Float64Array;
}
export interface Settings {
  readonly trees: number;
  readonly leaves: number;
  /** How much of each tree's correction is taken. */
  readonly rate: number;
  /** Least sum of second derivatives in a leaf: some hundredfold of rows that are certain, few that are not. */
  readonly leastHessian: number;
  /** Added to every leaf's sum of second derivatives, so that small leaves say little. */
  readonly ridge: number;
  /** Share of the features that each tree may ask about. */
  readonly featureShare: number;
}

const MAX_BINS = 96;
/** Margins are kept as whole numbers: natural log-odds times this. */
export const SCALE = 10_000;

interface Binned {
  /** Column by column. */
  readonly columns: readonly Uint8Array[];
  /** For each feature the values that end its bins: a row is in the first bin whose edge is not below its value. */
  readonly edges: readonly Int32Array[];
}

function edgesOf(values: Int32Array): Int32Array {
  const sorted = values.toSorted();
  const unique: number[] = [];
  for (const value of sorted) if (value !== unique[unique.length - 1]) unique.push(value);
  if (unique.length <= MAX_BINS) return Int32Array.from(unique);
  const edges: number[] = [];
  for (let bin = 1; bin <= MAX_BINS; bin++) {
    const edge = sorted[Math.min(sorted.length - 1, Math.floor((bin * sorted.length) / MAX_BINS))] as number;
    if (edge !== edges[edges.length - 1]) edges.push(edge);
  }
  return Int32Array.from(edges);
}

function binOf(edges: Int32Array, value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function binned({ features, width, answers }: Rows): Binned {
  const columns: Uint8Array[] = [];
  const edges: Int32Array[] = [];
  for (let f = 0; f < width; f++) {
    const values = new Int32Array(answers.length);
    for (let r = 0; r < values.length; r++) values[r] = features[r * width + f] as number;
    const ends = edgesOf(values);
    edges.push(ends);
    columns.push(Uint8Array.from(values, (value) => binOf(ends, value)));
  }
  return { columns, edges };
}

/** Sums of first and second derivatives, by feature and bin. */
type Histogram = Float64Array;
const PER_FEATURE = MAX_BINS * 2;

interface Leaf {
  readonly rows: Int32Array;
  readonly histogram: Histogram;
  readonly gradient: number;
  readonly hessian: number;
  readonly node: number;
  split?: { readonly feature: number; readonly bin: number; readonly gain: number };
}

class Grower {
  readonly #binned: Binned;
  readonly #gradients: Float64Array;
  readonly #hessians: Float64Array;
  readonly #settings: Settings;
  readonly #chosen: readonly number[];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #value: number[] = [];

  constructor(
    binnedRows: Binned,
    gradients: Float64Array,
    hessians: Float64Array,
    settings: Settings,
    chosen: readonly number[],
  ) {
    this.#binned = binnedRows;
    this.#gradients = gradients;
    this.#hessians = hessians;
    this.#settings = settings;
    this.#chosen = chosen;
  }

  /** Grows a tree over all rows and adds what it says to `margins`. */
  grow(margins: Float64Array): Tree {
    const all = Int32Array.from(margins, (_, r) => r);
    const leaves = [this.#leaf(all, this.#count(all))];
    while (leaves.length < this.#settings.leaves) {
      const best = leaves.reduce((a, b) => ((b.split?.gain ?? 0) > (a.split?.gain ?? 0) ? b : a));
      if (!best.split) break;
      leaves.splice(leaves.indexOf(best), 1, ...this.#split(best, best.split));
    }
    for (const { rows, node } of leaves) {
      const value = (this.#value[node] as number) / SCALE;
      for (const r of rows) margins[r] = (margins[r] as number) + value;
    }
    return {
      feature: this.#feature,
      threshold: this.#threshold,
      left: this.#left,
      right: this.#right,
      value: this.#value,
    };
  }

  #count(rows: Int32Array): Histogram {
    const histogram = new Float64Array(this.#chosen.length * PER_FEATURE);
    for (const [n, feature] of this.#chosen.entries()) {
      const column = this.#binned.columns[feature] as Uint8Array;
      const offset = n * PER_FEATURE;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const at = offset + (column[row] as number) * 2;
        histogram[at] = (histogram[at] as number) + (this.#gradients[row] as number);
        histogram[at + 1] = (histogram[at + 1] as number) + (this.#hessians[row] as number);
      }
    }
    return histogram;
  }

  #leaf(rows: Int32Array, histogram: Histogram): Leaf {
    let gradient = 0;
    let hessian = 0;
    for (let bin = 0; bin < MAX_BINS; bin++) {
      gradient += histogram[bin * 2] as number;
      hessian += histogram[bin * 2 + 1] as number;
    }
    const node = this.#value.length;
    const { rate, ridge } = this.#settings;
    this.#feature.push(-1);
    this.#threshold.push(0);
    this.#left.push(0);
    this.#right.push(0);
    this.#value.push(Math.round((-rate * gradient * SCALE) / (hessian + ridge)));
    const leaf: Leaf = { rows, histogram, gradient, hessian, node };
    const split = this.#bestSplit(leaf);
    return split ? { ...leaf, split } : leaf;
  }

  #bestSplit({ histogram, gradient, hessian }: Leaf): Leaf['split'] {
    const { ridge, leastHessian } = this.#settings;
    const whole = (gradient * gradient) / (hessian + ridge);
    let best: Leaf['split'];
    for (const [n, feature] of this.#chosen.entries()) {
      const bins = (this.#binned.edges[feature] as Int32Array).length;
      let g = 0;
      let h = 0;
      for (let bin = 0; bin < bins - 1; bin++) {
        const at = n * PER_FEATURE + bin * 2;
        g += histogram[at] as number;
        h += histogram[at + 1] as number;
        if (h < leastHessian) continue;
        if (hessian - h < leastHessian) break;
        const rest = gradient - g;
        const gain = (g * g) / (h + ridge) + (rest * rest) / (hessian - h + ridge) - whole;
        if (gain > (best?.gain ?? 1e-6)) best = { feature, bin, gain };
      }
    }
    return best;
  }

  #split(leaf: Leaf, { feature, bin }: NonNullable<Leaf['split']>): [Leaf, Leaf] {
    const column = this.#binned.columns[feature] as Uint8Array;
    const isLeft = (row: number): boolean => (column[row] as number) <= bin;
    const left = leaf.rows.filter(isLeft);
    const right = leaf.rows.filter((row) => !isLeft(row));
    // The larger half's sums are what the smaller leaves of the whole: half the counting.
    const isLeftSmaller = left.length < right.length;
    const smaller = this.#count(isLeftSmaller ? left : right);
    const larger = leaf.histogram.map((sum, i) => sum - (smaller[i] as number));
    this.#feature[leaf.node] = feature;
    this.#threshold[leaf.node] = (this.#binned.edges[feature] as Int32Array)[bin] as number;
    const children: [Leaf, Leaf] = [
      this.#leaf(left, isLeftSmaller ? smaller : larger),
      this.#leaf(right, isLeftSmaller ? larger : smaller),
    ];
    this.#left[leaf.node] = children[0].node;
    this.#right[leaf.node] = children[1].node;
    return children;
  }
}

/** xorshift32: which features a tree may ask about must be the same on every machine. */
function randomNumbers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Trains a forest on `rows`; `tell` hears of every tree. */
export function train(
  rows: Rows,
  names: readonly string[],
  settings: Settings,
  tell: (tree: number) => void = () => {},
): Forest {
  const { answers, weights, width } = rows;
  const table = binned(rows);
  const count = answers.length;
  let yes = 0;
  let all = 0;
  for (let r = 0; r < count; r++) {
    yes += (answers[r] as number) * (weights[r] as number);
    all += weights[r] as number;
  }
  const base = Math.log(yes / (all - yes));
  const margins = new Float64Array(count).fill(base);
  const gradients = new Float64Array(count);
  const hessians = new Float64Array(count);
  const random = randomNumbers(20_260_101);
  const trees: Tree[] = [];
  for (let t = 0; t < settings.trees; t++) {
    for (let r = 0; r < count; r++) {
      const chance = 1 / (1 + Math.exp(-(margins[r] as number)));
      gradients[r] = (weights[r] as number) * (chance - (answers[r] as number));
      hessians[r] = (weights[r] as number) * Math.max(1e-6, chance * (1 - chance));
    }
    const chosen = Array.from({ length: width }, (_, f) => f).filter(() => random() < settings.featureShare);
    trees.push(new Grower(table, gradients, hessians, settings, chosen).grow(margins));
    tell(t + 1);
  }
  return { features: [...names], base: Math.round(base * SCALE), trees };
}
