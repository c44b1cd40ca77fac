/**
 * Connections that go where the guard looked. The host name is resolved once, its answers are checked, and the socket is
 * given those very addresses: whatever the name says a moment later, nothing is resolved again. Address literals never
 * reach a lookup, so they are checked here too.
 */
import dns from 'node:dns';
import net from 'node:net';
import tls from 'node:tls';
import { TearsheetError } from '../core/errors.ts';
import type { Tls } from '../core/schema.ts';
import type { Guard } from './guard.ts';
import { limitError } from './limit.ts';
import type { HttpOptions, Lookup } from './options.ts';

export interface Connection {
  readonly socket: net.Socket;
  readonly remoteAddress: string;
  /** Of https only. */
  readonly tls?: Tls;
  /** What broke the socket, once something did: undici takes a reset for the end of a body that has no length. */
  fault(): Error | undefined;
}
/** Connects to the origin of a URL. Throws `E_FETCH_ADDRESS`, `_DNS`, `_CONNECT`, `_TIMEOUT`, `_TLS`. */
export type Dial = (origin: URL, signal: AbortSignal) => Promise<Connection>;

/** Node tries addresses one after the other; this long for each but the last, so that a dead IPv6 does not eat the whole limit. */
const ATTEMPT_MS = 2_500;

const systemLookup: Lookup = async (hostname) => {
  const answers = await dns.promises.lookup(hostname, { all: true, order: 'verbatim' });
  return answers.map(({ address }) => address);
};

export function createDial(guard: Guard, options: HttpOptions): Dial {
  const lookup = options.lookup ?? systemLookup;
  const authorities = options.trustedCertificates && [...tls.rootCertificates, ...options.trustedCertificates];

  return async (origin, signal) => {
    const limit = AbortSignal.timeout(options.connectTimeoutMs);
    const either = AbortSignal.any([signal, limit]);
    try {
      const addresses = await permitted(origin, guard, lookup, either);
      const socket = openSocket(origin, addresses, options.connectTimeoutMs, authorities);
      await ready(socket, origin, either);
      return checked(socket, origin, guard, options.verifyTls);
    } catch (thrown) {
      if (!limit.aborted || thrown instanceof TearsheetError) throw thrown;
      const expected = `a connection within ${options.connectTimeoutMs} ms`;
      throw limitError('E_FETCH_TIMEOUT', origin, expected, 'none', 'connectTimeoutMs');
    }
  };
}

const hostOf = (origin: URL): string => origin.hostname.replace(/^\[|\]$/g, '');

/** The addresses of the host that may be connected to; never none. */
async function permitted(origin: URL, guard: Guard, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  const host = hostOf(origin);
  const answers = net.isIP(host) ? [host] : await resolved(host, lookup, signal);
  const refusals: string[] = [];
  const addresses = answers.filter((address) => {
    const why = guard.refusal(address);
    if (why !== null) refusals.push(`${address} (${why})`);
    return why === null;
  });
  if (addresses.length > 0) return addresses;
  const got = refusals.join(', ');
  const message = `${origin.origin}: expected a public address, got ${got}; if you mean it, allow it with --allow-address or fetch.allowAddresses`;
  throw new TearsheetError('E_FETCH_ADDRESS', message);
}

async function resolved(host: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const answers = await orAborted(lookup(host), signal);
    if (answers.length === 0) throw new Error('no address');
    return answers;
  } catch (cause) {
    if (signal.aborted) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    const message = `${host}: expected a host name that resolves, got ${why}; check its spelling and the network`;
    throw new TearsheetError('E_FETCH_DNS', message, { cause });
  }
}

/** The work's outcome, or the signal's reason where that comes first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function openSocket(
  origin: URL,
  addresses: readonly string[],
  connectTimeoutMs: number,
  authorities: string[] | undefined,
): net.Socket {
  const host = hostOf(origin);
  const isSecure = origin.protocol === 'https:';
  const isName = net.isIP(host) === 0;
  const answers = addresses.map((address) => ({ address, family: net.isIP(address) }));
  const target = {
    host,
    port: Number(origin.port) || (isSecure ? 443 : 80),
    lookup: ((_name, _options, done) => done(null, answers)) as net.LookupFunction,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.min(ATTEMPT_MS, Math.floor(connectTimeoutMs / answers.length))),
    noDelay: true,
    keepAlive: true,
    highWaterMark: 65_536,
  };
  if (!isSecure) return net.connect(target);
  return tls.connect({
    ...target,
    ALPNProtocols: ['http/1.1'],
    // The verdict is read from the socket before a byte is sent: `record` needs the reason, and `require` tells it.
    rejectUnauthorized: false,
    ...(isName && { servername: host }),
    ...(authorities && { ca: authorities }),
  });
}

/** Resolves when the socket can carry a request; destroys it where that fails. */
function ready(socket: net.Socket, origin: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const event = socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect';
    const settle = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onReady).off('error', onError);
    };
    const onReady = () => {
      settle();
      resolve();
    };
    const onError = (cause: Error) => {
      settle();
      socket.on('error', () => undefined).destroy();
      reject(cause === signal.reason ? cause : connectError(cause, origin));
    };
    const onAbort = () => onError(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(event, onReady).once('error', onError);
  });
}

function connectError(cause: NodeJS.ErrnoException, origin: URL): TearsheetError {
  const code = cause.code ?? '';
  const isTls = /^(EPROTO$|ERR_SSL|ERR_TLS)/.test(code);
  const expected = isTls ? 'a TLS handshake' : 'a connection';
  const message = `${origin.origin}: expected ${expected}, got ${cause.message || code}; try again later`;
  return new TearsheetError(isTls ? 'E_FETCH_TLS' : 'E_FETCH_CONNECT', message, { cause });
}

/** Looks at what the socket really reached, and at its certificate. */
function checked(socket: net.Socket, origin: URL, guard: Guard, verifyTls: HttpOptions['verifyTls']): Connection {
  const remoteAddress = socket.remoteAddress ?? '';
  const refuse = (error: TearsheetError): never => {
    socket.on('error', () => undefined).destroy();
    throw error;
  };
  const why = guard.refusal(remoteAddress);
  if (why !== null) {
    const message = `${origin.origin}: expected a public address, got ${remoteAddress || 'a closed connection'} (${why}); try again`;
    return refuse(new TearsheetError(remoteAddress ? 'E_FETCH_ADDRESS' : 'E_FETCH_CONNECT', message));
  }
  let broken: Error | undefined;
  socket.once('error', (error) => (broken = error));
  const connection = { socket, remoteAddress, fault: () => broken };
  if (!(socket instanceof tls.TLSSocket)) return connection;
  const verdict = verdictOn(socket);
  if (!verdict.verified && verifyTls === 'require') {
    const message = `${origin.origin}: expected a certificate that can be verified, got ${verdict.whyNot}; set fetch.verifyTls to record to keep the page all the same`;
    return refuse(new TearsheetError('E_FETCH_TLS', message));
  }
  return { ...connection, tls: verdict };
}

function verdictOn(socket: tls.TLSSocket): Tls {
  const protocol = socket.getProtocol();
  // Node's types say Error; what it gives is the code of OpenSSL's verdict, or of a certificate for another host.
  const error = socket.authorizationError as Error | string | undefined;
  const whyNot = typeof error === 'string' ? error : (error?.message ?? 'unknown');
  return { verified: socket.authorized, ...(!socket.authorized && { whyNot }), ...(protocol && { protocol }) };
}
