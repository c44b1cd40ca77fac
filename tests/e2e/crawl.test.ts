/** A newspaper from its address to an archive that is kept current, by the commands that an operator types. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { killCrawls } from '../bench/crawl-kill.ts';
import { freePort } from '../bench/news-web.ts';
import { built } from './built.ts';
import { tearsheet } from './command-line.ts';
import type { Outcome } from './command-line.ts';
import { openOutlet } from './outlet.ts';
import type { Outlet, Piece } from './outlet.ts';
import { ALLOW } from './paper.ts';

const PIECES = 10;
const POLL = { timeout: 20_000, interval: 50 };
const ENV = {
  TEARSHEET_FETCH_CONTACT: 'mailto:desk@archive.example',
  TEARSHEET_FETCH_MAX_RETRIES: '0',
  TEARSHEET_CRAWL_DELAY_MS: '0',
  TEARSHEET_CRAWL_LATENCY_FACTOR: '0',
  TEARSHEET_BROWSER_RENDER: 'never',
};

let cli: string;
let dir: string;
let outlet: Outlet;
const children: ChildProcess[] = [];
beforeAll(async () => {
  cli = await built();
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-crawl-'));
  outlet = await openOutlet(PIECES);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await outlet.close();
  await rm(dir, { recursive: true });
});

const places = (): string[] => ['--archive', join(dir, 'archive'), '--sources', join(dir, 'sources'), ...ALLOW];
const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  tearsheet([...argv, ...places()], { env: { ...ENV, ...env } });
const add = (): Promise<Outcome> => run(['sources', 'add', `${outlet.origin}/`, '--name', 'harbour']);
const source = async (text: string, name = 'harbour'): Promise<void> => {
  await mkdir(join(dir, 'sources'), { recursive: true });
  await writeFile(join(dir, 'sources', `${name}.yaml`), `name: ${name}\nhome: '${outlet.origin}/'\n${text}`);
};

interface Crawled {
  readonly code: number;
  readonly outcomes: ReadonlyMap<string, string>;
  readonly lines: readonly Record<string, unknown>[];
  readonly summary: Record<string, unknown>;
  readonly stderr: string;
}
/** One pass, with the outcome of each page by its path. */
async function crawl(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Crawled> {
  const { code, objects, stderr } = await run(['crawl', '--json', ...argv], env);
  const lines = objects();
  const pages = lines.slice(0, -1);
  const outcomes = new Map(pages.map(({ url, outcome }) => [new URL(url as string).pathname, outcome as string]));
  return { code, outcomes, lines: pages, summary: lines.at(-1) ?? {}, stderr };
}
const articles = async () => (await run(['list', '--json'])).objects();
const paths = (): string[] => outlet.pieces.map(({ path }) => path);
const allAre = (outcome: string): Map<string, string> => new Map(paths().map((path) => [path, outcome]));
const sorted = (outcomes: ReadonlyMap<string, string>): [string, string][] =>
  [...outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1));
const PRIVATE = '/private/minutes-of-the-council-from-last-tuesday-4711';

async function verified(): Promise<void> {
  expect((await run(['verify', '--json'])).objects()).toMatchObject([{ problems: [], notes: [] }]);
}

const start = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess => {
  const all = { ...process.env, NODE_OPTIONS: '', ...ENV, ...env };
  const child = spawn(process.execPath, [cli, ...argv, ...places()], { env: all });
  children.push(child);
  return child;
};
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** Resolves when the child has gone; `until` sees all of stderr whenever there is more of it. */
function ended(child: ChildProcess, until?: (stderr: string) => void): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    texts.stderr += chunk.toString();
    until?.(texts.stderr);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
}

