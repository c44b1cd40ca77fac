/** Pages that list others: a front page, a section, search results. Their links, the next page, and the feeds they name. */
import { Picker } from '../clean/index.ts';
import { addressOf, foundOf, titleOf } from './found.ts';
import type { Found } from './found.ts';
import { isSilent, readMarkup, treeOf } from './markup.ts';
import type { Attributes, MarkupEnd, TagReader } from './markup.ts';
import { nextPageOf } from './pagination.ts';
import { feedTypes, limits } from './rules.ts';

export interface ListingLink {
  readonly url: string;
  /** What a reader sees: the heading in the link, else its text, else the label or picture's text; '' where there is none. */
  readonly text: string;
  /** The page does not vouch for it: `nofollow`, `sponsored` or `ugc`. */
  readonly isNofollow: boolean;
  /** It stands in a menu or the footer wherever it stands. */
  readonly isInMenu: boolean;
}
export interface Listing {
  readonly title?: string;
  /** In document order, each address once, under its longest text. */
  readonly links: readonly ListingLink[];
  /** The page with older entries: `rel=next`, else a link that says so. */
  readonly next?: string;
  /** Feeds that the head names. */
  readonly feeds: readonly Found[];
  readonly notes: readonly string[];
}
export interface ListingOptions {
  /** CSS selector of the links, or of what is around them; all links unless given. */
  readonly links?: string | undefined;
}

/** A link as it was written. */
export interface Anchor {
  readonly url: string;
  readonly text: string;
  readonly rel: string;
  readonly isInMenu: boolean;
  readonly start: number;
}
/** A link that is open. */
interface OpenAnchor {
  readonly attributes: Attributes;
  readonly start: number;
  readonly isInMenu: boolean;
  text: string;
  heading: string;
  picture: string;
}

const MAX_TEXT_CHARS = 1_000;
const MENU_ROLES = /^(?:navigation|menu|menubar|contentinfo)$/i;
const isMenu = (name: string, { role = '' }: Attributes): boolean =>
  name === 'nav' || name === 'footer' || MENU_ROLES.test(role.trim());
const isHeading = (name: string): boolean => /^h[1-6]$/.test(name);
const hasRel = (rel: string, wanted: string): boolean => rel.toLowerCase().split(/\s+/).includes(wanted);

/** Gathers what a page links to. */
class LinkReader implements TagReader {
  readonly anchors: Anchor[] = [];
  readonly feeds: Found[] = [];
  base: string;
  next: string | undefined;
  title = '';
  readonly #max = limits().maxLinks;
  /** For each open element whether a menu begins with it. */
  readonly #menus: boolean[] = [];
  #menuDepth = 0;
  #silence = 0;
  #headings = 0;
  #isInTitle = false;
  #hasBase = false;
  #anchor: OpenAnchor | null = null;

  constructor(url: string) {
    this.base = url;
  }

