import { describe, expect, it, test } from 'vitest';
import { gatherClaims } from '../../../src/clean/claims.ts';
import { clean } from '../../../src/clean/index.ts';
import { parsePage } from '../../../src/clean/parse.ts';
import { loadRules } from '../../../src/core/rules.ts';
import { Reading } from '../../../src/core/schema.ts';

const { rules } = loadRules();
const URL_OF_PAGE = 'https://www.harbour-post.example/news/ferry-stays-in-port-over-winter';

const PROSE = Array.from(
  { length: 4 },
  (_, i) =>
    `<p>The ferry that links the island with the mainland stays in port this winter, the council said on its ${i + 2}nd day of talks, and nobody was surprised by it.</p>`,
).join('');

interface Page {
  readonly head?: string;
  readonly top?: string;
  readonly lang?: string;
  readonly body?: string;
  readonly url?: string;
}
const read = ({ head = '', top = '', lang = 'en-GB', body = PROSE, url = URL_OF_PAGE }: Page) =>
  clean(
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">${head}</head><body><article>${top}${body}</article></body></html>`,
    { url, contentType: 'text/html; charset=utf-8', rules },
  );
const meta = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, content]) => `<meta property="${name}" content="${content.replaceAll('"', '&quot;')}">`)
    .join('');
const linked = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
const article = (fields: Readonly<Record<string, unknown>>) =>
  linked({ '@context': 'https://schema.org', '@type': 'NewsArticle', ...fields });
const namesOf = (page: Page) => read(page).authors.map(({ name }) => name);

describe('the title is what the reader sees, where the page agrees with itself', () => {
  it('keeps what others say beside it, with where they say it', () => {
    const { title, titles, foundIn, alternatives } = read({
      head: `<title>Ferry stays in port over winter | Harbour Post</title>${meta({ 'og:title': 'No ferry until spring', 'og:site_name': 'Harbour Post' })}`,
      top: '<h1>Ferry stays in port over winter</h1>',
    });
    expect(title).toBe('Ferry stays in port over winter');
    expect(titles.og).toBe('No ferry until spring');
    expect(foundIn['title']).toBe('page');
    expect(alternatives?.['title']).toContainEqual({ value: 'No ferry until spring', from: 'meta' });
  });

  it.each([
    ['Ferry stays in port over winter - Harbour Post', 'Harbour Post'],
    ['Harbour Post: Ferry stays in port over winter', undefined],
    ['Ferry stays in port over winter | News | harbour-post.example', undefined],
    ['Ferry stays in port over winter-Harbour Post', 'Harbour Post'],
  ])('cuts the name of the site off %j', (html, siteName) => {
    const head = `<title>${html}</title>${siteName === undefined ? '' : meta({ 'og:site_name': siteName, 'og:title': html })}`;
    expect(read({ head, top: '<h1>Ferry stays in port over winter</h1>' }).title).toBe(
      'Ferry stays in port over winter',
    );
  });

  it('takes a kicker off an h1 that others know without it', () =>
    expect(
      read({
        head: `<title>Ferry stays in port over winter</title>${meta({ 'og:title': 'Ferry stays in port over winter' })}`,
        top: '<h1><span>Island traffic</span> Ferry stays in port over winter</h1>',
      }).title,
    ).toBe('Ferry stays in port over winter'));

  it('does not take the name of the site in an h1 for the headline', () =>
    expect(
      read({
        head: `<title>Ferry stays in port over winter – Harbour Post</title>${meta({ 'og:site_name': 'Harbour Post' })}`,
        top: '<h1>Harbour Post</h1><h2>Ferry stays in port over winter</h2>',
      }).title,
    ).toBe('Ferry stays in port over winter'));

  it('takes the headline of a page without any claims', () =>
    expect(read({ top: '<h1>Ferry stays in port over winter</h1>' }).title).toBe('Ferry stays in port over winter'));

  it('is empty for a page that is called nothing', () =>
    expect(read({ url: 'https://harbour-post.example/' }).title).toBe(''));
});

