import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { articleMarkdown } from '../../src/clean/index.ts';
import type { Block, Reading } from '../../src/core/schema.ts';
import { readingOf } from '../unit/commands/reading.ts';

/** Reads what CommonMark reads, raw HTML included, and GitHub's tables and strike-through. */
const reader = new MarkdownIt('commonmark', { html: true }).enable(['table', 'strikethrough']);
type Token = ReturnType<typeof reader.parse>[number];

/** Pieces that mean something to Markdown, HTML or YAML, and letters of several scripts between them. */
const piece = fc.oneof(
  fc.constantFrom(
    ...'# ## - + * ** *** _ __ ` `` ``` ~ ~~ ~~~ > >> 1. 2) 10. --- === ___ *** [ ] ( ) [x](http://a.example) ![i](x) [a]: http://a.example <b> </b> <!-- --> <script> <?php <![CDATA[ &amp; &lt; &#42; &copy & | || |-| :-- --: :-: \\ \\\\ ! ![ $ $$ $x$ {{ %} \' " ... : :: = - + \\* \\[ <http://a.example> mailto:a@b.example [^1] [ ] @ ^ / a b'.split(
      ' ',
    ),
    ' ',
    '  ',
    '    ',
    '\n',
    '\n\n',
    '\t',
    '\u00a0',
    '\u3000',
    '\u2028',
    '\0',
    '\ud800',
  ),
  fc.constantFrom(
    'word',
    'Wörter',
    'слово',
    '新聞',
    '「かな」',
    'كلمة',
    'מילה',
    'ข่าว',
    '“q”',
    '—',
    '…',
    '£',
    '😀',
    '1',
    '42',
  ),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const escaped = (value: string): string =>
  value.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);

/** A styled run, as the cleaner writes it into a block's markup. */
const run = fc.record({ text, style: fc.constantFrom('', 'em', 'strong', 'both', 'link', 'br') });
const styled = fc.array(run, { maxLength: 6 }).map((runs) => ({
  text: runs.map(({ text: t, style }) => (style === 'br' ? `\n${t}` : t)).join(''),
  html: runs
    .map(({ text: t, style }) => {
      const inner = escaped(t);
      if (style === 'em') return `<em>${inner}</em>`;
      if (style === 'strong') return `<strong>${inner}</strong>`;
      if (style === 'both') return `<strong><em>${inner}</em></strong>`;
      if (style === 'link') return `<a href="https://a.example/x_(y)?a=1&amp;copy=2*3">${inner}</a>`;
      return style === 'br' ? `<br>${inner}` : inner;
    })
    .join(''),
}));

const plain = (value: string): string =>
  value
    .replace(/\p{Surrogate}|\p{Noncharacter_Code_Point}/gu, '\ufffd')
    .replaceAll('\0', '')
    .replace(/\s+/gu, '');
/** All text below a token, its images' alternatives included. */
const textIn = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => (token.children ? textIn(token.children) : token.type === 'text' ? token.content : ''))
    .join('');
const body = (reading: Reading): Token[] =>
  reader.parse(articleMarkdown(reading, { url: 'https://a.example/' }).replace(/^---\n[\s\S]*?\n---\n/, ''), {});
const typesOf = (tokens: readonly Token[]): string[] => tokens.map(({ type }) => type);
const inlineTypes = (tokens: readonly Token[]): Set<string> =>
  new Set(tokens.flatMap(({ children }) => (children ?? []).map(({ type }) => type.replace(/_(?:open|close)$/, ''))));

const block = (label: Block['label'], given: Partial<Block> & { text: string }): Reading =>
  readingOf([[label, given.text, given]], { title: '', authors: [] });
const wrapped = (outer: string, inner = 'paragraph'): string[] => [
  `${outer}_open`,
  ...(inner === '' ? [] : [`${inner}_open`]),
  'inline',
  ...(inner === '' ? [] : [`${inner}_close`]),
  `${outer}_close`,
];

