import { describe, expect, it } from 'vitest';
import type { HopOutcome, HostRecord } from '../../../src/core/frontier-ports.ts';
import { Pace, type PaceEvent, type PaceOptions } from '../../../src/fetch/pace.ts';
import { code, handClock } from './loopback.ts';

const HOST = 'press.test';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const OK: HopOutcome = { status: 200, latencyMs: 0 };
const DEAD: HopOutcome = { status: 0, latencyMs: 0 };
const refused = (retryAfterMs?: number): HopOutcome => ({
  status: 429,
  latencyMs: 0,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

function paced(overrides: Partial<PaceOptions> = {}) {
  const clock = handClock();
  const events: PaceEvent[] = [];
  const pace = new Pace({
    clock,
    delayMs: 1_000,
    latencyFactor: 0,
    maxDelayMs: MINUTE_MS,
    breakerFailures: 3,
    breakerMs: 5 * MINUTE_MS,
    onEvent: (event) => events.push(event),
    ...overrides,
  });
  /** Goes in, and is over at once. */
  const visit = async (outcome?: HopOutcome, host = HOST) => (await pace.enter(host))(outcome);
  /** The same, as soon as it may. */
  const visitLater = async (outcome?: HopOutcome) => {
    await clock.advance(Math.max(pace.stateOf(HOST).readyAt - clock.now(), 0));
    await visit(outcome);
  };
  return { clock, pace, events, visit, visitLater };
}

/** A store in memory that writes down what it is told. */
function storeOf(...records: HostRecord[]) {
  const kept = new Map(records.map((record) => [record.host, record]));
  const saved: HostRecord[] = [];
  return {
    saved,
    host: async (host: string) => kept.get(host) ?? null,
    keepHost: async (record: HostRecord) => {
      saved.push(record);
      kept.set(record.host, record);
    },
  };
}
const recordOf = (given: Partial<HostRecord> = {}): HostRecord => ({
  host: HOST,
  lastAt: 0,
  notBefore: 0,
  delayMs: 0,
  failures: 0,
  ...given,
});

/** Enters without waiting for it, and notes when it got in and with what. */
function entering(pace: Pace, host = HOST, signal?: AbortSignal) {
  const state: { leave?: (outcome?: HopOutcome) => void; error?: unknown } = {};
  pace.enter(host, signal).then(
    (leave) => (state.leave = leave),
    (error: unknown) => (state.error = error),
  );
  return state;
}

describe('Pace: turns', () => {
  it('lets the first in at once and the next when the delay has passed since it ended', async () => {
    const { clock, pace } = paced();
    const [first, second] = [entering(pace), entering(pace)];
    await clock.advance(5_000);
    expect([first.leave, second.leave]).toEqual([expect.any(Function), undefined]);
    first.leave!(OK);
    // One more than the delay: the clock's milliseconds are cut off.
    await clock.advance(1_000);
    expect(second.leave).toBeUndefined();
    await clock.advance(1);
    expect(second.leave).toBeDefined();
  });

  it('has one in flight to a host, and others of other hosts and ports beside it', async () => {
    const { clock, pace } = paced({ delayMs: 0 });
    const same = [entering(pace), entering(pace), entering(pace)];
    const other = [entering(pace, 'b.test'), entering(pace, 'press.test:8080')];
    await clock.advance(0);
    expect(same.map(({ leave }) => leave !== undefined)).toEqual([true, false, false]);
    expect(other.every(({ leave }) => leave !== undefined)).toBe(true);
    same[0]!.leave!(OK);
    await clock.advance(0);
    expect(same.map(({ leave }) => leave !== undefined)).toEqual([true, true, false]);
  });

  it('lets as many in as the source says, as far apart as ever', async () => {
    const { clock, pace } = paced({ concurrencyOf: () => 2, delayOf: () => 100 });
    const all = [entering(pace), entering(pace), entering(pace)];
    const inside = () => all.map(({ leave }) => leave !== undefined);
    await clock.advance(100);
    expect(inside()).toEqual([true, false, false]);
    await clock.advance(1);
    expect(inside()).toEqual([true, true, false]);
    await clock.advance(10_000);
    expect(inside()).toEqual([true, true, false]);
    all[1]!.leave!(OK);
    await clock.advance(101);
    expect(inside()).toEqual([true, true, true]);
  });

  it('serves in the order of coming, whoever leaves the line', async () => {
    const { clock, pace } = paced();
    const stop = new AbortController();
    const order: string[] = [];
    const join = (name: string, signal?: AbortSignal) =>
      pace.enter(HOST, signal).then(
        (leave) => {
          order.push(name);
          leave(OK);
        },
        (reason: unknown) => order.push(`${name} left: ${String(reason)}`),
      );
    const all = [join('a'), join('b'), join('c', stop.signal), join('d')];
    await clock.advance(10);
    stop.abort('tired');
    await clock.advance(5_000);
    await Promise.all(all);
    expect(order).toEqual(['a', 'c left: tired', 'b', 'd']);
  });

  it('lets nobody past who comes when a turn is due and its timer is late', async () => {
    const hand = handClock();
    let ahead = 0;
    const { pace, visit } = paced({ clock: { ...hand, now: () => hand.now() + ahead } });
    await visit(OK);
    const first = entering(pace);
    await hand.advance(0);
    ahead = 5_000;
    const late = entering(pace);
    await hand.advance(0);
    expect([first.leave !== undefined, late.leave !== undefined]).toEqual([true, false]);
  });

  it('leaves no timer behind when the last in line gives up, and lets the next wait its own time', async () => {
    const { clock, pace, visit } = paced();
    await visit(OK);
    const stop = new AbortController();
    const gone = entering(pace, HOST, stop.signal);
    await clock.advance(500);
    expect(clock.sleepers()).toBe(1);
    stop.abort('tired');
    await clock.advance(0);
    expect([gone.error, clock.sleepers()]).toEqual(['tired', 0]);
    const next = entering(pace);
    await clock.advance(500);
    expect(next.leave).toBeUndefined();
    await clock.advance(1);
    expect(next.leave).toBeDefined();
    expect(clock.sleepers()).toBe(0);
  });

  it('turns away a signal that has fired', async () => {
    const { pace } = paced();
    await expect(pace.enter(HOST, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(pace.states()).toEqual([]);
  });

  it('counts a request over once', async () => {
    const { clock, pace } = paced({ delayMs: 0 });
    const leave = await pace.enter(HOST);
    leave(OK);
    leave(DEAD);
    const second = entering(pace);
    const third = entering(pace);
    await clock.advance(0);
    expect([second.leave !== undefined, third.leave !== undefined]).toEqual([true, false]);
    expect(pace.stateOf(HOST)).toMatchObject({ failures: 0, inFlight: 1, waiting: 1 });
  });

  it('waits for nothing where politeness is off', async () => {
    const { clock, pace, visit } = paced({ delayMs: 0, latencyFactor: 0, maxDelayMs: 0 });
    for (let i = 0; i < 100; i++) await visit({ status: 200, latencyMs: 900 });
    await visit(refused());
    await visit(OK);
    expect([clock.sleepers(), pace.stateOf(HOST).delayMs]).toEqual([0, 0]);
  });

  it('does not wait for the time that a clock set back has lost', async () => {
    let back = 0;
    const hand = handClock();
    const clock = { ...hand, now: () => hand.now() - back };
    const pace = new Pace({ clock, delayMs: 1_000, latencyFactor: 0, maxDelayMs: 0, breakerFailures: 3, breakerMs: 1 });
    (await pace.enter(HOST))(OK);
    back = DAY_MS;
    const next = entering(pace);
    await hand.advance(1_001);
    expect(next.leave).toBeDefined();
  });
});

describe('Pace: the delay in force', () => {
  const stateAfter = async (overrides: Partial<PaceOptions>, ...outcomes: HopOutcome[]) => {
    const { pace, visitLater } = paced(overrides);
    pace.setCrawlDelay(HOST, 0);
    for (const outcome of outcomes) await visitLater(outcome);
    const { delayMs, why } = pace.stateOf(HOST);
    return [delayMs, why];
  };

  it('is that of the settings, of the source either way, of robots.txt where that is longer', async () => {
    expect(await stateAfter({})).toEqual([1_000, 'settings']);
    expect(await stateAfter({ delayOf: () => 200 })).toEqual([200, 'source']);
    expect(await stateAfter({ delayOf: () => 2_000 })).toEqual([2_000, 'source']);
    expect(await stateAfter({ delayOf: () => undefined })).toEqual([1_000, 'settings']);
    const { pace } = paced({ delayOf: (host) => (host === HOST ? 200 : undefined) });
    pace.setCrawlDelay(HOST, 700);
    pace.setCrawlDelay('b.test', 700);
    expect([pace.stateOf(HOST), pace.stateOf('b.test')]).toMatchObject([
      { delayMs: 700, why: 'crawl-delay' },
      { delayMs: 1_000, why: 'settings' },
    ]);
  });

  it('grows and shrinks for who waits already', async () => {
    const { clock, pace, visit } = paced();
    await visit(OK);
    const next = entering(pace);
    await clock.advance(500);
    pace.setCrawlDelay(HOST, 5_000);
    await clock.advance(4_500);
    expect(next.leave).toBeUndefined();
    await clock.advance(1);
    next.leave!(OK);
    const last = entering(pace);
    await clock.advance(1_500);
    expect(last.leave).toBeUndefined();
    pace.setCrawlDelay(HOST, 0);
    await clock.advance(0);
    expect(last.leave).toBeDefined();
    expect(clock.sleepers()).toBe(0);
  });

  it('follows slow answers, smoothed, up to the longest', async () => {
    const slow = { status: 200, latencyMs: 3_000 };
    expect(await stateAfter({ latencyFactor: 2 }, slow)).toEqual([6_000, 'latency']);
    expect(await stateAfter({ latencyFactor: 2 }, slow, { status: 200, latencyMs: 1_400 })).toEqual([5_600, 'latency']);
    expect(await stateAfter({ latencyFactor: 2 }, { status: 200, latencyMs: 400 })).toEqual([1_000, 'settings']);
    expect(await stateAfter({ latencyFactor: 100 }, slow)).toEqual([MINUTE_MS, 'latency']);
    expect(await stateAfter({ latencyFactor: 0 }, slow)).toEqual([1_000, 'settings']);
    // No answer says nothing of how long answers take.
    expect(await stateAfter({ latencyFactor: 2 }, { status: 0, latencyMs: 9_000 })).toEqual([1_000, 'settings']);
  });

  it('doubles with each 429 and 503, up to the longest', async () => {
    expect(await stateAfter({}, refused())).toEqual([2_000, 'backoff']);
    expect(await stateAfter({}, { status: 503, latencyMs: 0 }, refused())).toEqual([4_000, 'backoff']);
    expect(await stateAfter({}, ...Array.from({ length: 9 }, () => refused()))).toEqual([MINUTE_MS, 'backoff']);
    expect(await stateAfter({ delayMs: 0 }, refused())).toEqual([1_000, 'backoff']);
    expect(await stateAfter({}, { status: 500, latencyMs: 0 })).toEqual([1_000, 'settings']);
    expect(await stateAfter({}, { status: 404, latencyMs: 0 })).toEqual([1_000, 'settings']);
    expect(await stateAfter({}, refused(), { status: 500, latencyMs: 0 }, DEAD)).toEqual([2_000, 'backoff']);
  });

  it('comes down slowly: each answer gives back a twentieth of the full rate', async () => {
    const { pace, visitLater, events } = paced();
    for (let i = 0; i < 9; i++) await visitLater(refused());
    const delays: number[] = [];
    while (pace.stateOf(HOST).why === 'backoff') {
      await visitLater(OK);
      delays.push(pace.stateOf(HOST).delayMs);
    }
    expect(delays.slice(0, 3)).toEqual([15_000, 8_571, 6_000]);
    expect(delays).toEqual(delays.toSorted((a, b) => b - a));
    expect(delays).toHaveLength(20);
    expect(delays.at(-1)).toBe(1_000);
    expect(events.map(({ change }) => change)).toEqual([...Array.from({ length: 9 }, () => 'slowed'), 'recovered']);
  });
});

describe('Pace: Retry-After', () => {
  it('is waited for where it asks for up to a minute', async () => {
    const { clock, pace, visit } = paced();
    await visit(refused(30_000));
    const next = entering(pace);
    await clock.advance(29_999);
    expect([next.leave, next.error]).toEqual([undefined, undefined]);
    await clock.advance(1);
    expect(next.leave).toBeDefined();
  });

  it('is listened to from those who refuse alone', async () => {
    const { clock, pace, visit } = paced({ delayMs: 0 });
    await visit({ status: 200, latencyMs: 0, retryAfterMs: 30_000 });
    await visit({ status: 500, latencyMs: 0, retryAfterMs: 30_000 });
    await visit(OK);
    expect(pace.stateOf(HOST).readyAt).toBeLessThanOrEqual(clock.now());
  });

  it('of more has the host left alone, who waits in line included', async () => {
    const { clock, pace } = paced();
    const [first, second] = [entering(pace), entering(pace)];
    await clock.advance(0);
    first.leave!(refused(2 * HOUR_MS));
    await clock.advance(0);
    expect(second.error).toEqual(code('E_FETCH_HOST_DOWN'));
    await expect(pace.enter(HOST)).rejects.toThrow(
      'press.test: expected to take requests, got a Retry-After of more than a minute; it is left alone until 2026-03-03T10:00:00.000Z, so try again then',
    );
    const until = clock.now() + 2 * HOUR_MS;
    expect(pace.stateOf(HOST)).toMatchObject({ readyAt: until, downUntil: until, failures: 0 });
    await clock.advance(2 * HOUR_MS - 1_000);
    const last = entering(pace);
    await clock.advance(1_000);
    expect(last.leave).toBeDefined();
    expect(pace.stateOf(HOST)).not.toHaveProperty('downUntil');
  });

  it('is not believed beyond a day, and not shortened by a later one', async () => {
    const { clock, pace, visit } = paced({ concurrencyOf: () => 3, delayMs: 0 });
    const [leave, other] = [await pace.enter(HOST), await pace.enter(HOST)];
    leave(refused(Infinity));
    other(refused(1_000));
    expect(pace.stateOf(HOST).downUntil).toBe(clock.now() + DAY_MS);
    await expect(visit()).rejects.toThrow(code('E_FETCH_HOST_DOWN'));
  });
});

describe('Pace: the breaker', () => {
  it('opens after so many failures in a row, and turns away at once, who waits in line included', async () => {
    const { clock, pace, events, visit, visitLater } = paced();
    await visit(DEAD);
    await visitLater({ status: 502, latencyMs: 0 });
    const [third, fourth] = [entering(pace), entering(pace)];
    await clock.advance(1_001);
    third.leave!(DEAD);
    await clock.advance(0);
    expect(fourth.error).toEqual(code('E_FETCH_HOST_DOWN'));
    await expect(visit()).rejects.toThrow(
      `press.test: expected to take requests, got 3 failures in a row; it is left alone until ${new Date(clock.now() + 5 * MINUTE_MS).toISOString()}, so try again then`,
    );
    expect(clock.sleepers()).toBe(0);
    expect(events).toMatchObject([
      { change: 'down', state: { host: HOST, failures: 3, downUntil: clock.now() + 5 * MINUTE_MS } },
    ]);
    // Other hosts are none the worse.
    await visit(OK, 'b.test');
  });

  it.each([
    ['a page', 200],
    ['a page that is not there', 404],
    ['a refusal', 429],
    ['a 304', 304],
  ])('counts from the start after %s', async (_name, status) => {
    const { pace, visitLater } = paced();
    for (const outcome of [DEAD, DEAD, { status, latencyMs: 0 }, DEAD, DEAD]) await visitLater(outcome);
    expect(pace.stateOf(HOST)).toMatchObject({ failures: 2 });
    expect(pace.stateOf(HOST)).not.toHaveProperty('downUntil');
  });

  it('learns nothing from what we broke off ourselves', async () => {
    const { pace, visitLater } = paced();
    for (const outcome of [DEAD, DEAD, undefined, undefined]) await visitLater(outcome);
    expect(pace.stateOf(HOST).failures).toBe(2);
    await visitLater(DEAD);
    expect(pace.stateOf(HOST)).toHaveProperty('downUntil');
  });

  it('then lets one try: the others wait for how it goes', async () => {
    const { clock, pace, events, visitLater } = paced({ concurrencyOf: () => 4, delayMs: 0 });
    for (let i = 0; i < 3; i++) await visitLater(DEAD);
    await clock.advance(5 * MINUTE_MS);
    const all = [entering(pace), entering(pace), entering(pace)];
    const inside = () => all.map(({ leave }) => leave !== undefined);
    await clock.advance(MINUTE_MS);
    expect(inside()).toEqual([true, false, false]);
    all[0]!.leave!(OK);
    await clock.advance(0);
    expect(inside()).toEqual([true, true, true]);
    expect(events.map(({ change }) => change)).toEqual(['down', 'back']);
    expect(pace.stateOf(HOST).failures).toBe(0);
  });

  it('has another try where the first was broken off', async () => {
    const { clock, pace, visitLater } = paced({ delayMs: 0 });
    for (let i = 0; i < 3; i++) await visitLater(DEAD);
    await clock.advance(5 * MINUTE_MS);
    const [first, second] = [entering(pace), entering(pace)];
    await clock.advance(0);
    first.leave!();
    await clock.advance(0);
    expect(second.leave).toBeDefined();
  });

  it('opens for twice as long each time that the one fails, up to a day', async () => {
    const { clock, pace, events, visitLater } = paced();
    for (let i = 0; i < 3; i++) await visitLater(DEAD);
    const opened: number[] = [];
    for (let i = 0; i < 11; i++) {
      const { downUntil } = pace.stateOf(HOST);
      opened.push((downUntil! - clock.now()) / MINUTE_MS);
      await visitLater(DEAD);
    }
    expect(opened).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
    expect(events.every(({ change }) => change === 'down')).toBe(true);
  });

  it('takes no notice of what was under way when it opened', async () => {
    const { clock, pace } = paced({ concurrencyOf: () => 5, delayMs: 0 });
    const leaves = await Promise.all(Array.from({ length: 5 }, () => pace.enter(HOST)));
    for (const leave of leaves.slice(0, 3)) leave(DEAD);
    const { downUntil } = pace.stateOf(HOST);
    leaves[3]!(DEAD);
    leaves[4]!(OK);
    expect(pace.stateOf(HOST)).toMatchObject({ downUntil, failures: 3 });
    expect(downUntil).toBe(clock.now() + 5 * MINUTE_MS);
  });
});

describe('Pace: from one run to the next', () => {
  it('waits out what the last run left', async () => {
    const now = handClock().now();
    const { clock, pace } = paced({ store: storeOf(recordOf({ lastAt: now - 400 })) });
    const [first, second] = [entering(pace), entering(pace)];
    await clock.advance(600);
    expect(first.leave).toBeUndefined();
    await clock.advance(1);
    expect([first.leave !== undefined, second.leave !== undefined]).toEqual([true, false]);
  });

  it('knows a host again that was slowed, asked to be left alone, or was down', async () => {
    const now = handClock().now();
    const hour = now + HOUR_MS;
    const first = async (record: Partial<HostRecord>) => {
      const { clock, pace, events } = paced({ store: storeOf(recordOf(record)) });
      const entered = entering(pace);
      await clock.advance(0);
      return { error: entered.error, leave: entered.leave, state: pace.stateOf(HOST), pace, events };
    };
    expect((await first({ delayMs: 8_000 })).state).toMatchObject({ delayMs: 8_000, why: 'backoff' });
    const quick = await first({ delayMs: 900 });
    quick.leave!(OK);
    expect(quick.state).toMatchObject({ delayMs: 1_000, why: 'settings' });
    expect(quick.events).toEqual([]);
    expect((await first({ notBefore: hour })).error).toEqual(code('E_FETCH_HOST_DOWN'));
    expect((await first({ notBefore: hour, failures: 4 })).state).toMatchObject({ downUntil: hour, failures: 4 });
    expect((await first({ notBefore: now + 9 * DAY_MS })).state.readyAt).toBe(now + DAY_MS);
    expect((await first({ lastAt: now + 9 * DAY_MS })).state.readyAt).toBeLessThanOrEqual(now + 1_001);
    // The time is over: one tries, and where it fails the host is left alone for longer than ever.
    const tried = await first({ notBefore: now - 1, failures: 4 });
    tried.leave!(DEAD);
    expect(tried.pace.stateOf(HOST)).toMatchObject({ failures: 5, downUntil: now + 20 * MINUTE_MS });
  });

  it('saves when breaker or backoff change, and at the end, and not with every request', async () => {
    const store = storeOf();
    const { clock, pace, visitLater } = paced({ store });
    for (let i = 0; i < 5; i++) await visitLater(OK);
    await visitLater(undefined);
    expect(store.saved).toEqual([]);
    await visitLater(refused(9_000));
    await clock.advance(0);
    expect(store.saved).toEqual([recordOf({ lastAt: clock.now(), notBefore: clock.now() + 9_000, delayMs: 2_000 })]);
    for (let i = 0; i < 3; i++) await visitLater(DEAD);
    await clock.advance(0);
    expect(store.saved.slice(1)).toMatchObject([{ failures: 3, notBefore: clock.now() + 5 * MINUTE_MS }]);
    await visitLater(OK);
    await clock.advance(0);
    expect(store.saved.slice(2)).toMatchObject([{ failures: 0 }]);
    await visitLater(OK);
    const lastAt = clock.now();
    await pace.close();
    expect(store.saved.slice(3)).toMatchObject([{ lastAt, failures: 0 }]);
    await pace.close();
    expect(store.saved).toHaveLength(4);
  });

  it('saves the last word last, and tells at the end what could not be saved', async () => {
    const store = storeOf();
    let slow = true;
    const keepHost = async (record: HostRecord) => {
      if (slow) await new Promise((resolve) => setTimeout(resolve, 20));
      slow = false;
      await store.keepHost(record);
    };
    const { pace, visit, visitLater } = paced({ store: { ...store, keepHost }, delayMs: 0 });
    await visit(refused());
    await visitLater(refused());
    await pace.close();
    expect(store.saved.map(({ delayMs }) => delayMs)).toEqual([1_000, 2_000]);

    const full = { ...storeOf(), keepHost: () => Promise.reject(new Error('disk full')) };
    const failing = paced({ store: full });
    await failing.visit(OK);
    await expect(failing.pace.close()).rejects.toThrow('disk full');
  });

  it('asks the store once for all who come, and again where it failed', async () => {
    let asked = 0;
    const store = {
      ...storeOf(),
      host: () => {
        asked += 1;
        return asked === 1 ? Promise.reject(new Error('locked')) : Promise.resolve(null);
      },
    };
    const { pace, clock } = paced({ store, delayMs: 0, concurrencyOf: () => 2 });
    const early = [entering(pace), entering(pace)];
    await clock.advance(0);
    expect(early.map(({ error }) => String(error))).toEqual(['Error: locked', 'Error: locked']);
    const late = [entering(pace), entering(pace)];
    await clock.advance(0);
    expect(late.every(({ leave }) => leave !== undefined)).toBe(true);
    expect(asked).toBe(2);
  });

  it('turns away whoever waits or comes when it is closed', async () => {
    const { clock, pace, visit } = paced();
    await visit(OK);
    const waiting = entering(pace);
    await clock.advance(0);
    await pace.close();
    await clock.advance(0);
    expect([waiting.error, clock.sleepers()]).toEqual([code('E_INTERRUPTED'), 0]);
    await expect(pace.enter(HOST)).rejects.toThrow(code('E_INTERRUPTED'));
  });
});

describe('Pace: what is told', () => {
  it('shows every host that was met', async () => {
    const { clock, pace, visit } = paced();
    await visit(OK);
    entering(pace);
    entering(pace);
    await visit(OK, 'b.test');
    await clock.advance(0);
    const now = clock.now();
    expect(pace.states()).toEqual([
      { host: HOST, inFlight: 0, waiting: 2, delayMs: 1_000, why: 'settings', readyAt: now + 1_001, failures: 0 },
      { host: 'b.test', inFlight: 0, waiting: 0, delayMs: 1_000, why: 'settings', readyAt: now + 1_001, failures: 0 },
    ]);
    expect(pace.stateOf('never.test')).toMatchObject({ inFlight: 0, waiting: 0, delayMs: 1_000 });
    expect(pace.stateOf('never.test').readyAt).toBeLessThanOrEqual(now);
    expect(pace.states()).toHaveLength(2);
  });

  it('forgets hosts by the thousand that are owed nothing, and no other', async () => {
    const { clock, pace, visit } = paced({ delayMs: 100 });
    await visit(DEAD, 'failed.test');
    await visit(refused(), 'refused.test');
    pace.setCrawlDelay('slow.test', 5_000);
    await pace.enter('busy.test');
    for (let i = 0; i < 9_996; i++) await visit(OK, `h${i}.test`);
    await clock.advance(100);
    await visit(OK, 'late.test');
    await clock.advance(1);
    expect(pace.states()).toHaveLength(10_001);
    for (let i = 0; i < 10_001; i++) await visit(OK, `i${i}.test`);
    expect(pace.states().map(({ host }) => host)).toEqual(
      expect.arrayContaining(['failed.test', 'refused.test', 'slow.test', 'busy.test']),
    );
    expect(pace.states().some(({ host }) => host === 'h7.test')).toBe(false);
  });
});
