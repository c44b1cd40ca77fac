import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instantOf } from '../../../src/core/clock.ts';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { Frontier, FrontierEntry, Target, TargetKind } from '../../../src/core/frontier-ports.ts';
import { Crawl } from '../../../src/crawl/crawl.ts';
import type { CrawlOptions } from '../../../src/crawl/crawl.ts';
import type { DocumentVisit, HostState } from '../../../src/crawl/parts.ts';
import type { Summary } from '../../../src/crawl/summary.ts';
import { openFrontier } from '../../../src/frontier/index.ts';
import type { Visit } from '../../../src/visit.ts';
import { DAY_MS, visitOf } from './entries.ts';
import { settled, TurnedClock } from './turned-clock.ts';

const MINUTE_MS = 60_000;
const GONE_AFTER = 3;

const targetOf = (url: string, rest: Partial<Target> = {}): Target => ({
  url,
  source: 'daily',
  foundBy: 'sitemap',
  foundAt: '2026-03-03T07:00:00.000Z',
  depth: 1,
  ...rest,
});
const seedOf = (url: string, kind: TargetKind = 'sitemap'): Target =>
  targetOf(url, { kind, foundBy: 'command', depth: 0 });
const fault = (code: ErrorCode): TearsheetError => new TearsheetError(code, `expected better, got ${code}`);

/** A web that the test writes, crawled on a clock that the test turns, with a frontier as it is. */
class Scene {
  readonly clock = new TurnedClock();
  readonly stop = new AbortController();
  readonly abort = new AbortController();
  /** Pages and documents in the order in which they were asked for. */
  readonly asked: string[] = [];
  readonly told: Visit[] = [];
  readonly documents = new Map<string, readonly Target[]>();
  readonly answers = new Map<string, (signal: AbortSignal) => Promise<Partial<Visit>>>();
  readonly states = new Map<string, Partial<HostState>>();
  freeBytes = 1000;
  /** A page is seen again after so long. */
  againMs = DAY_MS;
  onPage: ((visit: Visit) => void) | undefined;

  readonly frontier: Frontier;

  private constructor(frontier: Frontier) {
    this.frontier = frontier;
  }

  static async open(maxAddressesPerShape = 1000): Promise<Scene> {
    return new Scene(await openFrontier({ path: ':memory:', clock: new TurnedClock(), maxAddressesPerShape }));
  }

  crawl(options: Partial<CrawlOptions> = {}): Crawl {
    const { clock, frontier, stop, abort } = this;
    return new Crawl(
      {
        frontier,
        clock,
        archiveUrl: (target, signal) => this.#visit(target, signal),
        readDocument: (entry) => this.#read(entry),
        plan: ({ now, failures }) => now + (failures > 0 ? 5 * MINUTE_MS : this.againMs),
        hostState: (host) => ({ host, readyAt: 0, delayMs: 0, ...this.states.get(host) }),
        concurrencyOf: () => 1,
        freeBytes: async () => this.freeBytes,
      },
      {
        sources: ['daily'],
        seeds: [],
        concurrency: 4,
        goneAfter: GONE_AFTER,
        minFreeBytes: 100,
        signal: stop.signal,
        abort: abort.signal,
        onPage: (visit) => {
          this.told.push(visit);
          this.onPage?.(visit);
        },
        ...options,
      },
    );
  }

  async #visit({ url }: Target, signal: AbortSignal): Promise<Visit> {
    this.asked.push(url);
    const answer = await (this.answers.get(url)?.(signal) ?? { outcome: 'new' });
    return visitOf({ url, article: url.replace('https://', ''), ...answer } as Partial<Visit>);
  }

  async #read({ url, kind }: FrontierEntry): Promise<DocumentVisit> {
    this.asked.push(url);
    const found = this.documents.get(url);
    const visit = { url, kind, found: [], bytes: 10, notes: [] };
    if (found === undefined) return { ...visit, outcome: 'error', error: { code: 'E_FETCH_CONNECT', message: 'no' } };
    return { ...visit, outcome: 'read', found };
  }

  /** Lets a visit begin and end when the test says so. */
  held(url: string): { readonly end: (visit?: Partial<Visit>) => void } {
    let end!: (visit?: Partial<Visit>) => void;
    const answer = new Promise<Partial<Visit>>((resolve) => (end = (visit = { outcome: 'new' }) => resolve(visit)));
    this.answers.set(url, () => answer);
    return { end };
  }
  throws(url: string, code: ErrorCode): void {
    this.answers.set(url, () => Promise.reject(fault(code)));
  }
  knows(...urls: string[]): Promise<unknown> {
    return this.frontier.add(
      urls.map((url) => targetOf(url)),
      this.clock.now(),
    );
  }
  async countsOf(): Promise<{ due: number; leased: number; waiting: number; resting: number }> {
    const { due, leased, waiting, resting } = await this.frontier.counts({ dueBefore: this.clock.now() });
    return { due, leased, waiting, resting };
  }
}

