/** A reading as a person reads it in a terminal. */
import type { ArticleLabel, Label } from '../core/labels.ts';
import type { Block, Reading } from '../core/schema.ts';
import { cellsOf, harmless, inline, wrap } from './terminal.ts';
import type { Paint, Style } from './terminal.ts';

export interface Page {
  readonly paint: Paint;
  /** In cells. */
  readonly width: number;
}
/** What stands below an article: names and values. */
export type Footer = readonly (readonly [name: string, value: string])[];

/** How a block of the article is set: what stands before its first line and its other lines, and its styles. */
interface Setting {
  readonly first: string;
  readonly rest: string;
  readonly styles: readonly Style[];
}
const set = (first: string, rest: string, ...styles: Style[]): Setting => ({ first, rest, styles });
const SETTINGS: Partial<Record<Label, Setting>> = {
  heading: set('', '', 'bold'),
  quote: set('  │ ', '  │ '),
  list: set('  • ', '    '),
  table: set('  ', '    '),
  caption: set('    ▣ ', '      ', 'dim'),
  credit: set('      ', '      ', 'dim'),
  embed: set('    ▶ ', '      ', 'dim'),
  'fact-box': set('  ┃ ', '  ┃ '),
  correction: set('  ✎ ', '    ', 'yellow'),
  dateline: set('', '', 'dim'),
  byline: set('', '', 'cyan'),
  lead: set('', '', 'italic'),
};
const PLAIN = set('', '');
/** Set close to the block before it when that has the same label: the items of a list, the rows of a table. */
const TIGHT: ReadonlySet<Label> = new Set<ArticleLabel>(['list', 'table', 'fact-box', 'credit', 'caption']);

/** Lines of a text with its first and other lines led in, styled line by line so that no style runs over the margin. */
function setText(text: string, { first, rest, styles }: Setting, { paint, width }: Page): string[] {
  return wrap(text, width - cellsOf(first)).map((line, n) => `${n === 0 ? first : rest}${paint(line, ...styles)}`);
}

function settingOf(block: Block): Setting {
  const setting = SETTINGS[block.label] ?? PLAIN;
  const depth = block.label === 'list' ? Math.min((block.level ?? 1) - 1, 6) : 0;
  return depth > 0
    ? { ...setting, first: '  '.repeat(depth) + setting.first, rest: '  '.repeat(depth) + setting.rest }
    : setting;
}

const textOf = (block: Block): string =>
  block.label === 'table' && block.cells !== undefined
    ? block.cells.map((cell) => harmless(cell).trim()).join('  │  ')
    : block.text.trim();

/** Time as claimed, with a space where the standard has a T. */
const shownTime = (claimed: string): string => inline(claimed.replace('T', ' '));

/** Byline, dates, section and language, as far as they are known. */
function metaLines(
  { authors, publishedAt, modifiedAt, section, siteName, language, kind }: Reading,
  page: Page,
): string[] {
  const by = authors.map(({ name }) => inline(name)).join(', ');
  const dates = [
    publishedAt === undefined ? '' : `published ${shownTime(publishedAt)}`,
    modifiedAt === undefined || modifiedAt === publishedAt ? '' : `modified ${shownTime(modifiedAt)}`,
  ];
  const rest = [siteName, section, language, kind === 'article' ? '' : kind].map((part) => inline(part ?? ''));
  return [
    ...(by === '' ? [] : setText(by, set('', '', 'cyan'), page)),
    ...[dates, rest].map((parts) => parts.filter((part) => part !== '').join(' · ')).filter((line) => line !== ''),
  ].map((line, n) => (n === 0 && by !== '' ? line : page.paint(line, 'dim')));
}

