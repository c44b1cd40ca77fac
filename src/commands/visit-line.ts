/** One page's visit, as a line for a person and as an object for a machine. */
import { join } from 'node:path';
import { summarise } from '../compare/index.ts';
import type { Outcome } from '../core/labels.ts';
import type { Visit } from '../visit.ts';
import { inline } from './terminal.ts';
import type { Paint, Style } from './terminal.ts';

const OUTCOME_STYLES: Readonly<Record<Outcome, readonly Style[]>> = {
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
};

/** As the README promises it: every key there, null where there is nothing; `path` is relative to the archive. */
export const visitAsJson = ({ url, outcome, article, kept, change, error, note }: Visit): unknown => ({
  url,
  outcome,
  article,
  version: kept?.snapshot.version ?? null,
  path: kept?.path ?? null,
  change,
  error,
  note,
});

/** Outcome, version, what changed, address, headline, and where the version lies. */
export function visitLine(
  { url, outcome, kept, change, error, note }: Visit,
  dir: string,
  { paint }: { readonly paint: Paint },
): string {
  const isNews = outcome === 'new' || outcome === 'changed';
  const parts = [paint(outcome.padEnd(12), ...OUTCOME_STYLES[outcome])];
  if (kept !== undefined) parts.push(paint(`${isNews ? '' : 'kept '}v${kept.snapshot.version}`, 'bold'));
  if (error !== undefined) parts.push(error.code);
  if (outcome === 'changed' && change !== undefined) parts.push(inline(summarise(change)));
  parts.push(inline(url));
  if (isNews && kept !== undefined)
    parts.push(`"${inline(kept.snapshot.reading.title)}"`, paint(inline(join(dir, kept.path)), 'dim'));
  if (error !== undefined) parts.push(inline(error.message));
  if (note !== undefined) parts.push(paint(inline(`(${note})`), 'dim'));
  return parts.join('  ');
}
