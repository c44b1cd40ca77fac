/** Servers on loopback and a fetcher's options for the tests of the fetch room. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Fetcher } from '../../../src/core/ports.ts';
import { createHttpFetcher, type HttpOptions } from '../../../src/fetch/http.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
/** Self-signed for localhost, press.test and 127.0.0.1; valid for a hundred years. */
export const CERTIFICATE = fixture('loopback.crt');
const KEY = fixture('loopback.key');

export interface Loopback {
  readonly origin: string;
  readonly port: number;
  /** Connections taken so far. */
  connections(): number;
  /** Sockets that are open now. */
  open(): number;
  close(): Promise<void>;
}

async function listening(server: net.Server | http.Server, scheme: string, host: string): Promise<Loopback> {
  const sockets = new Set<net.Socket>();
  let connections = 0;
  server.on('connection', (socket: net.Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${scheme}://${host}:${port}`,
    port,
    connections: () => connections,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export const serve = (handler: http.RequestListener, host = '127.0.0.1'): Promise<Loopback> =>
  listening(http.createServer({ keepAliveTimeout: 30_000 }, handler), 'http', host);

export const serveTls = (handler: http.RequestListener): Promise<Loopback> =>
  listening(https.createServer({ key: KEY, cert: CERTIFICATE }, handler), 'https', '127.0.0.1');

/** Answers each connection by hand. What nobody listens to is read all the same, else the other side's end goes unseen. */
export const serveRaw = (onSocket: (socket: net.Socket) => void): Promise<Loopback> =>
  listening(
    net.createServer((socket) => {
      onSocket(socket);
      socket.resume();
    }),
    'http',
    '127.0.0.1',
  );

/** Answers every connection with these bytes as soon as something is asked, and leaves it open. */
export const serveBytes = (...pieces: (string | Buffer)[]): Promise<Loopback> =>
  serveRaw((socket) => socket.once('data', () => pieces.forEach((piece) => socket.write(piece))));

/** A clock whose sleeps take no time and are written down. */
export function sleeplessClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
    },
  };
}

export interface HandClock extends Clock {
  /** Lets time pass: sleepers wake in their order, each with everything that it sets off done before the next. */
  advance(ms: number): Promise<void>;
  /** Sleepers that have neither woken nor been told to stop. */
  sleepers(): number;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told otherwise. */
export function handClock(startMs = Date.parse('2026-03-03T08:00:00Z')): HandClock {
  let now = startMs;
  const asleep = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        signal?.addEventListener('abort', () => {
          asleep.delete(sleeper);
          reject(signal.reason as Error);
        });
        asleep.add(sleeper);
      }),
    advance: async (ms) => {
      const end = now + ms;
      await settled();
      for (;;) {
        const [next] = [...asleep].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        asleep.delete(next);
        next.wake();
        await settled();
      }
      now = end;
      await settled();
    },
    sleepers: () => asleep.size,
  };
}

export const HTML = { 'content-type': 'text/html; charset=utf-8' };

/** Options that let loopback through and wait for nothing longer than a test may take. */
export const optionsOf = (overrides: Partial<HttpOptions> = {}): HttpOptions => ({
  userAgent: 'tearsheet-test/1 (+mailto:desk@press.test)',
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 5_000,
  bodyTimeoutMs: 5_000,
  maxWireBytes: 1_000_000,
  maxInflatedBytes: 4_000_000,
  maxRedirects: 5,
  maxRetries: 0,
  retryBaseMs: 100,
  maxRetryWaitMs: 10_000,
  allowAddresses: ['127.0.0.1/32', '127.0.1.0/24'],
  verifyTls: 'require',
  clock: sleeplessClock(),
  jitter: () => 1,
  ...overrides,
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** The same, closed after the test. */
export function kept<T extends { close(): Promise<void> }>(closable: T): T {
  closing.push(() => closable.close());
  return closable;
}
export const fetcher = (overrides: Partial<HttpOptions> = {}): Fetcher => kept(createHttpFetcher(optionsOf(overrides)));
export const served = async (...args: Parameters<typeof serve>): Promise<Loopback> => kept(await serve(...args));
/** Answers each connection with these bytes, then closes it. */
export const sent = async (bytes: string | Buffer): Promise<Loopback> =>
  kept(await serveRaw((socket) => socket.once('data', () => socket.end(bytes))));

export const code = (expected: string): unknown => expect.objectContaining({ name: 'TearsheetError', code: expected });
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
