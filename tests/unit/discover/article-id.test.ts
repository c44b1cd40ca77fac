import { describe, expect, it } from 'vitest';
import { guessArticleId } from '../../../src/discover/article-id.ts';

const at = (...paths: string[]) => paths.map((path) => `https://www.daily.example${path}`);
const guessed = (...paths: string[]) => guessArticleId(at(...paths));

describe('guessArticleId: the number that all addresses have at one place', () => {
  it.each([
    ['-(\\d{5,})\\.html$', (n: number) => `/world/bridge-${'x'.repeat(n % 3)}-opens-${n}.html`],
    ['-(\\d{5,})$', (n: number) => `/politik/bruecke-a-${n}`],
    ['/(\\d{5,})$', (n: number) => `/section${n % 2}/${n}/`],
    ['/(\\d{5,})/', (n: number) => `/${n}/bridge-opens-${n % 5}`],
    ['/(\\d{5,})-', (n: number) => `/news/${n}-bridge-opens`],
    ['[?&]idxno=(\\d{5,})$', (n: number) => `/view.html?idxno=${n}`],
    ['[?&]id=(\\d{5,})(?:&|$)', (n: number) => `/view?id=${n}&lang=ko`],
    ['/n(\\d{5,})$', (n: number) => `/n${n}`],
  ])('%s', (pattern, path) => {
    const urls = at(...[1048213, 1048277, 1049001, 1050412, 1050999].map(path));
    expect(guessArticleId(urls)).toBe(pattern);
    const compiled = new RegExp(pattern, 'u');
    for (const [n, url] of urls.entries())
      expect(compiled.exec(url.replace(/\/$/, ''))?.[1]).toBe(String([1048213, 1048277, 1049001, 1050412, 1050999][n]));
  });
  it('one odd address among many does no harm, and the same address in other spellings counts once', () => {
    const many = Array.from({ length: 20 }, (_, n) => `/n-${10_000 + n * 37}`);
    expect(guessed(...many, '/about')).toBe('-(\\d{5,})$');
    expect(guessed('/n-10001', '/n-10001/', '/n-10001?utm_source=x', '/n-10001#a')).toBeUndefined();
  });
  it('takes the last where a section has a number too', () => {
    expect(guessed(...[1, 2, 3, 4].map((n) => `/7000${n}/2000${n}`))).toBe('/(\\d{5,})$');
  });
});

describe('guessArticleId: what is not obvious', () => {
  it.each([
    ['too few', ['/1048213', '/1048214', '/1048215']],
    ['no numbers', ['/a-b-c', '/d-e-f', '/g-h-i', '/j-k-l']],
    ['days', ['/20260314/a', '/20260315/b', '/20260316/c', '/20260317/d']],
    ['short numbers', ['/1', '/22', '/333', '/4444']],
    ['the same number in all', ['/70001/a-b-c', '/70001/d-e-f', '/70001/g-h-i', '/70001/j-k-l']],
    ['only some', ['/1048213', '/1048214', '/a-b-c', '/d-e-f']],
    ['different places', ['/1048213', '/x-1048214', '/1048215.html', '/y?id=1048216']],
    ['no addresses', ['', '', '', '']],
  ])('%s', (_, paths) => {
    expect(guessed(...paths)).toBeUndefined();
  });
  it('passes over what is no address', () => {
    expect(guessArticleId(['x', 'mailto:a@b.example', '', 'https://', 'y'])).toBeUndefined();
  });
});
