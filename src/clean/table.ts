/** Tables of data, told apart from tables that only lay out the page. */
import type { Element } from 'domhandler';
import { squeeze } from './measure-text.ts';
import { isElement } from './nodes.ts';

/** A cell longer than this holds prose, and is a block of its own. */
const MAX_CELL_CHARS = 160;
const LAYOUT_ONLY: ReadonlySet<string> = new Set([
  'table',
  'article',
  'section',
  'form',
  'iframe',
  'h1',
  'h2',
  'nav',
  'aside',
  'header',
  'footer',
]);

interface Shape {
  rows: number;
  widest: number;
  isLayout: boolean;
}

/** Whether the rows of a table are records: at least two, some with two cells or more, none with a page's part inside. */
export function isDataTable(table: Element): boolean {
  const shape: Shape = { rows: 0, widest: 0, isLayout: table.attribs['role'] === 'presentation' };
  measureRows(table, shape);
  return !shape.isLayout && shape.rows >= 2 && shape.widest >= 2;
}

function measureRows(parent: Element, shape: Shape): void {
  for (const child of parent.children) {
    if (shape.isLayout || !isElement(child)) continue;
    if (child.name === 'tr') {
      shape.rows++;
      const cells = cellsOf(child);
      shape.widest = Math.max(shape.widest, cells.length);
      if (cells.some(isLayoutCell)) shape.isLayout = true;
    } else if (/^t(?:head|body|foot)$/.test(child.name)) measureRows(child, shape);
  }
}

const cellsOf = (row: Element): Element[] =>
  row.children.filter((child): child is Element => isElement(child) && (child.name === 'td' || child.name === 'th'));

function isLayoutCell(cell: Element): boolean {
  let chars = 0;
  let paragraphs = 0;
  const waiting: Element[] = [cell];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const child of next.children) {
      if (child.type === 'text') chars += child.data.trim().length;
      else if (isElement(child) && child.name !== 'script' && child.name !== 'style') {
        if (LAYOUT_ONLY.has(child.name)) return true;
        if (child.name === 'p' && ++paragraphs > 2) return true;
        waiting.push(child);
      }
    }
    if (chars > MAX_CELL_CHARS) return true;
  }
  return false;
}

/** The texts of a row's cells. */
export const rowCells = (row: Element): string[] => cellsOf(row).map((cell) => squeeze(textOf(cell)).trim());

const SKIPPED: ReadonlySet<string> = new Set(['script', 'style', 'template']);

/** All text below an element but that of scripts, styles and templates, as it stands. */
export function textOf(element: Element): string {
  let text = '';
  for (const child of element.children) {
    if (child.type === 'text') text += child.data;
    else if (isElement(child) && !SKIPPED.has(child.name)) text += textOf(child);
  }
  return text;
}
