/** Every file below a folder. */
import { TearsheetError } from '../core/errors.ts';
import type { Disk } from './disk.ts';

export interface WalkedFile {
  readonly path: string;
  readonly bytes: number;
  /** Why it is no file that can be read; such as links and sockets, which have no place in an archive. */
  readonly fault?: string;
}

/**
 * Files in the order of their paths, a folder at a time; what vanishes meanwhile is passed over, and what cannot be listed
 * is given with its fault.
 */
export async function* filesUnder(disk: Disk, folder: string): AsyncGenerator<WalkedFile> {
  const names = await namesOrFault(disk, folder);
  if (typeof names === 'string') return yield { path: folder, bytes: 0, fault: names };
  for (const name of names) {
    const path = `${folder}/${name}`;
    const facts = await disk.facts(path);
    if (facts === null) continue;
    if (facts.kind === 'folder') yield* filesUnder(disk, path);
    else yield { path, bytes: facts.bytes, ...(facts.kind === 'file' ? {} : { fault: 'is no regular file' }) };
  }
}

/** Names in a folder; as a string, why they cannot be told. */
export async function namesOrFault(disk: Disk, folder: string): Promise<string[] | string> {
  try {
    return await disk.names(folder);
  } catch (thrown) {
    if (!(thrown instanceof TearsheetError)) throw thrown;
    return `cannot be listed: ${thrown.message}`;
  }
}
