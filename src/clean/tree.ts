/**
 * Builds the element tree of a page, as nodes that Cheerio works on. It follows the standard's tree construction
 * (WATWG HTML §13.2.6) wherever that decides which characters are text of the page and in what order: what belongs to
 * the head, what a table throws out before itself, where raw content ends. Where it only decides which of two elements
 * formats a text, the simpler of two trees will do.
 */
import { Document, Element, Text, type ChildNode, type ParentNode } from 'domhandler';
import * as known from './elements.ts';
import {
  append,
  isForeign,
  isIntegration,
  isListScopeEdge,
  isParagraph,
  isParagraphScopeEdge,
  isScopeEdge,
  isSpecial,
  isTableScopeEdge,
  kindOfForeign,
  link,
  markForeign,
} from './nodes.ts';
import { scan, type ContentMode, type TagSink } from './scanner.ts';

type Phase = 'before' | 'head' | 'head-noscript' | 'after-head' | 'body';
const RAW: ReadonlySet<string> = new Set(['style', 'xmp', 'iframe', 'noembed', 'noframes']);
const BLANK = /^[\t\n\f\r ]*$/;

const modeOf = (name: string): ContentMode => {
  if (name === 'script') return 'script';
  if (name === 'title' || name === 'textarea') return 'text';
  if (name === 'plaintext') return 'plain';
  return RAW.has(name) ? 'raw' : 'markup';
};

