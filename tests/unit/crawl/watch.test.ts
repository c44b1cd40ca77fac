import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import { Schedule } from '../../../src/crawl/timetable.ts';
import { Counting } from '../../../src/crawl/summary.ts';
import { Watch } from '../../../src/crawl/watch.ts';
import { settled, TurnedClock } from './turned-clock.ts';

const MINUTE_MS = 60_000;
const summary = new Counting().summary('finished', 1);

/** A watch over sources that are crawled every ten minutes, each pass as long as the test lets it be. */
function scene(names: readonly string[], options: { concurrency?: number; startsAtOnce?: boolean } = {}) {
  const clock = new TurnedClock(Date.parse('2026-03-03T08:00:00Z'));
  const stop = new AbortController();
  const begun: string[] = [];
  const ends: ((fault?: Error) => void)[] = [];
  const told: string[] = [];
  const watch = new Watch({
    clock,
    sources: names.map((name) => ({ name, schedule: new Schedule('*/10 * * * *', name) })),
    concurrency: options.concurrency ?? 4,
    startsAtOnce: options.startsAtOnce ?? false,
    signal: stop.signal,
    pass: (source) => {
      begun.push(`${source} ${new Date(clock.now()).toISOString().slice(11, 16)}`);
      return new Promise((resolve, reject) =>
        ends.push((fault) => (fault === undefined ? resolve(summary) : reject(fault))),
      );
    },
    onPass: (source) => void told.push(`${source} ended`),
    onFault: (source, { code }) => void told.push(`${source} ${code}`),
  });
  let isOver = false;
  const run = watch.run().then(() => (isOver = true));
  const end = async (n: number, fault?: Error) => {
    ends[n]!(fault);
    await settled();
  };
  return { clock, stop, begun, told, watch, end, run, isOver: () => isOver };
}

describe('Watch', () => {
  it('crawls each source when its time comes', async () => {
    const { clock, begun, end, watch } = scene(['a', 'b']);
    await settled();
    expect(watch.states.map(({ nextAt, state }) => [nextAt, state])).toEqual([
      ['2026-03-03T08:10:00.000Z', 'waiting'],
      ['2026-03-03T08:10:00.000Z', 'waiting'],
    ]);
    await clock.turn(10 * MINUTE_MS);
    expect(begun).toEqual(['a 08:10', 'b 08:10']);
    expect(watch.states[0]).toMatchObject({ state: 'crawling', passes: 0 });
    await end(0);
    expect(watch.states[0]).toMatchObject({
      state: 'waiting',
      passes: 1,
      lastEnded: 'finished',
      nextAt: '2026-03-03T08:20:00.000Z',
    });
    await clock.turn(10 * MINUTE_MS);
    expect(begun).toEqual(['a 08:10', 'b 08:10', 'a 08:20']);
  });

  it('never crawls a source twice at once: a pass that takes long leaves out what it overran', async () => {
    const { clock, begun, end } = scene(['a']);
    await clock.turn(35 * MINUTE_MS);
    expect(begun).toEqual(['a 08:10']);
    await end(0);
    await clock.turn(5 * MINUTE_MS);
    expect(begun).toEqual(['a 08:10', 'a 08:40']);
  });

  it('crawls at once where that is wanted', async () => {
    const { begun } = scene(['a'], { startsAtOnce: true });
    await settled();
    expect(begun).toEqual(['a 08:00']);
  });

  it('lets sources wait for their turn where many are due at once', async () => {
    const { clock, begun, end, watch } = scene(['a', 'b', 'c'], { concurrency: 1 });
    await clock.turn(10 * MINUTE_MS);
    expect(begun).toEqual(['a 08:10']);
    expect(watch.states.map(({ state }) => state)).toEqual(['crawling', 'queued', 'queued']);
    await end(0);
    await end(1);
    expect(begun).toEqual(['a 08:10', 'b 08:10', 'c 08:10']);
  });

  it('tells of a pass that fails, and comes again', async () => {
    const { clock, begun, told, end, watch } = scene(['a']);
    await clock.turn(10 * MINUTE_MS);
    await end(0, new TearsheetError('E_CRAWL_BUSY', 'another crawl'));
    expect(told).toEqual(['a E_CRAWL_BUSY']);
    expect(watch.states[0]).toMatchObject({ faults: 1, lastError: 'E_CRAWL_BUSY: another crawl', lastEnded: 'fault' });
    await clock.turn(10 * MINUTE_MS);
    await end(1);
    expect(begun).toHaveLength(2);
    expect(watch.states[0]).toMatchObject({ faults: 1, passes: 1, lastError: null });
  });

  it('stops in good order: what is under way ends, what sleeps or waits for its turn never begins', async () => {
    const { clock, begun, end, stop, run, isOver } = scene(['a', 'b'], { concurrency: 1 });
    await clock.turn(10 * MINUTE_MS);
    stop.abort(new Error('stop'));
    await settled();
    expect(isOver()).toBe(false);
    await end(0);
    await run;
    expect(begun).toEqual(['a 08:10']);
    expect(clock.sleepers).toBe(0);
  });
});
