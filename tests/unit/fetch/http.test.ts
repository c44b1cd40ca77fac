import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetcher } from '../../../src/core/ports.ts';
import { createHttpFetcher, type HttpOptions } from '../../../src/fetch/http.ts';
import {
  CERTIFICATE,
  HTML,
  optionsOf,
  serve,
  serveBytes,
  serveRaw,
  serveTls,
  sleeplessClock,
  type Loopback,
} from './loopback.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
function kept<T extends { close(): Promise<void> }>(closable: T): T {
  closing.push(() => closable.close());
  return closable;
}
const fetcher = (overrides: Partial<HttpOptions> = {}): Fetcher => kept(createHttpFetcher(optionsOf(overrides)));
const served = async (...args: Parameters<typeof serve>): Promise<Loopback> => kept(await serve(...args));
/** Serves these bytes to each connection, then closes it. */
const sent = async (bytes: string | Buffer): Promise<Loopback> =>
  kept(await serveRaw((socket) => socket.once('data', () => socket.end(bytes))));
const code = (expected: string) => expect.objectContaining({ name: 'TearsheetError', code: expected });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

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
      'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok',
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

describe('fetch: validators', () => {
  const conditional = (request: IncomingMessage) => [
    request.headers['if-none-match'],
    request.headers['if-modified-since'],
  ];

  it('sends both and gives the 304 without a body', async () => {
    const seen: unknown[] = [];
    const server = await served((request, response) => {
      seen.push(...conditional(request));
      response.writeHead(304, { etag: '"a"', 'content-length': '99999999' }).end();
    });
    const lastModified = 'Tue, 03 Mar 2026 08:00:00 GMT';
    const capture = await fetcher().fetch({ url: server.origin, validators: { etag: '"a"', lastModified } });
    expect(seen).toEqual(['"a"', lastModified]);
    expect(capture).toMatchObject({ status: 304, text: '' });
  });

  it('takes no 304 that was not asked for', async () => {
    const server = await served((_request, response) => response.writeHead(304).end());
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code('E_FETCH_PROTOCOL'));
  });

  it('sends a date alone to the first hop only: a login page behind a redirect is older than any article', async () => {
    const seen: unknown[] = [];
    const server = await served((request, response) => {
      seen.push(conditional(request));
      if (request.url === '/') response.writeHead(302, { location: '/login' }).end();
      else response.writeHead(200, HTML).end('log in');
    });
    const lastModified = 'Tue, 03 Mar 2026 08:00:00 GMT';
    await fetcher().fetch({ url: server.origin, validators: { lastModified } });
    expect(seen).toEqual([
      [undefined, lastModified],
      [undefined, undefined],
    ]);
    await fetcher().fetch({ url: server.origin, validators: { etag: '"e"', lastModified } });
    expect(seen[3]).toEqual(['"e"', lastModified]);
  });

  it('leaves out a validator that would break the header', async () => {
    const seen: unknown[] = [];
    const server = await served((request, response) => {
      seen.push(request.rawHeaders);
      response.writeHead(200, HTML).end();
    });
    await fetcher().fetch({ url: server.origin, validators: { etag: '"a"\r\nX-Evil: 1' } });
    expect(JSON.stringify(seen)).not.toMatch(/none-match|evil/i);
  });

  it('asks caches to step aside when it must be fresh', async () => {
    let cacheControl: string | undefined;
    const server = await served((request, response) => {
      cacheControl = request.headers['cache-control'];
      response.writeHead(200, HTML).end();
    });
    await fetcher().fetch({ url: server.origin, fresh: true });
    expect(cacheControl).toBe('no-cache');
  });
});

