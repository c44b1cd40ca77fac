/** What elements are called, and when that is believed. */
import { describe, expect, test } from 'vitest';
import { clean } from '../../../src/clean/index.ts';
import { readRules } from '../../../src/core/rules.ts';

const { rules } = readRules();
const PROSE =
  'Das Wehr am Oberlauf bleibt bis zum Herbst geöffnet, sagte die Wasserwirtschaft am Dienstag. Fische sollen wieder bis zur Quelle ziehen, und das Holz des alten Stegs wird ersetzt.';
const paragraphs = (count: number, from: number): string =>
  Array.from({ length: count }, (_, i) => `<p>${PROSE.replace('Herbst', `${i + from}. Oktober`)}</p>`).join('');
const SLOT =
  '<div class="ad-slot"><span>Anzeige der Woche</span><a href="/ads/7">Winterreifen jetzt 12 Prozent günstiger</a></div>';

/** Labels of the paragraphs, and of what stands between them. */
function labels(page: string): { paragraphs: string[]; slot: string | undefined } {
  const { blocks } = clean(page, { url: 'https://blatt.example/wehr', contentType: 'text/html', rules });
  return {
    paragraphs: blocks.filter(({ text }) => text.startsWith('Das Wehr am')).map(({ label }) => label),
    slot: blocks.find(({ text }) => text.includes('Winterreifen'))?.label,
  };
}
const page = (onBody: string, onMain: string): string =>
  `<!doctype html><html><head><title>Das Wehr bleibt offen</title></head><body class="${onBody}"><main class="${onMain}"><h1>Das Wehr bleibt offen</h1><div class="text">${paragraphs(6, 1)}${SLOT}${paragraphs(6, 11)}</div></main></body></html>`;

describe('a name that covers the article', () => {
  test('says nothing of the article', () => {
    for (const html of [page('single blatt-ads', ''), page('', 'has-ads'), page('', '')])
      expect(new Set(labels(html).paragraphs)).toEqual(new Set(['paragraph']));
  });
  test('on the body is a flag, and the same name in it is believed', () => {
    expect(labels(page('', '')).slot).toBe('ad');
    expect(labels(page('single blatt-ads', '')).slot).toBe('ad');
  });
});
