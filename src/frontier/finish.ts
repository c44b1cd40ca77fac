/** What came of a visit goes in: the entry, its aliases, and what the document named, in one step. */
import type { Lease, Target, VisitResult } from '../core/frontier-ports.ts';
import { parseUrl } from '../core/url.ts';
import { addTargets, type Adding } from './add.ts';
import { articleOf, keyOf, placeOf, timeOf, validatorColumns, wordOf } from './entry.ts';
import { Lanes } from './lanes.ts';
import { LEASED, listed, type EntryRow, type Tx } from './schema.ts';

/** Why an entry rests that leads to the article of another. */
const ALIAS = 'alias';

/** The columns of an entry after a visit. */
function after(row: EntryRow, result: VisitResult) {
  const at = timeOf(result.at) ?? row.next_at;
  const nextAt = timeOf(result.nextAt) ?? at;
  const isNews = result.isNews === true;
  const publishedAt = timeOf(result.publishedAt);
  return {
    state: result.state,
    because: result.state === 'resting' ? wordOf(result.because) : null,
    next_at: nextAt,
    place: nextAt,
    last_at: at,
    last_outcome: wordOf(result.outcome),
    ...(result.validators !== undefined && validatorColumns(result.validators)),
    ...(result.article !== undefined && { article: articleOf(result.article) }),
    ...(publishedAt !== null && { published_at: publishedAt }),
    changed_at: isNews ? at : (row.changed_at ?? (result.isNews === undefined ? null : at)),
    looks: row.looks + (result.isNews === undefined ? 0 : 1),
    changes: row.changes + (isNews ? 1 : 0),
    failures: result.isFailure === true ? row.failures + 1 : 0,
    lease: null,
    lease_until: null,
    is_woken: result.isNews === undefined ? row.is_woken : 0,
    empty_claims: isNews ? 0 : row.empty_claims + (result.isNews === false ? row.is_woken : 0),
  };
}

/** Lets the other addresses of an article rest; whoever is at one of them has lost it, or two addresses could end as each other's alias. */
async function restAliases(tx: Tx, lanes: Lanes, main: EntryRow, result: VisitResult, adding: Adding): Promise<void> {
  const addresses = addressesOf(result.aliases ?? [], main);
  if (addresses.size === 0) return;
  const at = timeOf(result.at) ?? 0;
  const rest = {
    state: 'resting' as const,
    because: ALIAS,
    article: articleOf(result.article) ?? main.article,
    lease: null,
    lease_until: null,
  };
  const source = await tx.selectFrom('lanes').select('source').where('id', '=', main.lane).executeTakeFirst();
  for (const [key, url] of addresses) {
    const known = await tx
      .selectFrom('entries')
      .select(['id', 'lane', 'last_at'])
      .where('key', '=', key)
      .executeTakeFirst();
    const lastAt = Math.max(at, known?.last_at ?? 0);
    if (known !== undefined) {
      lanes.touch(known.lane);
      await tx
        .updateTable('entries')
        .set({ ...rest, last_at: lastAt })
        .where('id', '=', known.id)
        .execute();
      continue;
    }
    const { kind, found_by: foundBy, depth } = main;
    const lane = await lanes.idOf({ host: adding.hostOf(url), source: source?.source ?? null, kind, depth });
    const found = { found_by: foundBy, found_at: at, hints: '{}', depth };
    const times = {
      next_at: at,
      last_at: lastAt,
      place: placeOf({ lastAt, nextAt: at, foundBy, foundAt: at, hints: {} }),
    };
    await tx
      .insertInto('entries')
      .values({ key, url: url.href, kind, lane, ...found, ...times, ...rest })
      .execute();
  }
}

/** The addresses by their keys, without the entry's own and what is no address. */
function addressesOf(aliases: readonly string[], main: EntryRow): Map<string, URL> {
  const addresses = new Map<string, URL>();
  for (const alias of aliases) {
    try {
      const url = parseUrl(alias);
      const key = keyOf(url, main.kind);
      if (key !== main.key && !addresses.has(key)) addresses.set(key, url);
    } catch {
      // A claim of the page (canonical, og:url) that is no address is an alias of nothing.
    }
  }
  return addresses;
}

/** The entry that a lease still holds; null where others have it, or it was given back. */
const heldBy = async (tx: Tx, { id, entry }: Lease): Promise<EntryRow | null> =>
  (await tx
    .selectFrom('entries')
    .selectAll()
    .where('key', '=', entry.key)
    .where('lease', '=', id)
    .executeTakeFirst()) ?? null;

/** `Frontier.finish` within one step. */
export async function finishVisit(tx: Tx, lease: Lease, result: VisitResult, adding: Adding): Promise<boolean> {
  const row = await heldBy(tx, lease);
  if (row === null) return false;
  const lanes = new Lanes(tx);
  lanes.touch(row.lane);
  await tx.updateTable('entries').set(after(row, result)).where('id', '=', row.id).execute();
  await restAliases(tx, lanes, row, result, adding);
  const found: readonly Target[] = result.found ?? [];
  if (found.length > 0) await addTargets(tx, lanes, found, timeOf(result.at) ?? 0, adding);
  await lanes.settle();
  return true;
}

/** `Frontier.release` within one step. */
export async function releaseVisits(tx: Tx, leases: readonly Lease[]): Promise<void> {
  const lanes = new Lanes(tx);
  for (const lease of leases) {
    const row = await heldBy(tx, lease);
    if (row === null) continue;
    lanes.touch(row.lane);
    await tx
      .updateTable('entries')
      .set({ state: 'waiting', lease: null, lease_until: null })
      .where('id', '=', row.id)
      .execute();
  }
  await lanes.settle();
}

/** `Frontier.reclaim` within one step. */
export async function reclaimVisits(tx: Tx, sources: readonly string[]): Promise<void> {
  const lanes = new Lanes(tx);
  const ofSources = tx.selectFrom('lanes').select('id').where('source', 'in', listed(sources));
  const rows = await tx
    .updateTable('entries')
    .set({ state: 'waiting', lease: null, lease_until: null })
    .where('state', '=', LEASED)
    .where('lane', 'in', ofSources)
    .returning('lane')
    .execute();
  for (const { lane } of rows) lanes.touch(lane);
  await lanes.settle();
}
