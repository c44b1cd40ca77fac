/** What counts as a page or a document by its media type, and a look at the bytes where that says too little. */

/** HTML as it is served (WHATWG MIME Sniffing §4.6, RFC 3236) and saved text. */
const PAGE_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml', 'text/plain']);
/** Types that say nothing, which servers give to feeds, sitemaps and robots.txt all the same, and those of gzip files. */
const OPEN_TYPES: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-download',
  'application/force-download',
  'application/gzip',
  'application/x-gzip',
  'application/x-gunzip',
]);
/** Text of any kind, XML and JSON with their suffixes (RFC 6839), and the sloppy names of feeds. */
const TEXT_TYPE = /^text\/|^application\/(?:x-)?(?:xml|json|rss|atom|rdf)$|\+(?:xml|json)$/;
/** As much of a body as MIME Sniffing §5.2 looks at. */
const SNIFFED_BYTES = 1445;

export const isPageType = (mediaType: string): boolean => PAGE_TYPES.has(mediaType);

/** A feed, a sitemap, a robots.txt or the like by its type: `yes`, `no`, or `look`, where its bytes must tell. */
export function documentType(mediaType: string): 'yes' | 'no' | 'look' {
  if (OPEN_TYPES.has(mediaType)) return 'look';
  return TEXT_TYPE.test(mediaType) ? 'yes' : 'no';
}

/** RFC 1952 §2.3.1. */
export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

/**
 * Media type of a Content-Type value without its parameters, lower case; of several values (a header sent twice) the last
 * that is one, as Fetch §2.2.2 has it. Empty where there is none.
 */
export function mediaTypeOf(contentType: string | undefined): string {
  const candidates = (contentType ?? '').split(',').map((value) => (value.split(';')[0] ?? '').trim().toLowerCase());
  return candidates.findLast((value) => /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+$/.test(value)) ?? '';
}

/** A control character that text does not hold (WHATWG MIME Sniffing §3, "binary data byte"). */
const isBinaryByte = (byte: number): boolean =>
  byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);

/** What bytes of no stated type are: `page` for markup and text (and for nothing at all), else a name to refuse them by. */
export function sniff(body: Uint8Array): 'page' | 'PDF' | 'binary data' {
  const head = body.subarray(0, SNIFFED_BYTES);
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  // UTF-16 is full of zero bytes, and text all the same.
  if (start.startsWith('\xfe\xff') || start.startsWith('\xff\xfe')) return 'page';
  if (start.startsWith('%PDF-')) return 'PDF';
  return head.some(isBinaryByte) ? 'binary data' : 'page';
}
