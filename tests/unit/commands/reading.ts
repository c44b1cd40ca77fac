/** A reading made by hand. */
import type { Label } from '../../../src/core/labels.ts';
import { ARTICLE_LABELS } from '../../../src/core/labels.ts';
import type { Block, Reading } from '../../../src/core/schema.ts';

const isArticle = (label: Label): boolean => (ARTICLE_LABELS as readonly Label[]).includes(label);

const blockOf = (n: number, label: Label, text: string, rest: Partial<Block> = {}): Block => ({
  id: `b${n}`,
  origin: 'page',
  role: isArticle(label) ? 'article' : 'boilerplate',
  label,
  confidence: 80,
  reasons: [],
  path: `p[${n}]`,
  text,
  ...rest,
});

export const readingOf = (
  blocks: readonly (readonly [Label, string, Partial<Block>?])[],
  rest: Partial<Reading> = {},
): Reading => ({
  kind: 'article',
  title: 'The harbour bridge opens',
  titles: {},
  authors: [{ name: 'Tomas Lindqvist' }],
  tags: [],
  language: 'en',
  directives: [],
  images: [],
  foundIn: {},
  blocks: blocks.map(([label, text, more], n) => blockOf(n + 1, label, text, more)),
  ...rest,
});
