/** What two readings are compared by: text without what cannot be seen, and the passages that make up an article. */
import { BODY_LABELS, type Label } from '../core/labels.ts';
import type { Block, Reading } from '../core/schema.ts';

/**
 * Text as it is compared: canonically composed, without white space and without characters that no reader sees (soft
 * hyphens, joiners, direction marks, variation selectors). Publishers' systems sprinkle those at will; they are no news.
 */
export const squeeze = (text: string): string =>
  text.normalize('NFC').replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '');

/**
 * Labels whose text is compared sentence by sentence. Bylines and datelines are not: they hold "3 minutes ago" and
 * counters, so they are compared by what they state (`fields.ts`). Embeds are other people's pages.
 */
const COMPARED: ReadonlySet<Label> = new Set<Label>([
  ...BODY_LABELS,
  'headline',
  'lead',
  'caption',
  'credit',
  'fact-box',
  'correction',
]);

/** One block of the article, ready to be compared. */
export interface Passage {
  readonly block: Block;
  /** Place among the passages of its reading. */
  readonly at: number;
  readonly squeezed: string;
  /** Equal for two passages that need no closer look: their text, or that of a counter without its digits. */
  readonly fingerprint: string;
}

/** One reading, ready to be compared. */
export interface Side {
  readonly reading: Reading;
  readonly passages: readonly Passage[];
  /** Where the article's text was found; `elsewhere` is a page whose body stands only in a script. */
  readonly bodyIn: 'page' | 'elsewhere';
  /** Squeezed text of all blocks of the page, in order. */
  readonly pageText: string;
  /** The same with the text found in scripts and meta tags. */
  readonly allText: string;
  /** Squeezed text of the blocks judged to be the article, from where its body is. */
  readonly articleText: string;
  /** Characters of `passages` that are body, squeezed. */
  readonly bodyChars: number;
}

const COUNTER_MAX_LETTERS = 25;
/** "12 comments", "3 min read": few letters, a digit, no end of sentence. A count that goes up there is not the publisher writing. */
function isCounter(label: Label, squeezed: string): boolean {
  if (label !== 'paragraph' || squeezed.length > 4 * COUNTER_MAX_LETTERS || !/\p{N}/u.test(squeezed)) return false;
  return (
    squeezed.replace(/\P{L}+/gu, '').length < COUNTER_MAX_LETTERS && !/\p{Sentence_Terminal}\p{P}*$/u.test(squeezed)
  );
}

/**
 * A passage that is nothing but links names other pages, wherever the cleaner put it, and such lists rotate; so does what
 * stands under a picture and is mostly a link.
 */
function isLinks({ label, links }: Block, squeezed: string): boolean {
  if (!links || links.length === 0) return false;
  const linked = links.reduce((sum, link) => sum + squeeze(link.text).length, 0) / squeezed.length;
  return BODY_LABELS.has(label) ? linked >= 0.9 : (label === 'caption' || label === 'credit') && linked >= 0.5;
}

const isFromPage = (block: Block): boolean => block.origin === 'page';
const isBody = (block: Block): boolean => block.role === 'article' && BODY_LABELS.has(block.label);

export function sideOf(reading: Reading): Side {
  const squeezed = reading.blocks.map((block) => squeeze(block.text));
  const joined = (keep: (block: Block) => boolean) =>
    squeezed.filter((_, i) => keep(reading.blocks[i] as Block)).join('');
  const bodyIn = reading.blocks.some((block, i) => isBody(block) && isFromPage(block) && squeezed[i] !== '')
    ? 'page'
    : 'elsewhere';
  const passages: Passage[] = [];
  let bodyChars = 0;
  for (const [i, block] of reading.blocks.entries()) {
    const text = squeezed[i] as string;
    if (text === '' || block.role !== 'article' || !COMPARED.has(block.label)) continue;
    if ((bodyIn === 'page' && !isFromPage(block)) || isLinks(block, text)) continue;
    const fingerprint = isCounter(block.label, text) ? text.replace(/\p{N}+/gu, '\u0000') : text;
    passages.push({ block, at: passages.length, squeezed: text, fingerprint });
    if (BODY_LABELS.has(block.label)) bodyChars += text.length;
  }
  return {
    reading,
    passages,
    bodyIn,
    pageText: joined(isFromPage),
    allText: squeezed.join(''),
    articleText: joined((block) => block.role === 'article' && (bodyIn === 'elsewhere' || isFromPage(block))),
    bodyChars,
  };
}
