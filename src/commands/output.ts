/** Results to stdout, everything else to stderr; a reader that goes away (`| head`) is no fault. */
import type { Writable } from 'node:stream';
import { spellLine } from '../core/digest.ts';
import type { TearsheetError } from '../core/errors.ts';
import type { Invocation, Io } from './invocation.ts';
import { harmless, jsonLine, painter } from './terminal.ts';
import type { Paint } from './terminal.ts';

export interface Output {
  readonly isJson: boolean;
  /** Whether a person reads the remarks. */
  readonly isWatched: boolean;
  readonly paint: Paint;
  /** Cells a table may take: what the terminal has; no limit where there is none. */
  readonly columns: number;
  /** Cells a line of text may take: what the terminal has, at most 100; 80 where there is none. */
  readonly width: number;
  /** A line for a person; the caller has made its text harmless. Resolves when the stream can take more. */
  line(text: string): Promise<void>;
  /** A line for a machine. */
  json(value: unknown): Promise<void>;
  /** A remark to stderr, for a person. */
  remark(text: string): void;
}

/** Writes a line and waits where the reader is slower than we are; what nobody reads any more is dropped. */
export function writeLine(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.writableEnded || stream.write(`${text}\n`)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) stream.on(event, done);
  });
}

export function outputOf({ io, globals }: Pick<Invocation, 'io' | 'globals'>): Output {
  return {
    isJson: globals.json === true,
    isWatched: io.isTty.stderr,
    paint: painter(io.isTty.stdout, io.env),
    columns: io.isTty.stdout ? Math.max(40, io.columns) : Number.POSITIVE_INFINITY,
    width: io.isTty.stdout ? Math.max(20, Math.min(io.columns, 100)) : 80,
    line: (text) => writeLine(io.stdout, text),
    json: (value) => writeLine(io.stdout, jsonLine(spellLine(value))),
    remark: (text) => void io.stderr.write(`tearsheet: ${harmless(text)}\n`),
  };
}

/** An error as everyone is told it: one line to stderr, and for machines one object to stdout as well. */
export async function report(io: Io, error: TearsheetError, isJson: boolean): Promise<void> {
  const message = harmless(error.message).replace(/\s+/gu, ' ').trim();
  io.stderr.write(`tearsheet: ${error.code}: ${message}\n`);
  if (isJson) await writeLine(io.stdout, jsonLine(spellLine({ error: { code: error.code, message } })));
}
