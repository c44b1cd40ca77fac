/** A capture as WARC records: what is written, and the reference that a snapshot keeps. */
import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { sha256 } from '../core/digest.ts';
import { inflate } from '../core/inflate.ts';
import type { Capture, Hop } from '../core/ports.ts';
import type { CaptureRef } from '../core/schema.ts';
import { requestBlock, responseHead, valueOf } from './http-block.ts';
import { bracketed } from './warc.ts';
import type { RecordDraft } from './warc.ts';

/** WARC 1.1 §6.7 */
export const PROFILES = {
  identical: 'http://netpreserve.org/warc/1.1/revisit/identical-payload-digest',
  notModified: 'http://netpreserve.org/warc/1.1/revisit/server-not-modified',
} as const;

export interface CaptureRecords {
  readonly ref: CaptureRef;
  readonly records: readonly RecordDraft[];
}

const newId = (): string => `urn:uuid:${randomUUID()}`;
const NOTHING = sha256('');

/** Without user name and password; escapes as a URL has them, which the library leaves to us. */
function safeUri(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** `previous` is the newest capture with a body: a 304, and the same payload again, refer to it instead of repeating it. */
export function recordsOf(capture: Capture, previous: CaptureRef | undefined, maxBytes: number): CaptureRecords {
  const last = capture.hops.at(-1);
  if (capture.engine === 'file' || last === undefined) return fileRecords(capture);
  const { ref, records } = httpRecords(capture, last, previous);
  if (ref.status === 304 || decodesTo(last, capture.body, maxBytes)) return { ref, records };
  return withViews(capture, withBody(capture, ref, records));
}

const VIEWS = {
  screenshot: { scheme: 'urn:view:', type: 'image/png' },
  pdf: { scheme: 'urn:pdf:', type: 'application/pdf' },
} as const;

/** Pictures of the page, each a record of its own beside the document that they show. */
function withViews({ views = [], finalUrl }: Capture, { ref, records }: CaptureRecords): CaptureRecords {
  if (views.length === 0) return { ref, records };
  const drafts = views.map(({ kind, body }): RecordDraft => ({
    type: 'resource',
    id: newId(),
    date: ref.date,
    targetUri: `${VIEWS[kind].scheme}${safeUri(finalUrl)}`,
    block: [body],
    isPacked: true,
    payloadDigest: sha256(body),
    headers: { 'Content-Type': VIEWS[kind].type, 'WARC-Concurrent-To': bracketed(ref.recordId) },
  }));
  const named = views.map(({ kind, body }, n) => ({ kind, recordId: drafts[n]?.id ?? '', sha256: sha256(body) }));
  return { ref: { ...ref, views: named }, records: [...records, ...drafts] };
}

/** A page given as a file has no HTTP around it. */
function fileRecords(capture: Capture): CaptureRecords {
  const { body, contentType, startedAt: date } = capture;
  const digest = sha256(body);
  const id = newId();
  const targetUri = safeUri(capture.finalUrl);
  const headers = { 'Content-Type': contentType || 'application/octet-stream' };
  const record: RecordDraft = { type: 'resource', id, date, targetUri, block: [body], payloadDigest: digest, headers };
  return { ref: refOf(capture, { id, targetUri, date, payload: digest, decoded: digest }), records: [record] };
}

interface RefFacts {
  readonly id: string;
  readonly targetUri: string;
  readonly date: string;
  readonly payload: string;
  readonly decoded: string;
}
function refOf(capture: Capture, { id, targetUri, date, payload, decoded }: RefFacts): CaptureRef {
  const { status, engine, contentType, tls, charset } = capture;
  return {
    recordId: id,
    targetUri,
    date,
    payloadDigest: payload,
    decodedSha256: decoded,
    status,
    engine,
    ...(contentType === '' ? {} : { contentType }),
    ...(tls ? { tls } : {}),
    charset,
  };
}

function httpRecords(capture: Capture, last: Hop, previous: CaptureRef | undefined): CaptureRecords {
  const records = capture.hops.slice(0, -1).flatMap((hop) => exchangeRecords(hop, responseRecord(hop)));
  const payload = sha256(last.wireBody);
  const isNotModified = last.status === 304 && previous !== undefined;
  const isIdentical = !isNotModified && last.wireBody.length > 0 && payload === previous?.payloadDigest;
  const answer =
    previous !== undefined && (isNotModified || isIdentical)
      ? revisitRecord(last, previous, isNotModified ? PROFILES.notModified : PROFILES.identical)
      : responseRecord(last);
  records.push(...exchangeRecords(last, answer));
  const place = { id: answer.id, targetUri: safeUri(last.url), date: last.startedAt };
  const decoded = sha256(capture.body);
  if (!isNotModified) return { ref: refOf(capture, { ...place, payload, decoded }), records };
  // A 304 has no body to tell type and charset by: those of the body it stands for hold.
  const { contentType, charset, payloadDigest, decodedSha256 } = previous;
  const ref = refOf(capture, { ...place, payload: payloadDigest, decoded: decodedSha256 });
  return { ref: { ...ref, ...(contentType ? { contentType } : {}), ...(charset ? { charset } : {}) }, records };
}

/** The answer, then the request that it answers. */
function exchangeRecords(hop: Hop, answer: RecordDraft): RecordDraft[] {
  const request: RecordDraft = {
    type: 'request',
    id: newId(),
    date: hop.startedAt,
    targetUri: safeUri(hop.url),
    block: [requestBlock(hop)],
    payloadDigest: NOTHING,
    headers: { ...addressOf(hop), 'WARC-Concurrent-To': bracketed(answer.id) },
  };
  return [answer, request];
}

const addressOf = (hop: Hop): Record<string, string> =>
  hop.remoteAddress === undefined ? {} : { 'WARC-IP-Address': hop.remoteAddress };

const responseRecord = (hop: Hop): RecordDraft => ({
  isPacked: hop.wireBody.length > 0 && valueOf(hop.headers, 'content-encoding') !== '',
  type: 'response',
  id: newId(),
  date: hop.startedAt,
  targetUri: safeUri(hop.url),
  block: [responseHead(hop), hop.wireBody],
  payloadDigest: sha256(hop.wireBody),
  headers: addressOf(hop),
});

const revisitRecord = (hop: Hop, previous: CaptureRef, profile: string): RecordDraft => ({
  type: 'revisit',
  id: newId(),
  date: hop.startedAt,
  targetUri: safeUri(hop.url),
  block: [responseHead(hop)],
  payloadDigest: previous.payloadDigest,
  headers: {
    ...addressOf(hop),
    'WARC-Profile': profile,
    'WARC-Refers-To': bracketed(previous.recordId),
    'WARC-Refers-To-Target-URI': previous.targetUri,
    'WARC-Refers-To-Date': previous.date,
  },
});

/** A gzip stream ends with checksum and length of what is in it (RFC 1952 §2.3.1). */
function endsWithChecksumOf(body: Uint8Array, stream: Uint8Array): boolean {
  if (stream.length < 18) return false;
  const trailer = new DataView(stream.buffer, stream.byteOffset + stream.length - 8, 8);
  return trailer.getUint32(4, true) === body.length % 2 ** 32 && trailer.getUint32(0, true) === crc32(body);
}

function decodesTo(hop: Hop, body: Uint8Array, maxBytes: number): boolean {
  // Ten times as fast as to inflate it once more.
  const coding = valueOf(hop.headers, 'content-encoding').trim().toLowerCase();
  if (coding === 'gzip' && body.length <= maxBytes && endsWithChecksumOf(body, hop.wireBody)) return true;
  try {
    return Buffer.compare(inflate(hop.wireBody, valueOf(hop.headers, 'content-encoding'), maxBytes), body) === 0;
  } catch {
    return false;
  }
}

/**
 * What was read is not what the wire's bytes decode to: a browser's DOM, or the work of a decoder that knows more than
 * ours. Then the bytes that were read get a record of their own, and the reference names that one.
 */
function withBody(
  capture: Capture,
  { recordId, targetUri, date }: CaptureRef,
  answers: readonly RecordDraft[],
): CaptureRecords {
  const { body, contentType, engine } = capture;
  const digest = sha256(body);
  const id = newId();
  const isDom = engine === 'browser';
  const uri = isDom ? `urn:dom:${targetUri}` : targetUri;
  const record: RecordDraft = {
    type: isDom ? 'resource' : 'conversion',
    id,
    date,
    targetUri: uri,
    block: [body],
    payloadDigest: digest,
    headers: {
      'Content-Type': contentType || 'application/octet-stream',
      ...(isDom ? { 'WARC-Concurrent-To': bracketed(recordId) } : { 'WARC-Refers-To': bracketed(recordId) }),
    },
  };
  const ref = refOf(capture, { id, targetUri: uri, date, payload: digest, decoded: digest });
  return { ref, records: [...answers, record] };
}
