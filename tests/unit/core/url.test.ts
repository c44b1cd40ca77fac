import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TearsheetError } from '../../../src/core/errors.ts';
import {
  canonicalUrl,
  isSameSite,
  namesArticle,
  namesFrontPage,
  parseUrl,
  registrableDomain,
  twinOf,
  urlKey,
} from '../../../src/core/url.ts';

const thrownBy = (act: () => unknown): TearsheetError => {
  try {
    act();
  } catch (error) {
    if (error instanceof TearsheetError) return error;
    throw error;
  }
  throw new Error('expected an error, got none');
};

describe('parseUrl', () => {
  it('gives the address without user name and password', () => {
    expect(parseUrl('  https://ann:secret@News.example/a?b=1#c ').href).toBe('https://news.example/a?b=1#c');
  });
  it.each([
    ['example.com/x', 'did you mean https://example.com/x?'],
    ['www.example.com', 'did you mean https://www.example.com/?'],
    ['localhost:8080/x', 'did you mean https://localhost:8080/x?'],
    ['', 'got nothing'],
    ['   ', 'got nothing'],
    ['not a url', 'give one such as'],
    ['http://', 'give one such as'],
    ['https://exa mple.com/', 'give one such as'],
    ['http://./', 'with a host'],
    ['http://[::1', 'give one such as'],
    [`https://example.com/${'a'.repeat(70_000)}`, 'at most 65536 characters'],
  ])('refuses %s', (text, advice) => {
    const error = thrownBy(() => parseUrl(text));
    expect(error.code).toBe('E_URL_INVALID');
    expect(error.message).toContain(advice);
    expect(error.message).not.toContain('\n');
    expect(error.message.length).toBeLessThan(400);
  });
  it('spells line breaks and endless text safely in its message', () => {
    expect(thrownBy(() => parseUrl(`a\u001b[31m\nb${'c'.repeat(5000)}`)).message).toMatch(/^[\x20-\x7e…]{1,400}$/u);
  });
  it.each([
    'ftp://example.com/x',
    'javascript:alert(1)',
    'mailto:a@example.com',
    'data:text/html,x',
    'file:///etc/passwd',
  ])('refuses the scheme of %s', (text) => {
    expect(thrownBy(() => parseUrl(text)).code).toBe('E_URL_SCHEME');
  });
  it('names the way for saved pages', () => {
    expect(thrownBy(() => parseUrl('file:///tmp/page.html')).message).toContain('--from-file');
  });
});

