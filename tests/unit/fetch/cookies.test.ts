import { describe, expect, it } from 'vitest';
import { ChainCookies } from '../../../src/fetch/cookies.ts';

const NOW = Date.parse('2026-03-03T08:00:00Z');
const PAGE = new URL('https://www.press.test/page');
const jar = (...lines: string[]): ChainCookies => {
  const cookies = new ChainCookies(() => NOW);
  cookies.store(PAGE, lines);
  return cookies;
};

describe('ChainCookies', () => {
  it('sends back what the host set, in order, newest value', () => {
    expect(jar('a=1; Path=/', 'b="two"', 'c=', 'a=3').header(PAGE)).toBe('a=3; b="two"; c=');
  });

  it('sends nothing to any other host, whatever Domain says', () => {
    const cookies = jar('a=1; Domain=press.test');
    for (const host of [
      'https://press.test/',
      'https://shop.press.test/',
      'https://other.test/',
      'https://www.press.test.evil.test/',
    ]) {
      expect(cookies.header(new URL(host))).toBe('');
    }
  });

  it('sends a Secure cookie over https only', () => {
    const cookies = jar('s=1; Secure', 'p=2');
    expect(cookies.header(PAGE)).toBe('s=1; p=2');
    expect(cookies.header(new URL('http://www.press.test/'))).toBe('p=2');
  });

  it('forgets a cookie that is sent expired, Max-Age before Expires', () => {
    const cookies = jar('a=1', 'b=1', 'c=1', 'd=1');
    cookies.store(PAGE, [
      'a=; Max-Age=0',
      'b=; Expires=Mon, 02 Mar 2026 08:00:00 GMT',
      'c=2; Max-Age=60; Expires=Mon, 02 Mar 2026 08:00:00 GMT',
      'd=2; Expires=nonsense',
    ]);
    expect(cookies.header(PAGE)).toBe('c=2; d=2');
  });

  it.each(['', '=1', 'novalue', ';', ' ; Path=/'])('leaves out "%s"', (line) => {
    expect(jar(line).header(PAGE)).toBe('');
  });

  it('does not grow without end', () => {
    const cookies = jar(
      ...Array.from({ length: 200 }, (_, i) => `n${i}=${'x'.repeat(1000)}`),
      `big=${'x'.repeat(5000)}`,
    );
    const header = cookies.header(PAGE);
    expect(header.length).toBeLessThanOrEqual(8192);
    expect(header).not.toContain('big=');
    expect(
      jar(...Array.from({ length: 200 }, (_, i) => `n${i}=x`))
        .header(PAGE)
        .split('; '),
    ).toHaveLength(50);
  });
});
