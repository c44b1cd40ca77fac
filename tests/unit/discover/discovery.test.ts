import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { claimsOf, type Source } from '../../../src/core/sources.ts';
import type { SourceFile } from '../../../src/core/source-schema.ts';
import { isSideSitemap, readDiscovery, type DiscoveryContext } from '../../../src/discover/discovery.ts';
import { scopeOf } from '../../../src/discover/scope.ts';

const HOME = 'https://www.daily.example/';
const NOW = Date.UTC(2026, 2, 14, 9);
const at = (path: string) => new URL(path, HOME).href;
const sourceOf = (file: Partial<SourceFile> = {}): Source => {
  const whole: SourceFile = { name: 'daily', home: HOME, ...file };
  return { ...whole, file: whole, path: 'daily.yaml', claims: claimsOf(whole) };
};
type Kind = 'feed' | 'sitemap' | 'listing';
function read(
  kind: Kind,
  text: string | Uint8Array,
  { source = sourceOf(), path = '/x', ...context }: Partial<DiscoveryContext> & { path?: string } = {},
) {
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const decoded = typeof text === 'string' ? text : '';
  return readDiscovery(
    { kind, body, text: decoded, contentType: 'text/html', finalUrl: at(path) },
    { scope: scopeOf(source), source, depth: 0, maxListingPages: 3, maxSitemaps: 10, now: NOW, ...context },
  );
}
const rss = (...links: string[]) =>
  `<rss version="2.0"><channel><title>x</title>${links.map((link) => `<item><title>Bridge opens after years</title><link>${link}</link><pubDate>Sat, 14 Mar 2026 09:00:00 +0100</pubDate></item>`).join('')}</channel></rss>`;
const urlset = (...paths: string[]) =>
  `<urlset>${paths.map((path) => `<url><loc>${at(path)}</loc><lastmod>2026-03-14</lastmod></url>`).join('')}</urlset>`;
const index = (...entries: [path: string, lastmod?: string][]) =>
  `<sitemapindex>${entries.map(([path, lastmod]) => `<sitemap><loc>${at(path)}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</sitemap>`).join('')}</sitemapindex>`;
const html = (body: string) => `<!doctype html><html><body>${body}</body></html>`;
const pathsOf = (targets: readonly { readonly url: string }[]) => targets.map(({ url }) => url.replace(HOME, '/'));

describe('readDiscovery: targets', () => {
  it('carry source, finder, time and claims', () => {
    expect(read('feed', rss(at('/world/bridge-opens'))).targets).toEqual([
      {
        url: at('/world/bridge-opens'),
        source: 'daily',
        foundBy: 'feed',
        foundAt: '2026-03-14T09:00:00.000Z',
        hints: { title: 'Bridge opens after years', date: '2026-03-14T09:00:00+01:00' },
      },
    ]);
    expect(read('sitemap', urlset('/world/bridge-opens-after-years')).targets).toMatchObject([
      { foundBy: 'sitemap', hints: { lastmod: '2026-03-14' } },
    ]);
    const [listed] = read('listing', html('<a href="/1048213">Bridge opens after years</a>')).targets;
    expect(listed).toMatchObject({ foundBy: 'listing', hints: { title: 'Bridge opens after years' } });
    expect(listed).not.toHaveProperty('kind');
  });
  it('are of the scope; what is left out is counted by why', () => {
    const { targets, notes } = read('feed', rss(at('/1048213'), 'https://other.example/1048214', at('/a.pdf'), HOME));
    expect(pathsOf(targets)).toEqual(['/1048213']);
    expect(notes).toEqual(['left out: 1 other site, 1 not a page, 1 no article by its address']);
  });
  it('of a list are links that look like articles; menus weigh against', () => {
    const body = `<nav><a href="/world/">World</a><a href="/specials/bridge-repair-series">Bridge</a></nav><main><a href="/world/2026/03/14/bridge-opens">Bridge opens after years</a><a href="/tag/bridges">bridges</a></main><footer><a href="/privacy-policy">Privacy policy</a><a href="/about-our-new-house-rules">House rules</a></footer>`;
    expect(pathsOf(read('listing', html(body)).targets)).toEqual(['/world/2026/03/14/bridge-opens']);
  });
  it('are trusted more where a feed, a news sitemap, a selector or a pattern names them', () => {
    const path = '/world/bridge';
    const link = `<main><a class="x" href="${path}">The bridge is open again</a></main>`;
    expect(read('listing', html(link)).targets).toHaveLength(0);
    expect(read('sitemap', urlset(path)).targets).toHaveLength(0);
    expect(read('feed', rss(at(path))).targets).toHaveLength(1);
    expect(
      read(
        'sitemap',
        urlset(path).replace(
          '</url>',
          '<news:news><news:title>The bridge is open again</news:title></news:news></url>',
        ),
      ).targets,
    ).toHaveLength(1);
    expect(
      read('listing', html(link), { source: sourceOf({ listings: [{ url: at('/x'), links: 'main a.x' }] }) }).targets,
    ).toHaveLength(1);
    expect(read('listing', html(link), { source: sourceOf({ scope: { include: ['/world/'] } }) }).targets).toHaveLength(
      1,
    );
    expect(read('listing', html(link), { source: sourceOf({ articleId: '/(bridge)$' }) }).targets).toHaveLength(1);
  });
  it('stand once where a feed says them twice', () => {
    expect(read('feed', rss(at('/1048213'), at('/1048213#a'))).targets).toHaveLength(1);
  });
});

