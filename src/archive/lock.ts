/**
 * Locks that processes on one archive take on a name. A lock is a folder `locks/<name>` that holds one file, named by a
 * token nobody else ever has. Two steps of the file system carry it: renaming a folder onto one that holds something
 * fails, and unlinking a dead holder's token removes that token and no other. So a lock found stale by two processes at once
 * is taken by one of them (a plain lock file would not do: the second remover would remove the first one's new lock).
 * A folder that was let go of is kept for the next lock: to make one takes ten times as long as to rename it.
 */
import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Disk } from './disk.ts';
import { asArchiveError, errnoOf } from './disk.ts';
import { isGone, Owner } from './owner.ts';

export const LOCKS = 'locks';
/** A holder that we cannot look at (another machine's) counts as dead after this long without a sign of life. */
const STALE_AFTER_MS = 60_000;
/** A token is whole before the lock is taken with it; one that cannot be read this long after is what a power cut left. */
const UNREADABLE_AFTER_MS = 5_000;
const REFRESH_EVERY_MS = 15_000;
/** As many folders are kept as pages are commonly in hand. */
const MAX_SPARES = 64;
const FIRST_WAIT_MS = 2;
const LONGEST_WAIT_MS = 200;
/** POSIX says ENOTEMPTY or EEXIST where a folder in the way holds something; Windows refuses even an empty one. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY']);

const spareFolder = (token: string): string => `${LOCKS}/spare.${token}`;

export interface Lock {
  /** Throws `E_ARCHIVE_BUSY` where another process took this one for dead and took the lock. */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

