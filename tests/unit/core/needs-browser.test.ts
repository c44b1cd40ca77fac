import { describe, expect, it } from 'vitest';
import type { PageKind } from '../../../src/core/labels.ts';
import { needsBrowser } from '../../../src/core/needs-browser.ts';
import type { PlainReading } from '../../../src/core/needs-browser.ts';

type Blocks = PlainReading['reading']['blocks'];
const block = (label: string, chars: number, role = 'article', origin = 'page') =>
  ({
    origin,
    role,
    label,
    confidence: 90,
    reasons: [],
    path: 'body',
    text: 'x'.repeat(chars),
  }) as unknown as Blocks[number];
const page = (
  kind: PageKind,
  text: string,
  {
    blocks = [],
    ...rest
  }: Partial<PlainReading['capture']> & { blocks?: Blocks; render?: PlainReading['render'] } = {},
): string | null => {
  const { render = 'auto', ...about } = rest;
  const capture = { status: 200, text, contentType: 'text/html', engine: 'http' as const, ...about };
  return needsBrowser({ reading: { kind, blocks }, capture, render });
};
const SHELL = '<!doctype html><body><div id="root"></div><script src="/app.js"></script></body>';

describe('whether a page needs a browser', () => {
  it.each(['root', 'app', '__next', '___gatsby', 'svelte'])(
    'says yes of an empty root #%s that a script fills',
    (id) => {
      const html = SHELL.replace('root', id);
      expect(page('empty', html)).toBe('next to no text, in a root that a script fills');
      expect(page('other', html.replace(`"${id}"`, id))).not.toBeNull();
      expect(page('error', html.replace(`id="${id}"`, `class="wide" ID = '${id}' data-x`))).not.toBeNull();
    },
  );

  it('says no of such a root without a script, or with data alone', () => {
    expect(page('empty', '<div id=root></div>')).toBeNull();
    expect(page('empty', '<div id=root></div><script type="application/ld+json">{}</script>')).toBeNull();
    expect(page('empty', '<div id=rooted></div><script>1</script>')).toBeNull();
  });

  it.each([
    'Please enable JavaScript to read this page.',
    'Bitte aktivieren Sie JavaScript!',
    'Veuillez activer JavaScript',
    'Включите JavaScript в браузере',
    'Увімкніть JavaScript',
    'JavaScriptを有効にしてください',
    '请启用JavaScript',
    'javascript is disabled',
  ])('says yes of a page that says: %s', (says) => {
    expect(page('other', `<noscript>${says}</noscript>`)).toMatch(
      /^next to no text, and the page says ".*javascript.*"$/,
    );
  });

  it('says yes of a page that is mostly script, and no of one that has a little', () => {
    const script = `<script>${'a=1;'.repeat(1000)}</script>`;
    expect(page('other', script)).toBe('next to no text, and the page is mostly script');
    expect(page('other', `${script}${'<i></i>'.repeat(500)}`)).toBeNull();
    expect(page('other', '<script>a=1</script>')).toBeNull();
    expect(page('other', script.replace('<script', '<script type=application/json'))).toBeNull();
    expect(page('other', script.replace('</script>', ''))).not.toBeNull();
  });

  it('says no where there is something to read', () => {
    expect(page('article', SHELL, { blocks: [block('paragraph', 250)] })).toBeNull();
    expect(page('article', SHELL, { blocks: [block('paragraph', 249), block('caption', 500)] })).not.toBeNull();
    expect(page('article', SHELL, { blocks: [block('paragraph', 250, 'article', 'script')] })).toBeNull();
    expect(page('other', SHELL, { blocks: [block('navigation', 1500, 'boilerplate')] })).toBeNull();
    expect(page('other', SHELL, { blocks: [block('navigation', 1499, 'boilerplate')] })).not.toBeNull();
    expect(page('other', SHELL, { blocks: [block('embed', 9000, 'boilerplate', 'script')] })).not.toBeNull();
  });

  it('says yes of a question for consent, whatever it looks like', () => {
    expect(page('consent', '<p>Cookies?</p>', { blocks: [block('consent', 5000, 'boilerplate')] })).toBe(
      'a question for consent stands before it',
    );
  });

  it('says yes of a question for consent with next to nothing beside it', () => {
    const asked = block('consent', 30, 'boilerplate');
    expect(page('other', '<p>x</p>', { blocks: [asked] })).toBe('next to no text beside a question for consent');
    expect(page('article', '<p>x</p>', { blocks: [asked, block('paragraph', 250)] })).toBeNull();
    expect(page('soft-404', '<p>x</p>', { blocks: [asked] })).toBeNull();
  });

  it.each(['soft-404', 'paywall', 'login', 'bot-check', 'listing', 'video', 'gallery', 'live-blog'] as const)(
    'says no of %s',
    (kind) => {
      expect(page(kind, SHELL)).toBeNull();
    },
  );

  it('says no of what is no page, or came from no server, or is gone', () => {
    expect(page('empty', SHELL, { status: 404 })).toBeNull();
    expect(page('empty', SHELL, { contentType: 'text/plain' })).toBeNull();
    expect(page('empty', SHELL, { contentType: '' })).not.toBeNull();
    expect(page('empty', SHELL, { engine: 'browser' })).toBeNull();
    expect(page('consent', SHELL, { engine: 'file' })).toBeNull();
  });

  it('does as it is told', () => {
    expect(page('article', '<p>x</p>', { render: 'always', blocks: [block('paragraph', 5000)] })).toBe(
      'its settings say so',
    );
    expect(page('consent', SHELL, { render: 'never' })).toBeNull();
    expect(page('article', SHELL, { render: 'always', engine: 'browser' })).toBeNull();
  });

  it('takes markup that is made to be slow in its stride', () => {
    expect(page('other', '<script '.repeat(250_000))).not.toBeNull();
    expect(page('other', '<script </script'.repeat(125_000))).toBeNull();
    expect(page('other', `<div id=`.repeat(250_000))).toBeNull();
  });
});
