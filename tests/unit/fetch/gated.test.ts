/** The fetcher behind its gate, politeness measured where it counts: at the server. */
import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Gate, HopOutcome } from '../../../src/core/frontier-ports.ts';
import { Pace, type PaceOptions } from '../../../src/fetch/pace.ts';
import {
  HTML,
  code,
  fetcher,
  kept,
  sent,
  serveBytes,
  serveRaw,
  served,
  sleeplessClock,
  type Loopback,
} from './loopback.ts';

/** A server that writes down how it is asked: the most in flight at once, and the least time from an end to the next start. */
async function watched(answer: http.RequestListener, host?: string) {
  const seen = { hits: 0, inFlight: 0, mostInFlight: 0, leastGapMs: Infinity, paths: [] as string[] };
  let endedAt = -Infinity;
  const server: Loopback = await served((request, response) => {
    seen.hits += 1;
    seen.inFlight += 1;
    seen.mostInFlight = Math.max(seen.mostInFlight, seen.inFlight);
    seen.leastGapMs = Math.min(seen.leastGapMs, performance.now() - endedAt);
    seen.paths.push(request.url!);
    // Before the last byte leaves, so that the gap is never taken for longer than it is at the other side.
    response.on('finish', () => {
      seen.inFlight -= 1;
      endedAt = performance.now();
    });
    answer(request, response);
  }, host);
  return { server, seen };
}
const page: http.RequestListener = (_request, response) => {
  setTimeout(() => response.writeHead(200, HTML).end('<p>page'), 5);
};

const DELAY_MS = 40;
const polite = (overrides: Partial<PaceOptions> = {}): Pace =>
  kept(
    new Pace({
      clock: systemClock,
      delayMs: DELAY_MS,
      latencyFactor: 0,
      maxDelayMs: 100,
      breakerFailures: 3,
      breakerMs: 60_000,
      ...overrides,
    }),
  );

describe('fetch behind a gate: at the server', () => {
  it('has one in flight to a host and the delay between two, whoever asks', async () => {
    const [one, two] = [await watched(page, '127.0.1.1'), await watched(page, '127.0.1.2')];
    const fetching = fetcher({ gate: polite() });
    const asked = Array.from({ length: 5 }, (_, i) =>
      [one, two].map(({ server }) => fetching.fetch({ url: `${server.origin}/${i}` })),
    ).flat();
    const captures = await Promise.all(asked);
    expect(captures.every(({ status }) => status === 200)).toBe(true);
    for (const { seen } of [one, two]) {
      expect(seen).toMatchObject({ hits: 5, mostInFlight: 1, paths: ['/0', '/1', '/2', '/3', '/4'] });
      expect(seen.leastGapMs).toBeGreaterThanOrEqual(DELAY_MS);
    }
  });

  it('has as many in flight as the source allows', async () => {
    const waiting: (() => void)[] = [];
    const { server, seen } = await watched((_request, response) => {
      waiting.push(() => response.writeHead(200, HTML).end('<p>page'));
      if (waiting.length === 3) for (const go of waiting) go();
    });
    const fetching = fetcher({ gate: polite({ concurrencyOf: () => 3, delayMs: 0 }) });
    await Promise.all(['/a', '/b', '/c'].map((path) => fetching.fetch({ url: server.origin + path })));
    expect(seen.mostInFlight).toBe(3);
  });

  it('counts each hop of redirects, within a host and between hosts', async () => {
    const end = await watched(page, '127.0.1.2');
    const start = await watched((request, response) => {
      const location = request.url === '/a' ? '/b' : `${end.server.origin}/end`;
      response.writeHead(302, { location }).end();
    }, '127.0.1.1');
    const fetching = fetcher({ gate: polite() });
    const urls = [
      `${start.server.origin}/a`,
      `${start.server.origin}/a`,
      `${end.server.origin}/x`,
      `${start.server.origin}/a`,
    ];
    const captures = await Promise.all(urls.map((url) => fetching.fetch({ url })));
    expect(captures.map(({ hops }) => hops.length)).toEqual([3, 3, 1, 3]);
    expect([start.seen.hits, end.seen.hits]).toEqual([6, 4]);
    for (const { seen } of [start, end]) {
      expect(seen.mostInFlight).toBe(1);
      expect(seen.leastGapMs).toBeGreaterThanOrEqual(DELAY_MS);
    }
  });

  it('gives a refused host the time it asks for, and lets others go on meanwhile', async () => {
    const { server, seen } = await watched((request, response) => {
      if (request.url === '/0') response.writeHead(429, { ...HTML, 'retry-after': '1' }).end();
      else page(request, response);
    });
    const fetching = fetcher({ gate: polite(), maxRetries: 0 });
    expect((await fetching.fetch({ url: `${server.origin}/0` })).status).toBe(429);
    expect((await fetching.fetch({ url: `${server.origin}/1` })).status).toBe(200);
    expect(seen.leastGapMs).toBeGreaterThanOrEqual(1_000);
  });

  it('tries again by itself after a 429 and its Retry-After, without holding the turn', async () => {
    let refused = 0;
    const { server, seen } = await watched((request, response) => {
      if (request.url === '/0' && refused++ === 0) response.writeHead(429, { ...HTML, 'retry-after': '1' }).end();
      else page(request, response);
    });
    const fetching = fetcher({ gate: polite(), maxRetries: 1, clock: systemClock });
    const captures = await Promise.all(['/0', '/1'].map((path) => fetching.fetch({ url: server.origin + path })));
    expect(captures.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen).toMatchObject({ hits: 3, mostInFlight: 1 });
    expect(seen.leastGapMs).toBeGreaterThanOrEqual(DELAY_MS);
  });

  it('leaves a host alone that is down, at its first attempt and without any further', async () => {
    const { server, seen } = await watched((_request, response) => response.writeHead(500, HTML).end());
    const clock = sleeplessClock();
    const gate = polite({ delayMs: 0 });
    const fetching = fetcher({ gate, maxRetries: 5, clock });
    // The breaker opens under the third attempt; what that brought is the last word on the page.
    expect((await fetching.fetch({ url: server.origin })).status).toBe(500);
    expect([seen.hits, clock.slept.length]).toEqual([3, 3]);
    await expect(fetching.fetch({ url: `${server.origin}/next` })).rejects.toThrow(code('E_FETCH_HOST_DOWN'));
    expect([seen.hits, clock.slept.length]).toEqual([3, 3]);
  });
});

