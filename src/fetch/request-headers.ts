/** What we say of ourselves and of what we want, with every request. */
import type { FetchRequest, HeaderLines } from '../core/ports.ts';
import { ACCEPT_ENCODING } from './decode.ts';
import type { HttpOptions } from './options.ts';

export type Accepts = NonNullable<FetchRequest['accepts']>;

const ACCEPT: Readonly<Record<Accepts, string>> = {
  page: 'text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1',
  document:
    'application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1',
  any: '*/*',
};
/** What a header may hold (RFC 9110 §5.5); validators come back from files that others can touch. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;
/** A token in lower case (RFC 9110 §5.6.2). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** Lines that are ours alone, and lines that would frame the request anew. */
const NEVER_GIVEN: ReadonlySet<string> = new Set([
  'user-agent',
  'accept-encoding',
  'host',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'content-length',
  'transfer-encoding',
]);

/**
 * The lines of one hop, besides Host and Connection.
 *
 * @param cookie what the chain has been given for this host; empty for nothing
 * @param isFirst true of the hop to the address that was asked for
 */
export function requestHeaders(
  { fresh, validators, accepts = 'page', headers = [] }: FetchRequest,
  { userAgent, acceptLanguage }: HttpOptions,
  cookie: string,
  isFirst: boolean,
): HeaderLines {
  const lines = new Map<string, string>([
    ['user-agent', userAgent],
    ['accept', ACCEPT[accepts]],
    ['accept-encoding', ACCEPT_ENCODING],
  ]);
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && HEADER_VALUE.test(value)) lines.set(name, value);
  };
  add('accept-language', acceptLanguage);
  if (fresh) {
    lines.set('cache-control', 'no-cache');
    lines.set('pragma', 'no-cache');
  }
  add('if-none-match', validators?.etag);
  // A date alone also fits a login page that a redirect leads to and that has long been the same; an ETag does not.
  if (isFirst || validators?.etag !== undefined) add('if-modified-since', validators?.lastModified);
  add('cookie', cookie);
  if (!isFirst) return [...lines];
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (HEADER_NAME.test(name) && !NEVER_GIVEN.has(name)) add(name, value);
  }
  return [...lines];
}

export const isConditional = (headers: HeaderLines): boolean => headers.some(([name]) => name.startsWith('if-'));
