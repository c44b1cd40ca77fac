#!/usr/bin/env node
/** argv → command → exit code. Prints; knows no rules. The only file that knows commander. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import { COMMANDS } from './commands/index.ts';
import type { CommandEntry, GlobalFlags, Io } from './commands/invocation.ts';
import { report } from './commands/output.ts';
import { asTearsheetError, TearsheetError } from './core/errors.ts';
import { VERSION } from './core/package.ts';

/** Why a run stops when the reader of stdout has gone (`| head`): nothing to tell anyone. */
const READER_GONE = 'the reader of stdout has gone';

/** Repeated, or several at once with commas, as in the environment. */
const collected = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  ...value.split(','),
];

/** Made anew each time: commander keeps the values of repeatable options in the option. */
const globalOptions = (): Option[] => [
  new Option('--archive <DIR>', 'where the archive lies (default: archive, or TEARSHEET_ARCHIVE)'),
  new Option('--sources <DIR>', 'where the source files lie (default: config/sources, or TEARSHEET_SOURCES)'),
  new Option('--config <FILE>', 'settings (default: config/tearsheet.yaml)'),
  new Option('--allow-address <CIDR>', 'a private or local range that may be fetched from; repeatable').argParser(
    collected,
  ),
  new Option('--json', 'one JSON object a line'),
  new Option('--log-level <LEVEL>', 'how much is logged to stderr').choices([
    'silent',
    'error',
    'warn',
    'info',
    'debug',
    'trace',
  ]),
];

/** Flags may stand before the command's name or after it; after it they win, and lists add up. */
function merged(outer: GlobalFlags, inner: GlobalFlags): GlobalFlags {
  const allowAddress = [...(outer.allowAddress ?? []), ...(inner.allowAddress ?? [])];
  return { ...outer, ...inner, ...(allowAddress.length > 0 ? { allowAddress } : {}) };
}

interface Chosen {
  readonly entry: CommandEntry;
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly globals: GlobalFlags;
}

function parserFor(io: Io, choose: (chosen: Chosen) => void): Command {
  const output = {
    writeOut: (text: string) => void io.stdout.write(text),
    writeErr: (text: string) => void io.stderr.write(text),
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(io.columns, 100),
    getErrHelpWidth: () => Math.min(io.columns, 100),
  };
  const program = new Command('tearsheet')
    .description(
      'Archives news pages: the article, everything around it, and every change, as versions that can be verified.',
    )
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(output)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  tearsheet demo\n\nHelp on a command: tearsheet archive --help');
  for (const option of globalOptions()) program.addOption(option);
  for (const entry of COMMANDS) {
    const command = new Command(entry.name)
      .summary(entry.summary)
      .description(entry.summary)
      .exitOverride()
      .configureOutput(output)
      .helpOption('-h, --help', 'print this help')
      .addHelpText(
        'after',
        `\nExample:\n  ${entry.example}\n\nExit status:\n  ${entry.exits.replaceAll(' · ', '\n  ')}`,
      );
    if (entry.usage !== '') command.arguments(entry.usage);
    for (const option of entry.options) command.option(option.flags, option.says);
    command.optionsGroup('Options of every command:');
    for (const option of globalOptions()) command.addOption(option);
    command.action(() => {
      const { archive, sources, config, allowAddress, json, logLevel, ...flags } = command.opts() as GlobalFlags &
        Record<string, unknown>;
      const inner = Object.entries({ archive, sources, config, allowAddress, json, logLevel }).filter(
        ([, value]) => value !== undefined,
      );
      const globals = merged(program.opts() as GlobalFlags, Object.fromEntries(inner) as GlobalFlags);
      choose({ entry, args: command.args, flags, globals });
    });
    program.addCommand(command);
  }
  return program;
}

/** Rejects when the run is to stop; for commands that have nothing to finish. */
const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new TearsheetError('E_INTERRUPTED', 'stopped by a signal'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

/** Runs one command line; gives the exit code and never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let chosen: Chosen | undefined;
  let isJson = argv.includes('--json');
  try {
    parserFor(io, (choice) => {
      chosen = choice;
    }).parse([...argv], { from: 'user' });
    if (chosen === undefined) return 2;
    const { entry, ...rest } = chosen;
    isJson = rest.globals.json === true;
    const { run } = await entry.load();
    const running = run({ io, ...rest });
    return await (entry.finishesOnSignal ? running : Promise.race([running, stopped(io.signal)]));
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Help and version were printed and asked for; help for want of a command (`commander.help`) is a usage error.
      if (thrown.exitCode === 0) return 0;
      if (thrown.code === 'commander.help') return 2;
      const message = `${thrown.message.replace(/^error: /, '').replace(/\s+/g, ' ')}; see tearsheet --help`;
      await report(io, new TearsheetError('E_CLI_USAGE', message), isJson);
      return 2;
    }
    if (io.signal.aborted && io.signal.reason === READER_GONE) return 0;
    const error = asTearsheetError(thrown);
    await report(io, error, isJson);
    if (error.code === 'E_INTERNAL' && io.env['TEARSHEET_TRACE']) io.stderr.write(`${(thrown as Error).stack ?? ''}\n`);
    return error.exitCode;
  }
}

/** The world of a real process. A first SIGINT or SIGTERM stops, a second lets go, a third ends it there and then. */
function processIo(): Io {
  const stop = new AbortController();
  const abort = new AbortController();
  const onSignal = () => {
    if (abort.signal.aborted) process.exit(130);
    if (stop.signal.aborted) abort.abort(new TearsheetError('E_INTERRUPTED', 'stopped by a second signal'));
    else stop.abort(new TearsheetError('E_INTERRUPTED', 'stopped by a signal'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return stop.abort(READER_GONE);
    process.stderr.write(`tearsheet: E_INTERNAL: stdout cannot be written: ${error.message}\n`);
    process.exit(1);
  });
  process.stderr.on('error', () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    isTty: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
    columns: process.stdout.columns ?? process.stderr.columns ?? 80,
    signal: stop.signal,
    abort: abort.signal,
  };
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  const io = processIo();
  process.exitCode = await main(process.argv.slice(2), io);
  if (io.signal.aborted) process.exit();
}