describe('fetch: types', () => {
  it.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'application/xhtml+xml',
    'text/plain;charset=utf-8',
    'text/html, text/html',
    'html',
    '',
  ])('takes "%s"', async (type) => {
    const server = await sent(`HTTP/1.1 200 OK\r\n${type && `Content-Type: ${type}\r\n`}Content-Length: 3\r\n\r\n<p>`);
    expect((await fetcher().fetch({ url: server.origin })).text).toBe('<p>');
  });

  it.each(['application/pdf', 'image/jpeg', 'application/json', 'application/rss+xml', 'text/css', 'video/mp4'])(
    'refuses %s by name before its body comes',
    async (type) => {
      const server = kept(
        await serveBytes(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 900000\r\n\r\nx`),
      );
      const refused = fetcher().fetch({ url: server.origin });
      await expect(refused).rejects.toThrow(code('E_FETCH_TYPE'));
      await expect(refused).rejects.toThrow(type);
    },
  );

  it.each([
    ['%PDF-1.7\n%text so far', 'PDF'],
    ['GIF89a\x01\x00\x01\x00\x80', 'binary data'],
  ])('refuses %j without a type', async (body, name) => {
    const server = await sent(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const refused = fetcher().fetch({ url: server.origin });
    await expect(refused).rejects.toThrow(code('E_FETCH_TYPE'));
    await expect(refused).rejects.toThrow(name);
  });

  it.each([
    [206, 'E_FETCH_PROTOCOL'],
    [300, 'E_FETCH_STATUS'],
    [305, 'E_FETCH_STATUS'],
    [399, 'E_FETCH_STATUS'],
  ])('takes no status %i for a page', async (status, expected) => {
    const server = await served((_request, response) => response.writeHead(status, HTML).end('<p>half'));
    await expect(fetcher().fetch({ url: server.origin })).rejects.toThrow(code(expected));
  });
});

describe('fetch: redirects', () => {
  it.each([301, 302, 303, 307, 308])('follows %i and keeps the hop', async (status) => {
    const server = await served((request, response) => {
      if (request.url === '/old') response.writeHead(status, { Location: 'new?x=ü#part' }).end('moved');
      else response.writeHead(200, HTML).end(request.url);
    });
    const capture = await fetcher().fetch({ url: `${server.origin}/old` });
    expect(capture.finalUrl).toBe(`${server.origin}/new?x=%C3%BC`);
    expect(capture.text).toBe('/new?x=%C3%BC');
    expect(capture.hops.map((hop) => [hop.url, hop.status, text(hop.wireBody)])).toEqual([
      [`${server.origin}/old`, status, 'moved'],
      [`${server.origin}/new?x=%C3%BC`, 200, '/new?x=%C3%BC'],
    ]);
  });

  it('reads a Location of raw UTF-8 bytes', async () => {
    const server = kept(
      await serveRaw((socket) =>
        socket.once('data', (request) => {
          const path = request.toString('latin1').split(' ')[1]!;
          const found = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${path}`;
          socket.end(
            path === '/'
              ? 'HTTP/1.1 301 M\r\nLocation: /новость\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
              : found,
          );
        }),
      ),
    );
    expect((await fetcher().fetch({ url: server.origin })).text).toBe(`/${encodeURIComponent('новость')}`);
  });

  it('names the limit, what came and the setting where there are too many', async () => {
    const server = await served((request, response) => {
      response.writeHead(302, { location: `/${Number(request.url!.slice(1)) + 1}` }).end();
    });
    const failed = fetcher({ maxRedirects: 3 }).fetch({ url: `${server.origin}/0` });
    await expect(failed).rejects.toThrow(code('E_FETCH_REDIRECTS'));
    await expect(failed).rejects.toThrow(
      `${server.origin}/0: expected at most 3 redirects, got another to /4; raise fetch.maxRedirects to let it through`,
    );
  });

  it('follows exactly as many as allowed', async () => {
    const server = await served((request, response) => {
      const n = Number(request.url!.slice(1));
      if (n < 3) response.writeHead(302, { location: `/${n + 1}` }).end();
      else response.writeHead(200, HTML).end('there');
    });
    expect((await fetcher({ maxRedirects: 3 }).fetch({ url: `${server.origin}/0` })).hops).toHaveLength(4);
    await expect(fetcher({ maxRedirects: 2 }).fetch({ url: `${server.origin}/0` })).rejects.toThrow(
      code('E_FETCH_REDIRECTS'),
    );
    await expect(fetcher({ maxRedirects: 0 }).fetch({ url: `${server.origin}/2` })).rejects.toThrow(
      code('E_FETCH_REDIRECTS'),
    );
  });

  it('sees a circle at its second round', async () => {
    let asked = 0;
    const server = await served((request, response) => {
      asked++;
      response.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end();
    });
    await expect(fetcher().fetch({ url: `${server.origin}/a` })).rejects.toThrow(code('E_FETCH_REDIRECTS'));
    expect(asked).toBe(2);
  });

  it('takes a page that sets a cookie and sends us back to itself for no circle', async () => {
    const server = await served((request, response) => {
      if (request.headers.cookie === 'consent=yes') response.writeHead(200, HTML).end('the page');
      else response.writeHead(302, { location: request.url, 'set-cookie': 'consent=yes; Path=/; HttpOnly' }).end();
    });
    const capture = await fetcher().fetch({ url: `${server.origin}/page` });
    expect(capture.text).toBe('the page');
    expect(capture.hops).toHaveLength(2);
  });

  it('keeps cookies within the chain and within the host', async () => {
    const seen: unknown[] = [];
    const other = await served((request, response) => {
      seen.push(['other', request.headers.cookie]);
      response.writeHead(302, { location: `${server.origin}/end` }).end();
    }, '127.0.1.7');
    const server = await served((request, response) => {
      seen.push([request.url, request.headers.cookie]);
      if (request.url === '/') response.writeHead(302, { location: other.origin, 'set-cookie': ['a=1', 'b=2'] }).end();
      else response.writeHead(200, HTML).end();
    });
    const fetching = fetcher();
    await fetching.fetch({ url: server.origin });
    await fetching.fetch({ url: `${server.origin}/again` });
    expect(seen).toEqual([
      ['/', undefined],
      ['other', undefined],
      ['/end', 'a=1; b=2'],
      ['/again', undefined],
    ]);
  });

  it.each([
    ['file:///etc/passwd', 'E_URL_SCHEME'],
    ['ftp://press.test/', 'E_URL_SCHEME'],
    ['javascript:alert(1)', 'E_URL_SCHEME'],
    ['data:text/html,hello', 'E_URL_SCHEME'],
    ['http://', 'E_FETCH_PROTOCOL'],
    ['', 'E_FETCH_PROTOCOL'],
    ['http://user:secret@127.0.0.1/', 'E_URL_INVALID'],
    ['http://127.0.0.2:1/', 'E_FETCH_ADDRESS'],
    ['http://2130706434:1/', 'E_FETCH_ADDRESS'],
    ['http://0x7f.0.0.2:1/', 'E_FETCH_ADDRESS'],
    ['http://[::1]:1/', 'E_FETCH_ADDRESS'],
    ['http://[::ffff:127.0.0.1]:1/', 'E_FETCH_ADDRESS'],
    ['http://169.254.169.254/latest/meta-data/', 'E_FETCH_ADDRESS'],
  ])('does not follow one to "%s"', async (location, expected) => {
    const server = await served((_request, response) => response.writeHead(302, { location }).end());
    const refused = fetcher().fetch({ url: server.origin });
    await expect(refused).rejects.toThrow(code(expected));
    await expect(refused).rejects.not.toThrow('secret');
  });
});

