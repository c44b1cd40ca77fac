/**
 * The gate that every request passes: of each host so many in flight and no more, first come, first served, and as far apart
 * as it bears; a host that is down is left alone.
 */
import { instantOf, type Clock } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Frontier, Gate, HopOutcome } from '../core/frontier-ports.ts';
import { Turns } from './turns.ts';
import { HostPace, type PaceChange, type PaceLimits, type PaceReason } from './host-pace.ts';

export interface PaceOptions extends PaceLimits {
  readonly clock: Clock;
  /** Requests that may be in flight to a host at once; 1 unless given. Asked once a host. */
  readonly concurrencyOf?: (host: string) => number | undefined;
  /** Wait that the source file of a host names, ms; it outranks `delayMs` either way. Asked once a host. */
  readonly delayOf?: (host: string) => number | undefined;
  /**
   * Where an earlier run left what it knew of a host, and where this one leaves it: when breaker or backoff change, and with
   * `close`. Nothing is known and nothing is left unless given.
   */
  readonly store?: Pick<Frontier, 'host' | 'keepHost'>;
  readonly onEvent?: (event: PaceEvent) => void;
}

export interface PaceEvent {
  readonly change: PaceChange;
  readonly state: HostState;
}

/** How a host bears it. Times are milliseconds since 1970. */
export interface HostState {
  /** As `URL.host` spells it. */
  readonly host: string;
  readonly inFlight: number;
  readonly waiting: number;
  /** Wait between two requests, ms, and what it comes from. */
  readonly delayMs: number;
  readonly why: PaceReason;
  /** When a request may be sent next, were none in flight; in the past where one may be at once. */
  readonly readyAt: number;
  /** Until when the host is left alone and requests to it are turned away; given while it is. */
  readonly downUntil?: number;
  /** Failures in a row. */
  readonly failures: number;
}

/** A Retry-After is waited for at the gate up to this long; beyond, the host is left alone, and its requests are turned away. */
const MAX_HOLD_MS = 60_000;
/** A timer of Node's runs for 24 days at most, and the clock may be set meanwhile: so it is looked at this often. */
const MAX_SLEEP_MS = 600_000;
/** Hosts known before those that are owed nothing are forgotten: redirects may lead anywhere. */
const MAX_HOSTS = 10_000;

type Leave = (outcome?: HopOutcome) => void;

interface Host {
  readonly name: string;
  readonly pace: HostPace;
  readonly concurrency: number;
  readonly queue: Turns<Leave>;
  inFlight: number;
  /** True once what an earlier run left is known. */
  isLoaded: boolean;
  loading: Promise<void> | undefined;
  timer: { readonly at: number; readonly stop: AbortController } | undefined;
  /** True where it was asked since it was last saved. */
  hasNews: boolean;
}

export class Pace implements Gate {
  readonly #options: PaceOptions;
  readonly #hosts = new Map<string, Host>();
  #maxHosts = MAX_HOSTS;
  /** One save after the other, so that the last word stays. */
  #saving: Promise<void> = Promise.resolve();
  #unsaved: { readonly error: unknown } | undefined;
  #isClosed = false;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the request may be sent; it is over when the given function is called, with an outcome unless nothing was
   * learnt of the host. Rejects with the signal's reason; with `E_FETCH_HOST_DOWN` while the host is left alone, since its
   * breaker is open or it asked for more than a minute; with `E_INTERRUPTED` once closed; and as the store does.
   *
   * @param name host as `URL.host` spells it
   */
  async enter(name: string, signal?: AbortSignal): Promise<Leave> {
    signal?.throwIfAborted();
    const host = this.#host(name);
    if (!host.isLoaded) {
      await this.#load(host);
      signal?.throwIfAborted();
    }
    if (this.#isClosed) throw closedError(name);
    const refusal = this.#refusal(host);
    if (refusal !== null) throw refusal;
    const isFree = host.queue.size === 0 && this.#waitMs(host) <= 0;
    return isFree ? this.#begin(host) : this.#turn(host, signal);
  }

  /** What robots.txt asks of whoever comes to the host, ms; 0 for nothing. */
  setCrawlDelay(name: string, ms: number): void {
    const host = this.#hosts.get(name) ?? (ms > 0 ? this.#host(name) : undefined);
    if (host === undefined || host.pace.crawlDelayMs === ms) return;
    host.pace.crawlDelayMs = ms;
    this.#pump(host);
  }

  /** A host that was never asked is shown as it would be met. */
  stateOf(name: string): HostState {
    return this.#stateOf(this.#hosts.get(name) ?? this.#newHost(name));
  }

  /** Every host that is known, in the order in which they were met. */
  states(): HostState[] {
    return [...this.#hosts.values()].map((host) => this.#stateOf(host));
  }

  /** Turns away whoever waits, and saves what is known of every host that was asked. Throws as the store did. */
  async close(): Promise<void> {
    for (const host of this.#hosts.values()) {
      this.#turnAway(host, closedError(host.name));
      if (host.hasNews) this.#save(host);
    }
    this.#isClosed = true;
    await this.#saving;
    if (this.#unsaved !== undefined) throw this.#unsaved.error;
  }

  #host(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    if (this.#hosts.size >= this.#maxHosts) this.#forgetQuiet();
    const host = this.#newHost(name);
    this.#hosts.set(name, host);
    return host;
  }

  #newHost(name: string): Host {
    const { concurrencyOf, delayOf, store } = this.#options;
    return {
      name,
      pace: new HostPace(this.#options, delayOf?.(name)),
      concurrency: Math.max(concurrencyOf?.(name) ?? 1, 1),
      queue: new Turns(),
      inFlight: 0,
      isLoaded: store === undefined,
      loading: undefined,
      timer: undefined,
      hasNews: false,
    };
  }

  #forgetQuiet(): void {
    const now = this.#options.clock.now();
    for (const [name, { inFlight, queue, loading, pace }] of this.#hosts) {
      const isIdle = inFlight === 0 && queue.size === 0 && loading === undefined;
      if (isIdle && pace.isForgettable(now)) this.#hosts.delete(name);
    }
    this.#maxHosts = Math.max(MAX_HOSTS, this.#hosts.size * 2);
  }

  #load(host: Host): Promise<void> {
    const load = async () => {
      try {
        const record = await this.#options.store?.host(host.name);
        if (record) host.pace.restore(record, this.#options.clock.now());
        host.isLoaded = true;
      } finally {
        host.loading = undefined;
      }
    };
    host.loading ??= load();
    return host.loading;
  }

  /** Until when requests to the host are turned away; 0 where they are not. */
  #leftAloneUntil({ pace }: Host): number {
    const now = this.#options.clock.now();
    if (pace.downUntil > now) return pace.downUntil;
    return pace.refusedUntil > now + MAX_HOLD_MS ? pace.refusedUntil : 0;
  }

