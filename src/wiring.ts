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
import type { MadeBy, Reading } from './core/schema.ts';
import type { Press } from './demo/server.ts';
import type { ReadPage, Reader, Visit } from './visit.ts';

/** Where settings come from: the environment and the flags of a command. */
export interface Surroundings {
  readonly io: { readonly env: Readonly<Record<string, string | undefined>> };
  readonly globals: {
    readonly archive?: string;
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

/** A page as today's program reads it: bytes or text, its address and what the server called it. */
async function pageReader(): Promise<{ readonly read: ReadPage; readonly rulesDigest: string }> {
  const { clean } = await import('./clean/index.ts');
  const { rules, digest } = loadRules();
  return { rulesDigest: digest, read: (page, about) => clean(page, { ...about, rules }) };
}

/** Words that a rewording is judged by: `config/words/wording.json`. */
export const wordLists = (): WordLists =>
  JSON.parse(readFileSync(join(ROOT, 'config/words/wording.json'), 'utf8')) as WordLists;

/** Today's program over stored captures. */
export async function createReader(config: Config, captures: CaptureStore): Promise<Reader> {
  const { read, rulesDigest } = await pageReader();
  const madeBy = { program: PROGRAM, rules: rulesDigest, config: configDigest(config), node: process.versions.node };
  return {
    madeBy,
    words: wordLists(),
    read: ({ text, finalUrl, contentType, startedAt }) =>
      Promise.resolve(read(text, { url: finalUrl, contentType, fetchedAt: startedAt })),
    readAgain: (kept) => readAgain(kept, madeBy, captures, read),
  };
}

/**
 * The stored reading where today's program made it; else the capture read again. A capture that is lost or damaged stops
 * nothing: then what was read at the time stands.
 */
async function readAgain(
  { snapshot: { capture, reading: stored, madeBy: was, version, url } }: StoredSnapshot,
  madeBy: MadeBy,
  captures: CaptureStore,
  read: ReadPage,
): Promise<{ reading: Reading; note?: string }> {
  if (was.program === madeBy.program && was.rules === madeBy.rules) return { reading: stored };
  try {
    const { body } = await captures.read(capture);
    const [{ decodeText }, { compare, summarise }] = await Promise.all([
      import('./core/charset.ts'),
      import('./compare/index.ts'),
    ]);
    const type = capture.contentType ?? 'text/html';
    // The charset that was settled on then, not the one that was declared: the same bytes give the same text.
    const charset = capture.charset === undefined ? '' : `; charset=${capture.charset.used}`;
    const { text } = decodeText(body, { contentType: `${type}${charset}` });
    const reading = read(text, { url, contentType: type, fetchedAt: capture.date });
    const change = compare(stored, reading, { isSameBytes: true });
    const hasNews = change.relabelled.length > 0;
    return { reading, ...(hasNews && { note: `v${version} by today's rules: ${summarise(change)}` }) };
  } catch (thrown) {
    const { code } = asTearsheetError(thrown);
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
}

/** Opens an archive that exists, to look and not to touch. Throws `E_ARCHIVE_NOT_ONE`. */
export async function openToRead(surroundings: Surroundings): Promise<ReadingSession> {
  const config = settingsOf(surroundings);
  const { openArchive } = await import('./archive/index.ts');
  const options = { dir: config.archive.dir, clock: systemClock, command: 'read', program: PROGRAM };
  const { dir, snapshots, captures } = await openArchive({ ...options, create: false, readOnly: true });
  return { dir, snapshots, captures, config };
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
  const [{ openArchive }, { archiveUrl }] = await Promise.all([import('./archive/index.ts'), import('./pipeline.ts')]);
  const options = { dir: config.archive.dir, clock, command, program: PROGRAM };
  const archive = await openArchive({ ...options, create: true });
  const fetcher = makeFetcher?.(clock) ?? (await fetcherFor(config, clock));
  const { snapshots, captures, dir } = archive;
  const parts = { ...(await createReader(config, captures)), fetcher, snapshots, captures, clock };
  return {
    dir,
    archiveUrl: async (url, signal) => {
      const startedMs = clock.now();
      const visit = await archiveUrl(parts, { url, foundBy: 'command', foundAt: instantOf(startedMs) }, signal);
      const { outcome, article } = visit;
      log.info('visited', { url, outcome, article, tookMs: clock.now() - startedMs });
      return visit;
    },
    close: async (ended, counts) => {
      await fetcher.close();
      await archive.seal(counts, ended);
    },
  };
}

export interface Cleaner {
  readonly read: ReadPage;
  /** Throws `E_URL_*`, `E_FETCH_*`. */
  fetchAndRead(url: string, signal?: AbortSignal): Promise<{ reading: Reading; finalUrl: string; status: number }>;
  close(): Promise<void>;
}

/** Reads pages and keeps nothing; the fetcher is made with the first URL. */
export async function openCleaner(surroundings: Surroundings): Promise<Cleaner> {
  const config = settingsOf(surroundings);
  const { read } = await pageReader();
  let fetcher: Promise<Fetcher> | undefined;
  return {
    read,
    fetchAndRead: async (url, signal) => {
      fetcher ??= fetcherFor(config, systemClock);
      const { text, finalUrl, contentType, startedAt, status } = await (await fetcher).fetch({ url }, signal);
      return { reading: read(text, { url: finalUrl, contentType, fetchedAt: startedAt }), finalUrl, status };
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
  const reader = await createReader(session.config, session.captures);
  const [before, after] = [await reader.readAgain(older), await reader.readAgain(newer)];
  return [before.reading, after.reading];
}

export type { Press };
/** The demo's newspaper, first edition, on a port that the system chooses. */
export async function startPress(): Promise<Press> {
  const { startPress: start } = await import('./demo/server.ts');
  return start({ port: 0, host: '127.0.0.1', edition: 1 });
}
