/**
 * Builds the parts from the settings, and closes them again. The only file that knows which store, which fetcher. Rooms are
 * loaded when they are first needed, since loading takes most of a short command's time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WordLists } from './compare/index.ts';
import { instantOf, systemClock } from './core/clock.ts';
import type { Clock } from './core/clock.ts';
import { configDigest, loadConfig } from './core/config.ts';
import type { Config } from './core/config.ts';
import { asTearsheetError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import { PROGRAM, ROOT } from './core/package.ts';
import type { CaptureStore, Fetcher, SnapshotStore, StoredSnapshot, VerifyReport } from './core/ports.ts';
import { loadRules } from './core/rules.ts';
import { SETTINGS } from './core/settings.ts';
import { loadSources } from './core/source-file.ts';
import { digestOfRules, NO_SOURCES } from './core/sources.ts';
import type { Sources } from './core/sources.ts';
import type { Reading } from './core/schema.ts';
import type { Press } from './demo/server.ts';
import { fetchedAtOf, textOfStored } from './visit.ts';
import type { Parts, ReadPage, Reader, Visit } from './visit.ts';

/** Where settings come from: the environment and the flags of a command. */
export interface Surroundings {
  readonly io: { readonly env: Readonly<Record<string, string | undefined>> };
  readonly globals: {
    readonly archive?: string;
    readonly sources?: string;
    readonly config?: string;
    readonly allowAddress?: readonly string[];
    readonly logLevel?: string;
  };
}

/** Throws `E_CONFIG_*`. */
export const settingsOf = ({ io, globals }: Surroundings): Config =>
  loadConfig({
    file: globals.config,
    env: io.env,
    flags: {
      'archive.dir': globals.archive,
      'sources.dir': globals.sources,
      'log.level': globals.logLevel,
      'fetch.allowAddresses': globals.allowAddress,
    },
  });

async function fetcherFor(config: Config, clock: Clock): Promise<Fetcher> {
  const { createHttpFetcher } = await import('./fetch/http.ts');
  const { contact } = config.fetch;
  return createHttpFetcher({
    ...config.fetch,
    userAgent: contact === '' ? PROGRAM : `${PROGRAM} (+${contact})`,
    clock,
  });
}

const cleanRoom = () => import('./clean/index.ts');

let loaded: ReturnType<typeof loadRules> | undefined;
/** Read once a process: parsing them takes longer than cleaning a page. Throws `E_RULES_INVALID`. */
export const todaysRules = (): ReturnType<typeof loadRules> => (loaded ??= loadRules());

/**
 * The source files of the folder that is meant; a folder that nobody named may be missing. Costs nothing where there is no
 * file. Throws `E_SOURCE_INVALID`.
 */
export const sourcesOf = ({ sources: { dir } }: Config): Promise<Sources> =>
  loadSources(dir, {
    mayBeMissing: dir === SETTINGS.sources.dir.default,
    selectors: async () => (await cleanRoom()).faultOfSelector,
  });

type ReadPageLater = (...given: Parameters<ReadPage>) => Promise<Reading>;

/** Words that a rewording is judged by: `config/words/wording.json`. */
export const wordLists = (): WordLists =>
  JSON.parse(readFileSync(join(ROOT, 'config/words/wording.json'), 'utf8')) as WordLists;

/** Today's program over stored captures. The rules are read at once, the clean room with the first page. Throws `E_RULES_INVALID`. */
export function createReader(config: Config, captures: CaptureStore, sources: Sources = NO_SOURCES): Reader {
  const { rules, digest } = todaysRules();
  const constant = { program: PROGRAM, config: configDigest(config), node: process.versions.node };
  const madeBy: Reader['madeBy'] = ({ url, fetchedAt }) => ({
    ...constant,
    rules: digestOfRules(digest, sources.of(url), fetchedAt),
  });
  const read: ReadPageLater = async (page, about) =>
    (await cleanRoom()).clean(page, { ...about, rules, source: sources.of(about.url) });
  return {
    madeBy,
    words: wordLists(),
    read: (capture) => {
      const { text, finalUrl, contentType } = capture;
      return read(text, { url: finalUrl, contentType, fetchedAt: fetchedAtOf(capture) });
    },
    readAgain: (kept) => readAgain(kept, madeBy, captures, read),
  };
}