  open(name: string, attributes: Attributes, start: number): void {
    const isBegun = isMenu(name, attributes);
    this.#menus.push(isBegun);
    if (isBegun) this.#menuDepth += 1;
    if (isSilent(name)) this.#silence += 1;
    if (isHeading(name)) this.#headings += 1;
    if (name === 'a') this.#begin(attributes, start);
    else if (name === 'link') this.#link(attributes);
    else if (name === 'base' && !this.#hasBase) this.#rebase(attributes['href']);
    else if (name === 'title' && this.title === '') this.#isInTitle = this.#silence === 0;
    else if (name === 'img' && this.#anchor) this.#anchor.picture ||= attributes['alt'] ?? '';
    if (this.#anchor) this.text(' ');
  }

  text(text: string): void {
    if (this.#isInTitle) this.title += text;
    if (this.#anchor === null || this.#silence > 0) return;
    if (this.#anchor.text.length < MAX_TEXT_CHARS) this.#anchor.text += text;
    if (this.#headings > 0 && this.#anchor.heading.length < MAX_TEXT_CHARS) this.#anchor.heading += text;
  }

  close(name: string): void {
    if (this.#menus.pop()) this.#menuDepth -= 1;
    if (isSilent(name)) this.#silence -= 1;
    if (name === 'a') this.#finish();
    else if (this.#anchor) this.text(' ');
    if (isHeading(name)) this.#headings -= 1;
    if (name === 'title') this.#isInTitle = false;
  }

  hasEnough(): boolean {
    return this.anchors.length >= this.#max;
  }

  #rebase(href: string | undefined): void {
    this.#hasBase = true;
    this.base = (href === undefined ? undefined : addressOf(href, this.base)) ?? this.base;
  }

  #link({ rel = '', type = '', href, title }: Attributes): void {
    const url = href === undefined ? undefined : addressOf(href, this.base);
    if (url === undefined) return;
    if (hasRel(rel, 'next')) this.next ??= url;
    const isFeed = feedTypes().includes((type.split(';')[0] ?? '').trim().toLowerCase());
    if (isFeed && (hasRel(rel, 'alternate') || hasRel(rel, 'feed')) && !this.feeds.some((feed) => feed.url === url))
      this.feeds.push(foundOf(url, { title: titleOf(title), kind: 'feed' }));
  }

  /** A link in a link ends it, as browsers have it. */
  #begin(attributes: Attributes, start: number): void {
    this.#finish();
    if (attributes['href'] === undefined) return;
    this.#anchor = { attributes, start, isInMenu: this.#menuDepth > 0, text: '', heading: '', picture: '' };
  }

  #finish(): void {
    const open = this.#anchor;
    this.#anchor = null;
    const { href = '', rel = '', title, 'aria-label': label } = open?.attributes ?? {};
    // `#top` is a place on the page itself.
    const url = href.trim().startsWith('#') ? undefined : addressOf(href, this.base);
    if (open === null || url === undefined) return;
    if (hasRel(rel, 'next')) this.next ??= url;
    const texts = [open.heading, open.text, label ?? '', title ?? '', open.picture].map((text) =>
      text.replace(/[\s\p{Cc}]+/gu, ' ').trim(),
    );
    const { start, isInMenu } = open;
    this.anchors.push({ url, text: texts.find((text) => text !== '') ?? '', rel, isInMenu, start });
  }
}

/**
 * Reads a page that lists others. Addresses are read against `<base href>`, else against `url`.
 * Throws nothing; a selector that is broken, or too slow on a page as large, is told in the notes and all links are given.
 */
export function readListing(html: string, url: string, { links: selector }: ListingOptions = {}): Listing {
  const { maxDocumentBytes } = limits();
  const text = html.slice(0, maxDocumentBytes);
  const reader = new LinkReader(url);
  const end = readMarkup(text, reader, { isXml: false });
  const notes = notesOf(end, html.length > text.length);
  const picked = selector === undefined ? null : startsOf(text, selector, end, notes);
  const anchors = picked === null ? reader.anchors : reader.anchors.filter(({ start }) => picked.has(start));
  const self = addressOf(url, url);
  const next = nextPageOf(url, reader.anchors, reader.next);
  const title = titleOf(reader.title);
  return {
    ...(title !== undefined && { title }),
    links: withoutRepeats(anchors.filter((anchor) => anchor.url !== self)),
    ...(next !== undefined && { next }),
    feeds: reader.feeds,
    notes,
  };
}

/** The feeds that a page's head names, in its order. */
export const feedsOf = (html: string, url: string): readonly Found[] => readListing(html, url).feeds;

function notesOf(end: MarkupEnd, isCut: boolean): string[] {
  const notes: string[] = [];
  if (isCut) notes.push(`cut after ${limits().maxDocumentBytes} characters`);
  if (end === 'enough') notes.push(`cut after ${limits().maxLinks} links`);
  if (end === 'too deep') notes.push('cut where its elements are nested too deep');
  return notes;
}

function withoutRepeats(anchors: readonly Anchor[]): ListingLink[] {
  const byUrl = new Map<string, ListingLink>();
  for (const { url, text, rel, isInMenu } of anchors) {
    const isNofollow = ['nofollow', 'sponsored', 'ugc'].some((one) => hasRel(rel, one));
    const known = byUrl.get(url);
    byUrl.set(url, {
      url,
      text: known === undefined || text.length > known.text.length ? text : known.text,
      isNofollow: isNofollow && (known?.isNofollow ?? true),
      isInMenu: isInMenu && (known?.isInMenu ?? true),
    });
  }
  return [...byUrl.values()];
}

/** Where the links begin that a selector picks, or that are in what it picks; null for all. */
function startsOf(text: string, selector: string, end: MarkupEnd, notes: string[]): ReadonlySet<number> | null {
  // The tree of such a page takes seconds.
  if (end === 'too deep') return null;
  const elements = pickedBy(text, selector);
  if (elements === null) {
    notes.push(`the selector ${JSON.stringify(selector)} was not used: it is broken, or takes too long on this page`);
    return null;
  }
  const starts = new Set<number>();
  const waiting: (typeof elements)[number][] = [...elements];
  const seen = new Set<unknown>();
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    if (seen.has(element)) continue;
    seen.add(element);
    if (element.name === 'a' && typeof element.startIndex === 'number') starts.add(element.startIndex);
    for (const child of element.children) if ('children' in child && 'name' in child) waiting.push(child);
  }
  if (starts.size === 0) notes.push(`the selector ${JSON.stringify(selector)} picks no link`);
  return starts;
}

function pickedBy(text: string, selector: string): ReturnType<Picker['pick']> {
  try {
    return new Picker(treeOf(text)).pick(selector);
  } catch {
    return null;
  }
}
