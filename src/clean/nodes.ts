/** Questions about single nodes of a tree under construction, and how they are joined. */
import { Text, type ChildNode, type Element, type ParentNode } from 'domhandler';
import * as known from './elements.ts';

const foreignElements = new WeakMap<Element, 'svg' | 'math'>();
export const kindOfForeign = (element: Element): 'svg' | 'math' | undefined => foreignElements.get(element);
export const markForeign = (element: Element, kind: 'svg' | 'math'): void => void foreignElements.set(element, kind);
export const isForeign = (element: Element): boolean => foreignElements.has(element);
/** Elements of svg and math whose content is HTML again. */
export const isIntegration = (element: Element): boolean => {
  const kind = foreignElements.get(element);
  return kind !== undefined && known.INTEGRATION[kind].has(element.name);
};
export const isSpecial = (element: Element): boolean =>
  isForeign(element) ? isIntegration(element) : known.SPECIAL.has(element.name);
export const isParagraph = (element: Element): boolean => element.name === 'p';
export const isScopeEdge = (element: Element): boolean =>
  isForeign(element) ? isIntegration(element) : known.SCOPE_EDGE.has(element.name);
export const isListScopeEdge = (element: Element): boolean =>
  isScopeEdge(element) || element.name === 'ol' || element.name === 'ul';
export const isParagraphScopeEdge = (element: Element): boolean => isScopeEdge(element) || element.name === 'button';
export const isTableScopeEdge = (element: Element): boolean => element.name === 'table' || element.name === 'template';

/** Links `node` into `parent` before `next`, or last. */
export function link(parent: ParentNode, node: ChildNode, next: ChildNode | null): void {
  const siblings = parent.children;
  node.parent = parent;
  if (next) {
    siblings.splice(siblings.indexOf(next), 0, node);
    node.next = next;
    node.prev = next.prev;
    if (next.prev) next.prev.next = node;
    next.prev = node;
  } else {
    const last = siblings[siblings.length - 1];
    if (last) {
      last.next = node;
      node.prev = last;
    }
    siblings.push(node);
  }
}

export function append(parent: Element, text: string): void {
  const last = parent.children[parent.children.length - 1];
  if (last instanceof Text) last.data += text;
  else link(parent, new Text(text), null);
}

export const isElement = (node: ChildNode): node is Element => 'attribs' in node;
