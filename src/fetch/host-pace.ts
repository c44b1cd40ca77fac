/** How fast one host is asked, and whether at all: what its answers, its robots.txt and its source file say. No timers, no queue. */
import type { HopOutcome, HostRecord } from '../core/frontier-ports.ts';

/** `down`: the breaker opened; `back`: it closed; `slowed`: the host refused; `recovered`: it bears the full rate again. */
export type PaceChange = 'down' | 'back' | 'slowed' | 'recovered';
/** What the wait between two requests may come from. */
export type PaceReason = 'settings' | 'source' | 'crawl-delay' | 'latency' | 'backoff';

export interface PaceLimits {
  /** Wait from the end of a request to the start of the next, ms, where nothing asks for more; 0 for none. */
  readonly delayMs: number;
  /** A host is waited for so many times as long as its answers take; 0 takes no notice. */
  readonly latencyFactor: number;
  /** Longest wait that slow answers, 429 and 503 can bring about, ms. */
  readonly maxDelayMs: number;
  /** Failures in a row that open the breaker. */
  readonly breakerFailures: number;
  /** How long it stays open at first, ms; doubled each time the one request that then tries fails too, up to a day. */
  readonly breakerMs: number;
}

const DAY_MS = 86_400_000;
/** Share of a new answer in the smoothed latency (RFC 6298 §2 smooths round trips so). */
const LATENCY_GAIN = 1 / 8;
/** What a 429 doubles where there was no wait to double, ms. */
const LEAST_BACKOFF_MS = 500;
/**
 * Additive increase, multiplicative decrease (Chiu and Jain 1989), of the rate: each refusal halves it, each answer gives
 * back this share of the full one, so that twenty answers in a row undo any number of refusals.
 */
const RECOVERY = 1 / 20;

/** 429 and 503 ask for less; other answers of 500 and above, and none at all, say that the host is in trouble. */
const isRefusal = (status: number): boolean => status === 429 || status === 503;
const isFailure = (status: number): boolean => status === 0 || status >= 500;

export class HostPace {
  readonly #limits: PaceLimits;
  readonly #base: { readonly ms: number; readonly why: PaceReason };
  crawlDelayMs = 0;
  failures = 0;
  #backoffMs = 0;
  #latencyMs: number | undefined;
  #startedAt = -Infinity;
  #endedAt = -Infinity;
  /** What Retry-After asked for. */
  #refusedUntil = 0;
  #downUntil = 0;

  /** @param sourceDelayMs what the source file of the host says, which outranks the settings either way */
  constructor(limits: PaceLimits, sourceDelayMs: number | undefined) {
    this.#limits = limits;
    this.#base = { ms: sourceDelayMs ?? limits.delayMs, why: sourceDelayMs === undefined ? 'settings' : 'source' };
  }