describe('canonicalUrl', () => {
  it.each([
    ['HTTPS://News.Example/Story', 'https://news.example/Story'],
    ['http://news.example:80/a', 'http://news.example/a'],
    ['https://news.example:443/a', 'https://news.example/a'],
    ['https://news.example:8443/a', 'https://news.example:8443/a'],
    ['http://127.0.1.1:8900/news/1.html', 'http://127.0.1.1:8900/news/1.html'],
    ['http://[::1]:8900/a', 'http://[::1]:8900/a'],
    ['https://news.example./a', 'https://news.example/a'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
    ['https://ann:pw@news.example/a', 'https://news.example/a'],
    ['https://news.example', 'https://news.example/'],
    ['https://news.example/a/', 'https://news.example/a'],
    ['https://news.example/a//b///', 'https://news.example/a/b'],
    ['https://news.example/x/../a/./b', 'https://news.example/a/b'],
    ['https://web.example/2020/https://news.example/a', 'https://web.example/2020/https://news.example/a'],
    ['https://news.example/%7Eann/%e4%bd%a0%2f', 'https://news.example/~ann/%E4%BD%A0%2F'],
    ['https://news.example/100%', 'https://news.example/100%'],
    ['https://news.example/a?', 'https://news.example/a'],
    ['https://news.example/a?&&', 'https://news.example/a'],
    ['https://news.example/a#top', 'https://news.example/a'],
    ['https://news.example/#!/story/1', 'https://news.example/#!/story/1'],
    ['https://news.example/a#!', 'https://news.example/a'],
    ['https://news.example/a?page=2&id=1&page=1', 'https://news.example/a?page=2&id=1&page=1'],
    ['https://news.example/a?q=%7e+b', 'https://news.example/a?q=~+b'],
    ['https://news.example/a?x', 'https://news.example/a?x'],
    ['https://news.example/a?x=', 'https://news.example/a?x='],
    ['https://news.example/a?utm_source=x&id=7&UTM_Medium=y&fbclid=z', 'https://news.example/a?id=7'],
    ['https://news.example/a?%75tm_source=x', 'https://news.example/a'],
    ['https://news.example/a?utmost=1&at_custom1=2', 'https://news.example/a?utmost=1'],
  ])('%s → %s', (given, wanted) => {
    expect(canonicalUrl(given)).toBe(wanted);
    expect(canonicalUrl(new URL(given))).toBe(wanted);
  });

  const MAIN = 'https://news.example.com/world/story-1.html';
  it.each([
    'https://m.news.example.com/world/story-1.html',
    'https://mobile.news.example.com/world/story-1.html',
    'https://amp.news.example.com/world/story-1.html',
    'https://news.m.example.com/world/story-1.html',
    'https://news.example.com/world/story-1.html/amp',
    'https://news.example.com/world/story-1.html/amp/',
    'https://news.example.com/world/story-1.html/amp/amp/',
    'https://news.example.com/world/story-1.amp.html',
    'https://news.example.com/world/story-1.html?amp',
    'https://news.example.com/world/story-1.html?amp=1',
    'https://news.example.com/world/story-1.html?outputType=amp',
    'https://news-example-com.cdn.ampproject.org/c/s/news.example.com/world/story-1.html/amp?amp_js_v=0.1',
    'https://news-example-com.cdn.ampproject.org/v/s/news.example.com/world/story-1.html?amp=1&usqp=mq331',
    'https://www.google.co.uk/amp/s/news.example.com/world/story-1.html',
  ])('folds the twin %s', (twin) => {
    expect(canonicalUrl(twin)).toBe(MAIN);
    expect(twinOf(twin)).toBe(MAIN);
  });
  it.each([
    'https://news.example.com/amp',
    'https://amp.dev/documentation/guide',
    'https://m.example/world/story',
    'https://m.github.io/world/story',
    'https://news.example.com/tag/guitar-amp',
    'https://news.example.com/a?amp=volume',
    'https://news.example.com/archive?y=2020&m=1',
    'https://news.example.com/a?output=pdf',
    'https://x.cdn.ampproject.org/c/s/',
    'https://www.google.com/amp/s/',
    'http://10.0.0.1/story',
  ])('leaves %s, which is no twin', (url) => {
    expect(canonicalUrl(url)).toBe(url.replace(/\/$/, ''));
    expect(twinOf(url)).toBeNull();
  });
  it('knows marks that only some hosts use', () => {
    expect(canonicalUrl('https://town.blogspot.com/2020/01/a.html?m=1')).toBe(
      'https://town.blogspot.com/2020/01/a.html',
    );
    expect(canonicalUrl('https://www.spiegel.de/a-b-c-123-amp')).toBe('https://www.spiegel.de/a-b-c-123');
  });

  const segment = fc.oneof(
    fc.constantFrom(
      'a',
      'amp',
      '.',
      '..',
      '',
      'x.amp',
      'x.amp.html',
      '%7e',
      '%2E',
      '%',
      'ä',
      'c',
      's',
      'http:',
      'm.news.example.com',
      '...amp',
    ),
    fc.string({ maxLength: 6 }),
  );
  const anyUrl = fc
    .record({
      host: fc.constantFrom(
        'news.example.com',
        'm.m.news.example.com',
        'www.m.example.co.uk',
        '127.0.0.1:81',
        'x.cdn.ampproject.org',
        'amp.dev.',
        'www.google.de',
      ),
      path: fc.array(segment, { maxLength: 7 }),
      query: fc.array(
        fc.tuple(fc.constantFrom('utm_a', 'amp', 'id', 'Output', '', '%61mp'), fc.option(fc.string({ maxLength: 4 }))),
        { maxLength: 4 },
      ),
      hash: fc.constantFrom('', '#a', '#!a', '#!%7e'),
    })
    .map(({ host, path, query, hash }) => {
      const pairs = query.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&');
      return `https://${host}/${path.join('/')}?${pairs}${hash}`;
    });
  it('gives its own result back', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const once = canonicalUrl(url);
        expect(canonicalUrl(once)).toBe(once);
        expect(urlKey(once)).toBe(urlKey(url));
        expect(twinOf(once)).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('urlKey', () => {
  it('is the same for http and https, with and without www.', () => {
    for (const url of [
      'http://www.example.com/a',
      'https://example.com/a/',
      'https://m.example.com/a',
      'https://www.example.com/a?utm_source=x',
    ]) {
      expect(urlKey(url)).toBe('example.com/a');
    }
  });
  it('keeps a port that is not the default', () => {
    expect(urlKey('http://127.0.1.1:8900/news/1.html')).toBe('127.0.1.1:8900/news/1.html');
  });
});

describe('registrableDomain', () => {
  it.each([
    ['news.bbc.co.uk', 'bbc.co.uk'],
    ['www.example.com', 'example.com'],
    ['ann.github.io', 'ann.github.io'],
    ['x.ann.github.io', 'ann.github.io'],
    ['town.blogspot.com', 'town.blogspot.com'],
    ['127.0.1.1', '127.0.1.1'],
    ['[::1]', '[::1]'],
    ['localhost', 'localhost'],
    ['github.io', 'github.io'],
    ['EXAMPLE.com.', 'example.com'],
  ])('%s → %s', (host, domain) => {
    expect(registrableDomain(host)).toBe(domain);
  });
});

describe('isSameSite', () => {
  it('holds within a registrable domain', () => {
    expect(isSameSite('https://m.example.com/a', 'www.example.com')).toBe(true);
    expect(isSameSite('https://example.com:81/', 'https://example.com:82/')).toBe(true);
    expect(isSameSite('a.github.io', 'b.github.io')).toBe(false);
    expect(isSameSite('127.0.0.1', '127.0.0.2')).toBe(false);
    expect(isSameSite('https://example.com.evil.net/', 'example.com')).toBe(false);
  });
  it('holds among listed hosts, but a listed host on one side alone proves nothing', () => {
    const listed = ['www.bbc.co.uk', 'bbc.com'];
    expect(isSameSite('www.bbc.co.uk', 'https://www.bbc.com/news', listed)).toBe(true);
    expect(isSameSite('evil.net', 'www.bbc.com', listed)).toBe(false);
    expect(isSameSite('notbbc.com', 'www.bbc.co.uk', listed)).toBe(false);
  });
});

describe('namesFrontPage, namesArticle', () => {
  it.each(['/', '/en', '/pt-br/', '/index.html', '/de/index.php'])('%s is a front page', (path) => {
    expect(namesFrontPage(new URL(path, 'https://news.example'))).toBe(true);
  });
  it.each(['/news', '/a/b', '/?p=12', '/index'])('%s is none', (path) => {
    expect(namesFrontPage(new URL(path, 'https://news.example'))).toBe(false);
  });
  it.each(['/news/1.html', '/world/a-long-slug', '/?p=12', '/a/three_word_slug.html'])(
    '%s is shaped like an article',
    (path) => {
      expect(namesArticle(new URL(path, 'https://news.example'))).toBe(true);
    },
  );
  it.each(['/', '/news', '/world/middle-east/', '/page.html', '/a?utm_source=1'])('%s is not', (path) => {
    expect(namesArticle(new URL(path, 'https://news.example'))).toBe(false);
  });
});

describe('config/url.json', () => {
  const rules: unknown = JSON.parse(readFileSync(new URL('../../../config/url.json', import.meta.url), 'utf8'));
  const reason = z.string().min(5);
  const parameter = z.strictObject({
    // Names are compared in lower case.
    name: z.string().regex(/^[a-z0-9_*]+$/),
    values: z.array(z.string()).optional(),
    hosts: z.array(z.string()).optional(),
    reason,
  });
  it('gives a reason for everything, once', () => {
    const parsed = z
      .strictObject({
        maxChars: z.strictObject({ value: z.int().positive(), reason }),
        tracking: z.array(parameter).min(40),
        twins: z.strictObject({
          hostLabels: z.array(z.strictObject({ label: z.string(), reason })),
          pathEndings: z.array(
            z.strictObject({ ending: z.string(), main: z.string(), hosts: z.array(z.string()).optional(), reason }),
          ),
          parameters: z.array(parameter),
          caches: z.array(
            z.strictObject({ host: z.string(), path: z.string(), scheme: z.enum(['http', 'https']), reason }),
          ),
        }),
      })
      .parse(rules);
    const names = parsed.tracking.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('canonicalUrl is the same whichever version of the URL standard the platform follows', () => {
  it.each(['https://paper.example/quote/^gspc?a=^b', 'https://paper.example/quote/%5Egspc?a=%5eb'])('%s', (url) => {
    expect(canonicalUrl(url)).toBe('https://paper.example/quote/%5Egspc?a=%5Eb');
  });
});

it('canonicalUrl finds the page in a cache however its address is spelled', () => {
  for (const url of [
    'https://x.cdn.ampproject.org//c/s/paper.example/a',
    'https://x.cdn.ampproject.org./c/s/paper.example//a/',
  ]) {
    expect(canonicalUrl(url)).toBe('https://paper.example/a');
  }
});
