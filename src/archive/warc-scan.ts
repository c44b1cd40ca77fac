/** A WARC file read through from the disk, record by record, whatever state it is in. */
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';
import { membersOf } from './gzip-member.ts';
import type { Gap } from './gzip-member.ts';
import { parseRecord } from './warc.ts';
import type { WarcRecord } from './warc.ts';

export interface ScannedRecord {
  readonly offset: number;
  readonly length: number;
  /** As a string, why the member holds no record. */
  readonly record: WarcRecord | string;
}
export interface WarcScanOptions {
  /** Where to begin, at the start of a member. */
  readonly start?: number;
  /** Where to stop. */
  readonly end: number;
  readonly seen?: (bytes: Buffer) => void;
}

const BEGINNING = Buffer.from('WARC/');
const isRecord = (content: Buffer): boolean => content.subarray(0, BEGINNING.length).equals(BEGINNING);

/** Nothing where the file is gone. */
export async function* scanWarc(
  disk: Disk,
  path: string,
  { start = 0, end, seen }: WarcScanOptions,
): AsyncGenerator<ScannedRecord | Gap> {
  const handle = await disk.step(path, () => orMissing(disk.fs.open(disk.at(path), 'r'), null));
  if (handle === null) return;
  try {
    for await (const member of membersOf(handle, { start, end, isRecord, ...(seen ? { seen } : {}) })) {
      if ('isGap' in member) yield member;
      else yield { offset: member.offset, length: member.length, record: await parseRecord(member.content) };
    }
  } finally {
    await handle.close();
  }
}
