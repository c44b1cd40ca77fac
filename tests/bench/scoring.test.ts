/** The bench's own sums, on texts and systems whose figures can be worked out by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from './causes.ts';
import {
  bodyShares,
  chance,
  figureOf,
  pageF1,
  pairedBootstrap,
  shinglesOf,
  snippetCounts,
  tokensOf,
  type PageScore,
} from './scoring.ts';
import { share, signed, tableOf } from './tables.ts';
import type { Block, Reading } from '../../src/core/schema.ts';

const page = (id: string, publisher: string, recall: number): PageScore => ({
  id,
  publisher,
  body: { right: recall, extra: 0, missed: 1 - recall },
});

describe('tokensOf', () => {
  it('takes words whole, and characters one by one where words are not parted', () => {
    expect(tokensOf("The ship's 2 bells, naïve_x")).toEqual(['The', 'ship', 's', '2', 'bells', 'naïve_x']);
    expect(tokensOf('東京で3人')).toEqual(['東', '京', 'で', '3', '人']);
    expect(tokensOf('ab京c ไทย')).toEqual(['ab', '京', 'c', 'ไ', 'ท', 'ย']);
  });
});

describe('bodyShares', () => {
  it('counts runs of four tokens with how often they occur', () => {
    expect([...shinglesOf('a b c d a b c d')]).toEqual([
      ['a b c d', 2],
      ['b c d a', 1],
      ['c d a b', 1],
      ['d a b c', 1],
    ]);
    expect([...shinglesOf('a b')]).toEqual([['a b', 1]]);
    expect([...shinglesOf(' – ')]).toEqual([]);
  });
  it('parts a page into what is right, extra and missed', () => {
    expect(bodyShares('a b c d e', 'a b c d e')).toEqual({ right: 1, extra: 0, missed: 0 });
    // Two runs wanted, two got, one of them in common.
    expect(bodyShares('a b c d e', 'a b c d x')).toEqual({ right: 1 / 3, extra: 1 / 3, missed: 1 / 3 });
    expect(bodyShares('a b c d', '')).toEqual({ right: 0, extra: 0, missed: 1 });
    expect(bodyShares('', '')).toEqual({ right: 0, extra: 0, missed: 0 });
  });
  it('gives the F1 of a page', () => {
    expect(pageF1({ right: 1 / 3, extra: 1 / 3, missed: 1 / 3 })).toBeCloseTo(0.5, 12);
    expect(pageF1({ right: 0, extra: 0, missed: 0 })).toBe(1);
    expect(pageF1({ right: 0, extra: 0, missed: 1 })).toBe(0);
  });
});

describe('figureOf', () => {
  it('takes means of precision and recall over the pages that have any, then their harmonic mean', () => {
    const scores: PageScore[] = [
      { id: '1', publisher: 'a', body: { right: 0.5, extra: 0.5, missed: 0 } },
      { id: '2', publisher: 'a', body: { right: 0, extra: 0, missed: 1 } },
      { id: '3', publisher: 'a', body: { right: 0, extra: 0, missed: 0 } },
    ];
    // Precision .5 (of page 1 alone), recall (1 + 0) / 2.
    expect(figureOf(scores, 'body')).toBeCloseTo(0.5, 12);
    expect(figureOf(scores, 'snippets')).toBeNull();
  });
  it('takes snippets of all pages together', () => {
    const snippets = snippetCounts(['one\ntwo', 'three'], ['bad', 'worse'], 'zero one  two bad');
    expect(snippets).toEqual({ wanted: 2, wantedFound: 1, unwantedFound: 1 });
    expect(figureOf([{ id: '1', publisher: 'a', snippets }], 'snippets')).toBeCloseTo(2 / (2 + 1 + 1), 12);
  });
});

describe('pairedBootstrap', () => {
  const publishers = Array.from({ length: 400 }, (_, i) => `p${i}`);
  const constant = (recall: number): PageScore[] => publishers.map((name) => page(name, name, recall));
  /** Half of the publishers are at .6, half at 1: a mean of .8 with a standard deviation of .2. */
  const varied = (copies: number): PageScore[] =>
    publishers.flatMap((name, i) =>
      Array.from({ length: copies }, (_, copy) => page(`${name}-${copy}`, name, i % 2 === 0 ? 0.6 : 1)),
    );
  const perfect = (copies: number): PageScore[] => varied(copies).map(({ id, publisher }) => page(id, publisher, 1));

  it('finds no difference between a system and itself', () => {
    expect(pairedBootstrap(varied(1), varied(1), 'body')).toEqual({ difference: 0, low: 0, high: 0, publishers: 400 });
  });
  it('has no doubt where the difference is the same everywhere', () => {
    const found = pairedBootstrap(constant(1), constant(0.5), 'body');
    // F1 of precision 1 and recall .5 is 2/3.
    for (const value of [found?.difference, found?.low, found?.high]) expect(value).toBeCloseTo(1 / 3, 9);
  });
  it('gives an interval as wide as the standard error asks for', () => {
    const found = pairedBootstrap(perfect(1), varied(1), 'body');
    // F1 = 2r / (1 + r) at r = .8; its slope 2 / (1 + r)² times the error of r, .2 / √400.
    const [f1, error] = [1.6 / 1.8, (2 / 1.8 ** 2) * (0.2 / 20)];
    expect(found?.difference).toBeCloseTo(1 - f1, 12);
    expect(((found?.high ?? 0) - (found?.low ?? 0)) / (2 * 1.96 * error)).toBeGreaterThan(0.93);
    expect(((found?.high ?? 0) - (found?.low ?? 0)) / (2 * 1.96 * error)).toBeLessThan(1.07);
  });
  it('draws publishers, not pages: more pages of each make it no surer', () => {
    expect(pairedBootstrap(perfect(5), varied(5), 'body')).toEqual(pairedBootstrap(perfect(5), varied(5), 'body'));
    const [one, five] = [
      pairedBootstrap(perfect(1), varied(1), 'body'),
      pairedBootstrap(perfect(5), varied(5), 'body'),
    ];
    expect(five?.low).toBeCloseTo(one?.low ?? Number.NaN, 9);
    expect(five?.high).toBeCloseTo(one?.high ?? Number.NaN, 9);
  });
  it('compares only pages that both systems have', () => {
    const found = pairedBootstrap(constant(1), constant(0.5).slice(0, 10), 'body');
    expect(found?.publishers).toBe(10);
    expect(pairedBootstrap(constant(1), [], 'body')).toBeNull();
    expect(pairedBootstrap(constant(1), constant(0.5), 'snippets')).toBeNull();
  });
  it('holds the true difference in about 95 of 100 worlds', () => {
    const next = chance(7);
    // In each world 60 publishers have a recall of .5 or 1 with equal chance: .75 in truth.
    const truth = 1 - 1.5 / 1.75;
    const worlds = Array.from({ length: 200 }, () => {
      const scores = publishers.slice(0, 60).map((name) => page(name, name, next() < 0.5 ? 0.5 : 1));
      const all = scores.map(({ id, publisher }) => page(id, publisher, 1));
      const found = pairedBootstrap(all, scores, 'body', { resamples: 400 });
      return found !== null && found.low <= truth && truth <= found.high;
    });
    const held = worlds.filter(Boolean).length / worlds.length;
    expect(held).toBeGreaterThan(0.89);
    expect(held).toBeLessThan(0.99);
  });
});

