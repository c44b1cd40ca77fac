/** The article's body as plain text. */
import { BODY_LABELS } from '../core/labels.ts';
import type { Reading } from '../core/schema.ts';

/** Paragraphs, headings, quotes, lists and tables, one block a line; no headline, lead, byline, captions or credits. */
export const bodyText = (reading: Reading): string =>
  reading.blocks
    .filter(({ role, label }) => role === 'article' && BODY_LABELS.has(label))
    .map(({ text }) => text.replace(/\s+/g, ' '))
    .join('\n');
