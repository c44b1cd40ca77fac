import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fs } from '../../../src/archive/disk.ts';
import { nodeFs } from '../../../src/archive/disk.ts';
import { verifyArchive } from '../../../src/archive/index.ts';
import type { Decide } from './faulty-fs.ts';
import { faultyFs } from './faulty-fs.ts';
import { filesIn, opened, tempDir, visit } from './made.ts';

const KEY = 'news.example:/a';

describe('openArchive', () => {
  it('sweeps away the lock that a process was killed over before it had written who it is', async () => {
    const dir = await tempDir();
    await (await opened(dir)).close();
    const { pid } = spawnSync(process.execPath, ['--version']);
    const tokens = [pid, process.pid].map((id) => `${id}-0123456789ab`);
    for (const token of tokens) {
      await mkdir(join(dir, 'locks', `abc.${token}`), { recursive: true });
      await writeFile(join(dir, 'locks', `abc.${token}`, token), '');
    }
    await (await opened(dir)).close();
    const left = (await filesIn(dir)).filter((name) => name.startsWith('locks'));
    expect(left).toEqual([`locks/abc.${tokens[1]}/${tokens[1]}`]);
  });

  it('says that no folder can be made where the file system makes none', async () => {
    const dir = join(await tempDir(), 'archive');
    const fs = faultyFs((call) => (call === 'mkdir' ? 'ENOENT' : undefined));
    await expect(opened(dir, { fs })).rejects.toMatchObject({
      code: 'E_ARCHIVE_READ_ONLY',
      message: expect.stringContaining(dir),
    });
  });

  it('makes an archive of a folder that is missing, or holds nothing of its own', async () => {
    const missing = join(await tempDir(), 'deep', 'archive');
    await opened(missing);
    expect(await filesIn(missing)).toEqual(['archive.json']);
    const contested = join(missing, '..', 'far', 'down', 'archive');
    await Promise.all(Array.from({ length: 6 }, () => opened(contested)));
    expect(await filesIn(contested)).toEqual(['archive.json']);
    const kept = await tempDir();
    for (const name of ['.gitkeep', 'tearsheet.sqlite', 'tearsheet.sqlite-wal', 'archive.json.0af3bc0123de.tmp']) {
      await writeFile(join(kept, name), '');
    }
    await opened(kept);
    await opened(kept);
    expect(await verifyArchive(kept)).toMatchObject({ problems: [], notes: [] });
  });

  it.each([
    ['a folder that holds something else', async (dir: string) => writeFile(join(dir, 'notes.txt'), ''), true],
    ['an empty folder, to be read', async () => undefined, false],
    ['a marker of a newer program', async (dir: string) => writeFile(join(dir, 'archive.json'), '{"schema":2}'), true],
  ])('refuses %s', async (_what, prepare, create) => {
    const dir = await tempDir();
    await prepare(dir);
    const before = await filesIn(dir);
    await expect(opened(dir, { create })).rejects.toMatchObject({ code: 'E_ARCHIVE_NOT_ONE' });
    await expect(opened(dir, { create, readOnly: true })).rejects.toMatchObject({ code: 'E_ARCHIVE_NOT_ONE' });
    expect(await filesIn(dir)).toEqual(before);
  });

  it('refuses a folder that is missing, and a file', async () => {
    const dir = await tempDir();
    await writeFile(join(dir, 'file'), '');
    for (const name of ['none', 'file', 'file/below']) {
      await expect(opened(join(dir, name), { create: false })).rejects.toMatchObject({
        code: 'E_ARCHIVE_NOT_ONE',
        message: expect.stringMatching(/expected .+, got .+; name another with --archive/),
      });
    }
    for (const name of ['none', 'file', 'file/below', '']) {
      await expect(verifyArchive(join(dir, name))).rejects.toMatchObject({ code: 'E_ARCHIVE_NOT_ONE' });
    }
    for (const name of ['file', 'file/below', 'file/far/below']) {
      await expect(opened(join(dir, name))).rejects.toMatchObject({ code: 'E_ARCHIVE_NOT_ONE' });
    }
  });

  it('tells a damaged marker, and a lost one, from a folder that never was an archive', async () => {
    const dir = await tempDir();
    const archive = await opened(dir);
    await visit(archive, KEY, 'one');
    await archive.seal({}, 'finished');
    await writeFile(join(dir, 'archive.json'), '{"made":"tearsheeu"}');
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    await rename(join(dir, 'archive.json'), join(dir, 'looks', 'x'));
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_ARCHIVE_MISSING' });
  });

  it('may be a link to where the archive lies, and its folders may lie on other disks', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'real'));
    await symlink('real', join(dir, 'link'));
    const path = join(dir, 'link');
    // Another disk: nothing can be renamed or linked into these folders from outside.
    const isElsewhere = (name: string) => /\/(?:articles|captures)\//.test(name) && !name.endsWith('.open');
    const fs = new Proxy(nodeFs, {
      get: (target, name: keyof Fs) =>
        name === 'rename' || name === 'link'
          ? async (from: string, to: string) => {
              if (isElsewhere(to) && dirname(from) !== dirname(to))
                throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
              await target[name](from, to);
            }
          : target[name],
    });
    const archive = await opened(path, { fs });
    for (const body of ['one', 'two']) await visit(archive, KEY, body);
    await archive.seal({}, 'finished');
    expect(await archive.snapshots.versions(KEY)).toHaveLength(2);
    expect(await verifyArchive(path)).toMatchObject({ problems: [], notes: [] });
    expect((await filesIn(join(dir, 'real'))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes nothing at all where it only reads', async () => {
    const dir = await tempDir();
    const writer = await opened(dir);
    await visit(writer, KEY, 'one');
    await writer.seal({}, 'finished');
    const writes: string[] = [];
    const decide: Decide = (call, path) => {
      if (!['readFile', 'readdir', 'lstat', 'stat', 'open', 'read', 'close', 'access'].includes(call))
        writes.push(`${call} ${path}`);
      return undefined;
    };
    const reader = await opened(dir, { readOnly: true, create: false, fs: faultyFs(decide) });
    const [version] = await reader.snapshots.versions(KEY);
    await reader.captures.read(version!.snapshot.capture);
    await reader.snapshots.find(KEY);
    expect(await reader.snapshots.looks(KEY)).toHaveLength(1);
    expect(writes).toEqual([]);
    expect(reader.run).toBeNull();
    await expect(visit(reader, KEY, 'two')).rejects.toMatchObject({ code: 'E_ARCHIVE_READ_ONLY' });
    expect(await reader.seal({}, 'finished')).toBe('');
  });
});

