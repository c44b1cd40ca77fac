/** Law 1: the blocks of a page hold its text by character: nothing lost, doubled, invented, or lumped together. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { ARTICLE_LABELS } from '../../src/core/labels.ts';
import { loadRules } from '../../src/core/rules.ts';
import { Reading } from '../../src/core/schema.ts';
import { goldenNames, goldenPage } from '../golden/page.ts';
import { pageText, withoutSpace } from './page-text.ts';

const { rules } = loadRules();
const read = (html: string): Reading =>
  clean(html, { url: 'https://paper.example/news/1', contentType: 'text/html', rules });
const blockText = (reading: Reading): string =>
  withoutSpace(
    reading.blocks
      .filter(({ origin }) => origin === 'page')
      .map(({ text }) => text)
      .join(' '),
  );

const TAGS =
  'div p span a b i em table tbody thead tr td th caption colgroup col ul ol li dl dt dd select option optgroup button form h1 h2 h3 section article main aside nav footer header figure figcaption blockquote template script style title textarea noscript iframe svg math desc foreignObject mi head body html meta link br img input hr pre address nobr font center ruby rt noembed object marquee details summary label xmp frameset x-card'.split(
    ' ',
  );
const ODD = [
  '&amp;',
  '&lt;p&gt;',
  '&notit;',
  '&#128;',
  '&#0;',
  '\0',
  '<',
  '< a',
  '</',
  '</>',
  '</ x>',
  '<!-- c -->',
  '<!-->',
  '<!--->',
  '<!-- a --!>',
  '<!doctype html>',
  '<![CDATA[ d ]]>',
  '<?xml ?>',
  '\u00ad',
  '\u200b',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\ud83d\ude00',
  '漢字。',
  'نص',
];
const attributes = fc.constantFrom(
  '',
  ' class="ad-slot related"',
  " id='comments' hidden",
  ' style="display:none"',
  ' a=b/',
  ' href="/x?a=1&b=2"',
  ' class="byline" x',
  ' class=">"',
);
const markup = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[a-zäöЖ ,.]{1,30}$/).map((text) => `${text} `) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...TAGS), attributes, fc.boolean())
      .map(([tag, attrs, closes]) => `<${tag}${attrs}${closes && attrs.endsWith('/') ? '' : ''}>`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...TAGS).map((tag) => `<${tag}/>`) },
  { weight: 4, arbitrary: fc.constantFrom(...TAGS).map((tag) => `</${tag}>`) },
);
const page = fc.array(markup, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(''));

describe('clean keeps every character of the page text in exactly one block, in order', () => {
  it('of any tag soup', () => {
    fc.assert(
      fc.property(page, (html) => {
        expect(blockText(read(html))).toBe(pageText(html));
      }),
      { numRuns: 3_000 },
    );
  });

  it('of any plain text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'grapheme', maxLength: 120 }),
            fc.constantFrom(
              '© A / B / Go to the mediabankA ship',
              'A ship - The Paper',
              'Subscribe',
              '',
              '\r\n',
              '\u2028',
            ),
          ),
        ),
        (lines) => {
          const text = lines.join('\n');
          expect(blockText(clean(text, { url: 'file:///dump.txt', contentType: 'text/plain', rules }))).toBe(
            withoutSpace(text),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each(goldenNames())('of %s', (name) => {
    const { bytes, meta } = goldenPage(name);
    const html = new TextDecoder(meta.charset ?? 'utf-8').decode(bytes);
    const { contentType } = meta;
    expect(
      blockText(clean(bytes, { url: meta.url, ...(contentType === undefined ? {} : { contentType }), rules })),
    ).toBe(pageText(html));
  });
});

describe('a reading', () => {
  it('fits its schema, numbers its blocks in order, has a role that fits each label and reasons for each block', () => {
    fc.assert(
      fc.property(page, (html) => {
        const reading = read(html);
        expect(Reading.parse(reading)).toEqual(reading);
        expect(reading.blocks.map(({ id }) => id)).toEqual(reading.blocks.map((_, i) => `b${i + 1}`));
        for (const { role, label, reasons } of reading.blocks) {
          expect(role === 'article').toBe((ARTICLE_LABELS as readonly string[]).includes(label));
          expect(reasons.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same for the same arguments', () => {
    for (const name of goldenNames()) {
      const { bytes, meta } = goldenPage(name);
      expect(JSON.stringify(clean(bytes, { url: meta.url, rules }))).toBe(
        JSON.stringify(clean(bytes, { url: meta.url, rules })),
      );
    }
  });
});

describe('hostile pages are read in bounded work, and keep their text', () => {
  const sentence = 'The ferry left the quay at noon, and nobody waved. ';
  const hostile: Readonly<Record<string, string>> = {
    'sixty thousand nested elements': `${'<div>'.repeat(60_000)}<p>${sentence.repeat(20)}`,
    'thirty thousand nested elements, all closed': `${'<div><b>'.repeat(30_000)}${sentence}${'</b></div>'.repeat(30_000)}`,
    'a hundred thousand stray ends': `<p>${sentence}${'</div></b></table>'.repeat(100_000)}`,
    'half a million of <': `<p>${sentence}${'<'.repeat(500_000)}`,
    'an attribute of a megabyte': `<p class="${'x '.repeat(500_000)}">${sentence}`,
    'fifty thousand links': `<p>${'<a href="/x">link</a> '.repeat(50_000)}`,
    'a hundred thousand line breaks': `<p>${`${sentence}<br>`.repeat(20_000)}`,
    'a table of a hundred thousand cells': `<table><tr>${'<td>1</td>'.repeat(100_000)}</table>`,
    'twenty thousand stray cells in a table': `<table>${`<b>${sentence}</b>`.repeat(5_000)}</table>`,
    'an open comment': `<p>${sentence}<!-- ${'-- '.repeat(100_000)}`,
    'JSON-LD that nests a hundred thousand deep': `<script type="application/ld+json">${'['.repeat(100_000)}</script><p>${sentence}`,
    'JSON-LD of quotes': `<script type="application/ld+json">{"a": "${'"'.repeat(100_000)}</script><p>${sentence}`,
    'one word of a megabyte': `<p>${'x'.repeat(1_000_000)}</p>`,
  };
  it.each(Object.keys(hostile))('%s', (name) => {
    const html = hostile[name] as string;
    const text = html
      .replace(/<script[\s\S]*?<\/script>/g, '')
      .replace(/<!--[\s\S]*/, '')
      .replace(/<\/?[a-z][^>]*>/g, '');
    expect(blockText(read(html))).toBe(withoutSpace(text));
  });

  it('a page of more blocks than are kept apart has the rest in one, and says so', () => {
    const rest = '<div>a<br>b<br><br>c</div><table><tr><td>1<td>2<tr><td>3<td>4</table><ul><li>x<a href=y>z</a></ul>';
    const html = `${`<p>${sentence}</p>`.repeat(100_002)}${rest}<pre>d\n\ne</pre>`;
    const reading = read(html);
    expect(blockText(reading)).toBe(pageText(html));
    expect(reading.blocks).toHaveLength(100_001);
    expect(reading.blocks.at(-1)).toMatchObject({
      role: 'boilerplate',
      label: 'other',
      reasons: [{ rule: 'other/too-many-blocks' }],
      text: `${sentence.repeat(2)}a b c 1 2 3 4 xz d e`,
    });
  });

  it('a dump of more lines than are told apart has the rest in one block, and says so', () => {
    const text = `${'Sport\n'.repeat(100_000)}\r\n One  more\tline\u2028and another\n`;
    const { blocks } = clean(text, { url: 'file:///dump.txt', contentType: 'text/plain', rules });
    expect(withoutSpace(blocks.map((block) => block.text).join(' '))).toBe(withoutSpace(text));
    expect(blocks).toHaveLength(100_001);
    expect(blocks.at(-1)).toMatchObject({
      id: 'b100001',
      label: 'other',
      reasons: [{ rule: 'other/too-many-blocks' }],
      text: 'One more line and another',
    });
  });
  it('a link that holds blocks and other links', () => {
    const html = '<a href="/1"><footer>one<a href="/2"><m>two <a href="/3">three</a></footer>four</a> five';
    const reading = read(html);
    expect(blockText(reading)).toBe(pageText(html));
    expect(reading.blocks.flatMap(({ links = [] }) => links.map(({ text }) => text))).toContain('three');
  });

  it('an empty page is empty', () => {
    for (const html of ['', ' \n ', '<!doctype html><html><head><title>x</title></head><body></body></html>'])
      expect(read(html)).toMatchObject({ kind: 'empty', blocks: [] });
  });
});

