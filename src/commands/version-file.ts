/** A version named by the path of its file. */
import { readFile, stat } from 'node:fs/promises';
import { sha256 } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { StoredSnapshot } from '../core/ports.ts';
import { Snapshot } from '../core/schema.ts';

/** Whether the query is a file that is there, rather than a key, a URL or a folder's digits. */
export const isVersionFile = async (query: string): Promise<boolean> =>
  query.endsWith('.json') && (await stat(query).catch(() => null))?.isFile() === true;

/** Throws `E_FILE_READ`, `E_ARCHIVE_DAMAGED`. */
export async function readVersionFile(path: string): Promise<StoredSnapshot> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TearsheetError('E_FILE_READ', `expected a version in ${path}, but it cannot be read (${cause.code})`, {
      cause,
    });
  });
  try {
    return { id: sha256(bytes), path, snapshot: Snapshot.parse(JSON.parse(bytes.toString('utf8'))) };
  } catch (cause) {
    const message = `expected a version in ${path}, got what is none; tearsheet verify checks a whole archive`;
    throw new TearsheetError('E_ARCHIVE_DAMAGED', message, { cause });
  }
}
