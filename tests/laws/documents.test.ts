import fc from 'fast-check';
import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, test } from 'vitest';
import { articleHtml, articleText, labelledView } from '../../src/clean/index.ts';
import { LABELS } from '../../src/core/labels.ts';
import type { Block, Reading } from '../../src/core/schema.ts';
import { readingOf } from '../unit/commands/reading.ts';

/** Everything that may stand in a page of ours: elements, and the attributes of each beside `class`, `dir` and `lang`. */
const ARTICLE: Readonly<Record<string, readonly string[]>> = {
  html: [], head: [], meta: ['charset', 'name', 'content', 'http-equiv'], title: [], link: ['rel', 'href'], style: [], body: [],
  main: [], article: [], header: [], footer: [], h1: [], h2: [], h3: [], h4: [], h5: [], h6: [], p: [], a: ['href', 'rel'],
  em: [], strong: [], br: [], bdi: [], span: [], time: ['datetime'], ul: [], ol: [], li: [], blockquote: [], aside: [],
  figure: [], figcaption: [], img: ['src', 'alt', 'loading', 'decoding', 'referrerpolicy'], div: ['tabindex'], table: [],
  thead: [], tbody: [], tr: [], th: ['scope'], td: [], dl: [], dt: [], dd: [],
}; // prettier-ignore
const VIEW: Readonly<Record<string, readonly string[]>> = {
  html: [], head: [], meta: ['charset', 'name', 'content', 'http-equiv'], title: [], style: [], body: [],
  input: ['type', 'id', 'name', 'checked', 'aria-label'], header: [], p: [], span: ['title', 'id'], code: ['title'], time: [],
  h1: [], h2: [], div: [], table: [], tbody: [], tr: [], th: ['scope'], td: [], bdi: [], b: [], small: [], em: [], strong: [],
  br: [], a: ['href', 'rel', 'title', 'aria-label', 'tabindex'], ul: [], li: [], details: [], summary: [],
  nav: ['aria-label'], label: ['for'], main: [], section: ['id'],
  svg: ['viewBox', 'preserveAspectRatio', 'aria-hidden'], rect: ['x', 'y', 'width', 'height'],
}; // prettier-ignore

const hostile = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...'<script>owned()</script> </title> </style> --> <!-- ]]> " \' > < & &lt; &#60; <img/src=x/onerror=owned()> </table> </bdi> </section> </svg> <base/href=//evil.example/> <a/href=javascript:owned()> \u202e \u2066 \0 \ud800 word 新聞 كلمة'.split(
          ' ',
        ),
        ' ',
        '\n',
        '<em>',
        '</em>',
        '<strong>',
        '</a>',
        '<br>',
        '<a href="javascript:owned()">',
        '<a href="https://a.example/?a=1&amp;b=2">',
        '<svg onload=owned()>',
      ),
      { maxLength: 8 },
    )
    .map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const address = fc.oneof(
  fc.constantFrom(
    'javascript:owned()',
    ' javascript:owned()',
    'JaVaScRiPt:owned()',
    'data:text/html,<script>owned()</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/x',
    'https://a.example/"onmouseover="owned()',
    "https://a.example/'><script>owned()</script>",
    'mailto:a@b.example?subject=<b>',
    'https://a.example/a b',
  ),
  hostile,
);
const media = fc.record({
  kind: fc.constantFrom('image' as const, 'video' as const, 'audio' as const, 'embed' as const),
  src: address,
  alt: hostile,
});
const block = fc.record({
  label: fc.constantFrom(...LABELS),
  text: hostile,
  html: fc.option(hostile, { nil: undefined }),
  path: fc.oneof(
    hostile,
    fc.constantFrom('body>ul>li', 'body>ol>li[2]>ul>li', 'body>table>thead>tr', 'body>table>tr[2]'),
  ),
  cells: fc.option(fc.array(hostile, { maxLength: 3 }), { nil: undefined }),
  links: fc.option(fc.array(fc.record({ href: address, text: hostile }), { maxLength: 2 }), { nil: undefined }),
  media: fc.option(fc.array(media, { maxLength: 2 }), { nil: undefined }),
  reasons: fc.array(fc.record({ rule: hostile, weight: fc.integer({ min: -100, max: 100 }) }), { maxLength: 2 }),
  origin: fc.constantFrom('page' as const, 'script' as const, 'meta' as const),
  confidence: fc.integer({ min: 0, max: 100 }),
});
const reading: fc.Arbitrary<Reading> = fc
  .record({ blocks: fc.array(block, { maxLength: 8 }), value: hostile, href: address })
  .map(({ blocks, value, href }) =>
    readingOf(
      blocks.map(({ label, text, ...rest }) => {
        const known = Object.entries(rest).filter(([, given]) => given !== undefined);
        return [label, text, Object.fromEntries(known) as Partial<Block>] as const;
      }),
      {
        title: value,
        titles: { h1: value, og: 'b', html: value, jsonLd: value },
        lead: value,
        authors: [{ name: value, url: href }],
        publishedAt: value,
        modifiedAt: 'x',
        section: value,
        tags: [value],
        language: value,
        siteName: value,
        canonicalUrl: href,
        ampUrl: href,
        publisherId: value,
        directives: [value],
        images: [{ src: href, alt: value, caption: value, credit: value }],
        alternatives: { title: [{ value, from: 'page' }], section: [{ value, from: 'meta' }] },
        kindReasons: [{ rule: value, weight: 5 }],
      },
    ),
  );

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;
const elementsOf = (nodes: readonly Node[]): Element[] =>
  nodes.flatMap((node) => ('tagName' in node ? [node, ...elementsOf(node.childNodes)] : []));

