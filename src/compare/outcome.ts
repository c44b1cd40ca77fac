/** What one look at a page came to. */
import type { Outcome, PageKind } from '../core/labels.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Change, Reading } from '../core/schema.ts';
import { namesFrontPage } from '../core/url.ts';
import { compare, hasEdits, summarise } from './change.ts';
import { sideOf, squeeze, type Side } from './fingerprint.ts';

export interface LookEvidence {
  /** Status of the last hop. */
  readonly status: number;
  readonly askedUrl: string;
  readonly finalUrl: string;
  /** Missing where there was no body to read (304, most errors). */
  readonly reading?: Reading | undefined;
  /** The reading of the latest version, by today's program. */
  readonly previous?: Reading | undefined;
  /** `compare(previous, reading)` where it was made already. */
  readonly change?: Change | undefined;
}
export interface Judgement {
  readonly outcome: Outcome;
  /** True where the reading is to be kept as a new version. */
  readonly isVersion: boolean;
  /** For people: why, or what is suspicious about it. */
  readonly note?: string;
  /** Of walls, pages that are gone and errors. */
  readonly error?: ErrorCode;
}

const WALL_STATUSES: ReadonlySet<number> = new Set([401, 402, 403, 407, 451]);
const WALL_KINDS: ReadonlySet<PageKind> = new Set<PageKind>(['login', 'consent', 'paywall', 'bot-check']);

const walled = (note: string): Judgement => ({ outcome: 'walled', isVersion: false, note, error: 'E_PAGE_WALLED' });
const failed = (error: ErrorCode, note: string): Judgement => ({ outcome: 'error', isVersion: false, note, error });

/** Status codes: RFC 9110 §15. Null for an answer that is a page. */
function byStatus({ status, reading }: LookEvidence): Judgement | null {
  if (status === 304) return { outcome: 'not-modified', isVersion: false };
  const isWall = WALL_STATUSES.has(status) || (status >= 400 && reading?.kind === 'bot-check');
  if (isWall) return walled(reading?.kind === 'bot-check' ? `bot check, status ${status}` : `status ${status}`);
  if (status === 404 || status === 410) {
    return { outcome: 'gone', isVersion: false, note: `status ${status}`, error: 'E_PAGE_GONE' };
  }
  return status >= 200 && status < 300 ? null : failed('E_FETCH_STATUS', `status ${status}`);
}

const segmentsOf = (url: URL): string[] => url.pathname.split('/').filter(Boolean);

/** Where a redirect led away from what was asked for: to the front page, or to a list that the article stood in. */
function strayedTo({ askedUrl, finalUrl }: LookEvidence, kind: PageKind): string | null {
  if (!URL.canParse(askedUrl) || !URL.canParse(finalUrl)) return null;
  const [asked, final] = [new URL(askedUrl), new URL(finalUrl)];
  if (namesFrontPage(asked)) return null;
  if (namesFrontPage(final)) return 'redirected to a front page';
  const [wanted, got] = [segmentsOf(asked), segmentsOf(final)];
  const isAbove = got.length < wanted.length && got.every((segment, index) => segment === wanted[index]);
  return isAbove && kind === 'listing' ? 'redirected to a list' : null;
}

function byKind(look: LookEvidence, reading: Reading): Judgement | null {
  if (WALL_KINDS.has(reading.kind)) return walled(reading.kind);
  const strayed = strayedTo(look, reading.kind);
  if (reading.kind === 'soft-404' || strayed) {
    const note = strayed ?? 'the page says that there is none';
    return { outcome: 'soft-404', isVersion: false, note, error: 'E_PAGE_GONE' };
  }
  if (reading.kind === 'error') return failed('E_PAGE_ERROR', 'the page is the fault message of a server');
  return reading.kind === 'empty' ? failed('E_FETCH_EMPTY', 'no text on the page') : null;
}

/** A body with less than this share left, and nothing new in it, is cut off rather than rewritten. */
const CUT_SHARE = 0.75;

/** True where a wall that the older page did not have, or had lower, stands in the place of text. */
function isWalledOff(previous: Side, side: Side, change: Change): boolean {
  const left = side.bodyChars / Math.max(1, previous.bodyChars);
  const isOnlyCut = change.kinds.every((kind) => kind !== 'paragraph-added' && kind !== 'paragraph-reworded');
  if (left >= (isOnlyCut ? CUT_SHARE : 0.5)) return false;
  if (side.reading.paywalled && left < 0.5) return true;
  return side.reading.blocks.some(
    ({ label, text }) => label === 'paywall' && text.trim() !== '' && !previous.allText.includes(squeeze(text)),
  );
}

/** What a person should look at twice before believing it. */
function suspicionOf({ reading: previous, bodyChars }: Side, { reading, bodyChars: left }: Side): string | null {
  if (previous.title !== '' && reading.title === '') return 'the headline is gone';
  if (previous.kind !== reading.kind) return `was ${previous.kind}, is ${reading.kind}`;
  return 2 * left < bodyChars ? 'less than half of the body is left' : null;
}

/** A look at an article that the archive holds already. */
function againstPrevious(previous: Side, side: Side, change: Change): Judgement {
  if (!hasEdits(change)) {
    const isRelabelled = change.relabelled.length > 0;
    return { outcome: 'unchanged', isVersion: false, ...(isRelabelled && { note: summarise(change) }) };
  }
  if (isWalledOff(previous, side, change)) return walled('paywall: part of the body is cut off');
  const suspicion = suspicionOf(previous, side);
  return { outcome: 'changed', isVersion: true, note: summarise(change) + (suspicion ? ` (${suspicion})` : '') };
}

/**
 * The outcome of a look at a page that was fetched (design, law 5). A wall, an outage or a soft 404 is never a version, neither
 * the first nor a further one; a teaser before a paywall is, as long as it is all that was ever seen.
 */
export function judgeLook(look: LookEvidence): Judgement {
  const judged = byStatus(look);
  if (judged) return judged;
  const { reading, previous } = look;
  if (!reading) return failed('E_FETCH_EMPTY', 'no body');
  const refused = byKind(look, reading);
  if (refused) return refused;
  if (previous) return againstPrevious(sideOf(previous), sideOf(reading), look.change ?? compare(previous, reading));
  return { outcome: 'new', isVersion: true, ...(reading.paywalled && { note: 'teaser before a paywall' }) };
}