  #refusal(host: Host): TearsheetError | null {
    const until = this.#leftAloneUntil(host);
    if (until === 0) return null;
    const { failures, downUntil } = host.pace;
    const got = until === downUntil ? `${failures} failures in a row` : 'a Retry-After of more than a minute';
    const message = `${host.name}: expected to take requests, got ${got}; it is left alone until ${instantOf(until)}, so try again then`;
    return new TearsheetError('E_FETCH_HOST_DOWN', message);
  }

  /** Until the next may begin, ms; Infinity where another has to end first. A broken host is tried by one. */
  #waitMs({ pace, inFlight, concurrency }: Host): number {
    if (inFlight >= (pace.isBroken ? 1 : concurrency)) return Infinity;
    const now = this.#options.clock.now();
    return pace.readyAt(now) - now;
  }

  #turn(host: Host, signal: AbortSignal | undefined): Promise<Leave> {
    const turn = host.queue.wait(signal, () => this.#pump(host));
    this.#pump(host);
    return turn;
  }

  #begin(host: Host): Leave {
    const { clock } = this.#options;
    const isProbe = host.pace.isBroken;
    host.pace.start(clock.now());
    host.inFlight += 1;
    host.hasNews = true;
    let isOver = false;
    return (outcome) => {
      if (isOver) return;
      isOver = true;
      host.inFlight -= 1;
      const change = host.pace.end(clock.now(), outcome, isProbe);
      if (change !== null) {
        this.#save(host);
        this.#options.onEvent?.({ change, state: this.#stateOf(host) });
      }
      const refusal = this.#refusal(host);
      if (refusal === null) this.#pump(host);
      else this.#turnAway(host, refusal);
    };
  }

  /** Lets in whoever may go, and sleeps until the next may; without a next no timer runs. */
  #pump(host: Host): void {
    for (;;) {
      const waitMs = host.queue.size === 0 ? Infinity : this.#waitMs(host);
      if (waitMs > 0) return this.#sleep(host, waitMs);
      host.queue.pass(this.#begin(host));
    }
  }

  #sleep(host: Host, waitMs: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    const at = now + Math.min(waitMs, MAX_SLEEP_MS);
    if (waitMs !== Infinity && host.timer?.at === at) return;
    host.timer?.stop.abort();
    host.timer = undefined;
    if (waitMs === Infinity) return;
    const timer = { at, stop: new AbortController() };
    host.timer = timer;
    const wake = () => {
      if (host.timer !== timer) return;
      host.timer = undefined;
      this.#pump(host);
    };
    clock.sleep(at - now, timer.stop.signal).then(wake, () => undefined);
  }

  #turnAway(host: Host, reason: TearsheetError): void {
    host.queue.refuseAll(reason);
    this.#pump(host);
  }

  #stateOf(host: Host): HostState {
    const { name, pace, inFlight, queue } = host;
    const { ms: delayMs, why } = pace.delay;
    const until = this.#leftAloneUntil(host);
    const readyAt = Math.max(pace.readyAt(this.#options.clock.now()), until);
    const { failures } = pace;
    const state = { host: name, inFlight, waiting: queue.size, delayMs, why, readyAt, failures };
    return { ...state, ...(until > 0 && { downUntil: until }) };
  }

  #save(host: Host): void {
    const { store } = this.#options;
    if (store === undefined || this.#isClosed) return;
    host.hasNews = false;
    const record = host.pace.record(host.name);
    this.#saving = this.#saving
      .then(() => store.keepHost(record))
      .catch((error: unknown) => {
        this.#unsaved ??= { error };
      });
  }
}

function closedError(name: string): TearsheetError {
  const message = `${name}: expected to be asked, got the end of the run; run again to ask it`;
  return new TearsheetError('E_INTERRUPTED', message);
}
