/** From what came of a visit to what the frontier is told of it: when to come again, or never. */
import type { ErrorCode } from '../core/errors.ts';
import { ERRORS } from '../core/errors.ts';
import type { FrontierEntry, VisitResult } from '../core/frontier-ports.ts';
import { canonicalUrl, isSameSite } from '../core/url.ts';
import type { Visit } from '../visit.ts';
import type { DocumentVisit, PlanFacts } from './parts.ts';

const DAY_MS = 86_400_000;

export interface Planning {
  readonly now: number;
  readonly plan: (facts: PlanFacts) => number;
  /** Looks that must find a page gone, or refused, before it is left in peace. */
  readonly goneAfter: number;
}

/** Whether asking again may help: faults of a moment, as the table of errors has them, and nothing that a status says for good. */
function mayPass(code: ErrorCode, status: number | undefined): boolean {
  if (code !== 'E_FETCH_STATUS') return ERRORS[code].retryable;
  return status === undefined || status === 408 || status === 425 || status === 429 || status >= 500;
}

const msOf = (time: string | undefined): number | null => {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
};

/** What is known of an entry, as its next visit is planned from it. */
export const factsOf = (entry: FrontierEntry, now: number, outcome: string): PlanFacts => ({
  key: entry.key,
  host: entry.host,
  kind: entry.kind,
  now,
  publishedAt: entry.publishedAt,
  firstSeenAt: entry.foundAt,
  changedAt: entry.changedAt,
  looks: entry.looks,
  changes: entry.changes,
  failures: entry.failures,
  lastmod: entry.hints.lastmod,
  outcome,
  lastLookAt: entry.lastAt,
});

/** Other names of the page that was visited: where redirects led, and what it calls itself. */
function aliasesOf({ url }: FrontierEntry, { seen }: Visit): string[] {
  if (seen === undefined) return [];
  const names = [seen.finalUrl, ...(seen.canonicalUrl === undefined ? [] : [seen.canonicalUrl])];
  const own = canonicalUrl(url);
  const isOther = (name: string): boolean => {
    const canonical = canonicalOrEmpty(name);
    // A claim to another site is stored with the article and never followed: else any site could shut out another's pages.
    return canonical !== '' && canonical !== own && isSameSite(canonical, own);
  };
  return [...new Set(names.filter(isOther))];
}
function canonicalOrEmpty(url: string): string {
  try {
    return canonicalUrl(url);
  } catch {
    return '';
  }
}

/** An answer that was an article's: it is planned by its age and by how often it changed. */
function seenArticle(entry: FrontierEntry, visit: Visit, { now, plan }: Planning): VisitResult {
  const { outcome, seen, kept } = visit;
  const isNews = outcome === 'new' || outcome === 'changed';
  const published = msOf(seen?.publishedAt ?? kept?.snapshot.reading.publishedAt) ?? entry.publishedAt;
  const facts: PlanFacts = {
    ...factsOf(entry, now, outcome),
    publishedAt: published,
    changedAt: isNews ? now : entry.changedAt,
    looks: entry.looks + 1,
    changes: entry.changes + (isNews ? 1 : 0),
    failures: 0,
  };
  return {
    at: now,
    outcome,
    nextAt: plan(facts),
    state: 'waiting',
    isNews,
    aliases: aliasesOf(entry, visit),
    ...(visit.article !== null && { article: visit.article }),
    ...(published !== null && { publishedAt: published }),
    ...(seen?.validators && { validators: seen.validators }),
  };
}

const resting = (at: number, outcome: string, because: string): VisitResult => ({
  at,
  outcome,
  nextAt: at,
  state: 'resting',
  because,
});

/** What came of a page, for the frontier. */
export function resultOfPage(entry: FrontierEntry, visit: Visit, planning: Planning): VisitResult {
  const { now, plan, goneAfter } = planning;
  const { outcome, error, seen } = visit;
  const failures = entry.failures + 1;
  const again = (isFailure: boolean, at = plan({ ...factsOf(entry, now, outcome), failures })): VisitResult => ({
    at: now,
    outcome,
    nextAt: at,
    state: 'waiting',
    isFailure,
    ...(visit.article !== null && { article: visit.article }),
  });
  switch (outcome) {
    case 'no-article':
      return resting(now, outcome, visit.note ?? 'no article');
    // Costs nothing to ask again: robots.txt itself is read once a day.
    case 'robots':
      return again(false, visit.retryAt ?? now + DAY_MS);
    case 'gone':
    case 'soft-404':
      return failures >= goneAfter
        ? { ...resting(now, outcome, `${outcome}, ${failures} looks in a row`), isFailure: true }
        : again(true);
    case 'error': {
      const code = error?.code ?? 'E_INTERNAL';
      return mayPass(code, seen?.status) ? again(true) : { ...resting(now, outcome, code), isFailure: true };
    }
    case 'walled':
      return again(true);
    default:
      return seenArticle(entry, visit, planning);
  }
}

/** Of a visit that ended in a fault of ours, not of the page: it is made again as after any failure. */
export const resultOfFault = (entry: FrontierEntry, { now, plan }: Planning): VisitResult => ({
  at: now,
  outcome: 'error',
  nextAt: plan({ ...factsOf(entry, now, 'error'), failures: entry.failures + 1 }),
  state: 'waiting',
  isFailure: true,
});

/** What came of a feed, a sitemap or a list that named so many new pages, for the frontier. It is never given up while a source names it. */
export function resultOfDocument(
  entry: FrontierEntry,
  visit: DocumentVisit,
  added: number,
  { now, plan }: Planning,
): VisitResult {
  const isFailure = visit.outcome === 'gone' || visit.outcome === 'error';
  const failures = isFailure ? entry.failures + 1 : 0;
  const nextAt =
    visit.outcome === 'robots'
      ? (visit.retryAt ?? now + DAY_MS)
      : plan({ ...factsOf(entry, now, visit.outcome), failures });
  return {
    at: now,
    outcome: visit.outcome,
    nextAt,
    state: 'waiting',
    isFailure,
    ...(!isFailure && visit.outcome !== 'robots' && { isNews: added > 0 }),
    ...(visit.validators && { validators: visit.validators }),
  };
}
