import { describe, expect, it } from 'vitest';
import { tokensOf, wordingOf, type WordLists } from '../../../src/compare/words.ts';

const lists: WordLists = { negations: { en: ['not'], de: ['nicht'] }, nounCapitals: ['de'] };

describe('tokensOf', () => {
  it.each([
    ['It’s 3,500.75 euros – “not” cheap.', ['It’s', '3,500.75', 'euros', '–', '“', 'not', '”', 'cheap', '.']],
    ['well-known Jean-Luc', ['well-known', 'Jean-Luc']],
    ['港が3日', ['港', 'が', '3', '日']],
    ['soft\u00adhyphen', ['softhyphen']],
    ['नमस्ते', ['नमस्ते']],
  ])('%s', (text, wanted) => {
    expect(tokensOf(text).map((token) => token.text)).toEqual(wanted);
  });
});

describe('wordingOf', () => {
  it.each([
    ['He saw 12 boats.', 'He saw 13 boats.', 'en', [{ kind: 'number', before: '12', after: '13' }]],
    ['He did go.', 'He did not go.', 'en', [{ kind: 'negation', after: 'not' }]],
    [
      'He said “never again” loudly.',
      'He said “once again” loudly.',
      'en',
      [{ kind: 'quote', before: 'never', after: 'once' }],
    ],
    [
      'He said „nie wieder“ laut.',
      'He said „einmal wieder“ laut.',
      'de',
      [{ kind: 'quote', before: 'nie', after: 'einmal' }],
    ],
    ['Then Ann Ode spoke.', 'Then Ben Ox spoke.', 'en', [{ kind: 'name', before: 'Ann Ode', after: 'Ben Ox' }]],
    [
      'Dann sah der Mann das Haus.',
      'Dann sah der Mann das Boot.',
      'de',
      [{ kind: 'words', before: 'Haus', after: 'Boot' }],
    ],
    [
      'Dann sprach Ann Ode dort.',
      'Dann sprach Ben Ox dort.',
      'de-CH',
      [{ kind: 'name', before: 'Ann Ode', after: 'Ben Ox' }],
    ],
    [
      'Boats sank. Then it rained.',
      'Boats sank. Later it rained.',
      'en',
      [{ kind: 'words', before: 'Then', after: 'Later' }],
    ],
    ['The wall fell', 'The wall fell.', 'en', [{ kind: 'punctuation', after: '.' }]],
    ['the wall fell', 'The wall fell', 'en', [{ kind: 'case', before: 'the', after: 'The' }]],
    ['the "wall" fell', 'the “wall” fell', 'en', [{ kind: 'punctuation' }, { kind: 'punctuation' }]],
    ['one two three four', 'one 2 three 4', 'en', [{ kind: 'number' }, { kind: 'number' }]],
    ['same', 'same', 'en', []],
    ['港は閉鎖', '港は開放', 'ja', [{ kind: 'words', before: '閉鎖', after: '開放' }]],
  ])('%s → %s', (before, after, language, wanted) => {
    const wording = wordingOf(before, after, language, lists);
    expect(wording).toMatchObject(wanted);
    expect(wording).toHaveLength(wanted.length);
  });
  it('calls a text with too many edits another text', () => {
    const text = (word: string) => Array.from({ length: 1000 }, (_, index) => `${word}${index}`).join(' ');
    expect(wordingOf(text('a'), text('b'), 'en')).toHaveLength(1);
  });
});
