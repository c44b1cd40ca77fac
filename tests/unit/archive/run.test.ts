import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safeName } from '../../../src/core/identity.ts';
import { isRun, startOfRun, versionFile, versionIn } from '../../../src/archive/layout.ts';
import { newRun } from '../../../src/archive/run.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { Manifest } from '../../../src/core/schema.ts';
import { verifyArchive } from '../../../src/archive/index.ts';
import { opened, tempDir, visit } from './made.ts';

const manifestOf = async (dir: string, path: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(dir, path), 'utf8')) as Manifest;
const digestOf = async (dir: string, path: string) => sha256(await readFile(join(dir, path)));

/** A whole run of one visit; gives the path of its manifest. */
async function wholeRun(dir: string, body: string): Promise<string> {
  const archive = await opened(dir);
  await visit(archive, 'news.example:/a', body);
  return archive.seal({ pages: 1 }, 'finished');
}

describe('newRun', () => {
  it.each(['host', 'ÜBER.host_1', '', '../../etc', 'x'.repeat(300), 'con'])(
    'makes a safe name on the host %j',
    (host) => {
      const run = newRun(Date.parse('2026-11-24T11:42:00.789Z'), host);
      expect(run).toMatch(/^20261124T114200Z-[a-z0-9][a-z0-9-]{0,39}-[a-z0-9]{6}$/);
      expect(isRun(run)).toBe(true);
      expect(startOfRun(run)).toBe('2026-11-24T11:42:00.000Z');
      expect(safeName(run.toLowerCase())).toBe(run.toLowerCase());
    },
  );

  it('never makes the same name twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newRun(0, 'host'))).size).toBe(1000);
  });
});

describe('versionIn', () => {
  it('reads back what versionFile spells, and nothing else', () => {
    for (const version of [1, 42, 9999, 10_000, 123_456]) expect(versionIn(versionFile(version))).toBe(version);
    for (const name of [
      'v0000.json',
      'v1.json',
      'v00001.json',
      'v0001.change.json',
      'v0001.json.part',
      'xv0001.json',
      'v99999999999999999999.json',
    ]) {
      expect(versionIn(name)).toBeNull();
    }
  });
});

describe('a manifest', () => {
  it('lists each file that the run made, with size and digest, and no cache', async () => {
    const dir = await tempDir();
    const manifest = await manifestOf(dir, await wholeRun(dir, 'one'));
    expect(manifest).toMatchObject({
      command: 'test',
      program: 'tearsheet/test',
      ended: 'finished',
      counts: { pages: 1 },
    });
    expect(
      manifest.files.map(({ path }) =>
        path
          .split('/')
          .at(-1)
          ?.replace(/^\d{8}T.+-[a-z0-9]{6}/, 'RUN'),
      ),
    ).toEqual(expect.arrayContaining(['article.json', 'v0001.json', 'RUN-1.cdxj', 'RUN-1.warc.gz', 'RUN.jsonl']));
    expect(manifest.files).toHaveLength(5);
    for (const { path, bytes, sha256: digest } of manifest.files) {
      const content = await readFile(join(dir, path));
      expect([bytes, digest]).toEqual([content.length, sha256(content)]);
    }
  });

  it('names as parents the manifests that no other names', async () => {
    const dir = await tempDir();
    const first = await wholeRun(dir, 'one');
    expect((await manifestOf(dir, first)).parents).toEqual([]);
    const second = await wholeRun(dir, 'two');
    expect((await manifestOf(dir, second)).parents).toEqual([await digestOf(dir, first)]);
    const both = await Promise.all([opened(dir), opened(dir)]);
    for (const [n, archive] of both.entries()) await visit(archive, `news.example:/${n}`, 'x');
    const [third, fourth] = await Promise.all(both.map((archive) => archive.seal({}, 'finished')));
    const fifth = await manifestOf(dir, await wholeRun(dir, 'three'));
    // The two that ended together were sealed one after the other all the same.
    const ends = [await digestOf(dir, third!), await digestOf(dir, fourth!)];
    expect(fifth.parents).toHaveLength(1);
    expect(ends).toContain(fifth.parents[0]);
  });

  it('names them also where the cache of them is lost, damaged, or does not know of one', async () => {
    const dir = await tempDir();
    const cache = join(dir, 'runs/tips.cache');
    let last = await wholeRun(dir, 'first');
    const old = await readFile(cache);
    last = await wholeRun(dir, 'second');
    for (const spoil of [() => rm(cache), () => writeFile(cache, '{'), () => writeFile(cache, old)]) {
      await spoil();
      const next = await wholeRun(dir, String(spoil));
      expect((await manifestOf(dir, next)).parents).toEqual([await digestOf(dir, last)]);
      last = next;
    }
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('goes on naming one that somebody took away, so that verify misses it', async () => {
    const dir = await tempDir();
    await wholeRun(dir, 'one');
    const tip = await wholeRun(dir, 'two');
    const digest = await digestOf(dir, tip);
    await rm(join(dir, tip));
    const next = await wholeRun(dir, 'three');
    expect((await manifestOf(dir, next)).parents).toContain(digest);
    const { problems } = await verifyArchive(dir);
    expect(problems.map(({ what }) => what).join()).toContain(digest);
  });
});
