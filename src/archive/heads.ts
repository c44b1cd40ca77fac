/**
 * The state of an article after its last look. The looks are the truth; `head.json` is a cache of it, and can be missing,
 * broken or behind without harm:
 * - A run puts the heads it wrote on the disk for good before its manifest, so a look that a head file does not know of
 *   is in a run without a manifest. There are few of those, and `OpenLooks` follows them.
 * - A head file checks itself; one that is missing or broken is made again from all the looks.
 */
import { z } from 'zod';
import { sha256, spell } from '../core/digest.ts';
import type { Validators } from '../core/ports.ts';
import { Head } from '../core/schema.ts';
import type { CaptureRef, Look } from '../core/schema.ts';
import { readArticleFile } from './article-file.ts';
import type { Disk } from './disk.ts';
import { articleFolder } from './layout.ts';
import type { LookScan, WrittenLook } from './looks.ts';
import type { OpenLooks } from './open-looks.ts';
import { readSpelled } from './spelled.ts';

const VersionId = z.strictObject({ version: z.int().min(1), id: z.string() });
export const ArticleState = z.strictObject({
  head: Head,
  /** The newest version that a look names. */
  latest: VersionId.nullable(),
  /** Of a page that is gone: when it was first found so. */
  goneSince: z.string().exactOptional(),
});
export type ArticleState = z.infer<typeof ArticleState>;
const HeadFile = z.strictObject({ schema: z.literal(1), ...ArticleState.shape, digest: z.string() });

export const headPath = (key: string): string => `${articleFolder(key)}/head.json`;

/** What `head.json` holds, with a digest over the rest so that any damage shows. */
export function spellHead(state: ArticleState): string {
  const content = { schema: 1 as const, ...state };
  return spell({ ...content, digest: sha256(spell(content)) });
}

/** The state in a head file; null where it is not one, or not whole. */
export function readHead(text: string): ArticleState | null {
  const file = readSpelled(HeadFile, text, spell);
  if (typeof file === 'string') return null;
  const { digest, schema, ...state } = file;
  return digest === sha256(spell({ schema, ...state })) ? state : null;
}

/** Whether a capture holds the page itself, so that the next answer can be compared with it and can refer to it. */
const holdsPage = (capture: CaptureRef | null): capture is CaptureRef =>
  capture !== null && capture.status >= 200 && capture.status < 300;

/** The state after one more look. `validators` are those of the look's own answer, where the caller knows them. */
export function advance(
  before: ArticleState | null,
  { look, digest }: WrittenLook,
  validators?: Validators,
): ArticleState {
  const head: Head = { schema: 1, key: look.article, look, lookDigest: digest };
  const known = before?.head;
  if (holdsPage(look.capture)) {
    // The same payload again refers to the record that holds it; so must the next.
    const isSame = known?.capture?.payloadDigest === look.capture.payloadDigest;
    head.capture = isSame && known?.capture ? known.capture : look.capture;
    if (validators) head.validators = validators;
  } else {
    if (known?.capture) head.capture = known.capture;
    if (validators ?? known?.validators) head.validators = { ...(validators ?? known?.validators) };
  }
  const { version = 0, snapshot: id } = look;
  const isNewer = id !== undefined && version > (before?.latest?.version ?? 0);
  const latest = isNewer ? { version, id } : (before?.latest ?? null);
  const isGone = look.outcome === 'gone' || look.outcome === 'soft-404';
  return { head, latest, ...(isGone ? { goneSince: before?.goneSince ?? look.at } : {}) };
}

/** Gives the validators that an answer carried, from its record; undefined where it had none. */
export type FindValidators = (capture: CaptureRef) => Promise<Validators | undefined>;

export class Heads {
  readonly #disk: Disk;
  readonly #scan: LookScan;
  readonly #open: OpenLooks;
  readonly #validatorsOf: FindValidators;
  /** States whose file could not be written; the looks behind them are safe. */
  readonly #unwritten = new Map<string, ArticleState>();
  readonly #written = new Set<string>();

  constructor(disk: Disk, scan: LookScan, open: OpenLooks, validatorsOf: FindValidators) {
    this.#disk = disk;
    this.#scan = scan;
    this.#open = open;
    this.#validatorsOf = validatorsOf;
  }

  /** The state after the last look, wherever that is written; null where nobody ever looked. Throws `E_ARCHIVE_DAMAGED`. */
  async read(key: string): Promise<ArticleState | null> {
    await this.#open.refresh();
    const cached = this.#unwritten.get(key) ?? (await this.#readFile(key));
    if (cached === null) return this.#rebuild(key);
    const later = await this.#open.after(key, cached.head.look.seq);
    const [next] = later;
    if (next === undefined) return cached;
    const follows = next.look.seq === cached.head.look.seq + 1 && next.look.prevLook === cached.head.lookDigest;
    return follows ? this.#advanceAll(cached, later) : this.#rebuild(key);
  }

  async #readFile(key: string): Promise<ArticleState | null> {
    const content = await this.#disk.read(headPath(key));
    const state = content === null ? null : readHead(content.toString('utf8'));
    return state?.head.key === key ? state : null;
  }

  async #rebuild(key: string): Promise<ArticleState | null> {
    const article = await readArticleFile(this.#disk, key);
    // article.json is on the disk before the first look.
    return article === null ? null : this.#advanceAll(null, await this.#scan.of(key, article.firstSeen));
  }

  async #advanceAll(from: ArticleState | null, looks: readonly WrittenLook[]): Promise<ArticleState | null> {
    let state = from;
    for (const written of looks) state = advance(state, written);
    const capture = state?.head.capture;
    if (state === null || capture === undefined || state.head.validators !== undefined) return state;
    const validators = await this.#validatorsOf(capture);
    return validators ? { ...state, head: { ...state.head, validators } } : state;
  }

  /** Writes the cache. A disk that is full now is no reason to fail: the look is kept, and sealing tries again. */
  async write(key: string, state: ArticleState, temp: string): Promise<void> {
    this.#written.add(key);
    try {
      await this.#disk.replace(headPath(key), spellHead(state), temp, false);
      this.#unwritten.delete(key);
    } catch {
      this.#unwritten.set(key, state);
    }
  }

  /** Makes every head written here outlast a power cut; must come before the run's manifest. */
  async sync(temp: () => string): Promise<void> {
    for (const [key, state] of this.#unwritten) await this.#disk.replace(headPath(key), spellHead(state), temp(), true);
    this.#unwritten.clear();
    await syncHeads(this.#disk, this.#written);
  }

  /** Writes the head file anew from what the looks say, for good. */
  async mend(key: string, temp: string): Promise<void> {
    const state = await this.read(key);
    if (state !== null) await this.#disk.replace(headPath(key), spellHead(state), temp, true);
  }

  /** Whether the head file does not know of a look. */
  async isBehind(look: Look): Promise<boolean> {
    const state = await this.#readFile(look.article);
    return state === null || state.head.look.seq < look.seq;
  }
}

/** Syncing one file of a journalling system syncs the names of all; the rest then cost little. */
export async function syncHeads(disk: Disk, keys: Iterable<string>): Promise<void> {
  for (const key of keys) {
    await disk.syncFile(headPath(key));
    await disk.syncFolder(articleFolder(key));
  }
}
