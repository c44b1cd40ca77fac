import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../../src/clean/features.ts';
import { bodyText, clean } from '../../../src/clean/index.ts';
import { loadRules } from '../../../src/core/rules.ts';

const { learned: _, ...rules } = loadRules().rules;
const topics = ['harbour', 'ferry', 'tide gauge', 'old pier', 'fish market', 'lighthouse'];
const sentence = (topic: string): string =>
  `Nobody in Port Alder had looked at the ${topic} for years before the storm, and now everybody wants to pay for it.`;
const paragraphs = topics.map((topic) => `<p>${sentence(topic)}</p>`);
/** Trees that take every long text: what the copies are found in. */
const allLong = {
  features: FEATURES,
  base: 0,
  trees: [
    {
      feature: [FEATURES.indexOf('chars'), -1, -1],
      threshold: [60, 0, 0],
      left: [1, 0, 0],
      right: [2, 0, 0],
      value: [0, -30000, 30000],
    },
  ],
};

const body = (inner: string): string[] =>
  bodyText(
    clean(`<title>Storm</title><body><main><h1>Storm</h1>${inner}</main></body>`, {
      url: 'https://post.example/a',
      contentType: 'text/html',
      rules: { ...rules, learned: allLong },
    }),
  ).split('\n');
describe('copiesIn', () => {
  it('keeps the first of two copies of a body', () => {
    const once = paragraphs.join('');
    expect(body(`<div class="desk">${once}</div><div class="phone">${once}</div>`)).toEqual(topics.map(sentence));
  });
  it('leaves a paragraph that the author says twice', () => {
    expect(body([...paragraphs, paragraphs[1], paragraphs[2]].join(''))).toHaveLength(8);
  });
  it('leaves paragraphs that come again in another order', () => {
    expect(body([...paragraphs, paragraphs[4], paragraphs[2], paragraphs[0]].join(''))).toHaveLength(9);
  });
});
