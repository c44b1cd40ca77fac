import { describe, expect, it } from 'vitest';
import { parsePage } from '../../../src/clean/parse.ts';
import { faultOfSelector, Picker } from '../../../src/clean/selectors.ts';

describe('faultOfSelector', () => {
  it.each([
    '.teaser',
    'div#main > p:first-child + aside, ul li',
    'a[href*="x y:has((:hover"]',
    "a[title='it\\'s']",
    'p:nth-child(2n + 1):not(.x)',
    'p:has(> strong:contains("Read also"))',
    'p:not(:has(img))',
    'section:is(.a, .b) ~ p',
    'div.md\\:hidden',
    'a b c d e f g h i',
    '*',
  ])('takes %s', (selector) => {
    expect(faultOfSelector(selector)).toBeNull();
  });
  it.each([
    ['', 'that begins and ends with an element'],
    ['> p', 'that begins and ends with an element'],
    ['p >', 'that begins and ends with an element'],
    ['p,, q', 'that begins and ends with an element'],
    ['p[', 'a CSS selector'],
    ['((', 'a CSS selector'],
    ['.', 'a CSS selector'],
    ['p:hover', 'without :hover (known are :contains '],
    ['p::before', 'without ::before'],
    ['p:first', 'without :first '],
    ['p:eq(2)', 'without :eq'],
    [`p.${'x'.repeat(500)}`, 'at most 500 characters'],
    ['a b c d e f g h i j', 'of at most 9 steps'],
    [':has(:has(p))', 'without :has inside :has'],
    [':HAS(p:Has(q))', 'without :has inside :has'],
    [':has(:not(:has(p)))', 'without :has inside :has'],
    ['div:not(a b c)', 'with at most one space'],
    ['div:has(a b)', 'none inside :has'],
    ['p:not(:not(a b) b)', 'with at most one space'],
    ['p:has(:is(a b))', 'none inside :has'],
  ])('refuses %.40s: expected %s', (selector, expected) => {
    expect(faultOfSelector(selector)).toContain(expected);
  });
});

describe('Picker', () => {
  const picked = (html: string, selector: string) => new Picker(parsePage(html, 512)).pick(selector);
  it('gives elements in document order, svg and what a full parser mends among them', () => {
    const html = '<p class=a>1<div class=a><svg class=a></svg></div><table><tr><td class=a>2</table>';
    expect(picked(html, '.a')?.map(({ name }) => name)).toEqual(['p', 'div', 'svg', 'td']);
  });
  it('gives none for an element that is not there', () => {
    expect(picked('<p>1', '.a')).toEqual([]);
  });
  it.each([
    ['counts siblings', 'p:nth-child(2)', '<p>x</p>'.repeat(5000)],
    ['looks back over siblings', 'p ~ b', '<p>x</p>'.repeat(5000)],
    ['looks ahead over siblings', 'p:has(+ b)', '<p>x</p>'.repeat(5000)],
    ['reads text', 'div:contains("y")', '<div>'.repeat(300) + 'x'.repeat(100_000)],
  ])('passes over a page so large that a selector that %s would take seconds', (_, selector, html) => {
    expect(picked(html, selector)).toBeNull();
    expect(picked(html.slice(0, html.length / 10), selector)).not.toBeNull();
    expect(picked(html, 'p, div')?.length).toBeGreaterThan(200);
  });
});
