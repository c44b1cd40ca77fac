import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { clean } from '../../src/clean/index.ts';
import { LABELS } from '../../src/core/labels.ts';
import { loadRules } from '../../src/core/rules.ts';
import { squeezed } from './page.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const Expected = z.array(
  z.strictObject({ text: z.string().min(1), role: z.enum(['article', 'boilerplate']), label: z.enum(LABELS) }),
);
const names = readdirSync(FIXTURES)
  .filter((file) => /^dump--.+\.txt$/.test(file))
  .map((file) => file.slice(0, -'.txt'.length));
const bytesOf = (name: string): Buffer => readFileSync(new URL(`${name}.txt`, FIXTURES));
const expectedOf = (name: string): z.infer<typeof Expected> =>
  Expected.parse(JSON.parse(readFileSync(new URL(`${name}.expected.json`, FIXTURES), 'utf8')));

describe('page dumps', () => {
  test('are three at least, each with its expectation', () => {
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names) expect(expectedOf(name).length).toBeGreaterThan(10);
  });

  test.each(names)('%s is, white space apart, what its expectation says, in that order', (name) => {
    const whole = expectedOf(name)
      .map((block) => block.text)
      .join('');
    expect(whole.replace(/\s/g, '')).toBe(bytesOf(name).toString('utf8').replace(/\s/g, ''));
  });

  test.each(names)('clean reads %s line for line', (name) => {
    const { rules } = loadRules();
    const reading = clean(bytesOf(name), { url: 'https://dump.example/page', contentType: 'text/plain', rules });
    const read = reading.blocks.map(({ text, role, label }) => ({ text: squeezed(text), role, label }));
    expect(read).toEqual(expectedOf(name).map((block) => ({ ...block, text: squeezed(block.text) })));
  });
});
