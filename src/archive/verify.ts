/** The whole archive against its own digests. Reads only, and may run while others write. */
import { systemClock } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import type { VerifyReport } from '../core/ports.ts';
import type { CaptureRef } from '../core/schema.ts';
import { CaptureIndex } from './capture-index.ts';
import { readCapture } from './capture-reader.ts';
import { DEFAULT_MAX_BODY_BYTES } from './captures-fs.ts';
import { Disk, nodeFs } from './disk.ts';
import type { Fs } from './disk.ts';
import { entryAt } from './file-entry.ts';
import { ARTICLES, CAPTURES, isForeign, LOOKS, MARKER, RUNS } from './layout.ts';
import { LOCKS } from './lock.ts';
import { MARKER_TEXT } from './marker.ts';
import { verifyArticles } from './verify-articles.ts';
import { CaptureFacts } from './verify-captures.ts';
import { Findings } from './verify-findings.ts';
import type { Progress } from './verify-findings.ts';
import { LookChains } from './verify-looks.ts';
import { verifyRuns } from './verify-runs.ts';

export interface VerifyOptions {
  readonly clock?: Clock;
  /** Is told after each file. */
  readonly onProgress?: (progress: Progress) => void;
  /** No stored body is inflated beyond this. Default 256 MiB. */
  readonly maxBodyBytes?: number;
  readonly fs?: Fs;
}
interface PendingRef {
  readonly path: string;
  readonly what: string;
  readonly ref: CaptureRef;
}

/**
 * Checks every file of the archive: manifests and their chain, the files they name, WARC records and their indexes,
 * looks and their chains, versions and theirs. It finds any flipped bit, and any missing, added, cut or reordered file or
 * line that a manifest names. Memory grows with the number of files, records and articles, not with their size.
 * Throws `E_ARCHIVE_NOT_ONE` where there is nothing to check.
 */
export async function verifyArchive(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const { clock = systemClock, fs = nodeFs, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const disk = new Disk(dir, fs);
  const findings = new Findings(options.onProgress);
  await verifyTop(disk, findings);
  // What is named first is read last: while others write, all that a look names is on the disk when the look is.
  await verifyRuns(disk, clock, findings);
  const captures = new CaptureFacts(disk, findings, maxBodyBytes);
  await captures.verify();
  const pending: PendingRef[] = [];
  const seeCapture = (path: string, what: string, ref: CaptureRef) => {
    const fact = captures.get(ref.recordId);
    if (fact === undefined || fact.decoded === null) return void pending.push({ path, what, ref });
    if (fact.payload !== ref.payloadDigest || fact.decoded !== ref.decodedSha256) {
      findings.problem(path, `${what} names record ${ref.recordId} with other digests than it has`);
    }
  };
  const looks = new LookChains(disk, findings, seeCapture);
  await looks.verify();
  await verifyArticles({ disk, findings, looks, seeCapture });
  await verifyPending(disk, findings, pending, maxBodyBytes);
  await verifyMissing(disk, findings);
  return findings.report();
}

async function verifyTop(disk: Disk, findings: Findings): Promise<void> {
  const marker = await findings.attempt(MARKER, () => disk.read(MARKER));
  const isFolder = (await disk.facts('.'))?.kind === 'folder';
  const names = isFolder ? await disk.names('.') : [];
  const known = [ARTICLES, CAPTURES, LOOKS, RUNS, LOCKS, 'verdicts'];
  if (marker === null && !names.some((name) => known.includes(name))) {
    const message = `${disk.root}: expected the folder of an archive, got one without ${MARKER}; name another with --archive`;
    throw new TearsheetError('E_ARCHIVE_NOT_ONE', message);
  }
  findings.file();
  if (marker === null) findings.problem(MARKER, `is missing; its content is ${JSON.stringify(MARKER_TEXT)}`);
  else if (marker.toString('utf8') !== MARKER_TEXT) {
    findings.problem(MARKER, `is damaged: expected ${JSON.stringify(MARKER_TEXT)}`);
  }
  for (const name of names) {
    if (name === MARKER || known.includes(name) || isForeign(name)) continue;
    // A process that died while it made the folder an archive left it.
    if (name.startsWith(`${MARKER}.`)) findings.note(`${name} was left unfinished`);
    else findings.problem(name, 'is no file of an archive');
  }
}

/** Captures that were not there when the WARC files were read: written since, or missing. */
async function verifyPending(
  disk: Disk,
  findings: Findings,
  pending: readonly PendingRef[],
  maxBodyBytes: number,
): Promise<void> {
  const index = new CaptureIndex(disk);
  for (const { path, what, ref } of pending) {
    try {
      await readCapture(disk, index, ref, maxBodyBytes);
    } catch (thrown) {
      if (!(thrown instanceof TearsheetError)) throw thrown;
      findings.problem(path, `${what} names a record that fails: ${thrown.message}`);
    }
  }
}

/** Files that a manifest names and no check came by. */
async function verifyMissing(disk: Disk, findings: Findings): Promise<void> {
  for (const { path } of findings.missing()) {
    const actual = await findings.attempt(path, () => entryAt(disk, path));
    if (actual === null) findings.problem(path, 'is missing, though a manifest names it');
    else findings.seen(actual, null);
  }
}
