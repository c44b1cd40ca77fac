/**
 * A forest of decision trees, asked about rows of whole numbers. All arithmetic is whole, so that every machine gives the same answer.
 */
import { TearsheetError } from '../core/errors.ts';
import type { Forest, Tree } from '../core/rules.ts';

/** A node's column takes its low bits, its left child the others. */
const COLUMN_BITS = 8;
const MAX_COLUMNS = 1 << COLUMN_BITS;
const LEAF = -1;

/** A forest laid out for speed: all nodes of all trees in one list that fits the nearest cache. */
export class Grove {
  readonly features: readonly string[];
  readonly #base: number;
  readonly #roots: Int32Array;
  /** Two numbers a node: where its left child is and which column it asks about, and the threshold; of a leaf `LEAF` and its value. */
  readonly #nodes: Int32Array;
  /** The value of every node, by half its place in `#nodes`. */
  readonly #values: Int32Array;

  /** Throws `E_RULES_INVALID` where the trees are broken: a node that leads nowhere or back, or a column that does not exist. */
  constructor(forest: Forest) {
    this.features = forest.features;
    if (this.features.length > MAX_COLUMNS) throw broken(`${this.features.length} columns, more than ${MAX_COLUMNS}`);
    this.#base = whole(forest.base);
    const count = forest.trees.reduce((sum, { feature }) => sum + feature.length, 0);
    this.#nodes = new Int32Array(count * 2);
    this.#values = new Int32Array(count);
    this.#roots = new Int32Array(forest.trees.length);
    let next = 0;
    for (const [t, tree] of forest.trees.entries()) {
      this.#roots[t] = next * 2;
      next = this.#lay(tree, next);
    }
  }

  /** Lays a tree's nodes out breadth first, so that the two children of a node stand side by side. */
  #lay(tree: Tree, start: number): number {
    const queue = [0];
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at] as number;
      if (queue.length > tree.feature.length) throw broken('a tree whose branches meet');
      const feature = whole(tree.feature[node]);
      const value = whole(tree.value[node]);
      if (feature >= this.features.length) throw broken(`a question about column ${feature}`);
      const left = (start + queue.length) * 2;
      this.#nodes[(start + at) * 2] = feature < 0 ? LEAF : (left << COLUMN_BITS) | feature;
      this.#nodes[(start + at) * 2 + 1] = feature < 0 ? value : whole(tree.threshold[node]);
      this.#values[start + at] = value;
      if (feature >= 0) queue.push(whole(tree.left[node]), whole(tree.right[node]));
    }
    return start + queue.length;
  }

  /** Log-odds of a row, in ten-thousandths. */
  margin(rows: Int32Array, at: number): number {
    const nodes = this.#nodes;
    let sum = this.#base;
    for (const root of this.#roots) {
      let o = root;
      for (let node = nodes[o] as number; node !== LEAF; node = nodes[o] as number) {
        const answer = rows[at + (node & (MAX_COLUMNS - 1))] as number;
        o = (node >> COLUMN_BITS) + (answer <= (nodes[o + 1] as number) ? 0 : 2);
      }
      sum += nodes[o + 1] as number;
    }
    return sum;
  }

  /**
   * The same, and to `shares` what each column added to it: the differences of node values along the ways taken (Saabas 2014).
   * `groupOf` says for each column where in `shares` it is counted.
   */
  explain(rows: Int32Array, at: number, groupOf: Uint8Array, shares: Int32Array): number {
    const nodes = this.#nodes;
    const values = this.#values;
    let sum = this.#base;
    for (const root of this.#roots) {
      let o = root;
      let value = values[o >> 1] as number;
      for (let node = nodes[o] as number; node !== LEAF; node = nodes[o] as number) {
        const column = node & (MAX_COLUMNS - 1);
        o = (node >> COLUMN_BITS) + ((rows[at + column] as number) <= (nodes[o + 1] as number) ? 0 : 2);
        const next = values[o >> 1] as number;
        const group = groupOf[column] as number;
        shares[group] = (shares[group] as number) + next - value;
        value = next;
      }
      sum += value;
    }
    return sum;
  }
}

const broken = (what: string): TearsheetError =>
  new TearsheetError('E_RULES_INVALID', `expected a forest of decision trees, got ${what}; reinstall Tearsheet`);

function whole(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value)) throw broken(`${String(value)} where a whole number belongs`);
  return value;
}
