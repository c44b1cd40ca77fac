/** The elements of a tree under construction, questions about single ones, and how they are joined. */
import { Element, Text, type ChildNode, type ParentNode } from 'domhandler';
import type { Area } from './areas.ts';
import * as known from './elements.ts';
import type { Attributes } from './scanner.ts';

/** Of every node that has none: `link` gives a node children of its own with the first. */
const NO_CHILDREN: ChildNode[] = [];
/**
 * Copied for every first child. Arrays written out where they are made are remembered by the engine: once it has seen some outlive
 * a collection it makes all of them old, each old one keeps a dead tree alive till the next full collection, and every small
 * collection copies those trees: a fourth of all time.
 */
const ROOM_FOR_ONE: ChildNode[] = Array.from({ length: 1 });

/** An element that knows its traits. */
export class PageElement extends Element {
  /** Its place among its siblings of the same name, from 1; 0 until somebody counts them. */
  nth = 0;
  /** Where it stands, once somebody has spelled it. */
  path: string | undefined = undefined;
  /** What is measured of it. Looked up in a map instead it would take a tenth of the judge's time. */
  area: Area | undefined = undefined;
  /** What its name says of it, and which attributes it has, as bits; see `elements.ts`. */
  readonly traits: number;
  marks: number;
  /** The drawing or formula that it is a part of. */
  readonly foreign: 'svg' | 'math' | undefined;
  /** HTML, or where in svg and math HTML goes on. */
  readonly isIntegration: boolean;

  constructor(name: string, { values, marks }: Attributes = { values: {}, marks: 0 }, foreign?: 'svg' | 'math') {
    super(name, values, NO_CHILDREN);
    this.marks = marks;
    this.traits = known.traitsOf(name);
    this.foreign = foreign ?? (name === 'svg' || name === 'math' ? name : undefined);
    this.isIntegration = this.foreign !== undefined && (this.traits & known.INTEGRATION[this.foreign]) !== 0;
  }
}

const OF_HTML = known.SCOPE_EDGE | known.SPECIAL;

/** Whether a search for an open element stops here: at one of the `edges`, or where svg and math hold HTML again. */
export const isEdge = ({ name, foreign, isIntegration, traits }: PageElement, edges: number): boolean =>
  foreign === undefined
    ? (traits & edges) !== 0
    : (isIntegration || (foreign === 'math' && name === 'annotation-xml')) && (edges & OF_HTML) !== 0;

/** Whether what comes next belongs to a drawing or formula rather than to HTML inside it. */
export const isInDrawing = ({ foreign, isIntegration }: PageElement): boolean =>
  foreign !== undefined && !isIntegration;

/** Links `node` into `parent` before `next`, or last. */
export function link(parent: ParentNode, node: ChildNode, next: ChildNode | null): void {
  const siblings = parent.children;
  node.parent = parent;
  if (next) {
    // What something is put before is nearly always the last: searched from the front, a hundred thousand cost their square.
    siblings.splice(siblings.lastIndexOf(next), 0, node);
    node.next = next;
    node.prev = next.prev;
    if (next.prev) next.prev.next = node;
    next.prev = node;
    return;
  }
  const last = siblings[siblings.length - 1];
  if (last) {
    last.next = node;
    node.prev = last;
    siblings.push(node);
    return;
  }
  // Pushed into an empty array a first child would take the room of seventeen; most elements have one.
  const children = ROOM_FOR_ONE.slice();
  children[0] = node;
  parent.children = children;
}

export function append(parent: Element, text: string): void {
  const last = parent.children[parent.children.length - 1];
  if (last?.type === 'text') (last as Text).data += text;
  else link(parent, new Text(text), null);
}

export const isElement = (node: ChildNode): node is Element => 'attribs' in node;
