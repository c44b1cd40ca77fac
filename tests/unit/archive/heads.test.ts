import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHead, spellHead } from '../../../src/archive/heads.ts';
import { verifyArchive } from '../../../src/archive/index.ts';
import { Disk, nodeFs, type Fs } from '../../../src/archive/disk.ts';
import { OpenLooks } from '../../../src/archive/open-looks.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { faultyFs } from './faulty-fs.ts';
import { opened, tempDir, urlOf, visit } from './made.ts';

const KEY = 'news.example:/a';
const fileIn = async (dir: string, ending: string): Promise<string> => {
  const names = await readdir(dir, { recursive: true });
  return join(dir, names.find((name) => name.endsWith(ending)) ?? `none/${ending}`);
};
const headIn = (dir: string): Promise<string> => fileIn(dir, 'head.json');
const looksIn = (dir: string): Promise<string> => fileIn(dir, '.jsonl');
/** Heads cannot be written, as when the disk is full right after a look. */
const withoutHeads = (): Fs =>
  faultyFs((call, path) => (call === 'rename' && path.endsWith('head.json') ? 'ENOSPC' : undefined));

async function threeLooks(dir: string) {
  const archive = await opened(dir);
  for (const body of ['one', 'two', 'two']) await visit(archive, KEY, body);
  await archive.seal({}, 'finished');
  return archive.snapshots.head(KEY);
}

