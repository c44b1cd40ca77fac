/** Finds what somebody probably meant. */

/** Further away than a quarter of its letters, a name is another name and no slip. */
const FAR = 1 / 4;

/** The name among `names` that takes the fewest edits to reach, upper and lower case alike; null where none is near. */
export function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(1, Math.floor(name.length * FAR)) + 1;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/** Letters to add, drop or replace, or neighbours to swap (Levenshtein's distance with transpositions). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? before[j - 2]! + 1 : replaced;
      next.push(Math.min(replaced, swapped, next[j - 1]! + 1, row[j]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}