const bench = new URL('../../../shared/bench/', import.meta.url);
const hasBench = existsSync(bench);
if (!hasBench) console.warn('conservation over the bench pages is skipped: ../shared/bench is not there');

describe.skipIf(!hasBench)('over every page of the bench', () => {
  const sets = hasBench ? readdirSync(bench).filter((name) => existsSync(new URL(`${name}/gold.jsonl`, bench))) : [];
  it.each(sets)('%s: nothing is lost, doubled or invented', { timeout: 300_000 }, (set) => {
    const wrong: string[] = [];
    for (const file of readdirSync(new URL(`${set}/pages/`, bench))) {
      const html = gunzipSync(readFileSync(new URL(`${set}/pages/${file}`, bench))).toString('utf8');
      if (blockText(read(html)) !== pageText(html)) wrong.push(file);
    }
    expect(wrong).toEqual([]);
  });

  /** Gold whose lines are lines of the source or of code, not paragraphs, says nothing about blocks. */
  it.each(['aeb', 'fundus'])(
    '%s: no block of the body lumps two paragraphs of the gold together',
    { timeout: 300_000 },
    (set) => {
      const lumped: string[] = [];
      for (const line of readFileSync(new URL(`${set}/gold.jsonl`, bench), 'utf8')
        .split('\n')
        .filter(Boolean)) {
        const { id, text } = JSON.parse(line) as { id: string; text: string };
        const html = gunzipSync(readFileSync(new URL(`${set}/pages/${id}.html.gz`, bench))).toString('utf8');
        const lines = [...new Set(text.split('\n').map(withoutSpace))].filter((paragraph) => paragraph.length >= 60);
        // A pull quote says a part of a paragraph again.
        const paragraphs = lines.filter(
          (paragraph) => !lines.some((other) => other !== paragraph && other.includes(paragraph)),
        );
        for (const block of read(html).blocks) {
          const squeezed = withoutSpace(block.text);
          const inside =
            block.role === 'article' && squeezed.length >= 120
              ? paragraphs.filter((paragraph) => squeezed.includes(paragraph))
              : [];
          if (inside.length > 1) lumped.push(`${id} ${block.id}`);
        }
      }
      expect(lumped).toEqual([]);
    },
  );
});
