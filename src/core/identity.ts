/** Which article a page is, and where the archive files it. */
import { sha256 } from './digest.ts';
import { TearsheetError } from './errors.ts';
import { canonicalUrl, isSameSite, namesArticle, namesFrontPage, parseUrl, urlKeyParts } from './url.ts';

/** What of a source file decides whose article a page is. */
export interface ArticleSource {
  readonly name: string;
  /** The publisher's front page. */
  readonly home?: string;
  /** Further hosts of the same publisher; each stands for its subdomains too. */
  readonly hosts?: readonly string[];
  /** Regular expression over the canonical URL; its group `id`, else its first group, else its whole match is the publisher's article id. */
  readonly articleId?: string;
}
export interface Identity {
  /** `<space>:<id>`, the same for every address the article ever had. */
  readonly key: string;
  readonly space: string;
  /** The article's name as a URL: the page's own claim where it counts, else the final URL, both canonical. */
  readonly url: string;
  /** What its key would be without the publisher's id: that of a page kept before its source had a pattern for ids. */
  readonly formerKey?: string;
}

const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
/** No file system in use takes more than 255 bytes; what is left over is room for suffixes. */
const MAX_NAME_CHARS = 120;

/**
 * A folder name for any text: lower case, digits, `.`, `_` and `-` only, at most 120 characters, safe on every file system.
 * Two texts never share one (a name that had to be altered ends in eight digits of its digest); a safe name stays as it is.
 */
export function safeName(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[.-]+|\.+$/g, '');
  if (plain === text && plain !== '' && plain.length <= MAX_NAME_CHARS && !RESERVED.test(plain)) return plain;
  const stem = RESERVED.test(plain) || plain === '' ? `x${plain}` : plain;
  return `${stem.slice(0, MAX_NAME_CHARS - 9)}-${sha256(text).slice(0, 8)}`;
}

/** A host with its port, spelled without colons, so that the first colon of a key ends its space. */
const hostSpace = (host: string): string => {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const spelled = name.replace(/^\[|\]$/g, '').replaceAll(':', '-');
  return safeName(port === undefined ? spelled : `${spelled}_${port}`);
};

/** The claim as a URL where it counts: same publisher, and the address of an article where the page's own is one. */
function acceptedClaim(claim: string | undefined, page: URL, listed: readonly string[]): URL | null {
  if (claim === undefined || claim.trim() === '') return null;
  let claimed: URL;
  try {
    claimed = parseUrl(new URL(claim, page).href);
  } catch {
    return null;
  }
  if (!isSameSite(claimed, page, listed)) return null;
  // Known faults of publishers: every page claims to be the front page, its section, or the script that serves them all.
  if (namesFrontPage(claimed) && !namesFrontPage(page)) return null;
  if (namesArticle(page) && !namesArticle(claimed)) return null;
  return claimed;
}

function publishersId(pattern: string, urls: readonly string[], source: string): string | null {
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern, 'u');
  } catch (cause) {
    const got = JSON.stringify(pattern);
    const message = `expected a regular expression as articleId of source ${source}, got ${got}; correct the source's file`;
    throw new TearsheetError('E_CONFIG_INVALID', message, { cause });
  }
  for (const url of urls) {
    const match = compiled.exec(url);
    const id = match?.groups?.['id'] ?? match?.[1] ?? match?.[0];
    if (id) return id;
  }
  return null;
}

/**
 * The article at `finalUrl` (after redirects). `canonicalClaim` is the page's own word (rel=canonical, og:url, JSON-LD): it
 * counts within the same registrable domain or the source's own hosts only, else any site could write into another's history.
 * Throws `E_URL_INVALID`, `E_URL_SCHEME`; `E_CONFIG_INVALID` for a broken pattern.
 */
export function identify(page: {
  readonly finalUrl: string;
  readonly canonicalClaim?: string | undefined;
  readonly source?: ArticleSource | undefined;
}): Identity {
  const final = parseUrl(page.finalUrl);
  const { source } = page;
  const listed = source ? [...(source.home ? [parseUrl(source.home).hostname] : []), ...(source.hosts ?? [])] : [];
  const named = acceptedClaim(page.canonicalClaim, final, listed) ?? final;
  const url = canonicalUrl(named);
  const { host, rest } = urlKeyParts(named);
  const ofHost = hostSpace(host);
  const formerKey = `${ofHost}:${rest}`;
  const main = canonicalUrl(final);
  // The page in an AMP cache is the publisher's, too.
  const isOfSource =
    listed.length === 0 || [final, new URL(main)].some((at) => listed.some((one) => isSameSite(at, one, listed)));
  const id = source?.articleId && isOfSource ? publishersId(source.articleId, [url, main], source.name) : null;
  if (source === undefined || id === null) return { key: formerKey, space: ofHost, url };
  const space = safeName(source.name);
  return { key: `${space}:${id}`, space, url, formerKey };
}

/** Where an article lies: `articles/<space>/<kk>/<name>`. Depends on the key alone, so any two processes meet in one folder. */
export function folderOf(key: string): { readonly space: string; readonly kk: string; readonly name: string } {
  const colon = key.indexOf(':');
  const name = sha256(key).slice(0, 20);
  return { space: safeName(colon < 0 ? key : key.slice(0, colon)), kk: name.slice(0, 2), name };
}
