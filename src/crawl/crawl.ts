/**
 * One pass over what is due: documents name pages, pages become looks and versions, and each visit says when the next is due.
 * It ends when nothing is due any more, at a limit, on a signal, or when no other page can fare better.
 */
import { setMaxListeners } from 'node:events';
import { instantOf } from '../core/clock.ts';
import { asTearsheetError } from '../core/errors.ts';
import type { ErrorCode, TearsheetError } from '../core/errors.ts';
import type { FrontierCounts, FrontierEntry, Lease, TakeOrder, Target } from '../core/frontier-ports.ts';
import type { Visit } from '../visit.ts';
import { Hosts } from './hosts.ts';
import type { CrawlParts, DocumentVisit, HostState } from './parts.ts';
import { resultOfDocument, resultOfFault, resultOfPage } from './results.ts';
import type { Planning } from './results.ts';
import { Counting } from './summary.ts';
import type { Ended, Summary } from './summary.ts';

export interface CrawlOptions {
  /** Names of the sources that are meant. */
  readonly sources: readonly string[];
  /** What their files name; added at the start, known or not. */
  readonly seeds: readonly Target[];
  readonly concurrency: number;
  readonly goneAfter: number;
  readonly minFreeBytes: number;
  /** Pages after which no other is begun. */
  readonly maxPages?: number;
  /** Milliseconds after which no other is begun. */
  readonly maxMs?: number;
  /** Visits what is known, due or not. */
  readonly isAll?: boolean;
  /** Fires on the first Ctrl-C: nothing new is begun. */
  readonly signal: AbortSignal;
  /** Fires on the second: what is in hand is let go of. */
  readonly abort: AbortSignal;
  readonly onPage?: (visit: Visit) => Promise<void> | void;
  readonly onDocument?: (visit: DocumentVisit) => Promise<void> | void;
}

/** How a crawl stands, for whoever watches it. */
export interface CrawlState {
  readonly pages: number;
  readonly inHand: number;
  readonly counts: FrontierCounts;
  /** Hosts with something in hand, the slowest first. */
  readonly hosts: readonly HostState[];
  readonly pagesPerSecond: number;
  /** Milliseconds until all that is due now is done, as things go; null before anything can be said. */
  readonly etaMs: number | null;
}

/** After these no other page can fare better. */
const FATAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_ARCHIVE_DISK_FULL',
  'E_ARCHIVE_READ_ONLY',
  'E_ARCHIVE_NOT_ONE',
  'E_RULES_INVALID',
  'E_FRONTIER_DAMAGED',
  'E_INTERNAL',
]);
/** Visits of one host that are leased at once, so that asking the frontier is rare and few come back undone. */
const PER_HOST = 4;
/** Longer than the visits of one host that are leased at once take; a crawl that died is not waited for, see `reclaim`. */
/** How often the frontier is asked while as many visits end as there are hands. */
const TAKES_PER_ROUND = 4;
const LEASE_MS = 60 * 60_000;
/** Visits that are leased and wait for hosts that are not ready: so many hosts can be polite to at once. */
const MAX_SLEEPING = 1000;
/** Free disk is looked at again after so many pages. */
const DISK_EVERY = 50;
const FOREVER = Number.MAX_SAFE_INTEGER;

export class Crawl {
  /** What ended it before its time. */
  fatal: TearsheetError | null = null;
  readonly counting = new Counting();
  readonly #parts: CrawlParts;
  readonly #options: CrawlOptions;
  readonly #hosts: Hosts;
  readonly #down = new Set<string>();
  readonly #startedAt: number;
  /** Visits begun, of pages. */
  #begun = 0;
  #ended: Ended | null = null;
  /** Visits that ended, and how many had when the frontier was asked last. */
  #done = 0;
  #doneAtTake = Number.NEGATIVE_INFINITY;
  /** Taken on and not made; given back when the pass ends. */
  readonly #undone: Lease[] = [];

