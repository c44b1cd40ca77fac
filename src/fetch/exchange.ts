/** One request and its answer on one connection, within the limits of time and size. */
import { instantOf } from '../core/clock.ts';
import { TearsheetError } from '../core/errors.ts';
import type { HeaderLines } from '../core/ports.ts';
import type { Line } from './lines.ts';
import { limitError, shownUrl } from './limit.ts';
import type { HttpOptions } from './options.ts';
import { WireBody } from './wire-body.ts';

export interface Order {
  readonly url: URL;
  /** Besides Host and Connection, which the connection adds. */
  readonly headers: HeaderLines;
  /** Sees the answer's head before its body is read; what it throws ends the exchange. */
  readonly admit: (status: number, headers: HeaderLines) => void;
}

/** A Hop in the making. */
export interface Answer {
  readonly requestHeaders: HeaderLines;
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderLines;
  readonly wireBody: Uint8Array;
  readonly startedAt: string;
  /** When the head was complete, in the clock's milliseconds. */
  readonly headersAt: number;
  /** True where the connection is clean for another request. */
  readonly isLineClean: boolean;
}

type Phase = 'connect' | 'headers' | 'body' | 'settled';
type Head = Omit<Answer, 'wireBody' | 'isLineClean'>;
/** What undici hands to a handler: a way to the header lines as they came. */
interface Controller {
  readonly rawHeaders?: unknown;
}

/** Values of a header, its name given in lower case. */
export const valuesOf = (headers: HeaderLines, name: string): string[] =>
  headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value);

/**
 * Sends the order down the line. The caller drops the line where this rejects: whatever is still on its way then goes with it.
 * Throws `E_FETCH_TIMEOUT`, `_TOO_LARGE`, `_TRUNCATED`, `_CONNECT`, `_PROTOCOL`, `E_INTERRUPTED` and what `admit` throws.
 */
export function exchange(line: Line, order: Order, options: HttpOptions, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader(line, order, options, resolve, reject, signal);
    const headers = order.headers.flat();
    line.client.dispatch({ path: order.url.pathname + order.url.search, method: 'GET', headers }, reader);
  });
}

class AnswerReader {
  readonly #line: Line;
  readonly #order: Order;
  readonly #options: HttpOptions;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  #phase: Phase = 'connect';
  #startedAt: number;
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #head: Head | undefined;
  #body: WireBody | undefined;

  constructor(
    line: Line,
    order: Order,
    options: HttpOptions,
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
    signal: AbortSignal | undefined,
  ) {
    this.#line = line;
    this.#order = order;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    this.#startedAt = options.clock.now();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(): void {
    this.#phase = 'headers';
    this.#startedAt = this.#options.clock.now();
    this.#arm('headersTimeoutMs', 'the headers');
  }

