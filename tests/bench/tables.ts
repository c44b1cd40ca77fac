/** Tables for a terminal, or for a README in Markdown. */

export type Row = readonly string[];

const widthOf = (text: string): number => [...text].length;
const padded = (text: string, width: number, isFirst: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isFirst ? text + space : space + text;
};

/** A head and rows; the first column begins on the left, the others end on the right. */
export function tableOf(head: Row, rows: readonly Row[], isMarkdown: boolean): string {
  if (isMarkdown)
    return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
      .map((row) => `| ${row.join(' | ')} |`)
      .join('\n');
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => widthOf(row[i] ?? ''))));
  const line = (row: Row): string =>
    row
      .map((cell, i) => padded(cell, widths[i] ?? 0, i === 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** `.957`, as shares are written; `–` where there is none. */
export const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3).replace(/^0/, '');

export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${share(Math.abs(value))}`;
