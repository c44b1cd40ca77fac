import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../../src/clean/features.ts';
import { clean } from '../../../src/clean/index.ts';
import { loadRules, type Forest } from '../../../src/core/rules.ts';

const { rules } = loadRules();
const sentence = 'The gauge on the Alder stood at two metres ten on Sunday night, a hand below the wall. ';
const page = `<title>River rises</title><body><main><h1>River rises</h1><p>${sentence.repeat(2)}</p><p>Call 112.</p>
<p>${sentence.repeat(3)}</p><p>${sentence.repeat(2)}</p></main><footer><a href=/imprint>Imprint</a></footer></body>`;
const read = (learned: Forest) =>
  clean(page, { url: 'https://post.example/a', contentType: 'text/html', rules: { ...rules, learned } });
/** One tree with one question. */
const asking = (column: string, threshold: number, no: number, yes: number): Forest => ({
  features: FEATURES,
  base: 0,
  trees: [
    {
      feature: [FEATURES.indexOf(column), -1, -1],
      threshold: [threshold, 0, 0],
      left: [1, 0, 0],
      right: [2, 0, 0],
      value: [0, no, yes],
    },
  ],
});
const bodyOf = (learned: Forest) =>
  read(learned).blocks.filter(({ role, label }) => role === 'article' && label === 'paragraph');

describe('judgeLearned', () => {
  it('has the last word on what is body', () => {
    expect(bodyOf(asking('chars', 20, -40_000, 40_000))).toHaveLength(3);
    expect(bodyOf(asking('chars', 200, -40_000, 40_000))).toHaveLength(1);
    expect(bodyOf(asking('chars', 1, 40_000, 40_000))).toHaveLength(5);
  });
  it.each([
    ['chars', 20, 'learned/text'],
    ['holdsMost60', 0, 'learned/prose'],
    ['fromHeadline', 0, 'learned/order'],
    ['inMain', 0, 'learned/markup'],
    ['ruledBody', 0, 'learned/rules'],
  ])('names %s as its reason, with the weight its confidence is made of', (column, threshold, rule) => {
    const [first] = bodyOf(asking(column, threshold, -40_000, 40_000));
    expect(first?.reasons).toEqual([{ rule, weight: 96 }]);
    expect(first?.confidence).toBe(98);
  });
  it('is as sure as the odds: even odds are 50 per cent', () => {
    const confidence = (odds: number) => bodyOf(asking('chars', 20, -odds, odds))[0]?.confidence;
    expect([0, 4_055, 10_986, 21_972, 90_000].map(confidence)).toEqual([50, 60, 75, 90, 99]);
  });
  it('keeps every character, whatever the trees say', () => {
    const texts = (learned: Forest) => read(learned).blocks.map(({ text }) => text);
    expect(texts(asking('chars', 20, -40_000, 40_000))).toEqual(texts(asking('chars', 1, 40_000, 40_000)));
  });
  it('refuses trees that were taught with other measures', () => {
    const learned = { ...asking('chars', 20, -1, 1), features: FEATURES.slice(1) };
    expect(() => read(learned)).toThrow(expect.objectContaining({ code: 'E_RULES_INVALID' }));
  });
});
