import { describe, expect, it } from 'vitest';
import { clean } from '../../../src/clean/index.ts';
import { flightValues, isFlight } from '../../../src/clean/flight.ts';
import { loadRules } from '../../../src/core/rules.ts';

const { rules } = loadRules();
const push = (text: string): string => `self.__next_f.push([1,${JSON.stringify(text)}])`;

describe('flightValues', () => {
  it('joins rows that were cut anywhere, and counts texts in bytes of UTF-8', () => {
    const text = 'Der Fluss trägt 🚢\nbis zur Mündung';
    const row = `2a:T${Buffer.byteLength(text).toString(16)},${text}3:["$","p",null,{"children":"x"}]\n`;
    const scripts = [push(`1:"a"\n${row.slice(0, 12)}`), 'var x = 1', push(row.slice(12))];
    expect(flightValues(scripts)).toEqual(['a', text, ['$', 'p', null, { children: 'x' }]]);
  });
  it.each([
    ['a row that is no JSON', '1:{broken\n2:"kept"\n', ['kept']],
    ['a text longer than the stream', '1:Tffffff,abc', ['abc']],
    ['module and hint rows', '1:I[1,[],"x"]\n:HL["/a.css","style"]\n2:5\n', [5]],
    ['a stream without rows', 'nothing\nhere', []],
  ])('passes over %s', (_, stream, values) => {
    expect(flightValues([push(stream)])).toEqual(values);
  });
  it('passes over a push whose string is broken', () => {
    expect(flightValues(['self.__next_f.push([1,"\\x"])', push('1:"b"\n')])).toEqual(['b']);
  });
});

describe('isFlight', () => {
  it('knows the call by its name', () => {
    expect(isFlight(push('x'))).toBe(true);
    expect(isFlight('push([1,"x"])')).toBe(false);
  });
});

describe('clean', () => {
  it('reads an article that is only in the stream, its captions and headings by their markup, its placeholders left out', () => {
    const paragraph =
      'The ferry to the outer islands will sail twice a day from March, the harbour office said on Friday. ';
    const html = `<div class="photo"><p class="caption">The new ferry in Port Alder</p></div>$$AD$$<h2>Two crossings</h2><p>${paragraph.repeat(3)}</p><p>${paragraph.repeat(2)}</p>`;
    const page = `<html><head><title>Ferry sails twice a day</title></head><body><div id="root"></div><script>${push(
      `1:["$","meta",null,{"content":"${paragraph.repeat(9).trim()}"}]\n7:T${Buffer.byteLength(html).toString(16)},${html}`,
    ).replaceAll('<', '\\u003c')}</script></body></html>`;
    const reading = clean(page, { url: 'https://post.example/a', contentType: 'text/html', rules });
    expect(reading.blocks.filter(({ origin }) => origin === 'script').map(({ label, text }) => [label, text])).toEqual([
      ['caption', 'The new ferry in Port Alder'],
      ['heading', 'Two crossings'],
      ['paragraph', paragraph.repeat(3).trim()],
      ['paragraph', paragraph.repeat(2).trim()],
    ]);
  });
});