describe('a run', () => {
  it('marks itself open with its first write, and no sooner, and takes the mark away with its manifest', async () => {
    const dir = await tempDir();
    const archive = await opened(dir, { command: 'archive' });
    const marker = join(dir, 'runs', `${archive.run}.open`);
    expect(archive.run).toMatch(/^\d{8}T\d{6}Z-[a-z0-9-]+-[a-z0-9]{6}$/);
    expect(await filesIn(dir)).toEqual(['archive.json']);
    await visit(archive, KEY, 'one');
    expect(JSON.parse(await readFile(marker, 'utf8'))).toMatchObject({ pid: process.pid, command: 'archive' });
    const path = await archive.seal({ pages: 1 }, 'finished');
    expect(path).toBe(`runs/${archive.run}.json`);
    expect((await filesIn(dir)).filter((name) => name.startsWith('runs/'))).toEqual([path, 'runs/tips.cache']);
  });

  it('writes nothing more where another process took it for dead', async () => {
    const dir = await tempDir();
    const archive = await opened(dir);
    await visit(archive, KEY, 'one');
    await rename(join(dir, 'runs', `${archive.run}.open`), join(dir, 'runs', `${archive.run}.gone`));
    await expect(visit(archive, KEY, 'two')).rejects.toMatchObject({ code: 'E_ARCHIVE_BUSY' });
  });
});

/** A small file system of its own; undefined, and said so, where this machine lets us mount none. */
async function mounted(options: string): Promise<string | undefined> {
  const dir = join(await tempDir(), 'mount');
  await mkdir(dir);
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir]);
  if (status !== 0) {
    console.warn(`skipped: no file system can be mounted here (${String(stderr).trim()})`);
    return undefined;
  }
  onTestFinished(() => void spawnSync('umount', ['-l', dir]));
  return dir;
}

