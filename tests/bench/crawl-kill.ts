/**
 * `npx tsx tests/bench/crawl-kill.ts`: a crawl is killed (`kill -9`) at random moments and started again, again and again. At
 * the end one that nobody disturbs must complete it: every page of the sitemaps once, no version doubled, no look missing,
 * an archive that verifies. Prints a row for each kill. Flags: --kills N (30), --pages N (400), --hosts N (4), --seed N.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { tearsheet } from '../e2e/command-line.ts';
import { openOutlet } from '../e2e/outlet.ts';
import type { Outlet } from '../e2e/outlet.ts';
import { ALLOW } from '../e2e/paper.ts';
import { randomOf } from './kill.ts';
import { objectsOf } from './news-web.ts';

export interface CrawlKillOptions {
  readonly kills: number;
  readonly pages: number;
  readonly hosts: number;
  readonly seed: number;
}
export interface CrawlKill {
  /** Of the whole, what is asked of it. */
  readonly flags: readonly string[];
  readonly after: 'start' | 'first request';
  readonly ms: number;
  /** Pages told of before. */
  readonly told: number;
  /** What `verify` found straight after it. */
  readonly problems: readonly string[];
}
export interface CrawlKillReport {
  readonly kills: readonly CrawlKill[];
  /** Of the crawl that nobody disturbed, and of one more over everything. */
  readonly exits: readonly number[];
  readonly articles: number;
  /** Whatever is not as it should be at the end. */
  readonly problems: readonly string[];
}

const ENV = {
  TEARSHEET_FETCH_CONTACT: 'mailto:desk@archive.example',
  TEARSHEET_CRAWL_DELAY_MS: '0',
  TEARSHEET_CRAWL_LATENCY_FACTOR: '0',
  TEARSHEET_BROWSER_RENDER: 'never',
};
/** Of the kills: before the first request. */
const EARLY_SHARE = 0.15;
/** Runs that end before they are killed are made again, so many times over. */
const MOST_RUNS = 4;

interface Scene {
  readonly cli: string;
  readonly outlets: readonly Outlet[];
  readonly places: readonly string[];
}

async function openScene(dir: string, { pages, hosts }: CrawlKillOptions): Promise<Scene> {
  const cli = await built();
  const outlets: Outlet[] = [];
  const sources = join(dir, 'sources');
  await mkdir(sources);
  for (let n = 0; n < hosts; n += 1) {
    const count = Math.floor(pages / hosts) + (n < pages % hosts ? 1 : 0);
    const outlet = await openOutlet(count, `127.0.1.${n + 1}`);
    outlets.push(outlet);
    const text = `name: harbour-${n}\nhome: '${outlet.origin}/'\nsitemaps: ['${outlet.origin}/sitemap_index.xml']\n`;
    await writeFile(join(sources, `harbour-${n}.yaml`), text);
  }
  return { cli, outlets, places: ['--archive', join(dir, 'archive'), '--sources', sources, ...ALLOW] };
}

interface Moment {
  readonly after: CrawlKill['after'];
  readonly ms: number;
}
interface Run {
  readonly isKilled: boolean;
  readonly lines: readonly Record<string, unknown>[];
  readonly startMs: number;
  readonly tookMs: number;
}

