/** The frontier in a SQLite file: every promise of the port is one transaction here. */
import { Kysely, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import type {
  Frontier,
  FrontierCounts,
  FrontierEntry,
  HostRecord,
  Lease,
  RobotsRecord,
  TakeOrder,
  Target,
  TargetKind,
  VisitResult,
} from '../core/frontier-ports.ts';
import { addTargets, type Added, type Adding } from './add.ts';
import { sqliteDialect } from './dialect.ts';
import { countOf, entryOf, keyOf, robotsText, timeOf, validatorColumns, validatorsOf } from './entry.ts';
import { finishVisit, reclaimVisits, releaseVisits } from './finish.ts';
import { Lanes } from './lanes.ts';
import { restoreEntries } from './restore.ts';
import { WAITING, listed, migrate, setPragmas, type Db, type Tables, type Tx } from './schema.ts';
import { asFrontierError, openSqlite, sqliteEngine, sqliteFault, type SqliteEngine } from './sqlite.ts';
import { dueEntries, dueLanes, joined, takeDue, type DueOrder } from './take.ts';

export interface FrontierOptions {
  /** A file, made where there is none, in a folder that is there; or `:memory:`. */
  readonly path: string;
  /** Waits for a turn at writing while another process has it. */
  readonly clock: Clock;
  /** Addresses of one host that differ in parameters or numbers alone; of plain article addresses many times as many. */
  readonly maxAddressesPerShape: number;
  /** What politeness counts an address by; host and port, unless given. */
  readonly hostOf?: (url: string) => string;
  /** The engine of this Node, unless given. */
  readonly engine?: SqliteEngine;
}

/** Of a host that is due for more, more is not counted. */
const MAX_LOAD = 100_000;
/** Entries read at once: of a list of a million no more than these are in memory. */
const PAGE = 500;
/** A crawl's step takes milliseconds, its longest (a sitemap of 50,000) some seconds. */
const MAX_BUSY_MS = 30_000;
const BUSY_PAUSE_MS = 10;

/**
 * Opens the frontier, creates it where there is none, brings an older one up to date. Several processes may have one file
 * open. Throws `E_SQLITE_MISSING`, `E_FRONTIER_DAMAGED`, `E_ARCHIVE_READ_ONLY`, `E_CRAWL_BUSY`.
 */
export async function openFrontier(options: FrontierOptions): Promise<Frontier> {
  const { path } = options;
  let db: Db | undefined;
  try {
    const database = openSqlite(path, options.engine ?? sqliteEngine());
    db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
    const frontier = new SqliteFrontier(db, options);
    await frontier.open();
    return frontier;
  } catch (error) {
    await db?.destroy();
    throw asFrontierError(path, error);
  }
}

class SqliteFrontier implements Frontier {
  readonly #db: Db;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #adding: Adding;

  constructor(db: Db, { path, clock, maxAddressesPerShape, hostOf }: FrontierOptions) {
    this.#db = db;
    this.#path = path;
    this.#clock = clock;
    this.#adding = { maxAddressesPerShape, hostOf: (url) => hostOf?.(url.href) ?? url.host };
  }

  async open(): Promise<void> {
    await this.#inTurn(() => setPragmas(this.#db));
    await this.#step((tx) => migrate(tx, this.#path));
  }

  /** One transaction. */
  #step<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#db.transaction().execute(work));
  }

  /**
   * Runs `work`, again and again while another process has the turn at writing. SQLite's own wait would hold up everything
   * else that this process does, so it is short.
   */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const begun = this.#clock.now();
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isBusy = /^(?:BUSY|LOCKED)$/.test(sqliteFault(error) ?? '');
        if (!isBusy || this.#clock.now() - begun >= MAX_BUSY_MS) throw asFrontierError(this.#path, error);
        await this.#clock.sleep(BUSY_PAUSE_MS);
      }
    }
  }

  add(targets: readonly Target[], now: number): Promise<Added> {
    return this.#step(async (tx) => {
      const lanes = new Lanes(tx);
      const added = await addTargets(tx, lanes, targets, timeOf(now) ?? 0, this.#adding);
      await lanes.settle();
      return added;
    });
  }

  take(order: TakeOrder): Promise<Lease[]> {
    return this.#step((tx) => takeDue(tx, order));
  }

  finish(lease: Lease, result: VisitResult): Promise<boolean> {
    return this.#step((tx) => finishVisit(tx, lease, result, this.#adding));
  }

  async release(leases: readonly Lease[]): Promise<void> {
    if (leases.length > 0) await this.#step((tx) => releaseVisits(tx, leases));
  }

  async reclaim(sources: readonly string[]): Promise<void> {
    await this.#step((tx) => reclaimVisits(tx, sources));
  }

  async restore(entries: readonly FrontierEntry[]): Promise<void> {
    for (let at = 0; at < entries.length; at += PAGE) {
      await this.#step((tx) => restoreEntries(tx, entries.slice(at, at + PAGE), this.#adding));
    }
  }

  get(url: string, kind: TargetKind = 'page'): Promise<FrontierEntry | null> {
    return this.#inTurn(async () => {
      const row = await joined(this.#db).where('key', '=', keyOf(url, kind)).executeTakeFirst();
      return row === undefined ? null : entryOf(row);
    });
  }

  async *list({ sources, kind }: Parameters<Frontier['list']>[0]): AsyncGenerator<FrontierEntry> {
    for (let after = 0; ;) {
      const rows = await this.#inTurn(() =>
        joined(this.#db)
          .where('entries.id', '>', after)
          .$if(sources !== undefined, (query) => query.where('lanes.source', 'in', listed(sources ?? [])))
          .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'page'))
          .orderBy('entries.id')
          .limit(PAGE)
          .execute(),
      );
      for (const row of rows) yield entryOf(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = last.id;
    }
  }

  /** Costs by what was visited before and is due again; what never was is counted already. */
  counts(order: DueOrder): Promise<FrontierCounts> {
    const lanes = this.#db
      .selectFrom('lanes')
      .$if(order.sources !== undefined, (query) => query.where('source', 'in', listed(order.sources ?? [])));
    const total = (column: 'entries' | 'waiting' | 'leased' | 'unseen') =>
      lanes.select(({ fn }) => fn.coalesce(fn.sum<number>(column), sql.lit(0)).as('n'));
    const seen = dueEntries(this.#db, order)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .where('place', '>=', 0)
      .where('lane', 'in', dueLanes(this.#db, order).select('id'));
    const hosts = dueLanes(this.#db, order).select(({ fn }) => fn.count<number>('host').distinct().as('n'));
    // One statement, so that all numbers are of one moment.
    const query = this.#db.selectNoFrom([
      total('entries').as('entries'),
      total('waiting').as('waiting'),
      total('leased').as('leased'),
      total('unseen').as('unseen'),
      seen.as('seen'),
      hosts.as('hostsDue'),
    ]);
    return this.#inTurn(async () => {
      const row = await query.executeTakeFirstOrThrow();
      const [entries, waiting, leased] = [row.entries ?? 0, row.waiting ?? 0, row.leased ?? 0];
      const due = (row.unseen ?? 0) + (row.seen ?? 0);
      return { entries, waiting, leased, resting: entries - waiting - leased, due, hostsDue: row.hostsDue ?? 0 };
    });
  }

  async hostLoad(host: string, until: number): Promise<number> {
    const due = this.#db
      .selectFrom('entries')
      .innerJoin('lanes', 'lanes.id', 'entries.lane')
      .select(sql.lit(1).as('one'))
      .where('host', '=', host)
      .where('state', '=', WAITING)
      .where('place', '>=', 0)
      .where('place', '<=', until)
      .limit(MAX_LOAD);
    const query = this.#db.selectFrom(due.as('due')).select(({ fn }) => fn.countAll<number>().as('n'));
    return (await this.#inTurn(() => query.executeTakeFirstOrThrow())).n;
  }

  async host(host: string): Promise<HostRecord | null> {
    const row = await this.#inTurn(() =>
      this.#db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst(),
    );
    if (row === undefined) return null;
    return { host, lastAt: row.last_at, notBefore: row.not_before, delayMs: row.delay_ms, failures: row.failures };
  }

  async keepHost({ host, lastAt, notBefore, delayMs, failures }: HostRecord): Promise<void> {
    const kept = {
      last_at: timeOf(lastAt) ?? 0,
      not_before: timeOf(notBefore) ?? 0,
      delay_ms: timeOf(delayMs) ?? 0,
      failures: countOf(failures),
    };
    await this.#step((tx) =>
      tx
        .insertInto('hosts')
        .values({ host, ...kept })
        .onConflict((conflict) => conflict.column('host').doUpdateSet(kept))
        .execute(),
    );
  }

  async robots(origin: string): Promise<RobotsRecord | null> {
    const row = await this.#inTurn(() =>
      this.#db.selectFrom('robots').selectAll().where('origin', '=', origin).executeTakeFirst(),
    );
    if (row === undefined) return null;
    const { fetched_at: fetchedAt, status, text, record_id: recordId } = row;
    return { origin, fetchedAt, status, text, validators: validatorsOf(row), recordId };
  }

  async keepRobots({ origin, fetchedAt, status, text, validators, recordId }: RobotsRecord): Promise<void> {
    const kept = {
      fetched_at: timeOf(fetchedAt) ?? 0,
      status: countOf(status),
      text: robotsText(text),
      ...validatorColumns(validators),
      record_id: recordId,
    };
    await this.#step((tx) =>
      tx
        .insertInto('robots')
        .values({ origin, ...kept })
        .onConflict((conflict) => conflict.column('origin').doUpdateSet(kept))
        .execute(),
    );
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}