describe('a newspaper, from its address on', () => {
  test('is found out about, archived once, and then looked at with what the last answer left', async () => {
    const { code, stdout } = await add();
    expect(code).toBe(0);
    expect(stdout).toContain(`wrote ${join(dir, 'sources', 'harbour.yaml')}; next: tearsheet crawl harbour`);
    const first = await crawl(['harbour']);
    expect(first.code).toBe(0);
    // Feeds name some with a parameter, the sitemap and the section all without.
    expect(sorted(first.outcomes)).toEqual(sorted(new Map([...allAre('new'), [PRIVATE, 'robots']])));
    expect(first.lines).toHaveLength(PIECES + 1);
    expect(first.summary).toMatchObject({
      ended: 'finished',
      pages: PIECES,
      outcomes: { new: PIECES },
      skipped: { robots: 1 },
      documents: { unchanged: 0, failed: 0 },
      found: PIECES + 1,
      failures: [],
    });
    expect(first.summary['bytes']).toBeGreaterThan(PIECES * 1000);
    expect(await articles()).toHaveLength(PIECES);

    const before = outlet.requests.length;
    expect(await crawl()).toMatchObject({ code: 0, lines: [], summary: { pages: 0, outcomes: {}, bytes: 0 } });
    expect(outlet.requests).toHaveLength(before);

    const again = await crawl(['--all']);
    expect(sorted(again.outcomes)).toEqual(sorted(new Map([...allAre('not-modified'), [PRIVATE, 'robots']])));
    expect(again.summary).toMatchObject({ pages: PIECES, documents: { read: 0, failed: 0 }, found: 0, bytes: 0 });
    expect((await articles()).map(({ versions }) => versions)).toEqual(paths().map(() => 1));

    expect(outlet.mostInFlight()).toBe(1);
    expect(outlet.asked(PRIVATE)).toBe(0);
    // Once by `sources add`, which keeps nothing, and once by all crawls of the day.
    expect(outlet.robotsAsked()).toBe(2);
    await verified();
  });

  test('is told of in words that need no manual', async () => {
    await add();
    const { stdout } = await run(['crawl', 'harbour']);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('new  '))).toHaveLength(PIECES);
    expect(stdout).toMatch(/^harbour: nothing more is due$/m);
    expect(stdout).toMatch(/^ {2}pages {6}10 \(10 new\)$/m);
    expect(stdout).toMatch(/^ {2}skipped {4}1 not allowed by robots\.txt$/m);
    const quiet = await run(['crawl', 'harbour', '--all']);
    expect(quiet.stdout).not.toContain('/harbour/');
    expect((await run(['crawl', 'harbour', '--all', '--verbose'])).stdout.match(/^not-modified/gm)).toHaveLength(
      PIECES + 6,
    );
  });

  test('is kept current: an edit, a deletion that comes to rest after three looks', async () => {
    await add();
    await crawl();
    const [edited, deleted] = outlet.pieces as [Piece, Piece];
    const { paragraphs } = edited.story;
    edited.story = { ...edited.story, paragraphs: [...paragraphs, 'The mayor resigned on Thursday, her office said.'] };
    deleted.status = 404;
    const second = await crawl(['--all']);
    expect(second.code).toBe(0);
    expect(second.outcomes.get(edited.path)).toBe('changed');
    expect(second.outcomes.get(deleted.path)).toBe('gone');
    expect(second.summary).toMatchObject({ outcomes: { changed: 1, gone: 1, 'not-modified': PIECES - 2 } });
    const history = (await run(['history', outlet.urlOf(edited), '--json'])).objects();
    expect(history.map(({ type }) => type)).toEqual(['version', 'look', 'version', 'look']);

    for (const n of [3, 4]) expect((await crawl(['--all'])).outcomes.get(deleted.path), `${n}`).toBe('gone');
    expect((await crawl(['--all'])).outcomes.has(deleted.path)).toBe(false);
    expect((await run(['sources', 'check', '--why', outlet.urlOf(deleted)])).stdout).toContain(
      'not visited any more: gone, 3 looks in a row',
    );
    expect((await run(['show', outlet.urlOf(deleted)])).code).toBe(0);
    await verified();
  });

  test('is asked for an article by one of its addresses, where another leads to it', async () => {
    await source(`sitemaps: ['${outlet.origin}/sitemap_index.xml']\narticleId: '-(\\d{4})$'\n`);
    await crawl();
    const [unedited, edited] = outlet.pieces as [Piece, Piece];
    const slugs = [unedited, edited].map((piece, n) => ({
      ...piece,
      path: `/harbour/the-bridge-of-the-north-100${n}`,
    }));
    const [, second] = slugs as [Piece, Piece];
    second.story = { ...second.story, title: 'The harbour bridge closes again after one day' };
    outlet.pieces.push(...slugs);
    unedited.movedTo = slugs[0]?.path as string;
    edited.movedTo = second.path;
    // The sitemap names both addresses of each now.
    const { summary } = await crawl(['--all']);
    expect(summary).toMatchObject({
      outcomes: { changed: 1, 'not-modified': expect.any(Number) as number },
      failures: [],
    });
    expect(Object.keys(summary['outcomes'] as object)).toHaveLength(2);
    expect((await crawl(['--all'])).summary).toMatchObject({ outcomes: { 'not-modified': PIECES } });
    expect((await articles()).map(({ versions }) => versions).toSorted()).toEqual([
      ...paths()
        .slice(3)
        .map(() => 1),
      2,
    ]);
    for (const [n, slug] of slugs.entries()) {
      const pair = [outlet.pieces[n] as Piece, slug].map((piece) => ['sources', 'check', '--why', outlet.urlOf(piece)]);
      const told = await Promise.all(pair.map(async (argv) => (await run(argv)).stdout));
      expect(told.filter((text) => text.includes('not visited any more: alias'))).toHaveLength(1);
    }
    await verified();
  });

  test('leads into no calendar without end', async () => {
    await source(`listings: [{url: '${outlet.origin}/calendar'}, {url: '${outlet.origin}/harbour'}]\n`);
    const { summary, code } = await crawl([], { TEARSHEET_CRAWL_MAX_ADDRESSES_PER_SHAPE: '10' });
    expect(code).toBe(0);
    expect(summary).toMatchObject({ outcomes: { new: PIECES } });
    expect(outlet.requests.filter(({ path }) => path.startsWith('/calendar')).length).toBeLessThan(20);
  });

  test('is asked as slowly as its robots.txt wants', async () => {
    outlet.robots += 'Crawl-delay: 0.4\n';
    const at: number[] = [];
    outlet.onRequest = () => void at.push(performance.now());
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    expect((await crawl(['--pages', '2'])).summary).toMatchObject({ ended: 'limit', pages: 2 });
    const gaps = at.slice(1).map((ms, n) => ms - (at[n] as number));
    expect(gaps).toHaveLength(3);
    // Timers of the machine end up to a millisecond early.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(398);
  });

  test('is left alone where it is down, with a code for cron, and asked again later', async () => {
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    const { origin } = outlet;
    await outlet.close();
    const { code, stderr, summary } = await crawl();
    expect(code).toBe(62);
    expect(stderr).toContain('E_CRAWL_FAILED: expected feeds, sitemaps or lists, got none of 1');
    // A robots.txt that nobody can read forbids everything (RFC 9309), until it can.
    expect(summary).toMatchObject({
      failures: [{ code: 'E_FETCH_ROBOTS', examples: [{ url: `${origin}/feed.xml` }] }],
    });
    const [{ examples }] = summary['failures'] as [{ examples: [{ message: string }] }];
    expect(examples[0].message).toMatch(/ECONNREFUSED.*; it is asked again from \d{4}-/);
    outlet = await openOutlet(1);
    expect((await run(['sources', 'check', '--why', `${origin}/feed.xml`])).stdout).toContain(': robots');
  });
});