  onResponseStart(controller: Controller, status: number, _headers: unknown, statusText?: string): void {
    // 100 to 199 are notices; the answer is still to come.
    if (status < 200 || this.#phase === 'settled') return;
    const headers = linesOf(controller.rawHeaders as readonly Buffer[]);
    const { clock, maxWireBytes } = this.#options;
    this.#head = {
      requestHeaders: [['host', this.#order.url.host], ['connection', 'keep-alive'], ...this.#order.headers],
      status,
      statusText: statusText ?? '',
      headers,
      startedAt: instantOf(this.#startedAt),
      headersAt: clock.now(),
    };
    this.#phase = 'body';
    try {
      this.#order.admit(status, headers);
    } catch (error) {
      return this.#fail(error);
    }
    const announced = valuesOf(headers, 'content-length')[0];
    const announcedBytes = announced !== undefined && /^\d+$/.test(announced) ? Number(announced) : undefined;
    // To a 304 the length is that of the body it leaves out (RFC 9110 §8.6), which undici goes on to miss.
    if (status === 304 && announcedBytes !== undefined) return this.#succeed(new Uint8Array(0), false);
    if (announcedBytes !== undefined && announcedBytes > maxWireBytes) {
      return this.#fail(this.#tooLarge(`${announcedBytes} announced`));
    }
    this.#body = new WireBody(maxWireBytes, announcedBytes);
    this.#arm('bodyTimeoutMs', 'the whole body');
    this.#armIdle();
  }

  onResponseData(_controller: Controller, piece: Buffer): void {
    if (this.#phase !== 'body' || this.#body === undefined) return;
    if (!this.#body.add(piece)) return this.#fail(this.#tooLarge('more'));
    this.#idleTimer?.refresh();
  }

  onResponseEnd(): void {
    if (this.#phase !== 'body' || this.#body === undefined) return;
    const fault = this.#line.connection?.fault();
    if (fault === undefined) this.#succeed(this.#body.whole(), true);
    else this.#fail(this.#wireError(fault));
  }

  onResponseError(_controller: Controller, cause: Error): void {
    this.#fail(cause instanceof TearsheetError ? cause : this.#wireError(cause));
  }

  readonly #onAbort = (): void => {
    const message = `${shownUrl(this.#order.url)}: expected to be fetched, got a stop signal; run again to fetch it`;
    this.#fail(new TearsheetError('E_INTERRUPTED', message, { cause: this.#signal?.reason }));
  };

  #succeed(wireBody: Uint8Array, isLineClean: boolean): void {
    this.#settle();
    this.#resolve({ ...this.#head!, wireBody, isLineClean });
  }

  #settle(): void {
    this.#phase = 'settled';
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #fail(error: unknown): void {
    if (this.#phase === 'settled') return;
    this.#settle();
    this.#reject(error);
  }

  /** undici's own timers tick in half seconds, so each limit has one of ours. */
  #arm(setting: 'headersTimeoutMs' | 'bodyTimeoutMs', what: string): void {
    clearTimeout(this.#timer);
    const limitMs = this.#options[setting];
    const { url } = this.#order;
    const miss = () => {
      if (timer !== this.#timer) return;
      const got = this.#body === undefined ? 'none' : `${this.#body.bytes} bytes so far`;
      this.#fail(limitError('E_FETCH_TIMEOUT', url, `${what} within ${limitMs} ms`, got, setting));
    };
    // After a long stretch of other work timers come before sockets: what has arrived meanwhile is read first.
    const timer = setTimeout(() => setImmediate(miss), limitMs);
    this.#timer = timer;
  }

  #armIdle(): void {
    const limitMs = this.#options.idleTimeoutMs;
    if (limitMs === undefined) return;
    const miss = (bytes: number) => {
      if (bytes !== this.#body?.bytes) return;
      const expected = `a piece of the body every ${limitMs} ms`;
      const got = `none after ${bytes} bytes`;
      this.#fail(limitError('E_FETCH_TIMEOUT', this.#order.url, expected, got, 'idleTimeoutMs'));
    };
    this.#idleTimer = setTimeout(() => setImmediate(miss, this.#body?.bytes ?? 0), limitMs);
  }

  #tooLarge(got: string): TearsheetError {
    const expected = `a body of at most ${this.#options.maxWireBytes} bytes`;
    return limitError('E_FETCH_TOO_LARGE', this.#order.url, expected, got, 'maxWireBytes');
  }

  #wireError(cause: Error): TearsheetError {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const url = shownUrl(this.#order.url);
    const isParser = cause.name === 'HTTPParserError';
    if (this.#phase === 'body' && !(isParser && !/EOF/.test(cause.message))) {
      const got = `${this.#body?.bytes ?? 0} bytes and then ${cause.message}`;
      const message = `${url}: expected the whole body, got ${got}; try again later`;
      return new TearsheetError('E_FETCH_TRUNCATED', message, { cause });
    }
    const isProtocol =
      isParser || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
    const expected = isProtocol ? 'an answer in HTTP/1.1' : 'an answer';
    const message = `${url}: expected ${expected}, got ${cause.message || code}; try again later`;
    return new TearsheetError(isProtocol ? 'E_FETCH_PROTOCOL' : 'E_FETCH_CONNECT', message, { cause });
  }
}

/** Name and value lines out of undici's flat list; latin1, so that each character is one byte as received. */
function linesOf(flat: readonly Buffer[]): HeaderLines {
  const lines: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    lines.push([flat[i]!.toString('latin1'), flat[i + 1]!.toString('latin1')]);
  return lines;
}
