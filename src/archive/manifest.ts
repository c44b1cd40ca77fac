/** The manifest that ends a run: every file it made or grew, and the manifests before it. */
import { instantOf } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { sha256, spell } from '../core/digest.ts';
import { Manifest } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { manifestFile, tempFolder } from './layout.ts';
import type { Locks } from './lock.ts';
import { readTips, writeTips } from './tips.ts';

export interface SealParts {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly locks: Locks;
}
/** What a manifest says, but for its end and its parents. */
export type Account = Omit<Manifest, 'schema' | 'endedAt' | 'parents'>;

/** Sealing takes milliseconds; whoever holds the lock for longer is stuck. */
const MAX_WAIT_MS = 60_000;
const SEALING = 'sealing';

/**
 * Writes a run's manifest, for good when it resolves, and gives its path. One run is sealed at a time, so that each
 * manifest names all those before it that no other named. Where the run has a manifest already, that one stays.
 */
export async function sealRun({ disk, clock, locks }: SealParts, account: Account): Promise<string> {
  const path = manifestFile(account.run);
  const lock = await locks.acquire(SEALING, MAX_WAIT_MS);
  try {
    const tips = await readTips(disk);
    const manifest = Manifest.parse({
      ...account,
      schema: 1,
      endedAt: instantOf(clock.now()),
      files: account.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      parents: tips.map((tip) => tip.sha256).toSorted(),
    });
    const text = spell(manifest);
    if (!(await disk.createWhole(path, text, `${tempFolder(account.run)}/manifest`))) return path;
    await writeTips(disk, [{ run: account.run, sha256: sha256(text) }], `${tempFolder(account.run)}/tips`);
    return path;
  } finally {
    await lock.release();
  }
}
