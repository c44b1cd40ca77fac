/** One of the threads of `clean --jsonl`: lines in, answers out. Loads the cleaner once and tells when it is ready. */
import { parentPort, workerData } from 'node:worker_threads';
import { asTearsheetError } from '../core/errors.ts';
import { openCleaner } from '../wiring.ts';
import type { Surroundings } from '../wiring.ts';
import type { FromWorker } from '../thread-pool.ts';
import { answerLine } from './page-answer.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const post = (message: FromWorker<string>): void => parentPort?.postMessage(message);

try {
  const { surroundings, at } = workerData as { readonly surroundings: Surroundings; readonly at?: string };
  const { read } = await openCleaner(surroundings, at);
  parentPort?.on('message', (text: string) => post({ answer: answerLine(text, read) }));
  post({ isReady: true });
} catch (thrown) {
  const { code, message } = asTearsheetError(thrown);
  post({ failure: { code, message } });
}
