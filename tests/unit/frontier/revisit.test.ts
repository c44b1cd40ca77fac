import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../../src/core/settings.ts';
import { nextVisit, type RevisitPolicy, type VisitFacts } from '../../../src/frontier/index.ts';
import { revisitTable } from '../../../src/frontier/revisit-table.ts';
import { NOW } from './frontier-file.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const { minMs, maxMs, listMs, retryMs } = SETTINGS.revisit;
const policy: RevisitPolicy = {
  minMs: minMs.default,
  maxMs: maxMs.default,
  listMs: listMs.default,
  retryMs: retryMs.default,
};
const facts = (over: Partial<VisitFacts> = {}): VisitFacts => ({
  key: 'news.example/a',
  kind: 'page',
  now: NOW,
  publishedAt: NOW - 2 * HOUR,
  firstSeenAt: NOW - HOUR,
  changedAt: NOW - HOUR,
  looks: 1,
  changes: 1,
  failures: 0,
  ...over,
});
/** The wait before bounds and spread. */
const plain = (over: Partial<VisitFacts>, rules = policy): number =>
  nextVisit(facts(over), rules).because.findLast(({ term }) => term !== 'bounds' && term !== 'spread')?.ms ?? -1;
const wait = (over: Partial<VisitFacts>, rules = policy): number => nextVisit(facts(over), rules).at - NOW;
const termsOf = (over: Partial<VisitFacts>, rules = policy): string[] =>
  nextVisit(facts(over), rules).because.map(({ term }) => term);

describe('the age of a page', () => {
  it.each([
    [0, 15 * MIN],
    [HOUR - 1, 15 * MIN],
    [HOUR, 30 * MIN],
    [6 * HOUR - 1, 30 * MIN],
    [6 * HOUR, 2 * HOUR],
    [DAY, 8 * HOUR],
    [3 * DAY, 2 * DAY],
    [14 * DAY, 10 * DAY],
    [90 * DAY, 30 * DAY],
    [3_000 * DAY, 30 * DAY],
  ])('%i ms: looked at every %i ms', (age, expected) => {
    expect(plain({ publishedAt: NOW - age })).toBe(expected);
    expect(plain({ publishedAt: null, firstSeenAt: NOW - age })).toBe(expected);
  });

  it('is that since it was first seen, where the publisher claims the future', () => {
    expect(plain({ publishedAt: NOW + DAY, firstSeenAt: NOW - 4 * DAY })).toBe(2 * DAY);
    expect(plain({ publishedAt: NOW - 4 * DAY, firstSeenAt: NOW })).toBe(2 * DAY);
  });
});

describe('how often a page was seen changed', () => {
  const OLD = { publishedAt: NOW - 20 * DAY };
  it('says nothing before there are two looks', () => {
    expect(termsOf({ ...OLD, looks: 0, changes: 0 })).not.toContain('changes');
    expect(termsOf({ ...OLD, looks: 1, changes: 1 })).not.toContain('changes');
  });

  it('brings it forward by as much as four times, and puts it off by as much as three', () => {
    const always = plain({ ...OLD, looks: 1_000_000, changes: 1_000_000 });
    const never = plain({ ...OLD, looks: 1_000_000, changes: 1 });
    expect(always / (10 * DAY)).toBeCloseTo(1 / 4, 3);
    expect(never / (10 * DAY)).toBeCloseTo(3, 3);
    expect(plain({ ...OLD, looks: 4_001, changes: 1_001 })).toBe(10 * DAY);
  });

  it('needs more than one look to say much', () => {
    expect(plain({ ...OLD, looks: 2, changes: 1 }) / (10 * DAY)).toBeLessThan(1.3);
    expect(plain({ ...OLD, looks: 2, changes: 2 }) / (10 * DAY)).toBeGreaterThan(0.7);
    expect(plain({ ...OLD, looks: 10, changes: 1 })).toBeGreaterThan(20 * DAY);
  });

  it('does not take the first look for a change', () => {
    expect(plain({ ...OLD, looks: 9, changes: 0 })).toBe(plain({ ...OLD, looks: 9, changes: 1 }));
    expect(plain({ ...OLD, looks: 9, changes: 2 })).toBeLessThan(plain({ ...OLD, looks: 9, changes: 1 }));
  });
});