/** A crawl that is killed then, if it has not ended by itself. */
async function crawl({ cli, outlets, places }: Scene, flags: readonly string[], moment?: Moment): Promise<Run> {
  const child = spawn(process.execPath, [cli, 'crawl', '--json', ...flags, ...places], {
    env: { ...process.env, NODE_OPTIONS: '', ...ENV },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const began = performance.now();
  let startMs = Number.NaN;
  let timer: NodeJS.Timeout | undefined;
  const arm = (event: Moment['after']) => {
    if (moment?.after === event) timer = setTimeout(() => child.kill('SIGKILL'), moment.ms);
  };
  const onRequest = () => {
    for (const outlet of outlets) outlet.onRequest = undefined;
    startMs = performance.now() - began;
    arm('first request');
  };
  for (const outlet of outlets) outlet.onRequest = onRequest;
  arm('start');
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const signal = await new Promise((resolve) => child.once('close', (_, name) => resolve(name)));
  clearTimeout(timer);
  // The last line may be cut.
  const lines = objectsOf(out.slice(0, out.lastIndexOf('\n') + 1));
  return { isKilled: signal === 'SIGKILL', lines, startMs, tookMs: performance.now() - began };
}

async function verified({ places }: Scene): Promise<string[]> {
  const { code, objects } = await tearsheet(['verify', '--json', ...places]);
  const [report] = objects() as { problems?: { path: string; what: string }[]; error?: { code: string } }[];
  // A kill before the first write leaves nothing that could be an archive.
  if (report?.error?.code === 'E_ARCHIVE_NOT_ONE') return [];
  if (report?.problems === undefined) return [`verify ended with ${code}`];
  return report.problems.map(({ path, what }) => `${path}: ${what}`);
}

export async function killCrawls(
  options: CrawlKillOptions,
  onKill?: (kill: CrawlKill) => void,
): Promise<CrawlKillReport> {
  const random = randomOf(options.seed);
  const dir = await mkdtemp(join(tmpdir(), 'tearsheet-crawl-kill-'));
  const scene = await openScene(dir, options);
  try {
    const whole = {
      ...scene,
      places: scene.places.map((place) => (place === join(dir, 'archive') ? `${place}-whole` : place)),
    };
    const undisturbed = await crawl(whole, []);
    const workMs = undisturbed.tookMs - undisturbed.startMs;
    const kills: CrawlKill[] = [];
    const told: Record<string, unknown>[] = [];
    for (let run = 0; kills.length < options.kills && run < MOST_RUNS * options.kills; run += 1) {
      // What is due grows less with every run; of a pass over everything there is always enough to kill.
      const flags = run % 2 === 0 ? [] : ['--all'];
      const isEarly = random() < EARLY_SHARE;
      const spanMs = isEarly ? undisturbed.startMs : run % 2 === 0 ? (4 * workMs) / options.kills : workMs / 2;
      const moment: Moment = { after: isEarly ? 'start' : 'first request', ms: Math.round(random() * spanMs) };
      const { isKilled, lines } = await crawl(scene, flags, moment);
      told.push(...lines);
      if (!isKilled) continue;
      const kill = { flags, ...moment, told: lines.length, problems: await verified(scene) };
      kills.push(kill);
      onKill?.(kill);
    }
    return { kills, ...(await aftermath(scene, told)) };
  } finally {
    for (const outlet of scene.outlets) await outlet.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Completes the crawl, then looks at everything once more, and counts. */
async function aftermath(
  scene: Scene,
  toldBefore: readonly Record<string, unknown>[],
): Promise<Omit<CrawlKillReport, 'kills'>> {
  const { places, outlets } = scene;
  const last = await tearsheet(['crawl', '--json', ...places], { env: ENV });
  const all = await tearsheet(['crawl', '--all', '--json', ...places], { env: ENV });
  const problems = await verified(scene);
  const note = (what: string) => void problems.push(what);
  const urls = outlets.flatMap((outlet) => outlet.pieces.map((piece) => outlet.urlOf(piece)));
  const summary = all.objects().at(-1) as { pages?: number; outcomes?: Record<string, number> };
  if (summary.outcomes?.['not-modified'] !== urls.length)
    note(`a look at everything gave ${JSON.stringify(summary)}, not ${urls.length} not-modified`);
  const firsts = [...toldBefore, ...last.objects()].filter(({ outcome }) => outcome === 'new').map(({ url }) => url);
  if (new Set(firsts).size !== firsts.length)
    note(`${firsts.length - new Set(firsts).size} pages were told of as new twice`);
  const articles = (await tearsheet(['list', '--json', ...places])).objects();
  const kept = new Set(articles.map(({ url }) => url));
  for (const url of urls) if (!kept.has(url)) note(`${url} is not kept`);
  for (const { url, article, versions } of articles) {
    if (versions !== 1) note(`${String(url)} has ${String(versions)} versions`);
    const lines = (await tearsheet(['history', String(article), '--json', ...places])).objects();
    const seqs = lines.filter(({ type }) => type === 'look').map(({ seq }) => seq);
    if (seqs.some((seq, n) => seq !== n + 1)) note(`${String(url)} has the looks ${seqs.join(', ')}`);
  }
  return { exits: [last.code, all.code], articles: articles.length, problems };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '30' },
      pages: { type: 'string', default: '400' },
      hosts: { type: 'string', default: '4' },
      seed: { type: 'string', default: String(Date.now() % 1e6) },
    },
  });
  const [kills, pages, hosts, seed] = [values.kills, values.pages, values.hosts, values.seed].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  console.log(`${kills} kills of a crawl of ${pages} pages on ${hosts} hosts, seed ${seed}\n`);
  console.log('kill  crawl  killed at                pages told  problems');
  let n = 0;
  const report = await killCrawls({ kills, pages, hosts, seed }, ({ flags, after, ms, told, problems }) => {
    n += 1;
    const moment = `${after} + ${ms} ms`;
    console.log(
      `${String(n).padStart(4)}  ${(flags[0] ?? '').padEnd(5)}  ${moment.padEnd(23)}  ${String(told).padStart(10)}  ${problems.length}`,
    );
    for (const problem of problems) console.log(`      ${problem}`);
  });
  for (const problem of report.problems) console.log(`at the end: ${problem}`);
  const isWell =
    report.kills.length === kills &&
    report.kills.every(({ problems }) => problems.length === 0) &&
    report.problems.length === 0 &&
    report.exits.every((exit) => exit === 0) &&
    report.articles === pages;
  console.log(
    `\n${report.kills.length} kills; ${report.articles} articles of ${pages}, exits ${report.exits.join(' and ')}, ${report.problems.length} problems: ${isWell ? 'nothing lost, nothing doubled' : 'not as it should be'}`,
  );
  return isWell ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
