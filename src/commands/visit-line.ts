/** One page's visit, as a line for a person and as an object for a machine. */
import { join } from 'node:path';
import { summarise } from '../compare/index.ts';
import type { Visit, VisitOutcome } from '../visit.ts';
import { inline } from './terminal.ts';
import type { Paint, Style } from './terminal.ts';

const OUTCOME_STYLES: Readonly<Record<VisitOutcome, readonly Style[]>> = {
  new: ['green', 'bold'],
  changed: ['yellow', 'bold'],
  unchanged: ['dim'],
  'not-modified': ['dim'],
  variant: ['cyan'],
  gone: ['red'],
  'soft-404': ['red'],
  walled: ['yellow'],
  robots: ['yellow'],
  error: ['red', 'bold'],
  'no-article': ['dim'],
};

/** As the README promises it: every key there, null where there is nothing; `path` is relative to the archive. */
export const visitAsJson = ({ url, outcome, article, standing, change, error, note }: Visit): unknown => ({
  url,
  outcome,
  article,
  version: standing?.version ?? null,
  path: standing?.path ?? null,
  change,
  error,
  note,
});

/** What there is to say beside outcome and version: what changed, or what went wrong. */
function about({ url, outcome, change, error, note = '' }: Visit): string {
  // Most messages begin with the address, which stands in the line already.
  if (error !== undefined) return `${error.code}: ${error.message.replace(`${url}: `, '')}`;
  const summary = outcome === 'changed' && change !== undefined ? summarise(change) : '';
  return [summary, note.replace(summary, '').trim()].filter((part) => part !== '').join(' ');
}

function head(visit: Visit, paint: Paint): string[] {
  const { outcome, standing } = visit;
  const version = standing === undefined ? '' : `${isNews(visit) ? '' : 'kept '}v${standing.version}`;
  return [paint(outcome.padEnd(12), ...OUTCOME_STYLES[outcome]), paint(version, 'bold')];
}

export const isNews = ({ outcome }: Visit): boolean => outcome === 'new' || outcome === 'changed';
const titleOf = ({ kept }: Visit): string => (kept === undefined ? '' : `"${inline(kept.snapshot.reading.title)}"`);
const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('  ');

/** Outcome, version, what changed or went wrong, address, headline, and where the version lies. */
export function visitLine(visit: Visit, dir: string, { paint }: { readonly paint: Paint }): string {
  const { url, standing } = visit;
  const place = standing === undefined ? '' : paint(inline(join(dir, standing.path)), 'dim');
  const [start, what, address] = [head(visit, paint), inline(about(visit)), inline(url)];
  if (isNews(visit)) return joined([...start, what, address, titleOf(visit), place]);
  return joined([...start, address, what]);
}

/** The same without addresses, for a page that is known to whoever reads it. */
export const shortVisitLine = (visit: Visit, { paint }: { readonly paint: Paint }): string =>
  joined([...head(visit, paint), inline(about(visit)), titleOf(visit)]);
