import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, matchesOn } from '../../../src/clean/index.ts';
import { loadRules, type RuleSource } from '../../../src/core/rules.ts';
import type { Reading } from '../../../src/core/schema.ts';
import type { SourceRule } from '../../../src/core/source-schema.ts';
import { faultOfSelector } from '../../../src/clean/selectors.ts';

const { rules } = loadRules();
/** What was learned finds the article of most pages by itself. */
const { learned: _learned, ...unlearned } = rules;
const LINES = [
  'The council opened the new harbour bridge on Tuesday morning, nine years after the first stone was laid.',
  'Mayor Ilse Brandt said that 3,200 cars had crossed it within the first two hours of the day, more than planned.',
  'The ferry that carried the town across the water since 1911 made its last crossing at noon, with a brass band on deck.',
  'Critics point to the cost, which rose from 40 to 96 million, and to the missing lane for bicycles on either side.',
];
const STORY = LINES.map((line) => `<p>${line}</p>`).join('');
const page = (body: string) =>
  `<!doctype html><html lang="en"><head><title>Harbour bridge opens - The Post</title></head><body>${body}</body></html>`;
const read = (html: string, given: readonly SourceRule[], fetchedAt?: string, by: RuleSource = rules): Reading =>
  clean(page(html), {
    url: 'https://post.example/bridge-1',
    contentType: 'text/html',
    rules: by,
    source: { name: 'post', rules: given },
    ...(fetchedAt === undefined ? {} : { fetchedAt }),
  });
const blockWith = ({ blocks }: Reading, text: string) => {
  const found = blocks.find((block) => block.text.includes(text));
  if (!found) throw new Error(`no block with ${text}`);
  return found;
};

describe('a drop', () => {
  const html = `<article><h1>Harbour bridge opens</h1>${STORY}<p class="x">The second bridge will be built when the first one has been paid for, says the council of the town.</p></article>`;
  it('takes a part out of the article, and names the rule', () => {
    expect(blockWith(read(html, []), 'The second bridge').label).toBe('paragraph');
    expect(blockWith(read(html, [{ drop: '.x' }]), 'The second bridge')).toMatchObject({
      role: 'boilerplate',
      label: 'other',
      confidence: 99,
      reasons: [{ rule: 'source/post/1', weight: 100 }],
    });
  });
  it('lets stand what the cleaner knows the part by, where that is no article', () => {
    const ad = `<div class="advertisement"><p>Marten's Boots: dry feet or your money back, in every shop on the quay.</p></div>`;
    const without = blockWith(read(html + ad, []), 'dry feet');
    const ruled = blockWith(read(html + ad, [{ drop: '.advertisement' }]), 'dry feet');
    expect(without.label).toBe('ad');
    expect(ruled).toMatchObject({ label: 'ad', confidence: 99 });
    expect(ruled.reasons).toEqual([{ rule: 'source/post/1', weight: 100 }, ...without.reasons]);
  });
  it('takes a link out of its sentence, and keeps its address', () => {
    const inline = `<article><h1>Harbour bridge opens</h1>${STORY}<p>Cars may cross from noon. <a class="more" href="/ferry">More on the ferry</a> Trucks must wait until May, the council says.</p></article>`;
    const reading = read(inline, [{ drop: 'a.more' }]);
    expect(reading.blocks.slice(-3).map(({ role, text, path }) => [role, text, path])).toEqual([
      ['article', 'Cars may cross from noon.', 'body>article>p[5]'],
      ['boilerplate', 'More on the ferry', 'body>article>p[5]>a'],
      ['article', 'Trucks must wait until May, the council says.', 'body>article>p[5]'],
    ]);
    expect(reading.blocks.at(-2)?.links).toEqual([{ href: 'https://post.example/ferry', text: 'More on the ferry' }]);
  });
});

