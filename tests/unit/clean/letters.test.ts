import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BY_PHRASE,
  BY_WORD,
  hashOf,
  isLetter,
  isLetterOrNumber,
  isSpaceless,
  letterWords,
  Tokens,
} from '../../../src/clean/letters.ts';

const PHRASE_TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}\p{M}]+/gu;
const WORD_TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+/gu;

/** Characters where scripts meet, and halves of surrogate pairs among them. */
const sign = fc.oneof(
  fc.constantFrom(...'aZß_9½ é́ \t-«中〆々ひカไทยมลາວខ្ມမြ한𝒜𠀀👍🏽', '\ud840', '\udc00'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(''));

const tokensOf = (source: string, manner: typeof BY_PHRASE): string[] => {
  const tokens = new Tokens(source, manner);
  const found: string[] = [];
  while (tokens.next()) {
    const token = source.slice(tokens.from, tokens.to);
    expect(tokens.hash).toBe(hashOf(token, 0, token.length));
    expect(tokens.hasLetter).toBe(/\p{L}/u.test(token));
    found.push(token);
  }
  return found;
};

describe('Tokens', () => {
  it('cuts any text as the regular expressions would that say what a token is', () => {
    fc.assert(
      fc.property(text, (source) => {
        expect(tokensOf(source, BY_PHRASE)).toEqual(source.match(PHRASE_TOKEN) ?? []);
        expect(tokensOf(source, BY_WORD)).toEqual(source.match(WORD_TOKEN) ?? []);
      }),
      { numRuns: 500 },
    );
  });
});

describe('letterWords', () => {
  it('cuts any text as its regular expression would', () => {
    const joined = fc.array(fc.oneof(sign, fc.constantFrom("'", '-', 'a', 'б')), { maxLength: 40 });
    fc.assert(
      fc.property(
        joined.map((signs) => signs.join('')),
        (source) => {
          expect(letterWords(source)).toEqual(source.match(/[\p{L}\p{M}]+(?:['-]\p{L}+)?/gu) ?? []);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a character', () => {
  it('is of the kind that Unicode says, at the first question and at the second', () => {
    for (let round = 0; round < 2; round++) {
      for (let code = 0; code < 0x3_0000; code += 7) {
        const character = String.fromCodePoint(code);
        expect([isLetter(code), isLetterOrNumber(code), isSpaceless(code)], character).toEqual([
          /\p{L}/u.test(character),
          /[\p{L}\p{N}]/u.test(character),
          /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(
            character,
          ),
        ]);
      }
    }
  });
});
