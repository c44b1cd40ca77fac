import { parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { goldenNames, goldenPage, squeezed, type Expected } from './page.ts';
import { trueNames, truthOf } from './truth.ts';

interface Node {
  nodeName: string;
  value?: string;
  childNodes?: Node[];
  content?: Node;
}

const UNSEEN = new Set(['script', 'style', 'template', 'head']);
/** All text a reader could come to see, written apart from the cleaner so that the two cannot share a mistake. */
function pageText(node: Node): string {
  if (UNSEEN.has(node.nodeName)) return '';
  if (node.nodeName === '#text') return node.value ?? '';
  return (node.childNodes ?? []).map(pageText).join('');
}
function scriptText(node: Node): string {
  if (node.nodeName === '#text') return node.value ?? '';
  const inside = (node.childNodes ?? []).filter((child) => node.nodeName === 'script' || child.nodeName !== '#text');
  return inside.map(scriptText).join('\n');
}
/** Strings of JSON as they would be read: escapes undone, but the JSON need not be whole. */
const unescaped = (json: string): string => {
  const plain = json.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return plain
    .replace(/\\n/g, ' ')
    .replace(/\\(.)/g, '$1')
    .replace(/<[^>]*>/g, ' ');
};
const bare = (text: string): string => squeezed(text).replace(/\s/g, '');

describe('golden pages', () => {
  const names = goldenNames();

  test('are many, and each is named after its source and its oddity', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*--[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  /** Texts of the article that are not on the page, or not in that order; furniture that is nowhere on it. */
  function notOnPage(name: string, said: Expected): string[] {
    const page = goldenPage(name);
    const charset = page.meta.charset ?? 'utf-8';
    const tree = parse(new TextDecoder(charset, { fatal: true }).decode(page.bytes)) as unknown as Node;
    const [onPage, inScript] = [bare(pageText(tree)), bare(unescaped(scriptText(tree)))];
    let [pageAt, scriptAt] = [0, 0];
    const missing = said.article.filter(({ text }) => {
      const wanted = bare(text);
      const [foundOnPage, foundInScript] = [onPage.indexOf(wanted, pageAt), inScript.indexOf(wanted, scriptAt)];
      if (foundOnPage >= 0) pageAt = foundOnPage + wanted.length;
      else if (foundInScript >= 0) scriptAt = foundInScript + wanted.length;
      return foundOnPage < 0 && foundInScript < 0;
    });
    const nowhere = said.boilerplate.filter(({ text }) => !onPage.includes(bare(text)));
    return [...missing, ...nowhere].map(({ label, text }) => `${label}: ${text}`);
  }

  test.each(names)('%s says what is on it, and what it says is there, in that order', (name) => {
    const { expected } = goldenPage(name);
    if (expected === null) throw new Error(`expected.json is missing: npm run golden -- --accept ${name}`);
    expect(notOnPage(name, expected)).toEqual([]);
  });

  test.each(trueNames())('the truth about %s is on it, in that order', (name) => {
    expect(notOnPage(name, truthOf(name))).toEqual([]);
  });
});
