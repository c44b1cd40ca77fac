/** What every Fetcher promises, whichever engine is behind it. Run by `fetcher.test.ts` against each implementation. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ERRORS, TearsheetError } from '../../src/core/errors.ts';
import type { Fetcher } from '../../src/core/ports.ts';
import { Charset } from '../../src/core/schema.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const PAGE =
  '<!doctype html><html><head><title>Budget</title></head><body><p>Der Rat hat beschloßen.</p></body></html>';

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname } = new URL(request.url!, 'http://contract.test');
  if (pathname === '/page') response.writeHead(200, { ...HTML, etag: '"v1"', 'X-Case': 'Kept' }).end(PAGE);
  else if (pathname === '/unchanged')
    response.writeHead(request.headers['if-none-match'] === '"v1"' ? 304 : 200, HTML).end();
  else if (pathname === '/moved') response.writeHead(301, { location: '/page' }).end('moved');
  else if (pathname === '/inside') response.writeHead(302, { location: 'http://127.0.0.2:9/' }).end();
  else if (pathname === '/circle') response.writeHead(302, { location: '/circle' }).end();
  else if (pathname === '/pdf') response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.7');
  else if (pathname === '/feed')
    response.writeHead(200, { 'content-type': 'application/rss+xml', etag: '"f"' }).end('<rss/>');
  else if (pathname === '/broken') response.writeHead(500, HTML).end('<p>broken');
  else if (pathname === '/half')
    response.writeHead(200, { ...HTML, 'content-length': 100 }).write('half', () => request.socket.destroy());
  else if (pathname === '/silent') return;
  else response.writeHead(404, HTML).end('<p>not here');
}

/**
 * @param make a fetcher that lets 127.0.0.1 through, 127.0.0.2 not, and does not try again
 */
export function fetcherContract(name: string, make: () => Fetcher): void {
  describe(`${name} keeps the contract of a fetcher`, () => {
    const server = http.createServer(answer);
    let origin = '';
    let fetcher: Fetcher;
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });
    beforeEach(() => {
      fetcher = make();
    });
    afterEach(() => fetcher.close());

    const failure = async (path: string, signal?: AbortSignal): Promise<TearsheetError> => {
      const outcome = await fetcher.fetch({ url: origin + path }, signal).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(TearsheetError);
      return outcome as TearsheetError;
    };

    it('gives a page whole, with its bytes, its text and how it was read', async () => {
      const capture = await fetcher.fetch({ url: `${origin}/page` });
      expect(capture).toMatchObject({
        url: `${origin}/page`,
        finalUrl: `${origin}/page`,
        status: 200,
        contentType: 'text/html',
        text: PAGE,
      });
      expect(Buffer.from(capture.body).toString()).toBe(PAGE);
      expect(Charset.parse(capture.charset)).toMatchObject({ used: 'utf-8' });
      expect(capture.headers['x-case']).toBe('Kept');
      expect(capture.startedAt).toMatch(INSTANT);
      expect(capture.timings.headersMs).toBeLessThanOrEqual(capture.timings.totalMs);
    });

    it('keeps every hop, its header lines as they came and the bytes of its body', async () => {
      const capture = await fetcher.fetch({ url: `${origin}/moved` });
      expect(capture.hops.map((hop) => [hop.url, hop.status])).toEqual([
        [`${origin}/moved`, 301],
        [`${origin}/page`, 200],
      ]);
      const [moved, page] = capture.hops;
      expect(Buffer.from(moved!.wireBody).toString()).toBe('moved');
      expect(page!.headers).toContainEqual(['X-Case', 'Kept']);
      expect(page!.remoteAddress).toBe('127.0.0.1');
      for (const hop of capture.hops) {
        expect(hop.requestHeaders.map(([header]) => header.toLowerCase())).toContain('user-agent');
        expect(hop.startedAt).toMatch(INSTANT);
      }
      expect(capture).toMatchObject({ url: `${origin}/moved`, finalUrl: `${origin}/page`, status: 200 });
    });

    it('gives a 304 without a body where the validators hold', async () => {
      const capture = await fetcher.fetch({ url: `${origin}/unchanged`, validators: { etag: '"v1"' } });
      expect(capture.status).toBe(304);
      expect(capture.body).toHaveLength(0);
    });

    it('gives a feed to whoever asks for a document, and to nobody else', async () => {
      const url = `${origin}/feed`;
      expect(await fetcher.fetch({ url, accepts: 'document' })).toMatchObject({ status: 200, text: '<rss/>' });
      expect((await failure('/feed')).code).toBe('E_FETCH_TYPE');
    });

    it.each([
      ['/gone', 404],
      ['/broken', 500],
    ])('gives the answer of %s with its status', async (path, status) => {
      expect((await fetcher.fetch({ url: origin + path })).status).toBe(status);
    });

    it.each([
      ['/inside', 'E_FETCH_ADDRESS'],
      ['/circle', 'E_FETCH_REDIRECTS'],
      ['/pdf', 'E_FETCH_TYPE'],
      ['/half', 'E_FETCH_TRUNCATED'],
    ])('throws for %s: %s, on one line', async (path, code) => {
      const error = await failure(path);
      expect(error.code).toBe(code);
      expect(error.message).not.toContain('\n');
      expect(ERRORS).toHaveProperty(error.code);
    });

    it('stops when the signal fires', async () => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('signal')), 50);
      expect((await failure('/silent', stop.signal)).code).toBe('E_INTERRUPTED');
    });

    it('closes after what is in flight, and more than once', async () => {
      const capture = fetcher.fetch({ url: `${origin}/page` });
      await fetcher.close();
      expect((await capture).text).toBe(PAGE);
      await fetcher.close();
    });
  });
}
