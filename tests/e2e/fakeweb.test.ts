/** Real pages of some ninety publishers, served by the fake news web beside the checkout. Skipped, aloud, where it is missing. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tearsheet } from './command-line.ts';
import { ALLOW } from './paper.ts';

const FAKEWEB = fileURLToPath(new URL('../../../shared/fakeweb/fakeweb.mjs', import.meta.url));
const isHere = existsSync(FAKEWEB);
if (!isHere) console.warn(`skipped: the fake news web is not at ${FAKEWEB}`);

const HOSTS = 10;
const PAGES = 50;

interface Web {
  readonly port: number;
  readonly child: ChildProcess;
}
let dir: string;
/** The one whose pages are constant; opening one takes seconds. */
let web: Web;
beforeAll(async () => {
  if (isHere) web = await openWeb();
});
afterAll(() => void web?.child.kill());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-fakeweb-'));
});
afterEach(() => rm(dir, { recursive: true }));

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });

async function openWeb(...flags: string[]): Promise<Web> {
  const port = await freePort();
  const options = ['--port', port, '--hosts', HOSTS, '--articles', PAGES, '--max-age', 300].map(String);
  const child = spawn(process.execPath, [FAKEWEB, ...options, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the fake news web ended with ${code}`)));
  });
  return { port, child };
}
const urlsOf = ({ port }: Web): string[] =>
  Array.from({ length: PAGES }, (_, i) => `http://127.0.1.${(i % HOSTS) + 1}:${port}/news/${i}.html`);
const control = async ({ port }: Web, path: string): Promise<unknown> =>
  (await fetch(`http://127.0.0.1:${port}/__${path}`)).json();

const run = (argv: readonly string[], env: Record<string, string> = {}, stdin = '') =>
  tearsheet([...argv, '--archive', join(dir, 'archive'), '--json', ...ALLOW], {
    env: { TEARSHEET_FETCH_MAX_RETRIES: '0', ...env },
    stdin,
  });
async function outcomes(of: Web): Promise<Map<string, { outcome: string; version: number }>> {
  const { objects } = await run(['archive', '--stdin'], {}, urlsOf(of).join('\n'));
  return new Map(objects().map((visit) => [visit['url'] as string, visit as { outcome: string; version: number }]));
}
async function verified(): Promise<void> {
  expect((await run(['verify'])).objects()).toMatchObject([{ problems: [], notes: [] }]);
}

interface Truth {
  readonly plan: string;
  readonly versions: number;
  readonly event?: string | null;
}

describe.skipIf(!isHere)('the fake news web', () => {
  test('fifty real pages: all new, then all not modified, one host never asked twice at once', async () => {
    await control(web, 'reset');
    const all = async () => [...(await outcomes(web)).values()].map(({ outcome }) => outcome);
    expect(await all()).toEqual(urlsOf(web).map(() => 'new'));
    expect(await all()).toEqual(urlsOf(web).map(() => 'not-modified'));
    const stats = (await control(web, 'stats')) as Record<string, { hits: number; maxInFlight: number }>;
    expect(Object.values(stats).map(({ hits, maxInFlight }) => [hits, maxInFlight])).toEqual(
      // Each run asks for robots.txt once.
      Array.from({ length: HOSTS }, () => [2 * (PAGES / HOSTS + 1), 1]),
    );
    await verified();
  });

  test('noise makes no version, and edits make those that the truth knows of', async () => {
    const edits = await openWeb('--edits');
    try {
      await outcomes(edits);
      const noisy = await outcomes(edits);
      expect([...noisy.values()].filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
      await control(edits, 'epoch?n=1');
      const edited = await outcomes(edits);
      const truth = (await control(edits, 'truth')) as Record<string, Truth>;
      const wrong = urlsOf(edits).flatMap((url) => {
        const { plan, versions, event } = truth[url] as Truth;
        const got = edited.get(url);
        const isRight = got?.version === versions && (event === null || event === undefined || got.outcome === event);
        return isRight ? [] : [`${url} (${plan}): ${got?.outcome} v${got?.version}, not ${event ?? ''} v${versions}`];
      });
      expect(wrong).toEqual([]);
      expect([...edited.values()].filter(({ outcome }) => outcome === 'changed').length).toBeGreaterThan(5);
      await verified();
    } finally {
      edits.child.kill();
    }
  });

  test.each([
    ['429', ['error'], 'E_FETCH_STATUS'],
    ['429always', ['error'], 'E_FETCH_STATUS'],
    ['503', ['error'], 'E_FETCH_STATUS'],
    ['slow', ['new'], undefined],
    ['trunc', ['error'], 'E_FETCH_TRUNCATED'],
    ['loop', ['error'], 'E_FETCH_REDIRECTS'],
    ['chain', ['new'], undefined],
    ['huge', ['error'], 'E_FETCH_TOO_LARGE'],
    ['cp1251', ['new'], undefined],
    ['cp1251lie', ['new'], undefined],
    ['cp1251meta', ['new'], undefined],
    ['bomb', ['error'], 'E_FETCH_TOO_LARGE'],
    ['badgzip', ['error'], 'E_FETCH_ENCODING'],
    ['reset', ['error'], 'E_FETCH_CONNECT'],
    ['hang', ['error'], 'E_FETCH_TIMEOUT'],
    ['drip', ['error'], 'E_FETCH_TIMEOUT'],
    ['empty', ['error'], 'E_FETCH_EMPTY'],
    ['soft404', ['soft-404'], 'E_PAGE_GONE'],
    ['deep', ['new', 'error'], undefined],
    ['pdf', ['error'], 'E_FETCH_TYPE'],
    ['login', ['walled'], 'E_PAGE_WALLED'],
    ['private', ['error'], 'E_FETCH_ADDRESS'],
  ])('the fault %s comes to %s %s, within its bounds, nothing half-written', async (mode, expected, code) => {
    const env = {
      TEARSHEET_FETCH_HEADERS_TIMEOUT_MS: '1000',
      TEARSHEET_FETCH_BODY_TIMEOUT_MS: mode === 'slow' ? '60000' : '1000',
      TEARSHEET_FETCH_MAX_WIRE_BYTES: '4194304',
    };
    const before = process.memoryUsage().rss;
    const [visit] = (await run(['archive', `http://127.0.1.1:${web.port}/fault/${mode}/0.html`], env)).objects();
    expect(expected).toContain(visit?.['outcome']);
    expect((visit?.['error'] as { code: string } | undefined)?.code).toBe(code);
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024);
    const files = await readdir(join(dir, 'archive'), { recursive: true });
    expect(files.filter((name) => /\.(open|tmp|lock)$/.test(name))).toEqual([]);
    await verified();
  });

  test.each(['cp1251', 'cp1251lie', 'cp1251meta'])('the charset of %s is seen through', async (mode) => {
    await run(['archive', `http://127.0.1.1:${web.port}/fault/${mode}/0.html`]);
    const [summary] = (await run(['list'])).objects();
    expect(summary?.['title']).toMatch(/^[\p{Script=Cyrillic}\s\p{P}]+$/u);
  });
});
