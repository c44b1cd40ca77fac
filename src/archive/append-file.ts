/** A file that only grows: what was appended is on the disk when `append` resolves, and a failed append leaves no trace. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import type { FileEntry } from '../core/schema.ts';
import { TearsheetError } from '../core/errors.ts';
import { asArchiveError } from './disk.ts';
import type { Disk } from './disk.ts';

interface Waiting {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly isDurable: boolean;
  readonly resolve: (offset: number) => void;
  readonly reject: (error: unknown) => void;
}

export class AppendFile {
  readonly path: string;
  readonly #disk: Disk;
  readonly #handle: FileHandle;
  /** Asked before each write; what it throws stops the write. */
  readonly #guard: () => Promise<void>;
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #broken: unknown;
  #closed: Promise<FileEntry> | undefined;

  private constructor(disk: Disk, path: string, handle: FileHandle, guard: () => Promise<void>) {
    this.#disk = disk;
    this.path = path;
    this.#handle = handle;
    this.#guard = guard;
  }

  /** Creates a file that must not exist; its entry in the folder is on the disk when this resolves. */
  static async create(disk: Disk, path: string, guard: () => Promise<void>): Promise<AppendFile> {
    await disk.makeFolder(posix.dirname(path));
    const handle = await disk.step(path, () => disk.fs.open(disk.at(path), 'wx'));
    const file = new AppendFile(disk, path, handle, guard);
    try {
      await disk.syncFolder(posix.dirname(path));
    } catch (thrown) {
      await file.discard();
      throw thrown;
    }
    return file;
  }

  /** Bytes that are on the disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Appends the pieces one after the other and gives the offset of the first. Appends that wait at the same time share
   * one sync; with `isDurable` false, the sync of a later append will do. Throws `E_ARCHIVE_DISK_FULL`,
   * `E_ARCHIVE_READ_ONLY`, and what the guard throws.
   */
  append(pieces: readonly Uint8Array[], isDurable = true): Promise<number> {
    return new Promise((resolve, reject) => {
      const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
      this.#queue.push({ pieces, bytes, isDurable, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    // Whoever asks in the same tick shares the sync.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        if (this.#broken !== undefined) throw this.#broken;
        await this.#guard();
        const content = Buffer.concat(batch.flatMap(({ pieces }) => pieces));
        await this.#write(content);
        if (batch.some((waiting) => waiting.isDurable)) await this.#sync();
        let offset = this.#bytes;
        this.#hash.update(content);
        this.#bytes += content.length;
        for (const { bytes, resolve } of batch) {
          resolve(offset);
          offset += bytes;
        }
      } catch (thrown) {
        const error = asArchiveError(thrown, this.#disk.at(this.path));
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same breath as the last look at the queue: what comes after it must find nobody at work.
    this.#writing = undefined;
  }

  async #write(content: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < content.length;) {
        const { bytesWritten } = await this.#handle.write(content, done, content.length - done, this.#bytes + done);
        done += bytesWritten;
      }
    } catch (thrown) {
      // What was written of it must not stay: a torn record would hide all that follow.
      await this.#handle.truncate(this.#bytes).catch((error: unknown) => {
        this.#broken = error;
      });
      throw thrown;
    }
  }

  async #sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (thrown) {
      // After a failed sync nobody knows what is on the disk, and a second sync would report success.
      this.#broken = thrown;
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw thrown;
    }
  }

  /** Closes the file and removes it. */
  async discard(): Promise<void> {
    await this.close().catch(() => undefined);
    await this.#disk.remove(this.path).catch(() => undefined);
  }

  /** Waits for what is being written, closes the file, and says what is in it. Later appends fail. */
  close(): Promise<FileEntry> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<FileEntry> {
    await this.#writing;
    this.#broken ??= new TearsheetError('E_INTERNAL', `${this.path} is closed: nothing can be added to it`);
    await this.#handle.close();
    return { path: this.path, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
