/**
 * `npm run bench:kill`: a run over many pages is killed (`kill -9`) at a random moment, again and again. Each time the archive
 * must verify, the next run must complete all pages, and no version may be lost or doubled. Prints a row for each kill.
 * Flags: --rounds N (50), --pages N (30), --seed N.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { tearsheet } from '../e2e/command-line.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from '../e2e/paper.ts';
import type { Handler } from '../e2e/paper.ts';

export interface KillOptions {
  readonly rounds: number;
  readonly pages: number;
  readonly seed: number;
}
export interface KillRow {
  readonly round: number;
  readonly moment: Moment;
  /** Visits told of on stdout before the kill. */
  readonly told: number;
  /** Whether the run had left an open marker, or ended before the kill came. */
  readonly wasOpen: boolean;
  /** Of `verify` straight after the kill, and after the run that completed the work. */
  readonly problems: readonly string[];
  readonly exitOfNext: number;
  /** Articles without exactly the versions that they should have. */
  readonly wrongVersions: readonly string[];
}

/** Mulberry32: small, and the same on every machine. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** When the process is killed: so long after its start, or after it asked for its first page. */
interface Moment {
  readonly after: 'start' | 'first request';
  readonly ms: number;
}
interface Killed {
  readonly told: number;
  readonly tookMs: number;
  /** From the start to the first request. */
  readonly startMs: number;
}

