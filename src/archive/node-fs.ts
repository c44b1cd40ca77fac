/**
 * Node's file system as the archive calls it. What the kernel answers from its cache is asked for at once, on this thread: a
 * handover to another thread and back costs three to seven times as much CPU as the call itself (measured: lstat 60 µs against
 * 9, open 59 against 23, a read of 60 KB 201 against 45), and a page takes some forty calls. What waits for the disk (sync)
 * and what may walk a whole tree (rm) stays asynchronous.
 */
import * as fs from 'node:fs';
import * as promises from 'node:fs/promises';
import { promisify } from 'node:util';

/** The calls we make, so that tests can fill the disk, cut the power and watch the order. */
export type Fs = Pick<
  typeof promises,
  | 'access'
  | 'link'
  | 'lstat'
  | 'mkdir'
  | 'open'
  | 'readFile'
  | 'readdir'
  | 'rename'
  | 'rm'
  | 'rmdir'
  | 'stat'
  | 'truncate'
  | 'unlink'
  | 'utimes'
>;

const fsync = promisify(fs.fsync);
const fdatasync = promisify(fs.fdatasync);

/** What we use of a file handle. */
class Handle {
  readonly fd: number;
  #isOpen = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  async read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesRead: number; buffer: Buffer }> {
    return { bytesRead: fs.readSync(this.fd, buffer, offset, length, position), buffer };
  }

  async write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number; buffer: Uint8Array }> {
    return { bytesWritten: fs.writeSync(this.fd, bytes, offset, length, position), buffer: bytes };
  }

  async writeFile(content: Uint8Array | string): Promise<void> {
    fs.writeFileSync(this.fd, content);
  }

  async truncate(bytes: number): Promise<void> {
    fs.ftruncateSync(this.fd, bytes);
  }

  sync(): Promise<void> {
    return fsync(this.fd);
  }

  datasync(): Promise<void> {
    return fdatasync(this.fd);
  }

  /** A number that was closed may be another file's by now: it is closed once. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    fs.closeSync(this.fd);
  }
}

type AnyCall = (...given: never[]) => unknown;
/** The same call, its fault a rejection. */
const soon =
  <Call extends AnyCall>(call: Call): ((...given: Parameters<Call>) => Promise<ReturnType<Call>>) =>
  async (...given) =>
    call(...given) as ReturnType<Call>;

export const nodeFs: Fs = {
  access: soon(fs.accessSync),
  link: soon(fs.linkSync),
  lstat: soon(fs.lstatSync as AnyCall) as unknown as Fs['lstat'],
  mkdir: soon(fs.mkdirSync as AnyCall) as unknown as Fs['mkdir'],
  open: (async (path: string, flags: string) => new Handle(fs.openSync(path, flags))) as unknown as Fs['open'],
  readFile: soon(fs.readFileSync as AnyCall) as unknown as Fs['readFile'],
  readdir: soon(fs.readdirSync as AnyCall) as unknown as Fs['readdir'],
  rename: soon(fs.renameSync),
  rm: promises.rm,
  rmdir: soon(fs.rmdirSync),
  stat: soon(fs.statSync as AnyCall) as unknown as Fs['stat'],
  truncate: soon(fs.truncateSync),
  unlink: soon(fs.unlinkSync),
  utimes: soon(fs.utimesSync),
};