describe('authors', () => {
  it.each<[string, unknown, string[]]>([
    ['a person', { '@type': 'Person', name: 'Edda Marchbank' }, ['Edda Marchbank']],
    ['a string', 'By Edda Marchbank and Jost Ahlbeck', ['Edda Marchbank', 'Jost Ahlbeck']],
    ['strings', ['Edda Marchbank', 'Jost Ahlbeck'], ['Edda Marchbank', 'Jost Ahlbeck']],
    ['nested lists', [[{ name: 'Edda Marchbank' }], { name: ['Jost Ahlbeck'] }], ['Edda Marchbank', 'Jost Ahlbeck']],
    [
      'an agency beside a person',
      [
        { '@type': 'Person', name: 'Edda Marchbank' },
        { '@type': 'Organization', name: 'AFP' },
      ],
      ['Edda Marchbank', 'AFP'],
    ],
    ['an organisation with a joiner', { '@type': 'Organization', name: 'Nets and Ropes' }, ['Nets and Ropes']],
    ['the publisher and an agency', { '@type': 'Person', name: 'Harbour Post and AFP' }, ['Harbour Post and AFP']],
    ['nobody', { '@type': 'Person', name: 'admin' }, []],
    ['a number', 7, []],
    ['wrong types', [null, true, { name: 3 }, { name: { '@value': {} } }], []],
  ])('of JSON-LD: %s', (_, author, names) =>
    expect(
      namesOf({ head: article({ headline: 'Ferry', author }) + meta({ 'og:site_name': 'Harbour Post' }) }),
    ).toEqual(names),
  );

  it('of JSON-LD are followed through the graph, and have their pages', () => {
    const graph = {
      '@graph': [
        { '@type': 'NewsArticle', headline: 'Ferry', author: { '@id': '#edda' } },
        { '@type': 'Person', '@id': '#edda', name: 'Edda Marchbank', url: '/people/edda' },
      ],
    };
    expect(read({ head: linked(graph) }).authors).toEqual([
      { name: 'Edda Marchbank', url: 'https://www.harbour-post.example/people/edda' },
    ]);
  });

  it('of the byline beat the publisher that the page names for all its articles', () => {
    const { authors, foundIn, alternatives } = read({
      head:
        article({ headline: 'Ferry', author: { '@type': 'Organization', name: 'Harbour Post News' } }) +
        meta({ 'og:site_name': 'Harbour Post' }),
      top: '<h1>Ferry stays in port</h1><p class="byline">By Edda Marchbank, Elin</p>',
    });
    expect(authors).toEqual([{ name: 'Edda Marchbank' }]);
    expect(foundIn['authors']).toBe('page');
    expect(alternatives?.['authors']).toEqual([{ value: 'Harbour Post News', from: 'json-ld' }]);
  });

  it('are the publisher where the page names nobody else', () =>
    expect(
      namesOf({
        head:
          article({ headline: 'Ferry', author: { '@type': 'Organization', name: 'Harbour Post' } }) +
          meta({ 'og:site_name': 'Harbour Post' }),
      }),
    ).toEqual(['Harbour Post']));

  it.each<[string, string, string[]]>([
    ['de', '<p class="byline">Von Jost Ahlbeck und Svenja Ruthe, 3. März 2026</p>', ['Jost Ahlbeck', 'Svenja Ruthe']],
    ['fr', '<p class="byline">Par Maëlle Quéré le 3 mars 2026</p>', ['Maëlle Quéré']],
    ['en', '<p class="byline">By Edda Marchbank<br>Senior Reporter</p>', ['Edda Marchbank']],
    [
      'en',
      '<p class="byline">By <a href="/authors/edda-marchbank">More from Edda Marchbank of the desk</a></p>',
      ['Edda Marchbank'],
    ],
    ['ru', '<p class="byline">Автор: Ольга Сидорова</p>', ['Ольга Сидорова']],
    ['el', '<p class="byline">Γράφει ο Νίκος Παππάς</p>', ['Νίκος Παππάς']],
    ['ko', '<p class="byline">윤하람 기자</p>', ['윤하람']],
    ['ja', '<p class="byline">記者 田中花子</p>', ['田中花子']],
    ['ar', '<p class="byline">بقلم: ليلى المنصور</p>', ['ليلى المنصور']],
    ['tr', '<p class="byline">Haber: Defne Korkut</p>', ['Defne Korkut']],
    ['en', '<p class="byline">Photos by Edda Marchbank</p>', []],
  ])('of a byline in %s: %s', (lang, byline, names) =>
    expect(namesOf({ lang, top: `<h1>Ferry stays in port over winter</h1>${byline}` })).toEqual(names),
  );

  it('of microdata have their name and page, and comments have authors of their own', () =>
    expect(
      read({
        top: `<h1>Ferry stays in port</h1><div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/people/edda"><b itemprop="name">Edda Marchbank</b></a> Port desk</span></div>`,
        body: `${PROSE}<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Mudlark Jones</span></div>`,
      }).authors,
    ).toEqual([{ name: 'Edda Marchbank', url: 'https://www.harbour-post.example/people/edda' }]));

  it('of comments, and their times, are not those of the article', () => {
    const comment = `<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">mudlark77</span><meta itemprop="datePublished" content="2026-03-09"></div>`;
    expect(read({ body: PROSE + comment }).foundIn).not.toHaveProperty('publishedAt');
    expect(namesOf({ body: PROSE + comment })).toEqual([]);
  });

  it('are not those whom a line before names as another hand', () =>
    expect(
      namesOf({
        top: '<h1>Ferry stays in port over winter</h1><div class="byline">Photos by</div><div class="byline">Edda Marchbank</div>',
      }),
    ).toEqual([]));

  it.each([
    ['parsely-author', 'Edda Marchbank'],
    ['article:author', 'Edda Marchbank'],
    ['sailthru.author', 'Edda Marchbank'],
    ['DC.creator', 'Edda Marchbank'],
    ['byl', 'By Edda Marchbank'],
    ['citation_author', 'Edda Marchbank'],
  ])('of the meta tag %s', (name, content) =>
    expect(namesOf({ head: meta({ [name]: content }) })).toEqual(['Edda Marchbank']),
  );

  it('of meta tags are no addresses and no slugs', () =>
    expect(
      namesOf({
        head: meta({
          author: 'Edda Marchbank',
          'article:author': 'https://social.example/edda',
          'parsely-author': 'edda-marchbank',
        }),
      }),
    ).toEqual(['Edda Marchbank']));
});