/**
 * The stored reading where today's program made it; else the capture read again. A capture that is lost or damaged stops
 * nothing: then what was read at the time stands.
 */
async function readAgain(
  { snapshot: { capture, reading: stored, madeBy: was, version, url } }: StoredSnapshot,
  madeByOf: Reader['madeBy'],
  captures: CaptureStore,
  read: ReadPageLater,
): Promise<{ reading: Reading; note?: string }> {
  const madeBy = madeByOf({ url, fetchedAt: capture.date });
  if (was.program === madeBy.program && was.rules === madeBy.rules) return { reading: stored };
  try {
    const { compare, summarise } = await import('./compare/index.ts');
    const { text, contentType } = await textOfStored(await captures.read(capture));
    const reading = await read(text, { url, contentType, fetchedAt: capture.date });
    const change = compare(stored, reading, { isSameBytes: true });
    const hasNews = change.relabelled.length > 0;
    return { reading, ...(hasNews && { note: `v${version} by today's rules: ${summarise(change)}` }) };
  } catch (thrown) {
    const { code } = asTearsheetError(thrown);
    if (code === 'E_RULES_INVALID') throw thrown;
    return {
      reading: stored,
      note: `v${version} could not be read again (${code}); its reading of the time was compared`,
    };
  }
}

export interface ReadingSession {
  readonly dir: string;
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  readonly config: Config;
  readonly sources: Sources;
}

/** Opens an archive that exists, to look and not to touch. Throws `E_ARCHIVE_NOT_ONE`. */
export async function openToRead(surroundings: Surroundings): Promise<ReadingSession> {
  const config = settingsOf(surroundings);
  const [{ openArchive }, sources] = await Promise.all([import('./archive/index.ts'), sourcesOf(config)]);
  const sourceOf = (url: string) => sources.of(url);
  const options = { dir: config.archive.dir, clock: systemClock, command: 'read', program: PROGRAM, sourceOf };
  const { dir, snapshots, captures } = await openArchive({ ...options, create: false, readOnly: true });
  return { dir, snapshots, captures, config, sources };
}

/** Throws `E_ARCHIVE_NOT_ONE`. */
export async function verify(surroundings: Surroundings): Promise<{ dir: string; report: VerifyReport }> {
  const { dir } = settingsOf(surroundings).archive;
  const { verifyArchive } = await import('./archive/index.ts');
  return { dir, report: await verifyArchive(dir, { clock: systemClock }) };
}

export interface WritingSession {
  readonly dir: string;
  archiveUrl(url: string, signal?: AbortSignal): Promise<Visit>;
  /** Ends the run: closes what is open and writes the manifest. */
  close(ended: 'finished' | 'interrupted', counts: Record<string, number>): Promise<void>;
}

/** Opens an archive for one run of `command`, and makes it where there is none. */
export async function openToWrite(
  surroundings: Surroundings,
  command: string,
  makeFetcher?: (clock: Clock) => Fetcher,
): Promise<WritingSession> {
  const config = settingsOf(surroundings);
  const clock = systemClock;
  const log = createLog(config.log.level).child('pipeline');
  const [{ openArchive }, { archiveUrl }, sources] = await Promise.all([
    import('./archive/index.ts'),
    import('./pipeline.ts'),
    sourcesOf(config),
  ]);
  const sourceOf = (url: string) => sources.of(url);
  const options = { dir: config.archive.dir, clock, command, program: PROGRAM, sourceOf };
  const archive = await openArchive({ ...options, create: true });
  const fetcher = makeFetcher?.(clock) ?? (await fetcherFor(config, clock));
  const { snapshots, captures, dir } = archive;
  const parts = {
    ...createReader(config, captures, sources),
    sourceOf,
    fetcher: {
      fetch: (...given: Parameters<Fetcher['fetch']>) => {
        const capture = fetcher.fetch(...given);
        // 100 ms of loading, while the server thinks.
        cleanRoom().catch(() => undefined);
        return capture;
      },
    },
    snapshots,
    captures,
    clock,
  };
  return {
    dir,
    archiveUrl: async (url, signal) => {
      const target = { url, foundBy: 'command', foundAt: instantOf(clock.now()) } as const;
      if (!log.wants('info')) return archiveUrl(parts, target, signal);
      const { timed, tookMs } = timekeeping(parts);
      const visit = await archiveUrl(timed, target, signal);
      log.info('visited', { url, outcome: visit.outcome, article: visit.article, tookMs });
      return visit;
    },
    close: async (ended, counts) => {
      await fetcher.close();
      await archive.seal(counts, ended);
    },
  };
}

