/** The versions of an article as files, and what changed from each to the next. */
import { z } from 'zod';
import { sha256, spell } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { StoredSnapshot } from '../core/ports.ts';
import { Change, Snapshot } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { articleFolder, changeFile, versionFile, versionIn } from './layout.ts';
import { damaged, readSpelled } from './spelled.ts';

/** What a `v<n>.change.json` holds: derived, outside the hash of the version, yet any damage to it shows. */
export const ChangeFile = z.strictObject({
  schema: z.literal(1),
  article: z.string(),
  /** Ids of the versions compared. */
  from: z.string().nullable(),
  to: z.string(),
  change: Change,
  digest: z.string(),
});
export type ChangeFile = z.infer<typeof ChangeFile>;

export const versionPath = (key: string, version: number): string => `${articleFolder(key)}/${versionFile(version)}`;
export const changePath = (key: string, version: number): string => `${articleFolder(key)}/${changeFile(version)}`;

export function spellChange(content: Omit<ChangeFile, 'schema' | 'digest'>): string {
  const file = { schema: 1 as const, ...content };
  return spell({ ...file, digest: sha256(spell(file)) });
}

/** What a change file holds; as a string, why it holds none. */
export function parseChange(text: string): ChangeFile | string {
  const file = readSpelled(ChangeFile, text, spell);
  if (typeof file === 'string') return file;
  const { digest, ...content } = file;
  return digest === sha256(spell(content)) ? file : 'it does not have the digest that it names';
}

/** The newest version on the disk, 0 for none. */
export async function newestVersion(disk: Disk, key: string): Promise<number> {
  const numbers = (await disk.names(articleFolder(key))).map(versionIn).filter((version) => version !== null);
  const newest = Math.max(0, ...numbers);
  if (newest === 0) return 0;
  // Where the file system has no links, an empty file claims the name until the whole one stands there.
  return (await disk.facts(versionPath(key, newest)))?.bytes === 0 ? newest - 1 : newest;
}

/**
 * One version, checked: its shape, its place, and its id against `expectedId`, or where that is not known against the
 * `previous` of the version after it. Throws `E_ARCHIVE_NO_ARTICLE` where there is none, `E_ARCHIVE_DAMAGED`.
 */
export async function readVersion(
  disk: Disk,
  key: string,
  version: number,
  expectedId?: string,
): Promise<StoredSnapshot> {
  const path = versionPath(key, version);
  const content = await disk.read(path);
  if (content === null || content.length === 0) {
    const message = `expected version ${version} of ${key}, got none at ${disk.at(path)}; tearsheet history tells which there are`;
    throw new TearsheetError('E_ARCHIVE_NO_ARTICLE', message);
  }
  const snapshot = readSpelled(Snapshot, content.toString('utf8'), spell);
  if (typeof snapshot === 'string') throw damaged(disk.at(path), 'a snapshot', `a file, but ${snapshot}`);
  if (snapshot.article !== key || snapshot.version !== version) {
    throw damaged(disk.at(path), `version ${version} of ${key}`, `version ${snapshot.version} of ${snapshot.article}`);
  }
  const id = sha256(content);
  const expected = expectedId ?? (await previousOf(disk, key, version + 1));
  if (expected !== undefined && expected !== id) throw damaged(disk.at(path), `the id ${expected}`, id);
  return { id, path, snapshot };
}

/** The id that a version names as the one before it; undefined where it cannot tell. */
async function previousOf(disk: Disk, key: string, version: number): Promise<string | undefined> {
  const content = await disk.read(versionPath(key, version));
  if (content === null) return undefined;
  try {
    const { previous } = JSON.parse(content.toString('utf8')) as { previous?: unknown };
    return typeof previous === 'string' ? previous : undefined;
  } catch {
    return undefined;
  }
}

/** What changed in a version, null for the first and where nobody wrote it down. Throws `E_ARCHIVE_DAMAGED`. */
export async function readChange(disk: Disk, key: string, version: number): Promise<Change | null> {
  const path = changePath(key, version);
  const content = await disk.read(path);
  if (content === null) return null;
  const file = parseChange(content.toString('utf8'));
  if (typeof file === 'string') throw damaged(disk.at(path), 'a change', `a file, but ${file}`);
  if (file.article !== key) throw damaged(disk.at(path), `a change of ${key}`, `one of ${file.article}`);
  return file.change;
}
