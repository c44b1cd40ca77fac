/**
 * A disk that can lose its power: it works as any other, and remembers what was synced. `Cut` gives what could be found
 * after a power cut at a certain call: content that was synced for certain and of the rest any part, entries of folders that
 * were synced for certain and of the later ones, in their order, any number.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fs } from '../../../src/archive/disk.ts';
import { nodeFs } from '../../../src/archive/disk.ts';

interface FileNode {
  readonly kind: 'file';
  synced: Buffer;
  current: Buffer;
}
interface FolderNode {
  readonly kind: 'folder';
}
type Node = FileNode | FolderNode;
/** One change to the entries of a folder. */
interface Change {
  readonly folder: string;
  readonly sets?: { readonly name: string; readonly node: Node };
  readonly removes?: readonly string[];
  isSynced: boolean;
}
export type Random = () => number;

/** Small and repeatable (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class Cut {
  readonly #changes: readonly Change[];
  readonly #files: ReadonlyMap<FileNode, { synced: Buffer; current: Buffer }>;

  constructor(changes: readonly Change[]) {
    this.#changes = changes.map((change) => ({ ...change }));
    const files = new Map<FileNode, { synced: Buffer; current: Buffer }>();
    for (const { sets } of changes) {
      if (sets?.node.kind === 'file') files.set(sets.node, { synced: sets.node.synced, current: sets.node.current });
    }
    this.#files = files;
  }

  /** Writes into `dir` one of the states that the disk could be in when the power is back. */
  async restore(dir: string, random: Random): Promise<void> {
    const folders = new Map<string, Map<string, Node>>();
    const stopped = new Set<string>();
    for (const { folder, sets, removes, isSynced } of this.#changes) {
      if (!isSynced && (stopped.has(folder) || random() < 0.4)) {
        stopped.add(folder);
        continue;
      }
      const entries = folders.get(folder) ?? new Map<string, Node>();
      folders.set(folder, entries);
      for (const path of removes ?? []) folders.get(dirname(path))?.delete(path);
      if (sets) entries.set(sets.name, sets.node);
    }
    await this.#write(dir, '.', folders, random);
  }

  async #write(dir: string, folder: string, folders: Map<string, Map<string, Node>>, random: Random): Promise<void> {
    await mkdir(join(dir, folder), { recursive: true });
    for (const [path, node] of folders.get(folder) ?? []) {
      if (node.kind === 'folder') await this.#write(dir, path, folders, random);
      else await writeFile(join(dir, path), this.#content(node, random));
    }
  }

  #content(node: FileNode, random: Random): Buffer {
    const { synced, current } = this.#files.get(node) ?? node;
    if (random() < 0.4 || current.equals(synced)) return synced;
    // The size may be there before the bytes are.
    const length = Math.floor(synced.length + random() * Math.max(0, current.length - synced.length + 1));
    const content = Buffer.alloc(length);
    current.copy(content, 0, 0, length);
    if (random() < 0.3) content.fill(0, Math.min(synced.length, length));
    synced.copy(content, 0, 0, Math.min(synced.length, length));
    return content;
  }
}

export class PowerDisk {
  readonly #dir: string;
  readonly #changes: Change[] = [];
  readonly #nodes = new Map<string, Node>([['.', { kind: 'folder' }]]);
  /** Called before each call that changes the disk. */
  readonly #before: () => void;

  constructor(dir: string, before: () => void) {
    this.#dir = dir;
    this.#before = before;
  }

