import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf, fit, harmless, inline, jsonLine, painter, wrap } from '../../../src/commands/terminal.ts';

/** Everything a terminal might obey: C0 but LF, DEL, C1, embeddings, overrides, isolates. */
const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

describe('harmless', () => {
  test('takes whole escape sequences away and leaves the words', () => {
    expect(harmless('a\u001b[31mred\u001b[0m b')).toBe('ared b');
    expect(harmless('\u001b]0;new window title\u0007text')).toBe('text');
    expect(harmless('\u009b2Jtext')).toBe('text');
  });
  test('keeps the text after a sequence that never ends', () => {
    expect(harmless('\u001b]8;;http://x and so on')).toBe(']8;;http://x and so on');
  });
  test('keeps line breaks, whatever their kind, and makes tabs spaces', () => {
    expect(harmless('a\r\nb\rc\u2028d\te')).toBe('a\nb\nc\nd e');
  });
  test('lets nothing through that a terminal obeys, for any text', () => {
    const pieces = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '0m',
      '\u009b',
      '\u0007',
      '\u202e',
      '\u2068',
      'a',
      '\n',
      '\u0085',
      '\u007f',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }))), (parts) => {
        expect(harmless(parts.join(''))).not.toMatch(OBEYED);
      }),
    );
  });
});

describe('inline', () => {
  test('is one line', () => expect(inline(' a\n\n b ')).toBe('a b'));
  test('isolates right-to-left text and no other', () => {
    expect(inline('خبر')).toBe('\u2068خبر\u2069');
    expect(inline('news')).toBe('news');
  });
  test('cannot be broken out of: the isolates of the text itself are gone', () => {
    expect(inline('\u2069خبر\u202e')).toBe('\u2068خبر\u2069');
  });
});

describe('jsonLine', () => {
  test('escapes what could steer a terminal and keeps the value', () => {
    const value = { title: 'a\u009b31mb\u202ec\u2028d\u007f' };
    const line = jsonLine(JSON.stringify(value));
    expect(line).not.toMatch(OBEYED);
    expect(line).not.toContain('\u2028');
    expect(JSON.parse(line)).toEqual(value);
  });
});

describe('cellsOf', () => {
  test.each([
    ['news', 4],
    ['新闻', 4],
    ['뉴스', 4],
    ['e\u0301', 1],
    ['ＡＢ', 4],
    ['خبر', 3],
    ['a\u200bb', 2],
    ['📰', 2],
  ])('%s takes %i cells', (text, cells) => expect(cellsOf(text)).toBe(cells));
});

describe('wrap', () => {
  test('breaks between words', () => expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four']));
  test('breaks between wide characters, but never begins a line with a full stop', () => {
    expect(wrap('記者会見を開きました。', 8)).toEqual(['記者会見', 'を開きま', 'した。']);
    expect(wrap('一二三四。五', 8)).toEqual(['一二三', '四。五']);
  });
  test('cuts a word that is wider than the line', () => expect(wrap('abcdefghijkl', 8)).toEqual(['abcdefgh', 'ijkl']));
  test('keeps the breaks of the text', () => expect(wrap('a\nb', 20)).toEqual(['a', 'b']));
  test('no line is wider than asked and no word is lost, for any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('word', ' ', '新', '。', 'longer-than-the-line', '\n', 'é', 'خبر')),
        fc.integer({ min: 8, max: 30 }),
        (parts, width) => {
          const text = parts.join('');
          const lines = wrap(text, width);
          // A closing mark may hang over the edge rather than begin a line.
          for (const line of lines) expect(cellsOf(line.replace(/。+$/u, ''))).toBeLessThanOrEqual(width);
          expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        },
      ),
    );
  });
});

describe('fit', () => {
  test('cuts with an ellipsis', () => expect(fit('a long headline', 8)).toBe('a long…'));
  test('pads to the cells asked for, wide characters counted', () => expect(fit('新闻', 6, true)).toBe('新闻  '));
});

describe('painter', () => {
  test('colours for a person at a terminal', () => expect(painter(true, {})('x', 'red')).toBe('\u001b[31mx\u001b[39m'));
  test.each([
    ['there is no terminal', false, {}],
    ['NO_COLOR is set', true, { NO_COLOR: '1' }],
    ['the terminal is dumb', true, { TERM: 'dumb' }],
  ])('leaves text alone where %s', (_, isTty, env) => expect(painter(isTty, env)('x', 'red')).toBe('x'));
});
