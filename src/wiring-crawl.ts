/** Builds the parts of a crawl, and closes them again: the only file that knows which frontier, which pace, which browser. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Crawl } from './crawl/crawl.ts';
import type { CrawlOptions, CrawlState } from './crawl/crawl.ts';
import { visitDocument } from './crawl/documents.ts';
import type { CrawlParts, DocumentVisit, HostState, PlanFacts } from './crawl/parts.ts';
import type { Ended, Summary } from './crawl/summary.ts';
import { instantOf, systemClock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { TearsheetError } from './core/errors.ts';
import type { Frontier, FrontierEntry, Target } from './core/frontier-ports.ts';
import { nearest } from './core/nearest.ts';
import type { Fetcher } from './core/ports.ts';
import type { Source, Sources } from './core/sources.ts';
import type { ReadPageLater } from './reader.ts';
import { openReadingThreads } from './wiring-threads.ts';
import { openBrowser } from './wiring-render.ts';
import type { OpenedBrowser } from './wiring-render.ts';
import { openFilledFrontier } from './wiring-frontier.ts';
import { openPolite } from './wiring-polite.ts';
import type { Polite } from './wiring-polite.ts';
import { openToWrite, settingsOf, sourcesOf } from './wiring.ts';
import type { Surroundings, WritingSession } from './wiring.ts';

export type { CrawlState, DocumentVisit, HostState, Summary };

export type PassOptions = Pick<
  CrawlOptions,
  'sources' | 'maxPages' | 'maxMs' | 'isAll' | 'signal' | 'abort' | 'onPage' | 'onDocument'
>;
/** One pass: `run` makes it, `state` says how it stands meanwhile. */
export interface CrawlPass {
  run(): Promise<Summary>;
  state(): Promise<CrawlState>;
  readonly fatal: TearsheetError | null;
}
export interface CrawlSession {
  /** Names of the sources that were asked for; all there are, unless any was named. */
  readonly sources: readonly string[];
  readonly config: Config;
  readonly frontier: Frontier;
  readonly sourceOf: (name: string) => Source;
  readonly hostStates: () => readonly HostState[];
  /** Opens a run for one pass. Throws `E_CRAWL_BUSY` where another process crawls one of its sources. */
  pass(options: PassOptions): Promise<CrawlPass>;
  close(): Promise<void>;
}

/** What all passes of a process share: politeness must not forget between two of them. */
interface Shared extends Polite, Pick<OpenedBrowser, 'render'> {
  /** Of the passes that are under way, the newest last. */
  readonly runs: Set<WritingSession>;
  /** Undefined where this thread reads pages itself. */
  readonly read: ReadPageLater | undefined;
  readonly config: Config;
  readonly sources: Sources;
  readonly chosen: readonly Source[];
  readonly frontier: Frontier;
  readonly plan: (facts: PlanFacts) => number;
}

/**
 * Opens what crawls share, for the sources that are named or all there are. Throws `E_CRAWL_NO_CONTACT`, `E_SOURCE_*`,
 * `E_CONFIG_*`, `E_SQLITE_MISSING`, `E_FRONTIER_DAMAGED`, `E_ARCHIVE_*`.
 */
export async function openToCrawl(surroundings: Surroundings, names: readonly string[]): Promise<CrawlSession> {
  const config = settingsOf(surroundings);
  if (config.fetch.contact === '') throw noContact();
  const sources = await sourcesOf(config);
  const chosen = chosenOf(sources, names, config.sources.dir);
  // The archive comes first: its folder holds the frontier.
  const first = await openToWrite(surroundings, 'crawl');
  const shared = await openShared(config, sources, chosen, first);
  const sourceOf = (name: string) => sources.list.find((source) => source.name === name) as Source;
  return {
    sources: chosen.map(({ name }) => name),
    config,
    frontier: shared.frontier,
    sourceOf,
    hostStates: shared.hostStates,
    pass: (options) => openPass(surroundings, shared, options),
    close: async () => {
      await shared.close();
      await first.close('finished', {});
    },
  };
}

const noContact = (): TearsheetError =>
  new TearsheetError(
    'E_CRAWL_NO_CONTACT',
    'fetch.contact: expected an address that a publisher can write to, got none; set it in config/tearsheet.yaml or as TEARSHEET_FETCH_CONTACT=mailto:you@example.org',
  );

function chosenOf(sources: Sources, names: readonly string[], dir: string): readonly Source[] {
  if (sources.list.length === 0) {
    const message = `expected a source in ${dir}, got none; tearsheet sources add https://daily.example/ writes one`;
    throw new TearsheetError('E_SOURCE_NONE', message);
  }
  if (names.length === 0) return sources.list;
  return [...new Set(names)].map((name) => {
    const source = sources.list.find((one) => one.name === name);
    if (source !== undefined) return source;
    const close = nearest(
      name,
      sources.list.map((one) => one.name),
    );
    const advice = close === null ? 'tearsheet sources list tells which there are' : `did you mean ${close}?`;
    throw new TearsheetError('E_SOURCE_NONE', `expected a source of ${dir}, got ${JSON.stringify(name)}; ${advice}`);
  });
}