  constructor(parts: CrawlParts, options: CrawlOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#startedAt = parts.clock.now();
    // Whatever a visit waits for listens.
    setMaxListeners(0, options.signal, options.abort);
    this.#hosts = new Hosts({
      concurrency: options.concurrency,
      concurrencyOf: parts.concurrencyOf,
      stateOf: parts.hostState,
      clock: parts.clock,
      visit: (lease) => this.#visit(lease),
      onFault: (thrown) => this.#fault(asTearsheetError(thrown)),
    });
  }

  /**
   * Makes the pass; nobody else may crawl its sources meanwhile. Throws what the frontier throws; whatever else stopped it
   * stands in `fatal`.
   */
  async run(): Promise<Summary> {
    const { signal, abort } = this.#options;
    const stop = () => this.#end('interrupted');
    const isOver = new AbortController();
    for (const fired of [signal, abort]) {
      if (fired.aborted) stop();
      fired.addEventListener('abort', stop, { once: true, signal: isOver.signal });
    }
    try {
      await this.#pass(isOver.signal);
    } catch (thrown) {
      this.#end('fault');
      throw thrown;
    } finally {
      isOver.abort();
      // What is in hand needs the archive, which is closed next.
      await this.#leave();
    }
    const seconds = (this.#parts.clock.now() - this.#startedAt) / 1000;
    return this.counting.summary(this.#ended ?? 'finished', seconds);
  }

  async #pass(isOver: AbortSignal): Promise<void> {
    const { frontier, clock } = this.#parts;
    const { sources, seeds, maxMs } = this.#options;
    const atLimit = () => this.#end('limit');
    // By the clock, since hosts may sleep past the limit.
    if (maxMs !== undefined) clock.sleep(maxMs, isOver).then(atLimit, () => undefined);
    await frontier.reclaim(sources);
    await frontier.add(seeds, clock.now());
    await this.#assertRoom();
    while (this.#ended === null && (await this.#takeMore())) await this.#hosts.progress();
  }

  async state(): Promise<CrawlState> {
    const { frontier, clock, hostState } = this.#parts;
    const counts = await frontier.counts({ ...this.#due, sources: this.#options.sources });
    const { pages } = this.counting;
    const elapsedMs = Math.max(1, clock.now() - this.#startedAt);
    const left = counts.due + counts.leased;
    const hosts = this.#hosts.hosts.map(hostState).toSorted((a, b) => b.delayMs - a.delayMs);
    return {
      pages,
      inHand: this.#hosts.inHand,
      counts,
      hosts,
      pagesPerSecond: (1000 * pages) / elapsedMs,
      etaMs: pages < 5 ? null : Math.round((left * elapsedMs) / pages),
    };
  }

  /** What is due, what a feed has just told of included; or everything. Each once in a pass. */
  get #due(): Pick<TakeOrder, 'dueBefore' | 'lastBefore'> {
    const dueBefore = this.#options.isAll === true ? FOREVER : this.#parts.clock.now();
    return { dueBefore, lastBefore: this.#startedAt };
  }

  /** How many visits are taken on next: some more than there are hands, beside those that wait for their hosts. */
  get #wanted(): number {
    const { waiting, sleeping, queued } = this.#hosts;
    const { concurrency, maxPages = FOREVER } = this.#options;
    const unbegun = waiting + queued;
    return Math.min(2 * concurrency - (waiting - sleeping), MAX_SLEEPING - waiting, maxPages - this.#begun - unbegun);
  }

  /** Whether there is anything left to wait for. */
  async #takeMore(): Promise<boolean> {
    const { frontier, clock } = this.#parts;
    const { sources, maxPages = FOREVER } = this.#options;
    if (this.#begun >= maxPages) this.#end('limit');
    if (this.#ended !== null) return false;
    const limit = this.#wanted;
    // Asking costs as much as all that a visit has written down here: it is done for several at a time.
    const isEarly = this.#done - this.#doneAtTake < this.#options.concurrency / TAKES_PER_ROUND;
    const { waiting, sleeping, inHand } = this.#hosts;
    if (limit <= 0 || (isEarly && inHand > 0 && waiting > sleeping)) return true;
    this.#doneAtTake = this.#done;
    // What ends while the frontier is asked may have named more.
    const wasBusy = this.#hosts.inHand > 0;
    const leases = await frontier.take({
      now: clock.now(),
      ...this.#due,
      limit,
      perHost: PER_HOST,
      leaseMs: LEASE_MS,
      sources,
      without: [...this.#down],
    });
    if (this.#hasEnded()) this.#undone.push(...leases);
    else this.#hosts.add(leases);
    return leases.length > 0 || wasBusy || this.#hosts.waiting > 0;
  }

  async #visit(lease: Lease): Promise<void> {
    const { frontier, clock } = this.#parts;
    const { entry, until } = lease;
    this.#done += 1;
    // A lease that ran out while its host slept may be another's by now.
    if (this.#ended !== null || until <= clock.now()) return frontier.release([lease]);
    try {
      await (entry.kind === 'page' ? this.#page(lease) : this.#document(lease));
    } catch (thrown) {
      const error = asTearsheetError(thrown);
      if (error.code === 'E_FETCH_HOST_DOWN') return this.#leaveHost(lease);
      if (error.code === 'E_INTERRUPTED' || FATAL.has(error.code)) await frontier.release([lease]);
      // Given back, it would be due at once, and fail again.
      else await frontier.finish(lease, resultOfFault(entry, this.#planning));
      if (error.code !== 'E_INTERRUPTED') this.#fault(error, entry.url);
    }
  }

  async #page(lease: Lease): Promise<void> {
    const { archiveUrl, frontier } = this.#parts;
    const { entry } = lease;
    this.#begun += 1;
    const visit = await archiveUrl(targetOf(entry), this.#options.abort);
    await frontier.finish(lease, resultOfPage(entry, visit, this.#planning));
    this.counting.addPage(visit);
    if (visit.outcome === 'robots' || visit.outcome === 'no-article') this.#begun -= 1; // not looked at: no page
    await this.#options.onPage?.(visit);
    if (this.counting.pages % DISK_EVERY === 0) await this.#assertRoom();
  }

  async #document(lease: Lease): Promise<void> {
    const { readDocument, frontier } = this.#parts;
    const visit = await readDocument(lease.entry, this.#options.abort);
    const planning = this.#planning;
    // First what it names, then that it was read: a crash between the two reads it again.
    const { added, trapped } = await frontier.add(visit.found.filter(isPage), planning.now);
    await frontier.add(
      visit.found.filter((target) => !isPage(target)),
      planning.now,
    );
    await frontier.finish(lease, resultOfDocument(lease.entry, visit, added, planning));
    this.counting.found += added;
    this.counting.skip('trap', trapped);
    this.counting.addDocument(visit);
    await this.#options.onDocument?.(visit);
  }

  get #planning(): Planning {
    const { clock, plan } = this.#parts;
    return { now: clock.now(), plan, goneAfter: this.#options.goneAfter };
  }

  /** A host that fails again and again is left alone for the rest of the pass. */
  async #leaveHost(lease: Lease): Promise<void> {
    const { host } = lease.entry;
    this.#down.add(host);
    const dropped = [lease, ...this.#hosts.drop(host)];
    this.counting.skip('host-down', dropped.length);
    await this.#parts.frontier.release(dropped);
  }

  /** A crawl stops before the disk is full, not after. */
  async #assertRoom(): Promise<void> {
    if ((await this.#parts.freeBytes()) < this.#options.minFreeBytes) this.#end('disk');
  }

  #fault(error: TearsheetError, url?: string): void {
    if (!FATAL.has(error.code)) return this.counting.addFault(error, url);
    this.fatal ??= error;
    this.#end(error.code === 'E_ARCHIVE_DISK_FULL' ? 'disk' : 'fault');
  }

  #end(ended: Ended): void {
    this.#ended ??= ended;
    this.#undone.push(...this.#hosts.drop());
  }

  /** Asked anew: it may have ended while something was waited for. */
  #hasEnded = (): boolean => this.#ended !== null;

  async #leave(): Promise<void> {
    await this.#hosts.settle();
    await this.#parts.frontier.release([...this.#undone, ...this.#hosts.drop()]);
  }
}

const isPage = ({ kind = 'page' }: Target): boolean => kind === 'page';

const targetOf = ({ url, source, foundBy, foundAt, hints, kind, depth }: FrontierEntry): Target => ({
  url,
  ...(source !== null && { source }),
  foundBy,
  foundAt: instantOf(foundAt),
  hints,
  kind,
  depth,
});
