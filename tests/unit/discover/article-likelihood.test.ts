import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../../src/discover/address-shape.ts';
import { articleLikelihood } from '../../../src/discover/article-likelihood.ts';
import { articleRules } from '../../../src/discover/rules.ts';

const at = (path: string) => `https://www.daily.example${path}`;
const judge = (path: string, text?: string, trust: string[] = []) => articleLikelihood(at(path), { text, trust });

describe('articleLikelihood: articles by their addresses alone', () => {
  it.each([
    '/world/2026/03/14/bridge-opens-after-years',
    '/2026/03/14/bridge-opens/',
    '/20260314/bridge-opens.html',
    '/news/bridge-opens-after-eleven-years-of-repairs',
    '/politik/bruecke-nach-elf-jahren-wieder-frei-a-1048213.html',
    '/1048213',
    '/article/1048213/',
    '/artikel/1048213',
    '/1048213/bridge-opens',
    '/doc/7715044',
    '/news/articleView.html?idxno=123456',
    '/index.php?id=48213',
    '/themen/bruecke-nach-elf-jahren-wieder-frei',
    '/news/c4gkx1d2e3o',
    '/story/6f1ed002-ab5f-11f0-8f3a-0242ac120002',
    '/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%BC%D0%BE%D1%81%D1%82-%D1%81%D0%BD%D0%BE%D0%B2%D0%B0-%D0%BE%D1%82%D0%BA%D1%80%D1%8B%D1%82-%D0%B4%D0%BB%D1%8F-%D0%B2%D1%81%D0%B5%D1%85',
    '/%E9%95%B7%E5%B9%B4%E3%81%AE%E5%B7%A5%E4%BA%8B%E3%82%92%E7%B5%82%E3%81%88%E6%A9%8B%E3%81%8C%E9%96%8B%E9%80%9A',
    '/news/12.html',
  ])('%s', (path) => {
    expect(judge(path)).toMatchObject({ isArticle: true });
  });
});

describe('articleLikelihood: what is none', () => {
  it.each([
    ['/', undefined],
    ['/en/', undefined],
    ['/world/', 'World'],
    ['/politik', 'Politik'],
    ['/2026/03/', undefined],
    ['/2026/03/14', 'Samstag'],
    ['/archive/2026-03-14', '14'],
    ['/tag/river-bridge-repairs', 'river bridge repairs'],
    ['/author/ada-lindqvist', 'Ada Lindqvist'],
    ['/autor/ada-lindqvist-4711', 'Ada Lindqvist'],
    ['/login?redirect=/world/2026/03/14/bridge-opens', 'Log in'],
    ['/search?q=bridge+opens+after+years', 'Search'],
    ['/world/page/3', '3'],
    ['/world?page=3', '3'],
    ['/privacy-policy', 'Privacy policy'],
    ['/datenschutz.html', 'Datenschutz'],
    ['/mentions-legales', 'Mentions légales'],
    ['/quienes-somos', 'Quiénes somos'],
    ['/chi-siamo', 'Chi siamo'],
    ['/over-ons', 'Over ons'],
    ['/o-nas', 'O nas'],
    ['/about/terms', 'Пользовательское соглашение'],
    ['/p/terms', '利用規約'],
    ['/p/privacy', '隐私政策'],
    ['/p/x1', '이용약관'],
    ['/p/x2', 'سياسة الخصوصية'],
    ['/p/x3', 'מדיניות פרטיות'],
    ['/p/x4', 'गोपनीयता नीति'],
    ['/p/x5', 'Πολιτική απορρήτου'],
    ['/p/x6', 'Gizlilik politikası'],
    ['/p/x7', 'Chính sách bảo mật'],
    ['/abo', 'Abonnieren'],
    ['/wp-json/wp/v2/posts/1048213', undefined],
    ['/feed/', 'RSS'],
    ['/2026/03/14/bridge-opens/?replytocom=12', 'Reply'],
    ['/category/world/', 'World'],
  ])('%s %s', (path, text) => {
    expect(judge(path, text)).toMatchObject({ isArticle: false });
  });
  it.each([
    '',
    '/relative',
    'mailto:a@b.example',
    'ftp://daily.example/2026/03/14/bridge-opens-after-years',
    'https://',
  ])('no address: "%s"', (url) => {
    expect(articleLikelihood(url)).toEqual({
      perCent: 1,
      isArticle: false,
      reasons: [{ rule: 'no-address', weight: -99 }],
    });
  });
});

describe('articleLikelihood: what else is known', () => {
  it('hears the text of the link', () => {
    expect(judge('/world/bridge', 'Bridge opens after eleven years of repairs').perCent).toBeGreaterThan(
      judge('/world/bridge').perCent,
    );
    expect(judge('/world/bridge', 'World').perCent).toBeLessThan(judge('/world/bridge').perCent);
    expect(judge('/world/bridge', '長年の工事を終え橋が開通した').perCent).toBeGreaterThan(
      judge('/world/bridge').perCent,
    );
  });
  it('hears who names it: a feed more than a menu', () => {
    const ranks = [['trust/feed'], ['trust/sitemap'], [], ['trust/menu']].map(
      (trust) => judge('/world/bridge-opens', undefined, trust).perCent,
    );
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
    expect(new Set(ranks).size).toBe(4);
    expect(judge('/bridge', 'Bridge opens again today', ['trust/feed']).isArticle).toBe(true);
  });
  it("hears the publisher's own number, in the canonical address", () => {
    const articleId = /\/n(\d+)$/u;
    expect(articleLikelihood(at('/n7/?utm_source=x'), { articleId }).isArticle).toBe(true);
    expect(articleLikelihood(at('/n7x'), { articleId }).isArticle).toBe(false);
  });
  it('a feed does not make an article of a front page', () => {
    expect(judge('/', 'The Daily', ['trust/feed']).isArticle).toBe(false);
  });
  it('judges with rules that it is given', () => {
    const rules = { ...articleRules(), base: 1, threshold: 99 };
    expect(articleLikelihood(at('/world/2026/03/14/bridge-opens-after-years'), { rules }).isArticle).toBe(false);
  });
});

describe('articleLikelihood: its answer', () => {
  it('is the base and the weights of its reasons, within 1 to 99', () => {
    const path = fc.array(
      fc.constantFrom('2026', '03', 'tag', 'world', 'bridge-opens-after-years', '1048213', '橋', 'a'),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(path, fc.constantFrom(undefined, 'World', 'Bridge opens after eleven years'), (parts, text) => {
        const { perCent, isArticle, reasons } = judge(`/${parts.join('/')}`, text);
        const sum = reasons.reduce((total, { weight }) => total + weight, articleRules().base);
        expect(perCent).toBe(Math.min(99, Math.max(1, sum)));
        expect(isArticle).toBe(perCent >= articleRules().threshold);
      }),
    );
  });
  it('bounds what it looks at', () => {
    expect(judge(`/${'a-'.repeat(50_000)}`).perCent).toBeGreaterThan(0);
    expect(judge(`/${'%'.repeat(5_000)}`).perCent).toBeGreaterThan(0);
  });
});

describe('wordsOf', () => {
  it.each([
    ['bridge-opens', 2],
    ['bridge_opens_2026_03', 2],
    ['1048213', 0],
    ['деревня-без-моста', 3],
    ['橋が開通した', 3],
    ['สะพานเปิด', 4],
    ['', 0],
  ])('%s: %i', (text, count) => {
    expect(wordsOf(text)).toBe(count);
  });
});
