/** One article, held by this process alone while a visit is written down. */
import { instantOf } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { spell } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { ArticleHold, LookDraft, StoredSnapshot, Validators, VersionRef } from '../core/ports.ts';
import { Snapshot } from '../core/schema.ts';
import type { Change, FileEntry, Head, Look } from '../core/schema.ts';
import { articlePath, readArticleFile } from './article-file.ts';
import type { Disk } from './disk.ts';
import { entryOf } from './file-entry.ts';
import { advance } from './heads.ts';
import type { ArticleState, Heads } from './heads.ts';
import { articleFolder } from './layout.ts';
import type { Lock } from './lock.ts';
import type { LookBook } from './looks.ts';
import type { Run } from './run.ts';
import { damaged } from './spelled.ts';
import { changePath, newestVersion, readVersion, spellChange, versionPath } from './versions.ts';

export interface HoldParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly run: Run;
  readonly heads: Heads;
  readonly book: LookBook;
  /** Told of every file that is to stand in the run's manifest. */
  readonly made: (entry: FileEntry) => void;
}

const RECOVERED = 'recovered: this version was kept by a run that ended before it wrote its look';

export class FileHold implements ArticleHold {
  readonly key: string;
  readonly #url: string;
  readonly #parts: HoldParts;
  readonly #lock: Lock;
  /** The newest version when the hold began. */
  readonly #newestBefore: number;
  #state: ArticleState | null;
  #isReady = false;
  #wasTaken = false;
  /** Read once: pages of 100 KB take milliseconds to parse and check. */
  #latest: Promise<StoredSnapshot | null> | undefined;

  private constructor(
    key: string,
    url: string,
    parts: HoldParts,
    lock: Lock,
    state: ArticleState | null,
    newest: number,
  ) {
    this.key = key;
    this.#url = url;
    this.#parts = parts;
    this.#lock = lock;
    this.#state = state;
    this.#newestBefore = newest;
  }

  static async begin(key: string, url: string, parts: HoldParts, lock: Lock): Promise<FileHold> {
    const state = await parts.heads.read(key);
    const newest = await newestVersion(parts.disk, key);
    return new FileHold(key, url, parts, lock, state, newest);
  }

  get head(): Head | null {
    return this.#state?.head ?? null;
  }

  get newest(): VersionRef | null | undefined {
    const { version = 0, id = '' } = this.#state?.latest ?? {};
    // A run that died left a version that no look names yet.
    if (version !== this.#newestBefore) return undefined;
    return version === 0 ? null : { version, id, path: versionPath(this.key, version) };
  }

  latest(): Promise<StoredSnapshot | null> {
    this.#latest ??= this.#newestNow().then((n) => (n === 0 ? null : this.version(n)));
    return this.#latest;
  }

  /** As it was when the hold began, unless somebody who did not hold the article came in between. */
  #newestNow(): Promise<number> {
    return this.#wasTaken ? newestVersion(this.#parts.disk, this.key) : Promise.resolve(this.#newestBefore);
  }