describe('times', () => {
  const published = (page: Page) => read(page).publishedAt;

  it('prefers the zone of another source where the local times agree', () => {
    const { publishedAt, foundIn, alternatives } = read({
      head:
        article({ headline: 'Ferry', datePublished: '2026-03-03 14:05:09.0' }) +
        meta({ 'article:published_time': '2026-03-03T14:05:09+01:00' }),
    });
    expect(publishedAt).toBe('2026-03-03T14:05:09+01:00');
    expect(foundIn['publishedAt']).toBe('meta');
    expect(alternatives?.['publishedAt']).toBeUndefined();
  });

  it('prefers a time of day of the same day, and the local clock of the same instant', () => {
    expect(
      published({
        head:
          article({ datePublished: '2026-03-03', headline: 'F' }) +
          meta({ 'article:published_time': '2026-03-03T14:05:00Z' }),
      }),
    ).toBe('2026-03-03T14:05:00Z');
    expect(
      published({
        head:
          article({ datePublished: '2026-03-03T23:30:00Z', headline: 'F' }) +
          meta({ date: '2026-03-04T00:30:00+01:00' }),
      }),
    ).toBe('2026-03-04T00:30:00+01:00');
  });

  it('keeps another day that another source states, and does not mix the two', () => {
    const { publishedAt, alternatives } = read({
      head:
        article({ headline: 'Ferry', datePublished: '2026-03-03' }) +
        meta({ 'article:published_time': '2026-03-05T14:05:00Z' }),
    });
    expect(publishedAt).toBe('2026-03-03');
    expect(alternatives?.['publishedAt']).toEqual([{ value: '2026-03-05T14:05:00Z', from: 'meta' }]);
  });

  it('does not believe a template that states the last change as the time of publishing', () =>
    expect(
      read({
        head:
          article({ headline: 'F', datePublished: '2026-03-05T10:00:00Z', dateModified: '2026-03-05T10:00:00Z' }) +
          meta({ 'article:published_time': '2026-03-03T08:00:00Z' }),
      }),
    ).toMatchObject({ publishedAt: '2026-03-03T08:00:00Z', modifiedAt: '2026-03-05T10:00:00Z' }));

  it('leaves out a change before publishing, and dates that systems fill in', () => {
    expect(
      read({
        head: article({ headline: 'F', datePublished: '2026-03-05T10:00:00Z', dateModified: '2026-03-01T10:00:00Z' }),
      }).modifiedAt,
    ).toBeUndefined();
    expect(
      published({
        head: article({ headline: 'F', datePublished: '1970-01-01T00:00:00Z' }) + meta({ date: '2026-03-03' }),
      }),
    ).toBe('2026-03-03');
  });

  it.each([
    ['article:published:time', '2026-03-03T14:05:00Z'],
    ['og:pubdate', '2026-03-03T14:05:00Z'],
    ['date-pub', '2026-03-03T14:05:00Z'],
    ['DC.date.issued', '2026-03-03T14:05:00Z'],
    ['published-date', '2026-03-03T14:05:00Z'],
  ])('of the meta tag %s', (name, content) => expect(published({ head: meta({ [name]: content }) })).toBe(content));

  it.each([
    ['en', '<p class="byline">By Edda Marchbank on March 3, 2026 at 2:05 pm</p>', '2026-03-03T14:05'],
    [
      'de',
      '<p class="date">Aktualisiert am 5. März 2026, erschienen am 3. März 2026, 14:05 Uhr</p>',
      '2026-03-03T14:05',
    ],
    ['th', '<p class="date">3 มีนาคม 2569 14:05 น.</p>', '2026-03-03T14:05'],
    ['fa', '<p class="date">۱۲ اسفند ۱۴۰۴</p>', '2026-03-03'],
    ['ja', '<p class="date">2026年3月3日 14時05分</p>', '2026-03-03T14:05'],
    ['en', '<time>3 March 2026</time>', '2026-03-03'],
    ['en', '<time datetime="2026-03-03T14:05+01:00">yesterday</time>', '2026-03-03T14:05+01:00'],
    ['en-US', '<p class="date">03/04/2026</p>', '2026-03-04'],
    ['en-GB', '<p class="date">03/04/2026</p>', '2026-04-03'],
    ['en-IE', '<p class="date">03/04/2026</p>', '2026-04-03'],
  ])('of a page in %s: %s', (lang, line, time) =>
    expect(published({ lang, top: `<h1>Ferry stays in port over winter</h1>${line}` })).toBe(time),
  );

  it('takes a line that says "updated" as the time of the change', () =>
    expect(
      read({
        top: '<h1>Ferry stays in port over winter</h1><p class="date">Published 3 March 2026, updated 5 March 2026</p>',
      }),
    ).toMatchObject({ publishedAt: '2026-03-03', modifiedAt: '2026-03-05' }));

  it('falls back on the address', () => {
    expect(read({ url: 'https://harbour-post.example/2026/03/03/ferry' })).toMatchObject({
      publishedAt: '2026-03-03',
      foundIn: { publishedAt: 'url' },
    });
    expect(published({ url: 'https://harbour-post.example/article/A202603031405123' })).toBe('2026-03-03');
    expect(published({ url: 'https://harbour-post.example/article/A209903031405123' })).toBeUndefined();
  });
});

