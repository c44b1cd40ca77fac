/** A change as a person reads it: word by word. */
import { markWords, summarise } from '../compare/index.ts';
import type { EditKind } from '../core/labels.ts';
import type { Change, Edit } from '../core/schema.ts';
import type { Page } from './article.ts';
import { harmless, inline, wrapHarmless } from './terminal.ts';
import type { Paint, Style } from './terminal.ts';

/** Marks that travel through the wrapping: they take no cells, and `harmless` takes them from every text. */
const [OLD, NEW, END] = ['\u{fff9}', '\u{fffa}', '\u{fffb}'] as const;
const STYLES: Readonly<Record<string, readonly Style[]>> = {
  [OLD]: ['red', 'strike'],
  [NEW]: ['green', 'bold'],
  [END]: [],
};
/** As git spells a word diff where there are no colours. */
const SIGNS: Readonly<Record<string, readonly [open: string, close: string]>> = {
  [OLD]: ['[-', '-]'],
  [NEW]: ['{+', '+}'],
};

/** Lines whose marks became colours; a mark may begin on one line and end on another. */
function painted(lines: readonly string[], paint: Paint): string[] {
  let styles: readonly Style[] = [];
  return lines.map((line) =>
    line
      .split(/([\u{fff9}-\u{fffb}])/u)
      .map((part) => {
        const next = STYLES[part];
        if (next === undefined) return paint(part, ...styles);
        styles = next;
        return '';
      })
      .join(''),
  );
}

const isColoured = (paint: Paint): boolean => paint('x', 'red') !== 'x';

/** Old and new laid over each other, in lines. */
function overlaid(before: string, after: string, { paint, width }: Page): string[] {
  const text = markWords(harmless(before), harmless(after))
    .map(({ in: side, text: piece }) => {
      if (side === 'both') return piece;
      const mark = side === 'before' ? OLD : NEW;
      const [open, close] = isColoured(paint) ? [mark, END] : (SIGNS[mark] as readonly [string, string]);
      return open + piece + close;
    })
    .join('');
  return painted(wrapHarmless(text, width), paint);
}

const NAMES: Readonly<Partial<Record<EditKind, string>>> = {
  date: 'date shown',
  image: 'lead image',
  correction: 'correction note',
  'paragraph-added': 'paragraph added',
  'paragraph-removed': 'paragraph removed',
  'paragraph-moved': 'paragraph moved',
  'paragraph-reworded': 'paragraph reworded',
};

/** What the edit is called, and of a rewording what it touched. */
function titleOf({ kind, wording = [] }: Edit): string {
  const touched = [...new Set(wording.map((each) => each.kind))];
  return `${NAMES[kind] ?? kind}${touched.length > 0 ? ` (${touched.join(', ')})` : ''}`;
}

function editLines(edit: Edit, page: Page): string[] {
  const inner: Page = { paint: page.paint, width: page.width - 4 };
  const { before, after, kind } = edit;
  const whole = (text: string, sign: string, ...styles: Style[]) =>
    wrapHarmless(harmless(text), inner.width).map(
      (line, n) => `${n === 0 ? sign : ' '} ${page.paint(line, ...styles)}`,
    );
  const title = page.paint(titleOf(edit), 'bold');
  let lines: string[];
  if (kind === 'paragraph-moved') lines = whole(after ?? before ?? '', '↕', 'cyan');
  else if (before !== undefined && after !== undefined)
    lines = overlaid(before, after, inner).map((line) => `  ${line}`);
  else if (after !== undefined) lines = whole(after, '+', 'green');
  else lines = whole(before ?? '', '-', 'red');
  return [title, ...lines.map((line) => `  ${line}`), ''];
}

function declaredLine({ declared: { before, after }, stealth, edits }: Change): string {
  if (before === after) {
    const what =
      before === undefined ? 'the page declares no date of modification' : `the page still declares ${inline(before)}`;
    return edits.length > 0 && stealth ? `${what}: a silent edit` : what;
  }
  return `the page declares ${inline(after ?? 'no date of modification')}, before ${inline(before ?? 'none')}`;
}

/** The edits one by one, then what is known about the change as a whole. */
export function changeLines(change: Change, page: Page): string[] {
  const { paint } = page;
  const lines = change.edits.flatMap((edit) => editLines(edit, page));
  for (const { text, to } of change.relabelled) {
    const where = to === 'article' ? 'now read as part of the article' : 'now read as what surrounds it';
    lines.push(...wrapHarmless(`${where}: ${harmless(text)}`, page.width - 2).map((line) => `  ${paint(line, 'dim')}`));
  }
  if (change.relabelled.length > 0) lines.push('');
  const weight = `significance ${change.significance.toFixed(2)}`;
  return [...lines, paint(`${inline(summarise(change))} · ${weight} · ${declaredLine(change)}`, 'dim')];
}
