/** Builds the parts of a watch: crawls on a timetable, with health and metrics. */
import { systemClock } from './core/clock.ts';
import type { TearsheetError } from './core/errors.ts';
import type { Metrics } from './crawl/metrics.ts';
import type { Summary } from './crawl/summary.ts';
import type { SourceState } from './crawl/watch.ts';
import type { CrawlSession } from './wiring-crawl.ts';

export interface WatchRun {
  /** Of health and metrics; null where none are served. */
  readonly url: string | null;
  readonly states: readonly SourceState[];
  run(): Promise<void>;
}
export interface WatchSettings {
  readonly host?: string;
  /** 0 serves neither health nor metrics. */
  readonly port?: number;
  readonly startsAtOnce: boolean;
  readonly signal: AbortSignal;
  readonly abort: AbortSignal;
  readonly onPass: (source: string, summary: Summary) => void;
  readonly onFault: (source: string, error: TearsheetError) => void;
}

/** Throws `E_CONFIG_INVALID` for a schedule that is none, and for a port that cannot be had. */
export async function openWatch(session: CrawlSession, settings: WatchSettings): Promise<WatchRun> {
  const { config, frontier } = session;
  const [{ Watch }, { Schedule }] = await Promise.all([import('./crawl/watch.ts'), import('./crawl/timetable.ts')]);
  const [{ Metrics: MetricsRoom }, { serveHealth }] = await Promise.all([
    import('./crawl/metrics.ts'),
    import('./crawl/health.ts'),
  ]);
  const { signal, onPass, onFault, startsAtOnce } = settings;
  const clock = systemClock;
  const metrics = new MetricsRoom(async () => ({
    counts: await frontier.counts({ dueBefore: clock.now(), sources: session.sources }),
    hosts: session.hostStates(),
  }));
  const watched = session.sources.map((name) => {
    const { file, path } = session.sourceOf(name);
    const where = file.schedule === undefined ? 'watch.schedule' : path;
    return { name, schedule: new Schedule(file.schedule ?? config.watch.schedule, where) };
  });
  const watch = new Watch({
    clock,
    sources: watched,
    concurrency: config.watch.concurrency,
    startsAtOnce,
    signal,
    pass: (source) => passOver(session, source, metrics, settings),
    onPass,
    onFault,
  });
  const { host = config.watch.host, port = config.watch.port } = settings;
  const states = () => watch.states;
  const health =
    port === 0
      ? null
      : await serveHealth({ host, port, states, isStopping: () => signal.aborted, metrics: () => metrics.text() });
  return {
    url: health?.url ?? null,
    get states() {
      return watch.states;
    },
    run: async () => {
      await watch.run();
      await health?.close();
    },
  };
}

/** One pass over one source, counted. Throws what ended it before its time. */
async function passOver(
  session: CrawlSession,
  source: string,
  metrics: Metrics,
  { signal, abort }: WatchSettings,
): Promise<Summary> {
  const pass = await session.pass({
    sources: [source],
    signal,
    abort,
    onPage: (visit) => metrics.addPage(source, visit),
    onDocument: (visit) => metrics.addDocument(source, visit),
  });
  const summary = await pass.run();
  metrics.addPass(source, summary, systemClock.now());
  if (pass.fatal !== null) throw pass.fatal;
  return summary;
}
