/** The bytes of a body as they come in: one growing buffer, since a piece may be a single byte and there may be millions. */
const FIRST_BYTES = 65_536;
/** A server's word for the length is believed up to here; beyond, memory is taken when bytes really come. */
const MAX_TRUSTED_BYTES = 1_048_576;

export class WireBody {
  readonly #maxBytes: number;
  #buffer: Buffer;
  #bytes = 0;

  /** @param announcedBytes Content-Length where the server gave one */
  constructor(maxBytes: number, announcedBytes: number | undefined) {
    this.#maxBytes = maxBytes;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(announcedBytes ?? FIRST_BYTES, MAX_TRUSTED_BYTES, maxBytes));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False, and nothing kept, where the piece would go over the limit. */
  add(piece: Uint8Array): boolean {
    const bytes = this.#bytes + piece.length;
    if (bytes > this.#maxBytes) return false;
    if (bytes > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(bytes, this.#buffer.length * 2), this.#maxBytes));
      grown.set(this.#buffer.subarray(0, this.#bytes));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#bytes);
    this.#bytes = bytes;
    return true;
  }

  /** What came, in memory of exactly its size. */
  whole(): Uint8Array {
    const { buffer } = this.#buffer;
    return this.#bytes === this.#buffer.length ? new Uint8Array(buffer) : new Uint8Array(buffer.slice(0, this.#bytes));
  }
}
