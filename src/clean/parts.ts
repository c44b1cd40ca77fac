/** The article as a writer of documents needs it: blocks gathered into lists, tables, figures, quotes and boxes. */
import type { Block, Reading } from '../core/schema.ts';
import { inertLine, mediaAddress } from './inert.ts';
import { spansOf } from './spans.ts';
import type { Span } from './spans.ts';

export interface Picture {
  readonly src: string;
  readonly alt: string;
}
export interface Item {
  /** From 1; never more than one deeper than the item before it. */
  readonly depth: number;
  readonly isOrdered: boolean;
  readonly spans: Span[];
}
/** Parts that hold others. */
export const BOXES = ['quote', 'fact-box', 'embed', 'correction'] as const;
export type BoxKind = (typeof BOXES)[number];
export type Part =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph' | 'lead' | 'byline' | 'dateline'; readonly spans: readonly Span[] }
  | { readonly kind: BoxKind; readonly parts: Part[]; readonly key: string }
  | { readonly kind: 'list'; readonly items: Item[]; readonly key: string }
  /** Rows may differ in how many cells they have. */
  | { readonly kind: 'table'; readonly head: string[][]; readonly rows: string[][]; readonly key: string }
  | {
      readonly kind: 'figure';
      readonly pictures: Picture[];
      readonly captions: (readonly Span[])[];
      readonly credits: (readonly Span[])[];
    }
  | { readonly kind: 'player'; readonly media: 'video' | 'audio' | 'embed'; readonly src: string };

type PartOf<K extends Part['kind']> = Extract<Part, { kind: K }>;
type Figure = PartOf<'figure'>;

const LIST = /(?:^|>)[uo]l(?:\[\d+\])?(?=>|$)/g;
/** The path up to the last of the elements named; the parent's where there is none. */
function upTo(path: string, elements: RegExp): string {
  const segments = path.split('>');
  const last = segments.findLastIndex((segment) => elements.test(segment));
  return segments.slice(0, last < 0 ? -1 : last + 1).join('>');
}
/** The path up to the innermost item of a list; null where it is in none, as in a dump. */
const itemPath = (path: string): string | null => (/(?:^|>)li(?:\[|>|$)/.test(path) ? upTo(path, /^li(?:\[|$)/) : null);
/** In a box the elements say what a block is; outside, its label has said it. */
const isBoxed = ({ label }: Block): boolean => (BOXES as readonly string[]).includes(label);
const isItem = (block: Block): boolean =>
  block.label === 'list' || (isBoxed(block) && /(?:^|>)li(?:\[\d+\])?$/.test(block.path));
const isHeading = (block: Block): boolean =>
  block.label === 'heading' ||
  block.label === 'headline' ||
  (isBoxed(block) && /(?:^|>)h[1-6](?:\[\d+\])?$/.test(block.path));

/** The article's title stands above all; what stands in the body is at least one below. */
const rankOf = ({ level }: Block): number => Math.min(6, Math.max(2, level ?? 2));

class Composer {
  readonly parts: Part[] = [];
  /** Path of the item that was added last, so that its second paragraph joins it. */
  #item: string | null = null;

  add(block: Block): void {
    const figure = this.#media(block);
    const spans = spansOf(block);
    if (spans.length === 0) return;
    switch (block.label) {
      case 'caption':
      case 'credit':
        return this.#caption(block.label, spans, figure);
      case 'quote':
      case 'embed':
        return this.#box(block, block.label, upTo(block.path, /^(?:blockquote|figure|iframe)(?:\[|$)/));
      case 'fact-box':
      case 'correction':
        return this.#box(block, block.label, block.label);
      case 'table':
        return this.#row(block);
      case 'lead':
      case 'byline':
      case 'dateline':
        return void this.parts.push({ kind: block.label, spans });
      default:
        return this.inner(block, spans);
    }
  }

  /** What may stand in a box as well as outside one. */
  inner(block: Block, spans: Span[]): void {
    if (isItem(block)) this.#listItem(block, spans);
    else if (isHeading(block)) this.parts.push({ kind: 'heading', level: rankOf(block), spans });
    else this.parts.push({ kind: 'paragraph', spans });
  }

  /** The last part, where it is of that kind. */
  #last<K extends Part['kind']>(kind: K): PartOf<K> | undefined {
    const last = this.parts.at(-1);
    return last?.kind === kind ? (last as PartOf<K>) : undefined;
  }

  /** Pictures and players before a block's text; gives the figure that the pictures made. */
  #media({ media = [] }: Block): Figure | undefined {
    const pictures: Picture[] = [];
    const players: Part[] = [];
    for (const { kind, src, alt } of media) {
      const address = src === undefined ? undefined : mediaAddress(src);
      if (address === undefined) continue;
      if (kind === 'image') pictures.push({ src: address, alt: inertLine(alt ?? '') });
      else players.push({ kind: 'player', media: kind, src: address });
    }
    this.parts.push(...players);
    if (pictures.length === 0) return undefined;
    const figure: Figure = { kind: 'figure', pictures, captions: [], credits: [] };
    this.parts.push(figure);
    return figure;
  }

  /** A caption or credit joins the figure before it, unless that one has its caption already. */
  #caption(label: 'caption' | 'credit', spans: Span[], made: Figure | undefined): void {
    const before = made ?? this.#last('figure');
    const isTaken = before === undefined || (label === 'caption' && before.captions.length > 0);
    const figure: Figure = isTaken ? { kind: 'figure', pictures: [], captions: [], credits: [] } : before;
    if (isTaken) this.parts.push(figure);
    (label === 'caption' ? figure.captions : figure.credits).push(spans);
  }

  #box(block: Block, kind: BoxKind, key: string): void {
    const before = this.#last(kind);
    const composer = new Composer();
    if (before?.key === key) composer.parts.push(...before.parts);
    composer.#item = this.#item;
    composer.inner(block, spansOf(block));
    this.#item = composer.#item;
    if (before?.key === key) before.parts.splice(0, before.parts.length, ...composer.parts);
    else this.parts.push({ kind, parts: composer.parts, key });
  }

  #listItem(block: Block, spans: Span[]): void {
    const { path } = block;
    const depthOnPage = path.match(LIST)?.length ?? 0;
    const before = this.#last('list');
    const isInside = before !== undefined && (depthOnPage === 0 ? before.key === '' : path.startsWith(before.key));
    const key = depthOnPage === 0 ? '' : `${upTo(path, /^[uo]l(?:\[|$)/)}>`;
    const list: PartOf<'list'> = isInside ? before : { kind: 'list', items: [], key };
    if (list !== before) this.parts.push(list);
    const last = list.items.at(-1);
    const own = itemPath(path);
    const [first, ...rest] = spans;
    if (last !== undefined && own !== null && own === this.#item && first !== undefined)
      last.spans.push({ ...first, isAfterBreak: true }, ...rest);
    else {
      const depth = depthOnPage === 0 ? (block.level ?? 1) : depthOnPage - (list.key.match(LIST)?.length ?? 1) + 1;
      list.items.push({
        depth: Math.max(1, Math.min(depth, (last?.depth ?? 0) + 1)),
        isOrdered: (key.split('>').at(-2) ?? '').startsWith('ol'),
        spans: [...spans],
      });
    }
    this.#item = own;
  }

  #row({ path, cells, text }: Block): void {
    const key = upTo(path, /^table(?:\[|$)/);
    const before = this.#last('table');
    const table: PartOf<'table'> = before?.key === key ? before : { kind: 'table', head: [], rows: [], key };
    if (table !== before) this.parts.push(table);
    const row = (cells ?? [text]).map(inertLine);
    if (/(?:^|>)thead(?:\[\d+\])?>/.test(path) && table.rows.length === 0) table.head.push(row);
    else table.rows.push(row);
  }
}

