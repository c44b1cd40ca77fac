/** `tearsheet crawl`: one pass over sources, for cron. */
import { ERRORS, TearsheetError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Visit } from '../visit.ts';
import { settingsOf } from '../wiring.ts';
import { openToCrawl } from '../wiring-crawl.ts';
import type { CrawlPass, DocumentVisit, Summary } from '../wiring-crawl.ts';
import { progressLine, summaryAsJson, summaryLines } from './crawl-lines.ts';
import { countFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import type { Output } from './output.ts';
import { inline } from './terminal.ts';
import { isNews, visitAsJson, visitLine } from './visit-line.ts';

/** How often a terminal is told how it stands, and a log. */
const TERMINAL_EVERY_MS = 250;
const LOG_EVERY_MS = 30_000;

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, flags } = invocation;
  const output = outputOf(invocation);
  const maxPages = countFlag(flags['pages'], '--pages');
  const maxMinutes = countFlag(flags['minutes'], '--minutes', 100_000);
  const session = await openToCrawl(invocation, args);
  try {
    const teller = new Teller(invocation, output);
    const pass = await session.pass({
      sources: session.sources,
      ...(maxPages !== undefined && { maxPages }),
      ...(maxMinutes !== undefined && { maxMs: maxMinutes * 60_000 }),
      isAll: flags['all'] === true,
      signal: io.signal,
      abort: io.abort,
      onPage: (visit) => teller.page(visit),
      onDocument: (visit) => teller.document(visit),
    });
    const stopTelling = teller.follow(pass);
    const summary = await pass.run().finally(stopTelling);
    await (output.isJson
      ? output.json(summaryAsJson(summary))
      : output.line(summaryLines(summary, session.sources, output).join('\n')));
    return exitOf(summary, pass.fatal, output);
  } finally {
    await session.close();
  }
}

/** Tells of pages as they are done, and between them how the crawl stands. */
class Teller {
  readonly #invocation: Invocation;
  readonly #output: Output;
  readonly #dir: string;

  constructor(invocation: Invocation, output: Output) {
    this.#invocation = invocation;
    this.#output = output;
    this.#dir = settingsOf(invocation).archive.dir;
  }

  async page(visit: Visit): Promise<void> {
    const { flags } = this.#invocation;
    if (this.#output.isJson) return this.#output.json(visitAsJson(visit));
    // A page that is as it was is no news to anyone.
    if (!isNews(visit) && visit.error === undefined && flags['verbose'] !== true) return;
    this.#progress('');
    await this.#output.line(visitLine(visit, this.#dir, this.#output));
  }

  async document({ url, outcome, found, error }: DocumentVisit): Promise<void> {
    if (this.#output.isJson) return;
    if (error === undefined && this.#invocation.flags['verbose'] !== true) return;
    this.#progress('');
    const what =
      error === undefined ? `${found.length} addresses` : `${error.code}: ${error.message.replace(`${url}: `, '')}`;
    await this.#output.line(
      `${this.#output.paint(outcome.padEnd(12), error === undefined ? 'dim' : 'red')}  ${inline(url)}  ${inline(what)}`,
    );
  }

  /** Tells how it stands until the given function is called. */
  follow(pass: CrawlPass): () => void {
    const { isTty, stderr } = this.#invocation.io;
    let isAsking = false;
    const tell = async () => {
      if (isAsking) return;
      isAsking = true;
      const line = progressLine(await pass.state(), Date.now());
      if (isTty.stderr) this.#progress(line);
      else stderr.write(`tearsheet: ${line}\n`);
    };
    const timer = setInterval(
      () =>
        void tell().then(
          () => (isAsking = false),
          () => (isAsking = false),
        ),
      isTty.stderr ? TERMINAL_EVERY_MS : LOG_EVERY_MS,
    );
    return () => {
      clearInterval(timer);
      this.#progress('');
    };
  }

  #progress(text: string): void {
    const { stderr, isTty, columns } = this.#invocation.io;
    if (isTty.stderr) stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, columns - 1))}`);
  }
}

/**
 * What cron is told: 0 where the pass was made, whatever single pages did; else why it was not, or that the sources gave
 * nothing at all.
 */
function exitOf(summary: Summary, fatal: TearsheetError | null, output: Output): number {
  const told = (code: ErrorCode, message: string): number => {
    output.remark(`${code}: ${message}`);
    return ERRORS[code].exit;
  };
  if (fatal !== null) return told(fatal.code, fatal.message);
  if (summary.ended === 'disk')
    return told(
      'E_ARCHIVE_DISK_FULL',
      'expected room on the disk, got less than crawl.minFreeBytes; make room, then run again',
    );
  if (summary.ended === 'interrupted') return ERRORS.E_INTERRUPTED.exit;
  const { documents, pages, failures, outcomes } = summary;
  if (documents.failed > 0 && documents.read + documents.unchanged === 0)
    return told(
      'E_CRAWL_FAILED',
      `expected feeds, sitemaps or lists, got none of ${documents.failed}; tearsheet sources check tells why`,
    );
  const failed = (outcomes.error ?? 0) + (outcomes.walled ?? 0);
  if (pages > 0 && failed === pages)
    return told(
      'E_CRAWL_FAILED',
      `expected pages, got ${failures.map(({ code }) => code).join(', ')} for all ${pages}; each is named above`,
    );
  return 0;
}
