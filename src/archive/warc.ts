/** WARC 1.1 records, one gzip member each (ISO 28500:2017, annex D). The only file that knows the warcio library. */
import { promisify } from 'node:util';
import { crc32, gzip } from 'node:zlib';
import type * as Warcio from 'warcio';
import { sha256 } from '../core/digest.ts';

export type RecordType = 'warcinfo' | 'response' | 'request' | 'revisit' | 'resource' | 'conversion';

/** A record before it is written. */
export interface RecordDraft {
  readonly type: RecordType;
  /** `urn:uuid:…`, without the angle brackets that the file has around it. */
  readonly id: string;
  readonly date: string;
  readonly targetUri?: string;
  /** What stands after the record's own header. */
  readonly block: readonly Uint8Array[];
  /** SHA-256 of the payload that the record holds or refers to; only a warcinfo has none. */
  readonly payloadDigest?: string;
  /** Whether the block is packed already, so that packing it again only costs time. */
  readonly isPacked?: boolean;
  /** Further headers of the record. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A record read back. */
export interface WarcRecord {
  readonly type: string;
  readonly id: string;
  readonly date: string;
  readonly targetUri: string;
  /** As written: `sha256:` and hex digits; empty where the record has none. */
  readonly payloadDigest: string;
  readonly blockDigest: string;
  readonly block: Buffer;
  /** Any other header of the record, by its name in whatever case; empty where it has none. */
  header(name: string): string;
}

const packed = promisify(gzip);
const HEAD_END = Buffer.from('\r\n\r\n');

let warcio: typeof Warcio | undefined;
/** It costs 35 ms, and only a process that touches captures needs it. */
async function library(): Promise<typeof Warcio> {
  warcio ??= await import('warcio');
  return warcio;
}

export const bracketed = (id: string): string => `<${id}>`;
const unbracketed = (id: string): string => id.replace(/^<|>$/g, '');

/** A value that cannot end its line. */
// eslint-disable-next-line no-control-regex -- control characters are the point
const oneLine = (value: string): string => value.replace(/[\x00-\x1f\x7f]+/g, ' ').trim();

/** The record as it stands in the file once it is unpacked. */
export async function spellRecord(draft: RecordDraft): Promise<Buffer> {
  const { WARCRecord, WARCSerializer } = await library();
  const block = Buffer.concat(draft.block);
  // Digests are given, so that the library computes none: it would take the HTTP header for a part of the payload.
  const headers: Record<string, string> = {
    'WARC-Record-ID': bracketed(draft.id),
    'WARC-Block-Digest': `sha256:${sha256(block)}`,
    ...(draft.payloadDigest === undefined ? {} : { 'WARC-Payload-Digest': `sha256:${draft.payloadDigest}` }),
  };
  for (const [name, value] of Object.entries(draft.headers)) headers[name] = oneLine(value);
  const { type, date, targetUri: url } = draft;
  const record = WARCRecord.create(
    { type, date, warcVersion: 'WARC/1.1', warcHeaders: headers, ...(url === undefined ? {} : { url: oneLine(url) }) },
    [block],
  );
  // For every revisit the library names the profile of identical payloads.
  for (const [name, value] of Object.entries(headers)) record.warcHeaders.headers.set(name, value);
  // The block holds the HTTP header as it was received; the library would merge its lines.
  record.httpHeaders = null;
  return Buffer.from(await WARCSerializer.serialize(record, { gzip: false }));
}

/** Bytes of deflate blocks that are stored as they are hold at most so many (RFC 1951 §3.2.4). */
const MAX_STORED_BYTES = 65_535;
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** The bytes as a gzip member that stores them as they are. */
function stored(bytes: Uint8Array): Buffer {
  const pieces: Uint8Array[] = [GZIP_HEADER];
  for (let at = 0; at < bytes.length || at === 0; at += MAX_STORED_BYTES) {
    const piece = bytes.subarray(at, at + MAX_STORED_BYTES);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + MAX_STORED_BYTES >= bytes.length ? 1 : 0);
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(piece.length ^ 0xffff, 3);
    pieces.push(head, piece);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes));
  trailer.writeUInt32LE(bytes.length % 2 ** 32, 4);
  return Buffer.concat([...pieces, trailer]);
}

/** The spelled record as a gzip member; stored as it is where its block is packed already, which saves a millisecond a page. */
export const packRecord = async (spelled: Uint8Array, isPacked = false): Promise<Buffer> =>
  isPacked ? stored(spelled) : packed(spelled);

/** The record that these bytes are, whole and nothing else; as a string, why they are none. */
export async function parseRecord(bytes: Buffer): Promise<WarcRecord | string> {
  const { AsyncIterReader, WARCParser } = await library();
  const end = bytes.indexOf(HEAD_END);
  if (end < 0 || !bytes.subarray(0, 9).equals(Buffer.from('WARC/1.1\r')))
    return 'it does not begin as a WARC 1.1 record';
  const head = bytes.subarray(0, end + HEAD_END.length);
  const options = { keepHeadersCase: true, parseHttp: false };
  const parsed = await WARCParser.parse(new AsyncIterReader([head], null), options);
  const headers = new Map<string, string>();
  for (const [name, value] of parsed?.warcHeaders.headers ?? []) headers.set(name.toLowerCase(), value);
  const header = (name: string): string => headers.get(name.toLowerCase()) ?? '';
  const length = header('content-length');
  if (!/^\d+$/.test(length)) return 'it names no length';
  const block = bytes.subarray(head.length, head.length + Number(length));
  const rest = bytes.subarray(head.length + block.length);
  if (block.length !== Number(length) || !rest.equals(HEAD_END)) {
    return `its length is not the ${length} bytes that it names`;
  }
  return {
    type: header('warc-type'),
    id: unbracketed(header('warc-record-id')),
    date: header('warc-date'),
    targetUri: header('warc-target-uri'),
    payloadDigest: header('warc-payload-digest'),
    blockDigest: header('warc-block-digest'),
    block,
    header,
  };
}

/** The key that captures of one URL are sorted under: host turned round, then path. */
export async function surtOf(url: string): Promise<string> {
  const { getSurt } = await library();
  return getSurt(url).replace(/\s/g, '%20');
}
