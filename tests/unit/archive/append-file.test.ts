import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppendFile } from '../../../src/archive/append-file.ts';
import { Disk } from '../../../src/archive/disk.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { Decide } from './faulty-fs.ts';
import { faultyFs } from './faulty-fs.ts';
import { tempDir } from './made.ts';

const fileWith = async (decide: Decide = () => undefined, guard = async () => undefined) => {
  const dir = await tempDir();
  const file = await AppendFile.create(new Disk(dir, faultyFs(decide)), 'a/file', guard);
  return { file, read: () => readFile(join(dir, 'a/file'), 'utf8') };
};
const bytes = (text: string) => [Buffer.from(text)];

describe('append', () => {
  it('gives the offset of each piece, and the digest of all at the end', async () => {
    const { file, read } = await fileWith();
    const offsets = await Promise.all(['one', 'two!', '', 'three'].map((text) => file.append(bytes(text))));
    expect(offsets).toEqual([0, 3, 7, 7]);
    expect(await read()).toBe('onetwo!three');
    expect(await file.close()).toEqual({ path: 'a/file', bytes: 12, sha256: sha256('onetwo!three') });
  });

  it('shares one sync between those who wait', async () => {
    let syncs = 0;
    const { file } = await fileWith((call) => void (call === 'datasync' && (syncs += 1)));
    await Promise.all(Array.from({ length: 50 }, () => file.append(bytes('x'))));
    expect(syncs).toBeLessThanOrEqual(2);
    await file.append(bytes('x'));
    expect(syncs).toBeLessThanOrEqual(3);
    await file.close();
  });

  it('takes back what a full disk let in of it, and goes on once there is room', async () => {
    let isFull = false;
    const { file, read } = await fileWith((call) => (isFull && call === 'write' ? 'SHORT' : undefined));
    await file.append(bytes('one'));
    isFull = true;
    await expect(file.append(bytes('lost'))).rejects.toMatchObject({ code: 'E_ARCHIVE_DISK_FULL' });
    expect(await read()).toBe('one');
    isFull = false;
    expect(await file.append(bytes('two'))).toBe(3);
    expect(await file.close()).toMatchObject({ bytes: 6, sha256: sha256('onetwo') });
  });

  it('trusts no second sync after one that failed', async () => {
    let fails = true;
    const { file } = await fileWith((call) => (call === 'datasync' && fails ? 'EIO' : undefined));
    await expect(file.append(bytes('one'))).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    fails = false;
    for (const text of ['two', 'three']) {
      await expect(file.append(bytes(text))).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    }
    await file.close();
  });

  it('writes nothing where the guard says no', async () => {
    let isOpen = true;
    const { file, read } = await fileWith(undefined, async () => {
      if (!isOpen) throw new Error('taken for dead');
    });
    await file.append(bytes('one'));
    isOpen = false;
    await expect(file.append(bytes('two'))).rejects.toThrow('taken for dead');
    expect(await read()).toBe('one');
    await file.close();
  });

  it('takes nothing more once it is closed, and closes once', async () => {
    const { file } = await fileWith();
    const [first, second] = await Promise.all([file.close(), file.close()]);
    expect(first).toEqual(second);
    await expect(file.append(bytes('two'))).rejects.toThrow('is closed');
  });
});
