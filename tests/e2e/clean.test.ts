import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Reading } from '../../src/core/schema.ts';
import { tearsheet } from './command-line.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from './paper.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-clean-'));
});
afterAll(() => rm(dir, { recursive: true }));

const story = storyOf('elbe-harbour');
const html = pageOf(story);
const line = (id: unknown, page: string, url = 'https://post.example/bridge-1') =>
  JSON.stringify({ id, url, html: page });

describe('clean', () => {
  test('prints the reading of a file as JSON, the same for the same bytes', async () => {
    await writeFile(join(dir, 'page.html'), html);
    await writeFile(join(dir, 'page.html.gz'), gzipSync(html));
    const plain = await tearsheet(['clean', join(dir, 'page.html'), '--json']);
    const packed = await tearsheet(['clean', join(dir, 'page.html.gz'), '--json']);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(packed.stdout).toBe(plain.stdout);
    expect(Reading.parse(plain.objects()[0])).toMatchObject({ kind: 'article', title: story.title });
  });

  test('prints the article for a person, and counts what surrounds it', async () => {
    const { stdout } = await tearsheet(['clean', '-', '--url', 'https://post.example/bridge-1'], { stdin: html });
    expect(stdout).toContain(`${story.title}\nTomas Lindqvist\npublished 2026-03-03 09:30:00+01:00`);
    expect(stdout).toContain('Mayor Ilse Brandt said');
    expect(stdout).not.toContain('Subscribe to our newsletter');
    expect(stdout).toMatch(/\nsource +https:\/\/post\.example\/bridge-1\n/);
    expect(stdout).toMatch(/\naround it +\d+ /);
  });

  test('reads a dump as lines, and shows every one of them with its label', async () => {
    const dump = ['The Harbour Post', '', story.title, '', 'Subscribe', ...story.paragraphs, 'Log in or register'];
    await writeFile(join(dir, 'dump.txt'), dump.join('\n'));
    const { objects } = await tearsheet(['clean', join(dir, 'dump.txt'), '--json']);
    const { blocks } = Reading.parse(objects()[0]);
    expect(blocks.map(({ text }) => text)).toEqual(dump.filter((text) => text !== ''));
    const { stdout } = await tearsheet(['clean', '--blocks', join(dir, 'dump.txt')]);
    expect(stdout.split('\n').filter((text) => / \d+% /.test(text))).toHaveLength(blocks.length);
  });

  test('fetches a URL and keeps nothing', async () => {
    const paper = await openPaper((_, __, response) => sendHtml(response, html));
    try {
      const archive = join(dir, 'none');
      const { code, objects } = await tearsheet([
        'clean',
        `${paper.origin}/bridge-1`,
        '--json',
        '--archive',
        archive,
        ...ALLOW,
      ]);
      expect(code).toBe(0);
      expect(objects()).toMatchObject([{ title: story.title }]);
      expect((await tearsheet(['list', '--archive', archive])).code).toBe(40);
    } finally {
      await paper.close();
    }
  });

  test('lets nothing of a hostile page reach the terminal', async () => {
    const evil = '&#27;]0;owned&#7;\u001b[2J\u009b31m\u202e';
    const page = pageOf({
      ...story,
      title: `Bridge ${evil} opens`,
      paragraphs: story.paragraphs.map((text) => evil + text),
      after: `<p>${evil}</p>`,
    });
    for (const flags of [[], ['--blocks'], ['--json']]) {
      const { stdout } = await tearsheet(['clean', '-', ...flags], { stdin: page });
      expect(stdout).toContain('Mayor Ilse Brandt');
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
    }
  });

  test('colours for a person at a terminal, and not where they refused', async () => {
    const coloured = await tearsheet(['clean', '-', '--blocks'], { stdin: html, isTty: true });
    expect(coloured.stdout).toContain('\u001b[32mparagraph');
    const refused = await tearsheet(['clean', '-', '--blocks'], { stdin: html, isTty: true, env: { NO_COLOR: '1' } });
    expect(refused.stdout).not.toContain('\u001b');
  });

  test.each([
    ['nothing to read', [], 10, 'E_CLI_NO_URL'],
    ['a file that is not there', ['/nowhere/page.html'], 13, 'E_FILE_READ'],
    ['a scheme that is none of ours', ['ftp://post.example/1'], 12, 'E_URL_SCHEME'],
    ['lines in a file that is not there', ['--jsonl', '/nowhere/pages.jsonl'], 13, 'E_FILE_READ'],
    ['one address for two pages', ['a.html', 'b.html', '--url', 'http://a.example/'], 2, 'E_CLI_USAGE'],
  ])('%s: one line, a code of its own', async (_, argv, exit, code) => {
    const { code: got, stderr } = await tearsheet(['clean', ...argv]);
    expect(got).toBe(exit);
    expect(stderr).toMatch(new RegExp(`^tearsheet: ${code}: .*\n$`));
  });
});

