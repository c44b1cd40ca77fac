/** `config/revisit.json`: the ladder and the factors that visits are planned by, each with its reason. */
import { readFileSync } from 'node:fs';

interface Reasoned {
  readonly value: number;
  readonly reason: string;
}
export interface RevisitTable {
  /** By rising age; older than the last is looked at as seldom as the settings allow. */
  readonly ages: readonly { readonly belowHours: number; readonly everyMinutes: number; readonly reason: string }[];
  readonly changes: Readonly<Record<'priorLooks' | 'priorRatio' | 'mostOften' | 'leastOften', Reasoned>>;
  readonly claims: { readonly unchangedFactor: Reasoned };
  /** By how long a feed, sitemap or list named nothing new; the last has no end. */
  readonly documents: readonly {
    readonly quietBelowHours: number | null;
    readonly factor: number;
    readonly reason: string;
  }[];
  readonly failures: Readonly<Record<'factor' | 'maxHours', Reasoned>>;
  /** By looks in a row that found a page gone; the last stands for all further ones. */
  readonly gone: readonly { readonly afterMinutes: number; readonly reason: string }[];
  readonly walled: { readonly leastMinutes: number; readonly reason: string };
  readonly spread: { readonly ratio: number; readonly reason: string };
}

let loaded: RevisitTable | undefined;
/** Read on first use, a part of the program. */
export function revisitTable(): RevisitTable {
  loaded ??= JSON.parse(readFileSync(new URL('../../config/revisit.json', import.meta.url), 'utf8')) as RevisitTable;
  return loaded;
}
