/** A page's tree, by the fast builder where it can and by a full parser where it must. */
import { createRequire } from 'node:module';
import { Document, Text, type ChildNode, type ParentNode } from 'domhandler';
import type { DefaultTreeAdapterTypes } from 'parse5';
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
  const { parse } = require('parse5') as typeof import('parse5');
  const target = new Document([]);
  const waiting: { from: DefaultTreeAdapterTypes.ParentNode; to: ParentNode; depth: number }[] = [
    { from: parse(html, { scriptingEnabled: false }), to: target, depth: 0 },
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
