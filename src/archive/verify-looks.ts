/** Looks line by line, and the chain they form for each article, however the runs that wrote them overlapped. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { sha256 } from '../core/digest.ts';
import type { CaptureRef, Look } from '../core/schema.ts';
import type { Disk } from './disk.ts';
import { orMissing } from './disk.ts';
import { LOOKS, runIn } from './layout.ts';
import { LF, readLine } from './looks.ts';
import type { Findings } from './verify-findings.ts';
import { filesUnder } from './walk.ts';
import type { WalkedFile } from './walk.ts';

/** What is known of an article once its looks were read. */
export interface LookChain {
  /** Place and digest of the last look that follows from the first without a break. */
  seq: number;
  digest: string | null;
  /** The last look that a sealed run wrote. */
  sealedSeq: number;
  /** By version, the id that looks name. */
  readonly versions: Map<number, string>;
  /** Looks whose predecessor was not seen yet. */
  readonly waiting: Map<number, Waiting>;
}
interface Waiting {
  readonly prevLook: string | null;
  readonly digest: string;
  readonly path: string;
}
/** Is given each reference to a capture that a look holds. */
export type SeeCapture = (path: string, what: string, ref: CaptureRef) => void;

const PIECE_BYTES = 1_048_576;

export class LookChains {
  readonly #disk: Disk;
  readonly #findings: Findings;
  readonly #seeCapture: SeeCapture;
  readonly #chains = new Map<string, LookChain>();
  /** How far a file was read that may still grow. */
  readonly #ends = new Map<string, number>();

  constructor(disk: Disk, findings: Findings, seeCapture: SeeCapture) {
    this.#disk = disk;
    this.#findings = findings;
    this.#seeCapture = seeCapture;
  }

  get(key: string): LookChain | undefined {
    return this.#chains.get(key);
  }
  keys(): Iterable<string> {
    return this.#chains.keys();
  }

  async verify(): Promise<void> {
    for await (const file of filesUnder(this.#disk, LOOKS)) {
      await this.#findings.attempt(file.path, () => this.#verifyFile(file));
    }
    if ([...this.#chains.values()].some(({ waiting }) => waiting.size > 0)) await this.#readOn();
    for (const [key, { seq, digest, waiting }] of this.#chains) {
      for (const [next, { prevLook, path }] of [...waiting].toSorted(([a], [b]) => a - b)) {
        const got = next === seq + 1 ? `it follows ${prevLook ?? 'none'}` : `look ${seq + 1} is missing`;
        this.#findings.problem(
          path,
          `look ${next} at ${key} does not follow look ${seq} (${digest ?? 'none'}): ${got}`,
        );
        break;
      }
    }
  }

  async #verifyFile(file: WalkedFile): Promise<void> {
    const { path, fault } = file;
    const run = runIn(posix.basename(path), '.jsonl');
    if (fault !== undefined) return this.#findings.problem(path, fault);
    if (run === null || !/^looks\/\d{4}\/\d\d\/\d\d\/[^/]+$/.test(path)) {
      return this.#findings.problem(path, 'is no file of an archive');
    }
    const isSealed = this.#findings.sealed.has(run);
    const hash = createHash('sha256');
    let end = 0;
    let broken: string[] = [];
    for await (const { bytes, offset, isWhole } of linesOf(this.#disk, path, 0, file.bytes)) {
      hash.update(bytes);
      const line = isWhole ? bytes.subarray(0, -1) : bytes;
      const look = isWhole ? readLine(line.toString('utf8')) : 'it has no end';
      if (typeof look === 'string') {
        broken.push(`line at byte ${offset}: ${look}`);
        continue;
      }
      for (const what of broken.splice(0)) this.#findings.problem(path, what);
      end = offset + bytes.length;
      this.#findings.count('looks');
      this.#see(look, sha256(line), path, run, isSealed);
    }
    if (!isSealed) this.#ends.set(path, end);
    // What stands at the end of a file that is being written was not acknowledged to anyone.
    if (isSealed) for (const what of broken) this.#findings.problem(path, what);
    this.#findings.seen({ path, bytes: file.bytes, sha256: hash.digest('hex') }, run);
  }

  #see(look: Look, digest: string, path: string, run: string, isSealed: boolean): void {
    if (look.run !== run) this.#findings.problem(path, `look ${look.seq} at ${look.article} is of run ${look.run}`);
    if (look.capture !== null) this.#seeCapture(path, `look ${look.seq} at ${look.article}`, look.capture);
    const chain = this.#chain(look.article);
    if (isSealed) chain.sealedSeq = Math.max(chain.sealedSeq, look.seq);
    if (look.version !== undefined && look.snapshot !== undefined) {
      const before = chain.versions.get(look.version);
      if (before !== undefined && before !== look.snapshot) {
        this.#findings.problem(path, `look ${look.seq} at ${look.article} names another version ${look.version}`);
      }
      chain.versions.set(look.version, look.snapshot);
    }
    if (look.seq <= chain.seq || chain.waiting.has(look.seq)) {
      this.#findings.problem(path, `look ${look.seq} at ${look.article} is there twice`);
      return;
    }
    chain.waiting.set(look.seq, { prevLook: look.prevLook, digest, path });
    advanceChain(chain);
  }

  #chain(key: string): LookChain {
    let chain = this.#chains.get(key);
    if (chain === undefined) {
      chain = { seq: 0, digest: null, sealedSeq: 0, versions: new Map(), waiting: new Map() };
      this.#chains.set(key, chain);
    }
    return chain;
  }

