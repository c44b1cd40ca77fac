/** What came of a crawl, counted as it goes. */
import type { ErrorCode, TearsheetError } from '../core/errors.ts';
import type { Outcome } from '../core/labels.ts';
import type { Visit } from '../visit.ts';
import type { DocumentVisit } from './parts.ts';

/** Examples of each failure that are kept for people. */
const MAX_EXAMPLES = 3;

/** Why a crawl ended: nothing was due any more, a limit of its own, a signal, or something that no other page can fare better with. */
export type Ended = 'finished' | 'limit' | 'interrupted' | 'disk' | 'fault';

export interface FailureCount {
  readonly code: ErrorCode;
  count: number;
  /** Addresses, with what was wrong. */
  readonly examples: { readonly url: string; readonly message: string }[];
}

export interface Summary {
  readonly ended: Ended;
  /** Pages that were looked at. */
  readonly pages: number;
  readonly outcomes: Partial<Record<Outcome, number>>;
  /** Pages that were not looked at, or not kept, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly documents: { readonly read: number; readonly unchanged: number; readonly failed: number };
  /** Addresses of pages that nobody had named before. */
  readonly found: number;
  readonly failures: readonly FailureCount[];
  /** Remarks of feeds, sitemaps and lists. */
  readonly notes: readonly string[];
  readonly seconds: number;
  /** Of all bodies as they came over the wire. */
  readonly bytes: number;
}

const MAX_NOTES = 20;

export class Counting {
  pages = 0;
  found = 0;
  bytes = 0;
  readonly outcomes: Partial<Record<Outcome, number>> = {};
  readonly skipped: Record<string, number> = {};
  readonly #documents = { read: 0, unchanged: 0, failed: 0 };
  readonly #failures = new Map<ErrorCode, FailureCount>();
  readonly #notes: string[] = [];

  addPage({ url, outcome, error, seen }: Visit): void {
    this.bytes += seen?.bytes ?? 0;
    if (outcome === 'no-article' || outcome === 'robots') return this.skip(outcome);
    this.pages += 1;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    if (error !== undefined) this.#fail(url, error.code, error.message);
  }

  addDocument({ url, outcome, error, bytes, notes }: DocumentVisit): void {
    this.bytes += bytes;
    if (outcome === 'read') this.#documents.read += 1;
    else if (outcome === 'not-modified') this.#documents.unchanged += 1;
    else this.#documents.failed += 1;
    if (error !== undefined) this.#fail(url, error.code, error.message);
    for (const note of notes) if (this.#notes.length < MAX_NOTES) this.#notes.push(`${url}: ${note}`);
  }

  /** A visit that ended in a fault of ours, not of the page. */
  addFault({ code, message }: TearsheetError, url = ''): void {
    this.skip(code);
    this.#fail(url, code, message);
  }

  skip(reason: string, count = 1): void {
    if (count > 0) this.skipped[reason] = (this.skipped[reason] ?? 0) + count;
  }

  summary(ended: Ended, seconds: number): Summary {
    const { pages, outcomes, skipped, found, bytes } = this;
    const failures = [...this.#failures.values()].toSorted((a, b) => b.count - a.count);
    return {
      ended,
      pages,
      outcomes,
      skipped,
      documents: this.#documents,
      found,
      failures,
      notes: this.#notes,
      seconds,
      bytes,
    };
  }

  #fail(url: string, code: ErrorCode, message: string): void {
    const failure = this.#failures.get(code) ?? { code, count: 0, examples: [] };
    this.#failures.set(code, failure);
    failure.count += 1;
    if (failure.examples.length < MAX_EXAMPLES) failure.examples.push({ url, message });
  }
}
