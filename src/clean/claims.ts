/** What a page says of itself outside its text: meta tags, links, JSON-LD, microdata. Claims, not truth. */
import type { ChildNode, Document, Element } from 'domhandler';
import { decodeHTML } from 'entities/decode';
import {
  articleObject,
  MAX_MENDED_CHARS,
  objectsIn,
  parseLoosely,
  stringOf,
  type Json,
  type LinkedObject,
} from './json-ld.ts';
import { HAS_ITEMPROP, HAS_REL } from './elements.ts';
import { isFlight } from './flight.ts';
import { squeeze } from './measure-text.ts';
import { isArticleScope, namedInside } from './microdata.ts';
import type { PageElement } from './nodes.ts';
import { textOf } from './table.ts';

export interface Claims {
  /** Values of meta tags by lower-case name or property, in order; of microdata under `itemprop:` and the property. */
  readonly meta: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly {
    readonly rel: string;
    readonly href: string;
    readonly type?: string;
    readonly hreflang?: string;
    readonly media?: string;
  }[];
  readonly objects: readonly LinkedObject[];
  readonly article: LinkedObject | undefined;
  readonly htmlTitle: string;
  readonly headings: readonly { readonly element: Element; readonly text: string }[];
  readonly times: readonly {
    readonly element: Element;
    readonly datetime: string | undefined;
    readonly text: string;
  }[];
  /** Elements that name an author by rel or itemprop. */
  readonly authors: readonly { readonly element: Element; readonly text: string; readonly href?: string }[];
  readonly language: string | undefined;
  /** Bodies of scripts that hold data rather than code. */
  readonly dataScripts: readonly string[];
  /** Whether the page asks for a password. */
  readonly hasPassword: boolean;
}

const DATA_SCRIPT = /^(?:application|text)\/(?:[\w.+-]*json)/i;
const AUTHOR_REL = /(?:^|\s)author(?:\s|$)/;
/** A page names itself in a few of each; lists of stories and comments repeat them by the thousand. */
const MAX_ELEMENTS = 40;
const MAX_LINKS = 400;
const MAX_VALUES = 60;
const MAX_VALUE_CHARS = 4_000;

const textIn = (element: Element): string => squeeze(textOf(element)).trim();

/** Gathers all claims in one walk. */
export function gatherClaims(document: Document): Claims {
  const gatherer = new Gatherer();
  let node: ChildNode | null = document.children[0] ?? null;
  while (node) {
    let next: ChildNode | null = null;
    if ('attribs' in node) {
      gatherer.see(node);
      next = node.children[0] ?? null;
    }
    for (let at: ChildNode = node; !next;) {
      if (at.next) next = at.next;
      else if (at.parent && 'attribs' in at.parent) at = at.parent;
      else break;
    }
    node = next;
  }
  return gatherer.claims();
}

class Gatherer {
  readonly #meta = new Map<string, string[]>();
  readonly #links: Claims['links'][number][] = [];
  readonly #roots: Json[] = [];
  /** Characters of JSON-LD so far. */
  #linkedChars = 0;
  readonly #headings: Claims['headings'][number][] = [];
  readonly #times: Claims['times'][number][] = [];
  readonly #authors: Claims['authors'][number][] = [];
  readonly #dataScripts: string[] = [];
  #htmlTitle = '';
  #language: string | undefined;
  #hasPassword = false;

