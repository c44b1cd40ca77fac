/** Threads that do work a piece at a time. A piece that hangs, crashes or fills the memory costs its own thread alone. */
import { Worker } from 'node:worker_threads';
import { TearsheetError } from './core/errors.ts';
import type { ErrorCode } from './core/errors.ts';

/** What a thread says: once that it is ready or cannot be, then an answer for each piece. */
export type FromWorker<Answer> =
  | { readonly isReady: true }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string } }
  | { readonly answer: Answer };

export interface PoolOptions<Question, Answer> {
  /** The most threads at once, from 1. */
  readonly jobs: number;
  /** How long one piece may take. */
  readonly pageTimeoutMs: number;
  /** What a thread's heap may grow to. MiB. */
  readonly maxHeapMib: number;
  /** What every thread is started with. */
  readonly given: unknown;
  /** The thread's program. */
  readonly script: URL;
  /** The answer to what cost a thread; its error is thrown unless given. */
  readonly lost?: (question: Question, error: TearsheetError) => Answer;
}

interface Task<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
interface Thread<Question, Answer> {
  readonly worker: Worker;
  isReady: boolean;
  task?: Task<Question, Answer> | undefined;
  timer?: NodeJS.Timeout | undefined;
}

/** A thread takes a third of a second to start, so one more is worth it only where so many pieces wait. */
const WORTH_A_THREAD = 4;

/** Threads cannot load TypeScript on every supported Node; run from source, they begin with a file that can. */
const TYPED_START = new URL('../config/tools/typed-worker.mjs', import.meta.url);

export class ThreadPool<Question, Answer> {
  readonly #options: PoolOptions<Question, Answer>;
  readonly #threads = new Set<Thread<Question, Answer>>();
  readonly #waiting: Task<Question, Answer>[] = [];
  #fault: unknown;

  constructor(options: PoolOptions<Question, Answer>) {
    this.#options = options;
  }

  /**
   * The answer to a question. Rejects with `E_INTERRUPTED` after `stop`, with the cause where no thread can start
   * (`E_RULES_INVALID`, `E_CONFIG_*`), and with `E_CLEAN_FAILED`, `E_CLEAN_TIMEOUT` where it cost a thread, unless `lost` answers.
   */
  answer(question: Question): Promise<Answer> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault as Error);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
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

  #give(thread: Thread<Question, Answer>): void {
    const task = this.#waiting.shift();
    if (task === undefined) return;
    const { pageTimeoutMs } = this.#options;
    thread.task = task;
    thread.timer = setTimeout(() => {
      const message = `expected a reading within ${pageTimeoutMs / 1000} s, got none`;
      this.#lose(thread, new TearsheetError('E_CLEAN_TIMEOUT', message));
    }, pageTimeoutMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    thread.worker.postMessage(task.question);
  }

  #start(): void {
    const { given, maxHeapMib, script } = this.#options;
    const isTyped = script.pathname.endsWith('.ts');
    const worker = new Worker(isTyped ? TYPED_START : script, {
      workerData: isTyped ? { ...(given as object), script: script.href } : given,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMib },
    });
    const thread: Thread<Question, Answer> = { worker, isReady: false };
    this.#threads.add(thread);
    worker.on('message', (message: FromWorker<Answer>) => this.#hear(thread, message));
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

  #hear(thread: Thread<Question, Answer>, message: FromWorker<Answer>): void {
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

  /** A thread is gone, or has to go. What it had in hand fails; the next piece gets a new thread. */
  #lose(thread: Thread<Question, Answer>, error: TearsheetError): void {
    if (!this.#threads.delete(thread)) return;
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    // One that never began would never begin the next time either.
    if (!thread.isReady) return void this.stop(error);
    const { task } = thread;
    const { lost } = this.#options;
    if (lost === undefined) task?.reject(error);
    else task?.resolve(lost(task.question, error));
    this.#dispatch();
  }
}
