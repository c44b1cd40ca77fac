/** What was found goes in: one entry for all spellings of an address, claims merged, traps left out. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hints, Target, TargetKind } from '../core/frontier-ports.ts';
import { parseUrl } from '../core/url.ts';
import { claimsNews } from './claims.ts';
import { countOf, foundAtOf, keyOf, lineOf, mergedHints, placeOf } from './entry.ts';
import type { Lanes } from './lanes.ts';
import { listed, type EntryRow, type Tx } from './schema.ts';
import { Shapes } from './shapes.ts';
import { trapIn } from './traps.ts';

export interface Adding {
  readonly maxAddressesPerShape: number;
  readonly hostOf: (url: URL) => string;
}
export interface Added {
  added: number;
  known: number;
  trapped: number;
}

/** A target whose address could be read. */
export interface Candidate {
  readonly key: string;
  readonly url: URL;
  readonly host: string;
  readonly kind: TargetKind;
  readonly target: Target;
}

/** Targets of one query. More save nothing, and the event loop gets its turn between two of them. */
const CHUNK = 200;
/** Claims in a row that a look found empty; after that a source cries wolf, and its next claim waits for the usual visit. */
const MAX_EMPTY_CLAIMS = 2;

/** A target as it can be looked for; null for what is no address of a page, which no fetcher could ask for either. */
function candidateOf(target: Target, { hostOf }: Adding): Candidate | null {
  const kind = target.kind ?? 'page';
  try {
    const url = parseUrl(target.url);
    return { key: keyOf(url, kind), url, host: hostOf(url), kind, target };
  } catch {
    return null;
  }
}

type Known = Pick<
  EntryRow,
  | 'id'
  | 'key'
  | 'kind'
  | 'lane'
  | 'hints'
  | 'depth'
  | 'state'
  | 'found_by'
  | 'found_at'
  | 'next_at'
  | 'place'
  | 'last_at'
  | 'empty_claims'
> & { readonly source: string; readonly host: string };

const knownAmong = (tx: Tx, candidates: readonly Candidate[]): Promise<Known[]> =>
  tx
    .selectFrom('entries')
    .innerJoin('lanes', 'lanes.id', 'entries.lane')
    .select([
      'entries.id',
      'key',
      'kind',
      'lane',
      'hints',
      'depth',
      'state',
      'found_by',
      'found_at',
      'next_at',
      'place',
      'last_at',
      'empty_claims',
      'source',
      'host',
    ])
    .where('key', 'in', listed(candidates.map(({ key }) => key)))
    .execute();

/** What an entry becomes that is named again. */
async function nameAgain(tx: Tx, lanes: Lanes, row: Known, { target }: Candidate, now: number): Promise<void> {
  const known = JSON.parse(row.hints) as Hints;
  const hints = mergedHints(known, target.hints);
  const isNews = row.last_at !== null && claimsNews(known, hints, row.last_at);
  const wakes = isNews && row.empty_claims < MAX_EMPTY_CLAIMS && row.state !== 'leased';
  const depth = Math.min(row.depth, countOf(target.depth ?? 0));
  const source = row.source === '' ? (target.source ?? '') : row.source;
  const spelled = JSON.stringify(hints);
  const moves = source !== row.source || lineOf(row.kind, depth) !== lineOf(row.kind, row.depth);
  if (!wakes && !moves && depth === row.depth && spelled === row.hints) return;
  // Nothing was due while it rested, so it is not overdue either.
  const woken = row.state === 'resting' ? now : Math.min(row.next_at, now);
  const nextAt = wakes ? woken : row.next_at;
  const place = placeOf({ lastAt: row.last_at, nextAt, foundBy: row.found_by, foundAt: row.found_at, hints });
  if (place !== row.place || wakes) lanes.touch(row.lane);
  const lane = moves ? await lanes.idOf({ host: row.host, source, kind: row.kind, depth }) : row.lane;
  if (moves) lanes.touch(row.lane);
  const state = wakes ? ({ state: 'waiting', because: null, is_woken: 1 } as const) : {};
  await tx
    .updateTable('entries')
    .set({ hints: spelled, depth, lane, next_at: nextAt, place, ...state })
    .where('id', '=', row.id)
    .execute();
}

