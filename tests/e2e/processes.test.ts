import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { killRounds } from '../bench/kill.ts';
import type { KillRow } from '../bench/kill.ts';
import { built } from './built.ts';
import { tearsheet } from './command-line.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from './paper.ts';
import type { Handler, Paper } from './paper.ts';

let cli: string;
let dir: string;
let archive: string;
const papers: Paper[] = [];
beforeAll(async () => {
  cli = await built();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-processes-'));
  archive = join(dir, 'archive');
});
afterEach(async () => {
  await Promise.all(papers.splice(0).map((paper) => paper.close()));
  await rm(dir, { recursive: true });
});
async function open(handler: Handler): Promise<Paper> {
  const paper = await openPaper(handler);
  papers.push(paper);
  return paper;
}
const stories: Handler = (path, _, response) => sendHtml(response, pageOf(storyOf(path.slice(1))));
const start = (...argv: string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...argv, '--archive', archive, ...ALLOW]);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
function ended(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
}

describe('processes', () => {
  test('that archive the same page at once make one version and a look each', async () => {
    // Nobody is answered before both have asked, so that both read and write at the same time.
    const waiting: (() => void)[] = [];
    const { origin } = await open((path, request, response) => {
      waiting.push(() => stories(path, request, response));
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const url = `${origin}/bridge-opens-1`;
    const both = await Promise.all([ended(start('archive', url, '--json')), ended(start('archive', url, '--json'))]);
    expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const visits = both.map(({ stdout }) => JSON.parse(stdout) as { outcome: string; version: number; path: string });
    expect(visits.map(({ outcome }) => outcome).toSorted()).toEqual(['new', 'unchanged']);
    expect(new Set(visits.map(({ version, path }) => `${version} ${path}`)).size).toBe(1);
    const lines = (await tearsheet(['history', url, '--json', '--archive', archive])).objects();
    expect(lines.map(({ type }) => type)).toEqual(['version', 'look', 'look']);
    expect((await tearsheet(['verify', '--archive', archive])).code).toBe(0);
  });

  test('that archive many pages at once lose none and double none', async () => {
    const { origin } = await open(stories);
    const urls = Array.from({ length: 8 }, (_, n) => `${origin}/bridge-opens-${n}`);
    const runs = await Promise.all([ended(start('archive', ...urls)), ended(start('archive', ...urls.toReversed()))]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    const articles = (await tearsheet(['list', '--json', '--archive', archive])).objects();
    expect(articles.map(({ versions }) => versions)).toEqual(urls.map(() => 1));
    for (const url of urls)
      expect(
        (await tearsheet(['history', url, '--json', '--archive', archive]))
          .objects()
          .filter(({ type }) => type === 'look'),
      ).toHaveLength(2);
    expect((await tearsheet(['verify', '--archive', archive])).code).toBe(0);
  });

  test('finish the page in hand on a first SIGINT, seal their run and end with 130', async () => {
    let child: ChildProcess | undefined;
    const { origin, requests } = await open((path, request, response) => {
      if (path !== '/robots.txt') child?.kill('SIGINT');
      setTimeout(() => stories(path, request, response), 50);
    });
    child = start('archive', `${origin}/bridge-opens-1`, `${origin}/bridge-opens-2`, '--json');
    const { code, stdout } = await ended(child);
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ url: `${origin}/bridge-opens-1`, outcome: 'new' });
    expect(requests).toHaveLength(1);
    expect((await tearsheet(['verify', '--json', '--archive', archive])).objects()).toMatchObject([
      { problems: [], notes: [] },
    ]);
  });

  test('let go of the page in hand on a second SIGINT', async () => {
    let child: ChildProcess | undefined;
    const { origin } = await open(() => {
      child?.kill('SIGINT');
      setTimeout(() => child?.kill('SIGINT'), 100);
    });
    child = start('archive', `${origin}/bridge-opens-1`);
    expect(await ended(child)).toMatchObject({ code: 130, stdout: '' });
  });

  test('end at once and in silence on SIGTERM where there is nothing to finish', async () => {
    const child = start('clean', '--jsonl');
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    child.stdin?.write('{"id": 1}\n');
    expect((await ended(child)).code).toBe(130);
  });

  test('are quiet when the reader of their output has seen enough', async () => {
    const { origin } = await open(stories);
    const urls = Array.from({ length: 12 }, (_, n) => `${origin}/bridge-opens-${n}`);
    await ended(start('archive', ...urls));
    const folder = 'list --json --archive';
    const shell = spawn('bash', [
      '-c',
      `"$0" "$1" ${folder} "$2" | head -n 1; echo "\${PIPESTATUS[0]}"`,
      process.execPath,
      cli,
      archive,
    ]);
    const { stdout, stderr } = await ended(shell);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout.trimEnd().endsWith('\n0')).toBe(true);
  });

  test('that are killed at any moment leave an archive that verifies, and the next run completes it', async () => {
    const rows: KillRow[] = [];
    await killRounds({ rounds: 3, pages: 6, seed: 1911 }, (row) => void rows.push(row));
    expect(rows.map(({ problems, exitOfNext, wrongVersions }) => ({ problems, exitOfNext, wrongVersions }))).toEqual(
      [1, 2, 3].map(() => ({ problems: [], exitOfNext: 0, wrongVersions: [] })),
    );
  });
});
