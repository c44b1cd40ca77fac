import { describe, expect, it } from 'vitest';
import { FEATURE_GROUPS, FEATURES, measurePieces } from '../../../src/clean/features.ts';
import { judgePage } from '../../../src/clean/page.ts';
import { rulesOf } from '../../../src/clean/rules.ts';
import { loadRules } from '../../../src/core/rules.ts';

const rules = rulesOf(loadRules().rules);
const sentence = 'The bridge over the Alder will stay closed until the spring, the county said on Monday. ';
const page = `<title>Bridge stays closed</title><body><nav><a href=/a>Home</a></nav><article class=story><h1>Bridge stays closed</h1>
<p>${sentence.repeat(2)}</p><p><strong>Who pays</strong></p><p>${sentence.repeat(3)}</p><aside class=related><a href=/b>Older: the bridge in winter</a></aside>
<p>${sentence.repeat(2)}</p></article><footer>© Alder Post</footer>`;

/** One column of the page's pieces, by their texts' beginnings. */
function column(name: string): Record<string, number> {
  const { ruledVerdict: verdict, pageClaims } = judgePage(page, rules);
  const { rows } = measurePieces(verdict, pageClaims);
  const at = FEATURES.indexOf(name);
  expect(at).toBeGreaterThanOrEqual(0);
  return Object.fromEntries(
    verdict.judged.map(({ piece }, i) => [`${i} ${piece.text.slice(0, 10)}`, rows[i * FEATURES.length + at] as number]),
  );
}

describe('measurePieces', () => {
  it('fills every column of every piece, and no more', () => {
    const { ruledVerdict: verdict, pageClaims } = judgePage(page, rules);
    const { rows } = measurePieces(verdict, pageClaims);
    expect(rows).toHaveLength(verdict.judged.length * FEATURES.length);
    const isFilled = FEATURES.map((_, f) => rows.some((value, i) => i % FEATURES.length === f && value !== 0));
    // The last column of each room's part, so that none writes past its end or stops short of it.
    for (const name of ['chars', 'alikePermille', 'pageBodyPercent', 'likeTitle'])
      expect(isFilled[FEATURES.indexOf(name)], name).toBe(true);
  });
  it('names each column once and gives each a group', () => {
    expect(new Set(FEATURES).size).toBe(FEATURES.length);
    expect(FEATURE_GROUPS).toHaveLength(FEATURES.length);
    expect(new Set(FEATURE_GROUPS)).toEqual(
      new Set(['links', 'neighbours', 'names', 'markup', 'prose', 'order', 'rules', 'claims', 'page', 'text']),
    );
  });
  it('counts what the text is made of', () => {
    expect(Object.values(column('sentences'))).toEqual([0, 0, 2, 0, 3, 0, 2, 0]);
    expect(Object.values(column('linkPercent'))).toEqual([100, 0, 0, 0, 0, 100, 0, 0]);
    expect(Object.values(column('strongPercent'))).toEqual([0, 0, 0, 100, 0, 0, 0, 0]);
    expect(Object.values(column('hasCopyright'))).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
  it('tells where in the tree a piece stands', () => {
    expect(Object.values(column('inArticle'))).toEqual([0, 1, 1, 1, 1, 1, 1, 0]);
    expect(Object.values(column('holdsMost60'))).toEqual([0, 1, 1, 1, 1, 1, 1, 0]);
    expect(Object.values(column('headingRank'))).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect(Object.values(column('saysLists')).map((weight) => weight > 0)).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
      false,
      false,
    ]);
  });
  it('tells how far the headline and the prose are', () => {
    expect(Object.values(column('fromHeadline'))).toEqual([-1, 0, 1, 2, 3, 4, 5, 6]);
    expect(Object.values(column('fromFirstLong'))).toEqual([-2, -1, 0, 1, 2, 3, 4, 5]);
    expect(Object.values(column('toLongAfter'))).toEqual([2, 1, 2, 1, 2, 1, 200, 200]);
    expect(Object.values(column('likeTitle'))[1]).toBe(100);
  });
});