describe('a crawl', () => {
  test('that nobody can be written to about does not start', async () => {
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    const { code, stderr } = await run(['crawl'], { TEARSHEET_FETCH_CONTACT: '' });
    expect(code).toBe(61);
    expect(stderr).toContain('TEARSHEET_FETCH_CONTACT=mailto:you@example.org');
    expect(outlet.robotsAsked()).toBe(0);
  });

  test('of a source that is not there says which was meant', async () => {
    expect(await run(['crawl'])).toMatchObject({ code: 54 });
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    const { code, stderr } = await run(['crawl', 'harbor']);
    expect(code).toBe(55);
    expect(stderr).toContain('did you mean harbour?');
  });

  test('finds another one at work, and says so', async () => {
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    outlet.delayMs = 300;
    const asked = new Promise<void>((resolve) => (outlet.onRequest = (path) => path === '/feed.xml' && resolve()));
    const child = start(['crawl', '--json']);
    const first = ended(child);
    await asked;
    const second = await run(['crawl']);
    expect(second.code).toBe(60);
    expect(second.stderr).toContain('E_CRAWL_BUSY');
    expect(await first).toMatchObject({ code: 0, stderr: '' });
    await verified();
  });

  test('ends in good order on a signal, and is taken up again', async () => {
    await add();
    outlet.delayMs = 20;
    let pages = 0;
    const child = start(['crawl', '--json']);
    outlet.onRequest = (path) => {
      if (path.startsWith('/harbour/') && ++pages === 3) child.kill('SIGINT');
    };
    const { code, stdout, stderr } = await ended(child);
    expect([code, stderr]).toEqual([130, '']);
    const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as Record<string, unknown>;
    expect(summary).toMatchObject({ ended: 'interrupted', pages: 3 });
    await verified();
    outlet.onRequest = undefined;
    const { outcomes } = await crawl();
    expect([...outcomes.values()].filter((outcome) => outcome === 'new')).toHaveLength(PIECES - 3);
    expect((await articles()).map(({ versions }) => versions)).toEqual(paths().map(() => 1));
  });

  test('stops at so many pages, and goes on from there', async () => {
    await add();
    expect((await crawl(['--pages', '4'])).summary).toMatchObject({ ended: 'limit', pages: 4 });
    expect((await crawl()).summary).toMatchObject({ ended: 'finished', pages: PIECES - 4 });
  });

  test('stops before the disk is full', async () => {
    await add();
    const { code, stderr, summary } = await crawl([], { TEARSHEET_CRAWL_MIN_FREE_BYTES: String(2 ** 40) });
    expect(code).toBe(44);
    expect(stderr).toContain('crawl.minFreeBytes');
    expect(summary).toMatchObject({ ended: 'disk', pages: 0 });
  });

  test('that is killed at any moment loses nothing and doubles nothing', async () => {
    const { kills, ...rest } = await killCrawls({ kills: 3, pages: 40, hosts: 4, seed: 1911 });
    expect(kills.map(({ problems }) => problems)).toEqual([[], [], []]);
    expect(rest).toEqual({ exits: [0, 0], articles: 40, problems: [] });
  });
});

