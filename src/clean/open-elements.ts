/** The stack of open elements while a tree is built (WHATWG HTML §13.2.4.2), and where in the tree the next node goes. */
import { Text, type ChildNode, type ParentNode } from 'domhandler';
import * as known from './elements.ts';
import { isEdge, isInDrawing, link, type PageElement } from './nodes.ts';

/** How far back an end tag looks among elements too deep to be kept. */
const MAX_LOOK_BACK = 64;
const MAX_AGENCY_ROUNDS = 8;
/** What of a table or a select is text, and where it goes, hangs on which of them are open. */
const DECIDES_ITS_TEXT = known.TABLE_CONTEXT | known.CELL;

const isTemplate = ({ name, foreign }: PageElement): boolean => name === 'template' && foreign === undefined;

export class OpenElements {
  /** Outermost first; the body is always there. */
  readonly #stack: PageElement[];
  readonly #maxDepth: number;
  /** Names of open elements deeper than `maxDepth`: their text goes to the deepest one kept. */
  readonly #tooDeep: string[] = [];
  /**
   * True where a select, a part of a table, of a drawing or of a template was too deep to be kept, so that it is not known what of it
   * is text and where that goes; and where a drawing is open amid forms inside forms, which the standard would not have opened.
   */
  isBeyond = false;
  #paragraphs = 0;
  #selects = 0;
  #drawings = 0;
  #tables = 0;
  #forms = 0;
  #templates = 0;

  constructor(body: PageElement, maxDepth: number) {
    this.#stack = [body];
    this.#maxDepth = maxDepth;
  }

