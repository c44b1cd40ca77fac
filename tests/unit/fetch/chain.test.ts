import type { IncomingMessage } from 'node:http';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import { HTML, code, fetcher, kept, sent, serveBytes, serveRaw, served, text } from './loopback.ts';

const conditional = (request: IncomingMessage) => [
  request.headers['if-none-match'],
  request.headers['if-modified-since'],
];

describe('fetch: validators', () => {
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

const FEED =
  '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Nyheter på svenska</title></channel></rss>';
const typed = async (type: string, body: string | Buffer) =>
  served((_request, response) => {
    response.writeHead(200, { ...(type !== '' && { 'content-type': type }), connection: 'close' }).end(body);
  });

describe('fetch: documents', () => {
  it.each([
    'application/rss+xml',
    'text/xml; charset=utf-8',
    'application/json',
    'text/html',
    'text/plain',
    'application/octet-stream',
    '',
  ])('takes one served as "%s"', async (type) => {
    const server = await typed(type, FEED);
    const capture = await fetcher().fetch({ url: server.origin, accepts: 'document' });
    expect([capture.text, text(capture.body)]).toEqual([FEED, FEED]);
  });

  it.each(['application/gzip', 'application/x-gzip', 'application/octet-stream', 'application/xml', 'text/xml', ''])(
    'takes a gzip file served as "%s", as bytes without text',
    async (type) => {
      const packed = zlib.gzipSync(FEED);
      const server = await typed(type, packed);
      const capture = await fetcher().fetch({ url: server.origin, accepts: 'document' });
      expect(Buffer.from(capture.body)).toEqual(packed);
      expect(capture).toMatchObject({ text: '', charset: { used: 'utf-8' } });
    },
  );

  it.each([
    ['application/pdf', '%PDF-1.7', 'application/pdf'],
    ['image/png', '\x89PNG\r\n\x1a\n', 'image/png'],
    ['application/octet-stream', '\x89PNG\r\n\x1a\n', 'binary data with Content-Type application/octet-stream'],
    ['application/gzip', 'PK\x03\x04', 'binary data with Content-Type application/gzip'],
    ['', '%PDF-1.7', 'PDF without a Content-Type'],
  ])('refuses %j of %j', async (type, body, got) => {
    const server = await typed(type, Buffer.from(body, 'latin1'));
    const refused = fetcher().fetch({ url: server.origin, accepts: 'document' });
    await expect(refused).rejects.toThrow(code('E_FETCH_TYPE'));
    await expect(refused).rejects.toThrow(
      `expected text, XML or JSON, got ${got}; check that the address is that of a feed or a sitemap`,
    );
  });

  it('asks for feeds and XML first, and conditionally', async () => {
    const seen: (string | undefined)[][] = [];
    const server = await served((request, response) => {
      seen.push([request.headers.accept, ...conditional(request)]);
      response.writeHead(request.headers['if-none-match'] === '"f1"' ? 304 : 200, HTML).end();
    });
    const validators = { etag: '"f1"', lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' };
    const capture = await fetcher().fetch({ url: server.origin, accepts: 'document', validators });
    expect(capture.status).toBe(304);
    await fetcher().fetch({ url: server.origin });
    expect(seen).toEqual([
      [
        expect.stringMatching(/^application\/rss\+xml,application\/atom\+xml,.*text\/plain/),
        '"f1"',
        validators.lastModified,
      ],
      [expect.stringMatching(/^text\/html,/), undefined, undefined],
    ]);
  });
});

describe('fetch: any bytes, hop by hop', () => {
  it.each(['image/png', 'font/woff2', 'application/javascript', 'text/css', ''])(
    'takes "%s" without making text of it',
    async (type) => {
      const bytes = Buffer.from('\x89PNG\r\n\x1a\n caf\xe9', 'latin1');
      const server = await typed(type, bytes);
      const capture = await fetcher().fetch({ url: server.origin, accepts: 'any' });
      expect([Buffer.from(capture.body), capture.text]).toEqual([bytes, '']);
    },
  );

  it('asks before each redirect is followed, and requests nothing of where it may not go', async () => {
    const paths: unknown[] = [];
    const server = await served((request, response) => {
      paths.push(request.url);
      const next = request.url === '/' ? '/open' : '/closed';
      response.writeHead(302, { location: next }).end();
    });
    const asked: string[] = [];
    const mayFollow = async (url: string): Promise<void> => {
      asked.push(new URL(url).pathname);
      if (url.endsWith('/closed')) throw new TearsheetError('E_FETCH_ROBOTS', 'robots.txt says no');
    };
    await expect(fetcher().fetch({ url: server.origin, mayFollow })).rejects.toThrow(code('E_FETCH_ROBOTS'));
    expect(asked).toEqual(['/open', '/closed']);
    expect(paths).toEqual(['/', '/open']);
  });

  it('gives a redirect as it is where it shall not be followed', async () => {
    let asked = 0;
    const server = await served((_request, response) => {
      asked++;
      response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end('moved');
    });
    const capture = await fetcher().fetch({ url: server.origin, accepts: 'any', redirects: 'manual' });
    expect(capture).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.2:1/' } });
    expect([text(capture.body), capture.hops.length, asked]).toEqual(['moved', 1, 1]);
  });

  it('sends lines that are given, in place of its own, to the first hop alone', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const server = await served((request, response) => {
      seen.push(request.headers);
      if (request.url === '/') response.writeHead(302, { location: '/next' }).end();
      else response.writeHead(200, HTML).end();
    });
    const headers = [
      ['Accept', 'text/css'],
      ['cookie', 'a=1'],
      ['Referer', 'http://press.test/'],
      ['user-agent', 'Mozilla/5.0'],
      ['Host', 'inside.test'],
      ['content-length', '9'],
      ['transfer-encoding', 'chunked'],
      ['x bad', '1'],
      ['x-evil', 'a\r\nb: c'],
    ] as const;
    await fetcher().fetch({ url: server.origin, headers });
    const { host } = new URL(server.origin);
    const [first, second] = seen;
    expect(first).toMatchObject({ accept: 'text/css', cookie: 'a=1', referer: 'http://press.test/', host });
    expect(first!['user-agent']).toContain('tearsheet');
    for (const name of ['content-length', 'transfer-encoding', 'x bad', 'x-evil', 'b'])
      expect(first).not.toHaveProperty(name);
    expect(second).toMatchObject({ accept: expect.stringContaining('text/html') });
    expect(second).not.toHaveProperty('cookie');
    expect(second).not.toHaveProperty('referer');
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
