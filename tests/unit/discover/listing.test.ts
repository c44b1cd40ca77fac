import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedsOf, readListing } from '../../../src/discover/listing.ts';

const URL = 'https://www.daily.example/world/';
const page = (body: string, head = '') =>
  `<!doctype html><html><head><title>World | Daily</title>${head}</head><body>${body}</body></html>`;
const linksOf = (body: string, head = '') => readListing(page(body, head), URL).links;

describe('readListing: links', () => {
  it('gives them in document order with what a reader sees', () => {
    const links = linksOf(
      `<a href="/1">First <b>bridge</b></a><a href="2.html"><img src="x.jpg" alt="A picture of two"></a><a href="/3" aria-label="Third"></a><a href="/4" title="Fourth"><i></i></a><a href="/5"></a>`,
    );
    expect(links.map(({ url, text }) => [url, text])).toEqual([
      ['https://www.daily.example/1', 'First bridge'],
      ['https://www.daily.example/world/2.html', 'A picture of two'],
      ['https://www.daily.example/3', 'Third'],
      ['https://www.daily.example/4', 'Fourth'],
      ['https://www.daily.example/5', ''],
    ]);
  });
  it('takes the heading where a link holds a whole teaser, and no scripts', () => {
    const links = linksOf(
      `<a href="/1"><span>Politik</span><h3>Brücke&nbsp;gesperrt</h3><p>Seit Montag …</p><script>var x</script></a>`,
    );
    expect(links[0]?.text).toBe('Brücke gesperrt');
  });
  it('keeps each address once, where it stood first, with its longest text', () => {
    const links = linksOf(`<a href="/1">Read</a><a href="/2">Two</a><a href="/1#comments">The bridge opens again</a>`);
    expect(links.map(({ url, text }) => [url, text])).toEqual([
      ['https://www.daily.example/1', 'The bridge opens again'],
      ['https://www.daily.example/2', 'Two'],
    ]);
  });
  it('notes what the page disowns, unless it owns it elsewhere', () => {
    const links = linksOf(
      `<a rel="NoFollow noopener" href="/1">1</a><a rel="sponsored" href="/2">2</a><a rel="ugc" href="/3">3</a><a rel="nofollower" href="/4">4</a><a rel="nofollow" href="/5">5</a><a href="/5">5</a>`,
    );
    expect(links.map(({ isNofollow }) => isNofollow)).toEqual([true, true, true, false, false]);
  });
  it('notes menus and footers, unless the link stands outside as well', () => {
    const links = linksOf(
      `<nav><ul><li><a href="/1">1</a></ul></nav><div role="navigation"><a href="/2">2</a><a href="/5">5</a></div><main><a href="/3">3</a><a href="/5">5</a></main><footer><p><a href="/4">4</a></footer>`,
    );
    expect(links.map(({ url, isInMenu }) => [url.at(-1), isInMenu])).toEqual([
      ['1', true],
      ['2', true],
      ['5', false],
      ['3', false],
      ['4', true],
    ]);
  });
  it('a menu below does not take a link back', () => {
    expect(linksOf('<main><a href="/1">1</a></main><footer><a href="/1">1</a></footer>')[0]?.isInMenu).toBe(false);
  });
  it('reads them against the first base', () => {
    expect(linksOf('<a href="1">1</a>', '<base href="/deep/"><base href="/other/">')[0]?.url).toBe(
      'https://www.daily.example/deep/1',
    );
    expect(linksOf('<a href="1">1</a>', '<base target="_blank">')[0]?.url).toBe('https://www.daily.example/world/1');
    expect(linksOf('<a href="1">1</a>', '<base href="javascript:x">')[0]?.url).toBe(
      'https://www.daily.example/world/1',
    );
  });
  it('leaves out what leads nowhere: places on the page, the page itself, scripts, mail, no address', () => {
    expect(
      linksOf(
        `<a href="#top">t</a><a href="/world/">self</a><a href="javascript:void(0)">j</a><a href="mailto:a@b.example">m</a><a href="data:text/html,x">d</a><a name="x">n</a><a href="">e</a><a href="http://[">b</a>`,
      ),
    ).toEqual([]);
  });
  it('ends a link where the next begins, closed or not', () => {
    expect(linksOf('<a href="/1">One<a href="/2">Two</a>').map(({ text }) => text)).toEqual(['One', 'Two']);
  });
  it('gives the title of the page', () => {
    expect(readListing(page(''), URL).title).toBe('World | Daily');
    expect(readListing('<svg><title>Logo</title></svg>', URL)).not.toHaveProperty('title');
  });
});

describe('readListing: a selector', () => {
  const body = `<main><article><h2><a href="/1">One</a></h2></article><article class="ad"><a href="/2">Two</a></article></main><aside><a href="/3">Three</a><a class="next" href="?page=2">2</a></aside>`;
  const picked = (links: string) => readListing(page(body), URL, { links });
  it('picks links, or what is around them', () => {
    expect(picked('h2 a').links.map(({ text }) => text)).toEqual(['One']);
    expect(picked('main').links.map(({ text }) => text)).toEqual(['One', 'Two']);
    expect(picked('article:not(.ad), aside > a:first-child').links.map(({ text }) => text)).toEqual(['One', 'Three']);
  });
  it('still sees the next page, which it did not pick', () => {
    expect(picked('h2 a').next).toBe('https://www.daily.example/world/?page=2');
  });
  it('says where it picks nothing', () => {
    expect(picked('.gone')).toMatchObject({ links: [], notes: ['the selector ".gone" picks no link'] });
  });
  it('gives all links, and says so, where it is broken', () => {
    const { links, notes } = picked('a[');
    expect(links).toHaveLength(4);
    expect(notes[0]).toMatch(/^the selector "a\[" was not used/);
  });
  it('places links in pages of more than one piece of the reader', () => {
    const long = page(
      `<p>${'ü'.repeat(70_000)}</p>${'<i>x</i>'.repeat(9_000)}<main><a href="/1">One</a></main><a href="/2">Two</a>`,
    );
    expect(readListing(long, URL, { links: 'main a' }).links.map(({ text }) => text)).toEqual(['One']);
  });
});

