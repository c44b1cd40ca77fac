/** One entry of a feed, whatever the feed's kind: which of its addresses is the page's, and what is claimed of it. */
import { claimedDate } from './dates.ts';
import { addressOf, foundOf, titleOf } from './found.ts';
import type { Found } from './found.ts';
import { limits } from './rules.ts';

export interface FeedLink {
  readonly href?: string | undefined;
  readonly rel?: string | undefined;
  readonly type?: string | undefined;
}
/** All that an entry says which may name its page. */
export interface FeedEntry {
  /** `feedburner:origLink`: the page itself, where the link only counts readers. */
  readonly originalLink?: string | undefined;
  /** `link` of RSS, `url` of JSON Feed. */
  readonly link?: string | undefined;
  readonly links?: readonly FeedLink[] | undefined;
  readonly guid?: string | undefined;
  /** RSS 2.0: a guid is a permalink unless it says that it is none. */
  readonly isPermaLink?: boolean | undefined;
  readonly title?: string | undefined;
  readonly date?: string | undefined;
  readonly lastmod?: string | undefined;
  /** `xml:base` of the entry or of what is around it. */
  readonly base?: string | undefined;
}
export interface Feed {
  readonly title?: string;
  /** In the feed's order, each address once. */
  readonly items: readonly Found[];
  /** Address of the next, older part of the feed (RFC 5005 §3 and §4, JSON Feed `next_url`). */
  readonly next?: string;
  /** Entries without an address that can be fetched, or with one that stood there before. */
  readonly dropped: number;
  readonly notes: readonly string[];
}

const relOf = ({ rel }: FeedLink): string => (rel ?? 'alternate').trim().toLowerCase();
const isHtml = ({ type }: FeedLink): boolean => type === undefined || /html/i.test(type);

/** The links of one relation, HTML first: an entry may have a PDF or an API beside it. */
function linked(links: readonly FeedLink[], rel: string): string[] {
  const fitting = links.filter((link) => link.href !== undefined && relOf(link) === rel);
  return [...fitting.filter(isHtml), ...fitting.filter((link) => !isHtml(link))].map(({ href }) => href ?? '');
}

/** The page's addresses, best first. `self` of an entry is often the entry as a document of its own, so it comes late. */
function* candidatesOf({ originalLink, link, links = [], guid, isPermaLink = true }: FeedEntry): Generator<string> {
  if (originalLink !== undefined) yield originalLink;
  if (link !== undefined) yield link;
  yield* linked(links, 'alternate');
  if (guid !== undefined && isPermaLink && /^\s*https?:\/\//i.test(guid)) yield guid;
  yield* linked(links, 'self');
}

const baseOf = (base: string | undefined, url: string): string =>
  base === undefined ? url : (addressOf(base, url) ?? url);

/** Joins the entries of a feed that was fetched from `url`. */
export function feedOf(
  url: string,
  {
    title,
    base,
    links = [],
    next,
  }: {
    title?: string | undefined;
    base?: string | undefined;
    links?: readonly FeedLink[] | undefined;
    next?: string | undefined;
  },
  entries: readonly FeedEntry[],
  notes: readonly string[] = [],
): Feed {
  const feedBase = baseOf(base, url);
  const seen = new Map<string, Found>();
  const { maxFeedEntries } = limits();
  for (const entry of entries.slice(0, maxFeedEntries)) {
    const entryBase = baseOf(entry.base, feedBase);
    let address: string | undefined;
    for (const candidate of candidatesOf(entry)) {
      address = addressOf(candidate, entryBase);
      if (address !== undefined) break;
    }
    if (address === undefined || seen.has(address)) continue;
    const claims = { title: titleOf(entry.title), date: claimedDate(entry.date), lastmod: claimedDate(entry.lastmod) };
    seen.set(address, foundOf(address, claims));
  }
  const shown = titleOf(title);
  const older = [next, ...linked(links, 'next'), ...linked(links, 'prev-archive')]
    .map((href) => (href === undefined ? undefined : addressOf(href, feedBase)))
    .find((href) => href !== undefined && href !== url);
  return {
    ...(shown !== undefined && { title: shown }),
    items: [...seen.values()],
    ...(older !== undefined && { next: older }),
    dropped: entries.length - seen.size,
    notes: entries.length > maxFeedEntries ? [...notes, `cut after ${maxFeedEntries} entries`] : notes,
  };
}
