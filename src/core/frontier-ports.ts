/**
 * What the rooms promise each other about where pages come from and when they are due; the rest of the promises stands in
 * `ports.ts`.
 */

/** Claims of whoever named a page: a feed's title and date, a sitemap's `lastmod`, the text of a link. Never truth. */
export interface Hints {
  readonly title?: string;
  /** As claimed: a time with its offset where one was given. */
  readonly date?: string;
  readonly lastmod?: string;
}
/** A page we mean to keep, or a document that names such pages. */
export interface Target {
  readonly url: string;
  /** Name of the source whose it is. */
  readonly source?: string;
  readonly foundBy: 'feed' | 'sitemap' | 'listing' | 'command';
  readonly foundAt: string;
  readonly hints?: Hints;
  /** `page` unless given; the others are read for the addresses in them and never become articles. */
  readonly kind?: TargetKind;
  /** How many documents stand between this one and what the source file names; 0 for what it names itself. */
  readonly depth?: number;
}
export type TargetKind = 'page' | 'feed' | 'sitemap' | 'listing';

export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}
/** What is known of one address that is visited again and again. Times are milliseconds since 1970. */
export interface FrontierEntry {
  /** `urlKey` of the address, with `kind` in front for what is no page: one entry for all spellings of an address. */
  readonly key: string;
  readonly url: string;
  readonly kind: TargetKind;
  readonly source: string | null;
  /** Host and port that is asked: what politeness is counted by. */
  readonly host: string;
  readonly foundBy: Target['foundBy'];
  readonly foundAt: number;
  readonly hints: Hints;
  readonly depth: number;
  /**
   * `waiting` for its next visit, `leased` to a crawl that is at it, `resting`: not visited again (`because` says why: an
   * alias, robots.txt, no article, gone for good, refused), unless it is added again with a newer claim.
   */
  readonly state: 'waiting' | 'leased' | 'resting';
  readonly because: string | null;
  readonly nextAt: number;
  readonly lastAt: number | null;
  readonly lastOutcome: string | null;
  readonly validators: Validators;
  /** Key of the article that it turned out to be. */
  readonly article: string | null;
  /** When the publisher says that it was published. */
  readonly publishedAt: number | null;
  /** When it last was seen changed, or first seen. */
  readonly changedAt: number | null;
  /** Looks that brought an answer, and how many of them brought something new, the first included. */
  readonly looks: number;
  readonly changes: number;
  /** Failures in a row. */
  readonly failures: number;
}

/** One visit that somebody took on; whoever finishes it must still hold it. */
export interface Lease {
  readonly id: string;
  readonly entry: FrontierEntry;
  /** When others may take it, milliseconds since 1970. */
  readonly until: number;
}

export interface TakeOrder {
  readonly now: number;
  /** Entries whose visit was due by then; what was never visited is due at once. */
  readonly dueBefore: number;
  /** Entries whose last visit was before; all unless given. What is given back by a visit of now is then not taken again. */
  readonly lastBefore?: number;
  readonly limit: number;
  /** Of one host at most so many, in all that are leased. */
  readonly perHost: number;
  readonly leaseMs: number;
  /** Of these sources only; of all unless given. */
  readonly sources?: readonly string[];
  /** Hosts that are not asked now. */
  readonly without?: readonly string[];
}

/** What came of a visit, as the frontier is told of it. */
export interface VisitResult {
  readonly at: number;
  readonly outcome: string;
  readonly nextAt: number;
  readonly state: 'waiting' | 'resting';
  readonly because?: string;
  readonly validators?: Validators;
  readonly article?: string;
  readonly publishedAt?: number;
  /** Whether the look brought something new (`true`), nothing new (`false`), or no answer at all (undefined). */
  readonly isNews?: boolean;
  readonly isFailure?: boolean;
  /** Other addresses that lead to the same article: their entries rest, as aliases of this one. */
  readonly aliases?: readonly string[];
  /** What the document named; added in the same step. */
  readonly found?: readonly Target[];
}

