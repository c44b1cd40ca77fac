/** That the golden pages show everything there is: every label, every kind of page, many languages and scripts. */
import { describe, expect, test } from 'vitest';
import { LABELS, PAGE_KINDS } from '../../src/core/labels.ts';
import { goldenNames, goldenPage, type Expected } from './page.ts';
import { trueNames, truthOf } from './truth.ts';

const MIN_PAGES = 60;
const MIN_LANGUAGES = 20;
const MIN_SCRIPTS = 12;
const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Thai',
  'Khmer',
  'Myanmar',
  'Georgian',
  'Armenian',
  'Ethiopic',
  'Han',
  'Hiragana',
  'Hangul',
];

/** By hand where there is a truth, else as expected. */
function saidOf(name: string): Expected {
  if (trueNames().includes(name)) return truthOf(name);
  const { expected } = goldenPage(name);
  if (expected === null) throw new Error(`expected.json is missing: npm run golden -- --accept ${name}`);
  return expected;
}

const counts = (values: readonly string[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
};
const spelled = (found: ReadonlyMap<string, number>): string =>
  [...found]
    .toSorted(([, a], [, b]) => b - a)
    .map(([value, count]) => `${value} ${count}`)
    .join(', ');

describe('golden pages', () => {
  const names = goldenNames();
  const pages = names.map(saidOf);

  test(`are ${MIN_PAGES} at least`, () => {
    expect(names.length).toBeGreaterThanOrEqual(MIN_PAGES);
  });

  test('show every label, in pages of which it is said by hand or expected', () => {
    const labels = counts(
      pages.flatMap(({ article, boilerplate }) => [...article, ...boilerplate].map(({ label }) => label)),
    );
    console.info(`golden labels: ${spelled(labels)}`);
    expect(LABELS.filter((label) => !labels.has(label))).toEqual([]);
  });

  test('show every kind of page', () => {
    const kinds = counts(pages.map(({ kind }) => kind));
    console.info(`golden kinds: ${spelled(kinds)}`);
    expect(PAGE_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test(`speak ${MIN_LANGUAGES} languages in ${MIN_SCRIPTS} scripts at least`, () => {
    const languages = counts(pages.map(({ language = 'und' }) => language.split('-')[0] as string));
    const scripts = counts(
      pages.flatMap(({ article, boilerplate }) => {
        const text = [...article, ...boilerplate].map((block) => block.text).join(' ');
        return SCRIPTS.filter((script) => (text.match(new RegExp(`\\p{Script=${script}}`, 'gu'))?.length ?? 0) > 20);
      }),
    );
    console.info(`golden languages: ${languages.size}: ${spelled(languages)}; scripts: ${spelled(scripts)}`);
    expect(languages.size).toBeGreaterThanOrEqual(MIN_LANGUAGES);
    expect(scripts.size).toBeGreaterThanOrEqual(MIN_SCRIPTS);
  });
});
