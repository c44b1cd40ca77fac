/** Many pages at once, one host never twice. The only file that knows p-queue. */
import PQueue from 'p-queue';

export interface VisitOptions {
  /** Pages in hand at once, over all hosts; at least 1. */
  readonly concurrency: number;
  /** When it fires, nothing new is begun; what is in hand is finished. */
  readonly signal: AbortSignal;
}

/**
 * Visits every URL as it comes, in order within a host, and resolves when the last is done. Gives how many were left
 * unvisited because the signal fired. Throws what a visit threw, after all the others are done.
 */
export async function visitAll(
  urls: AsyncIterable<URL>,
  { concurrency, signal }: VisitOptions,
  visit: (url: URL) => Promise<void>,
): Promise<number> {
  const queue = new PQueue({ concurrency });
  /** For each host with a page in hand: the pages that wait for it. */
  const waiting = new Map<string, URL[]>();
  const faults: unknown[] = [];
  let left = 0;
  const turn = async (url: URL): Promise<void> => {
    if (signal.aborted) left += 1;
    else await visit(url).catch((thrown: unknown) => faults.push(thrown));
    const next = waiting.get(url.hostname)?.shift();
    if (next === undefined) waiting.delete(url.hostname);
    else void queue.add(() => turn(next));
  };
  for await (const url of urls) {
    const line = waiting.get(url.hostname);
    if (line !== undefined) line.push(url);
    else {
      waiting.set(url.hostname, []);
      void queue.add(() => turn(url));
    }
  }
  await queue.onIdle();
  if (faults.length > 0) throw faults[0];
  return left;
}
