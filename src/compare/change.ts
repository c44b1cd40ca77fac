/** What differs between two readings of one article, and who made the difference. */
import { BODY_LABELS, EDIT_KINDS, type EditKind, type Label } from '../core/labels.ts';
import type { Change, Edit, Reading } from '../core/schema.ts';
import { bylineEdit, dateEdit, headlineEdit, imageEdit } from './fields.ts';
import { sideOf, squeeze, type Side } from './fingerprint.ts';
import { comparePassages, type PassageChanges, type PassageEdit } from './passages.ts';
import { significanceOf } from './significance.ts';
import { wordingOf, type WordLists } from './words.ts';

export interface CompareOptions {
  /** True where both readings come from the same bytes: then nothing can be the publisher's doing. */
  readonly isSameBytes?: boolean;
  /** `config/words/wording.json`; without it no rewording is called a negation. */
  readonly words?: WordLists;
}

/** What an edit of a passage with this label is called; the text of bodies and fact boxes is paragraphs. */
const KIND_OF_LABEL: Partial<Record<Label, EditKind>> = {
  headline: 'headline',
  lead: 'lead',
  caption: 'caption',
  credit: 'caption',
  correction: 'correction',
};

function kindOf({ before, after, isMove }: PassageEdit): EditKind {
  if (isMove) return 'paragraph-moved';
  const label = (after ?? before)?.passage.block.label ?? 'paragraph';
  const kind = BODY_LABELS.has(label) ? undefined : KIND_OF_LABEL[label];
  return kind ?? (before && after ? 'paragraph-reworded' : after ? 'paragraph-added' : 'paragraph-removed');
}

function asEdit(found: PassageEdit, language: string, words: WordLists | undefined): Edit {
  const { before, after, isMove } = found;
  return {
    kind: kindOf(found),
    ...(before && { before: before.text, blockBefore: before.passage.block.id }),
    ...(after && { after: after.text, blockAfter: after.passage.block.id }),
    ...(before && after && !isMove && { wording: wordingOf(before.text, after.text, language, words) }),
  };
}

const isSame = (text: string | undefined, other: string | undefined): boolean =>
  squeeze(text ?? '') === squeeze(other ?? '');

/**
 * One edit for the headline, however many elements show it. Where the headline is the same as before, an element that shows
 * it comes or goes: a list of links in which the article names itself.
 */
function withHeadline(
  edits: readonly Edit[],
  headline: Edit | null,
  { title, language }: Reading,
  words?: WordLists,
): Edit[] {
  if (!headline) {
    const isTitle = (text: string | undefined) => text === undefined || isSame(text, title);
    return edits.filter(({ kind, before, after }) => kind !== 'headline' || !isTitle(before) || !isTitle(after));
  }
  const shown = edits.find(
    ({ kind, before, after }) =>
      kind === 'headline' && (isSame(before, headline.before) || isSame(after, headline.after)),
  );
  const { before, after } = headline;
  const whole: Edit = {
    ...headline,
    ...(shown?.blockBefore !== undefined && { blockBefore: shown.blockBefore }),
    ...(shown?.blockAfter !== undefined && { blockAfter: shown.blockAfter }),
    ...(before !== undefined && after !== undefined && { wording: wordingOf(before, after, language, words) }),
  };
  return [whole, ...edits.filter(({ kind }) => kind !== 'headline')];
}

function editsOf(before: Side, after: Side, found: PassageChanges, words: WordLists | undefined): Edit[] {
  const { language } = after.reading;
  const ofText = found.edits.map((edit) => asEdit(edit, language, words));
  const fields = [bylineEdit(before, after), dateEdit(before, after), imageEdit(before, after)];
  return [
    ...withHeadline(ofText, headlineEdit(before, after), after.reading, words),
    ...fields.filter((edit) => edit !== null),
  ];
}

const isTextEdit = ({ kind }: Edit): boolean => kind !== 'image';

/**
 * Compares two readings of one article made by the same program. Edits are the publisher's alone (design, laws 3 and 4): a
 * sentence is one only where the pages hold it a different number of times. White space, and characters that no reader sees,
 * make no difference; punctuation and case do. A changed date of modification is `declared`, not an edit.
 */
export function compare(before: Reading, after: Reading, options: CompareOptions = {}): Change {
  const [old, fresh] = [sideOf(before), sideOf(after)];
  const found = comparePassages(old, fresh);
  const edits = options.isSameBytes ? [] : editsOf(old, fresh, found, options.words);
  const ours = options.isSameBytes ? 'cleaner' : 'template';
  return {
    schema: 1,
    kinds: EDIT_KINDS.filter((kind) => edits.some((edit) => edit.kind === kind)),
    cause: edits.length > 0 ? 'publisher' : found.relabelled.length > 0 ? ours : 'none',
    edits,
    relabelled: [...found.relabelled],
    significance: significanceOf(edits, [old.bodyChars, fresh.bodyChars]),
    declared: {
      ...(before.modifiedAt !== undefined && { before: before.modifiedAt }),
      ...(after.modifiedAt !== undefined && { after: after.modifiedAt }),
    },
    stealth: edits.some(isTextEdit) && before.modifiedAt === after.modifiedAt,
  };
}

/** True where the publisher changed the article: only then is there a new version. */
export const hasEdits = (change: Change): boolean => change.edits.length > 0;

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** One short line for people: `headline; 2 paragraphs reworded, 1 added`. */
export function summarise(change: Change): string {
  const countOf = (kind: EditKind) => change.edits.filter((edit) => edit.kind === kind).length;
  const names: Partial<Record<EditKind, string>> = { correction: 'correction note', image: 'lead image' };
  const whole = change.kinds
    .filter((kind) => !kind.startsWith('paragraph-'))
    .map((kind) => (countOf(kind) > 1 ? counted(countOf(kind), names[kind] ?? kind) : (names[kind] ?? kind)));
  const verbs = (['reworded', 'added', 'removed', 'moved'] as const)
    .map((verb) => ({ verb, count: countOf(`paragraph-${verb}`) }))
    .filter(({ count }) => count > 0);
  const passages = verbs.map(({ verb, count }, index) =>
    index === 0 ? `${counted(count, 'paragraph')} ${verb}` : `${count} ${verb}`,
  );
  const line = [...whole, ...(passages.length > 0 ? [passages.join(', ')] : [])].join('; ');
  if (line !== '') return line;
  if (change.relabelled.length === 0) return 'nothing changed';
  const maker = change.cause === 'cleaner' ? 'read otherwise by the cleaner' : 'moved by the template';
  return `no edit; ${counted(change.relabelled.length, 'sentence')} ${maker}`;
}
