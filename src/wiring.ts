/**
 * Builds the parts from the settings, and closes them again. The only file that knows which store, which fetcher. Rooms are
 * loaded when they are first needed, since loading takes most of a short command's time.
 */
import { instantOf, systemClock } from './core/clock.ts';
import type { Clock } from './core/clock.ts';
import { loadConfig } from './core/config.ts';
import type { Config } from './core/config.ts';
import { createLog } from './core/log.ts';
import { PROGRAM, USER_AGENT_TOKEN, userAgentOf } from './core/package.ts';
import type { RobotsRecord } from './core/frontier-ports.ts';
import type { CaptureStore, Fetcher, SnapshotStore, StoredSnapshot, Target, VerifyReport } from './core/ports.ts';
import { SETTINGS } from './core/settings.ts';
import { loadSources } from './core/source-file.ts';
import type { Sources } from './core/sources.ts';
import type { Reading } from './core/schema.ts';
import type { Press } from './demo/server.ts';
import { openBrowser } from './wiring-render.ts';
import type { BrowserParts } from './wiring-render.ts';
import { cleanRoom, createReader, todaysRules } from './reader.ts';
import type { ReadPageLater } from './reader.ts';
import { fetchedAtOf } from './visit.ts';
import type { Parts, ReadPage, Visit } from './visit.ts';

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
    userAgent: userAgentOf(contact),
    clock,
  });
}

/**
 * The source files of the folder that is meant; a folder that nobody named may be missing. Costs nothing where there is no
 * file. Throws `E_SOURCE_INVALID`.
 */
export const sourcesOf = ({ sources: { dir } }: Config, mayBeMissing = false): Promise<Sources> =>
  loadSources(dir, {
    mayBeMissing: mayBeMissing || dir === SETTINGS.sources.dir.default,
    selectors: async () => (await cleanRoom()).faultOfSelector,
  });

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
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  archiveUrl(url: string, signal?: AbortSignal): Promise<Visit>;
  /** The same for a page that was found. */
  archiveTarget(target: Target, signal?: AbortSignal): Promise<Visit>;
  /** Takes a name that one process at a time may have. Throws `E_CRAWL_BUSY`. */
  alone(name: string): Promise<() => Promise<void>>;
  /** Ends the run: closes what is open and writes the manifest. */
  close(ended: 'finished' | 'interrupted', counts: Record<string, number>): Promise<void>;
}

/** What a run has of its own: another fetcher than the plain one, the word of robots.txt, a browser. */
export interface RunParts extends Pick<Parts, 'robots' | 'render'> {
  readonly makeFetcher?: (clock: Clock) => Fetcher;
  /** Reads pages elsewhere than in this thread. */
  readonly read?: ReadPageLater | undefined;
  /** Pictures of pages that are kept beside them. */
  readonly views?: BrowserParts['views'];
}

/** The same fetcher; the clean room is loaded, in 100 ms, while the server thinks. */
const whileLoading = (fetcher: Fetcher): Pick<Fetcher, 'fetch'> => ({
  fetch: (...given) => {
    const capture = fetcher.fetch(...given);
    cleanRoom().catch(() => undefined);
    return capture;
  },
});

/** robots.txt as a one-off run asks it: of each host once, noted with the look or obeyed as the setting says. */
async function robotsFor({ archive, crawl }: Config, clock: Clock, fetcher: Fetcher): Promise<Pick<Parts, 'robots'>> {
  if (archive.robots === 'ignore') return {};
  const { RobotsBook } = await import('./fetch/robots.ts');
  const records = new Map<string, RobotsRecord>();
  const book = new RobotsBook({
    fetcher,
    frontier: {
      robots: async (origin) => records.get(origin) ?? null,
      keepRobots: async (record) => void records.set(record.origin, record),
    },
    clock,
    maxAgeMs: crawl.robotsMaxAgeMs,
    maxCrawlDelayMs: crawl.maxCrawlDelayMs,
    userAgentToken: USER_AGENT_TOKEN,
  });
  return { robots: { isBinding: archive.robots === 'obey', of: (url, signal) => book.of(url, signal) } };
}

/** Opens an archive for one run of `command`, and makes it where there is none. */
export async function openToWrite(
  surroundings: Surroundings,
  command: string,
  { makeFetcher, views, read, ...own }: RunParts = {},
): Promise<WritingSession> {
  const config = settingsOf(surroundings);
  const clock = systemClock;
  const [{ openArchive }, { archiveUrl }, sources] = await Promise.all([
    import('./archive/index.ts'),
    import('./pipeline.ts'),
    sourcesOf(config),
  ]);
  const sourceOf = (url: string) => sources.of(url);
  const options = { dir: config.archive.dir, clock, command, program: PROGRAM, sourceOf };
  const archive = await openArchive({ ...options, create: true });
  const fetcher = makeFetcher?.(clock) ?? (await fetcherFor(config, clock));
  const browser = makeFetcher === undefined ? openBrowser({ config, clock, sources, ...(views && { views }) }) : null;
  const { snapshots, captures, dir } = archive;
  const parts = {
    ...createReader(config, captures, sources, read),
    sourceOf,
    fetcher: read === undefined ? whileLoading(fetcher) : fetcher,
    snapshots,
    captures,
    clock,
    ...(makeFetcher === undefined && (await robotsFor(config, clock, fetcher))),
    ...(browser && { render: browser.render }),
    ...own,
  };
  const archiveTarget = told(config, parts, archiveUrl);
  return {
    dir,
    snapshots,
    captures,
    archiveTarget,
    archiveUrl: (url, signal) => archiveTarget({ url, foundBy: 'command', foundAt: instantOf(clock.now()) }, signal),
    alone: (name) => archive.alone(name),
    close: async (ended, counts) => {
      await browser?.close();
      await fetcher.close();
      await archive.seal(counts, ended);
    },
  };
}

/** Visits pages, and where that is wanted logs what came of each and how long it took. */
function told({ log: { level } }: Config, parts: Parts, archiveUrl: ArchiveUrl): WritingSession['archiveTarget'] {
  const log = createLog(level).child('pipeline');
  if (!log.wants('info')) return (target, signal) => archiveUrl(parts, target, signal);
  return async (target, signal) => {
    const { timed, tookMs } = timekeeping(parts);
    const visit = await archiveUrl(timed, target, signal);
    log.info('visited', { url: target.url, outcome: visit.outcome, article: visit.article, tookMs });
    return visit;
  };
}
type ArchiveUrl = (parts: Parts, target: Target, signal?: AbortSignal) => Promise<Visit>;

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
