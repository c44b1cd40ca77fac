import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import { built } from './built.ts';
import { pageOf, storyOf } from './paper.ts';

let cli: string;
beforeAll(async () => {
  cli = await built();
}, 180_000);

/** Prints the most memory that the process ever held, in KiB, when it ends; its threads print nothing. */
const WEIGH = `data:text/javascript,import{isMainThread}from'node:worker_threads';if(isMainThread)process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;

function start(...flags: string[]) {
  const child = spawn(process.execPath, ['--import', WEIGH, cli, 'clean', '--jsonl', ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A reader that ended early is no fault of the test.
  child.stdin.on('error', () => undefined);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return { child, lines: createInterface({ input: child.stdout }), ended };
}

/** A page of some 450 KB, most of it a comment that costs memory and hardly any time; no two alike. */
const pageLine = (id: number): string => {
  const after = `<aside class="related">${Array.from({ length: 150 }, (_, n) => `<p><a href="/${id}/${n}">Story ${n} of page ${id}</a> and what else there is to say of it</p>`).join('')}</aside><!--${'x'.repeat(400_000)}-->`;
  return `${JSON.stringify({ id, url: `https://post.example/${id}`, html: pageOf(storyOf(`town-${id}`, { after })) })}\n`;
};

async function run(
  count: number,
  ...flags: string[]
): Promise<{ ids: unknown[]; peakKib: number; code: number | null }> {
  const { child, lines, ended } = start(...flags);
  const ids: unknown[] = [];
  lines.on('line', (line) => ids.push((JSON.parse(line) as { id: unknown }).id));
  for (let n = 0; n < count; n++) if (!child.stdin.write(pageLine(n))) await once(child.stdin, 'drain');
  child.stdin.end();
  const { code, stderr } = await ended;
  return { ids, code, peakKib: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('clean --jsonl as a process', () => {
  test.each(['1', '2'])(
    'with %s threads: the order of the lines, and no more memory for four times as many',
    async (jobs) => {
      const short = await run(300, '--jobs', jobs);
      const long = await run(1200, '--jobs', jobs);
      expect([short.code, long.code]).toEqual([0, 0]);
      expect(short.ids).toEqual(upTo(300));
      expect(long.ids).toEqual(upTo(1200));
      expect(short.peakKib).toBeGreaterThan(50_000);
      expect(long.peakKib / short.peakKib).toBeLessThan(1.45);
    },
    180_000,
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s: what was read is answered, no line is cut, and the exit status says so',
    async (signal) => {
      const { child, lines, ended } = start('--jobs', '2');
      const seen: string[] = [];
      let sent = 0;
      lines.on('line', (line) => {
        seen.push(line);
        if (seen.length === 20) child.kill(signal);
      });
      child.stdin.on('drain', () => void feed());
      const feed = (): void => {
        while (!child.stdin.destroyed && sent < 100_000 && child.stdin.write(pageLine(sent++))) continue;
      };
      feed();
      const { code, stderr } = await ended;
      expect(code).toBe(130);
      expect(stderr).toContain('tearsheet: E_INTERRUPTED: stopped by a signal; what was read is written');
      expect(seen.length).toBeGreaterThanOrEqual(20);
      expect(seen.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual(upTo(seen.length));
      expect(seen.length).toBeLessThan(sent);
    },
  );

  test('answers each line at once to whoever waits for it before the next', async () => {
    const { child, lines, ended } = start();
    for (const id of [1, 2, 3]) {
      child.stdin.write(pageLine(id));
      const [line] = (await once(lines, 'line')) as [string];
      expect(JSON.parse(line)).toMatchObject({ id, kind: 'article' });
    }
    child.stdin.end();
    expect((await ended).code).toBe(0);
  });

  test('ends without a word when its reader has seen enough', async () => {
    const { child, lines, ended } = start('--jobs', '2');
    child.stdin.write(upTo(60).map(pageLine).join(''));
    await once(lines, 'line');
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr.replace(/peak \d+\n/, '')]).toEqual([0, '']);
  });

  test('says before the first line what is wrong with the settings', async () => {
    const { child, ended } = start('--config', '/nowhere/tearsheet.yaml');
    child.stdin.end();
    const { code, stderr } = await ended;
    expect(code).toBe(52);
    expect(stderr).toMatch(/^tearsheet: E_CONFIG_READ: /);
  });
});
