/** The forms that are filled in when a visit is over: snapshot, look, and what whoever asked is told. */
import type { Judgement } from './compare/index.ts';
import { instantOf } from './core/clock.ts';
import type { Clock } from './core/clock.ts';
import { TearsheetError, asTearsheetError } from './core/errors.ts';
import type { ErrorCode } from './core/errors.ts';
import type { Outcome } from './core/labels.ts';
import type { FetchRequest, LookDraft, StoredSnapshot, Target, Validators, VersionRef } from './core/ports.ts';
import type { Change, Head, Snapshot } from './core/schema.ts';
import { askedWith } from './visit.ts';
import type { Answer, Parts, Permit, Reader, Seen, Visit } from './visit.ts';

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

/** What a robots.txt that is only noted forbids is told with the look. */
function noteOf({ note }: Finding, { permit, error }: Answer): string | undefined {
  if (permit?.isAllowed !== false || error !== undefined) return note;
  return [note, `robots.txt does not allow it: ${permit.why}`].filter((part) => part !== undefined).join('; ');
}

function errorOf({ url }: Target, { error, note }: Finding, thrown: TearsheetError | undefined): Visit['error'] {
  if (thrown !== undefined) return { code: thrown.code, message: thrown.message };
  return error && { code: error, message: `${url}: expected the article, got ${note ?? error}` };
}

export const refOf = ({ id, path, snapshot: { version } }: StoredSnapshot): VersionRef => ({ id, path, version });

/** The look as it is written down, and the validators it leaves for the next. */
export function lookOf(
  clock: Clock,
  target: Target,
  answer: Answer,
  finding: Finding,
  standing: VersionRef | null,
): [LookDraft, Validators | undefined] {
  const { capture, ref, reading } = answer;
  const { outcome } = finding;
  const note = noteOf(finding, answer);
  const hasSeen = SAW_ARTICLE.has(outcome);
  const error = errorOf(target, finding, answer.error);
  const directives = directivesOf(answer);
  const draft: LookDraft = {
    at: instantOf(clock.now()),
    url: target.url,
    outcome,
    capture: ref ?? null,
    ...(standing && hasSeen && { snapshot: standing.id, version: standing.version }),
    ...(reading?.modifiedAt !== undefined && { declared: reading.modifiedAt }),
    ...((directives.length > 0 || answer.permit !== undefined) && {
      robots: { ...(answer.permit && { allowed: answer.permit.isAllowed }), directives },
    }),
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

function seenIn({ capture, reading, why }: Answer): Seen | undefined {
  if (capture === undefined) return undefined;
  const { etag, 'last-modified': lastModified } = capture.headers;
  return {
    finalUrl: capture.finalUrl,
    status: capture.status,
    bytes: capture.hops.reduce((sum, { wireBody }) => sum + wireBody.length, 0),
    ...(reading && { kind: reading.kind }),
    ...(reading?.canonicalUrl !== undefined && { canonicalUrl: reading.canonicalUrl }),
    ...(reading?.publishedAt !== undefined && { publishedAt: reading.publishedAt }),
    ...(capture.status === 200 &&
      (etag ?? lastModified) !== undefined && {
        validators: { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) },
      }),
    ...(why !== undefined && { rendered: why }),
  };
}

/** Nothing was asked of the page, so nothing is written down of it. */
export const isNoLook = ({ code }: TearsheetError): boolean =>
  code === 'E_INTERRUPTED' || code === 'E_INTERNAL' || code === 'E_FETCH_HOST_DOWN';

export const forbidden = ({ url }: Target, { why }: Permit): TearsheetError =>
  new TearsheetError('E_FETCH_ROBOTS', `${url}: expected robots.txt to allow it, got ${why}; nothing was fetched`);

/** How a page is asked for. Where robots.txt binds, it does so where a redirect leads, too. */
export function requestFor({ robots }: Parts, target: Target, head: Head | null, signal?: AbortSignal): FetchRequest {
  const request = { url: target.url, ...askedWith(head) };
  if (robots?.isBinding !== true) return request;
  const mayFollow = async (url: string): Promise<void> => {
    const permit = await robots.of(url, signal);
    if (!permit.isAllowed) throw forbidden({ ...target, url }, permit);
  };
  return { ...request, mayFollow };
}

/** Of what no look is written down: a page never seen that robots.txt forbids, and what a crawl found to be no article. */
export const isUnwritten = (target: Target, answer: Answer, head: Head | null): boolean =>
  (answer.error?.code === 'E_FETCH_ROBOTS' && head === null) || isNoArticle(target, answer, head);

export function unwritten({ url }: Target, answer: Answer): Visit {
  const { error } = answer;
  if (error !== undefined) {
    const { code, message } = error;
    const retryAt = answer.permit?.retryAt;
    return {
      url,
      outcome: 'robots',
      article: null,
      error: { code, message },
      ...(retryAt !== undefined && { retryAt }),
    };
  }
  const seen = seenIn(answer);
  return { url, outcome: 'no-article', article: null, ...(seen && { seen }), note: `a page of kind ${seen?.kind}` };
}

/** A list, or a page without any sign of an article, that a crawl came upon: no article of an outlet. */
function isNoArticle({ foundBy }: Target, { reading, capture }: Answer, head: Head | null): boolean {
  if (foundBy === 'command' || head !== null || reading === undefined || capture?.status !== 200) return false;
  if (reading.kind === 'listing') return true;
  return reading.kind === 'other' && foundBy === 'listing' && reading.publishedAt === undefined;
}

export function visitOf(
  target: Target,
  article: string,
  answer: Answer,
  finding: Finding,
  { kept, standing }: { readonly kept: StoredSnapshot | null; readonly standing: VersionRef | null },
): Visit {
  const { outcome, change, isVersion } = finding;
  const note = noteOf(finding, answer);
  const error = errorOf(target, finding, answer.error);
  const seen = seenIn(answer);
  return {
    url: target.url,
    outcome,
    article,
    ...(seen && { seen }),
    ...(answer.permit?.retryAt !== undefined && { retryAt: answer.permit.retryAt }),
    ...(kept && { kept }),
    ...(standing && { standing }),
    ...(change && isVersion && { change }),
    ...(error && { error }),
    ...(note !== undefined && { note }),
  };
}
