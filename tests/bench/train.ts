/**
 * `npm run train`: teaches the learned judge and writes `config/rules/learned.json`.
 * Flags: --bench DIR, the pages with gold data (../shared/bench); --folds N (5) and --models DIR: teach once for each fold with the pages of all other
 * publishers, and write the folds' trees and who is in which, for `npm run bench:quality -- --models DIR`; nothing else is written then.
 * --trees, --leaves, --rate, --hessian, --ridge, --share: see `boosting.ts`.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadRules, type Forest } from '../../src/core/rules.ts';
import { BENCH, setsIn } from './bench-pages.ts';
import { train, type Rows, type Settings } from './boosting.ts';
import { COLUMNS, lessonsOf, type Lesson } from './lessons.ts';

const { values } = parseArgs({
  options: {
    bench: { type: 'string', default: BENCH },
    folds: { type: 'string', default: '5' },
    models: { type: 'string' },
    trees: { type: 'string', default: '200' },
    leaves: { type: 'string', default: '16' },
    rate: { type: 'string', default: '0.07' },
    hessian: { type: 'string', default: '20' },
    ridge: { type: 'string', default: '20' },
    share: { type: 'string', default: '0.3' },
  },
});
const settings: Settings = {
  trees: Number(values.trees),
  leaves: Number(values.leaves),
  rate: Number(values.rate),
  leastHessian: Number(values.hessian),
  ridge: Number(values.ridge),
  featureShare: Number(values.share),
};
const folds = Number(values.folds);
const sets = setsIn(values.bench);
if (sets.length === 0) {
  console.error(
    `train needs pages with gold data: expected ${values.bench}/<set>/gold.jsonl; say where they are with --bench DIR`,
  );
  process.exit(2);
}

/** The same publisher is in the same fold on every machine. */
const foldOf = (publisher: string): number => (createHash('sha256').update(publisher).digest()[0] as number) % folds;

function rowsOf(lessons: readonly Lesson[]): Rows {
  const chosen = lessons.flatMap((lesson) =>
    [...lesson.weights].flatMap((weight, piece) => (weight > 0 ? [{ lesson, piece, weight }] : [])),
  );
  const width = COLUMNS.length;
  const features = new Int32Array(chosen.length * width);
  for (const [r, { lesson, piece }] of chosen.entries())
    features.set(lesson.rows.subarray(piece * width, (piece + 1) * width), r * width);
  const mean = chosen.reduce((sum, { weight }) => sum + weight, 0) / chosen.length;
  return {
    features,
    width,
    answers: Uint8Array.from(chosen, ({ lesson, piece }) => lesson.answers[piece] as number),
    weights: Float64Array.from(chosen, ({ weight }) => weight / mean),
  };
}

function teach(lessons: readonly Lesson[], what: string): Forest {
  const rows = rowsOf(lessons);
  const started = Date.now();
  const forest = train(rows, COLUMNS, settings, (tree) => {
    if (tree % 20 === 0 || tree === settings.trees)
      process.stderr.write(`\r${what}: tree ${tree} of ${settings.trees}`);
  });
  process.stderr.write(`: ${rows.answers.length} pieces, ${Math.round((Date.now() - started) / 1000)} s\n`);
  return forest;
}

/** A tree a line, so that a change of the file can be looked at. */
const spelled = ({ features, base, trees }: Forest): string =>
  `{"features":${JSON.stringify(features)},\n"base":${base},\n"trees":[\n${trees.map((tree) => JSON.stringify(tree)).join(',\n')}\n]}\n`;

const { learned: _, ...rules } = loadRules().rules;
const lessons = [...lessonsOf(values.bench, sets, rules)];
console.error(`${lessons.length} pages, ${lessons.reduce((sum, { texts }) => sum + texts.length, 0)} pieces`);
if (values.models === undefined) {
  const file = join(import.meta.dirname, '../../config/rules/learned.json');
  writeFileSync(file, spelled(teach(lessons, 'all pages')));
  console.log(`${file} written; run npm run golden and look at what changed`);
} else {
  mkdirSync(values.models, { recursive: true });
  const fold = Object.fromEntries(lessons.map(({ publisher }) => [publisher, foldOf(publisher)]));
  writeFileSync(join(values.models, 'folds.json'), `${JSON.stringify(fold, null, 1)}\n`);
  for (let k = 0; k < folds; k++) {
    const others = lessons.filter(({ publisher }) => foldOf(publisher) !== k);
    writeFileSync(join(values.models, `fold-${k}.json`), spelled(teach(others, `fold ${k + 1} of ${folds}`)));
  }
  console.log(`${folds} forests in ${values.models}; npm run bench:quality -- --models ${values.models}`);
}
