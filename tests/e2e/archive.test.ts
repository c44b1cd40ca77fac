import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tearsheet } from './command-line.ts';
import type { World } from './command-line.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from './paper.ts';
import type { Handler, Paper } from './paper.ts';

let dir: string;
let archive: string;
const papers: Paper[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-archive-'));
  archive = join(dir, 'archive');
});
afterEach(async () => {
  await Promise.all(papers.splice(0).map((paper) => paper.close()));
  await rm(dir, { recursive: true });
});

async function open(handler: Handler, host?: string): Promise<Paper> {
  const paper = await openPaper(handler, host);
  papers.push(paper);
  return paper;
}
/** No waiting for what the tests make fail. */
const ENV = {
  TEARSHEET_FETCH_MAX_RETRIES: '0',
  TEARSHEET_FETCH_HEADERS_TIMEOUT_MS: '2000',
  TEARSHEET_FETCH_BODY_TIMEOUT_MS: '2000',
};
const run = (argv: readonly string[], world: World = {}) =>
  tearsheet([...argv, '--archive', archive, ...ALLOW], { ...world, env: { ...ENV, ...world.env } });
const stories: Handler = (path, _, response) => sendHtml(response, pageOf(storyOf(path.slice(1))));

const slow: Handler = (path, _, response) => void setTimeout(() => sendHtml(response, pageOf(storyOf(path))), 30);

const manifests = async (): Promise<Record<string, unknown>[]> => {
  const names = (await readdir(join(archive, 'runs'))).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(
      async (name) => JSON.parse(await readFile(join(archive, 'runs', name), 'utf8')) as Record<string, unknown>,
    ),
  );
};

