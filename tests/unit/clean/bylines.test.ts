/** Who wrote an article and when, where one line says both; and captions that end in their credit. */
import { describe, expect, test } from 'vitest';
import { clean } from '../../../src/clean/index.ts';
import { loadRules } from '../../../src/core/rules.ts';

const { rules } = loadRules();
const PROSE =
  '<p>The ferry was late again on Tuesday, and for the third time this month nobody on the quay was surprised by it.</p><p>The harbour master blamed the tide, the captain blamed the harbour master, and the tide came in at its usual hour.</p><p>A new timetable is to be printed in May, with larger figures and fewer promises than the one that hangs there now.</p>';

/** Labels and texts of the blocks between the headline and the text. */
function between(line: string): string[] {
  const html = `<html><head><title>Ferry late again</title></head><body><article><h1>Ferry late again</h1>${line}${PROSE}</article></body></html>`;
  const { blocks } = clean(html, { url: 'https://paper.example/a', contentType: 'text/html', rules });
  const start = blocks.findIndex(({ label }) => label === 'headline');
  const end = blocks.findIndex(({ label }) => label === 'paragraph');
  return blocks.slice(start + 1, end).map(({ label, text }) => `${label}: ${text}`);
}

describe('a line of names and dates', () => {
  test.each([
    [
      '<div class="byline"><span>By Ana Reyes</span><span>3 March 2024, 14:05</span></div>',
      ['byline: By Ana Reyes', 'dateline: 3 March 2024, 14:05'],
    ],
    [
      '<p class="author">Von Jost Ahlbeck · Veröffentlicht am 3. März 2024</p>',
      ['byline: Von Jost Ahlbeck ·', 'dateline: Veröffentlicht am 3. März 2024'],
    ],
    ['<div class="meta-author">Ana Reyes<br>3 March 2024</div>', ['byline: Ana Reyes', 'dateline: 3 March 2024']],
    ['<p class="byline">3 March 2024 | By Ana Reyes</p>', ['dateline: 3 March 2024 |', 'byline: By Ana Reyes']],
  ])('is parted: %s', (line, expected) => {
    expect(between(line)).toEqual(expected);
  });

  test.each([
    ['<p class="date">Published on 3 March 2024, 07:00 ET</p>', ['dateline: Published on 3 March 2024, 07:00 ET']],
    ['<p class="date">입력 2024.03.03 17:22</p>', ['dateline: 입력 2024.03.03 17:22']],
    ['<p class="byline">By Ana Reyes and Tomas Lind</p>', ['byline: By Ana Reyes and Tomas Lind']],
  ])('stays whole where it says one thing: %s', (line, expected) => {
    expect(between(line)).toEqual(expected);
  });
});

describe('a caption', () => {
  const figure = (caption: string): string[] =>
    between(`<figure><img src="a.jpg" alt=""><figcaption>${caption}</figcaption></figure>`);
  test('is parted from the credit that ends it', () => {
    expect(figure('Passengers wait on the quay. Photo: Ana Reyes')).toEqual([
      'caption: Passengers wait on the quay.',
      'credit: Photo: Ana Reyes',
    ]);
    expect(figure('নৌকার ছইয়ের নিচে বই বাছছে শিশুরা। ছবি: তানভীর রহমান')).toEqual([
      'caption: নৌকার ছইয়ের নিচে বই বাছছে শিশুরা।',
      'credit: ছবি: তানভীর রহমান',
    ]);
  });
  test('of two sentences stays whole', () => {
    expect(figure('Passengers wait on the quay. The photographer was late, too.')).toEqual([
      'caption: Passengers wait on the quay. The photographer was late, too.',
    ]);
  });
});
