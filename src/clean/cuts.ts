/** Cuts a labelled piece in two where one line says two things. */
import type { Label } from '../core/labels.ts';
import type { Reason } from '../core/schema.ts';
import { made, type Labelled } from './label.ts';
import { partOf, type Run } from './pieces.ts';

/** Index of the run, and of the character in it, at which `at` characters of a piece's text are behind. */
function placeOf(runs: readonly Run[], at: number): { run: number; char: number } | undefined {
  const spelled = runs.map(({ text, isAfterBreak }, i) => (isAfterBreak && i > 0 ? `\n${text}` : text));
  const whole = spelled.join('');
  let left = at + whole.length - whole.trimStart().length;
  for (const [run, text] of spelled.entries()) {
    const breaks = text.length - (runs[run] as Run).text.length;
    if (left <= text.length) return { run, char: Math.max(0, left - breaks) };
    left -= text.length;
  }
  return undefined;
}

function runsCut(runs: readonly Run[], at: number): [first: Run[], second: Run[]] | undefined {
  const place = placeOf(runs, at);
  const cut = place && runs[place.run];
  if (!place || !cut) return undefined;
  const before = { ...cut, text: cut.text.slice(0, place.char) };
  const after = { ...cut, text: cut.text.slice(place.char), isAfterBreak: place.char === 0 && cut.isAfterBreak };
  const first = [...runs.slice(0, place.run), ...(before.text === '' ? [] : [before])];
  const second = [...(after.text === '' ? [] : [after]), ...runs.slice(place.run + 1)];
  return [first, second];
}

/**
 * The two parts of a piece, cut behind `at` characters of its text; itself where one part would be without text. Pictures stay
 * with the first.
 */
export function cutIn(
  one: Labelled,
  at: number,
  labels: readonly [first: Label, second: Label],
  reasons: readonly [first: readonly Reason[], second: readonly Reason[]],
): Labelled[] {
  const { piece } = one.judged;
  const parts = runsCut(piece.runs, at);
  if (!parts) return [one];
  const pieces = parts.map((runs, i) => partOf(piece, runs, i === 0));
  if (pieces.some(({ text }) => text === '')) return [one];
  return pieces.map((part, i) =>
    made({ ...one.judged, piece: part }, labels[i] as Label, reasons[i] as readonly Reason[]),
  );
}
