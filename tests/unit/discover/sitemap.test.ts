import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSitemap } from '../../../src/discover/sitemap.ts';

const URL = 'https://www.daily.example/sitemap.xml';
const urlset = (entries: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">${entries}</urlset>`;
const entry = (n: number, more = '') => `<url><loc>https://www.daily.example/${n}</loc>${more}</url>`;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('readSitemap: forms', () => {
  it('urlset with lastmod, white space and entities', () => {
    const text = urlset(
      `<url>\n <loc>\n https://www.daily.example/a?x=1&amp;y=2 </loc><lastmod>2026-03-14</lastmod><priority>1</priority></url>${entry(2)}`,
    );
    expect(readSitemap(text, URL)).toEqual({
      form: 'urls',
      items: [
        { url: 'https://www.daily.example/a?x=1&y=2', lastmod: '2026-03-14' },
        { url: 'https://www.daily.example/2' },
      ],
      dropped: 0,
      notes: [],
    });
  });
  it('index, whose entries are sitemaps', () => {
    const text = `<sitemapindex><sitemap><loc>/a.xml.gz</loc><lastmod>2026-03-14T10:00:00+01:00</lastmod></sitemap></sitemapindex>`;
    expect(readSitemap(text, URL)).toMatchObject({
      form: 'index',
      items: [{ url: 'https://www.daily.example/a.xml.gz', lastmod: '2026-03-14T10:00:00+01:00', kind: 'sitemap' }],
    });
  });
  it('news extension: title and date; pictures and other languages are no pages', () => {
    const text = urlset(
      entry(
        1,
        `<image:image><image:loc>https://img.daily.example/1.jpg</image:loc><image:title>Picture</image:title></image:image><xhtml:link rel="alternate" hreflang="de" href="https://www.daily.example/de/1"/>
         <news:news><news:publication><news:name>Daily</news:name></news:publication><news:publication_date>2026-03-14T09:00:00Z</news:publication_date><news:title>Κυκλοφορία &amp; γέφυρα</news:title></news:news>`,
      ),
    );
    expect(readSitemap(text, URL).items).toEqual([
      { url: 'https://www.daily.example/1', title: 'Κυκλοφορία & γέφυρα', date: '2026-03-14T09:00:00Z' },
    ]);
  });
  it('a picture outside its element is none of the page either', () => {
    const text = urlset(
      '<url><image:loc>https://img.daily.example/1.jpg</image:loc><loc>https://www.daily.example/1</loc></url>',
    );
    expect(readSitemap(text, URL).items).toEqual([{ url: 'https://www.daily.example/1' }]);
  });
  it('any prefix, capitals, no namespace', () => {
    const text = '<sm:urlset xmlns:sm="x"><sm:url><sm:loc>https://www.daily.example/1</sm:loc></sm:url></sm:urlset>';
    expect(readSitemap(text, URL).items).toHaveLength(1);
    expect(readSitemap(urlset(entry(1)).toUpperCase(), URL).items).toHaveLength(1);
  });
  it('lines of addresses', () => {
    const text = 'https://www.daily.example/1\r\nhttps://www.daily.example/2\n\nnot an address\n';
    expect(readSitemap(text, URL)).toEqual({
      form: 'addresses',
      items: [{ url: 'https://www.daily.example/1' }, { url: 'https://www.daily.example/2' }],
      dropped: 1,
      notes: [],
    });
  });
  it('a feed given as a sitemap', () => {
    const text =
      '<rss version="2.0"><channel><title>x</title><item><title>One</title><link>/1</link></item></channel></rss>';
    expect(readSitemap(text, URL)).toMatchObject({ form: 'feed', items: [{ url: 'https://www.daily.example/1' }] });
  });
  it.each([
    ['an HTML page', '<!doctype html><title>Not found</title>', 'expected a sitemap, got an HTML page'],
    ['nothing', '', 'expected a sitemap, got something else'],
    ['JSON', '{"a":1}', 'expected a sitemap, got something else'],
  ])('%s names nothing, and says so', (_, text, note) => {
    expect(readSitemap(text, URL)).toEqual({ form: 'none', items: [], dropped: 0, notes: [note] });
  });
});

describe('readSitemap: bytes', () => {
  const text = urlset(entry(1) + entry(2));
  it('gzip by content, once or twice, under any name', () => {
    expect(readSitemap(gzipSync(text), URL).items).toHaveLength(2);
    expect(readSitemap(gzipSync(gzipSync(text)), URL).items).toHaveLength(2);
    expect(readSitemap(bytes(text), `${URL}.gz`).items).toHaveLength(2);
  });
  it('reads a packed file that breaks off as far as it goes', () => {
    const entries = Array.from({ length: 2_000 }, (_, n) => entry(n * 7919)).join('');
    const packed = gzipSync(urlset(entries));
    const { items, notes } = readSitemap(packed.subarray(0, packed.length / 2), URL);
    expect(items.length).toBeGreaterThan(100);
    expect(items.length).toBeLessThan(2_000);
    expect(notes).toEqual(['cut: the packed file is broken or breaks off']);
    expect(items.every(({ url }) => Number(url.split('/').at(-1)) % 7919 === 0)).toBe(true);
  });
  it('refuses what unpacks without end', () => {
    const bomb = gzipSync(new Uint8Array(70_000_000));
    expect(readSitemap(bomb, URL)).toMatchObject({ form: 'none', items: [] });
    expect(readSitemap(bomb, URL).notes[0]).toMatch(/^not read: more than \d+ bytes once unpacked$/);
  });
  it('reads other charsets as they are declared', () => {
    const latin = Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?><urlset><url><loc>https://www.daily.example/stra\u00dfe</loc></url></urlset>`,
      'latin1',
    );
    expect(readSitemap(latin, URL).items).toEqual([{ url: 'https://www.daily.example/stra%C3%9Fe' }]);
  });
});