/** What is wrong with a page: elements, attributes and addresses that the list does not have. */
function faults(html: string, allowed: Readonly<Record<string, readonly string[]>>): string[] {
  const errors: string[] = [];
  const document = parse(html, { onParseError: ({ code }) => void errors.push(code) });
  for (const { tagName, attrs } of elementsOf(document.childNodes)) {
    const known = allowed[tagName === 'title' ? 'title' : tagName];
    if (known === undefined) errors.push(`<${tagName}>`);
    for (const { name, value } of attrs) {
      if (!['class', 'dir', 'lang', ...(known ?? [])].includes(name)) errors.push(`<${tagName} ${name}>`);
      if (name === 'href' && !/^(?:https?:\/\/|mailto:|#b\d+$)/.test(value)) errors.push(`${tagName} to ${value}`);
      if (name === 'src' && !/^https?:\/\//.test(value)) errors.push(`${tagName} from ${value}`);
      if (name === 'http-equiv' && !/^(?:content-security-policy|x-dns-prefetch-control)$/i.test(value))
        errors.push(`meta ${value}`);
    }
  }
  return errors;
}

describe('whatever is in a reading', () => {
  test.each([false, true])('the article page holds only what it may (pictures: %s)', (hasPictures) => {
    fc.assert(
      fc.property(reading, address, (given, url) => {
        expect(faults(articleHtml(given, { url }, { hasPictures }), ARTICLE)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('the labelled view holds only what it may', () => {
    fc.assert(
      fc.property(reading, address, hostile, (given, url, meaning) => {
        const explanations = new Map(given.blocks.flatMap(({ reasons }) => reasons.map(({ rule }) => [rule, meaning])));
        expect(faults(labelledView(given, { url, snapshot: meaning }, explanations), VIEW)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('no page and no text holds a character that steers a reader', () => {
    const steering = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\ufff9-\ufffb]|\p{Surrogate}/u;
    fc.assert(
      fc.property(reading, hostile, (given, url) => {
        for (const page of [articleHtml(given, { url }), labelledView(given, { url }), articleText(given)])
          expect(steering.exec(page)?.index ?? null).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('the labelled view shows every block once, in order, with its text and its label', () => {
    fc.assert(
      fc.property(reading, (given) => {
        const html = labelledView(given, { url: 'https://a.example/' });
        const elements = elementsOf(parse(html).childNodes);
        const attribute = (element: Element, name: string): string =>
          element.attrs.find((one) => one.name === name)?.value ?? '';
        const shown = elements.filter((element) => /^b\d+$/.test(attribute(element, 'id')));
        expect(shown.map((element) => attribute(element, 'id'))).toEqual(given.blocks.map(({ id }) => id));
        for (const [n, { label, role }] of given.blocks.entries()) {
          const classes = attribute(shown[n] as Element, 'class').split(' ');
          expect(classes).toContain(`l-${label}`);
          expect(classes).toContain(role);
        }
      }),
      { numRuns: 200 },
    );
  });
});
