import { describe, expect, test } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import { differences, goldenNames, goldenPage } from './page.ts';

describe('clean', () => {
  const { rules } = loadRules();

  test.each(goldenNames())('reads %s as a person would', (name) => {
    const { bytes, meta, expected } = goldenPage(name);
    if (expected === null) throw new Error(`expected.json is missing: npm run golden -- --accept ${name}`);
    const { url, fetchedAt, contentType } = meta;
    const reading = clean(bytes, { url, fetchedAt, ...(contentType === undefined ? {} : { contentType }), rules });
    expect(differences(expected, reading)).toEqual([]);
  });
});
