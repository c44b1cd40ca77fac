/** Which visits are made next. Costs by the number of hosts and of leases, never by the number of entries that wait. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Lease, TakeOrder } from '../core/frontier-ports.ts';
import { countOf, entryOf } from './entry.ts';
import { Lanes } from './lanes.ts';
import { LEASED, WAITING, listed, type Db, type EntryRow, type Tx } from './schema.ts';

/** Entries with the host and source of their lane. */
export const joined = (db: Db) =>
  db
    .selectFrom('entries')
    .innerJoin('lanes', 'lanes.id', 'entries.lane')
    .selectAll('entries')
    .select(['lanes.host', 'lanes.source']);

/** Puts the visits of leases that ran out back into their queues; their holders can finish them until others take them. */
async function reclaim(tx: Tx, lanes: Lanes, now: number): Promise<void> {
  const rows = await tx
    .updateTable('entries')
    .set({ state: 'waiting', lease_until: null })
    .where('state', '=', LEASED)
    .where('lease_until', '<=', now)
    .returning('lane')
    .execute();
  for (const { lane } of rows) lanes.touch(lane);
}

/** How many visits of each host are under way. */
async function leasedByHost(tx: Tx): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('entries')
    .innerJoin('lanes', 'lanes.id', 'entries.lane')
    .select(['host', ({ fn }) => fn.countAll<number>().as('leased')])
    .where('state', '=', LEASED)
    .groupBy('host')
    .execute();
  return new Map(rows.map(({ host, leased }) => [host, leased]));
}

export type DueOrder = Pick<TakeOrder, 'dueBefore' | 'lastBefore' | 'sources'>;

/** When an entry was last visited; what never was comes before all that was. */
const SEEN = sql<number>`coalesce(last_at, -1)`;

/** Entries that wait and are due. */
export const dueEntries = (db: Db, { dueBefore, lastBefore }: DueOrder) =>
  db
    .selectFrom('entries')
    .where('state', '=', WAITING)
    .where('place', '<=', dueBefore)
    .$if(lastBefore !== undefined, (query) => query.where(SEEN, '<', lastBefore ?? 0));

/** Lanes with something due. Their heads tell; of a pass over everything they tell nothing, and each is looked into. */
export const dueLanes = (db: Db, order: DueOrder) =>
  db
    .selectFrom('lanes')
    .where('head', '<=', order.dueBefore)
    .$if(order.sources !== undefined, (query) => query.where('source', 'in', listed(order.sources ?? [])))
    .$if(order.lastBefore !== undefined, (query) =>
      query.where(({ exists }) =>
        exists(dueEntries(db, order).where('lane', '=', sql.ref<number>('lanes.id')).select(sql.lit(1).as('one'))),
      ),
    );

/** Hosts with something due, the one that was served longest ago first. */
async function hostsInTurn(tx: Tx, order: TakeOrder, without: readonly string[]): Promise<string[]> {
  const rows = await dueLanes(tx, order)
    .select(['turn', 'host'])
    .distinct()
    .where('host', 'not in', listed(without))
    .orderBy('turn')
    .orderBy('host')
    .limit(countOf(order.limit))
    .execute();
  return rows.map(({ host }) => host);
}

interface Place {
  readonly id: number;
  readonly line: number;
  readonly seen: number;
  readonly place: number;
}

/** The entries that each host would be asked for first, at most `mostOf(host)`, in their order. */
async function firstOfHosts(
  tx: Tx,
  order: TakeOrder,
  hosts: readonly string[],
  mostOf: (host: string) => number,
): Promise<number[][]> {
  // A pass over what is not due yet goes by the last look: by the next one, it would walk over all that it has seen.
  const goesByLook = order.lastBefore !== undefined && order.dueBefore > order.now;
  const lanes = await dueLanes(tx, order).select(['id', 'host', 'line']).where('host', 'in', listed(hosts)).execute();
  const queues = new Map(hosts.map((host) => [host, [] as Place[]]));
  for (const { id: lane, host, line } of lanes) {
    const rows = await dueEntries(tx, order)
      // What the index does not hold would cost a search for each row.
      .select(['id', 'place', (goesByLook ? SEEN : sql.lit(0)).as('seen')])
      .where('lane', '=', lane)
      .$if(goesByLook, (query) => query.orderBy(SEEN))
      .orderBy('place')
      .orderBy('id')
      .limit(mostOf(host))
      .execute();
    queues.get(host)?.push(...rows.map((row) => ({ ...row, line })));
  }
  const before = (a: Place, b: Place): number =>
    a.line - b.line || (goesByLook ? a.seen - b.seen : 0) || a.place - b.place || a.id - b.id;
  return hosts.map((host) =>
    (queues.get(host) ?? [])
      .toSorted(before)
      .slice(0, mostOf(host))
      .map(({ id }) => id),
  );
}

/** The first of each queue, then the second of each, until there are enough. */
function inTurn(queues: readonly (readonly number[])[], limit: number): number[] {
  const chosen: number[] = [];
  for (let round = 0; chosen.length < limit; round += 1) {
    const before = chosen.length;
    for (const queue of queues) {
      const id = queue[round];
      if (id !== undefined && chosen.length < limit) chosen.push(id);
    }
    if (chosen.length === before) break;
  }
  return chosen;
}

/** Visits for all that is wanted, where each host gives its even share; where some have less, the others give more. */
async function sharedOut(tx: Tx, order: TakeOrder, hosts: readonly string[], free: (host: string) => number) {
  const share = Math.ceil(order.limit / hosts.length);
  const even = await firstOfHosts(tx, order, hosts, (host) => Math.min(free(host), share));
  const ids = inTurn(even, order.limit);
  if (ids.length >= order.limit || hosts.every((host) => free(host) <= share)) return ids;
  return inTurn(await firstOfHosts(tx, order, hosts, free), order.limit);
}

async function lease(tx: Tx, lanes: Lanes, ids: readonly number[], until: number): Promise<Lease[]> {
  const token = randomUUID();
  await tx
    .updateTable('entries')
    .set({ state: 'leased', lease: sql<string>`${`${token}:`} || id`, lease_until: until })
    .where('id', 'in', listed(ids))
    .execute();
  const rows = new Map<number, EntryRow & { host: string; source: string }>(
    (await joined(tx).where('entries.id', 'in', listed(ids)).execute()).map((row) => [row.id, row]),
  );
  const hosts = new Set<string>();
  const leases = ids.flatMap((id) => {
    const row = rows.get(id);
    if (row === undefined) return [];
    lanes.touch(row.lane);
    hosts.add(row.host);
    return [{ id: `${token}:${id}`, entry: entryOf(row), until }];
  });
  await tx
    .updateTable('lanes')
    .set({ turn: sql<number>`(select max(turn) + 1 from lanes)` })
    .where('host', 'in', listed([...hosts]))
    .execute();
  return leases;
}

/** `Frontier.take` within one step. */
export async function takeDue(tx: Tx, order: TakeOrder): Promise<Lease[]> {
  const lanes = new Lanes(tx);
  await reclaim(tx, lanes, order.now);
  await lanes.settle();
  const leased = await leasedByHost(tx);
  const free = (host: string): number => countOf(Math.min(order.perHost - (leased.get(host) ?? 0), order.limit));
  const full = [...leased.keys()].filter((host) => free(host) === 0);
  const hosts = await hostsInTurn(tx, order, [...(order.without ?? []), ...full]);
  if (hosts.length === 0 || order.perHost < 1) return [];
  const leases = await lease(tx, lanes, await sharedOut(tx, order, hosts, free), order.now + order.leaseMs);
  await lanes.settle();
  return leases;
}
