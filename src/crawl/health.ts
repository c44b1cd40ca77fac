/** Two pages for whoever watches the watch: `/healthz` and `/metrics`. */
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asTearsheetError, TearsheetError } from '../core/errors.ts';
import type { SourceState } from './watch.ts';

export interface HealthOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly states: () => readonly SourceState[];
  readonly isStopping: () => boolean;
  readonly metrics: () => Promise<{ readonly text: string; readonly contentType: string }>;
}
export interface Health {
  readonly url: string;
  close(): Promise<void>;
}

const send = (response: ServerResponse, status: number, contentType: string, body: string): void => {
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
};

/** A source whose last pass ended in a fault makes it unwell; so does stopping, for a load balancer to see. */
function healthOf({ states, isStopping }: HealthOptions): {
  readonly status: 'ok' | 'failing' | 'stopping';
  readonly sources: readonly SourceState[];
} {
  const sources = states();
  const isFailing = sources.length > 0 && sources.every(({ lastError }) => lastError !== null);
  return { status: isStopping() ? 'stopping' : isFailing ? 'failing' : 'ok', sources };
}

/** Throws `E_CONFIG_INVALID` where the port cannot be had. */
export async function serveHealth(options: HealthOptions): Promise<Health> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://health');
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'GET only\n');
    if (pathname === '/healthz') {
      const health = healthOf(options);
      return send(response, health.status === 'ok' ? 200 : 503, 'application/json', `${JSON.stringify(health)}\n`);
    }
    if (pathname !== '/metrics') return send(response, 404, 'text/plain', 'healthz or metrics\n');
    options.metrics().then(
      ({ text, contentType }) => send(response, 200, contentType, text),
      (thrown: unknown) => send(response, 500, 'text/plain', `${asTearsheetError(thrown).code}\n`),
    );
  });
  await listen(server, options);
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, { host, port }: HealthOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `${host}:${port}: expected a free port for health and metrics, got ${cause.code ?? cause.message}; name another with --port, or 0 for any`;
      reject(new TearsheetError('E_CONFIG_INVALID', message, { cause }));
    });
    server.listen(port, host, () => resolve());
  });
