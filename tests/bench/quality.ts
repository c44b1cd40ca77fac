/**
 * How well pages are read: `npm run bench:quality`, over real pages with gold data. Writes each system's predictions, calls the
 * data's own scorer, and says how far two systems differ beyond chance.
 *
 *   --bench DIR    the pages (default ../shared/bench)     --set NAME     of these sets only
 *   --models DIR   models out of fold, for pages never seen --peers        Readability on linkedom and on jsdom too (minutes, once)
 *   --worst N      the N worst pages of each set, by cause --keep DIR     keep the predictions there
 *   --markdown     tables for the README                   --json         everything for a machine
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadRules } from '../../src/core/rules.ts';
import { BENCH, goldOf, htmlOf, publisherOf, setsIn, type Gold } from './bench-pages.ts';
import { causesOf, type Cause } from './causes.ts';
import {
  bodyShares,
  figureOf,
  pageF1,
  pairedBootstrap,
  snippetCounts,
  type Difference,
  type Measure,
  type PageScore,
} from './scoring.ts';
import { predict, readWith, systemsOf, type Prediction } from './systems.ts';
import { share, signed, tableOf } from './tables.ts';

/** As much of the scorer's answer as is shown. */
interface SetFigures {
  readonly set: string;
  readonly pages: number;
  readonly empty: number;
  readonly body: { readonly f1: number; readonly precision: number; readonly recall: number } | null;
  readonly segments: { readonly f1: number } | null;
  readonly title: { readonly exact: number; readonly loose: number } | null;
  readonly authors: { readonly exact: number; readonly invented: number | null } | null;
  readonly published: { readonly day: number; readonly instant: number | null } | null;
}
interface SetResult extends SetFigures {
  readonly failed: number;
  readonly scores: readonly PageScore[];
}
interface SystemResult {
  readonly name: string;
  readonly key: string;
  readonly sets: readonly SetResult[];
}

/** The set's own measure: whole bodies, or snippets where the gold has no more. */
const measureOf = ({ body }: SetFigures): Measure => (body === null ? 'snippets' : 'body');
const mainFigure = (result: SetFigures | undefined): number | null | undefined =>
  result?.body?.f1 ?? result?.segments?.f1;

/** The aeb gold leaves the lead out of the body, the other sets count it in. */
const textFor = (set: string, { lead, text }: Prediction): string =>
  set === 'aeb' || lead === undefined || lead === '' ? text : `${lead}\n${text}`;

function scoresOf(set: string, golds: readonly Gold[], predictions: ReadonlyMap<string, Prediction>): PageScore[] {
  return golds.map((gold) => {
    const predicted = textFor(set, predictions.get(gold.id) as Prediction);
    return {
      id: gold.id,
      publisher: publisherOf(gold.url),
      ...(gold.text === undefined ? {} : { body: bodyShares(gold.text, predicted) }),
      ...(gold.with === undefined && gold.without === undefined
        ? {}
        : { snippets: snippetCounts(gold.with ?? [], gold.without ?? [], predicted) }),
    };
  });
}

