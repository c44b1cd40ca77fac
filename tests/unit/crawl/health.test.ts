import { afterEach, describe, expect, it } from 'vitest';
import { serveHealth } from '../../../src/crawl/health.ts';
import type { Health } from '../../../src/crawl/health.ts';
import { Metrics } from '../../../src/crawl/metrics.ts';
import { Counting } from '../../../src/crawl/summary.ts';
import type { SourceState } from '../../../src/crawl/watch.ts';
import { visitOf } from './entries.ts';

let health: Health | undefined;
afterEach(async () => {
  await health?.close();
  health = undefined;
});

const stateOf = (rest: Partial<SourceState> = {}): SourceState => ({
  source: 'daily',
  schedule: '*/15 * * * *',
  state: 'waiting',
  nextAt: null,
  lastEndedAt: null,
  lastEnded: null,
  lastError: null,
  passes: 0,
  faults: 0,
  ...rest,
});
const counts = { entries: 7, waiting: 4, leased: 1, resting: 2, due: 3, hostsDue: 2 };

async function open(states: readonly SourceState[], isStopping = false) {
  const metrics = new Metrics(async () => ({
    counts,
    hosts: [
      { host: 'a', readyAt: 0, delayMs: 1000 },
      { host: 'b', readyAt: 0, delayMs: 4500, downUntil: 9 },
    ],
  }));
  health = await serveHealth({
    host: '127.0.0.1',
    port: 0,
    states: () => states,
    isStopping: () => isStopping,
    metrics: () => metrics.text(),
  });
  return { metrics, get: (path: string, method = 'GET') => fetch(`${health!.url}${path}`, { method }) };
}

describe('the health endpoint', () => {
  it('is well while any source is', async () => {
    const { get } = await open([stateOf(), stateOf({ source: 'other', lastError: 'E_FETCH_DNS: no' })]);
    const answer = await get('/healthz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      sources: [{ source: 'daily' }, { lastError: 'E_FETCH_DNS: no' }],
    });
  });
  it('is unwell where every source failed', async () => {
    const { get } = await open([stateOf({ lastError: 'E_CRAWL_BUSY: no' })]);
    const answer = await get('/healthz');
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'failing' }]);
  });
  it('says that it is stopping', async () => {
    const { get } = await open([stateOf()], true);
    const answer = await get('/healthz');
    expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'stopping' }]);
  });
  it('tells Prometheus of pages, documents, passes and the frontier', async () => {
    const { metrics, get } = await open([]);
    const seen = { finalUrl: 'https://daily.example/1', status: 200, bytes: 1200 };
    metrics.addPage('daily', visitOf({ seen }));
    metrics.addPage('daily', visitOf({ outcome: 'error', error: { code: 'E_FETCH_TIMEOUT', message: 'late' } }));
    metrics.addDocument('daily', {
      url: 'https://daily.example/feed',
      kind: 'feed',
      outcome: 'read',
      found: [],
      bytes: 300,
      notes: [],
    });
    metrics.addPass('daily', new Counting().summary('finished', 12), 1_700_000_000_000);
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    for (const line of [
      'tearsheet_pages_total{source="daily",outcome="new"} 1',
      'tearsheet_pages_total{source="daily",outcome="error"} 1',
      'tearsheet_received_bytes_total{source="daily"} 1500',
      'tearsheet_errors_total{source="daily",code="E_FETCH_TIMEOUT"} 1',
      'tearsheet_documents_total{source="daily",kind="feed",outcome="read"} 1',
      'tearsheet_passes_total{source="daily",ended="finished"} 1',
      'tearsheet_last_pass_timestamp_seconds{source="daily"} 1700000000',
      'tearsheet_last_pass_duration_seconds{source="daily"} 12',
      'tearsheet_frontier_addresses{state="waiting"} 4',
      'tearsheet_frontier_due 3',
      'tearsheet_hosts_down 1',
      'tearsheet_host_delay_seconds_max 4.5',
    ])
      expect(text.split('\n')).toContain(line);
  });
  it('answers nothing else', async () => {
    const { get } = await open([]);
    expect((await get('/')).status).toBe(404);
    expect((await get('/healthz', 'POST')).status).toBe(405);
  });
  it('says what to do where the port is taken', async () => {
    await open([]);
    const { port } = new URL(health!.url);
    const again = serveHealth({
      host: '127.0.0.1',
      port: Number(port),
      states: () => [],
      isStopping: () => false,
      metrics: async () => ({ text: '', contentType: '' }),
    });
    await expect(again).rejects.toMatchObject({
      code: 'E_CONFIG_INVALID',
      message: expect.stringMatching(/EADDRINUSE.*--port/),
    });
  });
});