async function rowOf(lanes: Lanes, { key, url, host, kind, target }: Candidate, now: number) {
  const depth = countOf(target.depth ?? 0);
  const foundAt = Math.min(foundAtOf(target, now), now);
  const { foundBy } = target;
  const hints = mergedHints({}, target.hints);
  return {
    key,
    url: url.href,
    kind,
    lane: await lanes.idOf({ host, source: target.source ?? null, kind, depth }),
    found_by: foundBy,
    found_at: foundAt,
    hints: JSON.stringify(hints),
    depth,
    state: 'waiting' as const,
    next_at: now,
    place: placeOf({ lastAt: null, nextAt: now, foundBy, foundAt, hints }),
  };
}

async function addChunk(
  tx: Tx,
  lanes: Lanes,
  shapes: Shapes,
  candidates: readonly Candidate[],
  now: number,
): Promise<Added> {
  const known = new Map((await knownAmong(tx, candidates)).map((row) => [row.key, row]));
  const fresh: Candidate[] = [];
  const counts: Added = { added: 0, known: 0, trapped: 0 };
  for (const candidate of candidates) {
    const row = known.get(candidate.key);
    if (row !== undefined) {
      await nameAgain(tx, lanes, row, candidate, now);
      counts.known += 1;
    } else if (candidate.target.foundBy !== 'command' && trapIn(candidate.url) !== null) counts.trapped += 1;
    else fresh.push(candidate);
  }
  const followed = await shapes.followed(fresh);
  counts.trapped += fresh.length - followed.length;
  counts.added = followed.length;
  if (followed.length === 0) return counts;
  const rows = [];
  for (const candidate of followed) rows.push(await rowOf(lanes, candidate, now));
  await tx.insertInto('entries').values(rows).execute();
  return counts;
}

/** What one query is asked about; no key stands in it twice. */
interface Chunk {
  readonly candidates: ReadonlyMap<string, Candidate>;
  /** Targets that named an address of the chunk once more. */
  readonly repeats: number;
  /** Targets that are no address. */
  readonly refused: number;
}

/** Both namings of one address: what either claims, and the shorter way to it. */
const merged = (first: Candidate, { target }: Candidate): Candidate => ({
  ...first,
  target: {
    ...first.target,
    hints: mergedHints(mergedHints({}, first.target.hints), target.hints),
    depth: Math.min(first.target.depth ?? 0, target.depth ?? 0),
  },
});

function* chunksOf(targets: readonly Target[], adding: Adding): Generator<Chunk> {
  for (let at = 0; at < targets.length; at += CHUNK) {
    const candidates = new Map<string, Candidate>();
    let refused = 0;
    const part = targets.slice(at, at + CHUNK);
    for (const target of part) {
      const candidate = candidateOf(target, adding);
      if (candidate === null) refused += 1;
      else {
        const before = candidates.get(candidate.key);
        candidates.set(candidate.key, before === undefined ? candidate : merged(before, candidate));
      }
    }
    yield { candidates, refused, repeats: part.length - refused - candidates.size };
  }
}

/** Adds within a step that somebody else begins and ends; `lanes` must be settled by them. */
export async function addTargets(
  tx: Tx,
  lanes: Lanes,
  targets: readonly Target[],
  now: number,
  adding: Adding,
): Promise<Added> {
  const total: Added = { added: 0, known: 0, trapped: 0 };
  const shapes = new Shapes(tx, adding.maxAddressesPerShape);
  for (const { candidates, refused, repeats } of chunksOf(targets, adding)) {
    if (total.added + total.known + total.trapped > 0) await nextTurn();
    const counts = await addChunk(tx, lanes, shapes, [...candidates.values()], now);
    total.added += counts.added;
    total.known += counts.known + repeats;
    total.trapped += counts.trapped + refused;
  }
  await shapes.keep();
  return total;
}
