/** CSS selectors of source rules: which are taken, and what they pick. A door to cheerio. */
import { createRequire } from 'node:module';
import { Document, type Element, type ParentNode } from 'domhandler';
import { isElement } from './nodes.ts';

const require = createRequire(import.meta.url);
const MAX_CHARS = 500;
const MAX_COMBINATORS = 8;
/** Pseudo-classes that say something of a page that nobody looks at; `:contains` is jQuery's. */
const PSEUDO_CLASSES: ReadonlySet<string> = new Set([
  'contains',
  'empty',
  'first-child',
  'first-of-type',
  'has',
  'is',
  'last-child',
  'last-of-type',
  'not',
  'nth-child',
  'nth-last-child',
  'nth-last-of-type',
  'nth-of-type',
  'only-child',
  'only-of-type',
  'root',
  'where',
]);
/** These look at all siblings of an element, and these at all text below it. */
const READS_SIBLINGS = /~|:nth-|:only-|of-type|:has\([^)]*\+/i;
const READS_TEXT = /:contains/i;
/** Steps that such a selector may take on one page: a tenth of a second. Pages of news take a thousandth of them. */
const MAX_STEPS = 20_000_000;

type Query = (selector: string) => { get(): unknown[] };
/** Loaded with the first selector, since most pages have none. */
const queryOver = (document: Document): Query => {
  const { load } = require('cheerio/slim') as typeof import('cheerio/slim');
  return load(document as unknown as Parameters<typeof load>[0]);
};

/** The selector without what stands in quotes, in brackets, or behind a backslash. */
const skeletonOf = (selector: string): string =>
  selector
    .replace(/\\./gs, '_')
    .replace(/"[^"]*"|'[^']*'/g, '_')
    .replace(/\[[^\]]*\]/g, '_');

/**
 * What was expected of a selector that is refused: broken, not of CSS, or one whose time grows without bounds on a page made
 * for it. Null where it is taken.
 */
export function faultOfSelector(selector: string): string | null {
  if (selector.length > MAX_CHARS) return `a CSS selector of at most ${MAX_CHARS} characters`;
  const bare = skeletonOf(selector);
  for (const [, colons = '', name = ''] of bare.matchAll(/(:+)([\w-]*)/g)) {
    if (colons !== ':' || !PSEUDO_CLASSES.has(name.toLowerCase()))
      return `a CSS selector without ${colons}${name} (known are ${[...PSEUDO_CLASSES].map((one) => `:${one}`).join(' ')})`;
  }
  return faultOfShape(bare) ?? faultOfSyntax(selector);
}

const combinatorsOf = (part: string): string[] =>
  (
    part
      .replace(/\s*,\s*/g, ',')
      .trim()
      .match(/\s*[>+~]\s*|\s+/g) ?? []
  ).map((one) => one.trim());

/** Stand for what was found inside parentheses, once they are taken out. */
const [HAS, DESCENT] = ['\u0001', '\u0002'];
const countOf = (text: string, mark: string): number => text.split(mark).length - 1;

/** What stands in parentheses is tried anew for every element, so only little may. */
function faultOfShape(bare: string): string | null {
  let outer = bare;
  for (;;) {
    const inner = /(:[\w-]+)?\(([^()]*)\)/.exec(outer);
    if (inner === null) break;
    const [whole, name = '', content = ''] = inner;
    const isText = /^:(?:nth-|contains)/i.test(name);
    const isHas = /^:has$/i.test(name);
    if (isHas && content.includes(HAS)) return 'a CSS selector without :has inside :has';
    const spaces = isText ? 0 : combinatorsOf(content).filter((one) => one === '').length;
    const descents = spaces + countOf(content, DESCENT);
    if (descents > (isHas ? 0 : 1))
      return 'a CSS selector with at most one space between elements inside :not, :is and :where, and none inside :has';
    const marks = (isHas || content.includes(HAS) ? HAS : '') + DESCENT.repeat(descents);
    outer = `${outer.slice(0, inner.index)}_${marks}${outer.slice(inner.index + whole.length)}`;
  }
  const parts = outer.split(',').map((one) => one.trim());
  if (parts.some((one) => /^(?:[>+~]|$)|[>+~]$/.test(one)))
    return 'a CSS selector that begins and ends with an element';
  return parts.some((one) => combinatorsOf(one).length > MAX_COMBINATORS)
    ? `a CSS selector of at most ${MAX_COMBINATORS + 1} steps`
    : null;
}

function faultOfSyntax(selector: string): string | null {
  try {
    queryOver(new Document([]))(selector).get();
    return null;
  } catch {
    return 'a CSS selector';
  }
}

/** The elements of one page that selectors pick, in document order. */
export class Picker {
  readonly #document: Document;
  readonly #query: Query;
  #steps: Steps | undefined;

  constructor(document: Document) {
    this.#document = document;
    this.#query = queryOver(document);
  }

  /**
   * Null where the page is so large that the selector would take seconds: one that counts siblings where thousands stand
   * side by side, one that reads text where it is nested deep.
   */
  pick(selector: string): Element[] | null {
    const bare = skeletonOf(selector);
    const [hasSiblings, hasText] = [READS_SIBLINGS.test(bare), READS_TEXT.test(bare)];
    if (hasSiblings || hasText) {
      const steps = (this.#steps ??= stepsOn(this.#document));
      if ((hasSiblings && steps.siblings > MAX_STEPS) || (hasText && steps.text > MAX_STEPS)) return null;
    }
    return this.#query(selector).get() as Element[];
  }
}

interface Steps {
  /** Each element past all its siblings. */
  readonly siblings: number;
  /** Each element past all characters below it. */
  readonly text: number;
}

function stepsOn(document: Document): Steps {
  let siblings = 0;
  let text = 0;
  const waiting: { node: ParentNode; depth: number }[] = [{ node: document, depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { children } = next.node;
    siblings += children.length ** 2;
    for (const child of children) {
      if (isElement(child)) waiting.push({ node: child, depth: next.depth + 1 });
      else if (child.type === 'text') text += child.data.length * next.depth;
    }
  }
  return { siblings, text };
}