describe('what a sitemap claims', () => {
  const at = (ms: number): string => new Date(ms).toISOString();
  it('brings it forward at once where the page is newer than the last look', () => {
    const over = { lastmod: at(NOW - HOUR), lastLookAt: NOW - 2 * HOUR };
    expect(wait(over)).toBe(0);
    expect(termsOf(over)).toEqual(['age', 'claim']);
    expect(nextVisit(facts(over), policy).because.at(-1)).toMatchObject({
      ms: 0,
      says: expect.stringContaining('at once'),
    });
  });

  it('puts it off where it is not', () => {
    expect(plain({ lastmod: at(NOW - 2 * HOUR) })).toBe(45 * MIN);
    expect(plain({ lastmod: at(NOW - 2 * HOUR), lastLookAt: NOW - HOUR })).toBe(45 * MIN);
  });

  it('says nothing where it is of the same day, of the future, or no time', () => {
    for (const lastmod of ['2026-03-03', at(NOW + DAY), 'gestern', undefined])
      expect(termsOf({ lastmod, lastLookAt: NOW - HOUR })).not.toContain('claim');
  });

  it('is not heard while the page fails', () => {
    expect(termsOf({ lastmod: at(NOW - HOUR), lastLookAt: NOW - 2 * HOUR, failures: 1 })).not.toContain('claim');
  });
});

describe('failures', () => {
  it('double the wait, up to a week', () => {
    expect([1, 2, 3, 4].map((failures) => plain({ failures }))).toEqual([5, 10, 20, 40].map((min) => min * MIN));
    expect(plain({ failures: 12 })).toBe(7 * DAY);
    expect(plain({ failures: 5_000 })).toBe(7 * DAY);
    expect(plain({ failures: 12 }, { ...policy, maxMs: 2 * DAY })).toBe(2 * DAY);
  });

  it('count for feeds, sitemaps and lists as well', () => {
    expect(plain({ failures: 1, kind: 'feed', outcome: 'gone' })).toBe(5 * MIN);
  });

  it('differ from page to page, and from one to the next, and never by chance', () => {
    const waits = Array.from({ length: 50 }, (_, n) => wait({ key: `k${n}`, failures: 8 }));
    expect(new Set(waits).size).toBeGreaterThan(40);
    expect(waits).toEqual(Array.from({ length: 50 }, (_, n) => wait({ key: `k${n}`, failures: 8 })));
  });
});

describe('a page that is gone', () => {
  it.each(['gone', 'soft-404'])('%s: looked for again soon, the next day, in a week', (outcome) => {
    const waits = [0, 1, 2, 3, 9].map((failures) => plain({ outcome, failures }));
    expect(waits).toEqual([15 * MIN, 15 * MIN, DAY, 7 * DAY, 7 * DAY]);
    expect(termsOf({ outcome, failures: 2 })[0]).toBe('gone');
  });

  it('is looked for a second time ten minutes later at the least', () => {
    for (let n = 0; n < 200; n += 1)
      expect(wait({ outcome: 'gone', failures: 1, key: `k${n}` })).toBeGreaterThanOrEqual(10 * MIN);
  });
});

describe('a wall', () => {
  it('is not looked at within a day, and else as the page would be', () => {
    expect(plain({ outcome: 'walled', failures: 3 })).toBe(DAY);
    expect(plain({ outcome: 'walled', publishedAt: NOW - 20 * DAY })).toBe(10 * DAY);
    expect(termsOf({ outcome: 'walled' })).toContain('walled');
  });
});

describe('feeds, sitemaps and lists', () => {
  it.each([
    [0, 10 * MIN],
    [DAY - 1, 10 * MIN],
    [DAY, HOUR],
    [7 * DAY, 6 * HOUR],
    [30 * DAY, DAY],
    [3_000 * DAY, DAY],
  ])('quiet for %i ms: read every %i ms', (quiet, expected) => {
    for (const kind of ['feed', 'sitemap', 'listing'] as const) {
      expect(plain({ kind, changedAt: NOW - quiet })).toBe(expected);
      expect(plain({ kind, changedAt: null, firstSeenAt: NOW - quiet })).toBe(expected);
    }
  });

  it('are never read more often than is set', () => {
    for (let n = 0; n < 50; n += 1)
      expect(wait({ kind: 'feed', key: `k${n}`, changedAt: NOW })).toBeGreaterThanOrEqual(policy.listMs);
  });
});

