import { describe, expect, it } from 'vitest';
import { Grove } from '../../../src/clean/forest.ts';
import type { Forest, Tree } from '../../../src/core/rules.ts';

/** Asks whether column 0 is at most 10, and on the right whether column 1 is at most 5. */
const tree: Tree = {
  feature: [0, -1, 1, -1, -1],
  threshold: [10, 0, 5, 0, 0],
  left: [1, 0, 3, 0, 0],
  right: [2, 0, 4, 0, 0],
  value: [100, -2000, 900, 300, 5000],
};
const forest: Forest = { features: ['a', 'b'], base: -50, trees: [tree, tree] };
const rows = Int32Array.from([10, 9, 11, 5, 11, 6]);

describe('Grove', () => {
  it('goes left where a row has at most the threshold, and adds up what the leaves say', () => {
    const grove = new Grove(forest);
    expect([0, 2, 4].map((at) => grove.margin(rows, at))).toEqual([-4050, 550, 9950]);
  });
  it('tells what each column added: from the root to the leaf, and nothing is left over', () => {
    const grove = new Grove(forest);
    const explained = (at: number, groupOf = [0, 1]) => {
      const shares = new Int32Array(2);
      return { margin: grove.explain(rows, at, Uint8Array.from(groupOf), shares), shares: [...shares] };
    };
    expect(explained(0).shares).toEqual([-4200, 0]);
    expect(explained(2).shares).toEqual([1600, -1200]);
    expect(explained(2, [1, 1]).shares).toEqual([0, 400]);
    for (const at of [0, 2, 4]) {
      const { margin, shares } = explained(at);
      expect(margin).toBe(grove.margin(rows, at));
      expect(forest.base + 2 * 100 + shares.reduce((all, share) => all + share, 0)).toBe(margin);
    }
  });
  it.each([
    ['a branch that leads back to the root', { ...tree, left: [0, 0, 3, 0, 0] }],
    ['a branch that leads nowhere', { ...tree, right: [9, 0, 4, 0, 0] }],
    ['a question about a column that does not exist', { ...tree, feature: [2, -1, 1, -1, -1] }],
    ['half a number', { ...tree, threshold: [10.5, 0, 5, 0, 0] }],
    ['a node without its value', { ...tree, value: [100, -2000] }],
    ['an empty tree', { feature: [], threshold: [], left: [], right: [], value: [] }],
  ])('refuses %s', (_, broken) => {
    expect(() => new Grove({ ...forest, trees: [tree, broken] })).toThrow(
      expect.objectContaining({ code: 'E_RULES_INVALID' }),
    );
  });
});