describe('language', () => {
  const GERMAN =
    '<p>Die Fähre, die die Insel mit dem Festland verbindet, bleibt in diesem Winter im Hafen, wie der Rat am Montag nach langer Sitzung mitgeteilt hat, und nicht nur auf der Insel ist man darüber verärgert.</p>'.repeat(
      3,
    );

  it('outvotes a language that a template declares for all its pages, and keeps it', () => {
    const { language, foundIn, alternatives } = read({ lang: 'en', body: GERMAN });
    expect([language, foundIn['language']]).toEqual(['de', 'page']);
    expect(alternatives?.['language']).toEqual([{ value: 'en', from: 'page' }]);
  });

  it('leaves a declared language in peace where it is right, near to another, or unknown to it', () => {
    expect(read({ lang: 'de-AT', body: GERMAN }).language).toBe('de-AT');
    expect(read({ lang: 'lb', body: '<p>Kuerzen Text.</p>' }).language).toBe('lb');
    expect(read({ lang: 'gsw', body: GERMAN }).language).toBe('gsw');
    expect(
      read({
        lang: 'nn',
        body: `<p>${'Ferja som går til øya ligg i hamna i vinter, og det er ikkje noko å gjere med det, seier dei som bur der. '.repeat(4)}</p>`,
      }).language,
    ).toBe('nn');
  });

  it.each([
    ['en', PROSE],
    ['de', GERMAN],
    [
      'ru',
      `<p>${'Паром, который связывает остров с материком, этой зимой останется в порту, сообщили в совете, и это никого не удивило. '.repeat(3)}</p>`,
    ],
    [
      'uk',
      `<p>${'Пором, який сполучає острів із материком, цієї зими залишиться в порту, повідомили в раді, і це нікого не здивувало. '.repeat(3)}</p>`,
    ],
    [
      'el',
      `<p>${'Το πλοίο που συνδέει το νησί με τη στεριά μένει φέτος τον χειμώνα στο λιμάνι, είπε το συμβούλιο. '.repeat(3)}</p>`,
    ],
    ['ja', `<p>${'島と本土を結ぶフェリーはこの冬、港にとどまると評議会が発表した。'.repeat(6)}</p>`],
    ['und', '<p>Xyzzy.</p>'],
  ])('tells %s where nothing is declared', (language, body) =>
    expect(read({ lang: '', body: body.repeat(2) }).language).toBe(language),
  );

  it('outvotes a declared language of another script', () =>
    expect(
      read({
        lang: 'en',
        body: `<p>${'দ্বীপের সঙ্গে মূল ভূখণ্ডের ফেরি এই শীতে বন্ধ থাকবে বলে জানিয়েছে পরিষদ। '.repeat(4)}</p>`,
      }).language,
    ).toBe('bn'));
});

