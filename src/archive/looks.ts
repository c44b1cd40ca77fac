/** The looks: one line each, in a file a day that one run alone appends to; per article chained by digest. */
import { dayOf, looksFile, LOOKS, manifestFile, runIn } from './layout.ts';
import { instantOf } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { sha256, spellLine } from '../core/digest.ts';
import { Look } from '../core/schema.ts';
import type { FileEntry } from '../core/schema.ts';
import { AppendFile } from './append-file.ts';
import type { Disk } from './disk.ts';
import type { Run } from './run.ts';
import { damaged, readSpelled } from './spelled.ts';

export interface WrittenLook {
  readonly look: Look;
  /** SHA-256 of the line without its LF. */
  readonly digest: string;
  readonly path: string;
}

export const LF = 0x0a;

/** The look that a line spells; as a string, why it spells none. */
export const readLine = (line: string): Look | string => readSpelled(Look, line, spellLine);

/** How the line of a look at an article begins: `article` is the first of its keys in code unit order. */
const beginning = (key: string): Buffer => Buffer.from(`{"article":${JSON.stringify(key)},"at":`);

/** Folders `<root>/<yyyy>/<mm>/<dd>` in order of time, those before the day of `from` left out. */
export async function dayFolders(disk: Disk, root: string, from = ''): Promise<string[]> {
  const since = dayOf(from);
  let level = [''];
  for (const digits of [4, 2, 2]) {
    const below: string[] = [];
    for (const parent of level) {
      for (const name of await disk.names(parent === '' ? root : `${root}/${parent}`)) {
        const path = parent === '' ? name : `${parent}/${name}`;
        if (name.length === digits && /^\d+$/.test(name) && path >= since.slice(0, path.length)) below.push(path);
      }
    }
    level = below;
  }
  return level;
}

/** Looks at one article, in their order, out of every run's files. */
export class LookScan {
  readonly #disk: Disk;
  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /**
   * All looks at `key` since `firstSeen`. Costs a search through every looks file since then. Throws `E_ARCHIVE_DAMAGED`
   * where a line is broken or missing, or two claim the same place.
   */
  async of(key: string, firstSeen: string): Promise<WrittenLook[]> {
    // One day of slack: the machine that made article.json may have had another idea of the time.
    const from = instantOf(Date.parse(firstSeen) - 86_400_000);
    const found = await this.#search(key, from);
    // A line may have been written to a file that was searched already; when its successor is seen, it is there.
    const looks = chainFault(found) === null ? found : await this.#search(key, from);
    const fault = chainFault(looks);
    if (fault !== null) throw damaged(this.#disk.at(fault.path), fault.expected, fault.got);
    return looks;
  }

  async #search(key: string, from: string): Promise<WrittenLook[]> {
    const looks: WrittenLook[] = [];
    for (const day of await dayFolders(this.#disk, LOOKS, from)) {
      for (const name of await this.#disk.names(`${LOOKS}/${day}`)) {
        const run = runIn(name, '.jsonl');
        if (run !== null) looks.push(...(await this.#searchFile(`${LOOKS}/${day}/${name}`, run, key)));
      }
    }
    return looks.toSorted((a, b) => a.look.seq - b.look.seq);
  }

  async #searchFile(path: string, run: string, key: string): Promise<WrittenLook[]> {
    const content = await this.#disk.read(path);
    if (content === null) return [];
    const needle = beginning(key);
    const looks: WrittenLook[] = [];
    for (let at = content.indexOf(needle); at >= 0; at = content.indexOf(needle, at + 1)) {
      if (at > 0 && content[at - 1] !== LF) continue;
      const end = content.indexOf(LF, at);
      if (end < 0) {
        await this.#allowTorn(path, run);
        break;
      }
      const line = content.toString('utf8', at, end);
      const look = readLine(line);
      if (typeof look === 'string') throw damaged(this.#disk.at(path), `a look at byte ${at}`, `a line, but ${look}`);
      looks.push({ look, digest: sha256(content.subarray(at, end)), path });
    }
    return looks;
  }

  /** A last line without its end is being written, or was when its run died; in a sealed file it is damage. */
  async #allowTorn(path: string, run: string): Promise<void> {
    if ((await this.#disk.facts(manifestFile(run))) === null) return;
    throw damaged(this.#disk.at(path), 'an LF after the last line', 'the end of the file');
  }
}

function chainFault(looks: readonly WrittenLook[]) {
  let before: WrittenLook | undefined;
  for (const written of looks) {
    const { look, path } = written;
    const seq = (before?.look.seq ?? 0) + 1;
    if (look.seq !== seq) return { path, expected: `look ${seq} at ${look.article}`, got: `look ${look.seq}` };
    if (look.prevLook !== (before?.digest ?? null)) {
      const expected = `look ${seq} at ${look.article} to follow ${before?.digest ?? 'none'}`;
      return { path, expected, got: `prevLook ${String(look.prevLook)}` };
    }
    before = written;
  }
  return null;
}

/** The looks of our own run. */
export class LookBook {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #run: Run;
  readonly #files = new Map<string, Promise<AppendFile>>();

  constructor(disk: Disk, clock: Clock, run: Run) {
    this.#disk = disk;
    this.#clock = clock;
    this.#run = run;
  }

  /** Appends looks at one article, all or none; on the disk when it resolves. */
  async append(looks: readonly Look[]): Promise<WrittenLook[]> {
    await this.#run.begin();
    const lines = looks.map((look) => spellLine(Look.parse(look)));
    const file = await this.#fileOfToday();
    await file.append([Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
    return looks.map((look, n) => ({ look, digest: sha256(lines[n] ?? ''), path: file.path }));
  }

  #fileOfToday(): Promise<AppendFile> {
    const path = looksFile(dayOf(instantOf(this.#clock.now())), this.#run.id);
    let file = this.#files.get(path);
    if (file === undefined) {
      file = AppendFile.create(this.#disk, path, () => this.#run.assertOpen());
      this.#files.set(path, file);
      file.catch(() => this.#files.delete(path));
    }
    return file;
  }

  /** Closes the files. Those that nothing came into are removed. */
  async seal(): Promise<FileEntry[]> {
    const entries: FileEntry[] = [];
    for (const opening of this.#files.values()) {
      const entry = await (await opening).close();
      if (entry.bytes === 0) await this.#disk.remove(entry.path);
      else entries.push(entry);
    }
    return entries;
  }

  /** Lets go of open files without sealing them. */
  async close(): Promise<void> {
    const files = await Promise.allSettled(this.#files.values());
    for (const file of files) if (file.status === 'fulfilled') await file.value.close();
  }
}
