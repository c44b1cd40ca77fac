/** Gzip members one by one (RFC 1952), with their offsets: Node's own streams run them into one. */
import { crc32, inflateRawSync } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import { errnoOf } from './disk.ts';

export interface Member {
  readonly offset: number;
  /** Bytes in the file, header and trailer included. */
  readonly length: number;
  readonly content: Buffer;
}
/** A stretch of a file that holds no whole member. */
export interface Gap {
  readonly offset: number;
  readonly length: number;
  readonly isGap: true;
}

const MAGIC = Buffer.from([0x1f, 0x8b, 8]);
const TRAILER_BYTES = 8;
/** Nothing we keep comes near; what inflates to more was made to hurt. */
const MAX_CONTENT_BYTES = 1_073_741_824;

/** `more`: the bytes end before the member does; `bad`: no member begins here. */
type Outcome = { readonly length: number; readonly content: Buffer } | 'more' | 'bad';

/** Length of a member's header, with the optional fields that other programs write. */
function headerLength(bytes: Buffer): number | 'more' | 'bad' {
  if (bytes.length < 10) return MAGIC.subarray(0, bytes.length).equals(bytes.subarray(0, 3)) ? 'more' : 'bad';
  const flags = bytes[3] ?? 0;
  if (!bytes.subarray(0, 3).equals(MAGIC) || (flags & 0xe0) !== 0) return 'bad';
  let at = 10;
  if (flags & 4) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : bytes.length);
  for (const bit of [8, 16]) {
    if (!(flags & bit) || at > bytes.length) continue;
    const end = bytes.indexOf(0, at);
    at = end < 0 ? bytes.length + 1 : end + 1;
  }
  if (flags & 2) at += 2;
  return at <= bytes.length ? at : 'more';
}

/** The member that begins with these bytes; what follows it is left alone. Its checksum and length are checked. */
export function firstMember(bytes: Buffer, maxContentBytes = MAX_CONTENT_BYTES): Outcome {
  const header = headerLength(bytes);
  if (typeof header === 'string') return header;
  let inflated: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    const options = { info: true, maxOutputLength: maxContentBytes, chunkSize: 65_536 } as const;
    inflated = inflateRawSync(bytes.subarray(header), options) as unknown as typeof inflated;
  } catch (thrown) {
    return errnoOf(thrown) === 'Z_BUF_ERROR' ? 'more' : 'bad';
  }
  const { buffer: content, engine } = inflated;
  const end = header + engine.bytesWritten;
  if (end + TRAILER_BYTES > bytes.length) return 'more';
  const isWhole =
    bytes.readUInt32LE(end) === crc32(content) && bytes.readUInt32LE(end + 4) === content.length % 2 ** 32;
  return isWhole ? { length: end + TRAILER_BYTES, content } : 'bad';
}

const WINDOW_BYTES = 1_048_576;
/** A damaged stream may seem to go on to the end of the file; we look no further than this. */
const MAX_MEMBER_BYTES = 536_870_912;

/** A file read forward through a window that grows to the largest member and no further. */
class Window {
  readonly #handle: FileHandle;
  readonly #end: number;
  readonly #seen: (bytes: Buffer) => void;
  #offset: number;
  #bytes = Buffer.alloc(0);

  constructor(handle: FileHandle, start: number, end: number, seen: (bytes: Buffer) => void) {
    this.#handle = handle;
    this.#offset = start;
    this.#end = end;
    this.#seen = seen;
  }

  get offset(): number {
    return this.#offset;
  }
  get bytes(): Buffer {
    return this.#bytes;
  }

  skip(length: number): void {
    this.#offset += length;
    this.#bytes = this.#bytes.subarray(length);
  }

  /** Reads on, doubling what is in the window; false at the end. */
  async more(): Promise<boolean> {
    const from = this.#offset + this.#bytes.length;
    const wanted = Math.min(Math.max(WINDOW_BYTES, this.#bytes.length), this.#end - from);
    if (wanted <= 0 || this.#bytes.length >= MAX_MEMBER_BYTES) return false;
    const buffer = Buffer.alloc(wanted);
    const { bytesRead } = await this.#handle.read(buffer, 0, wanted, from);
    if (bytesRead === 0) return false;
    const piece = buffer.subarray(0, bytesRead);
    this.#seen(piece);
    this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece]);
    return true;
  }
}

export interface ScanOptions {
  readonly start: number;
  /** Where to stop, such as the size that the file had at a certain time. */
  readonly end: number;
  /** Is given every byte once, in order. */
  readonly seen?: (bytes: Buffer) => void;
  /** Whether a member holds what this file should hold; only such a one ends a gap. */
  readonly isRecord: (content: Buffer) => boolean;
}

/** Members in order; where none begins, the gap up to the next one, or to the end. */
export async function* membersOf(handle: FileHandle, options: ScanOptions): AsyncGenerator<Member | Gap> {
  const window = new Window(handle, options.start, options.end, options.seen ?? (() => undefined));
  let gapFrom: number | undefined;
  const gap = (to: number): Gap[] =>
    gapFrom === undefined ? [] : [{ offset: gapFrom, length: to - gapFrom, isGap: true }];
  while (window.bytes.length > 0 || (await window.more())) {
    let found = firstMember(window.bytes);
    while (found === 'more' && (await window.more())) found = firstMember(window.bytes);
    if (typeof found !== 'string' && (gapFrom === undefined || options.isRecord(found.content))) {
      yield* gap(window.offset);
      gapFrom = undefined;
      yield { offset: window.offset, ...found };
      window.skip(found.length);
      continue;
    }
    gapFrom ??= window.offset;
    const next = window.bytes.indexOf(MAGIC, 1);
    // The last two bytes may be the beginning of a member that the window does not show yet.
    window.skip(next > 0 ? next : Math.max(1, window.bytes.length - (MAGIC.length - 1)));
  }
  yield* gap(window.offset);
}

/** The one member at `offset` of `length` bytes; null where there is none of exactly that length. */
export async function memberAt(handle: FileHandle, offset: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  const found = firstMember(buffer.subarray(0, bytesRead));
  return typeof found !== 'string' && found.length === length ? found.content : null;
}
