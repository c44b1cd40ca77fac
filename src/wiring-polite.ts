/** The fetcher of whoever comes uninvited: every request passes the gate of its host, and robots.txt is asked first. */
import type { Clock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import type { Frontier, HostRecord, RobotsRecord } from './core/frontier-ports.ts';
import { USER_AGENT_TOKEN, userAgentOf } from './core/package.ts';
import type { Capture, Fetcher } from './core/ports.ts';
import type { CaptureRef } from './core/schema.ts';
import type { Sources } from './core/sources.ts';
import type { HostState } from './crawl/parts.ts';
import type { Permit } from './visit.ts';

export interface Polite {
  readonly fetcher: Fetcher;
  readonly permit: (url: string, signal?: AbortSignal) => Promise<Permit>;
  /** What the robots.txt of an address's origin names as sitemaps. */
  readonly sitemapsOf: (url: string, signal?: AbortSignal) => Promise<readonly string[]>;
  /** The turn of a host, until the given function is called. */
  readonly turn: (host: string, signal?: AbortSignal) => Promise<() => void>;
  readonly hostState: (host: string) => HostState;
  readonly hostStates: () => readonly HostState[];
  close(): Promise<void>;
}
export interface PoliteParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly sources: Sources;
  /** What is known of hosts from earlier runs; nothing, and nothing is kept, unless given. */
  readonly store?: Pick<Frontier, 'host' | 'keepHost' | 'robots' | 'keepRobots'>;
  readonly keepCapture?: (capture: Capture) => Promise<CaptureRef>;
}

/** Where there is no file to keep it in, what hosts said is known for as long as the process lives. */
function inMemory(): Pick<Frontier, 'host' | 'keepHost' | 'robots' | 'keepRobots'> {
  const [hosts, robots] = [new Map<string, HostRecord>(), new Map<string, RobotsRecord>()];
  return {
    host: async (host) => hosts.get(host) ?? null,
    keepHost: async (record) => void hosts.set(record.host, record),
    robots: async (origin) => robots.get(origin) ?? null,
    keepRobots: async (record) => void robots.set(record.origin, record),
  };
}

const paceOf = (sources: Sources, host: string) => sources.of(`http://${host}/`)?.file.pace;

export async function openPolite({
  config,
  clock,
  sources,
  store = inMemory(),
  keepCapture,
}: PoliteParts): Promise<Polite> {
  const [{ createHttpFetcher }, { Pace }, { RobotsBook }] = await Promise.all([
    import('./fetch/http.ts'),
    import('./fetch/pace.ts'),
    import('./fetch/robots.ts'),
  ]);
  const { crawl, fetch } = config;
  const delayOf = (host: string) => paceOf(sources, host)?.delayMs;
  const concurrencyOf = (host: string) => paceOf(sources, host)?.concurrency;
  const pace = new Pace({ ...crawl, clock, delayOf, concurrencyOf, store });
  const fetcher = createHttpFetcher({ ...fetch, userAgent: userAgentOf(fetch.contact), clock, gate: pace });
  const robots = new RobotsBook({
    fetcher,
    frontier: store,
    clock,
    maxAgeMs: crawl.robotsMaxAgeMs,
    maxCrawlDelayMs: crawl.maxCrawlDelayMs,
    userAgentToken: USER_AGENT_TOKEN,
    ...(keepCapture && { keepCapture }),
  });
  const wordOn = async (url: string, signal?: AbortSignal) => {
    const word = await robots.of(url, signal);
    pace.setCrawlDelay(new URL(url).host, word.crawlDelayMs);
    return word;
  };
  return {
    fetcher,
    permit: async (url, signal) => {
      const { isAllowed, why, retryAt } = await wordOn(url, signal);
      return { isAllowed, why, ...(retryAt !== undefined && { retryAt }) };
    },
    sitemapsOf: async (url, signal) => (await wordOn(url, signal)).sitemaps,
    turn: async (host, signal) => {
      const leave = await pace.enter(host, signal);
      return () => leave();
    },
    hostState: (host) => pace.stateOf(host),
    hostStates: () => pace.states(),
    close: async () => {
      await fetcher.close();
      await pace.close();
    },
  };
}
