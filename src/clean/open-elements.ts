/** The stack of open elements while a tree is built (WHATWG HTML §13.2.4.2), and where in the tree the next node goes. */
import { Text, type ChildNode, type Element, type ParentNode } from 'domhandler';
import * as known from './elements.ts';
import { isForeign, isScopeEdge, isSpecial, link, markForeign } from './nodes.ts';

/** How far back an end tag looks among elements too deep to be kept. */
const MAX_LOOK_BACK = 64;

export class OpenElements {
  /** Outermost first; the body is always there. */
  readonly #stack: Element[];
  readonly #maxDepth: number;
  /** Names of open elements deeper than `maxDepth`: their text goes to the deepest one kept. */
  readonly #tooDeep: string[] = [];
  #paragraphs = 0;
  #selects = 0;
  #drawings = 0;

  constructor(body: Element, maxDepth: number) {
    this.#stack = [body];
    this.#maxDepth = maxDepth;
  }

  get current(): Element {
    return this.#stack[this.#stack.length - 1] as Element;
  }
  get hasParagraph(): boolean {
    return this.#paragraphs > 0;
  }
  get hasSelect(): boolean {
    return this.#selects > 0;
  }
  /** Whether an svg or math element is open. */
  get hasDrawing(): boolean {
    return this.#drawings > 0;
  }
  /** Whether the innermost open element is a part of a table that can hold no text of its own. */
  get isInTable(): boolean {
    return known.TABLE_CONTEXT.has(this.current.name) && !isForeign(this.current);
  }
  get hasTemplate(): boolean {
    return this.#stack.some(({ name }) => name === 'template');
  }

  /** Index of the innermost open table, 0 for none. */
  tableIndex(): number {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const { name } = this.#stack[i] as Element;
      if (name === 'table') return i;
      if (name === 'template') return 0;
    }
    return 0;
  }

  nameAt(index: number): string | undefined {
    return this.#stack[index]?.name;
  }

  /** Puts an element into the tree; a container stays open for what follows. */
  insert(element: Element, isContainer: boolean, staysInTable = known.STAYS_IN_TABLE.has(element.name)): void {
    if (element.name === 'svg' || element.name === 'math') markForeign(element, element.name);
    if (isContainer && this.#stack.length >= this.#maxDepth && element.name !== 'template') {
      this.#tooDeep.push(element.name);
      return;
    }
    if (!staysInTable && this.isInTable) this.foster(element);
    else link(this.current, element, null);
    if (isContainer) this.push(element);
  }

  push(element: Element): void {
    this.#stack.push(element);
    this.#count(element, 1);
  }

  /** Puts a node straight before the innermost table, where the standard moves what may not stand inside it (§13.2.6.1). */
  foster(node: ChildNode): void {
    const index = this.tableIndex();
    const table = index > 0 ? (this.#stack[index] as Element) : null;
    const template = this.#stack.findLast(({ name }) => name === 'template');
    const parent = table ? (table.parent as ParentNode) : (template ?? (this.#stack[0] as Element));
    const previous = table ? table.prev : parent.lastChild;
    if (node instanceof Text && previous instanceof Text) previous.data += node.data;
    else link(parent, node, table);
  }

  /** Closes the innermost element that is wanted and all inside it, unless an edge comes first. */
  popTo(isWanted: (element: Element) => boolean, isEdge: (element: Element) => boolean): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as Element;
      if (isWanted(element)) return this.truncate(i);
      if (isEdge(element)) return;
    }
  }

  pop(): Element {
    const { current } = this;
    this.truncate(this.#stack.length - 1);
    return current;
  }

  truncate(length: number): void {
    const kept = Math.max(1, length);
    for (let i = this.#stack.length - 1; i >= kept; i--) this.#count(this.#stack[i] as Element, -1);
    this.#stack.length = kept;
  }

  /**
   * Closes a link or emphasis. Where blocks inside it are still open only it ends, they go on (the adoption agency,
   * §13.2.6.4.7); gives true for that case.
   */
  closeFormatting(name: string): boolean {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const element = this.#stack[i] as Element;
      if (element.name === name) {
        const hasBlockInside = this.#stack.slice(i + 1).some(({ name: inner }) => known.SPECIAL.has(inner));
        if (hasBlockInside) this.#stack.splice(i, 1);
        else this.truncate(i);
        return hasBlockInside;
      }
      if (isScopeEdge(element)) return false;
    }
    return false;
  }

  /** Closes the open `li`, or `dd` or `dt`, that a new one ends. */
  closeListPart(name: string): void {
    for (let i = this.#stack.length - 1; i > 0; i--) {
      const open = (this.#stack[i] as Element).name;
      if (name === 'li' ? open === 'li' : open === 'dd' || open === 'dt') return this.truncate(i);
      if (known.SPECIAL.has(open) && open !== 'address' && open !== 'div' && open !== 'p') return;
    }
  }

  /** Closes inside svg or math; gives false where the name is none of theirs. */
  closeForeign(name: string): boolean {
    for (let i = this.#stack.length - 1; i > 0 && isForeign(this.#stack[i] as Element); i--) {
      if ((this.#stack[i] as Element).name !== name) continue;
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
    return !known.TABLE_CONTEXT.has(name) && !known.CELL.has(name);
  }

  closeOther(name: string): void {
    this.popTo((element) => element.name === name, isSpecial);
  }

  #count({ name }: Element, by: 1 | -1): void {
    if (name === 'p') this.#paragraphs += by;
    else if (name === 'select') this.#selects += by;
    else if (name === 'svg' || name === 'math') this.#drawings += by;
  }
}