  get current(): PageElement {
    return this.#stack[this.#stack.length - 1] as PageElement;
  }
  get hasParagraph(): boolean {
    return this.#paragraphs > 0;
  }
  /** Whether a select is open, with no template inside it. */
  get hasSelect(): boolean {
    if (this.#selects === 0) return false;
    return this.#stack.findLast((element) => element.name === 'select' || isTemplate(element))?.name === 'select';
  }
  /** Whether an svg or math element is open. */
  get hasDrawing(): boolean {
    return this.#drawings > 0;
  }
  /** Whether the innermost open element is a part of a table that can hold no text of its own. */
  get isInTable(): boolean {
    const { traits, foreign } = this.current;
    return (traits & known.TABLE_CONTEXT) !== 0 && foreign === undefined;
  }
  get hasTemplate(): boolean {
    return this.#templates > 0;
  }

  /** Index of the innermost open table, 0 for none. */
  tableIndex(): number {
    if (this.#tables === 0) return 0;
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if (element.name === 'table') return i;
      if (isTemplate(element)) return 0;
    }
    return 0;
  }

  /** The innermost part of a table that is open, or a template inside it. */
  get #tablePart(): PageElement | undefined {
    if (this.#tables === 0 && this.#templates === 0) return undefined;
    return this.#stack.findLast(
      (element) =>
        isTemplate(element) ||
        (element.foreign === undefined && (element.traits & (known.TABLE_CONTEXT | known.CELL)) !== 0),
    );
  }
  get isWithinTable(): boolean {
    return ((this.#tablePart?.traits ?? 0) & (known.TABLE_CONTEXT | known.CELL)) !== 0;
  }
  /** Whether the innermost table is open outside of its cells, be it inside something that was put before it. */
  get isAmidTable(): boolean {
    return ((this.#tablePart?.traits ?? 0) & known.TABLE_CONTEXT) !== 0;
  }

  nameAt(index: number): string | undefined {
    return this.#stack[index]?.name;
  }

  /** Puts an element into the tree; a container stays open for what follows. */
  insert(
    element: PageElement,
    isContainer: boolean,
    staysInTable = (element.traits & known.STAYS_IN_TABLE) !== 0,
  ): void {
    if (isContainer && this.#stack.length >= this.#maxDepth && element.name !== 'template') {
      this.isBeyond ||=
        element.foreign !== undefined ||
        this.hasTemplate ||
        (element.traits & DECIDES_ITS_TEXT) !== 0 ||
        element.name === 'select';
      this.#tooDeep.push(element.name);
      return;
    }
    if (!staysInTable && this.isInTable) this.foster(element);
    else link(this.current, element, null);
    if (isContainer) this.push(element);
  }

  push(element: PageElement): void {
    this.#stack.push(element);
    this.#count(element, 1);
    if (this.#tooDeep.length > 0 && isTemplate(element)) this.isBeyond = true;
    if (this.#forms > 1 && this.#drawings > 0) this.isBeyond = true;
  }

  /** Puts a node straight before the innermost table, where the standard moves what may not stand inside it (§13.2.6.1). */
  foster(node: ChildNode): void {
    const index = this.tableIndex();
    const table = index > 0 ? (this.#stack[index] as PageElement) : null;
    const template = this.hasTemplate ? this.#stack.findLast(isTemplate) : undefined;
    const parent = table ? (table.parent as ParentNode) : (template ?? (this.#stack[0] as PageElement));
    const previous = table ? table.prev : parent.lastChild;
    if (node instanceof Text && previous instanceof Text) previous.data += node.data;
    else link(parent, node, table);
  }

  /**
   * Closes HTML's innermost element called `name` and all inside it, unless one of the `edges` comes first. One of svg or math may
   * be called alike.
   */
  popToName(name: string, edges: number): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if (element.name === name && element.foreign === undefined) return this.truncate(i);
      if (isEdge(element, edges)) return;
    }
  }

  /** Closes the innermost element with one of the `wanted` traits and all inside it, unless one of the `edges` comes first. */
  popToTrait(wanted: number, edges: number): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if ((element.traits & wanted) !== 0) return this.truncate(i);
      if (isEdge(element, edges)) return;
    }
  }

  /** Closes the form alone, and nothing that is open inside it (§13.2.6.4.7). */
  closeForm(): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if (element.name === 'form' && element.foreign === undefined) {
        this.#count(element, -1);
        return void this.#stack.splice(i, 1);
      }
      if (isEdge(element, known.SCOPE_EDGE)) return;
    }
  }

  /** Closes the innermost template and all inside it; undefined where none is open. */
  popTemplate(): PageElement | undefined {
    if (!this.hasTemplate) return undefined;
    const index = this.#stack.findLastIndex(isTemplate);
    const template = this.#stack[index];
    this.truncate(index);
    return template;
  }

  pop(): PageElement {
    const { current } = this;
    this.truncate(this.#stack.length - 1);
    return current;
  }

  truncate(length: number): void {
    const kept = Math.max(1, length);
    for (let i = this.#stack.length - 1; i >= kept; i--) this.#count(this.#stack[i] as PageElement, -1);
    this.#stack.length = kept;
  }

  /**
   * Closes a link or emphasis. Where blocks inside it are still open only it ends, they go on (the adoption agency,
   * §13.2.6.4.7), and a drawing inside the innermost of them ends: but the agency looks at no more than seven of them. Gives
   * false where none is open.
   */
  closeFormatting(name: string): boolean {
    let blocksInside = 0;
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if (element.name === name && element.foreign === undefined) {
        if (blocksInside === 0) this.truncate(i);
        else this.#stack.splice(i, 1);
        if (blocksInside < MAX_AGENCY_ROUNDS) this.leaveDrawing();
        return true;
      }
      if (isEdge(element, known.SCOPE_EDGE)) return false;
      if ((element.traits & known.SPECIAL) !== 0 && element.foreign === undefined) blocksInside++;
    }
    return false;
  }

  /** Closes what is open of a drawing or formula, up to HTML inside it. */
  leaveDrawing(): void {
    while (isInDrawing(this.current)) this.pop();
  }

  /** Closes the open `li`, or `dd` or `dt`, that a new one ends. */
  closeListPart(name: string): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const { name: open, traits } = this.#stack[i] as PageElement;
      if (name === 'li' ? open === 'li' : open === 'dd' || open === 'dt') return this.truncate(i);
      if ((traits & known.SPECIAL) !== 0 && open !== 'address' && open !== 'div' && open !== 'p') return;
    }
  }

  /** Closes the open option, and for all but another option the group that it is in. */
  closeOptions(name: string): void {
    if (this.current.name === 'option') this.pop();
    if (name !== 'option' && this.current.name === 'optgroup') this.pop();
  }

  /** Closes inside svg or math; gives false where the name is none of theirs. */
  closeForeign(name: string): boolean {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as PageElement;
      if (element.foreign === undefined) return false;
      if (element.name !== name) continue;
      this.truncate(i);
      return true;
    }
    return false;
  }

  /**
   * Handles an end tag while elements too deep to be kept are open; gives false where there are none. It looks no further
   * than the last few: a page of a hundred thousand open tags must not cost their square.
   */
  closeTooDeep(name: string): boolean {
    if (this.#tooDeep.length === 0) return false;
    const lowest = Math.max(0, this.#tooDeep.length - MAX_LOOK_BACK);
    for (let i = this.#tooDeep.length - 1; i >= lowest; i--) {
      if (this.#tooDeep[i] !== name) continue;
      this.#tooDeep.length = i;
      return true;
    }
    return (known.traitsOf(name) & (known.TABLE_CONTEXT | known.CELL)) === 0;
  }

  #count({ name, foreign }: PageElement, by: 1 | -1): void {
    if (name === 'p') this.#paragraphs += by;
    else if (name === 'form') this.#forms += by;
    else if (name === 'table') this.#tables += by;
    else if (name === 'template') this.#templates += foreign === undefined ? by : 0;
    else if (name === 'select') this.#selects += foreign === undefined ? by : 0;
    else if (name === 'svg' || name === 'math') this.#drawings += by;
  }
}