  cut(): Cut {
    return new Cut(this.#changes);
  }

  #path(full: string): string {
    const path = full.slice(this.#dir.length + 1);
    return path === '' ? '.' : path.replace(/\/$/, '');
  }

  #set(path: string, node: Node, removes: readonly string[] = []): void {
    this.#nodes.set(path, node);
    this.#changes.push({ folder: dirname(path), sets: { name: path, node }, removes, isSynced: false });
  }
  #remove(path: string): void {
    this.#nodes.delete(path);
    this.#changes.push({ folder: dirname(path), removes: [path], isSynced: false });
  }

  #sync(path: string): void {
    const node = this.#nodes.get(path);
    if (node?.kind === 'file') node.synced = node.current;
    else for (const change of this.#changes) if (change.folder === path) change.isSynced = true;
  }

  get fs(): Fs {
    const { open, mkdir: make, link, unlink, rename, rm, rmdir, truncate } = nodeFs;
    return {
      ...nodeFs,
      open: async (full, flags) => {
        this.#before();
        const path = this.#path(String(full));
        const handle = await open(full, flags);
        if (flags !== 'r') this.#set(path, { kind: 'file', synced: Buffer.alloc(0), current: Buffer.alloc(0) });
        return this.#handle(handle, path);
      },
      mkdir: (async (full: string, options?: { recursive?: boolean }) => {
        this.#before();
        const path = this.#path(full);
        const isNew = !this.#nodes.has(path);
        if (options?.recursive && dirname(path) !== '.' && !this.#nodes.has(dirname(path))) {
          await make(dirname(full)).catch(() => undefined);
          this.#set(dirname(path), { kind: 'folder' });
        }
        const made = await make(full, options);
        if (isNew) this.#set(path, { kind: 'folder' });
        return made;
      }) as Fs['mkdir'],
      link: async (from, to) => {
        this.#before();
        await link(from, to);
        this.#set(this.#path(String(to)), this.#nodes.get(this.#path(String(from)))!);
      },
      unlink: async (full) => {
        this.#before();
        await unlink(full);
        this.#remove(this.#path(String(full)));
      },
      rename: async (from, to) => {
        this.#before();
        await rename(from, to);
        const [source, target] = [this.#path(String(from)), this.#path(String(to))];
        const node = this.#nodes.get(source)!;
        this.#nodes.delete(source);
        // A folder takes what is in it along.
        for (const [path, inner] of [...this.#nodes].filter(([each]) => each.startsWith(`${source}/`))) {
          this.#remove(path);
          this.#set(target + path.slice(source.length), inner);
        }
        this.#set(target, node, [source]);
      },
      rm: async (full, options) => {
        this.#before();
        await rm(full, options);
        const path = this.#path(String(full));
        const gone = [...this.#nodes.keys()].filter((known) => known === path || known.startsWith(`${path}/`));
        for (const known of gone) this.#remove(known);
      },
      rmdir: async (full) => {
        this.#before();
        await rmdir(full);
        this.#remove(this.#path(String(full)));
      },
      truncate: async (full, length = 0) => {
        this.#before();
        await truncate(full, length);
        const node = this.#nodes.get(this.#path(String(full))) as FileNode;
        node.current = node.current.subarray(0, length);
      },
    };
  }

  #handle(handle: FileHandle, path: string): FileHandle {
    const node = this.#nodes.get(path);
    const change = (content: Buffer): void => {
      if (node?.kind === 'file') node.current = content;
    };
    const calls: Record<string, (...args: never[]) => Promise<unknown>> = {
      writeFile: async (content: string | Uint8Array) => {
        this.#before();
        await handle.writeFile(content);
        change(Buffer.from(content as string));
      },
      write: async (content: Uint8Array, offset: number, length: number, position: number) => {
        this.#before();
        const written = await handle.write(content, offset, length, position);
        const before = (node as FileNode).current;
        change(Buffer.concat([before.subarray(0, position), content.subarray(offset, offset + written.bytesWritten)]));
        return written;
      },
      truncate: async (length: number) => {
        this.#before();
        await handle.truncate(length);
        change((node as FileNode).current.subarray(0, length));
      },
      // The real thing is not needed here, and slow.
      sync: async () => {
        this.#before();
        this.#sync(path);
      },
      datasync: async () => {
        this.#before();
        this.#sync(path);
      },
    };
    return new Proxy(handle, {
      get: (target, name) => {
        const own = calls[String(name)];
        if (own) return own;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}