describe('archive', () => {
  test('keeps a page, finds it unchanged, and keeps what its editors change as the next version', async () => {
    let story = storyOf('elbe-harbour');
    const { origin } = await open((_, __, response) =>
      sendHtml(response, pageOf({ ...story, after: `<p class="ad">${Math.random()}</p>` })),
    );
    const url = `${origin}/town/elbe-harbour-bridge-opens`;
    const first = await run(['archive', url, '--json']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [made] = first.objects();
    expect(made).toMatchObject({
      url,
      outcome: 'new',
      article: expect.any(String) as string,
      version: 1,
      path: expect.stringMatching(/^articles\/.*\/v0001\.json$/) as string,
    });

    expect((await run(['archive', url, '--json'])).objects()).toMatchObject([
      { outcome: 'unchanged', version: 1, path: made?.['path'] },
    ]);

    story = { ...story, paragraphs: story.paragraphs.map((text) => text.replace('3,200', '2,300')) };
    const third = await run(['archive', url, '--json']);
    expect(third.objects()).toMatchObject([
      { outcome: 'changed', version: 2, change: { cause: 'publisher', kinds: ['paragraph-reworded'], stealth: true } },
    ]);

    const snapshot = await readFile(join(archive, made?.['path'] as string));
    const looks = (await run(['history', url, '--json'])).objects();
    expect(looks.map(({ type, outcome, version }) => [type, outcome ?? version])).toEqual([
      ['version', 1],
      ['look', 'new'],
      ['look', 'unchanged'],
      ['version', 2],
      ['look', 'changed'],
    ]);
    expect(looks[1]).toMatchObject({ snapshot: createHash('sha256').update(snapshot).digest('hex') });

    expect((await run(['diff', url])).stdout).toContain('[-3,200-]{+2,300+}');
    expect((await run(['diff', url, '--from', '1', '--to', '2', '--json'])).objects()).toMatchObject([
      { from: 1, to: 2, change: { kinds: ['paragraph-reworded'] } },
    ]);
    expect((await run(['list', '--json'])).objects()).toMatchObject([
      { title: story.title, host: '127.0.0.1', versions: 2, state: 'live' },
    ]);
    expect(await run(['verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no problem found') as string,
    });
  });

  test('tells a person in one line what it did and where it lies', async () => {
    const { origin } = await open(stories);
    const { stdout } = await run(['archive', `${origin}/elbe-harbour-1911`]);
    expect(stdout).toMatch(
      /^new {11}v1 {2}http:\S+ {2}"The harbour bridge of elbe-harbour-1911 opens after nine years" {2}\S+\/v0001\.json\n$/,
    );
    const path = stdout.trim().split('  ').at(-1) as string;
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1 });
  });

  test('shows an article and its blocks, by address, by folder and by file', async () => {
    const { origin } = await open(stories);
    const [made] = (await run(['archive', `${origin}/elbe-harbour-1911`, '--json'])).objects();
    const path = join(archive, made?.['path'] as string);
    const folder = String(made?.['path']).split('/').at(-2) as string;
    for (const query of [
      `${origin}/elbe-harbour-1911?utm_source=x`,
      folder.slice(0, 8),
      path,
      made?.['article'] as string,
    ]) {
      const { code, stdout } = await run(['show', query]);
      expect(code).toBe(0);
      expect(stdout).toContain('The harbour bridge of elbe-harbour-1911 opens after nine years\n');
      expect(stdout).toContain('version    1');
      expect(stdout).not.toContain('Subscribe to our newsletter');
    }
    const { stdout } = await run(['show', folder, '--blocks']);
    expect(stdout).toMatch(/▌ paragraph .*council/);
    expect(stdout).toMatch(/ {2}\S+ +\d+% Subscribe/);
    const [shown] = (await run(['show', path, '--json'])).objects();
    expect(shown).toMatchObject({
      id: createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
      snapshot: { version: 1 },
    });
  });

  test('sends the validators of the last answer, and takes a 304 as a look of its own', async () => {
    const paper = await open((path, request, response) => {
      if (request.headers['if-none-match'] !== '"1"') return sendHtml(response, pageOf(storyOf(path)), { etag: '"1"' });
      response.writeHead(304, { etag: '"1"' }).end();
    });
    const url = `${paper.origin}/elbe-harbour-1911`;
    await run(['archive', url]);
    expect((await run(['archive', url, '--json'])).objects()).toMatchObject([{ outcome: 'not-modified', version: 1 }]);
    expect((await run(['archive', url, '--json'])).objects()).toMatchObject([{ outcome: 'not-modified', version: 1 }]);
    expect((await run(['verify', '--json'])).objects()).toMatchObject([{ problems: [] }]);
  });

  test('reads a list on standard input: blank lines, comments and repetitions are skipped, the last aloud', async () => {
    const { origin, requests } = await open(stories);
    const stdin = `# the morning's pages\n${origin}/bridge-opens-1\r\n\n  ${origin}/bridge-opens-2  \n${origin}/bridge-opens-1#top`;
    const { code, objects, stderr } = await run(['archive', '--stdin', '--json'], { stdin });
    expect(code).toBe(0);
    expect(objects().map(({ url, outcome }) => [url, outcome])).toEqual([
      [`${origin}/bridge-opens-1`, 'new'],
      [`${origin}/bridge-opens-2`, 'new'],
    ]);
    expect(stderr).toBe(`tearsheet: ${origin}/bridge-opens-1#top was named before; archived once\n`);
    expect(requests).toHaveLength(2);
  });

  describe('asks robots.txt once a host, and', () => {
    const forbidding: Handler = (path, request, response) => {
      if (path !== '/robots.txt') return stories(path, request, response);
      response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: tearsheet\nDisallow: /private/\n');
    };
    test('notes what it says with the look', async () => {
      const { origin, requests, robotsAsked } = await open(forbidding);
      const urls = [`${origin}/private/bridge-opens-1`, `${origin}/bridge-opens-2`];
      const { code, objects } = await run(['archive', ...urls, '--json']);
      expect([code, requests.length, robotsAsked()]).toEqual([0, 2, 1]);
      expect(objects()).toMatchObject([
        { outcome: 'new', note: 'robots.txt does not allow it: "Disallow: /private/"' },
        { outcome: 'new' },
      ]);
      expect(objects()[1]).not.toHaveProperty('note');
      const looks = await Promise.all(urls.map(async (url) => (await run(['history', url, '--json'])).objects()));
      expect(looks.flat().filter(({ type }) => type === 'look')).toMatchObject([
        { robots: { allowed: false, directives: [] } },
        { robots: { allowed: true, directives: [] } },
      ]);
    });
    test('obeys it where it is told to', async () => {
      const { origin, requests } = await open(forbidding);
      const { code, objects } = await run(['archive', `${origin}/private/bridge-opens-1`, '--json'], {
        env: { TEARSHEET_ARCHIVE_ROBOTS: 'obey' },
      });
      expect([code, requests.length]).toEqual([38, 0]);
      expect(objects()).toMatchObject([{ outcome: 'robots', article: null, error: { code: 'E_FETCH_ROBOTS' } }]);
      expect((await run(['list', '--json'])).objects()).toEqual([]);
    });
    test('does not ask where it is told not to', async () => {
      const { origin, robotsAsked } = await open(forbidding);
      await run(['archive', `${origin}/private/bridge-opens-1`], { env: { TEARSHEET_ARCHIVE_ROBOTS: 'ignore' } });
      expect(robotsAsked()).toBe(0);
    });
  });

  test('has pages of several hosts in hand at once, and never two of one', async () => {
    const [one, other] = [await open(slow), await open(slow, '127.0.1.1')];
    const urls = [1, 2, 3].flatMap((n) => [`${one.origin}/bridge-opens-${n}`, `${other.origin}/bridge-opens-${n}`]);
    expect((await run(['archive', ...urls])).code).toBe(0);
    expect([one.mostInFlight(), other.mostInFlight()]).toEqual([1, 1]);
  });

  test('archives a saved page as if it had been fetched', async () => {
    const page = join(dir, 'saved.html');
    await writeFile(page, pageOf(storyOf('elbe-harbour')));
    const url = 'https://post.example/town/elbe-harbour-bridge-opens';
    const saved = ['archive', '--from-file', page, '--url', url, '--json'];
    expect((await run(saved)).objects()).toMatchObject([{ url, outcome: 'new', version: 1 }]);
    expect((await run(saved)).objects()).toMatchObject([{ url, outcome: 'unchanged', version: 1 }]);
    expect((await run(['show', url, '--json'])).objects()).toMatchObject([
      { snapshot: { url, capture: { engine: 'file' } } },
    ]);
    expect((await run(['verify'])).code).toBe(0);
  });
});

