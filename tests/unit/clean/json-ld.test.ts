import { describe, expect, it } from 'vitest';
import { articleObject, objectsIn, parseLoosely, stringOf } from '../../../src/clean/json-ld.ts';

describe('parseLoosely mends what publishers break', () => {
  it.each<[string, string, unknown]>([
    ['nothing to mend', '{"a": [1, "b"]}', { a: [1, 'b'] }],
    ['a comment around it', '<!--\n{"a": 1}\n-->', { a: 1 }],
    ['CDATA around it', '//<![CDATA[\n{"a": 1}\n//]]>', { a: 1 }],
    ['a semicolon behind it', '{"a": 1};', { a: 1 }],
    ['trailing commas', '{"a": [1, 2,], }', { a: [1, 2] }],
    ['comments inside', '{"a": 1, // one\n /* two */ "b": 2}', { a: 1, b: 2 }],
    ['a comma, then a comment, then the end', '{"a": 1,\n// "b": 2\n}', { a: 1 }],
    ['line breaks in strings', '{"a": "one\ntwo"}', { a: 'one two' }],
    ['quotes in strings', '{"a": "the "old" town", "b": 1}', { a: 'the "old" town', b: 1 }],
    ['bad escapes', '{"a": "it\\\'s"}', { a: "it\\'s" }],
    ['an end cut off', '{"a": {"b": "c", "d": ["e"', { a: { b: 'c', d: ['e'] } }],
  ])('%s', (_, text, expected) => expect(parseLoosely(text)).toEqual(expected));

  it('gives null for what is no JSON at all', () => {
    for (const text of ['', 'var x = 1', '<p>']) expect(parseLoosely(text)).toBeNull();
  });
  it('mends no more than it is told to, and reads what needs no mending however long', () => {
    expect(parseLoosely('{"a": 1,}', 9)).toEqual({ a: 1 });
    expect(parseLoosely('{"a": 1,}', 8)).toBeNull();
    expect(parseLoosely('{"a": 1}', 0)).toEqual({ a: 1 });
  });
});

describe('articleObject', () => {
  it('finds the article in any graph, before the page and the video around it', () => {
    const objects = objectsIn([
      {
        '@graph': [
          { '@type': 'WebPage', headline: 'page' },
          { '@type': ['NewsArticle'], headline: 'story', datePublished: '2025-01-01' },
        ],
      },
      { '@type': 'VideoObject', headline: 'film', datePublished: '2025-01-01', author: 'x' },
    ]);
    expect(stringOf(articleObject(objects)?.['headline'])).toBe('story');
  });

  it('prefers the article that says more to one listed beside it', () => {
    const objects = objectsIn([
      { '@type': 'ItemList', itemListElement: [{ '@type': 'NewsArticle', headline: 'other' }] },
      { '@type': 'NewsArticle', headline: 'story', articleBody: 'text', author: { name: 'A' } },
    ]);
    expect(stringOf(articleObject(objects)?.['headline'])).toBe('story');
  });

  it('survives graphs that never end', () => {
    const nested = Array.from({ length: 20_000 }, () => ({ '@type': 'Thing' }));
    expect(objectsIn([nested]).length).toBeLessThanOrEqual(5_000);
  });
});

describe('stringOf', () => {
  it('looks for a name inside a name, but not for ever', () => {
    const nested = (depth: number): unknown => JSON.parse(`${'{"name":'.repeat(depth)}"Ann"${'}'.repeat(depth)}`);
    expect(stringOf(nested(3) as Parameters<typeof stringOf>[0])).toBe('Ann');
    expect(stringOf(nested(50_000) as Parameters<typeof stringOf>[0])).toBeUndefined();
  });
});
