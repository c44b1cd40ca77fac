import { describe, expect, it } from 'vitest';
import { createHttpFetcher } from '../../../src/fetch/http.ts';
import {
  CERTIFICATE,
  HTML,
  code,
  fetcher,
  kept,
  optionsOf,
  serveRaw,
  serveTls,
  served,
  sleeplessClock,
} from './loopback.ts';

const secure = async () => kept(await serveTls((_request, response) => response.writeHead(200, HTML).end('sealed')));

/** A resolver with the same answers for every name. */
const answering =
  (...addresses: string[]) =>
  async () =>
    addresses;

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

  it('says of a refused redirect where it came from', async () => {
    const server = await served((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.2:1/' }).end();
    });
    await expect(fetcher().fetch({ url: `${server.origin}/start` })).rejects.toThrow(
      `http://127.0.0.2:1: expected a public address, got 127.0.0.2 (loopback); if you mean it, allow it with --allow-address or fetch.allowAddresses (redirected from ${server.origin}/start)`,
    );
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
    const capture = await fetcher({ lookup: answering('127.0.0.2', '10.0.0.1', '::1', '127.0.0.1') }).fetch({
      url: `http://press.test:${allowed.port}/`,
    });
    expect(capture.hops[0]!.remoteAddress).toBe('127.0.0.1');
    const none = fetcher({ lookup: answering('127.0.0.2', '10.0.0.1') }).fetch({
      url: `http://press.test:${forbidden.port}/`,
    });
    await expect(none).rejects.toThrow('127.0.0.2 (loopback), 10.0.0.1 (private)');
    expect(forbidden.connections()).toBe(0);
  });

  it('goes on to the next answer where one does not listen', async () => {
    const server = await served((_request, response) => response.writeHead(200, HTML).end('second'), '127.0.1.9');
    const lookup = answering('127.0.1.8', '127.0.1.9');
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
    const lookup = answering('127.0.0.1');
    const fetching = fetcher({ trustedCertificates: [CERTIFICATE], lookup });
    const verified = { verified: true, protocol: 'TLSv1.3' };
    expect((await fetching.fetch({ url: server.origin })).tls).toEqual(verified);
    expect((await fetching.fetch({ url: `https://press.test:${server.port}/` })).tls).toEqual(verified);
  });

  it('does not take a certificate for another host', async () => {
    const server = await secure();
    const trusting = { trustedCertificates: [CERTIFICATE], lookup: answering('127.0.0.1') };
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