describe('fetch: URLs', () => {
  it.each([
    ['not a url', 'E_URL_INVALID'],
    ['', 'E_URL_INVALID'],
    ['/relative', 'E_URL_INVALID'],
    ['file:///etc/passwd', 'E_URL_SCHEME'],
    ['about:blank', 'E_URL_SCHEME'],
    ['http://user:secret@127.0.0.1/', 'E_URL_INVALID'],
  ])('refuses "%s"', async (url, expected) => {
    const refused = fetcher().fetch({ url });
    await expect(refused).rejects.toThrow(code(expected));
    await expect(refused).rejects.not.toThrow('secret');
  });
});

describe('fetch: the guard', () => {
  it('refuses 127.0.0.2 where 127.0.0.1 and 127.0.1.0/24 are allowed, and never connects', async () => {
    const forbidden = await served((_request, response) => response.end('inside'), '127.0.0.2');
    const refused = fetcher().fetch({ url: forbidden.origin });
    await expect(refused).rejects.toThrow(code('E_FETCH_ADDRESS'));
    await expect(refused).rejects.toThrow('127.0.0.2 (loopback)');
    expect(forbidden.connections()).toBe(0);
  });

  it.each(['2130706434', '0x7f000002', '017700000002', '127.2', '0177.0.0.2', '127.0.0.2.', '[::ffff:7f00:2]'])(
    'refuses it spelled %s',
    async (host) => {
      const forbidden = await served((_request, response) => response.end('inside'), '127.0.0.2');
      await expect(fetcher().fetch({ url: `http://${host}:${forbidden.port}/` })).rejects.toThrow(
        code('E_FETCH_ADDRESS'),
      );
      expect(forbidden.connections()).toBe(0);
    },
  );

  it('connects to the addresses it checked, whatever the name says a moment later', async () => {
    const allowed = await served((_request, response) => response.writeHead(200, HTML).end('outside'));
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    let asked = 0;
    const lookup = async () => answers[asked++] ?? [];
    const fetching = fetcher({ lookup, trustedCertificates: [CERTIFICATE] });
    const capture = await fetching.fetch({ url: `http://press.test:${allowed.port}/` });
    expect(capture.text).toBe('outside');
    expect(capture.hops[0]!.remoteAddress).toBe('127.0.0.1');
    expect(asked).toBe(1);
    // The connection is still open: the name is not asked again, and the second answer is not followed.
    await fetching.fetch({ url: `http://press.test:${allowed.port}/` });
    expect(asked).toBe(1);
    expect(allowed.connections()).toBe(1);
  });

  it('checks the answers of each new connection', async () => {
    const server = await served((_request, response) =>
      response.writeHead(200, { ...HTML, connection: 'close' }).end('x'),
    );
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    const fetching = fetcher({ lookup: async () => answers.shift() ?? [] });
    const url = `http://press.test:${server.port}/`;
    await fetching.fetch({ url });
    await expect(fetching.fetch({ url })).rejects.toThrow(code('E_FETCH_ADDRESS'));
  });

  it('of several answers uses only those allowed', async () => {
    const forbidden = await served((_request, response) => response.end('inside'), '127.0.0.2');
    const allowed = await served((_request, response) => response.writeHead(200, HTML).end('outside'));
    const lookup = async () => ['127.0.0.2', '10.0.0.1', '::1', '127.0.0.1'];
    const capture = await fetcher({ lookup }).fetch({ url: `http://press.test:${allowed.port}/` });
    expect(capture.hops[0]!.remoteAddress).toBe('127.0.0.1');
    const none = fetcher({ lookup: async () => ['127.0.0.2', '10.0.0.1'] }).fetch({
      url: `http://press.test:${forbidden.port}/`,
    });
    await expect(none).rejects.toThrow('127.0.0.2 (loopback), 10.0.0.1 (private)');
    expect(forbidden.connections()).toBe(0);
  });

  it('goes on to the next answer where one does not listen', async () => {
    const server = await served((_request, response) => response.writeHead(200, HTML).end('second'), '127.0.1.9');
    const lookup = async () => ['127.0.1.8', '127.0.1.9'];
    expect((await fetcher({ lookup }).fetch({ url: `http://press.test:${server.port}/` })).text).toBe('second');
  });

  it.each([
    ['ENOTFOUND', [] as number[]],
    ['EAI_AGAIN', [100, 200]],
  ])('tells %s as a name that does not resolve, tried again where that can help', async (why, slept) => {
    const clock = sleeplessClock();
    const lookup = async () => {
      throw Object.assign(new Error('no'), { code: why });
    };
    const failed = fetcher({ lookup, clock, maxRetries: 2 }).fetch({ url: 'http://press.test/' });
    await expect(failed).rejects.toThrow(code('E_FETCH_DNS'));
    expect(clock.slept).toEqual(slept);
  });

  it('refuses a User-Agent that would break the header', () => {
    expect(() => createHttpFetcher(optionsOf({ userAgent: 'a\r\nb: c' }))).toThrow(code('E_CONFIG_INVALID'));
    expect(() => createHttpFetcher(optionsOf({ allowAddresses: ['127.0.0.1/64'] }))).toThrow(code('E_CONFIG_INVALID'));
  });
});

