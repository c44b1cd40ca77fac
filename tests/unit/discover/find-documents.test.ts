import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findDocuments, type ProbeAnswer } from '../../../src/discover/find-documents.ts';

const HOME = 'https://www.daily.example/';
const at = (path: string) => new URL(path, HOME).href;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const rss = (numbers: readonly number[], title = 'All') =>
  `<rss version="2.0"><channel><title>${title}</title>${numbers.map((n) => `<item><title>Bridge ${n} opens</title><link>${at(`/${n}`)}</link></item>`).join('')}</channel></rss>`;
const urlset = (numbers: readonly number[]) =>
  `<urlset>${numbers.map((n) => `<url><loc>${at(`/${n}`)}</loc></url>`).join('')}</urlset>`;
const list = (numbers: readonly number[], head = '', more = '') =>
  `<!doctype html><html><head><title>Daily</title>${head}</head><body>${more}<main>${numbers.map((n) => `<a href="/${n}">Bridge number ${n} opens today</a>`).join('')}</main></body></html>`;
const feedLink = (href: string) => `<link rel="alternate" type="application/rss+xml" href="${href}">`;

type Page = string | Uint8Array | Partial<ProbeAnswer>;
async function find(homeHtml: string, pages: Readonly<Record<string, Page>>, robotsSitemaps: string[] = []) {
  const asked: string[] = [];
  const probe = async (url: string): Promise<ProbeAnswer | null> => {
    asked.push(url.replace(HOME, '/'));
    const page = pages[url.replace(HOME, '/')];
    const answer = { status: 200, text: '', contentType: 'text/plain', finalUrl: url };
    if (page === undefined) return { ...answer, status: 404 };
    if (typeof page === 'string') return { ...answer, text: page };
    return page instanceof Uint8Array ? { ...answer, body: page } : { ...answer, ...page };
  };
  return { ...(await findDocuments({ homeHtml, homeUrl: HOME, robotsSitemaps, probe })), asked };
}
const pathsOf = (found: readonly { readonly url: string }[]) => found.map(({ url }) => url.replace(HOME, '/'));

describe('findDocuments: feeds', () => {
  it('takes what the head names and asks no usual places then', async () => {
    const { feeds, asked } = await find(list([], feedLink('/all.xml')), { '/all.xml': rss(range(10_000, 10_020)) });
    expect(feeds).toEqual([{ url: at('/all.xml'), title: 'All', entries: 20 }]);
    expect(asked).not.toContain('/feed');
  });
  it('else the first usual place that answers', async () => {
    const { feeds, asked } = await find(list([]), {
      '/rss.xml': rss(range(10_000, 10_020)),
      '/atom.xml': rss(range(1, 9)),
    });
    expect(pathsOf(feeds)).toEqual(['/rss.xml']);
    expect(asked).not.toContain('/atom.xml');
  });
  it('leaves out a feed whose entries another has, whatever its dress, and tells', async () => {
    const head = ['/few.xml', '/all.xml', '/sport.xml'].map(feedLink).join('');
    const { feeds, notes } = await find(list([], head), {
      '/few.xml': rss(range(10_000, 10_010)),
      '/all.xml': rss(range(10_000, 10_030)),
      '/sport.xml': rss(range(20_000, 20_015)),
    });
    expect(pathsOf(feeds)).toEqual(['/all.xml', '/sport.xml']);
    expect(notes).toContain(`${at('/few.xml')}: nothing that ${at('/all.xml')} has not`);
  });
  it('puts comments last, refuses other sites, errors and empty ones', async () => {
    const head = ['/comments/feed', '/feed', '/none', '/empty', 'https://other.example/feed', '/away']
      .map(feedLink)
      .join('');
    const { feeds, notes, asked } = await find(list([], head), {
      '/comments/feed': rss(range(1, 90)),
      '/feed': rss(range(10_000, 10_005)),
      '/none': '<!doctype html><title>Sorry</title>',
      '/empty': rss([]),
      '/away': { text: rss([1]), finalUrl: 'https://other.example/feed' },
    });
    expect(pathsOf(feeds)).toEqual(['/feed', '/comments/feed']);
    expect(asked.some((path) => path.includes('other.example'))).toBe(false);
    expect(notes).toEqual(
      expect.arrayContaining([
        `${at('/none')}: no feed`,
        `${at('/empty')}: a feed without pages of this site`,
        'https://other.example/feed: other site',
      ]),
    );
  });
  it('gives the address that a feed moved to', async () => {
    const { feeds } = await find(list([], feedLink('/old')), {
      '/old': { text: rss(range(1, 9)), finalUrl: at('/new.xml') },
    });
    expect(pathsOf(feeds)).toEqual(['/new.xml']);
  });
});

