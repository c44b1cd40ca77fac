/** Opening an archive: what makes a folder one, and the stores that write into it as one run. */
import { constants } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { systemClock } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import { safeName } from '../core/identity.ts';
import type { ArticleSource } from '../core/identity.ts';
import type { CaptureStore, SnapshotStore } from '../core/ports.ts';
import type { Look } from '../core/schema.ts';
import { FileCaptureStore } from './captures-fs.ts';
import { asArchiveError, Disk, errnoOf, nodeFs } from './disk.ts';
import type { Fs } from './disk.ts';
import { isForeign, MARKER } from './layout.ts';
import { Locks } from './lock.ts';
import { MARKER_TEXT } from './marker.ts';
import { thisProcess } from './owner.ts';
import type { Owner } from './owner.ts';
import { recoverRuns } from './recover.ts';
import { Run } from './run.ts';
import { FileSnapshotStore } from './store-fs.ts';

export interface ArchiveOptions {
  readonly dir: string;
  /** What the run does, such as `archive`; stands in its manifest. */
  readonly command: string;
  /** Name and version of the program; stands in its manifest and captures. */
  readonly program: string;
  /** Whether a missing or empty folder becomes an archive. */
  readonly create: boolean;
  /** Opened so, nothing at all is written. */
  readonly readOnly?: boolean;
  readonly clock?: Clock;
  /** Whose page an address is: an article may be filed under its publisher's id. */
  readonly sourceOf?: (url: string) => ArticleSource | undefined;
  /** How long a visit waits for another process that holds the same article. Default 30 s. */
  readonly lockWaitMs?: number;
  /** A WARC file that has grown to this is closed and another begun. Default 1 GiB. */
  readonly maxWarcBytes?: number;
  /** No stored body is inflated beyond this. Default 256 MiB. */
  readonly maxBodyBytes?: number;
  /** For tests: the disk, and who we are. */
  readonly fs?: Fs;
  readonly owner?: Owner;
}

export interface Archive {
  readonly dir: string;
  /** Name of the run that this process writes as; null where it only reads. */
  readonly run: string | null;
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  /**
   * Takes a name that one process at a time may have, such as the crawl of a source, and gives the way to let go of it.
   * A holder that died is no obstacle. Throws `E_CRAWL_BUSY`.
   */
  alone(name: string): Promise<() => Promise<void>>;
  /** Runs of dead processes that opening sealed. */
  readonly recovered: readonly string[];
  /** Ends the run: closes its files and writes the manifest over them. Gives its path, empty for a run that wrote nothing. */
  seal(counts: Record<string, number>, ended: 'finished' | 'interrupted'): Promise<string>;
  /** Lets go of everything without a manifest, as a crash would; after `seal` there is nothing left to let go of. */
  close(): Promise<void>;
}

/**
 * Opens the archive in `dir`; for writing, first seals the runs that dead processes left open.
 *
 * Throws `E_ARCHIVE_NOT_ONE` for what is no archive, `E_ARCHIVE_DAMAGED` or `_MISSING` for a broken or lost
 * `archive.json`, `E_ARCHIVE_READ_ONLY`, `E_ARCHIVE_DISK_FULL`.
 */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { dir, clock = systemClock, fs = nodeFs, owner = thisProcess(), command, program } = options;
  const disk = new Disk(dir, fs);
  await assertArchive(disk, options.create && !options.readOnly);
  const run = options.readOnly ? null : new Run(disk, clock, { command, program, owner });
  const locks = new Locks(disk, clock, owner);
  const captures = new FileCaptureStore({ ...options, disk, clock, run });
  const { lockWaitMs, sourceOf } = options;
  const snapshots = new FileSnapshotStore({
    disk,
    clock,
    locks,
    run,
    validatorsOf: (capture) => captures.validatorsOf(capture),
    ...(lockWaitMs === undefined ? {} : { lockWaitMs }),
    ...(sourceOf === undefined ? {} : { sourceOf }),
  });
  let recovered: string[] = [];
  if (run !== null) {
    await assertWritable(disk);
    await tidy(disk);
    const mendHead = (look: Look, temp: string) => snapshots.mendHead(look, temp);
    recovered = await recoverRuns({ disk, clock, locks, me: owner, mendHead });
  }
  return {
    dir,
    run: run?.id ?? null,
    snapshots,
    captures,
    alone: (name) => alone(locks, dir, name),
    recovered,
    seal: async (counts, ended) => {
      const path = await snapshots.seal(counts, await captures.seal(), ended);
      await locks.stop();
      return path;
    },
    close: async () => {
      await locks.stop();
      await captures.close();
      await snapshots.close();
    },
  };
}

