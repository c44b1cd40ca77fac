/** A crawl as people are told of it: its progress while it runs, and its summary when it is over. */
import type { CrawlState, Summary } from '../wiring-crawl.ts';
import type { Output } from './output.ts';
import { inline } from './terminal.ts';

const MINUTE_S = 60;
const HOUR_S = 3600;

/** 8 s, 4 min 10 s, 2 h 5 min. */
function spanOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE_S) return seconds < 10 && seconds > 0 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min ${whole % MINUTE_S} s`;
  return `${Math.floor(whole / HOUR_S)} h ${Math.floor((whole % HOUR_S) / MINUTE_S)} min`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
function bytesOf(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** One line on how a crawl stands: what is done, what is left, how fast, until when, and which hosts hold it up. */
export function progressLine(
  { pages, inHand, counts, hosts, pagesPerSecond, etaMs }: CrawlState,
  nowMs: number,
): string {
  const left = Math.max(0, counts.due + counts.leased - inHand);
  const parts = [`${pages} pages`, `${inHand} in hand`, `${left} due on ${counts.hostsDue} hosts`];
  if (pages > 0) parts.push(`${pagesPerSecond.toFixed(1)}/s`);
  if (etaMs !== null && left > 0) parts.push(`about ${spanOf(etaMs / 1000)} left`);
  const held = hosts.filter(({ readyAt }) => readyAt - nowMs >= 2000).slice(0, 2);
  for (const { host, readyAt, why } of held)
    parts.push(`${host} waits ${spanOf((readyAt - nowMs) / 1000)}${why === undefined ? '' : ` (${why})`}`);
  return inline(parts.join(' · '));
}

const ENDED: Readonly<Record<Summary['ended'], string>> = {
  finished: 'nothing more is due',
  limit: 'stopped at the limit that was given; run again to go on',
  interrupted: 'stopped by a signal; run again to go on',
  disk: 'stopped before the disk is full: make room, then run again',
  fault: 'stopped by a fault',
};
/** Why pages were not looked at, or not kept, in words. */
const SKIPPED: Readonly<Record<string, string>> = {
  'no-article': 'lists and other pages that are no article',
  robots: 'not allowed by robots.txt',
  'host-down': 'left for later: their host failed several times in a row, or asked to be left alone',
  trap: 'left out: one host names too many addresses of one shape',
};

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/** More than these are counted instead. */
const MAX_NAMES = 4;
const namesOf = (names: readonly string[]): string =>
  names.length > MAX_NAMES ? `${names.length} sources` : names.join(', ');

/** What an operator who sees a crawl for the first time needs to know, and what to do next. */
export function summaryLines(summary: Summary, names: readonly string[], { paint }: Pick<Output, 'paint'>): string[] {
  const { ended, pages, outcomes, skipped, documents, found, failures, notes, seconds, bytes } = summary;
  const lines = [
    `${paint(namesOf(names), 'bold')}: ${ENDED[ended]}`,
    `  pages      ${pages}${pages === 0 ? '' : ` (${counted(outcomes)})`}`,
    `  lists      ${documents.read} read, ${documents.unchanged} unchanged, ${documents.failed} failed; ${found} new addresses`,
    `  took       ${spanOf(seconds)}, ${bytesOf(bytes)} received${pages === 0 ? '' : `, ${(pages / Math.max(seconds, 0.001)).toFixed(1)} pages a second`}`,
  ];
  for (const [reason, count] of Object.entries(skipped))
    lines.push(`  skipped    ${count} ${SKIPPED[reason] ?? inline(reason)}`);
  for (const { code, count, examples } of failures) {
    lines.push(paint(`  ${code}  ${count}`, 'red'));
    for (const { message } of examples) lines.push(`    ${inline(message)}`);
    if (count > examples.length)
      lines.push(`    and ${count - examples.length} more: tearsheet crawl --json names each`);
  }
  for (const note of notes) lines.push(paint(`  note       ${inline(note)}`, 'dim'));
  return lines;
}

/** The last line of `crawl --json`. */
export const summaryAsJson = ({
  notes,
  ended,
  pages,
  outcomes,
  skipped,
  documents,
  found,
  failures,
  seconds,
  bytes,
}: Summary): unknown => ({
  pages,
  outcomes,
  skipped,
  seconds: Math.round(seconds * 1000) / 1000,
  bytes,
  ended,
  documents,
  found,
  failures: failures.map(({ code, count, examples }) => ({ code, count, examples })),
  notes,
});