/** What servers do instead of sending the article. */
const TROUBLES: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/gone-1': (response) => sendHtml(response, '<h1>Gone</h1>', {}, 410),
  '/missing-1': (response) => sendHtml(response, '<h1>Not found</h1>', {}, 404),
  '/soft-404-1': (response) => response.writeHead(302, { location: '/' }).end(),
  '/forbidden-1': (response) => sendHtml(response, '<h1>Forbidden</h1>', {}, 403),
  '/down-1': (response) => sendHtml(response, '<h1>Service unavailable</h1>', {}, 503),
  '/hangs-1': () => undefined,
  '/drips-1': (response) => response.writeHead(200, { 'content-type': 'text/html' }).flushHeaders(),
  '/resets-1': (response) => response.destroy(),
  '/loops-1': (response) => response.writeHead(302, { location: '/loops-1' }).end(),
  '/inside-1': (response) => response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end(),
  '/pdf-1': (response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7'),
  '/empty-1': (response) => sendHtml(response, ''),
};

describe('archive of a page that is in trouble', () => {
  test.each([
    ['/gone-1', 'gone', 'E_PAGE_GONE', 33],
    ['/missing-1', 'gone', 'E_PAGE_GONE', 33],
    ['/soft-404-1', 'soft-404', 'E_PAGE_GONE', 33],
    ['/forbidden-1', 'walled', 'E_PAGE_WALLED', 34],
    ['/down-1', 'error', 'E_FETCH_STATUS', 29],
    ['/hangs-1', 'error', 'E_FETCH_TIMEOUT', 23],
    ['/drips-1', 'error', 'E_FETCH_TIMEOUT', 23],
    ['/resets-1', 'error', 'E_FETCH_CONNECT', 22],
    ['/loops-1', 'error', 'E_FETCH_REDIRECTS', 25],
    ['/inside-1', 'error', 'E_FETCH_ADDRESS', 20],
    ['/pdf-1', 'error', 'E_FETCH_TYPE', 28],
    ['/empty-1', 'error', 'E_FETCH_EMPTY', 32],
  ])('%s is a look with the outcome %s, told as %s with exit status %i', async (path, outcome, code, exit) => {
    let isInTrouble = false;
    const { origin } = await open((asked, request, response) => {
      const trouble = isInTrouble ? TROUBLES[asked] : undefined;
      if (trouble !== undefined) trouble(response);
      else if (asked === '/') sendHtml(response, '<h1>The Harbour Post</h1>');
      else stories(asked, request, response);
    });
    await run(['archive', origin + path]);
    isInTrouble = true;
    const env = { TEARSHEET_FETCH_HEADERS_TIMEOUT_MS: '150', TEARSHEET_FETCH_BODY_TIMEOUT_MS: '150' };
    const result = await run(['archive', origin + path, '--json'], { env });
    expect(result.objects()).toMatchObject([{ outcome, version: 1, error: { code } }]);
    expect(result.code).toBe(exit);
    expect(result.stderr).toMatch(new RegExp(`^tearsheet: ${code}: .*\n$`));
    const looks = (await run(['history', origin + path, '--json'])).objects().filter(({ type }) => type === 'look');
    expect(looks.map((look) => look['outcome'])).toEqual(['new', outcome]);
    expect((await run(['verify'])).code).toBe(0);
  });

  test('of a host never seen is a look at what was asked for', async () => {
    const { code } = await run(['archive', 'http://127.0.0.2:9/bridge-opens-1']);
    expect(code).toBe(20);
    expect((await run(['list', '--json'])).objects()).toMatchObject([
      { versions: 0, state: 'error', host: '127.0.0.2' },
    ]);
    expect((await run(['verify'])).code).toBe(0);
  });

  test('never stops the others; failures of one kind keep its code, different ones have a code of their own', async () => {
    const { origin } = await open((path, request, response) =>
      TROUBLES[path] ? TROUBLES[path](response) : stories(path, request, response),
    );
    const alike = await run([
      'archive',
      `${origin}/gone-1`,
      `${origin}/bridge-opens-1`,
      `${origin}/missing-1`,
      '--json',
    ]);
    expect(alike.objects().map(({ outcome }) => outcome)).toEqual(['gone', 'new', 'gone']);
    expect(alike.code).toBe(33);
    const mixed = await run(['archive', `${origin}/gone-1`, 'not a url', `${origin}/bridge-opens-1`, '--json']);
    expect(mixed.code).toBe(3);
    expect(
      mixed
        .objects()
        .map(({ url, outcome }) => [url, outcome])
        .toSorted(),
    ).toEqual([
      [`${origin}/bridge-opens-1`, 'unchanged'],
      [`${origin}/gone-1`, 'gone'],
      ['not a url', 'error'],
    ]);
    expect(mixed.stderr).toMatch(/^tearsheet: E_PAGES_FAILED: 2 of 3 pages could not be archived/);
  });
});

