/**
 * What runs inside a page, in a world of its own: it sees the page's document and none of its scripts, and they none of it.
 * Each function is handed over as text, so it can use the others by their names and what the browser has, nothing else: no
 * import, no constant of the module.
 */

/** As much of the DOM as is used here; the library of all of it would lend the whole program a `document`. */
interface PageNode {
  readonly nodeType: number;
  readonly childNodes: Iterable<PageNode> & { readonly length: number };
  readonly textContent: string | null;
  appendChild(node: PageNode): void;
}
export interface PageRoot extends PageNode {
  querySelectorAll(selector: string): Iterable<PageElement>;
  elementsFromPoint(x: number, y: number): PageElement[];
}
export interface PageElement extends PageNode {
  readonly localName: string;
  readonly id: string;
  readonly shadowRoot: PageRoot | null;
  readonly parentElement: PageElement | null;
  readonly parentNode: PageNode | null;
  readonly innerText: string;
  readonly outerHTML: string;
  readonly value?: string;
  readonly scrollHeight: number;
  readonly isConnected: boolean;
  readonly content?: PageNode;
  assignedNodes?(): PageNode[];
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  closest(selector: string): PageElement | null;
  contains(other: PageElement): boolean;
  querySelectorAll(selector: string): Iterable<PageElement>;
  querySelector(selector: string): PageElement | null;
  getBoundingClientRect(): { x: number; y: number; width: number; height: number };
  checkVisibility?(options: object): boolean;
  click(): void;
}
interface PageDocument extends PageRoot {
  readonly documentElement: PageElement | null;
  readonly body: PageElement | null;
  readonly doctype: { readonly name: string; readonly publicId: string; readonly systemId: string } | null;
  readonly readyState: string;
  readonly scrollingElement: PageElement | null;
  readonly implementation: { createHTMLDocument(): PageDocument };
  importNode(node: PageNode, deep: boolean): PageElement;
  createDocumentFragment(): PageNode;
}
interface Changes {
  readonly addedNodes: Iterable<PageNode>;
}
declare const document: PageDocument;
declare const window: { readonly innerWidth: number; readonly innerHeight: number };
declare const scrollTo: (place: { top: number; behavior: 'instant' }) => void;
declare const MutationObserver: new (seen: (changes: Changes[]) => void) => {
  observe(node: PageNode, what: { childList: true; subtree: true }): void;
};
/** The world's own globals, where it keeps what it knows between two calls. */
interface World {
  lastChangeAt?: number;
}

export function hasGrown({ addedNodes }: Changes): boolean {
  return [...addedNodes].some((node) => node.nodeType === 1 || (node.textContent ?? '').length >= 40);
}

/** Begins to note when the page last grew. Clocks, tickers and rotating classes change pages all day: they do not count. */
export function watchChanges(): void {
  const world = globalThis as World;
  if (world.lastChangeAt !== undefined) return;
  world.lastChangeAt = performance.now();
  new MutationObserver((changes) => {
    if (changes.some(hasGrown)) world.lastChangeAt = performance.now();
  }).observe(document, { childList: true, subtree: true });
}

export interface PageState {
  /** Since it last grew. */
  readonly quietMs: number;
  readonly isLoading: boolean;
  /** Characters of text, cut at a thousand. */
  readonly textChars: number;
  readonly scrollHeight: number;
  readonly viewHeight: number;
  readonly frames: number;
}
export function stateOfPage(): PageState {
  watchChanges();
  let textChars = 0;
  for (const element of document.querySelectorAll('body :not(script, style, noscript, template)')) {
    for (const node of element.childNodes) if (node.nodeType === 3) textChars += (node.textContent ?? '').trim().length;
    if (textChars > 1000) break;
  }
  return {
    quietMs: performance.now() - ((globalThis as World).lastChangeAt ?? 0),
    isLoading: document.readyState === 'loading',
    textChars,
    scrollHeight: document.scrollingElement?.scrollHeight ?? 0,
    viewHeight: window.innerHeight,
    frames: [...document.querySelectorAll('iframe[src], frame[src]')].length,
  };
}

export function scrollToHeight(top: number): void {
  scrollTo({ top, behavior: 'instant' });
}

/** The document and every open shadow root in it, at most 500 of them. */
export function rootsOfPage(): PageRoot[] {
  const roots: PageRoot[] = [document];
  for (const root of roots) {
    for (const { shadowRoot } of root.querySelectorAll('*'))
      if (shadowRoot !== null && roots.length < 500) roots.push(shadowRoot);
  }
  return roots;
}

/**
 * A copy of the node as it is shown: of an element with a shadow root what its root shows, with the element's own children in
 * their slots. Copies belong to a document without scripts, so that making one wakes no element of the page's making.
 */
export function composed(node: PageNode, still: PageDocument): PageNode {
  const element = node as PageElement;
  const copy = still.importNode(node, false);
  const isElement = node.nodeType === 1;
  const shadow = isElement ? element.shadowRoot : null;
  if (shadow !== null) copy.setAttribute('data-shadow-root', 'open');
  const target = isElement && element.localName === 'template' ? copy.content : copy;
  const source = isElement && element.localName === 'template' ? element.content : (shadow ?? node);
  const assigned = element.assignedNodes?.() ?? [];
  for (const child of assigned.length > 0 ? assigned : (source ?? node).childNodes) {
    // What is in no slot is not shown, and what is in one stands there.
    (target ?? copy).appendChild(composed(child, still));
  }
  return copy;
}

/** The document as HTML, and how many shadow roots were written out in the place of their elements. */
export function serialisePage(): { html: string; shadowRoots: number } {
  const { doctype, documentElement } = document;
  if (documentElement === null) return { html: '', shadowRoots: 0 };
  const ids = doctype?.publicId ? ` PUBLIC "${doctype.publicId}"` : doctype?.systemId ? ' SYSTEM' : '';
  const system = doctype?.systemId ? ` "${doctype.systemId}"` : '';
  const head = doctype === null ? '' : `<!DOCTYPE ${doctype.name}${ids}${system}>\n`;
  const shadowRoots = rootsOfPage().length - 1;
  let html: string | undefined;
  if (shadowRoots > 0) {
    try {
      html = (composed(documentElement, document.implementation.createHTMLDocument()) as PageElement).outerHTML;
    } catch {
      // Nested deeper than the stack: then without.
    }
  }
  return { html: `${head}${html ?? documentElement.outerHTML}\n`, shadowRoots: html === undefined ? 0 : shadowRoots };
}