describe("a host's budget", () => {
  const budget = { ...policy, maxVisitsPerDay: 1_000 };
  it('stretches every wait by as much as the host would be asked too often', () => {
    expect(plain({ hostVisitsPerDay: 3_000 }, budget)).toBe(90 * MIN);
    expect(termsOf({ hostVisitsPerDay: 3_000 }, budget)).toContain('budget');
    expect(plain({ hostVisitsPerDay: 3_000, kind: 'feed', changedAt: NOW }, budget)).toBe(30 * MIN);
  });

  it('changes nothing where it is kept, or where there is none', () => {
    expect(termsOf({ hostVisitsPerDay: 1_000 }, budget)).not.toContain('budget');
    expect(termsOf({}, budget)).not.toContain('budget');
    expect(termsOf({ hostVisitsPerDay: 9e9 }, policy)).not.toContain('budget');
    expect(termsOf({ hostVisitsPerDay: 9e9 }, { ...policy, maxVisitsPerDay: 0 })).not.toContain('budget');
  });

  it('is kept by a host of many pages', () => {
    const pages = Array.from({ length: 5_000 }, (_, n) => ({ key: `k${n}`, publishedAt: NOW - 2 * DAY }));
    const asked = (over: Partial<VisitFacts>): number =>
      pages.reduce((sum, page) => sum + DAY / wait({ ...page, ...over }, budget), 0);
    expect(asked({})).toBeGreaterThan(10_000);
    expect(asked({ hostVisitsPerDay: asked({}) })).toBeLessThan(1_050);
  });
});

describe('spread', () => {
  it('moves visits apart that one sitemap named at once, by a tenth at most', () => {
    const waits = Array.from({ length: 1_000 }, (_, n) =>
      wait({ key: `news.example/story-${n}`, publishedAt: NOW - 2 * DAY }),
    );
    for (const ms of waits) expect(Math.abs(ms - 8 * HOUR)).toBeLessThanOrEqual(0.8 * HOUR);
    const tenth = (ms: number): number => Math.floor(10 * ((ms - 7.2 * HOUR) / (1.6 * HOUR)));
    const counts = Array.from({ length: 10 }, (_, n) => waits.filter((ms) => tenth(ms) === n).length);
    for (const count of counts) expect(count).toBeGreaterThan(60);
  });
});

describe('what is said of it', () => {
  it('can be read by people, step by step', () => {
    const { because } = nextVisit(
      facts({
        publishedAt: NOW - 5 * HOUR,
        looks: 10,
        changes: 4,
        lastmod: '2026-03-01',
        hostVisitsPerDay: 240,
        key: 'k7',
      }),
      { ...policy, maxVisitsPerDay: 100 },
    );
    expect(because.map(({ says }) => says)).toEqual([
      'published 5 h ago: every 30 min',
      '3 of 9 further looks found a change: 1.1 × as often',
      'not modified since 2026-03-01, as its publisher claims: 1.5 × as seldom',
      'its host would be asked 240 times a day, and may be 100 times: 2.4 × as seldom',
      expect.stringMatching(/^\d+ % (?:sooner|later), so that not all come due at once$/),
    ]);
    expect(nextVisit(facts({ failures: 3 }), policy).because[0]?.says).toBe(
      'the last 3 visits failed: again after 20 min',
    );
  });

  it('ends at the moment it tells', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (given, rules) => {
        const { at, because } = nextVisit(given, rules);
        const last = because.at(-1)?.ms ?? -1;
        expect(Math.abs(at - given.now - last)).toBeLessThanOrEqual(0.005 * last + 1);
      }),
    );
  });
});

