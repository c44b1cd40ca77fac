import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asArchiveError, Disk } from '../../../src/archive/disk.ts';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { Decide } from './faulty-fs.ts';
import { faultyFs } from './faulty-fs.ts';
import { filesIn, tempDir } from './made.ts';

const diskWith = async (decide: Decide = () => undefined) => {
  const dir = await tempDir();
  return { dir, disk: new Disk(dir, faultyFs(decide)) };
};

describe('asArchiveError', () => {
  it.each([
    ['ENOSPC', 'E_ARCHIVE_DISK_FULL'],
    ['EDQUOT', 'E_ARCHIVE_DISK_FULL'],
    ['EROFS', 'E_ARCHIVE_READ_ONLY'],
    ['EACCES', 'E_ARCHIVE_READ_ONLY'],
    ['EPERM', 'E_ARCHIVE_READ_ONLY'],
    ['EIO', 'E_ARCHIVE_DAMAGED'],
  ])('tells %s as %s, in one line with the path', (errno, code) => {
    const error = asArchiveError(Object.assign(new Error('x'), { code: errno }), '/some/where');
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(/^\/some\/where: expected .+, got \w+; .+$/);
  });

  it('leaves alone what is no fault of a disk', () => {
    const [own, other] = [new TearsheetError('E_ARCHIVE_BUSY', 'x'), new Error('y')];
    expect(asArchiveError(own, 'p')).toBe(own);
    expect(asArchiveError(other, 'p')).toBe(other);
  });
});

describe('createWhole', () => {
  it('creates a file once and for all', async () => {
    const { dir, disk } = await diskWith();
    expect(await disk.createWhole('a.json', 'one', 'temp')).toBe(true);
    expect(await disk.createWhole('a.json', 'two', 'temp')).toBe(false);
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe('one');
    expect(await filesIn(dir)).toEqual(['a.json']);
  });

  it.each(['EPERM', 'EXDEV', 'ENOTSUP', 'ENOSYS'])('does so without links too (%s)', async (errno) => {
    const { dir, disk } = await diskWith((call) => (call === 'link' ? errno : undefined));
    expect(await disk.createWhole('a.json', 'one', 'temp')).toBe(true);
    expect(await disk.createWhole('a.json', 'two', 'temp')).toBe(false);
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe('one');
    expect(await filesIn(dir)).toEqual(['a.json']);
  });

  it('takes over a name that a dead process claimed and never filled', async () => {
    for (const errno of ['EPERM', undefined]) {
      const { dir, disk } = await diskWith((call) => (call === 'link' ? errno : undefined));
      await writeFile(join(dir, 'a.json'), '');
      await writeFile(join(dir, 'a.json.part'), 'ha');
      expect(await disk.createWhole('a.json', 'one', 'temp')).toBe(true);
      expect(await filesIn(dir)).toEqual(['a.json']);
    }
  });

  it('gives one of many who try at once the name', async () => {
    for (const errno of ['EPERM', undefined]) {
      const { dir, disk } = await diskWith((call) => (call === 'link' ? errno : undefined));
      const tries = Array.from({ length: 8 }, (_, n) => disk.createWhole('a.json', `${n}`.repeat(9), `temp${n}`));
      if (errno === undefined) expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      else await Promise.allSettled(tries);
      expect(await readFile(join(dir, 'a.json'), 'utf8')).toMatch(/^(\d)\1{8}$/);
    }
  });

  it.each(['writeFile', 'sync', 'link'] as const)(
    'leaves nothing behind where %s finds the disk full',
    async (failing) => {
      const { dir, disk } = await diskWith((call) => (call === failing ? 'ENOSPC' : undefined));
      await expect(disk.createWhole('a.json', 'one', 'temp')).rejects.toMatchObject({ code: 'E_ARCHIVE_DISK_FULL' });
      expect(await filesIn(dir)).toEqual([]);
    },
  );
});

describe('replace', () => {
  it('puts a whole file in the place of another, or leaves that', async () => {
    const { dir, disk } = await diskWith((call, path) =>
      call === 'rename' && path.endsWith('b') ? 'ENOSPC' : undefined,
    );
    await writeFile(join(dir, 'b'), 'old');
    await disk.replace('a', 'new', 'temp', true);
    await expect(disk.replace('b', 'new', 'temp', false)).rejects.toMatchObject({ code: 'E_ARCHIVE_DISK_FULL' });
    expect(await readFile(join(dir, 'b'), 'utf8')).toBe('old');
    expect(await filesIn(dir)).toEqual(['a', 'b']);
  });
});

describe('makeFolder', () => {
  it('syncs the folder above each one before anything is put into it', async () => {
    const calls: string[] = [];
    const { dir, disk } = await diskWith((call, path) => {
      if (call === 'mkdir' || call === 'sync') calls.push(`${call} ${path.slice(dir.length) || '/'}`);
      return undefined;
    });
    await disk.makeFolder('a/b');
    await disk.makeFolder('a/b');
    expect(calls).toEqual(['mkdir /a', 'sync /', 'mkdir /a/b', 'sync /a']);
  });
});

describe('facts', () => {
  it('tells files from folders and from links, and what is missing', async () => {
    const { dir, disk } = await diskWith();
    await writeFile(join(dir, 'file'), 'abc');
    await mkdir(join(dir, 'folder'));
    await symlink('file', join(dir, 'link'));
    expect(await disk.facts('file')).toMatchObject({ kind: 'file', bytes: 3 });
    expect(await disk.facts('folder')).toMatchObject({ kind: 'folder' });
    expect(await disk.facts('link')).toMatchObject({ kind: 'other' });
    expect(await disk.facts('none')).toBeNull();
    expect(await disk.read('none')).toBeNull();
    expect(await disk.names('none')).toEqual([]);
  });
});
