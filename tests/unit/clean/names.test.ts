import { describe, expect, it } from 'vitest';
import { isIntroduction, isOtherHand, nameWordsOf, namesIn } from '../../../src/clean/names.ts';
import { loadRules } from '../../../src/core/rules.ts';

const words = nameWordsOf(loadRules().rules.words);

describe('namesIn takes the names out of a field for authors', () => {
  it.each<[string, string[]]>([
    ['By Edda Marchbank', ['Edda Marchbank']],
    ['Von Jost Ahlbeck und Svenja Ruthe, dpa', ['Jost Ahlbeck', 'Svenja Ruthe', 'dpa']],
    ['Por Nuria Castellet y Eloy Bramante', ['Nuria Castellet', 'Eloy Bramante']],
    ['Text: Linnea Tångring', ['Linnea Tångring']],
    ['Text und Interview: Linnea Tångring', ['Linnea Tångring']],
    ['Haber: Defne Korkut', ['Defne Korkut']],
    ['윤하람 기자 haram@paper.example', ['윤하람']],
    ['Ana Ruiz, Ana Ruiz; Li Wei', ['Ana Ruiz', 'Li Wei']],
    ['Orla Fenwick, MD, FACP', ['Orla Fenwick']],
    ['Orla Fenwick Senior Health Reporter', ['Orla Fenwick']],
    ['Jost Ahlbeck, Korrespondent in Wien', ['Jost Ahlbeck']],
    ['Reuters', ['Reuters']],
    ['Edda Marchbank (The Harbour Post)', ['Edda Marchbank']],
    ['@eddamarchbank Edda Marchbank', ['Edda Marchbank']],
    ['Marchbank Desk', ['Marchbank Desk']],
    ['Staff', ['Staff']],
    ['Mira Holt, Staff', ['Mira Holt']],
    ['Senior Writer', []],
    ['https://paper.example/authors/edda', []],
    ['page.head.extra.author', []],
    ['{{author.name}}', []],
    ['null', []],
    ['', []],
    ['x'.repeat(5_000), []],
  ])('%j', (byline, names) => expect(namesIn(byline, words)).toEqual(names));
});

describe('namesIn takes from a line of the page what looks like a name', () => {
  it.each<[string, string[]]>([
    ['Von Jost Ahlbeck, Wien', ['Jost Ahlbeck']],
    ['Par Maëlle Quéré et Yann Le Goff, AFP', ['Maëlle Quéré', 'Yann Le Goff', 'AFP']],
    ['by mudlark77', ['mudlark77']],
    ['von der linearen zur zirkulären Wirtschaft', []],
    ['by the time you read this', []],
    ['Автор: Ольга Сидорова', ['Ольга Сидорова']],
    ['بقلم: ليلى المنصور', ['ليلى المنصور']],
    ['Kirjoittaja: Aino Järvi ja Eero Salo', ['Aino Järvi', 'Eero Salo']],
    ['5 min read', []],
    ['Last Updated January', []],
  ])('%j', (byline, names) => expect(namesIn(byline, words, 'line')).toEqual(names));
});

describe('isOtherHand knows who did not write', () => {
  it.each(['Edited by Edda Marchbank', 'Foto: Jost Ahlbeck', 'Quelle: dpa', 'Photos Yann Le Goff', '写真：田中'])(
    '%j',
    (line) => expect(isOtherHand(line, words)).toBe(true),
  );
  it.each(['By Edda Marchbank', 'Fotografin Edda', ''])('%j is none', (line) =>
    expect(isOtherHand(line, words)).toBe(false),
  );
});

describe('isIntroduction is words alone whose name stands in the next line', () => {
  it.each(['By', 'Von', 'Escrito por', 'Автор:'])('%j', (line) => expect(isIntroduction(line, words)).toBe(true));
  it.each(['By Edda', 'Edda', ''])('%j is none', (line) => expect(isIntroduction(line, words)).toBe(false));
});
