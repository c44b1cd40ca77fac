import { describe, expect, test } from 'vitest';
import { changeLines } from '../../../src/commands/change.ts';
import { painter } from '../../../src/commands/terminal.ts';
import { compare } from '../../../src/compare/index.ts';
import { readingOf } from './reading.ts';

const plain = { paint: painter(false, {}), width: 60 };
const coloured = { paint: painter(true, {}), width: 30 };
const opening = 'The council opened the new harbour bridge on Tuesday morning.';
const crossing = 'Mayor Ilse Brandt said that 3,200 cars had crossed within two hours.';

describe('changeLines', () => {
  test('lays old and new over each other, and says what was touched and that it was silent', () => {
    const before = readingOf([
      ['paragraph', opening],
      ['paragraph', crossing],
    ]);
    const after = readingOf([
      ['paragraph', opening],
      ['paragraph', crossing.replace('3,200', '2,300')],
    ]);
    const lines = changeLines(compare(before, after), plain);
    expect(lines.slice(0, 3)).toEqual([
      'paragraph reworded (number)',
      '    Mayor Ilse Brandt said that [-3,200-]{+2,300+} cars had',
      '    crossed within two hours.',
    ]);
    expect(lines.at(-1)).toMatch(
      /^1 paragraph reworded · significance 0\.\d\d · the page declares no date of modification: a silent edit$/,
    );
  });

  test('shows what was added and removed with a sign, and the declared dates', () => {
    const before = readingOf([['paragraph', opening]], { modifiedAt: '2026-03-03' });
    const after = readingOf(
      [
        ['paragraph', opening],
        ['paragraph', crossing],
      ],
      { modifiedAt: '2026-03-04' },
    );
    const added = changeLines(compare(before, after), plain);
    expect(added.slice(0, 2)).toEqual(['paragraph added', '  + Mayor Ilse Brandt said that 3,200 cars had crossed']);
    expect(added.at(-1)).toContain('the page declares 2026-03-04, before 2026-03-03');
    expect(changeLines(compare(after, before), plain).slice(0, 2)).toEqual([
      'paragraph removed',
      '  - Mayor Ilse Brandt said that 3,200 cars had crossed',
    ]);
  });

  test('carries a colour over a line break and never past the end of a line', () => {
    const before = readingOf([['paragraph', `${opening} ${crossing}`]]);
    const after = readingOf([
      ['paragraph', `${opening} Nobody had counted the cars that crossed it by then, the mayor said.`],
    ]);
    const lines = changeLines(compare(before, after), coloured);
    expect(lines.filter((line) => line.includes('\u001b[31m')).length).toBeGreaterThan(1);
    for (const line of lines) expect(line.split('\u001b[').length % 2).toBe(1);
    expect(lines.join('')).not.toMatch(/[\u{fff9}-\u{fffb}]/u);
  });

  test('says which sentences only moved between article and boilerplate', () => {
    const before = readingOf([
      ['paragraph', opening],
      ['related', crossing],
    ]);
    const after = readingOf([
      ['paragraph', opening],
      ['paragraph', crossing],
    ]);
    const text = changeLines(compare(before, after), plain).join('\n');
    expect(text).toContain('now read as part of the article: Mayor Ilse Brandt');
    expect(text).toContain('no edit; 1 sentence moved by the template');
  });
});
