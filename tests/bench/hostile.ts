/** What hostile pages cost, each in a process of its own, the cleaner as built beside cheerio's default parser. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RUN = fileURLToPath(new URL('hostile-run.mjs', import.meta.url));
const MAX_SECONDS = 10;
const MAX_MB = 2_048;

export interface HostileCost {
  readonly outcome: string;
  readonly pageMb?: number;
  readonly cpuSeconds?: number;
  /** Resident memory before the page is read (the page itself and the program) and at its highest. */
  readonly startMb?: number;
  readonly peakMb?: number;
  readonly error?: string;
}
export interface HostileRow {
  readonly group: string;
  readonly name: string;
  readonly tearsheet: HostileCost;
  readonly cheerio?: HostileCost;
}

export const hostileNames = async (): Promise<[group: string, name: string][]> => {
  const { HOSTILE } = (await import('./hostile-pages.mjs' as string)) as {
    HOSTILE: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return Object.entries(HOSTILE).flatMap(([group, pages]) =>
    Object.keys(pages).map((name): [string, string] => [group, name]),
  );
};

/** Runs one page; one that takes longer than `limitMs` is ended and says so. */
export function hostileCost(
  system: 'tearsheet' | 'cheerio',
  [group, name]: readonly [string, string],
  limitMs: number,
): Promise<HostileCost> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [RUN, system, group, name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, isLate] = ['', '', false];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && stdout !== '') return resolve(JSON.parse(stdout) as HostileCost);
      const why = isLate
        ? `more than ${limitMs / 1000} s`
        : /heap out of memory/.test(stderr)
          ? 'out of memory'
          : `ended by ${signal ?? code}`;
      resolve({ outcome: why, error: why });
    });
  });
}

/** Whether a page costs more than any page may: seconds, memory, or an answer that never comes. */
export const isUnbounded = ({ error, cpuSeconds = 0, peakMb = 0 }: HostileCost): boolean =>
  error !== undefined || cpuSeconds > MAX_SECONDS || peakMb > MAX_MB;

export function hostileCells({ outcome, cpuSeconds, startMb, peakMb, error }: HostileCost): string[] {
  if (error !== undefined) return ['–', '–', outcome];
  return [(cpuSeconds ?? 0).toFixed(2), `${startMb} → ${peakMb}`, outcome];
}
