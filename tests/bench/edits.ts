/**
 * False versions and missed edits: real pages with per-response noise, edited by plan over epochs, read and compared as an
 * archive would. `npx tsx tests/bench/edits.ts [--shared DIR] [--set NAME] [--pages N] [--epochs N] [--plan NAME] [--list]`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { clean } from '../../src/clean/index.ts';
import { compare, judgeLook, summarise } from '../../src/compare/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import type { Reading } from '../../src/core/schema.ts';

interface Gold {
  readonly id: string;
  readonly url: string;
  readonly title?: string;
  readonly text?: string;
}
interface Page {
  readonly html: string;
  readonly url: string;
  readonly paragraphs: string[];
  readonly title: string;
  readonly walled: boolean;
}
interface Edits {
  readonly editableParagraphs: (html: string, gold: Gold) => string[];
  readonly editableTitle: (html: string, gold: Gold) => string;
  readonly canWall: (gold: Gold, paragraphs: string[]) => boolean;
  readonly edited: (html: string, at: Page & { plan: string; epoch: number }) => string;
  readonly truth: (at: Page & { plan: string; epoch: number }) => { versions: number; event?: string | null };
  readonly noisy: (html: string, headlines: string[]) => string;
}

const { values } = parseArgs({
  options: {
    shared: { type: 'string', default: join(import.meta.dirname, '../../../shared') },
    set: { type: 'string', default: 'fundus' },
    pages: { type: 'string', default: '1000' },
    epochs: { type: 'string', default: '2' },
    plan: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const editsFile = join(values.shared, 'fakeweb/edits.mjs');
if (!existsSync(editsFile)) {
  console.error(`this bench needs the fake news web: expected ${editsFile}; say where it is with --shared DIR`);
  process.exit(2);
}
const plans = (await import(editsFile)) as Edits;
const { rules } = loadRules();
const words = JSON.parse(
  readFileSync(new URL('../../config/words/wording.json', import.meta.url), 'utf8'),
) as NonNullable<Parameters<typeof compare>[2]>['words'] & {};

const golds = readFileSync(join(values.shared, 'bench', values.set, 'gold.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Gold)
  .slice(0, Number(values.pages));
const titles = golds.map((gold) => gold.title ?? '').filter(Boolean);
// Some sets give no titles; the noise needs some.
const headlines = titles.length > 0 ? titles : ['Harbour reopens', 'Bridge closed for repairs', 'Rain until Friday'];
const pages = golds.map((gold): Page & { id: string } => {
  const file = join(values.shared, 'bench', values.set, 'pages', `${gold.id}.html.gz`);
  const html = gunzipSync(readFileSync(file)).toString('utf8');
  const paragraphs = plans.editableParagraphs(html, gold);
  return {
    id: gold.id,
    html,
    url: gold.url,
    paragraphs,
    title: plans.editableTitle(html, gold),
    walled: plans.canWall(gold, paragraphs),
  };
});

const tallies = [];
let compareMs = 0;
for (const plan of ['none', 'word', 'comma', 'append', 'delete', 'headline', 'flap', 'revert', 'paywall']) {
  if (values.plan && values.plan !== plan) continue;
  const tally = { plan, looks: 0, versions: 0, false: 0, missed: 0, 'wrong event': 0, 'significance (median)': 0 };
  const weights: number[] = [];
  for (const page of pages) {
    let previous: Reading | undefined;
    let kept = 0;
    for (let epoch = 0; epoch <= Number(values.epochs); epoch++) {
      const isServed = !(plan === 'paywall' && !page.walled);
      const now = { ...page, plan: isServed ? plan : 'none', epoch };
      const html = plans.noisy(plans.edited(page.html, now), headlines);
      const reading = clean(html, { url: page.url, contentType: 'text/html; charset=utf-8', rules });
      const started = performance.now();
      const change = previous && compare(previous, reading, { words });
      compareMs += performance.now() - started;
      const look = { status: 200, askedUrl: page.url, finalUrl: page.url, reading, previous, change };
      const { outcome, isVersion, note } = judgeLook(look);
      const wanted = plans.truth(now);
      const before = epoch === 0 ? 0 : plans.truth({ ...now, epoch: epoch - 1 }).versions;
      const isDue = wanted.versions > before;
      const isRight = !wanted.event || wanted.event === outcome;
      tally.looks++;
      tally.versions += isVersion ? 1 : 0;
      tally.false += isVersion && !isDue ? 1 : 0;
      tally.missed += isDue && !isVersion ? 1 : 0;
      tally['wrong event'] += isRight ? 0 : 1;
      if (change && isVersion) weights.push(change.significance);
      if (values.list && (isVersion !== isDue || !isRight)) {
        console.log(
          `${plan} ${page.id} epoch ${epoch}: ${outcome}${isDue ? ', a version was due' : ''}; ${note ?? ''}`,
        );
        for (const edit of change?.edits ?? []) {
          console.log(`    ${edit.kind} ${edit.blockBefore ?? ''}>${edit.blockAfter ?? ''}`);
          console.log(`      - ${edit.before?.slice(0, 150)}\n      + ${edit.after?.slice(0, 150)}`);
        }
        if (change && !isVersion) console.log(`    ${summarise(change)}`);
      }
      if (isVersion) {
        previous = reading;
        kept++;
      }
    }
    if (kept === 0 && values.list) console.log(`${plan} ${page.id}: never kept`);
  }
  tally['significance (median)'] = weights.toSorted((a, b) => a - b)[weights.length >> 1] ?? 0;
  tallies.push(tally);
}
console.table(tallies);
const looks = tallies.reduce((sum, { looks: some }) => sum + some, 0);
console.log(`${pages.length} pages of ${values.set}; compare takes ${(compareMs / looks).toFixed(2)} ms a look`);
