/** Snapshots and looks as files. */
import { TearsheetError } from '../core/errors.ts';
import { identify } from '../core/identity.ts';
import type { ArticleSource } from '../core/identity.ts';
import type { ArticleHold, ArticleSummary, SnapshotStore, StoredSnapshot } from '../core/ports.ts';
import type { ArticleFile, Change, FileEntry, Head, Look } from '../core/schema.ts';
import type { Clock } from '../core/clock.ts';
import { canonicalUrl } from '../core/url.ts';
import { readArticleFile, readArticleIn } from './article-file.ts';
import type { Disk } from './disk.ts';
import type { ArticleState, FindValidators } from './heads.ts';
import { headPath, Heads } from './heads.ts';
import { FileHold } from './hold.ts';
import { articleFolder, articleName, ARTICLES } from './layout.ts';
import type { Locks } from './lock.ts';
import { LookBook, LookScan } from './looks.ts';
import { sealRun } from './manifest.ts';
import { OpenLooks } from './open-looks.ts';
import type { Run } from './run.ts';
import { damaged, readOnly } from './spelled.ts';
import { newestVersion, readChange, readVersion } from './versions.ts';

/** How long a visit waits for another process that holds the same article. Ms. */
const DEFAULT_LOCK_WAIT_MS = 30_000;
/** A page counts as gone after two looks this far apart. */
const GONE_AFTER_MS = 600_000;
/** Fewer digits of a folder's name fit too much. */
const MIN_PREFIX_CHARS = 4;

export interface StoreParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly locks: Locks;
  /** Null for an archive that is only read. */
  readonly run: Run | null;
  readonly validatorsOf: FindValidators;
  readonly lockWaitMs?: number;
  /** Whose page an address is. */
  readonly sourceOf?: (url: string) => ArticleSource | undefined;
}

export class FileSnapshotStore implements SnapshotStore {
  readonly #parts: StoreParts;
  readonly #disk: Disk;
  readonly #scan: LookScan;
  readonly #heads: Heads;
  readonly #book: LookBook | null;
  readonly #made = new Map<string, FileEntry>();

  constructor(parts: StoreParts) {
    const { disk, clock, run, validatorsOf } = parts;
    this.#parts = parts;
    this.#disk = disk;
    this.#scan = new LookScan(disk);
    this.#heads = new Heads(disk, this.#scan, new OpenLooks(disk, clock, run?.id ?? null), validatorsOf);
    this.#book = run && new LookBook(disk, clock, run);
  }

