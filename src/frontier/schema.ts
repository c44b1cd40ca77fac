/** The tables of the frontier, and how older ones are brought to today's. */
import { CompiledQuery, sql } from 'kysely';
import type { Generated, Kysely, Selectable, Transaction } from 'kysely';
import type { FrontierEntry, Target, TargetKind } from '../core/frontier-ports.ts';
import { notOurs } from './sqlite.ts';

/** Times are milliseconds since 1970. */
interface EntryTable {
  id: Generated<number>;
  key: string;
  url: string;
  kind: TargetKind;
  lane: number;
  found_by: Target['foundBy'];
  found_at: number;
  /** JSON of `Hints`. */
  hints: string;
  depth: number;
  state: FrontierEntry['state'];
  because: string | null;
  next_at: number;
  /** Place in the lane's queue: below zero for what was never visited (newest claim first), else `next_at`. Due from then on. */
  place: number;
  last_at: number | null;
  last_outcome: string | null;
  etag: string | null;
  last_modified: string | null;
  article: string | null;
  published_at: number | null;
  changed_at: number | null;
  looks: Generated<number>;
  changes: Generated<number>;
  failures: Generated<number>;
  /** Kept when a lease runs out, so that its holder can still finish while nobody else has taken it. */
  lease: string | null;
  lease_until: number | null;
  /** 1 while a claim that something is newer stands untested. */
  is_woken: Generated<number>;
  /** Claims in a row that something was newer where a look then found nothing new. */
  empty_claims: Generated<number>;
}
/** The entries of one host and source that wait in one queue; what a source file names itself has a queue of its own. */
interface LaneTable {
  id: Generated<number>;
  host: string;
  /** Empty for none. */
  source: string;
  /** 0: feeds, sitemaps and lists that the source names itself; 1: all else. */
  line: 0 | 1;
  /** Least `place` of the entries that wait; null where none does. */
  head: number | null;
  /** When its host was last served, counted in takings; equal in all lanes of a host. */
  turn: number;
  /** Its entries, and how many of them wait, are leased, and wait without ever having been visited; kept by triggers. */
  entries: Generated<number>;
  waiting: Generated<number>;
  leased: Generated<number>;
  unseen: Generated<number>;
}
interface ShapeTable {
  host: string;
  shape: string;
  addresses: number;
}
interface HostTable {
  host: string;
  last_at: number;
  not_before: number;
  delay_ms: number;
  failures: number;
}
interface RobotsTable {
  origin: string;
  fetched_at: number;
  status: number;
  text: string;
  etag: string | null;
  last_modified: string | null;
  record_id: string | null;
}
export interface Tables {
  entries: EntryTable;
  lanes: LaneTable;
  shapes: ShapeTable;
  hosts: HostTable;
  robots: RobotsTable;
}
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;
export type EntryRow = Selectable<EntryTable>;

/** `(select …)` of a list as one parameter: the statement stays the same however long the list, and no limit is reached. */
export const listed = <T extends string | number>(values: readonly T[]) =>
  sql<T>`(select value from json_each(${JSON.stringify(values)}))`;

/** States are written into the statement: an index over some rows serves only a query that names the same rows. */
export const WAITING = sql.lit('waiting' as const);
export const LEASED = sql.lit('leased' as const);

/** "TshF": whose file it is (https://www.sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x54736846;

/** Counts an entry (`new` or `old`) in its lane, or out of it. Counting a million rows for each line of progress takes too long. */
const counted = (row: 'new' | 'old', sign: '+' | '-'): string => `update lanes set
    entries = entries ${sign} 1,
    waiting = waiting ${sign} (${row}.state = 'waiting'),
    leased = leased ${sign} (${row}.state = 'leased'),
    unseen = unseen ${sign} (${row}.state = 'waiting' and ${row}.place < 0)
  where id = ${row}.lane;`;

