/** Golden pages: a page that we wrote, and what a reader would say is on it. */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ARTICLE_LABELS, BOILERPLATE_LABELS, PAGE_KINDS } from '../../src/core/labels.ts';
import type { Reading } from '../../src/core/schema.ts';

const PAGES = new URL('./pages/', import.meta.url);

const Meta = z.strictObject({
  url: z.url(),
  contentType: z.string().exactOptional(),
  fetchedAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  /** Of a page that is not UTF-8: the encoding its bytes are in. */
  charset: z.string().exactOptional(),
  note: z.string().exactOptional(),
});
export const Expected = z.strictObject({
  kind: z.enum(PAGE_KINDS),
  /** Absent: not checked, as on a page that is no news; so for the next three. */
  title: z.string().exactOptional(),
  /** Null: the page has none, and none may be made up. */
  lead: z.string().nullable().exactOptional(),
  authors: z.array(z.string()),
  published: z.string().nullable().exactOptional(),
  language: z.string().exactOptional(),
  /** All blocks of the article, in order. */
  article: z.array(z.strictObject({ label: z.enum(ARTICLE_LABELS), text: z.string().min(1) })),
  /** The furniture that matters: each text stands in a block of that label. */
  boilerplate: z.array(z.strictObject({ label: z.enum(BOILERPLATE_LABELS), text: z.string().min(1) })),
});
export type Expected = z.infer<typeof Expected>;

export interface GoldenPage {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly meta: z.infer<typeof Meta>;
  /** Null where nobody has said yet what is on the page. */
  readonly expected: Expected | null;
}

const read = (name: string, file: string): Buffer => readFileSync(new URL(`${name}/${file}`, PAGES));
const json = (name: string, file: string): unknown => JSON.parse(read(name, file).toString('utf8'));

export const goldenNames = (): string[] =>
  readdirSync(PAGES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();

export const expectedFile = (name: string): string => fileURLToPath(new URL(`${name}/expected.json`, PAGES));

export function goldenPage(name: string): GoldenPage {
  return {
    name,
    bytes: read(name, 'source.html'),
    meta: Meta.parse(json(name, 'meta.json')),
    expected: existsSync(expectedFile(name)) ? Expected.parse(json(name, 'expected.json')) : null,
  };
}

/** White space squeezed; soft hyphens and zero-width marks, which no reader sees, taken out. */
export const squeezed = (text: string): string =>
  text
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What a reading says, in the form of an expectation: where `--accept` starts from. */
export function expectationOf(reading: Reading): Expected {
  const article: Expected['article'] = [];
  const boilerplate: Expected['boilerplate'] = [];
  for (const block of reading.blocks) {
    const text = squeezed(block.text);
    if (text === '') continue;
    if (block.role === 'article') article.push({ label: block.label as Expected['article'][number]['label'], text });
    else boilerplate.push({ label: block.label as Expected['boilerplate'][number]['label'], text });
  }
  return {
    kind: reading.kind,
    title: reading.title,
    lead: reading.lead === undefined ? null : squeezed(reading.lead),
    authors: reading.authors.map((author) => author.name),
    published: reading.publishedAt ?? null,
    language: reading.language,
    article,
    boilerplate,
  };
}

const listed = (blocks: readonly { label: string; text: string }[]): string[] =>
  blocks.map((block) => `${block.label}: ${squeezed(block.text)}`);

/** Lines of two lists that only one of them has, as `- missing` and `+ not expected`; then, if all agree, whether the order does. */
function listDifferences(expected: readonly string[], actual: readonly string[]): string[] {
  const unmatched = [...actual];
  const lines: string[] = [];
  for (const line of expected) {
    const at = unmatched.indexOf(line);
    if (at < 0) lines.push(`- ${line}`);
    else unmatched.splice(at, 1);
  }
  lines.push(...unmatched.map((line) => `+ ${line}`));
  if (lines.length === 0 && expected.some((line, index) => line !== actual[index])) lines.push('order of the blocks');
  return lines;
}

/** Whether consecutive blocks of the label say the text together: how furniture is cut into blocks is free. */
function isSpread(reading: Reading, label: string, text: string): boolean {
  const runs: string[] = [''];
  for (const block of reading.blocks) {
    if (block.role === 'boilerplate' && block.label === label) runs.push(`${runs.pop()} ${block.text}`);
    else runs.push('');
  }
  return runs.some((run) => squeezed(run).includes(squeezed(text)));
}

/** How a reading departs from what is expected; empty where it does not. */
export function differences(expected: Expected, reading: Reading): string[] {
  const actual = expectationOf(reading);
  const lines: string[] = [];
  for (const field of ['kind', 'title', 'lead', 'published', 'language'] as const) {
    const [wanted, got] = [expected[field], actual[field]];
    if (wanted !== undefined && wanted !== got) lines.push(`${field}: expected ${wanted}, got ${got}`);
  }
  if (expected.authors.join('|') !== actual.authors.join('|'))
    lines.push(`authors: expected ${expected.authors.join(' | ')}, got ${actual.authors.join(' | ')}`);
  lines.push(...listDifferences(listed(expected.article), listed(actual.article)));
  for (const { label, text } of expected.boilerplate) {
    const holders = reading.blocks.filter((block) => squeezed(block.text).includes(squeezed(text)));
    if (
      !holders.some((block) => block.role === 'boilerplate' && block.label === label) &&
      !isSpread(reading, label, text)
    )
      lines.push(`${label}: "${text}" is ${holders.map((block) => block.label).join(', ') || 'in no block'}`);
  }
  return lines;
}
