/** Which link of a list leads to its next page: the one with older entries. */
import { paginationWords, wordKey } from './rules.ts';

interface PageLink {
  readonly url: string;
  readonly text: string;
}

/** What numbers a page in an address. */
const NUMBERED =
  /(?:[/?&=_-]|^)(?:page|paged|p|pg|pag|pagina|pagine|seite|sida|side|sivu|strana|stranica|strona|stranka|oldal|sayfa|trang|start|offset|from|s|index|list)[=/_-]?\d+/i;
const PAGE_PART =
  /(?:\/(?:page|pagina|seite|p|sida|strana|strona|sayfa|oldal|trang)[/_-]?\d+|\/\d{1,4}|[-_,](?:p|page)?\d{1,4})?(?:\.\w{2,5})?\/?$/i;

const stemOf = (path: string): string => path.replace(PAGE_PART, '');
/** Number of a page of a list; 1 where its address has none. */
function numberOf({ pathname, search }: URL): number {
  const found =
    /[?&](?:page|paged|p|pg|pag|pagina|seite|sida|side|strana|strona|sayfa|oldal|trang)=(\d{1,6})/i.exec(search) ??
    /\/(?:page|pagina|seite|p|sida|strana|strona|sayfa|oldal|trang)[/_-]?(\d{1,6})\/?$/i.exec(pathname);
  return found === null ? 1 : Number(found[1]);
}

/** Whether an address can be a page of the same list: same host, and the path goes on from it. */
const continues = (from: URL, to: URL): boolean =>
  to.host === from.host && to.pathname.startsWith(stemOf(from.pathname));

/**
 * @param links all links of the page, in document order
 * @param relNext what the page itself calls next, which wins where it is on the same host
 */
export function nextPageOf(url: string, links: readonly PageLink[], relNext?: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const here = new URL(url);
  const isNew = (to: URL): boolean => to.href !== here.href && to.host === here.host;
  if (relNext !== undefined && isNew(new URL(relNext))) return relNext;
  const wanted = String(numberOf(here) + 1);
  let numbered: string | undefined;
  for (const link of links) {
    const text = wordKey(link.text.slice(0, 80));
    const isWord = paginationWords().has(text);
    if (!isWord && (numbered !== undefined || link.text.trim() !== wanted)) continue;
    const to = new URL(link.url);
    if (!isNew(to) || !continues(here, to)) continue;
    const isNumbered = NUMBERED.test(to.pathname + to.search) || to.pathname.replace(/\/$/, '').endsWith(`/${wanted}`);
    // "More" and "next" stand below articles too; only a list's has a number or a cursor.
    if (isWord && (isNumbered || to.search !== '')) return link.url;
    if (isNumbered) numbered ??= link.url;
  }
  return numbered;
}
