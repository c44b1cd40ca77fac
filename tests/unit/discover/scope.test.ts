import { describe, expect, it } from 'vitest';
import { claimsOf, type Source } from '../../../src/core/sources.ts';
import type { SourceFile } from '../../../src/core/source-schema.ts';
import { Scope, scopeOf } from '../../../src/discover/scope.ts';

const sourceOf = (file: Omit<SourceFile, 'name'>): Source => {
  const whole: SourceFile = { name: 'daily', ...file };
  return { ...whole, file: whole, path: 'daily.yaml', claims: claimsOf(whole) };
};
const daily = new Scope({ home: 'https://www.daily.example/' });

describe('admits: whose address', () => {
  it.each([
    ['https://www.daily.example/1', 'in scope'],
    ['http://daily.example/1', 'in scope'],
    ['https://sport.daily.example/1', 'in scope'],
    ['https://www.daily.example./1', 'in scope'],
    ['https://www-daily-example.cdn.ampproject.org/c/s/www.daily.example/1', 'in scope'],
    ['https://daily.example.evil.example/1', 'other site'],
    ['https://notdaily.example/1', 'other site'],
    ['https://daily.example@evil.example/1', 'other site'],
    ['ftp://www.daily.example/1', 'no address'],
    ['javascript:alert(1)', 'no address'],
    ['/1', 'no address'],
    ['', 'no address'],
    ['https://', 'no address'],
    [`https://www.daily.example/${'x'.repeat(2000)}`, 'too long'],
  ])('%s: %s', (url, why) => {
    expect(daily.admits(url)).toEqual({ isAdmitted: why === 'in scope', why });
  });

  it('ports of machines are sites of their own', () => {
    const local = new Scope({ home: 'http://127.0.1.1:8900/' });
    expect(local.admits('http://127.0.1.1:8900/news/1').isAdmitted).toBe(true);
    expect(local.admits('http://127.0.1.1:8901/news/1').why).toBe('other site');
    expect(local.admits('http://127.0.1.1/news/1').why).toBe('other site');
    expect(local.admits('http://127.0.1.2:8900/news/1').why).toBe('other site');
    expect(new Scope({ home: 'http://localhost:8900/' }).admits('http://localhost:1/').why).toBe('other site');
    expect(new Scope({ home: 'http://[::1]:8900/' }).admits('http://[::1]:8900/a').isAdmitted).toBe(true);
  });

  it('a source answers for the hosts that it lists, and no longer for its whole domain', () => {
    const scope = scopeOf(sourceOf({ home: 'https://news.daily.example/', hosts: ['paper.example'] }));
    expect(scope.admits('https://news.daily.example/1').isAdmitted).toBe(true);
    expect(scope.admits('https://www.paper.example/1').isAdmitted).toBe(true);
    expect(scope.admits('https://shop.daily.example/1').why).toBe('other site');
  });

  it('without a source the site of the home counts, and without either nothing', () => {
    expect(
      scopeOf(undefined, { home: 'https://www.daily.example/' }).admits('https://daily.example/1').isAdmitted,
    ).toBe(true);
    expect(scopeOf(undefined).admits('https://daily.example/1').why).toBe('other site');
  });
});

describe('admits: patterns over the canonical address', () => {
  const scope = scopeOf(
    sourceOf({
      home: 'https://www.daily.example/',
      scope: { include: ['/news/', '/sport/'], exclude: ['/news/ads/'] },
    }),
  );
  it.each([
    ['https://www.daily.example/news/1', 'in scope'],
    ['https://www.daily.example/sport/1', 'in scope'],
    ['https://www.daily.example/shop/1', 'not included'],
    ['https://www.daily.example/news/ads/1', 'excluded'],
    ['https://www.daily.example/x?utm_source=/news/', 'not included'],
  ])('%s: %s', (url, why) => {
    expect(scope.admits(url).why).toBe(why);
  });
  it('are for pages alone: sitemaps and lists lie where they lie', () => {
    expect(scope.admits('https://www.daily.example/sitemap.xml', 'sitemap').isAdmitted).toBe(true);
    expect(scope.admits('https://www.daily.example/', 'listing').isAdmitted).toBe(true);
    expect(scope.admits('https://other.example/sitemap.xml', 'sitemap').why).toBe('other site');
  });
  it('say what the operator wants by name', () => {
    expect(scope.includes('https://www.daily.example/news/1')).toBe(true);
    expect(scope.includes('https://www.daily.example/shop/1')).toBe(false);
    expect(daily.includes('https://www.daily.example/news/1')).toBe(false);
  });
  it('throw E_SOURCE_INVALID where one is broken', () => {
    expect(() => new Scope({ home: 'https://daily.example/', exclude: ['('] })).toThrowError(
      expect.objectContaining({ code: 'E_SOURCE_INVALID' }) as Error,
    );
  });
  it('meet no address that is long enough to take them long', () => {
    const slow = new Scope({ home: 'https://daily.example/', exclude: ['(a|aa)+$'] });
    expect(slow.admits(`https://daily.example/${'a'.repeat(5000)}!`).why).toBe('too long');
  });
});

describe('admits: what is no page', () => {
  it.each(['/a.pdf', '/a.JPG', '/a.mp3?download=1', '/feed.xml', '/a/b.zip', '/app.js'])('%s', (path) => {
    expect(daily.admits(`https://www.daily.example${path}`).why).toBe('not a page');
  });
  it.each(['/a.html', '/a.php?x=a.pdf', '/version-1.2', '/a.pdf/', '/pdf', '/story.1234567'])('but %s', (path) => {
    expect(daily.admits(`https://www.daily.example${path}`).isAdmitted).toBe(true);
  });
  it('is only asked of pages', () => {
    expect(daily.admits('https://www.daily.example/feed.xml', 'feed').isAdmitted).toBe(true);
  });
});