describe('the text of any block, as Markdown, read back', () => {
  test.each([
    ['paragraph', wrapped('paragraph', '')],
    ['heading', wrapped('heading', '')],
    ['byline', wrapped('paragraph', '')],
    ['lead', wrapped('paragraph', '')],
    ['caption', wrapped('paragraph', '')],
    ['credit', wrapped('paragraph', '')],
    ['quote', wrapped('blockquote')],
    ['embed', wrapped('blockquote')],
    [
      'list',
      [
        'bullet_list_open',
        'list_item_open',
        'paragraph_open',
        'inline',
        'paragraph_close',
        'list_item_close',
        'bullet_list_close',
      ],
    ],
  ] as const)('%s: is one block, says the same, holds no HTML and no markup but its own', (label, shape) => {
    fc.assert(
      fc.property(styled, (given) => {
        const tokens = body(block(label, { ...given, path: 'body>p' }));
        expect(textIn(tokens).replace(/\s+/gu, '')).toBe(plain(given.text));
        expect(typesOf(tokens)).toEqual(plain(given.text) === '' ? [] : shape);
        const allowed = ['text', 'hardbreak', ...(given.html.includes('<a ') ? ['link'] : [])];
        if (/<em>/.test(given.html) || label === 'caption') allowed.push('em');
        if (/<strong>/.test(given.html) || label === 'lead') allowed.push('strong');
        expect([...inlineTypes(tokens)].filter((type) => !allowed.includes(type))).toEqual([]);
        const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open');
        for (const link of links) expect(link.attrGet('href')).toBe('https://a.example/x_(y)?a=1&copy=2*3');
      }),
      { numRuns: 1500 },
    );
  });

  test('fact boxes and corrections: one quote with a mark of their own', () => {
    fc.assert(
      fc.property(styled, fc.constantFrom('fact-box' as const, 'correction' as const), (given, label) => {
        const tokens = body(block(label, { ...given, path: 'body>aside>p' }));
        const mark = label === 'fact-box' ? '[!NOTE]' : '[!IMPORTANT]';
        expect(textIn(tokens).replace(/\s+/gu, '')).toBe(plain(given.text) === '' ? '' : mark + plain(given.text));
        expect([...inlineTypes(tokens)].filter((type) => /html|image|code/.test(type))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('tables: as many cells as they had, each saying what it said', () => {
    const row = fc.array(text, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.boolean(), (rows, hasHead) => {
        const blocks = rows.map(
          (cells, n) =>
            [
              'table',
              `x${cells.join(' ')}`,
              { cells, path: `body>table>${hasHead && n === 0 ? 'thead' : 'tbody'}>tr` },
            ] as const,
        );
        const tokens = body(readingOf(blocks, { title: '', authors: [] }));
        expect(tokens[0]?.type).toBe('table_open');
        expect(tokens.filter(({ type }) => type === 'table_open')).toHaveLength(1);
        const read = tokens.flatMap((token, n) =>
          /^t[hd]_open$/.test(token.type) ? [textIn([tokens[n + 1] as Token]).replace(/\s+/gu, '')] : [],
        );
        const width = Math.max(...rows.map((cells) => cells.length));
        const expected = (hasHead ? rows : [[], ...rows]).flatMap((cells) =>
          Array.from({ length: width }, (_, n) => plain(cells[n] ?? '')),
        );
        expect(read).toEqual(expected);
        expect([...inlineTypes(tokens)].filter((type) => type !== 'text')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('several blocks stay as many, in their order', () => {
    const labels = ['paragraph', 'heading', 'quote', 'list', 'table', 'byline'] as const;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...labels), styled), { maxLength: 8 }), (given) => {
        const kept = given.filter(([, { text: t }]) => plain(t) !== '');
        const reading = readingOf(
          kept.map(
            ([label, value], n) =>
              [
                label,
                value.text,
                { ...value, path: `body>div[${n + 1}]>${label === 'quote' ? 'blockquote>' : ''}p` },
              ] as const,
          ),
          { title: '', authors: [] },
        );
        const tokens = body(reading);
        expect(textIn(tokens).replace(/\s+/gu, '')).toBe(plain(kept.map(([, { text: t }]) => t).join('')));
        expect(
          [...inlineTypes(tokens)].filter((type) => !['text', 'hardbreak', 'em', 'strong', 'link'].includes(type)),
        ).toEqual([]);
        const tops = tokens.filter(({ level, nesting }) => level === 0 && nesting === 1).length;
        const merges = kept.filter(([label], n) => label === 'list' && kept[n - 1]?.[0] === 'list').length;
        expect(tops).toBe(kept.length - merges);
      }),
      { numRuns: 500 },
    );
  });

  test('lists keep their items and how deep they stand', () => {
    const item = fc.record({ text, depth: fc.integer({ min: 1, max: 5 }), isOrdered: fc.boolean() });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const kept = items.filter(({ text: t }) => plain(t) !== '');
        const blocks = kept.map(({ text: t, depth }) => ['list', t, { level: depth }] as const);
        const tokens = body(readingOf(blocks, { title: '', authors: [] }));
        let before = 0;
        const depths = kept.map(({ depth }) => (before = Math.min(depth, before + 1)));
        let depth = 0;
        const read: number[] = [];
        for (const { type } of tokens) {
          if (type.endsWith('list_open')) depth++;
          if (type.endsWith('list_close')) depth--;
          if (type === 'list_item_open') read.push(depth);
        }
        expect(read).toEqual(depths);
        expect(textIn(tokens).replace(/\s+/gu, '')).toBe(plain(kept.map(({ text: t }) => t).join('')));
      }),
      { numRuns: 500 },
    );
  });

  test('a title is one heading, and an address or alternative text of a picture adds nothing', () => {
    fc.assert(
      fc.property(text, text, (title, alt) => {
        const media = [{ kind: 'image' as const, src: 'https://a.example/p_(1).jpg?a=1&lt=2', alt }];
        const tokens = body(readingOf([['caption', 'Caption', { media }]], { title, authors: [] }));
        const hasTitle = plain(title) !== '';
        expect(typesOf(tokens)).toEqual([...(hasTitle ? wrapped('heading', '') : []), ...wrapped('paragraph', '')]);
        if (hasTitle) expect(textIn(tokens.slice(0, 3)).replace(/\s+/gu, '')).toBe(plain(title));
        const picture = tokens.at(-2)?.children?.[0];
        expect(picture?.type).toBe('image');
        expect(picture?.attrGet('src')).toBe('https://a.example/p_(1).jpg?a=1&lt=2');
        expect(textIn(picture?.children ?? []).replace(/\s+/gu, '')).toBe(plain(alt));
      }),
      { numRuns: 500 },
    );
  });

  test('the front matter gives back every value as the text it was', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), (value) => {
        const shown = value
          .replace(/\p{Surrogate}|\p{Noncharacter_Code_Point}/gu, '\ufffd')
          .replace(/\r\n?|[\u0085\u2028\u2029\t]/gu, '\n')
          .replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\ufff9-\ufffb]/gu, '')
          .replace(/[ \n]+/gu, ' ')
          .trim();
        const reading = readingOf([], {
          title: value,
          authors: [{ name: value }],
          section: value,
          tags: [value, 'b'],
          siteName: value,
        });
        const source = articleMarkdown(reading, { url: value });
        const front = /^---\n([\s\S]*?)\n---\n/.exec(source)?.[1] ?? '';
        for (const version of ['1.1', '1.2'] as const) {
          const read = parse(front, { version }) as Record<string, unknown>;
          expect(read['title'] ?? '').toBe(shown);
          expect(read['section'] ?? '').toBe(shown);
          expect(read['authors'] ?? ['']).toEqual([shown]);
          expect(read['tags']).toEqual(shown === '' ? ['b'] : [shown, 'b']);
          expect(read['url'] ?? '').toBe(shown);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
