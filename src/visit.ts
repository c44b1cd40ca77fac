/** What a visit to a page is given, and the forms that are filled in when it is over. */
import type { Judgement, WordLists } from './compare/index.ts';
import { instantOf } from './core/clock.ts';
import type { Clock } from './core/clock.ts';
import { TearsheetError, asTearsheetError } from './core/errors.ts';
import type { ErrorCode } from './core/errors.ts';
import type { ArticleSource } from './core/identity.ts';
import type { Outcome } from './core/labels.ts';
import type {
  Capture,
  CaptureStore,
  Fetcher,
  LookDraft,
  SnapshotStore,
  StoredCapture,
  StoredSnapshot,
  Target,
  Validators,
} from './core/ports.ts';
import type { CaptureRef, Change, MadeBy, Reading, Snapshot } from './core/schema.ts';

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
}

/** What came of one visit. */
export interface Visit {
  /** As it was asked for. */
  readonly url: string;
  readonly outcome: Outcome;
  /** Key of the article; null where the address itself is none. */
  readonly article: string | null;
  /** The version that stands after the visit, whether or not the visit made it. */
  readonly kept?: StoredSnapshot;
  /** Of `changed`: what the publisher edited. */
  readonly change?: Change;
  /** Why nothing could be kept, where the outcome is an error, a wall, or a page that is gone. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** For people. */
  readonly note?: string;
}

/** What came of asking for the page, as far as it got. */
export interface Answer {
  readonly capture?: Capture;
  readonly ref?: CaptureRef;
  readonly reading?: Reading;
  readonly error?: TearsheetError;
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

/** What is made of an answer beside the version before. */
export interface Finding extends Judgement {
  readonly change?: Change;
}

export const failure = (code: ErrorCode, cause: unknown): TearsheetError =>
  new TearsheetError(code, `expected a reading, got: ${asTearsheetError(cause).message}; the capture was kept`, {
    cause,
  });

/** These looks saw the article itself, in the version they name. */
const SAW_ARTICLE: ReadonlySet<Outcome> = new Set<Outcome>(['new', 'changed', 'unchanged', 'not-modified', 'variant']);

/** The snapshot that follows `latest`; null where the answer is no version. */
export function nextSnapshot(
  { madeBy }: Reader,
  article: string,
  latest: StoredSnapshot | null,
  { capture, ref, reading }: Answer,
): Snapshot | null {
  if (capture === undefined || ref === undefined || reading === undefined) return null;
  return {
    schema: 1,
    article,
    url: capture.finalUrl,
    version: (latest?.snapshot.version ?? 0) + 1,
    previous: latest?.id ?? null,
    capture: ref,
    reading,
    madeBy: madeBy({ url: capture.finalUrl, fetchedAt: ref.date }),
  };
}

/** What the page and its server say that robots may do with it: both places, lower case, sorted. */
function directivesOf({ capture, reading }: Answer): string[] {
  const header = capture?.headers['x-robots-tag'] ?? '';
  const named = header.split(',').map((directive) => directive.trim().toLowerCase());
  return [...new Set([...(reading?.directives ?? []), ...named])].filter((directive) => directive !== '').toSorted();
}

function errorOf({ url }: Target, { error, note }: Finding, thrown: TearsheetError | undefined): Visit['error'] {
  if (thrown !== undefined) return { code: thrown.code, message: thrown.message };
  return error && { code: error, message: `${url}: expected the article, got ${note ?? error}` };
}

/** The look as it is written down, and the validators it leaves for the next. */
export function lookOf(
  clock: Clock,
  target: Target,
  answer: Answer,
  finding: Finding,
  kept: StoredSnapshot | null,
): [LookDraft, Validators | undefined] {
  const { capture, ref, reading } = answer;
  const { outcome, note } = finding;
  const hasSeen = SAW_ARTICLE.has(outcome);
  const error = errorOf(target, finding, answer.error);
  const directives = directivesOf(answer);
  const draft: LookDraft = {
    at: instantOf(clock.now()),
    url: target.url,
    outcome,
    capture: ref ?? null,
    ...(kept && hasSeen && { snapshot: kept.id, version: kept.snapshot.version }),
    ...(reading?.modifiedAt !== undefined && { declared: reading.modifiedAt }),
    ...(directives.length > 0 && { robots: { directives } }),
    ...(error && { error: error.code }),
    ...(note !== undefined && { note }),
  };
  const { etag, 'last-modified': lastModified } = capture?.headers ?? {};
  // Those of a wall would one day make "still walled" look like "still the article".
  const isFresh = hasSeen && capture?.status === 200 && (etag !== undefined || lastModified !== undefined);
  return [
    draft,
    isFresh ? { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) } : undefined,
  ];
}

export function visitOf(
  target: Target,
  article: string,
  answer: Answer,
  finding: Finding,
  kept: StoredSnapshot | null,
): Visit {
  const { outcome, change, note, isVersion } = finding;
  const error = errorOf(target, finding, answer.error);
  return {
    url: target.url,
    outcome,
    article,
    ...(kept && { kept }),
    ...(change && isVersion && { change }),
    ...(error && { error }),
    ...(note !== undefined && { note }),
  };
}
