import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createHttpFetcher } from '../../../src/fetch/http.ts';
import {
  HTML,
  code,
  fetcher,
  kept,
  optionsOf,
  sent,
  serveBytes,
  serveRaw,
  served,
  sleeplessClock,
  text,
} from './loopback.ts';

describe('fetch: what a capture holds', () => {
  it('keeps request and answer as they went over the wire', async () => {
    let asked = '';
    const answer =
      'HTTP/1.1 200 Fine by Me\r\nContent-TYPE: text/html;charset=UTF-8\r\nX-Twice: a\r\nx-twice: b\r\nX-Latin: caf\xe9\r\nContent-Length: 5\r\n\r\nh\xc3\xa9<p';
    const server = kept(
      await serveRaw((socket) =>
        socket.once('data', (bytes) => {
          asked = bytes.toString('latin1');
          socket.write(Buffer.from(answer, 'latin1'));
        }),
      ),
    );
    const capture = await fetcher({ acceptLanguage: 'uk, en;q=0.5' }).fetch({ url: `${server.origin}/a?b=c#d` });
    const [hop] = capture.hops;
    expect(hop).toMatchObject({ url: `${server.origin}/a?b=c`, method: 'GET', status: 200, statusText: 'Fine by Me' });
    expect(hop!.headers).toEqual([
      ['Content-TYPE', 'text/html;charset=UTF-8'],
      ['X-Twice', 'a'],
      ['x-twice', 'b'],
      ['X-Latin', 'caf\xe9'],
      ['Content-Length', '5'],
    ]);
    expect(hop!.remoteAddress).toBe('127.0.0.1');
    expect(hop!.startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const lines = hop!.requestHeaders.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    expect(asked).toBe(`GET /a?b=c HTTP/1.1\r\n${lines}\r\n`);
    expect(asked).toContain('accept-language: uk, en;q=0.5\r\n');
    expect(capture).toMatchObject({
      url: `${server.origin}/a?b=c#d`,
      finalUrl: `${server.origin}/a?b=c`,
      status: 200,
      contentType: 'text/html',
      text: 'hé<p',
      charset: { used: 'utf-8', how: 'header' },
      engine: 'http',
    });
    expect(capture.headers['x-twice']).toBe('a, b');
    expect(capture.tls).toBeUndefined();
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ['x-gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
  ])('inflates %s and keeps the wire bytes', async (encoding, compress) => {
    const packed = compress(Buffer.from('<p>packed</p>'));
    const server = await served((_request, response) => {
      response.writeHead(200, { ...HTML, 'content-encoding': encoding }).end(packed);
    });
    const capture = await fetcher().fetch({ url: server.origin });
    expect(capture.text).toBe('<p>packed</p>');
    expect(text(capture.body)).toBe('<p>packed</p>');
    expect(Buffer.from(capture.hops[0]!.wireBody)).toEqual(packed);
  });

  it('puts a chunked body together and leaves its framing out', async () => {
    const server = await sent(
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n',
    );
    const capture = await fetcher().fetch({ url: server.origin });
    expect(capture.text).toBe('abcde');
    expect(text(capture.hops[0]!.wireBody)).toBe('abcde');
  });

  it('takes a body that ends with the connection', async () => {
    const server = await sent('HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\nold school');
    expect((await fetcher().fetch({ url: server.origin })).text).toBe('old school');
  });

  it('takes the answer after 103 Early Hints', async () => {
    const server = await sent(
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nContent-Type: text/css\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok',
    );
    const capture = await fetcher().fetch({ url: server.origin });
    expect(capture.text).toBe('ok');
    expect(capture.hops).toHaveLength(1);
  });

  it.each([404, 410, 403, 451, 500, 503])('gives the page of status %i', async (status) => {
    const server = await served((_request, response) => response.writeHead(status, HTML).end(`<h1>${status}`));
    const capture = await fetcher().fetch({ url: server.origin });
    expect([capture.status, capture.text]).toEqual([status, `<h1>${status}`]);
  });

  it('gives an error status whatever its type', async () => {
    const server = await served((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    });
    expect(await fetcher().fetch({ url: server.origin })).toMatchObject({
      status: 404,
      contentType: 'application/json',
    });
  });

  it('gives an empty page', async () => {
    const server = await served((_request, response) => response.writeHead(200).end());
    const capture = await fetcher().fetch({ url: server.origin });
    expect(capture).toMatchObject({ status: 200, text: '', contentType: '' });
    expect(capture.body).toHaveLength(0);
  });
});

/** Answers with these statuses in turn, then 200. */
const failing = async (statuses: number[], headers: Record<string, string> = {}) => {
  let asked = 0;
  const server = await served((_request, response) => {
    const status = statuses[asked++] ?? 200;
    response.writeHead(status, { ...HTML, ...(status >= 400 && headers) }).end(String(status));
  });
  return { origin: server.origin, asked: () => asked };
};

describe('fetch: attempts', () => {
  it('waits longer each time after 5xx, and gives the page when it comes', async () => {
    const clock = sleeplessClock();
    const server = await failing([500, 502, 504]);
    const capture = await fetcher({ clock, maxRetries: 3 }).fetch({ url: server.origin });
    expect([capture.status, server.asked()]).toEqual([200, 4]);
    expect(clock.slept).toEqual([100, 200, 400]);
    expect(capture.hops).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    const clock = sleeplessClock();
    const server = await failing([429, 429], { 'retry-after': '7' });
    expect((await fetcher({ clock, maxRetries: 2 }).fetch({ url: server.origin })).status).toBe(200);
    expect(clock.slept).toEqual([7000, 7000]);
  });

  it('gives up at once where the server asks for more than we wait', async () => {
    const clock = sleeplessClock();
    const server = await failing([429, 429], { 'retry-after': '11' });
    expect((await fetcher({ clock, maxRetries: 2 }).fetch({ url: server.origin })).status).toBe(429);
    expect([clock.slept, server.asked()]).toEqual([[], 1]);
  });

  it('gives the last capture when the attempts are used up', async () => {
    const server = await failing([503, 503, 503]);
    const capture = await fetcher({ maxRetries: 2 }).fetch({ url: server.origin });
    expect([capture.status, capture.text, server.asked()]).toEqual([503, '503', 3]);
  });

  it.each([400, 401, 403, 404, 408, 410, 451, 501])('never asks again after %i', async (status) => {
    const server = await failing([status]);
    expect((await fetcher({ maxRetries: 2 }).fetch({ url: server.origin })).status).toBe(status);
    expect(server.asked()).toBe(1);
  });

  it('tries again after a reset, a cut, a broken stream and a time-out', async () => {
    let asked = 0;
    const server = await served((request, response) => {
      asked++;
      if (asked === 1) request.socket.resetAndDestroy();
      else if (asked === 2)
        response.writeHead(200, { ...HTML, 'content-length': '100' }).write('half', () => request.socket.destroy());
      else if (asked === 3) response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end('no gzip');
      else if (asked > 4) response.writeHead(200, HTML).end('at last');
    });
    const capture = await fetcher({ maxRetries: 4, headersTimeoutMs: 1_000 }).fetch({ url: server.origin });
    expect([capture.text, asked]).toEqual(['at last', 5]);
  });

  it('says how often it tried', async () => {
    const server = await sent('');
    const failed = fetcher({ maxRetries: 2 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(/\(tried 3 times\)$/);
    expect(server.connections()).toBe(3);
  });

  it('does not count an idle connection that the server let go of', async () => {
    let asked = 0;
    const server = kept(
      await serveRaw((socket) => {
        socket.on('data', () => {
          asked++;
          // The first connection answers once and hangs up on the second question.
          if (asked === 2) socket.destroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok');
        });
      }),
    );
    const fetching = fetcher({ maxRetries: 0 });
    await fetching.fetch({ url: server.origin });
    expect((await fetching.fetch({ url: server.origin })).text).toBe('ok');
    expect([asked, server.connections()]).toEqual([3, 2]);
  });
});

describe('fetch: many at once, and the end', () => {
  it('keeps each answer with its question', async () => {
    const server = await served((request, response) => {
      setTimeout(() => response.writeHead(200, HTML).end(request.url), Number(request.url!.slice(1)) % 7);
    });
    const fetching = fetcher();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const { signal } = new AbortController();
    for (let round = 0; round < 3; round++) {
      const paths = Array.from({ length: 24 }, (_, i) => `/${round * 100 + i}`);
      const captures = await Promise.all(paths.map((path) => fetching.fetch({ url: server.origin + path }, signal)));
      expect(captures.map((capture) => capture.text)).toEqual(paths);
    }
    expect(server.connections()).toBeLessThanOrEqual(24);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('stops in flight when told to, in every phase', async () => {
    const silent = kept(await serveRaw(() => undefined));
    const halfway = kept(await serveBytes('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>'));
    const urls = [silent.origin.replace('http:', 'https:'), silent.origin, halfway.origin];
    const fetching = fetcher({ maxRetries: 3 });
    for (const url of urls) {
      const stop = new AbortController();
      const stopped = fetching.fetch({ url }, stop.signal);
      setTimeout(() => stop.abort(new Error('signal')), 40);
      await expect(stopped).rejects.toThrow(code('E_INTERRUPTED'));
    }
    await expect.poll(() => silent.open() + halfway.open()).toBe(0);
    const before = fetching.fetch({ url: silent.origin }, AbortSignal.abort());
    await expect(before).rejects.toThrow(code('E_INTERRUPTED'));
  });

  it('stops while it waits for the next attempt', async () => {
    const stop = new AbortController();
    const clock = {
      now: Date.now,
      sleep: (_ms: number, signal?: AbortSignal) => {
        stop.abort(new Error('signal'));
        return Promise.reject(signal!.reason as Error);
      },
    };
    const server = await served((_request, response) => response.writeHead(503, HTML).end());
    const stopped = fetcher({ clock, maxRetries: 1 }).fetch({ url: server.origin }, stop.signal);
    await expect(stopped).rejects.toThrow(code('E_INTERRUPTED'));
  });

  it('close lets what is in flight finish, then takes nothing more', async () => {
    const server = await served((_request, response) => {
      setTimeout(() => response.writeHead(200, HTML).end('finished'), 50);
    });
    const fetching = createHttpFetcher(optionsOf());
    const capture = fetching.fetch({ url: server.origin });
    await fetching.close();
    expect((await capture).text).toBe('finished');
    await expect(fetching.fetch({ url: server.origin })).rejects.toThrow(code('E_INTERRUPTED'));
    await expect.poll(() => server.open()).toBe(0);
  });

  it('close of one that was never used loads nothing and waits for nothing', async () => {
    await expect(createHttpFetcher(optionsOf()).close()).resolves.toBeUndefined();
  });
});
