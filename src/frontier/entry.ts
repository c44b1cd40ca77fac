/** One entry: its key, its place in a queue, its row, and how much of foreign text is kept. */
import type { FrontierEntry, Hints, Target, TargetKind, Validators } from '../core/frontier-ports.ts';
import { urlKey } from '../core/url.ts';
import { latestClaim } from './claims.ts';
import type { EntryRow } from './schema.ts';

/** One key for all spellings of an address; a space cannot stand in an address, so no page's key begins like another's. */
export const keyOf = (url: string | URL, kind: TargetKind): string =>
  kind === 'page' ? urlKey(url) : `${kind} ${urlKey(url)}`;

/** Characters kept of what others wrote. A validator that is longer is dropped, since a part of it would match nothing. */
const MOST = { title: 1_000, time: 64, word: 300, article: 10_000, validator: 4_000, robots: 1 << 20 } as const;

/**
 * Text as a database can hold it: well-formed, and without NUL, at which SQLite's own functions end a text; both become the
 * replacement character. Cut to `most` characters, never inside a pair of surrogates.
 */
function storable(text: string, most: number): string {
  const short = text.length > most ? text.slice(0, most).replace(/[\ud800-\udbff]$/, '') : text;
  return short.replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
const orNull = (text: string | undefined, most: number): string | null =>
  text === undefined ? null : storable(text, most);
export const wordOf = (text: string | undefined): string | null => orNull(text, MOST.word);
export const articleOf = (text: string | undefined): string | null => orNull(text, MOST.article);
export const robotsText = (text: string): string => storable(text, MOST.robots);

const validator = (text: string | undefined): string | null =>
  text === undefined || text.length > MOST.validator || storable(text, MOST.validator) !== text ? null : text;
export const validatorColumns = ({ etag, lastModified }: Validators) => ({
  etag: validator(etag),
  last_modified: validator(lastModified),
});
export const validatorsOf = ({ etag, last_modified }: Pick<EntryRow, 'etag' | 'last_modified'>): Validators => ({
  ...(etag !== null && { etag }),
  ...(last_modified !== null && { lastModified: last_modified }),
});

const HINTS = [
  ['title', MOST.title],
  ['date', MOST.time],
  ['lastmod', MOST.time],
] as const;
/** What is known, with what is claimed now in its place; an empty claim takes nothing away. */
export function mergedHints(known: Hints, claimed: Hints = {}): Hints {
  const merged: { -readonly [K in keyof Hints]: Hints[K] } = { ...known };
  for (const [name, most] of HINTS) {
    const claim = claimed[name];
    if (typeof claim === 'string' && claim !== '') merged[name] = storable(claim, most);
  }
  return merged;
}

/** No time is beyond what a Date can hold; one that is no number gives null. */
const MAX_TIME = 8.64e15;
export const timeOf = (ms: number | null | undefined): number | null =>
  typeof ms === 'number' && Number.isFinite(ms) ? Math.min(Math.max(Math.round(ms), 0), MAX_TIME) : null;
export const countOf = (count: number): number => Math.min(timeOf(count) ?? 0, Number.MAX_SAFE_INTEGER);

type Placed = Pick<FrontierEntry, 'lastAt' | 'nextAt' | 'foundBy' | 'foundAt' | 'hints'>;
/**
 * Place in the queue: what was visited stands at its next visit; what never was stands below zero, and so before it, the
 * newest first: while the sitemap of an archive is worked off, the morning's article does not wait behind it. A sitemap that
 * gives no time says nothing of the age; links of feeds and lists are as new as their finding.
 */
export function placeOf({ lastAt, nextAt, foundBy, foundAt, hints }: Placed): number {
  if (lastAt !== null) return nextAt;
  const claimed = latestClaim(hints) ?? (foundBy === 'sitemap' ? 0 : foundAt);
  return -Math.max(1, Math.min(claimed, foundAt));
}

/** Feeds, sitemaps and lists that a source names itself are asked before all pages: what is newest stands in them. */
export const lineOf = (kind: TargetKind, depth: number): 0 | 1 => (kind !== 'page' && depth === 0 ? 0 : 1);

const hintsOf = (row: EntryRow): Hints => JSON.parse(row.hints) as Hints;

/** A row with its lane's host and source, as the port gives it. */
export const entryOf = (row: EntryRow & { readonly host: string; readonly source: string }): FrontierEntry => ({
  key: row.key,
  url: row.url,
  kind: row.kind,
  source: row.source === '' ? null : row.source,
  host: row.host,
  foundBy: row.found_by,
  foundAt: row.found_at,
  hints: hintsOf(row),
  depth: row.depth,
  state: row.state,
  because: row.because,
  nextAt: row.next_at,
  lastAt: row.last_at,
  lastOutcome: row.last_outcome,
  validators: validatorsOf(row),
  article: row.article,
  publishedAt: row.published_at,
  changedAt: row.changed_at,
  looks: row.looks,
  changes: row.changes,
  failures: row.failures,
});

/** When a target was found, where it says so in a way that can be read; else now. */
export const foundAtOf = ({ foundAt }: Target, now: number): number => timeOf(Date.parse(foundAt)) ?? now;
