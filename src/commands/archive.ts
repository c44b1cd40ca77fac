/** `tearsheet archive`: pages in, versions out, one clear line a page. */
import type { Clock } from '../core/clock.ts';
import { ERRORS, TearsheetError } from '../core/errors.ts';
import type { Fetcher } from '../core/ports.ts';
import { parseUrl } from '../core/url.ts';
import type { Visit } from '../visit.ts';
import { openToWrite, settingsOf } from '../wiring.ts';
import { ArchiveRun } from './archive-run.ts';
import { createFileFetcher } from './file-fetcher.ts';
import { textFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { linesOf } from './lines.ts';
import { outputOf } from './output.ts';
import { readPage } from './page-file.ts';
import { visitLine } from './visit-line.ts';

const MAX_LINE_BYTES = 64 * 1024;
const usage = (message: string): TearsheetError => new TearsheetError('E_CLI_USAGE', message);

/** Lines with a URL each; blank lines and comments are skipped. */
async function* listed({ io }: Invocation, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { text } of linesOf(io.stdin, MAX_LINE_BYTES, signal)) {
    const url = text === null ? `a line of more than ${MAX_LINE_BYTES} bytes` : text.trim();
    if (url !== '' && !url.startsWith('#')) yield url;
  }
}

/** The URLs of the command line, then those of standard input. */
async function* textsOf(invocation: Invocation, signal: AbortSignal): AsyncGenerator<string> {
  yield* invocation.args;
  if (invocation.flags['stdin'] === true) yield* listed(invocation, signal);
}

interface Saved {
  readonly url: string;
  readonly makeFetcher: (clock: Clock) => Fetcher;
}

/** The saved page that was named, if one was. Throws `E_CLI_USAGE`, `E_CLI_NO_URL`, `E_FILE_READ`. */
async function savedPage({ flags, args, io }: Invocation): Promise<Saved | null> {
  const [file, url, contentType] = ['fromFile', 'url', 'contentType'].map((name) => textFlag(flags[name]));
  if (file === undefined) {
    if (url !== undefined || contentType !== undefined)
      throw usage('--url and --content-type describe a saved page: name it with --from-file PAGE');
    if (args.length > 0 || flags['stdin'] === true) return null;
    throw new TearsheetError('E_CLI_NO_URL', 'expected a URL, got none; give one, or many with --stdin');
  }
  if (url === undefined) throw usage('--from-file needs --url URL, the address that the page was fetched from');
  if (args.length > 0 || flags['stdin'] === true)
    throw usage('--from-file takes one saved page and its --url, and no other URL');
  parseUrl(url);
  const page = await readPage(file, io.stdin, contentType);
  return { url, makeFetcher: (clock) => createFileFetcher(page, clock) };
}

export async function run(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const output = outputOf(invocation);
  const { archive, fetch } = settingsOf(invocation);
  const saved = await savedPage(invocation);
  const views = { screenshot: invocation.flags['screenshot'] === true, pdf: invocation.flags['pdf'] === true };
  const open = () =>
    openToWrite(invocation, 'archive', saved === null ? { views } : { makeFetcher: saved.makeFetcher });
  const lineOf = (visit: Visit) => visitLine(visit, archive.dir, output);
  const work = new ArchiveRun({ io, output, open, lineOf, concurrency: fetch.concurrency });
  const asked = saved === null ? invocation : { ...invocation, args: [saved.url] };
  const left = await work.over(textsOf(asked, work.signal));
  const { fatal, tally } = work;
  if (fatal === null && io.signal.aborted) {
    if (left > 0) output.remark(`stopped; pages not begun: ${left}`);
    return ERRORS.E_INTERRUPTED.exit;
  }
  if (tally.pages === 0)
    throw new TearsheetError('E_CLI_NO_URL', 'expected URLs on standard input, one a line, got none');
  const verdict = fatal ?? tally.verdict;
  if (verdict === null) return 0;
  output.remark(`${verdict.code}: ${verdict.message}`);
  return verdict.exitCode;
}