describe('addresses', () => {
  it('are canonical, AMP, other languages and phones; feeds are none', () => {
    const { canonicalUrl, ampUrl, alternates, alternatives } = read({
      head: `<link rel="canonical" href="/ferry"><link rel="amphtml" href="/amp/ferry"><meta property="og:url" content="https://harbour-post.example/other">
        <link rel="alternate" hreflang="cy" href="/cy/fferi"><link rel="alternate" hreflang="x-default" href="/ferry">
        <link rel="alternate" media="handheld" href="https://m.harbour-post.example/ferry"><link rel="alternate" type="application/rss+xml" hreflang="en" href="/feed">
        <link rel="alternate" hreflang="de" href="javascript:alert(1)">`,
    });
    expect(canonicalUrl).toBe('https://www.harbour-post.example/ferry');
    expect(ampUrl).toBe('https://www.harbour-post.example/amp/ferry');
    expect(alternates).toEqual([
      { href: 'https://www.harbour-post.example/cy/fferi', kind: 'language', language: 'cy' },
      { href: 'https://www.harbour-post.example/ferry', kind: 'language', language: 'x-default' },
      { href: 'https://m.harbour-post.example/ferry', kind: 'mobile' },
    ]);
    expect(alternatives?.['canonicalUrl']).toEqual([{ value: 'https://harbour-post.example/other', from: 'meta' }]);
  });
});

