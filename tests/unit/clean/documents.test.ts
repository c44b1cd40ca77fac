import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { articleHtml, articleMarkdown, articleText, explanationsOf, labelledView } from '../../../src/clean/index.ts';
import { MEANINGS } from '../../../src/clean/meanings.ts';
import { spansOf, textOfSpans } from '../../../src/clean/spans.ts';
import { loadRules } from '../../../src/core/rules.ts';
import { readingOf } from '../commands/reading.ts';

const url = 'https://post.example/bridge-1';
const image = { kind: 'image' as const, src: 'https://post.example/bridge.jpg', alt: 'The bridge at night' };

/** An article with one of everything, and furniture around it. */
const reading = readingOf(
  [
    ['navigation', 'News', { links: [{ href: 'https://post.example/news', text: 'News' }] }],
    ['navigation', 'Sport', { confidence: 41 }],
    ['headline', 'The harbour bridge opens'],
    ['lead', 'Nine years after the first stone.'],
    ['byline', 'By Tomas Lindqvist'],
    ['caption', 'The bridge on Tuesday', { media: [image] }],
    ['credit', 'Photo: A. Berg'],
    [
      'paragraph',
      'The council opened it.\nThen it *rained*.',
      {
        html: 'The <strong>council</strong> <a href="https://post.example/c">opened it</a>.<br>Then it <em>*rained*</em>.',
      },
    ],
    ['heading', 'The cost', { level: 3 }],
    ['list', 'steel', { path: 'body>ul>li' }],
    ['list', 'from Sweden', { path: 'body>ul>li>ol>li' }],
    ['list', 'by ship', { path: 'body>ul>li>ol>li>p[2]' }],
    ['list', 'stone', { path: 'body>ul>li[2]' }],
    ['table', 'Year Cars', { path: 'body>table>thead>tr', cells: ['Year', 'Cars'] }],
    ['table', '2026 3,200 | 40', { path: 'body>table>tbody>tr', cells: ['2026', '3,200 | 40'] }],
    ['quote', 'We have waited.', { path: 'body>blockquote>p' }],
    ['quote', 'Long enough.', { path: 'body>blockquote>p[2]' }],
    ['fact-box', 'In figures', { path: 'body>aside>h3', level: 3 }],
    ['fact-box', '96 million', { path: 'body>aside>ul>li' }],
    ['embed', 'Look at it!', { path: 'body>blockquote[2]>p' }],
    ['paragraph', 'Critics wait.', { media: [{ kind: 'video', src: 'https://video.example/v1' }], path: 'body>p[9]' }],
    ['correction', 'An earlier version named another year.', { path: 'body>p[10]' }],
    ['footer', '© 2026 The Harbour Post. All rights reserved, and a little more text so that it is long enough.'],
  ],
  {
    lead: 'Nine years after the first stone.',
    publishedAt: '2026-03-03T09:30:00+01:00',
    siteName: 'The "Harbour" Post',
    tags: ['bridges: old', '- ships'],
    images: [{ src: image.src, alt: image.alt, caption: 'The bridge on Tuesday' }],
    foundIn: { publishedAt: 'json-ld' },
    alternatives: { publishedAt: [{ value: '2026-03-02', from: 'meta' }] },
    kindReasons: [{ rule: 'kind/prose', weight: 60 }],
  },
);

