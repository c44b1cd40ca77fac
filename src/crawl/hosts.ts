/** Visits in hand: one of a host at a time, as far apart as the host bears, so many in all. A door to p-queue. */
import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Clock } from '../core/clock.ts';
import type { Lease } from '../core/frontier-ports.ts';
import type { HostState } from './parts.ts';

export interface HostsOptions {
  /** Visits in hand at once, over all hosts. */
  readonly concurrency: number;
  readonly concurrencyOf: (host: string) => number;
  readonly stateOf: (host: string) => HostState;
  readonly clock: Clock;
  /** Makes one visit; what it throws is handed to `onFault`. */
  readonly visit: (lease: Lease) => Promise<void>;
  readonly onFault: (thrown: unknown) => void;
}

interface Line {
  readonly waiting: Lease[];
  inHand: number;
  /** A timer runs that looks again when the host is ready. */
  isSleeping: boolean;
}

export class Hosts {
  readonly #options: HostsOptions;
  readonly #queue: PQueue;
  readonly #lines = new Map<string, Line>();
  readonly #stop = new AbortController();
  #waiting = 0;
  #inHand = 0;
  /** Called when something ended or was let go. */
  #wake: (() => void) | undefined;
  /** Something ended while nobody listened. */
  #hasNews = false;

  constructor(options: HostsOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.concurrency });
    // Every host that sleeps listens.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Leases that wait for their host. */
  get waiting(): number {
    return this.#waiting;
  }
  /** Of them, those whose host is not ready yet. */
  get sleeping(): number {
    return [...this.#lines.values()].reduce(
      (sum, { isSleeping, waiting }) => sum + (isSleeping ? waiting.length : 0),
      0,
    );
  }
  /** Visits that are under way, or wait for a free hand only. */
  get inHand(): number {
    return this.#inHand;
  }
  /** Of them, those that wait for a free hand. */
  get queued(): number {
    return this.#queue.size;
  }
  /** Hosts with something in hand or waiting. */
  get hosts(): readonly string[] {
    return [...this.#lines.keys()];
  }

  add(leases: readonly Lease[]): void {
    for (const lease of leases) {
      const { host } = lease.entry;
      const line = this.#lines.get(host) ?? { waiting: [], inHand: 0, isSleeping: false };
      this.#lines.set(host, line);
      line.waiting.push(lease);
      this.#waiting += 1;
    }
    for (const host of new Set(leases.map(({ entry }) => entry.host))) this.#pump(host);
  }

  /** Takes back what was not begun: of one host, or of all. */
  drop(host?: string): Lease[] {
    const names = host === undefined ? [...this.#lines.keys()] : [host];
    const dropped = names.flatMap((name) => this.#lines.get(name)?.waiting.splice(0) ?? []);
    this.#waiting -= dropped.length;
    for (const name of names) this.#tidy(name);
    this.#awake();
    return dropped;
  }

  /** Resolves when something has ended since it last resolved; at once where nothing is in hand and nothing waits. */
  async progress(): Promise<void> {
    if (!this.#hasNews && (this.#inHand > 0 || this.#waiting > 0))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#hasNews = false;
  }

  /** Resolves when what is in hand is done; nothing that waits is begun any more. */
  async settle(): Promise<void> {
    this.#stop.abort();
    while (this.#inHand > 0) await this.progress();
  }

  #pump(host: string): void {
    const line = this.#lines.get(host);
    if (line === undefined) return;
    const { concurrencyOf, stateOf, clock } = this.#options;
    const free = Math.min(line.waiting.length, concurrencyOf(host) - line.inHand);
    for (let n = 0; n < free && !this.#stop.signal.aborted; n += 1) {
      const { readyAt, downUntil } = stateOf(host);
      // A visit to a host that is left alone ends at once, and tells the crawl so; waiting for it would hold up the pass.
      const waitMs = downUntil === undefined ? readyAt - clock.now() : 0;
      if (waitMs > 0) return this.#sleep(host, line, waitMs);
      this.#begin(host, line, line.waiting.shift() as Lease);
    }
  }

  #begin(host: string, line: Line, lease: Lease): void {
    this.#waiting -= 1;
    line.inHand += 1;
    this.#inHand += 1;
    const { visit, onFault } = this.#options;
    void this.#queue.add(async () => {
      await visit(lease).catch(onFault);
      line.inHand -= 1;
      this.#inHand -= 1;
      this.#pump(host);
      this.#tidy(host);
      this.#awake();
    });
  }

  #sleep(host: string, line: Line, waitMs: number): void {
    if (line.isSleeping) return;
    line.isSleeping = true;
    const again = () => {
      line.isSleeping = false;
      this.#pump(host);
    };
    this.#options.clock.sleep(waitMs, this.#stop.signal).then(again, () => undefined);
  }

  #tidy(host: string): void {
    const line = this.#lines.get(host);
    if (line?.inHand === 0 && line.waiting.length === 0) this.#lines.delete(host);
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    this.#hasNews = true;
    wake?.();
  }
}
