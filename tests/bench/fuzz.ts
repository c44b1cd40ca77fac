/**
 * Many spoiled pages: `npm run bench:fuzz -- --inputs 200000`. Golden pages and, where they are, bench pages are cut and spoiled in
 * every way; each input is read and held to the laws. A child does the work, so that one that never ends is seen and named.
 *
 *   --inputs N (20000)   --seed N (1)    the same two give the same inputs
 *   --from N (0)         goes on where a run was stopped, or tries one input again with --inputs 1
 *   --out DIR            where failing inputs are written (default tearsheet-fuzz in the system's temporary folder)
 *   --golden             golden pages only
 */
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { goldenNames, goldenPage } from '../golden/page.ts';
import { faultOf, lawOf, shrunk } from '../laws/fuzz-checks.ts';
import { fuzzInputs, type FuzzInput } from '../laws/fuzz-inputs.ts';
import { BENCH, goldOf, htmlOf, setsIn } from './bench-pages.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    out: { type: 'string', default: join(tmpdir(), 'tearsheet-fuzz') },
    golden: { type: 'boolean', default: false },
    child: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const first = Number(values.from);
const last = first + Number(values.inputs);
/** Inputs are made by the hundred: what a number stands for does not depend on where a run began. */
const BATCH = 100;
const SCHEMA_EVERY = 10;
/** CPU time for one input of at most some ten thousand characters, read three times; a page of 200 KB takes a twentieth. */
const MAX_CPU_MS = 2_000;
const MAX_SILENCE_MS = 60_000;
const MAX_FAILURES = 25;

type Message =
  | {
      readonly kind: 'failure';
      readonly n: number;
      readonly fault: string;
      readonly made: string;
      readonly file: string;
      readonly shrunk: string;
    }
  | { readonly kind: 'progress'; readonly n: number; readonly characters: number; readonly slowestMs: number };

function corpusOf(): string[] {
  const golden = goldenNames()
    .map(goldenPage)
    .map(({ bytes, meta }) => new TextDecoder(meta.charset ?? 'utf-8').decode(bytes));
  const bench = (values.golden ? [] : setsIn(BENCH)).flatMap((set) =>
    // A page of megabytes is mostly script; what is cut from it teaches little.
    goldOf(BENCH, set)
      .map(({ id }) => htmlOf(BENCH, set, id))
      .filter((html) => html.length < 600_000),
  );
  return [...golden, ...bench];
}

const batchOf = (arbitrary: fc.Arbitrary<FuzzInput>, batch: number): FuzzInput[] =>
  fc.sample(arbitrary, { numRuns: BATCH, seed: (seed * 1_000_003 + batch) | 0 });

/** Tells the parent at once: a message that waits for the event loop would not be out before an endless loop. */
const tell = (message: Message): void => void writeSync(1, `${JSON.stringify(message)}\n`);

/** `isAlive` is told of each try, since making a failing input small takes as long as a thousand others. */
function fail(input: FuzzInput, n: number, fault: string, isAlive: () => void): void {
  const law = lawOf(fault);
  const fails = (text: string): boolean => {
    isAlive();
    const found = faultOf({ ...input, text }, { checksSchema: law === 'schema' });
    return found !== null && lawOf(found) === law;
  };
  const small = law === 'time' ? input.text : shrunk(input.text, fails);
  mkdirSync(values.out, { recursive: true });
  const name = join(values.out, `${seed}-${n}`);
  const end = input.contentType === 'text/plain' ? 'txt' : 'html';
  // As JSON too, since a lone surrogate cannot be written as UTF-8.
  writeFileSync(`${name}.${end}`, input.text);
  writeFileSync(`${name}.json`, `${JSON.stringify({ seed, n, fault, ...input, shrunk: small }, null, 2)}\n`);
  tell({ kind: 'failure', n, fault, made: input.made, file: `${name}.json`, shrunk: small.slice(0, 400) });
}

function work(): void {
  const arbitrary = fuzzInputs(corpusOf());
  let characters = 0;
  let slowestMs = 0;
  let failures = 0;
  let tried = first;
  for (let batch = Math.floor(first / BATCH); batch * BATCH < last && failures < MAX_FAILURES; batch += 1) {
    for (const [i, input] of batchOf(arbitrary, batch).entries()) {
      const n = batch * BATCH + i;
      if (n < first || n >= last || failures >= MAX_FAILURES) continue;
      tried = n + 1;
      const isAlive = (): void => tell({ kind: 'progress', n, characters, slowestMs });
      isAlive();
      const started = process.cpuUsage();
      const fault = faultOf(input, { checksSchema: n % SCHEMA_EVERY === 0 });
      const { user, system } = process.cpuUsage(started);
      const cpuMs = (user + system) / 1000;
      slowestMs = Math.max(slowestMs, cpuMs);
      characters += input.text.length;
      if (fault !== null) {
        failures += 1;
        fail(input, n, fault, isAlive);
      } else if (cpuMs > MAX_CPU_MS) {
        failures += 1;
        fail(input, n, `time: ${Math.round(cpuMs)} ms of CPU for ${input.text.length} characters`, isAlive);
      }
    }
  }
  tell({ kind: 'progress', n: Math.min(last, tried), characters, slowestMs });
}

async function watch(): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), [...process.argv.slice(2), '--child'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  console.log(`inputs ${first} to ${last - 1} of seed ${seed}`);
  const startedMs = performance.now();
  const failures: Message[] = [];
  let at = { n: first, characters: 0, slowestMs: 0 };
  let heardMs = performance.now();
  let shownMs = heardMs;
  let rest = '';
  const hear = (message: Message): void => {
    if (message.kind === 'failure') {
      failures.push(message);
      console.log(
        `\ninput ${message.n} (${message.made}): ${message.fault}\n  ${JSON.stringify(message.shrunk)}\n  ${message.file}`,
      );
    } else at = message;
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    heardMs = performance.now();
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(JSON.parse(line) as Message);
    if (heardMs - shownMs < 30_000) return;
    shownMs = heardMs;
    console.log(`  ${at.n - first} inputs, ${failures.length} failed, ${Math.round((heardMs - startedMs) / 1000)} s`);
  });
  let isHung = false;
  const timer = setInterval(() => {
    if (performance.now() - heardMs < MAX_SILENCE_MS) return;
    isHung = true;
    child.kill('SIGKILL');
  }, 1_000);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  const again = `npm run bench:fuzz -- --seed ${seed} --from ${at.n} --inputs 1`;
  if (isHung) console.log(`\ninput ${at.n}: no answer in ${MAX_SILENCE_MS / 1000} s; again: ${again}`);
  else if (code !== 0) console.log(`\ninput ${at.n}: the process ended with ${code}; again: ${again}`);
  const done = at.n - first;
  console.log(
    `${done} inputs of ${Math.round(at.characters / Math.max(1, done))} characters on average in ${Math.round((performance.now() - startedMs) / 1000)} s, ${failures.length} failed; the slowest took ${Math.round(at.slowestMs)} ms`,
  );
  return failures.length === 0 && code === 0 ? 0 : 1;
}

if (values.child) work();
else process.exitCode = await watch();