describe('readSitemap: limits', () => {
  it('keeps 50,000 entries and says that it cut', () => {
    const many = Array.from({ length: 50_010 }, (_, n) => entry(n)).join('');
    const { items, notes } = readSitemap(urlset(many), URL);
    expect(items).toHaveLength(50_000);
    expect(items.at(-1)?.url).toBe('https://www.daily.example/49999');
    expect(notes).toEqual(['cut after 50000 entries']);
  });
  it('does not say so of a sitemap that is just full', () => {
    const full = Array.from({ length: 50_000 }, (_, n) => `https://www.daily.example/${n}`).join('\n');
    expect(readSitemap(full, URL)).toMatchObject({ notes: [], dropped: 0 });
  });
  it('drops repeats, other schemes and nonsense, and counts them', () => {
    const locs = [
      '/1',
      'https://www.daily.example/1',
      'ftp://www.daily.example/2',
      'https://',
      '',
      `/${'y'.repeat(2100)}`,
    ];
    const text = urlset(locs.map((loc) => `<url><loc>${loc}</loc></url>`).join(''));
    expect(readSitemap(text, URL)).toMatchObject({ items: [{ url: 'https://www.daily.example/1' }], dropped: 5 });
  });
});

describe('readSitemap: broken and hostile', () => {
  it('keeps whole entries of a document that breaks off, and no half address', () => {
    const { items } = readSitemap(
      urlset(entry(1)).replace('</urlset>', '') + '<url><loc>https://www.daily.example/12',
      URL,
    );
    expect(items).toEqual([{ url: 'https://www.daily.example/1' }]);
  });
  it('ends an entry that was never closed where the next begins', () => {
    const text = urlset(
      '<url><loc>https://www.daily.example/1</loc><lastmod>2026-03-14</lastmod><url><loc>https://www.daily.example/2</loc></url>',
    );
    expect(readSitemap(text, URL).items).toEqual([
      { url: 'https://www.daily.example/1', lastmod: '2026-03-14' },
      { url: 'https://www.daily.example/2' },
    ]);
  });
  it('an entry without an address takes none of its neighbour', () => {
    const text = urlset(`<url><lastmod>1999-01-01</lastmod></url>${entry(2)}`);
    expect(readSitemap(text, URL).items).toEqual([{ url: 'https://www.daily.example/2' }]);
  });
  it('expands no entities of its own and fetches none', () => {
    const text = `<!DOCTYPE urlset [<!ENTITY a "https://evil.example/"><!ENTITY x SYSTEM "file:///etc/passwd">]>${urlset('<url><loc>https://www.daily.example/&a;&x;</loc></url>')}`;
    expect(readSitemap(text, URL).items.map(({ url }) => url)).toEqual(['https://www.daily.example/&a;&x;']);
  });
  it('stops where elements are nested without end', () => {
    const { items, notes } = readSitemap(urlset(entry(1) + '<url>'.repeat(100_000)), URL);
    expect(items).toEqual([{ url: 'https://www.daily.example/1' }]);
    expect(notes).toEqual(['cut where its elements are nested too deep']);
  });
  it('throws nothing for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, isPacked) => {
        const body = isPacked ? Uint8Array.from([0x1f, 0x8b, ...noise]) : noise;
        expect(readSitemap(body, URL).items).toEqual([]);
      }),
    );
  });
});