describe('readDiscovery: what a document is, its content says', () => {
  it.each<[Kind, string, string]>([
    ['sitemap', rss(at('/1048213')), 'feed'],
    ['listing', rss(at('/1048213')), 'feed'],
    ['feed', urlset('/1048213'), 'sitemap'],
    ['listing', urlset('/1048213'), 'sitemap'],
    ['sitemap', `${at('/1048213')}\n`, 'sitemap'],
    ['listing', html('<a href="/1048213">Bridge opens after years</a>'), 'listing'],
  ])('a %s that is one of another kind: %s', (kind, text, kindSeen) => {
    expect(read(kind, text)).toMatchObject({ kindSeen, targets: [{ url: at('/1048213'), foundBy: kindSeen }] });
  });
  it('a packed one under any kind', () => {
    expect(read('listing', gzipSync(urlset('/1048213')))).toMatchObject({
      kindSeen: 'sitemap',
      targets: [{ url: at('/1048213') }],
    });
    expect(read('sitemap', gzipSync(rss(at('/1048213'))))).toMatchObject({
      kindSeen: 'feed',
      targets: [{ foundBy: 'feed' }],
    });
  });
  it.each<[Kind, string | Uint8Array, string]>([
    ['feed', html('<a href="/1048213">Bridge opens after years</a>'), 'expected a feed, got an HTML page (text/html)'],
    [
      'sitemap',
      html('<a href="/1048213">Bridge opens after years</a>'),
      'expected a sitemap, got an HTML page (text/html)',
    ],
    ['feed', '', 'expected a feed, got nothing (text/html)'],
    ['listing', '%PDF-1.7', 'expected a listing, got something else (text/html)'],
    ['feed', '{"items":[{"id":1},', 'expected a feed, got a feed that cannot be read (text/html)'],
    ['sitemap', gzipSync('hello'), 'expected a sitemap, got something else'],
  ])('a %s that is none names nothing: %s', (kind, text, note) => {
    expect(read(kind, text)).toEqual({ targets: [], documents: [], notes: [note], kindSeen: 'other' });
  });
});

