/**
 * The cookies of one chain of redirects: consent and paywall hops set one and send the browser back. Never kept beyond the
 * chain. Stricter than RFC 6265: a cookie goes back to the very host that set it, whatever its Domain says.
 */

/** RFC 6265 §6.1 asks for 50 a host; sizes are capped so that a chain cannot grow our requests without end. */
const MAX_COOKIES_PER_HOST = 50;
const MAX_COOKIE_CHARS = 4096;
const MAX_HEADER_CHARS = 8192;

interface Cookie {
  readonly value: string;
  readonly isSecure: boolean;
}

export class ChainCookies {
  readonly #byHost = new Map<string, Map<string, Cookie>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes in the values of an answer's Set-Cookie lines (RFC 6265 §5.2). */
  store(url: URL, lines: readonly string[]): void {
    for (const line of lines) this.#storeOne(url, line);
  }

  #storeOne(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name === '' || pair.length > MAX_COOKIE_CHARS) return;
    const given = new Map(attributes.map(attributeOf));
    const jar = this.#byHost.get(url.hostname) ?? new Map<string, Cookie>();
    this.#byHost.set(url.hostname, jar);
    if (this.#isExpired(given)) {
      jar.delete(name);
    } else if (jar.has(name) || jar.size < MAX_COOKIES_PER_HOST) {
      jar.set(name, { value: pair.slice(equals + 1).trim(), isSecure: given.has('secure') });
    }
  }

  /** Max-Age outranks Expires (RFC 6265 §5.3). */
  #isExpired(given: ReadonlyMap<string, string>): boolean {
    const maxAge = given.get('max-age');
    if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
    const expires = Date.parse(given.get('expires') ?? '');
    return !Number.isNaN(expires) && expires <= this.#now();
  }

  /** The Cookie header for a request; empty where there is nothing to send. */
  header(url: URL): string {
    const isSecure = url.protocol === 'https:';
    const pairs: string[] = [];
    let chars = 0;
    for (const [name, cookie] of this.#byHost.get(url.hostname) ?? []) {
      const pair = `${name}=${cookie.value}`;
      chars += pair.length + 2;
      if (chars > MAX_HEADER_CHARS) break;
      if (isSecure || !cookie.isSecure) pairs.push(pair);
    }
    return pairs.join('; ');
  }
}

function attributeOf(text: string): [name: string, value: string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim().toLowerCase(), value.join('=').trim()];
}
