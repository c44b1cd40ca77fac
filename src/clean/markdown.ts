/** The article as Markdown: CommonMark, tables as GitHub reads them, the facts as YAML front matter. */
import type { Reading } from '../core/schema.ts';
import { frontMatter } from './front-matter.ts';
import { hostOf, inertLine } from './inert.ts';
import { destination, escapeMarkdown, lineStart, markdownLine, markdownLines, plainSpans } from './markdown-text.ts';
import { partsOf } from './parts.ts';
import type { Item, Part, Imprint } from './parts.ts';
import type { Span } from './spans.ts';

/** A heading's line; signs at its end that would close it are text. */
const heading = (level: number, text: string): string[] => [
  `${'#'.repeat(level)} ${text.replace(/(^|\s)(#+)$/, String.raw`$1\$2`)}`,
];

/** Emphasis around a whole line binds whatever stands in it, as long as nothing in it is emphasised. */
const emphasised = (spans: readonly Span[], stars: string): string[] =>
  markdownLines(plainSpans(spans)).map((line, n, { length }) => {
    const hasBreak = n < length - 1;
    const body = hasBreak ? line.slice(0, -1).trim() : line;
    return stars + body + stars + (hasBreak ? '\\' : '');
  });

const quoted = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '>' : `> ${line}`));

/** Marks of the kinds of boxes that GitHub and others colour; a quotation needs none. */
const MARKS: Readonly<Partial<Record<Part['kind'], string>>> = { 'fact-box': '[!NOTE]', correction: '[!IMPORTANT]' };

function listLines(items: readonly Item[], bullet: string): string[] {
  const lines: string[] = [];
  /** For each depth in use: how far its text is indented, and the number of its last item. */
  const levels: { indent: number; count: number; isOrdered: boolean }[] = [];
  for (const { depth, isOrdered, spans } of items) {
    levels.length = Math.min(levels.length, depth);
    const outer = levels.length >= depth ? levels[depth - 2] : levels.at(-1);
    const margin = ' '.repeat(outer?.indent ?? 0);
    const before = levels[depth - 1];
    const count = before?.isOrdered === isOrdered ? before.count + 1 : 1;
    const marker = isOrdered ? `${count}.` : bullet;
    const indent = margin.length + marker.length + 1;
    levels[depth - 1] = { indent, count, isOrdered };
    const rest = ' '.repeat(indent);
    lines.push(...markdownLines(spans).map((line, n) => (n === 0 ? `${margin}${marker} ${line}` : rest + line)));
  }
  return lines;
}

const cell = (text: string): string => escapeMarkdown(inertLine(text)).replaceAll('|', String.raw`\|`);

/** A table needs a head; where the page marks none, an empty one says so. Later rows of a head stand in the body. */
function tableLines(head: readonly (readonly string[])[], rows: readonly (readonly string[])[]): string[] {
  const [top = [], ...others] = head;
  const body = [...others, ...rows];
  const width = Math.max(1, top.length, ...body.map((row) => row.length));
  const rowLine = (row: readonly string[]): string =>
    `| ${Array.from({ length: width }, (_, n) => cell(row[n] ?? '')).join(' | ')} |`;
  return [rowLine(top), `| ${Array.from({ length: width }, () => '---').join(' | ')} |`, ...body.map(rowLine)];
}

function figureLines({ pictures, captions, credits }: Extract<Part, { kind: 'figure' }>): string[] {
  const lines = [
    ...pictures.map(({ src, alt }) => `![${escapeMarkdown(alt)}](${destination(src)})`),
    ...captions.flatMap((spans) => emphasised(spans, '*')),
    ...credits.flatMap((spans) => markdownLines(spans)),
  ];
  return lines.map((line, n) => (n === lines.length - 1 || /(?<!\\)(?:\\\\)*\\$/.test(line) ? line : `${line}\\`));
}

function partLines(part: Part, bullet: string): string[] {
  switch (part.kind) {
    case 'heading':
      return heading(part.level, markdownLine(part.spans));
    case 'lead':
      return emphasised(part.spans, '**');
    case 'paragraph':
    case 'byline':
    case 'dateline':
      return markdownLines(part.spans);
    case 'list':
      return listLines(part.items, bullet);
    case 'table':
      return tableLines(part.head, part.rows);
    case 'figure':
      return figureLines(part);
    case 'player':
      return [`[${part.media}: ${escapeMarkdown(hostOf(part.src))}](${destination(part.src)})`];
    default: {
      const mark = MARKS[part.kind];
      return quoted([...(mark === undefined ? [] : [mark]), ...blocksOf(part.parts)]);
    }
  }
}

/** Parts with an empty line between them. Two lists that meet have different bullets, else they would be one. */
function blocksOf(parts: readonly Part[]): string[] {
  const lines: string[] = [];
  let bullet = '-';
  let before: Part | undefined;
  for (const part of parts) {
    bullet = part.kind === 'list' && before?.kind === 'list' && bullet === '-' ? '+' : '-';
    if (before) lines.push('');
    lines.push(...partLines(part, bullet));
    before = part;
  }
  return lines;
}

/** Ends in a line feed. */
export function articleMarkdown(reading: Reading, imprint: Imprint): string {
  const title = lineStart(escapeMarkdown(inertLine(reading.title)));
  const lines = [
    ...frontMatter(reading, imprint),
    ...(title === '' ? [] : ['', ...heading(1, title)]),
    '',
    ...blocksOf(partsOf(reading)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
