/**
 * Fits the weights by which the headline is chosen among all that a page calls itself (`title…` in `metadata.yaml`), on
 * pages with gold data, and says how well they do on publishers they were not fitted on.
 * `npm run train:titles -- [--bench DIR] [--fundus WEIGHT]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { gatherClaims } from '../../src/clean/claims.ts';
import { clean } from '../../src/clean/index.ts';
import { parsePage } from '../../src/clean/parse.ts';
import { titleCandidates, tunableOf } from '../../src/clean/title-choice.ts';
import { gatherTitles, siteNameOf, SiteNames, titleForms } from '../../src/clean/titles.ts';
import { loadRules } from '../../src/core/rules.ts';

const { values } = parseArgs({
  options: {
    bench: { type: 'string', default: join(import.meta.dirname, '../../../shared/bench') },
    /** How much a page of the set with the most careful titles counts against one of the others. */
    fundus: { type: 'string', default: '3' },
    l2: { type: 'string', default: '0.3' },
    folds: { type: 'string', default: '5' },
  },
});
const { bench } = values;
if (!existsSync(bench)) {
  console.error(`train:titles needs the bench data: expected ${bench}; say where it is with --bench DIR`);
  process.exit(2);
}

interface Example {
  readonly set: string;
  readonly publisher: string;
  readonly choices: readonly {
    text: string;
    isRight: boolean;
    isLike: boolean;
    features: readonly (readonly [number, number])[];
  }[];
}
const names: string[] = [];
const indexOf = (name: string): number => {
  const at = names.indexOf(name);
  return at >= 0 ? at : names.push(name) - 1;
};
const squash = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();
const loose = (text: string): string =>
  squash(text)
    .toLowerCase()
    .replace(/[\u2018\u2019\u201a\u201b`\u00b4'"\u201c\u201d\u201e\u00ab\u00bb]/gu, '')
    .replace(/[\u2010-\u2015\u2212]/gu, '-');

const { rules } = loadRules();
const examples: Example[] = [];
for (const set of readdirSync(bench).filter((name) => existsSync(join(bench, name, 'gold.jsonl')))) {
  for (const line of readFileSync(join(bench, set, 'gold.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)) {
    const { id, url, title } = JSON.parse(line) as { id: string; url: string; title?: string };
    if (title === undefined || title === '') continue;
    const html = gunzipSync(readFileSync(join(bench, set, 'pages', `${id}.html.gz`))).toString('utf8');
    const { blocks } = clean(html, { url, contentType: 'text/html; charset=utf-8', rules });
    const claims = gatherClaims(parsePage(html, 512));
    const sites = new SiteNames([siteNameOf(claims, gatherTitles(claims))], url);
    const shown = blocks.find(({ label, origin }) => label === 'headline' && origin === 'page')?.text;
    examples.push({
      set,
      publisher: new URL(url).hostname.split('.').slice(-2).join('.'),
      choices: titleCandidates(titleForms(claims, shown, sites), url, sites).map(({ text, evidence }) => ({
        text,
        isRight: squash(text) === squash(title),
        isLike: loose(text) === loose(title),
        features: [...evidence].map(([name, value]) => [indexOf(name), value / 100] as const),
      })),
    });
  }
}

type Weights = Float64Array;
const scoreOf = (features: Example['choices'][number]['features'], weights: Weights): number =>
  features.reduce((sum, [at, value]) => sum + value * (weights[at] as number), 0);

/** Softmax over the titles of each page, by gradient descent with momentum. */
function fit(pages: readonly Example[]): Weights {
  const weights = new Float64Array(names.length);
  const velocity = new Float64Array(names.length);
  const usable = pages.filter(({ choices }) => choices.some(({ isLike }) => isLike));
  const weightOf = ({ set }: Example): number => (set === 'fundus' ? Number(values.fundus) : 1);
  const total = usable.reduce((sum, page) => sum + weightOf(page), 0);
  for (let step = 0; step < 600; step++) {
    const gradient = weights.map((weight) => (Number(values.l2) / 100) * weight);
    for (const page of usable) {
      const powers = page.choices.map(({ features }) => Math.exp(scoreOf(features, weights)));
      const all = powers.reduce((sum, power) => sum + power, 0);
      const right = page.choices.reduce((sum, { isLike }, i) => sum + (isLike ? (powers[i] as number) : 0), 0);
      for (const [i, { features, isLike }] of page.choices.entries()) {
        const power = powers[i] as number;
        const error = ((power / all - (isLike ? power / right : 0)) * weightOf(page)) / total;
        for (const [at, value] of features) gradient[at] = (gradient[at] as number) + error * value;
      }
    }
    for (let at = 0; at < weights.length; at++) {
      velocity[at] = 0.9 * (velocity[at] as number) - 0.3 * (gradient[at] as number);
      weights[at] = (weights[at] as number) + (velocity[at] as number);
    }
  }
  return weights;
}

const foldOf = (publisher: string): number =>
  [...publisher].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7) % Number(values.folds);
const tally = new Map<string, { pages: number; exact: number; loose: number; possible: number }>();
function judge(pages: readonly Example[], weights: Weights, suffix: string): void {
  for (const { set, choices } of pages) {
    const key = `${set} ${suffix}`;
    const counts = tally.get(key) ?? { pages: 0, exact: 0, loose: 0, possible: 0 };
    tally.set(key, counts);
    const best = choices.toSorted((a, b) => scoreOf(b.features, weights) - scoreOf(a.features, weights))[0];
    counts.pages++;
    counts.exact += Number(best?.isRight ?? false);
    counts.loose += Number(best?.isLike ?? false);
    counts.possible += Number(choices.some(({ isRight }) => isRight));
  }
}

for (let fold = 0; fold < Number(values.folds); fold++) {
  const weights = fit(examples.filter(({ publisher }) => foldOf(publisher) !== fold));
  judge(
    examples.filter(({ publisher }) => foldOf(publisher) === fold),
    weights,
    'other publishers',
  );
}
const weights = fit(examples);
judge(examples, weights, 'the same');
for (const [key, { pages, exact, loose: like, possible }] of [...tally].toSorted())
  console.log(
    `${key}: exact ${(exact / pages).toFixed(3)}, but for quotes ${(like / pages).toFixed(3)}, possible ${(possible / pages).toFixed(3)} of ${pages}`,
  );
for (const [at, name] of names.entries())
  console.log(`  ${tunableOf(name)}: ${Math.round((weights[at] as number) * 100)}`);
