/** Where a record lies: in the index beside its file, or, where that is not written yet, in the file itself. */
import { posix } from 'node:path';
import type { Disk } from './disk.ts';
import { CAPTURES, CDXJ, OPEN_WARC, WARC } from './layout.ts';
import { LF } from './looks.ts';
import { readCdxjLine } from './cdxj.ts';
import { scanWarc } from './warc-scan.ts';

export interface Place {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}
interface Scanned {
  end: number;
  readonly places: Map<string, Place>;
}

/** Indexes are small (300 bytes a record) and asked for again and again while versions are compared. */
const MAX_CACHED_BYTES = 67_108_864;

export class CaptureIndex {
  readonly #disk: Disk;
  readonly #indexes = new Map<string, Buffer>();
  #cachedBytes = 0;
  readonly #scanned = new Map<string, Scanned>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** @param day the record's own, as `yyyy/mm/dd`: that is where its file lies */
  async locate(recordId: string, day: string): Promise<Place | null> {
    const folder = `${CAPTURES}/${day}`;
    const names = await this.#disk.names(folder);
    const indexed = new Set<string>();
    for (const name of names.filter((each) => each.endsWith(CDXJ))) {
      const place = await this.#inIndex(`${folder}/${name}`, recordId);
      if (place !== null) return place;
      indexed.add(name.slice(0, -CDXJ.length));
    }
    for (const name of names) {
      const ending = [OPEN_WARC, WARC].find((each) => name.endsWith(each));
      if (ending === undefined || indexed.has(name.slice(0, -ending.length))) continue;
      const place = await this.#inWarc(`${folder}/${name}`, recordId);
      if (place !== null) return place;
    }
    return null;
  }

  async #inIndex(path: string, recordId: string): Promise<Place | null> {
    const content = await this.#index(path);
    const at = content.indexOf(`"recordId":${JSON.stringify(recordId)},`);
    if (at < 0) return null;
    const end = content.indexOf(LF, at);
    const line = content.toString('utf8', content.lastIndexOf(LF, at) + 1, end < 0 ? content.length : end);
    const fields = readCdxjLine(line);
    if (fields?.recordId !== recordId) return null;
    const warc = `${posix.dirname(path)}/${posix.basename(fields.filename)}`;
    return { path: warc, offset: Number(fields.offset), length: Number(fields.length) };
  }

  async #index(path: string): Promise<Buffer> {
    const cached = this.#indexes.get(path);
    const content = cached ?? (await this.#disk.read(path)) ?? Buffer.alloc(0);
    this.#indexes.delete(path);
    this.#indexes.set(path, content);
    if (cached === undefined) this.#cachedBytes += content.length;
    for (const [oldest, { length }] of this.#indexes) {
      if (this.#cachedBytes <= MAX_CACHED_BYTES || oldest === path) break;
      this.#indexes.delete(oldest);
      this.#cachedBytes -= length;
    }
    return content;
  }

  async #inWarc(path: string, recordId: string): Promise<Place | null> {
    const known = this.#scanned.get(path) ?? { end: 0, places: new Map<string, Place>() };
    this.#scanned.set(path, known);
    const facts = await this.#disk.facts(path);
    if (facts !== null && facts.bytes > known.end) await this.#scan(path, facts.bytes, known);
    return known.places.get(recordId) ?? null;
  }

  async #scan(path: string, bytes: number, known: Scanned): Promise<void> {
    for await (const found of scanWarc(this.#disk, path, { start: known.end, end: bytes })) {
      if ('isGap' in found || typeof found.record === 'string') continue;
      const { offset, length, record } = found;
      known.places.set(record.id, { path, offset, length });
      known.end = offset + length;
    }
  }
}
