/** Blocks as they are kept, made from labelled pieces. */
import type { Element } from 'domhandler';
import type { Block } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import type { Labelled } from './label.ts';
import { isElement } from './nodes.ts';
import type { Run } from './pieces.ts';

const HEADING = /^h([1-6])$/;

/** Spells where elements stand, such as `body>main>p[3]`; counts each parent's children once. */
export class Paths {
  readonly #paths = new Map<Element, string>();

  of(element: Element): string {
    const known = this.#paths.get(element);
    if (known !== undefined) return known;
    const parent = element.parent;
    if (element.name === 'body' || !parent || !isElement(parent as Element)) {
      this.#paths.set(element, element.name);
      return element.name;
    }
    const outer = this.of(parent as Element);
    const counts = new Map<string, number>();
    for (const sibling of parent.children) {
      if (!isElement(sibling)) continue;
      const n = (counts.get(sibling.name) ?? 0) + 1;
      counts.set(sibling.name, n);
      this.#paths.set(sibling, `${outer}>${sibling.name}${n === 1 ? '' : `[${n}]`}`);
    }
    return this.#paths.get(element) as string;
  }
}

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
const escapedAttribute = (text: string): string => escaped(text).replaceAll('"', '&quot;');

/** Addresses as the reader may follow them; script and data addresses are dropped. */
function safeHref(href: string, base: string): string | undefined {
  try {
    const url = new URL(href.trim(), base);
    return /^(?:https?|mailto|tel):$/.test(url.protocol) ? hrefOf(url) : undefined;
  } catch {
    return undefined;
  }
}

/** Links, emphasis and line breaks of a block as HTML; undefined where it has none. */
function htmlOf(runs: readonly Run[], hrefs: readonly (string | undefined)[]): string | undefined {
  if (!runs.some((run, i) => run.link >= 0 || run.isStrong || run.isEmphasised || (run.isAfterBreak && i > 0)))
    return undefined;
  let html = '';
  for (const [i, run] of runs.entries()) {
    let text = escaped(run.text);
    if (run.isEmphasised) text = `<em>${text}</em>`;
    if (run.isStrong) text = `<strong>${text}</strong>`;
    const href = run.link >= 0 ? hrefs[run.link] : undefined;
    if (href !== undefined) text = `<a href="${escapedAttribute(href)}">${text}</a>`;
    html += run.isAfterBreak && i > 0 ? `<br>${text}` : text;
  }
  return html.replaceAll('</strong><strong>', '').replaceAll('</em><em>', '').trim();
}

/** A block without its id. */
export function blockOf(labelled: Labelled, paths: Paths, url: string): Omit<Block, 'id'> {
  const { judged, role, label, confidence, reasons } = labelled;
  const { piece } = judged;
  const links = piece.links.flatMap((link) => {
    const href = safeHref(link.href, url);
    const text = link.text.trim();
    return href === undefined || text === '' ? [] : [{ href, text }];
  });
  const html =
    role === 'article' && !piece.cells
      ? htmlOf(
          piece.runs,
          piece.allLinks.map(({ href }) => safeHref(href, url)),
        )
      : undefined;
  const level = levelOf(piece.element);
  const media = piece.media.flatMap((m) => {
    const src = m.src === undefined ? undefined : safeHref(m.src, url);
    return src === undefined ? [] : [{ ...m, src }];
  });
  return {
    origin: 'page',
    role,
    label,
    confidence,
    reasons: reasons.map(({ rule, weight }) => ({ rule, weight: Math.max(-100, Math.min(100, weight)) })),
    path: paths.of(piece.element),
    text: piece.text,
    ...(html === undefined ? {} : { html }),
    ...(level === undefined ? {} : { level }),
    ...(piece.cells ? { cells: [...piece.cells] } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(media.length > 0 ? { media } : {}),
  };
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
