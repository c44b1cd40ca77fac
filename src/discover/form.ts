/** What a document is, by what is in it: servers send feeds as text/html and HTML under the name of a sitemap. */

export type DocumentForm =
  'rss' | 'atom' | 'rdf' | 'json-feed' | 'urlset' | 'sitemapindex' | 'addresses' | 'html' | 'other';

/** Warnings of a server's own program may stand before the first tag. */
const HEAD_CHARS = 65_536;
const ROOT = /<(?:[a-z][\w.-]*:)?(rss|feed|rdf|channel|urlset|sitemapindex|html|head|body)(?=[\s>/])/i;
const FORMS: Readonly<Record<string, DocumentForm>> = {
  rss: 'rss',
  channel: 'rss',
  feed: 'atom',
  rdf: 'rdf',
  urlset: 'urlset',
  sitemapindex: 'sitemapindex',
  html: 'html',
  head: 'html',
  body: 'html',
};

/** The form of a document, by its first element that tells, or the shape of its lines. */
export function formOf(text: string): DocumentForm {
  const head = text.slice(0, HEAD_CHARS).replace(/^[\uFEFF\s]+/, '');
  if (head.startsWith('{'))
    return /"version"\s*:\s*"https?:(?:\\?\/){2}jsonfeed\.org/i.test(head) || isItemList(head) ? 'json-feed' : 'other';
  if (/^<!doctype\s+html/i.test(head)) return 'html';
  const root = ROOT.exec(withoutComments(head))?.[1];
  if (root !== undefined) return FORMS[root.toLowerCase()] ?? 'other';
  if (linesOfAddresses(head)) return 'addresses';
  return /<(?:!doctype|p|div|h[1-6]|a|meta|title)\b/i.test(head) ? 'html' : 'other';
}

/** Feeds without the version that JSON Feed asks for are read all the same. */
const isItemList = (head: string): boolean =>
  /"items"\s*:\s*\[/.test(head) && /"(?:url|external_url|id)"\s*:/.test(head);

/** By hand, since a pattern would look for the end of every comment that has none. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', from)) {
    parts.push(text.slice(from, at));
    const end = text.indexOf('-->', at + 4);
    if (end < 0) return parts.join('');
    from = end + 3;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

const FIRST_LINES = 20;
export const ADDRESS_LINE = /^https?:\/\/\S+$/i;
function linesOfAddresses(head: string): boolean {
  const lines = head
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, FIRST_LINES);
  return lines.length > 0 && lines.filter((line) => ADDRESS_LINE.test(line)).length * 2 > lines.length;
}
