/** Finds the headline among the pieces of a page. */
import type { Label } from '../core/labels.ts';
import type { Area } from './areas.ts';
import { HEADING, insideH1, STRONG, type Judged } from './evidence.ts';
import { Wordings } from './measure-text.ts';

const MAX_HEADLINE_CHARS = 400;
/** Per cent of words in common with a title. */
const ENOUGH_LIKENESS = 36;
const LISTS: ReadonlySet<Label> = new Set<Label>(['newsfeed', 'most-read', 'related', 'navigation']);

/** Whether a part of the page lists stories: there the page's own headline may stand too, among others. */
function isInList(area: Area): boolean {
  for (let outer: Area | null = area; outer; outer = outer.parent) {
    if (outer.element.name !== 'body' && outer.hits.some(({ label, weight }) => LISTS.has(label) && weight >= STRONG))
      return true;
  }
  return false;
}

/** The site's name leads home: in many a template it is the h1. */
const isHomeLink = ({ piece }: Judged): boolean =>
  piece.links.length === 1 &&
  piece.linkChars * 10 >= piece.chars * 8 &&
  /^(?:https?:\/\/[^/?#]+)?\/?(?:index\.\w+)?$/i.test(piece.links[0]?.href ?? '');

/** The piece most like one of the page's own titles; h1 has the advantage. `total` is the characters of all long paragraphs. */
export function findHeadline(judged: readonly Judged[], titles: readonly string[], total: number): Judged | undefined {
  const wordings = new Wordings(titles);
  let best: Judged | undefined;
  let bestScore = 50;
  let proseBefore = 0;
  for (const one of judged) {
    const { piece, area } = one;
    // A title that much of the prose stands before belongs to a list of other stories.
    if (best && proseBefore * 3 > total) break;
    if (one.isLong) proseBefore += piece.chars;
    if (piece.chars > MAX_HEADLINE_CHARS || piece.chars < 4) continue;
    const { name } = piece.element;
    const isH1 = name === 'h1' || insideH1(area);
    const like = wordings.likeness(piece.text, ENOUGH_LIKENESS);
    const isLink = piece.linkChars * 2 > piece.chars && !isH1;
    const score =
      like +
      (isH1 ? 30 : HEADING.test(name) ? 10 : 0) -
      (isLink ? 25 : 0) -
      (isHomeLink(one) ? 60 : 0) -
      (!isH1 && isInList(area) ? 50 : 0);
    if (like > 0 && score > bestScore) [best, bestScore] = [one, score];
  }
  return (
    best ??
    judged.find(
      (one) => (one.piece.element.name === 'h1' || insideH1(one.area)) && one.piece.chars > 8 && !isHomeLink(one),
    )
  );
}
