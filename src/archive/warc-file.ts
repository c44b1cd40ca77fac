/** The WARC files of our own run: records appended, indexed, and closed with their index beside them. */
import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import { instantOf } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { sha256 } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { FileEntry } from '../core/schema.ts';
import { AppendFile } from './append-file.ts';
import { cdxjLine, spellCdxj } from './cdxj.ts';
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';
import { captureBase, CDXJ, OPEN_WARC, WARC } from './layout.ts';
import type { Run } from './run.ts';
import { packRecord, parseRecord, spellRecord } from './warc.ts';
import type { RecordDraft } from './warc.ts';

/** Where a record lies that this run wrote. */
export interface OwnPlace {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

export interface WarcFileParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly run: Run;
}

export class WarcFile {
  readonly #parts: WarcFileParts;
  readonly #base: string;
  readonly #file: AppendFile;
  readonly #lines: string[] = [];
  readonly #places = new Map<string, OwnPlace>();
  readonly #pending = new Set<Promise<unknown>>();
  #closed: Promise<FileEntry[]> | undefined;

  private constructor(parts: WarcFileParts, base: string, file: AppendFile) {
    this.#parts = parts;
    this.#base = base;
    this.#file = file;
  }

  static async create(parts: WarcFileParts, day: string, n: number): Promise<WarcFile> {
    const base = captureBase(day, parts.run.id, n);
    const file = await AppendFile.create(parts.disk, base + OPEN_WARC, () => parts.run.assertOpen());
    const warc = new WarcFile(parts, base, file);
    try {
      // It says nothing that has to last before the first record does.
      await warc.#append([warc.#warcinfo()], false);
    } catch (thrown) {
      await file.discard();
      throw thrown;
    }
    return warc;
  }

  get bytes(): number {
    return this.#file.bytes;
  }
  placeOf(recordId: string): OwnPlace | undefined {
    return this.#places.get(recordId);
  }

  /** Appends the records of one capture, all or none; on the disk when it resolves. */
  append(drafts: readonly RecordDraft[]): Promise<void> {
    const appending = this.#append(drafts).finally(() => this.#pending.delete(appending));
    this.#pending.add(appending);
    return appending;
  }

  async #append(drafts: readonly RecordDraft[], isDurable = true): Promise<void> {
    const spelled = await Promise.all(drafts.map(spellRecord));
    const members = await Promise.all(spelled.map((record, n) => packRecord(record, drafts[n]?.isPacked)));
    let offset = await this.#file.append(members, isDurable);
    for (const [n, member] of members.entries()) {
      await this.#index(spelled[n] ?? Buffer.alloc(0), offset, member.length);
      offset += member.length;
    }
  }

  async #index(spelled: Buffer, offset: number, length: number): Promise<void> {
    const record = await parseRecord(spelled);
    if (typeof record === 'string') throw new TearsheetError('E_INTERNAL', `a record was written of which ${record}`);
    const line = await cdxjLine(record, { offset, length, filename: posix.basename(this.#base) + WARC });
    if (line === null) return;
    this.#lines.push(line);
    this.#places.set(record.id, { path: this.#file.path, offset, length });
  }

  #warcinfo(): RecordDraft {
    const { clock, run } = this.#parts;
    const fields = {
      software: run.program,
      format: 'WARC File Format 1.1',
      conformsTo: 'http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/',
      isPartOf: run.id,
      description: run.command,
    };
    const block = Object.entries(fields).map(([name, value]) => `${name}: ${value.replace(/[\r\n]+/g, ' ')}\r\n`);
    return {
      type: 'warcinfo',
      id: `urn:uuid:${randomUUID()}`,
      date: instantOf(clock.now()),
      block: [Buffer.from(block.join(''))],
      headers: { 'WARC-Filename': posix.basename(this.#base) + WARC },
    };
  }

  /**
   * Waits for what is on its way, writes the index and gives the file its final name. Gives both files for the manifest;
   * none where no record came into it. After a failure it can be tried again.
   */
  close(): Promise<FileEntry[]> {
    this.#closed ??= this.#close().catch((thrown: unknown) => {
      this.#closed = undefined;
      throw thrown;
    });
    return this.#closed;
  }

  /** Lets go of the file as it is. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#pending);
    await this.#file.close();
  }

  async #close(): Promise<FileEntry[]> {
    const { disk, run } = this.#parts;
    await Promise.allSettled(this.#pending);
    const entry = await this.#file.close();
    if (this.#lines.length === 0) {
      await disk.remove(entry.path);
      return [];
    }
    const index = await finishWarc(disk, this.#base, this.#lines, run.temp());
    return [{ ...entry, path: this.#base + WARC }, index];
  }
}

/** Puts the index beside a WARC file that grows no more and gives that file its final name. Gives the index. */
export async function finishWarc(disk: Disk, base: string, lines: readonly string[], temp: string): Promise<FileEntry> {
  const text = spellCdxj(lines);
  await disk.replace(base + CDXJ, text, temp, true);
  // Sealing may be tried again after it got this far.
  await disk.step(base, () => orMissing(disk.fs.rename(disk.at(base + OPEN_WARC), disk.at(base + WARC)), undefined));
  await disk.syncFolder(posix.dirname(base));
  return { path: base + CDXJ, bytes: Buffer.byteLength(text), sha256: sha256(text) };
}
