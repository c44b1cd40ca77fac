/**
 * Setup of every test file: no test reaches beyond loopback. A connection or a name that would leave the machine throws where
 * it is asked for, and fails the test that asked even where the code under test swallows that.
 */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { afterEach } from 'vitest';

const attempts: string[] = [];

/** What was asked for beyond loopback since this was last called; for tests that mean to be stopped. */
export const takeAttempts = (): string[] => attempts.splice(0);

/** Whether an address or host name stays on this machine. */
export function isLoopback(host: string): boolean {
  if (host === '' || host === 'localhost') return true;
  const bare = host.replace(/^\[|\]$/g, '').replace(/^::ffff:/i, '');
  return net.isIPv4(bare) ? bare.startsWith('127.') : bare === '::1';
}

function refusal(what: string): Error {
  attempts.push(what);
  return new Error(`tests run offline: expected loopback, got ${what}; serve it from 127.0.0.1`);
}

type Options = Partial<net.TcpSocketConnectOpts> & { readonly path?: string | null };

/** The options of any of the ways to call `Socket.connect`; Node's own `net.connect` hands over a list that holds them. */
function optionsOf(args: readonly unknown[]): Options {
  const [first, second] = args;
  if (Array.isArray(first)) return (first[0] ?? {}) as Options;
  if (typeof first === 'object' && first !== null) return first as Options;
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { path: first };
  return typeof second === 'string' ? { host: second } : {};
}

/** A lookup whose answers are held to loopback. */
const held =
  (lookup: net.LookupFunction): net.LookupFunction =>
  (name, options, done) =>
    lookup(name, options, (error, answers, family) => {
      const addresses = typeof answers === 'string' ? [answers] : (answers ?? []).map(({ address }) => address);
      const beyond = addresses.find((address) => !isLoopback(address));
      if (beyond !== undefined) return done(refusal(`${beyond} for ${name}`), answers, family);
      return done(error, answers, family);
    });

// eslint-disable-next-line typescript/unbound-method -- it is called on the socket below
const { connect } = net.Socket.prototype as { connect: (...args: unknown[]) => net.Socket };
net.Socket.prototype.connect = function connectOffline(this: net.Socket, ...args: unknown[]): net.Socket {
  const options = optionsOf(args);
  const host = options.host ?? '';
  const isLocal = typeof options.path === 'string' || isLoopback(host);
  if (!isLocal && (net.isIP(host) > 0 || options.lookup === undefined)) throw refusal(`a connection to ${host}`);
  if (options.lookup !== undefined) options.lookup = held(options.lookup);
  return connect.apply(this, args);
};

/** Names under `invalid` never resolve anywhere (RFC 6761 §6.4), so nobody need be asked. */
function answered(name: string): NodeJS.ErrnoException {
  if (!/(?:^|\.)invalid\.?$/.test(name)) return refusal(`the name ${name}`);
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
}
const isKnown = (name: string): boolean => net.isIP(name) > 0 || isLoopback(name);

const { lookup } = dns;
dns.lookup = ((name: string, ...rest: unknown[]): void => {
  if (isKnown(name)) return void Reflect.apply(lookup, dns, [name, ...rest]);
  const error = answered(name);
  if (error.code !== 'ENOTFOUND') throw error;
  process.nextTick(rest.at(-1) as (error: Error) => void, error);
}) as typeof dns.lookup;

const promised = dns.promises.lookup.bind(dns.promises);
dns.promises.lookup = ((name: string, ...rest: unknown[]) =>
  isKnown(name)
    ? (Reflect.apply(promised, dns.promises, [name, ...rest]) as Promise<unknown>)
    : Promise.reject(answered(name))) as typeof dns.promises.lookup;

syncBuiltinESMExports();

/** Throws where something was asked for beyond loopback since this was last called. */
export function assertStayed(): void {
  const left = takeAttempts();
  if (left.length > 0) throw new Error(`this test tried to leave the machine: ${left.join(', ')}`);
}
afterEach(assertStayed);
