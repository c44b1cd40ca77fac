/** Sitemaps: sitemaps.org 0.9 with the news extension, indexes of them, lists of addresses, and feeds given as one; packed or not. */
import zlib from 'node:zlib';
import { decodeText } from '../core/charset.ts';
import { asTearsheetError } from '../core/errors.ts';
import { inflate } from '../core/inflate.ts';
import { claimedDate } from './dates.ts';
import { readFeed } from './feed.ts';
import { ADDRESS_LINE, formOf } from './form.ts';
import { addressOf, foundOf, titleOf } from './found.ts';
import type { Found } from './found.ts';
import { readMarkup } from './markup.ts';
import type { TagReader } from './markup.ts';
import { limits } from './rules.ts';

export interface Sitemap {
  /** `urls` and `addresses` (lines of text) name pages, `index` names sitemaps, `feed` was no sitemap; `none` names nothing. */
  readonly form: 'urls' | 'index' | 'addresses' | 'feed' | 'none';
  /** In their order; of an index with `kind: 'sitemap'`. Whose hosts they are on is not looked at: `Scope` says. */
  readonly items: readonly Found[];
  /** Entries without an address that can be fetched, or with one that stood there before. */
  readonly dropped: number;
  /** What was odd, and what was cut. */
  readonly notes: readonly string[];
}

/**
 * Reads a sitemap, whatever it is called: gzip is told by its bytes. At most `maxSitemapEntries` entries and
 * `maxDocumentBytes` of text are read (sitemaps.org sets both), the rest is left out and told.
 *
 * @param url where it was fetched from; relative addresses, which the protocol forbids, are read against it
 */
export function readSitemap(body: Uint8Array | string, url: string): Sitemap {
  const notes: string[] = [];
  let text = typeof body === 'string' ? body : textOf(body, notes);
  const { maxDocumentBytes } = limits();
  if (text.length > maxDocumentBytes) {
    notes.push(`cut after ${maxDocumentBytes} characters`);
    text = text.slice(0, maxDocumentBytes);
  }
  const form = formOf(text);
  if (form === 'urlset' || form === 'sitemapindex') return readEntries(text, url, notes);
  if (form === 'addresses') return readLines(text, url, notes);
  const feed = /^(?:rss|atom|rdf|json-feed)$/.test(form) ? readFeed(text, url) : null;
  if (feed) return { form: 'feed', items: feed.items, dropped: feed.dropped, notes: [...notes, ...feed.notes] };
  return {
    form: 'none',
    items: [],
    dropped: 0,
    notes: [...notes, `expected a sitemap, got ${form === 'html' ? 'an HTML page' : 'something else'}`],
  };
}

/** Packed twice where a server packs a packed file once more. */
const MAX_LAYERS = 2;
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function textOf(body: Uint8Array, notes: string[]): string {
  let bytes = body;
  for (let layer = 0; layer < MAX_LAYERS && isGzip(bytes); layer += 1) bytes = unpacked(bytes, notes);
  return decodeText(bytes).text;
}

function unpacked(bytes: Uint8Array, notes: string[]): Uint8Array {
  const { maxInflatedBytes } = limits();
  try {
    return inflate(bytes, 'gzip', maxInflatedBytes);
  } catch (cause) {
    if (asTearsheetError(cause).code === 'E_FETCH_TOO_LARGE') {
      notes.push(`not read: more than ${maxInflatedBytes} bytes once unpacked`);
      return new Uint8Array();
    }
    return readablePart(bytes, maxInflatedBytes, notes);
  }
}