/** Sees the tags of one document go by and builds its tree. Make one for each. */
class TreeBuilder implements TagSink {
  readonly document: Document;
  /** True where the standard's tree would be another one that this builder does not know how to make. */
  isBeyond = false;
  readonly #maxDepth: number;
  readonly #html: Element;
  readonly #head: Element;
  readonly #body: Element;
  /** Open elements, outermost first. */
  readonly #open: Element[] = [];
  /** Names of open elements deeper than `maxDepth`: their text goes to the deepest one kept. */
  readonly #tooDeep: string[] = [];
  #phase: Phase = 'before';
  #openParagraphs = 0;
  #openSelects = 0;
  #foreign = 0;
  #raw: Element | null = null;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#html = new Element('html', {});
    this.#head = new Element('head', {});
    this.#body = new Element('body', {});
    this.document = new Document([]);
    link(this.document, this.#html, null);
    link(this.#html, this.#head, null);
    link(this.#html, this.#body, null);
    this.#open.push(this.#body);
  }

  get #current(): Element {
    return this.#open[this.#open.length - 1] as Element;
  }

  /** Whether the innermost open element is a part of a table that can hold no text of its own. */
  get #isInTable(): boolean {
    return known.TABLE_CONTEXT.has(this.#current.name) && !isForeign(this.#current);
  }

  allowsCdata(): boolean {
    return this.#foreign > 0 && isForeign(this.#current) && !isIntegration(this.#current);
  }

  text(text: string): void {
    if (this.#phase !== 'body') {
      if (BLANK.test(text)) return;
      this.#phase = 'body';
    }
    if (text.includes('\0')) this.isBeyond = true;
    if (this.#isInTable && !BLANK.test(text)) this.#foster(new Text(text));
    else append(this.#current, text);
  }

  content(text: string): void {
    if (text.includes('\0')) this.isBeyond = true;
    if (this.#raw && text) link(this.#raw, new Text(text), null);
    this.#raw = null;
  }

  open(name: string, attributes: Record<string, string>, isSelfClosing: boolean): ContentMode {
    if (name === 'html' || name === 'body' || name === 'head') {
      if (name !== 'html' && this.#foreign > 0) this.#openForeign(name, attributes, false);
      this.#openRoot(name, attributes);
      return 'markup';
    }
    if (this.#phase === 'head-noscript' && !this.#staysInHead(name)) this.#phase = 'head';
    if (this.#phase !== 'body' && !this.#staysInHead(name)) this.#phase = 'body';
    if (this.#phase !== 'body') return this.#openInHead(name, attributes);
    if (name === 'frameset') this.isBeyond = true;
    if (name === 'frame') return 'markup';
    if (this.#foreign > 0 && this.#openForeign(name, attributes, isSelfClosing)) return 'markup';
    if (name === 'svg' || name === 'math') {
      this.isBeyond ||= this.#openSelects > 0;
      this.#insert(new Element(name, attributes), !isSelfClosing);
      if (!isSelfClosing) this.#foreign++;
      return 'markup';
    }
    const mode = modeOf(name);
    if (this.#openSelects > 0 && !known.SELECT_CONTENT.has(name)) {
      this.isBeyond ||= mode !== 'markup';
      return mode;
    }
    if (this.#openTablePart(name, attributes)) return 'markup';
    this.#closeImplied(name);
    const element = new Element(name === 'image' ? 'img' : name, attributes);
    const isLeaf = mode !== 'markup' || known.VOID.has(element.name);
    const isFormInTable = name === 'form' && this.#isInTable;
    this.#insert(element, !isLeaf && !isFormInTable, isFormInTable);
    if (mode !== 'markup') this.#raw = element;
    return mode;
  }

  close(name: string): void {
    if (this.#tooDeep.length > 0 && this.#closeTooDeep(name)) return;
    if (this.#phase !== 'body') return this.#closeInHead(name);
    if (name === 'body' || name === 'html' || name === 'head') return;
    if (name === 'br') return void this.open('br', {}, false);
    if (this.#foreign > 0 && this.#closeForeign(name)) return;
    if (this.#openSelects > 0 && known.BLOCK_END.has(name) && name !== 'select') return;
    if (name === 'table' || name === 'tr' || known.TABLE_SECTION.has(name)) return this.#closeTablePart(name);
    if (known.CELL.has(name)) return this.#popTo((e) => e.name === name, isTableScopeEdge);
    if (name === 'template')
      return this.#popTo(
        (e) => e.name === 'template',
        () => false,
      );
    if (name === 'p') return this.#popTo(isParagraph, isParagraphScopeEdge);
    if (known.HEADINGS.has(name)) return this.#popTo((e) => known.HEADINGS.has(e.name), isScopeEdge);
    if (known.BLOCK_END.has(name))
      return this.#popTo((e) => e.name === name, name === 'li' ? isListScopeEdge : isScopeEdge);
    if (known.FORMATTING.has(name)) return this.#closeFormatting(name);
    this.#popTo((e) => e.name === name, isSpecial);
  }

  #openRoot(name: string, attributes: Record<string, string>): void {
    const root = name === 'html' ? this.#html : name === 'head' ? this.#head : this.#body;
    for (const key of Object.keys(attributes)) root.attribs[key] ??= attributes[key] as string;
    if (name === 'head' && this.#phase === 'before') this.#phase = 'head';
    if (name === 'body') this.#phase = 'body';
  }

  /** Whether an element called `name` may stand in the head; if not, it begins the body, wherever the author closed the head. */
  #staysInHead(name: string): boolean {
    if (this.#phase === 'head-noscript') return known.HEAD_NOSCRIPT_CONTENT.has(name) || name === 'noscript';
    return known.HEAD_CONTENT.has(name) && !(name === 'noscript' && this.#phase === 'after-head');
  }

  #openInHead(name: string, attributes: Record<string, string>): ContentMode {
    if (this.#phase === 'before') this.#phase = 'head';
    if (name === 'noscript') {
      if (this.#phase === 'head') this.#phase = 'head-noscript';
      return 'markup';
    }
    const element = new Element(name, attributes);
    link(this.#head, element, null);
    if (name === 'template') {
      // Its content is never text of the page, so the phase need not be known inside it.
      this.#open.push(element);
      this.#phase = 'body';
      return 'markup';
    }
    const mode = modeOf(name);
    if (mode !== 'markup') this.#raw = element;
    return mode;
  }

  #closeInHead(name: string): void {
    if (name === 'noscript' && this.#phase === 'head-noscript') this.#phase = 'head';
    else if (name === 'head' && this.#phase !== 'head-noscript') this.#phase = 'after-head';
    else if (name === 'br') {
      this.#phase = 'body';
      this.open('br', {}, false);
    } else if ((name === 'body' || name === 'html') && this.#phase !== 'head-noscript') this.#phase = 'body';
  }

  // Tables ------------------------------------------------------------------------------------------------------------

  /** Index of the innermost open table, 0 for none. */
  #tableIndex(): number {
    for (let i = this.#open.length - 1; i > 0; i--) {
      const { name } = this.#open[i] as Element;
      if (name === 'table') return i;
      if (name === 'template') return 0;
    }
    return 0;
  }

  /** Handles a start tag that only a table can hold; gives false for any other. */
  #openTablePart(name: string, attributes: Record<string, string>): boolean {
    const isRow = name === 'tr';
    const isCell = name === 'td' || name === 'th';
    const isPart = name === 'caption' || name === 'colgroup' || name === 'col' || known.TABLE_SECTION.has(name);
    if (!isRow && !isCell && !isPart) {
      // A table straight inside a table ends it; inside a cell it is a table of its own.
      if (name === 'table' && this.#isInTable && this.#tableIndex() > 0) this.#truncate(this.#tableIndex());
      return false;
    }
    const table = this.#tableIndex();
    if (table === 0) return !this.#open.some((e) => e.name === 'template');
    let keep = table + 1;
    if (isRow || isCell) {
      const holder = (e: Element | undefined) => e !== undefined && known.TABLE_SECTION.has(e.name);
      if (holder(this.#open[keep])) keep++;
      if (isCell && this.#open[keep]?.name === 'tr') keep++;
    }
    this.#truncate(keep);
    if ((isRow || isCell) && this.#current.name === 'table') this.#insert(new Element('tbody', {}), true, true);
    if (isCell && this.#current.name !== 'tr') this.#insert(new Element('tr', {}), true, true);
    const isLeaf = name === 'col' || name === 'colgroup';
    this.#insert(new Element(name, attributes), !isLeaf, true);
    return true;
  }

  #closeTablePart(name: string): void {
    this.#popTo((e) => e.name === name, isTableScopeEdge);
  }

  /** Puts a node straight before the innermost table, where the standard moves what may not stand inside it (§13.2.6.1). */
  #foster(node: ChildNode): void {
    const index = this.#tableIndex();
    const table = this.#open[index] as Element;
    const template = this.#open.findLast((e) => e.name === 'template');
    const before = index > 0 ? table : null;
    const parent = before ? (table.parent as ParentNode) : (template ?? this.#body);
    const previous = before ? before.prev : parent.lastChild;
    if (node instanceof Text && previous instanceof Text) previous.data += node.data;
    else link(parent, node, before);
  }

  // Implied ends -----------------------------------------------------------------------------------------------------

  #closeImplied(name: string): void {
    if (name === 'li' || name === 'dd' || name === 'dt') this.#closeListPart(name);
    if (this.#openParagraphs > 0 && known.CLOSES_P.has(name)) this.#popTo(isParagraph, isParagraphScopeEdge);
    if (known.HEADINGS.has(name) && known.HEADINGS.has(this.#current.name)) this.#truncate(this.#open.length - 1);
    else if (name === 'option' || name === 'optgroup') {
      if (this.#current.name === 'option') this.#truncate(this.#open.length - 1);
      if (name === 'optgroup' && this.#current.name === 'optgroup') this.#truncate(this.#open.length - 1);
    } else if (this.#openSelects > 0 && (name === 'select' || name === 'input' || name === 'textarea')) {
      this.#popTo((e) => e.name === 'select', isScopeEdge);
    } else if (name === 'button') this.#popTo((e) => e.name === 'button', isScopeEdge);
    else if (name === 'a' || name === 'nobr') this.#closeFormatting(name);
    else if ((name === 'rt' || name === 'rp') && (this.#current.name === 'rt' || this.#current.name === 'rp')) {
      this.#truncate(this.#open.length - 1);
    }
  }

  #closeListPart(name: string): void {
    for (let i = this.#open.length - 1; i > 0; i--) {
      const open = (this.#open[i] as Element).name;
      if (name === 'li' ? open === 'li' : open === 'dd' || open === 'dt') return this.#truncate(i);
      if (known.SPECIAL.has(open) && open !== 'address' && open !== 'div' && open !== 'p') return;
    }
  }

  /** A link or emphasis closed while blocks inside it are still open: only it ends, they go on (the adoption agency, §13.2.6.4.7). */
  #closeFormatting(name: string): void {
    for (let i = this.#open.length - 1; i > 0; i--) {
      const element = this.#open[i] as Element;
      if (element.name === name) {
        const hasBlockInside = this.#open.slice(i + 1).some((e) => known.SPECIAL.has(e.name));
        this.isBeyond ||= hasBlockInside && isForeign(this.#current);
        if (hasBlockInside) this.#open.splice(i, 1);
        else this.#truncate(i);
        return;
      }
      if (isScopeEdge(element)) return;
    }
  }

  // svg and math ---------------------------------------------------------------------------------------------------------

  /** Handles a start tag inside svg or math; gives false where HTML's own rules apply. */
  #openForeign(name: string, attributes: Record<string, string>, isSelfClosing: boolean): boolean {
    if (!isForeign(this.#current) || isIntegration(this.#current)) return false;
    if (
      known.BREAKS_OUT.has(name) ||
      (name === 'font' && ('color' in attributes || 'face' in attributes || 'size' in attributes))
    ) {
      while (isForeign(this.#current) && !isIntegration(this.#current)) this.#truncate(this.#open.length - 1);
      return false;
    }
    const element = new Element(name, attributes);
    markForeign(element, kindOfForeign(this.#current) ?? 'svg');
    this.#insert(element, !isSelfClosing);
    return true;
  }

  #closeForeign(name: string): boolean {
    if (!isForeign(this.#current)) return false;
    if (name === 'p' && !isIntegration(this.#current)) {
      while (isForeign(this.#current) && !isIntegration(this.#current)) this.#truncate(this.#open.length - 1);
      return false;
    }
    for (let i = this.#open.length - 1; i > 0 && isForeign(this.#open[i] as Element); i--) {
      if ((this.#open[i] as Element).name === name) {
        this.#truncate(i);
        return true;
      }
    }
    return false;
  }

  // The stack ------------------------------------------------------------------------------------------------------------

  #insert(element: Element, isContainer: boolean, staysInTable = known.STAYS_IN_TABLE.has(element.name)): void {
    if (element.name === 'svg' || element.name === 'math') markForeign(element, element.name);
    if (isContainer && this.#open.length >= this.#maxDepth && element.name !== 'template') {
      this.#tooDeep.push(element.name);
      return;
    }
    if (!staysInTable && this.#isInTable) this.#foster(element);
    else link(this.#current, element, null);
    if (!isContainer) return;
    this.#open.push(element);
    if (element.name === 'p') this.#openParagraphs++;
    if (element.name === 'select') this.#openSelects++;
  }

  /** Looks no further than the last few: a page of a hundred thousand open tags must not cost their square. */
  #closeTooDeep(name: string): boolean {
    const lowest = Math.max(0, this.#tooDeep.length - 64);
    for (let i = this.#tooDeep.length - 1; i >= lowest; i--) {
      if (this.#tooDeep[i] === name) {
        this.#tooDeep.length = i;
        return true;
      }
    }
    return !known.TABLE_CONTEXT.has(name) && !known.CELL.has(name);
  }

  #popTo(isWanted: (e: Element) => boolean, isEdge: (e: Element) => boolean): void {
    for (let i = this.#open.length - 1; i > 0; i--) {
      const element = this.#open[i] as Element;
      if (isWanted(element)) return this.#truncate(i);
      if (isEdge(element)) return;
    }
  }

  #truncate(length: number): void {
    for (let i = this.#open.length - 1; i >= Math.max(1, length); i--) {
      const element = this.#open[i] as Element;
      if (element.name === 'p') this.#openParagraphs--;
      if (element.name === 'select') this.#openSelects--;
      if (element.name === 'svg' || element.name === 'math') this.#foreign--;
      if (element.name === 'template' && element.parent === this.#head) this.#phase = 'head';
    }
    this.#open.length = Math.max(1, length);
  }
}

/**
 * The tree of a page: `html` with `head` and `body`, whatever the author left out.
 * Nesting beyond `maxDepth` elements is flattened, its text kept.
 * `isBeyond` is true where the page uses one of the few constructs (framesets, NUL characters, raw elements in a select)
 * for which only a full parser gives the standard's tree.
 */
export function buildTree(html: string, maxDepth: number): { document: Document; isBeyond: boolean } {
  const builder = new TreeBuilder(maxDepth);
  scan(html.startsWith('\uFEFF') ? html.slice(1) : html, builder);
  return { document: builder.document, isBeyond: builder.isBeyond };
}