/** What is kept of a host between two runs, so that a new one is as polite as the last. */
export interface HostRecord {
  /** Host and port. */
  readonly host: string;
  /** When the last request to it ended, and when the next may begin. */
  readonly lastAt: number;
  readonly notBefore: number;
  /** The wait between two requests that has proved bearable, ms. */
  readonly delayMs: number;
  /** Failures in a row that speak against the host as a whole. */
  readonly failures: number;
}
/** A robots.txt as it was answered. */
export interface RobotsRecord {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly fetchedAt: number;
  readonly status: number;
  /** Text of an answer with status 200, cut at the length that is read; empty for the others. */
  readonly text: string;
  readonly validators: Validators;
  /** Record id of the capture it is kept as. */
  readonly recordId: string | null;
}

export interface FrontierCounts {
  readonly entries: number;
  readonly waiting: number;
  readonly leased: number;
  readonly resting: number;
  /** Waiting, and due by the time that was asked about. */
  readonly due: number;
  readonly hostsDue: number;
}

/** What is due when. One transaction a step, so that a crash loses nothing and doubles nothing. */
export interface Frontier {
  /**
   * Adds what was found. An address that is known keeps its state; hints are merged, and a new claim (`lastmod` or date)
   * later than the last look makes it due at once, until two of them in a row brought nothing new. Gives how many were new, how many were known, and how many were left out because a host
   * already holds as many addresses of that shape as are followed.
   */
  add(targets: readonly Target[], now: number): Promise<{ added: number; known: number; trapped: number }>;
  /**
   * Leases what is due, hosts in turn: first the documents that a source names itself, then what was never visited, of pages the
   * newest claim first, then by how long it is overdue.
   */
  take(order: TakeOrder): Promise<Lease[]>;
  /** Ends a visit. False where the lease had run out and another has it: then nothing was written. */
  finish(lease: Lease, result: VisitResult): Promise<boolean>;
  /** Gives visits back that were not made. */
  release(leases: readonly Lease[]): Promise<void>;
  /** Takes back all visits of these sources, whoever has them: for whoever alone may crawl them, after a crawl that died. */
  reclaim(sources: readonly string[]): Promise<void>;
  get(url: string, kind?: TargetKind): Promise<FrontierEntry | null>;
  list(order: { readonly sources?: readonly string[]; readonly kind?: TargetKind }): AsyncIterable<FrontierEntry>;
  counts(order: Pick<TakeOrder, 'dueBefore' | 'lastBefore' | 'sources'>): Promise<FrontierCounts>;
  /** Visits of pages seen before that a host is due until then; at most 100,000 are counted. */
  hostLoad(host: string, until: number): Promise<number>;
  /** Puts an entry in as it was, from what an archive tells; one that is there and as new stays. */
  restore(entries: readonly FrontierEntry[]): Promise<void>;
  host(host: string): Promise<HostRecord | null>;
  keepHost(record: HostRecord): Promise<void>;
  robots(origin: string): Promise<RobotsRecord | null>;
  keepRobots(record: RobotsRecord): Promise<void>;
  close(): Promise<void>;
}

/** How one hop to a host went, as its pace is told of it. */
export interface HopOutcome {
  /** 0 where there was no answer. */
  readonly status: number;
  readonly latencyMs: number;
  /** What the answer's Retry-After asks for, ms. */
  readonly retryAfterMs?: number;
}
/** Lets requests through to a host one after the other, and as far apart as it bears. */
export interface Gate {
  /**
   * Resolves when a request to `host` (as `URL.host` spells it) may be sent. The request is over when the given function is
   * called: with an outcome, unless nothing was learnt of the host because we broke off or never asked. Rejects with the
   * signal's reason, and with `E_FETCH_HOST_DOWN` while the host is left alone.
   */
  enter(host: string, signal?: AbortSignal): Promise<(outcome?: HopOutcome) => void>;
}
