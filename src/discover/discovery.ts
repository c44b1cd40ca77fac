/** One fetched document turned into what is to be visited next: pages, and further documents. */
import { instantOf } from '../core/clock.ts';
import type { Target, TargetKind } from '../core/ports.ts';
import type { Source } from '../core/sources.ts';
import { urlKeyParts } from '../core/url.ts';
import { articleLikelihood } from './article-likelihood.ts';
import { readFeed } from './feed.ts';
import { formOf } from './form.ts';
import { hintsOf } from './found.ts';
import type { Found } from './found.ts';
import { readListing } from './listing.ts';
import { limits, sideSitemapWords } from './rules.ts';
import type { Scope } from './scope.ts';
import { readSitemap } from './sitemap.ts';

export interface FetchedDocument {
  /** What it was fetched as. */
  readonly kind: TargetKind;
  /** After content-decoding. */
  readonly body: Uint8Array;
  /** `body` as text. */
  readonly text: string;
  /** Media type as the server calls it; only told, never trusted. */
  readonly contentType: string;
  /** Where it came from in the end. */
  readonly finalUrl: string;
}
export interface DiscoveryContext {
  readonly scope: Scope;
  readonly source?: Source | undefined;
  /** How many documents stand between this one and what the source file names. */
  readonly depth: number;
  /** Pages of one list (or parts of one feed) that are read, the first included. */
  readonly maxListingPages: number;
  /** Sitemaps that are followed from one index. */
  readonly maxSitemaps: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}
export interface Discovery {
  /** Pages that look like articles, in the document's order, each address once. */
  readonly targets: readonly Target[];
  /** What is to be read for more: the sitemaps of an index, the next page of a list. */
  readonly documents: readonly Target[];
  /** What was odd, cut or left out, and how much of it. */
  readonly notes: readonly string[];
  /** What the document turned out to be; `other` names nothing. */
  readonly kindSeen: 'feed' | 'sitemap' | 'listing' | 'other';
}

/** A page that a document names, with who vouches for it. */
interface Candidate {
  readonly found: Found;
  readonly trust: readonly string[];
}

/** Gathers targets, and counts what is left out by why. */
class Gathering {
  readonly targets: Target[] = [];
  readonly documents: Target[] = [];
  readonly notes: string[] = [];
  readonly #context: DiscoveryContext;
  readonly #foundBy: 'feed' | 'sitemap' | 'listing';
  readonly #foundAt: string;
  readonly #articleId: RegExp | undefined;
  readonly #leftOut = new Map<string, number>();
  readonly #seen = new Set<string>();