/** The article's blocks in reading order; what the head of the article has said already is left out. */
function bodyLines(reading: Reading, page: Page): string[] {
  const isSaid = (block: Block): boolean =>
    (block.label === 'headline' && reading.title !== '') ||
    (block.label === 'lead' && reading.lead !== undefined) ||
    (block.label === 'byline' && reading.authors.length > 0);
  const lines: string[] = [];
  let before: Label | undefined;
  for (const block of reading.blocks) {
    if (block.role !== 'article' || isSaid(block)) continue;
    const text = textOf(block);
    if (harmless(text).trim() === '') continue;
    if (before !== undefined && !(TIGHT.has(block.label) && (before === block.label || block.label === 'credit')))
      lines.push('');
    lines.push(...setText(text, settingOf(block), page));
    before = block.label;
  }
  return lines;
}

/** The article alone: headline, byline, dates, lead and body, then the footer. */
export function articleLines(reading: Reading, footer: Footer, page: Page): string[] {
  const lines = [
    ...setText(reading.title === '' ? '(no headline)' : inline(reading.title), set('', '', 'bold'), page),
    ...metaLines(reading, page),
  ];
  if (reading.lead !== undefined) lines.push('', ...setText(reading.lead, set('', '', 'italic'), page));
  const body = bodyLines(reading, page);
  if (body.length > 0) lines.push('', ...body);
  if (footer.length > 0)
    lines.push('', page.paint('─'.repeat(Math.min(page.width, 60)), 'dim'), ...footerLines(footer, page));
  return lines;
}

/** Addresses and digests are never broken: they are there to be copied. */
function footerLines(footer: Footer, { paint, width }: Page): string[] {
  const nameCells = Math.max(...footer.map(([name]) => cellsOf(name)));
  const margin = ' '.repeat(nameCells + 2);
  return footer.flatMap(([name, value]) => {
    const lines = /\S{40}/.test(value) ? [inline(value)] : wrap(inline(value), width - margin.length);
    return lines.map((line, n) => (n === 0 ? `${paint(name.padEnd(nameCells), 'dim')}  ${line}` : margin + line));
  });
}

/** How many blocks of each label surround the article, the most frequent first. */
export function surroundings(reading: Reading): string {
  const counts = new Map<Label, number>();
  let characters = 0;
  for (const block of reading.blocks) {
    if (block.role !== 'boilerplate') continue;
    counts.set(block.label, (counts.get(block.label) ?? 0) + 1);
    characters += block.text.length;
  }
  if (counts.size === 0) return 'nothing';
  const listed = [...counts]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([label, n]) => `${n} ${label}`);
  return `${listed.join(', ')} (${characters} characters)`;
}

const LABEL_STYLES: Partial<Record<Label, readonly Style[]>> = {
  headline: ['green', 'bold'],
  lead: ['green', 'italic'],
  paragraph: ['green'],
  heading: ['green', 'bold'],
  byline: ['cyan'],
  dateline: ['cyan'],
  caption: ['blue'],
  credit: ['blue'],
  embed: ['blue'],
  correction: ['yellow', 'bold'],
  ad: ['red'],
  paywall: ['red'],
  consent: ['red'],
  hidden: ['magenta'],
};

/** Every block of the page in order: its label, how sure that is, and its text; what surrounds the article is dimmed. */
export function blockLines(reading: Reading, page: Page): string[] {
  const labelCells = 11;
  const margin = ' '.repeat(labelCells + 8);
  return reading.blocks.flatMap((block) => {
    const isArticle = block.role === 'article';
    const styles = LABEL_STYLES[block.label] ?? [isArticle ? 'green' : 'magenta'];
    const origin = block.origin === 'page' ? '' : `(${block.origin}) `;
    return wrap(origin + textOf(block), page.width - margin.length).map((line, n) => {
      const text = isArticle ? line : page.paint(line, 'dim');
      if (n > 0) return margin + text;
      const sure = `${block.confidence}%`.padStart(4);
      return `${isArticle ? '▌' : ' '} ${page.paint(block.label.padEnd(labelCells), ...styles)} ${page.paint(sure, 'dim')} ${text}`;
    });
  });
}
