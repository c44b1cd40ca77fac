import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultyFs } from './faulty-fs.ts';
import { filesIn, opened, tempDir, urlOf, visit } from './made.ts';

const KEY = 'news.example:/a';

async function twoVersions() {
  const dir = await tempDir();
  const archive = await opened(dir);
  for (const body of ['one', 'two']) await visit(archive, KEY, body);
  await archive.seal({}, 'finished');
  const files = await filesIn(dir);
  return {
    dir,
    path: (name: string) =>
      join(
        dir,
        files.find((each) => each.endsWith(name))!,
      ),
  };
}

describe('a damaged version', () => {
  it.each([
    ['a letter in its text, in the newest', 'v0002.json', (text: string) => text.replace('Version 2', 'Version X')],
    ['a letter in its text, in an older one', 'v0001.json', (text: string) => text.replace('Version 1', 'Version X')],
    ['its end', 'v0002.json', (text: string) => text.slice(0, -30)],
    ['its spelling', 'v0001.json', (text: string) => text.replace('\n', ' \n')],
    ['its number', 'v0002.json', (text: string) => text.replace('"version": 2', '"version": 3')],
    ['the key of its article', 'v0002.json', (text: string) => text.replaceAll(KEY, 'news.example:/b')],
  ])('is told by name to whoever meets it: %s', async (_what, name, damage) => {
    const { dir, path } = await twoVersions();
    await writeFile(path(name), damage(await readFile(path(name), 'utf8')));
    const archive = await opened(dir);
    const { snapshots } = archive;
    const told = {
      code: 'E_ARCHIVE_DAMAGED',
      message: expect.stringMatching(/expected .+, got .+; run tearsheet verify/),
    };
    const version = name === 'v0002.json' ? 2 : 1;
    for (const meeting of [snapshots.version(KEY, version), snapshots.versions(KEY)]) {
      await expect(meeting).rejects.toMatchObject(told);
      await expect(meeting).rejects.toThrow(path(name));
    }
    if (version === 1) return;
    const listing = async () => {
      for await (const summary of snapshots.list()) expect(summary).toBeUndefined();
    };
    await expect(listing()).rejects.toMatchObject(told);
    await expect(snapshots.find(KEY)).rejects.toMatchObject(told);
    await expect(visit(archive, KEY, 'three')).rejects.toMatchObject(told);
  });

  it('of which only the change is damaged can still be read', async () => {
    const { dir, path } = await twoVersions();
    const change = path('v0002.change.json');
    await writeFile(change, (await readFile(change, 'utf8')).replace('"stealth": true', '"stealth": false'));
    const { snapshots } = await opened(dir, { readOnly: true });
    expect(await snapshots.versions(KEY)).toHaveLength(2);
    await expect(snapshots.change(KEY, 2)).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
  });

  it('or key file stops whoever would write on top of it', async () => {
    const { dir, path } = await twoVersions();
    const text = await readFile(path('article.json'), 'utf8');
    await writeFile(path('article.json'), text.replace('"key": "n', '"key": "m'));
    await expect(visit(await opened(dir), KEY, 'three')).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    await rm(path('article.json'));
    await expect(visit(await opened(dir), KEY, 'three')).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
  });
});

describe('a file system without links', () => {
  it('keeps versions apart all the same, and a name that was claimed and never filled is free again', async () => {
    const dir = await tempDir();
    const fs = faultyFs((call) => (call === 'link' ? 'EPERM' : undefined));
    const archive = await opened(dir, { fs });
    await visit(archive, KEY, 'one');
    const [first] = await archive.snapshots.versions(KEY);
    await writeFile(join(dir, first!.path.replace('v0001', 'v0002')), '');
    expect(await archive.snapshots.versions(KEY)).toHaveLength(1);
    expect((await visit(archive, KEY, 'two')).version).toBe(2);
    expect((await archive.snapshots.versions(KEY)).map(({ snapshot }) => snapshot.version)).toEqual([1, 2]);
    expect(await archive.snapshots.find(urlOf(KEY))).toMatchObject({ versions: 2 });
  });
});
