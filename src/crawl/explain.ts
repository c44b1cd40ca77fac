/** What the frontier knows of one address, told to people. */
import { instantOf } from '../core/clock.ts';
import type { FrontierEntry } from '../core/frontier-ports.ts';

/** `because`: the steps by which its next visit was planned. */
export function explanationOf(entry: FrontierEntry, because: readonly string[]): string[] {
  const { kind, source, foundBy, foundAt, state, lastAt, lastOutcome, nextAt, looks, changes, failures, article } =
    entry;
  const lines = [
    `${kind} of ${source ?? 'no source'}, found by ${foundBy} at ${instantOf(foundAt)}`,
    `${looks} looks with an answer, ${Math.max(0, changes - 1)} of them changes; ${failures} failures in a row`,
    lastAt === null ? 'never visited' : `last visited at ${instantOf(lastAt)}: ${lastOutcome}`,
    ...(article === null ? [] : [`article ${article}`]),
  ];
  if (state === 'resting') return [...lines, `not visited any more: ${entry.because}`];
  if (lastOutcome === 'robots')
    return [...lines, `robots.txt does not allow it; asked again from ${instantOf(nextAt)} on`];
  if (state === 'leased') return [...lines, 'a crawl is at it now'];
  return [
    ...lines,
    `next visit from ${instantOf(nextAt)} on`,
    ...(lastAt === null ? [] : because.map((says) => `  ${says}`)),
  ];
}
