/** Readings built by hand. */
import type { Block, Reading } from '../../../src/core/schema.ts';

export const block = (text: string, given: Partial<Block> = {}): Block => ({
  id: 'b0',
  origin: 'page',
  role: 'article',
  label: 'paragraph',
  confidence: 90,
  reasons: [],
  path: 'body>p',
  text,
  ...given,
});
export const boilerplate = (text: string, given: Partial<Block> = {}): Block =>
  block(text, { role: 'boilerplate', label: 'other', ...given });

/** Blocks (or paragraphs, where text alone is given), numbered in order. */
export const reading = (blocks: readonly (string | Block)[], given: Partial<Reading> = {}): Reading => ({
  kind: 'article',
  title: '',
  titles: {},
  authors: [],
  tags: [],
  language: 'en',
  directives: [],
  images: [],
  foundIn: {},
  ...given,
  blocks: blocks.map((piece, index) => ({ ...(typeof piece === 'string' ? block(piece) : piece), id: `b${index}` })),
});

export const STORY = [
  'The harbour of Lindau will stay closed until Friday, the mayor said on Monday.',
  'Dr. Weber told reporters: “We counted 12 boats, and that is 12 too many.” He did not take questions.',
  'Rain is expected on Tuesday. The ferry may not sail. Visitors should ask at the pier before they travel.',
  'The council meets again next week to look at what the repairs of the old wall may cost the town.',
] as const;
/** The story with one paragraph put through `change`. */
export const storyWith = (at: number, change: (text: string) => string): string[] =>
  STORY.map((text, index) => (index === at ? change(text) : text));