describe('clean --jsonl', () => {
  test('writes a line for each page, in order, with the body alone as text', async () => {
    const stdin = [line(1, html), line('two', pageOf(storyOf('sandvik')))].join('\n');
    const { code, objects } = await tearsheet(['clean', '--jsonl'], { stdin });
    expect(code).toBe(0);
    const [first, second] = objects();
    expect(Object.keys(first ?? {}).toSorted()).toEqual([
      'authors',
      'blocks',
      'id',
      'kind',
      'language',
      'lead',
      'modified',
      'published',
      'text',
      'title',
    ]);
    expect(first).toMatchObject({
      id: 1,
      kind: 'article',
      title: story.title,
      authors: ['Tomas Lindqvist'],
      published: '2026-03-03T09:30:00+01:00',
      modified: null,
      language: 'en',
      text: story.paragraphs.join('\n'),
    });
    expect(first?.['blocks']).toContainEqual({ role: 'article', label: 'paragraph', text: story.paragraphs[0] });
    expect(second).toMatchObject({ id: 'two', title: storyOf('sandvik').title });
  });

  test('goes on after what is broken, and says what was wrong with it', async () => {
    const stdin = [
      '{"id": 1, "html"',
      '[]',
      line(3, html),
      '{"id": 4, "url": "https://a.example/"}',
      '{"id": 5, "html": 7}',
      '',
      line(6, html),
    ].join('\n');
    const { code, objects } = await tearsheet(['clean', '--jsonl'], { stdin });
    expect(code).toBe(0);
    expect(objects().map(({ id, error }) => [id, error === undefined])).toEqual([
      [null, false],
      [null, false],
      [3, true],
      [4, false],
      [5, false],
      [6, true],
    ]);
    expect(objects()[3]).toMatchObject({
      error: { code: 'E_CLI_USAGE', message: expect.stringContaining('"html" that is missing') as string },
    });
  });

  test('refuses a line that is longer than it takes, without keeping it, and goes on', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    async function* pages(): AsyncGenerator<Buffer> {
      for (let n = 0; n < 66; n += 1) yield await Promise.resolve(chunk);
      yield Buffer.from(`\n${line(2, html)}\n`);
    }
    const { objects } = await tearsheet(['clean', '--jsonl'], { stdin: Readable.from(pages()) });
    expect(objects()).toMatchObject([
      { id: null, error: { message: expect.stringContaining('69206016 bytes') as string } },
      { id: 2, title: story.title },
    ]);
  });

  test('reads from a file too', async () => {
    await writeFile(join(dir, 'pages.jsonl'), `${line(1, html)}\n`);
    expect((await tearsheet(['clean', '--jsonl', join(dir, 'pages.jsonl')])).objects()).toMatchObject([
      { id: 1, title: story.title },
    ]);
  });

  test('reads no faster than it is read', async () => {
    let sent = 0;
    async function* pages(): AsyncGenerator<Buffer> {
      for (; sent < 200; sent += 1) yield await Promise.resolve(Buffer.from(`${line(sent, html)}\n`));
    }
    const { cleanLines } = await import('../../src/commands/jsonl.ts');
    const { PassThrough } = await import('node:stream');
    const out = new PassThrough({ highWaterMark: 1 });
    const stop = new AbortController();
    const answering = { answer: (text: string) => Promise.resolve(text), jobs: 1 };
    const done = cleanLines(Readable.from(pages()), answering, out, stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Eight lines are in hand, Readable.from holds a few itself; the others must wait for whoever reads `out`.
    expect(sent).toBeLessThan(30);
    out.resume();
    await done;
    expect(sent).toBe(200);
  });
});