describe('articleMarkdown', () => {
  test('writes front matter and every kind of block', () => {
    expect(articleMarkdown(reading, { url, snapshot: 'ab12', version: 2, capturedAt: '2026-03-03T10:00:00.000Z' }))
      .toBe(String.raw`---
title: "The harbour bridge opens"
authors:
  - "Tomas Lindqvist"
published: "2026-03-03T09:30:00+01:00"
url: "https://post.example/bridge-1"
site: "The \"Harbour\" Post"
language: "en"
tags:
  - "bridges: old"
  - "- ships"
kind: "article"
snapshot: "ab12"
version: 2
captured: "2026-03-03T10:00:00.000Z"
---

# The harbour bridge opens

**Nine years after the first stone.**

By Tomas Lindqvist

![The bridge at night](https://post.example/bridge.jpg)\
*The bridge on Tuesday*\
Photo: A. Berg

The **council** [opened it](https://post.example/c).\
Then it *\*rained\**.

### The cost

- steel
  1. from Sweden\
     by ship
- stone

| Year | Cars |
| --- | --- |
| 2026 | 3,200 \| 40 |

> We have waited.
>
> Long enough.

> [!NOTE]
> ### In figures
>
> - 96 million

> Look at it!

[video: video.example](https://video.example/v1)

Critics wait.

> [!IMPORTANT]
> An earlier version named another year.
`);
  });

  test('shows the picture that a page only names, where the article has none', () => {
    const named = readingOf([['paragraph', 'Text.']], { title: 'T', images: [{ src: image.src, credit: 'A. Berg' }] });
    expect(articleMarkdown(named, { url })).toMatch(
      /# T\n\n!\[\]\(https:\/\/post\.example\/bridge\.jpg\)\\\nA\. Berg\n\nText\.\n$/,
    );
  });
});

describe('articleText', () => {
  test('sets the same without markup', () => {
    expect(articleText(reading)).toBe(`The harbour bridge opens

Nine years after the first stone.

By Tomas Lindqvist

[The bridge on Tuesday | Photo: A. Berg]

The council opened it.
Then it *rained*.

The cost

• steel
  1. from Sweden
     by ship
• stone

Year | Cars
2026 | 3,200 | 40

  | We have waited.
  |
  | Long enough.

  | In figures
  |
  | • 96 million

  | Look at it!

[video: video.example]

Critics wait.

  | An earlier version named another year.
`);
  });
});

describe('articleHtml', () => {
  const html = articleHtml(reading, { url, snapshot: 'ab12', version: 2 });

  test('keeps structure as structure', () => {
    for (const part of [
      '<h1>The harbour bridge opens</h1>',
      '<p class="lead">Nine years after the first stone.</p>',
      '<figcaption><p>The bridge on Tuesday</p><p class="credit">Photo: A. Berg</p></figcaption>',
      'The <strong>council</strong> <a href="https://post.example/c" rel="noopener noreferrer nofollow">opened it</a>.<br>Then it <em>*rained*</em>.',
      '<h3>The cost</h3>',
      '<ul><li>steel<ol><li>from Sweden<br>by ship</li></ol></li><li>stone</li></ul>',
      '<thead><tr><th scope="col">Year</th><th scope="col">Cars</th></tr></thead><tbody><tr><td>2026</td><td>3,200 | 40</td></tr></tbody>',
      '<blockquote class="quote"><p>We have waited.</p>\n<p>Long enough.</p></blockquote>',
      '<aside class="fact-box"><h3>In figures</h3>\n<ul><li>96 million</li></ul></aside>',
      '<aside class="correction"><p>An earlier version named another year.</p></aside>',
      '<dt>snapshot</dt><dd>ab12</dd>',
    ])
      expect(html).toContain(part);
    expect(html).not.toContain('Sport');
  });

  test('links pictures and says so, or shows them and says so', () => {
    expect(html).not.toContain('<img');
    expect(html).not.toContain('img-src');
    expect(html).toContain('opening this page asks no server for anything');
    const shown = articleHtml(reading, { url }, { hasPictures: true });
    expect(shown).toContain('<img src="https://post.example/bridge.jpg" alt="The bridge at night"');
    expect(shown).toContain('img-src http: https:');
    expect(shown).toContain('Opening this page loads its pictures');
  });

  test.each([
    ['ar', 'rtl'],
    ['fa-IR', 'rtl'],
    ['az-Arab', 'rtl'],
    ['he', 'rtl'],
    ['ja', 'ltr'],
    ['zh-Hant', 'ltr'],
  ])('is written in its own direction: %s, %s', (language, dir) => {
    expect(articleHtml({ ...reading, language }, { url })).toContain(`<html lang="${language}" dir="${dir}">`);
  });
  test('goes by the letters where the language is not known', () => {
    expect(articleHtml({ ...reading, language: 'und' }, { url })).toContain('<html dir="auto">');
  });
});