describe('a keep', () => {
  const inner =
    '<h2>In figures</h2><ul><li>96 million</li></ul><blockquote><p>Long enough.</p></blockquote><table><tr><th>Year</th><th>Cost</th></tr><tr><td>2017</td><td>40</td></tr><tr><td>2026</td><td>96</td></tr></table><p>Done.</p>';
  it('makes a part the body, each piece by its markup', () => {
    const reading = read(
      `<article><h1>Harbour bridge opens</h1>${STORY}</article><aside class="related"><div class="x">${inner}</div></aside>`,
      [{ keep: '.x' }],
    );
    const kept = reading.blocks.filter(({ reasons }) => reasons[0]?.rule === 'source/post/1');
    expect(kept.map(({ label, role }) => [label, role])).toEqual(
      ['heading', 'list', 'quote', 'table', 'table', 'table', 'paragraph'].map((label) => [label, 'article']),
    );
    expect(new Set(kept.map(({ confidence }) => confidence))).toEqual(new Set([99]));
  });
  it('lets stand what the cleaner has named within it', () => {
    const reading = read(
      `<article><h1>Harbour bridge opens</h1><p class="byline">By Tomas Lindqvist</p>${STORY}</article>`,
      [{ keep: 'article' }],
    );
    expect(reading.blocks.map(({ label }) => label).slice(0, 2)).toEqual(['headline', 'byline']);
    expect(reading.authors).toEqual([{ name: 'Tomas Lindqvist' }]);
  });
  it('tells the rules where to look for the article, and so does a drop', () => {
    const other = LINES.map(
      (line) => `<p>${line.replaceAll('bridge', 'museum')} And so on, for as long as it takes.</p>`,
    );
    const verse = 'Grey is the bridge, and grey is the town,|the ferry is moored and the flag is down'.split('|');
    const poem = Array.from({ length: 30 }, (_, n) => `<p>${verse[n % 2]}</p>`).join('');
    const html = `<div class="a"><h1>Harbour bridge opens</h1><div>${STORY}</div><div class="poem">${poem}</div></div><main class="b"><h2>Museum closes</h2>${other.join('').repeat(2)}</main>`;
    const first = (given: SourceRule[]) => blockWith(read(html, given, undefined, unlearned), LINES[0] as string);
    expect(first([]).role).toBe('boilerplate');
    for (const given of [{ drop: '.b' }, { keep: '.poem' }])
      expect(first([given])).toMatchObject({ role: 'article', label: 'paragraph' });
    expect(JSON.stringify(first([{ drop: '.b' }]).reasons)).not.toContain('source/');
  });
});

describe('a label', () => {
  const html = `<div class="kicker-line">Harbour bridge opens</div><article><h1>Town and harbour</h1><div class="top">A bridge for everyone</div><p class="intro">Nine years of waiting have come to an end for the people on both banks.</p><div class="who">Ilse Quast &amp; Tomas Lindqvist</div><div class="when">3 March 2026, 9.30 am</div>${STORY}</article>`;
  const label = { '.top': 'headline', '.intro': 'lead', '.who': 'byline', '.when': 'dateline' } as const;
  it('flows into title, lead, authors and date, as those labels do', () => {
    const reading = read(html, [{ label }]);
    expect(reading).toMatchObject({
      title: 'A bridge for everyone',
      lead: 'Nine years of waiting have come to an end for the people on both banks.',
      authors: [{ name: 'Ilse Quast' }, { name: 'Tomas Lindqvist' }],
    });
    expect(reading.publishedAt).toMatch(/^2026-03-03/);
    expect(read(html, []).title).not.toBe('A bridge for everyone');
  });
  it('leaves one headline and one lead', () => {
    const { blocks } = read(html, [{ label }]);
    for (const only of ['headline', 'lead']) expect(blocks.filter((block) => block.label === only)).toHaveLength(1);
    expect(blockWith({ blocks } as Reading, 'Town and harbour')).toMatchObject({ role: 'boilerplate' });
    const kept = read(html, [{ keep: 'article' }, { label }]);
    expect(blockWith(kept, 'Town and harbour')).toMatchObject({ role: 'article', label: 'heading' });
  });
  it('may be given as a list', () => {
    const listed = Object.entries(label).map(([selector, one]) => ({ selector, label: one }));
    expect(read(html, [{ label: listed }])).toEqual(read(html, [{ label }]));
  });
  it('beats what a wall makes of a page', () => {
    const wall = `<form><h1>Log in</h1><p>Please log in to read on.</p><input type="password"><p class="note">Subscribers have been able to read us here since 1911, and their children may, too.</p></form>`;
    expect(blockWith(read(wall, [{ label: { '.note': 'paragraph' } }]), 'since 1911').label).toBe('paragraph');
  });
});

describe('of several rules', () => {
  const html = `<article class="a"><h1>Harbour bridge opens</h1><section class="b">${STORY}<p class="c">The second bridge comes later, says the council of the town.</p></section></article>`;
  const label = (...given: SourceRule[]) => {
    const { label: one, reasons } = blockWith(read(html, given), 'The second bridge');
    return [one, reasons[0]?.rule];
  };
  it('the innermost element counts, whatever their order', () => {
    expect(label({ label: { '.c': 'ad' } }, { keep: '.a' })).toEqual(['ad', 'source/post/1']);
    expect(label({ keep: '.b' }, { drop: '.a' })).toEqual(['paragraph', 'source/post/1']);
  });
  it('the last counts that picks the same element', () => {
    expect(label({ drop: '.c' }, { id: 'late', label: { 'p.c': 'ad' } })).toEqual(['ad', 'source/post/late']);
    expect(label({ label: { 'p.c': 'ad' } }, { keep: '.c' })).toEqual(['paragraph', 'source/post/2']);
    expect(label({ label: { '.c': 'ad', 'p.c': 'promo' } })).toEqual(['promo', 'source/post/1']);
    expect(label({ drop: '.c', keep: '.c' })).toEqual(['paragraph', 'source/post/1']);
  });
  it('those count that are for the day of the capture', () => {
    const given: SourceRule[] = [
      { label: { '.c': 'ad' }, validUntil: '2026-01-01' },
      { label: { '.c': 'promo' }, validFrom: '2026-01-01', validUntil: '2026-02-01' },
      { label: { '.c': 'related' }, validFrom: '2026-02-01' },
    ];
    const labels = ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', undefined].map(
      (at) => blockWith(read(html, given, at), 'The second bridge').label,
    );
    expect(labels).toEqual(['ad', 'promo', 'related', 'related']);
  });
});

