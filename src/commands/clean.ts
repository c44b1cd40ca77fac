/** `tearsheet clean`: a page read and shown, nothing kept. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TearsheetError } from '../core/errors.ts';
import type { Reading } from '../core/schema.ts';
import { openCleaner } from '../wiring.ts';
import { articleLines, blockLines, surroundings } from './article.ts';
import { textFlag, timeFlag } from './flags.ts';
import { printDocument, wantedOf } from './format.ts';
import type { Wanted } from './format.ts';
import type { Invocation } from './invocation.ts';
import { cleanLines } from './jsonl.ts';
import { outputOf } from './output.ts';
import type { Output } from './output.ts';
import { readPage } from './page-file.ts';

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

async function runLines(invocation: Invocation): Promise<number> {
  const { args, io } = invocation;
  if (args.length > 1) throw usage(`--jsonl reads one file of lines, got ${args.length}`);
  const file = args[0];
  const { read } = await openCleaner(invocation, timeFlag(invocation.flags['at'], '--at'));
  const source = lineSource(file, io.stdin);
  try {
    await cleanLines(source, read, io.stdout, io.signal);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw thrown;
    throw new TearsheetError(
      'E_FILE_READ',
      `expected lines of JSON in ${file ?? 'standard input'}, but it cannot be read (${code})`,
      { cause: thrown },
    );
  }
  return 0;
}

export async function run(invocation: Invocation): Promise<number> {
  const { args, flags, io } = invocation;
  if (flags['jsonl'] === true) return runLines(invocation);
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