describe('the frontier', () => {
  const frontier = (): string => join(dir, 'archive', 'tearsheet.sqlite');
  const explained = async (piece: Piece) =>
    (await run(['sources', 'check', '--why', outlet.urlOf(piece), '--json'])).objects()[0] as {
      nextAt: string;
      entry: Record<string, unknown>;
    };

  test('that is lost is filled again from the archive: validators, looks, changes and times', async () => {
    await add();
    await crawl();
    const [edited, other] = outlet.pieces as [Piece, Piece];
    edited.story = { ...edited.story, title: 'The harbour bridge closes again after one day' };
    await crawl(['--all']);
    const before = [await explained(edited), await explained(other)];
    expect(before[0]?.entry).toMatchObject({ looks: 2, changes: 2, lastOutcome: 'changed' });
    for (const name of await readdir(join(dir, 'archive')))
      if (name.startsWith('tearsheet.sqlite')) await rm(join(dir, 'archive', name));
    await verified();
    const { outcomes, summary } = await crawl(['--all']);
    expect(sorted(outcomes)).toEqual(sorted(new Map([...allAre('not-modified'), [PRIVATE, 'robots']])));
    expect(summary).toMatchObject({ pages: PIECES });
    const after = [await explained(edited), await explained(other)];
    expect(after.map(({ entry }) => entry)).toMatchObject([
      {
        looks: 3,
        changes: 2,
        article: before[0]?.entry['article'],
        publishedAt: before[0]?.entry['publishedAt'],
        source: 'harbour',
      },
      {
        looks: 3,
        changes: 1,
        article: before[1]?.entry['article'],
        publishedAt: before[1]?.entry['publishedAt'],
        source: 'harbour',
      },
    ]);
    await verified();
  });

  test('that is damaged ends the crawl before it asks for anything, and says what to do', async () => {
    await add();
    await crawl();
    await truncate(frontier(), 5000);
    const before = outlet.requests.length;
    const { code, stderr } = await run(['crawl', '--all']);
    expect(code).toBe(63);
    expect(stderr).toContain('delete it and run tearsheet crawl');
    expect(outlet.requests).toHaveLength(before);
    await verified();
  });

  test('that was never asked says so', async () => {
    await add();
    await crawl();
    const { code, stdout } = await run(['sources', 'check', '--why', `${outlet.origin}/harbour/never-heard-of-9999`]);
    expect(code).toBe(41);
    expect(stdout).toContain('not known');
  });
});

