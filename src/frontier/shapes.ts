/** How many addresses of each shape a host has, and which further ones are followed. */
import type { Tx } from './schema.ts';
import type { Target } from '../core/frontier-ports.ts';
import { maxShapes, mostOf, shapeOf } from './traps.ts';

export interface Shaped {
  readonly url: URL;
  readonly host: string;
  readonly kind: string;
  readonly target: Pick<Target, 'foundBy'>;
}
interface HostShapes {
  readonly counts: Map<string, number>;
  /** Shapes known of the host, at most as many as are counted. */
  shapes: number;
  readonly changed: Set<string>;
}

/** The counts that one step needs, read when first asked for and written once. */
export class Shapes {
  readonly #tx: Tx;
  readonly #maxAddressesPerShape: number;
  readonly #hosts = new Map<string, HostShapes>();

  constructor(tx: Tx, maxAddressesPerShape: number) {
    this.#tx = tx;
    this.#maxAddressesPerShape = maxAddressesPerShape;
  }

  /** Those of new addresses that are followed; they are counted. What a person names is followed, and counts for nothing. */
  async followed<T extends Shaped>(candidates: readonly T[]): Promise<T[]> {
    const kept: T[] = [];
    for (const candidate of candidates) if (await this.#follows(candidate)) kept.push(candidate);
    return kept;
  }

  async #follows({ url, host, kind, target }: Shaped): Promise<boolean> {
    if (target.foundBy === 'command') return true;
    const known = await this.#known(host);
    const shape = shapeOf(url);
    const prefix = kind === 'page' ? '' : `${kind} `;
    const name = prefix + (known.shapes >= maxShapes() ? shape.coarse : shape.fine);
    const count = known.counts.get(name) ?? (await this.#count(host, name));
    if (count >= mostOf(shape, target.foundBy, this.#maxAddressesPerShape)) return false;
    if (count === 0) known.shapes += 1;
    known.counts.set(name, count + 1);
    known.changed.add(name);
    return true;
  }

  async #known(host: string): Promise<HostShapes> {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const rows = await this.#tx
      .selectFrom('shapes')
      .select(['shape', 'addresses'])
      .where('host', '=', host)
      .limit(maxShapes())
      .execute();
    const counts = new Map(rows.map(({ shape, addresses }) => [shape, addresses]));
    const made = { counts, shapes: rows.length, changed: new Set<string>() };
    this.#hosts.set(host, made);
    return made;
  }

  async #count(host: string, shape: string): Promise<number> {
    const row = await this.#tx
      .selectFrom('shapes')
      .select('addresses')
      .where('host', '=', host)
      .where('shape', '=', shape)
      .executeTakeFirst();
    return row?.addresses ?? 0;
  }

  /** Writes what changed. */
  async keep(): Promise<void> {
    for (const [host, { counts, changed }] of this.#hosts) {
      for (const shape of changed) {
        await this.#tx
          .insertInto('shapes')
          .values({ host, shape, addresses: counts.get(shape) ?? 0 })
          .onConflict((conflict) =>
            conflict.columns(['host', 'shape']).doUpdateSet(({ ref }) => ({ addresses: ref('excluded.addresses') })),
          )
          .execute();
      }
      changed.clear();
    }
  }
}
