/** Lanes: the queues of a host and source. Their heads say what is due without a look at the entries. */
import { sql } from 'kysely';
import type { TargetKind } from '../core/frontier-ports.ts';
import { lineOf } from './entry.ts';
import { WAITING, listed, type Tx } from './schema.ts';

export interface LaneOf {
  readonly host: string;
  readonly source: string | null;
  readonly kind: TargetKind;
  readonly depth: number;
}

/** Finds lanes, makes those that are not there, and remembers them for one transaction. */
export class Lanes {
  readonly #tx: Tx;
  readonly #known = new Map<string, number>();
  readonly #touched = new Set<number>();

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  /** The id of an entry's lane; its head is put right by `settle`. */
  async idOf({ host, source, kind, depth }: LaneOf): Promise<number> {
    const lane = { host, source: source ?? '', line: lineOf(kind, depth) };
    const name = JSON.stringify(lane);
    const id = this.#known.get(name) ?? (await this.#findOrMake(lane));
    this.#known.set(name, id);
    this.#touched.add(id);
    return id;
  }

  touch(id: number): void {
    this.#touched.add(id);
  }

  async #findOrMake(lane: { host: string; source: string; line: 0 | 1 }): Promise<number> {
    const { host, source, line } = lane;
    const found = await this.#tx
      .selectFrom('lanes')
      .select('id')
      .where('host', '=', host)
      .where('source', '=', source)
      .where('line', '=', line)
      .executeTakeFirst();
    if (found !== undefined) return found.id;
    // All lanes of a host have its turn; a host that was never served comes first.
    const turn = sql<number>`coalesce((select max(turn) from lanes where host = ${host}), 0)`;
    const made = await this.#tx
      .insertInto('lanes')
      .values({ ...lane, head: null, turn })
      .returning('id')
      .executeTakeFirstOrThrow();
    return made.id;
  }

  /** Puts the heads of all lanes right whose entries came, went or moved; to be called once, at the end of the step. */
  async settle(): Promise<void> {
    if (this.#touched.size === 0) return;
    await this.#tx
      .updateTable('lanes')
      .set(({ selectFrom }) => ({
        head: selectFrom('entries')
          .select(({ fn }) => fn.min<number>('place').as('least'))
          .whereRef('entries.lane', '=', 'lanes.id')
          .where('state', '=', WAITING),
      }))
      .where('id', 'in', listed([...this.#touched]))
      .execute();
    this.#touched.clear();
  }
}
