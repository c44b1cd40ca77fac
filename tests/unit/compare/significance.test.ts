import { describe, expect, it } from 'vitest';
import { compare, type WordLists } from '../../../src/compare/index.ts';
import { significanceOf } from '../../../src/compare/significance.ts';
import type { Edit, Wording } from '../../../src/core/schema.ts';
import { block, reading, STORY, storyWith } from './readings.ts';

const words: WordLists = { negations: { en: ['not'] }, nounCapitals: [] };
const between = (before: Parameters<typeof reading>[0], after: Parameters<typeof reading>[0]) =>
  compare(reading(before), reading(after), { words }).significance;

describe('significance', () => {
  it('a comma is not a retraction', () => {
    expect(
      between(
        STORY,
        storyWith(0, (text) => text.replace('Monday', 'Monday,')),
      ),
    ).toBe(0.02);
    const headed = (title: string) => reading([block(title, { label: 'headline' }), ...STORY], { title });
    expect(compare(headed('Harbour closed'), headed('Harbour closed!')).significance).toBe(0.02);
    expect(compare(headed('Harbour closed'), headed('Harbour open')).significance).toBeGreaterThan(0.3);
    expect(between(STORY, STORY.slice(0, 1))).toBeGreaterThanOrEqual(0.95);
    expect(between(STORY, [block('This article was withdrawn.')])).toBeGreaterThanOrEqual(0.95);
    expect(between(STORY, [])).toBe(1);
  });
  it('a negation or a number weighs more than a word, a word more than a comma', () => {
    const negation = between(
      STORY,
      storyWith(2, (text) => text.replace('may not sail', 'may sail')),
    );
    const number = between(
      STORY,
      storyWith(3, (text) => text.replace('next week', 'in 3 weeks')),
    );
    const word = between(
      STORY,
      storyWith(3, (text) => text.replace('old wall', 'new wall')),
    );
    expect(negation).toBeGreaterThanOrEqual(number);
    expect(number).toBeGreaterThan(2 * word);
    expect(word).toBeGreaterThan(0.02);
  });
  it('grows with the share of the body that went', () => {
    const few = between(STORY, STORY.slice(0, 3));
    expect(few).toBeLessThan(between(STORY, STORY.slice(0, 1)));
    expect(few).toBeGreaterThan(0.2);
  });
  it('comes in steps of .01 between .01 and 1 wherever there is an edit', () => {
    const edit = (wording: Wording[]): Edit => ({ kind: 'paragraph-reworded', wording });
    const many = Array.from({ length: 500 }, () => edit([{ kind: 'negation' }]));
    expect(significanceOf(many, [10, 10])).toBe(1);
    expect(significanceOf([edit([])], [10, 10])).toBe(0.01);
    expect(significanceOf([], [10, 0])).toBe(0);
    for (let after = 0; after < 300; after += 7) {
      const value = significanceOf([{ kind: 'lead' }], [200, after]);
      expect(value).toBe(Math.round(value * 100) / 100);
    }
  });
});
