/** Blocks as they are kept, made from labelled pieces. */
import type { ChildNode, Element } from 'domhandler';
import type { Block, Media } from '../core/schema.ts';
import type { Hrefs } from './hrefs.ts';
import type { Labelled } from './label.ts';
import { isElement, type PageElement } from './nodes.ts';
import type { Draft, Piece, PieceLink } from './pieces.ts';

const HEADING = /^h([1-6])$/;

/** Where an element stands, such as `body>main>p[3]`; each parent's children are counted once. */
function pathOf(element: Element): string {
  const known = element as PageElement;
  return (known.path ??= spelledPath(known));
}

function spelledPath(element: PageElement): string {
  const { name, parent } = element;
  if (name === 'body' || !parent || !isElement(parent as Element)) return name;
  if (element.nth === 0) numberByName(parent.children);
  const outer = pathOf(parent as Element);
  return element.nth === 1 ? `${outer}>${name}` : `${outer}>${name}[${element.nth}]`;
}

function numberByName(siblings: readonly ChildNode[]): void {
  const counts = new Map<string, number>();
  for (const sibling of siblings) {
    if (!isElement(sibling)) continue;
    const nth = (counts.get(sibling.name) ?? 0) + 1;
    counts.set(sibling.name, nth);
    (sibling as PageElement).nth = nth;
  }
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
const escapedAttribute = (text: string): string => escaped(text).replaceAll('"', '&quot;');

/** Links, emphasis and line breaks of a block as HTML; undefined where it has none. */
function htmlOf({ runs, allLinks }: Piece, hrefs: Hrefs): string | undefined {
  if (!runs.some((run, i) => run.link >= 0 || run.isStrong || run.isEmphasised || (run.isAfterBreak && i > 0)))
    return undefined;
  let html = '';
  let lastLink = -1;
  let href: string | undefined;
  for (const [i, run] of runs.entries()) {
    let text = escaped(run.text);
    if (run.isEmphasised) text = `<em>${text}</em>`;
    if (run.isStrong) text = `<strong>${text}</strong>`;
    if (run.link !== lastLink) href = run.link < 0 ? undefined : hrefs.of((allLinks[run.link] as PieceLink).href);
    lastLink = run.link;
    if (href !== undefined) text = `<a href="${escapedAttribute(href)}">${text}</a>`;
    html += run.isAfterBreak && i > 0 ? `<br>${text}` : text;
  }
  return html.replaceAll('</strong><strong>', '').replaceAll('</em><em>', '').trim();
}

function linksOf({ links }: Piece, hrefs: Hrefs): Block['links'] & object {
  const found: { href: string; text: string }[] = [];
  for (const link of links) {
    const text = link.text.trim();
    const href = text === '' ? undefined : hrefs.of(link.href);
    if (href !== undefined) found.push({ href, text });
  }
  return found;
}

function mediaOf({ media }: Piece, hrefs: Hrefs): Media[] {
  const found: Media[] = [];
  for (const one of media) {
    const src = one.src === undefined ? undefined : hrefs.of(one.src);
    if (src !== undefined) found.push({ ...one, src });
  }
  return found;
}

/** A block whose id is still to be set. */
export function blockOf(labelled: Labelled, hrefs: Hrefs): Draft<Block> {
  const { judged, role, label, confidence, reasons } = labelled;
  const { piece } = judged;
  const block: Draft<Block> = {
    id: '',
    origin: 'page',
    role,
    label,
    confidence,
    reasons: reasons.map(({ rule, weight }) => ({ rule, weight: Math.max(-100, Math.min(100, weight)) })),
    path: pathOf(piece.element),
    text: piece.text,
  };
  const html = role === 'article' && !piece.cells ? htmlOf(piece, hrefs) : undefined;
  if (html !== undefined) block.html = html;
  const level = levelOf(piece.element);
  if (level !== undefined) block.level = level;
  if (piece.cells) block.cells = [...piece.cells];
  const links = linksOf(piece, hrefs);
  if (links.length > 0) block.links = links;
  const media = mediaOf(piece, hrefs);
  if (media.length > 0) block.media = media;
  return block;
}

/** Of a heading its rank, of a list item how deep its list is nested. */
function levelOf(element: Element): number | undefined {
  const rank = HEADING.exec(element.name)?.[1];
  if (rank !== undefined) return Number(rank);
  if (element.name !== 'li') return undefined;
  let depth = 0;
  for (let outer = element.parent; outer && isElement(outer as Element); outer = outer.parent) {
    if (/^[uo]l$/.test((outer as Element).name)) depth++;
  }
  return Math.max(1, depth);
}
