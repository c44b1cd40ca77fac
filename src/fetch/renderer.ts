/** Pages shown in a browser: one at a time is running, started with the first page, started anew after so many or when it dies. */
import { setMaxListeners } from 'node:events';
import type { Clock } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Fetcher, Renderer, Rendering, RenderRequest } from '../core/ports.ts';
import { startBrowser } from './browser.ts';
import type { RunningBrowser } from './browser.ts';
import { shownUrl } from './limit.ts';
import { visitPage } from './page-visit.ts';
import type { FetchedRequest } from './page-visit.ts';
import { Slots } from './slots.ts';

/** What one browser fetcher is made of. Defaults live in `config/tearsheet.yaml` under `browser`, by the same names. */
export interface BrowserOptions {
  /** Answers every request that a page makes; its guard is the only one there is. */
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  /** The browser's program; looked for where it is empty or not given. */
  readonly path?: string;
  readonly pageTimeoutMs: number;
  /** Pages after which the browser is started anew. */
  readonly maxPages: number;
  readonly concurrency: number;
  readonly clock: Clock;
  /** What pages are told; the same as the fetcher tells their servers. */
  readonly userAgent: string;
}
export interface BrowserFetcher extends Renderer {
  /** Process ids of the browsers that run, the newest last. */
  pids(): Promise<number[]>;
}

/** Makes a renderer; no browser is looked for before the first page. */
export const createBrowserFetcher = (options: BrowserOptions): BrowserFetcher => new BrowserRenderer(options);

/** One browser from start to end. */
interface Run {
  readonly started: Promise<RunningBrowser>;
  pages: number;
  open: number;
  isOver: boolean;
  /** Resolves when its processes are gone. */
  ended?: Promise<void>;
}

const START_MS = 30_000;

class BrowserRenderer implements BrowserFetcher {
  readonly #options: BrowserOptions;
  readonly #slots: Slots;
  readonly #closing = new AbortController();
  readonly #inHand = new Set<Promise<unknown>>();
  readonly #runs = new Set<Run>();
  #run: Run | undefined;

  constructor(options: BrowserOptions) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
    setMaxListeners(0, this.#closing.signal);
  }

  render(request: RenderRequest, signal?: AbortSignal): Promise<Rendering> {
    if (signal) setMaxListeners(0, signal);
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const rendering = this.#renderInTurn(request, stop).catch((error: unknown) => {
      throw stop.aborted ? interrupted(request.url, stop.reason) : error;
    });
    const settled = rendering.then(
      () => undefined,
      () => undefined,
    );
    this.#inHand.add(settled);
    void settled.then(() => this.#inHand.delete(settled));
    return rendering;
  }

  async #renderInTurn(request: RenderRequest, signal: AbortSignal): Promise<Rendering> {
    const leave = await this.#slots.take(signal);
    try {
      const isAnswered = request.capture !== undefined && request.capture.status !== 304;
      const capture = isAnswered ? request.capture : await this.#options.fetcher.fetch({ url: request.url }, signal);
      return await this.#renderTwice({ ...request, capture }, signal);
    } finally {
      leave();
    }
  }

  /** A page whose browser dies under it is tried once more, on a new one: it may have been another's fault. */
  async #renderTwice(request: FetchedRequest, signal: AbortSignal): Promise<Rendering> {
    const { fetcher, userAgent, pageTimeoutMs, clock } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const run = this.#enter();
      try {
        const { browser, isSandboxed } = await run.started;
        const rendering = await visitPage(request, { browser, fetcher, userAgent, pageTimeoutMs, clock, signal });
        const isBare = !isSandboxed && process.getuid?.() !== 0;
        return isBare
          ? { ...rendering, notes: [...rendering.notes, 'the browser ran without its sandbox'] }
          : rendering;
      } catch (error) {
        if (signal.aborted || error instanceof TearsheetError) throw error;
        this.#retire(run);
        if (attempt === 2) throw died(request.url, error);
      } finally {
        this.#leave(run);
      }
    }
  }

  #enter(): Run {
    if (this.#run === undefined || this.#run.isOver) {
      const run: Run = { started: startBrowser(this.#options.path, START_MS), pages: 0, open: 0, isOver: false };
      run.started.then(
        ({ browser }) => browser.on('disconnected', () => this.#retire(run)),
        () => this.#retire(run),
      );
      this.#runs.add(run);
      this.#run = run;
    }
    const run = this.#run;
    run.open++;
    if (++run.pages >= this.#options.maxPages) run.isOver = true;
    return run;
  }

  #leave(run: Run): void {
    run.open--;
    if (run.isOver && run.open === 0) void this.#end(run);
  }

  /** Takes no more pages, and ends with its last. */
  #retire(run: Run): void {
    run.isOver = true;
    if (run.open === 0) void this.#end(run);
  }

  #end(run: Run): Promise<void> {
    run.ended ??= run.started
      .then(({ browser }) => browser.close())
      .catch(() => undefined)
      .then(() => void this.#runs.delete(run));
    return run.ended;
  }

  async pids(): Promise<number[]> {
    const running = await Promise.all([...this.#runs].map(({ started }) => started.catch(() => null)));
    return running.flatMap((run) => (run?.browser.isConnected() ? [run.pid] : []));
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the browser is closed'));
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
    await Promise.all([...this.#runs].map((run) => this.#end(run)));
  }
}

function interrupted(url: string, cause: unknown): TearsheetError {
  const message = `${shownUrl(url)}: expected to be shown, got a stop signal; run again to fetch it`;
  return new TearsheetError('E_INTERRUPTED', message, { cause });
}

function died(url: string, cause: unknown): TearsheetError {
  const said = String((cause as Error).message).split('\n')[0];
  const message = `${shownUrl(url)}: expected the browser to show the page, got its end, twice: ${said}; try the page without a browser`;
  return new TearsheetError('E_BROWSER_FAILED', message, { cause });
}
