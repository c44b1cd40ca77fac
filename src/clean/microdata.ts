/** Microdata: whose property an element states, and the name inside an item that is a person. */
import type { Element, ParentNode } from 'domhandler';
import { squeeze } from './measure-text.ts';
import { isElement } from './nodes.ts';
import { textOf } from './table.ts';

/** Items that stand on an article's page and are not it: their dates and authors are their own. */
const OTHER_ITEM =
  /\/(?:comment|usercomments|answer|person|organization|newsmediaorganization|imageobject|videoobject|audioobject|mediaobject|product|offer|rating|aggregaterating|breadcrumblist|listitem|itemlist|event|book|movie|wpsidebar|wpheader|wpfooter|sitenavigationelement)\/?$/i;
const MAX_LEVELS = 40;
const MAX_NODES = 200;

/** Whether the innermost item around `element` may be the article; so may no item at all. */
export function isArticleScope(element: Element): boolean {
  let outer: ParentNode | null = element.parent;
  for (let level = 0; outer && level < MAX_LEVELS; level++, outer = outer.parent) {
    const type = 'attribs' in outer ? outer.attribs['itemtype'] : undefined;
    if (type !== undefined) return !OTHER_ITEM.test(type);
  }
  return true;
}

/** Name and page that an item states by `itemprop`; undefined where it states none. */
export function namedInside(item: Element): { readonly name: string; readonly href?: string } | undefined {
  if (item.attribs['itemscope'] === undefined && item.attribs['itemtype'] === undefined) return undefined;
  let name = '';
  let href: string | undefined;
  const waiting: Element[] = [item];
  for (let seen = 0; waiting.length > 0 && seen < MAX_NODES; seen++) {
    const element = waiting.pop() as Element;
    const { itemprop = '', rel = '' } = element.attribs;
    if (element !== item && /(?:^|\s)name(?:\s|$)/i.test(itemprop) && name === '')
      name = squeeze(element.attribs['content'] ?? textOf(element)).trim();
    if (/(?:^|\s)url(?:\s|$)/i.test(itemprop) || /(?:^|\s)author(?:\s|$)/i.test(rel))
      href ??= element.attribs['href'] ?? element.attribs['content'];
    waiting.push(...element.children.filter(isElement).toReversed());
  }
  return name === '' ? undefined : { name, ...(href === undefined ? {} : { href }) };
}