  see(element: Element): void {
    const { name, attribs } = element;
    switch (name) {
      case 'html':
        this.#language ??= attribs['lang'] ?? attribs['xml:lang'];
        return;
      case 'meta':
        this.#addMeta(element);
        return;
      case 'link':
        this.#link(attribs);
        return;
      case 'title':
        this.#htmlTitle ||= textIn(element).slice(0, MAX_VALUE_CHARS);
        return;
      case 'script':
        this.#script(element);
        return;
      case 'input':
        this.#hasPassword ||= attribs['type'] === 'password';
        return;
      case 'h1':
        if (this.#headings.length < MAX_ELEMENTS) this.#headings.push({ element, text: textIn(element) });
        break;
      case 'time':
        if (this.#times.length < MAX_ELEMENTS)
          this.#times.push({ element, datetime: attribs['datetime'], text: textIn(element) });
        break;
      default:
    }
    if (((element as PageElement).marks & (HAS_ITEMPROP | HAS_REL)) === 0) return;
    const { itemprop, rel } = attribs;
    if (itemprop !== undefined) this.#itemprop(itemprop.toLowerCase(), element);
    else if (rel !== undefined && AUTHOR_REL.test(rel)) this.#author(element);
  }

  claims(): Claims {
    const objects = objectsIn(this.#roots);
    return {
      meta: this.#meta,
      links: this.#links,
      objects,
      article: articleObject(objects),
      htmlTitle: this.#htmlTitle,
      headings: this.#headings,
      times: this.#times,
      authors: this.#authors,
      language: this.#language,
      dataScripts: this.#dataScripts,
      hasPassword: this.#hasPassword,
    };
  }

  #link({ rel = '', href = '', type, hreflang, media }: Element['attribs']): void {
    if (rel === '' || this.#links.length >= MAX_LINKS) return;
    this.#links.push({
      rel: rel.toLowerCase(),
      href: href.trim(),
      ...(type === undefined ? {} : { type }),
      ...(hreflang === undefined ? {} : { hreflang }),
      ...(media === undefined ? {} : { media }),
    });
  }

  #script(element: Element): void {
    const type = element.attribs['type'] ?? '';
    const text = textOfScript(element);
    if (/ld\+json/i.test(type)) {
      this.#roots.push(parseLoosely(text, MAX_MENDED_CHARS - this.#linkedChars));
      this.#linkedChars += text.length;
    } else if (DATA_SCRIPT.test(type) || text.includes('__NEXT_DATA__') || isFlight(text)) this.#dataScripts.push(text);
  }

  #add(key: string, value: string): void {
    const there = this.#meta.get(key);
    if (!there) this.#meta.set(key, [value]);
    else if (there.length < MAX_VALUES) there.push(value);
  }

  #addMeta(element: Element): void {
    const { attribs } = element;
    const content = squeeze((attribs['content'] ?? '').slice(0, MAX_VALUE_CHARS)).trim();
    if (content === '') return;
    const name = (attribs['property'] ?? attribs['name'] ?? attribs['http-equiv'])?.trim().toLowerCase();
    if (name !== undefined && name !== '') this.#add(name, content);
    const itemprop = attribs['itemprop']?.trim().toLowerCase();
    if (itemprop !== undefined && itemprop !== '' && isArticleScope(element))
      this.#add(`itemprop:${itemprop}`, content);
  }

  #itemprop(itemprop: string, element: Element): void {
    const { attribs } = element;
    for (const name of itemprop.split(/\s+/)) {
      if (name === 'author' || name === 'creator') this.#author(element);
      if (!ITEMPROPS.has(name) || !isArticleScope(element)) continue;
      const value = attribs['content'] ?? attribs['datetime'] ?? (name === 'description' ? '' : textIn(element));
      if (value.trim() !== '') this.#add(`itemprop:${name}`, value.trim().slice(0, MAX_VALUE_CHARS));
    }
  }

  #author(element: Element): void {
    if (this.#authors.length >= MAX_ELEMENTS || !isArticleScope(element)) return;
    const named = namedInside(element);
    const href = named?.href ?? element.attribs['href'];
    this.#authors.push({ element, text: named?.name ?? textIn(element), ...(href === undefined ? {} : { href }) });
  }
}

const textOfScript = (element: Element): string => {
  const [first] = element.children;
  return first?.type === 'text' ? first.data : '';
};

const ITEMPROPS: ReadonlySet<string> = new Set([
  'datepublished',
  'datemodified',
  'datecreated',
  'headline',
  'articlesection',
  'description',
]);

/** The first value any of `names` has. */
export function metaOf(claims: Claims, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = claims.meta.get(name)?.[0];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A string of the article's JSON-LD, with the HTML some publishers escape into it undone. */
export function linkedString(claims: Claims, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = stringOf(claims.article?.[key]);
    if (value !== undefined) return unescaped(value);
  }
  return undefined;
}

export const unescaped = (text: string): string => squeeze(text.includes('&') ? decodeHTML(text) : text).trim();
