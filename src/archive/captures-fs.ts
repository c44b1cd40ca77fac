/** Captures as WARC files, a folder a day. */
import type { Clock } from '../core/clock.ts';
import type { Capture, CaptureStore, StoredCapture, Validators } from '../core/ports.ts';
import type { CaptureRef, FileEntry } from '../core/schema.ts';
import { readCapture } from './capture-reader.ts';
import { recordsOf } from './capture-records.ts';
import { CaptureIndex } from './capture-index.ts';
import type { Disk } from './disk.ts';
import { valueOf } from './http-block.ts';
import { dayOf } from './layout.ts';
import type { Run } from './run.ts';
import { readOnly } from './spelled.ts';
import { WarcFile } from './warc-file.ts';

/** A WARC file that has grown to this is closed and another begun. Bytes. */
const DEFAULT_MAX_WARC_BYTES = 1_073_741_824;
/** No body is inflated beyond this. Bytes. */
export const DEFAULT_MAX_BODY_BYTES = 268_435_456;
/** Days whose files are open at once; a run over midnight needs two. */
const MAX_OPEN_DAYS = 4;

export interface CaptureParts {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Null for an archive that is only read. */
  readonly run: Run | null;
  readonly maxWarcBytes?: number;
  readonly maxBodyBytes?: number;
}

export class FileCaptureStore implements CaptureStore {
  readonly #parts: CaptureParts;
  readonly #index: CaptureIndex;
  readonly #maxBodyBytes: number;
  /** By day, the file that grows. */
  readonly #open = new Map<string, WarcFile>();
  readonly #retired: WarcFile[] = [];
  #opening: Promise<unknown> = Promise.resolve();
  #files = 0;

  constructor(parts: CaptureParts) {
    this.#parts = parts;
    this.#index = new CaptureIndex(parts.disk);
    this.#maxBodyBytes = parts.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  }

  async write(capture: Capture, previous?: CaptureRef): Promise<CaptureRef> {
    const { disk, run, maxWarcBytes = DEFAULT_MAX_WARC_BYTES } = this.#parts;
    if (run === null) throw readOnly(disk.root);
    await run.begin();
    const { ref, records } = recordsOf(capture, previous, this.#maxBodyBytes);
    const day = dayOf(ref.date);
    for (;;) {
      const file = this.#open.get(day);
      if (file === undefined) {
        await this.#openFile(day, run);
        continue;
      }
      await file.append(records);
      if (file.bytes >= maxWarcBytes && this.#open.get(day) === file) this.#retire(day, file);
      return ref;
    }
  }

  /** One at a time, so that two captures of a day do not open two files. */
  #openFile(day: string, run: Run): Promise<void> {
    const opening = this.#opening.then(async () => {
      if (this.#open.has(day)) return;
      const [oldest] = this.#open;
      if (oldest !== undefined && this.#open.size >= MAX_OPEN_DAYS) this.#retire(...oldest);
      this.#files += 1;
      this.#open.set(day, await WarcFile.create({ ...this.#parts, run }, day, this.#files));
    });
    this.#opening = opening.catch(() => undefined);
    return opening;
  }

  /** Nothing more comes into the file; its index is written while others are filled. */
  #retire(day: string, file: WarcFile): void {
    this.#open.delete(day);
    this.#retired.push(file);
    // Sealing tries again, and reports.
    file.close().catch(() => undefined);
  }

  read(ref: CaptureRef): Promise<StoredCapture> {
    return readCapture(this.#parts.disk, this.#index, ref, this.#maxBodyBytes);
  }

  /** What an answer said of how to ask for it again; undefined where it said nothing, or cannot be read any more. */
  async validatorsOf(ref: CaptureRef): Promise<Validators | undefined> {
    const stored = await this.read(ref).catch(() => null);
    const etag = stored === null ? '' : valueOf(stored.headers, 'etag');
    const lastModified = stored === null ? '' : valueOf(stored.headers, 'last-modified');
    if (etag === '' && lastModified === '') return undefined;
    return { ...(etag === '' ? {} : { etag }), ...(lastModified === '' ? {} : { lastModified }) };
  }

  async seal(): Promise<FileEntry[]> {
    for (const [day, file] of this.#open) this.#retire(day, file);
    const entries: FileEntry[] = [];
    for (const file of this.#retired) entries.push(...(await file.close()));
    return entries;
  }

  /** Lets go of open files without sealing them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values(), ...this.#retired].map((file) => file.abandon()));
  }
}