  async hold<T>(key: string, url: string, visit: (article: ArticleHold) => Promise<T>): Promise<T> {
    const { disk, clock, locks, run, lockWaitMs } = this.#parts;
    if (run === null || this.#book === null) throw readOnly(disk.root);
    const lock = await locks.acquire(articleName(key), lockWaitMs ?? DEFAULT_LOCK_WAIT_MS);
    try {
      const made = (entry: FileEntry) => void this.#made.set(entry.path, entry);
      const parts = { disk, clock, run, heads: this.#heads, book: this.#book, made };
      return await visit(await FileHold.begin(key, url, parts, lock));
    } finally {
      await lock.release();
    }
  }

  async head(key: string): Promise<Head | null> {
    return (await this.#heads.read(key))?.head ?? null;
  }

  /** Articles in the order of their folders. */
  async *list(): AsyncIterable<ArticleSummary> {
    for await (const article of this.#articles()) yield await this.#summary(article);
  }

  async *#articles(): AsyncIterable<ArticleFile> {
    for (const space of await this.#disk.names(ARTICLES)) {
      for (const kk of await this.#disk.names(`${ARTICLES}/${space}`)) {
        for (const name of await this.#disk.names(`${ARTICLES}/${space}/${kk}`)) {
          const article = await readArticleIn(this.#disk, `${ARTICLES}/${space}/${kk}/${name}`);
          if (article !== null) yield article;
        }
      }
    }
  }

  async #summary({ key, url, firstSeen }: ArticleFile): Promise<ArticleSummary> {
    const state = await this.#heads.read(key);
    const versions = await newestVersion(this.#disk, key);
    const known = state?.latest?.version === versions ? state.latest.id : undefined;
    const latest = versions === 0 ? null : await readVersion(this.#disk, key, versions, known);
    return {
      article: key,
      url,
      title: latest?.snapshot.reading.title ?? '',
      host: new URL(url).hostname,
      versions,
      firstSeen,
      lastSeen: state?.head.look.at ?? firstSeen,
      state: stateOf(state, versions),
      path: articleFolder(key),
    };
  }

  async find(query: string): Promise<ArticleSummary> {
    const exact = await readArticleFile(this.#disk, query);
    if (exact !== null) return this.#summary(exact);
    const found = /^[0-9a-f]+$/.test(query) ? await this.#findByPrefix(query) : await this.#findByUrl(query);
    const [first, second] = found;
    if (first === undefined) {
      const message = `expected a key, a URL or the first digits of a folder that the archive in ${this.#disk.root} holds, got ${shown(query)}; tearsheet list tells what it holds`;
      throw new TearsheetError('E_ARCHIVE_NO_ARTICLE', message);
    }
    if (second === undefined) return this.#summary(first);
    const names = found.slice(0, 5).map(({ key }) => `${articleName(key)} (${shown(key)})`);
    const message = `expected one article for ${shown(query)}, got ${found.length}: ${names.join(', ')}; give more of the folder's name`;
    throw new TearsheetError('E_ARCHIVE_AMBIGUOUS', message);
  }

  async #findByPrefix(prefix: string): Promise<ArticleFile[]> {
    if (prefix.length < MIN_PREFIX_CHARS) return [];
    const found: ArticleFile[] = [];
    for (const space of await this.#disk.names(ARTICLES)) {
      const folder = `${ARTICLES}/${space}/${prefix.slice(0, 2)}`;
      for (const name of await this.#disk.names(folder)) {
        const article = name.startsWith(prefix) ? await readArticleIn(this.#disk, `${folder}/${name}`) : null;
        if (article !== null) found.push(article);
      }
    }
    return found;
  }

  /** Under the key that the URL itself gives, else by a look at every article: pages claim other addresses than their own. */
  async #findByUrl(query: string): Promise<ArticleFile[]> {
    let url: string;
    let keys: string[];
    try {
      const { key, formerKey = key } = identify({ finalUrl: query, source: this.#parts.sourceOf?.(query) });
      [url, keys] = [canonicalUrl(query), [key, formerKey]];
    } catch {
      return [];
    }
    for (const key of new Set(keys)) {
      const direct = await readArticleFile(this.#disk, key);
      if (direct !== null) return [direct];
    }
    const found: ArticleFile[] = [];
    for await (const article of this.#articles()) {
      if (canonicalUrl(article.url) === url) found.push(article);
    }
    return found;
  }

  async version(key: string, n: number): Promise<StoredSnapshot> {
    const latest = (await this.#heads.read(key))?.latest;
    return readVersion(this.#disk, key, n, latest?.version === n ? latest.id : undefined);
  }

  async versions(key: string): Promise<StoredSnapshot[]> {
    const stored: StoredSnapshot[] = [];
    let expected = (await this.#heads.read(key))?.latest;
    for (let n = await newestVersion(this.#disk, key); n > 0; n -= 1) {
      const version = await readVersion(this.#disk, key, n, expected?.version === n ? expected.id : undefined);
      stored.unshift(version);
      expected = version.snapshot.previous === null ? null : { version: n - 1, id: version.snapshot.previous };
    }
    return stored;
  }

  change(key: string, n: number): Promise<Change | null> {
    return readChange(this.#disk, key, n);
  }

  async looks(key: string): Promise<Look[]> {
    const article = await readArticleFile(this.#disk, key);
    if (article === null) return [];
    const head = await this.head(key);
    const looks = await this.#scan.of(key, article.firstSeen);
    // Nothing follows the last look that would show that it is missing or changed.
    const last = head === null ? undefined : looks[head.look.seq - 1];
    if (head !== null && last?.digest !== head.lookDigest) {
      const got = last === undefined ? `${looks.length} looks` : `look ${last.look.seq} with digest ${last.digest}`;
      throw damaged(this.#disk.at(last?.path ?? 'looks'), `look ${head.look.seq} with digest ${head.lookDigest}`, got);
    }
    return looks.map(({ look }) => look);
  }

  /**
   * Brings the head file of the look's article up to it. Where the looks are too damaged for that, the file goes: what
   * it says is old, and whoever needs it is told of the damage instead.
   */
  async mendHead(look: Look, temp: string): Promise<void> {
    const { disk, locks, lockWaitMs } = this.#parts;
    if (!(await this.#heads.isBehind(look))) return;
    const lock = await locks.acquire(articleName(look.article), lockWaitMs ?? DEFAULT_LOCK_WAIT_MS);
    try {
      await this.#heads.mend(look.article, temp);
    } catch (thrown) {
      if (!(thrown instanceof TearsheetError) || thrown.code !== 'E_ARCHIVE_DAMAGED') throw thrown;
      await disk.remove(headPath(look.article));
    } finally {
      await lock.release();
    }
  }

  /** Gives an empty path, and writes nothing, for a run that wrote nothing. */
  async seal(counts: Record<string, number>, others: FileEntry[], ended: 'finished' | 'interrupted'): Promise<string> {
    const { disk, clock, locks, run } = this.#parts;
    if (run === null || this.#book === null || !run.hasBegun) return '';
    const looks = await this.#book.seal();
    await this.#heads.sync(() => run.temp());
    const files = [...this.#made.values(), ...looks, ...others];
    const { id, command, program, startedAt } = run;
    const path = await sealRun({ disk, clock, locks }, { run: id, command, program, startedAt, counts, files, ended });
    await run.end();
    return path;
  }

  /** Lets go of open files without sealing them. */
  async close(): Promise<void> {
    this.#parts.run?.stop();
    await this.#book?.close();
  }
}

function stateOf(state: ArticleState | null, versions: number): ArticleSummary['state'] {
  const look = state?.head.look;
  if (look === undefined) return 'unseen';
  if (state?.goneSince !== undefined) {
    const isSure = Date.parse(look.at) - Date.parse(state.goneSince) >= GONE_AFTER_MS;
    return isSure || versions === 0 ? 'gone' : 'live';
  }
  if (look.outcome === 'walled' || look.outcome === 'error') return look.outcome;
  return look.outcome === 'robots' && versions === 0 ? 'unseen' : 'live';
}

const shown = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
