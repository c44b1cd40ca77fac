/** A file as a manifest lists it. */
import { createHash } from 'node:crypto';
import { sha256 } from '../core/digest.ts';
import type { FileEntry } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';

const PIECE_BYTES = 1_048_576;

export const entryOf = (path: string, content: string | Uint8Array): FileEntry => ({
  path,
  bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.length,
  sha256: sha256(content),
});

/** Reads the file through, a piece at a time; null where there is none. */
export async function entryAt(disk: Disk, path: string): Promise<FileEntry | null> {
  return disk.step(path, async () => {
    const handle = await orMissing(disk.fs.open(disk.at(path), 'r'), null);
    if (handle === null) return null;
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(PIECE_BYTES);
    let bytes = 0;
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, bytes);
        if (bytesRead === 0) return { path, bytes, sha256: hash.digest('hex') };
        hash.update(buffer.subarray(0, bytesRead));
        bytes += bytesRead;
      }
    } finally {
      await handle.close();
    }
  });
}
