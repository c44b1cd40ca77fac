/** WARC files record by record: every digest computed again, every revisit followed, every index made again. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { sha256 } from '../core/digest.ts';
import { inflate } from '../core/inflate.ts';
import { PROFILES } from './capture-records.ts';
import { cdxjLine, spellCdxj } from './cdxj.ts';
import type { Disk } from './disk.ts';
import { entryOf } from './file-entry.ts';
import { parseResponse, valueOf } from './http-block.ts';
import { CAPTURES, captureIn, CDXJ, OPEN_WARC, WARC } from './layout.ts';
import type { Findings } from './verify-findings.ts';
import { filesUnder } from './walk.ts';
import type { WalkedFile } from './walk.ts';
import type { WarcRecord } from './warc.ts';
import { scanWarc } from './warc-scan.ts';

/** What a record was found to hold: digests of the payload as it came, and of what it decodes to. */
export interface RecordFact {
  readonly payload: string;
  /** Null where that takes the record itself to tell. */
  readonly decoded: string | null;
  readonly encoding: string;
}
interface Revisit {
  readonly path: string;
  readonly record: WarcRecord;
  readonly encoding: string;
}

export class CaptureFacts {
  /** Some 300 bytes a record: all that is kept in memory of captures. */
  readonly #facts = new Map<string, RecordFact>();
  readonly #revisits: Revisit[] = [];
  readonly #disk: Disk;
  readonly #findings: Findings;
  readonly #maxBodyBytes: number;

  constructor(disk: Disk, findings: Findings, maxBodyBytes: number) {
    this.#disk = disk;
    this.#findings = findings;
    this.#maxBodyBytes = maxBodyBytes;
  }

  get(recordId: string): RecordFact | undefined {
    return this.#facts.get(recordId);
  }

  async verify(): Promise<void> {
    for await (const file of filesUnder(this.#disk, CAPTURES)) {
      await this.#findings.attempt(file.path, () => this.#verifyFile(file));
    }
    // A revisit may refer to a record that was itself found to be a revisit only after it.
    let left = this.#revisits.splice(0);
    for (let before = -1; left.length !== before;) {
      before = left.length;
      left = left.filter((revisit) => !this.#resolve(revisit));
    }
    for (const { path, record } of left) {
      const target = record.header('warc-refers-to');
      this.#findings.problem(path, `record ${record.id} refers to ${target}, which is missing`);
    }
  }

  async #verifyFile(file: WalkedFile): Promise<void> {
    const { path, fault } = file;
    const name = posix.basename(path);
    const ending = [OPEN_WARC, WARC, CDXJ].find((each) => captureIn(name, each) !== null);
    const isInPlace = /^captures\/\d{4}\/\d\d\/\d\d\/[^/]+$/.test(path);
    if (fault !== undefined) return this.#findings.problem(path, fault);
    if (isInPlace && captureIn(name, `${CDXJ}.part`) !== null) {
      return this.#findings.note(`${path} was left unfinished`);
    }
    if (ending === undefined || !isInPlace) return this.#findings.problem(path, 'is no file of an archive');
    const base = path.slice(0, -ending.length);
    const run = captureIn(name, ending)?.run ?? '';
    if (ending !== CDXJ) return this.#verifyWarc(file, base, ending, run);
    const [sealed, open] = [await this.#disk.facts(base + WARC), await this.#disk.facts(base + OPEN_WARC)];
    if (sealed !== null || open !== null) return;
    this.#findings.problem(path, 'is the index of a WARC file that is missing');
    const content = await this.#disk.read(path);
    if (content !== null) this.#findings.seen(entryOf(path, content), run);
  }

  async #verifyWarc(file: WalkedFile, base: string, ending: string, run: string): Promise<void> {
    const hash = createHash('sha256');
    const lines: string[] = [];
    let records = 0;
    let bytes = 0;
    const seen = (piece: Buffer) => {
      hash.update(piece);
      bytes += piece.length;
    };
    for await (const found of scanWarc(this.#disk, file.path, { end: file.bytes, seen })) {
      if ('isGap' in found || typeof found.record === 'string') {
        this.#gap(file.path, run, found);
        continue;
      }
      const { record, offset, length } = found;
      if (records === 0 && record.type !== 'warcinfo')
        this.#findings.problem(file.path, 'does not begin with a warcinfo');
      records += 1;
      this.#findings.count('records');
      this.#verifyRecord(file.path, record);
      const line = await cdxjLine(record, { offset, length, filename: posix.basename(base) + WARC });
      if (line !== null) lines.push(line);
    }
    // Between listing and reading it was given its final name; it is read under that one, or was.
    if (bytes === 0 && file.bytes > 0) return this.#verifyRenamed(base, ending, run);
    this.#findings.seen({ path: file.path, bytes, sha256: hash.digest('hex') }, run);
    if (ending === WARC) await this.#verifyIndex(base + CDXJ, spellCdxj(lines), run);
  }

  async #verifyRenamed(base: string, ending: string, run: string): Promise<void> {
    const facts = await this.#disk.facts(base + WARC);
    if (ending === OPEN_WARC && facts !== null) {
      await this.#verifyWarc({ path: base + WARC, bytes: facts.bytes }, base, WARC, run);
    }
  }

  #gap(path: string, run: string, found: { offset: number; length: number }): void {
    const what = `bytes ${found.offset} to ${found.offset + found.length} are no whole record`;
    // The end of a file that is written, or was when its run died; what is needed of it will be missed.
    if (this.#findings.sealed.has(run)) this.#findings.problem(path, what);
    else this.#findings.note(`${path}: ${what}; its run is still open`);
  }

  async #verifyIndex(path: string, expected: string, run: string): Promise<void> {
    const content = await this.#disk.read(path);
    if (content === null) return this.#findings.problem(path, 'is missing; it can be made again from the WARC file');
    this.#findings.seen(entryOf(path, content), run);
    if (content.toString('utf8') !== expected) this.#findings.problem(path, 'is not what the WARC file gives');
  }