/** The figures by the scorer beside the pages. */
function scored(bench: string, sets: readonly string[], file: string): SetFigures[] {
  const named = sets.flatMap((set) => ['--set', set]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(bench, 'score.mjs'), '--gold', bench, '--pred', file, '--json', ...named],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`the scorer ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as SetFigures[];
}

interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly bySet: Readonly<Record<string, Difference | null>>;
}
/** Each system against the first and, where there is one, against that out of fold: the one that says what unseen pages get. */
function comparisonsOf(results: readonly SystemResult[]): Comparison[] {
  const bases = results.filter(({ key }) => key === 'tearsheet' || key === 'out-of-fold');
  return bases.flatMap((base, n) =>
    results
      .filter((other) => other !== base && !bases.slice(0, n).includes(other))
      .map((other) => ({
        first: base.name,
        second: other.name,
        bySet: Object.fromEntries(
          base.sets.map((result, i) => [
            result.set,
            pairedBootstrap(result.scores, other.sets[i]?.scores ?? [], measureOf(result)),
          ]),
        ),
      })),
  );
}

function report(results: readonly SystemResult[], comparisons: readonly Comparison[], isMarkdown: boolean): string {
  const sets = results[0]?.sets ?? [];
  const names = sets.map(({ set }) => set);
  const of = (title: string, head: readonly string[], rows: readonly (readonly string[])[]): string =>
    `${isMarkdown ? `**${title}**` : title}\n\n${tableOf(head, rows, isMarkdown)}\n`;
  const unit = sets.map((result) => (measureOf(result) === 'body' ? result.set : `${result.set} (snippets)`));
  const parts = [
    of(
      `F1 of the body over ${sets.map(({ pages, set }) => `${pages} pages of ${set}`).join(', ')}`,
      ['', ...unit],
      results.map(({ name, sets: own }) => [name, ...own.map((result) => share(mainFigure(result)))]),
    ),
    of(
      'Precision and recall of the body',
      ['', ...names],
      results.map(({ name, sets: own }) => [
        name,
        ...own.map(({ body }) => (body ? `${share(body.precision)} ${share(body.recall)}` : '–')),
      ]),
    ),
  ];
  if (comparisons.length > 0)
    parts.push(
      of(
        'Differences of that F1, with 95 % intervals (paired bootstrap over publishers, 2,000 resamples)',
        ['', ...unit],
        comparisons.map(({ first, second, bySet }) => [
          `${first} less ${second}`,
          ...names.map((set) => {
            const found = bySet[set];
            return found ? `${signed(found.difference)} (${signed(found.low)} to ${signed(found.high)})` : '–';
          }),
        ]),
      ),
    );
  for (const [i, { set, title, authors, published }] of sets.entries()) {
    if (!title && !authors && !published) continue;
    parts.push(
      of(
        `What the page says of itself: ${set}`,
        ['', 'title exact', 'but for case', 'authors', 'made up', 'day', 'instant'],
        results.map(({ name, sets: own }) => {
          const result = own[i];
          return [
            name,
            share(result?.title?.exact),
            share(result?.title?.loose),
            share(result?.authors?.exact),
            share(result?.authors?.invented),
            share(result?.published?.day),
            share(result?.published?.instant),
          ];
        }),
      ),
    );
  }
  parts.push(
    of(
      'Pages that came out empty / that failed',
      ['', ...names],
      results.map(({ name, sets: own }) => [name, ...own.map(({ empty, failed }) => `${empty - failed} / ${failed}`)]),
    ),
  );
  return parts.join('\n');
}

interface WorstPage {
  readonly id: string;
  readonly url: string;
  readonly f1: number;
  readonly kind: string;
  readonly causes: readonly Cause[];
}
/** The pages with the lowest F1 of one set as the cleaner ships, and what lost the points. */
function worstOf(bench: string, { set, scores }: SetResult, count: number): WorstPage[] {
  const golds = new Map(goldOf(bench, set).map((gold) => [gold.id, gold]));
  const { rules } = loadRules();
  return scores
    .flatMap(({ id, body }) => (body ? [{ id, f1: pageF1(body) }] : []))
    .toSorted((a, b) => a.f1 - b.f1)
    .slice(0, count)
    .map(({ id, f1 }) => {
      const { url, text = '' } = golds.get(id) as Gold;
      const reading = readWith(htmlOf(bench, set, id), url, rules);
      return { id, url, f1, kind: reading.kind, causes: causesOf(reading, text, set !== 'aeb') };
    });
}

function worstReport(set: string, pages: readonly WorstPage[]): string {
  const lines = [
    `Worst ${pages.length} pages of ${set}, and runs of four tokens that are too many or missing, by label`,
  ];
  const sums = new Map<string, number>();
  for (const { id, url, f1, kind, causes } of pages) {
    lines.push(`  ${share(f1)}  ${id}  ${kind === 'article' ? '' : `(${kind}) `}${url}`);
    for (const { what, label, shingles, example } of causes.slice(0, 4))
      lines.push(`        ${what.padEnd(8)}${label.padEnd(13)}${String(shingles).padStart(6)}  ${example}`);
    for (const { what, label, shingles } of causes)
      sums.set(`${what} ${label}`, (sums.get(`${what} ${label}`) ?? 0) + shingles);
  }
  const ranked = [...sums].toSorted((a, b) => b[1] - a[1]).slice(0, 12);
  lines.push(`  of all of them: ${ranked.map(([cause, shingles]) => `${cause} ${shingles}`).join(', ')}`);
  return `${lines.join('\n')}\n`;
}

/** The bootstrap works on sums of its own; they have to come to what the scorer says. */
function assertAgrees(name: string, { set, ...result }: SetResult): void {
  const own = figureOf(result.scores, measureOf({ set, ...result }));
  const theirs = mainFigure({ set, ...result });
  // Where the gold has both whole bodies and snippets, the body is looked at.
  if (own !== null && typeof theirs === 'number' && Math.abs(own - theirs) > 1e-9)
    throw new Error(`the page scores of ${name} on ${set} come to ${own}, the scorer says ${theirs}: mend scoring.ts`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bench: { type: 'string', default: BENCH },
      set: { type: 'string', multiple: true },
      models: { type: 'string' },
      peers: { type: 'boolean', default: false },
      worst: { type: 'string', default: '0' },
      keep: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { bench } = values;
  const sets = setsIn(bench, values.set);
  if (!existsSync(join(bench, 'score.mjs')) || sets.length === 0) {
    console.error(
      `expected ${bench}/score.mjs and sets with gold.jsonl, got none; say where they are with --bench DIR`,
    );
    process.exitCode = 2;
    return;
  }
  const golds = new Map(sets.map((set) => [set, goldOf(bench, set)]));
  const pages = sets.flatMap((set) =>
    (golds.get(set) as Gold[]).map(({ id, url }) => ({ id, url, html: () => htmlOf(bench, set, id) })),
  );
  const temp = mkdtempSync(join(tmpdir(), 'tearsheet-quality-'));
  const folder = values.keep ?? temp;
  mkdirSync(folder, { recursive: true });
  const cache = values.keep ?? join(tmpdir(), 'tearsheet-bench-peers');
  const results: SystemResult[] = [];
  let cpuMs = 0;
  try {
    for (const system of systemsOf({ ...(values.models ? { models: values.models } : {}), hasPeers: values.peers })) {
      process.stderr.write(`${system.name} …\n`);
      const started = process.cpuUsage();
      const predictions = new Map((await predict(system, pages, cache)).map((one) => [one.id, one]));
      const used = process.cpuUsage(started);
      if (system.key === 'tearsheet') cpuMs = (used.user + used.system) / 1000;
      const file = join(folder, `${system.key}.jsonl`);
      writeFileSync(file, [...predictions.values()].map((one) => `${JSON.stringify(one)}\n`).join(''));
      const figures = scored(bench, sets, file).map((result): SetResult => {
        const own = golds.get(result.set) as Gold[];
        return {
          ...result,
          failed: own.filter(({ id }) => predictions.get(id)?.error !== undefined).length,
          scores: scoresOf(result.set, own, predictions),
        };
      });
      for (const result of figures) assertAgrees(system.name, result);
      results.push({ name: system.name, key: system.key, sets: figures });
    }
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
  const comparisons = comparisonsOf(results);
  const worst = Number(values.worst);
  const worstPages =
    worst > 0
      ? (results[0]?.sets ?? []).map((result) => ({ set: result.set, pages: worstOf(bench, result, worst) }))
      : [];
  if (values.json) {
    console.log(JSON.stringify({ systems: results, comparisons, worst: worstPages }));
    return;
  }
  console.log(report(results, comparisons, values.markdown));
  for (const { set, pages: of } of worstPages) console.log(worstReport(set, of));
  console.log(
    `${pages.length} pages: ${(cpuMs / pages.length).toFixed(2)} ms of CPU a page with reading and unpacking its file, source run by tsx (bench:speed measures what ships)`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
