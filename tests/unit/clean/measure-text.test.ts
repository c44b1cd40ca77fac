import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endsSentence, hasPunctuation, likeness, punctuationCount, Wordings } from '../../../src/clean/measure-text.ts';

const word = fc.constantFrom('the', 'harbour', 'ÖL', 'öl', 'x_1', '12', '港', '口', 'κόσμος', '…');
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
const LIKE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+/gu;

/** As it is defined: words in common among all words of both. */
function defined(a: string, b: string): number {
  const left = new Set(a.toLowerCase().match(LIKE));
  const right = new Set(b.toLowerCase().match(LIKE));
  const both = [...left].filter((one) => right.has(one)).length;
  return left.size === 0 || right.size === 0 ? 0 : Math.floor((100 * both) / (left.size + right.size - both));
}

describe('likeness', () => {
  it('is the share of words in common, whichever text comes first', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(likeness(a, b)).toBe(defined(a, b));
        expect(likeness(b, a)).toBe(defined(a, b));
      }),
    );
  });
  it('is given exactly from the least that is asked for, and as 0 below', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 100 }), (a, b, least) => {
        const share = defined(a, b);
        expect(new Wordings([a]).likeness(b, least)).toBe(share >= least ? share : 0);
      }),
    );
  });
  it('to several texts is that to the one most alike', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), text, fc.integer({ min: 1, max: 100 }), (all, b, least) => {
        const most = Math.max(0, ...all.map((a) => defined(a, b)));
        expect(new Wordings(all).likeness(b, least)).toBe(most >= least ? most : 0);
      }),
    );
  });
});

describe('signs', () => {
  it('end a sentence with nothing but quotes, brackets and spaces behind them', () => {
    const ended = ['Done.', '“Done!” ', 'Done?»', '(So it goes…)', '終わり。」', 'تم؟', 'ተፈጸመ።'];
    const open = ['', 'Done', 'Done:', '.) and', '”', 'v1.0'];
    expect([...ended, ...open].map(endsSentence)).toEqual([...ended.map(() => true), ...open.map(() => false)]);
  });
  it('are counted', () => {
    expect(['', 'no', 'a, b.', '“x”', '、。'].map(punctuationCount)).toEqual([0, 0, 2, 2, 2]);
    expect(['', 'no', 'a, b.', '“x”', '、。'].map(hasPunctuation)).toEqual([false, false, true, true, true]);
  });
});
