import { describe, expect, test } from 'vitest';
import { articleLines, blockLines, surroundings } from '../../../src/commands/article.ts';
import { painter } from '../../../src/commands/terminal.ts';
import { readingOf } from './reading.ts';

const plain = { paint: painter(false, {}), width: 40 };
const coloured = { paint: painter(true, {}), width: 40 };

describe('articleLines', () => {
  test('sets headline, byline, dates, lead and body, and says nothing twice', () => {
    const reading = readingOf(
      [
        ['site-header', 'The Harbour Post'],
        ['headline', 'The harbour bridge opens'],
        ['byline', 'By Tomas Lindqvist'],
        ['lead', 'Nine years after the first stone.'],
        ['caption', 'The bridge on Tuesday'],
        ['credit', 'Photo: A. Berg'],
        ['paragraph', 'The council opened the new harbour bridge on Tuesday morning.'],
        ['heading', 'The cost'],
        ['list', 'steel', { level: 1 }],
        ['list', 'stone', { level: 2 }],
        ['quote', 'We have waited long enough for this day.'],
        ['table', 'cars 3,200', { cells: ['cars', '3,200'] }],
        ['newsletter', 'Subscribe to our newsletter'],
      ],
      {
        lead: 'Nine years after the first stone.',
        publishedAt: '2026-03-03T09:30:00+01:00',
        siteName: 'The Harbour Post',
        section: 'Town',
      },
    );
    expect(articleLines(reading, [['source', 'https://example.com/a']], plain).join('\n')).toBe(
      `The harbour bridge opens
Tomas Lindqvist
published 2026-03-03 09:30:00+01:00
The Harbour Post · Town · en

Nine years after the first stone.

    ▣ The bridge on Tuesday
      Photo: A. Berg

The council opened the new harbour
bridge on Tuesday morning.

The cost

  • steel
    • stone

  │ We have waited long enough for this
  │ day.

  cars  │  3,200

────────────────────────────────────────
source  https://example.com/a`,
    );
  });

  test('lets nothing of a hostile page reach the terminal', () => {
    const evil = 'a\u001b]0;owned\u0007b\u001b[2Jc\u009b31md\u202ee\u0000f';
    const reading = readingOf(
      [
        ['paragraph', evil],
        ['list', evil],
        ['table', evil, { cells: [evil, evil] }],
        ['ad', evil],
      ],
      { title: evil, lead: evil, siteName: evil, section: evil, authors: [{ name: evil }], language: evil },
    );
    for (const lines of [articleLines(reading, [['source', evil]], plain), blockLines(reading, plain)]) {
      expect(lines.join('')).toContain('abcdef');
      expect(lines.join('')).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
    }
  });

  test('says so where the page has no headline', () => {
    expect(articleLines(readingOf([['paragraph', 'text']], { title: '' }), [], plain)[0]).toBe('(no headline)');
  });

  test('keeps colours within their line, so that none runs over the margin', () => {
    const lines = articleLines(
      readingOf([['quote', 'We have waited long enough for this day, all of us']]),
      [],
      coloured,
    );
    for (const line of lines) expect(line.split('\u001b[').length % 2).toBe(1);
  });

  test('breaks no address', () => {
    const url = `https://example.com/${'a'.repeat(80)}`;
    expect(articleLines(readingOf([]), [['source', url]], plain).at(-1)).toBe(`source  ${url}`);
  });
});

describe('blockLines', () => {
  test('shows every block in order with its label and how sure it is, what surrounds the article dimmed', () => {
    const reading = readingOf([
      ['newsletter', 'Subscribe'],
      ['paragraph', 'The council opened the new bridge'],
    ]);
    expect(blockLines(reading, plain)).toEqual([
      '  newsletter   80% Subscribe',
      '▌ paragraph    80% The council opened',
      '                   the new bridge',
    ]);
    const [first, second] = blockLines(reading, coloured);
    expect(first).toContain('\u001b[2mSubscribe\u001b[22m');
    expect(second).not.toContain('\u001b[2mThe council');
  });

  test('tells of a block that is not on the page', () => {
    expect(blockLines(readingOf([['paragraph', 'text', { origin: 'script' }]]), plain)[0]).toContain('(script) text');
  });
});

describe('surroundings', () => {
  test('counts what was cut away by label, the most frequent first', () => {
    const reading = readingOf([
      ['paragraph', 'text'],
      ['share', 'abc'],
      ['ad', 'abc'],
      ['share', 'abcd'],
    ]);
    expect(surroundings(reading)).toBe('2 share, 1 ad (10 characters)');
    expect(surroundings(readingOf([]))).toBe('nothing');
  });
});
