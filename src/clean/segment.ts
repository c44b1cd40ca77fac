/**
 * Cuts a page into pieces: the text of one block-level element each, ended by the next block or by two line breaks.
 * Together the pieces hold every character of the page text, in order; only white space is squeezed.
 */
import type { ChildNode, Document, Element } from 'domhandler';
import type { Media } from '../core/schema.ts';
import { isMarkedHidden, isRowOfLinks } from './markup.ts';
import { mediaOf } from './media.ts';
import { isBlank, squeeze } from './measure-text.ts';
import { isElement } from './nodes.ts';
import { Piece, splitAtBreaks, type Draft, type PieceLink, type Run } from './pieces.ts';
import { isDataTable, rowCells } from './table.ts';

const NOT_TEXT: ReadonlySet<string> = new Set(['script', 'style', 'template', 'head']);
const INLINE: ReadonlySet<string> = new Set(
  'a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd label mark math nobr output picture q rb rp rt ruby s samp small source span strike strong sub sup time track tt u var wbr html'.split(
    ' ',
  ),
);
/** Their whole content is one piece. */
const LUMPS: ReadonlySet<string> = new Set(
  'select svg textarea button iframe object video audio canvas datalist'.split(' '),
);
/** Where an element of the author's own making is a part of the sentence. */
const SENTENCE_HOLDERS: ReadonlySet<string> = new Set('p h1 h2 h3 h4 h5 h6 figcaption blockquote li td th'.split(' '));
const CREDIT_HOLDERS: ReadonlySet<string> = new Set(['span', 'small', 'cite']);
/** Some editors write an empty element of such a class for a line break. */
const BREAK_CLASS = /(?:^|[\s_-])(?:br|line-?break)(?:[\s_-]|$)/i;
const HEADING = /^h[1-6]$/;
const MEDIA: ReadonlySet<string> = new Set(['img', 'video', 'audio', 'iframe', 'amp-img', 'object', 'embed']);

/**
 * Ten times as many as the longest pages have. All text after that is one piece, so that a page of a million tags does not take
 * gigabytes.
 */
export const MAX_PIECES = 100_000;

/** Elements whose text is a piece of its own though they stand in a line. */
type Parted = Pick<ReadonlySet<Element>, 'has'>;

const NO_MEDIA: readonly Media[] = [];

class Segmenter {
  readonly pieces: Piece[] = [];
  readonly #parted: Parted | undefined;
  #runs: Run[] = [];
  #links: PieceLink[] = [];
  #media: Media[] = [];
  #cells: string[] | undefined;
  #breaks = 0;
  #endsInSpace = true;
  #link = -1;
  #href: string | null = null;
  #rel: string | undefined;
  #strong = 0;
  #emphasis = 0;
  #hidden = 0;
  /** Above 0 no block ends a piece. */
  #lumps = 0;
  #owner: Element;
  /** Outermost inline element around the text at hand, and of the piece so far; undefined before its first text. */
  #inlineTop: Element | null = null;
  #holder: Element | null | undefined;

  constructor(root: Element, parted: Parted | undefined) {
    this.#owner = root;
    this.#parted = parted;
  }

  walk(element: Element): void {
    for (const node of element.children) this.#node(node);
  }

  #node(node: ChildNode): void {
    if (node.type === 'text') return this.#isPreformatted ? this.#lines(node.data) : this.#text(node.data);
    if (!isElement(node) || NOT_TEXT.has(node.name)) return;
    const { name } = node;
    if (name === 'br') {
      this.#breaks++;
      return;
    }
    if (MEDIA.has(name)) {
      const media = mediaOf(node);
      if (media) this.#media.push(media);
    }
    if (node.children.length === 0) {
      if (name === 'hr' && this.#lumps === 0) this.flush();
      else if (BREAK_CLASS.test(node.attribs['class'] ?? '')) this.#breaks++;
      return;
    }
    const isHidden = isMarkedHidden(node);
    if (isHidden) this.#hidden++;
    if (!this.#isInline(node)) this.#block(node);
    else if (this.#lumps === 0 && this.#parted?.has(node)) this.#block(node, true);
    else this.#inline(node);
    if (isHidden) this.#hidden--;
  }

  get #isPreformatted(): boolean {
    return this.#owner.name === 'pre' || this.#owner.name === 'textarea';
  }

  /** Text whose line breaks count. */
  #lines(raw: string): void {
    for (const [i, line] of raw.split('\n').entries()) {
      if (i > 0) this.#breaks++;
      this.#text(line);
    }
  }

