/** What other runs that are not sealed yet have written of an article: the only looks that a head file may not know of. */
import type { Clock } from '../core/clock.ts';
import { sha256 } from '../core/digest.ts';
import type { Disk } from './disk.ts';
import { looksFile, LOOKS, RUNS, startOfRun } from './layout.ts';
import { dayFolders, LF, readLine } from './looks.ts';
import type { WrittenLook } from './looks.ts';
import { openRuns } from './run.ts';
import { damaged } from './spelled.ts';

interface Place {
  readonly seq: number;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}
interface Followed {
  /** Where the next unread line begins. */
  end: number;
  readonly places: Map<string, Place[]>;
}

/** A listing of `runs/` is believed while the folder's time says that it is this much older: clocks differ, and times are coarse. */
const SETTLED_AFTER_MS = 60_000;

export class OpenLooks {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #ownRun: string | null;
  readonly #files = new Map<string, Followed>();
  #turn: Promise<void> = Promise.resolve();
  #listing: { readonly mtimeMs: number; readonly runs: string[] } | undefined;

  constructor(disk: Disk, clock: Clock, ownRun: string | null) {
    this.#disk = disk;
    this.#clock = clock;
    this.#ownRun = ownRun;
  }

  /**
   * The looks at `key` after the one numbered `seq` that other open runs hold, in order. Each file is read once and then
   * followed as it grows, so what this costs is a few calls for each run that is open at the same time.
   */
  async after(key: string, seq: number): Promise<WrittenLook[]> {
    const places = [...this.#files.values()].flatMap((file) => file.places.get(key) ?? []);
    const later = places.filter((place) => place.seq > seq).toSorted((a, b) => a.seq - b.seq);
    const looks: WrittenLook[] = [];
    for (const place of later) looks.push(await this.#look(place));
    return looks;
  }

  /** Reads what was written since the last time. To be called before a head file is read: a run that is sealed later has its heads on the disk by then. */
  refresh(): Promise<void> {
    // One after the other: two that follow one file at once would count its new lines twice.
    const turn = this.#turn.then(() => this.#refresh());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #refresh(): Promise<void> {
    const paths = new Set<string>();
    for (const run of await this.#runs()) {
      if (run === this.#ownRun) continue;
      for (const day of await dayFolders(this.#disk, LOOKS, startOfRun(run))) paths.add(looksFile(day, run));
    }
    for (const path of this.#files.keys()) {
      if (!paths.has(path)) this.#files.delete(path);
    }
    for (const path of paths) await this.#follow(path);
  }

  async #runs(): Promise<string[]> {
    const mtimeMs = (await this.#disk.facts(RUNS))?.mtimeMs ?? 0;
    if (this.#listing?.mtimeMs === mtimeMs && this.#clock.now() - mtimeMs > SETTLED_AFTER_MS) return this.#listing.runs;
    this.#listing = { mtimeMs, runs: await openRuns(this.#disk) };
    return this.#listing.runs;
  }

  async #follow(path: string): Promise<void> {
    const facts = await this.#disk.facts(path);
    if (facts === null) return;
    const known = this.#files.get(path) ?? { end: 0, places: new Map<string, Place[]>() };
    this.#files.set(path, known);
    if (facts.bytes <= known.end) return;
    const content = await this.#slice(path, known.end, facts.bytes - known.end);
    let start = 0;
    for (let lf = content.indexOf(LF); lf >= 0; lf = content.indexOf(LF, start)) {
      const look = keyAndSeq(content.toString('utf8', start, lf));
      if (look !== null) {
        const places = known.places.get(look.article) ?? [];
        known.places.set(look.article, places);
        places.push({ seq: look.seq, path, offset: known.end + start, length: lf - start });
      }
      start = lf + 1;
    }
    known.end += start;
  }

  async #slice(path: string, offset: number, length: number): Promise<Buffer> {
    return this.#disk.step(path, async () => {
      const handle = await this.#disk.fs.open(this.#disk.at(path), 'r');
      try {
        const buffer = Buffer.alloc(length);
        const { bytesRead } = await handle.read(buffer, 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    });
  }

  async #look({ path, offset, length }: Place): Promise<WrittenLook> {
    const bytes = await this.#slice(path, offset, length);
    const look = readLine(bytes.toString('utf8'));
    if (typeof look === 'string') {
      throw damaged(this.#disk.at(path), `a look at byte ${offset}`, `a line, but ${look}`);
    }
    return { look, digest: sha256(bytes), path };
  }
}

/** Enough of a line to find it again; null for one that is broken, which verify and recovery report. */
function keyAndSeq(line: string): { readonly article: string; readonly seq: number } | null {
  try {
    const { article, seq } = JSON.parse(line) as { article?: unknown; seq?: unknown };
    return typeof article === 'string' && typeof seq === 'number' ? { article, seq } : null;
  } catch {
    return null;
  }
}