  /**
   * A look is written before its successor, yet may be read after it where two runs write at once. So where one is missed,
   * what has grown since is searched for it; nothing else of that is taken in.
   */
  async #readOn(): Promise<void> {
    for await (const { path, bytes, fault } of filesUnder(this.#disk, LOOKS)) {
      if (fault !== undefined) continue;
      const run = runIn(posix.basename(path), '.jsonl') ?? '';
      const start = this.#ends.get(path) ?? (this.#findings.sealed.has(run) ? bytes : 0);
      for await (const { bytes: whole, isWhole } of linesOf(this.#disk, path, start, bytes)) {
        const line = isWhole ? whole.subarray(0, -1) : whole;
        const look = readLine(line.toString('utf8'));
        const chain = typeof look === 'string' ? undefined : this.#chains.get(look.article);
        if (chain === undefined || typeof look === 'string') continue;
        if (look.seq <= chain.seq || look.seq > Math.max(0, ...chain.waiting.keys())) continue;
        chain.waiting.set(look.seq, { prevLook: look.prevLook, digest: sha256(line), path });
        advanceChain(chain);
      }
    }
  }
}

function advanceChain(chain: LookChain): void {
  for (;;) {
    const next = chain.waiting.get(chain.seq + 1);
    if (next === undefined || next.prevLook !== chain.digest) return;
    chain.waiting.delete(chain.seq + 1);
    chain.seq += 1;
    chain.digest = next.digest;
  }
}

interface Line {
  /** With its LF where it is whole. */
  readonly bytes: Buffer;
  readonly offset: number;
  readonly isWhole: boolean;
}

async function* linesOf(disk: Disk, path: string, start: number, end: number): AsyncGenerator<Line> {
  const handle = await disk.step(path, () => orMissing(disk.fs.open(disk.at(path), 'r'), null));
  if (handle === null) return;
  try {
    let left: Buffer = Buffer.alloc(0);
    let offset = start;
    for (let at = start; at < end;) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, end - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      left = Buffer.concat([left, piece.subarray(0, bytesRead)]);
      let from = 0;
      for (let lf = left.indexOf(LF); lf >= 0; lf = left.indexOf(LF, from)) {
        yield { bytes: left.subarray(from, lf + 1), offset: offset + from, isWhole: true };
        from = lf + 1;
      }
      left = left.subarray(from);
      offset += from;
    }
    if (left.length > 0) yield { bytes: left, offset, isWhole: false };
  } finally {
    await handle.close();
  }
}
