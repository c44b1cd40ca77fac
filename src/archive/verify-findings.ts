/** What a verification has seen so far: what the manifests promised, what kept the promise, and what did not. */
import { TearsheetError } from '../core/errors.ts';
import type { VerifyReport } from '../core/ports.ts';
import type { FileEntry, Manifest } from '../core/schema.ts';

export interface Progress {
  readonly files: number;
  readonly problems: number;
}

/** So many paths are named one by one; of a long live run there may be thousands. */
const MAX_NAMED = 20;

export class Findings {
  readonly #problems: { path: string; what: string }[] = [];
  readonly #notes: string[] = [];
  readonly #unproven: string[] = [];
  /** By path, what manifests say of the file; taken out when the file was seen. */
  readonly #promised = new Map<string, FileEntry>();
  readonly #kept = new Set<string>();
  readonly #counts = { files: 0, snapshots: 0, looks: 0, records: 0, manifests: 0 };
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  /** Runs that have a manifest, whatever it says. */
  readonly sealed = new Set<string>();

  constructor(onProgress?: (progress: Progress) => void) {
    this.#onProgress = onProgress;
  }

  problem(path: string, what: string): void {
    this.#problems.push({ path, what });
  }
  note(text: string): void {
    this.#notes.push(text);
  }
  count(what: 'snapshots' | 'looks' | 'records' | 'manifests'): void {
    this.#counts[what] += 1;
  }
  /** Runs a check; a file that cannot be read is a problem of its own and keeps nobody from the rest. */
  async attempt<T>(path: string, check: () => Promise<T>): Promise<T | null> {
    try {
      return await check();
    } catch (thrown) {
      if (!(thrown instanceof TearsheetError)) throw thrown;
      this.problem(path, `cannot be read: ${thrown.message}`);
      return null;
    }
  }

  /** One more file was read. */
  file(): void {
    this.#counts.files += 1;
    this.#onProgress?.({ files: this.#counts.files, problems: this.#problems.length });
  }

  /** Takes down what a manifest says of its files. */
  promise(manifestPath: string, { files }: Manifest): void {
    for (const entry of files) {
      if (!/^[a-z]+\/[^\\\0]+$/.test(entry.path) || entry.path.split('/').some((part) => /^\.*$/.test(part))) {
        this.problem(manifestPath, `names a file outside the archive's folders: ${JSON.stringify(entry.path)}`);
        continue;
      }
      const before = this.#promised.get(entry.path);
      // A file whose first run died is named again by the run that found it.
      if (before !== undefined && (before.sha256 !== entry.sha256 || before.bytes !== entry.bytes)) {
        this.problem(manifestPath, `names ${entry.path} with another digest than an earlier manifest`);
      }
      this.#promised.set(entry.path, entry);
    }
  }

  /** Compares a file with what was promised of it. `run` is the one that its path names, where it names one. */
  seen(actual: FileEntry, run: string | null): void {
    this.file();
    const { path, bytes, sha256 } = actual;
    const promised = this.#promised.get(path);
    if (promised === undefined) {
      if (run !== null && this.sealed.has(run))
        this.problem(path, `was added: the manifest of run ${run} does not name it`);
      else this.#unproven.push(path);
      return;
    }
    this.#kept.add(path);
    if (bytes !== promised.bytes) this.problem(path, `expected ${promised.bytes} bytes, got ${bytes}`);
    else if (sha256 !== promised.sha256) this.problem(path, `expected SHA-256 ${promised.sha256}, got ${sha256}`);
  }

  /** What was promised and not seen. */
  *missing(): Iterable<FileEntry> {
    for (const [path, entry] of this.#promised) {
      if (!this.#kept.has(path)) yield entry;
    }
  }

  report(): VerifyReport {
    const named = this.#unproven.slice(0, MAX_NAMED).map((path) => `not proven yet: no manifest names ${path}`);
    const rest = this.#unproven.length - named.length;
    if (rest > 0) named.push(`not proven yet: no manifest names ${rest} more files`);
    return { checked: { ...this.#counts }, problems: this.#problems, notes: [...this.#notes, ...named] };
  }
}