/** A gate that lets all in and writes down what it is told. */
function openGate() {
  const entered: string[] = [];
  const told: (HopOutcome | undefined)[] = [];
  const gate: Gate = {
    enter: async (host) => {
      entered.push(host);
      return (outcome) => told.push(outcome);
    },
  };
  return { gate, entered, told };
}

describe('fetch behind a gate: what the gate is told', () => {
  const ANSWERED = expect.any(Number);

  it('is the status of each hop, how long its head took, and what Retry-After asks for', async () => {
    const server = await served((request, response) => {
      if (request.url === '/a') response.writeHead(301, { location: '/b' }).end();
      else response.writeHead(503, { ...HTML, 'retry-after': '120' }).end();
    });
    const { gate, entered, told } = openGate();
    await fetcher({ gate }).fetch({ url: `${server.origin}/a` });
    const { host } = new URL(server.origin);
    expect(entered).toEqual([host, host]);
    expect(told).toEqual([
      { status: 301, latencyMs: ANSWERED },
      { status: 503, latencyMs: ANSWERED, retryAfterMs: 120_000 },
    ]);
  });

  it('is the status where we refuse what the host sent', async () => {
    const server = await served((request, response) => {
      if (request.url === '/pdf') response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF');
      else if (request.url === '/large') response.writeHead(200, { ...HTML, 'content-length': '9999999' }).write('x');
      else response.writeHead(206, HTML).end('half');
    });
    const { gate, told } = openGate();
    const fetching = fetcher({ gate });
    await expect(fetching.fetch({ url: `${server.origin}/pdf` })).rejects.toThrow(code('E_FETCH_TYPE'));
    await expect(fetching.fetch({ url: `${server.origin}/large` })).rejects.toThrow(code('E_FETCH_TOO_LARGE'));
    await expect(fetching.fetch({ url: `${server.origin}/part` })).rejects.toThrow(code('E_FETCH_PROTOCOL'));
    expect(told.map((outcome) => outcome?.status)).toEqual([200, 200, 206]);
  });

  it('is 0 where the host did not answer as it should', async () => {
    const hangsUp = await sent('');
    const cuts = await sent('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\nhalf');
    const babbles = await sent('what?\r\n\r\n');
    const silent = kept(await serveRaw(() => undefined));
    const closed = kept(await serveRaw(() => undefined));
    await closed.close();
    const { gate, told } = openGate();
    const fetching = fetcher({ gate, headersTimeoutMs: 50 });
    const codes: unknown[] = [];
    const urls = [
      hangsUp.origin,
      cuts.origin,
      babbles.origin,
      silent.origin,
      closed.origin,
      silent.origin.replace('http:', 'https:'),
    ];
    for (const [i, url] of urls.entries()) {
      const short = i === urls.length - 1 ? fetcher({ gate, connectTimeoutMs: 50 }) : fetching;
      await short.fetch({ url }).catch((error: { code: unknown }) => codes.push(error.code));
    }
    expect(codes).toEqual([
      'E_FETCH_CONNECT',
      'E_FETCH_TRUNCATED',
      'E_FETCH_PROTOCOL',
      'E_FETCH_TIMEOUT',
      'E_FETCH_CONNECT',
      'E_FETCH_TIMEOUT',
    ]);
    expect(told).toEqual(urls.map(() => ({ status: 0, latencyMs: ANSWERED })));
  });

  it('is 0 where the name does not resolve, and nothing where we may not go', async () => {
    const { gate, told } = openGate();
    const lookup = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    const fetching = fetcher({ gate, lookup });
    await expect(fetching.fetch({ url: 'http://press.test/' })).rejects.toThrow(code('E_FETCH_DNS'));
    await expect(fetching.fetch({ url: 'http://127.0.0.2:1/' })).rejects.toThrow(code('E_FETCH_ADDRESS'));
    expect(told).toEqual([{ status: 0, latencyMs: ANSWERED }, undefined]);
  });

  it('is nothing where we break off ourselves, before the head and after it', async () => {
    const silent = kept(await serveRaw(() => undefined));
    const halfway = kept(await serveBytes('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>'));
    const { gate, told } = openGate();
    for (const server of [silent, halfway]) {
      const stop = new AbortController();
      const stopped = fetcher({ gate }).fetch({ url: server.origin }, stop.signal);
      await expect.poll(() => server.connections()).toBe(1);
      setTimeout(() => stop.abort(new Error('signal')), 40);
      await expect(stopped).rejects.toThrow(code('E_INTERRUPTED'));
    }
    expect(told).toEqual([undefined, undefined]);
  });
});

