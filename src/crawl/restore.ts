/** The frontier as the archive remembers it, for when its own file is gone: the archive is the truth. */
import type { FrontierEntry } from '../core/frontier-ports.ts';
import type { Head, Look, Snapshot } from '../core/schema.ts';
import { urlKey } from '../core/url.ts';
import type { PlanFacts } from './parts.ts';

export interface Remembered {
  readonly head: Head;
  readonly looks: readonly Look[];
  /** The newest version; null for an article of which none was kept. */
  readonly latest: Snapshot | null;
  readonly source: string | null;
}

const SAW: ReadonlySet<string> = new Set(['new', 'changed', 'unchanged', 'not-modified', 'variant']);
const msOf = (time: string | undefined): number | null => {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
};

/** What its next visit is planned from, as after the last look. */
function factsFrom({ head, looks, latest }: Remembered): PlanFacts {
  const last = head.look;
  const { url } = last;
  const lastAt = Date.parse(last.at);
  const seen = looks.filter(({ outcome }) => SAW.has(outcome));
  const news = seen.findLast(({ outcome }) => outcome === 'new' || outcome === 'changed');
  return {
    key: urlKey(url),
    host: new URL(url).host,
    kind: 'page',
    now: lastAt,
    publishedAt: msOf(latest?.reading.publishedAt),
    firstSeenAt: Date.parse((looks[0] ?? last).at),
    changedAt: msOf(news?.at),
    looks: seen.length,
    changes: seen.filter(({ outcome }) => outcome === 'new' || outcome === 'changed').length,
    failures: looks.length - 1 - looks.findLastIndex(({ outcome }) => SAW.has(outcome)),
    lastmod: undefined,
    outcome: last.outcome,
    lastLookAt: lastAt,
  };
}

/** One article's entry: validators, looks and changes as they were, and the next visit as it would have been planned. */
export function entryOf(remembered: Remembered, plan: (facts: PlanFacts) => number): FrontierEntry {
  const { head, source } = remembered;
  const facts = factsFrom(remembered);
  const { key, host, kind, publishedAt, changedAt, looks, changes, failures } = facts;
  return {
    key,
    url: head.look.url,
    kind,
    source,
    host,
    foundBy: 'command',
    foundAt: facts.firstSeenAt,
    hints: {},
    depth: 0,
    state: 'waiting',
    because: null,
    nextAt: plan(facts),
    lastAt: facts.now,
    lastOutcome: head.look.outcome,
    validators: head.validators ?? {},
    article: head.key,
    publishedAt,
    changedAt,
    looks,
    changes,
    failures,
  };
}
