/** Manifests, the chain they form, and the runs that have none yet. */
import type { Clock } from '../core/clock.ts';
import { sha256, spell } from '../core/digest.ts';
import { Manifest } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { manifestFile, openFile, RUNS, runIn, TIPS } from './layout.ts';
import { thisProcess } from './owner.ts';
import { isDeadRun, openRuns, readMarker } from './run.ts';
import { readSpelled } from './spelled.ts';
import { readTipsFile } from './tips.ts';
import type { Findings } from './verify-findings.ts';

/** Takes down what the manifests promise. */
export async function verifyRuns(disk: Disk, clock: Clock, findings: Findings): Promise<void> {
  // Markers first: a run that is sealed in between is then seen twice instead of never.
  const open = (await findings.attempt(RUNS, () => openRuns(disk))) ?? [];
  const names = (await findings.attempt(RUNS, () => disk.names(RUNS))) ?? [];
  const digests = new Set<string>();
  const parents = new Map<string, string>();
  for (const run of names.map((name) => runIn(name, '.json')).filter((name) => name !== null)) {
    await findings.attempt(manifestFile(run), () => verifyManifest(disk, run, findings, digests, parents));
  }
  for (const [parent, path] of parents) {
    if (!digests.has(parent))
      findings.problem(path, `names a manifest before it that is missing or changed: ${parent}`);
  }
  await findings.attempt(TIPS, () => verifyTips(disk, findings, digests));
  for (const name of names) await verifyName(disk, name, findings);
  for (const run of open.filter((each) => !findings.sealed.has(each))) {
    await findings.attempt(openFile(run), () => noteOpen(disk, clock, run, findings));
  }
}

async function verifyManifest(
  disk: Disk,
  run: string,
  findings: Findings,
  digests: Set<string>,
  parents: Map<string, string>,
): Promise<void> {
  const path = manifestFile(run);
  const content = await disk.read(path);
  if (content === null) return;
  findings.sealed.add(run);
  findings.file();
  findings.count('manifests');
  digests.add(sha256(content));
  const manifest = readSpelled(Manifest, content.toString('utf8'), spell);
  if (typeof manifest === 'string') return findings.problem(path, `is no manifest: ${manifest}`);
  if (manifest.run !== run) findings.problem(path, `is the manifest of run ${manifest.run}`);
  for (const parent of manifest.parents) parents.set(parent, path);
  findings.promise(path, manifest);
}

async function verifyTips(disk: Disk, findings: Findings, digests: ReadonlySet<string>): Promise<void> {
  if ((await disk.facts(TIPS)) === null) return;
  findings.file();
  const file = await readTipsFile(disk);
  // While another run seals, the cache is replaced; a second look sees it whole.
  if (file === null) return findings.problem(TIPS, 'is damaged; it is a cache, and made again once it is removed');
  for (const { run, sha256: digest } of file.tips) {
    if (digests.has(digest)) continue;
    const content = await disk.read(manifestFile(run));
    if (content === null || sha256(content) !== digest) {
      findings.problem(manifestFile(run), `is missing or changed: expected SHA-256 ${digest}`);
    }
  }
}

const KNOWN_ENDINGS = ['.json', '.open', '.tmp', '.sig', '.tsr'];
async function verifyName(disk: Disk, name: string, findings: Findings): Promise<void> {
  const path = `${RUNS}/${name}`;
  if (path === TIPS) return;
  const ending = KNOWN_ENDINGS.find((each) => runIn(name, each) !== null);
  if (ending === undefined) return findings.problem(path, 'is no file of an archive');
  const facts = await disk.facts(path);
  if (facts !== null && facts.kind !== (ending === '.tmp' ? 'folder' : 'file')) {
    findings.problem(path, `is a ${facts.kind}`);
  }
}

async function noteOpen(disk: Disk, clock: Clock, run: string, findings: Findings): Promise<void> {
  const marker = await readMarker(disk, run);
  if (marker === null) {
    const facts = await disk.facts(openFile(run));
    // A process that is killed between making its marker and filling it leaves an empty one, and nothing else yet.
    if (facts?.bytes === 0)
      findings.note(`run ${run} ended before it wrote anything: a later run clears its marker away`);
    else if (facts !== null) findings.problem(openFile(run), 'is damaged');
    return;
  }
  const { command, pid, host, startedAt } = marker;
  const isDead = await isDeadRun(disk, clock, run, thisProcess());
  const state = isDead ? 'its process died; the next run that writes seals it' : 'it is still open';
  findings.note(`run ${run} (${command}, process ${pid} on ${host}, since ${startedAt}) has no manifest yet: ${state}`);
}