describe('archive with bad input', () => {
  test.each([
    ['no URL', [], 10, 'E_CLI_NO_URL'],
    ['what is no URL', ['harbour'], 11, 'E_URL_INVALID'],
    ['a scheme that is none of ours', ['ftp://post.example/1'], 12, 'E_URL_SCHEME'],
    [
      'a saved page that is not there',
      ['--from-file', '/nowhere/x.html', '--url', 'http://a.example/1'],
      13,
      'E_FILE_READ',
    ],
    ['an address that nobody allowed', ['http://10.0.0.1/bridge-1'], 20, 'E_FETCH_ADDRESS'],
    ['an odd spelling of one', ['http://0x7f.2/bridge-1'], 20, 'E_FETCH_ADDRESS'],
  ])('%s: one line, a code of its own', async (_, argv, exit, code) => {
    const { code: got, stderr } = await run(['archive', ...argv]);
    expect(got).toBe(exit);
    expect(stderr).toMatch(new RegExp(`^tearsheet: ${code}: .*\n$`));
  });

  test('leaves no empty archive behind for a slip of the pen', async () => {
    await run(['archive', 'harbour']);
    expect(await readdir(dir)).toEqual([]);
  });

  test('refuses a folder that is no archive and holds something else', async () => {
    await writeFile(join(dir, 'letter.txt'), 'Dear reader');
    archive = dir;
    for (const command of [['archive', 'http://127.0.0.2/bridge-1'], ['list'], ['verify'], ['show', 'x']]) {
      const { code, stderr } = await run(command);
      expect(code).toBe(40);
      expect(stderr).toMatch(/^tearsheet: E_ARCHIVE_NOT_ONE: .*\n$/);
    }
    expect(await readdir(dir)).toEqual(['letter.txt']);
  });

  test('refuses a file in the place of an archive', async () => {
    await writeFile(archive, 'text');
    expect((await run(['archive', 'http://127.0.0.2/bridge-1'])).code).toBe(40);
  });

  test.each([
    ['an archive with a damaged version', /v0001\.json$/],
    ['an archive with a damaged looks file', /^looks\/.*\.jsonl$/],
  ])('%s: verify finds it, and nothing is written over it', async (_, pattern) => {
    const { origin } = await open(stories);
    const url = `${origin}/bridge-opens-1`;
    await run(['archive', url]);
    const files = (await readdir(archive, { recursive: true })).filter((name) => pattern.test(name));
    expect(files).toHaveLength(1);
    const path = join(archive, files[0] as string);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    await writeFile(path, bytes);
    const verified = await run(['verify', '--json']);
    expect(verified.code).toBe(45);
    expect(verified.objects()).toMatchObject([
      { problems: expect.arrayContaining([expect.objectContaining({ path: files[0] })]) as unknown[] },
    ]);
    const visited = await run(['archive', url]);
    expect(await readFile(path)).toEqual(bytes);
    expect(visited.stderr).not.toContain('E_INTERNAL');
  });

  test('tells of a damaged version in one line when it is to be shown', async () => {
    const { origin } = await open(stories);
    const [made] = (await run(['archive', `${origin}/bridge-opens-1`, '--json'])).objects();
    const path = join(archive, made?.['path'] as string);
    await writeFile(path, (await readFile(path, 'utf8')).replace('3,200', '2,300'));
    const { code, stdout, stderr } = await run(['show', `${origin}/bridge-opens-1`]);
    expect(code).toBe(45);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^tearsheet: E_ARCHIVE_DAMAGED: .*\n$/);
  });

  test.each([
    ['an article that is not there', ['show', 'https://post.example/nothing-1']],
    ['a version that is not there', ['show', 'URL', '--version', '7']],
    ['a difference where there is one version', ['diff', 'URL']],
    ['the history of an article that is not there', ['history', 'feedc0de']],
  ])('%s: E_ARCHIVE_NO_ARTICLE', async (_, argv) => {
    const { origin } = await open(stories);
    await run(['archive', `${origin}/bridge-opens-1`]);
    const { code, stderr } = await run(argv.map((arg) => (arg === 'URL' ? `${origin}/bridge-opens-1` : arg)));
    expect(code).toBe(41);
    expect(stderr).toMatch(/^tearsheet: E_ARCHIVE_NO_ARTICLE: .*\n$/);
  });
});

