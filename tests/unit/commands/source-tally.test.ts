import { describe, expect, it } from 'vitest';
import { findingLine } from '../../../src/commands/source-line.ts';
import { SourceTally } from '../../../src/commands/source-tally.ts';
import type { CheckedPage } from '../../../src/commands/source-pages.ts';
import type { SourceRule } from '../../../src/core/source-schema.ts';
import type { Source } from '../../../src/core/sources.ts';

const NOW = '2026-03-10T12:00:00.000Z';
const tallyOf = (...rules: SourceRule[]) => {
  const file = { name: 'post', home: 'https://post.example/', rules };
  const source: Source = { ...file, file, path: 'post.yaml', claims: ['post.example'] };
  return new SourceTally(source);
};
/** A page on which the only selector picks so many elements; null: too large for it. */
const page = (at: string | undefined, elements: number | null): CheckedPage => ({
  url: `https://post.example/${at ?? ''}`,
  at,
  matches: [{ rule: 'source/post/1', index: 0, says: 'drop', selector: '.x', elements }],
});
const days = (...of: [day: string, elements: number | null][]) =>
  of.map(([day, elements]) => page(`2026-${day}T06:00:00.000Z`, elements));
const finding = (newest: CheckedPage[], older: CheckedPage[] = [], rule: SourceRule = { drop: '.x' }) => {
  const tally = tallyOf(rule);
  for (const one of newest) tally.add(one);
  for (const one of older) tally.add(one, true);
  return tally.findings(NOW)[0];
};

describe('SourceTally', () => {
  it('asks for older pages only where a rule for today picks nothing', () => {
    const tally = tallyOf({ drop: '.x' }, { drop: '.y', validUntil: '2026-01-01' });
    expect(tally.needsOlder(NOW)).toBe(false);
    tally.add(page('2026-03-09T06:00:00.000Z', 0));
    expect(tally.needsOlder(NOW)).toBe(true);
    tally.add(page('2026-03-08T06:00:00.000Z', 2));
    expect(tally.needsOlder(NOW)).toBe(false);
  });

  it('tells when a rule was last seen, and where', () => {
    expect(finding(days(['03-09', 0], ['03-08', 3], ['03-07', 1]))).toMatchObject({
      standing: 'matches',
      pages: 3,
      matched: 2,
      lastSeen: '2026-03-08T06:00:00.000Z',
      lastSeenUrl: 'https://post.example/2026-03-08T06:00:00.000Z',
    });
  });

  it('takes for stale what stood on many pages and stands on none', () => {
    const found = finding(days(['03-09', 0], ['03-08', 0]), days(['03-05', 0], ['03-02', 1], ['03-01', 1]));
    expect(found).toMatchObject({ standing: 'stale', lastSeen: '2026-03-02T06:00:00.000Z' });
  });

  it('proposes as its end the first day without it, which never is a day with it', () => {
    const endAfter = (...older: [string, number][]) =>
      finding(days(['03-09', 0], ['03-08', 0]), days(...older))?.suggestedValidUntil;
    expect(endAfter(['03-05', 0], ['03-02', 1], ['03-01', 1])).toBe('2026-03-05');
    expect(endAfter(['03-07', 1])).toBe('2026-03-08');
    expect(endAfter(['03-08', 1])).toBe('2026-03-09');
    expect(endAfter(['02-28', 1])).toBe('2026-03-08');
  });

  it('gives a rule time that was rare before', () => {
    const older = Array.from({ length: 100 }, (_, n) =>
      page(`2026-01-01T00:00:00.${String(100 + n)}Z`, n === 50 ? 1 : 0),
    );
    expect(finding(days(['03-09', 0], ['03-08', 0]), older)).toMatchObject({ standing: 'rare', matched: 0 });
    const many = Array.from({ length: 100 }, () => page('2026-03-08T00:00:00.000Z', 0));
    expect(finding(many, older)).toMatchObject({ standing: 'stale' });
  });

  it('knows what was never seen from what could not be seen', () => {
    expect(finding(days(['03-09', 0]), days(['03-01', 0]))).toMatchObject({ standing: 'never' });
    expect(finding([])).toMatchObject({ standing: 'untested', pages: 0 });
    expect(finding(days(['03-09', null]))).toMatchObject({ standing: 'untested', pages: 0, tooLarge: 1 });
  });

  it('counts a page of unknown date, and dates nothing by it', () => {
    const found = finding([page(undefined, 1)]);
    expect(found).toMatchObject({ standing: 'matches', pages: 1, matched: 1 });
    expect(found).not.toHaveProperty('lastSeen');
  });

  it('tells of each selector of a rule by itself', () => {
    const tally = tallyOf({ id: 'boxes', drop: ['.x', '.y'], label: { '.x': 'ad' } });
    tally.add({
      url: 'https://post.example/1',
      at: NOW,
      matches: [
        { rule: 'source/post/boxes', index: 0, says: 'drop', selector: '.x', elements: 1 },
        { rule: 'source/post/boxes', index: 0, says: 'drop', selector: '.y', elements: 0 },
        { rule: 'source/post/boxes', index: 0, says: 'label', selector: '.x', label: 'ad', elements: 1 },
      ],
    });
    expect(tally.findings(NOW).map(({ says, selector, standing }) => [says, selector, standing])).toEqual([
      ['drop', '.x', 'matches'],
      ['drop', '.y', 'never'],
      ['label', '.x', 'matches'],
    ]);
  });
});

describe('findingLine', () => {
  it('lets nothing of a selector reach the terminal', () => {
    const line = findingLine(
      {
        source: 'post',
        rule: 'source/post/1',
        says: 'drop',
        selector: 'p[a="\u001b[31m\u009b\u202e"]',
        standing: 'untested',
        pages: 0,
        matched: 0,
      },
      (text) => text,
    );
    for (const evil of ['\u001b', '\u009b', '\u202e']) expect(line).not.toContain(evil);
  });
});
