/** The elements around the pieces of a page, measured: how much text each holds, and what its names say it is. */
import type { Element } from 'domhandler';
import { isElement } from './nodes.ts';
import { classHits, type Hit, type Rules } from './rules.ts';
import type { Piece } from './pieces.ts';

/** One element and what it holds. Lengths are effective characters. */
export interface Area {
  readonly element: Element;
  readonly parent: Area | null;
  readonly depth: number;
  /** What its class, id, role and name say, strongest first. */
  hits: readonly Hit[];
  chars: number;
  linkChars: number;
  /** Of long paragraphs. */
  longChars: number;
  first: number;
  last: number;
  /** Long paragraphs as evidence of an article, a part of each lent by all below. */
  weight: number;
  badChars: number;
}

/** All areas of a page by their elements. */
export class Areas {
  readonly #areas = new Map<Element, Area>();
  readonly #hitsOfName = new Map<string, readonly Hit[]>();
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** The area of an element; made, with those around it, at the first call. */
  of(element: Element): Area {
    const known = this.#areas.get(element);
    if (known) return known;
    const { parent } = element;
    const outer = parent && isElement(parent as Element) ? this.of(parent as Element) : null;
    const area: Area = {
      element,
      parent: outer,
      depth: outer ? outer.depth + 1 : 0,
      hits: this.hitsOf(element),
      chars: 0,
      linkChars: 0,
      longChars: 0,
      first: -1,
      last: -1,
      weight: 0,
      badChars: 0,
    };
    this.#areas.set(element, area);
    return area;
  }

  /** Counts a piece into every area around it. */
  count(piece: Piece, isLong: boolean): void {
    for (let area: Area | null = this.of(piece.element); area; area = area.parent) {
      area.chars += piece.chars;
      area.linkChars += piece.linkChars;
      if (isLong) area.longChars += piece.chars;
      if (area.first < 0) area.first = piece.index;
      area.last = piece.index;
    }
  }

  /**
   * Forgets rules that most of the page's prose falls under: a name that covers the article says nothing on this page.
   * `isExempt` keeps those that may rightly cover more than half, such as a long discussion under a short article.
   */
  distrust(long: readonly Piece[], isExempt: (hit: Hit) => boolean): void {
    const charsOfRule = new Map<string, number>();
    let total = 0;
    for (const { element, chars } of long) {
      total += chars;
      const rules = new Set<string>();
      for (let area: Area | null = this.of(element); area; area = area.parent)
        for (const hit of area.hits) if (!isExempt(hit)) rules.add(hit.rule);
      for (const rule of rules) charsOfRule.set(rule, (charsOfRule.get(rule) ?? 0) + chars);
    }
    const distrusted = new Set([...charsOfRule].filter(([, chars]) => chars * 2 >= total).map(([rule]) => rule));
    if (distrusted.size === 0) return;
    for (const area of this.#areas.values()) area.hits = area.hits.filter(({ rule }) => !distrusted.has(rule));
  }

  /** What an element's own names say. */
  hitsOf({ name, attribs }: Element): readonly Hit[] {
    const key = `${name}\n${attribs['class'] ?? ''}\n${attribs['id'] ?? ''}\n${attribs['role'] ?? ''}\n${attribs['itemprop'] ?? ''}`;
    const known = this.#hitsOfName.get(key);
    if (known) return known;
    const byRule = new Map<string, Hit>();
    // One class name is one thought: `article-header` must not meet `site` of the next.
    for (const spelled of [
      ...(attribs['class'] ?? '').split(/\s+/).slice(0, 24),
      attribs['id'] ?? '',
      attribs['itemprop'] ?? '',
    ]) {
      if (spelled !== '' && spelled.length < 200)
        for (const hit of classHits(this.#rules, spelled)) byRule.set(hit.rule, hit);
    }
    const element = this.#rules.byElement.get(name);
    if (element) byRule.set(element.rule, element);
    const role = this.#rules.byRole.get(attribs['role'] ?? '');
    if (role) byRule.set(role.rule, role);
    const hits = [...byRule.values()].toSorted((a, b) => b.weight - a.weight);
    this.#hitsOfName.set(key, hits);
    return hits;
  }
}

export function isWithin(inner: Area | null, outer: Area): boolean {
  for (let area = inner; area && area.depth >= outer.depth; area = area.parent) if (area === outer) return true;
  return false;
}
