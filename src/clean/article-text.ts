/** The article as plain text for a person: no markup, one paragraph a line. */
import type { Reading } from '../core/schema.ts';
import { hostOf, inertLine } from './inert.ts';
import { partsOf } from './parts.ts';
import type { Item, Part } from './parts.ts';
import { textOfSpans } from './spans.ts';

function itemLines(items: readonly Item[]): string[] {
  const counts: number[] = [];
  return items.flatMap(({ depth, isOrdered, spans }) => {
    counts.length = Math.min(counts.length, depth);
    counts[depth - 1] = (counts[depth - 1] ?? 0) + 1;
    const margin = '  '.repeat(depth - 1);
    const marker = isOrdered ? `${counts[depth - 1]}. ` : '• ';
    const rest = margin + ' '.repeat(marker.length);
    return textOfSpans(spans)
      .split('\n')
      .map((line, n) => (n === 0 ? margin + marker : rest) + line.trim());
  });
}

/** A caption and credit in brackets, as agencies set them. */
function figureLines({ pictures, captions, credits }: Extract<Part, { kind: 'figure' }>): string[] {
  const said = [...captions, ...credits].map((spans) => inertLine(textOfSpans(spans)));
  if (said.length === 0) said.push(...pictures.map(({ alt }) => alt).filter((alt) => alt !== ''));
  return said.length === 0 ? [] : [`[${said.join(' | ')}]`];
}

function partLines(part: Part): string[] {
  switch (part.kind) {
    case 'list':
      return itemLines(part.items);
    case 'table':
      return [...part.head, ...part.rows].map((row) => row.map(inertLine).join(' | '));
    case 'figure':
      return figureLines(part);
    case 'player':
      return [`[${part.media}: ${hostOf(part.src)}]`];
    case 'quote':
    case 'fact-box':
    case 'embed':
    case 'correction':
      return blocksOf(part.parts).map((line) => (line === '' ? '  |' : `  | ${line}`));
    default:
      return textOfSpans(part.spans)
        .split('\n')
        .map((line) => line.trim());
  }
}

const blocksOf = (parts: readonly Part[]): string[] =>
  parts
    .flatMap((part) => {
      const lines = partLines(part);
      return lines.length === 0 ? [] : ['', ...lines];
    })
    .slice(1);

/** Title, lead, byline and body, an empty line between them. Ends in a line feed. */
export function articleText(reading: Reading): string {
  const title = inertLine(reading.title);
  const body = blocksOf(partsOf(reading));
  return `${[...(title === '' ? [] : [title, '']), ...body].join('\n').trimEnd()}\n`;
}
