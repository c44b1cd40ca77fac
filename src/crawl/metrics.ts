/** What Prometheus is told of a watch. The only door to prom-client. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { FrontierCounts } from '../core/frontier-ports.ts';
import type { Visit } from '../visit.ts';
import type { DocumentVisit, HostState } from './parts.ts';
import type { Summary } from './summary.ts';

export interface Gauged {
  readonly counts: FrontierCounts;
  /** Hosts that are known to this process. */
  readonly hosts: readonly HostState[];
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #gauged: () => Promise<Gauged>;
  readonly #pages = this.#counter('pages_total', 'Looks at pages, by source and outcome.', ['source', 'outcome']);
  readonly #documents = this.#counter('documents_total', 'Looks at feeds, sitemaps and lists.', [
    'source',
    'kind',
    'outcome',
  ]);
  readonly #bytes = this.#counter('received_bytes_total', 'Bodies as they came over the wire, bytes.', ['source']);
  readonly #errors = this.#counter('errors_total', 'Pages and documents that failed, by code.', ['source', 'code']);
  readonly #passes = this.#counter('passes_total', 'Crawls that ended, by how.', ['source', 'ended']);
  readonly #lastPass = this.#gauge('last_pass_timestamp_seconds', 'When the last crawl of a source ended, Unix time.', [
    'source',
  ]);
  readonly #passSeconds = this.#gauge('last_pass_duration_seconds', 'How long the last crawl of a source took.', [
    'source',
  ]);

  readonly #known = this.#gauge('frontier_addresses', 'Addresses in the frontier, by state.', ['state']);
  readonly #due = this.#gauge('frontier_due', 'Addresses that are due now.', []);
  readonly #down = this.#gauge('hosts_down', 'Hosts that are left alone after failures.', []);
  readonly #slowest = this.#gauge('host_delay_seconds_max', 'Longest wait between two requests to one host.', []);

  /** `gauged` is asked whenever somebody scrapes. */
  constructor(gauged: () => Promise<Gauged>) {
    this.#gauged = gauged;
    collectDefaultMetrics({ register: this.#registry, prefix: 'tearsheet_' });
  }

  addPage(source: string, { outcome, error, seen }: Visit): void {
    this.#pages.inc({ source, outcome });
    this.#bytes.inc({ source }, seen?.bytes ?? 0);
    if (error !== undefined) this.#errors.inc({ source, code: error.code });
  }

  addDocument(source: string, { kind, outcome, bytes, error }: DocumentVisit): void {
    this.#documents.inc({ source, kind, outcome });
    this.#bytes.inc({ source }, bytes);
    if (error !== undefined) this.#errors.inc({ source, code: error.code });
  }

  addPass(source: string, { ended, seconds }: Summary, atMs: number): void {
    this.#passes.inc({ source, ended });
    this.#lastPass.set({ source }, atMs / 1000);
    this.#passSeconds.set({ source }, seconds);
  }

  /** The exposition format, and its media type. */
  async text(): Promise<{ readonly text: string; readonly contentType: string }> {
    const { counts, hosts } = await this.#gauged();
    for (const state of ['waiting', 'leased', 'resting'] as const) this.#known.set({ state }, counts[state]);
    this.#due.set(counts.due);
    this.#down.set(hosts.filter(({ downUntil }) => downUntil !== undefined).length);
    this.#slowest.set(Math.max(0, ...hosts.map(({ delayMs }) => delayMs)) / 1000);
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  #counter<const L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name: `tearsheet_${name}`, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #gauge<const L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
    return new Gauge({ name: `tearsheet_${name}`, help, labelNames: [...labelNames], registers: [this.#registry] });
  }
}
