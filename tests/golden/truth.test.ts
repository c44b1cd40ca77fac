/** What a careful reader said of golden pages before the cleaner was asked. Where the cleaner errs, and why, stands beside it. */
import { describe, expect, test } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import { differences, goldenPage } from './page.ts';
import { trueNames, truthOf, verdictOn } from './truth.ts';

/** So many lines in all may be known to be wrong: more of them, and the excuses have become the rule. */
const MOST_KNOWN_WRONG = 60;

describe('the truth about golden pages', () => {
  const { rules } = loadRules();
  const names = trueNames();

  test('is written down for half of them at least', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  test('excuses few errors', () => {
    const excuses = names.flatMap((name) => truthOf(name).knownWrong);
    console.info(`golden truth: ${names.length} pages, ${excuses.length} known errors`);
    expect(excuses.length).toBeLessThanOrEqual(MOST_KNOWN_WRONG);
  });

  test.each(names)('%s is read as it is, but for what is known to be wrong', (name) => {
    const { bytes, meta } = goldenPage(name);
    const { url, fetchedAt, contentType } = meta;
    const reading = clean(bytes, { url, fetchedAt, ...(contentType === undefined ? {} : { contentType }), rules });
    const { knownWrong, ...truth } = truthOf(name);
    // `mended` names excuses that are needed no longer: take them out of truth.json.
    expect(verdictOn(differences(truth, reading), knownWrong)).toEqual({ wrong: [], mended: [] });
  });

  test('an excuse serves lines that begin as it does, and shows when it serves none', () => {
    const known = [{ line: 'title: expected A', why: 'a reason' }];
    expect(verdictOn(['title: expected A, got B', 'kind: expected x, got y'], known)).toEqual({
      wrong: ['kind: expected x, got y'],
      mended: [],
    });
    expect(verdictOn([], known)).toEqual({ wrong: [], mended: ['title: expected A'] });
  });
});