describe('labelledView', () => {
  const html = labelledView(reading, { url }, new Map([['kind/prose', 'There is a text.']]));

  test('sets short furniture of one label on one row, and marks what is unsure', () => {
    expect(html).toMatch(
      /<section class="run boilerplate l-navigation has-unsure">.*×2.*id="b1".*class="b boilerplate l-navigation unsure" id="b2"/,
    );
    expect(html).toContain('<section class="b article l-headline" id="b3">');
  });

  test('has a switch for each label on the page and for no other', () => {
    const labels = [...new Set(reading.blocks.map(({ label }) => label))].toSorted();
    expect([...html.matchAll(/id="t-([a-z-]+)"/g)].map((match) => match[1]).toSorted()).toEqual(labels);
    expect([...html.matchAll(/for="t-([a-z-]+)"/g)].map((match) => match[1]).toSorted()).toEqual(labels);
    for (const label of labels) expect(html).toContain(`#t-${label}:not(:checked)~.desk main .l-${label}`);
  });

  test('tells where each fact comes from, what lost, and what its rules mean', () => {
    expect(html).toMatch(
      /published<\/th><td><bdi>2026-03-03T09:30:00\+01:00<\/bdi><\/td><td><span class="from">json-ld/,
    );
    expect(html).toMatch(/class="lost"><bdi>2026-03-02<\/bdi><\/span><\/td><td><span class="from">meta/);
    expect(html).toContain('<code>kind/prose</code><small>There is a text.</small>');
  });

  test('names characters that would steer a reader', () => {
    const page = labelledView(readingOf([['paragraph', 'pay \u202eresu\u0007']]), { url });
    expect(page).toContain('pay <span class="cc">U+202E</span>resu<span class="cc">U+0007</span>');
  });
});

describe('explanationsOf', () => {
  const room = new URL('../../../src/clean/', import.meta.url);
  const code = readdirSync(room)
    .filter((name) => name !== 'meanings.ts')
    .map((name) => readFileSync(new URL(name, room), 'utf8'))
    .join('');
  const known = explanationsOf(loadRules().rules);

  test('says what every rule means that stands in code', () => {
    const named = [...code.matchAll(/rule: '([a-z-]+\/[a-z-]+)'/g)].map(([, id = '']) => id);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    const ends = [...code.matchAll(/rule: `\$\{[^}]+\}\/([a-z-]+)`/g)].map(([, end = '']) => end);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => !known.has(`footer/${end}`))).toEqual([]);
  });
  test('explains no rule of code that there is not', () => {
    const gone = Object.keys(MEANINGS).filter((id) => !id.startsWith('learned/') && !code.includes(`'${id}'`));
    expect(gone).toEqual([]);
    expect(known.get('promo/channel')).toMatch(/channel/);
  });
});

describe('spansOf', () => {
  const styles = (html: string, text: string): string[] =>
    spansOf({ text, html }).map(
      ({ text: t, isStrong, isEmphasised, href }) =>
        `${isStrong ? 'b' : ''}${isEmphasised ? 'i' : ''}${href ?? ''}:${t}`,
    );
  test('reads what the cleaner writes', () => {
    expect(
      styles('a <strong>b<em>c</em></strong> <a href="https://a.example/?x=1&amp;y=2">d &lt;e&gt;</a>', 'a bc d <e>'),
    ).toEqual([':a ', 'b:b', 'bi:c', ': ', 'https://a.example/?x=1&y=2:d <e>']);
  });
  test('takes any other tag for text, and drops an address that may not be followed', () => {
    expect(styles('<i>a</i><a href="javascript:x">b</a>', '<i>a</i>b')).toEqual([':<i>a</i>', ':b']);
  });
  test('believes the text where the markup says something else', () => {
    expect(textOfSpans(spansOf({ text: 'true', html: '<em>false</em>' }))).toBe('true');
    expect(spansOf({ text: 'true', html: '<em>true</em>' })[0]?.isEmphasised).toBe(true);
  });
  test('keeps the spaces that scripts need and drops those at the ends', () => {
    expect(textOfSpans(spansOf({ text: ' \u00a0می\u200cخواهم  که\n\n بروم ' }))).toBe('می\u200cخواهم که\n بروم');
  });
});
