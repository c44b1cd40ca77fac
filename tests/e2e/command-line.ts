/** The command line run inside the test: argv in; exit code, stdout and stderr out. */
import { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli.ts';
import type { Io } from '../../src/commands/invocation.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON, an object a line. */
  readonly objects: () => Record<string, unknown>[];
}
export interface World {
  readonly stdin?: string | Readable;
  readonly env?: Record<string, string>;
  readonly isTty?: boolean;
  readonly columns?: number;
  readonly signal?: AbortSignal;
  readonly abort?: AbortSignal;
  /** Sees each piece of stdout as it is written. */
  readonly onStdout?: (text: string) => void;
}

function sink(onText?: (text: string) => void): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      onText?.(chunk.toString());
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

export async function tearsheet(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const out = sink(world.onStdout);
  const err = sink();
  const io: Io = {
    stdout: out.stream,
    stderr: err.stream,
    stdin: typeof world.stdin === 'object' ? world.stdin : Readable.from([Buffer.from(world.stdin ?? '')]),
    env: world.env ?? {},
    isTty: { stdout: world.isTty ?? false, stderr: world.isTty ?? false },
    columns: world.columns ?? 80,
    signal: world.signal ?? new AbortController().signal,
    abort: world.abort ?? new AbortController().signal,
  };
  const code = await main(argv, io);
  const stdout = out.text();
  return {
    code,
    stdout,
    stderr: err.text(),
    objects: () =>
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
