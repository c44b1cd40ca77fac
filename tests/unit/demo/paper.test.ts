import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EDIT_KINDS, OUTCOMES } from '../../../src/core/labels.ts';
import { articlesOf, editings, loadPaper } from '../../../src/demo/paper.ts';

const folder = new URL('../../../config/demo/', import.meta.url);
const json = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const words = z.string().min(1);
const notice = z.strictObject({ title: words, text: words });

const ArticleFile = z.strictObject({
  path: z.string().regex(/^\/[a-z]{2}\/.+\.html$/),
  language: z.string().regex(/^[a-z]{2}$/),
  section: z.int().min(0).max(4),
  headline: words,
  lead: words,
  authors: z.array(words).min(1),
  publishedAt: z.iso.datetime({ offset: true }),
  shownDate: words,
  caption: words,
  credit: words,
  tags: z.array(words).min(1),
  validators: z.literal('none').exactOptional(),
  body: z.array(z.union([words, z.strictObject({ heading: words })])).min(6),
});
const FurnitureFile = z.strictObject({
  dir: z.enum(['ltr', 'rtl']),
  language: words,
  tagline: words,
  sections: z.array(words).length(5),
  subscribe: words,
  by: words,
  and: words,
  mediabank: words,
  share: z.array(words).length(3),
  promo: words,
  newsfeed: words,
  wire: z.array(words).length(8),
  mostReadTitle: words,
  mostRead: z.array(words).length(5),
  related: z.array(z.strictObject({ caption: words, headline: words })).length(2),
  ads: z.array(words).length(3),
  ad: words,
  newsletter: z.strictObject({ title: words, text: words, button: words }),
  commentsTitle: words,
  comments: z.array(z.strictObject({ who: words, when: words, text: words })).length(3),
  login: z.array(words).length(2),
  loader: words,
  chats: words,
  placeholder: words,
  cookie: z.strictObject({ text: words, accept: words, reject: words }),
  views: words,
  footer: z.array(words).length(4),
  copyright: words,
  paywall: z.strictObject({ title: words, text: words, button: words }),
  gone: notice,
  missing: notice,
});
const Editing = z.object({
  article: words,
  done: words,
  summary: words,
  expect: z.strictObject({ outcome: z.enum(OUTCOMES), kinds: z.array(z.enum(EDIT_KINDS)), stealth: z.boolean() }),
  change: z.looseObject({ do: z.enum(['replace', 'insert', 'remove', 'correct', 'withdraw', 'wall']) }).exactOptional(),
  modifiedAt: z.iso.datetime({ offset: true }).exactOptional(),
});

describe('config/demo', () => {
  test.each(readdirSync(new URL('articles/', folder)))('articles/%s has the shape of an article', (file) => {
    expect(() => ArticleFile.parse(json(`articles/${file}`))).not.toThrow();
  });
  test.each(readdirSync(new URL('furniture/', folder)))('furniture/%s has all words', (file) => {
    expect(() => FurnitureFile.parse(json(`furniture/${file}`))).not.toThrow();
  });
  test('edition-2.json has one well-formed line for every article', () => {
    expect(() => z.array(Editing).parse(json('edition-2.json'))).not.toThrow();
    const slugs = articlesOf(1).map((article) => article.slug);
    expect(editings().map((editing) => editing.article)).toHaveLength(slugs.length);
    expect(new Set(editings().map((editing) => editing.article))).toEqual(new Set(slugs));
  });
});

describe('articlesOf', () => {
  test('the first edition has a dozen articles or more in five languages or more, right-to-left and CJK among them', () => {
    const articles = articlesOf(1);
    const languages = new Set(articles.map((article) => article.language));
    expect(articles.length).toBeGreaterThanOrEqual(12);
    expect(languages.size).toBeGreaterThanOrEqual(5);
    const { furniture } = loadPaper();
    expect([...languages].every((language) => furniture[language] !== undefined)).toBe(true);
    expect([...languages].some((language) => furniture[language]?.dir === 'rtl')).toBe(true);
    expect(articles.some(({ body }) => /[\u4e00-\u9fff]{8}/.test(String(body[0])))).toBe(true);
  });
  test('no two articles share a path or a headline', () => {
    const articles = articlesOf(1);
    expect(new Set(articles.map((article) => article.path)).size).toBe(articles.length);
    expect(new Set(articles.map((article) => article.headline)).size).toBe(articles.length);
  });
  test('the second edition is the first with one field of each edited article changed', () => {
    const second = new Map(articlesOf(2).map((article) => [article.slug, article]));
    for (const before of articlesOf(1)) {
      const after = second.get(before.slug);
      const { done, modifiedAt } = editings().find((editing) => editing.article === before.slug)!;
      const fields = new Set([...Object.keys(before), ...Object.keys(after!)]) as Set<keyof typeof before>;
      const changed = [...fields].filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after?.[field]));
      expect(changed.filter((field) => field !== 'modifiedAt')).toHaveLength(done === 'nothing' ? 0 : 1);
      expect(changed.includes('modifiedAt')).toBe(modifiedAt !== undefined);
    }
  });
  test.each([0, 3, 1.5, Number.NaN])('edition %d throws E_INTERNAL', (edition) => {
    expect(() => articlesOf(edition)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }));
  });
});
