/** The index beside a WARC file: one line a record that can be looked up, sorted by URL and time; made from the WARC alone. */
import { z } from 'zod';
import { spellLine } from '../core/digest.ts';
import { parseResponse, valueOf } from './http-block.ts';
import { surtOf } from './warc.ts';
import type { WarcRecord } from './warc.ts';

/** Numbers are strings, as other readers of CDXJ expect them. */
export const CdxjFields = z.strictObject({
  digest: z.string(),
  filename: z.string(),
  length: z.string(),
  mime: z.string(),
  offset: z.string(),
  recordId: z.string(),
  status: z.string().exactOptional(),
  type: z.string(),
  url: z.string(),
});
export type CdxjFields = z.infer<typeof CdxjFields>;

const INDEXED: ReadonlySet<string> = new Set(['response', 'revisit', 'resource', 'conversion']);

export interface RecordPlace {
  readonly offset: number;
  readonly length: number;
  /** Name of the sealed WARC file. */
  readonly filename: string;
}

/** The line for a record, without LF; null for one that nobody looks up. */
export async function cdxjLine(record: WarcRecord, place: RecordPlace): Promise<string | null> {
  if (!INDEXED.has(record.type)) return null;
  const isHttp = record.type === 'response' || record.type === 'revisit';
  const answer = isHttp ? parseResponse(record.block) : null;
  const type = answer === null ? record.header('content-type') : valueOf(answer.headers, 'content-type');
  const fields: CdxjFields = {
    digest: record.payloadDigest,
    filename: place.filename,
    length: String(place.length),
    mime: record.type === 'revisit' ? 'warc/revisit' : (type.split(';', 1)[0]?.trim() ?? ''),
    offset: String(place.offset),
    recordId: record.id,
    ...(answer === null ? {} : { status: String(answer.status) }),
    type: record.type,
    url: record.targetUri,
  };
  const timestamp = record.date.replace(/\D/g, '').slice(0, 14);
  return `${await surtOf(record.targetUri)} ${timestamp} ${spellLine(fields)}`;
}

/** The whole index, its lines in the order of their bytes. */
export function spellCdxj(lines: readonly string[]): string {
  const sorted = lines.map((line) => Buffer.from(line)).toSorted(Buffer.compare);
  return sorted.map((line) => `${line.toString()}\n`).join('');
}

/** What a line says; null for one that is none of ours. */
export function readCdxjLine(line: string): CdxjFields | null {
  const json = line.slice(line.indexOf(' {') + 1);
  try {
    return CdxjFields.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
