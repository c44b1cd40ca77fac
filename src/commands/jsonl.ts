/** `clean --jsonl`: pages as lines in, readings as lines out, in the same order; one broken page stops nothing. */
import type { Readable, Writable } from 'node:stream';
import { linesOf } from './lines.ts';
import { writeLine } from './output.ts';
import { overlongLine } from './page-line.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;
/** Longer lines wait until those before them are written, however few they are. Characters. */
const MAX_CHARS_IN_HAND = 32 * 1024 * 1024;
/** For each thread: enough that none waits for the slowest page, few enough to be kept. */
const LINES_PER_JOB = 8;

export interface Answering {
  /** Answers a line; its order among others is none of its business. */
  readonly answer: (text: string) => Promise<string>;
  readonly jobs: number;
}

interface InHand {
  readonly answer: Promise<string>;
  readonly chars: number;
}

/** What is read and not yet written, in the order of reading; whoever reads waits while it is full. */
class Belt {
  readonly #inHand: InHand[] = [];
  readonly #maxLines: number;
  #chars = 0;
  #wake: () => void = () => undefined;
  isClosed = false;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  get #isFull(): boolean {
    return this.#inHand.length >= this.#maxLines || this.#chars >= MAX_CHARS_IN_HAND;
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before();
        resolve();
      };
    });
  }
  #tell(): void {
    const wake = this.#wake;
    this.#wake = () => undefined;
    wake();
  }

  async put(line: InHand): Promise<void> {
    this.#inHand.push(line);
    this.#chars += line.chars;
    // It is awaited in its turn; until then its failure is nobody's.
    line.answer.catch(() => undefined);
    this.#tell();
    while (this.#isFull && !this.isClosed) await this.#changed();
  }

  /** The next answer in order; undefined after the last. */
  async take(): Promise<string | undefined> {
    while (this.#inHand.length === 0) {
      if (this.isClosed) return undefined;
      await this.#changed();
    }
    return (this.#inHand[0] as InHand).answer;
  }
  /** The answer that was taken is written. */
  done(): void {
    this.#chars -= this.#inHand.shift()?.chars ?? 0;
    this.#tell();
  }

  close(): void {
    this.isClosed = true;
    this.#tell();
  }
}

/**
 * Answers every line of `source` on `out`, each as soon as all before it are written, and reads no faster than `out` is read.
 * Empty lines are skipped. After `signal` no more is read, and what was read is answered. Gives how many were written.
 */
export async function cleanLines(
  source: Readable,
  { answer, jobs }: Answering,
  out: Writable,
  signal: AbortSignal,
): Promise<number> {
  const belt = new Belt(jobs * LINES_PER_JOB);
  const hasFailed = new AbortController();
  const read = async (): Promise<void> => {
    try {
      for await (const line of linesOf(source, MAX_LINE_BYTES, AbortSignal.any([signal, hasFailed.signal]))) {
        if (line.text === null) {
          await belt.put({ answer: Promise.resolve(overlongLine(line.bytes, MAX_LINE_BYTES)), chars: 0 });
        } else if (line.text.trim() !== '') await belt.put({ answer: answer(line.text), chars: line.text.length });
        if (signal.aborted || hasFailed.signal.aborted) return;
      }
    } finally {
      belt.close();
    }
  };
  const write = async (): Promise<number> => {
    let written = 0;
    try {
      for (let next = await belt.take(); next !== undefined; next = await belt.take()) {
        await writeLine(out, next);
        belt.done();
        written += 1;
      }
      return written;
    } catch (thrown) {
      hasFailed.abort();
      belt.close();
      throw thrown;
    }
  };
  const [written] = await Promise.all([write(), read()]);
  return written;
}
