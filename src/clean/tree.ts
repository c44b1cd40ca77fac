/**
 * Builds the element tree of a page, as nodes that Cheerio works on. It follows the standard's tree construction
 * (WHATWG HTML §13.2.6) wherever that decides which characters are text of the page and in what order: what belongs to
 * the head, what a table throws out before itself, where raw content ends. Where it only decides which of two elements
 * formats a text, the simpler of two trees will do.
 */
import { Document, Text } from 'domhandler';
import * as known from './elements.ts';
import { append, isInDrawing, link, PageElement } from './nodes.ts';
import { OpenElements } from './open-elements.ts';
import { scan, type Attributes, type ContentMode, type TagSink } from './scanner.ts';

type Phase = 'before' | 'head' | 'head-noscript' | 'after-head' | 'body';

const noAttributes = (): Attributes => ({ values: {}, marks: 0 });

const modeOf = (name: string, traits: number): ContentMode => {
  if (name === 'script') return 'script';
  if (name === 'title' || name === 'textarea') return 'text';
  if (name === 'plaintext') return 'plain';
  return (traits & known.RAW) === 0 ? 'markup' : 'raw';
};

/** Whether a text is nothing but what HTML calls white space. */
function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 9 && code !== 13 && code !== 12) return false;
  }
  return true;
}

/** Sees the tags of one document go by and builds its tree. Make one for each. */
class TreeBuilder implements TagSink {
  readonly document = new Document([]);
  /** True where the standard's tree would be another one that this builder does not know how to make. */
  #isBeyond = false;
  readonly #html = new PageElement('html');
  readonly #head = new PageElement('head');
  readonly #body = new PageElement('body');
  readonly #open: OpenElements;
  /** Whether there is a NUL character anywhere: nearly never, and then no text need be searched for one. */
  readonly #hasNul: boolean;
  /** Whether the body has text, after which a frameset is none. */
  #hasText = false;
  #phase: Phase = 'before';
  #raw: PageElement | null = null;

