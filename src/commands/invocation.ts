/** What a command is, and what it is given when it runs. */
import type { Readable, Writable } from 'node:stream';

/** The world outside, so that the whole command line runs in a test without a subprocess. */
export interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person looks at stdout and at stderr. */
  readonly isTty: { readonly stdout: boolean; readonly stderr: boolean };
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Fires on the first Ctrl-C: finish what is in hand, begin nothing new. */
  readonly signal: AbortSignal;
  /** Fires on the second Ctrl-C: let go of what is in hand. */
  readonly abort: AbortSignal;
}

/** Flags that every command takes, before or after its name. */
export interface GlobalFlags {
  readonly archive?: string;
  readonly sources?: string;
  readonly config?: string;
  readonly allowAddress?: readonly string[];
  readonly json?: boolean;
  readonly logLevel?: string;
}

export interface Invocation {
  readonly io: Io;
  readonly args: readonly string[];
  /** The command's own flags, names in camelCase. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly globals: GlobalFlags;
}

/** Gives the exit code; throws TearsheetError. */
export type Run = (invocation: Invocation) => Promise<number>;

/** One row of the table that `--help`, the README and the parser are all made from. */
export interface CommandEntry {
  readonly name: string;
  /** What stands after the name, such as `[URL...]`; upper case names, commander's brackets. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  /** Exit codes it can end with, for its help. */
  readonly exits: string;
  /** Whether it ends by itself, in good order, after the first Ctrl-C; others are simply stopped. */
  readonly finishesOnSignal: boolean;
  readonly options: readonly { readonly flags: string; readonly says: string }[];
  /** Loaded only when the command runs, so that `--help` costs no room. */
  readonly load: () => Promise<{ readonly run: Run }>;
}