describe('rules that pick nothing', () => {
  it('change nothing', () => {
    const html = `<article><h1>Harbour bridge opens</h1>${STORY}</article>`;
    const none = clean(page(html), { url: 'https://post.example/bridge-1', contentType: 'text/html', rules });
    expect(read(html, [{ drop: '.gone', keep: '#gone', label: { gone: 'ad' } }])).toEqual(none);
  });
  it('say nothing of a dump', () => {
    const dump = { url: 'file:///dump.txt', contentType: 'text/plain', rules };
    const source = { name: 'post', rules: [{ drop: '*' }] };
    expect(clean(LINES.join('\n'), { ...dump, source })).toEqual(clean(LINES.join('\n'), dump));
  });
});

describe('whatever the rules', () => {
  const html = `<header>The Post <b>News</b></header><main><article><h1>Harbour <em>bridge</em> opens</h1><p class="who">By <a href="/t">Tomas</a>, Elbe</p>${STORY}<figure><img src="a.jpg"><figcaption>The bridge <span class="credit">Photo: Quast</span></figcaption></figure><table><tr><td>1</td><td><b>2</b></td></tr></table><pre>a\nb <i>c</i></pre><button>Share <i>it</i></button>tail</article></main>`;
  const textOf = ({ blocks }: Reading) =>
    blocks
      .filter(({ origin }) => origin === 'page')
      .map(({ text }) => text)
      .join('')
      .replaceAll(/\s/g, '');
  const whole = textOf(read(html, []));
  const element = fc.constantFrom(
    'p',
    'a',
    'b',
    'i',
    'em',
    'h1',
    'span',
    '.credit',
    'figure',
    'article',
    'body',
    'td',
    'tr',
    'pre',
    'button',
    '*',
    ':empty',
    'header *',
  );
  const selector = fc
    .tuple(element, fc.constantFrom(' ', ' > ', ' + ', ' ~ ', ', '), element)
    .chain(([a, between, b]) => fc.constantFrom(a, `${a}${between}${b}`));
  const rule: fc.Arbitrary<SourceRule> = fc.oneof(
    selector.map((drop) => ({ drop })),
    selector.map((keep) => ({ keep })),
    fc
      .tuple(selector, fc.constantFrom('ad', 'headline', 'lead', 'caption', 'byline', 'table'))
      .map(([one, label]) => ({ label: { [one]: label } }) as SourceRule),
  );
  it('no character is lost, doubled or moved', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), (given) => {
        expect(textOf(read(html, given))).toBe(whole);
      }),
      { numRuns: 300 },
    );
  });
  it('selectors of CSS and scraps of them are refused or can be used', () => {
    const scrap = fc.constantFrom(
      'p',
      '.a',
      '#b',
      '[c]',
      ':not(',
      ':has(',
      ':is(',
      ')',
      ' ',
      '>',
      '~',
      ',',
      '*',
      ':nth-child(2)',
      '"',
      '\\',
      ':contains(x)',
      '(',
      ']',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 9 }), (scraps) => {
        const given = scraps.join('');
        const text = faultOfSelector(given) === null ? textOf(read(html, [{ drop: given }])) : whole;
        expect(text).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });
});

describe('matchesOn', () => {
  it('counts the elements of each selector of the rules for the day', () => {
    const source = {
      name: 'post',
      rules: [
        { drop: 'p', validUntil: '2026-01-01' },
        { id: 'x', keep: ['p', '.gone'], label: { 'p:contains("Critics")': 'ad' } as const },
      ],
    };
    const matches = matchesOn(page(STORY), source, '2026-01-01T00:00:00.000Z');
    expect(matches).toEqual([
      { rule: 'source/post/x', index: 1, says: 'keep', selector: 'p', elements: 4 },
      { rule: 'source/post/x', index: 1, says: 'keep', selector: '.gone', elements: 0 },
      { rule: 'source/post/x', index: 1, says: 'label', selector: 'p:contains("Critics")', label: 'ad', elements: 1 },
    ]);
  });
});
