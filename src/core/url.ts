/**
 * Addresses of pages. Three forms, each for one use:
 * - the address as it was found, which is the only one that is ever fetched;
 * - `canonicalUrl`, the name of the article behind it: every spelling, tracking tag, AMP or mobile twin gives the same one.
 *   It is a name and need not answer when fetched (a trailing slash is gone, a twin's main host may be `www.`);
 * - `urlKey`, the same without scheme and `www.`, under which the archive files the article.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Tldts from 'tldts';
import { TearsheetError } from './errors.ts';

interface Parameter {
  readonly name: string;
  readonly values?: readonly string[];
  readonly hosts?: readonly string[];
}
interface UrlRules {
  readonly maxChars: { readonly value: number };
  readonly tracking: readonly Parameter[];
  readonly twins: {
    readonly hostLabels: readonly { readonly label: string }[];
    readonly pathEndings: readonly {
      readonly ending: string;
      readonly main: string;
      readonly hosts?: readonly string[];
    }[];
    readonly parameters: readonly Parameter[];
    readonly caches: readonly { readonly host: string; readonly path: string; readonly scheme: string }[];
  };
}

/** `*` stands for any run of characters; upper and lower case are alike. */
const globPattern = (globs: readonly string[]): RegExp => {
  const spelled = globs.map((glob) => glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'));
  return new RegExp(`^(?:${spelled.join('|')})$`, 'i');
};
const fits = (host: string, globs: readonly string[] | undefined): boolean => !globs || globPattern(globs).test(host);

let loaded: { rules: UrlRules; tracking: RegExp } | undefined;
/** `config/url.json`, read on first use. JSON, because a YAML parser would cost 25 ms of every start. */
function urlRules(): { rules: UrlRules; tracking: RegExp } {
  if (!loaded) {
    const rules = JSON.parse(readFileSync(new URL('../../config/url.json', import.meta.url), 'utf8')) as UrlRules;
    loaded = { rules, tracking: globPattern(rules.tracking.map((parameter) => parameter.name)) };
  }
  return loaded;
}

/** For messages: quoted, on one line, cut. */
const shown = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

/**
 * The address of a page, without user name and password, which must reach neither logs nor the archive.
 * Throws `E_URL_INVALID` for what is no URL, `E_URL_SCHEME` for one that is not http or https.
 */
export function parseUrl(text: string): URL {
  const trimmed = text.trim();
  const { value: maxChars } = urlRules().rules.maxChars;
  if (trimmed === '')
    throw new TearsheetError(
      'E_URL_INVALID',
      'expected a URL, got nothing; give one such as https://example.com/news/1',
    );
  if (trimmed.length > maxChars) {
    throw new TearsheetError(
      'E_URL_INVALID',
      `expected a URL of at most ${maxChars} characters, got ${trimmed.length}; check ${shown(trimmed.slice(0, 60))}`,
    );
  }
  // `localhost:8080/x` would parse as a URL of the scheme "localhost".
  const lacksScheme = !/^[a-z][a-z0-9+.-]*:(?!\d+(?:[/?#]|$))/i.test(trimmed);
  const url = lacksScheme ? null : parsedOrNull(trimmed);
  if (!url) {
    const guess =
      lacksScheme && /^[^\s/?#@]+\.[^\s/?#]|^[\w.-]+:\d+/.test(trimmed) && parsedOrNull(`https://${trimmed}`);
    const advice = guess ? `did you mean ${guess.href}?` : 'give one such as https://example.com/news/1';
    throw new TearsheetError(
      'E_URL_INVALID',
      `expected a URL with http:// or https://, got ${shown(trimmed)}; ${advice}`,
    );
  }
  assertWebPage(url);
  url.username = '';
  url.password = '';
  return url;
}

/** `URL.parse` exists from Node 22.1 on only. */
function parsedOrNull(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function assertWebPage(url: URL): void {
  if (url.protocol === 'http:' || url.protocol === 'https:') {
    if (/^\.*$/.test(url.hostname)) {
      throw new TearsheetError('E_URL_INVALID', `expected a URL with a host, got ${shown(url.href)}; name the host`);
    }
    return;
  }
  const advice =
    url.protocol === 'file:'
      ? 'a saved page is read with --from-file PAGE --url URL'
      : 'give the address of the page itself';
  throw new TearsheetError(
    'E_URL_SCHEME',
    `expected http or https, got ${shown(url.protocol)} in ${shown(url.href)}; ${advice}`,
  );
}

/**
 * RFC 3986 §6.2.2: hex digits of escapes in upper case, escapes of unreserved characters decoded. `^` is always escaped:
 * some platforms do it in paths and some do not, and an article has one name.
 */
const withPlainEscapes = (text: string): string =>
  text.replaceAll('^', '%5E').replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });

/** One slash between segments, none at the end. `https://` inside a path (archives of the web) keeps both of its own. */
const plainPath = (path: string): string =>
  withPlainEscapes(path)
    .replace(/(?<!:)\/{2,}/g, '/')
    .replace(/\/+$/, '');

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** The parameters that name something, in their order (`?page=1&page=2` has one), without tracking and AMP marks. */
function plainQuery(search: string, host: string): string {
  const { rules, tracking } = urlRules();
  const kept = search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const cut = pair.indexOf('=');
      const name = decoded(cut < 0 ? pair : pair.slice(0, cut)).toLowerCase();
      const value = cut < 0 ? '' : decoded(pair.slice(cut + 1)).toLowerCase();
      if (pair === '' || tracking.test(name)) return false;
      return !rules.twins.parameters.some(
        (mark) => mark.name === name && mark.values?.includes(value) && fits(host, mark.hosts),
      );
    });
  return kept.length > 0 ? `?${withPlainEscapes(kept.join('&'))}` : '';
}

/** The path of the main page: AMP endings off, as often as they stand there, but never the whole path. */
function mainPath(path: string, host: string): string {
  for (const { ending, main, hosts } of urlRules().rules.twins.pathEndings) {
    const rest = path.endsWith(ending) ? path.slice(0, -ending.length) : '';
    if (rest.length > 1 && !/[./]$/.test(rest) && fits(host, hosts)) return mainPath(rest + main, host);
  }
  return path;
}

/** The host without mobile and AMP labels: `m.example.com`, `en.m.example.org`. A registered name such as `amp.dev` stays. */
function mainHost(host: string): string {
  const marks = urlRules().rules.twins.hostLabels.map(({ label }) => label);
  const labels = host.split('.');
  if (!labels.slice(0, -2).some((label) => marks.includes(label))) return host;
  const owned = registrableDomain(host).split('.').length;
  const own = labels.splice(-owned);
  return [...labels.filter((label) => !marks.includes(label)), ...own].join('.');
}

/** The page that an AMP cache shows, where the address is one of a known cache. */
function outOfCache(url: URL): URL {
  // In the plain form, so that an address is out of the cache at once and not only when it is read again.
  const path = plainPath(url.pathname);
  for (const cache of urlRules().rules.twins.caches) {
    if (!path.startsWith(cache.path) || !fits(hostOf(url), [cache.host])) continue;
    const inner = parsedOrNull(`${cache.scheme}://${path.slice(cache.path.length)}${url.search}`);
    if (inner?.hostname.includes('.')) return outOfCache(inner);
  }
  return url;
}

const portOf = (url: URL): string => (url.port === '' ? '' : `:${url.port}`);
const hostOf = (url: URL): string => url.hostname.replace(/\.+$/, '');

interface CanonicalParts {
  readonly scheme: string;
  readonly host: string;
  readonly port: string;
  /** From the slash on: path, query, and a `#!` fragment, which names a page of its own. */
  readonly rest: string;
}
function canonicalParts(given: string | URL, foldsTwins: boolean): CanonicalParts {
  const parsed = parseUrl(typeof given === 'string' ? given : given.href);
  const url = foldsTwins ? outOfCache(parsed) : parsed;
  const host = hostOf(url);
  const path = plainPath(url.pathname);
  const query = plainQuery(url.search, host);
  const fragment = url.hash.startsWith('#!') && url.hash.length > 2 ? withPlainEscapes(url.hash) : '';
  return {
    scheme: url.protocol,
    host: foldsTwins ? mainHost(host) : host,
    port: portOf(url),
    rest: `${(foldsTwins ? mainPath(path, host) : path) || '/'}${query}${fragment}`,
  };
}

/**
 * The name of the article at `url`: host in lower case and punycode, without default port, user name, fragment (but `#!`),
 * tracking parameters (`config/url.json`), AMP and mobile marks; dot segments, double and trailing slashes gone, escapes
 * plain; other parameters stay in their order, since order can matter. Scheme and `www.` stay as given.
 * Giving it its own result changes nothing. Throws `E_URL_INVALID`, `E_URL_SCHEME`.
 */
export function canonicalUrl(url: string | URL): string {
  const { scheme, host, port, rest } = canonicalParts(url, true);
  return `${scheme}//${host}${port}${rest}`;
}

/** What of a host no two articles differ in. */
const withoutWww = (host: string): string => (/^www\.[^.]+\./.test(host) ? host.slice(4) : host);

/** Host (with a port that is not the default) and rest of `canonicalUrl`, without scheme and `www.`: equal for all addresses of one article. */
export function urlKeyParts(url: string | URL): { readonly host: string; readonly rest: string } {
  const { host, port, rest } = canonicalParts(url, true);
  return { host: `${withoutWww(host)}${port}`, rest };
}

/** `urlKeyParts` as one string. Throws `E_URL_INVALID`, `E_URL_SCHEME`. */
export function urlKey(url: string | URL): string {
  const { host, rest } = urlKeyParts(url);
  return host + rest;
}

/** The name of the main page where `url` is its AMP or mobile twin; else null. Throws `E_URL_INVALID`, `E_URL_SCHEME`. */
export function twinOf(url: string | URL): string | null {
  const twin = canonicalParts(url, false);
  const main = canonicalParts(url, true);
  const query = typeof url === 'string' ? parseUrl(url) : url;
  const marked = urlRules().rules.twins.parameters.some(
    (mark) =>
      fits(twin.host, mark.hosts) &&
      [...query.searchParams].some(
        ([name, value]) => name.toLowerCase() === mark.name && mark.values?.includes(value.toLowerCase()),
      ),
  );
  return marked || twin.host !== main.host || twin.rest !== main.rest ? canonicalUrl(url) : null;
}

/** True for the address of a site's front page, also of one in a language: `/`, `/en/`, `/pt-br/index.html`. */
export const namesFrontPage = (url: URL): boolean =>
  url.search === '' && /^\/?(?:[a-z]{2}(?:[-_][a-z]{2})?\/?)?(?:index\.\w+)?$/i.test(plainPath(url.pathname));

/**
 * True where the shape of the address is an article's rather than a section's: its last segment holds a digit or is a
 * slug of three words or more, or a parameter holds a digit.
 */
export function namesArticle(url: URL): boolean {
  const last = decoded(plainPath(url.pathname).split('/').at(-1) ?? '').replace(/\.\w{2,5}$/, '');
  return (
    /\d/.test(last) ||
    last.split(/[-_ ]+/).filter(Boolean).length >= 3 ||
    /\d/.test(plainQuery(url.search, url.hostname))
  );
}

let tldts: typeof Tldts | undefined;
/**
 * The part of a host that someone registered: `bbc.co.uk` of `news.bbc.co.uk`. Shared hosting counts as a suffix, so
 * `a.github.io` is a domain of its own. An IP address, and a name without a public suffix, is its own domain.
 */
export function registrableDomain(host: string): string {
  // 13 ms for a table of 10,000 suffixes, hence on first use only.
  tldts ??= createRequire(import.meta.url)('tldts') as typeof Tldts;
  const plain = host.toLowerCase().replace(/\.+$/, '');
  return tldts.getDomain(plain, { allowPrivateDomains: true }) ?? plain;
}

const asHost = (place: string | URL): string =>
  typeof place === 'string' && !place.includes('://') ? place.toLowerCase() : hostOf(new URL(place));

/**
 * True where both places (hosts or URLs; ports do not matter) belong to one publisher: the same registrable domain, or
 * both among the listed hosts or below them. One listed host alone proves nothing: anyone can point at it.
 */
export function isSameSite(a: string | URL, b: string | URL, listedHosts: readonly string[] = []): boolean {
  const [one, other] = [asHost(a), asHost(b)];
  if (one === other || registrableDomain(one) === registrableDomain(other)) return true;
  const isListed = (host: string) =>
    listedHosts.some((listed) => {
      const name = withoutWww(listed.toLowerCase().replace(/^\*\./, ''));
      return host === name || host.endsWith(`.${name}`);
    });
  return isListed(one) && isListed(other);
}