/** Each brings the tables from the version of its place to the next; those that shipped are never edited. */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `create table lanes (
      id integer primary key, host text not null, source text not null, line integer not null,
      head integer, turn integer not null, entries integer not null default 0, waiting integer not null default 0,
      leased integer not null default 0, unseen integer not null default 0, unique (host, source, line))`,
    // Taking walks this and nothing else until it has found enough hosts.
    'create index lanes_in_turn on lanes (turn, host, line, head, source)',
    `create table entries (
      id integer primary key, key text not null unique, url text not null, kind text not null,
      lane integer not null references lanes (id), found_by text not null, found_at integer not null, hints text not null,
      depth integer not null, state text not null, because text, next_at integer not null, place integer not null,
      last_at integer, last_outcome text, etag text, last_modified text, article text, published_at integer,
      changed_at integer, looks integer not null default 0, changes integer not null default 0,
      failures integer not null default 0, lease text, lease_until integer,
      is_woken integer not null default 0, empty_claims integer not null default 0)`,
    "create index entries_waiting on entries (lane, place) where state = 'waiting'",
    // For a pass over everything there is: what it has seen is behind its place in this order.
    "create index entries_unseen on entries (lane, coalesce(last_at, -1), place) where state = 'waiting'",
    "create index entries_leased on entries (lease_until) where state = 'leased'",
    `create trigger entries_come after insert on entries begin ${counted('new', '+')} end`,
    `create trigger entries_go after delete on entries begin ${counted('old', '-')} end`,
    `create trigger entries_change after update of lane, state, place on entries
      when old.lane <> new.lane or old.state <> new.state or (old.place < 0) <> (new.place < 0)
      begin ${counted('old', '-')} ${counted('new', '+')} end`,
    `create table shapes (
      host text not null, shape text not null, addresses integer not null, primary key (host, shape)) without rowid`,
    `create table hosts (
      host text primary key, last_at integer not null, not_before integer not null, delay_ms integer not null,
      failures integer not null) without rowid`,
    `create table robots (
      origin text primary key, fetched_at integer not null, status integer not null, text text not null, etag text,
      last_modified text, record_id text)`,
  ],
];

/**
 * How the file is written. WAL lets others read while one writes. NORMAL does not sync each transaction: after a power cut
 * the last ones may be missing, but what is there is whole, and each held together what belongs together. That is enough,
 * since the archive is the truth (what is missing is visited again and found unchanged), and it saves a sync a page.
 * https://www.sqlite.org/pragma.html#pragma_synchronous
 */
const PRAGMAS = ['busy_timeout = 10', 'journal_mode = wal', 'synchronous = normal', 'cache_size = -16000'] as const;

const numberOf = async (db: Db, pragma: string): Promise<number> => {
  const { rows } = await db.executeQuery<Record<string, number>>(CompiledQuery.raw(`pragma ${pragma}`));
  return Object.values(rows[0] ?? {})[0] ?? 0;
};

export async function setPragmas(db: Db): Promise<void> {
  for (const pragma of PRAGMAS) await db.executeQuery(CompiledQuery.raw(`pragma ${pragma}`));
}

/** Creates the tables, or brings them to today's version. Throws `E_FRONTIER_DAMAGED` for the file of something else. */
export async function migrate(tx: Tx, path: string): Promise<void> {
  const version = await numberOf(tx, 'user_version');
  const application = await numberOf(tx, 'application_id');
  const isNew = application === 0 && (await numberOf(tx, 'schema_version')) === 0;
  if (!isNew && application !== APPLICATION_ID) {
    throw notOurs(path, 'a frontier', 'a database of something else', 'name another file, or move this one away');
  }
  if (version > MIGRATIONS.length) {
    const expected = `a frontier of version ${MIGRATIONS.length} or older`;
    throw notOurs(
      path,
      expected,
      `version ${version}`,
      'update Tearsheet, or delete the file: it is rebuilt from the archive',
    );
  }
  if (version === MIGRATIONS.length) return;
  for (const statement of MIGRATIONS.slice(version).flat()) await tx.executeQuery(CompiledQuery.raw(statement));
  await tx.executeQuery(CompiledQuery.raw(`pragma application_id = ${APPLICATION_ID}`));
  await tx.executeQuery(CompiledQuery.raw(`pragma user_version = ${MIGRATIONS.length}`));
}
