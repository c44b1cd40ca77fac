/** From one URL over its redirects to a capture. */
import { decodeText } from '../core/charset.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Capture, FetchRequest, HeaderLines, Hop } from '../core/ports.ts';
import { ChainCookies } from './cookies.ts';
import { decodeContent } from './decode.ts';
import { valuesOf, type Answer, type Order } from './exchange.ts';
import { limitError, shownUrl } from './limit.ts';
import { documentType, isGzip, isPageType, mediaTypeOf, sniff } from './media-type.ts';
import type { HttpOptions } from './options.ts';
import { isConditional, requestHeaders, type Accepts } from './request-headers.ts';

/** Sends one request to wherever its URL leads. */
export type Send = (order: Order) => Promise<{ readonly answer: Answer; readonly hop: Hop }>;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** What an answer of another type is told was expected, and what to do. */
const EXPECTED: Readonly<Record<Accepts, readonly [what: string, advice: string]>> = {
  page: ['HTML or plain text', 'only pages can be archived'],
  document: ['text, XML or JSON', 'check that the address is that of a feed or a sitemap'],
  any: ['an answer', 'the server is at fault'],
};

/**
 * The URL as it will be asked for, without its fragment.
 *
 * Credentials are refused, in redirects too: they would be kept for good with the capture.
 * Throws `E_URL_INVALID`, `E_URL_SCHEME`, and `E_FETCH_PROTOCOL` for a redirect to what is no URL.
 */
function fetchableUrl(text: string, base?: URL): URL {
  const from = base ? ` as a redirect from ${shownUrl(base)}` : '';
  if (!URL.canParse(text, base?.href)) {
    const message = `expected a URL such as https://example.org/page, got "${text.slice(0, 100)}"${from}; check its spelling`;
    // What a person typed is theirs to mend; what a server sent is not.
    throw new TearsheetError(base ? 'E_FETCH_PROTOCOL' : 'E_URL_INVALID', message);
  }
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const message = `${shownUrl(url)}: expected http or https, got ${url.protocol.slice(0, -1)}${from}; only web pages can be archived`;
    throw new TearsheetError('E_URL_SCHEME', message);
  }
  if (url.username !== '' || url.password !== '') {
    const message = `${shownUrl(url)}: expected no credentials, got some${from}; they would be kept with the page, so leave them out`;
    throw new TearsheetError('E_URL_INVALID', message);
  }
  url.hash = '';
  return url;
}

/** Follows one page to its end. Throws as `Send` does, and `E_URL_*`, `E_FETCH_REDIRECTS`, `_TYPE`, `_STATUS`, `_PROTOCOL`, `_ENCODING`. */
export async function followChain(send: Send, request: FetchRequest, options: HttpOptions): Promise<Capture> {
  const { clock, maxRedirects } = options;
  const accepts = request.accepts ?? 'page';
  const startedAt = clock.now();
  const cookies = new ChainCookies(() => clock.now());
  const hops: Hop[] = [];
  const seen = new Set<string>();
  let url = fetchableUrl(request.url);
  for (;;) {
    const cookie = cookies.header(url);
    // A wall sends the reader back to the same page with a new cookie; only the same question twice goes in circles.
    const question = `${url.href} ${cookie}`;
    if (seen.has(question)) throw inCircles(request.url, url);
    seen.add(question);
    const headers = requestHeaders(request, options, cookie, hops.length === 0);
    const admit = admission(url, isConditional(headers), accepts);
    const { answer, hop } = await send({ url, headers, admit }).catch((error: unknown) => {
      throw hops.length > 0 ? redirected(error, request.url) : error;
    });
    hops.push(hop);
    cookies.store(url, valuesOf(answer.headers, 'set-cookie'));
    const isEnd = request.redirects === 'manual' || !REDIRECTS.has(answer.status);
    if (isEnd) return captureOf(request, hops, answer, startedAt, options);
    if (hops.length > maxRedirects) {
      const expected = `at most ${maxRedirects} redirects`;
      throw limitError(
        'E_FETCH_REDIRECTS',
        request.url,
        expected,
        `another to ${locationOf(answer, url)}`,
        'maxRedirects',
      );
    }
    url = fetchableUrl(locationOf(answer, url), url);
    await request.mayFollow?.(url.href);
  }
}

/** The same error, saying how we came to its URL. */
function redirected(error: unknown, asked: string): unknown {
  if (!(error instanceof TearsheetError)) return error;
  return new TearsheetError(error.code, `${error.message} (redirected from ${shownUrl(asked)})`, {
    cause: error.cause,
  });
}

