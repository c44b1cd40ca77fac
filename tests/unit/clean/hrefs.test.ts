import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hrefs } from '../../../src/clean/hrefs.ts';
import { hrefOf } from '../../../src/core/spelling.ts';

const PARTS = [
  'https:// http:// HTTPS:// // / . .. %2e %2E/ - -- _ xn-- xn--p1ai news a.example example.com 1.2 0x7f com :80 :443 @ ? #',
  `q=1 & " ' ^ | %zz ~ + , ; = \\ é É [ { \` javascript: mailto:`,
].flatMap((line) => line.split(' '));
const part = fc.constantFrom(...PARTS, ' ', '\t');
const spelled = fc.array(part, { maxLength: 7 }).map((parts) => parts.join(''));
const plain = fc
  .tuple(
    fc.constantFrom('https://www.example.com', 'http://news-24.example.org', 'https://-a-.b--c.co', ''),
    fc.array(fc.constantFrom('/a', '/b-1', '/_', '/~x', '/c.html', '/.', '/..', '//', '/d,1', '/', '/%41'), {
      maxLength: 4,
    }),
    fc.constantFrom('', '?', '?a=1', '?a=%41&b', '#', '#top', "?q='", '?x#y'),
  )
  .map(([origin, path, rest]) => origin + path.join('') + rest);

function parsed(href: string, base: string): string | undefined {
  try {
    const url = new URL(href.trim(), base);
    return /^(?:https?|mailto|tel):$/.test(url.protocol) ? hrefOf(url) : undefined;
  } catch {
    return undefined;
  }
}

describe('Hrefs', () => {
  it('spells every address as the URL standard does, though most are not parsed', () => {
    const bases = fc.constantFrom('https://a.example/b/c', 'https://u:p@a.example:8080/b', 'about:blank', 'no base');
    fc.assert(
      fc.property(fc.oneof(spelled, plain), bases, (href, base) => {
        expect(new Hrefs(base).of(href)).toBe(parsed(href, base));
      }),
      { numRuns: 3_000 },
    );
  });
  it('gives no address of a script or of data', () => {
    const addresses = new Hrefs('https://a.example/');
    expect(['javascript:alert(1)', 'data:text/html,x', 'https://'].map((href) => addresses.of(href))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
