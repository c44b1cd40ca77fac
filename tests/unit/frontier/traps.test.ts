import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostOf, shapeOf, trapIn } from '../../../src/frontier/traps.ts';

const shape = (path: string) => shapeOf(new URL(path, 'https://n.example/'));

describe('shapeOf', () => {
  it.each([
    ['/', '/', 'numbers'],
    ['/news/123.html', '/news/#.html', 'numbers'],
    ['/news/99999999.html', '/news/#.html', 'numbers'],
    ['/news/', '/~', 'words'],
    ['/2026/05/03/the-harbour-wall', '/#/#/#/~', 'words'],
    ['/2026-05-03/17', '/#/#', 'calendar'],
    ['/events/2026/05/03', '/events/#/#/#', 'calendar'],
    ['/events/20260503', '/events/#', 'calendar'],
    ['/events/2026', '/events/#', 'calendar'],
    ['/events/03.05.2026', '/events/#', 'calendar'],
    ['/archive/17', '/archive/#', 'numbers'],
    ['/2026/05/03/1234567', '/#/#/#/#', 'numbers'],
    ['/a/0DD5F00D-1b2c-4d5e-8f90-a1b2c3d4e5f6', '/a/#', 'numbers'],
    ['/a/deadbeef', '/a/~', 'words'],
    ['/Sport/story', '/sport/~', 'words'],
    ['/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/2026', '/новости/#', 'calendar'],
    ['/新聞/海港の壁', '/新聞/~', 'words'],
    ['/list?page=2', '/list?page', 'parameters'],
    ['/shop?page=2', '/shop?page', 'parameters'],
    ['/list?b=1&a=2&a=3', '/list?a&b', 'parameters'],
    ['/list?f1=1&f22=2', '/list?f#', 'parameters'],
    ['/view.php?idxno=123456', '/view.php?idxno', 'numbers'],
    ['/view.php?idxno=123456&mode=plain', '/view.php?idxno&mode', 'numbers'],
    ['/view.php?idxno=123456&page=2', '/view.php?idxno&page', 'parameters'],
    ['/view.php?idxno=123456&a=1&b=2', '/view.php?a&b&idxno', 'parameters'],
    ['/cal?d=20260503', '/cal?d', 'parameters'],
    ['/cal?on=2026', '/cal?on', 'parameters'],
    ['/the-harbour-wall-is-leaking?via=home', '/~?via', 'numbers'],
    ['/the-harbour-wall-is-leaking?replytocom=17', '/~?replytocom', 'parameters'],
    ['/%E0%A4%A', '/%E#%A#%A', 'numbers'],
  ])('%s: %s, %s', (path, fine, looksLike) => {
    expect(shape(path)).toMatchObject({ fine, looksLike });
  });

  it('knows words of folders from numbers, where a host makes folders up', () => {
    expect(shape('/sport/2026/fussball/story').coarse).toBe('/~/#/~/~');
    expect(shape('/qwe/list?page=1').coarse).toBe(shape('/asd/other?page=1').coarse);
  });

  it('is the same for addresses that differ in numbers and in values alone, and never longer than they are by much', () => {
    const number = fc.nat().map(String);
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const of = (one: string, two: string, three: string) => shape(`/news/${one}/x${two}?p=${three}`).fine;
        expect(of(a, b, c)).toBe(of(b, c, a));
      }),
    );
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        expect(shapeOf(new URL(url)).fine.length).toBeLessThanOrEqual(new URL(url).href.length);
      }),
    );
  });

  it('takes time that grows no faster than the address', () => {
    const hostile = [
      '1-'.repeat(32_000),
      'a1'.repeat(32_000),
      'deadbeef-'.repeat(7_000),
      '%E4'.repeat(20_000),
      '-'.repeat(64_000),
    ];
    for (const text of hostile) expect(shape(`/${text}`).fine.length).toBeLessThan(70_000);
  });
});

describe('mostOf', () => {
  const most = (path: string, foundBy: 'listing' | 'feed' | 'sitemap' = 'listing') => mostOf(shape(path), foundBy, 10);
  it('goes by the look of a shape, and by who named it', () => {
    expect(most('/list?page=1')).toBe(10);
    expect(most('/events/2026/05/03')).toBe(10);
    expect(most('/news/123.html')).toBe(500);
    expect(most('/news/the-wall')).toBe(5_000);
    expect(most('/list?page=1', 'sitemap')).toBe(500);
    expect(most('/news/123.html', 'feed')).toBe(500);
    expect(most('/news/the-wall', 'feed')).toBe(5_000);
  });
});

describe('trapIn', () => {
  const trap = (path: string) => trapIn(new URL(path, 'https://n.example/'));
  it.each([
    ['/a/b/a/b/a/b', 'the same folders 3 times in a row'],
    ['/x/a/a/a/y', 'the same folders 3 times in a row'],
    ['/a/b/c/a/b/c/a/b/c/story', 'the same folders 3 times in a row'],
    ['/a/x/a/y/a/z/a', 'the same folder 4 times'],
    [`/${Array.from({ length: 21 }, (_, n) => `d${n}`).join('/')}`, 'more than 20 folders deep'],
    [`/?${Array.from({ length: 13 }, (_, n) => `a${n}=1`).join('&')}`, 'more than 12 parameters'],
    [`/${'x'.repeat(4_000)}`, 'longer than 4000 characters'],
  ])('%s: %s', (path, why) => {
    expect(trap(path)).toBe(why);
  });

  it.each([
    '/',
    '/a/b/a/b',
    '/a/a/b/a',
    '/1/1/1/1/1',
    '/a/x/a/y/a/z',
    `/${Array.from({ length: 20 }, (_, n) => `d${n}`).join('/')}`,
    `/?${Array.from({ length: 12 }, (_, n) => `a${n}=1`).join('&')}`,
  ])('%s is none', (path) => {
    expect(trap(path)).toBeNull();
  });
});
