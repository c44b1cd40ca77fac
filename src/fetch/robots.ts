/** The robots.txt of every origin: fetched once a day over all processes, kept in the frontier, asked before each page. */
import type { Clock } from '../core/clock.ts';
import { TearsheetError, asTearsheetError } from '../core/errors.ts';
import type { Frontier, RobotsRecord, Validators } from '../core/frontier-ports.ts';
import type { Capture, Fetcher } from '../core/ports.ts';
import type { CaptureRef } from '../core/schema.ts';
import { parseUrl } from '../core/url.ts';
import { parseRobots, readablePart, type RobotsRules } from './robots-rules.ts';
import { SharedWork } from './shared-work.ts';

export interface RobotsBookOptions {
  /** Follows redirects, to other hosts too (RFC 9309 §2.3.1.2), and tries again after faults of a moment. */
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly frontier: Pick<Frontier, 'robots' | 'keepRobots'>;
  /** Keeps an answer with the captures; the answers are in no archive unless given. */
  readonly keepCapture?: (capture: Capture) => Promise<Pick<CaptureRef, 'recordId'>>;
  readonly clock: Clock;
  /** How long an answer is relied on; at most a day (RFC 9309 §2.4). */
  readonly maxAgeMs: number;
  /** The product token of our User-Agent, as publishers name it in their robots.txt. */
  readonly userAgentToken: string;
  /** A Crawl-delay beyond this is cut to it. */
  readonly maxCrawlDelayMs: number;
}

/** What robots.txt says of one address. */
export interface RobotsWord {
  readonly isAllowed: boolean;
  /** The line that decided, or why there was none; fits behind "expected robots.txt to allow it, got". */
  readonly why: string;
  /** 0 where none is asked for. */
  readonly crawlDelayMs: number;
  readonly sitemaps: readonly string[];
  /** Record that the answer in force is kept as. */
  readonly recordId: string | null;
  /** Given where all is forbidden only because robots.txt could not be read: when it is asked for again, ms since 1970. */
  readonly retryAt?: number;
}

const DAY_MS = 86_400_000;
/** Until a robots.txt that could not be read is asked for again. */
const RETRY_MS = 600_000;
/** Status of a record whose redirects lead to no answer, in circles or further than they are followed. No server sends it. */
const NO_END = 310;
/**
 * Text of the files that are held ready. A hostile file takes thirty times its length once it is read, an honest one has
 * two kilobytes: a thousand hosts.
 */
const MAX_HELD_CHARS = 2 * 1024 * 1024;
/** What a file without text counts as. */
const MIN_HELD_CHARS = 512;

interface Entry {
  readonly record: RobotsRecord;
  readonly rules: RobotsRules;
  /** When robots.txt is asked for again. */
  readonly until: number;
  /** What stood in the way, where this process saw it. */
  readonly fault?: string;
}

const isRead = ({ status }: Pick<RobotsRecord, 'status'>): boolean => status >= 200 && status < 300;
/** RFC 9309 §2.3.1.3: there is none. 429 asks to be left alone, which is more than that. */
const isNone = ({ status }: RobotsRecord): boolean =>
  status === NO_END || (status >= 400 && status < 500 && status !== 429);
/** RFC 9309 §2.3.1.4: nobody knows what it says. */
const isUnknown = (record: RobotsRecord): boolean => !isRead(record) && !isNone(record);

export class RobotsBook {
  readonly #options: RobotsBookOptions;
  readonly #maxAgeMs: number;
  readonly #retryMs: number;
  /** The one used longest ago comes first. */
  readonly #held = new Map<string, Entry>();
  #heldChars = 0;
  readonly #asking = new SharedWork<Entry>();

  constructor(options: RobotsBookOptions) {
    this.#options = options;
    this.#maxAgeMs = Math.min(options.maxAgeMs, DAY_MS);
    this.#retryMs = Math.min(RETRY_MS, this.#maxAgeMs);
  }

  /**
   * What the robots.txt of its origin says of an address. Whoever asks for the same origin meanwhile waits for the same
   * answer. Throws `E_URL_*`, `E_INTERRUPTED`, `E_FETCH_HOST_DOWN` (nothing was asked, and nothing is known), and what
   * frontier and `keepCapture` throw; any other fault of the fetch is an answer: all is forbidden.
   */
  async of(url: string, signal?: AbortSignal): Promise<RobotsWord> {
    const { origin, pathname, search } = parseUrl(url);
    const held = this.#held.get(origin);
    const isFresh = held !== undefined && this.#isFresh(held);
    const entry = isFresh ? held : await this.#asked(origin, signal);
    this.#hold(origin, entry);
    return this.#wordOf(entry, pathname + search);
  }

