/**
 * When an address is visited next. Pure: the same facts give the same moment, on every machine, so that it can be told why.
 * A page is looked at the more seldom the older it is (the ladder of ages), more often the more often it was seen changed
 * (a smoothed rate, as in Cho and Garcia-Molina, "Estimating frequency of change", 2003), less often where its publisher
 * tells of changes by himself, and never more often than its host's budget bears.
 */
import type { FrontierEntry } from '../core/frontier-ports.ts';
import { momentsOf } from './claims.ts';
import { inWords } from './durations.ts';
import { revisitTable } from './revisit-table.ts';

/** What a visit is planned from; all that is counted includes the visit that just ended. Times are milliseconds since 1970. */
export interface VisitFacts extends Pick<
  FrontierEntry,
  'key' | 'kind' | 'publishedAt' | 'changedAt' | 'looks' | 'changes' | 'failures'
> {
  /** When it is asked: the end of the last visit. */
  readonly now: number;
  readonly firstSeenAt: number;
  /** How the last visit ended; `gone`, `soft-404` and `walled` have a ladder of their own. */
  readonly outcome?: string | undefined;
  /** When the publisher last claimed that it was modified. */
  readonly lastmod?: string | undefined;
  /** The last look that brought an answer, where that was not now. */
  readonly lastLookAt?: number | null | undefined;
  /** Visits a day that all addresses of its host ask for together. */
  readonly hostVisitsPerDay?: number | undefined;
}

/** Milliseconds; the settings under `revisit`. */
export interface RevisitPolicy {
  readonly minMs: number;
  readonly maxMs: number;
  readonly listMs: number;
  readonly retryMs: number;
  /** Visits a day that a host is asked for at most; as many as come due unless given. */
  readonly maxVisitsPerDay?: number | undefined;
}

