import { describe, expect, it } from 'vitest';
import { Hosts } from '../../../src/crawl/hosts.ts';
import { leaseOf } from './entries.ts';
import { settled, TurnedClock } from './turned-clock.ts';

/** Visits that end when the test says so; hosts that are ready when it says so. */
class Scene {
  readonly clock = new TurnedClock();
  readonly begun: string[] = [];
  readonly faults: unknown[] = [];
  readonly readyAt = new Map<string, number>();
  readonly #ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  readonly hosts: Hosts;

  constructor(concurrency: number, perHost = 1) {
    this.hosts = new Hosts({
      concurrency,
      concurrencyOf: () => perHost,
      stateOf: (host) => ({ host, readyAt: this.readyAt.get(host) ?? 0, delayMs: 0 }),
      clock: this.clock,
      visit: ({ id }) =>
        new Promise<void>((resolve, reject) => {
          this.begun.push(id);
          this.#ends.set(id, { done: resolve, fail: reject });
        }),
      onFault: (thrown) => void this.faults.push(thrown),
    });
  }

  async end(id: string): Promise<void> {
    this.#ends.get(id)!.done();
    await settled();
  }
  async fail(id: string, error: Error): Promise<void> {
    this.#ends.get(id)!.fail(error);
    await settled();
  }
}

describe('Hosts', () => {
  it('has one visit of a host in hand, and goes on in order', async () => {
    const scene = new Scene(8);
    scene.hosts.add([leaseOf('a', 1), leaseOf('a', 2), leaseOf('b', 1)]);
    await settled();
    expect(scene.begun).toEqual(['a-1', 'b-1']);
    expect([scene.hosts.inHand, scene.hosts.waiting]).toEqual([2, 1]);
    await scene.end('a-1');
    expect(scene.begun).toEqual(['a-1', 'b-1', 'a-2']);
    expect(scene.hosts.hosts).toEqual(['a', 'b']);
    await scene.end('b-1');
    expect(scene.hosts.hosts).toEqual(['a']);
  });

  it('has as many in hand as the host may have, where its source says more', async () => {
    const scene = new Scene(8, 2);
    scene.hosts.add([leaseOf('a', 1), leaseOf('a', 2), leaseOf('a', 3)]);
    await settled();
    expect(scene.begun).toEqual(['a-1', 'a-2']);
  });

  it('never has more in hand than there are hands', async () => {
    const scene = new Scene(2);
    scene.hosts.add([leaseOf('a', 1), leaseOf('b', 1), leaseOf('c', 1)]);
    await settled();
    expect(scene.begun).toEqual(['a-1', 'b-1']);
    await scene.end('b-1');
    expect(scene.begun).toEqual(['a-1', 'b-1', 'c-1']);
  });

  it('waits for a host without holding a hand meanwhile', async () => {
    const scene = new Scene(1);
    scene.readyAt.set('a', scene.clock.now() + 5000);
    scene.hosts.add([leaseOf('a', 1), leaseOf('b', 1)]);
    await settled();
    expect(scene.begun).toEqual(['b-1']);
    await scene.end('b-1');
    await scene.clock.turn(4999);
    expect(scene.begun).toEqual(['b-1']);
    await scene.clock.turn(1);
    expect(scene.begun).toEqual(['b-1', 'a-1']);
  });

  it('looks again where a host, once slept for, asks for more time', async () => {
    const scene = new Scene(1);
    scene.readyAt.set('a', scene.clock.now() + 1000);
    scene.hosts.add([leaseOf('a', 1)]);
    await settled();
    scene.readyAt.set('a', scene.clock.now() + 3000);
    await scene.clock.turn(1000);
    expect(scene.begun).toEqual([]);
    await scene.clock.turn(2000);
    expect(scene.begun).toEqual(['a-1']);
  });

  it('hands a fault on and goes on with the host', async () => {
    const scene = new Scene(1);
    const fault = new Error('no');
    scene.hosts.add([leaseOf('a', 1), leaseOf('a', 2)]);
    await settled();
    await scene.fail('a-1', fault);
    expect(scene.faults).toEqual([fault]);
    expect(scene.begun).toEqual(['a-1', 'a-2']);
  });

  it('gives back what was not begun: of a host, or all of it', async () => {
    const scene = new Scene(4);
    scene.hosts.add([leaseOf('a', 1), leaseOf('a', 2), leaseOf('b', 1), leaseOf('b', 2)]);
    await settled();
    expect(scene.hosts.drop('a').map(({ id }) => id)).toEqual(['a-2']);
    expect(scene.hosts.drop().map(({ id }) => id)).toEqual(['b-2']);
    expect([scene.hosts.inHand, scene.hosts.waiting]).toEqual([2, 0]);
  });

  it('settles when what is in hand is done, and begins nothing more, not even what slept', async () => {
    const scene = new Scene(4);
    scene.readyAt.set('b', scene.clock.now() + 1000);
    scene.hosts.add([leaseOf('a', 1), leaseOf('a', 2), leaseOf('b', 1)]);
    await settled();
    let isSettled = false;
    const settling = scene.hosts.settle().then(() => (isSettled = true));
    await settled();
    expect(isSettled).toBe(false);
    await scene.end('a-1');
    await settling;
    await scene.clock.turn(5000);
    expect(scene.begun).toEqual(['a-1']);
    expect(scene.clock.sleepers).toBe(0);
  });

  it('tells of progress at once where there is nothing to wait for', async () => {
    await expect(new Scene(1).hosts.progress()).resolves.toBeUndefined();
  });
});
