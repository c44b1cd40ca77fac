import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPress } from '../../src/demo/server.ts';
import { tearsheet } from './command-line.ts';
import { ALLOW } from './paper.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-demo-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('demo', () => {
  test('archives two editions, shows what changed word by word, verifies, and says what to try next', async () => {
    const { code, stdout, stderr } = await tearsheet(['demo', '--archive', join(dir, 'archive')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^new /gm)?.length).toBeGreaterThanOrEqual(12);
    expect(stdout).toMatch(/\[-.+-\]\{\+.+\+\}/);
    expect(stdout).toContain('problems: 0');
    const steps = stdout.split('\n').filter((line) => line.startsWith('  tearsheet '));
    expect(steps.length).toBe(5);
    for (const step of steps)
      expect(await tearsheet(step.trim().split(' ').slice(1))).toMatchObject({ code: 0, stderr: '' });
  });

  test('finds every edit of the editors and no other, as they meant it', async () => {
    const press = await startPress({ port: 0, host: '127.0.0.1', edition: 1 });
    try {
      const flags = ['--archive', join(dir, 'archive'), '--json', ...ALLOW];
      const first = (await tearsheet(['archive', ...press.urls, ...flags])).objects();
      expect(first.map(({ outcome }) => outcome)).toEqual(press.urls.map(() => 'new'));
      press.publish(2);
      const second = (await tearsheet(['archive', ...press.urls, ...flags])).objects();
      const found = second.map(({ url, outcome, change }) => {
        const { kinds = [], stealth = false } = (change ?? {}) as { kinds?: string[]; stealth?: boolean };
        return { url, outcome, kinds, stealth };
      });
      const meant = press.urls.map((url) => ({ url, ...press.edits.get(url)?.expect }));
      expect(found).toEqual(meant);
      expect((await tearsheet(['verify', ...flags])).code).toBe(0);
    } finally {
      await press.close();
    }
  });

  test('in JSON gives the visits and, last, a summary', async () => {
    const { code, objects } = await tearsheet(['demo', '--json', '--archive', join(dir, 'archive')]);
    expect(code).toBe(0);
    expect(objects().at(-1)).toMatchObject({
      archive: join(dir, 'archive'),
      pages: objects().length - 1,
      problems: [],
    });
  });
});
