import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/discover/feed.ts';
import { readLooseFeed } from '../../../src/discover/loose-feed.ts';

const URL = 'https://www.daily.example/feeds/all.xml';
const rss = (items: string, head = '') =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>The Daily</title>${head}${items}</channel></rss>`;
const atom = (entries: string, head = '', attributes = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>Der Tag</title>${head}${entries}</feed>`;
const read = (text: string) => {
  const feed = readFeed(text, URL);
  if (feed === null) throw new Error('expected a feed, got none');
  return feed;
};
const urlsOf = (text: string) => read(text).items.map(({ url }) => url);

describe('readFeed: each format', () => {
  it('RSS 2.0', () => {
    const feed = read(
      rss(
        `<item><title>Bridge opens &amp; closes</title><link>https://www.daily.example/1</link><guid isPermaLink="false">x1</guid><pubDate>Sat, 14 Mar 2026 09:26:53 +0100</pubDate></item>
         <item><title><![CDATA[<b>橋</b>が開通]]></title><link>/2?a=1&amp;b=2#top</link><dc:date>2026-03-13</dc:date></item>`,
      ),
    );
    expect(feed).toEqual({
      title: 'The Daily',
      items: [
        { url: 'https://www.daily.example/1', title: 'Bridge opens & closes', date: '2026-03-14T09:26:53+01:00' },
        { url: 'https://www.daily.example/2?a=1&b=2', title: '橋が開通', date: '2026-03-13' },
      ],
      dropped: 0,
      notes: [],
    });
  });
  it('RSS 0.91, without version or declaration, in capitals, and after warnings of the server', () => {
    const item = '<item><title>One</title><link>https://www.daily.example/1</link></item>';
    expect(urlsOf(`<rss version="0.91"><channel><title>x</title>${item}</channel></rss>`)).toHaveLength(1);
    expect(urlsOf(`<RSS><CHANNEL><TITLE>x</TITLE>${item.toUpperCase()}</CHANNEL></RSS>`)).toHaveLength(1);
    expect(urlsOf(`Warning: mysql_connect() in /srv/x.php\n${rss(item)}`)).toHaveLength(1);
    expect(urlsOf(`\uFEFF\n  ${rss(item)}`)).toHaveLength(1);
  });
  it('RDF (RSS 1.0)', () => {
    const text = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://www.daily.example/"><title>日報</title></channel>
      <item rdf:about="https://www.daily.example/1"><title>一</title><link>https://www.daily.example/1</link><dc:date>2026-03-14T10:00+09:00</dc:date></item></rdf:RDF>`;
    expect(read(text)).toMatchObject({
      title: '日報',
      items: [{ url: 'https://www.daily.example/1', title: '一', date: '2026-03-14T10:00+09:00' }],
    });
  });
  it('Atom, with its two times', () => {
    const entry = `<entry><id>tag:daily.example,2026:1</id><title type="html">Straße &amp;lt;b&amp;gt;frei&amp;lt;/b&amp;gt;</title><link href="/1"/><published>2026-03-14T09:00:00Z</published><updated>2026-03-14T11:00:00+02:00</updated></entry>`;
    expect(read(atom(entry)).items).toEqual([
      {
        url: 'https://www.daily.example/1',
        title: 'Straße frei',
        date: '2026-03-14T09:00:00Z',
        lastmod: '2026-03-14T11:00:00+02:00',
      },
    ]);
  });
  it('JSON Feed, also one that forgets its version', () => {
    const items = [
      { id: '1', url: 'https://www.daily.example/1', title: 'Uno', date_published: '2026-03-14T09:00:00Z' },
      { id: 'https://www.daily.example/2', title: 'Dos', date_modified: '2026-03-14T10:00:00Z' },
      { id: '3', external_url: 'https://elsewhere.example/3' },
      { id: '4' },
    ];
    const body = { title: 'El Diario', next_url: '/feed.json?page=2', items };
    const expected = {
      title: 'El Diario',
      items: [
        { url: 'https://www.daily.example/1', title: 'Uno', date: '2026-03-14T09:00:00Z' },
        { url: 'https://www.daily.example/2', title: 'Dos', lastmod: '2026-03-14T10:00:00Z' },
        { url: 'https://elsewhere.example/3' },
      ],
      next: 'https://www.daily.example/feed.json?page=2',
      dropped: 1,
      notes: [],
    };
    expect(read(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', ...body }))).toEqual(expected);
    expect(read(JSON.stringify(body))).toEqual(expected);
  });
  it.each([
    ['an HTML page', '<!doctype html><html><body><a href="/1">One</a></body></html>'],
    ['a sitemap', '<urlset><url><loc>https://www.daily.example/1</loc></url></urlset>'],
    ['JSON of another kind', '{"error": "not found"}'],
    ['broken JSON', '{"version": "https://jsonfeed.org/version/1", "items": ['],
    ['nothing', ''],
  ])('gives null for %s', (_, text) => {
    expect(readFeed(text, URL)).toBeNull();
  });
});

describe('readFeed: which address is the page', () => {
  it('takes alternate before self, and HTML before other types', () => {
    const links = (...all: string[]) => atom(`<entry><id>x</id><title>t</title>${all.join('')}</entry>`);
    const [self, pdf, html, bare] = [
      '<link rel="self" href="/self"/>',
      '<link rel="alternate" type="application/pdf" href="/pdf"/>',
      '<link rel="alternate" type="text/html" href="/html"/>',
      '<link href="/bare"/>',
    ];
    expect(urlsOf(links(self, pdf, html))).toEqual(['https://www.daily.example/html']);
    expect(urlsOf(links(self, pdf))).toEqual(['https://www.daily.example/pdf']);
    expect(urlsOf(links(self, bare))).toEqual(['https://www.daily.example/bare']);
    expect(urlsOf(links(self))).toEqual(['https://www.daily.example/self']);
    expect(urlsOf(links('<link rel="enclosure" href="/a.mp3"/>'))).toEqual([]);
  });
  it('takes a guid only where there is no link and it is a permalink', () => {
    const guid = (text: string, attributes = '') =>
      `<item><title>t</title>${text}<guid${attributes}>https://www.daily.example/guid</guid></item>`;
    expect(urlsOf(rss(guid('<link>https://www.daily.example/link</link>')))).toEqual([
      'https://www.daily.example/link',
    ]);
    expect(urlsOf(rss(guid('')))).toEqual(['https://www.daily.example/guid']);
    expect(read(rss(guid('', ' isPermaLink="false"')))).toMatchObject({ items: [], dropped: 1 });
    expect(urlsOf(rss('<item><title>t</title><guid>article-7</guid></item>'))).toEqual([]);
  });
  it('takes the original of a link that counts readers', () => {
    const item = `<item><title>t</title><link>https://feeds.counter.example/~r/x</link><feedburner:origLink>https://www.daily.example/1</feedburner:origLink></item>`;
    expect(urlsOf(rss(item))).toEqual(['https://www.daily.example/1']);
  });
  it('reads relative addresses against xml:base of entry, then feed, then the feed itself', () => {
    const entries = `<entry xml:base="deep/"><id>1</id><title>a</title><link href="1"/></entry><entry><id>2</id><title>b</title><link href="2"/></entry>`;
    expect(urlsOf(atom(entries, '', 'xml:base="https://www.daily.example/base/"'))).toEqual([
      'https://www.daily.example/base/deep/1',
      'https://www.daily.example/base/2',
    ]);
    expect(urlsOf(atom(entries))).toEqual([
      'https://www.daily.example/feeds/deep/1',
      'https://www.daily.example/feeds/2',
    ]);
  });
  it('drops what cannot be fetched, and repeats', () => {
    const items = [
      'javascript:alert(1)',
      'mailto:a@b.example',
      'https://',
      '',
      '/1',
      '/1#again',
      `/${'x'.repeat(3000)}`,
    ];
    const feed = read(rss(items.map((link) => `<item><title>t</title><link>${link}</link></item>`).join('')));
    expect(feed.items.map(({ url }) => url)).toEqual(['https://www.daily.example/1']);
    expect(feed.dropped).toBe(items.length - 1);
  });
  it('keeps what the first of two entries with one address claims', () => {
    const items = ['First', 'Second'].map((title) => `<item><title>${title}</title><link>/1</link></item>`).join('');
    expect(read(rss(items)).items).toEqual([{ url: 'https://www.daily.example/1', title: 'First' }]);
  });
  it('leaves user name and password out', () => {
    expect(urlsOf(rss('<item><title>t</title><link>https://me:secret@www.daily.example/1</link></item>'))).toEqual([
      'https://www.daily.example/1',
    ]);
  });
});

describe('readFeed: paged feeds', () => {
  it('gives the next part, else the archive before', () => {
    expect(read(atom('', '<link rel="next" href="?page=2"/><link rel="prev-archive" href="/old"/>')).next).toBe(
      'https://www.daily.example/feeds/all.xml?page=2',
    );
    expect(read(atom('', '<link rel="prev-archive" href="/old"/>')).next).toBe('https://www.daily.example/old');
    expect(read(rss('', '<atom:link rel="next" href="https://www.daily.example/p2"/>')).next).toBe(
      'https://www.daily.example/p2',
    );
    expect(read(rss('', '<atom:link rel="self" href="https://www.daily.example/p2"/>')).next).toBeUndefined();
  });
  it('never itself', () => {
    expect(read(atom('', `<link rel="next" href="${URL}"/>`)).next).toBeUndefined();
  });
});

describe('readFeed: broken XML is read as its writer meant it', () => {
  const good =
    '<item><title>One</title><link>https://www.daily.example/1</link><pubDate>Sat, 14 Mar 2026 09:00:00 GMT</pubDate></item>';
  const two = '<item><title>Two</title><link>https://www.daily.example/2</link></item>';
  it.each([
    ['breaks off in a title', `<rss version="2.0"><channel><title>x</title>${good}${two}<item><title>Thr`],
    [
      'breaks off in a link',
      `<rss version="2.0"><channel><title>x</title>${good}${two}<item><link>https://www.daily.ex`,
    ],
    [
      'leaves entries open',
      `<rss version="2.0"><channel><title>x</title>${good.replace('</item>', '')}${two}</channel></rss>`,
    ],
    [
      'leaves CDATA open at the end',
      `<rss version="2.0"><channel><title>x</title>${good}${two}<item><description><![CDATA[ text`,
    ],
    ['has bare ampersands and angles', rss(`${good}${two}<item><title>R&D < 5 & more`)],
    ['closes what it never opened', `<rss version="2.0"><channel></b></i>${good}</p>${two}</channel></rss>`],
  ])('%s', (_, text) => {
    expect(read(text).items.slice(0, 2)).toEqual([
      { url: 'https://www.daily.example/1', title: 'One', date: '2026-03-14T09:00:00Z' },
      { url: 'https://www.daily.example/2', title: 'Two' },
    ]);
    expect(read(text).items).toHaveLength(2);
  });
  it('takes the first of several fields that mean the same', () => {
    const item =
      '<item><title>Real</title><dc:title>Other</dc:title><link>/1</link><link>/2</link><pubDate>2026-03-14</pubDate><dc:date>2020-01-01</dc:date></item>';
    const expected = [{ url: 'https://www.daily.example/1', title: 'Real', date: '2026-03-14' }];
    expect(readLooseFeed(rss(item), URL).items).toEqual(expected);
    expect(read(rss(item)).items).toEqual(expected);
  });
  it('does not take what stands in a description, a source or a picture for the entry', () => {
    const text = `<rss version="2.0"><channel><title>The Daily</title><image><title>Logo</title><link>https://www.daily.example/logo</link></image>
      <item><media:title>Picture</media:title><description><title>Inner</title><link>https://evil.example/</link></description><source><title>Wire</title><link>https://wire.example/</link></source><title>Real</title><link>https://www.daily.example/1</link></item><item><oops`;
    expect(read(text)).toMatchObject({
      title: 'The Daily',
      items: [{ url: 'https://www.daily.example/1', title: 'Real' }],
      notes: ['not well-formed: read as far as it makes sense'],
    });
  });
});

describe('readFeed: hostile feeds', () => {
  it('expands no entities of its own', () => {
    const bomb = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>${rss(
      '<item><title>&b;&x;</title><link>https://www.daily.example/1</link></item>',
    )}`;
    expect(JSON.stringify(readFeed(bomb, URL))).not.toMatch(/aaaaaaaaaa|root:/);
  });
  it('bounds titles', () => {
    const feed = read(rss(`<item><title>${'𝔸'.repeat(100_000)}</title><link>/1</link></item>`));
    const title = feed.items[0]?.title ?? '';
    expect(title).toMatch(/^𝔸+…$/u);
    expect(title.length).toBeLessThanOrEqual(600);
  });
  it('reads what is nested without end as far as it goes', () => {
    const text = `<rss version="2.0"><channel><item><link>https://www.daily.example/1</link></item>${'<item><a>'.repeat(50_000)}`;
    expect(urlsOf(text)).toContain('https://www.daily.example/1');
  });
  it('reads so much of one that is endless, and says so', () => {
    const item = '<item><title>t</title><link>https://www.daily.example/1</link></item>';
    const { items, notes } = read(
      `<rss version="2.0"><channel>${item}${' '.repeat(11_000_000)}${item.replace('/1<', '/2<')}`,
    );
    expect(items.map(({ url }) => url)).toEqual(['https://www.daily.example/1']);
    expect(notes).toEqual(['cut after 10485760 characters']);
  });
  it('throws for nothing that calls itself a feed', () => {
    const piece = fc.constantFrom(
      '<rss version="2.0">',
      '<feed>',
      '<rdf:RDF>',
      '<item>',
      '</item>',
      '<entry>',
      '<link>',
      '</link>',
      '<link href="/x"/>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&amp;',
      '&#0;',
      '<title>',
      '</title>',
      '<',
      'text',
      '"',
      "'",
      '\0',
      '<guid isPermaLink="x">',
      '{"items":[',
      'feedburner:origLink',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const feed = readFeed(pieces.join(''), URL);
        for (const { url } of feed?.items ?? []) expect(url).toMatch(/^https?:/);
      }),
      { numRuns: 300 },
    );
  });
});
