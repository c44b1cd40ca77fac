/** Stays up: crawls each source when its schedule says so, never twice at once, until it is told to stop. */
import { instantOf } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { asTearsheetError } from '../core/errors.ts';
import type { TearsheetError } from '../core/errors.ts';
import type { Summary } from './summary.ts';
import type { Schedule } from './timetable.ts';

export interface Watched {
  readonly name: string;
  readonly schedule: Schedule;
}
export interface WatchOptions {
  readonly clock: Clock;
  readonly sources: readonly Watched[];
  /** Passes at once, each of another source. */
  readonly concurrency: number;
  /** Crawls everything once before the first time of the schedule. */
  readonly startsAtOnce: boolean;
  /** Fires when it is to stop: passes under way end in good order. */
  readonly signal: AbortSignal;
  /** One pass over one source. */
  readonly pass: (source: string) => Promise<Summary>;
  readonly onPass?: (source: string, summary: Summary) => void;
  readonly onFault?: (source: string, error: TearsheetError) => void;
}

/** How a source stands, for the health endpoint. */
export interface SourceState {
  readonly source: string;
  readonly schedule: string;
  readonly state: 'waiting' | 'queued' | 'crawling';
  readonly nextAt: string | null;
  readonly lastEndedAt: string | null;
  readonly lastEnded: string | null;
  readonly lastError: string | null;
  readonly passes: number;
  readonly faults: number;
}

/** A timer cannot be set for longer. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

export class Watch {
  readonly #options: WatchOptions;
  readonly #states = new Map<string, { -readonly [K in keyof SourceState]: SourceState[K] }>();
  readonly #turns: (() => void)[] = [];
  #underWay = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    for (const { name, schedule } of options.sources) {
      this.#states.set(name, {
        source: name,
        schedule: schedule.text,
        state: 'waiting',
        nextAt: null,
        lastEndedAt: null,
        lastEnded: null,
        lastError: null,
        passes: 0,
        faults: 0,
      });
    }
  }

  get states(): readonly SourceState[] {
    return [...this.#states.values()];
  }

  /** Resolves when it was told to stop and the passes under way have ended. */
  async run(): Promise<void> {
    await Promise.all(this.#options.sources.map((source) => this.#follow(source)));
  }

  async #follow({ name, schedule }: Watched): Promise<void> {
    const { clock, signal, startsAtOnce } = this.#options;
    const state = this.#states.get(name)!;
    if (startsAtOnce && !signal.aborted) await this.#inTurn(name);
    while (!signal.aborted) {
      // A pass that took longer than the schedule's step leaves out what it overran.
      const at = schedule.next(clock.now());
      state.nextAt = instantOf(at);
      if (!(await this.#sleepUntil(at))) return;
      await this.#inTurn(name);
    }
  }

  async #sleepUntil(at: number): Promise<boolean> {
    const { clock, signal } = this.#options;
    try {
      for (let leftMs = at - clock.now(); leftMs > 0; leftMs = at - clock.now())
        await clock.sleep(Math.min(leftMs, LONGEST_SLEEP_MS), signal);
      return true;
    } catch {
      return false;
    }
  }

  async #inTurn(name: string): Promise<void> {
    const state = this.#states.get(name)!;
    state.state = 'queued';
    if (this.#underWay >= this.#options.concurrency) await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#underWay += 1;
    state.state = 'crawling';
    try {
      if (!this.#options.signal.aborted) await this.#pass(name);
    } finally {
      state.state = 'waiting';
      this.#underWay -= 1;
      this.#turns.shift()?.();
    }
  }

  /** A pass that fails is told of and tried again at its next time: nothing ends the watch but its signal. */
  async #pass(name: string): Promise<void> {
    const { pass, onPass, onFault, clock } = this.#options;
    const state = this.#states.get(name)!;
    try {
      const summary = await pass(name);
      state.passes += 1;
      state.lastEnded = summary.ended;
      state.lastError = null;
      onPass?.(name, summary);
    } catch (thrown) {
      const error = asTearsheetError(thrown);
      state.faults += 1;
      state.lastEnded = 'fault';
      state.lastError = `${error.code}: ${error.message}`;
      onFault?.(name, error);
    }
    state.lastEndedAt = instantOf(clock.now());
  }
}
