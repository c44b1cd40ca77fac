/** What the program notes about its own work: JSON lines on stderr. The only door to pino. */
import { createRequire } from 'node:module';
import type { DestinationStream, Logger } from 'pino';
import type { LogLevel } from './settings.ts';

/** The parts of the program that may speak; a line's `context` is one of these. */
export const LOG_CONTEXTS = ['cli', 'fetch', 'clean', 'compare', 'archive', 'pipeline', 'crawl', 'demo'] as const;
export type LogContext = (typeof LOG_CONTEXTS)[number];

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const satisfies readonly LogLevel[];
type LineLevel = Exclude<LogLevel, 'silent'>;

/** Where lines go: stderr, or whatever a test reads. */
export interface LogSink {
  write(line: string): unknown;
}

/** One method a level. Values named like secrets are left out, at any depth. */
export type Log = {
  readonly [L in LineLevel]: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
} & {
  child(context: LogContext): Log;
  /** Whether a line of that level would be written; for fields that are dear to gather. */
  wants(level: LineLevel): boolean;
};

/**
 * A log that writes lines of at least `level`. pino (20 ms) is loaded with the first line written, never before. Each line is
 * on its way before the call returns, so that none is lost when the process ends.
 */
export function createLog(level: LogLevel, sink?: LogSink): Log {
  let opened: Logger | undefined;
  const open = () => (opened ??= openPino(level, sink));
  return logOf('cli', level, open);
}

function logOf(context: LogContext, level: LogLevel, open: () => Logger): Log {
  const lowest = LEVELS.indexOf(level);
  const wants = (asked: LineLevel): boolean => LEVELS.indexOf(asked) >= lowest;
  const at =
    (of: LineLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (wants(of)) open()[of]({ ...(harmless(fields, 0) as object), context }, withoutPasswords(message));
    };
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (inner) => logOf(inner, level, open),
    wants,
  };
}

function openPino(level: LogLevel, sink: LogSink | undefined): Logger {
  const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino');
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink === undefined ? stderrOf(pino) : { write: (line) => void sink.write(line) },
  );
}

function stderrOf(pino: typeof import('pino').pino): DestinationStream {
  const stderr = pino.destination({ dest: 2, sync: true });
  // A reader of stderr that went away is no reason to stop work.
  stderr.on('error', () => undefined);
  return stderr;
}

const WITHHELD = '(withheld)';
const SECRET = /^(?:(?:set-|proxy-)?(?:cookie2?|cookies|authorization)|password|passphrase|secret|token)$/i;
const MAX_DEPTH = 6;
const MAX_CHARS = 2_000;

/** `//name:password@host` without the name and the password. */
const withoutPasswords = (text: string): string =>
  (text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text).replaceAll(/\/\/[^/?#@\s]*@/g, `//${WITHHELD}@`);

/** A copy that JSON can spell, without secrets: by name of a field, and in a header line `[name, value]`. */
function harmless(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutPasswords(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return harmless(errorFields(value), depth);
  if (value instanceof URL) return withoutPasswords(value.href);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) {
    const [name] = value as unknown[];
    if (value.length === 2 && typeof name === 'string' && SECRET.test(name)) return [name, WITHHELD];
    return value.map((one) => harmless(one, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? WITHHELD : harmless(inner, depth + 1)]),
  );
}

/** Of an error what helps to find it; causes are followed. */
const errorFields = (error: Error): Record<string, unknown> => ({
  name: error.name,
  ...('code' in error ? { code: error.code } : {}),
  message: error.message,
  ...(error.cause === undefined ? {} : { cause: error.cause }),
  stack: error.stack,
});
