import { describe, expect, it } from 'vitest';
import { Slots } from '../../../src/fetch/slots.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  it('let so many in at once, and the others in the order in which they came', async () => {
    const slots = new Slots(2);
    const entered: number[] = [];
    const leaves: (() => void)[] = [];
    for (const n of [1, 2, 3, 4]) void slots.take().then((leave) => (entered.push(n), leaves.push(leave)));
    await turn();
    expect(entered).toEqual([1, 2]);
    leaves[1]!();
    await turn();
    expect(entered).toEqual([1, 2, 3]);
    leaves[0]!();
    await turn();
    expect(entered).toEqual([1, 2, 3, 4]);
  });

  it('are given back once, however often one leaves', async () => {
    const slots = new Slots(1);
    const leave = await slots.take();
    leave();
    leave();
    await slots.take();
    let isIn = false;
    void slots.take().then(() => (isIn = true));
    await turn();
    expect(isIn).toBe(false);
  });

  it('are not held by those who gave up waiting', async () => {
    const slots = new Slots(1);
    const leave = await slots.take();
    const stop = new AbortController();
    const waiting = slots.take(stop.signal);
    const next = slots.take();
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(slots.take(stop.signal)).rejects.toThrow('enough');
    leave();
    await expect(next).resolves.toBeTypeOf('function');
  });
});