/** The same parts, and how long each of them was at work in one visit. Whole ms; `hold` holds compare, version and look. */
function timekeeping(parts: Parts): { timed: Parts; tookMs: Readonly<Record<string, number>> } {
  const tookMs: Record<string, number> = {};
  const { fetcher, captures, snapshots, clock } = parts;
  const timing = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const startedMs = clock.now();
    try {
      return await work();
    } finally {
      tookMs[part] = (tookMs[part] ?? 0) + clock.now() - startedMs;
    }
  };
  const timed: Parts = {
    ...parts,
    fetcher: { fetch: (...given) => timing('fetch', () => fetcher.fetch(...given)) },
    captures: { write: (...given) => timing('capture', () => captures.write(...given)) },
    snapshots: {
      head: (key) => timing('head', () => snapshots.head(key)),
      hold: (...given) => timing('hold', () => snapshots.hold(...given)),
    },
    read: (capture) => timing('read', () => parts.read(capture)),
  };
  return { timed, tookMs };
}

export interface Cleaner {
  readonly read: ReadPage;
  /** Throws `E_URL_*`, `E_FETCH_*`. */
  fetchAndRead(url: string, signal?: AbortSignal): Promise<{ reading: Reading; finalUrl: string; status: number }>;
  close(): Promise<void>;
}

/** Reads pages and keeps nothing; the fetcher is made with the first URL. `at` is when pages were fetched that do not say. */
export async function openCleaner(surroundings: Surroundings, at?: string): Promise<Cleaner> {
  const config = settingsOf(surroundings);
  const { rules } = todaysRules();
  const { clean } = await cleanRoom();
  const sources = await sourcesOf(config);
  const ofThen = at === undefined ? {} : { fetchedAt: at };
  const read: ReadPage = (page, about) => clean(page, { ...ofThen, ...about, rules, source: sources.of(about.url) });
  let fetcher: Promise<Fetcher> | undefined;
  return {
    read,
    fetchAndRead: async (url, signal) => {
      fetcher ??= fetcherFor(config, systemClock);
      const capture = await (await fetcher).fetch({ url }, signal);
      const { text, finalUrl, contentType, status } = capture;
      const reading = read(text, { url: finalUrl, contentType, fetchedAt: fetchedAtOf(capture) });
      return { reading, finalUrl, status };
    },
    close: async () => void (await (await fetcher)?.close()),
  };
}

/** Two kept versions as one program reads them: what is stored where the same rules read both, else both read again. */
export async function readAlike(
  session: ReadingSession,
  older: StoredSnapshot,
  newer: StoredSnapshot,
): Promise<[Reading, Reading]> {
  const [was, is] = [older.snapshot, newer.snapshot];
  if (was.madeBy.program === is.madeBy.program && was.madeBy.rules === is.madeBy.rules)
    return [was.reading, is.reading];
  const reader = createReader(session.config, session.captures, session.sources);
  const [before, after] = [await reader.readAgain(older), await reader.readAgain(newer)];
  return [before.reading, after.reading];
}

export type { Press };
/** The demo's newspaper, first edition, on a port that the system chooses. */
export async function startPress(): Promise<Press> {
  const { startPress: start } = await import('./demo/server.ts');
  return start({ port: 0, host: '127.0.0.1', edition: 1 });
}
