/**
 * Content-Encoding zstd (RFC 8878, RFC 9659). Node decodes only the first frame, and before 24 takes one that stops early
 * for an empty body, so the frames are measured here first.
 */
import zlib from 'node:zlib';
import { promisify } from 'node:util';

/** RFC 9659: a page may ask for a window of 8 MiB, no more. */
const MAX_WINDOW_LOG = 23;
/** Honest servers send one; each costs a round through the thread pool. */
const MAX_FRAMES = 64;
const FRAME_MAGIC = 0xfd2fb528;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

interface ZstdLimits {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
}
type Decompress = (bytes: Uint8Array, options: ZstdLimits & { params: Record<number, number> }) => Promise<Uint8Array>;

// Node has zstd from 22.15 and 23.8 on; the types of Node 20 do not know.
const { zstdDecompress, constants } = zlib as unknown as {
  zstdDecompress?: (
    bytes: Uint8Array,
    options: object,
    done: (error: Error | null, result: Uint8Array) => void,
  ) => void;
  constants: { ZSTD_d_windowLogMax: number };
};
const decompress = zstdDecompress && (promisify(zstdDecompress) as Decompress);

export const hasZstd = decompress !== undefined;

const cut = (): Error => Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' });
const broken = (what: string): Error => Object.assign(new Error(what), { code: 'Z_DATA_ERROR' });

/** Throws an error with `code` Z_BUF_ERROR, Z_DATA_ERROR or ERR_BUFFER_TOO_LARGE, as node:zlib does for the other codings. */
export async function inflateZstd(bytes: Uint8Array, limits: ZstdLimits): Promise<Uint8Array> {
  const frames = framesOf(bytes);
  if (frames.length > MAX_FRAMES) throw broken(`more than ${MAX_FRAMES} frames`);
  const parts: Uint8Array[] = [];
  let room = limits.maxOutputLength;
  for (const frame of frames) {
    const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
    const part = await decompress!(frame, { ...limits, maxOutputLength: Math.max(room, 1), params });
    room -= part.length;
    if (room < 0) throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
    parts.push(part);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** The whole frames of a stream, skippable ones left out (RFC 8878 §3.1). Throws as `inflateZstd` does. */
export function framesOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    if (start + 8 > bytes.length) throw cut();
    const magic = view.getUint32(start, true);
    const isSkippable = magic >>> 4 === 0x184d2a5;
    if (!isSkippable && magic !== FRAME_MAGIC) throw broken('not a zstd frame');
    const end = isSkippable ? start + 8 + view.getUint32(start + 4, true) : frameEnd(view, start);
    if (end > bytes.length) throw cut();
    if (!isSkippable) frames.push(bytes.subarray(start, end));
    start = end;
  }
  return frames;
}

/** Where the frame that begins at `start` ends (RFC 8878 §3.1.1). */
function frameEnd(view: DataView, start: number): number {
  const descriptor = view.getUint8(start + 4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSizeBytes = CONTENT_SIZE_BYTES[(descriptor >>> 6) as 0 | 1 | 2 | 3];
  const sizeBytes = contentSizeBytes === 0 && isSingleSegment ? 1 : contentSizeBytes;
  let at = start + 5 + (isSingleSegment ? 0 : 1) + DICTIONARY_ID_BYTES[(descriptor & 3) as 0 | 1 | 2 | 3] + sizeBytes;
  for (let isLast = false; !isLast;) {
    if (at + 3 > view.byteLength) throw cut();
    const header = view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) !== 0;
    // A block of type 1 is one byte to repeat; its size says how often.
    at += 3 + (((header >>> 1) & 3) === 1 ? 1 : header >>> 3);
  }
  return at + ((descriptor & 4) !== 0 ? 4 : 0);
}