describe('causesOf', () => {
  const block = (label: Block['label'], text: string): Block => ({
    id: 'b1',
    origin: 'page',
    role: label === 'related' ? 'boilerplate' : 'article',
    label,
    confidence: 50,
    reasons: [{ rule: 'test/rule', weight: 10 }],
    path: 'body>p',
    text,
  });
  it('lays what is extra or missing to the labels of the blocks that have it', () => {
    const blocks = [
      block('lead', 'one two three four five'),
      block('paragraph', 'red orange yellow green blue'),
      block('paragraph', 'six seven eight nine ten'),
      block('related', 'ant bee cat dog'),
    ];
    const reading = { blocks } as unknown as Reading;
    const gold = 'one two three four five\nred orange yellow green blue\nant bee cat dog';
    const briefly = (hasLead: boolean): string[] =>
      causesOf(reading, gold, hasLead).map(({ what, label, shingles }) => `${what} ${label} ${shingles}`);
    // Six runs go over the edge of two lines of the gold and so are in no block.
    expect(briefly(true)).toEqual(['missing in no block 6', 'extra paragraph 2', 'missing related 1']);
    expect(briefly(false)).toEqual([
      'missing in no block 6',
      'extra paragraph 2',
      'missing lead 2',
      'missing related 1',
    ]);
  });
});

describe('tables', () => {
  it('line up on a terminal and have bars in Markdown', () => {
    expect(tableOf(['', 'aeb'], [['Tearsheet', share(0.9754)]], false)).toBe(
      '            aeb\n─────────  ────\nTearsheet  .975',
    );
    expect(tableOf(['', 'aeb'], [['Tearsheet', share(null)]], true)).toBe(
      '|  | aeb |\n| --- | ---: |\n| Tearsheet | – |',
    );
  });
  it('write shares with a sign where they are differences', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999, max: 999 }), (thousandths) => {
        const text = signed(thousandths / 1000);
        expect(Number(text.replace('−', '-'))).toBeCloseTo(thousandths / 1000, 9);
        expect(text).toMatch(/^[+−]\.\d{3}$/);
      }),
    );
  });
});
