/** What is found of one selector, as a person reads it. */
import type { Finding, Standing } from './source-tally.ts';
import { inline } from './terminal.ts';
import type { Paint, Style } from './terminal.ts';

const STYLES: Readonly<Record<Standing, readonly Style[]>> = {
  matches: ['green'],
  rare: ['yellow'],
  stale: ['red', 'bold'],
  never: ['red', 'bold'],
  untested: ['yellow'],
  later: ['dim'],
  expired: ['dim'],
};

const pagesOf = (pages: number): string => (pages === 1 ? 'the one page' : `${pages} pages`);

function told({ standing, pages, matched, lastSeen, validFrom, validUntil, suggestedValidUntil }: Finding): string {
  const last = lastSeen === undefined ? '' : `, last seen ${lastSeen.slice(0, 16).replace('T', ' ')} UTC`;
  switch (standing) {
    case 'matches':
      return pages === 1 ? 'on the one page looked at' : `on ${matched} of the newest ${pagesOf(pages)}${last}`;
    case 'rare':
      return `on none of the newest ${pagesOf(pages)}, as is to be expected of it${last}`;
    case 'stale':
      return `on none of the newest ${pagesOf(pages)}${last}; if the page has changed for good, add validUntil: '${suggestedValidUntil ?? ''}'`;
    case 'never':
      return `on none of ${pagesOf(pages)}, nor on any older one`;
    case 'untested':
      return 'no page of its days was looked at';
    case 'later':
      return `from ${validFrom ?? ''} on`;
    case 'expired':
      return `until ${validUntil ?? ''}`;
  }
}

export function findingLine(finding: Finding, paint: Paint): string {
  const { standing, rule, says, selector, label, tooLarge = 0 } = finding;
  const what = inline(`${says} ${selector}${label === undefined ? '' : ` as ${label}`}`);
  const large = tooLarge === 0 ? '' : ` (too large for it: ${tooLarge})`;
  return `  ${paint(standing.padEnd(8), ...STYLES[standing])}  ${rule}  ${what}  ${paint(told(finding) + large, 'dim')}`;
}
