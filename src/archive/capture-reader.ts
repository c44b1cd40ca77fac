/** A stored capture read back and proven: what its record holds is what its digests say. */
import { sha256 } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import { inflate } from '../core/inflate.ts';
import type { HeaderLines, StoredCapture } from '../core/ports.ts';
import type { CaptureRef } from '../core/schema.ts';
import type { CaptureIndex, Place } from './capture-index.ts';
import { PROFILES } from './capture-records.ts';
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';
import { memberAt } from './gzip-member.ts';
import { parseResponse, valueOf } from './http-block.ts';
import { dayOf, OPEN_WARC, WARC } from './layout.ts';
import { damaged } from './spelled.ts';
import { parseRecord } from './warc.ts';
import type { WarcRecord } from './warc.ts';

/** What a record says and holds, revisits followed. */
interface Found {
  readonly path: string;
  /** Null where the record holds no HTTP answer. */
  readonly status: number | null;
  readonly headers: HeaderLines;
  readonly wireBody: Buffer;
}

/** Throws `E_ARCHIVE_MISSING` where no record has the id, `E_ARCHIVE_DAMAGED` where a digest does not match. */
export async function readCapture(
  disk: Disk,
  index: CaptureIndex,
  ref: CaptureRef,
  maxBodyBytes: number,
): Promise<StoredCapture> {
  const found = await new Follower(disk, index).find(ref.recordId, ref.date);
  const { headers, wireBody, path } = found;
  const payload = sha256(wireBody);
  const what = `record ${ref.recordId}`;
  if (payload !== ref.payloadDigest) throw damaged(disk.at(path), `${what} with payload ${ref.payloadDigest}`, payload);
  let body: Uint8Array;
  try {
    body = inflate(wireBody, valueOf(headers, 'content-encoding'), maxBodyBytes);
  } catch (thrown) {
    throw damaged(disk.at(path), `${what} with a body that can be decoded`, (thrown as Error).message);
  }
  const decoded = sha256(body);
  if (decoded !== ref.decodedSha256) throw damaged(disk.at(path), `${what} with body ${ref.decodedSha256}`, decoded);
  return { ref, url: ref.targetUri, status: found.status ?? ref.status, headers, wireBody, body };
}

class Follower {
  readonly #disk: Disk;
  readonly #index: CaptureIndex;
  readonly #seen = new Set<string>();

  constructor(disk: Disk, index: CaptureIndex) {
    this.#disk = disk;
    this.#index = index;
  }

  async find(recordId: string, date: string): Promise<Found> {
    const place = await this.#index.locate(recordId, dayOf(date));
    if (place === null || this.#seen.has(recordId)) {
      const message = `${this.#disk.at(`captures/${dayOf(date)}`)}: expected record ${recordId}, got none; run tearsheet verify to see all that is missing`;
      throw new TearsheetError('E_ARCHIVE_MISSING', message);
    }
    this.#seen.add(recordId);
    const record = await this.#record(place, recordId);
    return record.type === 'revisit' ? this.#follow(record, place.path) : this.#own(record, place.path);
  }

  async #record(place: Place, recordId: string): Promise<WarcRecord> {
    const path = this.#disk.at(place.path);
    const content = await this.#member(place);
    if (content === null) throw damaged(path, `a record of ${place.length} bytes at ${place.offset}`, 'none');
    const record = await parseRecord(content);
    if (typeof record === 'string') throw damaged(path, `a record at ${place.offset}`, `one, but ${record}`);
    if (record.id !== recordId) throw damaged(path, `record ${recordId} at ${place.offset}`, record.id);
    const block = `sha256:${sha256(record.block)}`;
    if (record.blockDigest !== block) throw damaged(path, `record ${recordId} with block ${record.blockDigest}`, block);
    return record;
  }

  /** A file that is being sealed gets its final name between two of our steps. */
  async #member({ path, offset, length }: Place): Promise<Buffer | null> {
    const names = [path, path.endsWith(OPEN_WARC) ? path.slice(0, -OPEN_WARC.length) + WARC : path + '.open'];
    for (const name of names) {
      const handle = await this.#disk.step(name, () => orMissing(this.#disk.fs.open(this.#disk.at(name), 'r'), null));
      if (handle === null) continue;
      try {
        return await this.#disk.step(name, () => memberAt(handle, offset, length));
      } finally {
        await handle.close();
      }
    }
    const message = `${this.#disk.at(path)}: expected a WARC file, got none; run tearsheet verify to see all that is missing`;
    throw new TearsheetError('E_ARCHIVE_MISSING', message);
  }

  #own(record: WarcRecord, path: string): Found {
    if (record.type !== 'response') {
      const headers: HeaderLines = [['Content-Type', record.header('content-type')]];
      return { path, status: null, headers, wireBody: record.block };
    }
    const message = parseResponse(record.block);
    if (message === null) throw damaged(this.#disk.at(path), `an HTTP answer in record ${record.id}`, 'none');
    return { path, status: message.status, headers: message.headers, wireBody: message.body };
  }

  /** The body comes from the record referred to; after a 304 so do the headers, which describe that body. */
  async #follow(record: WarcRecord, path: string): Promise<Found> {
    const target = record.header('warc-refers-to').replace(/^<|>$/g, '');
    const found = await this.find(target, record.header('warc-refers-to-date'));
    const own = parseResponse(record.block);
    if (record.header('warc-profile') === PROFILES.notModified || own === null) return found;
    return { path, status: own.status, headers: own.headers, wireBody: found.wireBody };
  }
}
