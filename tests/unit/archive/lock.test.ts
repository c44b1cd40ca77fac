import { mkdir, readdir, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Disk } from '../../../src/archive/disk.ts';
import { Locks } from '../../../src/archive/lock.ts';
import { thisProcess } from '../../../src/archive/owner.ts';
import type { Owner } from '../../../src/archive/owner.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { StepClock, tempDir } from './made.ts';

const me = thisProcess();
/** No process has this number: the largest that Linux gives is 4194304. */
const DEAD: Owner = { ...me, pid: 99_999_999 };
const REUSED: Owner = { ...me, pidStartTime: '1' };
const ELSEWHERE: Owner = { ...me, host: 'another-machine' };

const locksIn = (dir: string, owner = me, clock = systemClock) => new Locks(new Disk(dir), clock, owner);

/** What a process left that took the lock and never let go. */
async function leaveLock(dir: string, name: string, owner: Owner, ageMs = 0, content = JSON.stringify(owner)) {
  const path = join(dir, 'locks', name, 'token');
  await mkdir(join(dir, 'locks', name), { recursive: true });
  await writeFile(path, content);
  const then = new Date(Date.now() - ageMs);
  await utimes(path, then, then);
}

describe('acquire', () => {
  it('lets one in at a time, whoever asks, and leaves nothing behind', async () => {
    const dir = await tempDir();
    const all = Array.from({ length: 4 }, () => locksIn(dir));
    let inside = 0;
    let visits = 0;
    await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const lock = await all[n % 4]!.acquire('a', 60_000);
        inside += 1;
        expect(inside).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        visits += 1;
        await lock.release();
      }),
    );
    expect(visits).toBe(40);
    await Promise.all(all.map((locks) => locks.stop()));
    expect(await readdir(join(dir, 'locks'))).toEqual([]);
  });

  it('keeps different names apart', async () => {
    const dir = await tempDir();
    const locks = locksIn(dir);
    const both = [await locks.acquire('a', 0), await locks.acquire('b', 0)];
    expect(await readdir(join(dir, 'locks'))).toEqual(['a', 'b']);
    await Promise.all(both.map((lock) => lock.release()));
  });

  it('keeps the folder of a lock that was let go of for the next one', async () => {
    const dir = await tempDir();
    const locks = locksIn(dir);
    const tokens: string[][] = [];
    for (const name of ['a', 'b']) {
      const lock = await locks.acquire(name, 0);
      tokens.push(await readdir(join(dir, 'locks', name)));
      await lock.assertHeld();
      await lock.release();
    }
    expect(tokens[0]).toEqual(tokens[1]);
    await expect(locksIn(dir).acquire('a', 0)).resolves.toBeDefined();
  });

  it('lets go of no lock that another holds by now', async () => {
    const dir = await tempDir();
    const lock = await locksIn(dir).acquire('a', 0);
    const [token = ''] = await readdir(join(dir, 'locks', 'a'));
    await unlink(join(dir, 'locks', 'a', token));
    const other = await locksIn(dir).acquire('a', 0);
    await lock.release();
    await other.assertHeld();
    await expect(locksIn(dir).acquire('a', 0)).rejects.toMatchObject({ code: 'E_ARCHIVE_BUSY' });
  });

  it.each([
    ['a process that is gone', DEAD, 0],
    ['a process whose number another has now', REUSED, 0],
    ['a machine that gave no sign of life for a minute', ELSEWHERE, 61_000],
  ])('takes the lock of %s', async (_who, owner, ageMs) => {
    const dir = await tempDir();
    await leaveLock(dir, 'a', owner, ageMs);
    const locks = locksIn(dir);
    await (await locks.acquire('a', 0)).release();
    await locks.stop();
    expect(await readdir(join(dir, 'locks'))).toEqual([]);
  });

  it.each([
    ['a process that lives', me],
    ['a machine that gave a sign of life a moment ago', ELSEWHERE],
  ])('waits for %s, and no longer than it was told', async (_who, owner) => {
    const dir = await tempDir();
    await leaveLock(dir, 'a', owner);
    const clock = new StepClock(Date.now());
    const error = await locksIn(dir, me, clock)
      .acquire('a', 5000)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E_ARCHIVE_BUSY' });
    expect((error as Error).message).toMatch(/expected .+ within 5000 ms, but .+; try again later/);
    expect(await readdir(join(dir, 'locks'))).toEqual(['a']);
  });

  it('takes the lock with a token that a power cut left unreadable', async () => {
    const dir = await tempDir();
    await leaveLock(dir, 'a', DEAD, 0, '\0\0\0');
    const busy = locksIn(dir, me, new StepClock(Date.now())).acquire('a', 1);
    await expect(busy).rejects.toMatchObject({ code: 'E_ARCHIVE_BUSY' });
    await leaveLock(dir, 'a', DEAD, 5_100, '\0\0\0');
    await (await locksIn(dir).acquire('a', 0)).release();
  });

  it('takes over an empty folder that a lock left', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'locks', 'a'), { recursive: true });
    const lock = await locksIn(dir).acquire('a', 0);
    expect(await readdir(join(dir, 'locks', 'a'))).toHaveLength(1);
    await lock.release();
  });

  it('gives a dead lock to one of many who find it at once', async () => {
    const dir = await tempDir();
    for (let round = 0; round < 20; round += 1) {
      await leaveLock(dir, 'a', DEAD);
      let inside = 0;
      const take = async () => {
        const lock = await locksIn(dir).acquire('a', 60_000);
        expect((inside += 1)).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        inside -= 1;
        await lock.release();
      };
      await Promise.all(Array.from({ length: 5 }, take));
    }
  });
});

describe('assertHeld', () => {
  it('notices that another took the lock', async () => {
    const dir = await tempDir();
    const lock = await locksIn(dir).acquire('a', 0);
    await lock.assertHeld();
    await rename(join(dir, 'locks', 'a'), join(dir, 'locks', 'b'));
    await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'E_ARCHIVE_BUSY' });
    await lock.release();
  });
});

describe('sweep', () => {
  it('removes what dead processes left, and that alone', async () => {
    const dir = await tempDir();
    await leaveLock(dir, 'dead', DEAD);
    await leaveLock(dir, 'half.made', DEAD);
    await leaveLock(dir, 'far', ELSEWHERE);
    await leaveLock(dir, 'mine', me);
    await mkdir(join(dir, 'locks', 'just-begun'));
    await locksIn(dir).sweep();
    expect((await readdir(join(dir, 'locks'))).toSorted()).toEqual(['far', 'just-begun', 'mine']);
  });
});
