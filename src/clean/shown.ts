/** What of its metadata a page shows: lines that hold names and dates, and the text that its language is told by. */
import type { Label } from '../core/labels.ts';
import type { Labelled } from './label.ts';
import type { Shown } from './metadata.ts';
import type { Piece } from './pieces.ts';
import type { ScriptArticle } from './script-text.ts';

const MAX_NEAR_CHARS = 120;
const LINES_ABOVE = 8;
const LINES_BELOW = 14;
const MAX_LANGUAGE_CHARS = 4_000;
const ENOUGH_BODY_CHARS = 200;
const LISTS: ReadonlySet<Label> = new Set<Label>(['related', 'newsfeed', 'most-read', 'comments']);

/** Short lines round the headline, or on top of a page without one: a date may stand there unlabelled. */
function linesByHeadline(labelled: readonly Labelled[]): string[] {
  const at = Math.max(
    0,
    labelled.findIndex(({ label }) => label === 'headline'),
  );
  return labelled
    .slice(Math.max(0, at - LINES_ABOVE), at + LINES_BELOW)
    .filter(({ judged, label }) => judged.piece.chars <= MAX_NEAR_CHARS && !LISTS.has(label))
    .map(({ judged }) => judged.piece.text);
}

const BIO_BELOW = 6;
const MAX_NAME_LINE_CHARS = 60;
/** A short line right below the headline that is marked as about the author is the byline. */
function namesBelowHeadline(labelled: readonly Labelled[]): { text: string }[] {
  const at = labelled.findIndex(({ label }) => label === 'headline');
  if (at < 0) return [];
  const lines = labelled.slice(at + 1, at + BIO_BELOW);
  const end = lines.findIndex(({ label }) => label === 'paragraph');
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter(({ judged, label }) => label === 'author-bio' && judged.piece.chars <= MAX_NAME_LINE_CHARS)
    .map(({ judged }) => ({ text: judged.piece.text }));
}

function joined(texts: Iterable<string>): string {
  let text = '';
  for (const one of texts) {
    if (text.length > MAX_LANGUAGE_CHARS) break;
    text += `${one} `;
  }
  return text;
}

/** `ofLabel` gives the pieces of a label, those first that the source's rules name. */
export function shownOn(
  labelled: readonly Labelled[],
  ofLabel: (label: Label) => readonly Piece[],
  script: ScriptArticle,
): Shown {
  const bylines = ofLabel('byline');
  const before = new Map(labelled.map(({ judged }, i) => [judged.piece.index, labelled[i - 1]?.judged.piece.text]));
  const body = joined([
    ...labelled.filter(({ label }) => label === 'paragraph').map(({ judged }) => judged.piece.text),
    ...script.blocks.map(({ text }) => text),
  ]);
  return {
    bylines: [
      ...bylines.map(({ text, links, index }) => ({ text, links, before: before.get(index) ?? '' })),
      ...script.bylines.map((text) => ({ text })),
      ...namesBelowHeadline(labelled),
      ...ofLabel('dateline'),
    ],
    lines: [
      ...(script.publishedAt === undefined ? [] : [script.publishedAt]),
      ...[...ofLabel('dateline'), ...bylines].map(({ text }) => text),
    ],
    near: linesByHeadline(labelled),
    text: body.length > ENOUGH_BODY_CHARS ? body : joined(labelled.map(({ judged }) => judged.piece.text)),
  };
}
