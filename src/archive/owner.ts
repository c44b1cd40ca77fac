/** Which process something belongs to, and whether that process is still there. */
import { readFileSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { z } from 'zod';
import { sha256 } from '../core/digest.ts';
import { errnoOf } from './disk.ts';

export const Owner = z.object({
  pid: z.int(),
  host: z.string(),
  /**
   * Machine, its boot, and process namespace, with `/` between: within all three, a number and a start time name one
   * process for good. Parts that the system does not tell are empty.
   */
  bootId: z.string(),
  /** In the system's own ticks; empty where it does not tell. */
  pidStartTime: z.string(),
});
export type Owner = z.infer<typeof Owner>;

const firstLine = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

const linkAt = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

function bootId(): string {
  // machine-id(5) is to be kept to oneself, hence its digest.
  const machine = firstLine('/etc/machine-id');
  const boot = firstLine('/proc/sys/kernel/random/boot_id');
  // Containers of one machine share its boot and count their processes each from 1.
  const namespace = linkAt('/proc/self/ns/pid');
  return [machine === '' ? '' : sha256(machine).slice(0, 16), boot, namespace].join('/');
}

/** Field 22 of proc_pid_stat(5); the name in field 2 may hold spaces and brackets. */
const startTimeIn = (stat: string): string => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';

let own: Owner | undefined;
export function thisProcess(): Owner {
  own ??= {
    pid: process.pid,
    host: hostname(),
    bootId: bootId(),
    pidStartTime: startTimeIn(firstLine(`/proc/${process.pid}/stat`)),
  };
  return own;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return errnoOf(thrown) === 'EPERM';
  }
}

/** True where the machine was started again since; of two that cannot tell their machines apart, nothing is known. */
function hasRebooted(then: string, now: string): boolean {
  const [machine = '', boot = ''] = then.split('/');
  const [sameMachine, nextBoot = ''] = now.split('/');
  return machine !== '' && machine === sameMachine && boot !== '' && nextBoot !== '' && boot !== nextBoot;
}

/** Whether the process is gone, seen from the one that `me` names; null where that cannot be known from there. */
export async function isGone(owner: Owner, me: Owner): Promise<boolean | null> {
  if (owner.host !== me.host) return null;
  if (owner.bootId !== me.bootId) return hasRebooted(owner.bootId, me.bootId) ? true : null;
  if (!isRunning(owner.pid)) return true;
  if (owner.pidStartTime === '') return null;
  const stat = await readFile(`/proc/${owner.pid}/stat`, 'utf8').catch(() => '');
  // A number is given again to another process; its start time is not.
  return stat === '' ? !isRunning(owner.pid) : startTimeIn(stat) !== owner.pidStartTime;
}
