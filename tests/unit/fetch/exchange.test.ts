import { once } from 'node:events';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HTML, code, fetcher, kept, sent, serveBytes, serveRaw, served } from './loopback.ts';

const silent = () => undefined;

const busy = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('fetch: limits', () => {
  it('of time to connect: a name that does not answer, a handshake that does not end', async () => {
    const deaf = fetcher({ lookup: () => new Promise(silent), connectTimeoutMs: 30 }).fetch({
      url: 'http://press.test/',
    });
    await expect(deaf).rejects.toThrow(code('E_FETCH_TIMEOUT'));
    await expect(deaf).rejects.toThrow('a connection within 30 ms, got none; raise fetch.connectTimeoutMs');
    const server = kept(await serveRaw(silent));
    const url = server.origin.replace('http:', 'https:');
    await expect(fetcher({ connectTimeoutMs: 30 }).fetch({ url })).rejects.toThrow(code('E_FETCH_TIMEOUT'));
    await expect.poll(() => server.open()).toBe(0);
  });

  it('of time to the headers, however they drip', async () => {
    const server = kept(
      await serveRaw((socket) => {
        const drip = setInterval(() => socket.write('X-Drip: 1\r\n'), 5);
        socket.on('close', () => clearInterval(drip)).write('HTTP/1.1 200 OK\r\n');
      }),
    );
    const failed = fetcher({ headersTimeoutMs: 40 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TIMEOUT'));
    await expect(failed).rejects.toThrow('the headers within 40 ms, got none; raise fetch.headersTimeoutMs');
    await expect.poll(() => server.open()).toBe(0);
  });

  it('of time for the whole body, however lively it comes', async () => {
    const server = await served((_request, response) => {
      response.writeHead(200, HTML);
      const drip = setInterval(() => response.write('<p>'), 5);
      response.on('close', () => clearInterval(drip));
    });
    const failed = fetcher({ bodyTimeoutMs: 60 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TIMEOUT'));
    await expect(failed).rejects.toThrow(
      /the whole body within 60 ms, got \d+ bytes so far; raise fetch.bodyTimeoutMs/,
    );
    await expect.poll(() => server.open()).toBe(0);
  });

  it('of time between two pieces', async () => {
    const server = kept(await serveBytes('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>'));
    const failed = fetcher({ idleTimeoutMs: 40 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TIMEOUT'));
    await expect(failed).rejects.toThrow('every 40 ms, got none after 3 bytes; raise fetch.idleTimeoutMs');
  });

  it('of time between two pieces starts anew with each', async () => {
    const server = await served((_request, response) => {
      response.writeHead(200, HTML);
      let pieces = 0;
      const drip = setInterval(() => {
        if (++pieces < 12) response.write('x');
        else response.end(() => clearInterval(drip));
      }, 50);
    });
    expect((await fetcher({ idleTimeoutMs: 400 }).fetch({ url: server.origin })).text).toBe('x'.repeat(11));
  });

  it('of time, but not while we were too busy ourselves to read what had come', async () => {
    const page = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\nin time';
    const prompt = kept(
      await serveRaw((socket) =>
        socket.once('data', () => {
          socket.write(page);
          // The answer lies in the socket; the reader's time runs out before it can look.
          setImmediate(busy, 300);
        }),
      ),
    );
    expect((await fetcher({ headersTimeoutMs: 200 }).fetch({ url: prompt.origin })).text).toBe('in time');
  });

  it('of bytes announced, before they come', async () => {
    const server = kept(await serveBytes('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1001\r\n\r\n'));
    const failed = fetcher({ maxWireBytes: 1000 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TOO_LARGE'));
    await expect(failed).rejects.toThrow('at most 1000 bytes, got 1001 announced; raise fetch.maxWireBytes');
  });

  it('of bytes that come', async () => {
    let written = 0;
    const server = await served((_request, response) => {
      response.writeHead(200, HTML);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x'))) written += 65_536;
      };
      response.on('drain', more);
      more();
    });
    const failed = fetcher({ maxWireBytes: 500_000 }).fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TOO_LARGE'));
    await expect.poll(() => server.open()).toBe(0);
    expect(written).toBeLessThan(50_000_000);
  });

  it('takes a body of exactly the limit', async () => {
    const server = await served((_request, response) => response.writeHead(200, HTML).end('x'.repeat(70_000)));
    const capture = await fetcher({ maxWireBytes: 70_000, maxInflatedBytes: 70_000 }).fetch({ url: server.origin });
    expect(capture.body).toHaveLength(70_000);
    await expect(fetcher({ maxWireBytes: 69_999 }).fetch({ url: server.origin })).rejects.toThrow(
      code('E_FETCH_TOO_LARGE'),
    );
    await expect(fetcher({ maxInflatedBytes: 69_999 }).fetch({ url: server.origin })).rejects.toThrow(
      code('E_FETCH_TOO_LARGE'),
    );
  });

  it('of bytes inflated', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(20_000_000));
    const server = await served((_request, response) => {
      response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(bomb);
    });
    const failed = fetcher().fetch({ url: server.origin });
    await expect(failed).rejects.toThrow(code('E_FETCH_TOO_LARGE'));
    await expect(failed).rejects.toThrow('raise fetch.maxInflatedBytes');
  });

  it('of headers', async () => {
    const server = await sent(`HTTP/1.1 200 OK\r\n${`X-Long: ${'x'.repeat(1000)}\r\n`.repeat(70)}\r\n`);
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code('E_FETCH_PROTOCOL'));
  });
});

describe('fetch: a half page never becomes a capture', () => {
  it.each([
    [
      'shorter than its Content-Length',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nhalf',
    ],
    [
      'shorter, with a connection to be closed',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 100\r\n\r\nhalf',
    ],
    [
      'without its last chunk',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ],
    [
      'without its last chunk, with a connection to be closed',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ],
    [
      'cut within a chunk',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf',
    ],
  ])('%s', async (_how, bytes) => {
    const server = await sent(bytes);
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code('E_FETCH_TRUNCATED'));
  });

  it('reset in the middle', async () => {
    const server = kept(
      await serveRaw((socket) =>
        socket.once('data', () =>
          socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nhalf', () =>
            setTimeout(() => socket.resetAndDestroy(), 20),
          ),
        ),
      ),
    );
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code('E_FETCH_TRUNCATED'));
  });

  it('compressed and cut', async () => {
    const packed = zlib.gzipSync(Buffer.from('<p>whole</p>'.repeat(100)));
    const server = await served((_request, response) => {
      response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(packed.subarray(0, -20));
    });
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code('E_FETCH_TRUNCATED'));
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 'E_FETCH_PROTOCOL'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'E_FETCH_PROTOCOL'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'E_FETCH_PROTOCOL',
    ],
    ['nothing', '', 'E_FETCH_CONNECT'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'E_FETCH_CONNECT',
    ],
  ])('%s', async (_how, bytes, expected) => {
    const server = await sent(bytes);
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code(expected));
  });
});

describe('fetch: bodies that are made to hurt', () => {
  it('takes a body of single bytes without a buffer for each', async () => {
    const piece = '1\r\nx\r\n'.repeat(50_000);
    const server = kept(
      await serveRaw((socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n');
          socket.write(`${piece}${piece}0\r\n\r\n`);
        }),
      ),
    );
    const capture = await fetcher().fetch({ url: server.origin });
    expect(capture.body).toHaveLength(100_000);
  });

  it('believes no announced length further than memory is worth', async () => {
    const announced = 900 * 1024 * 1024;
    const server = kept(
      await serveBytes(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${announced}\r\n\r\nx`),
    );
    const stop = new AbortController();
    const before = process.memoryUsage().arrayBuffers;
    const pending = fetcher({ maxWireBytes: 2 * announced }).fetch({ url: server.origin }, stop.signal);
    await once(stop.signal, 'abort', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    stop.abort();
    await expect(pending).rejects.toThrow(code('E_INTERRUPTED'));
  });
});