/** What could be unpacked before the stream broke off. */
function readablePart(bytes: Uint8Array, maxOutputLength: number, notes: string[]): Uint8Array {
  notes.push('cut: the packed file is broken or breaks off');
  try {
    return zlib.gunzipSync(bytes, { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

/** Gathers entries without repeats, up to the limit. */
class Entries {
  readonly items: Found[] = [];
  dropped = 0;
  isFull = false;
  readonly #seen = new Set<string>();
  readonly #max = limits().maxSitemapEntries;

  add(address: string | undefined, claims: Parameters<typeof foundOf>[1] = {}): void {
    if (address === undefined || this.#seen.has(address)) this.dropped += 1;
    else if (this.items.length >= this.#max) this.isFull = true;
    else {
      this.#seen.add(address);
      this.items.push(foundOf(address, claims));
    }
  }

  end(form: Sitemap['form'], notes: readonly string[]): Sitemap {
    const told = this.isFull ? [...notes, `cut after ${this.#max} entries`] : notes;
    return { form, items: this.items, dropped: this.dropped, notes: told };
  }
}

function readLines(text: string, url: string, notes: readonly string[]): Sitemap {
  const entries = new Entries();
  for (const line of text.split(/[\r\n]+/)) {
    const address = line.trim();
    if (address !== '' && !entries.isFull)
      entries.add(ADDRESS_LINE.test(address) ? addressOf(address, url) : undefined);
  }
  return entries.end('addresses', notes);
}

type Field = 'loc' | 'lastmod' | 'date' | 'title';
/** Fields by the local name of their element, with those of the elements around it in which they count. */
const FIELDS: ReadonlyMap<string, { readonly field: Field; readonly within: RegExp }> = new Map([
  ['loc', { field: 'loc', within: /^(?:url|sitemap)$/ }],
  ['lastmod', { field: 'lastmod', within: /^(?:url|sitemap)$/ }],
  ['publication_date', { field: 'date', within: /^news$/ }],
  ['title', { field: 'title', within: /^news$/ }],
] as const);
/** No field is longer; what follows is thrown away as it goes by. */
const MAX_FIELD_CHARS = 16_384;

/** Entries of `urlset` and `sitemapindex`, whatever prefixes they have; `image:loc` and `xhtml:link` name no page. */
class EntryReader implements TagReader {
  readonly entries = new Entries();
  readonly #base: string;
  readonly #open: string[] = [];
  #field: Field | null = null;
  #text = '';
  #claims: Partial<Record<Field, string>> = {};
  isIndex = false;

  constructor(base: string) {
    this.#base = base;
  }

  open(name: string): void {
    const around = this.#open.at(-1) ?? '';
    this.#open.push(name);
    const local = localOf(name);
    if (local === 'url' || local === 'sitemap') this.#begin(local === 'sitemap');
    this.#field = fieldOf(name, local, around);
    this.#text = '';
  }

  text(text: string): void {
    if (this.#field !== null && this.#text.length < MAX_FIELD_CHARS) this.#text += text;
  }

  close(name: string): void {
    this.#open.pop();
    if (this.#field !== null) this.#claims[this.#field] ??= this.#text;
    this.#field = null;
    const local = localOf(name);
    if (local === 'url' || local === 'sitemap') this.#finish();
  }

  hasEnough(): boolean {
    return this.entries.isFull;
  }

  /** An entry that was never closed ends where the next one begins. */
  #begin(isIndex: boolean): void {
    this.#finish();
    this.isIndex ||= isIndex;
  }

  #finish(): void {
    const { loc, lastmod, date, title } = this.#claims;
    this.#claims = {};
    if (loc === undefined) return;
    const isSitemap = this.isIndex && { kind: 'sitemap' as const };
    this.entries.add(addressOf(loc, this.#base), {
      lastmod: claimedDate(lastmod),
      date: claimedDate(date),
      title: titleOf(title),
      ...isSitemap,
    });
  }
}

const localOf = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};

/** The prefix has to be that of the element around: `image:loc` in `url` is a picture's. */
function fieldOf(name: string, local: string, around: string): Field | null {
  const known = FIELDS.get(local);
  if (known === undefined) return null;
  const outer = localOf(around);
  const isSamePrefix = name.length - local.length === around.length - outer.length;
  return isSamePrefix && known.within.test(outer) ? known.field : null;
}

function readEntries(text: string, url: string, notes: readonly string[]): Sitemap {
  const reader = new EntryReader(url);
  const end = readMarkup(text, reader, { isXml: true });
  const told = end === 'too deep' ? [...notes, 'cut where its elements are nested too deep'] : notes;
  return reader.entries.end(reader.isIndex ? 'index' : 'urls', told);
}