describe('readDiscovery: documents', () => {
  it('of an index are its sitemaps, newest first, one step deeper', () => {
    const { documents, targets } = read(
      'sitemap',
      index(['/old.xml', '2024-01-01'], ['/new.xml', '2026-03-14T08:00:00Z'], ['/unknown.xml']),
      { depth: 1 },
    );
    expect(pathsOf(documents)).toEqual(['/unknown.xml', '/new.xml', '/old.xml']);
    expect(documents[1]).toEqual({
      url: at('/new.xml'),
      source: 'daily',
      foundBy: 'sitemap',
      foundAt: '2026-03-14T09:00:00.000Z',
      hints: { lastmod: '2026-03-14T08:00:00Z' },
      kind: 'sitemap',
      depth: 2,
    });
    expect(targets).toEqual([]);
  });
  it('are no more than are followed, of this site, and not those of pictures and tags', () => {
    const entries = ['/post-sitemap.xml', '/post-sitemap2.xml', '/category-sitemap.xml', '/image-sitemap-1.xml'].map(
      (path): [string] => [path],
    );
    const { documents, notes } = read(
      'sitemap',
      index(...entries).replace(
        '</sitemapindex>',
        '<sitemap><loc>https://other.example/s.xml</loc></sitemap></sitemapindex>',
      ),
    );
    expect(pathsOf(documents)).toEqual(['/post-sitemap.xml', '/post-sitemap2.xml']);
    expect(notes).toEqual([
      '2 sitemaps not followed: by their names they list no articles',
      'left out: 1 sitemap: other site',
    ]);
    const many = read(
      'sitemap',
      index(...Array.from({ length: 30 }, (_, n): [string, string] => [`/${n}.xml`, `2026-01-${10 + (n % 20)}`])),
      { maxSitemaps: 3 },
    );
    expect(many.documents).toHaveLength(3);
    expect(many.notes).toEqual(['27 sitemaps not followed: only the newest 3 are']);
  });
  it('are those of pictures where there are no others', () => {
    expect(read('sitemap', index(['/page-sitemap.xml'])).documents).toHaveLength(1);
  });
  it('are none where indexes name indexes without end', () => {
    const deep = read('sitemap', index(['/again.xml']), { depth: 3 });
    expect(deep.documents).toEqual([]);
    expect(deep.notes).toEqual(['1 sitemaps not followed: indexes in indexes, 3 deep']);
  });
  it('are the next page of a list and of a feed, as many as are read', () => {
    const list = html('<a href="/1048213">Bridge opens after years</a><a rel="next" href="?page=2">Older</a>');
    expect(read('listing', list).documents).toEqual([
      {
        url: at('/x?page=2'),
        source: 'daily',
        foundBy: 'listing',
        foundAt: '2026-03-14T09:00:00.000Z',
        kind: 'listing',
        depth: 1,
      },
    ]);
    expect(read('listing', list, { depth: 1 }).documents).toHaveLength(1);
    expect(read('listing', list, { depth: 2 }).documents).toHaveLength(0);
    expect(read('listing', list, { maxListingPages: 1 }).documents).toHaveLength(0);
    const feed =
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><link rel="next" href="/feed?page=2"/></feed>';
    expect(read('feed', feed).documents).toMatchObject([{ url: at('/feed?page=2'), kind: 'feed', depth: 1 }]);
    expect(read('feed', feed, { depth: 2 }).documents).toHaveLength(0);
  });
});

describe('readDiscovery: the selector of a list', () => {
  const body = html(
    '<main><a href="/1048213">Bridge opens after years</a></main><aside><a href="/1048214">Tunnel closes for good</a></aside>',
  );
  const source = sourceOf({
    listings: [{ url: at('/'), links: 'aside a' }, { url: at('/world/'), links: 'main a' }, { url: at('/sport/') }],
  });
  it.each([
    ['/world/', ['/1048213']],
    ['/world?page=2', ['/1048213']],
    ['/world/page/2', ['/1048213']],
    ['/', ['/1048214']],
    ['/sport/', ['/1048213', '/1048214']],
  ])('%s: %j', (path, expected) => {
    expect(pathsOf(read('listing', body, { source, path }).targets)).toEqual(expected);
  });
});

describe('isSideSitemap', () => {
  it.each([
    '/category-sitemap.xml',
    '/sitemap-tags.xml',
    '/post_tag-sitemap.xml',
    '/image-sitemap-1.xml',
    '/sitemap_video.xml.gz',
    '/author.xml',
  ])('%s', (path) => {
    expect(isSideSitemap(at(path))).toBe(true);
  });
  it.each([
    '/post-sitemap.xml',
    '/sitemap-news.xml',
    '/sitemap_page_3.xml',
    '/sitemap.xml?page=2',
    '/pageant.xml',
    '/stage.xml',
    '/images/sitemap.xml',
    '/vantage-tagline.xml',
  ])('not %s', (path) => {
    expect(isSideSitemap(at(path))).toBe(false);
  });
});
