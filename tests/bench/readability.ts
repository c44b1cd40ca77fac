/** Mozilla's Readability as a baseline, on each of the two documents that it is used with outside a browser. */
import { createRequire } from 'node:module';

/** As much of a document and its nodes as is touched; the project is typed without the DOM. */
interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DomNode>;
}
type Parse = new (
  document: DomNode,
  options: { serializer: (node: DomNode) => DomNode },
) => {
  parse(): {
    title?: string | null;
    byline?: string | null;
    publishedTime?: string | null;
    content?: DomNode | null;
  } | null;
};
interface JsDom {
  readonly window: { readonly document: DomNode; close(): void };
}
interface ReadabilityResult {
  readonly title: string;
  readonly authors: string[];
  readonly published?: string;
  readonly text: string;
}

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => {
  const path = require.resolve(name).replaceAll('\\', '/');
  const root = path.slice(0, path.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return (require(`${root}package.json`) as { version: string }).version;
};

const BLOCK =
  /^(?:ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|DD|DIV|DL|DT|FIGCAPTION|FIGURE|FOOTER|H[1-6]|HEADER|HR|LI|MAIN|OL|P|PRE|SECTION|TABLE|TR|UL)$/i;
/** Text of what Readability kept, a block a line: its own `textContent` glues the last word of one block to the first of the next. */
function linesOf(node: DomNode, out: string[]): void {
  for (const child of node.childNodes) {
    if (child.nodeType === 3) out.push(child.textContent ?? '');
    else if (child.nodeType === 1) {
      const { nodeName } = child;
      const edge = BLOCK.test(nodeName) ? '\n' : /^(?:BR|T[DH])$/i.test(nodeName) ? ' ' : '';
      out.push(edge);
      linesOf(child, out);
      out.push(edge);
    }
  }
}

function readDocument(document: DomNode): ReadabilityResult {
  const { Readability } = require('@mozilla/readability') as { Readability: Parse };
  const article = new Readability(document, { serializer: (node) => node }).parse();
  const out: string[] = [];
  if (article?.content) linesOf(article.content, out);
  return {
    title: article?.title ?? '',
    authors: article?.byline ? [article.byline] : [],
    ...(article?.publishedTime ? { published: article.publishedTime } : {}),
    text: out
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/\s*\n\s*/g, '\n')
      .trim(),
  };
}

const readOnLinkedom = (html: string): ReadabilityResult => {
  const { parseHTML } = require('linkedom') as { parseHTML: (html: string) => { document: DomNode } };
  return readDocument(parseHTML(html).document);
};

function readOnJsdom(html: string, url: string): ReadabilityResult {
  const { JSDOM, VirtualConsole } = require('jsdom') as {
    JSDOM: new (html: string, options: object) => JsDom;
    VirtualConsole: new () => object;
  };
  // A console of its own, else each style sheet that jsdom cannot read is reported on stderr.
  const { window } = new JSDOM(html, { url, virtualConsole: new VirtualConsole() });
  try {
    return readDocument(window.document);
  } finally {
    window.close();
  }
}

export interface Peer {
  readonly name: string;
  /** Names what the predictions depend on, for whoever keeps them. */
  readonly version: string;
  readonly read: (html: string, url: string) => ReadabilityResult;
}
const readability = `readability-${versionOf('@mozilla/readability')}`;
export const PEERS: readonly Peer[] = [
  {
    name: 'Readability on linkedom',
    version: `${readability}-linkedom-${versionOf('linkedom')}`,
    read: readOnLinkedom,
  },
  { name: 'Readability on jsdom', version: `${readability}-jsdom-${versionOf('jsdom')}`, read: readOnJsdom },
];
