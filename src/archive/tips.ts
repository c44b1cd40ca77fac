/**
 * Which manifests no other names yet: the parents of the next one. A run that seals names them all, so there are never
 * more than the runs sealed since; but to find them among thousands of manifests by reading would cost more with every
 * run. So they are kept in a cache together with a digest of the manifests' names: while the names in the folder are the
 * same, the cache is right, and sealing costs one listing of the folder. Where they differ (a crash between manifest and
 * cache, manifests copied in or removed) all are read once.
 */
import { z } from 'zod';
import { sha256, spell } from '../core/digest.ts';
import type { Disk } from './disk.ts';
import { manifestFile, RUNS, runIn, TIPS } from './layout.ts';
import { readSpelled } from './spelled.ts';

const Tip = z.strictObject({ run: z.string(), sha256: z.string() });
export type Tip = z.infer<typeof Tip>;
const TipsFile = z.strictObject({
  schema: z.literal(1),
  /** SHA-256 of the names of all manifests, one a line. */
  names: z.string(),
  tips: z.array(Tip),
  digest: z.string(),
});

/** The runs that have a manifest. */
async function sealedRuns(disk: Disk): Promise<string[]> {
  return (await disk.names(RUNS)).map((name) => runIn(name, '.json')).filter((run) => run !== null);
}

/** What the cache holds; null where it is missing or damaged. */
export async function readTipsFile(disk: Disk): Promise<{ readonly names: string; readonly tips: Tip[] } | null> {
  const content = await disk.read(TIPS);
  const file = content === null ? 'missing' : readSpelled(TipsFile, content.toString('utf8'), spell);
  if (typeof file === 'string') return null;
  const { digest, ...rest } = file;
  return digest === sha256(spell(rest)) ? rest : null;
}

const digestOf = (runs: readonly string[]): string => sha256(runs.join('\n'));

export async function readTips(disk: Disk): Promise<Tip[]> {
  const runs = await sealedRuns(disk);
  const cached = await readTipsFile(disk);
  if (cached?.names === digestOf(runs)) return cached.tips;
  const tips = await findTips(disk, runs);
  // A tip whose manifest was taken away is named all the same, so that verify misses it.
  const removed = (cached?.tips ?? []).filter(({ run }) => !runs.includes(run));
  return [...tips, ...removed];
}

async function findTips(disk: Disk, runs: readonly string[]): Promise<Tip[]> {
  const digests = new Map<string, string>();
  const named = new Set<string>();
  for (const run of runs) {
    const content = await disk.read(manifestFile(run));
    if (content === null) continue;
    digests.set(run, sha256(content));
    for (const parent of parentsIn(content.toString('utf8'))) named.add(parent);
  }
  return [...digests].filter(([, digest]) => !named.has(digest)).map(([run, digest]) => ({ run, sha256: digest }));
}

function parentsIn(text: string): string[] {
  try {
    const { parents } = JSON.parse(text) as { parents?: unknown };
    return Array.isArray(parents) ? parents.filter((parent) => typeof parent === 'string') : [];
  } catch {
    return [];
  }
}

/** To be called with the lock on sealing, after the manifest is written. */
export async function writeTips(disk: Disk, tips: Tip[], temp: string): Promise<void> {
  const content = { schema: 1 as const, names: digestOf(await sealedRuns(disk)), tips };
  await disk.replace(TIPS, spell({ ...content, digest: sha256(spell(content)) }), temp, true);
}
