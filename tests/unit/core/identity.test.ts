import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import { folderOf, identify, safeName } from '../../../src/core/identity.ts';

describe('identify', () => {
  it('names an article by host and canonical final URL', () => {
    expect(identify({ finalUrl: 'https://www.news.example/world/a-b-c/?utm_source=x' })).toEqual({
      key: 'news.example:/world/a-b-c',
      space: 'news.example',
      url: 'https://www.news.example/world/a-b-c',
    });
  });
  it('gives one key for http, https, www, mobile and AMP addresses', () => {
    const keys = [
      'http://example.com/a/story-1',
      'https://www.example.com/a/story-1/',
      'https://m.example.com/a/story-1',
      'https://amp.example.com/a/story-1?amp=1',
      'https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/story-1/amp',
    ].map((finalUrl) => identify({ finalUrl }).key);
    expect(new Set(keys)).toEqual(new Set(['example.com:/a/story-1']));
  });
  it('spells ports and IPv6 hosts so that the first colon ends the space', () => {
    expect(identify({ finalUrl: 'http://127.0.1.1:8900/news/1.html' }).key).toBe('127.0.1.1_8900:/news/1.html');
    expect(identify({ finalUrl: 'http://[2001:db8::1]:81/a' })).toMatchObject({
      space: '2001-db8--1_81',
      key: '2001-db8--1_81:/a',
    });
  });

  const page = 'https://www.example.com/politics/a-long-story-1?ref=home';
  it.each([
    ['https://example.com/politics/a-long-story-1', 'example.com:/politics/a-long-story-1'],
    ['/politics/a-long-story-1', 'example.com:/politics/a-long-story-1'],
    ['https://story.example.com/2024/a-long-story-1', 'story.example.com:/2024/a-long-story-1'],
  ])('follows the plausible claim %s', (canonicalClaim, key) => {
    expect(identify({ finalUrl: page, canonicalClaim }).key).toBe(key);
  });
  it.each([
    'https://other.example/politics/a-long-story-1',
    'https://www.example.com.evil.net/politics/a-long-story-1',
    'https://www.example.com/',
    'https://www.example.com/en/',
    'https://www.example.com/politics',
    'https://www.example.com/politics/',
    'https://www.example.com/article.php',
    'ftp://www.example.com/politics/a-long-story-1',
    'http://[broken',
    'javascript:void(0)',
    '',
  ])('does not follow %s', (canonicalClaim) => {
    expect(identify({ finalUrl: page, canonicalClaim }).key).toBe('example.com:/politics/a-long-story-1?ref=home');
  });
  it('lets a front page claim to be the front page', () => {
    expect(identify({ finalUrl: 'https://example.com/index.html', canonicalClaim: '/' }).key).toBe('example.com:/');
  });

  const source = {
    name: 'daily',
    home: 'https://www.daily.example/',
    hosts: ['daily-news.example'],
    articleId: '/(\\d{4,})(?:/|-|$)',
  };
  it('names an article by the publisher’s id, which survives slug, scheme and host', () => {
    for (const finalUrl of [
      'https://www.daily.example/world/12345-first-slug',
      'http://daily.example/other/12345-second-slug/',
      'https://m.daily-news.example/12345',
      'https://www-daily-example.cdn.ampproject.org/c/s/www.daily.example/world/12345-first-slug',
    ]) {
      expect(identify({ finalUrl, source })).toMatchObject({ key: 'daily:12345', space: 'daily' });
    }
  });
  it('takes the group called id, else the first, else the whole match', () => {
    const finalUrl = 'https://www.daily.example/v2/77-x';
    expect(identify({ finalUrl, source: { ...source, articleId: '/(v\\d)/(?<id>\\d+)' } }).key).toBe('daily:77');
    expect(identify({ finalUrl, source: { ...source, articleId: '/(v\\d)/\\d+' } }).key).toBe('daily:v2');
    expect(identify({ finalUrl, source: { ...source, articleId: '\\d+-x$' } }).key).toBe('daily:77-x');
  });
  it('falls back to the host where the pattern fits nothing, or the page was redirected off the source', () => {
    expect(identify({ finalUrl: 'https://www.daily.example/about', source }).key).toBe('daily.example:/about');
    const strayed = {
      finalUrl: 'https://consent.example/12345',
      canonicalClaim: 'https://www.daily.example/12345',
      source,
    };
    expect(identify(strayed).key).toBe('consent.example:/12345');
  });
  it('follows a claim to a listed host of the source', () => {
    const { articleId: _, ...plain } = source;
    const finalUrl = 'https://www.daily.example/world/a-long-story';
    const canonicalClaim = 'https://daily-news.example/world/a-long-story';
    expect(identify({ finalUrl, canonicalClaim, source: plain }).key).toBe('daily-news.example:/world/a-long-story');
    expect(identify({ finalUrl, canonicalClaim }).key).toBe('daily.example:/world/a-long-story');
  });
  it('says which source has a broken pattern', () => {
    expect(() => identify({ finalUrl: page, source: { name: 'daily', articleId: '(' } })).toThrow(
      expect.objectContaining({
        code: 'E_CONFIG_INVALID',
        message: expect.stringContaining('daily'),
      }) as TearsheetError,
    );
  });
});

describe('safeName', () => {
  it.each(['example.com', '127.0.1.1_8900', 'a-b', 'xn--bcher-kva.example'])('leaves %s', (name) => {
    expect(safeName(name)).toBe(name);
  });
  it.each([
    '',
    '.',
    '..',
    '../../etc',
    'a/b',
    'A',
    'a\u0000b',
    'CON',
    'nul',
    'con.txt',
    'ünïcode',
    'a.',
    '.hidden',
    'x'.repeat(300),
    '💥',
  ])('makes %j safe', (text) => {
    const name = safeName(text);
    expect(name).toMatch(/^[a-z0-9_][a-z0-9._-]{0,119}$/);
    expect(name).not.toMatch(/\.$|^(?:con|nul)(?:\.|$)/);
    expect(name).not.toBe(text);
    expect(safeName(name)).toBe(name);
  });
  it('never gives two texts one name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(safeName(a) === safeName(b)).toBe(a === b);
      }),
    );
    expect(safeName('Daily')).not.toBe(safeName('daily'));
  });
});

describe('folderOf', () => {
  it('depends on the key alone: space, two digits, twenty digits of its SHA-256', () => {
    // printf '%s' 'example.com:/a' | sha256sum
    expect(folderOf('example.com:/a')).toEqual({ space: 'example.com', kk: '52', name: '52bf02836cb7e3cc502a' });
  });
  it('cannot be led out of the archive', () => {
    expect(folderOf('../../x:1').space).toMatch(/^[a-z0-9._-]+$/);
    expect(folderOf('../../x:1').space).not.toContain('..');
  });
});