describe('fetch behind a gate: stops', () => {
  it('while it waits for its turn is E_INTERRUPTED, and sends nothing', async () => {
    const { server, seen } = await watched(page);
    const gate = polite({ delayMs: 60_000 });
    const fetching = fetcher({ gate });
    await fetching.fetch({ url: server.origin });
    const stop = new AbortController();
    const stopped = fetching.fetch({ url: `${server.origin}/second` }, stop.signal);
    const { host } = new URL(server.origin);
    await expect.poll(() => gate.stateOf(host).waiting).toBe(1);
    stop.abort(new Error('signal'));
    await expect(stopped).rejects.toThrow(code('E_INTERRUPTED'));
    await expect(stopped).rejects.toThrow(`${server.origin}/second`);
    expect([seen.hits, gate.stateOf(host).waiting]).toEqual([1, 0]);
  });

  it('between the turn and its use sends nothing and gives the turn back', async () => {
    const { server, seen } = await watched(page);
    const stop = new AbortController();
    const told: unknown[] = [];
    const gate: Gate = {
      enter: async () => {
        stop.abort(new Error('signal'));
        return (outcome) => told.push(outcome);
      },
    };
    await expect(fetcher({ gate }).fetch({ url: server.origin }, stop.signal)).rejects.toThrow(code('E_INTERRUPTED'));
    expect([seen.hits, told]).toEqual([0, [undefined]]);
  });

  it('of the gate itself come through as they are', async () => {
    const broken: Gate = { enter: () => Promise.reject(new RangeError('bug')) };
    await expect(fetcher({ gate: broken }).fetch({ url: 'http://127.0.0.1:1/' })).rejects.toThrow(RangeError);
  });
});
