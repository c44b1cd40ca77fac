/** The truth about golden pages: what a careful reader said before the cleaner was asked, and where the cleaner is known to err. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Expected, goldenNames } from './page.ts';

const PAGES = new URL('./pages/', import.meta.url);

/** One line of `differences` that is so today, or how it begins, and why. */
const KnownWrong = z.strictObject({ line: z.string().min(7), why: z.string().min(5) });
export const Truth = Expected.extend({ knownWrong: z.array(KnownWrong) });
export type Truth = z.infer<typeof Truth>;

const fileOf = (name: string): URL => new URL(`${name}/truth.json`, PAGES);

/** Pages whose truth was written down by hand. */
export const trueNames = (): string[] => goldenNames().filter((name) => existsSync(fileOf(name)));
export const truthOf = (name: string): Truth => Truth.parse(JSON.parse(readFileSync(fileOf(name), 'utf8')));

export interface Verdict {
  /** Departures that nobody has excused. */
  readonly wrong: readonly string[];
  /** Excuses that excuse nothing any more. */
  readonly mended: readonly string[];
}

/** What is wrong of `lines`, given what is known to be; each excuse serves every line that begins so. */
export function verdictOn(lines: readonly string[], known: Truth['knownWrong']): Verdict {
  return {
    wrong: lines.filter((line) => !known.some((excuse) => line.startsWith(excuse.line))),
    mended: known.map(({ line }) => line).filter((begin) => !lines.some((line) => line.startsWith(begin))),
  };
}