describe('sources check --live', () => {
  test('tells how lists and pages do today, and of a site that no longer names anything', async () => {
    await add();
    const { code, objects } = await run(['sources', 'check', '--live', '--json']);
    expect(code).toBe(0);
    const found = objects();
    expect(found.filter(({ type }) => type === 'document').map(({ kind }) => kind)).toEqual([
      'feed',
      'sitemap',
      'listing',
    ]);
    expect(found.filter(({ type, missing }) => type === 'page' && (missing as []).length === 0)).toHaveLength(5);
    outlet.pieces.splice(0);
    const empty = await run(['sources', 'check', '--live']);
    expect(empty.code).toBe(57);
    expect(empty.stderr).toContain('E_SOURCE_EMPTY');
  });
});

describe('watch', () => {
  test('crawls at once and by its schedule, tells how it does, and stops in good order', async () => {
    await add();
    const child = start(['watch', '--port', String(await freePort())]);
    let base = '';
    const done = ended(child, (stderr) => (base = /health at (\S+)\/healthz/.exec(stderr)?.[1] ?? base));
    await expect
      .poll(async () => {
        const response = await fetch(`${base}/healthz`).catch(() => null);
        const health = (await response?.json()) as { sources?: { passes: number }[] } | undefined;
        return health?.sources?.[0]?.passes;
      }, POLL)
      .toBe(1);
    const health = (await (await fetch(`${base}/healthz`)).json()) as Record<string, unknown>;
    expect(health).toMatchObject({
      status: 'ok',
      sources: [{ source: 'harbour', state: 'waiting', lastEnded: 'finished', lastError: null, faults: 0 }],
    });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain(`tearsheet_pages_total{source="harbour",outcome="new"} ${PIECES}`);
    expect(metrics).toMatch(/^tearsheet_passes_total\{source="harbour",ended="finished"\} 1$/m);
    child.kill('SIGTERM');
    const { code, stdout, stderr } = await done;
    expect(code).toBe(0);
    expect(stderr).toContain('stopped in good order');
    expect(stdout).toContain('harbour: nothing more is due');
    expect(await articles()).toHaveLength(PIECES);
    await verified();
  });

  test('refuses a schedule that is none, and a port that is taken', async () => {
    await source(`feeds: ['${outlet.origin}/feed.xml']\nschedule: 'at noon'\n`);
    const { code, stderr } = await run(['watch']);
    expect([code, stderr]).toEqual([expect.toBeOneOf([51, 54]), expect.stringContaining('at noon')]);
    await source(`feeds: ['${outlet.origin}/feed.xml']\n`);
    const taken = new URL(outlet.origin);
    const busy = await run(['watch', '--host', taken.hostname, '--port', taken.port]);
    expect(busy.code).toBe(51);
    expect(busy.stderr).toContain('expected a free port');
    await verified();
  });
});
