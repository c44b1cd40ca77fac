/**
 * A set of hashes that can be emptied and filled again: for comparing texts, of which a page has hundreds. A Set of numbers made anew
 * for each takes ten times as long.
 */
export class HashSet {
  size = 0;
  /** For each slot one more than the place in `#list` of the hash that took it, as long as its stamp is that of now. */
  #slots = new Int32Array(64);
  #stamps = new Int32Array(64);
  #list = new Int32Array(32);
  #stamp = 1;

  /** The hash that was added as the `n`th, from 0. */
  at(n: number): number {
    return this.#list[n] as number;
  }

  clear(): void {
    this.size = 0;
    this.#stamp++;
  }

  has(hash: number): boolean {
    return this.#stamps[this.#slotOf(hash)] === this.#stamp;
  }

  add(hash: number): void {
    const slot = this.#slotOf(hash);
    if (this.#stamps[slot] === this.#stamp) return;
    this.#stamps[slot] = this.#stamp;
    this.#list[this.size++] = hash;
    this.#slots[slot] = this.size;
    if (this.size === this.#list.length) this.#grow();
  }

  /** Where a hash stands, or the free slot where it would. */
  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#stamps[slot] === this.#stamp && this.#list[(this.#slots[slot] as number) - 1] !== hash)
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const slots = this.#slots.length * 2;
    const list = this.#list;
    this.#slots = new Int32Array(slots);
    this.#stamps = new Int32Array(slots);
    this.#list = new Int32Array(slots / 2);
    this.clear();
    for (const hash of list) this.add(hash);
  }
}
