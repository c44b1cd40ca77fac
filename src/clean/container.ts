/** Finds the part of a page that holds its article: the element with most prose, grown or narrowed to where the article ends. */
import { isWithin, type Area } from './areas.ts';
import { PROSE_ELEMENTS, type Judged } from './evidence.ts';
import { punctuationCount } from './measure-text.ts';
import type { Rules } from './rules.ts';

/** The container of the article; null where there is no prose. */
export function findContainer(judged: readonly Judged[], rules: Rules): Area | null {
  weigh(judged, rules);
  const heaviest = findHeaviest(judged);
  return heaviest && narrow(climb(heaviest, judged, rules), judged);
}

/** Lets every paragraph of prose lend its weight to the areas around it, less with every level. */
function weigh(judged: readonly Judged[], { tunables }: Rules): void {
  const {
    levels = 8,
    levelDecayPercent = 90,
    maxCharsCounted = 600,
    outsideParagraphPercent = 60,
    withoutPunctuationPercent = 30,
  } = tunables;
  for (const { piece, area, isProse } of judged) {
    if (!isProse) continue;
    let weight = Math.min(piece.chars, maxCharsCounted) * 1000;
    if (!PROSE_ELEMENTS.has(piece.element.name)) weight = Math.floor((weight * outsideParagraphPercent) / 100);
    if (punctuationCount(piece.text) * 100 < piece.chars)
      weight = Math.floor((weight * withoutPunctuationPercent) / 100);
    let level = 0;
    for (let outer: Area | null = area.parent; outer && level < levels; outer = outer.parent, level++) {
      outer.weight += weight;
      weight = Math.floor((weight * levelDecayPercent) / 100);
    }
  }
}

function findHeaviest(judged: readonly Judged[]): Area | null {
  let best: Area | null = null;
  for (const { area, isProse } of judged) {
    if (!isProse) continue;
    for (let outer: Area | null = area.parent; outer; outer = outer.parent)
      if (!best || outer.weight > best.weight) best = outer;
  }
  return best;
}

/** Grows the container to its parent while that adds much prose and little else: a body is often split over siblings. */
function climb(start: Area, judged: readonly Judged[], { tunables }: Rules): Area {
  const { climbs = 3, climbGainPercent = 25, climbBadPercent = 60 } = tunables;
  let container = start;
  for (let n = 0; n < climbs; n++) {
    const { parent } = container;
    // Out of an article or main element there is only furniture.
    if (!parent || parent.element.name === 'html' || /^(?:article|main)$/.test(container.element.name)) break;
    const now = textIn(container, judged);
    const then = textIn(parent, judged);
    const gain = then.prose - now.prose;
    if (gain * 100 <= climbGainPercent * now.prose || (then.other - now.other) * 100 >= climbBadPercent * gain) break;
    container = parent;
  }
  return container;
}

/** An article or main element that holds most of the container's prose says where the article ends. */
function narrow(container: Area, judged: readonly Judged[]): Area {
  const { prose } = textIn(container, judged);
  const proseOf = new Map<Area, number>();
  for (const { area, piece, isProse } of judged) {
    if (!isProse) continue;
    for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
      if (isMainPart(outer)) proseOf.set(outer, (proseOf.get(outer) ?? 0) + piece.chars);
    }
  }
  let best = container;
  for (const [area, chars] of proseOf) {
    if (chars * 100 >= prose * MOST_PERCENT && area.depth > best.depth && isWithin(area, container)) best = area;
  }
  return best;
}

const MOST_PERCENT = 60;
const isMainPart = ({ element }: Area): boolean =>
  element.name === 'article' ||
  element.name === 'main' ||
  element.attribs['role'] === 'main' ||
  /articleBody/.test(element.attribs['itemprop'] ?? '');

/** Characters of prose, and of all else, in an area. */
function textIn(area: Area, judged: readonly Judged[]): { prose: number; other: number } {
  let prose = 0;
  let other = 0;
  for (let i = area.first; i <= area.last; i++) {
    const { isProse, piece } = judged[i] as Judged;
    if (isProse) prose += piece.chars;
    else other += piece.chars;
  }
  return { prose, other };
}

/** Whether the container's prose stands in p elements, so that prose in bare divs is something else. */
export function isSetInParagraphs(container: Area, judged: readonly Judged[]): boolean {
  let inParagraphs = 0;
  let all = 0;
  for (let i = container.first; i <= container.last; i++) {
    const { isProse, piece } = judged[i] as Judged;
    if (!isProse) continue;
    all += piece.chars;
    if (PROSE_ELEMENTS.has(piece.element.name)) inParagraphs += piece.chars;
  }
  return inParagraphs * 100 >= all * 75;
}
