/** The threads that read pages for `clean --jsonl`. A page that hangs, crashes or fills the memory costs its own thread alone. */
import { Worker } from 'node:worker_threads';
import { TearsheetError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { failedLine } from './page-line.ts';

/** What a thread says: once that it is ready or cannot be, then an answer for each line. */
export type FromWorker =
  | { readonly isReady: true }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } }
  | { readonly answer: string };

export interface PoolOptions {
  /** The most threads at once, from 1. */
  readonly jobs: number;
  /** How long one page may take. */
  readonly pageTimeoutMs: number;
  /** What a thread's heap may grow to. MiB. */
  readonly maxHeapMib: number;
  /** What every thread is started with. */
  readonly given: unknown;
  /** The thread's program. */
  readonly script?: URL;
}

interface Task {
  readonly text: string;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: unknown) => void;
}
interface Thread {
  readonly worker: Worker;
  isReady: boolean;
  task?: Task | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/** A thread takes a third of a second to start, so one more is worth it only where so many lines wait. */
const WORTH_A_THREAD = 4;

const isSource = import.meta.url.endsWith('.ts');
const SCRIPT = new URL(isSource ? './line-worker.ts' : './line-worker.js', import.meta.url);
/** Threads cannot load TypeScript on every supported Node; run from source, they begin with a file that can. */
const TYPED_START = new URL('../../config/tools/typed-worker.mjs', import.meta.url);

export class CleaningPool {
  readonly #options: PoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Task[] = [];
  #fault: unknown;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * The answer to a line, whatever becomes of its page. Rejects with `E_INTERRUPTED` after `stop`, and with the cause where
   * no thread can start (`E_RULES_INVALID`, `E_CONFIG_*`).
   */
  answer(text: string): Promise<string> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault as Error);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#dispatch();
    });
  }

  /** Lets go of everything in hand. */
  async stop(fault: unknown = new TearsheetError('E_INTERRUPTED', 'stopped by a second signal')): Promise<void> {
    this.#fault ??= fault;
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const { task, timer } of threads) {
      clearTimeout(timer);
      task?.reject(this.#fault);
    }
    for (const task of this.#waiting.splice(0)) task.reject(this.#fault);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #dispatch(): void {
    for (const thread of this.#threads) {
      if (thread.isReady && thread.task === undefined) this.#give(thread);
    }
    const { size } = this.#threads;
    const isWorthOne = this.#waiting.length >= (size === 0 ? 1 : WORTH_A_THREAD);
    const isStarting = [...this.#threads].some(({ isReady }) => !isReady);
    if (isWorthOne && !isStarting && size < this.#options.jobs) this.#start();
  }

  #give(thread: Thread): void {
    const task = this.#waiting.shift();
    if (task === undefined) return;
    const { pageTimeoutMs } = this.#options;
    thread.task = task;
    thread.timer = setTimeout(() => {
      const message = `expected a reading within ${pageTimeoutMs / 1000} s, got none; --page-timeout gives pages longer`;
      this.#lose(thread, new TearsheetError('E_CLEAN_TIMEOUT', message));
    }, pageTimeoutMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.worker.postMessage(task.text);
  }

  #start(): void {
    const { given, maxHeapMib, script = SCRIPT } = this.#options;
    const isTyped = script.pathname.endsWith('.ts');
    const worker = new Worker(isTyped ? TYPED_START : script, {
      workerData: isTyped ? { ...(given as object), script: script.href } : given,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMib },
    });
    const thread: Thread = { worker, isReady: false };
    this.#threads.add(thread);
    worker.on('message', (message: FromWorker) => this.#hear(thread, message));
    worker.on('error', (thrown: NodeJS.ErrnoException) => this.#lose(thread, this.#crash(thrown)));
    worker.on('exit', (code) => this.#lose(thread, this.#crash(new Error(`its thread ended with status ${code}`))));
  }

  #crash(thrown: NodeJS.ErrnoException): TearsheetError {
    const why =
      thrown.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `a page that takes more than ${this.#options.maxHeapMib} MiB of memory`
        : thrown.message;
    return new TearsheetError('E_CLEAN_FAILED', `expected a reading, got: ${why}`, { cause: thrown });
  }

  #hear(thread: Thread, message: FromWorker): void {
    if (!this.#threads.has(thread)) return;
    if ('failure' in message) {
      void this.stop(new TearsheetError(message.failure.code, message.failure.message));
      return;
    }
    if ('isReady' in message) thread.isReady = true;
    else {
      clearTimeout(thread.timer);
      thread.task?.resolve(message.answer);
      thread.task = undefined;
    }
    this.#dispatch();
  }

  /** A thread is gone, or has to go. Its page gets the error for an answer; the next page gets a new thread. */
  #lose(thread: Thread, error: TearsheetError): void {
    if (!this.#threads.delete(thread)) return;
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    // One that never began would never begin the next time either.
    if (!thread.isReady) return void this.stop(error);
    const { task } = thread;
    task?.resolve(failedLine(task.text, error));
    this.#dispatch();
  }
}
