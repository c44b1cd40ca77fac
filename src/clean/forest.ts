/**
 * A forest of decision trees, asked about rows of whole numbers. All arithmetic is whole, so that every machine gives the same answer.
 */
import { TearsheetError } from '../core/errors.ts';
import type { Forest, Tree } from '../core/rules.ts';

/** A forest laid out for speed: all nodes of all trees in one list. */
export class Grove {
  readonly features: readonly string[];
  readonly #base: number;
  readonly #roots: Int32Array;
  /** Four numbers a node: column or -1, threshold, left (right follows it by one), value. */
  readonly #nodes: Int32Array;

  /** Throws `E_RULES_INVALID` where the trees are broken: a node that leads nowhere or back, or a column that does not exist. */
  constructor(forest: Forest) {
    this.features = forest.features;
    this.#base = whole(forest.base);
    const count = forest.trees.reduce((sum, { feature }) => sum + feature.length, 0);
    this.#nodes = new Int32Array(count * 4);
    this.#roots = new Int32Array(forest.trees.length);
    let next = 0;
    for (const [t, tree] of forest.trees.entries()) {
      this.#roots[t] = next;
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
      if (feature >= this.features.length) throw broken(`a question about column ${feature}`);
      const o = (start + at) * 4;
      this.#nodes[o] = feature;
      this.#nodes[o + 1] = whole(tree.threshold[node]);
      this.#nodes[o + 2] = feature < 0 ? 0 : (start + queue.length) * 4;
      this.#nodes[o + 3] = whole(tree.value[node]);
      if (feature >= 0) queue.push(whole(tree.left[node]), whole(tree.right[node]));
    }
    return start + queue.length;
  }

  /** Log-odds of a row, in ten-thousandths. */
  margin(rows: Int32Array, at: number): number {
    const nodes = this.#nodes;
    let sum = this.#base;
    for (const root of this.#roots) {
      let o = root * 4;
      for (let f = nodes[o] as number; f >= 0; f = nodes[o] as number) {
        o = (nodes[o + 2] as number) + ((rows[at + f] as number) <= (nodes[o + 1] as number) ? 0 : 4);
      }
      sum += nodes[o + 3] as number;
    }
    return sum;
  }

  /** What each column added to the log-odds of a row: the differences of node values along the ways taken (Saabas 2014). */
  shares(rows: Int32Array, at: number): Int32Array {
    const nodes = this.#nodes;
    const shares = new Int32Array(this.features.length);
    for (const root of this.#roots) {
      let o = root * 4;
      for (let f = nodes[o] as number; f >= 0; f = nodes[o] as number) {
        const before = nodes[o + 3] as number;
        o = (nodes[o + 2] as number) + ((rows[at + f] as number) <= (nodes[o + 1] as number) ? 0 : 4);
        shares[f] = (shares[f] as number) + (nodes[o + 3] as number) - before;
      }
    }
    return shares;
  }
}

const broken = (what: string): TearsheetError =>
  new TearsheetError('E_RULES_INVALID', `expected a forest of decision trees, got ${what}; reinstall Tearsheet`);

function whole(value: number | undefined): number {
  if (value === undefined || !Number.isInteger(value)) throw broken(`${String(value)} where a whole number belongs`);
  return value;
}
