/** The threads that read pages for `clean --jsonl`. */
import { ThreadPool } from '../thread-pool.ts';
import type { PoolOptions as ThreadOptions } from '../thread-pool.ts';
import { failedLine } from './page-line.ts';

export type PoolOptions = Omit<ThreadOptions<string, string>, 'lost' | 'script'> & {
  /** The thread's program. */
  readonly script?: URL;
};

const isSource = import.meta.url.endsWith('.ts');
const SCRIPT = new URL(isSource ? './line-worker.ts' : './line-worker.js', import.meta.url);

/** Gives an answer to every line, whatever becomes of its page. */
export class CleaningPool extends ThreadPool<string, string> {
  constructor(options: PoolOptions) {
    super({ script: SCRIPT, ...options, lost: failedLine });
  }
}
