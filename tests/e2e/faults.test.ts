/** Every fault that a news web can have, met by the HTTP fetcher: a clear outcome, in bounded time and memory. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Capture } from '../../src/core/ports.ts';
import { loadRules } from '../../src/core/rules.ts';
import { createHttpFetcher, type HttpOptions } from '../../src/fetch/http.ts';

const fakeweb = fileURLToPath(new URL('../../../shared/fakeweb/fakeweb.mjs', import.meta.url));
const hasFakeweb = existsSync(fakeweb);
if (!hasFakeweb) console.warn(`skipped: the faults of a news web need ${fakeweb}, which is not there`);

const { rules } = loadRules();
const MIB = 1024 * 1024;
const options: HttpOptions = {
  userAgent: 'tearsheet-faults/1 (+mailto:desk@press.test)',
  connectTimeoutMs: 2_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  maxWireBytes: 4 * MIB,
  maxInflatedBytes: 8 * MIB,
  maxRedirects: 10,
  maxRetries: 2,
  retryBaseMs: 20,
  maxRetryWaitMs: 1_500,
  allowAddresses: ['127.0.0.1/32', '127.0.1.0/24'],
  verifyTls: 'require',
  clock: systemClock,
};
const fetcher = createHttpFetcher(options);
/** For the faults that are over only when time is. */
const impatient = createHttpFetcher({ ...options, headersTimeoutMs: 400, bodyTimeoutMs: 400 });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe.skipIf(!hasFakeweb)('the faults of a news web', () => {
  let web: ChildProcess;
  let origin = '';
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://127.0.1.1:${port}`;
    const args = ['--articles', '20', '--hosts', '1', '--port', String(port), '--max-age', '120'];
    web = spawn(process.execPath, [fakeweb, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => web.stdout!.once('data', resolve));
  });
  afterAll(async () => {
    await Promise.all([fetcher.close(), impatient.close()]);
    web.kill();
  });

  const at = (fault: string): string => `${origin}/fault/${fault}/3.html`;
  const fetched = (fault: string): Promise<Capture> => fetcher.fetch({ url: at(fault) });
  /** Requests that the fault was asked for. */
  const hits = async (work: () => Promise<unknown>): Promise<number> => {
    await fetch(`${origin}/__reset`);
    await work();
    const stats = (await (await fetch(`${origin}/__stats`)).json()) as { pub1: { hits: number } };
    return stats.pub1.hits;
  };

  it.each([
    ['reset', 'E_FETCH_CONNECT', 3],
    ['trunc', 'E_FETCH_TRUNCATED', 3],
    ['badgzip', 'E_FETCH_ENCODING', 3],
    ['huge', 'E_FETCH_TOO_LARGE', 1],
    ['bomb', 'E_FETCH_TOO_LARGE', 1],
    ['pdf', 'E_FETCH_TYPE', 1],
    ['private', 'E_FETCH_ADDRESS', 1],
    ['loop', 'E_FETCH_REDIRECTS', 3],
  ])('%s: %s after %i requests', async (fault, code, requests) => {
    const before = process.resourceUsage().maxRSS;
    const asked = await hits(async () => {
      await expect(fetched(fault)).rejects.toThrow(expect.objectContaining({ name: 'TearsheetError', code }));
    });
    expect(asked).toBe(requests);
    // In KiB. The largest limit is 8 MiB; the bomb would be 1 GiB and the huge page 2.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(150 * 1024);
  });

  it.each(['hang', 'drip', 'slow'])('%s: E_FETCH_TIMEOUT after 3 requests', async (fault) => {
    const asked = await hits(async () => {
      const late = impatient.fetch({ url: at(fault) });
      await expect(late).rejects.toThrow(expect.objectContaining({ name: 'TearsheetError', code: 'E_FETCH_TIMEOUT' }));
    });
    expect(asked).toBe(3);
  });

  it('429: waits as asked, twice, and has the page', async () => {
    expect(await hits(async () => expect((await fetched('429')).status).toBe(200))).toBe(3);
  });

  it.each([
    ['429always', 429],
    ['503', 503],
  ])('%s: gives up at once where more is asked than we wait', async (fault, status) => {
    expect(await hits(async () => expect((await fetched(fault)).status).toBe(status))).toBe(1);
  });

  it('chain: follows every redirect and keeps each hop', async () => {
    const capture = await fetched('chain');
    expect(capture.hops.map((hop) => hop.status)).toEqual([301, 301, 301, 301, 301, 301, 200]);
    expect(capture.finalUrl).toBe(`${at('chain')}?c=6`);
  });

  it.each([
    ['cp1251', { used: 'windows-1251', declared: 'windows-1251', how: 'header' }],
    ['cp1251lie', { used: 'windows-1251', declared: 'utf-8', how: 'meta', lie: true }],
    ['cp1251meta', { used: 'windows-1251', declared: 'windows-1251', how: 'meta' }],
  ])('%s: is read in its true charset', async (fault, charset) => {
    const capture = await fetched(fault);
    expect(capture.charset).toEqual(charset);
    expect(capture.text).toMatch(/<h1>[А-я]+: [а-я]+<\/h1>/);
    expect(capture.text).not.toContain('\ufffd');
  });

  it.each([
    ['empty', 0],
    ['soft404', 60],
    ['deep', 300_000],
    ['login', 100],
  ])('%s: is a page like any other to the fetcher', async (fault, atLeast) => {
    const capture = await fetched(fault);
    expect(capture.status).toBe(200);
    expect(capture.text.length).toBeGreaterThanOrEqual(atLeast);
  });

  it.each([
    ['/fault/empty/3.html', 'empty'],
    ['/fault/soft404/3.html', 'soft-404'],
    ['/fault/login/3.html', 'login'],
    ['/spa/3.html', 'empty'],
    ['/consent/3.html', 'consent'],
    ['/section/0', 'listing'],
    ['/', 'listing'],
    ['/news/3.html', 'article'],
    ['/fault/cp1251lie/3.html', 'article'],
  ])('%s is read as: %s', async (path, kind) => {
    const { text, finalUrl } = await fetcher.fetch({ url: `${origin}${path}` });
    expect(clean(text, { url: finalUrl, contentType: 'text/html', rules }).kind).toBe(kind);
  });

  it('gives a 304 for the validators of the page', async () => {
    const page = await fetcher.fetch({ url: `${origin}/news/3.html` });
    const validators = { etag: page.headers['etag']!, lastModified: page.headers['last-modified']! };
    expect((await fetcher.fetch({ url: `${origin}/news/3.html`, validators })).status).toBe(304);
  });
});
