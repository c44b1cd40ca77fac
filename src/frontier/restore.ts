/** Entries put back as an archive tells of them. */
import type { FrontierEntry } from '../core/frontier-ports.ts';
import { parseUrl } from '../core/url.ts';
import type { Adding } from './add.ts';
import { articleOf, countOf, keyOf, mergedHints, placeOf, timeOf, validatorColumns, wordOf } from './entry.ts';
import { Lanes } from './lanes.ts';
import type { Tx } from './schema.ts';

/** What an entry's row is made of, but its lane. A visit that was under way when the entry was written waits again. */
function columnsOf(entry: FrontierEntry, url: URL, key: string) {
  const lastAt = timeOf(entry.lastAt);
  const [nextAt, foundAt] = [timeOf(entry.nextAt) ?? 0, timeOf(entry.foundAt) ?? 0];
  const hints = mergedHints({}, entry.hints);
  const isResting = entry.state === 'resting';
  return {
    key,
    url: url.href,
    kind: entry.kind,
    found_by: entry.foundBy,
    found_at: foundAt,
    hints: JSON.stringify(hints),
    depth: countOf(entry.depth),
    state: isResting ? ('resting' as const) : ('waiting' as const),
    because: isResting ? wordOf(entry.because ?? undefined) : null,
    next_at: nextAt,
    place: placeOf({ lastAt, nextAt, foundBy: entry.foundBy, foundAt, hints }),
    last_at: lastAt,
    last_outcome: wordOf(entry.lastOutcome ?? undefined),
    ...validatorColumns(entry.validators),
    article: articleOf(entry.article ?? undefined),
    published_at: timeOf(entry.publishedAt),
    changed_at: timeOf(entry.changedAt),
    looks: countOf(entry.looks),
    changes: countOf(entry.changes),
    failures: countOf(entry.failures),
    lease: null,
    lease_until: null,
    is_woken: 0,
    empty_claims: 0,
  };
}

/** `Frontier.restore` within one step. Throws `E_URL_INVALID`, `E_URL_SCHEME` for an entry whose address is none. */
export async function restoreEntries(tx: Tx, entries: readonly FrontierEntry[], { hostOf }: Adding): Promise<void> {
  const lanes = new Lanes(tx);
  for (const entry of entries) {
    const url = parseUrl(entry.url);
    const key = keyOf(url, entry.kind);
    const known = await tx
      .selectFrom('entries')
      .select(['id', 'lane', 'state', 'last_at'])
      .where('key', '=', key)
      .executeTakeFirst();
    const columns = columnsOf(entry, url, key);
    const isAsNew = known !== undefined && (known.last_at ?? -1) >= (columns.last_at ?? -1);
    if (isAsNew || known?.state === 'leased') continue;
    const lane = await lanes.idOf({ ...entry, host: hostOf(url), depth: columns.depth });
    if (known === undefined)
      await tx
        .insertInto('entries')
        .values({ ...columns, lane })
        .execute();
    else {
      lanes.touch(known.lane);
      await tx
        .updateTable('entries')
        .set({ ...columns, lane })
        .where('id', '=', known.id)
        .execute();
    }
  }
  await lanes.settle();
}
