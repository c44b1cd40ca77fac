import { describe, expect, it } from 'vitest';
import type { SourceRule } from '../../../src/core/source-schema.ts';
import { claimsOf, digestOfRules, isInForce, rulesInForce, selectionsOf, Sources } from '../../../src/core/sources.ts';
import type { Source } from '../../../src/core/sources.ts';

const sourceOf = (name: string, home: string, hosts?: string[]): Source => {
  const file = { name, home, ...(hosts && { hosts }) };
  return { ...file, file, path: `${name}.yaml`, claims: claimsOf(file) };
};
const sources = new Sources([
  sourceOf('daily', 'https://www.daily.example/news/', ['daily-news.example', '*.daily.test']),
  sourceOf('video', 'https://video.daily.example/', ['clips.daily.example']),
  sourceOf('weekly', 'https://politics.weekly.co.uk/'),
  sourceOf('local', 'http://127.0.0.1:8000/'),
]);

describe('Sources', () => {
  it.each([
    ['https://daily.example/a-story-1', 'daily'],
    ['http://www.daily.example:8080/a-story-1', 'daily'],
    ['https://blog.daily.example/', 'daily'],
    ['https://m.daily-news.example/1', 'daily'],
    ['https://daily.test./1', 'daily'],
    ['https://VIDEO.daily.example/1', 'video'],
    ['https://a.clips.daily.example/1', 'video'],
    ['https://weekly.co.uk/1', 'weekly'],
    ['https://sport.weekly.co.uk/1', 'weekly'],
    ['https://www-daily-example.cdn.ampproject.org/c/s/www.daily.example/a-story-1', 'daily'],
    ['http://127.0.0.1:9/x', 'local'],
  ])('knows whose %s is', (url, name) => {
    expect(sources.of(url)?.name).toBe(name);
  });
  it.each([
    'https://notdaily.example/',
    'https://daily.example.evil.test/',
    'https://other.co.uk/',
    'https://co.uk/',
    'http://0.0.1/',
    'http://127.0.0.2/',
    'file:///daily.example/page.html',
    'ftp://daily.example/',
    'https://[',
    '',
    `https://x.example/${'a'.repeat(100_000)}`,
  ])('knows that %.60s is nobody’s', (url) => {
    expect(sources.of(url)).toBeUndefined();
  });
});

describe('rules', () => {
  const rule = { drop: 'p', validFrom: '2025-03-01', validUntil: '2026-03-01' } satisfies SourceRule;
  it.each([
    ['2025-02-28T23:59:59.999Z', false],
    ['2025-03-01T00:00:00.000Z', true],
    ['2026-02-28T23:59:59.999Z', true],
    ['2026-03-01T00:00:00.000Z', false],
    [undefined, false],
  ])('hold from their first day on and until the day that ends them: at %s %s', (at, expected) => {
    expect(isInForce(rule, at)).toBe(expected);
  });
  it('without an end hold for a page of which nobody knows when it was fetched', () => {
    expect(isInForce({ drop: 'p' }, undefined)).toBe(true);
    expect(isInForce({ drop: 'p', validFrom: '2025-03-01' }, undefined)).toBe(true);
    expect(isInForce({ drop: 'p', validUntil: '2999-01-01' }, undefined)).toBe(false);
  });
  it('are called by their number in the file, whichever hold, or by their id', () => {
    const rules = [rule, { id: 'intro', keep: 'p' }, { drop: 'q' }];
    const at = '2026-03-01T00:00:00.000Z';
    expect(rulesInForce({ name: 'daily', rules }, at).map(({ id }) => id)).toEqual([
      'source/daily/intro',
      'source/daily/3',
    ]);
  });
  it('pick in the order drop, keep, label', () => {
    const label = { 'p.x': 'lead', 'p.y': 'ad' } as const;
    expect(selectionsOf({ label, keep: ['b', 'c'], drop: 'a' })).toEqual([
      { says: 'drop', selector: 'a' },
      { says: 'keep', selector: 'b' },
      { says: 'keep', selector: 'c' },
      { says: 'label', selector: 'p.x', label: 'lead' },
      { says: 'label', selector: 'p.y', label: 'ad' },
    ]);
  });
});

describe('digestOfRules', () => {
  const at = '2026-03-01T00:00:00.000Z';
  const digest = (...rules: SourceRule[]) => digestOfRules('general', { name: 'daily', rules }, at);
  it('is that of the cleaning rules where no rule of a source holds', () => {
    expect(digestOfRules('general', undefined, at)).toBe('general');
    expect(digestOfRules('general', { name: 'daily' }, at)).toBe('general');
    expect(digest({ drop: 'p', validUntil: '2026-03-01' })).toBe('general');
  });
  it('follows what a rule picks, what it says of it and what it is called, and nothing else', () => {
    const known = digest({ drop: 'p' });
    expect(known).toMatch(/^[0-9a-f]{64}$/);
    expect(digest({ drop: ['p'], reason: 'because', validFrom: '2020-01-01' })).toBe(known);
    const others = [
      digest({ keep: 'p' }),
      digest({ drop: 'q' }),
      digest({ drop: 'p', id: 'x' }),
      digest({ drop: 'p' }, { drop: 'q' }),
      digest({ drop: 'p', validUntil: '2020-01-01' }, { drop: 'p' }),
      digestOfRules('other', { name: 'daily', rules: [{ drop: 'p' }] }, at),
      digestOfRules('general', { name: 'weekly', rules: [{ drop: 'p' }] }, at),
    ];
    expect(new Set([known, ...others]).size).toBe(others.length + 1);
  });
});