  get delay(): { readonly ms: number; readonly why: PaceReason } {
    let longest = this.#base;
    const claim = (ms: number, why: PaceReason) => {
      if (ms > longest.ms) longest = { ms, why };
    };
    claim(this.crawlDelayMs, 'crawl-delay');
    claim(this.#latencyDelayMs, 'latency');
    claim(this.#backoffMs, 'backoff');
    return longest;
  }

  get #latencyDelayMs(): number {
    return Math.min(Math.round((this.#latencyMs ?? 0) * this.#limits.latencyFactor), this.#limits.maxDelayMs);
  }

  /** When the breaker lets the host be tried again, ms since 1970; 0 while it is closed. */
  get downUntil(): number {
    return this.isBroken ? this.#downUntil : 0;
  }
  get isBroken(): boolean {
    return this.failures >= this.#limits.breakerFailures;
  }
  /** Until when the host asked to be left alone, ms since 1970; 0 where it did not. */
  get refusedUntil(): number {
    return this.#refusedUntil;
  }

  /** When the next request may be sent, ms since 1970, the breaker aside; in the past where it may at once. */
  readyAt(now: number): number {
    // A clock that was set back must not make us wait for the time that it lost.
    this.#startedAt = Math.min(this.#startedAt, now);
    this.#endedAt = Math.min(this.#endedAt, now);
    const last = Math.max(this.#startedAt, this.#endedAt);
    const { ms } = this.delay;
    // The clock cuts fractions off, so of two readings `ms` apart less than `ms` may have passed.
    return Math.max(last + (ms > 0 ? ms + 1 : 0), this.#refusedUntil);
  }

  /** A request goes out. */
  start(now: number): void {
    this.#startedAt = now;
  }

  /**
   * A request is over. Gives what changed. Without an outcome nothing was learnt of the host.
   *
   * @param wasProbe whether it tried a broken host: what else was under way when the breaker opened neither holds it open nor
   *   closes it
   */
  end(now: number, outcome: HopOutcome | undefined, wasProbe: boolean): PaceChange | null {
    this.#endedAt = now;
    if (outcome === undefined) return null;
    const pace = this.#learnPace(now, outcome);
    if (this.isBroken && !wasProbe) return pace;
    return this.#learnHealth(now, outcome) ?? pace;
  }

  #learnPace(now: number, { status, latencyMs, retryAfterMs }: HopOutcome): 'slowed' | 'recovered' | null {
    if (status === 0) return null;
    this.#latencyMs =
      this.#latencyMs === undefined ? latencyMs : this.#latencyMs + (latencyMs - this.#latencyMs) * LATENCY_GAIN;
    if (isRefusal(status)) {
      if (retryAfterMs !== undefined)
        this.#refusedUntil = Math.max(this.#refusedUntil, now + Math.min(retryAfterMs, DAY_MS));
      const doubled = Math.max(this.delay.ms, LEAST_BACKOFF_MS) * 2;
      this.#backoffMs = Math.max(this.#backoffMs, Math.min(doubled, this.#limits.maxDelayMs));
      return 'slowed';
    }
    if (this.#backoffMs === 0 || status >= 500) return null;
    const fullMs = Math.max(this.#base.ms, LEAST_BACKOFF_MS);
    this.#backoffMs = Math.round(1 / (1 / this.#backoffMs + RECOVERY / fullMs));
    if (this.#backoffMs > fullMs) return null;
    this.#backoffMs = 0;
    return 'recovered';
  }

  #learnHealth(now: number, { status }: HopOutcome): 'down' | 'back' | null {
    if (!isFailure(status)) {
      const wasBroken = this.isBroken;
      this.failures = 0;
      return wasBroken ? 'back' : null;
    }
    this.failures += 1;
    if (!this.isBroken) return null;
    const { breakerFailures, breakerMs } = this.#limits;
    this.#downUntil = now + Math.min(breakerMs * 2 ** (this.failures - breakerFailures), DAY_MS);
    return 'down';
  }

  /** Takes up what an earlier run left, where this one has not begun. */
  restore({ lastAt, notBefore, delayMs, failures }: HostRecord, now: number): void {
    const until = Math.min(notBefore, now + DAY_MS);
    this.#endedAt = Math.max(this.#endedAt, lastAt);
    this.failures = Math.max(this.failures, failures);
    if (this.isBroken) this.#downUntil = until;
    else this.#refusedUntil = until;
    if (delayMs > this.#base.ms) this.#backoffMs = Math.min(delayMs, this.#limits.maxDelayMs);
  }

  record(host: string): HostRecord {
    const { failures } = this;
    const lastAt = Math.max(this.#startedAt, this.#endedAt, 0);
    const notBefore = Math.max(this.#refusedUntil, this.downUntil);
    return { host, lastAt, notBefore, delayMs: Math.max(this.#backoffMs, this.#latencyDelayMs), failures };
  }

  /** True where a new state would behave no differently: nothing is owed to the host any more. */
  isForgettable(now: number): boolean {
    const isQuiet = this.failures === 0 && this.#backoffMs === 0 && this.crawlDelayMs === 0;
    return isQuiet && this.readyAt(now) <= now;
  }
}
