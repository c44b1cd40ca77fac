import { describe, expect, it } from 'vitest';
import { nameWordsOf, namesIn } from '../../../src/clean/names.ts';
import { loadRules } from '../../../src/core/rules.ts';

const words = nameWordsOf(loadRules().rules.words);

describe('namesIn takes the persons out of a byline', () => {
  it.each<[string, string[]]>([
    ['By Edda Marchbank', ['Edda Marchbank']],
    ['Von Jost Ahlbeck und Svenja Ruthe, dpa', ['Jost Ahlbeck', 'Svenja Ruthe', 'dpa']],
    ['Por Nuria Castellet y Eloy Bramante', ['Nuria Castellet', 'Eloy Bramante']],
    ['Text: Linnea Tångring', ['Linnea Tångring']],
    ['Haber: Defne Korkut', ['Defne Korkut']],
    ['윤하람 기자 haram@paper.example', ['윤하람']],
    ['Ana Ruiz, Ana Ruiz; Li Wei', ['Ana Ruiz', 'Li Wei']],
    ['Reuters', ['Reuters']],
    ['https://paper.example/authors/edda', []],
    ['Staff', ['Staff']],
    ['Mira Holt, Staff', ['Mira Holt']],
    ['', []],
    ['x'.repeat(500), []],
  ])('%j', (byline, names) => expect(namesIn(byline, words)).toEqual(names));
});