describe('archive with addresses that are allowed', () => {
  test.each([
    [
      'one by one, before and after the command',
      ['--allow-address', '127.0.0.1/32', 'archive', 'A', 'B', '--allow-address', '127.0.1.0/24'],
    ],
    ['with commas', ['archive', 'A', 'B', '--allow-address', '127.0.0.1/32,127.0.1.0/24']],
  ])('%s', async (_, argv) => {
    const origins = { A: (await open(stories)).origin, B: (await open(stories, '127.0.1.1')).origin };
    const asked = argv.map((arg) => (arg === 'A' || arg === 'B' ? `${origins[arg]}/bridge-opens-1` : arg));
    expect((await tearsheet([...asked, '--archive', archive])).code).toBe(0);
  });

  test('and no others', async () => {
    const { origin } = await open(stories, '127.0.1.1');
    const argv = ['archive', `${origin}/bridge-opens-1`, '--archive', archive, '--allow-address', '127.0.0.1/32'];
    expect((await tearsheet(argv)).code).toBe(20);
  });
});

describe('archive that is interrupted', () => {
  test('finishes the page in hand, begins no other, seals the run as interrupted and ends with 130', async () => {
    const stop = new AbortController();
    const { origin, requests } = await open((path, request, response) => {
      stop.abort();
      stories(path, request, response);
    });
    const urls = [1, 2, 3].map((n) => `${origin}/bridge-opens-${n}`);
    const { code, objects, stderr } = await run(['archive', ...urls, '--json'], { signal: stop.signal });
    expect(code).toBe(130);
    expect(objects()).toMatchObject([{ url: urls[0], outcome: 'new' }]);
    expect(stderr).toBe('tearsheet: stopped; pages not begun: 2\n');
    expect(requests).toHaveLength(1);
    expect(await manifests()).toMatchObject([{ ended: 'interrupted', counts: { pages: 1, new: 1 } }]);
    expect((await run(['verify'])).code).toBe(0);
    expect((await run(['archive', ...urls, '--json'])).objects().map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'new',
      'new',
    ]);
  });

  test('lets go of a page that does not come when it is interrupted again', async () => {
    const [stop, abort] = [new AbortController(), new AbortController()];
    const { origin } = await open(() => {
      stop.abort();
      setImmediate(() => abort.abort());
    });
    const env = { TEARSHEET_FETCH_HEADERS_TIMEOUT_MS: '60000' };
    const { code, stdout } = await run(['archive', `${origin}/bridge-opens-1`], {
      signal: stop.signal,
      abort: abort.signal,
      env,
    });
    expect(code).toBe(130);
    expect(stdout).toBe('');
  });

  test('stops waiting for a list that is never finished', async () => {
    const stop = new AbortController();
    const { origin } = await open(stories);
    const stdin = new Readable({ read: () => undefined });
    stdin.push(`${origin}/bridge-opens-1\n`);
    const { code, objects } = await run(['archive', '--stdin', '--json'], {
      stdin,
      signal: stop.signal,
      onStdout: () => stop.abort(),
    });
    expect(code).toBe(130);
    expect(objects()).toMatchObject([{ outcome: 'new' }]);
  });
});