const same = (a: string, b: string): boolean => inertLine(a) === inertLine(b);

const spansIn = (text: string | undefined): (readonly Span[])[] => {
  const spans = spansOf({ text: text ?? '' });
  return spans.length === 0 ? [] : [spans];
};

/**
 * The blocks of the article in reading order, gathered. The headline is left out where it says what the title says. A
 * picture that the page names for itself and shows nowhere stands at the head of an article that has no other.
 */
export function partsOf({ blocks, title, images }: Reading): Part[] {
  const composer = new Composer();
  for (const block of blocks) {
    if (block.role !== 'article') continue;
    if (block.label === 'headline' && same(block.text, title)) composer.add({ ...block, text: '', html: '' });
    else composer.add(block);
  }
  const { parts } = composer;
  const isShown = parts.some((part) => part.kind === 'figure' && part.pictures.length > 0);
  const named = images[0];
  const src = isShown || named === undefined ? undefined : mediaAddress(named.src);
  if (named === undefined || src === undefined) return parts;
  const figure: Figure = {
    kind: 'figure',
    pictures: [{ src, alt: inertLine(named.alt ?? '') }],
    captions: spansIn(named.caption),
    credits: spansIn(named.credit),
  };
  const at = parts.findIndex(({ kind }) => kind !== 'lead' && kind !== 'byline' && kind !== 'dateline');
  return parts.toSpliced(at < 0 ? parts.length : at, 0, figure);
}

/** Where a document says it comes from. */
export interface Imprint {
  /** Where the page was. */
  readonly url: string;
  /** Id of the snapshot that holds the reading. */
  readonly snapshot?: string;
  readonly version?: number;
  /** When the page was fetched, UTC. */
  readonly capturedAt?: string;
}
