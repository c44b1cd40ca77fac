/**
 * SQLite, whichever this Node has: its own (`node:sqlite`, from 22.13 on), else better-sqlite3, an optional dependency that
 * may not be there. Both are given the shape of better-sqlite3 that Kysely speaks to.
 */
import { createRequire } from 'node:module';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { TearsheetError, type ErrorCode } from '../core/errors.ts';

/** What can be bound in both; Kysely hands over undefined for columns that are left out. */
type Bound = null | number | string | bigint | Uint8Array;
interface RawStatement {
  readonly reader?: boolean;
  all(...parameters: Bound[]): unknown[];
  run(...parameters: Bound[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: Bound[]): IterableIterator<unknown>;
  /** Of node:sqlite, from 22.16 on. */
  columns?(): readonly unknown[];
}
interface RawDatabase {
  prepare(sql: string): RawStatement;
  close(): void;
}
/** Opens a file, or `:memory:`. */
export type SqliteEngine = (path: string) => RawDatabase;

/** `node:sqlite` where Node has it and lets it be used without a flag. */
export function nodeSqlite(): SqliteEngine | null {
  try {
    const { DatabaseSync } = quietly(() => createRequire(import.meta.url)('node:sqlite')) as {
      DatabaseSync: new (path: string) => RawDatabase;
    };
    return (path) => new DatabaseSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** better-sqlite3 where it is installed and was built for this Node. */
export function betterSqlite(): SqliteEngine | null {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3') as new (path: string) => RawDatabase;
    // The native part is looked for when a database is opened, not when the package is loaded.
    new Database(':memory:').close();
    return (path) => new Database(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  /^(?:MODULE_NOT_FOUND|ERR_MODULE_NOT_FOUND|ERR_UNKNOWN_BUILTIN_MODULE|ERR_DLOPEN_FAILED)$/.test(codeOf(error)) ||
  /could not locate the bindings file/i.test((error as Error).message);
const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? '');

/** Without Node's notice that its SQLite is experimental, and with every other warning. */
function quietly<T>(load: () => T): T {
  // eslint-disable-next-line typescript/unbound-method -- put back as it was
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]): void => {
    const isNotice = /sqlite/i.test(String(warning)) && JSON.stringify(rest).includes('ExperimentalWarning');
    if (!isNotice) Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Name and version of the engine of this Node, for people. Throws `E_SQLITE_MISSING`. */
export function nameOfSqlite(): string {
  const database = openSqlite(':memory:', sqliteEngine());
  try {
    const [row] = database.prepare('select sqlite_version() as version').all([]) as { version: string }[];
    return `${nodeSqlite() === null ? 'better-sqlite3' : 'node:sqlite'}, SQLite ${row?.version}`;
  } finally {
    database.close();
  }
}

/** The engine of this Node. Throws `E_SQLITE_MISSING` where there is none. */
export function sqliteEngine(candidates: readonly (() => SqliteEngine | null)[] = [nodeSqlite, betterSqlite]) {
  for (const candidate of candidates) {
    const engine = candidate();
    if (engine !== null) return engine;
  }
  const message = `Node ${process.versions.node}: expected node:sqlite or better-sqlite3, got neither; use Node 22.13 or later, or run npm install better-sqlite3`;
  throw new TearsheetError('E_SQLITE_MISSING', message);
}

/** Texts of statements that are kept prepared; those of batches are long, differ in length, and are prepared anew. */
const MAX_PREPARED = 100;
const MAX_PREPARED_CHARS = 4_000;

/** A database as Kysely wants it. Throws what the engine throws; see `asFrontierError`. */
export function openSqlite(path: string, engine: SqliteEngine): SqliteDatabase {
  const raw = engine(path);
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = adapted(raw.prepare(sql), sql);
      if (sql.length > MAX_PREPARED_CHARS) return statement;
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
    close() {
      prepared.clear();
      raw.close();
    },
  };
}

const RETURNS_ROWS = /^\s*(?:select|with|values|pragma|explain)\b|\breturning\b/i;

function adapted(statement: RawStatement, sql: string): SqliteStatement {
  const reader = statement.reader ?? (statement.columns ? statement.columns().length > 0 : RETURNS_ROWS.test(sql));
  return {
    reader,
    all: (parameters) => statement.all(...parameters.map(bound)),
    run: (parameters) => statement.run(...parameters.map(bound)),
    iterate: (parameters) => statement.iterate(...parameters.map(bound)),
  };
}

const bound = (value: unknown): Bound => (typeof value === 'boolean' ? Number(value) : ((value ?? null) as Bound));

/** Result codes of SQLite (https://www.sqlite.org/rescode.html), the primary ones, as better-sqlite3 spells them. */
const PRIMARY: Readonly<Record<number, string>> = {
  3: 'PERM',
  5: 'BUSY',
  6: 'LOCKED',
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  26: 'NOTADB',
};
/** `BUSY`, `CORRUPT` and the like for what either engine throws; null for what does not come from SQLite. */
export function sqliteFault(error: unknown): string | null {
  const { errcode, message } = error as { errcode?: number; message?: string };
  if (typeof errcode === 'number') return PRIMARY[errcode & 0xff] ?? 'ERROR';
  // better-sqlite3 looks for the folder itself.
  if (/directory does not exist/.test(message ?? '')) return 'CANTOPEN';
  return /^SQLITE_([A-Z]+)/.exec(codeOf(error))?.[1] ?? null;
}

/** What a fault means to the operator: its code, what was expected, and what to do. */
const MEANING: Readonly<Record<string, readonly [code: ErrorCode, expected: string, advice: string]>> = {
  CORRUPT: [
    'E_FRONTIER_DAMAGED',
    'a sound database',
    'delete it and run tearsheet crawl: it is rebuilt from the archive',
  ],
  NOTADB: ['E_FRONTIER_DAMAGED', 'a database', 'delete it and run tearsheet crawl: it is rebuilt from the archive'],
  IOERR: [
    'E_FRONTIER_DAMAGED',
    'to read and write it',
    'check the disk; if it is sound, delete the file and run tearsheet crawl: it is rebuilt from the archive',
  ],
  FULL: ['E_ARCHIVE_DISK_FULL', 'room on the disk', 'free some and run it again'],
  PERM: ['E_ARCHIVE_READ_ONLY', 'to write it', 'check its owner and permissions'],
  READONLY: ['E_ARCHIVE_READ_ONLY', 'to write it', 'check its owner and permissions'],
  CANTOPEN: ['E_ARCHIVE_READ_ONLY', 'to open it', 'check that its folder exists and can be written'],
  BUSY: ['E_CRAWL_BUSY', 'a turn at writing it', 'wait until the other process is done and run it again'],
  LOCKED: ['E_CRAWL_BUSY', 'a turn at writing it', 'wait until the other process is done and run it again'],
};

/** The error that the program tells of: SQLite's own as the code it means, every other as it is. */
export function asFrontierError(path: string, error: unknown): unknown {
  const [code, expected, advice] = MEANING[sqliteFault(error) ?? ''] ?? [];
  if (code === undefined) return error;
  const message = `${path}: expected ${expected}, got "${(error as Error).message}"; ${advice}`;
  return new TearsheetError(code, message, { cause: error });
}

/** The error of a file that is a database, but not one that this program can use. */
export const notOurs = (path: string, expected: string, got: string, advice: string): TearsheetError =>
  new TearsheetError('E_FRONTIER_DAMAGED', `${path}: expected ${expected}, got ${got}; ${advice}`);
