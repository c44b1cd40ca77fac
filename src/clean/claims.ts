/** What a page says of itself outside its text: meta tags, links, JSON-LD, microdata. Claims, not truth. */
import { load } from 'cheerio/slim';
import { decodeHTML } from 'entities/decode';
import type { Document, Element } from 'domhandler';
import { articleObject, objectsIn, parseLoosely, stringOf, type LinkedObject } from './json-ld.ts';
import { isFlight } from './flight.ts';
import { squeeze } from './measure-text.ts';
import { textOf } from './table.ts';

export interface Claims {
  /** Values of meta tags by lower-case name, property or itemprop, in order. */
  readonly meta: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly {
    readonly rel: string;
    readonly href: string;
    readonly type?: string;
    readonly hreflang?: string;
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

const WANTED = 'html,meta,link[rel],title,h1,time,script,[itemprop],[rel~="author"],[type="password"]';
const DATA_SCRIPT = /^(?:application|text)\/(?:[\w.+-]*json)/i;

const textIn = (element: Element): string => squeeze(textOf(element)).trim();

/** Gathers all claims in one walk. */
export function gatherClaims(document: Document): Claims {
  const gatherer = new Gatherer();
  const $ = load(document as unknown as Parameters<typeof load>[0]);
  for (const node of $(WANTED).get()) gatherer.see(node as unknown as Element);
  return gatherer.claims();
}

class Gatherer {
  readonly #meta = new Map<string, string[]>();
  readonly #links: Claims['links'][number][] = [];
  readonly #roots: Parameters<typeof objectsIn>[0][number][] = [];
  readonly #headings: Claims['headings'][number][] = [];
  readonly #times: Claims['times'][number][] = [];
  readonly #authors: Claims['authors'][number][] = [];
  readonly #dataScripts: string[] = [];
  #htmlTitle = '';
  #language: string | undefined;
  #hasPassword = false;

  see(element: Element): void {
    const { name, attribs } = element;
    const { itemprop } = attribs;
    if (name === 'html') this.#language ??= attribs['lang'] ?? attribs['xml:lang'];
    else if (name === 'meta') addMeta(this.#meta, attribs);
    else if (name === 'link') this.#link(attribs);
    else if (name === 'title') this.#htmlTitle ||= textIn(element);
    else if (name === 'script') this.#script(element);
    else if (name === 'input') this.#hasPassword = true;
    else if (name === 'h1') this.#headings.push({ element, text: textIn(element) });
    else if (name === 'time') this.#times.push({ element, datetime: attribs['datetime'], text: textIn(element) });
    if (itemprop !== undefined && name !== 'meta') addItemprop(this.#meta, itemprop, attribs, element);
    if (name !== 'link' && (/(?:^|\s)author(?:\s|$)/.test(attribs['rel'] ?? '') || itemprop === 'author')) {
      const { href } = attribs;
      this.#authors.push({ element, text: textIn(element), ...(href === undefined ? {} : { href }) });
    }
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

  #link({ rel = '', href = '', type, hreflang }: Element['attribs']): void {
    const optional = { ...(type === undefined ? {} : { type }), ...(hreflang === undefined ? {} : { hreflang }) };
    this.#links.push({ rel: rel.toLowerCase(), href: href.trim(), ...optional });
  }

  #script(element: Element): void {
    const type = element.attribs['type'] ?? '';
    const text = textOfScript(element);
    if (/ld\+json/i.test(type)) this.#roots.push(parseLoosely(text));
    else if (DATA_SCRIPT.test(type) || text.includes('__NEXT_DATA__') || isFlight(text)) this.#dataScripts.push(text);
  }
}

const textOfScript = (element: Element): string => {
  const [first] = element.children;
  return first?.type === 'text' ? first.data : '';
};

function addMeta(meta: Map<string, string[]>, attribs: Element['attribs']): void {
  const key = (attribs['property'] ?? attribs['name'] ?? attribs['itemprop'] ?? attribs['http-equiv'])
    ?.trim()
    .toLowerCase();
  const content = squeeze(attribs['content'] ?? '').trim();
  if (key === undefined || key === '' || content === '') return;
  const there = meta.get(key);
  if (there) there.push(content);
  else meta.set(key, [content]);
}

const ITEMPROPS: ReadonlySet<string> = new Set([
  'datepublished',
  'datemodified',
  'datecreated',
  'headline',
  'articlesection',
  'description',
]);

function addItemprop(
  meta: Map<string, string[]>,
  itemprop: string,
  attribs: Element['attribs'],
  element: Element,
): void {
  for (const name of itemprop.toLowerCase().split(/\s+/)) {
    if (!ITEMPROPS.has(name)) continue;
    const value = attribs['content'] ?? attribs['datetime'] ?? (name === 'description' ? '' : textIn(element));
    if (value.trim() !== '') meta.set(`itemprop:${name}`, [...(meta.get(`itemprop:${name}`) ?? []), value.trim()]);
  }
}

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