describe('a head file', () => {
  it('is made again from the looks where it is missing or damaged, validators included', async () => {
    const dir = await tempDir();
    const head = await threeLooks(dir);
    const path = await headIn(dir);
    const text = await readFile(path, 'utf8');
    const damages = [
      text.slice(0, 100),
      '',
      '{}',
      text.replace('"seq": 3', '"seq": 2'),
      text.replace('"etag": "\\"2', '"etag": "\\"9'),
    ];
    for (const damage of damages) {
      expect(damage).not.toBe(text);
      await writeFile(path, damage);
      const rebuilt = await (await opened(dir, { readOnly: true })).snapshots.head(KEY);
      // The record says what the server said; the test's own visits claim other validators than they sent.
      expect(rebuilt).toEqual({ ...head, validators: { etag: '"3fc4ccfe"' } });
    }
    await rm(path);
    const archive = await opened(dir);
    expect((await visit(archive, KEY, 'three')).seq).toBe(4);
    await archive.seal({}, 'finished');
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('that is behind an open run is brought up to it, by other processes and by its own', async () => {
    const dir = await tempDir();
    await threeLooks(dir);
    const writer = await opened(dir, { fs: withoutHeads() });
    await visit(writer, KEY, 'three');
    const last = await visit(writer, KEY, 'three');
    expect(last.seq).toBe(5);
    expect(JSON.parse(await readFile(await headIn(dir), 'utf8'))).toMatchObject({ head: { look: { seq: 3 } } });
    const reader = await opened(dir, { readOnly: true });
    const head = await reader.snapshots.head(KEY);
    expect(head?.look).toEqual(last);
    expect((await verifyArchive(dir)).problems).toEqual([]);
    const other = await opened(dir);
    const next = await visit(other, KEY, 'four');
    expect(next).toMatchObject({ seq: 6, version: 4 });
    expect((await writer.snapshots.head(KEY))?.look).toEqual(next);
  });

  it('cannot hold up a look, but must be written before the manifest', async () => {
    const dir = await tempDir();
    let isFull = true;
    const fs = faultyFs((call, path) =>
      isFull && call === 'rename' && path.endsWith('head.json') ? 'ENOSPC' : undefined,
    );
    const archive = await opened(dir, { fs });
    await visit(archive, KEY, 'one');
    await expect(archive.seal({}, 'finished')).rejects.toMatchObject({ code: 'E_ARCHIVE_DISK_FULL' });
    isFull = false;
    await archive.seal({}, 'finished');
    expect(JSON.parse(await readFile(await headIn(dir), 'utf8'))).toMatchObject({ head: { look: { seq: 1 } } });
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('is on the disk for good before the manifest', async () => {
    const calls: string[] = [];
    const dir = await tempDir();
    const fs = faultyFs((call, path) => {
      if (call === 'sync' || call === 'link') calls.push(`${call} ${path}`);
      return undefined;
    });
    const archive = await opened(dir, { fs });
    await visit(archive, KEY, 'one');
    const head = await headIn(dir);
    await archive.seal({}, 'finished');
    const manifest = calls.findIndex((call) => call.startsWith('link') && call.endsWith(`${archive.run}.json`));
    expect(calls.indexOf(`sync ${head}`)).toBeGreaterThan(0);
    expect(calls.indexOf(`sync ${head}`)).toBeLessThan(manifest);
    expect(calls.lastIndexOf(`sync ${join(head, '..')}`)).toBeLessThan(manifest);
    expect(calls.lastIndexOf(`sync ${join(head, '..')}`)).toBeGreaterThan(calls.indexOf(`sync ${head}`));
  });

  it('is rebuilt, not trusted, where an open run holds looks that do not follow from it', async () => {
    const dir = await tempDir();
    const archive = await opened(dir);
    await visit(archive, KEY, 'one');
    const old = await readFile(await headIn(dir), 'utf8');
    await archive.seal({}, 'finished');
    const second = await opened(dir);
    await visit(second, KEY, 'two');
    await second.seal({}, 'finished');
    const third = await opened(dir);
    const last = await visit(third, KEY, 'three');
    // Somebody put an old copy of it back.
    await writeFile(await headIn(dir), old);
    expect((await (await opened(dir, { readOnly: true })).snapshots.head(KEY))?.look).toEqual(last);
  });
});

describe('readHead', () => {
  it('notices any change of any byte', async () => {
    const dir = await tempDir();
    await threeLooks(dir);
    const text = await readFile(await headIn(dir));
    const state = readHead(text.toString());
    expect(state).not.toBeNull();
    expect(spellHead(state!)).toBe(text.toString());
    for (let at = 0; at < text.length; at += 1) {
      const flipped = Buffer.from(text);
      flipped[at] = flipped[at]! ^ (1 << (at % 7));
      expect(readHead(flipped.toString()), `byte ${at}`).toBeNull();
    }
  });
});

describe('looks of an article', () => {
  it('are damaged where one of them is missing, changed or there twice', async () => {
    const dir = await tempDir();
    await threeLooks(dir);
    const path = await looksIn(dir);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    const [one, two, three] = lines as [string, string, string];
    const damages = [
      [one, three],
      [one, one, two, three],
      [two, three],
      [one, `${two} `, three],
      [one, two.replace('"seq":2', '"seq":3'), three],
      [one, two.slice(0, 200), three],
    ];
    for (const damage of damages) {
      await writeFile(path, damage.map((line) => `${line}\n`).join(''));
      await rm(await headIn(dir), { force: true });
      const { snapshots } = await opened(dir, { readOnly: true });
      const reading = snapshots.looks(KEY);
      await expect(reading).rejects.toMatchObject({
        code: 'E_ARCHIVE_DAMAGED',
        message: expect.stringContaining(path),
      });
    }
  });

  it('are damaged where the last one is changed or missing, which the head still knows', async () => {
    const dir = await tempDir();
    await threeLooks(dir);
    const path = await looksIn(dir);
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    const changed = [...lines.slice(0, 2), lines[2]!.replace('"unchanged"', '"changed"')];
    for (const damage of [changed, lines.slice(0, 2)]) {
      await writeFile(path, damage.map((line) => `${line}\n`).join(''));
      const reading = (await opened(dir, { readOnly: true })).snapshots.looks(KEY);
      await expect(reading).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    }
  });

  it('are damaged where the end of a sealed file is torn off, and whole while its run is open', async () => {
    const dir = await tempDir();
    const archive = await opened(dir);
    await visit(archive, KEY, 'one');
    await visit(archive, KEY, 'two');
    const path = await looksIn(dir);
    const text = await readFile(path, 'utf8');
    const torn = text + text.slice(0, 200);
    await writeFile(path, torn);
    expect(await (await opened(dir, { readOnly: true })).snapshots.looks(KEY)).toHaveLength(2);
    await writeFile(path, text);
    await archive.seal({}, 'finished');
    await writeFile(path, torn);
    const reading = (await opened(dir, { readOnly: true })).snapshots.looks(KEY);
    await expect(reading).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED', message: expect.stringContaining(path) });
  });

  it('can be of two articles whose keys look alike', async () => {
    const archive = await opened(await tempDir());
    const keys = ['news.example:/a', 'news.example:/a"', 'news.example:/a\\', 'xnews.example:/a', 'news.example:/a/b'];
    for (const key of keys) {
      const look = {
        at: '2026-03-04T05:06:07.123Z',
        url: urlOf(KEY),
        outcome: 'error',
        capture: null,
        note: `{"article":"${KEY}","at":`,
      } as const;
      await archive.snapshots.hold(key, urlOf(KEY), (article) => article.addLook(look));
    }
    for (const key of keys) expect(await archive.snapshots.looks(key)).toHaveLength(1);
  });
});

describe('OpenLooks', () => {
  it('counts every look of an open run once, however many ask at once', async () => {
    const dir = await tempDir();
    const writer = await opened(dir);
    const looks = new OpenLooks(new Disk(dir, nodeFs), systemClock, null);
    for (const [n, body] of ['one', 'two', 'three'].entries()) {
      await visit(writer, KEY, body);
      await Promise.all(Array.from({ length: 6 }, () => looks.refresh()));
      expect((await looks.after(KEY, 0)).map(({ look }) => look.seq)).toEqual([1, 2, 3].slice(0, n + 1));
    }
    await writer.close();
  });
});