describe('feedsOf', () => {
  it('gives what the head names, by type, once', () => {
    const head = `<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/feed"><LINK REL="ALTERNATE" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml"><link rel="alternate" type="application/rss+xml" href="/feed">
      <link rel="alternate" type="application/json" href="/wp-json/1"><link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" type="application/rss+xml" href="/x"><link rel="alternate" type="application/feed+json" href="/feed.json">`;
    expect(feedsOf(page('', head), URL)).toEqual([
      { url: 'https://www.daily.example/feed', title: 'All & more', kind: 'feed' },
      { url: 'https://www.daily.example/world/atom.xml', kind: 'feed' },
      { url: 'https://www.daily.example/feed.json', kind: 'feed' },
    ]);
  });
});

describe('readListing: the next page', () => {
  const nextOf = (body: string, head = '', url = URL) => readListing(page(body, head), url).next;
  it('is what the page itself calls next, in its head or a link', () => {
    expect(nextOf('', '<link rel="next" href="/world/2">')).toBe('https://www.daily.example/world/2');
    expect(nextOf('<a rel="next nofollow" href="/anything">→</a>')).toBe('https://www.daily.example/anything');
  });
  it.each([
    ['Older posts', '/world/page/2/'],
    ['« Ältere Beiträge', '/world/?paged=2'],
    ['Page suivante', '/world/?p=2'],
    ['Następna strona »', '/world/strona-2'],
    ['Следующая', '/world/?page=2'],
    ['次へ >', '/world/?page=2'],
    ['下一页', '/world/index_2.html'],
    ['التالي', '/world/?page=2'],
  ])('is a link that says "%s"', (text, href) => {
    expect(nextOf(`<a href="${href}">${text}</a>`)).toBe(`https://www.daily.example${href}`);
  });
  it('is the number after the own', () => {
    const numbers = (own: number) =>
      [1, 2, 3, 4]
        .filter((n) => n !== own)
        .map((n) => `<a href="/world/?page=${n}">${n}</a>`)
        .join('');
    expect(nextOf(numbers(1))).toBe('https://www.daily.example/world/?page=2');
    expect(nextOf(numbers(2), '', `${URL}?page=2`)).toBe('https://www.daily.example/world/?page=3');
    expect(nextOf('<a href="/world/page/3">3</a><a href="/world/page/4">4</a>', '', `${URL}page/3/`)).toBe(
      'https://www.daily.example/world/page/4',
    );
  });
  it.each([
    ['a word on another host', '<a href="https://other.example/world/?page=2">Next</a>'],
    ['a word that leads to an article', '<a href="/world/bridge-opens">Next</a>'],
    ['another list', '<a href="/sport/?page=2">Next</a>'],
    ['a day of a calendar', '<a href="/2026/03/02">2</a>'],
    ['the page itself', '<a href="/world/">Next</a>'],
    ['a number far on', '<a href="/world/?page=9">9</a>'],
  ])('is not %s', (_, body) => {
    expect(nextOf(body)).toBeUndefined();
  });
  it('is not elsewhere, whatever the page says', () => {
    expect(nextOf('', '<link rel="next" href="https://other.example/2">')).toBeUndefined();
  });
});

describe('readListing: hostile pages', () => {
  it('stops where elements are nested without end, and keeps what was before', () => {
    const { links, notes } = readListing(`<a href="/1">One</a>${'<div>'.repeat(200_000)}<a href="/2">Two</a>`, URL, {
      links: 'a',
    });
    expect(links.map(({ text }) => text)).toEqual(['One']);
    expect(notes).toEqual(['cut where its elements are nested too deep']);
  });
  it('stops after 5,000 links', () => {
    const { links, notes } = readListing(
      Array.from({ length: 20_000 }, (_, n) => `<a href="/${n}">${n}</a>`).join(''),
      URL,
    );
    expect(links.length).toBeGreaterThanOrEqual(5_000);
    expect(links.length).toBeLessThan(10_000);
    expect(notes).toEqual(['cut after 5000 links']);
  });
  it('bounds the text of a link', () => {
    const [link] = readListing(`<a href="/1">${'<b>word </b>'.repeat(100_000)}`, URL).links.concat(
      readListing(`<a href="/1">${'<b>word </b>'.repeat(100_000)}</a>`, URL).links,
    );
    expect(link?.text.length).toBeLessThan(1_100);
  });
  it('throws nothing', () => {
    const piece = fc.constantFrom(
      '<a href="/x">',
      '</a>',
      '<nav>',
      '</nav>',
      '</footer>',
      '<h1>',
      '</h1>',
      '<base href="x">',
      '<base>',
      '<script>',
      '</script>',
      '<title>',
      '<link rel=next href="?page=2">',
      '<img alt=x>',
      '<!--',
      '-->',
      'Next',
      '<',
      '\0',
      '<svg>',
      '</svg>',
      '<template>',
      '2',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.constantFrom(undefined, 'a', 'nav > a', ':has(a)'),
        (pieces, links) => {
          for (const { url } of readListing(pieces.join(''), URL, { links }).links) expect(url).toMatch(/^https:/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
