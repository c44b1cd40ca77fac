import { afterEach, describe, expect, test } from 'vitest';
import { CleaningPool } from '../../../src/commands/cleaning-pool.ts';
import type { PoolOptions } from '../../../src/commands/cleaning-pool.ts';

const script = new URL('../../fixtures/threads/odd.mjs', import.meta.url);
const pools: CleaningPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

function poolOf(options: Partial<PoolOptions> = {}): CleaningPool {
  const pool = new CleaningPool({ jobs: 1, pageTimeoutMs: 30_000, maxHeapMib: 64, given: {}, script, ...options });
  pools.push(pool);
  return pool;
}
const line = (id: number, does = '', ms = 0): string => JSON.stringify({ id, does, ms });
const answers = async (pool: CleaningPool, lines: readonly string[]): Promise<Record<string, unknown>[]> =>
  (await Promise.all(lines.map((text) => pool.answer(text)))).map(
    (text) => JSON.parse(text) as Record<string, unknown>,
  );

describe('a pool of threads', () => {
  test('answers each line with its own answer, whichever is ready first', async () => {
    const lines = Array.from({ length: 20 }, (_, n) => line(n, '', (20 - n) % 7));
    const read = await answers(poolOf({ jobs: 2 }), lines);
    expect(read.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  test('starts a thread only where lines queue up, and no more than it may', async () => {
    const pool = poolOf({ jobs: 2 });
    const alone = new Set<unknown>();
    for (let n = 0; n < 5; n++) alone.add((await answers(pool, [line(n)]))[0]?.['threadId']);
    expect(alone.size).toBe(1);
    const many = await answers(
      pool,
      Array.from({ length: 40 }, (_, n) => line(n, '', 20)),
    );
    expect(new Set(many.map(({ threadId }) => threadId)).size).toBe(2);
  });

  test.each([
    ['throws', 'throw', /broken page/],
    ['ends its thread', 'exit', /its thread ended with status 3/],
    ['fills the memory', 'eat', /more than 64 MiB of memory/],
  ])('a page that %s gives an error for an answer, and its thread is replaced', async (_, does, message) => {
    const read = await answers(poolOf(), [line(1), line(2, does), line(3), line(4)]);
    expect(read.map(({ id, error }) => [id, error === undefined])).toEqual([
      [1, true],
      [2, false],
      [3, true],
      [4, true],
    ]);
    expect(read[1]?.['error']).toMatchObject({
      code: 'E_CLEAN_FAILED',
      message: expect.stringMatching(message) as string,
    });
    expect(read[2]?.['threadId']).not.toBe(read[0]?.['threadId']);
  });

  test('a page that takes too long gives an error for an answer, and its thread is replaced', async () => {
    const read = await answers(poolOf({ pageTimeoutMs: 1000 }), [line(1), line(2, 'hang'), line(3)]);
    expect(read).toMatchObject([
      { id: 1 },
      { id: 2, error: { code: 'E_CLEAN_TIMEOUT', message: expect.stringContaining('within 1 s') as string } },
      { id: 3 },
    ]);
  });

  test('rejects every line where no thread can start, with the cause', async () => {
    const pool = poolOf({ given: { cannotStart: true } });
    await expect(pool.answer(line(1))).rejects.toMatchObject({ code: 'E_RULES_INVALID', message: 'no rules' });
    await expect(pool.answer(line(2))).rejects.toMatchObject({ code: 'E_RULES_INVALID' });
    await expect(poolOf({ given: { diesAtOnce: true } }).answer(line(1))).rejects.toMatchObject({
      code: 'E_CLEAN_FAILED',
      message: expect.stringContaining('status 7') as string,
    });
  });

  test('lets go of everything in hand when it is stopped', async () => {
    const pool = poolOf();
    const waiting = [pool.answer(line(1, 'hang')), pool.answer(line(2))].map((answer) =>
      answer.then(
        () => 'answered',
        ({ code }: { code: string }) => code,
      ),
    );
    await pool.stop();
    expect(await Promise.all(waiting)).toEqual(['E_INTERRUPTED', 'E_INTERRUPTED']);
  });
});