  constructor(context: DiscoveryContext, foundBy: 'feed' | 'sitemap' | 'listing') {
    this.#context = context;
    this.#foundBy = foundBy;
    this.#foundAt = instantOf(context.now);
    const pattern = context.source?.file.articleId;
    this.#articleId = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  }

  page({ found, trust }: Candidate): void {
    const { url, title } = found;
    if (this.#seen.has(url)) return;
    this.#seen.add(url);
    const { scope } = this.#context;
    const { isAdmitted, why } = scope.admits(url);
    if (!isAdmitted) return this.#leaveOut(why);
    const all = scope.includes(url) ? [...trust, 'trust/included'] : trust;
    const { isArticle } = articleLikelihood(url, { text: title, trust: all, articleId: this.#articleId });
    if (!isArticle) return this.#leaveOut('no article by its address');
    this.targets.push(this.#targetOf(found));
  }

  document(kind: 'feed' | 'sitemap' | 'listing', found: Found): void {
    const { isAdmitted, why } = this.#context.scope.admits(found.url, kind);
    if (!isAdmitted) return this.#leaveOut(`${kind}: ${why}`);
    this.documents.push({ ...this.#targetOf(found), kind, depth: this.#context.depth + 1 });
  }

  end(kindSeen: Discovery['kindSeen']): Discovery {
    const counts = [...this.#leftOut].map(([why, count]) => `${count} ${why}`);
    const notes = counts.length === 0 ? this.notes : [...this.notes, `left out: ${counts.join(', ')}`];
    return { targets: this.targets, documents: this.documents, notes, kindSeen };
  }

  #targetOf(found: Found): Target {
    const { source } = this.#context;
    const hints = hintsOf(found);
    return {
      url: found.url,
      ...(source !== undefined && { source: source.name }),
      foundBy: this.#foundBy,
      foundAt: this.#foundAt,
      ...(hints !== undefined && { hints }),
    };
  }

  #leaveOut(why: string): void {
    this.#leftOut.set(why, (this.#leftOut.get(why) ?? 0) + 1);
  }
}

/**
 * Reads a document for what it names. What it is, its content says: neither the server's word nor what it was fetched as. Only
 * HTML is a list where a list was asked for; under the name of a feed or sitemap it is an error page, and names nothing.
 * Throws nothing for what is in the document.
 */
export function readDiscovery(document: FetchedDocument, context: DiscoveryContext): Discovery {
  const { kind, body, text } = document;
  const isPacked = body[0] === 0x1f && body[1] === 0x8b;
  const form = isPacked ? 'urlset' : formOf(text);
  switch (form) {
    case 'urlset':
    case 'sitemapindex':
    case 'addresses':
      return fromSitemap(isPacked ? body : text, document, context);
    case 'html':
      return kind === 'listing' || kind === 'page' ? fromListing(document, context) : nothing(document, 'an HTML page');
    case 'other':
      return nothing(document, text.trim() === '' ? 'nothing' : 'something else');
    default:
      return fromFeed(document, context);
  }
}

function nothing({ kind, contentType }: FetchedDocument, got: string): Discovery {
  const called = contentType === '' ? '' : ` (${contentType})`;
  return { targets: [], documents: [], notes: [`expected a ${kind}, got ${got}${called}`], kindSeen: 'other' };
}

function fromFeed(document: FetchedDocument, context: DiscoveryContext): Discovery {
  const feed = readFeed(document.text, document.finalUrl);
  if (feed === null) return nothing(document, 'a feed that cannot be read');
  const gathering = new Gathering(context, 'feed');
  gathering.notes.push(...feed.notes);
  for (const found of feed.items) gathering.page({ found, trust: ['trust/feed'] });
  if (feed.next !== undefined && context.depth + 1 < context.maxListingPages)
    gathering.document('feed', { url: feed.next });
  return gathering.end('feed');
}

function fromSitemap(body: Uint8Array | string, document: FetchedDocument, context: DiscoveryContext): Discovery {
  const { form, items, notes } = readSitemap(body, document.finalUrl);
  if (form === 'none') return { ...nothing(document, 'something else'), notes };
  const gathering = new Gathering(context, form === 'feed' ? 'feed' : 'sitemap');
  gathering.notes.push(...notes);
  if (form === 'index') followIndex(items, gathering, context);
  else for (const found of items) gathering.page({ found, trust: trustOf(form, found) });
  return gathering.end(form === 'feed' ? 'feed' : 'sitemap');
}

/** Only the news extension gives titles and dates. */
function trustOf(form: string, { title, date }: Found): string[] {
  if (form === 'feed') return ['trust/feed'];
  return title !== undefined || date !== undefined ? ['trust/news-sitemap'] : ['trust/sitemap'];
}

function followIndex(items: readonly Found[], gathering: Gathering, context: DiscoveryContext): void {
  const { maxSitemapDepth } = limits();
  if (context.depth >= maxSitemapDepth) {
    gathering.notes.push(`${items.length} sitemaps not followed: indexes in indexes, ${maxSitemapDepth} deep`);
    return;
  }
  const telling = items.filter(({ url }) => !isSideSitemap(url));
  if (telling.length < items.length && telling.length > 0)
    gathering.notes.push(
      `${items.length - telling.length} sitemaps not followed: by their names they list no articles`,
    );
  const newest = (telling.length > 0 ? telling : items).toSorted((a, b) => timeOf(b) - timeOf(a));
  if (newest.length > context.maxSitemaps)
    gathering.notes.push(
      `${newest.length - context.maxSitemaps} sitemaps not followed: only the newest ${context.maxSitemaps} are`,
    );
  for (const found of newest.slice(0, context.maxSitemaps)) gathering.document('sitemap', found);
}

/** By when it changed; one that does not say may have changed just now. */
const timeOf = ({ lastmod }: Found): number => {
  const ms = lastmod === undefined ? Number.NaN : Date.parse(lastmod);
  return Number.isNaN(ms) ? Number.MAX_SAFE_INTEGER : ms;
};

/** Whether a sitemap's name says that it lists pictures, tags, authors; a number behind the word numbers parts of the whole. */
export function isSideSitemap(url: string): boolean {
  const name = (URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : '').toLowerCase();
  return sideSitemapWords().some((word) => {
    const at = name.indexOf(word);
    if (at < 0) return false;
    const [before, after] = [name.slice(0, at), name.slice(at + word.length)];
    return !/[a-z]$/.test(before) && !/^(?:[a-z]|[-_]?\d)/.test(after);
  });
}

function fromListing(document: FetchedDocument, context: DiscoveryContext): Discovery {
  const { finalUrl, text } = document;
  const links = selectorFor(finalUrl, context.source);
  const listing = readListing(text, finalUrl, { links });
  const gathering = new Gathering(context, 'listing');
  gathering.notes.push(...listing.notes);
  for (const { url, text: title, isInMenu, isNofollow } of listing.links) {
    const trust: string[] = [];
    if (links !== undefined) trust.push('trust/selected');
    else if (isInMenu) trust.push('trust/menu');
    if (isNofollow) trust.push('trust/nofollow');
    gathering.page({ found: title === '' ? { url } : { url, title }, trust });
  }
  if (listing.next !== undefined && context.depth + 1 < context.maxListingPages)
    gathering.document('listing', { url: listing.next });
  return gathering.end('listing');
}

/** The selector of the list that an address belongs to: its own, else that of the list whose later page it is. */
function selectorFor(url: string, source: Source | undefined): string | undefined {
  const listings = source?.file.listings ?? [];
  const here = urlKeyParts(url);
  const around = listings
    .map((listing) => ({ ...urlKeyParts(listing.url), links: listing.links }))
    .filter(({ host, rest }) => host === here.host && isBelow(here.rest, rest))
    .toSorted((a, b) => b.rest.length - a.rest.length);
  return around[0]?.links;
}

const isBelow = (rest: string, list: string): boolean => {
  const stem = list.replace(/\/$/, '');
  return rest === list || (rest.startsWith(stem) && /^[/?&]/.test(rest.slice(stem.length)));
};
