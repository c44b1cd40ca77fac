/** Which selectors of a source's rules still pick something. */
import type { Match } from '../clean/index.ts';
import { isInForce, ruleName, selectionsOf } from '../core/sources.ts';
import type { Selection, Source } from '../core/sources.ts';
import type { CheckedPage } from './source-pages.ts';

/**
 * `matches`: on some of the newest pages; `rare`: on none of them, as was to be expected of one that was seldom seen before;
 * `stale`: on none any more; `never`: on none that was looked at; `untested`: there was no page of its days;
 * `later`, `expired`: not for today.
 */
export type Standing = 'matches' | 'rare' | 'stale' | 'never' | 'untested' | 'later' | 'expired';
export const IS_BROKEN: ReadonlySet<Standing> = new Set<Standing>(['stale', 'never']);

/** What is told of one selector. */
export interface Finding extends Selection {
  readonly source: string;
  readonly rule: string;
  readonly standing: Standing;
  /** Of the newest pages of its days, how many there were and on how many it picked something. */
  readonly pages: number;
  readonly matched: number;
  /** The newest capture on which it picked something. */
  readonly lastSeen?: string;
  readonly lastSeenUrl?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  /** For a stale rule: the first day on which it is not needed any more. */
  readonly suggestedValidUntil?: string;
  /** Pages too large for it. */
  readonly tooLarge?: number;
}

interface Count {
  pages: number;
  matched: number;
  tooLarge: number;
  olderPages: number;
  olderMatched: number;
  lastSeen?: string;
  lastSeenUrl?: string;
  /** The earliest capture, after the last match, without one. */
  missedAt?: string;
}

const keyOf = (index: number, { says, selector }: Selection): string => `${index} ${says} ${selector}`;

export class SourceTally {
  readonly #source: Source;
  readonly #counts = new Map<string, Count>();

  constructor(source: Source) {
    this.#source = source;
    for (const [index, rule] of (source.rules ?? []).entries())
      for (const selection of selectionsOf(rule))
        this.#counts.set(keyOf(index, selection), {
          pages: 0,
          matched: 0,
          tooLarge: 0,
          olderPages: 0,
          olderMatched: 0,
        });
  }

  /** Counts a page; pages are added from the newest to the oldest. */
  add({ at, url, matches }: CheckedPage, isOlder = false): void {
    for (const match of matches) {
      const count = this.#countOf(match);
      if (match.elements === null) {
        count.tooLarge += 1;
        continue;
      }
      const hasMatched = match.elements > 0;
      if (isOlder) {
        count.olderPages += 1;
        count.olderMatched += hasMatched ? 1 : 0;
      } else {
        count.pages += 1;
        count.matched += hasMatched ? 1 : 0;
      }
      if (count.lastSeen !== undefined || at === undefined) continue;
      if (hasMatched) Object.assign(count, { lastSeen: at, lastSeenUrl: url });
      else count.missedAt = at;
    }
  }

  #countOf(match: Match): Count {
    return this.#counts.get(keyOf(match.index, match)) as Count;
  }

  /** Whether older pages can say more: some selector for today picks nothing on the newest. */
  needsOlder(now: string): boolean {
    return this.findings(now).some(({ standing }) => standing === 'never');
  }

  /** One for each selector, in the order of the file. */
  findings(now: string): Finding[] {
    const { name, rules = [] } = this.#source;
    return rules.flatMap((rule, index) =>
      selectionsOf(rule).map((selection) => {
        const count = this.#counts.get(keyOf(index, selection)) as Count;
        const { validFrom, validUntil } = rule;
        const isForToday = isInForce(rule, now);
        const standing = isForToday
          ? standingOf(count)
          : validFrom !== undefined && now < validFrom
            ? 'later'
            : 'expired';
        const { pages, matched, lastSeen, lastSeenUrl, tooLarge } = count;
        return {
          source: name,
          rule: ruleName(name, rule, index),
          ...selection,
          standing,
          pages,
          matched,
          ...(lastSeen !== undefined && { lastSeen }),
          ...(lastSeenUrl !== undefined && { lastSeenUrl }),
          ...(validFrom !== undefined && { validFrom }),
          ...(validUntil !== undefined && { validUntil }),
          ...(standing === 'stale' && { suggestedValidUntil: endOf(count) }),
          ...(tooLarge > 0 && { tooLarge }),
        };
      }),
    );
  }
}

function standingOf({ pages, matched, olderPages, olderMatched }: Count): Standing {
  if (pages === 0) return 'untested';
  if (matched > 0) return 'matches';
  if (olderMatched === 0) return 'never';
  // As often as before, it would be on less than one of the newest.
  return olderMatched * pages < olderPages ? 'rare' : 'stale';
}

/** The day of the first capture without a match; the day after the last match where both are on one day. */
function endOf({ lastSeen = '', missedAt = '' }: Count): string {
  const dayAfter = new Date(Date.parse(`${lastSeen.slice(0, 10)}T00:00:00Z`) + 86_400_000).toISOString();
  return (missedAt > dayAfter ? missedAt : dayAfter).slice(0, 10);
}
