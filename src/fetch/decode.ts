/** Undoing Content-Encoding (RFC 9110 §8.4) without ever holding more than the limit. */
import zlib from 'node:zlib';
import { promisify } from 'node:util';
import { TearsheetError } from '../core/errors.ts';
import { limitError, shownUrl } from './limit.ts';
import { sniff } from './media-type.ts';
import { hasZstd, inflateZstd } from './zstd.ts';

type Inflate = (bytes: Uint8Array, limits: { maxOutputLength: number; chunkSize: number }) => Promise<Uint8Array>;

const gunzip = promisify(zlib.gunzip) as Inflate;
const inflateZlib = promisify(zlib.inflate) as Inflate;
const inflateRaw = promisify(zlib.inflateRaw) as Inflate;

/** RFC 9110 §8.4.1.2 means the zlib format by `deflate`; servers also send the bare stream. The two-byte header tells (RFC 1950 §2.2). */
const inflateEither: Inflate = (bytes, limits) => {
  const [cmf = 0, flg = 0] = bytes;
  const isZlib = (cmf & 0x0f) === 8 && ((cmf << 8) | flg) % 31 === 0;
  return isZlib ? inflateZlib(bytes, limits) : inflateRaw(bytes, limits);
};

const INFLATES: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflateEither],
  ['br', promisify(zlib.brotliDecompress) as Inflate],
  ...(hasZstd ? [['zstd', inflateZstd] as const] : []),
]);

/** What we can undo, as an Accept-Encoding header says it. */
export const ACCEPT_ENCODING = [...INFLATES.keys()].filter((name) => name !== 'x-gzip').join(', ');

/** Honest servers use one; each more is another round of work for us. */
const MAX_CODINGS = 4;
/** Four times zlib's default: half the rounds through the thread pool for a page of 100 KB. */
const CHUNK_BYTES = 65_536;

export interface DecodeLimits {
  /** For messages. */
  readonly url: URL | string;
  readonly maxInflatedBytes: number;
}

/**
 * The body after content-decoding; the very same bytes where nothing was encoded.
 *
 * @param contentEncoding value of the header, empty for none; several codings are undone last first
 * Throws `E_FETCH_TOO_LARGE` as soon as more than `maxInflatedBytes` came out, `E_FETCH_TRUNCATED` where a compressed
 * stream stops early, `E_FETCH_ENCODING` for broken streams and codings that we did not ask for.
 */
export async function decodeContent(
  wireBody: Uint8Array,
  contentEncoding: string,
  { url, maxInflatedBytes }: DecodeLimits,
): Promise<Uint8Array> {
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) {
    const message = `${shownUrl(url)}: expected at most ${MAX_CODINGS} content codings, got ${codings.length}; the page cannot be read`;
    throw new TearsheetError('E_FETCH_ENCODING', message);
  }
  let body = wireBody;
  for (const coding of codings.toReversed()) {
    // A 404 with `Content-Encoding: gzip` and no body at all is common, and no broken stream.
    if (body.length > 0) body = await undo(coding, body, { url, maxInflatedBytes });
  }
  if (body.length > maxInflatedBytes) throw tooLarge({ url, maxInflatedBytes });
  return body;
}

async function undo(coding: string, bytes: Uint8Array, limits: DecodeLimits): Promise<Uint8Array> {
  const inflate = INFLATES.get(coding);
  if (inflate === undefined) {
    // Servers write charsets and "none" here. What reads as text was not encoded, whatever the header says.
    if (sniff(bytes) === 'page') return bytes;
    const message = `${shownUrl(limits.url)}: expected a content coding of ${ACCEPT_ENCODING}, got "${coding.slice(0, 40)}"; the page cannot be read`;
    throw new TearsheetError('E_FETCH_ENCODING', message);
  }
  try {
    return await inflate(bytes, { maxOutputLength: limits.maxInflatedBytes, chunkSize: CHUNK_BYTES });
  } catch (cause) {
    throw inflateError(coding, cause as NodeJS.ErrnoException, limits);
  }
}

function inflateError(coding: string, cause: NodeJS.ErrnoException, limits: DecodeLimits): TearsheetError {
  if (cause.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limits);
  const isCut = cause.code === 'Z_BUF_ERROR' || /unexpected end/i.test(cause.message);
  const got = isCut ? 'one that stops early' : `"${cause.message}"`;
  const message = `${shownUrl(limits.url)}: expected a whole ${coding} stream, got ${got}; try again later`;
  return new TearsheetError(isCut ? 'E_FETCH_TRUNCATED' : 'E_FETCH_ENCODING', message, { cause });
}

function tooLarge({ url, maxInflatedBytes }: DecodeLimits): TearsheetError {
  const expected = `at most ${maxInflatedBytes} bytes after decompression`;
  return limitError('E_FETCH_TOO_LARGE', url, expected, 'more', 'maxInflatedBytes');
}