/** One step of the reckoning. */
export interface Term {
  readonly term:
    'age' | 'changes' | 'quiet' | 'claim' | 'failures' | 'gone' | 'walled' | 'budget' | 'bounds' | 'spread';
  /** For people. */
  readonly says: string;
  /** The wait after this step. */
  readonly ms?: number;
}
export interface NextVisit {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How that came about, in the order of the reckoning. */
  readonly because: readonly Term[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** 0 to 1, the same for the same text: FNV-1a, and a last mixing so that neighbours differ. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** Age in milliseconds: since it was published, where that can be true, else since it was first seen. */
function ageOf({ now, publishedAt, firstSeenAt }: VisitFacts): { readonly ms: number; readonly since: string } {
  const isKnown = publishedAt !== null && publishedAt <= now;
  return { ms: Math.max(0, now - (isKnown ? publishedAt : firstSeenAt)), since: isKnown ? 'published' : 'first seen' };
}

function byAge(facts: VisitFacts, { maxMs }: RevisitPolicy): Term {
  const { ms, since } = ageOf(facts);
  const step = revisitTable().ages.find(({ belowHours }) => ms < belowHours * HOUR_MS);
  const waitMs = step === undefined ? maxMs : Math.min(step.everyMinutes * MINUTE_MS, maxMs);
  return { term: 'age', says: `${since} ${inWords(ms)} ago: every ${inWords(waitMs)}`, ms: waitMs };
}

/** The share of looks that find a change, as far as the looks tell. The first look always brings something, and tells nothing. */
function changeRatio(looks: number, changes: number): number {
  const { priorLooks, priorRatio } = revisitTable().changes;
  const seen = Math.max(0, looks - 1);
  const changed = Math.min(Math.max(0, changes - 1), seen);
  return (changed + priorLooks.value * priorRatio.value) / (seen + priorLooks.value);
}

/** By how much the wait is multiplied: 1 for the usual ratio, geometrically to either end. */
function changeFactor(ratio: number): number {
  const { priorRatio, mostOften, leastOften } = revisitTable().changes;
  const usual = priorRatio.value;
  if (ratio >= usual) return mostOften.value ** (-(ratio - usual) / (1 - usual));
  return leastOften.value ** ((usual - ratio) / usual);
}

function byChanges(waitMs: number, { looks, changes }: VisitFacts): Term | null {
  const factor = changeFactor(changeRatio(looks, changes));
  if (looks < 2 || Math.abs(factor - 1) < 0.01) return null;
  const pace = factor < 1 ? `${(1 / factor).toFixed(1)} × as often` : `${factor.toFixed(1)} × as seldom`;
  const seen = Math.min(Math.max(0, changes - 1), looks - 1);
  return {
    term: 'changes',
    says: `${seen} of ${looks - 1} further looks found a change: ${pace}`,
    ms: waitMs * factor,
  };
}

/** Feeds, sitemaps and lists: the longer nothing new stood in them, the more seldom. */
function byQuiet({ now, changedAt, firstSeenAt }: VisitFacts, { listMs, maxMs }: RevisitPolicy): Term {
  const quietMs = Math.max(0, now - (changedAt ?? firstSeenAt));
  const steps = revisitTable().documents;
  const step = steps.find(({ quietBelowHours }) => quietBelowHours === null || quietMs < quietBelowHours * HOUR_MS);
  const waitMs = Math.min(listMs * (step?.factor ?? 1), Math.max(listMs, maxMs));
  return { term: 'quiet', says: `named something new ${inWords(quietMs)} ago: every ${inWords(waitMs)}`, ms: waitMs };
}

/** What a `lastmod` says of the wait; null where it says nothing. A claim from the future is a clock that runs ahead. */
function byClaim(waitMs: number, { lastmod, lastLookAt, now }: VisitFacts): Term | null {
  const claimed = momentsOf(lastmod);
  if (claimed === null || claimed.earliest > now) return null;
  const lookedAt = lastLookAt ?? now;
  if (claimed.earliest > lookedAt)
    return { term: 'claim', says: `modified at ${lastmod}, after the last look: at once`, ms: 0 };
  if (claimed.latest >= lookedAt) return null;
  const factor = revisitTable().claims.unchangedFactor.value;
  const says = `not modified since ${lastmod}, as its publisher claims: ${factor} × as seldom`;
  return { term: 'claim', says, ms: waitMs * factor };
}

/** After a fault: doubled each time. */
function byFailures({ failures }: VisitFacts, { retryMs, maxMs }: RevisitPolicy): Term {
  const { factor, maxHours } = revisitTable().failures;
  const mostMs = Math.max(retryMs, Math.min(maxHours.value * HOUR_MS, maxMs));
  const waitMs = Math.min(retryMs * factor.value ** (failures - 1), mostMs);
  const times = failures === 1 ? 'the last visit' : `the last ${failures} visits`;
  return { term: 'failures', says: `${times} failed: again after ${inWords(waitMs)}`, ms: waitMs };
}

function byGone({ failures }: VisitFacts): Term {
  const steps = revisitTable().gone;
  const waitMs = (steps[Math.min(Math.max(failures, 1), steps.length) - 1]?.afterMinutes ?? 0) * MINUTE_MS;
  return {
    term: 'gone',
    says: `gone at ${Math.max(failures, 1)} looks in a row: again after ${inWords(waitMs)}`,
    ms: waitMs,
  };
}

function byWall(waitMs: number): Term {
  const leastMs = revisitTable().walled.leastMinutes * MINUTE_MS;
  return {
    term: 'walled',
    says: `a wall stood before it: not within ${inWords(leastMs)}`,
    ms: Math.max(waitMs, leastMs),
  };
}

/** Where all addresses of a host together ask for more visits than it may be asked for, each waits longer by as much. */
function byBudget(
  waitMs: number,
  { hostVisitsPerDay = 0 }: VisitFacts,
  { maxVisitsPerDay }: RevisitPolicy,
): Term | null {
  if (maxVisitsPerDay === undefined || maxVisitsPerDay <= 0 || hostVisitsPerDay <= maxVisitsPerDay) return null;
  const factor = hostVisitsPerDay / maxVisitsPerDay;
  const says = `its host would be asked ${Math.round(hostVisitsPerDay)} times a day, and may be ${maxVisitsPerDay} times: ${factor.toFixed(1)} × as seldom`;
  return { term: 'budget', says, ms: waitMs * factor };
}

/** By which the wait differs from that of others with the same facts: −1 to 1 times the ratio of the table. */
const spreadOf = ({ key, looks, failures }: VisitFacts): number =>
  (2 * fractionOf(`${key} ${looks} ${failures}`) - 1) * revisitTable().spread.ratio;

function bounded(waitMs: number, leastMs: number, mostMs: number): Term | null {
  if (waitMs < leastMs) return { term: 'bounds', says: `never within ${inWords(leastMs)}`, ms: leastMs };
  return waitMs > mostMs ? { term: 'bounds', says: `at least every ${inWords(mostMs)}`, ms: mostMs } : null;
}

/** The steps before bounds and spread, and what bounds them. */
function reckoned(facts: VisitFacts, policy: RevisitPolicy): { terms: Term[]; leastMs: number } {
  const isGone = facts.outcome === 'gone' || facts.outcome === 'soft-404';
  const isPage = facts.kind === 'page';
  if (isPage && isGone) return { terms: [byGone(facts)], leastMs: 0 };
  if (facts.failures > 0 && facts.outcome !== 'walled') return { terms: [byFailures(facts, policy)], leastMs: 0 };
  const terms = [isPage ? byAge(facts, policy) : byQuiet(facts, policy)];
  const add = (next: (waitMs: number) => Term | null): void => {
    const term = next(terms.at(-1)?.ms ?? 0);
    if (term !== null) terms.push(term);
  };
  if (isPage) {
    add((waitMs) => byChanges(waitMs, facts));
    add((waitMs) => byClaim(waitMs, facts));
    if (terms.at(-1)?.ms === 0) return { terms, leastMs: 0 };
    if (facts.outcome === 'walled') add(byWall);
  }
  add((waitMs) => byBudget(waitMs, facts, policy));
  return { terms, leastMs: isPage ? policy.minMs : policy.listMs };
}

/**
 * When an address is visited next, and why. At once where its publisher claims that it was modified after the last look;
 * else between `minMs` (`listMs` for a feed, sitemap or list; `retryMs` and the table's steps after a failure) and `maxMs`.
 */
export function nextVisit(facts: VisitFacts, policy: RevisitPolicy): NextVisit {
  const { terms, leastMs } = reckoned(facts, policy);
  const waitMs = terms.at(-1)?.ms ?? 0;
  if (waitMs === 0) return { at: facts.now, because: terms };
  const mostMs = Math.max(policy.maxMs, leastMs);
  const bound = bounded(waitMs, leastMs, mostMs);
  const because = bound === null ? terms : [...terms, bound];
  const plainMs = bound?.ms ?? waitMs;
  const spread = spreadOf(facts);
  const spreadMs = Math.round(Math.min(Math.max(plainMs * (1 + spread), leastMs), mostMs));
  const percent = Math.round((100 * (spreadMs - plainMs)) / plainMs);
  if (percent === 0) return { at: facts.now + spreadMs, because };
  const says = `${Math.abs(percent)} % ${percent < 0 ? 'sooner' : 'later'}, so that not all come due at once`;
  return { at: facts.now + spreadMs, because: [...because, { term: 'spread', says, ms: spreadMs }] };
}
