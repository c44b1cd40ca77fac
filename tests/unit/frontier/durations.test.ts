import { expect, it } from 'vitest';
import { inWords } from '../../../src/frontier/durations.ts';

const [S, MIN, H, D] = [1_000, 60_000, 3_600_000, 86_400_000];
it.each([
  [0, '0 s'],
  [499, '0 s'],
  [500, '1 s'],
  [59 * S, '59 s'],
  [MIN, '1 min'],
  [90 * S, '1 min 30 s'],
  [15 * MIN, '15 min'],
  [H + 5 * S, '1 h'],
  [2 * H + 30 * MIN + 20 * S, '2 h 30 min'],
  [D + 3 * H + 59 * MIN, '1 d 3 h'],
  [D + 59 * MIN, '1 d'],
  [30 * D, '30 d'],
  [-5, '0 s'],
])('%i ms: %s', (ms, expected) => {
  expect(inWords(ms)).toBe(expected);
});
