/** What the writer of the crash tests writes, so that the tests know what must be there. */
import type { Target } from '../../../src/core/frontier-ports.ts';

export const NOW = Date.UTC(2026, 2, 3, 8);
export const found = (url: string, over: Partial<Target> = {}): Target => ({
  url,
  source: 'lantern',
  foundBy: 'sitemap',
  foundAt: new Date(NOW).toISOString(),
  ...over,
});

/** Pages that each document names: several queries, so that a kill can fall between two of them. */
export const NAMED = 450;

export const seedOf = (n: number): Target =>
  found(`https://h${n % 3}.example/list-of-pages-${n}`, { kind: 'listing', source: 'seeds' });
export const aliasOf = (n: number): string => `https://h${n % 3}.example/other-address-of-${n}`;
export const pagesOf = (n: number, count: number): Target[] =>
  Array.from({ length: count }, (_, m) =>
    found(`https://h${m % 5}.example/story-number-${n}-${m}`, { source: 'pages' }),
  );
export const serialOf = (url: string): number => Number(/-(\d+)(?:-\d+)?$/.exec(url)?.[1]);
