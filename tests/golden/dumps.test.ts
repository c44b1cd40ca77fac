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
  test('are nine at least, each with its expectation', () => {
    expect(names.length).toBeGreaterThanOrEqual(9);
    for (const name of names)
      expect(expectedOf(name).length).toBeGreaterThan(name === 'dump--one-line-turkish' ? 0 : 10);
  });

  test.each([
    ['dump--browser-arabic', 'ar', 'صحيفة المرفأ', ['هالة الشماع'], '2026-05-03T09:15', undefined],
    ['dump--copied-ukrainian', 'uk', 'Річковий вісник', ['Оксана Дереш'], '2026-04-21T16:40', '2026-04-21T19:05'],
    ['dump--german-crlf-tabs', 'de', 'Havelauer Bote', ['Jost Ahlbeck', 'Svenja Ruthe'], '2026-03-03T17:45', undefined],
    ['dump--lynx-polish', 'pl', 'Kurier Wiślany', ['Halina Brzezicka'], '2026-05-12T07:45', undefined],
    ['dump--markdown-french', 'fr', 'Le Petit Échevin', ['Solène Hardouin'], '2026-04-04', undefined],
    ['dump--reader-japanese', 'ja', '汐見日報', ['宮瀬あかり'], '2026-05-09T06:30', undefined],
    ['dump--spanish', 'es', 'La Voz de Ribalta', ['Nuria Castellet', 'Eloy Bramante'], '2025-09-14T08:30', undefined],
    ['dump--sputnik-like', 'en', 'Corvane International', [], undefined, undefined],
  ])(
    'clean reads off %s who wrote it, when and in which language',
    (name, language, site, authors, published, modified) => {
      const { rules } = loadRules();
      const reading = clean(bytesOf(name), { url: 'https://dump.example/page', contentType: 'text/plain', rules });
      expect(reading).toMatchObject({ kind: 'article', language, siteName: site });
      expect(reading.authors.map((author) => author.name)).toEqual(authors);
      expect([reading.publishedAt, reading.modifiedAt]).toEqual([published, modified]);
      const headline = expectedOf(name).find(({ label }) => label === 'headline');
      expect(squeezed(headline?.text ?? '')).toContain(squeezed(reading.title));
    },
  );

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
