/** A run: everything that one process writes into the archive from its first write to its manifest. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { instantOf } from '../core/clock.ts';
import { spell } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';
import { openFile, RUNS, runIn, tempFolder } from './layout.ts';
import { isGone, Owner } from './owner.ts';

/** What an open run says of itself, in `runs/<run>.open`. */
export const OpenRun = z.strictObject({
  ...Owner.shape,
  command: z.string(),
  program: z.string(),
  startedAt: z.string(),
});
export type OpenRun = z.infer<typeof OpenRun>;

const HEARTBEAT_MS = 15_000;
/**
 * A run on another machine counts as dead after this long without a heartbeat. Much longer than for a lock: nobody waits
 * for it, and a laptop that slept must find its files as it left them.
 */
const DEAD_AFTER_MS = 600_000;
const RANDOM_CHARS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `20260131T120000Z-host-a1b2c3`: UTC time, host, six random characters; safe as a file name everywhere. */
export function newRun(now: number, host: string): string {
  const time = instantOf(now)
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const random = Array.from({ length: 6 }, () => RANDOM_CHARS[randomInt(RANDOM_CHARS.length)]).join('');
  return `${time}-${name || 'host'}-${random}`;
}

export interface RunOptions {
  readonly command: string;
  readonly program: string;
  readonly owner: Owner;
}

export class Run {
  readonly id: string;
  readonly startedAt: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #options: RunOptions;
  #begun: Promise<void> | undefined;
  #hasEnded = false;
  #temps = 0;
  #beating: NodeJS.Timeout | undefined;

  constructor(disk: Disk, clock: Clock, options: RunOptions) {
    this.#disk = disk;
    this.#clock = clock;
    this.#options = options;
    this.id = newRun(clock.now(), options.owner.host);
    this.startedAt = instantOf(clock.now());
  }

  get command(): string {
    return this.#options.command;
  }
  get program(): string {
    return this.#options.program;
  }
  get hasBegun(): boolean {
    return this.#begun !== undefined;
  }

  /** To be called before anything is written: the open-run marker must outlast whatever it accounts for. */
  async begin(): Promise<void> {
    if (this.#hasEnded) throw new TearsheetError('E_INTERNAL', `run ${this.id} is sealed: nothing can be added to it`);
    this.#begun ??= this.#mark();
    try {
      await this.#begun;
    } catch (thrown) {
      this.#begun = undefined;
      throw thrown;
    }
  }

  async #mark(): Promise<void> {
    const { command, program, owner } = this.#options;
    const marker: OpenRun = { ...owner, command, program, startedAt: this.startedAt };
    await this.#disk.makeFolder(RUNS);
    const temps = tempFolder(this.id);
    try {
      await this.#disk.step(temps, () => this.#disk.fs.mkdir(this.#disk.at(temps)));
      // Whole or not at all: who cannot read whose it is has to wait ten minutes before it may be sealed.
      await this.#disk.createWhole(openFile(this.id), spell(marker), this.temp());
    } catch (thrown) {
      await removeMarker(this.#disk, this.id).catch(() => undefined);
      throw thrown;
    }
    this.#beating = setInterval(() => {
      const now = new Date(this.#clock.now());
      this.#disk.fs.utimes(this.#disk.at(openFile(this.id)), now, now).catch(() => undefined);
    }, HEARTBEAT_MS).unref();
  }

  /** Throws `E_ARCHIVE_BUSY` where another process took this run for dead and sealed it: its files must not change any more. */
  async assertOpen(): Promise<void> {
    await this.begin();
    if ((await this.#disk.facts(openFile(this.id))) !== null) return;
    const message = `run ${this.id}: expected to be open still, but another process took it for dead and sealed it; run again`;
    throw new TearsheetError('E_ARCHIVE_BUSY', message);
  }

  /** A free path for a file in the making, on the archive's own file system. */
  temp(): string {
    this.#temps += 1;
    return `${tempFolder(this.id)}/${this.#temps}`;
  }

  /** Nothing more is written. The marker stays, so that the next run that writes seals this one. */
  stop(): void {
    this.#hasEnded = true;
    clearInterval(this.#beating);
  }

  /** Takes the marker away; the manifest stands. */
  async end(): Promise<void> {
    this.stop();
    await removeMarker(this.#disk, this.id);
  }
}

export async function removeMarker(disk: Disk, run: string): Promise<void> {
  await disk.step(tempFolder(run), () => disk.fs.rm(disk.at(tempFolder(run)), { recursive: true, force: true }));
  await disk.remove(openFile(run));
}

/** The runs that have a marker, in the order of their start. */
export async function openRuns(disk: Disk): Promise<string[]> {
  return (await disk.names(RUNS)).map((name) => runIn(name, '.open')).filter((run) => run !== null);
}

/** Removes folders for files in the making whose process died before it made its marker. */
export async function sweepTemps(disk: Disk, clock: Clock): Promise<void> {
  const names = await disk.names(RUNS);
  for (const run of names.map((name) => runIn(name, '.tmp')).filter((name) => name !== null)) {
    if (names.includes(`${run}.open`)) continue;
    const facts = await disk.facts(tempFolder(run));
    if (facts !== null && clock.now() - facts.mtimeMs > DEAD_AFTER_MS) await removeMarker(disk, run);
  }
}

/** The marker as written down; null where it is gone or cannot be read. */
export async function readMarker(disk: Disk, run: string): Promise<OpenRun | null> {
  const content = await disk.read(openFile(run));
  try {
    return content === null ? null : OpenRun.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return null;
  }
}

/** Whether the run's process is dead: gone, or out of sight and without a heartbeat for ten minutes. */
export async function isDeadRun(disk: Disk, clock: Clock, run: string, me: Owner): Promise<boolean> {
  const facts = await orMissing(disk.facts(openFile(run)), null);
  if (facts === null) return false;
  const marker = await readMarker(disk, run);
  const gone = marker === null ? null : await isGone(marker, me);
  return gone ?? clock.now() - facts.mtimeMs > DEAD_AFTER_MS;
}
