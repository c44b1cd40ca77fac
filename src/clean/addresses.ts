/** The page's other addresses: its canonical one, its copies for phones, and itself in other languages. */
import type { Alternate } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import type { Claims } from './claims.ts';

const MAX_ADDRESS_CHARS = 2_000;
const MAX_ALTERNATES = 60;
/** A feed or an API's answer is no copy of the article. */
const FEED = /(?:rss|atom|json|xml\+oembed|oembed|opensearch)/i;

/** The links of a page's head, read against its address. */
export class PageLinks {
  readonly #claims: Claims;
  readonly #url: string;

  constructor(claims: Claims, url: string) {
    this.#claims = claims;
    this.#url = url;
  }

  get all(): Claims['links'] {
    return this.#claims.links;
  }

  /** An http address in full; undefined for what is none. */
  absolute(href: string | undefined): string | undefined {
    if (href === undefined || href === '' || href.length > MAX_ADDRESS_CHARS || !URL.canParse(href, this.#url))
      return undefined;
    const url = new URL(href, this.#url);
    return /^https?:$/.test(url.protocol) ? hrefOf(url) : undefined;
  }

  /** The first address of a relation. */
  of(rel: string): string | undefined {
    for (const link of this.all) {
      const href = link.rel.split(/\s+/).includes(rel) ? this.absolute(link.href) : undefined;
      if (href !== undefined) return href;
    }
    return undefined;
  }
}

/** The article in other languages and on other devices, each address once. */
export function alternatesOf(links: PageLinks): Alternate[] {
  const found = new Map<string, Alternate>();
  for (const { rel, href, type, hreflang, media } of links.all) {
    if (found.size >= MAX_ALTERNATES) break;
    if (!rel.split(/\s+/).includes('alternate') || (type !== undefined && FEED.test(type))) continue;
    const address = links.absolute(href);
    if (address === undefined) continue;
    const language = hreflang?.trim() ?? '';
    if (language !== '' && language.length <= 35)
      found.set(`${language} ${address}`, { href: address, kind: 'language', language });
    else if (media !== undefined && /handheld|max-(?:device-)?width/i.test(media))
      found.set(address, { href: address, kind: 'mobile' });
  }
  return [...found.values()];
}
