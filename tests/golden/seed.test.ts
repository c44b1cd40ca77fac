/** The dump of a real news page that the cleaner was first written for, line by line. It lies beside the checkout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import type { Label } from '../../src/core/labels.ts';
import { loadRules } from '../../src/core/rules.ts';
import { withoutSpace } from '../laws/page-text.ts';

const folder = new URL('../../../shared/seed/', import.meta.url);
const hasSeed = existsSync(folder);
if (!hasSeed) console.warn('the test of the sample dump is skipped: ../shared/seed is not there');

/** Labels of the blocks in order, with how many of each in a row. */
const EXPECTED: readonly (readonly [Label, number])[] = [
  ['site-header', 1],
  ['breadcrumb', 1],
  ['site-header', 1],
  ['headline', 1],
  ['credit', 1],
  ['ui', 1],
  ['caption', 2],
  ['subscribe', 1],
  ['paragraph', 1],
  ['related', 2],
  ['paragraph', 12],
  ['promo', 1],
  ['newsfeed', 1],
  ['comments', 1],
  ['login', 2],
  ['ui', 1],
  ['chat', 1],
  ['ui', 1],
];

describe.skipIf(!hasSeed)('the sample dump', () => {
  const [name = ''] = hasSeed ? readdirSync(folder).filter((file) => file.endsWith('.txt')) : [];
  const read = () => {
    const bytes = readFileSync(new URL(name, folder));
    return {
      text: bytes.toString('utf8'),
      reading: clean(bytes, { url: 'file:///seed.txt', contentType: 'text/plain', rules: loadRules().rules }),
    };
  };

  it('has every line labelled', () => {
    const { reading } = read();
    expect(reading.blocks.map(({ label }) => label)).toEqual(
      EXPECTED.flatMap(([label, count]) => Array.from({ length: count }, () => label)),
    );
    expect(reading.blocks.filter(({ label }) => label === 'paragraph')).toHaveLength(13);
    expect(reading.kind).toBe('article');
    expect(reading.title).toBe(reading.blocks.find(({ label }) => label === 'headline')?.text);
  });

  it('keeps every character', () => {
    const { text, reading } = read();
    expect(withoutSpace(reading.blocks.map((block) => block.text).join(''))).toBe(withoutSpace(text));
  });
});
