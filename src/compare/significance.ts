/** How much an edit matters, from 0 to 1. */
import type { EditKind, WordingKind } from '../core/labels.ts';
import type { Edit } from '../core/schema.ts';

/** A changed number or a "not" can turn a report into its opposite; a comma is not a retraction. */
const WORDING: Readonly<Record<WordingKind, number>> = {
  negation: 0.6,
  number: 0.5,
  quote: 0.5,
  name: 0.4,
  words: 0.1,
  case: 0.02,
  punctuation: 0.02,
};
/** For an edit as a whole: the least it weighs, and how much more what it says can weigh. */
const KINDS: Readonly<Record<EditKind, { readonly least: number; readonly wordingCounts: number }>> = {
  headline: { least: 0.3, wordingCounts: 1 },
  lead: { least: 0.1, wordingCounts: 1 },
  byline: { least: 0.2, wordingCounts: 0 },
  date: { least: 0.2, wordingCounts: 0 },
  'paragraph-added': { least: 0.15, wordingCounts: 0 },
  'paragraph-removed': { least: 0.25, wordingCounts: 0 },
  'paragraph-moved': { least: 0.05, wordingCounts: 0 },
  'paragraph-reworded': { least: 0, wordingCounts: 1 },
  caption: { least: 0.02, wordingCounts: 0.5 },
  image: { least: 0.15, wordingCounts: 0 },
  correction: { least: 0.7, wordingCounts: 0 },
};
/** A body cut to less than half is as good as withdrawn. */
const RETRACTION = 0.95;

/** Independent weights together: never above 1, never below the largest. */
const together = (weights: Iterable<number>): number => {
  let rest = 1;
  for (const weight of weights) rest *= 1 - weight;
  return 1 - rest;
};

function weightOf(edit: Edit): number {
  const wording = edit.wording ?? [];
  const { least, wordingCounts } = KINDS[edit.kind];
  const isLight = wording.length > 0 && wording.every(({ kind }) => kind === 'punctuation' || kind === 'case');
  const said = together(wording.map(({ kind }) => WORDING[kind] * wordingCounts));
  return isLight ? Math.min(0.1, said) : together([least, said]);
}

/** 0 to 1 in steps of .01; .01 at least where there is an edit. `bodyChars` before and after. */
export function significanceOf(edits: readonly Edit[], bodyChars: readonly [before: number, after: number]): number {
  if (edits.length === 0) return 0;
  const [before, after] = bodyChars;
  const lost = before > 0 ? Math.max(0, before - after) / before : 0;
  const gained = before > 0 ? Math.min(1, Math.max(0, after - before) / before) : 0;
  const retraction = lost > 0.5 ? RETRACTION + (1 - RETRACTION) * (2 * lost - 1) : 0;
  const weight = together([...edits.map(weightOf), lost * 0.5, gained * 0.3]);
  return Math.min(100, Math.max(1, Math.round(100 * Math.max(weight, retraction)))) / 100;
}
