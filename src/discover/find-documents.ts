/** Finding a site's feeds, sitemaps and lists from its front page, with few requests. */
import { urlKey } from '../core/url.ts';
import { readFeed } from './feed.ts';
import { articleLikelihood } from './article-likelihood.ts';
import { readListing } from './listing.ts';
import type { Listing } from './listing.ts';
import { limits, poorFeedParts, wellKnownPaths } from './rules.ts';
import { Scope } from './scope.ts';
import { sectionsOf } from './sections.ts';
import { readSitemap } from './sitemap.ts';

export interface ProbeAnswer {
  readonly status: number;
  readonly text: string;
  /** After content-decoding; needed for packed sitemaps alone. */
  readonly body?: Uint8Array;
  readonly contentType: string;
  readonly finalUrl: string;
}
/** Fetches an address as politely as the site asks; null where that may not be, or failed. */
export type Probe = (url: string) => Promise<ProbeAnswer | null>;

export interface FoundDocument {
  readonly url: string;
  readonly title?: string;
  /** Of a feed or sitemap its entries on the site, of an index its sitemaps, of a list its links to articles. */
  readonly entries: number;
}
export interface FoundDocuments {
  /** Best first: those with the most news. */
  readonly feeds: readonly FoundDocument[];
  readonly sitemaps: readonly FoundDocument[];
  readonly listings: readonly FoundDocument[];
  /** What was tried and why it was not taken. */
  readonly notes: readonly string[];
}
export interface FindOptions {
  readonly homeHtml: string;
  readonly homeUrl: string;
  /** The `Sitemap:` lines of robots.txt. */
  readonly robotsSitemaps: readonly string[];
  readonly probe: Probe;
}

/** Of the requests that may be made, at most so many for what each place names. */
const MAX_HEAD_FEEDS = 6;
const MAX_ROBOTS_SITEMAPS = 4;
const MAX_SECTIONS = 8;
/** A page with fewer links to articles is no list. */
const MIN_LISTED = 5;
/** A feed of which another has so many per cents adds nothing. */
const MOSTLY_PER_CENT = 90;

interface Read extends FoundDocument {
  readonly keys: ReadonlySet<string>;
  readonly isIndex: boolean;
}

/** One search: what was asked already, and how often may be asked still. */
class Search {
  readonly notes: string[] = [];
  readonly #asked = new Set<string>();
  readonly #probe: Probe;
  readonly scope: Scope;
  #left = limits().maxProbes;

  constructor(homeUrl: string, probe: Probe) {
    this.#probe = probe;
    this.scope = new Scope({ home: homeUrl });
  }

