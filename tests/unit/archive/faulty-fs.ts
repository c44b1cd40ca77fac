/** A file system that fails on cue. */
import type { FileHandle } from 'node:fs/promises';
import type { Fs } from '../../../src/archive/disk.ts';
import { nodeFs } from '../../../src/archive/disk.ts';

export type Call = keyof Fs | 'write' | 'writeFile' | 'sync' | 'datasync' | 'handle.truncate';
/** Is asked before each call; gives the errno that it is to fail with. */
export type Decide = (call: Call, path: string) => string | undefined;

const failure = (errno: string, path: string): Error =>
  Object.assign(new Error(`${errno}: made to fail, '${path}'`), { code: errno, errno: -1, path });

export function faultyFs(decide: Decide): Fs {
  const handleOf = (handle: FileHandle, path: string): FileHandle =>
    new Proxy(handle, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]) => {
          const errno = decide(name === 'truncate' ? 'handle.truncate' : (name as Call), path);
          if (errno === 'SHORT') {
            // Half of it gets there, as on a disk that fills up.
            const [content, offset, length, position] = args as [Uint8Array, number, number, number];
            await target.write(content, offset, Math.floor(length / 2), position);
            throw failure('ENOSPC', path);
          }
          if (errno !== undefined) throw failure(errno, path);
          return (value as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return new Proxy(nodeFs, {
    get(target, name) {
      const value = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
      return async (path: string, ...args: unknown[]) => {
        const errno = decide(name as Call, name === 'link' || name === 'rename' ? String(args[0]) : path);
        if (errno !== undefined) throw failure(errno, path);
        const result = await value.call(target, path, ...args);
        return name === 'open' ? handleOf(result as FileHandle, path) : result;
      };
    },
  });
}