  #isInline(element: Element): boolean {
    const { name } = element;
    if (this.#lumps > 0) return true;
    if (name === 'button') return this.#runs.length > 0 && SENTENCE_HOLDERS.has(this.#owner.name);
    if (name === 'noscript') return false;
    // Caption and credit share a figcaption, parted by nothing but a span.
    if (this.#owner.name === 'figcaption' && CREDIT_HOLDERS.has(name) && element.attribs['class'] !== undefined)
      return false;
    return INLINE.has(name) || (name.includes('-') && SENTENCE_HOLDERS.has(this.#owner.name));
  }

  #inline(element: Element): void {
    const { name } = element;
    const isStrong = name === 'b' || name === 'strong';
    const isEmphasised = name === 'i' || name === 'em' || name === 'cite';
    const outer = { href: this.#href, link: this.#link, links: this.#links };
    if (name === 'a' && element.attribs['href'] !== undefined) {
      this.#href = element.attribs['href'];
      this.#rel = element.attribs['rel'];
      this.#link = -1;
    }
    if (isStrong) this.#strong++;
    if (isEmphasised) this.#emphasis++;
    // Inside a lump no block ends a piece, but its words must not run into the next one's.
    const isTop = this.#inlineTop === null;
    if (isTop) this.#inlineTop = element;
    const isSeparate = this.#lumps > 0 && !INLINE.has(name);
    if (isSeparate) this.#space();
    this.walk(element);
    if (isSeparate) this.#space();
    if (isTop) this.#inlineTop = null;
    if (isStrong) this.#strong--;
    if (isEmphasised) this.#emphasis--;
    // Where a piece has ended inside a link, the link begins anew.
    if (name === 'a') [this.#href, this.#link] = [outer.href, this.#links === outer.links ? outer.link : -1];
  }

  #block(element: Element, isInline = false): void {
    this.flush();
    const owner = this.#owner;
    const inlineTop = this.#inlineTop;
    this.#owner = element;
    this.#inlineTop = null;
    if (isInline) this.#inline(element);
    else if (element.name === 'table' && isDataTable(element)) this.#table(element);
    else if (LUMPS.has(element.name)) {
      this.#lumps++;
      this.walk(element);
      this.#lumps--;
    } else if (isRowOfLinks(element)) {
      for (const child of element.children) {
        this.#node(child);
        this.flush();
      }
    } else this.walk(element);
    this.flush();
    this.#owner = owner;
    this.#inlineTop = inlineTop;
  }

  /** A row is one piece: a cell alone says too little to be judged. */
  #table(table: Element): void {
    for (const child of table.children) {
      if (child.type === 'text') this.#text(child.data);
      else if (isElement(child) && child.name === 'tr') this.#row(child);
      else if (isElement(child) && /^t(?:head|body|foot)$/.test(child.name)) this.#table(child);
      else this.#node(child);
    }
  }

  #row(row: Element): void {
    this.flush();
    const owner = this.#owner;
    this.#owner = row;
    this.#cells = rowCells(row);
    this.#lumps++;
    for (const cell of row.children) {
      this.#space();
      this.#node(cell);
    }
    this.#lumps--;
    this.flush();
    this.#owner = owner;
  }

  #space(): void {
    if (!this.#endsInSpace) this.#text(' ');
  }

  #text(raw: string): void {
    if (isBlank(raw)) {
      if (!this.#endsInSpace && this.#breaks === 0) this.#push(' ', false);
      return;
    }
    if (this.#breaks >= 2 && (this.#lumps === 0 || this.#isPreformatted)) this.flush();
    const isAfterBreak = this.#breaks > 0 && this.#runs.length > 0;
    this.#breaks = 0;
    let text = squeeze(raw);
    if ((this.#endsInSpace || isAfterBreak) && text.startsWith(' ')) text = text.slice(1);
    this.#push(text, isAfterBreak);
  }

  #push(text: string, isAfterBreak: boolean): void {
    const last = this.pieces.length >= MAX_PIECES ? this.#runs[0] : undefined;
    if (last) {
      this.#runs[0] = { ...last, text: `${last.text}${isAfterBreak ? ' ' : ''}${text}` };
      this.#endsInSpace = text.endsWith(' ');
      return;
    }
    if (this.#href !== null) {
      if (this.#link < 0)
        this.#link =
          this.#links.push({ href: this.#href, ...(this.#rel === undefined ? {} : { rel: this.#rel }), text: '' }) - 1;
      (this.#links[this.#link] as PieceLink).text += text;
    }
    if (!isBlank(text))
      this.#holder = this.#holder === undefined || this.#holder === this.#inlineTop ? this.#inlineTop : null;
    this.#runs.push({
      text,
      link: this.#link,
      isStrong: this.#strong > 0,
      isEmphasised: this.#emphasis > 0,
      isAfterBreak,
    });
    this.#endsInSpace = text.endsWith(' ');
  }

  /** Ends the piece in hand; of a page with too many, only at its end. */
  flush(isEnd = false): void {
    const runs = this.#runs;
    this.#breaks = 0;
    if (this.pieces.length >= MAX_PIECES) {
      [this.#cells, this.#media] = [undefined, []];
      if (!isEnd) return this.#space();
    }
    this.#endsInSpace = true;
    this.#link = -1;
    if (runs.length === 0) return;
    const links = this.#links;
    const cells = this.#cells;
    this.#runs = [];
    this.#links = [];
    this.#cells = undefined;
    if (runs.every(({ text }) => isBlank(text))) return;
    const media = this.#media;
    const holder = this.#holder ?? undefined;
    this.#media = [];
    this.#holder = undefined;
    const isWhole =
      cells !== undefined || HEADING.test(this.#owner.name) || (this.#lumps > 0 && this.#owner.name !== 'textarea');
    const groups = isWhole ? [runs] : splitAtBreaks(runs);
    for (const [i, group] of groups.entries()) {
      const isFirst = i === 0;
      const isHidden = this.#hidden > 0;
      const piece: Draft<Piece> = new Piece(
        group,
        links,
        this.#owner,
        isFirst ? media : NO_MEDIA,
        isHidden,
        isFirst ? cells : undefined,
      );
      piece.holder = holder;
      this.pieces.push(piece);
    }
  }

  /** Media after the last text of the page. */
  get mediaLeft(): readonly Media[] {
    return this.#media;
  }
}

/** All pieces of a page, in document order, and the pictures after the last of them. */
export function segmentPage(document: Document, parted?: Parted): { pieces: Piece[]; mediaLeft: readonly Media[] } {
  const html = document.children.find((node): node is Element => isElement(node) && node.name === 'html');
  if (!html) return { pieces: [], mediaLeft: [] };
  const segmenter = new Segmenter(html, parted);
  for (const part of html.children) {
    if (!isElement(part) || part.name === 'head') continue;
    segmenter.walk(part);
    segmenter.flush();
  }
  segmenter.flush(true);
  for (const [index, piece] of segmenter.pieces.entries()) piece.index = index;
  return { pieces: segmenter.pieces, mediaLeft: segmenter.mediaLeft };
}