const page = (n: number | string, host = 'daily.example'): string => `https://${host}/news/${n}-flood`;
const pages = (count: number, host?: string): string[] => Array.from({ length: count }, (_, n) => page(n, host));

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.frontier.close());

describe('Crawl', () => {
  it('visits in the same pass what a document names, and what a document that it names does', async () => {
    const [index, inner] = ['https://daily.example/index.xml', 'https://daily.example/2026.xml'];
    scene.documents.set(index, [targetOf(inner, { kind: 'sitemap' }), targetOf(page(1))]);
    scene.documents.set(inner, [targetOf(page(2)), targetOf(page(1))]);
    const summary = await scene.crawl({ seeds: [seedOf(index)] }).run();
    expect(scene.asked.toSorted()).toEqual([inner, index, page(1), page(2)].toSorted());
    expect(summary).toMatchObject({
      ended: 'finished',
      pages: 2,
      outcomes: { new: 2 },
      documents: { read: 2, unchanged: 0, failed: 0 },
      found: 2,
      bytes: 20,
      failures: [],
      skipped: {},
    });
    expect(await scene.countsOf()).toEqual({ due: 0, leased: 0, waiting: 4, resting: 0 });
  });

  it('visits in the same pass what a document claims to be modified since the last look', async () => {
    scene.documents.set('https://daily.example/index.xml', [targetOf(page(1))]);
    const seeds = [seedOf('https://daily.example/index.xml')];
    await scene.crawl({ seeds }).run();
    await scene.clock.turn(scene.againMs);
    const hints = { lastmod: instantOf(scene.clock.now() - MINUTE_MS) };
    scene.againMs *= 2;
    scene.documents.set('https://daily.example/index.xml', [targetOf(page(1), { hints })]);
    // Visited for its own sake first, which is not repeated for the claim.
    await scene.crawl({ seeds }).run();
    await scene.clock.turn(scene.againMs - 1);
    expect(scene.asked.filter((url) => url === page(1))).toHaveLength(2);
    scene.documents.set('https://daily.example/index.xml', [
      targetOf(page(1), { hints: { lastmod: instantOf(scene.clock.now()) } }),
    ]);
    await scene.clock.turn(1);
    await scene.crawl({ seeds }).run();
    expect(scene.asked.filter((url) => url === page(1))).toHaveLength(3);
  });

  it('visits nothing that is not due, and with --all each once', async () => {
    await scene.knows(...pages(6));
    await scene.crawl().run();
    await scene.clock.turn(1000);
    expect((await scene.crawl().run()).pages).toBe(0);
    expect(scene.asked).toHaveLength(6);
    await scene.clock.turn(1000);
    const all = await scene.crawl({ isAll: true }).run();
    expect(all).toMatchObject({ ended: 'finished', pages: 6 });
    expect(scene.asked.slice(6).toSorted()).toEqual(pages(6));
  });

  it('visits each once in a pass, even where it comes due again during it', async () => {
    scene.againMs = 0;
    await scene.knows(page(1), page(2));
    scene.onPage = () => void scene.clock.turn(MINUTE_MS);
    await scene.crawl().run();
    expect(scene.asked.toSorted()).toEqual([page(1), page(2)]);
  });

  it('visits what its own sources name, and nothing else', async () => {
    await scene.frontier.add([targetOf(page(1)), targetOf(page(1, 'other.example'), { source: 'other' })], 0);
    await scene.crawl().run();
    expect(scene.asked).toEqual([page(1)]);
  });

  it('is told how it stands', async () => {
    const held = scene.held(page(0));
    await scene.knows(...pages(3));
    scene.states.set('daily.example', { delayMs: 700 });
    const crawl = scene.crawl();
    const running = crawl.run();
    await settled();
    expect(await crawl.state()).toMatchObject({ pages: 0, inHand: 1, etaMs: null, hosts: [{ delayMs: 700 }] });
    expect((await crawl.state()).counts).toMatchObject({ leased: 3, due: 0 });
    held.end();
    await running;
    expect(await crawl.state()).toMatchObject({ pages: 3, inHand: 0, hosts: [] });
  });

  describe('at a limit', () => {
    it.each([1, 2, 3, 5])(
      'begins %s pages and no more, on however many hosts, and gives the rest back',
      async (maxPages) => {
        for (let n = 0; n < 8; n += 1) await scene.knows(page(n, `h${n}.example`), page(n + 10, `h${n}.example`));
        const summary = await scene.crawl({ concurrency: 2, maxPages }).run();
        expect(scene.asked).toHaveLength(maxPages);
        expect(summary).toMatchObject({ ended: 'limit', pages: maxPages });
        expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 16 - maxPages });
      },
    );

    it('counts no document as a page', async () => {
      scene.documents.set(
        'https://daily.example/index.xml',
        pages(3).map((url) => targetOf(url)),
      );
      const summary = await scene.crawl({ seeds: [seedOf('https://daily.example/index.xml')], maxPages: 2 }).run();
      expect(summary).toMatchObject({ pages: 2, documents: { read: 1 } });
    });

    it('begins nothing after so many minutes, though a host is ready only later', async () => {
      await scene.knows(page(1), page(2), page(3, 'slow.example'));
      scene.states.set('slow.example', { readyAt: scene.clock.now() + 10 * MINUTE_MS });
      const held = scene.held(page(1));
      let summary: Summary | undefined;
      void scene
        .crawl({ maxMs: 2 * MINUTE_MS })
        .run()
        .then((all) => (summary = all));
      await scene.clock.turn(2 * MINUTE_MS - 1);
      expect([summary, scene.asked]).toEqual([undefined, [page(1)]]);
      await scene.clock.turn(1);
      held.end();
      await settled();
      expect(summary).toMatchObject({ ended: 'limit', pages: 1, seconds: 120 });
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 2 });
      expect(scene.clock.sleepers).toBe(0);
    });

    it('leaves no timer behind when it ends before', async () => {
      await scene.knows(page(1));
      expect(await scene.crawl({ maxMs: MINUTE_MS }).run()).toMatchObject({ ended: 'finished' });
      expect(scene.clock.sleepers).toBe(0);
    });
  });

  describe('told to stop', () => {
    it('finishes what is in hand, begins nothing, and gives the rest back', async () => {
      await scene.knows(...pages(6), page(9, 'other.example'));
      const [held, other] = [scene.held(page(0)), scene.held(page(9, 'other.example'))];
      const running = scene.crawl().run();
      await settled();
      scene.stop.abort();
      other.end();
      await settled();
      held.end({ outcome: 'changed' });
      expect(await running).toMatchObject({ ended: 'interrupted', pages: 2, outcomes: { new: 1, changed: 1 } });
      expect(scene.asked).toHaveLength(2);
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 5 });
      expect(await scene.frontier.get(page(0))).toMatchObject({ lastOutcome: 'changed', state: 'waiting' });
    });

    it('does not wait for a host that is ready only later', async () => {
      await scene.knows(page(1));
      scene.states.set('daily.example', { readyAt: scene.clock.now() + MINUTE_MS });
      const running = scene.crawl().run();
      await settled();
      scene.stop.abort();
      expect(await running).toMatchObject({ ended: 'interrupted', pages: 0 });
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 1 });
    });

    it('begins nothing at all where it was told before', async () => {
      await scene.knows(page(1));
      scene.stop.abort();
      expect(await scene.crawl().run()).toMatchObject({ ended: 'interrupted', pages: 0 });
      expect(scene.asked).toEqual([]);
    });

    it('lets go of what is in hand when told to abort, and gives that back too', async () => {
      await scene.knows(page(1));
      scene.answers.set(
        page(1),
        (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(fault('E_INTERRUPTED')))),
      );
      const running = scene.crawl().run();
      await settled();
      scene.abort.abort();
      expect(await running).toMatchObject({ ended: 'interrupted', pages: 0, skipped: {} });
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 1 });
      expect(await scene.frontier.get(page(1))).toMatchObject({ failures: 0, lastAt: null });
    });
  });

  describe('of a host', () => {
    it('that is down makes no further visit, gives them back, and goes on elsewhere', async () => {
      await scene.knows(...pages(6), ...pages(3, 'other.example'));
      scene.throws(page(0), 'E_FETCH_HOST_DOWN');
      const summary = await scene.crawl().run();
      expect(scene.asked.filter((url) => url.includes('daily.example'))).toEqual([page(0)]);
      expect(summary).toMatchObject({ ended: 'finished', pages: 3, outcomes: { new: 3 }, skipped: { 'host-down': 4 } });
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 6 });
      expect(await scene.frontier.get(page(0))).toMatchObject({ failures: 0, lastAt: null });
    });

    it('that is left alone until long after is not waited for', async () => {
      await scene.knows(page(1));
      const until = scene.clock.now() + 10 * MINUTE_MS;
      scene.states.set('daily.example', { readyAt: until, downUntil: until });
      scene.throws(page(1), 'E_FETCH_HOST_DOWN');
      expect(await scene.crawl().run()).toMatchObject({ ended: 'finished', skipped: { 'host-down': 1 }, seconds: 0 });
    });

    it('that hangs holds up no other, not even what is found meanwhile', async () => {
      const held = scene.held(page(0, 'slow.example'));
      scene.documents.set(
        'https://daily.example/index.xml',
        pages(5).map((url) => targetOf(url)),
      );
      await scene.knows(page(0, 'slow.example'));
      const running = scene.crawl({ seeds: [seedOf('https://daily.example/index.xml')] }).run();
      await settled();
      await settled();
      expect(scene.asked.filter((url) => url.includes('daily.example/news'))).toEqual(pages(5));
      held.end();
      expect(await running).toMatchObject({ pages: 6 });
    });

    it('that is not ready holds no hand, however many they are', async () => {
      const hosts = Array.from({ length: 40 }, (_, n) => `h${n}.example`);
      for (const host of hosts) {
        await scene.knows(page(1, host));
        scene.states.set(host, { readyAt: scene.clock.now() + 5000 });
      }
      await scene.knows(page(1));
      const running = scene.crawl({ concurrency: 1 }).run();
      await settled();
      expect(scene.asked).toEqual([page(1)]);
      await scene.clock.turn(5000);
      expect(await running).toMatchObject({ pages: 41, seconds: 5 });
    });

    it('that takes longer than a lease makes each visit once all the same', async () => {
      await scene.knows(...pages(4));
      const readyAt = scene.clock.now() + 2 * 60 * MINUTE_MS;
      scene.states.set('daily.example', { readyAt });
      // Asks the frontier for more meanwhile, which takes back what ran out.
      await scene.knows(...pages(2, 'other.example'));
      scene.states.set('other.example', { readyAt: readyAt - MINUTE_MS });
      const running = scene.crawl().run();
      await scene.clock.turn(2 * 60 * MINUTE_MS);
      expect(await running).toMatchObject({ pages: 6 });
      expect(scene.asked.toSorted()).toEqual([...pages(4), ...pages(2, 'other.example')].toSorted());
    });
  });

  it('takes over what a crawl that died had in hand', async () => {
    await scene.knows(...pages(4));
    const now = scene.clock.now();
    const dead = await scene.frontier.take({ now, dueBefore: now, limit: 9, perHost: 4, leaseMs: DAY_MS });
    expect(dead).toHaveLength(4);
    expect(await scene.crawl().run()).toMatchObject({ ended: 'finished', pages: 4 });
  });

  it('counts a page whose lease was lost meanwhile, and leaves the entry as its new holder has it', async () => {
    await scene.knows(page(1));
    const held = scene.held(page(1));
    const running = scene.crawl().run();
    await settled();
    await scene.frontier.reclaim(['daily']);
    const now = scene.clock.now();
    const [other] = await scene.frontier.take({ now, dueBefore: now, limit: 9, perHost: 4, leaseMs: DAY_MS });
    held.end();
    expect(await running).toMatchObject({ pages: 1 });
    expect(await scene.frontier.get(page(1))).toMatchObject({ state: 'leased', looks: 0 });
    expect(await scene.frontier.finish(other!, { at: now, outcome: 'new', nextAt: now, state: 'waiting' })).toBe(true);
  });

  describe('in trouble', () => {
    it.each(['E_ARCHIVE_DISK_FULL', 'E_ARCHIVE_READ_ONLY', 'E_RULES_INVALID', 'E_INTERNAL'] as const)(
      'ends with %s, which no other page fares better with, and leaves the page as it was',
      async (code) => {
        await scene.knows(...pages(3));
        scene.throws(page(0), code);
        const crawl = scene.crawl();
        expect(await crawl.run()).toMatchObject({ ended: code === 'E_ARCHIVE_DISK_FULL' ? 'disk' : 'fault', pages: 0 });
        expect(crawl.fatal?.code).toBe(code);
        expect(scene.asked).toEqual([page(0)]);
        expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 3 });
      },
    );

    it.each(['E_ARCHIVE_DAMAGED', 'E_ARCHIVE_BUSY', 'E_ARCHIVE_MISSING'] as const)(
      'goes on after %s of one page, names it, and comes back to it later',
      async (code) => {
        await scene.knows(...pages(3));
        scene.throws(page(1), code);
        const crawl = scene.crawl();
        expect(await crawl.run()).toMatchObject({
          ended: 'finished',
          pages: 2,
          skipped: { [code]: 1 },
          failures: [{ code, count: 1, examples: [{ url: page(1) }] }],
        });
        expect(crawl.fatal).toBeNull();
        expect(scene.asked.filter((url) => url === page(1))).toHaveLength(1);
        expect(await scene.frontier.get(page(1))).toMatchObject({
          state: 'waiting',
          failures: 1,
          nextAt: scene.clock.now() + 5 * MINUTE_MS,
        });
      },
    );

    it('takes what whoever is told throws for a fault of the program', async () => {
      await scene.knows(...pages(2));
      scene.onPage = () => {
        throw new Error('the pipe is broken');
      };
      const crawl = scene.crawl();
      expect(await crawl.run()).toMatchObject({ ended: 'fault', pages: 1 });
      expect(crawl.fatal).toMatchObject({ code: 'E_INTERNAL', message: 'the pipe is broken' });
    });

    it('begins nothing where the disk is full already', async () => {
      scene.freeBytes = 99;
      await scene.knows(page(1));
      expect(await scene.crawl().run()).toMatchObject({ ended: 'disk', pages: 0 });
      expect(scene.asked).toEqual([]);
    });

    it('stops once little is left, which is looked at every fifty pages', async () => {
      await scene.knows(...pages(120));
      scene.onPage = () => (scene.freeBytes = scene.told.length >= 20 ? 99 : 100);
      expect(await scene.crawl().run()).toMatchObject({ ended: 'disk', pages: 50 });
      expect(await scene.countsOf()).toMatchObject({ leased: 0, due: 70 });
    });

    it('waits for what is in hand where the frontier fails, for the archive is closed next', async () => {
      await scene.knows(page(1), page(1, 'other.example'));
      const [held, other] = [scene.held(page(1)), scene.held(page(1, 'other.example'))];
      const { take } = scene.frontier;
      let isOver = false;
      const running = scene
        .crawl()
        .run()
        .finally(() => (isOver = true));
      await settled();
      Object.assign(scene.frontier, { take: () => Promise.reject(fault('E_FRONTIER_DAMAGED')) });
      held.end();
      const failing = running.catch((thrown: unknown) => thrown);
      await settled();
      expect(isOver).toBe(false);
      other.end();
      expect(await failing).toMatchObject({ code: 'E_FRONTIER_DAMAGED' });
      expect(scene.told).toHaveLength(2);
      Object.assign(scene.frontier, { take });
    });
  });

  it('counts what was not looked at apart from pages', async () => {
    await scene.knows(...pages(5));
    scene.answers.set(page(0), async () => ({ outcome: 'no-article', article: null }));
    scene.answers.set(page(1), async () => ({
      outcome: 'robots',
      error: { code: 'E_FETCH_ROBOTS', message: 'Disallow: /' },
    }));
    scene.answers.set(page(2), async () => ({
      outcome: 'error',
      error: { code: 'E_FETCH_TIMEOUT', message: 'late' },
      seen: { finalUrl: page(2), status: 200, bytes: 7 },
    }));
    const summary = await scene.crawl().run();
    expect(summary.outcomes).not.toHaveProperty('robots');
    expect(summary).toMatchObject({
      pages: 3,
      outcomes: { new: 2, error: 1 },
      skipped: { 'no-article': 1, robots: 1 },
      failures: [{ code: 'E_FETCH_TIMEOUT', count: 1, examples: [{ url: page(2), message: 'late' }] }],
      bytes: 7,
    });
  });

  it('tells of the document that failed, and of addresses that are a trap', async () => {
    await scene.frontier.close();
    scene = await Scene.open(10);
    const calendar = Array.from({ length: 40 }, (_, n) =>
      targetOf(`https://daily.example/calendar?day=${n}`, { foundBy: 'listing' }),
    );
    scene.documents.set('https://daily.example/index.xml', calendar);
    const seeds = [seedOf('https://daily.example/index.xml'), seedOf('https://daily.example/feed', 'feed')];
    expect(await scene.crawl({ seeds }).run()).toMatchObject({
      pages: 10,
      found: 10,
      skipped: { trap: 30 },
      documents: { read: 1, failed: 1 },
      failures: [{ code: 'E_FETCH_CONNECT', count: 1 }],
    });
  });
});
