/** One of the threads that read pages for a crawl: pages in, readings out. Loads the cleaner once and tells when it is ready. */
import { parentPort, workerData } from 'node:worker_threads';
import { asTearsheetError } from './core/errors.ts';
import type { ErrorCode } from './core/errors.ts';
import type { Reading } from './core/schema.ts';
import { Sources } from './core/sources.ts';
import type { Source } from './core/sources.ts';
import { cleanRoom, todaysRules } from './reader.ts';
import type { FromWorker } from './thread-pool.ts';
import type { ReadPage } from './visit.ts';

export interface PageToRead {
  readonly page: Parameters<ReadPage>[0];
  readonly about: Parameters<ReadPage>[1];
}
export type PageRead =
  { readonly reading: Reading } | { readonly failure: { readonly code: ErrorCode; readonly message: string } };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const post = (message: FromWorker<PageRead>): void => parentPort?.postMessage(message);
const failureOf = (thrown: unknown): { readonly code: ErrorCode; readonly message: string } => {
  const { code, message } = asTearsheetError(thrown);
  return { code, message };
};

try {
  const sources = new Sources((workerData as { readonly sources: readonly Source[] }).sources);
  const { rules } = todaysRules();
  const { clean } = await cleanRoom();
  parentPort?.on('message', ({ page, about }: PageToRead) => {
    try {
      post({ answer: { reading: clean(page, { ...about, rules, source: sources.of(about.url) }) } });
    } catch (thrown) {
      post({ answer: { failure: failureOf(thrown) } });
    }
  });
  post({ isReady: true });
} catch (thrown) {
  post({ failure: failureOf(thrown) });
}
