/** Feeds that are not well-formed, read as their writers meant them: entries with fields by name, whatever is left open around. */
import { feedOf } from './feed-entry.ts';
import type { Feed, FeedEntry, FeedLink } from './feed-entry.ts';
import { readMarkup } from './markup.ts';
import type { Attributes, TagReader } from './markup.ts';
import { limits } from './rules.ts';

/** Elements of a feed that stand for the same, with the prefixes that are in use for them. */
const FIELDS: Readonly<Record<string, string>> = {
  title: 'title',
  'atom:title': 'title',
  'dc:title': 'title',
  link: 'link',
  'feedburner:origlink': 'originalLink',
  guid: 'guid',
  id: 'guid',
  'atom:id': 'guid',
  pubdate: 'date',
  'dc:date': 'date',
  'dcterms:issued': 'date',
  published: 'date',
  'atom:published': 'date',
  issued: 'date',
  updated: 'lastmod',
  'atom:updated': 'lastmod',
  modified: 'lastmod',
  'dcterms:modified': 'lastmod',
};
/** What is in these is text of the entry, or of another feed. */
const OPAQUE = /^(?:atom:)?(?:description|summary|content|source|encoded|author|contributor|image|textinput)$/;
const ENTRY = /^(?:\w+:)?(?:item|entry)$/;
const LINK = /^(?:atom\d*:)?link$/;
/** Longer than any title or address. */
const MAX_FIELD_CHARS = 16_384;

/** What was read of the feed, or of the entry that is open. */
interface Draft {
  readonly fields: Record<string, string>;
  readonly links: FeedLink[];
  base?: string | undefined;
  isPermaLink?: boolean;
}
const draft = (base?: string): Draft => ({ fields: {}, links: [], base });

class LooseReader implements TagReader {
  readonly feed = draft();
  readonly entries: FeedEntry[] = [];
  readonly #max = limits().maxFeedEntries;
  #entry: Draft | null = null;
  #field: string | null = null;
  #text = '';
  /** Name of the opaque element that is open, and how often it is open. */
  #opaque: { readonly name: string; depth: number } | null = null;

  open(name: string, attributes: Attributes): void {
    if (ENTRY.test(name)) return this.#begin(attributes);
    if (this.#opaque !== null) {
      if (name === this.#opaque.name) this.#opaque.depth += 1;
      return;
    }
    if (OPAQUE.test(name) || name === 'content:encoded') {
      this.#keep();
      this.#opaque = { name, depth: 1 };
      return;
    }
    const into = this.#entry ?? this.feed;
    if (/^(?:\w+:)?(?:rss|feed|channel|rdf)$/.test(name)) this.feed.base = attributes['xml:base'] ?? this.feed.base;
    if (LINK.test(name) && attributes['href'] !== undefined) {
      into.links.push({ href: attributes['href'], rel: attributes['rel'], type: attributes['type'] });
      return;
    }
    if (name === 'guid') into.isPermaLink = !/^\s*false/i.test(attributes['ispermalink'] ?? '');
    const field = FIELDS[name];
    if (field === undefined) return;
    this.#keep();
    this.#field = field;
  }

  text(text: string): void {
    if (this.#field !== null && this.#opaque === null && this.#text.length < MAX_FIELD_CHARS) this.#text += text;
  }

  close(name: string): void {
    if (this.#opaque !== null) {
      if (name === this.#opaque.name) this.#opaque.depth -= 1;
      if (this.#opaque.depth <= 0) this.#opaque = null;
    } else if (FIELDS[name] !== undefined) this.#keep();
    if (ENTRY.test(name)) this.#finish();
  }

  hasEnough(): boolean {
    return this.entries.length > this.#max;
  }

  /** The first of a name counts: what comes after is of what stands inside. */
  #keep(): void {
    if (this.#field !== null) (this.#entry ?? this.feed).fields[this.#field] ??= this.#text.trim();
    this.#field = null;
    this.#text = '';
  }

  #begin(attributes: Attributes): void {
    this.#finish();
    this.#entry = draft(attributes['xml:base']);
  }

  /** Also an entry that was never closed, where the next one begins; one that the document breaks off in is left out. */
  #finish(): void {
    this.#keep();
    this.#opaque = null;
    if (this.#entry === null) return;
    const { fields, links, base, isPermaLink } = this.#entry;
    this.#entry = null;
    this.entries.push({ ...fields, links, base, isPermaLink });
  }
}

/** Reads what calls itself a feed; never throws. */
export function readLooseFeed(text: string, url: string, notes: readonly string[] = []): Feed {
  const reader = new LooseReader();
  const end = readMarkup(text, reader, { isXml: true });
  const { fields, links, base } = reader.feed;
  const told = end === 'too deep' ? [...notes, 'cut where its elements are nested too deep'] : notes;
  return feedOf(url, { title: fields['title'], base, links }, reader.entries, told);
}
