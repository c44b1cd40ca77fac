import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { articleHtml, labelledView } from '../../src/clean/index.ts';
import { Reading } from '../../src/core/schema.ts';
import { readingOf } from '../unit/commands/reading.ts';
import { tearsheet } from './command-line.ts';
import { pageOf, storyOf } from './paper.ts';

let dir: string;
let archive: string;
const story = storyOf('elbe-harbour');
const url = 'https://post.example/bridge-1';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-formats-'));
  archive = join(dir, 'archive');
  await writeFile(join(dir, 'page.html'), pageOf(story));
  const kept = ['archive', '--from-file', join(dir, 'page.html'), '--url', url, '--archive', archive];
  const { code, stderr } = await tearsheet(kept);
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => rm(dir, { recursive: true }));

const clean = (...flags: string[]) => tearsheet(['clean', join(dir, 'page.html'), '--url', url, ...flags]);

describe('clean --format', () => {
  test('json is the reading, spelled for people, and says what --json says', async () => {
    const { stdout, code } = await clean('--format', 'json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{\n {2}"\w/);
    expect(Reading.parse(JSON.parse(stdout))).toEqual((await clean('--json')).objects()[0]);
  });

  test('markdown, text, html and view each hold the article, and only the view what surrounds it', async () => {
    for (const format of ['markdown', 'text', 'html', 'view']) {
      const { stdout, stderr } = await clean('--format', format);
      expect(stdout).toContain('The ferry that carried the town across the water');
      expect(stdout.includes('never miss a story')).toBe(format === 'view');
      expect(stdout).toMatch(/[^\n]\n$/);
      expect(stderr).toBe('');
    }
    expect((await clean('--format', 'markdown')).stdout).toMatch(/^---\ntitle: "The harbour bridge of elbe-harbour/);
    expect((await clean('--format', 'view')).stdout).toMatch(/<code>[a-z]+\/[a-z-]+<\/code><small>[A-Z]/);
  });

  test('writes a file whole, in the format that its name tells, over an old one and through a link', async () => {
    for (const [name, start] of [
      ['a.json', '{\n'],
      ['a.md', '---\n'],
      ['a.txt', 'The harbour'],
      ['a.html', '<!doctype html>'],
    ] as const) {
      const { stdout, code } = await clean('-o', join(dir, name));
      expect([code, stdout]).toEqual([0, '']);
      expect((await readFile(join(dir, name), 'utf8')).startsWith(start)).toBe(true);
    }
    await writeFile(join(dir, 'old.md'), 'x'.repeat(100_000));
    await chmod(join(dir, 'old.md'), 0o640);
    await symlink(join(dir, 'old.md'), join(dir, 'link.md'));
    expect((await clean('--output', join(dir, 'link.md'))).code).toBe(0);
    expect(await readFile(join(dir, 'old.md'), 'utf8')).toMatch(/^---\n[\s\S]*add within a year\.\n$/);
    expect((await stat(join(dir, 'old.md'))).mode & 0o777).toBe(0o640);
    await clean('--blocks', '-o', join(dir, 'blocks.txt'));
    expect(await readFile(join(dir, 'blocks.txt'), 'utf8')).toMatch(/^▌ headline /m);
    expect((await readdir(dir)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('leaves nothing where a file cannot be written, and says so', async () => {
    await mkdir(join(dir, 'a-folder.md'));
    for (const path of [join(dir, 'nowhere', 'a.md'), join(dir, 'a-folder.md')]) {
      const { code, stderr } = await clean('-o', path);
      expect(code).toBe(14);
      expect(stderr).toMatch(/^tearsheet: E_FILE_WRITE: expected to write .*\n$/);
    }
    expect(await readdir(join(dir, 'a-folder.md'))).toEqual([]);
    expect((await readdir(dir)).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test.each([
    [['--format', 'pdf'], /expected --format json, markdown, text, html or view, got "pdf"\n/],
    [['--format', 'markdwon'], /did you mean markdown\?/],
    [['--format', 'view', '--blocks'], /--blocks or --format view, got both/],
    [['-o', 'page.out'], /the name "page.out" does not tell/],
    [['--images'], /--images is for --format html/],
    [['other.html', '-o', 'a.md'], /--output takes one page, got 2|--url is the address of one page/],
    [['--jobs', '2'], /--jobs and --page-timeout are for --jsonl/],
    [['--jsonl', '--format', 'text'], /drop --format/],
    [['--jsonl'], /an address in each line; drop --url/],
  ])('says what is wrong with %j', async (flags, message) => {
    const { code, stderr, stdout } = await clean(...flags);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('says what is wrong with flags of --jsonl, and to machines too', async () => {
    const zero = await tearsheet(['clean', '--jsonl', '--jobs', '0']);
    expect(zero.stderr).toMatch(/a number from 1 to 64 for --jobs, got "0"/);
    const both = await clean('--format', 'view', '--json');
    expect(both.objects()).toMatchObject([{ error: { code: 'E_CLI_USAGE' } }]);
    expect(both.stderr).toMatch(/--json or --format view, got both/);
    expect([zero.code, both.code]).toEqual([2, 2]);
  });

  test('does not hide the shape it wants: short names are taken too', async () => {
    expect((await clean('--format', 'md')).stdout).toBe((await clean('--format', 'markdown')).stdout);
  });
});

describe('show --format', () => {
  test('names the snapshot, its version and when it was captured', async () => {
    const shown = await tearsheet(['show', url, '--archive', archive, '--format', 'markdown']);
    expect(shown.stdout).toMatch(/\nsnapshot: "[0-9a-f]{64}"\nversion: 1\ncaptured: "\d{4}-.*Z"\n---\n/);
    const [kept] = (await tearsheet(['show', url, '--archive', archive, '--json'])).objects();
    expect(shown.stdout).toContain(`snapshot: "${kept?.['id'] as string}"`);
    const json = await tearsheet(['show', url, '--archive', archive, '--format', 'json']);
    expect(Reading.safeParse(JSON.parse(json.stdout)).error).toBeUndefined();
    await tearsheet(['show', url, '--archive', archive, '--format', 'view', '-o', join(dir, 'view.html')]);
    expect(await readFile(join(dir, 'view.html'), 'utf8')).toContain('class="b article l-headline"');
  });
});

const CHROMIUM = ['/usr/bin/chromium', chromium.executablePath()].find((path) => existsSync(path));
if (CHROMIUM === undefined) console.warn('no browser found: pages are not opened in one here');

describe.skipIf(CHROMIUM === undefined)('opened in a browser', () => {
  let browser: Browser;
  let hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end('owned = 1');
  });
  let origin: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: ['--no-sandbox', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Every way in that we know, in every field. */
  const hostile = (): Reading => {
    const script = `"><script src="${origin}/script"></script><script>owned=1</script><img src="${origin}/img" onerror="owned=1"><svg onload="owned=1"><style>@import "${origin}/css"</style><iframe src="${origin}/frame"></iframe><meta http-equiv="refresh" content="0;url=${origin}/refresh"><base href="${origin}/"><link rel="prefetch" href="${origin}/link"><form action="${origin}/form"><input autofocus onfocus="owned=1"></form></title></style></textarea>--></svg>`;
    const links = [`javascript:owned=1`, `${origin}/a" onmouseover="owned=1`].map((href) => ({ href, text: script }));
    const media = [`${origin}/picture`, 'javascript:owned=1', `data:image/svg+xml,<svg onload=owned=1>`].map((src) => ({
      kind: 'image' as const,
      src,
      alt: script,
    }));
    return readingOf(
      [
        ['headline', script, { links, media, path: script, reasons: [{ rule: script, weight: 1 }] }],
        ['paragraph', script, { html: `${script}<a href="javascript:owned=1">x</a>` }],
        ['paragraph', 'x', { html: '<a href="javascript:owned=1">x</a>' }],
        ['table', script, { cells: [script, script], path: 'body>table>thead>tr' }],
        ['embed', script, { media: [{ kind: 'embed', src: `${origin}/embed` }] }],
        ['navigation', script, { links }],
        ['ad', 'ad', { media, links: [{ href: `${origin}/ad`, text: 'ad' }] }],
      ],
      { title: script, siteName: script, language: script, tags: [script], section: script, authors: [{ name: script, url: links[1]?.href ?? '' }], titles: { h1: script } },
    ); // prettier-ignore
  };

  async function opened(
    html: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<[Page, BrowserContext, string[]]> {
    const file = join(dir, `opened-${Math.random().toString(36).slice(2)}.html`);
    await writeFile(file, html);
    const context = await browser.newContext(options);
    const seen: string[] = [];
    context.on('request', (request) => seen.push(request.url()));
    const page = await context.newPage();
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.goto(pathToFileURL(file).href);
    return [page, context, seen];
  }

  test.each([
    ['the article page', () => articleHtml(hostile(), { url: 'javascript:owned=1' })],
    ['the labelled view', () => labelledView(hostile(), { url: 'javascript:owned=1' }, new Map([['x', 'y']]))],
  ])('%s: hostile text runs nothing and asks no server for anything', async (_, made) => {
    hits = [];
    const [page, context, seen] = await opened(made());
    await page.mouse.move(200, 300);
    for (let n = 0; n < 25; n++) await page.keyboard.press('Tab');
    await page.waitForTimeout(300);
    expect(await page.evaluate('typeof owned')).toBe('undefined');
    expect(seen).toHaveLength(1);
    expect(hits).toEqual([]);
    expect(await page.locator('script, iframe, object, base, form, img, [onerror], [onload]').count()).toBe(0);
    expect(page.url()).toMatch(/^file:/);
    await context.close();
  });

  test.each([
    ['the article page', () => articleHtml(readingOf([['paragraph', 'x']]), { url })],
    ['the labelled view', () => labelledView(readingOf([['paragraph', 'x']]), { url })],
  ])('%s: its policy holds even where markup got into it', async (_, made) => {
    hits = [];
    const markup = `<script>owned=1</script><script src="${origin}/script"></script><img src="${origin}/img" onerror="owned=1"><iframe src="${origin}/frame"></iframe><link rel="stylesheet" href="${origin}/css"><style>@import "${origin}/import";main{background:url(${origin}/background)}</style><video src="${origin}/video" autoplay></video><object data="${origin}/object"></object>`;
    const [page, context] = await opened(made().replace('</main>', `${markup}</main>`));
    await page.waitForTimeout(300);
    expect(await page.evaluate('typeof owned')).toBe('undefined');
    expect(hits).toEqual([]);
    await context.close();
  });

  test('pictures are loaded from their publisher where that was asked for, and nothing else is', async () => {
    hits = [];
    const [page, context] = await opened(articleHtml(hostile(), { url }, { hasPictures: true }));
    await page.waitForTimeout(300);
    expect(await page.evaluate('typeof owned')).toBe('undefined');
    expect([...new Set(hits)]).toEqual(['/picture']);
    await context.close();
  });

  const shown = readingOf(
    [
      ['navigation', 'News', { reasons: [{ rule: 'navigation/class', weight: 60 }] }],
      ['navigation', 'Sport'],
      ['headline', 'سوق العسل يغلق أبوابه'],
      ['paragraph', 'أغلق سوق العسل في مدينة وادي النخيل أبوابه مساء الثلاثاء.', { confidence: 40, reasons: [{ rule: 'body/container', weight: 45 }] }],
      ['paragraph', 'The second paragraph is in English.'],
      ['footer', 'The footer says a good deal more than seventy characters, so that it stands in a row of its own.'],
    ],
    { title: 'سوق العسل يغلق أبوابه', language: 'ar' },
  ); // prettier-ignore

  test('the view shows reasons under the pointer and at the keyboard, and labels can be switched off, without a script', async () => {
    const [page, context] = await opened(labelledView(shown, { url }), {
      javaScriptEnabled: false,
      viewport: { width: 1300, height: 900 },
    });
    const why = page.locator('#b4 > .why');
    expect(await why.isVisible()).toBe(false);
    await page.locator('#b4').hover();
    expect(await why.isVisible()).toBe(true);
    expect(await why.textContent()).toContain('+45body/container');
    await page.locator('#b1 .n').focus();
    expect(await page.locator('#b1 > .why').isVisible()).toBe(true);
    expect(await page.locator('#b1 > .why').textContent()).toContain('p[1]');

    const isShown = (id: string): Promise<boolean> => page.locator(`#${id}`).isVisible();
    await page.locator('label[for=t-navigation]').click();
    expect([await isShown('b1'), await isShown('b3'), await isShown('b6')]).toEqual([false, true, true]);
    await page.locator('label[for=t-navigation]').click();
    await page.locator('label[for=r-article]').click();
    expect([await isShown('b1'), await isShown('b3'), await isShown('b6')]).toEqual([false, true, false]);
    await page.locator('label[for=r-all]').click();
    await page.locator('label[for=o-unsure]').click();
    expect([await isShown('b1'), await isShown('b3'), await isShown('b4')]).toEqual([false, false, true]);
    await page.locator('label[for=o-unsure]').click();
    await page.locator('label[for=o-why]').click();
    expect(await page.locator('#b6 > .why').isVisible()).toBe(true);
    await context.close();
  });

  test('each text of the view runs in its own direction, and no page is wider than a telephone', async () => {
    for (const html of [labelledView(shown, { url }), articleHtml(shown, { url })]) {
      const [page, context] = await opened(html, { viewport: { width: 360, height: 700 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      if (html.includes('class="desk"')) {
        const direction = (id: string): Promise<string> =>
          page.evaluate(`getComputedStyle(document.querySelector('#${id} .said')).direction`);
        expect([await direction('b3'), await direction('b5')]).toEqual(['rtl', 'ltr']);
      } else expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).direction')).toBe('rtl');
      await context.close();
    }
  });
});