describe('hostile claims', () => {
  const cases: Record<string, string> = {
    'names nested a hundred thousand deep': `<script type="application/ld+json">{"@type":"NewsArticle","headline":"F","author":${'{"name":'.repeat(100_000)}"x"${'}'.repeat(100_000)}}</script>`,
    'lists nested a hundred thousand deep': `<script type="application/ld+json">{"@type":"NewsArticle","headline":"F","author":${'['.repeat(100_000)}${']'.repeat(100_000)}}</script>`,
    'references in a circle': linked({
      '@graph': [
        { '@type': 'NewsArticle', '@id': '#a', headline: 'F', author: { '@id': '#b' } },
        { '@id': '#b', author: { '@id': '#a' }, sameAs: { '@id': '#b' } },
      ],
    }),
    'keys of the prototype':
      '<script type="application/ld+json">{"@type":"NewsArticle","headline":"F","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"author":{"__proto__":{"name":"Edda"},"name":"Edda Marchbank"}}</script><meta name="__proto__" content="x"><meta name="constructor" content="y">',
    'wrong types all over': linked({
      '@type': ['NewsArticle', 7, null],
      headline: { a: [1] },
      datePublished: [[]],
      dateModified: {},
      author: [[[[[[7]]]]]],
      keywords: [{}, 3, [null]],
      image: [7, [], {}],
      publisher: 'x',
      isAccessibleForFree: {},
      mainEntityOfPage: [],
      inLanguage: 7,
      articleSection: [{}],
      identifier: [],
    }),
    'values of a megabyte': meta({
      'og:title': 'a'.repeat(1_000_000),
      author: 'By '.repeat(300_000),
      'article:published_time': '2026-'.repeat(200_000),
      keywords: 'k,'.repeat(500_000),
      'og:url': `https://x.example/${'a'.repeat(1_000_000)}`,
    }),
    'ten thousand of everything': `${'<meta property="article:tag" content="t"><link rel="alternate" hreflang="de" href="/a">'.repeat(10_000)}${Array.from({ length: 2_000 }, (_, i) => `<link rel="alternate" hreflang="x${i}" href="/${i}">`).join('')}`,
  };
  test.each(Object.entries(cases))('%s give a reading of the usual form', (_, head) => {
    const reading = read({ head, top: '<h1>Ferry stays in port over winter</h1>' });
    expect(Reading.safeParse(reading).error).toBeUndefined();
    expect(reading.title).toBe('Ferry stays in port over winter');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify({ ...reading, blocks: [], titles: {} }).length).toBeLessThan(60_000);
  });

  it('marks by the ten thousand, one in another, are read in bounded time', () => {
    const body = `${'<div itemprop="author" itemscope><h1><time itemprop="datePublished">'.repeat(2_000)}${PROSE}`;
    expect(Reading.safeParse(read({ body })).error).toBeUndefined();
  });

  it('cuts what it keeps of each value', () => {
    const document = parsePage(`<head>${cases['values of a megabyte']}</head>`, 512);
    expect(Math.max(...[...gatherClaims(document).meta.values()].flat().map(({ length }) => length))).toBeLessThan(
      5_000,
    );
  });

  it('bounds what it keeps of losing values, each once', () => {
    const head = Array.from(
      { length: 30 },
      (_, i) =>
        `<meta name="${['date', 'pubdate', 'created', 'dc.date', 'ptime', 'published', 'datepublished', 'storydate', 'releasedate', 'displaydate'][i % 10]}" content="2026-03-${String((i % 10) + 1).padStart(2, '0')}">`,
    ).join('');
    const lost = read({ head }).alternatives?.['publishedAt'] ?? [];
    expect(lost).toHaveLength(6);
    expect(new Set(lost.map(({ value }) => value)).size).toBe(6);
  });
});