  async #asked(origin: string, signal: AbortSignal | undefined): Promise<Entry> {
    try {
      return await this.#asking.join(origin, (stop) => this.#renew(origin, stop), signal);
    } catch (cause) {
      if (!signal?.aborted || cause instanceof TearsheetError) throw cause;
      const message = `${origin}/robots.txt: expected to be read, got a stop signal; run again to read it`;
      throw new TearsheetError('E_INTERRUPTED', message, { cause });
    }
  }

  #isFresh({ record, until }: Entry): boolean {
    const now = this.#options.clock.now();
    // A clock that was set back must not keep a file in force for years.
    return now < until && record.fetchedAt <= now;
  }

  #hold(origin: string, entry: Entry): void {
    const weigh = ({ record: { text } }: Entry) => Math.max(text.length, MIN_HELD_CHARS);
    const drop = (name: string, known: Entry) => {
      this.#held.delete(name);
      this.#heldChars -= weigh(known);
    };
    const before = this.#held.get(origin);
    if (before !== undefined) drop(origin, before);
    this.#held.set(origin, entry);
    this.#heldChars += weigh(entry);
    for (const [name, known] of this.#held) {
      if (this.#heldChars <= MAX_HELD_CHARS || name === origin) break;
      drop(name, known);
    }
  }

  /** The record that another process or an earlier run left, where it still holds; else a new answer. */
  async #renew(origin: string, signal: AbortSignal): Promise<Entry> {
    const known = await this.#options.frontier.robots(origin);
    const kept = known && this.#entryOf(known);
    if (kept && this.#isFresh(kept)) return kept;
    const answered = await this.#ask(origin, known, signal);
    const now = this.#options.clock.now();
    const ageMs = known === null ? Infinity : now - known.fetchedAt;
    if (known && !isUnknown(known) && isUnknown(answered.record) && ageMs >= 0 && ageMs < DAY_MS) {
      return { ...this.#entryOf(known), until: Math.min(now + this.#retryMs, known.fetchedAt + DAY_MS) };
    }
    await this.#options.frontier.keepRobots(answered.record);
    return answered;
  }

  /** However long it has been unknown, it forbids: RFC 9309 §2.3.1.4 would let a crawler go in after 30 days, and we do not. */
  #entryOf(record: RobotsRecord, fault?: string): Entry {
    const until = record.fetchedAt + (isUnknown(record) ? this.#retryMs : this.#maxAgeMs);
    const rules = parseRobots(isRead(record) ? record.text : '');
    return { record, rules, until, ...(fault !== undefined && { fault }) };
  }

  async #ask(origin: string, known: RobotsRecord | null, signal: AbortSignal): Promise<Entry> {
    const { fetcher, clock } = this.#options;
    const blank = { origin, text: '', validators: {}, recordId: null };
    const hasCopy = known !== null && isRead(known) && Object.keys(known.validators).length > 0;
    const url = `${origin}/robots.txt`;
    let capture: Capture;
    try {
      const request = { url, accepts: 'document', ...(hasCopy && { validators: known.validators }) } as const;
      capture = await fetcher.fetch(request, signal);
    } catch (thrown) {
      const { code, message } = asTearsheetError(thrown);
      if (!(thrown instanceof TearsheetError) || code === 'E_INTERRUPTED' || code === 'E_FETCH_HOST_DOWN') throw thrown;
      return this.#entryOf({ ...blank, fetchedAt: clock.now(), status: statusOf(thrown) }, message);
    }
    const fetchedAt = clock.now();
    if (capture.status === 304 && known !== null) {
      return this.#entryOf({ ...known, fetchedAt, validators: { ...known.validators, ...validatorsOf(capture) } });
    }
    const { status } = capture;
    const kept = await this.#options.keepCapture?.(capture);
    const answer = isRead({ status }) ? { text: readablePart(capture.text), validators: validatorsOf(capture) } : {};
    return this.#entryOf({ ...blank, fetchedAt, status, ...answer, recordId: kept?.recordId ?? null });
  }

  #wordOf({ record, rules, until, fault }: Entry, path: string): RobotsWord {
    const { userAgentToken, maxCrawlDelayMs } = this.#options;
    const { isAllowed, rule, crawlDelayMs: askedMs = 0, sitemaps } = rules.judge(userAgentToken, path);
    const { recordId, status } = record;
    const crawlDelayMs = Math.min(askedMs, maxCrawlDelayMs);
    const word = { crawlDelayMs, sitemaps, recordId };
    if (isUnknown(record) && path !== '/robots.txt') {
      const got = fault ?? (status === 0 ? 'no answer when it was asked for' : `status ${status}`);
      const why = `a robots.txt that could not be read (${got}), which forbids everything until it can be`;
      return { ...word, isAllowed: false, why, retryAt: until };
    }
    const cut =
      askedMs > crawlDelayMs ? `; its Crawl-delay of ${askedMs / 1000} s is cut to ${crawlDelayMs / 1000} s` : '';
    const none =
      status === NO_END ? 'no robots.txt, only redirects without an end' : `no robots.txt (status ${status})`;
    const silent = isRead(record) ? 'no rule against it' : none;
    return { ...word, isAllowed, why: (rule === undefined ? silent : `"${rule}"`) + cut };
  }
}

/** RFC 9309 §2.3.1.2 counts redirects without an end as "there is none". A picture or the like is an answer, and no rule. */
function statusOf({ code }: TearsheetError): number {
  if (code === 'E_FETCH_REDIRECTS') return NO_END;
  return code === 'E_FETCH_TYPE' ? 200 : 0;
}

function validatorsOf({ headers: { etag, 'last-modified': lastModified } }: Capture): Validators {
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}