  /** An answer with status 200; null for all else, and for what was asked before. */
  async ask(url: string, what: 'feed' | 'sitemap' | 'listing'): Promise<ProbeAnswer | null> {
    const key = keyOf(url);
    if (key === null || this.#asked.has(key) || this.#left <= 0) return null;
    const { isAdmitted, why } = this.scope.admits(url, what);
    if (!isAdmitted) return this.#refuse(url, why);
    this.#asked.add(key);
    this.#left -= 1;
    const answer = await this.#probe(url);
    if (answer === null) return this.#refuse(url, 'could not be fetched');
    const finalKey = keyOf(answer.finalUrl);
    if (answer.status !== 200) return this.#refuse(url, `status ${answer.status}`);
    if (finalKey !== null && finalKey !== key && this.#asked.has(finalKey)) return null;
    if (finalKey !== null) this.#asked.add(finalKey);
    const landed = this.scope.admits(answer.finalUrl, what);
    return landed.isAdmitted ? answer : this.#refuse(url, `leads to ${answer.finalUrl}: ${landed.why}`);
  }

  reject(url: string, why: string): void {
    this.notes.push(`${url}: ${why}`);
  }

  #refuse(url: string, why: string): null {
    this.reject(url, why);
    return null;
  }
}

function keyOf(url: string): string | null {
  try {
    return urlKey(url);
  } catch {
    return null;
  }
}

/**
 * Looks where sites have their feeds and sitemaps: what the front page and robots.txt name, then the usual places, and the
 * sections of the front page. Asks `probe` alone, one address after the other, `maxProbes` times at most. Throws
 * `E_URL_INVALID`, `E_URL_SCHEME` for a front page that is none, and what `probe` throws.
 */
export async function findDocuments({
  homeHtml,
  homeUrl,
  robotsSitemaps,
  probe,
}: FindOptions): Promise<FoundDocuments> {
  const search = new Search(homeUrl, probe);
  const home = readListing(homeHtml, homeUrl);
  const sitemaps = await sitemapsOf(search, homeUrl, robotsSitemaps);
  const feeds = await feedsOfSite(search, homeUrl, home);
  const listings = await listingsOf(search, homeUrl, home);
  return { feeds: feeds.map(bare), sitemaps: sitemaps.map(bare), listings, notes: search.notes };
}

const bare = ({ url, title, entries }: Read): FoundDocument => ({
  url,
  ...(title !== undefined && { title }),
  entries,
});
const inPlace = (paths: readonly string[], homeUrl: string): string[] =>
  paths.map((path) => new URL(path, homeUrl).href);

async function feedsOfSite(search: Search, homeUrl: string, home: Listing): Promise<Read[]> {
  const named = home.feeds.map(({ url }) => url).toSorted((a, b) => Number(isPoor(a)) - Number(isPoor(b)));
  const found = await readAll(named.slice(0, MAX_HEAD_FEEDS), (url) => readFeedAt(search, url));
  // The usual places are tried until one answers: the others would be the same feed in another dress.
  if (found.length === 0)
    for (const url of inPlace(wellKnownPaths('feeds'), homeUrl)) {
      const feed = await readFeedAt(search, url);
      if (feed === null) continue;
      found.push(feed);
      break;
    }
  return withoutCovered(
    found.toSorted((a, b) => Number(isPoor(a.url)) - Number(isPoor(b.url)) || b.entries - a.entries),
    search,
  );
}

const isPoor = (url: string): boolean => {
  const parts = new URL(url).pathname.toLowerCase().split(/[/._-]+/);
  return poorFeedParts().some((poor) => parts.includes(poor));
};

async function readFeedAt(search: Search, url: string): Promise<Read | null> {
  const answer = await search.ask(url, 'feed');
  if (answer === null) return null;
  const feed = readFeed(answer.text, answer.finalUrl);
  const keys = keysOf(search, feed?.items ?? []);
  if (feed === null || keys.size === 0) {
    search.reject(url, feed === null ? 'no feed' : 'a feed without pages of this site');
    return null;
  }
  const title = feed.title === undefined ? {} : { title: feed.title };
  return { url: answer.finalUrl, ...title, entries: keys.size, keys, isIndex: false };
}

async function sitemapsOf(search: Search, homeUrl: string, robotsSitemaps: readonly string[]): Promise<Read[]> {
  const named = await readAll(robotsSitemaps.slice(0, MAX_ROBOTS_SITEMAPS), (url) => readSitemapAt(search, url));
  const found =
    named.length > 0
      ? named
      : await readAll(inPlace(wellKnownPaths('sitemaps'), homeUrl), (url) => readSitemapAt(search, url));
  // What an index names is read with the index.
  const inIndex = new Set(found.filter(({ isIndex }) => isIndex).flatMap(({ keys }) => [...keys]));
  const outer = found.filter((one) => {
    const isNamed = inIndex.has(keyOf(one.url) ?? '');
    if (isNamed) search.reject(one.url, 'named by an index');
    return !isNamed;
  });
  return withoutCovered(outer, search);
}

async function readSitemapAt(search: Search, url: string): Promise<Read | null> {
  const answer = await search.ask(url, 'sitemap');
  if (answer === null) return null;
  const { form, items } = readSitemap(answer.body ?? answer.text, answer.finalUrl);
  const keys = keysOf(search, items);
  if (form === 'none' || form === 'feed' || keys.size === 0) {
    search.reject(url, form === 'none' || form === 'feed' ? 'no sitemap' : 'a sitemap without pages of this site');
    return null;
  }
  return { url: answer.finalUrl, entries: keys.size, keys, isIndex: form === 'index' };
}

async function readAll(urls: readonly string[], read: (url: string) => Promise<Read | null>): Promise<Read[]> {
  const found: Read[] = [];
  for (const url of urls) {
    const one = await read(url);
    if (one !== null) found.push(one);
  }
  return found;
}

const keysOf = (
  search: Search,
  items: readonly { readonly url: string; readonly kind?: string }[],
): ReadonlySet<string> =>
  new Set(
    items
      .filter(({ url, kind }) => search.scope.admits(url, kind === 'sitemap' ? 'sitemap' : 'page').isAdmitted)
      .map(({ url }) => keyOf(url) ?? url),
  );

/** Leaves out whose entries an earlier one has too: RSS beside Atom, one section beside the whole. */
function withoutCovered(found: readonly Read[], search: Search): Read[] {
  const kept: Read[] = [];
  for (const one of found) {
    const twin = kept.find(
      ({ keys }) => [...one.keys].filter((key) => keys.has(key)).length * 100 >= one.keys.size * MOSTLY_PER_CENT,
    );
    if (twin === undefined) kept.push(one);
    else search.reject(one.url, `nothing that ${twin.url} has not`);
  }
  return kept;
}

/** The front page, and the sections it links to, where each lists articles. */
async function listingsOf(search: Search, homeUrl: string, home: Listing): Promise<FoundDocument[]> {
  const found: FoundDocument[] = [];
  const own = articlesIn(search, home);
  if (own >= MIN_LISTED)
    found.push({ url: homeUrl, ...(home.title !== undefined && { title: home.title }), entries: own });
  for (const { url } of sectionsOf(home.links, search.scope).slice(0, MAX_SECTIONS)) {
    const answer = await search.ask(url, 'listing');
    if (answer === null) continue;
    const listing = readListing(answer.text, answer.finalUrl);
    const entries = articlesIn(search, listing);
    if (entries < MIN_LISTED) search.reject(url, `no list: ${entries} links to articles`);
    else found.push({ url: answer.finalUrl, ...(listing.title !== undefined && { title: listing.title }), entries });
  }
  return found;
}

const articlesIn = (search: Search, { links }: Listing): number =>
  links.filter(
    ({ url, text, isInMenu }) =>
      search.scope.admits(url).isAdmitted &&
      articleLikelihood(url, { text, trust: isInMenu ? ['trust/menu'] : [] }).isArticle,
  ).length;
