import { describe, expect, it } from 'vitest';
import { Grove } from '../../../src/clean/forest.ts';
import { train, type Settings } from '../../bench/boosting.ts';

const settings: Settings = { trees: 30, leaves: 6, rate: 0.3, leastHessian: 0.5, ridge: 1, featureShare: 1 };
const WIDTH = 3;
const COUNT = 600;
/** Two columns that matter only together, and one that is chance. */
let state = 7;
const features = Int32Array.from({ length: COUNT * WIDTH }, () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return (state >>> 16) % 200;
});
const answers = Uint8Array.from({ length: COUNT }, (_, r) =>
  (features[r * WIDTH] as number) > 90 === (features[r * WIDTH + 1] as number) > 120 ? 1 : 0,
);
const rows = { features, width: WIDTH, answers, weights: new Float64Array(COUNT).fill(1) };
const rightOf = (forest: ReturnType<typeof train>): number => {
  const grove = new Grove(forest);
  return answers.filter((answer, r) => grove.margin(features, r * WIDTH) >= 0 === (answer === 1)).length;
};

describe('train', () => {
  it('learns what no single question tells', () => {
    expect(rightOf(train(rows, ['a', 'b', 'c'], { ...settings, leaves: 2 }))).toBeLessThan(COUNT * 0.8);
    expect(rightOf(train(rows, ['a', 'b', 'c'], settings))).toBeGreaterThan(COUNT * 0.97);
  });
  it('gives the same trees for the same rows, in whole numbers', () => {
    const forest = train(rows, ['a', 'b', 'c'], { ...settings, featureShare: 0.7 });
    expect(train(rows, ['a', 'b', 'c'], { ...settings, featureShare: 0.7 })).toEqual(forest);
    expect(forest.trees.flatMap(({ value, threshold }) => [...value, ...threshold]).every(Number.isInteger)).toBe(true);
  });
  it('grows no more leaves than it may, and hears weights', () => {
    const forest = train(rows, ['a', 'b', 'c'], settings);
    expect(Math.max(...forest.trees.map(({ feature }) => feature.filter((f) => f < 0).length))).toBe(6);
    const weights = rows.weights.map((_, r) => (answers[r] === 1 ? 1_000 : 1));
    expect(train({ ...rows, weights }, ['a', 'b', 'c'], settings).base).toBeGreaterThan(60_000);
  });
});
