/** `tearsheet clean`: a page read and shown, nothing kept. */
import { createReadStream } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Readable } from 'node:stream';
import { TearsheetError } from '../core/errors.ts';
import type { Reading } from '../core/schema.ts';
import { openCleaner, settingsOf } from '../wiring.ts';
import { articleLines, blockLines, surroundings } from './article.ts';
import { CleaningPool } from './cleaning-pool.ts';
import { countFlag, textFlag, timeFlag } from './flags.ts';
import { printDocument, wantedOf } from './format.ts';
import type { Wanted } from './format.ts';
import type { Invocation } from './invocation.ts';
import { cleanLines } from './jsonl.ts';
import { outputOf } from './output.ts';
import type { Output } from './output.ts';
import { readPage } from './page-file.ts';

const MAX_JOBS = 64;
const usage = (message: string): TearsheetError => new TearsheetError('E_CLI_USAGE', message);

async function print(reading: Reading, url: string, wanted: Wanted, output: Output): Promise<void> {
  if (wanted.form === 'record') return output.json(reading);
  if (await printDocument(wanted, reading, { url }, output)) return;
  if (wanted.form === 'blocks') {
    for (const line of blockLines(reading, output)) await output.line(line);
    return;
  }
  const footer = [
    ['source', url],
    ['kind', `${reading.kind}, ${reading.language}`],
    ['around it', surroundings(reading)],
  ] as const;
  for (const line of articleLines(reading, footer, output)) await output.line(line);
}

/** A file or standard input of lines, read as a stream. */
function lineSource(file: string | undefined, stdin: Readable): Readable {
  if (file === undefined || file === '-') return stdin;
  return createReadStream(file);
}

/** Each thread's share of half the memory of the machine, within reason: less would refuse long pages, more is no page's. MiB. */
const heapFor = (jobs: number): number => Math.round(Math.min(4096, Math.max(512, totalmem() / 2 ** 21 / jobs)));
const DEFAULT_PAGE_TIMEOUT_S = 60;
const NOT_FOR_LINES = {
  format: 'format',
  output: 'output',
  blocks: 'blocks',
  images: 'images',
  url: 'url',
  contentType: 'content-type',
};

async function runLines(invocation: Invocation): Promise<number> {
  const { args, flags, globals, io } = invocation;
  if (args.length > 1) throw usage(`--jsonl reads one file of lines, got ${args.length}`);
  for (const [flag, name] of Object.entries(NOT_FOR_LINES))
    if (flags[flag] !== undefined)
      throw usage(`--jsonl has one form of output and an address in each line; drop --${name}`);
  const jobs = countFlag(flags['jobs'], '--jobs', MAX_JOBS) ?? Math.min(MAX_JOBS, availableParallelism());
  const timeoutS = countFlag(flags['pageTimeout'], '--page-timeout', 86_400) ?? DEFAULT_PAGE_TIMEOUT_S;
  // What is wrong with them is better said before the first line than by every thread.
  settingsOf(invocation);
  const at = timeFlag(flags['at'], '--at');
  const pool = new CleaningPool({
    jobs,
    pageTimeoutMs: timeoutS * 1000,
    maxHeapMib: heapFor(jobs),
    given: { surroundings: { io: { env: { ...io.env } }, globals }, ...(at === undefined ? {} : { at }) },
  });
  const letGo = (): void => void pool.stop();
  io.abort.addEventListener('abort', letGo, { once: true });
  const file = args[0];
  try {
    await cleanLines(lineSource(file, io.stdin), { answer: (text) => pool.answer(text), jobs }, io.stdout, io.signal);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw thrown;
    throw new TearsheetError(
      'E_FILE_READ',
      `expected lines of JSON in ${file ?? 'standard input'}, but it cannot be read (${code})`,
      { cause: thrown },
    );
  } finally {
    io.abort.removeEventListener('abort', letGo);
    await pool.stop();
  }
  if (io.signal.aborted) throw interrupted();
  return 0;
}

const interrupted = (): TearsheetError =>
  new TearsheetError('E_INTERRUPTED', 'stopped by a signal; what was read is written');

/** Rejects with the first signal: a page for a person can be had again. */
const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(interrupted());
    signal.addEventListener('abort', () => reject(interrupted()), { once: true });
  });

export const run = (invocation: Invocation): Promise<number> =>
  invocation.flags['jsonl'] === true
    ? runLines(invocation)
    : Promise.race([runPages(invocation), stopped(invocation.io.signal)]);

async function runPages(invocation: Invocation): Promise<number> {
  const { args, flags, io } = invocation;
  for (const flag of ['jobs', 'pageTimeout'])
    if (flags[flag] !== undefined) throw usage('--jobs and --page-timeout are for --jsonl, which reads many pages');
  if (args.length === 0)
    throw new TearsheetError('E_CLI_NO_URL', 'expected a page, got none; give a file, a URL, or - for standard input');
  const url = textFlag(flags['url']);
  if (url !== undefined && args.length > 1) throw usage('--url is the address of one page, got several pages');
  const wanted = wantedOf(invocation);
  if (wanted.file !== undefined && args.length > 1)
    throw usage(`--output takes one page, got ${args.length}; give each page a file of its own`);
  const output = outputOf(invocation);
  const cleaner = await openCleaner(invocation, timeFlag(invocation.flags['at'], '--at'));
  try {
    for (const [n, page] of args.entries()) {
      if (n > 0 && (wanted.form === 'person' || wanted.form === 'blocks')) await output.line('');
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(page)) {
        const { reading, finalUrl, status } = await cleaner.fetchAndRead(page, io.abort);
        if (status >= 400)
          output.remark(`${page} answered with status ${status}; what follows is the page it sent along`);
        await print(reading, finalUrl, wanted, output);
      } else {
        const file = await readPage(page, io.stdin, textFlag(flags['contentType']));
        const address = url ?? file.url;
        await print(cleaner.read(file.bytes, { url: address, contentType: file.contentType }), address, wanted, output);
      }
    }
  } finally {
    await cleaner.close();
  }
  return 0;
}
