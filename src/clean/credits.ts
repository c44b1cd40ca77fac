/** Parts captions from the credits that stand in one line with them, where markup or a mark parts the two. */
import { cutIn } from './cuts.ts';
import type { Labelled } from './label.ts';
import { made } from './label.ts';
import { phraseHits, type Rules } from './rules.ts';
import { partOf, type Run } from './pieces.ts';

const MAX_CREDIT_CHARS = 120;
const MARK = /^[\s|/–—-]*(?:©|\(c\)\s)/i;
const SENTENCE_END = /[.!?…।።။۔։]["'”’»)]?\s+|[。！？」]\s*/gu;
const CAPITALS = /^[\p{Lu}\p{M}\s.'’/&-]{3,60}$/u;

const styleOf = (run: Run): string => `${run.link} ${run.isStrong} ${run.isEmphasised}`;

/** Index of the first run of the differently styled tail; 0 where all is in one style. */
function tailStart(runs: readonly Run[]): number {
  const last = runs.findLastIndex(({ text }) => text.trim() !== '');
  if (last <= 0) return 0;
  let start = last;
  while (start > 0 && styleOf(runs[start - 1] as Run) === styleOf(runs[last] as Run)) start--;
  return start;
}

function partCredit(one: Labelled, rules: Rules): Labelled[] {
  const { piece } = one.judged;
  const start = tailStart(piece.runs);
  if (start === 0) return partAtSentence(one, rules);
  const tail = piece.runs
    .slice(start)
    .map(({ text }) => text)
    .join('')
    .trim();
  const isCredit =
    tail.length <= MAX_CREDIT_CHARS &&
    (MARK.test(tail) || CAPITALS.test(tail) || phraseHits(rules, tail).some(({ label }) => label === 'credit'));
  if (!isCredit) return partAtSentence(one, rules);
  const cut = (runs: readonly Run[], isFirst: boolean) => partOf(piece, runs, isFirst);
  const judged = { ...one.judged, piece: cut(piece.runs.slice(0, start), true) };
  return [
    made(judged, 'caption', one.reasons),
    made({ ...one.judged, piece: cut(piece.runs.slice(start), false) }, 'credit', [
      { rule: 'credit/end-of-caption', weight: 50 },
    ]),
  ];
}

/** A last sentence that begins as credits do: "Children on the quay. Photo: Ann Lee". */
function partAtSentence(one: Labelled, rules: Rules): Labelled[] {
  const { text } = one.judged.piece;
  const ends = [...text.matchAll(SENTENCE_END)].map(({ index, 0: sign }) => index + sign.length);
  const at = ends.find((end) => text.length - end <= MAX_CREDIT_CHARS && opensCredit(text.slice(end), rules));
  if (at === undefined) return [one];
  return cutIn(one, at, ['caption', 'credit'], [one.reasons, [{ rule: 'credit/last-sentence', weight: 50 }]]);
}

/** Whether a text begins as a credit: its first words alone are known for it. */
const opensCredit = (text: string, rules: Rules): boolean =>
  MARK.test(text) || phraseHits(rules, text.trim()).some(({ rule }) => rule === 'credit/start');

export const withPartedCredits = (labelled: readonly Labelled[], rules: Rules): Labelled[] =>
  labelled.flatMap((one) => (one.label === 'caption' ? partCredit(one, rules) : [one]));
