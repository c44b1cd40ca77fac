/** Every file below a folder. */
import type { Disk } from './disk.ts';

export interface WalkedFile {
  readonly path: string;
  readonly bytes: number;
  /** False for links, sockets and the like, which have no place in an archive. */
  readonly isRegular: boolean;
}

/** Files in the order of their paths, a folder at a time; what vanishes meanwhile is passed over. */
export async function* filesUnder(disk: Disk, folder: string): AsyncGenerator<WalkedFile> {
  for (const name of await disk.names(folder)) {
    const path = `${folder}/${name}`;
    const facts = await disk.facts(path);
    if (facts === null) continue;
    if (facts.kind === 'folder') yield* filesUnder(disk, path);
    else yield { path, bytes: facts.bytes, isRegular: facts.kind === 'file' };
  }
}