describe('findDocuments: sitemaps', () => {
  const index = `<sitemapindex><sitemap><loc>${at('/a.xml')}</loc></sitemap></sitemapindex>`;
  it('takes those of robots.txt and asks no usual places then; what an index names is read with it', async () => {
    const { sitemaps, asked, notes } = await find(list([]), { '/index.xml': index, '/a.xml': urlset(range(1, 9)) }, [
      at('/index.xml'),
      at('/a.xml'),
    ]);
    expect(sitemaps).toEqual([{ url: at('/index.xml'), entries: 1 }]);
    expect(notes).toContain(`${at('/a.xml')}: named by an index`);
    expect(asked).not.toContain('/sitemap.xml');
  });
  it('else the usual places, packed ones too', async () => {
    const { sitemaps } = await find(list([]), {
      '/sitemap.xml.gz': gzipSync(urlset(range(1, 9))),
      '/news-sitemap.xml': urlset(range(20, 25)),
    });
    expect(pathsOf(sitemaps)).toEqual(['/news-sitemap.xml', '/sitemap.xml.gz']);
  });
  it('is not taken in by an error page with status 200', async () => {
    const { sitemaps } = await find(list([]), { '/sitemap.xml': '<!doctype html><title>Not found</title>' });
    expect(sitemaps).toEqual([]);
  });
});

describe('findDocuments: lists', () => {
  const menu = `<nav><a href="/">Home</a><a href="/sport/">Sport</a><a href="/world">World</a><a href="/category/local">Local</a><a href="/privacy">Privacy</a><a href="/login">Log in</a><a href="/subscribe">Subscribe</a><a href="https://other.example/world">World</a></nav>`;
  it('takes the front page and the sections that list articles', async () => {
    const { listings, asked, notes } = await find(list(range(10_000, 10_010), '', menu), {
      '/sport/': list(range(10_020, 10_030)),
      '/world': list([10_001]),
      '/category/local': list(range(10_040, 10_046)),
    });
    expect(listings.map(({ url, entries }) => [url.replace(HOME, '/'), entries])).toEqual([
      ['/', 10],
      ['/sport/', 10],
      ['/category/local', 6],
    ]);
    expect(notes).toContain(`${at('/world')}: no list: 1 links to articles`);
    expect(asked.filter((path) => /privacy|login|subscribe|other/.test(path))).toEqual([]);
  });
  it('a front page without articles is no list', async () => {
    expect((await find(list([1, 2]), {})).listings).toEqual([]);
  });
});

describe('findDocuments: requests', () => {
  it('are at most twenty, one after the other, and none twice', async () => {
    const menu = `<nav>${range(0, 60)
      .map((n) => `<a href="/${String.fromCharCode(97 + (n % 26))}${n < 26 ? 'x' : 'y'}/">Name</a>`)
      .join('')}</nav>`;
    const head = range(0, 30)
      .map((n) => feedLink(`/feed-${n}`))
      .join('');
    let running = 0;
    const asked: string[] = [];
    await findDocuments({
      homeHtml: list([], head, menu),
      homeUrl: HOME,
      robotsSitemaps: range(0, 30).map((n) => at(`/s${n}.xml`)),
      probe: async (url) => {
        expect(running).toBe(0);
        running += 1;
        await Promise.resolve();
        running -= 1;
        asked.push(url);
        return null;
      },
    });
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.length).toBeLessThanOrEqual(20);
    expect(new Set(asked).size).toBe(asked.length);
  });
  it('throws what the probe throws', async () => {
    const probe = () => Promise.reject(new Error('stopped'));
    await expect(findDocuments({ homeHtml: '', homeUrl: HOME, robotsSitemaps: [], probe })).rejects.toThrow('stopped');
  });
});
