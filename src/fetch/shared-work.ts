/** Work that several wait for and that is done once. */

interface Shared<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work by key. Each waiter leaves by its own signal; the work is stopped when the last of them has left. */
export class SharedWork<T> {
  readonly #underWay = new Map<string, Shared<T>>();

  /** The result of the work under way for `key`, or of `work`, begun now. Rejects as it does, and with the signal's reason. */
  join(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const shared = this.#underWay.get(key) ?? this.#begin(key, work);
    shared.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal?.reason as Error);
        shared.waiting -= 1;
        if (shared.waiting > 0) return;
        // Nobody may join what is being stopped.
        this.#forget(key, shared);
        shared.stop.abort(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      const settle = () => signal?.removeEventListener('abort', leave);
      shared.result.then(resolve, reject).finally(settle);
    });
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Shared<T> {
    const stop = new AbortController();
    const shared: Shared<T> = { result: work(stop.signal), stop, waiting: 0 };
    this.#underWay.set(key, shared);
    const forget = () => this.#forget(key, shared);
    shared.result.then(forget, forget);
    return shared;
  }

  #forget(key: string, shared: Shared<T>): void {
    if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
  }
}
