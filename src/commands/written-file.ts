/** A document written to a file that somebody named: the whole of it, or nothing. */
import { randomBytes } from 'node:crypto';
import { chmod, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TearsheetError } from '../core/errors.ts';

const refused = (path: string, cause: NodeJS.ErrnoException): TearsheetError =>
  new TearsheetError(
    'E_FILE_WRITE',
    `expected to write ${path}, but it cannot be written (${cause.code ?? cause.message})`,
    {
      cause,
    },
  );

/**
 * Writes beside the file and renames, so that whoever reads it sees the old text or the new. A link is followed; the mode of
 * a file that was there stays. A pipe or device, which has no old text, is written as it is. Throws `E_FILE_WRITE`.
 */
export async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const before = await stat(target).catch(() => null);
    if (before !== null && !before.isFile()) return await writeFile(target, text);
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      if (before !== null) await chmod(temporary, before.mode);
      await rename(temporary, target);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
  } catch (thrown) {
    throw refused(path, thrown as NodeJS.ErrnoException);
  }
}
