/** Builds what looks at a site before it is crawled, and at a source to see how it does. Keeps nothing. */
import { systemClock } from './core/clock.ts';
import { TearsheetError } from './core/errors.ts';
import type { Target } from './core/frontier-ports.ts';
import { registrableDomain } from './core/url.ts';
import type { Source } from './core/sources.ts';
import { checkDocument, checkPage, samplesOf } from './crawl/scout.ts';
import type { DocumentCheck, PageCheck, ScoutParts } from './crawl/scout.ts';
import type * as Discover from './discover/index.ts';
import { cleanRoom, todaysRules } from './reader.ts';
import { fetchedAtOf } from './visit.ts';
import { openPolite } from './wiring-polite.ts';
import { settingsOf, sourcesOf } from './wiring.ts';
import type { Surroundings } from './wiring.ts';

export type { DocumentCheck, PageCheck };

/** What a new source was found to be. */
export interface Scouted {
  readonly name: string;
  readonly home: string;
  /** Text of its source file. */
  readonly yaml: string;
  readonly documents: readonly DocumentCheck[];
  readonly pages: readonly PageCheck[];
  readonly notes: readonly string[];
}
export interface Scout {
  /** Finds out what a site's pages are named by and how they read. Throws `E_FETCH_*`, `E_SOURCE_EMPTY`, `E_INTERRUPTED`. */
  explore(home: string, name: string | undefined, signal: AbortSignal): Promise<Scouted>;
  /** How a source does today. Throws `E_INTERRUPTED`. */
  check(
    source: Source,
    signal: AbortSignal,
  ): Promise<{ documents: readonly DocumentCheck[]; pages: readonly PageCheck[] }>;
  close(): Promise<void>;
}

/** Pages that are tried. */
const SAMPLES = 5;

export async function openScout(surroundings: Surroundings): Promise<Scout> {
  const config = settingsOf(surroundings);
  // The folder is made with the first source.
  const sources = await sourcesOf(config, true);
  const polite = await openPolite({ config, clock: systemClock, sources });
  const [room, { clean }] = await Promise.all([import('./discover/index.ts'), cleanRoom()]);
  const { rules } = todaysRules();
  const { maxListingPages, maxSitemaps } = config.crawl;
  const partsFor = (home: string, source?: Source): ScoutParts => ({
    fetch: (request, signal) => polite.fetcher.fetch(request, signal),
    permit: polite.permit,
    read: async (capture) => {
      const { text, finalUrl, contentType } = capture;
      return clean(text, { url: finalUrl, contentType, fetchedAt: fetchedAtOf(capture), rules, source });
    },
    discover: (capture, kind, depth) => {
      const scope = room.scopeOf(source, { home });
      const context = { scope, source, depth, maxListingPages, maxSitemaps, now: systemClock.now() };
      return room.readDiscovery({ ...capture, kind }, context);
    },
  });
  return {
    explore: async (home, name, signal) =>
      explore(room, partsFor(home), { home, name, robotsSitemaps: await polite.sitemapsOf(home, signal) }, signal),
    check: async (source, signal) => {
      const { feeds, sitemaps, listings, home } = source.file;
      const documents = documentsOf({ feeds, sitemaps, listings: listings?.map(({ url }) => url) });
      const asked = documents.length > 0 ? documents : documentsOf({ listings: [home] });
      return checkedBy(partsFor(home, source), asked, signal);
    },
    close: () => polite.close(),
  };
}

const urlsOf = (list: readonly { readonly url: string }[]): string[] => list.map(({ url }) => url);

interface Site {
  readonly home: string;
  readonly name: string | undefined;
  readonly robotsSitemaps: readonly string[];
}

async function explore(
  room: typeof Discover,
  parts: ScoutParts,
  { home, name = nameOf(home), robotsSitemaps }: Site,
  signal: AbortSignal,
): Promise<Scouted> {
  const front = await parts.fetch({ url: home, accepts: 'document' }, signal);
  if (front.status !== 200) {
    const message = `${home}: expected the front page of a site, got status ${front.status}; give the address that readers go to`;
    throw new TearsheetError('E_FETCH_STATUS', message);
  }
  const probe = async (url: string) => {
    const { isAllowed } = await parts.permit(url, signal);
    return isAllowed ? parts.fetch({ url, accepts: 'document' }, signal).catch(() => null) : null;
  };
  const found = await room.findDocuments({ homeHtml: front.text, homeUrl: front.finalUrl, robotsSitemaps, probe });
  const documents = documentsOf({
    feeds: urlsOf(found.feeds),
    sitemaps: urlsOf(found.sitemaps),
    listings: urlsOf(found.listings),
  });
  if (documents.length === 0) {
    const message = `${home}: expected feeds, sitemaps or lists of articles, got none; docs/sources.md shows how a source file is written by hand`;
    throw new TearsheetError('E_SOURCE_EMPTY', message);
  }
  const { targets, pages, ...checked } = await checkedBy(parts, documents, signal);
  const articleId = room.guessArticleId(urlsOf(targets.flat()));
  const language = pages.find((page) => page.language !== undefined)?.language;
  const yaml = room.newSourceYaml({ name, home, ...found, articleId, language });
  return { name, home, yaml, ...checked, pages, notes: found.notes };
}

type Named = Parameters<typeof checkDocument>[1];
interface NamedDocuments {
  readonly feeds?: readonly string[] | undefined;
  readonly sitemaps?: readonly string[] | undefined;
  readonly listings?: readonly string[] | undefined;
}
const documentsOf = ({ feeds = [], sitemaps = [], listings = [] }: NamedDocuments): Named[] => [
  ...feeds.map((url) => ({ url, kind: 'feed' as const })),
  ...sitemaps.map((url) => ({ url, kind: 'sitemap' as const })),
  ...listings.map((url) => ({ url, kind: 'listing' as const })),
];

async function checkedBy(parts: ScoutParts, documents: readonly Named[], signal: AbortSignal) {
  const checks: DocumentCheck[] = [];
  const targets: (readonly Target[])[] = [];
  for (const document of documents) {
    const checked = await checkDocument(parts, document, signal);
    checks.push(checked.check);
    targets.push(checked.targets);
  }
  const pages: PageCheck[] = [];
  for (const url of samplesOf(targets, SAMPLES)) pages.push(await checkPage(parts, url, signal));
  return { documents: checks, pages, targets };
}

/** A source's name from its address: `daily-example` of `https://www.daily.example/`. */
function nameOf(home: string): string {
  const { hostname } = new URL(home);
  const host = /^[\d.]+$|:/.test(hostname) ? hostname : registrableDomain(hostname);
  return host
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}
