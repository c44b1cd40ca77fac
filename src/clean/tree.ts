/**
 * Builds the element tree of a page, as nodes that Cheerio works on. It follows the standard's tree construction
 * (WHATWG HTML §13.2.6) wherever that decides which characters are text of the page and in what order: what belongs to
 * the head, what a table throws out before itself, where raw content ends. Where it only decides which of two elements
 * formats a text, the simpler of two trees will do.
 */
import { Document, Element, Text } from 'domhandler';
import * as known from './elements.ts';
import {
  append,
  isForeign,
  isIntegration,
  isListScopeEdge,
  isParagraph,
  isParagraphScopeEdge,
  isScopeEdge,
  isTableScopeEdge,
  kindOfForeign,
  link,
  markForeign,
} from './nodes.ts';
import { OpenElements } from './open-elements.ts';
import { scan, type ContentMode, type TagSink } from './scanner.ts';

type Phase = 'before' | 'head' | 'head-noscript' | 'after-head' | 'body';
type Attributes = Record<string, string>;
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
  readonly document = new Document([]);
  /** True where the standard's tree would be another one that this builder does not know how to make. */
  isBeyond = false;
  readonly #html = new Element('html', {});
  readonly #head = new Element('head', {});
  readonly #body = new Element('body', {});
  readonly #open: OpenElements;
  #phase: Phase = 'before';
  #raw: Element | null = null;

  constructor(maxDepth: number) {
    link(this.document, this.#html, null);
    link(this.#html, this.#head, null);
    link(this.#html, this.#body, null);
    this.#open = new OpenElements(this.#body, maxDepth);
  }

  allowsCdata(): boolean {
    const { current, hasDrawing } = this.#open;
    return hasDrawing && isForeign(current) && !isIntegration(current);
  }

  text(text: string): void {
    const isBlank = BLANK.test(text);
    if (this.#phase !== 'body') {
      if (isBlank) return;
      this.#phase = 'body';
    }
    if (text.includes('\0')) this.isBeyond = true;
    if (this.#open.isInTable && !isBlank) this.#open.foster(new Text(text));
    else append(this.#open.current, text);
  }

  content(text: string): void {
    if (text.includes('\0')) this.isBeyond = true;
    if (this.#raw && text) link(this.#raw, new Text(text), null);
    this.#raw = null;
  }

  open(name: string, attributes: Attributes, isSelfClosing: boolean): ContentMode {
    if (name === 'html' || name === 'body' || name === 'head') {
      if (name !== 'html' && this.#open.hasDrawing) this.#openForeign(name, attributes, false);
      this.#openRoot(name, attributes);
      return 'markup';
    }
    if (this.#phase === 'head-noscript' && !this.#staysInHead(name)) this.#phase = 'head';
    if (this.#phase !== 'body' && !this.#staysInHead(name)) this.#phase = 'body';
    if (this.#phase !== 'body') return this.#openInHead(name, attributes);
    if (name === 'frameset') this.isBeyond = true;
    if (name === 'frame') return 'markup';
    if (this.#open.hasDrawing && this.#openForeign(name, attributes, isSelfClosing)) return 'markup';
    return this.#openInBody(name, attributes, isSelfClosing);
  }

  close(name: string): void {
    const open = this.#open;
    if (open.closeTooDeep(name)) return;
    if (this.#phase !== 'body') return this.#closeInHead(name);
    if (name === 'body' || name === 'html' || name === 'head') return;
    if (name === 'br') return void this.open('br', {}, false);
    if (open.hasDrawing && this.#closeForeign(name)) return;
    if (open.hasSelect && known.BLOCK_END.has(name) && name !== 'select') return;
    const isNamed = (element: Element) => element.name === name;
    if (known.TABLE_CONTEXT.has(name) || known.CELL.has(name)) open.popTo(isNamed, isTableScopeEdge);
    else if (name === 'template') this.#closeTemplate();
    else if (name === 'p') open.popTo(isParagraph, isParagraphScopeEdge);
    else if (known.HEADINGS.has(name)) open.popTo((element) => known.HEADINGS.has(element.name), isScopeEdge);
    else if (known.BLOCK_END.has(name)) open.popTo(isNamed, name === 'li' ? isListScopeEdge : isScopeEdge);
    else if (known.FORMATTING.has(name)) this.#closeFormatting(name);
    else open.closeOther(name);
  }

  // The head -----------------------------------------------------------------------------------------------------------

  #openRoot(name: string, attributes: Attributes): void {
    const root = name === 'html' ? this.#html : name === 'head' ? this.#head : this.#body;
    for (const [key, value] of Object.entries(attributes)) root.attribs[key] ??= value;
    if (name === 'head' && this.#phase === 'before') this.#phase = 'head';
    if (name === 'body') this.#phase = 'body';
  }

  /** Whether an element called `name` may stand in the head; if not, it begins the body, wherever the author closed the head. */
  #staysInHead(name: string): boolean {
    if (this.#phase === 'head-noscript') return known.HEAD_NOSCRIPT_CONTENT.has(name) || name === 'noscript';
    return known.HEAD_CONTENT.has(name) && !(name === 'noscript' && this.#phase === 'after-head');
  }

  #openInHead(name: string, attributes: Attributes): ContentMode {
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

  #closeTemplate(): void {
    let template: Element | undefined;
    this.#open.popTo(
      (element) => {
        if (element.name === 'template') template = element;
        return element.name === 'template';
      },
      () => false,
    );
    if (template?.parent === this.#head) this.#phase = 'head';
  }

  // The body -----------------------------------------------------------------------------------------------------------

  #openInBody(name: string, attributes: Attributes, isSelfClosing: boolean): ContentMode {
    const open = this.#open;
    if (name === 'svg' || name === 'math') {
      this.isBeyond ||= open.hasSelect;
      open.insert(new Element(name, attributes), !isSelfClosing);
      return 'markup';
    }
    const mode = modeOf(name);
    if (open.hasSelect && !known.SELECT_CONTENT.has(name)) {
      this.isBeyond ||= mode !== 'markup';
      return mode;
    }
    if (this.#openTablePart(name, attributes)) return 'markup';
    this.#closeImplied(name);
    const element = new Element(name === 'image' ? 'img' : name, attributes);
    const isLeaf = mode !== 'markup' || known.VOID.has(element.name);
    const isFormInTable = name === 'form' && open.isInTable;
    open.insert(element, !isLeaf && !isFormInTable, isFormInTable || known.STAYS_IN_TABLE.has(name));
    if (mode !== 'markup') this.#raw = element;
    return mode;
  }

  /** Handles a start tag that only a table can hold; gives false for any other. */
  #openTablePart(name: string, attributes: Attributes): boolean {
    const open = this.#open;
    const isRow = name === 'tr';
    const isCell = name === 'td' || name === 'th';
    const isPart = name === 'caption' || name === 'colgroup' || name === 'col' || known.TABLE_SECTION.has(name);
    const table = open.tableIndex();
    if (!isRow && !isCell && !isPart) {
      // A table straight inside a table ends it; inside a cell it is a table of its own.
      if (name === 'table' && open.isInTable && table > 0) open.truncate(table);
      return false;
    }
    if (table === 0) return !open.hasTemplate;
    let keep = table + 1;
    if ((isRow || isCell) && known.TABLE_SECTION.has(open.nameAt(keep) ?? '')) keep++;
    if (isCell && open.nameAt(keep) === 'tr') keep++;
    open.truncate(keep);
    if ((isRow || isCell) && open.current.name === 'table') open.insert(new Element('tbody', {}), true, true);
    if (isCell && open.current.name !== 'tr') open.insert(new Element('tr', {}), true, true);
    open.insert(new Element(name, attributes), name !== 'col' && name !== 'colgroup', true);
    return true;
  }

  /** Closes what a start tag ends without saying so. */
  #closeImplied(name: string): void {
    const open = this.#open;
    if (name === 'li' || name === 'dd' || name === 'dt') open.closeListPart(name);
    if (open.hasParagraph && known.CLOSES_P.has(name)) open.popTo(isParagraph, isParagraphScopeEdge);
    if (known.HEADINGS.has(name) && known.HEADINGS.has(open.current.name)) open.pop();
    else if (name === 'option' || name === 'optgroup') {
      if (open.current.name === 'option') open.pop();
      if (name === 'optgroup' && open.current.name === 'optgroup') open.pop();
    } else if (open.hasSelect && (name === 'select' || name === 'input' || name === 'textarea')) {
      open.popTo((element) => element.name === 'select', isScopeEdge);
    } else if (name === 'button') open.popTo((element) => element.name === 'button', isScopeEdge);
    else if (name === 'a' || name === 'nobr') this.#closeFormatting(name);
    else if ((name === 'rt' || name === 'rp') && (open.current.name === 'rt' || open.current.name === 'rp')) open.pop();
  }

  #closeFormatting(name: string): void {
    const isInDrawing = isForeign(this.#open.current);
    const hadBlockInside = this.#open.closeFormatting(name);
    this.isBeyond ||= hadBlockInside && isInDrawing;
  }

  // svg and math -------------------------------------------------------------------------------------------------------

  /** Handles a start tag inside svg or math; gives false where HTML's own rules apply. */
  #openForeign(name: string, attributes: Attributes, isSelfClosing: boolean): boolean {
    const { current } = this.#open;
    if (!isForeign(current) || isIntegration(current)) return false;
    const isStyledFont = name === 'font' && ('color' in attributes || 'face' in attributes || 'size' in attributes);
    if (known.BREAKS_OUT.has(name) || isStyledFont) {
      this.#leaveDrawing();
      return false;
    }
    const element = new Element(name, attributes);
    markForeign(element, kindOfForeign(current) ?? 'svg');
    this.#open.insert(element, !isSelfClosing);
    return true;
  }

  #closeForeign(name: string): boolean {
    const { current } = this.#open;
    if (!isForeign(current)) return false;
    if (name === 'p' && !isIntegration(current)) {
      this.#leaveDrawing();
      return false;
    }
    return this.#open.closeForeign(name);
  }

  #leaveDrawing(): void {
    while (isForeign(this.#open.current) && !isIntegration(this.#open.current)) this.#open.pop();
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
