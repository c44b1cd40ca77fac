/** The frontier of an archive: opened, filled again from the archive where its file is gone, and asked about one address. */
import { join } from 'node:path';
import { systemClock, instantOf } from './core/clock.ts';
import type { Config } from './core/config.ts';
import type { Frontier, FrontierEntry } from './core/frontier-ports.ts';
import type { SnapshotStore } from './core/ports.ts';
import type { Sources } from './core/sources.ts';
import { explanationOf } from './crawl/explain.ts';
import type { PlanFacts } from './crawl/parts.ts';
import { entryOf } from './crawl/restore.ts';
import { factsOf } from './crawl/results.ts';
import { openToRead, settingsOf } from './wiring.ts';
import type { Surroundings } from './wiring.ts';

export interface OpenedFrontier {
  readonly frontier: Frontier;
  /** When an address is visited next, milliseconds since 1970. */
  readonly plan: (facts: PlanFacts) => number;
}

const DAY_MS = 86_400_000;
/** A host's load changes slowly; counting it takes milliseconds. */
const LOAD_AGE_MS = 600_000;

/** How many visits a day each host is due, as last counted. */
class HostLoads {
  readonly #frontier: Frontier;
  readonly #loads = new Map<string, { readonly at: number; perDay: number | undefined }>();

  constructor(frontier: Frontier) {
    this.#frontier = frontier;
  }

  /** Undefined until it is counted, which begins with the first question. */
  of(host: string, now: number): number | undefined {
    const known = this.#loads.get(host);
    if (known !== undefined && now - known.at < LOAD_AGE_MS) return known.perDay;
    const load = { at: now, perDay: known?.perDay };
    this.#loads.set(host, load);
    this.#frontier.hostLoad(host, now + DAY_MS).then(
      (perDay) => (load.perDay = perDay),
      // Without it pages are planned as if the host had room.
      () => undefined,
    );
    return load.perDay;
  }
}

/** Throws `E_SQLITE_MISSING`, `E_FRONTIER_DAMAGED`, `E_ARCHIVE_READ_ONLY`. */
async function openFrontierIn(dir: string, { crawl, revisit }: Config) {
  const { openFrontier, nextVisit } = await import('./frontier/index.ts');
  const frontier = await openFrontier({
    path: join(dir, 'tearsheet.sqlite'),
    clock: systemClock,
    maxAddressesPerShape: crawl.maxAddressesPerShape,
  });
  const loads = new HostLoads(frontier);
  const visitFor = (facts: PlanFacts) =>
    nextVisit({ ...facts, hostVisitsPerDay: loads.of(facts.host, facts.now) }, revisit);
  return { frontier, visitFor };
}

/** Name and version of the SQLite that this Node has. Throws `E_SQLITE_MISSING`. */
export async function findSqlite(): Promise<string> {
  return (await import('./frontier/index.ts')).nameOfSqlite();
}

export async function openFilledFrontier(
  dir: string,
  config: Config,
  sources: Sources,
  snapshots: SnapshotStore,
): Promise<OpenedFrontier> {
  const { frontier, visitFor } = await openFrontierIn(dir, config);
  const plan = (facts: PlanFacts): number => visitFor(facts).at;
  await remember(frontier, snapshots, sources, plan);
  return { frontier, plan };
}

/** A frontier that knows nothing is filled from the archive, validators and rates of change included. */
async function remember(
  frontier: Frontier,
  snapshots: SnapshotStore,
  sources: Sources,
  plan: (facts: PlanFacts) => number,
): Promise<void> {
  const { entries } = await frontier.counts({ dueBefore: 0 });
  if (entries > 0) return;
  const batch: FrontierEntry[] = [];
  for await (const { article, url, versions } of snapshots.list()) {
    const head = await snapshots.head(article);
    if (head === null) continue;
    const latest = versions === 0 ? null : (await snapshots.version(article, versions)).snapshot;
    const source = sources.of(url)?.name ?? null;
    batch.push(entryOf({ head, looks: await snapshots.looks(article), latest, source }, plan));
    if (batch.length >= 500) await frontier.restore(batch.splice(0));
  }
  await frontier.restore(batch);
}

/** What is known of one address, and how its next visit was planned. */
export interface Explained {
  readonly entry: FrontierEntry | null;
  readonly nextAt: string | null;
  readonly lines: readonly string[];
}

/** Throws `E_ARCHIVE_NOT_ONE`, `E_SQLITE_MISSING`, `E_FRONTIER_DAMAGED`. */
export async function explainVisit(surroundings: Surroundings, url: string): Promise<Explained> {
  const { dir } = await openToRead(surroundings);
  const { frontier, visitFor } = await openFrontierIn(dir, settingsOf(surroundings));
  try {
    const kinds = ['page', 'feed', 'sitemap', 'listing'] as const;
    const entries = await Promise.all(kinds.map((kind) => frontier.get(url, kind)));
    const entry = entries.find((one) => one !== null) ?? null;
    if (entry === null) return { entry, nextAt: null, lines: ['not known: no feed, sitemap or list has named it yet'] };
    const facts = factsOf(entry, entry.lastAt ?? systemClock.now(), entry.lastOutcome ?? 'new');
    const planned = visitFor(facts);
    return {
      entry,
      nextAt: instantOf(entry.nextAt),
      lines: explanationOf(
        entry,
        planned.because.map(({ says }) => says),
      ),
    };
  } finally {
    await frontier.close();
  }
}