async function openShared(
  config: Config,
  sources: Sources,
  chosen: readonly Source[],
  archive: WritingSession,
): Promise<Shared> {
  const clock = systemClock;
  const runs = new Set<WritingSession>();
  const { frontier, plan } = await openFilledFrontier(archive.dir, config, sources, archive.snapshots);
  const polite = await openPolite({
    config,
    clock,
    sources,
    store: frontier,
    // With the pages of a pass: a run of its own would stay open for as long as the process lives.
    keepCapture: (capture) => ([...runs].at(-1) ?? archive).captures.write(capture),
  });
  const threads = openReadingThreads(sources);
  const browser = openBrowser({ config, clock, sources, turn: polite.turn });
  return {
    ...polite,
    runs,
    render: browser.render,
    read: threads?.read,
    config,
    sources,
    chosen,
    frontier,
    plan,
    close: async () => {
      await browser.close();
      await threads?.close();
      await polite.close();
      await frontier.close();
    },
  };
}

/** What the files of the sources name themselves; the front page, where they name nothing. */
function seedsOf(sources: readonly Source[], nowMs: number): Target[] {
  const foundAt = instantOf(nowMs);
  return sources.flatMap(({ name, file }) => {
    const seed =
      (kind: 'feed' | 'sitemap' | 'listing') =>
      (url: string): Target => ({
        url,
        source: name,
        foundBy: 'command',
        foundAt,
        kind,
        depth: 0,
      });
    const named = [
      ...(file.feeds ?? []).map(seed('feed')),
      ...(file.sitemaps ?? []).map(seed('sitemap')),
      ...(file.listings ?? []).map(({ url }) => url).map(seed('listing')),
    ];
    return named.length > 0 ? named : [seed('listing')(file.home)];
  });
}

async function openPass(surroundings: Surroundings, shared: Shared, options: PassOptions): Promise<CrawlPass> {
  const { config, sources, fetcher, permit, render, read } = shared;
  // The fetcher outlives the pass.
  const lent: Fetcher = { fetch: (...given) => fetcher.fetch(...given), close: async () => undefined };
  const session = await openToWrite(surroundings, 'crawl', {
    makeFetcher: () => lent,
    robots: { isBinding: true, of: permit },
    render,
    read,
  });
  const locks: (() => Promise<void>)[] = [];
  const letGo = async (ended: 'finished' | 'interrupted', counts: Record<string, number>) => {
    shared.runs.delete(session);
    for (const release of locks) await release();
    await session.close(ended, counts);
  };
  try {
    // In one order everywhere, so that two crawls never wait for each other.
    for (const name of options.sources.toSorted()) locks.push(await session.alone(`crawl-${name}`));
    shared.runs.add(session);
  } catch (thrown) {
    await letGo('finished', {});
    throw thrown;
  }
  const chosen = options.sources.map((name) => sources.list.find((source) => source.name === name) as Source);
  const { crawl: settings, revisit } = config;
  const crawl = new Crawl(partsOf(shared, session), {
    ...options,
    seeds: seedsOf(chosen, systemClock.now()),
    concurrency: settings.concurrency,
    minFreeBytes: settings.minFreeBytes,
    goneAfter: revisit.goneAfter,
  });
  return {
    run: async () => {
      let ended: Ended = 'fault';
      let counts: Record<string, number> = {};
      try {
        const summary = await crawl.run();
        ended = summary.ended;
        counts = { pages: summary.pages, found: summary.found, ...summary.outcomes };
        return summary;
      } finally {
        await letGo(ended === 'interrupted' ? 'interrupted' : 'finished', counts);
      }
    },
    state: () => crawl.state(),
    get fatal() {
      return crawl.fatal;
    },
  };
}

function partsOf(shared: Shared, session: WritingSession): CrawlParts {
  const { config, sources, frontier, fetcher, permit, plan, hostState } = shared;
  const { maxListingPages, maxSitemaps } = config.crawl;
  const read = async (entry: FrontierEntry, capture: Parameters<Parameters<typeof visitDocument>[0]['read']>[1]) => {
    const { readDiscovery, scopeOf } = await import('./discover/index.ts');
    const source = sources.of(entry.url);
    const { targets, documents, notes } = readDiscovery(
      { ...capture, kind: entry.kind },
      { scope: scopeOf(source), source, depth: entry.depth, maxListingPages, maxSitemaps, now: systemClock.now() },
    );
    return { found: [...documents, ...targets], notes };
  };
  return {
    frontier,
    clock: systemClock,
    archiveUrl: (target, signal) => session.archiveTarget(target, signal),
    readDocument: (entry, signal) => visitDocument({ fetcher, permit, read }, entry, signal),
    plan,
    hostState,
    concurrencyOf: (host) => sources.of(`http://${host}/`)?.file.pace?.concurrency ?? 1,
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(resolve(session.dir));
      return bavail * bsize;
    },
  };
}