function inCircles(asked: string, url: URL): TearsheetError {
  const message = `${shownUrl(asked)}: expected redirects to end at a page, got ${shownUrl(url)} a second time; open it in a browser to see what it wants`;
  return new TearsheetError('E_FETCH_REDIRECTS', message);
}

/** Header bytes of a Location read as UTF-8 where they are: servers send raw non-ASCII paths, RFC 9110 §10.2.2 or not. */
function locationOf(answer: Answer, url: URL): string {
  const location = valuesOf(answer.headers, 'location')[0]?.trim() ?? '';
  if (location === '') {
    const message = `${shownUrl(url)}: expected a Location with status ${answer.status}, got none; the server is at fault`;
    throw new TearsheetError('E_FETCH_PROTOCOL', message);
  }
  const utf8 = Buffer.from(location, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? location : utf8;
}

/** The check of an answer's head, before its body costs anything. */
const admission =
  (url: URL, conditional: boolean, accepts: Accepts): Order['admit'] =>
  (status, headers) => {
    if (status >= 400 || REDIRECTS.has(status) || (status === 304 && conditional)) return;
    if (status >= 300) {
      const message = `${shownUrl(url)}: expected a page, got status ${status}, which is none; the server is at fault`;
      throw new TearsheetError(status === 304 ? 'E_FETCH_PROTOCOL' : 'E_FETCH_STATUS', message);
    }
    if (status === 206) {
      const message = `${shownUrl(url)}: expected the whole page, got status 206, a part of it that was not asked for; try again later`;
      throw new TearsheetError('E_FETCH_PROTOCOL', message);
    }
    const mediaType = mediaTypeOf(valuesOf(headers, 'content-type').join(','));
    if (admitted(mediaType, accepts) === 'no') throw wrongType(url, mediaType, accepts);
  };

/** Whether an answer of this type is what was asked for; `look` where its bytes must tell. */
function admitted(mediaType: string, accepts: Accepts): 'yes' | 'no' | 'look' {
  if (accepts === 'any') return 'yes';
  if (accepts === 'document') return documentType(mediaType);
  if (mediaType === '') return 'look';
  return isPageType(mediaType) ? 'yes' : 'no';
}

function wrongType(url: URL | string, got: string, accepts: Accepts): TearsheetError {
  const [expected, advice] = EXPECTED[accepts];
  const message = `${shownUrl(url)}: expected ${expected}, got ${got}; ${advice}`;
  return new TearsheetError('E_FETCH_TYPE', message);
}

const NO_BYTES = new Uint8Array(0);
const typed = (contentType: string): string =>
  contentType === '' ? 'without a Content-Type' : `with Content-Type ${contentType}`;

/** Decodes the last answer. */
async function captureOf(
  { url, accepts = 'page' }: FetchRequest,
  hops: readonly Hop[],
  answer: Answer,
  startedAt: number,
  options: HttpOptions,
): Promise<Capture> {
  const { clock, maxInflatedBytes } = options;
  const last = hops.at(-1)!;
  const headers = joinedHeaders(answer.headers);
  const limits = { url: last.url, maxInflatedBytes };
  const body = await decodeContent(answer.wireBody, headers['content-encoding'] ?? '', limits);
  const contentType = mediaTypeOf(headers['content-type']);
  // A gzip file or a picture has no text, and the search for its charset takes long.
  const isPacked = accepts === 'document' && isGzip(body);
  const hasText = accepts !== 'any' && !isPacked;
  const mustLook = !isPacked && answer.status < 300 && admitted(contentType, accepts) === 'look';
  const sniffed = mustLook ? sniff(body) : 'page';
  if (sniffed !== 'page') throw wrongType(last.url, `${sniffed} ${typed(contentType)}`, accepts);
  const { text, charset } = decodeText(hasText ? body : NO_BYTES, { contentType: headers['content-type'] });
  return {
    url,
    finalUrl: last.url,
    hops,
    status: answer.status,
    headers,
    contentType,
    body,
    text,
    charset,
    engine: 'http',
    startedAt: hops[0]!.startedAt,
    timings: { headersMs: answer.headersAt - startedAt, totalMs: clock.now() - startedAt },
    ...(last.tls && { tls: last.tls }),
  };
}

function joinedHeaders(lines: HeaderLines): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}