async function alone(locks: Locks, dir: string, name: string): Promise<() => Promise<void>> {
  try {
    const lock = await locks.acquire(safeName(name), 0);
    return () => lock.release();
  } catch (thrown) {
    if (!(thrown instanceof TearsheetError) || thrown.code !== 'E_ARCHIVE_BUSY') throw thrown;
    const message = `${dir}: expected to be alone at ${name.replace('-', ' ')}, got another process at it; wait until it has ended`;
    throw new TearsheetError('E_CRAWL_BUSY', message, { cause: thrown });
  }
}

async function assertArchive(disk: Disk, mayCreate: boolean): Promise<void> {
  const facts = await disk.facts('.');
  if (facts !== null && facts.kind !== 'folder') throw notOne(disk.root, 'a file');
  const marker = facts === null ? null : await disk.read(MARKER);
  if (marker !== null) return assertMarker(disk, marker.toString('utf8'));
  const listed = facts === null ? [] : await disk.names('.');
  const names = listed.filter((name) => !isForeign(name) && !MARKER_IN_THE_MAKING.test(name));
  // Another process made the folder an archive between the two looks at it.
  const madeNow = names.length > 0 ? await disk.read(MARKER) : null;
  if (madeNow !== null) return assertMarker(disk, madeNow.toString('utf8'));
  if (['articles', 'captures', 'looks', 'runs'].filter((name) => names.includes(name)).length > 1) {
    const message = `${disk.at(MARKER)}: expected the file that marks an archive, got none beside an archive's folders; run tearsheet verify`;
    throw new TearsheetError('E_ARCHIVE_MISSING', message);
  }
  if (names.length > 0) throw notOne(disk.root, `one that holds ${names.slice(0, 3).join(', ')}`);
  if (!mayCreate) throw notOne(disk.root, facts === null ? 'nothing there' : 'an empty one');
  await initialise(disk);
}

function notOne(dir: string, got: string): TearsheetError {
  const message = `${dir}: expected the folder of an archive, got ${got}; name another with --archive, or begin one with tearsheet archive URL`;
  return new TearsheetError('E_ARCHIVE_NOT_ONE', message);
}

function assertMarker(disk: Disk, text: string): void {
  if (text === MARKER_TEXT) return;
  let schema: unknown;
  try {
    ({ schema } = JSON.parse(text) as { schema?: unknown });
  } catch {
    schema = undefined;
  }
  if (typeof schema === 'number' && schema > 1) {
    throw notOne(disk.root, `one of schema ${schema}, made by a newer program`);
  }
  const message = `${disk.at(MARKER)}: expected ${JSON.stringify(MARKER_TEXT)}, got something else; run tearsheet verify`;
  throw new TearsheetError('E_ARCHIVE_DAMAGED', message);
}

async function initialise(disk: Disk): Promise<void> {
  try {
    await makeFolders(disk);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOTDIR') throw notOne(disk.root, 'a path through a file');
    if (errnoOf(thrown) === 'ENOENT') {
      // A file system that holds no folders of ours, such as /proc, says so of the new one.
      const message = `${disk.root}: expected to make the folder of an archive, but none can be made there; name another with --archive`;
      throw new TearsheetError('E_ARCHIVE_READ_ONLY', message);
    }
    throw asArchiveError(thrown, disk.root);
  }
  try {
    await disk.createWhole(MARKER, MARKER_TEXT, `${MARKER}.${randomBytes(6).toString('hex')}.tmp`);
  } catch (thrown) {
    // Another process was faster, and tidied up after us.
    if ((await disk.read(MARKER)) === null) throw thrown;
  }
}

const MARKER_IN_THE_MAKING = /^archive\.json\.[0-9a-f]{12}\.tmp$/;
/** What a process left that died while it made the folder an archive. */
async function tidy(disk: Disk): Promise<void> {
  for (const name of await disk.names('.')) if (MARKER_IN_THE_MAKING.test(name)) await disk.remove(name);
}

/**
 * Makes a folder and those above it, for good. (Node's own way of making several says of a read-only disk that the folder
 * above is missing.)
 */
async function makeFolders(disk: Disk, folder = '.'): Promise<void> {
  const above = folder === '.' ? '..' : `${folder}/..`;
  const make = () =>
    disk.fs.mkdir(disk.at(folder)).catch((thrown: unknown) => {
      if (errnoOf(thrown) !== 'EEXIST') throw thrown;
    });
  try {
    await make();
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT' || disk.at(above) === disk.at(folder)) throw thrown;
    await makeFolders(disk, above);
    await make();
  }
  await disk.syncFolder(above);
}

/** So that a read-only disk is told before a page is fetched, not after. */
async function assertWritable(disk: Disk): Promise<void> {
  try {
    await disk.fs.access(disk.root, constants.W_OK);
  } catch (thrown) {
    throw asArchiveError(thrown, disk.root);
  }
}
