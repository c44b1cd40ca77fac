import { describe, expect, it } from 'vitest';
import { bodyText, clean } from '../../../src/clean/index.ts';
import { loadRules } from '../../../src/core/rules.ts';

const { rules } = loadRules();
const sentences = (topic: string): string =>
  `The council spent Thursday on ${topic}, and the vote was closer than anyone had said it would be. Its members meet again in two weeks.`;
const topics = ['the harbour', 'school meals', 'the tram line', 'rents in the old town', 'the summer fair', 'parking'];
const page = (body: string, articleBody: string): string =>
  `<title>Council votes</title><script type="application/ld+json">${JSON.stringify({
    '@type': 'NewsArticle',
    headline: 'Council votes',
    articleBody,
  })}</script><body><article><h1>Council votes</h1>${body}</article></body>`;
const read = (html: string) => clean(html, { url: 'https://post.example/a', contentType: 'text/html', rules });
const paragraphs = topics.map(sentences);
const teaser = [0, 1, 2].map((n) => `<p>${paragraphs[n]}</p>`).join('');

describe('articleInScripts', () => {
  it('finds the article of which the page shows the beginning only, and says what is shown once', () => {
    const long = [
      ...paragraphs,
      ...topics.map((topic) => sentences(`${topic} again`)),
      ...paragraphs.map((p) => `${p} So it was said.`),
    ];
    const reading = read(page(teaser, long.join('\n')));
    expect(bodyText(reading).split('\n')).toEqual([...paragraphs.slice(0, 3), ...long.slice(3)]);
    expect(new Set(reading.blocks.map(({ origin }) => origin))).toEqual(new Set(['page', 'script']));
  });
  it.each([
    ['is the text that the page shows', paragraphs.map((p) => `<p>${p}</p>`).join(''), paragraphs],
    ['is hardly more than that', teaser, paragraphs],
    [
      'stands on the page, taken for something else',
      `${teaser}<div class="comments">${topics.map((t) => `<p>${sentences(`${t} again`)}</p>`).join('')}${topics.map((t) => `<p>${sentences(`${t} once more`)}</p>`).join('')}</div>`,
      [
        ...paragraphs.slice(0, 3),
        ...topics.map((t) => sentences(`${t} again`)),
        ...topics.map((t) => sentences(`${t} once more`)),
      ],
    ],
  ])('leaves the data alone where their text %s', (_, body, linked) => {
    expect(read(page(body, linked.join('\n'))).blocks.every(({ origin }) => origin === 'page')).toBe(true);
  });
});