describe('fetch: TLS', () => {
  const secure = async () => kept(await serveTls((_request, response) => response.writeHead(200, HTML).end('sealed')));

  it('refuses what it cannot verify where that is required', async () => {
    const server = await secure();
    const refused = fetcher({ verifyTls: 'require' }).fetch({ url: server.origin });
    await expect(refused).rejects.toThrow(code('E_FETCH_TLS'));
    await expect(refused).rejects.toThrow('SELF_SIGNED');
  });

  it('goes on and keeps the reason where it is to be recorded', async () => {
    const server = await secure();
    const capture = await fetcher({ verifyTls: 'record' }).fetch({ url: server.origin });
    expect(capture.text).toBe('sealed');
    expect(capture.tls).toEqual({ verified: false, whyNot: 'DEPTH_ZERO_SELF_SIGNED_CERT', protocol: 'TLSv1.3' });
    expect(capture.hops[0]!.tls).toEqual(capture.tls);
  });

  it('records a certificate that holds', async () => {
    const server = await secure();
    const lookup = async () => ['127.0.0.1'];
    const fetching = fetcher({ trustedCertificates: [CERTIFICATE], lookup });
    const verified = { verified: true, protocol: 'TLSv1.3' };
    expect((await fetching.fetch({ url: server.origin })).tls).toEqual(verified);
    expect((await fetching.fetch({ url: `https://press.test:${server.port}/` })).tls).toEqual(verified);
  });

  it('does not take a certificate for another host', async () => {
    const server = await secure();
    const trusting = { trustedCertificates: [CERTIFICATE], lookup: async () => ['127.0.0.1'] };
    const url = `https://other.test:${server.port}/`;
    await expect(fetcher(trusting).fetch({ url })).rejects.toThrow(code('E_FETCH_TLS'));
    const capture = await fetcher({ ...trusting, verifyTls: 'record' }).fetch({ url });
    expect(capture.tls).toMatchObject({ verified: false, whyNot: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('tells a server that does not speak TLS', async () => {
    const server = kept(await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    const failed = fetcher().fetch({ url: server.origin.replace('http:', 'https:') });
    await expect(failed).rejects.toThrow(code('E_FETCH_TLS'));
  });
});

describe('fetch: limits', () => {
  const silent = () => undefined;

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

describe('fetch: attempts', () => {
  /** Answers with these statuses in turn, then 200. */
  const failing = async (statuses: number[], headers: Record<string, string> = {}) => {
    let asked = 0;
    const server = await served((_request, response) => {
      const status = statuses[asked++] ?? 200;
      response.writeHead(status, { ...HTML, ...(status >= 400 && headers) }).end(String(status));
    });
    return { origin: server.origin, asked: () => asked };
  };

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
    const capture = await fetcher({ maxRetries: 4, headersTimeoutMs: 150 }).fetch({ url: server.origin });
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
