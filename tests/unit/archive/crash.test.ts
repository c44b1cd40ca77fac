import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyArchive } from '../../../src/archive/index.ts';
import type { Look } from '../../../src/core/schema.ts';
import { filesIn, opened, tempDir } from './made.ts';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));

interface Writer {
  /** Looks that were acknowledged so far. */
  readonly looks: Look[];
  /** Resolves when so many looks were acknowledged, or the process is gone. */
  acknowledged(count: number): Promise<void>;
  kill(): void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function startWriter(dir: string, name: string, visits: number, articles: number): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, dir, name, String(visits), String(articles)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const looks: Look[] = [];
  let text = '';
  let wake = (): void => undefined;
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) looks.push(JSON.parse(line) as Look);
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
  const acknowledged = async (count: number): Promise<void> => {
    while (looks.length < count && !over.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { looks, acknowledged, kill: () => void child.kill('SIGKILL'), ended };
}

/** Everything that was acknowledged is there, in its place, and can be read. */
async function expectKept(dir: string, acknowledged: readonly Look[]): Promise<void> {
  const { snapshots, captures } = await opened(dir, { readOnly: true });
  const kept = new Map<string, Look[]>();
  for (const key of new Set(acknowledged.map(({ article }) => article))) kept.set(key, await snapshots.looks(key));
  for (const look of acknowledged) {
    expect(kept.get(look.article)?.[look.seq - 1]).toEqual(look);
    if (look.capture) await captures.read(look.capture);
    if (look.version) expect((await snapshots.version(look.article, look.version)).id).toBe(look.snapshot);
  }
}

describe('kill -9', () => {
  it('at any moment loses nothing that was acknowledged; the archive verifies, and the next run goes on', async () => {
    const dir = await tempDir();
    const acknowledged: Look[] = [];
    let killed = 0;
    for (let round = 0; round < 6; round += 1) {
      const writer = startWriter(dir, `round ${round}`, 400, 7);
      await writer.acknowledged(1 + ((round * 17) % 41));
      // Anywhere between two acknowledgements.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      writer.kill();
      if ((await writer.ended) === 'SIGKILL') killed += 1;
      acknowledged.push(...writer.looks);
      expect((await verifyArchive(dir)).problems).toEqual([]);
      await expectKept(dir, writer.looks);
    }
    expect(killed).toBe(6);
    expect(acknowledged.length).toBeGreaterThan(40);
    const last = startWriter(dir, 'last', 28, 7);
    expect(await last.ended).toBe(0);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
    await expectKept(dir, [...acknowledged, ...last.looks]);
    expect((await filesIn(dir)).filter((name) => /\.(?:open|part|new)$|tmp|locks/.test(name))).toEqual([]);
  }, 180_000);
});

describe('several processes', () => {
  it('that archive the same articles at once lose and double no version and no look', async () => {
    const dir = await tempDir();
    const writers = ['one', 'two', 'three'].map((name) => startWriter(dir, name, 24, 2));
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    const all = writers.flatMap(({ looks }) => looks);
    expect(all).toHaveLength(72);
    await expectKept(dir, all);
    const { snapshots } = await opened(dir, { readOnly: true });
    for (const key of ['news.example:/0', 'news.example:/1']) {
      expect(await snapshots.looks(key)).toHaveLength(36);
      const made = all.filter(({ article, outcome }) => article === key && outcome !== 'unchanged');
      expect(made.map(({ version }) => version).toSorted((a, b) => a! - b!)).toEqual(made.map((_, n) => n + 1));
      expect(await snapshots.versions(key)).toHaveLength(made.length);
    }
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  }, 120_000);

  it('go on when one of them is killed', async () => {
    const dir = await tempDir();
    const [victim, survivor] = [startWriter(dir, 'victim', 400, 2), startWriter(dir, 'survivor', 40, 2)];
    await Promise.all([victim.acknowledged(5), survivor.acknowledged(5)]);
    victim.kill();
    expect(await survivor.ended).toBe(0);
    await victim.ended;
    expect((await verifyArchive(dir)).problems).toEqual([]);
    await expectKept(dir, [...victim.looks, ...survivor.looks]);
    const after = startWriter(dir, 'after', 4, 2);
    expect(await after.ended).toBe(0);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  }, 120_000);
});
