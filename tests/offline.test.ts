import dns, { lookup } from 'node:dns';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { lookup as promisedLookup } from 'node:dns/promises';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { assertStayed, isLoopback, takeAttempts } from './offline.ts';

// Documentation ranges (RFC 5737, RFC 3849): nobody answers there even if a check fails.
const BEYOND = '192.0.2.1';

describe('offline', () => {
  it.each(['127.0.0.1', '127.0.1.9', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', ''])(
    'takes %j for loopback',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );
  it.each([
    BEYOND,
    '128.0.0.1',
    '10.0.0.1',
    '2001:db8::1',
    '::ffff:192.0.2.1',
    'example.com',
    '127.0.0.1.example.com',
    '0.0.0.0',
  ])('takes %j for beyond', (host) => {
    expect(isLoopback(host)).toBe(false);
  });

  it.each([
    ['net.connect by options', () => net.connect({ host: BEYOND, port: 80 })],
    ['net.connect by port and host', () => net.connect(80, BEYOND)],
    ['net.connect by name', () => net.connect(80, 'example.com')],
    ['Socket.connect', () => new net.Socket().connect(80, BEYOND)],
    ['IPv6', () => net.connect({ host: '2001:db8::1', port: 80 })],
    ['tls.connect', () => tls.connect({ host: BEYOND, port: 443 })],
    ['http.get', () => http.get(`http://${BEYOND}/`)],
    ['dns.lookup', () => dns.lookup('example.com', () => undefined)],
    ['dns.lookup imported by name', () => lookup('example.com', () => undefined)],
  ])('stops %s', (_, leave) => {
    expect(leave).toThrow(/tests run offline/);
    expect(takeAttempts()).toHaveLength(1);
  });

  it('stops fetch, whatever it makes of the error', async () => {
    await expect(fetch(`http://${BEYOND}/`)).rejects.toThrow('fetch failed');
    expect(takeAttempts()).toEqual([`a connection to ${BEYOND}`]);
  });
  it('fails the test that asked, even where nobody heard of it', async () => {
    await fetch(`http://${BEYOND}/`).catch(() => undefined);
    expect(assertStayed).toThrow(`this test tried to leave the machine: a connection to ${BEYOND}`);
    expect(assertStayed).not.toThrow();
  });
  it('stops promised lookups', async () => {
    await expect(promisedLookup('example.com')).rejects.toThrow(/offline/);
    await expect(dns.promises.lookup('example.com')).rejects.toThrow(/offline/);
    expect(takeAttempts()).toHaveLength(2);
  });
  it('stops a connection whose own lookup answers with an address beyond', async () => {
    const socket = net.connect({
      host: 'press.test',
      port: 80,
      lookup: (_name, _options, done) => done(null, [{ address: BEYOND, family: 4 }]),
    });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toMatch(/offline/);
    expect(takeAttempts()).toEqual([`${BEYOND} for press.test`]);
  });

  it('says of a name under .invalid that it does not resolve, and asks nobody', async () => {
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => dns.lookup('nowhere.invalid', resolve));
    expect(error?.code).toBe('ENOTFOUND');
    await expect(dns.promises.lookup('nowhere.invalid')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect(takeAttempts()).toEqual([]);
  });
  it('lets connections to loopback pass, by address and by name', async () => {
    const server = net.createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    for (const host of ['127.0.0.1', 'localhost']) {
      const heard = await new Promise<string>((resolve, reject) => {
        net
          .connect({ host, port, family: 4 })
          .on('data', (bytes) => resolve(String(bytes)))
          .on('error', reject);
      });
      expect(heard).toBe('hello');
    }
    await new Promise((resolve) => server.close(resolve));
  });
});
