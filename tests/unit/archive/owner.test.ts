import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isGone, thisProcess } from '../../../src/archive/owner.ts';

const me = { ...thisProcess(), bootId: 'machine/boot/pid:[1]' };

describe('isGone', () => {
  it('is false of a process that runs, and true once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const owner = { ...me, pid: child.pid!, pidStartTime: '' };
    // Without its start time, a number in use says nothing: it may be another's by now.
    expect(await isGone(owner, me)).toBeNull();
    expect(await isGone(me, me)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isGone(owner, me)).toBe(true);
  });

  it.each([
    ['another process has its number', { pidStartTime: '1' }, true],
    ['the machine was started again', { bootId: 'machine/other/pid:[1]' }, true],
    ['it ran on another machine', { host: 'another-machine' }, null],
    ['it ran in another container', { bootId: 'machine/boot/pid:[2]' }, null],
    ['its machine has the same name and no other mark', { bootId: '/other/pid:[1]' }, null],
    ['its boot is not known', { bootId: 'machine//pid:[1]' }, null],
  ])('knows as much as it can where %s', async (_what, change, expected) => {
    expect(await isGone({ ...me, ...change }, me)).toBe(expected);
  });

  it('knows nothing of another boot where machines cannot be told apart', async () => {
    const unmarked = { ...me, bootId: '//' };
    expect(await isGone(unmarked, me)).toBeNull();
    expect(await isGone(me, unmarked)).toBeNull();
    expect(await isGone({ ...unmarked, pid: 99_999_999 }, unmarked)).toBe(true);
  });
});
