/** Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed. The door to feedsmith. */
import { createRequire } from 'node:module';
import type { AtomFeed, JsonFeed, RdfFeed, RssFeed } from 'feedsmith';
import { feedOf } from './feed-entry.ts';
import type { Feed, FeedEntry, FeedLink } from './feed-entry.ts';
import { formOf } from './form.ts';
import { readLooseFeed } from './loose-feed.ts';
import { limits } from './rules.ts';

const require = createRequire(import.meta.url);

/**
 * Reads a feed; null for what is none. Broken XML is read as far as it makes sense.
 *
 * @param url where it was fetched from; relative addresses are read against `xml:base`, else against it
 */
export function readFeed(text: string, url: string): Feed | null {
  const form = formOf(text);
  if (form === 'json-feed') return readJson(text, url);
  if (form !== 'rss' && form !== 'atom' && form !== 'rdf') return null;
  const { maxFeedChars } = limits();
  if (text.length > maxFeedChars)
    return readLooseFeed(text.slice(0, maxFeedChars), url, [`cut after ${maxFeedChars} characters`]);
  // feedsmith knows nothing of feedburner's links.
  if (/:origlink\b/i.test(text)) return readLooseFeed(text, url);
  const strict = strictly(text, url);
  if (strict !== null && strict.items.length + strict.dropped >= entriesIn(text)) return strict;
  const loose = readLooseFeed(text, url, ['not well-formed: read as far as it makes sense']);
  return strict !== null && strict.items.length >= loose.items.length ? strict : loose;
}

/** Entries that are begun; more than there are where one stands in the text of another. */
const entriesIn = (text: string): number => text.match(/<(?:\w+:)?(?:item|entry)[\s>]/gi)?.length ?? 0;

/** Null where feedsmith throws: at broken XML, and at a hundred elements in each other. */
function strictly(text: string, url: string): Feed | null {
  const { parseFeed } = require('feedsmith') as typeof import('feedsmith');
  try {
    const { format, feed } = parseFeed(text.trimStart());
    if (format === 'json') return null;
    return format === 'atom' ? ofAtom(feed, url) : ofRss(feed, url);
  } catch {
    return null;
  }
}

const firstOf = (texts: readonly string[] | undefined): string | undefined => texts?.[0];

function ofRss(feed: RssFeed.Feed<string> | RdfFeed.Feed<string>, url: string): Feed {
  const entries = (feed.items ?? []).map((entry: RssFeed.Item<string> | RdfFeed.Item<string>): FeedEntry => {
    const { title, link, atom, dc, dcterms, xml } = entry;
    const guid = 'guid' in entry ? entry.guid : undefined;
    const pubDate = 'pubDate' in entry ? entry.pubDate : undefined;
    return {
      link,
      links: atom?.links as readonly FeedLink[] | undefined,
      guid: guid?.value,
      isPermaLink: guid?.isPermaLink,
      title: title ?? firstOf(dc?.titles),
      date: pubDate ?? firstOf(dc?.dates) ?? firstOf(dcterms?.issued) ?? atom?.published,
      lastmod: atom?.updated ?? firstOf(dcterms?.modified),
      base: xml?.base,
    };
  });
  const links = feed.atom?.links as readonly FeedLink[] | undefined;
  return feedOf(url, { title: feed.title, base: feed.xml?.base, links }, entries);
}

function ofAtom(feed: AtomFeed.Feed<string>, url: string): Feed {
  const entries = (feed.entries ?? []).map(({ id, links, title, published, updated, dc, xml }): FeedEntry => ({
    links: links as readonly FeedLink[] | undefined,
    guid: id,
    title: title?.value,
    date: published ?? firstOf(dc?.dates),
    lastmod: updated,
    base: xml?.base,
  }));
  const links = feed.links as readonly FeedLink[] | undefined;
  return feedOf(url, { title: feed.title?.value, base: feed.xml?.base, links }, entries);
}

/** JSON Feed 1.1. Its `external_url` is what the entry is about, and only counts where the entry has no page of its own. */
function readJson(text: string, url: string): Feed | null {
  const { parseJsonFeed } = require('feedsmith') as typeof import('feedsmith');
  if (text.length > limits().maxFeedChars) return null;
  try {
    const root = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;
    const feed: JsonFeed.Feed<string> = parseJsonFeed({ version: 'https://jsonfeed.org/version/1.1', ...root });
    const entries = (feed.items ?? []).map((entry): FeedEntry => {
      const { id, url: link, external_url: about, title, date_published: date, date_modified: lastmod } = entry;
      const links = about === undefined ? [] : [{ href: about, rel: 'self' }];
      return { link, links, guid: id, title, date, lastmod };
    });
    return feedOf(url, { title: feed.title, next: feed.next_url }, entries);
  } catch {
    return null;
  }
}
