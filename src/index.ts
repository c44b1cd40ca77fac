/** Tearsheet as a library. */
import { clean as cleanPage, explanationsOf, labelledView as viewPage } from './clean/index.ts';
import type { Imprint } from './clean/index.ts';
import type { RuleSource } from './core/rules.ts';
import type { CaptureStore, SnapshotStore, VerifyReport } from './core/ports.ts';
import type { Reading } from './core/schema.ts';
import type { SourceRules, Sources } from './core/sources.ts';
import type { Visit } from './visit.ts';
import { todaysRules } from './reader.ts';
import { openToRead, openToWrite, settingsOf, sourcesOf, verify } from './wiring.ts';

export { articleHtml, articleMarkdown, articleText, bodyText } from './clean/index.ts';
export type { ArticleHtmlOptions, Imprint } from './clean/index.ts';
export { compare, hasEdits, summarise } from './compare/index.ts';
export { ERRORS, TearsheetError } from './core/errors.ts';
export type { ErrorCode } from './core/errors.ts';
export type * from './core/labels.ts';
export type * from './core/ports.ts';
export type * from './core/schema.ts';
export type { Source, SourceRules, Sources } from './core/sources.ts';
export type { Visit } from './visit.ts';

export interface CleanOptions {
  /** Where the page came from. */
  readonly url: string;
  /** As the server gave it; `text/plain` is read as a dump. */
  readonly contentType?: string;
  /** When it was fetched, UTC with milliseconds. Of the source's dated rules those for that day apply. */
  readonly fetchedAt?: string;
  /** Whose page it is: `(await sources()).of(url)`. */
  readonly source?: SourceRules | undefined;
  /** The package's own rules unless given. */
  readonly rules?: RuleSource;
}

/** Reads a page: the same arguments give the same reading, byte for byte. Throws `E_RULES_INVALID`. */
export function clean(page: Uint8Array | string, options: CleanOptions): Reading {
  return cleanPage(page, { ...options, rules: options.rules ?? todaysRules().rules });
}

/** The source files of a folder, `config/sources` unless given. Throws `E_SOURCE_INVALID`, `E_CONFIG_*`. */
export const sources = (dir?: string): Promise<Sources> =>
  sourcesOf(settingsOf(surroundingsOf(dir === undefined ? {} : { sources: dir })));

/** The whole page, block by block, in colour by label and with what each rule means: one HTML page without a script. */
export const labelledView = (reading: Reading, imprint: Imprint): string =>
  viewPage(reading, imprint, explanationsOf(todaysRules().rules));

export interface ArchiveOptions {
  /** Folder of the archive; `archive` unless given. */
  readonly archive?: string;
  /** Folder of the source files; `config/sources` unless given. */
  readonly sources?: string;
  /** A file of settings; the defaults unless given. */
  readonly config?: string;
  /** Private or local ranges that may be fetched from. */
  readonly allowAddresses?: readonly string[];
  readonly signal?: AbortSignal;
}

const surroundingsOf = ({ archive, sources: dir, config, allowAddresses }: ArchiveOptions) => ({
  io: { env: {} },
  globals: {
    ...(archive !== undefined && { archive }),
    ...(dir !== undefined && { sources: dir }),
    ...(config !== undefined && { config }),
    ...(allowAddresses !== undefined && { allowAddress: allowAddresses }),
  },
});

/**
 * Visits one page in a run of its own and writes down what came of it. Throws `E_URL_*`, `E_CONFIG_*`, `E_ARCHIVE_*`; what the
 * page or its server did wrong is a visit whose `error` says so.
 */
export async function archiveUrl(url: string, options: ArchiveOptions = {}): Promise<Visit> {
  const session = await openToWrite(surroundingsOf(options), 'library');
  let visit: Visit | undefined;
  try {
    visit = await session.archiveUrl(url, options.signal);
    return visit;
  } finally {
    const ended = options.signal?.aborted ? 'interrupted' : 'finished';
    await session.close(ended, visit === undefined ? { pages: 0 } : { pages: 1, [visit.outcome]: 1 });
  }
}

export interface Archive {
  /** Folder of the archive. */
  readonly dir: string;
  /** Articles, versions, changes and looks. */
  readonly snapshots: Pick<SnapshotStore, 'list' | 'find' | 'version' | 'versions' | 'change' | 'looks' | 'head'>;
  readonly captures: Pick<CaptureStore, 'read'>;
  verify(): Promise<VerifyReport>;
}

/** An archive that exists, for reading. Throws `E_ARCHIVE_NOT_ONE`. */
export async function open(options: Pick<ArchiveOptions, 'archive' | 'sources' | 'config'> = {}): Promise<Archive> {
  const surroundings = surroundingsOf(options);
  const { dir, snapshots, captures } = await openToRead(surroundings);
  return { dir, snapshots, captures, verify: async () => (await verify(surroundings)).report };
}
