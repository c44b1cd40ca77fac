import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Frontier, FrontierEntry } from '../../../src/core/frontier-ports.ts';
import { openSqlite, sqliteEngine } from '../../../src/frontier/sqlite.ts';
import { opened, tempFile } from './frontier-file.ts';
import { NAMED, NOW, aliasOf, seedOf, serialOf } from './writings.ts';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));
const SEEDS = 400;

interface Writer {
  readonly begun: Set<number>;
  readonly done: Set<number>;
  /** Resolves when so many visits were finished, or the process is gone. */
  finished(count: number): Promise<void>;
  kill(): void;
  readonly ended: Promise<number | string>;
}
function startWriter(path: string, now: number): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, path, String(now)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [begun, done] = [new Set<number>(), new Set<number>()];
  let text = '';
  let wake = (): void => undefined;
  child.stdout.on('data', (piece: Buffer) => {
    const lines = (text + piece.toString()).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const [word, n] = line.split(' ');
      (word === 'begun' ? begun : done).add(Number(n));
    }
    wake();
  });
  const over = new AbortController();
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => {
      over.abort();
      resolve(code ?? signal ?? 'gone');
      wake();
    });
  });
  const finished = async (count: number): Promise<void> => {
    while (done.size < count && !over.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { begun, done, finished, kill: () => void child.kill('SIGKILL'), ended };
}

/** Serials of the visits that stand as finished; every visit stands whole or not at all. */
async function wholeVisits(frontier: Frontier): Promise<Set<number>> {
  const named = new Map<number, number>();
  const seeds: FrontierEntry[] = [];
  for await (const entry of frontier.list({})) {
    const n = serialOf(entry.url);
    if (entry.source === 'pages') named.set(n, (named.get(n) ?? 0) + 1);
    else if (entry.because === null) seeds.push(entry);
  }
  expect(seeds).toHaveLength(SEEDS);
  const whole = new Set<number>();
  for (const { url, looks, state } of seeds) {
    const n = serialOf(url);
    const alias = await frontier.get(aliasOf(n), 'listing');
    if (looks > 0) whole.add(n);
    expect([n, looks, named.get(n) ?? 0, alias?.because ?? null]).toEqual(
      looks > 0 ? [n, 1, NAMED, 'alias'] : [n, 0, 0, null],
    );
    if (looks > 0) expect(state).toBe('waiting');
  }
  return whole;
}

/** The file is sound, and what is counted along the way is what there is. */
async function expectSound(path: string, frontier: Frontier): Promise<void> {
  const database = openSqlite(path, sqliteEngine());
  expect(database.prepare('pragma integrity_check').all([])).toMatchObject([{ integrity_check: 'ok' }]);
  expect(database.prepare('pragma foreign_key_check').all([])).toEqual([]);
  database.close();
  const states = { waiting: 0, leased: 0, resting: 0 };
  let entries = 0;
  for await (const { state } of frontier.list({})) {
    states[state] += 1;
    entries += 1;
  }
  expect(await frontier.counts({ dueBefore: NOW })).toMatchObject({ entries, ...states });
}

describe('kill -9', () => {
  it('at any moment leaves every step whole or undone, and the next process goes on', async () => {
    const path = await tempFile();
    const frontier = await opened(path);
    await frontier.add(
      Array.from({ length: SEEDS }, (_, n) => seedOf(n)),
      NOW,
    );
    const done = new Set<number>();
    for (let round = 0; round < 5; round += 1) {
      // Later by more than a lease: what the dead one had taken is taken over.
      const writer = startWriter(path, NOW + round * 10_000);
      await writer.finished(1 + 3 * round);
      // Anywhere within a visit.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      writer.kill();
      expect(await writer.ended).toBe('SIGKILL');
      for (const n of writer.done) {
        expect(done.has(n)).toBe(false);
        done.add(n);
      }
      const whole = await wholeVisits(frontier);
      for (const n of done) expect(whole.has(n)).toBe(true);
      // At most the one visit whose end nobody heard of.
      const unheard = [...whole].filter((n) => !done.has(n));
      for (const n of unheard) {
        expect(writer.begun.has(n)).toBe(true);
        done.add(n);
      }
      await expectSound(path, frontier);
    }
    expect(done.size).toBeGreaterThan(20);
  }, 180_000);
});

describe('several processes', () => {
  it('share the visits of one frontier out among them, each once', async () => {
    const path = await tempFile();
    const frontier = await opened(path);
    await frontier.add(
      Array.from({ length: SEEDS }, (_, n) => seedOf(n)),
      NOW,
    );
    const writers = [1, 2, 3].map(() => startWriter(path, NOW));
    await Promise.all(writers.map(({ finished }) => finished(12)));
    for (const writer of writers) writer.kill();
    await Promise.all(writers.map(({ ended }) => ended));
    const all = writers.flatMap(({ begun }) => [...begun]);
    expect(new Set(all).size).toBe(all.length);
    const whole = await wholeVisits(frontier);
    for (const { done } of writers) {
      expect(done.size).toBeGreaterThanOrEqual(12);
      for (const n of done) expect(whole.has(n)).toBe(true);
    }
    await expectSound(path, frontier);
  }, 180_000);
});
