import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSet } from '../../../src/clean/hash-set.ts';

describe('HashSet', () => {
  it('holds what a Set would, in the order of adding, however often it is emptied and filled', () => {
    const hash = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.integer({ min: 0, max: 5 }).map((n) => n * 4096),
    );
    const reused = new HashSet();
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 300 }), hash, (hashes, other) => {
        reused.clear();
        for (const one of hashes) reused.add(one);
        const set = new Set(hashes);
        expect(Array.from({ length: reused.size }, (_, n) => reused.at(n))).toEqual([...set]);
        expect([other, ...hashes].map((one) => reused.has(one))).toEqual([set.has(other), ...hashes.map(() => true)]);
      }),
    );
  });
});
