import { describe, expect, test } from 'vitest';
import { visitAll } from '../../../src/commands/visits.ts';

async function* urls(...addresses: string[]): AsyncGenerator<URL> {
  for (const address of addresses) yield new URL(address);
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Visits that last until the test lets them end. */
function openEnded() {
  const inHand = new Map<string, () => void>();
  const begun: string[] = [];
  const visit = (url: URL) =>
    new Promise<void>((resolve) => {
      begun.push(url.href);
      inHand.set(url.href, () => {
        inHand.delete(url.href);
        resolve();
      });
    });
  return { begun, inHand, visit };
}
const never = new AbortController().signal;

describe('visitAll', () => {
  test('never has two pages of one host in hand, and keeps their order', async () => {
    const { begun, inHand, visit } = openEnded();
    const done = visitAll(
      urls('http://a/1', 'http://a/2', 'http://b/1', 'http://a/3'),
      { concurrency: 4, signal: never },
      visit,
    );
    await settle();
    expect([...inHand.keys()]).toEqual(['http://a/1', 'http://b/1']);
    inHand.get('http://a/1')?.();
    await settle();
    expect([...inHand.keys()]).toEqual(['http://b/1', 'http://a/2']);
    while (inHand.size > 0) {
      for (const end of inHand.values()) end();
      await settle();
    }
    expect(await done).toBe(0);
    expect(begun.filter((url) => url.startsWith('http://a/'))).toEqual(['http://a/1', 'http://a/2', 'http://a/3']);
  });

  test('takes another port of a host for the same host', async () => {
    const { inHand, visit } = openEnded();
    const done = visitAll(urls('http://a:1/', 'http://a:2/'), { concurrency: 4, signal: never }, visit);
    await settle();
    expect([...inHand.keys()]).toEqual(['http://a:1/']);
    inHand.get('http://a:1/')?.();
    await settle();
    inHand.get('http://a:2/')?.();
    await done;
  });

  test('has no more pages in hand than it may', async () => {
    const { inHand, visit } = openEnded();
    const done = visitAll(urls('http://a/', 'http://b/', 'http://c/'), { concurrency: 2, signal: never }, visit);
    await settle();
    expect(inHand.size).toBe(2);
    while (inHand.size > 0) {
      for (const end of inHand.values()) end();
      await settle();
    }
    await done;
  });

  test('finishes what is in hand when the signal fires, begins nothing new and says how much is left', async () => {
    const { begun, inHand, visit } = openEnded();
    const stop = new AbortController();
    const done = visitAll(
      urls('http://a/1', 'http://a/2', 'http://b/1', 'http://c/1'),
      { concurrency: 2, signal: stop.signal },
      visit,
    );
    await settle();
    stop.abort();
    for (const end of inHand.values()) end();
    expect(await done).toBe(2);
    expect(begun).toEqual(['http://a/1', 'http://b/1']);
  });

  test('throws what a visit threw, after the others are done', async () => {
    const done: string[] = [];
    const visit = (url: URL) =>
      url.pathname === '/1' ? Promise.reject(new Error('broken')) : Promise.resolve(void done.push(url.href));
    await expect(
      visitAll(urls('http://a/1', 'http://a/2', 'http://b/2'), { concurrency: 2, signal: never }, visit),
    ).rejects.toThrow('broken');
    expect(done.toSorted()).toEqual(['http://a/2', 'http://b/2']);
  });
});
