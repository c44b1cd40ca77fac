import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { occurrences } from '../../../src/compare/occurrences.ts';

const naive = (text: string, pattern: string): number => {
  let count = 0;
  for (let at = text.indexOf(pattern); at >= 0; at = text.indexOf(pattern, at + 1)) count++;
  return count;
};

describe('occurrences', () => {
  it('counts as a plain search does, overlapping ones included', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', '港', '\u{1F600}'), { maxLength: 60 })
      .map((parts) => parts.join(''));
    const patterns = fc.array(
      fc.array(fc.constantFrom('a', 'b', '港'), { minLength: 1, maxLength: 20 }).map((parts) => parts.join('')),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(letters, patterns, (text, wanted) => {
        const counts = occurrences(text, wanted);
        for (const pattern of wanted) expect(counts?.get(pattern) ?? 0).toBe(naive(text, pattern));
      }),
      { numRuns: 500 },
    );
  });
  it('finds patterns longer than the hashed prefix that share it', () => {
    const text = 'Paragraphnumber1.Paragraphnumber12.Paragraphnumber1.';
    const counts = occurrences(text, ['Paragraphnumber1.', 'Paragraphnumber12.', 'Paragraphnumber']);
    expect(Object.fromEntries(counts ?? [])).toEqual({
      'Paragraphnumber1.': 2,
      'Paragraphnumber12.': 1,
      Paragraphnumber: 3,
    });
  });
  it('ignores an empty pattern', () => {
    expect(occurrences('abc', [''])?.size).toBe(0);
  });
  it('gives up on a text built to take for ever', () => {
    expect(occurrences('a'.repeat(100_000), ['a'.repeat(5000)])).toBeNull();
  });
});
