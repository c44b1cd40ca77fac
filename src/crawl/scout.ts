/** A look at a site before it is crawled, and again whenever somebody asks how it does: what names its pages, and how they read. */
import { asTearsheetError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Target, TargetKind } from '../core/frontier-ports.ts';
import { BODY_LABELS } from '../core/labels.ts';
import type { Capture, FetchRequest } from '../core/ports.ts';
import type { Reading } from '../core/schema.ts';
import { urlKey } from '../core/url.ts';
import type { Permit } from '../visit.ts';

export interface ScoutParts {
  readonly fetch: (request: FetchRequest, signal?: AbortSignal) => Promise<Capture>;
  readonly permit: (url: string, signal?: AbortSignal) => Promise<Permit>;
  readonly read: (capture: Capture) => Promise<Reading>;
  /** What a document names. */
  readonly discover: (
    capture: Capture,
    kind: TargetKind,
    depth: number,
  ) => {
    readonly targets: readonly Target[];
    readonly documents: readonly Target[];
    readonly notes: readonly string[];
  };
}

export interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
}
/** One feed, sitemap or list, as it answers today. */
export interface DocumentCheck {
  readonly url: string;
  readonly kind: TargetKind;
  readonly status?: number;
  /** Pages that it names and that would be visited. */
  readonly pages: number;
  /** Further documents, such as the sitemaps of an index. */
  readonly documents: number;
  /** The latest date that it claims for a page, as claimed. */
  readonly newest?: string;
  readonly notes: readonly string[];
  readonly fault?: Fault;
}
/** One page, as it reads today. */
export interface PageCheck {
  readonly url: string;
  readonly status?: number;
  readonly kind?: Reading['kind'];
  readonly title?: string;
  readonly authors?: readonly string[];
  readonly publishedAt?: string;
  readonly language?: string;
  /** Characters of the body, and of all text on the page. */
  readonly bodyChars?: number;
  readonly pageChars?: number;
  /** What an article has and this one has not. */
  readonly missing: readonly string[];
  readonly fault?: Fault;
}

/** Asks for an address the way a crawl would. Throws `E_FETCH_ROBOTS`-like faults as they come. */
async function asked(parts: ScoutParts, request: FetchRequest, signal: AbortSignal): Promise<Capture | Fault> {
  try {
    const { isAllowed, why } = await parts.permit(request.url, signal);
    if (!isAllowed) return { code: 'E_FETCH_ROBOTS', message: `robots.txt does not allow it: ${why}` };
    return await parts.fetch(request, signal);
  } catch (thrown) {
    const { code, message } = asTearsheetError(thrown);
    if (code === 'E_INTERRUPTED') throw thrown;
    return { code, message: message.replace(`${request.url}: `, '') };
  }
}
const isFault = (answer: Capture | Fault): answer is Fault => 'code' in answer;
const statusFault = (status: number): Fault => ({ code: 'E_FETCH_STATUS', message: `status ${status}` });

/** Reads one document and, of an index, the first that it names. Gives its pages with it. Throws `E_INTERRUPTED`. */
export async function checkDocument(
  parts: ScoutParts,
  { url, kind = 'listing' }: Pick<Target, 'url' | 'kind'>,
  signal: AbortSignal,
  depth = 0,
): Promise<{ readonly check: DocumentCheck; readonly targets: readonly Target[] }> {
  const nothing = { url, kind, pages: 0, documents: 0, notes: [] };
  const answer = await asked(parts, { url, accepts: 'document' }, signal);
  if (isFault(answer)) return { check: { ...nothing, fault: answer }, targets: [] };
  const { status } = answer;
  if (status !== 200) return { check: { ...nothing, status, fault: statusFault(status) }, targets: [] };
  const { targets, documents, notes } = parts.discover(answer, kind, depth);
  const [first] = documents;
  // An index has no pages of its own; what it leads to is what it is worth.
  const below =
    targets.length === 0 && first !== undefined && depth === 0 ? await checkDocument(parts, first, signal, 1) : null;
  const all = [...targets, ...(below?.targets ?? [])];
  const newest = all.flatMap(({ hints }) => hints?.date ?? hints?.lastmod ?? []).reduce((a, b) => (a > b ? a : b), '');
  const check: DocumentCheck = {
    url,
    kind,
    status,
    pages: all.length,
    documents: documents.length,
    ...(newest !== '' && { newest }),
    notes: [...notes, ...(below?.check.notes ?? [])],
    ...(all.length === 0 && {
      fault: { code: 'E_SOURCE_EMPTY' as const, message: 'names no page that would be visited' },
    }),
  };
  return { check, targets: all };
}

/** Fetches a page and reads it, as a crawl would. Throws `E_INTERRUPTED`. */
export async function checkPage(parts: ScoutParts, url: string, signal: AbortSignal): Promise<PageCheck> {
  const answer = await asked(parts, { url }, signal);
  if (isFault(answer)) return { url, missing: [], fault: answer };
  const { status } = answer;
  if (status !== 200) return { url, status, missing: [], fault: statusFault(status) };
  try {
    return { url, status, ...asRead(await parts.read(answer)) };
  } catch (thrown) {
    const { code, message } = asTearsheetError(thrown);
    return { url, status, missing: [], fault: { code: code === 'E_INTERNAL' ? 'E_CLEAN_FAILED' : code, message } };
  }
}

/** Less is a teaser or a caption. */
const MIN_BODY_CHARS = 250;

const charsOf = (blocks: Reading['blocks']): number => blocks.reduce((sum, { text }) => sum + text.length, 0);

function asRead(reading: Reading): Omit<PageCheck, 'url' | 'status'> {
  const { kind, title, authors, publishedAt, language, blocks } = reading;
  const bodyChars = charsOf(blocks.filter(({ role, label }) => role === 'article' && BODY_LABELS.has(label)));
  const missing = [
    ...(kind === 'article' || kind === 'live-blog' ? [] : [`kind (${kind})`]),
    ...(title === '' ? ['headline'] : []),
    ...(bodyChars < MIN_BODY_CHARS ? ['body'] : []),
    ...(publishedAt === undefined ? ['date'] : []),
    ...(authors.length === 0 ? ['authors'] : []),
  ];
  return {
    kind,
    title,
    authors: authors.map(({ name }) => name),
    ...(publishedAt !== undefined && { publishedAt }),
    language,
    bodyChars,
    pageChars: charsOf(blocks),
    missing,
  };
}

/** A handful of all pages that documents name: one of each in turn, so that no single list stands for the site. */
export function samplesOf(named: readonly (readonly Target[])[], count: number): string[] {
  const chosen = new Map<string, string>();
  for (let n = 0; chosen.size < count && named.some((targets) => n < targets.length); n += 1) {
    for (const targets of named) {
      const url = targets[n]?.url;
      if (url !== undefined && chosen.size < count && !chosen.has(urlKey(url))) chosen.set(urlKey(url), url);
    }
  }
  return [...chosen.values()];
}
