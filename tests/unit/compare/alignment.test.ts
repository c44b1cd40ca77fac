import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestPairs, gapsOf, longestRise } from '../../../src/compare/alignment.ts';

/** By trying every subset. */
const longestByForce = (values: readonly number[]): number => {
  let best = 0;
  for (let subset = 0; subset < 1 << values.length; subset++) {
    const chosen = values.filter((_, index) => subset & (1 << index));
    if (chosen.every((value, index) => index === 0 || value > (chosen[index - 1] as number)))
      best = Math.max(best, chosen.length);
  }
  return best;
};

describe('longestRise', () => {
  it('gives one of the longest rising runs', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30), { maxLength: 10 }), (values) => {
        const kept = [...longestRise(values)].toSorted((x, y) => x - y).map((index) => values[index] as number);
        expect(kept).toEqual(kept.toSorted((x, y) => x - y));
        expect(kept).toHaveLength(longestByForce(values));
      }),
    );
  });
});

describe('gapsOf', () => {
  it('counts the anchors before each place', () => {
    expect(gapsOf(5, [1, 3])).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('bestPairs', () => {
  it('takes the best first and each side once; ties go to the earlier', () => {
    const pairs = bestPairs([
      { pair: [0, 0], score: 0.5 },
      { pair: [0, 1], score: 0.9 },
      { pair: [1, 1], score: 0.8 },
      { pair: [1, 0], score: 0.5 },
    ]);
    expect(pairs).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});
