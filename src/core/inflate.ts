/** Content codings undone on the spot, for bytes that were judged when they were fetched and only have to give the same again. */
import zlib from 'node:zlib';
import { TearsheetError } from './errors.ts';

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;
/** Node has it from 22.15 on. */
const inflateZstd = (zlib as unknown as { zstdDecompressSync?: Inflate }).zstdDecompressSync;

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2) or, from many servers, the bare stream; the two-byte header tells. */
const inflateEither: Inflate = (bytes, options) => {
  const [cmf = 0, flg = 0] = bytes;
  const isZlib = (cmf & 0x0f) === 8 && ((cmf << 8) | flg) % 31 === 0;
  return isZlib ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options);
};

const INFLATES: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', (bytes, options) => zlib.gunzipSync(bytes, options)],
  ['x-gzip', (bytes, options) => zlib.gunzipSync(bytes, options)],
  ['deflate', inflateEither],
  ['br', (bytes, options) => zlib.brotliDecompressSync(bytes, options)],
]);

function undo(coding: string, bytes: Uint8Array, maxBytes: number): Uint8Array {
  const decode = coding === 'zstd' ? inflateZstd : INFLATES.get(coding);
  if (decode === undefined) {
    // What is no coding at all ("utf-8", "none") encoded nothing.
    if (coding !== 'zstd') return bytes;
    throw new TearsheetError('E_FETCH_ENCODING', 'expected a Node that undoes zstd (22.15 or newer), got an older one');
  }
  try {
    return decode(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isTooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const message = isTooLarge
      ? `expected at most ${maxBytes} bytes after decompression, got more`
      : `expected a whole ${coding} stream, got "${(cause as Error).message}"`;
    throw new TearsheetError(isTooLarge ? 'E_FETCH_TOO_LARGE' : 'E_FETCH_ENCODING', message, { cause });
  }
}

/**
 * The body after content-decoding; the very same bytes where nothing was encoded. Several codings are undone last first
 * (RFC 9110 §8.4); names that are no coding are passed over.
 *
 * @param contentEncoding value of the header, empty for none
 * Throws `E_FETCH_TOO_LARGE` over `maxBytes`, `E_FETCH_ENCODING` for a broken stream or a coding this Node cannot undo.
 */
export function inflate(wireBody: Uint8Array, contentEncoding: string, maxBytes: number): Uint8Array {
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let body = wireBody;
  for (const coding of codings.toReversed()) {
    if (body.length > 0) body = undo(coding, body, maxBytes);
  }
  return body;
}
