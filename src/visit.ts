/** What a visit to a page is given, and what comes of it. */
import { judgeLook } from './compare/index.ts';
import type { WordLists } from './compare/index.ts';
import type { Clock } from './core/clock.ts';
import type { TearsheetError } from './core/errors.ts';
import type { ErrorCode } from './core/errors.ts';
import { identify } from './core/identity.ts';
import type { ArticleSource, Identity } from './core/identity.ts';
import type { Outcome, PageKind } from './core/labels.ts';
import type {
  Capture,
  CaptureStore,
  Fetcher,
  SnapshotStore,
  StoredCapture,
  StoredSnapshot,
  Target,
  VersionRef,
  Validators,
} from './core/ports.ts';
import type { CaptureRef, Change, Head, MadeBy, Reading } from './core/schema.ts';

/** Reads a page, given as bytes or as text, with today's rules. Pure. */
export type ReadPage = (
  page: Uint8Array | string,
  about: { readonly url: string; readonly contentType?: string; readonly fetchedAt?: string },
) => Reading;

/** What a page is read with today. */
export interface Reader {
  /** Names program, rules and settings in the snapshot of a page; the rules are the cleaner's and those of its source for its day. */
  madeBy(page: { readonly url: string; readonly fetchedAt: string }): MadeBy;
  readonly words: WordLists;
  read(capture: Capture): Promise<Reading>;
  /** A kept version as today's program reads it; `note` says what it reads otherwise, or why it could not. */
  readAgain(kept: StoredSnapshot): Promise<{ readonly reading: Reading; readonly note?: string }>;
}

export interface Parts extends Reader {
  /** Whose page an address is; undefined for nobody's we know. */
  readonly sourceOf: (url: string) => ArticleSource | undefined;
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly captures: Pick<CaptureStore, 'write'>;
  readonly snapshots: Pick<SnapshotStore, 'head' | 'hold'>;
  readonly clock: Clock;
  /** The word of robots.txt; not asked unless given. */
  readonly robots?: RobotsSays;
  /** The page as a browser shows it, where its HTML does not hold the article; null where it does. Not asked unless given. */
  readonly render?: (plain: PlainPage, signal?: AbortSignal) => Promise<RenderedPage | null>;
}

/** The word of robots.txt on one address. */
export interface Permit {
  readonly isAllowed: boolean;
  readonly why: string;
  /** Where all is forbidden only because robots.txt could not be read: when that may be otherwise, milliseconds since 1970. */
  readonly retryAt?: number;
}
export interface RobotsSays {
  /** Whether what it forbids is left alone; else that is only noted with the look. */
  readonly isBinding: boolean;
  readonly of: (url: string, signal?: AbortSignal) => Promise<Permit>;
}
export interface PlainPage {
  readonly url: string;
  readonly capture: Capture;
  readonly reading: Reading;
}
export interface RenderedPage {
  readonly capture: Capture;
  /** Why a browser was asked. */
  readonly why: string;
}

/** `no-article`: found by a crawl, and a list or the like; nothing was written down but its capture. */
export type VisitOutcome = Outcome | 'no-article';

/** What came of one visit. */
export interface Visit {
  /** As it was asked for. */
  readonly url: string;
  readonly outcome: VisitOutcome;
  /** Key of the article; null where the address itself is none. */
  readonly article: string | null;
  /** The version that stands after the visit, whether or not the visit made it. */
  readonly standing?: VersionRef;
  /** The same, read; not there where nobody had to read it (304). */
  readonly kept?: StoredSnapshot;
  /** Of `changed`: what the publisher edited. */
  readonly change?: Change;
  /** Why nothing could be kept, where the outcome is an error, a wall, or a page that is gone. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** For people. */
  readonly note?: string;
  /** Of what robots.txt forbids only because it could not be read: when to ask again, milliseconds since 1970. */
  readonly retryAt?: number;
  /** Of an answer, what whoever plans the next visit wants to know. */
  readonly seen?: Seen;
}

export interface Seen {
  /** After redirects. */
  readonly finalUrl: string;
  readonly status: number;
  /** Of all bodies as they came over the wire. */
  readonly bytes: number;
  readonly kind?: PageKind;
  /** The page's own claims; a claim to another site is one, too. */
  readonly canonicalUrl?: string;
  readonly publishedAt?: string;
  readonly validators?: Validators;
  /** Why a browser read the page, where one did. */
  readonly rendered?: string;
}

/** What came of asking for the page, as far as it got. */
export interface Answer {
  readonly capture?: Capture;
  readonly ref?: CaptureRef;
  readonly reading?: Reading;
  readonly error?: TearsheetError;
  /** Why a browser read the page, where one did. */
  readonly why?: string;
  readonly permit?: Permit | undefined;
}

/** A stored page as text, in the charset that was settled on then, not the one that was declared: the same bytes give the same text. */
export async function textOfStored({ body, ref }: StoredCapture): Promise<{ text: string; contentType: string }> {
  const { decodeText } = await import('./core/charset.ts');
  const contentType = ref.contentType ?? 'text/html';
  const charset = ref.charset === undefined ? '' : `; charset=${ref.charset.used}`;
  return { text: decodeText(body, { contentType: `${contentType}${charset}` }).text, contentType };
}

/** When a page was asked for: after redirects, the last time. The capture's record states the same. */
export const fetchedAtOf = ({ hops, startedAt }: Capture): string => hops.at(-1)?.startedAt ?? startedAt;

/** Where an article is filed, with the head that the last look left there. */
export interface Place {
  readonly key: string;
  readonly url: string;
  readonly head: Head | null;
}
/** An article that was kept before its source had a pattern for ids stays where it is. */
export async function placed({ snapshots }: Parts, { key, formerKey, url }: Identity): Promise<Place> {
  const head = await snapshots.head(key);
  const former = head === null && formerKey !== undefined ? await snapshots.head(formerKey) : null;
  return former === null || formerKey === undefined ? { key, url, head } : { key: formerKey, url, head: former };
}

/** Whose page it is, where it is an article's: a wall, an outage or a front page in its place says nothing of that. */
export function identityOf({ sourceOf }: Parts, { url }: Target, { capture, reading }: Answer): Identity | null {
  if (capture === undefined || reading === undefined) return null;
  const { finalUrl, status } = capture;
  if (!judgeLook({ status, askedUrl: url, finalUrl, reading }).isVersion) return null;
  return identify({ finalUrl, canonicalClaim: reading.canonicalUrl, source: sourceOf(finalUrl) });
}

/**
 * How a page is asked for again. That of which only a browser shows the article is asked for in full: its HTML stays as it is
 * while the article changes.
 */
export const askedWith = (head: Head | null): { readonly validators?: Validators } =>
  head?.validators === undefined || head.capture?.engine === 'browser' ? {} : { validators: head.validators };
