/** A WARC file that its run could not close. */
import type { FileEntry } from '../core/schema.ts';
import { cdxjLine } from './cdxj.ts';
import type { Disk } from './disk.ts';
import { entryAt } from './file-entry.ts';
import { captureBase, CDXJ, OPEN_WARC, tempFolder, WARC } from './layout.ts';
import { finishWarc } from './warc-file.ts';
import { scanWarc } from './warc-scan.ts';

interface FileName {
  readonly day: string;
  readonly run: string;
  readonly n: number;
}

/**
 * Cuts back to the last whole record, writes the index and gives the file its final name. A stretch in the middle that is
 * no record is what a power cut left of a write that was never acknowledged, so what follows it goes too, unless a look
 * names a record there: then it is damage, for verify to report, and stays.
 */
export async function recoverWarc(
  disk: Disk,
  { day, run, n }: FileName,
  isNeeded: (recordId: string) => boolean,
): Promise<FileEntry[]> {
  const base = captureBase(day, run, n);
  await disk.remove(`${base}${CDXJ}.part`);
  const isOpen = (await disk.facts(base + OPEN_WARC)) !== null;
  const path = base + (isOpen ? OPEN_WARC : WARC);
  const { lines, keep, bytes } = await scan(disk, path, `${run}-${n}${WARC}`, isNeeded);
  if (isOpen && keep < bytes) await disk.cut(path, keep);
  if (lines.length === 0) {
    await disk.remove(path);
    await disk.remove(base + CDXJ);
    return [];
  }
  // Closed and named already: its index was on the disk before it got its name.
  const index = isOpen
    ? await finishWarc(disk, base, lines, `${tempFolder(run)}/index`)
    : await entryAt(disk, base + CDXJ);
  const warc = await entryAt(disk, base + WARC);
  return [warc, index].filter((entry) => entry !== null);
}

async function scan(disk: Disk, path: string, filename: string, isNeeded: (recordId: string) => boolean) {
  const bytes = (await disk.facts(path))?.bytes ?? 0;
  /** Lines of the records up to `keep`, and of those after a gap that may go. */
  const kept: string[] = [];
  const doubtful: string[] = [];
  let keep = 0;
  let hasGap = false;
  for await (const found of scanWarc(disk, path, { end: bytes })) {
    if ('isGap' in found || typeof found.record === 'string') {
      hasGap = true;
      continue;
    }
    const { record, offset, length } = found;
    const line = await cdxjLine(record, { offset, length, filename });
    if (line !== null) doubtful.push(line);
    if (hasGap && !isNeeded(record.id)) continue;
    hasGap = false;
    keep = offset + length;
    kept.push(...doubtful.splice(0));
  }
  return { lines: kept, keep, bytes };
}
