import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { squeeze } from '../../../src/compare/fingerprint.ts';
import { sentencesOf } from '../../../src/compare/sentences.ts';

describe('sentencesOf', () => {
  it.each([
    ['en', 'He left. She stayed.', ['He left.', 'She stayed.']],
    [
      'en',
      'Dr. Weber met J. Ode of the U.S. on Monday. They talked.',
      ['Dr. Weber met J. Ode of the U.S. on Monday.', 'They talked.'],
    ],
    ['en', 'He said: “Stop.” Then he left.', ['He said: “Stop.”', 'Then he left.']],
    ['de', 'Am 3. März begann es. Danach nicht mehr.', ['Am 3. März begann es.', 'Danach nicht mehr.']],
    ['en', 'It cost 3.5 million. Nobody paid.', ['It cost 3.5 million.', 'Nobody paid.']],
    ['en', 'The firm grew, e.g. in Spain. It shrank later.', ['The firm grew, e.g. in Spain.', 'It shrank later.']],
    ['ja', '今日は晴れです。明日は雨です。', ['今日は晴れです。', '明日は雨です。']],
    ['ar', 'هل وصل؟ نعم وصل.', ['هل وصل؟', 'نعم وصل.']],
    ['en', 'one line\nanother line', ['one line', 'another line']],
    ['not a language', 'He left. She stayed.', ['He left.', 'She stayed.']],
    ['und', '  \n ', []],
    ['en', 'He \t left.\n\n\n She\u00a0 stayed.', ['He left.', 'She stayed.']],
  ])('%s: %s', (language, text, wanted) => {
    expect(sentencesOf(text, language)).toEqual(wanted);
  });
  it('leaves nothing out but white space', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('. ', '! ', 'Dr. ', '3. ', '\n', '。', ' ', '“', '”'),
          fc.string({ unit: 'grapheme', maxLength: 9 }),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const whole = given.replace(/\s+/gu, '');
        expect(sentencesOf(given, 'en').join('').replace(/\s+/gu, '')).toBe(whole);
      }),
    );
  });
  it.each([
    ['sentences', 'One more sentence of many. '.repeat(40_000)],
    ['words without an end', 'word '.repeat(200_000)],
    ['one word', `x${'\u{1F600}'.repeat(300_000)}`],
    ['line ends', `${'\n'.repeat(1_000_000)}x`],
    ['initials', 'A. '.repeat(100_000)],
  ])('takes a megabyte of %s apart in pieces of bounded length', (_, text) => {
    const sentences = sentencesOf(text, 'en');
    expect(sentences.join('').replace(/\s+/gu, '')).toBe(text.replace(/\s+/gu, ''));
    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThan(9000);
    expect(sentences.some((sentence) => /\p{Surrogate}/u.test(sentence))).toBe(false);
  });
});

describe('squeeze', () => {
  it('leaves out what no reader sees, and composes', () => {
    expect(squeeze(' a\u00adb\u200b\u00a0c\u200d\ufe0f\u202e\u2060d\n')).toBe('abcd');
    expect(squeeze('e\u0301')).toBe('\u00e9');
    expect(squeeze('“A-b”, c.')).toBe('“A-b”,c.');
  });
});
