/** What a crawl is given. `wiring-crawl.ts` builds it. */
import type { Clock } from '../core/clock.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Frontier, FrontierEntry, Target, TargetKind, Validators } from '../core/frontier-ports.ts';
import type { Visit } from '../visit.ts';

/** What the next visit of an address is planned from. Times are milliseconds since 1970. */
export interface PlanFacts {
  readonly key: string;
  readonly host: string;
  readonly kind: TargetKind;
  readonly now: number;
  readonly publishedAt: number | null;
  readonly firstSeenAt: number;
  readonly changedAt: number | null;
  readonly looks: number;
  readonly changes: number;
  /** Failures in a row, this visit included. */
  readonly failures: number;
  readonly lastmod: string | undefined;
  /** How the visit ended. */
  readonly outcome: string;
  /** The last look before that brought an answer. */
  readonly lastLookAt: number | null;
}

/** What came of reading a feed, a sitemap or a list. */
export interface DocumentVisit {
  readonly url: string;
  readonly kind: TargetKind;
  readonly outcome: 'read' | 'not-modified' | 'robots' | 'gone' | 'error';
  readonly found: readonly Target[];
  readonly validators?: Validators;
  readonly bytes: number;
  /** Of what robots.txt forbids only because it could not be read: when to ask again. */
  readonly retryAt?: number;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** What was left out and why; for people. */
  readonly notes: readonly string[];
}

/** How a host bears it. */
export interface HostState {
  readonly host: string;
  /** When a request may be sent next. */
  readonly readyAt: number;
  /** Until when it is left alone after failures; undefined while it is not. */
  readonly downUntil?: number;
  readonly delayMs: number;
  /** Why the wait is as long as it is; for people. */
  readonly why?: string;
}

export interface CrawlParts {
  readonly frontier: Frontier;
  readonly clock: Clock;
  /** Throws `E_ARCHIVE_*`, `E_RULES_INVALID`, `E_INTERRUPTED`, `E_FETCH_HOST_DOWN`; what the page did wrong is a visit. */
  readonly archiveUrl: (target: Target, signal: AbortSignal) => Promise<Visit>;
  /** Throws `E_INTERRUPTED`, `E_FETCH_HOST_DOWN`. */
  readonly readDocument: (entry: FrontierEntry, signal: AbortSignal) => Promise<DocumentVisit>;
  /** When an address is visited next, milliseconds since 1970. */
  readonly plan: (facts: PlanFacts) => number;
  readonly hostState: (host: string) => HostState;
  /** Requests that may be in flight to a host at once. */
  readonly concurrencyOf: (host: string) => number;
  /** Bytes left on the disk of the archive. */
  readonly freeBytes: () => Promise<number>;
}
