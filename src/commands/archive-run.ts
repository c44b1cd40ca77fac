/** One run over many pages: tells of each as soon as it is done. */
import { TearsheetError, asTearsheetError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { canonicalUrl, parseUrl } from '../core/url.ts';
import type { Visit } from '../visit.ts';
import type { WritingSession } from '../wiring.ts';
import type { Io } from './invocation.ts';
import type { Output } from './output.ts';
import { Tally } from './tally.ts';
import { visitAsJson } from './visit-line.ts';
import { visitAll } from './visits.ts';

/** After these no other page can fare better: the run ends. */
const FATAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'E_ARCHIVE_DISK_FULL',
  'E_ARCHIVE_READ_ONLY',
  'E_ARCHIVE_NOT_ONE',
  'E_RULES_INVALID',
]);

export interface RunOptions {
  readonly io: Io;
  readonly output: Output;
  /** Opens the archive; called with the first URL that is one, so that a slip of the pen leaves no empty archive. */
  readonly open: () => Promise<WritingSession>;
  /** A visit as people are told of it. */
  readonly lineOf: (visit: Visit) => string;
  readonly concurrency: number;
}

const failed = (url: string, { code, message }: TearsheetError): Visit => ({
  url,
  outcome: 'error',
  article: null,
  error: { code, message },
});

export class ArchiveRun {
  readonly tally = new Tally();
  /** What ended the run before its time. */
  fatal: TearsheetError | null = null;
  readonly #options: RunOptions;
  readonly #stop = new AbortController();
  #session: Promise<WritingSession> | undefined;
  #begun = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    options.io.signal.addEventListener('abort', () => this.#stop.abort(), { once: true });
    if (options.io.signal.aborted) this.#stop.abort();
  }

  /** Fires on Ctrl-C and after a fatal error. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Visits every URL and seals the run, whatever happens. Gives how many pages were not begun. */
  async over(texts: AsyncIterable<string>): Promise<number> {
    const { concurrency, io } = this.#options;
    try {
      return await visitAll(this.#urls(texts), { concurrency, signal: this.signal }, (url) => this.#visit(url));
    } finally {
      this.#progress('');
      const ended = io.signal.aborted ? 'interrupted' : 'finished';
      await (
        await this.#session?.catch(() => undefined)
      )?.close(ended, { pages: this.tally.pages, ...this.tally.counts });
    }
  }

  /** The URLs worth a visit: what is none is told of at once, what was named before is left out. */
  async *#urls(texts: AsyncIterable<string>): AsyncGenerator<URL> {
    const seen = new Set<string>();
    for await (const text of texts) {
      if (this.signal.aborted) return;
      let url: URL;
      try {
        url = parseUrl(text);
      } catch (thrown) {
        await this.#tell(failed(text, asTearsheetError(thrown)));
        continue;
      }
      const name = canonicalUrl(url);
      if (seen.has(name)) {
        this.#options.output.remark(`${url.href} was named before; archived once`);
        continue;
      }
      seen.add(name);
      await (this.#session ??= this.#options.open());
      yield url;
    }
  }

  async #visit(url: URL): Promise<void> {
    const { io } = this.#options;
    this.#begun += 1;
    try {
      const session = (await this.#session) as WritingSession;
      await this.#tell(await session.archiveUrl(url.href, io.abort));
    } catch (thrown) {
      const error = asTearsheetError(thrown);
      if (error.code === 'E_INTERRUPTED') return;
      await this.#tell(failed(url.href, error));
      if (!FATAL.has(error.code)) return;
      this.fatal ??= error;
      this.#stop.abort();
    }
  }

  async #tell(visit: Visit): Promise<void> {
    const { output, lineOf } = this.#options;
    this.tally.add(visit);
    this.#progress('');
    await (output.isJson ? output.json(visitAsJson(visit)) : output.line(lineOf(visit)));
    this.#progress(`${this.tally.pages} done, ${Math.max(0, this.#begun - this.tally.pages)} in hand`);
  }

  /** One line on a terminal, written over and over; only where there is more than one page. */
  #progress(text: string): void {
    const { stderr, isTty } = this.#options.io;
    if (isTty.stderr && this.#begun > 1) stderr.write(`\r\u001b[K${text}`);
  }
}
