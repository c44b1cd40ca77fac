/** Addresses that a page names, as a reader may follow them. */
import { hrefOf } from '../core/spelling.ts';

const FOLLOWED = /^(?:https?|mailto|tel):$/;
/**
 * Addresses that the URL standard spells as they stand: a host in small letters that is no number and not in Punycode, a path
 * without dots to resolve, and nothing that has to be escaped. Nine in ten are such, and parsing one costs a microsecond.
 */
const PLAIN_ORIGIN = /^https?:\/\/(?!xn--|[^/]*\.xn--)[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}(?=\/)/;
const PLAIN_PATH = /^(?:\/[\w~-][\w~.,;:=@&+-]*)*\/?(?:\?[\w~.,;:=@&+%/-]+)?(?:#[\w~.,;:=@&+%/-]+)?$/;

/** Reads addresses against the page's own. */
export class Hrefs {
  readonly #base: string;
  /** Against what is no address itself none can be read, not even a whole one. */
  readonly #isBase: boolean;
  /** Of the page: scheme, host and what else stands before the path; undefined where it has none. */
  readonly #origin: string | undefined;

  constructor(base: string) {
    this.#base = base;
    this.#isBase = URL.canParse(base);
    this.#origin = originOf(base);
  }

  /** The whole address; undefined for what is none, and for one of a script or of data. */
  of(spelled: string): string | undefined {
    const href = spelled.trim();
    if (href.startsWith('/')) {
      if (this.#origin !== undefined && PLAIN_PATH.test(href)) return this.#origin + href;
    } else if (this.#isBase) {
      const origin = PLAIN_ORIGIN.exec(href)?.[0];
      if (origin !== undefined && PLAIN_PATH.test(href.slice(origin.length))) return href;
    }
    return this.#parsed(href);
  }

  #parsed(href: string): string | undefined {
    try {
      const url = new URL(href, this.#base);
      return FOLLOWED.test(url.protocol) ? hrefOf(url) : undefined;
    } catch {
      return undefined;
    }
  }
}

function originOf(base: string): string | undefined {
  try {
    const { protocol, href } = new URL('/', base);
    return /^https?:$/.test(protocol) ? href.slice(0, -1) : undefined;
  } catch {
    return undefined;
  }
}
