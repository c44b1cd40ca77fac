/**
 * Runs that a dead process left open are sealed: what was never acknowledged is cut off, and a manifest answers for the
 * rest. Each step can be done again, and one process at a time does them for a run, so a crash in here does no harm.
 */
import type { Clock } from '../core/clock.ts';
import type { FileEntry, Look } from '../core/schema.ts';
import { articlePath } from './article-file.ts';
import type { Disk } from './disk.ts';
import { entryAt } from './file-entry.ts';
import { syncHeads } from './heads.ts';
import {
  CAPTURES,
  captureIn,
  looksFile,
  LOOKS,
  manifestFile,
  OPEN_WARC,
  startOfRun,
  tempFolder,
  WARC,
} from './layout.ts';
import type { Locks } from './lock.ts';
import { dayFolders, LF, readLine } from './looks.ts';
import { sealRun } from './manifest.ts';
import type { Owner } from './owner.ts';
import { recoverWarc } from './recover-warc.ts';
import { isDeadRun, openRuns, readMarker, removeMarker, sweepTemps } from './run.ts';
import { versionPath } from './versions.ts';

export interface RecoverParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly locks: Locks;
  readonly me: Owner;
  /** Brings the head file of an article up to a look that it may not know of. */
  readonly mendHead: (look: Look, temp: string) => Promise<void>;
}

/** Recovering a long run reads all of its files. */
const MAX_WAIT_MS = 600_000;

/** Seals every run whose process is dead and gives their names. Files of runs that live are not touched. */
export async function recoverRuns(parts: RecoverParts): Promise<string[]> {
  const { disk, clock, me, locks } = parts;
  const recovered: string[] = [];
  for (const run of await openRuns(disk)) {
    if (!(await isDeadRun(disk, clock, run, me))) continue;
    const lock = await locks.acquire(`recover-${run}`, MAX_WAIT_MS);
    try {
      // Another process may have done it while this one waited.
      if (!(await isDeadRun(disk, clock, run, me))) continue;
      await recoverRun(parts, run);
      recovered.push(run);
    } finally {
      await lock.release();
    }
  }
  await sweepTemps(disk, clock);
  await locks.sweep();
  return recovered;
}

async function recoverRun(parts: RecoverParts, run: string): Promise<void> {
  const { disk } = parts;
  if ((await disk.facts(manifestFile(run))) === null) {
    await disk.step(tempFolder(run), () => disk.fs.rm(disk.at(tempFolder(run)), { recursive: true, force: true }));
    await disk.step(tempFolder(run), () => disk.fs.mkdir(disk.at(tempFolder(run)), { recursive: true }));
    const { looks, paths } = await mendLooks(disk, run);
    const captures = await mendCaptures(disk, run, looks);
    await mendHeads(parts, looks, `${tempFolder(run)}/head`);
    const files = [...captures, ...(await entriesOf(disk, [...paths, ...madeBy(looks)]))];
    if (files.length > 0) await seal(parts, run, looks, files);
  }
  await removeMarker(disk, run);
}

async function seal(
  { disk, clock, locks }: RecoverParts,
  run: string,
  looks: readonly Look[],
  files: FileEntry[],
): Promise<void> {
  const marker = await readMarker(disk, run);
  const counts: Record<string, number> = { looks: looks.length };
  for (const { outcome } of looks) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const { command = 'unknown', program = 'unknown', startedAt = startOfRun(run) } = marker ?? {};
  await sealRun({ disk, clock, locks }, { run, command, program, startedAt, counts, files, ended: 'recovered' });
}

/** Cuts off what stands after the last whole line: its look was never acknowledged. */
async function mendLooks(disk: Disk, run: string): Promise<{ looks: Look[]; paths: string[] }> {
  const looks: Look[] = [];
  const paths: string[] = [];
  for (const day of await dayFolders(disk, LOOKS, startOfRun(run))) {
    const path = looksFile(day, run);
    const content = await disk.read(path);
    if (content === null) continue;
    let whole = 0;
    for (let start = 0, end = content.indexOf(LF); end >= 0; end = content.indexOf(LF, start)) {
      const look = readLine(content.toString('utf8', start, end));
      start = end + 1;
      if (typeof look === 'string') continue;
      looks.push(look);
      // A broken line with good ones after it is damage, for verify to report, and stays.
      whole = start;
    }
    if (whole < content.length) await disk.cut(path, whole);
    if (whole === 0) await disk.remove(path);
    else paths.push(path);
  }
  return { looks, paths };
}

async function mendCaptures(disk: Disk, run: string, looks: readonly Look[]): Promise<FileEntry[]> {
  const needed = new Set(looks.map(({ capture }) => capture?.recordId ?? ''));
  const entries: FileEntry[] = [];
  for (const day of await dayFolders(disk, CAPTURES)) {
    const names = await disk.names(`${CAPTURES}/${day}`);
    const numbers = names.map((name) => captureIn(name, OPEN_WARC) ?? captureIn(name, WARC));
    for (const n of new Set(numbers.filter((found) => found?.run === run).map((found) => found?.n ?? 0))) {
      entries.push(...(await recoverWarc(disk, { day, run, n }, (id) => needed.has(id))));
    }
  }
  return entries;
}

/** Each article's head knows its last look, for good, before the manifest says that the run is over. */
async function mendHeads({ disk, mendHead }: RecoverParts, looks: readonly Look[], temp: string): Promise<void> {
  const last = new Map<string, Look>();
  for (const look of looks) {
    if (look.seq > (last.get(look.article)?.seq ?? 0)) last.set(look.article, look);
  }
  for (const look of last.values()) await mendHead(look, temp);
  await syncHeads(disk, last.keys());
}

/** Paths of the files that these looks say were made. */
function madeBy(looks: readonly Look[]): string[] {
  const paths = new Set<string>();
  for (const { article, seq, outcome, version } of looks) {
    if (seq === 1) paths.add(articlePath(article));
    const isMade = outcome === 'new' || outcome === 'changed';
    if (isMade && version !== undefined) paths.add(versionPath(article, version));
  }
  return [...paths];
}

async function entriesOf(disk: Disk, paths: readonly string[]): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const path of paths) {
    const entry = await entryAt(disk, path);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}
