/** The page as an HTTP server gives it. The only door to undici, which is loaded with the first request. */
import { setMaxListeners } from 'node:events';
import { createRequire } from 'node:module';
import type { Client } from 'undici';
import { TearsheetError } from '../core/errors.ts';
import type { Capture, Fetcher, FetchRequest, Hop } from '../core/ports.ts';
import { followChain } from './chain.ts';
import { createDial, type Dial } from './connect.ts';
import { exchange, type Answer, type Order } from './exchange.ts';
import { inTurn } from './gated.ts';
import { createGuard } from './guard.ts';
import { shownUrl } from './limit.ts';
import { Lines, type Line, type OpenClient } from './lines.ts';
import type { HttpOptions } from './options.ts';
import { withRetries } from './retry.ts';

export type { HttpOptions } from './options.ts';

/** News sites send policies and cookies well beyond Node's 16 KiB. */
const MAX_HEADER_BYTES = 65_536;
/** How long an idle connection is kept where the server does not say. */
const KEEP_ALIVE_MS = 4_000;

/** Loads undici's client alone: 20 ms. The whole of undici, with its fetch and WebSocket, costs 90. */
function loadClient(): typeof Client {
  return createRequire(import.meta.url)('undici/lib/dispatcher/client.js') as typeof Client;
}

function createOpenClient(): OpenClient {
  const UndiciClient = loadClient();
  return (origin, connect) =>
    new UndiciClient(origin, {
      connect: (_target, done) => {
        connect().then(
          ({ socket }) => done(null, socket as never),
          (error: Error) => done(error, null),
        );
      },
      pipelining: 1,
      // Our own timers are finer, and know what they are for.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
}

/**
 * A fetcher that speaks HTTP/1.1 over guarded, pinned connections.
 *
 * Its captures have any status of 2xx, 304 (only where validators were sent), 4xx and 5xx, the last ones after their
 * retries. `fetch` throws `E_URL_INVALID`, `E_URL_SCHEME`, `E_INTERRUPTED` and `E_FETCH_*` except `E_FETCH_EMPTY`.
 * Making one throws `E_CONFIG_INVALID` for an allowed address or User-Agent that is none.
 */
export function createHttpFetcher(options: HttpOptions): Fetcher {
  if (!/^[\x20-\x7e]+$/.test(options.userAgent)) {
    const message = `userAgent: expected one line of ASCII, got ${JSON.stringify(options.userAgent)}; mend the setting`;
    throw new TearsheetError('E_CONFIG_INVALID', message);
  }
  return new HttpFetcher(options, createDial(createGuard(options.allowAddresses), options));
}

class HttpFetcher implements Fetcher {
  readonly #options: HttpOptions;
  readonly #dial: Dial;
  readonly #inFlight = new Set<Promise<unknown>>();
  #lines: Lines | undefined;
  #isClosed = false;

  constructor(options: HttpOptions, dial: Dial) {
    this.#options = options;
    this.#dial = dial;
  }

  fetch(request: FetchRequest, signal?: AbortSignal): Promise<Capture> {
    // One signal stops a whole run; Node warns from the eleventh page in flight on.
    if (signal) setMaxListeners(0, signal);
    const plan = { ...this.#options, jitter: this.#options.jitter ?? Math.random };
    const send = (order: Order) => this.#send(order, signal);
    const capture = withRetries(() => followChain(send, request, this.#options), plan, request.url, signal);
    this.#inFlight.add(capture);
    const done = () => this.#inFlight.delete(capture);
    capture.then(done, done);
    return capture;
  }

  async #send(order: Order, signal: AbortSignal | undefined): Promise<{ answer: Answer; hop: Hop }> {
    this.#assertGoesOn(order, signal);
    const { gate, clock } = this.#options;
    if (gate === undefined) return this.#sendNow(order, signal);
    try {
      return await inTurn(gate, clock, order, signal, (gated) => this.#sendNow(gated, signal));
    } catch (error) {
      if (!(error instanceof TearsheetError)) this.#assertGoesOn(order, signal);
      throw error;
    }
  }

  /** Throws `E_INTERRUPTED`. */
  #assertGoesOn({ url }: Order, signal: AbortSignal | undefined): void {
    if (!signal?.aborted && !this.#isClosed) return;
    const got = this.#isClosed ? 'a fetcher that is closed' : 'a stop signal';
    const message = `${shownUrl(url)}: expected to be fetched, got ${got}; run again to fetch it`;
    throw new TearsheetError('E_INTERRUPTED', message, { cause: signal?.reason });
  }

  async #sendNow(order: Order, signal: AbortSignal | undefined): Promise<{ answer: Answer; hop: Hop }> {
    // The signal may have fired between the turn and its use.
    this.#assertGoesOn(order, signal);
    this.#lines ??= new Lines(this.#dial, createOpenClient());
    const line = this.#lines.take(order.url);
    try {
      return await this.#sendOn(line, order, signal);
    } catch (error) {
      // The server may close an idle connection just as we use it; that says nothing about the page, so it does not count.
      if (!isLetGo(line, error)) throw error;
      return this.#sendOn(this.#lines.take(order.url, true), order, signal);
    }
  }

  async #sendOn(line: Line, order: Order, signal: AbortSignal | undefined): Promise<{ answer: Answer; hop: Hop }> {
    const lines = this.#lines!;
    try {
      const answer = await exchange(line, order, this.#options, signal);
      const hop = hopOf(order.url, answer, line);
      if (answer.isLineClean) lines.release(line);
      else lines.drop(line);
      return { answer, hop };
    } catch (error) {
      lines.drop(line);
      throw error;
    }
  }

  async close(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
    this.#isClosed = true;
    await this.#lines?.close();
  }
}

const isLetGo = (line: Line, error: unknown): boolean =>
  line.isReused && error instanceof TearsheetError && error.code === 'E_FETCH_CONNECT';

function hopOf(url: URL, answer: Answer, { connection }: Line): Hop {
  return {
    url: url.href,
    method: 'GET',
    requestHeaders: answer.requestHeaders,
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers,
    wireBody: answer.wireBody,
    startedAt: answer.startedAt,
    ...(connection && { remoteAddress: connection.remoteAddress }),
    ...(connection?.tls && { tls: connection.tls }),
  };
}
