/** Finds the headline among the pieces of a page. */
import { HEADING, insideH1, type Judged } from './evidence.ts';
import { likeness } from './measure-text.ts';

const MAX_HEADLINE_CHARS = 400;

/** The piece most like one of the page's own titles; h1 has the advantage. `total` is the characters of all long paragraphs. */
export function findHeadline(judged: readonly Judged[], titles: readonly string[], total: number): Judged | undefined {
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
    const like = titles.reduce((most, title) => Math.max(most, likeness(piece.text, title)), 0);
    const score =
      like + (isH1 ? 30 : HEADING.test(name) ? 10 : 0) - (piece.linkChars * 2 > piece.chars && !isH1 ? 25 : 0);
    if (like > 35 && score > bestScore) [best, bestScore] = [one, score];
  }
  return best ?? judged.find(({ piece, area }) => (piece.element.name === 'h1' || insideH1(area)) && piece.chars > 8);
}