  constructor(maxDepth: number, hasNul: boolean) {
    this.#hasNul = hasNul;
    link(this.document, this.#html, null);
    link(this.#html, this.#head, null);
    link(this.#html, this.#body, null);
    this.#open = new OpenElements(this.#body, maxDepth);
  }

  get isBeyond(): boolean {
    return this.#isBeyond || this.#open.isBeyond;
  }

  allowsCdata(): boolean {
    return this.#open.hasDrawing && isInDrawing(this.#open.current);
  }

  text(raw: string): void {
    const open = this.#open;
    if (this.#phase !== 'body') {
      if (isBlank(raw)) return;
      this.#phase = 'body';
    }
    // A NUL is no character of HTML (§13.2.6.4.7), and inside svg and math the replacement character (§13.2.6.5).
    const text = this.#hasNul ? raw.replaceAll('\0', isInDrawing(open.current) ? '\uFFFD' : '') : raw;
    if (text === '') return;
    if (!this.#hasText) this.#hasText = !open.hasSelect && !isBlank(this.#hasNul ? raw.replaceAll('\0', '') : raw);
    if (open.isInTable && !isBlank(text)) open.foster(new Text(text));
    else append(open.current, text);
  }

  content(raw: string): void {
    const text = this.#hasNul ? raw.replaceAll('\0', '\uFFFD') : raw;
    if (this.#raw && text) link(this.#raw, new Text(text), null);
    this.#raw = null;
  }

  open(name: string, attributes: Attributes, isSelfClosing: boolean): ContentMode {
    if (this.#open.hasDrawing && this.#openForeign(name, attributes, isSelfClosing)) return 'markup';
    if (name === 'html' || name === 'body' || name === 'head') {
      this.#openRoot(name, attributes);
      return 'markup';
    }
    // A frameset that comes before the body is one whatever was said in a template of the head.
    const isFirst = this.#phase !== 'body';
    if (this.#phase === 'head-noscript' && !this.#staysInHead(name)) this.#phase = 'head';
    if (this.#phase !== 'body' && !this.#staysInHead(name)) this.#phase = 'body';
    if (this.#phase !== 'body') return this.#openInHead(name, attributes);
    if (name === 'frameset') this.#isBeyond ||= isFirst || !this.#hasText;
    if (name === 'frameset' || name === 'frame') return 'markup';
    return this.#openInBody(name, attributes, isSelfClosing);
  }

  close(name: string): void {
    const open = this.#open;
    if (open.closeTooDeep(name)) return;
    if (this.#phase !== 'body') return this.#closeInHead(name);
    if (open.hasDrawing && this.#closeForeign(name)) return;
    if (name === 'body' || name === 'html' || name === 'head') return;
    if (name === 'br') return void this.open('br', noAttributes(), false);
    const traits = known.traitsOf(name);
    if (open.hasSelect && (traits & known.SELECT_HEARS) === 0) return;
    const isBlock = (traits & known.BLOCK_END) !== 0;
    if ((traits & (known.TABLE_CONTEXT | known.CELL)) !== 0) open.popToName(name, known.TABLE_EDGE);
    else if (name === 'template') this.#closeTemplate();
    else if (name === 'form' && isInDrawing(open.current)) open.closeForm();
    else if (name === 'p') open.popToName(name, known.SCOPE_EDGE | known.PARAGRAPH_EDGE);
    else if ((traits & known.HEADING) !== 0) open.popToTrait(known.HEADING, known.SCOPE_EDGE);
    else if (isBlock) open.popToName(name, name === 'li' ? known.SCOPE_EDGE | known.LIST_EDGE : known.SCOPE_EDGE);
    else if ((traits & known.FORMATTING) !== 0) this.#closeFormatting(name);
    else open.popToName(name, known.SPECIAL);
  }

  /** What the standard would have opened again after a block, it now finds; inside a drawing that decides where text goes. */
  #closeFormatting(name: string): void {
    const isDrawing = isInDrawing(this.#open.current);
    this.#isBeyond ||= !this.#open.closeFormatting(name) && isDrawing;
  }

  // The head -----------------------------------------------------------------------------------------------------------

  #openRoot(name: string, attributes: Attributes): void {
    const root = name === 'html' ? this.#html : name === 'head' ? this.#head : this.#body;
    for (const [key, value] of Object.entries(attributes.values)) root.attribs[key] ??= value;
    root.marks |= attributes.marks;
    if (name === 'head' && this.#phase === 'before') this.#phase = 'head';
    if (name === 'body') this.#phase = 'body';
  }

  /** Whether an element called `name` may stand in the head; if not, it begins the body, wherever the author closed the head. */
  #staysInHead(name: string): boolean {
    const traits = known.traitsOf(name);
    if (this.#phase === 'head-noscript') return (traits & known.HEAD_NOSCRIPT_CONTENT) !== 0 || name === 'noscript';
    return (traits & known.HEAD_CONTENT) !== 0 && !(name === 'noscript' && this.#phase === 'after-head');
  }

  #openInHead(name: string, attributes: Attributes): ContentMode {
    if (this.#phase === 'before') this.#phase = 'head';
    if (name === 'noscript') {
      if (this.#phase === 'head') this.#phase = 'head-noscript';
      return 'markup';
    }
    const element = new PageElement(name, attributes);
    link(this.#head, element, null);
    if (name === 'template') {
      // Its content is never text of the page, so the phase need not be known inside it.
      this.#open.push(element);
      this.#phase = 'body';
      return 'markup';
    }
    const mode = modeOf(name, element.traits);
    if (mode !== 'markup') this.#raw = element;
    return mode;
  }

  #closeInHead(name: string): void {
    if (name === 'noscript' && this.#phase === 'head-noscript') this.#phase = 'head';
    else if (name === 'head' && this.#phase !== 'head-noscript') this.#phase = 'after-head';
    else if (name === 'br') {
      this.#phase = 'body';
      this.open('br', noAttributes(), false);
    } else if ((name === 'body' || name === 'html') && this.#phase !== 'head-noscript') this.#phase = 'body';
  }

  #closeTemplate(): void {
    const template = this.#open.popTemplate();
    if (template?.parent === this.#head) this.#phase = 'head';
  }

  // The body -----------------------------------------------------------------------------------------------------------

  #openInBody(name: string, attributes: Attributes, isSelfClosing: boolean): ContentMode {
    const open = this.#open;
    const traits = known.traitsOf(name);
    if (open.hasSelect && this.#openInSelect(name, attributes, traits)) return 'markup';
    if (name === 'svg' || name === 'math') {
      open.insert(new PageElement(name, attributes), !isSelfClosing);
      return 'markup';
    }
    const mode = modeOf(name, traits);
    if ((traits & known.TABLE_PART) !== 0) {
      if (this.#openTablePart(name, attributes, traits)) return 'markup';
    } else if (name === 'table' && open.isAmidTable) {
      // A table straight inside a table ends it; inside a cell it is a table of its own.
      const table = open.tableIndex();
      if (table > 0) open.truncate(table);
    }
    // A template remembers what kind of table part it began with; a select in it hears parts of tables by that.
    this.#isBeyond ||= name === 'select' && open.hasTemplate;
    this.#closeImplied(name, traits);
    const element = new PageElement(name === 'image' ? 'img' : name, attributes);
    const isLeaf = mode !== 'markup' || (element.traits & known.VOID) !== 0;
    const isFormInTable = name === 'form' && open.isInTable;
    open.insert(element, !isLeaf && !isFormInTable, isFormInTable || (traits & known.STAYS_IN_TABLE) !== 0);
    if (mode !== 'markup') this.#raw = element;
    return mode;
  }

  /**
   * Handles a start tag inside a select, which knows nothing but its options and what ends it (§13.2.6.4.16); gives false for one
   * that goes on to be handled elsewhere.
   */
  #openInSelect(name: string, attributes: Attributes, traits: number): boolean {
    const open = this.#open;
    if (name === 'option' || name === 'optgroup' || name === 'hr') {
      open.closeOptions(name);
      open.insert(new PageElement(name, attributes), name !== 'hr');
      return true;
    }
    if (name === 'script' || name === 'template') return false;
    const isOfTable = (traits & known.SELECT_HEARS) !== 0 && name !== 'select';
    const endsIt = (traits & known.SELECT_END) !== 0 || (isOfTable && open.isWithinTable);
    if (endsIt) open.popToName('select', known.SCOPE_EDGE);
    return !endsIt || name === 'select';
  }

  /** Handles a start tag that only a table can hold; gives false where it counts like any other. */
  #openTablePart(name: string, attributes: Attributes, traits: number): boolean {
    const open = this.#open;
    const table = open.tableIndex();
    if (table === 0) {
      // In a template a column lets nothing but columns follow.
      this.#isBeyond ||= name === 'col' && open.hasTemplate;
      return !open.hasTemplate;
    }
    const isCell = name === 'td' || name === 'th';
    const isInSection = isCell || name === 'tr';
    let keep = table + 1;
    if (isInSection && (known.traitsOf(open.nameAt(keep) ?? '') & known.TABLE_SECTION) !== 0) keep++;
    if (isCell && open.nameAt(keep) === 'tr') keep++;
    open.truncate(keep);
    if (isInSection && open.current.name === 'table') open.insert(new PageElement('tbody'), true, true);
    if (isCell && open.current.name !== 'tr') open.insert(new PageElement('tr'), true, true);
    open.insert(new PageElement(name, attributes), (traits & known.VOID) === 0 && name !== 'colgroup', true);
    return true;
  }

  /** Closes what a start tag ends without saying so. */
  #closeImplied(name: string, traits: number): void {
    const open = this.#open;
    if (name === 'li' || name === 'dd' || name === 'dt') open.closeListPart(name);
    if (open.hasParagraph && (traits & known.CLOSES_P) !== 0)
      open.popToName('p', known.SCOPE_EDGE | known.PARAGRAPH_EDGE);
    if ((traits & open.current.traits & known.HEADING) !== 0) open.pop();
    else if (name === 'option' || name === 'optgroup') open.closeOptions(name);
    else if (name === 'button') open.popToName('button', known.SCOPE_EDGE);
    else if (name === 'a' || name === 'nobr') open.closeFormatting(name);
    else if ((name === 'rt' || name === 'rp') && (open.current.name === 'rt' || open.current.name === 'rp')) open.pop();
  }

  // svg and math -------------------------------------------------------------------------------------------------------

  /** Handles a start tag inside svg or math; gives false where HTML's own rules apply. */
  #openForeign(name: string, attributes: Attributes, isSelfClosing: boolean): boolean {
    const { current } = this.#open;
    if (!isInDrawing(current)) return false;
    const isStyledFont =
      name === 'font' && ('color' in attributes.values || 'face' in attributes.values || 'size' in attributes.values);
    if ((known.traitsOf(name) & known.BREAKS_OUT) !== 0 || isStyledFont) {
      this.#open.leaveDrawing();
      return false;
    }
    const kind = name === 'svg' && current.name === 'annotation-xml' ? 'svg' : current.foreign;
    this.#open.insert(new PageElement(name, attributes, kind), !isSelfClosing);
    return true;
  }

  #closeForeign(name: string): boolean {
    const { current } = this.#open;
    if (current.foreign === undefined) return false;
    if (name === 'p' && !current.isIntegration) {
      this.#open.leaveDrawing();
      return false;
    }
    return this.#open.closeForeign(name);
  }
}

/**
 * The tree of a page: `html` with `head` and `body`, whatever the author left out.
 * Nesting beyond `maxDepth` elements is flattened, its text kept.
 * `isBeyond` is true where the page uses one of the few constructs for which only a full parser gives the standard's tree:
 * framesets, columns and selects in a template, stray ends in a drawing, drawings amid forms inside
 * forms, drawings and tables beyond `maxDepth`.
 */
export function buildTree(html: string, maxDepth: number): { document: Document; isBeyond: boolean } {
  const builder = new TreeBuilder(maxDepth, html.includes('\0'));
  scan(html, builder);
  return { document: builder.document, isBeyond: builder.isBeyond };
}
