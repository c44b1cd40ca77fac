/** A feed, a sitemap or a list: asked for with what the last answer left, and read for the addresses in it. */
import { instantOf } from '../core/clock.ts';
import { asTearsheetError, TearsheetError } from '../core/errors.ts';
import type { FrontierEntry, Target } from '../core/frontier-ports.ts';
import type { Capture, Fetcher } from '../core/ports.ts';
import type { Permit } from '../visit.ts';
import type { DocumentVisit } from './parts.ts';

export interface DocumentParts {
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly permit: (url: string, signal?: AbortSignal) => Promise<Permit>;
  /** What a document names: pages and further documents. */
  readonly read: (
    entry: FrontierEntry,
    capture: Capture,
  ) => Promise<{ found: readonly Target[]; notes: readonly string[] }>;
}

/** Throws `E_INTERRUPTED`, `E_FETCH_HOST_DOWN`; every other fault is the document's. */
export async function visitDocument(
  { fetcher, permit, read }: DocumentParts,
  entry: FrontierEntry,
  signal: AbortSignal,
): Promise<DocumentVisit> {
  const { url, kind, validators } = entry;
  const visit = { url, kind, found: [], bytes: 0, notes: [] };
  try {
    const permission = await permit(url, signal);
    if (!permission.isAllowed) {
      const { why, retryAt } = permission;
      const advice =
        retryAt === undefined
          ? 'take it out of the source file or ask the publisher'
          : `it is asked again from ${instantOf(retryAt)} on`;
      const message = `${url}: expected robots.txt to allow it, got ${why}; ${advice}`;
      return {
        ...visit,
        outcome: 'robots',
        error: { code: 'E_FETCH_ROBOTS', message },
        ...(retryAt !== undefined && { retryAt }),
      };
    }
    const mayFollow = async (next: string) => {
      const { isAllowed, why } = await permit(next, signal);
      if (!isAllowed)
        throw new TearsheetError('E_FETCH_ROBOTS', `${next}: expected robots.txt to allow it, got ${why}`);
    };
    const capture = await fetcher.fetch({ url, validators, accepts: 'document', mayFollow }, signal);
    const bytes = capture.hops.reduce((sum, { wireBody }) => sum + wireBody.length, 0);
    if (capture.status === 304) return { ...visit, bytes, outcome: 'not-modified' };
    if (capture.status !== 200) return { ...visit, bytes, ...failed(url, capture.status) };
    const { found, notes } = await read(entry, capture);
    return { ...visit, outcome: 'read', bytes, found, notes, validators: validatorsOf(capture) };
  } catch (thrown) {
    const { code, message } = asTearsheetError(thrown);
    if (code === 'E_INTERRUPTED' || code === 'E_FETCH_HOST_DOWN') throw thrown;
    return { ...visit, outcome: 'error', error: { code, message } };
  }
}

function failed(url: string, status: number): Pick<DocumentVisit, 'outcome' | 'error'> {
  const isGone = status === 404 || status === 410;
  const message = `${url}: expected a feed, a sitemap or a list, got status ${status}; tearsheet sources check tells what else the source names`;
  return { outcome: isGone ? 'gone' : 'error', error: { code: isGone ? 'E_PAGE_GONE' : 'E_FETCH_STATUS', message } };
}

function validatorsOf({ headers }: Capture): { etag?: string; lastModified?: string } {
  const { etag, 'last-modified': lastModified } = headers;
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}
