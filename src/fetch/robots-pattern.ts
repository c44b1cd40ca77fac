/** Paths of robots.txt and how they fit an address (RFC 9309 §2.2.2 and §2.2.3). */

/** What both sides spell alike from the start: unreserved and reserved characters of RFC 3986, but for `*`, `$` and `%`. */
const PLAIN = /^[\w.~:/?#[\]@!&'()+,;=-]*$/;
/** An escape, or a character that has to become one. A `%` that begins no escape stays as it is. */
const TO_SPELL = /%[0-9a-f]{2}|[^\w.~:/?#[\]@!&'()+,;=%-]+/gi;
/** Escapes of characters that RFC 3986 §3.4 lets a query hold either way. */
const EITHER_WAY_IN_QUERY = /%(?:3A|2F|3F|40)/g;

/**
 * One spelling for all of one meaning: escapes of unreserved characters undone, other escapes in upper case, and what
 * is neither reserved nor unreserved escaped octet by octet as UTF-8. `*` and `$`, special in a pattern, are escaped.
 */
function spelledAlike(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(TO_SPELL, (piece) => {
    if (piece[0] !== '%') return escaped(piece);
    const character = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : piece.toUpperCase();
  });
}

function escaped(text: string): string {
  const hex = Buffer.from(text, 'utf8').toString('hex').toUpperCase();
  return hex.replaceAll(/../g, '%$&');
}

/** From the first `?` on, `http://` and `http%3A%2F%2F` are one (the second row of the table in RFC 9309 §2.2.2). */
function withPlainQuery(path: string): string {
  const query = path.indexOf('?');
  if (query < 0) return path;
  const plain = path.slice(query).replace(EITHER_WAY_IN_QUERY, (escape) => decodeURIComponent(escape));
  return path.slice(0, query) + plain;
}

/** Path and query of an address, spelled as patterns are matched with. */
export class RobotsPath {
  readonly spelled: string;
  readonly withPlainQuery: string;

  /** @param pathWithQuery as a URL has it; empty means `/` */
  constructor(pathWithQuery: string) {
    this.spelled = spelledAlike(pathWithQuery === '' ? '/' : pathWithQuery);
    this.withPlainQuery = withPlainQuery(this.spelled);
  }
}

/** One path of an Allow or Disallow line. */
export class RobotsPattern {
  /** Octets once spelled: what "the most specific" is counted by. */
  readonly octets: number;
  /** True where a run may stand anywhere in the address, so that all of it must be looked through. */
  readonly hasStar: boolean;
  /** The runs between the stars. */
  readonly #runs: readonly string[];
  /** True where it ends in `$`: the address must end there too. */
  readonly #isAnchored: boolean;
  readonly #hasQuery: boolean;

  /** @param text as the line has it, trimmed; not empty */
  constructor(text: string) {
    this.#isAnchored = text.endsWith('$');
    const runs = (this.#isAnchored ? text.slice(0, -1) : text).split('*').map(spelledAlike);
    const stars = runs.length - 1;
    this.hasStar = stars > 0;
    this.octets = runs.reduce((sum, { length }) => sum + length, stars) + (this.#isAnchored ? 1 : 0);
    const spelled = runs.join('*');
    this.#hasQuery = spelled.includes('?');
    this.#runs = this.#hasQuery ? withPlainQuery(spelled).split('*') : runs;
  }

  /**
   * Takes time linear in path and pattern: each run is looked for from where the one before it ended, and the first place
   * is as good as any later one, so nothing is ever tried again.
   */
  fits(path: RobotsPath): boolean {
    const text = this.#hasQuery ? path.withPlainQuery : path.spelled;
    const last = this.#runs.length - 1;
    const [first = ''] = this.#runs;
    if (!text.startsWith(first)) return false;
    if (last === 0) return !this.#isAnchored || text.length === first.length;
    let at = first.length;
    for (let i = 1; i < last; i++) {
      const found = text.indexOf(this.#runs[i]!, at);
      if (found < 0) return false;
      at = found + this.#runs[i]!.length;
    }
    const end = this.#runs[last]!;
    return this.#isAnchored ? text.length - end.length >= at && text.endsWith(end) : text.includes(end, at);
  }
}
