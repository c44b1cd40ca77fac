/** Who waits for a turn, in the order in which they came. */
interface Waiter<T> {
  readonly pass: (turn: T) => void;
  readonly refuse: (reason: unknown) => void;
}

export class Turns<T> {
  readonly #waiters = new Set<Waiter<T>>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Joins the end of the line. Rejects with the signal's reason, and then calls `onLeave`; and as `refuseAll` is told. */
  wait(signal: AbortSignal | undefined, onLeave: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        waiter.refuse(signal?.reason);
        onLeave();
      };
      const waiter: Waiter<T> = {
        pass: (turn) => {
          settle();
          resolve(turn);
        },
        refuse: (reason) => {
          settle();
          reject(reason as Error);
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** Lets the first in line go. */
  pass(turn: T): void {
    const [first] = this.#waiters;
    first?.pass(turn);
  }

  refuseAll(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.refuse(reason);
  }
}