const time = fc.integer({ min: 0, max: 2 * NOW });
const anyFacts: fc.Arbitrary<VisitFacts> = fc.record({
  key: fc.string(),
  kind: fc.constantFrom('page', 'feed', 'sitemap', 'listing'),
  now: fc.constant(NOW),
  publishedAt: fc.option(time),
  firstSeenAt: fc.integer({ min: 0, max: NOW }),
  changedAt: fc.option(time),
  looks: fc.nat(10_000),
  changes: fc.nat(12_000),
  failures: fc.oneof(fc.constant(0), fc.nat(3_000)),
  outcome: fc.option(fc.constantFrom('new', 'unchanged', 'gone', 'walled', 'error'), { nil: undefined }),
  lastmod: fc.option(
    time.map((ms) => new Date(ms).toISOString()),
    { nil: undefined },
  ),
  lastLookAt: fc.option(time),
  hostVisitsPerDay: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
});
const anyPolicy: fc.Arbitrary<RevisitPolicy> = fc
  .record({
    minMs: fc.integer({ min: MIN, max: 10 * DAY }),
    spanMs: fc.integer({ min: 0, max: 1_000 * DAY }),
    listMs: fc.integer({ min: MIN, max: 10 * DAY }),
    retryMs: fc.integer({ min: 1, max: DAY }),
    maxVisitsPerDay: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
  })
  .map(({ spanMs, ...rest }) => ({ ...rest, maxMs: rest.minMs + spanMs }));

describe('laws of nextVisit', () => {
  it('the same facts give the same moment and the same reasons', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (given, rules) => {
        expect(nextVisit({ ...given }, { ...rules })).toEqual(nextVisit(given, rules));
      }),
    );
  });

  it('a wait is a whole number of milliseconds, never negative, never beyond the longest', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (given, rules) => {
        const { at } = nextVisit(given, rules);
        expect(Number.isSafeInteger(at)).toBe(true);
        const mostMs = Math.max(rules.maxMs, given.kind === 'page' ? rules.minMs : rules.listMs);
        expect(at - given.now).toBeGreaterThanOrEqual(0);
        expect(at - given.now).toBeLessThanOrEqual(mostMs);
      }),
    );
  });

  it('a page that answers is never looked at within the shortest wait, but for a claim that it is newer', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, (given, rules) => {
        const answers: VisitFacts = { ...given, kind: 'page', failures: 0, outcome: 'unchanged' };
        const { at, because } = nextVisit(answers, rules);
        const isClaimed = because.some(({ term, ms }) => term === 'claim' && ms === 0);
        if (!isClaimed) expect(at - given.now).toBeGreaterThanOrEqual(rules.minMs);
        else expect(at).toBe(given.now);
      }),
    );
  });

  it('the older a page, the longer the wait', () => {
    fc.assert(
      fc.property(anyFacts, anyPolicy, fc.nat(NOW), fc.nat(NOW), (given, rules, a, b) => {
        const [younger, older] = [Math.min(a, b), Math.max(a, b)];
        const waitOf = (age: number): number => nextVisit({ ...given, publishedAt: NOW - age }, rules).at;
        expect(waitOf(younger)).toBeLessThanOrEqual(waitOf(older));
      }),
    );
  });

  it('the more changes were seen, the shorter the wait; the more failures, the longer, but for the spread', () => {
    const spread = revisitTable().spread.ratio;
    const ratio = (1 + spread) / (1 - spread);
    fc.assert(
      fc.property(anyFacts, anyPolicy, fc.nat(500), fc.nat(500), (given, rules, a, b) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        const seen = (changes: number): number => nextVisit({ ...given, changes }, rules).at;
        expect(seen(many)).toBeLessThanOrEqual(seen(few));
        const failed = (failures: number): number => nextVisit({ ...given, failures: failures + 1 }, rules).at - NOW;
        expect(failed(few)).toBeLessThanOrEqual(failed(many) * ratio + 1);
      }),
    );
  });
});

describe('config/revisit.json', () => {
  const table = revisitTable();
  it('rises from step to step, and gives each a reason', () => {
    const rises = (list: readonly number[]): boolean => list.every((one, n) => n === 0 || one > (list[n - 1] ?? 0));
    expect(rises(table.ages.map(({ belowHours }) => belowHours))).toBe(true);
    expect(rises(table.ages.map(({ everyMinutes }) => everyMinutes))).toBe(true);
    expect(rises(table.documents.map(({ factor }) => factor))).toBe(true);
    expect(rises(table.documents.map(({ quietBelowHours }) => quietBelowHours ?? Infinity))).toBe(true);
    expect(rises(table.gone.map(({ afterMinutes }) => afterMinutes))).toBe(true);
    expect(table.documents.at(-1)?.quietBelowHours).toBeNull();
    const reasons = JSON.stringify(table).match(/"reason":"[^"]{20,}"/g) ?? [];
    expect(reasons).toHaveLength(JSON.stringify(table).split('"reason"').length - 1);
  });
});
