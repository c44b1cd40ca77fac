import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Rule {
  readonly id: string;
  readonly weight: number;
  readonly reason: string;
  readonly words?: Readonly<Record<string, readonly string[]>>;
  readonly pattern?: string;
}
const file = JSON.parse(readFileSync(new URL('../../../config/discover.json', import.meta.url), 'utf8')) as {
  article: Record<'trust' | 'shapes' | 'patterns' | 'words', Rule[]>;
  pagination: { words: Record<string, string[]> };
};
const rules = Object.values(file.article).filter(Array.isArray).flat();

describe('config/discover.json', () => {
  it('gives each rule an id of its own, a weight and a reason', () => {
    expect(rules.length).toBeGreaterThan(30);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, weight, reason } of rules) {
      expect(weight, id).not.toBe(0);
      expect(Math.abs(weight), id).toBeLessThan(100);
      expect(reason, id).toMatch(/^\S.*[.]$/);
    }
  });
  it('has the words of fifteen languages and more', () => {
    const spoken = [
      'word/login',
      'word/subscribe',
      'word/legal',
      'word/about',
      'word/author',
      'word/tag',
      'word/section',
    ];
    for (const id of spoken) {
      const words: Readonly<Record<string, readonly string[]>> = rules.find((rule) => rule.id === id)?.words ?? {};
      expect(Object.keys(words).length, id).toBeGreaterThanOrEqual(15);
      for (const list of Object.values(words))
        for (const word of list) expect(word).toBe(word.trim().toLowerCase().normalize('NFC'));
    }
    expect(Object.keys(file.pagination.words).length).toBeGreaterThanOrEqual(15);
  });
  it('has no word that stands for an article and against one', () => {
    const story = new Set(Object.values(rules.find(({ id }) => id === 'word/story')?.words ?? {}).flat());
    const against = rules.filter(
      ({ id, words }) => words !== undefined && !['word/story', 'word/section', 'word/social'].includes(id),
    );
    for (const { id, words } of against)
      expect(
        Object.values(words ?? {})
          .flat()
          .filter((word) => story.has(word)),
        id,
      ).toEqual([]);
  });
});