  version(n: number): Promise<StoredSnapshot> {
    const { latest } = this.#state ?? {};
    return readVersion(this.#parts.disk, this.key, n, latest?.version === n ? latest.id : undefined);
  }

  async addVersion(snapshot: Snapshot, change?: Change): Promise<StoredSnapshot> {
    const { disk, run } = this.#parts;
    await this.#prepare();
    const before = await this.latest();
    const { article, version, previous } = Snapshot.parse(snapshot);
    if (article !== this.key) throw new TearsheetError('E_INTERNAL', `a version of ${article} given to ${this.key}`);
    const next = (before?.snapshot.version ?? 0) + 1;
    if (version < next) throw this.#taken(version);
    if (version !== next || previous !== (before?.id ?? null)) {
      const message = `${this.key}: expected version ${next} after ${before?.id ?? 'none'}, got ${version} after ${previous}`;
      throw new TearsheetError('E_INTERNAL', message);
    }
    const path = versionPath(this.key, version);
    // Bytes, since both digest and disk want them.
    const text = Buffer.from(spell(snapshot));
    const entry = entryOf(path, text);
    if (!(await disk.createWhole(path, text, run.temp()))) throw this.#taken(version);
    this.#latest = undefined;
    this.#parts.made(entry);
    if (change !== undefined) {
      const content = spellChange({ article, from: previous, to: entry.sha256, change });
      await disk.replace(changePath(this.key, version), content, run.temp(), true);
    }
    const stored: StoredSnapshot = { id: entry.sha256, path, snapshot };
    this.#latest = Promise.resolve(stored);
    return stored;
  }

  #taken(version: number): TearsheetError {
    this.#wasTaken = true;
    this.#latest = undefined;
    const message = `${this.key}: expected version ${version} to be free, but another process wrote it; read the latest version and compare again`;
    return new TearsheetError('E_ARCHIVE_TAKEN', message);
  }

  async addLook(draft: LookDraft, validators?: Validators): Promise<Look> {
    await this.#prepare();
    return this.#append(draft, validators);
  }

  async #append(draft: LookDraft, validators?: Validators): Promise<Look> {
    const { book, heads, run } = this.#parts;
    const before = this.#state?.head;
    const look: Look = {
      ...draft,
      schema: 1,
      seq: (before?.look.seq ?? 0) + 1,
      run: run.id,
      article: this.key,
      prevLook: before?.lookDigest ?? null,
    };
    await this.#lock.assertHeld();
    const [written] = await book.append([look]);
    if (written === undefined) throw new TearsheetError('E_INTERNAL', `${this.key}: a look was given and none written`);
    this.#state = advance(this.#state, written, validators);
    await heads.write(this.key, this.#state, run.temp());
    return look;
  }

  /** Before the first write: the run is marked open, the article has its file, and every version has its look. */
  async #prepare(): Promise<void> {
    await this.#parts.run.assertOpen();
    await this.#lock.assertHeld();
    if (this.#isReady) return;
    await this.#ensureArticle();
    for (let n = (this.#state?.latest?.version ?? 0) + 1; n <= this.#newestBefore; n += 1) await this.#recover(n);
    this.#isReady = true;
  }

  async #ensureArticle(): Promise<void> {
    const { disk, clock, run, made } = this.#parts;
    const path = articlePath(this.key);
    if ((await readArticleFile(disk, this.key)) === null) {
      if (this.#state !== null || this.#newestBefore > 0)
        throw damaged(disk.at(path), 'the key of the article', 'no file');
      const [space] = this.key.split(':', 1);
      const content = spell({
        schema: 1,
        key: this.key,
        space,
        url: this.#url,
        firstSeen: instantOf(clock.now()),
      });
      await disk.makeFolder(articleFolder(this.key));
      if (await disk.createWhole(path, content, run.temp())) return made(entryOf(path, content));
    }
    if (this.#state !== null) return;
    // Whoever writes the first look answers for the file, also where a run that died had made it.
    const content = await disk.read(path);
    if (content !== null) made(entryOf(path, content));
  }

  /** A run died between snapshot and look: the look is written now, and this run's manifest answers for the file. */
  async #recover(n: number): Promise<void> {
    const { snapshot, id, path } = await readVersion(this.#parts.disk, this.key, n);
    const content = await this.#parts.disk.read(path);
    if (content !== null) this.#parts.made(entryOf(path, content));
    const { modifiedAt } = snapshot.reading;
    await this.#append({
      at: snapshot.capture.date,
      url: snapshot.url,
      outcome: n === 1 ? 'new' : 'changed',
      capture: snapshot.capture,
      snapshot: id,
      version: n,
      ...(modifiedAt === undefined ? {} : { declared: modifiedAt }),
      note: RECOVERED,
    });
  }
}
