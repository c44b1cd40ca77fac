/** What counts as a page by its media type, and a look at the bytes where the server names none. */

/** HTML as it is served (WHATWG MIME Sniffing §4.6, RFC 3236) and saved text. */
const PAGE_TYPES: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml', 'text/plain']);
/** As much of a body as MIME Sniffing §5.2 looks at. */
const SNIFFED_BYTES = 1445;

export const isPageType = (mediaType: string): boolean => PAGE_TYPES.has(mediaType);

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
