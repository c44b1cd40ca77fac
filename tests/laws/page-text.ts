/**
 * The text of a page by the letter of the conservation law, from a full parser's tree: every text node outside script,
 * style, template and head, noscript read as markup, white space removed. Shares no code with the cleaner.
 */
import { html as names, Parser, type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes } from 'parse5';

const LEFT_OUT = new Set(['script', 'style', 'template', 'head']);

/** White space as Unicode has it: JavaScript's own class leaves U+0085 out, which ends lines. */
export const withoutSpace = (text: string): string => text.replace(/[\s\u0085]+/gu, '');

const { TABLE, TEMPLATE, HTML, TBODY, THEAD, TFOOT } = names.TAG_ID;
/**
 * Two faults of parse5 8.1 are mended. It looks for an open table through a template, where the standard (WHATWG HTML §13.2.4.2,
 * "table scope") and browsers stop: `<table><template><tfoot><table>x` has its x inside the template. And it makes one replacement
 * character of several NULs in a drawing, where each becomes one (§13.2.6.5).
 */
function parse(html: string): DefaultTreeAdapterTypes.Document {
  const parser = new Parser<DefaultTreeAdapterMap>({ scriptingEnabled: false });
  const { openElements } = parser;
  const hasInTableScope = (wanted: readonly number[]): boolean => {
    for (let i = openElements.stackTop; i >= 0; i = openElements.slotBelow(i)) {
      const element = openElements.items[i] as DefaultTreeAdapterTypes.Element;
      if (element.namespaceURI !== names.NS.HTML) continue;
      const id = openElements.tagIDs[i] as number;
      if (wanted.includes(id)) return true;
      if (id === TABLE || id === TEMPLATE || id === HTML) return false;
    }
    return true;
  };
  openElements.hasInTableScope = (wanted) => hasInTableScope([wanted]);
  openElements.hasTableBodyContextInTableScope = () => hasInTableScope([TBODY, THEAD, TFOOT]);
  const onNul = parser.onNullCharacter.bind(parser);
  parser.onNullCharacter = (token) => {
    const count = parser.tokenizer.inForeignNode ? token.chars.length : 1;
    for (let n = 0; n < count; n++) onNul(count === 1 ? token : { ...token, chars: '\0' });
  };
  // A byte order mark belongs to the encoding, not to the text; parse5 leaves that to whoever decodes.
  parser.tokenizer.write(html.replace(/^\uFEFF/, ''), true);
  return parser.document;
}

export function pageText(html: string): string {
  const parts: string[] = [];
  const waiting: DefaultTreeAdapterTypes.Node[] = [parse(html)];
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
