import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markWords } from '../../../src/compare/index.ts';

const spelled = (before: string, after: string): string =>
  markWords(before, after)
    .map(({ in: side, text }) => (side === 'both' ? text : side === 'before' ? `[-${text}-]` : `{+${text}+}`))
    .join('');
const squeezed = (text: string): string => text.replace(/\s+/gu, '');

describe('markWords', () => {
  test.each([
    ['a number', '412 cars crossed', '214 cars crossed', '[-412-]{+214+} cars crossed'],
    ['a word more', 'the bridge', 'the new bridge', 'the {+new +}bridge'],
    ['a word less', 'the new bridge', 'the bridge', 'the [-new -]bridge'],
    ['a word less at the end', 'the bridge opens', 'the bridge', 'the bridge[- opens-]'],
    ['Chinese, by character', '市长周二说', '市长周三说', '市长周[-二-]{+三+}说'],
    ['nothing', 'the bridge', 'the bridge', 'the bridge'],
  ])('lays %s over the old text', (_, before, after, expected) => {
    expect(spelled(before, after)).toBe(expected);
  });

  test('gives back both texts, for any two', () => {
    const text = fc
      .array(fc.constantFrom('one', 'two', ' ', '  ', '.', '新', '闻', 'three'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const marks = markWords(before, after);
        const of = (side: string) =>
          marks
            .filter((mark) => mark.in === 'both' || mark.in === side)
            .map((mark) => mark.text)
            .join('');
        expect(of('after')).toBe(after);
        expect(squeezed(of('before'))).toBe(squeezed(before));
      }),
    );
  });
});
