/** Reading pages in threads of their own, so that a crawl uses every core and a page that hangs holds up nothing else. */
import { availableParallelism } from 'node:os';
import { TearsheetError } from './core/errors.ts';
import type { Sources } from './core/sources.ts';
import type { ReadPageLater } from './reader.ts';
import type { PageRead, PageToRead } from './reading-thread.ts';
import { ThreadPool } from './thread-pool.ts';

/** More than these wait for one another: the rest of a page's work is done by one thread. */
const MAX_THREADS = 3;
const PAGE_TIMEOUT_MS = 60_000;
/** Of one thread. The largest page that is fetched takes some 600. */
const MAX_HEAP_MIB = 1024;

const isSource = import.meta.url.endsWith('.ts');
const SCRIPT = new URL(isSource ? './reading-thread.ts' : './reading-thread.js', import.meta.url);

export interface ReadingThreads {
  readonly read: ReadPageLater;
  close(): Promise<void>;
}

/** Threads start as pages queue up; one core is left to everything else. Null where there is only one. */
export function openReadingThreads(sources: Sources): ReadingThreads | null {
  const cores = availableParallelism();
  if (cores < 2) return null;
  const pool = new ThreadPool<PageToRead, PageRead>({
    jobs: Math.min(MAX_THREADS, cores - 1),
    pageTimeoutMs: PAGE_TIMEOUT_MS,
    maxHeapMib: MAX_HEAP_MIB,
    given: { sources: sources.list },
    script: SCRIPT,
  });
  return {
    read: async (page, about) => {
      const answer = await pool.answer({ page, about });
      if ('reading' in answer) return answer.reading;
      throw new TearsheetError(answer.failure.code, answer.failure.message);
    },
    close: () => pool.stop(),
  };
}
