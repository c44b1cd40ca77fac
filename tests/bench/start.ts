/**
 * `npm run bench:start`: what a cold `archive` of one loopback page costs. The wall time is that of whole processes; the split
 * comes from runs of their own, since measuring takes time as well. Flags: --runs N (15).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from '../e2e/paper.ts';

interface Ended {
  readonly ms: number;
  readonly stdout: string;
  readonly stderr: string;
}
async function run(argv: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${texts.stderr}`);
  return { ms: performance.now() - startedMs, ...texts };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The program loads it while the server is at work, so on loopback it shows up in the time of the next step. */
const CLEAN = 'import the clean room';
/** Imports in the order in which the program needs them: name of the row, and the modules of `dist/`. */
const IMPORTS: readonly (readonly [string, readonly string[]])[] = [
  ['import the command line', ['cli.js']],
  ['import the command', ['commands/archive.js']],
  ['import the archive room', ['archive/index.js']],
  ['import pipeline and compare', ['pipeline.js']],
  ['import the fetch room', ['fetch/http.js']],
  [CLEAN, ['clean/index.js']],
];

/** Milliseconds of each import, in a process of its own. */
async function importTimes(dist: string): Promise<number[]> {
  const script = `const times = [];
    for (const paths of ${JSON.stringify(IMPORTS.map(([, paths]) => paths.map((path) => pathToFileURL(join(dist, path)).href)))}) {
      const started = performance.now();
      for (const path of paths) await import(path);
      times.push(performance.now() - started);
    }
    process.stdout.write(JSON.stringify(times));`;
  return JSON.parse((await run(['--input-type=module', '-e', script])).stdout) as number[];
}

async function modulesLoaded(cli: string, argv: readonly string[], dir: string): Promise<string[]> {
  const trace = join(dir, 'modules');
  await writeFile(trace, '');
  const hook = fileURLToPath(new URL('trace-modules.mjs', import.meta.url));
  await run(['--import', hook, cli, ...argv], { TRACE_MODULES: trace });
  return [...new Set((await readFile(trace, 'utf8')).split('\n'))].filter(
    (url) => url.startsWith('file:') && !url.endsWith('trace-modules.mjs'),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
  const runs = Number(values.runs);
  const cli = await built();
  const paper = await openPaper((path, _, response) => sendHtml(response, pageOf(storyOf(path.slice(1)))));
  const dir = await mkdtemp(join(tmpdir(), 'tearsheet-start-'));
  let archives = 0;
  const archive = () => [
    'archive',
    `${paper.origin}/bridge-opens-1`,
    '--archive',
    join(dir, `archive-${(archives += 1)}`),
    ...ALLOW,
  ];
  const samples: Record<string, number[]> = {};
  const note = (name: string, ms: number) => void (samples[name] ??= []).push(ms);
  try {
    await run([cli, ...archive()]);
    for (let n = 0; n < runs; n += 1) {
      note('wall', (await run([cli, ...archive()])).ms);
      note('node alone', (await run(['-e', '0'])).ms);
      note('--version', (await run([cli, '--version'])).ms);
      for (const [row, ms] of (await importTimes(join(cli, '..'))).entries()) note(IMPORTS[row]?.[0] ?? '', ms);
      const { stderr } = await run([cli, ...archive(), '--log-level', 'info']);
      const visited = JSON.parse(stderr.split('\n').find((line) => line.includes('"visited"')) ?? '{}') as {
        tookMs?: Record<string, number>;
      };
      for (const [part, ms] of Object.entries(visited.tookMs ?? {})) note(part, ms);
    }
    const modules = await modulesLoaded(cli, archive(), dir);
    const rows: [string, number][] = [
      ['node itself', median(samples['node alone'] ?? [])],
      ...IMPORTS.filter(([name]) => name !== CLEAN).map(([name]): [string, number] => [
        name,
        median(samples[name] ?? []),
      ]),
      ...(['head', 'fetch', 'capture', 'read', 'hold'] as const).map((part): [string, number] => [
        PARTS[part],
        median(samples[part] ?? []),
      ]),
    ];
    const wall = median(samples['wall'] ?? []);
    const known = rows.reduce((sum, [, ms]) => sum + ms, 0);
    console.log(`archive of one loopback page, cold: medians of ${runs} runs on Node ${process.versions.node}\n`);
    for (const [name, ms] of [...rows, ['open the archive, rules, seal the run, the rest', wall - known] as const])
      console.log(`${name.padEnd(48)} ${ms.toFixed(0).padStart(5)} ms`);
    console.log(
      `${'wall time'.padEnd(48)} ${wall.toFixed(0).padStart(5)} ms  (${Math.min(...(samples['wall'] ?? [])).toFixed(0)} to ${Math.max(...(samples['wall'] ?? [])).toFixed(0)})`,
    );
    console.log(
      `${'for comparison: tearsheet --version'.padEnd(48)} ${median(samples['--version'] ?? [])
        .toFixed(0)
        .padStart(5)} ms`,
    );
    const counts = new Map<string, number>();
    for (const url of modules) {
      const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? 'tearsheet';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const listed = [...counts].toSorted((a, b) => b[1] - a[1]).map(([name, count]) => `${name} ${count}`);
    console.log(`\nmodules loaded: ${modules.length} (${listed.join(', ')})`);
  } finally {
    await paper.close();
    await rm(dir, { recursive: true, force: true });
  }
}

const PARTS = {
  head: 'read what is known of the page',
  fetch: 'fetch it (undici loaded here)',
  capture: 'write the capture (WARC); clean room loads here',
  read: 'clean it (rules compiled here)',
  hold: 'hold, compare, write version and look (fsynced)',
} as const;

await main();