export class Locks {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #me: Owner;
  /** Within this process, who waits for a name waits for the one before. */
  readonly #last = new Map<string, Promise<void>>();
  /** Where our tokens lie now, by token; those of spare folders too. */
  readonly #tokens = new Map<string, string>();
  /** Tokens whose folder is free. */
  readonly #spares: string[] = [];
  #refreshing: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(disk: Disk, clock: Clock, me: Owner) {
    this.#disk = disk;
    this.#clock = clock;
    this.#me = me;
  }

  /** Waits at most `maxWaitMs` for other processes. Throws `E_ARCHIVE_BUSY`; what the disk answers. */
  async acquire(name: string, maxWaitMs: number): Promise<Lock> {
    const before = this.#last.get(name);
    let leave: (() => void) | undefined;
    const mine = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#last.set(name, mine);
    const release = () => {
      if (this.#last.get(name) === mine) this.#last.delete(name);
      leave?.();
    };
    await before;
    try {
      const token = await this.#take(name, maxWaitMs);
      return {
        assertHeld: () => this.#assertHeld(`${LOCKS}/${name}/${token}`, name),
        release: () => this.#giveBack(token, name).finally(release),
      };
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  /** Gives the token that the lock is held with. */
  async #take(name: string, maxWaitMs: number): Promise<string> {
    const { fs } = this.#disk;
    const spare = this.#spares.pop();
    const token = spare ?? `${this.#me.pid}-${randomBytes(6).toString('hex')}`;
    const folder = `${LOCKS}/${name}`;
    const fresh = spareFolder(token);
    const until = this.#clock.now() + maxWaitMs;
    let waitMs = FIRST_WAIT_MS;
    let isReady = spare !== undefined;
    try {
      for (;;) {
        if (!isReady) await this.#prepare(fresh, token);
        isReady = true;
        try {
          await fs.rename(this.#disk.at(fresh), this.#disk.at(folder));
          // Who waits for long may have been swept away in the meantime; an empty lock is nobody's.
          if ((await this.#disk.facts(`${folder}/${token}`)) !== null) {
            this.#tokens.set(token, `${folder}/${token}`);
            return token;
          }
          isReady = false;
        } catch (thrown) {
          if (errnoOf(thrown) === 'ENOENT') isReady = false;
          else if (!IN_THE_WAY.has(errnoOf(thrown))) throw thrown;
        }
        if (!isReady) continue;
        if (await this.#clear(folder)) continue;
        if (this.#clock.now() >= until) throw busy(this.#disk.at(folder), maxWaitMs);
        await this.#clock.sleep(waitMs * (0.5 + Math.random()));
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    } catch (thrown) {
      await this.#discard(token);
      throw asArchiveError(thrown, this.#disk.at(folder));
    }
  }

  /** Lets go of a lock by taking its folder back; of one that was taken from us, by leaving it alone. */
  async #giveBack(token: string, name: string): Promise<void> {
    const folder = `${LOCKS}/${name}`;
    const spare = spareFolder(token);
    try {
      const isOurs = (await this.#disk.facts(`${folder}/${token}`)) !== null;
      if (!isOurs || this.#isStopped || this.#spares.length >= MAX_SPARES) {
        this.#tokens.delete(token);
        return await this.#free(`${folder}/${token}`);
      }
      await this.#disk.fs.rename(this.#disk.at(folder), this.#disk.at(spare));
      if ((await this.#disk.facts(`${spare}/${token}`)) === null) {
        // In the blink of an eye before, another took us for dead and the lock for its own: it gets it back.
        await this.#disk.fs.rename(this.#disk.at(spare), this.#disk.at(folder)).catch(() => undefined);
        this.#tokens.delete(token);
        return;
      }
      this.#tokens.set(token, `${spare}/${token}`);
      this.#spares.push(token);
    } catch {
      // A disk that is full may not even rename; to remove the token is all that it takes.
      this.#tokens.delete(token);
      await this.#free(`${folder}/${token}`);
    }
  }

  async #discard(token: string): Promise<void> {
    this.#tokens.delete(token);
    const folder = this.#disk.at(spareFolder(token));
    await this.#disk.fs.rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  /** A folder with our token in it, to be renamed onto the lock. */
  async #prepare(fresh: string, token: string): Promise<void> {
    await this.#disk.fs.mkdir(this.#disk.at(fresh), { recursive: true });
    await this.#disk.writeNew(`${fresh}/${token}`, JSON.stringify(this.#me), false);
    this.#tokens.set(token, `${fresh}/${token}`);
    this.#keepFresh();
  }

  /** Removes what dead holders left of a lock. True where it may be free now. */
  async #clear(folder: string): Promise<boolean> {
    const tokens = await this.#disk.names(folder);
    let isFree = true;
    for (const token of tokens) {
      if (await this.isStale(`${folder}/${token}`)) await this.#free(`${folder}/${token}`);
      else isFree = false;
    }
    if (tokens.length === 0) await this.#removeFolder(folder);
    return isFree;
  }

  /** Whether the holder of a token is dead: a process that is gone, or one out of sight that gave no sign of life for long. */
  async isStale(path: string): Promise<boolean> {
    const [facts, content] = [await this.#disk.facts(path), await this.#disk.read(path)];
    if (facts === null || content === null) return true;
    const ageMs = this.#clock.now() - facts.mtimeMs;
    const owner = ownerIn(content.toString('utf8'));
    if (owner === null) return ageMs > UNREADABLE_AFTER_MS || isLeftUnfinished(path);
    return (await isGone(owner, this.#me)) ?? ageMs > STALE_AFTER_MS;
  }

  async #free(token: string): Promise<void> {
    await this.#disk.remove(token);
    await this.#removeFolder(posix.dirname(token));
  }

  /** A lock that someone took meanwhile holds a token again and stays. */
  async #removeFolder(folder: string): Promise<void> {
    await this.#disk.fs.rmdir(this.#disk.at(folder)).catch(() => undefined);
  }

  async #assertHeld(token: string, name: string): Promise<void> {
    if ((await this.#disk.facts(token)) !== null) return;
    const message = `${name}: expected to hold the article still, but another process took this one for dead; run again`;
    throw new TearsheetError('E_ARCHIVE_BUSY', message);
  }

  /** Spare ones too: once taken they must not look as old as they are. */
  #keepFresh(): void {
    this.#refreshing ??= setInterval(() => {
      const now = new Date(this.#clock.now());
      for (const path of this.#tokens.values()) {
        this.#disk.fs.utimes(this.#disk.at(path), now, now).catch(() => undefined);
      }
    }, REFRESH_EVERY_MS).unref();
  }

  /** Removes every lock that a dead process left, so that their number never grows. */
  async sweep(): Promise<void> {
    for (const name of await this.#disk.names(LOCKS)) {
      const folder = `${LOCKS}/${name}`;
      const facts = await this.#disk.facts(folder);
      // A folder without a token may be one that a live process is about to fill.
      const isOld = facts !== null && this.#clock.now() - facts.mtimeMs > STALE_AFTER_MS;
      if (isOld || (await this.#disk.names(folder)).length > 0) await this.#clear(folder);
    }
  }

  /** Gives signs of life no more, and keeps nothing spare; what is still held can be let go of. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#refreshing);
    this.#refreshing = undefined;
    await Promise.all(this.#spares.splice(0).map((token) => this.#discard(token)));
  }
}

function busy(path: string, maxWaitMs: number): TearsheetError {
  const message = `${path}: expected another process to let go within ${maxWaitMs} ms, but it still holds on; try again later`;
  return new TearsheetError('E_ARCHIVE_BUSY', message);
}

/**
 * Whether a token was being prepared by a process that is no more, killed before it had written who it is. Should the process
 * be another machine's, it finds its token gone when it takes the lock, and prepares another.
 */
function isLeftUnfinished(path: string): boolean {
  const token = posix.basename(path);
  const pid = Number(/^(\d+)-/.exec(token)?.[1] ?? 0);
  if (pid === 0 || !posix.dirname(path).endsWith(`.${token}`)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (thrown) {
    return errnoOf(thrown) === 'ESRCH';
  }
}

/** The owner as written down; null where it cannot be read. */
function ownerIn(text: string): Owner | null {
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