  #verifyRecord(path: string, record: WarcRecord): void {
    const { id, type, block } = record;
    const digest = `sha256:${sha256(block)}`;
    if (record.blockDigest !== digest) {
      this.#findings.problem(path, `record ${id}: expected block ${record.blockDigest}, got ${digest}`);
    }
    if (type === 'warcinfo') return;
    const message = type === 'response' || type === 'revisit' ? parseResponse(block) : null;
    const encoding = message === null ? '' : valueOf(message.headers, 'content-encoding');
    if (type === 'revisit') return void this.#revisits.push({ path, record, encoding });
    const body = type === 'request' ? block.subarray(block.indexOf('\r\n\r\n') + 4) : (message?.body ?? block);
    const payload = sha256(body);
    if (record.payloadDigest !== `sha256:${payload}`) {
      this.#findings.problem(path, `record ${id}: expected payload ${record.payloadDigest}, got sha256:${payload}`);
    }
    if (type === 'request') return;
    if (this.#facts.has(id)) this.#findings.problem(path, `record ${id} is there twice`);
    this.#facts.set(id, { payload, decoded: this.#decoded(body, encoding), encoding });
  }

  #decoded(body: Buffer, encoding: string): string | null {
    try {
      return sha256(inflate(body, encoding, this.#maxBodyBytes));
    } catch {
      // Nothing needs to decode that no version was read from.
      return null;
    }
  }

  /** False where the record referred to is not known (yet). */
  #resolve({ path, record, encoding }: Revisit): boolean {
    const target = this.#facts.get(record.header('warc-refers-to').replace(/^<|>$/g, ''));
    if (target === undefined) return false;
    if (record.payloadDigest !== `sha256:${target.payload}`) {
      const what = `refers to a payload with ${record.payloadDigest}, got sha256:${target.payload}`;
      this.#findings.problem(path, `record ${record.id} ${what}`);
    }
    const isSame = record.header('warc-profile') === PROFILES.notModified || encoding === target.encoding;
    this.#facts.set(record.id, { ...target, decoded: isSame ? target.decoded : null });
    return true;
  }
}
