/** A page's tree, by the fast builder where it can and by a full parser where it must. */
import { createRequire } from 'node:module';
import { Document, Text, type ChildNode, type ParentNode } from 'domhandler';
import type { DefaultTreeAdapterMap, DefaultTreeAdapterTypes } from 'parse5';
import { marksOf } from './elements.ts';
import { link, PageElement } from './nodes.ts';
import { buildTree } from './tree.ts';

const require = createRequire(import.meta.url);

/**
 * The tree of a page as nodes that Cheerio works on: a document with `html`, `head` and `body`.
 * Elements nested deeper than `maxDepth` are flattened, their text kept.
 */
export function parsePage(html: string, maxDepth: number): Document {
  // A byte order mark belongs to the encoding, not to the text.
  const text = html.startsWith('\uFEFF') ? html.slice(1) : html;
  const { document, isBeyond } = buildTree(text, maxDepth);
  return isBeyond ? parseFully(text, maxDepth) : document;
}

/** One page in some hundred needs it, so its 20 ms of loading are not paid by the rest. */
function parseFully(html: string, maxDepth: number): Document {
  const target = new Document([]);
  const waiting: { from: DefaultTreeAdapterTypes.ParentNode; to: ParentNode; depth: number }[] = [
    { from: standardTree(html), to: target, depth: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { from, to, depth } = next;
    for (const child of from.childNodes) {
      const node = copyOf(child);
      if (!node) continue;
      link(to, node, null);
      if (node instanceof PageElement && 'childNodes' in child) {
        if (depth < maxDepth) waiting.push({ from: child, to: node, depth: depth + 1 });
        else if (!/^(?:script|style|template)$/.test(node.name)) link(node, new Text(textBelow(child)), null);
      }
    }
  }
  return target;
}

/**
 * parse5 8.1 looks for an open table, and for parts of one, through a template, where the standard stops (WHATWG HTML §13.2.4.2,
 * "table scope"); and of several NULs in a drawing it makes one replacement character, where each becomes one (§13.2.6.5).
 */
function standardTree(html: string): DefaultTreeAdapterTypes.Document {
  const { Parser, html: names } = require('parse5') as typeof import('parse5');
  const { TABLE, TEMPLATE, HTML, TBODY, THEAD, TFOOT } = names.TAG_ID;
  const parser = new Parser<DefaultTreeAdapterMap>({ scriptingEnabled: false });
  const { openElements, tokenizer } = parser;
  const isInTableScope = (at: number): boolean => at >= openElements.indexOfTopmostOf([TABLE, TEMPLATE, HTML]);
  openElements.hasInTableScope = (wanted) => isInTableScope(openElements.indexOfTopmost(wanted));
  openElements.hasTableBodyContextInTableScope = () =>
    isInTableScope(openElements.indexOfTopmostOf([TBODY, THEAD, TFOOT]));
  const onNul = parser.onNullCharacter.bind(parser);
  parser.onNullCharacter = (token) => {
    if (!tokenizer.inForeignNode) return onNul(token);
    for (let n = token.chars.length; n > 0; n--) onNul({ ...token, chars: '\0' });
  };
  tokenizer.write(html, true);
  return parser.document;
}

function copyOf(node: DefaultTreeAdapterTypes.ChildNode): ChildNode | null {
  if (node.nodeName === '#text') return new Text((node as DefaultTreeAdapterTypes.TextNode).value);
  if (!('attrs' in node)) return null;
  const values = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
  return new PageElement(node.tagName, { values, marks: marksOf(values) });
}

/** All text below a node but that of scripts, styles and templates, in order. */
function textBelow(node: DefaultTreeAdapterTypes.ParentNode): string {
  const parts: string[] = [];
  const waiting: DefaultTreeAdapterTypes.Node[] = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.nodeName === '#text') parts.push((next as DefaultTreeAdapterTypes.TextNode).value);
    else if ('childNodes' in next && !/^(?:script|style|template)$/.test(next.nodeName))
      for (const child of next.childNodes.toReversed()) waiting.push(child);
  }
  return parts.join(' ');
}
