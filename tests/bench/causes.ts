/** Where a page loses points: which blocks let in text that the gold has not, and which hold text that it has. */
import { BODY_LABELS } from '../../src/core/labels.ts';
import type { Block, Reading } from '../../src/core/schema.ts';
import { shinglesOf } from './scoring.ts';

/** Runs of four tokens that are too many or too few, in the blocks of one label. */
export interface Cause {
  readonly what: 'extra' | 'missing';
  /** Label of the blocks; `in no block` where no block of the page has the text. */
  readonly label: string;
  readonly shingles: number;
  /** Where most of it is: rule with the most weight, path, and how the text begins. */
  readonly example: string;
}

const isBody = ({ role, label }: Block): boolean => role === 'article' && BODY_LABELS.has(label);

const shown = ({ reasons, path, text }: Block): string => {
  const [reason] = reasons.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return `${reason?.rule ?? 'no rule'}  ${path.split('>').slice(-3).join('>')}  "${text.replace(/\s+/g, ' ').slice(0, 60)}"`;
};

/** Takes up to `times` of each shingle away; gives how many there were to take. */
function taken(from: Map<string, number>, shingles: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [shingle, times] of shingles) {
    const left = from.get(shingle) ?? 0;
    if (left === 0) continue;
    const found = Math.min(left, times);
    from.set(shingle, left - found);
    sum += found;
  }
  return sum;
}
const sizeOf = (shingles: ReadonlyMap<string, number>): number => [...shingles.values()].reduce((a, b) => a + b, 0);

/** Blocks that lose the page points, by label, the costliest first. `hasLead`: the gold counts the lead in. */
export function causesOf(reading: Reading, gold: string, hasLead: boolean): Cause[] {
  const wanted = shinglesOf(gold);
  const found = new Map<
    string,
    { what: Cause['what']; label: string; shingles: number; most: number; example: string }
  >();
  const note = (what: Cause['what'], label: string, shingles: number, example: string): void => {
    if (shingles === 0) return;
    const key = `${what} ${label}`;
    const cause = found.get(key) ?? { what, label, shingles: 0, most: 0, example };
    cause.shingles += shingles;
    if (shingles > cause.most) Object.assign(cause, { most: shingles, example });
    found.set(key, cause);
  };
  const isTaken = (block: Block): boolean => isBody(block) || (hasLead && block.label === 'lead');
  for (const block of reading.blocks.filter(isTaken)) {
    const shingles = shinglesOf(block.text);
    note('extra', block.label, sizeOf(shingles) - taken(wanted, shingles), shown(block));
  }
  for (const block of reading.blocks.filter((one) => !isTaken(one)))
    note('missing', block.label, taken(wanted, shinglesOf(block.text)), shown(block));
  note('missing', 'in no block', sizeOf(wanted), 'text over the edge of two blocks, or not on the page');
  return [...found.values()]
    .map(({ what, label, shingles, example }) => ({ what, label, shingles, example }))
    .toSorted((a, b) => b.shingles - a.shingles);
}
