/** What the markup of a single element says of its text. */
import type { Element } from 'domhandler';
import { isBlank } from './measure-text.ts';
import { isElement } from './nodes.ts';

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
export const isMarkedHidden = ({ name, attribs }: Element): boolean =>
  name === 'noscript' ||
  attribs['hidden'] !== undefined ||
  attribs['aria-hidden'] === 'true' ||
  (attribs['style'] !== undefined && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attribs['style']));
