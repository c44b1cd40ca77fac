/**
 * The text of a page by the letter of the conservation law, from a full parser's tree: every text node outside script,
 * style, template and head, noscript read as markup, white space removed. Shares no code with the cleaner.
 */
import { parse, type DefaultTreeAdapterTypes } from 'parse5';

const LEFT_OUT = new Set(['script', 'style', 'template', 'head']);

export const withoutSpace = (text: string): string => text.replace(/\s+/gu, '');

export function pageText(html: string): string {
  const document = parse(html, { scriptingEnabled: false });
  const parts: string[] = [];
  const waiting: DefaultTreeAdapterTypes.Node[] = [document];
  while (waiting.length > 0) {
    const node = waiting.pop() as DefaultTreeAdapterTypes.Node;
    if (node.nodeName === '#text') parts.push((node as DefaultTreeAdapterTypes.TextNode).value);
    else if ('childNodes' in node && !LEFT_OUT.has(node.nodeName)) {
      for (let i = node.childNodes.length - 1; i >= 0; i--)
        waiting.push(node.childNodes[i] as DefaultTreeAdapterTypes.Node);
    }
  }
  return withoutSpace(parts.join(''));
}
