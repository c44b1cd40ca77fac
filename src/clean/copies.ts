/** Finds text that stands on a page twice, such as a body for phones beside the one for desktops. */
import type { Judged } from './evidence.ts';

/** Shorter texts repeat within an article: a step of a plan, a warning. */
const MIN_CHARS = 60;
/** So many paragraphs in the same order are a copy; one alone may be the author's own repetition. */
const MIN_RUN = 4;
const MIN_RUN_CHARS = 600;

/** The pieces among `judged` that repeat, in the same order, a run of paragraphs of the body further up. */
export function copiesIn(judged: readonly Judged[]): Set<Judged> {
  const body = judged.filter(({ isBody, piece }) => isBody && piece.chars >= MIN_CHARS);
  const textOf = (n: number): string | undefined => body[n]?.piece.text;
  const firsts = new Map<string, number>();
  const copies = new Set<Judged>();
  for (let n = 0; n < body.length; n++) {
    const text = textOf(n) as string;
    const first = firsts.get(text);
    if (first === undefined) {
      firsts.set(text, n);
      continue;
    }
    let run = 0;
    let chars = 0;
    while (first + run < n && textOf(n + run) !== undefined && textOf(first + run) === textOf(n + run)) {
      chars += body[n + run]?.piece.chars ?? 0;
      run++;
    }
    if (run < MIN_RUN || chars < MIN_RUN_CHARS) continue;
    for (let k = 0; k < run; k++) copies.add(body[n + k] as Judged);
    n += run - 1;
  }
  return copies;
}
