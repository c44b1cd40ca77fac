/** What the markup of a single element says of its text. */
import type { Element } from 'domhandler';
import { MAY_HIDE } from './elements.ts';
import { isBlank } from './measure-text.ts';
import { isElement, type PageElement } from './nodes.ts';

/** Links side by side with nothing between them are the entries of a menu, not one text. */
export function isRowOfLinks(element: Element): boolean {
  let links = 0;
  for (const child of element.children) {
    if (
      child.type === 'text' ? !isBlank(child.data) : isElement(child) && child.name !== 'a' && child.name !== 'script'
    )
      return false;
    if (isElement(child) && child.name === 'a') links++;
  }
  return links >= 2;
}

/** Whether markup says that an element is not shown. A style sheet or a script may say otherwise. */
export function isMarkedHidden(element: Element): boolean {
  if (element.name === 'noscript') return true;
  if (((element as PageElement).marks & MAY_HIDE) === 0) return false;
  const { hidden, style, 'aria-hidden': aria } = element.attribs;
  return (
    hidden !== undefined ||
    aria === 'true' ||
    (style !== undefined && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style))
  );
}