/** Runs the program over the pages and kills it; resolves when the process has gone. */
async function runAndKill(cli: string, flags: readonly string[], press: Press, moment: Moment | null): Promise<Killed> {
  const child = spawn(process.execPath, [cli, 'archive', '--stdin', '--json', ...flags], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const startedMs = performance.now();
  let startMs = Number.NaN;
  let timer: NodeJS.Timeout | undefined;
  const arm = (event: Moment['after']) => {
    if (moment?.after === event) timer = setTimeout(() => child.kill('SIGKILL'), moment.ms);
  };
  press.onFirstRequest = () => {
    startMs = performance.now() - startedMs;
    arm('first request');
  };
  arm('start');
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(press.urls.join('\n'));
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { told: out.split('\n').length - 1, tookMs: performance.now() - startedMs, startMs };
}

/** The newspaper of the test: every edition adds another sentence to every page. */
interface Press {
  edition: number;
  readonly urls: readonly string[];
  /** Called once. */
  onFirstRequest: (() => void) | undefined;
  close(): Promise<unknown>;
}
async function openPress(pages: number): Promise<Press> {
  const send: Handler = (path, _, response) => {
    const { onFirstRequest } = press;
    press.onFirstRequest = undefined;
    onFirstRequest?.();
    const count = `The count stood at ${press.edition} hundred by the evening, the harbour office said.`;
    sendHtml(response, pageOf(storyOf(path.slice(1), { paragraphs: [...storyOf(path).paragraphs, count] })));
  };
  const papers = await Promise.all(['127.0.0.1', '127.0.1.1', '127.0.1.2'].map((host) => openPaper(send, host)));
  const press: Press = {
    edition: 0,
    urls: Array.from({ length: pages }, (_, n) => `${papers[n % papers.length]?.origin}/bridge-opens-${n}`),
    onFirstRequest: undefined,
    close: () => Promise.all(papers.map((paper) => paper.close())),
  };
  return press;
}

const ROUNDS_PER_ARCHIVE = 10;
/** Of the kills: before the first page is asked for. */
const EARLY_SHARE = 0.2;

/** Every page is edited before every round, so that each run has versions to write; the archive grows over ten rounds. */
export async function killRounds({ rounds, pages, seed }: KillOptions, onRow: (row: KillRow) => void): Promise<void> {
  const random = randomOf(seed);
  const cli = await built();
  const press = await openPress(pages);
  const dir = await mkdtemp(join(tmpdir(), 'tearsheet-kill-'));
  try {
    // How long an undisturbed run takes: the moments of the kills are spread over it.
    const whole: Killed[] = [];
    for (const n of [1, 2, 3])
      whole.push(await runAndKill(cli, ['--archive', join(dir, `whole-${n}`), ...ALLOW], press, null));
    const startMs = Math.min(...whole.map((run) => run.startMs));
    const workMs = Math.min(...whole.map((run) => run.tookMs - run.startMs));
    for (let round = 0; round < rounds; round += 1) {
      const archive = join(dir, `archive-${Math.floor(round / ROUNDS_PER_ARCHIVE)}`);
      press.edition = (round % ROUNDS_PER_ARCHIVE) + 1;
      const isEarly = random() < EARLY_SHARE;
      const ms = Math.round(random() * (isEarly ? startMs : workMs));
      const moment: Moment = { after: isEarly ? 'start' : 'first request', ms };
      const flags = ['--archive', archive, ...ALLOW];
      const { told } = await runAndKill(cli, flags, press, moment);
      onRow({ round: round + 1, moment, told, ...(await aftermath(archive, flags, press)) });
    }
  } finally {
    await press.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function verified(flags: readonly string[]): Promise<string[]> {
  const { code, objects } = await tearsheet(['verify', '--json', ...flags]);
  const [report] = objects() as {
    problems?: { path: string; what: string }[];
    error?: { code: string; message: string };
  }[];
  // A kill before the first write leaves nothing that could be an archive.
  if (report?.error?.code === 'E_ARCHIVE_NOT_ONE') return [];
  if (report?.problems === undefined) return [`verify ended with ${code}: ${report?.error?.message}`];
  return report.problems.map(({ path, what }) => `${path}: ${what}`);
}

async function aftermath(
  archive: string,
  flags: readonly string[],
  { urls, edition }: Press,
): Promise<Pick<KillRow, 'wasOpen' | 'problems' | 'exitOfNext' | 'wrongVersions'>> {
  const markers = (await readdir(join(archive, 'runs')).catch(() => [])).filter((name) => name.endsWith('.open'));
  const problems = (await verified(flags)).map((problem) => `after the kill: ${problem}`);
  const { code } = await tearsheet(['archive', ...urls, ...flags]);
  problems.push(...(await verified(flags)).map((problem) => `after the next run: ${problem}`));
  const articles = (await tearsheet(['list', '--json', ...flags])).objects();
  const wrongVersions = articles
    .filter(({ versions }) => versions !== edition)
    .map(({ url, versions }) => `${String(url)} has ${String(versions)}, not ${edition}`);
  if (articles.length !== urls.length) wrongVersions.push(`${articles.length} articles, not ${urls.length}`);
  return { wasOpen: markers.length > 0, problems, exitOfNext: code, wrongVersions };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '50' },
      pages: { type: 'string', default: '30' },
      seed: { type: 'string', default: String(Date.now() % 1e6) },
    },
  });
  const options = { rounds: Number(values.rounds), pages: Number(values.pages), seed: Number(values.seed) };
  console.log(`${options.rounds} kills of a run over ${options.pages} pages, seed ${options.seed}\n`);
  console.log('round                killed at  pages told  run left open  problems  next run  wrong versions');
  const rows: KillRow[] = [];
  await killRounds(options, (row) => {
    rows.push(row);
    const { round, moment, told, wasOpen, problems, exitOfNext, wrongVersions } = row;
    console.log(
      [
        String(round).padStart(5),
        `${moment.after} + ${moment.ms} ms`.padStart(23),
        String(told).padStart(10),
        (wasOpen ? 'yes' : 'no').padStart(13),
        String(problems.length).padStart(8),
        `exit ${exitOfNext}`.padStart(8),
        String(wrongVersions.length).padStart(14),
      ].join('  '),
    );
    for (const what of [...problems, ...wrongVersions]) console.log(`       ${what}`);
  });
  const bad = rows.filter(
    ({ problems, exitOfNext, wrongVersions }) => problems.length > 0 || exitOfNext !== 0 || wrongVersions.length > 0,
  );
  const amid = rows.filter(({ wasOpen }) => wasOpen).length;
  console.log(
    `\n${rows.length} kills, ${amid} of them amid a run: ${rows.length - bad.length} archives verified and were completed, ${bad.length} were not`,
  );
  return bad.length === 0 && rows.length === options.rounds ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
