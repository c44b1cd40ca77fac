/** The only way the archive touches a disk: durable steps, and one table of what a disk can answer. */
import type { FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { ErrorCode } from '../core/errors.ts';
import { TearsheetError } from '../core/errors.ts';
import { nodeFs } from './node-fs.ts';
import type { Fs } from './node-fs.ts';

export { nodeFs };
export type { Fs };

export const errnoOf = (thrown: unknown): string => (thrown as NodeJS.ErrnoException | undefined)?.code ?? '';
/** Hard links are missing on FAT, on some network shares, and across two file systems. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

interface Fault {
  readonly code: ErrorCode;
  readonly expected: string;
  readonly advice: string;
}
const FULL: Fault = {
  code: 'E_ARCHIVE_DISK_FULL',
  expected: 'space for another file',
  advice: 'make room and run again; nothing half-written was left',
};
const READ_ONLY: Fault = {
  code: 'E_ARCHIVE_READ_ONLY',
  expected: 'a folder that can be written',
  advice: 'check its owner, its permissions and how the disk is mounted',
};
const BROKEN: Fault = {
  code: 'E_ARCHIVE_DAMAGED',
  expected: 'a file system in order',
  advice: 'check the disk, then run tearsheet verify',
};
const FAULTS: Readonly<Record<string, Fault>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EROFS: READ_ONLY,
  EACCES: READ_ONLY,
  EPERM: READ_ONLY,
  EIO: BROKEN,
  EISDIR: BROKEN,
  ENOTDIR: BROKEN,
  ELOOP: BROKEN,
};

/** What a file system call threw, as an error of the archive; what is not a disk's doing stays as it is. */
export function asArchiveError(thrown: unknown, path: string): unknown {
  if (thrown instanceof TearsheetError) return thrown;
  const errno = errnoOf(thrown);
  const fault = FAULTS[errno];
  if (fault === undefined) return thrown;
  const message = `${path}: expected ${fault.expected}, got ${errno}; ${fault.advice}`;
  return new TearsheetError(fault.code, message, { cause: thrown });
}

export interface FileFacts {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Paths are relative to the archive, with `/` on every system. Every failure is an archive's error. */
export class Disk {
  readonly root: string;
  readonly fs: Fs;
  /** Folders that are known to outlast a power cut. */
  readonly #durable = new Set<string>(['.']);

  constructor(root: string, fs: Fs = nodeFs) {
    this.root = root;
    this.fs = fs;
  }

  at(path: string): string {
    return join(this.root, path);
  }

  /** Runs a step, giving its failure as an error of the archive that names `path`. */
  async step<T>(path: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      throw asArchiveError(thrown, this.at(path));
    }
  }

  /** All of a file, null where there is none. */
  async read(path: string): Promise<Buffer | null> {
    return this.step(path, () => orMissing(this.fs.readFile(this.at(path)), null));
  }

  async facts(path: string): Promise<FileFacts | null> {
    // The archive itself may be a link to where it lies; nothing in it may.
    const { lstat, stat } = this.fs;
    const stats = await this.step(path, () => orMissing((path === '.' ? stat : lstat)(this.at(path)), null));
    if (stats === null) return null;
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
    return { bytes: stats.size, mtimeMs: stats.mtimeMs, kind };
  }

  /** Names in a folder in code unit order; none where it is missing. */
  async names(path: string): Promise<string[]> {
    const names = await this.step(path, () =>
      this.fs.readdir(this.at(path)).catch((thrown: unknown): string[] => {
        if (errnoOf(thrown) === 'ENOENT') return [];
        throw thrown;
      }),
    );
    return names.toSorted();
  }

  /** Makes a folder and those above it, and makes sure that they outlast a power cut. */
  async makeFolder(path: string): Promise<void> {
    if (this.#durable.has(path)) return;
    const parent = posix.dirname(path);
    await this.makeFolder(parent);
    await this.step(path, async () => {
      try {
        await this.fs.mkdir(this.at(path));
      } catch (thrown) {
        if (errnoOf(thrown) !== 'EEXIST') throw thrown;
      }
    });
    // Also where another process made it a moment ago: its entry may not be on the disk yet.
    await this.syncFolder(parent);
    this.#durable.add(path);
  }

  async syncFolder(path: string): Promise<void> {
    await this.step(path, () => syncAt(this.fs, this.at(path), true));
  }

  /** Makes the content of a file that other calls wrote outlast a power cut; one that is gone is passed over. */
  async syncFile(path: string): Promise<void> {
    await this.step(path, () => orMissing(syncAt(this.fs, this.at(path), false), undefined));
  }

  /** Writes a new file and syncs its content; leaves nothing where that fails. The folder's entry is not synced. */
  async writeNew(path: string, content: Uint8Array | string, isDurable = true): Promise<void> {
    await this.step(path, async () => {
      const handle = await this.fs.open(this.at(path), 'wx');
      try {
        await handle.writeFile(content);
        if (isDurable) await handle.sync();
      } catch (thrown) {
        await this.fs.unlink(this.at(path)).catch(() => undefined);
        throw thrown;
      } finally {
        await handle.close();
      }
    });
  }

  /**
   * Creates `path` with all of its content or not at all, for good when it resolves. False where it exists already.
   *
   * @param temp a free name on the same file system, gone again afterwards
   */
  async createWhole(path: string, content: Uint8Array | string, temp: string): Promise<boolean> {
    await this.writeNew(temp, content);
    try {
      if (!(await this.step(path, () => this.#link(temp, path, content)))) return false;
    } finally {
      await this.fs.unlink(this.at(temp)).catch(() => undefined);
    }
    await this.syncFolder(posix.dirname(path));
    return true;
  }

  async #link(temp: string, path: string, content: Uint8Array | string): Promise<boolean> {
    try {
      await this.fs.link(this.at(temp), this.at(path));
      return true;
    } catch (thrown) {
      if (errnoOf(thrown) === 'EEXIST') return (await this.#isAbandoned(path)) && this.#fill(path, content);
      if (!NO_LINKS.has(errnoOf(thrown))) throw thrown;
      return this.#claim(path, content);
    }
  }

  /** Without links: an empty file claims the name, then the whole one takes its place. */
  async #claim(path: string, content: Uint8Array | string): Promise<boolean> {
    try {
      await (await this.fs.open(this.at(path), 'wx')).close();
    } catch (thrown) {
      if (errnoOf(thrown) !== 'EEXIST') throw thrown;
      if (!(await this.#isAbandoned(path))) return false;
    }
    return this.#fill(path, content);
  }

  /** An empty file is a claim whose maker died: the caller holds the article, so nobody else is at work on it. */
  async #isAbandoned(path: string): Promise<boolean> {
    return (await this.facts(path))?.bytes === 0;
  }

  async #fill(path: string, content: Uint8Array | string): Promise<boolean> {
    const part = `${path}.part`;
    await this.fs.rm(this.at(part), { force: true });
    await this.writeNew(part, content);
    await this.fs.rename(this.at(part), this.at(path));
    return true;
  }

  /** Puts `content` in the place of whatever `path` holds, at once as a whole; durable only where asked. */
  async replace(path: string, content: Uint8Array | string, temp: string, isDurable: boolean): Promise<void> {
    await this.writeNew(temp, content, isDurable);
    await this.step(path, async () => {
      try {
        await this.fs.rename(this.at(temp), this.at(path));
      } catch (thrown) {
        await this.fs.unlink(this.at(temp)).catch(() => undefined);
        // A folder of the archive may lie on another disk.
        if (errnoOf(thrown) !== 'EXDEV') throw thrown;
        await this.#fill(path, content);
      }
    });
    if (isDurable) await this.syncFolder(posix.dirname(path));
  }

  /** Shortens a file, for good when it resolves. */
  async cut(path: string, bytes: number): Promise<void> {
    await this.step(path, () => this.fs.truncate(this.at(path), bytes));
    await this.syncFile(path);
  }

  /** Removes a file; one that is not there is fine. */
  async remove(path: string): Promise<void> {
    await this.step(path, () => orMissing(this.fs.unlink(this.at(path)), undefined));
  }
}

/** What the call gives, or `otherwise` where the file or a folder above it is not there (or is a file itself). */
export async function orMissing<T, U>(call: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await call;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT' || errnoOf(thrown) === 'ENOTDIR') return otherwise;
    throw thrown;
  }
}

async function syncAt(fs: Fs, path: string, isFolder: boolean): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await fs.open(path, 'r');
  } catch (thrown) {
    // Windows opens no folders, and has no way to sync one.
    if (isFolder && process.platform === 'win32') return;
    throw thrown;
  }
  try {
    await handle.sync();
  } catch (thrown) {
    // Some network file systems refuse to sync a folder and write its entries at once anyway.
    if (!isFolder || !['EINVAL', 'ENOTSUP', 'EPERM'].includes(errnoOf(thrown))) throw thrown;
  } finally {
    await handle.close();
  }
}