describe('a disk', () => {
  it('that is full stops the run with one clear error and leaves nothing half-written', async (context) => {
    const dir = await mounted('size=400k,nr_inodes=200');
    if (dir === undefined) return context.skip();
    const archive = await opened(dir);
    let kept = 0;
    const fill = async () => {
      for (;;) {
        await visit(
          archive,
          `news.example:/${kept % 3}`,
          `${kept}:${Array.from({ length: 4000 }, () => Math.random()).join()}`,
        );
        kept += 1;
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'E_ARCHIVE_DISK_FULL',
      message: expect.stringContaining('make room'),
    });
    expect(kept).toBeGreaterThan(0);
    expect((await verifyArchive(dir)).problems).toEqual([]);
    expect(spawnSync('mount', ['-o', 'remount,size=4m,nr_inodes=2000', dir]).status).toBe(0);
    await visit(archive, 'news.example:/after', 'there is room again');
    await archive.seal({ pages: kept }, 'finished');
    const report = await verifyArchive(dir);
    expect(report.problems).toEqual([]);
    expect(report.notes).toEqual([]);
  });

  it('that is read-only is told before anything is done', async (context) => {
    const dir = await mounted('size=1m');
    if (dir === undefined) return context.skip();
    const archive = await opened(dir);
    await visit(archive, KEY, 'one');
    await archive.seal({}, 'finished');
    expect(spawnSync('mount', ['-o', 'remount,ro', dir]).status).toBe(0);
    await expect(opened(dir)).rejects.toMatchObject({ code: 'E_ARCHIVE_READ_ONLY' });
    await expect(opened(join(dir, 'new'))).rejects.toMatchObject({ code: 'E_ARCHIVE_READ_ONLY' });
    expect((await verifyArchive(dir)).problems).toEqual([]);
    expect(await (await opened(dir, { readOnly: true })).snapshots.versions(KEY)).toHaveLength(1);
  });
});

describe('every single call of a visit', () => {
  it('can find the disk full: what was acknowledged stays, the archive verifies, the next visit goes on', async () => {
    const writes = ['open', 'mkdir', 'link', 'rename', 'write', 'writeFile', 'sync', 'datasync'];
    const made = await tempDir();
    const first = await opened(made);
    await visit(first, KEY, 'one');
    await first.seal({}, 'finished');
    let failing = 0;
    for (; ; failing += 1) {
      const dir = await tempDir();
      await cp(made, dir, { recursive: true });
      let calls = 0;
      let hasFailed = false;
      const decide: Decide = (call) => {
        if (!writes.includes(call) || hasFailed) return undefined;
        calls += 1;
        hasFailed = calls === failing + 1;
        return hasFailed ? (call === 'write' ? 'SHORT' : 'ENOSPC') : undefined;
      };
      const archive = await opened(dir, { fs: faultyFs(decide) });
      const after = `after call ${failing + 1} of ${calls}`;
      const visited = await visit(archive, KEY, 'two').catch((thrown: unknown) => thrown);
      if (visited instanceof Error) expect(visited, after).toMatchObject({ code: 'E_ARCHIVE_DISK_FULL' });
      // After a sync that failed a file takes no more; anything else was no harm.
      if (visited instanceof Error) await visit(archive, KEY, 'three').catch(() => undefined);
      const sealed = await archive.seal({}, 'finished').catch((thrown: unknown) => thrown);
      if (sealed instanceof Error) expect(await archive.seal({}, 'finished'), after).toContain(archive.run);
      const report = await verifyArchive(dir);
      expect(report.problems, after).toEqual([]);
      expect(
        report.notes.filter((note) => !note.includes('/v0002.json')),
        after,
      ).toEqual([]);
      const next = await opened(dir);
      const { seq } = await visit(next, KEY, 'four');
      await next.seal({}, 'finished');
      expect(await next.snapshots.looks(KEY), after).toHaveLength(seq);
      expect((await verifyArchive(dir)).notes, after).toEqual([]);
      if (!hasFailed) break;
    }
    expect(failing).toBeGreaterThan(20);
  });
});
