/** Pages of one source as they were kept, the newest first. */
import { matchesOn } from '../clean/index.ts';
import type { Match } from '../clean/index.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Outcome } from '../core/labels.ts';
import type { ArticleSummary } from '../core/ports.ts';
import type { CaptureRef } from '../core/schema.ts';
import type { Source } from '../core/sources.ts';
import { textOfStored } from '../visit.ts';
import type { ReadingSession } from '../wiring.ts';

/** One page on one day, and what each selector of the rules for that day picks on it. */
export interface CheckedPage {
  readonly url: string;
  /** UTC; unknown for a saved page of which nobody said it. */
  readonly at: string | undefined;
  readonly matches: readonly Match[];
}

/** At one of these looks the newest page with a body was the article; at others it may have been a wall in its place. */
const SHOWS_ARTICLE: ReadonlySet<Outcome> = new Set<Outcome>([
  'new',
  'changed',
  'unchanged',
  'not-modified',
  'variant',
]);

interface Kept {
  readonly url: string;
  readonly article: string;
  readonly capture: CaptureRef;
  /** When the page was last seen as it was captured. */
  readonly at: string;
}

const newestFirst = (a: Kept, b: Kept): number => (a.at < b.at ? 1 : -1);

export class KeptPages {
  /** Captures that could not be read. */
  readonly unreadable: string[] = [];
  readonly #session: ReadingSession;
  readonly #source: Source;
  #newest: Kept[] | undefined;

  constructor(session: ReadingSession, source: Source) {
    this.#session = session;
    this.#source = source;
  }

  /** The newest capture of each article, of at most `most` articles. */
  async *newest(most: number): AsyncGenerator<CheckedPage> {
    yield* this.#checked((await this.#listed()).slice(0, most));
  }

  /** Captures older than those: of articles not seen since, and of elder versions; at most `most`. */
  async *older(after: number, most: number): AsyncGenerator<CheckedPage> {
    const newest = await this.#listed();
    const seen = new Set(newest.map(({ capture }) => capture.recordId));
    const older = newest.slice(after);
    for (const { article, url } of newest) {
      for (const { snapshot } of await this.#session.snapshots.versions(article))
        if (!seen.has(snapshot.capture.recordId))
          older.push({ article, url, capture: snapshot.capture, at: snapshot.capture.date });
    }
    yield* this.#checked(older.toSorted(newestFirst).slice(0, most));
  }

  async #listed(): Promise<Kept[]> {
    if (this.#newest !== undefined) return this.#newest;
    const kept: Kept[] = [];
    for await (const summary of this.#session.snapshots.list()) {
      if (this.#session.sources.of(summary.url) !== this.#source) continue;
      const newest = await this.#newestOf(summary);
      if (newest !== undefined) kept.push(newest);
    }
    return (this.#newest = kept.toSorted(newestFirst));
  }

  async #newestOf({ article, url, versions }: ArticleSummary): Promise<Kept | undefined> {
    const { snapshots } = this.#session;
    const head = await snapshots.head(article);
    if (head?.capture !== undefined && SHOWS_ARTICLE.has(head.look.outcome))
      return { article, url, capture: head.capture, at: head.look.at };
    if (versions === 0) return undefined;
    const { capture } = (await snapshots.version(article, versions)).snapshot;
    return { article, url, capture, at: capture.date };
  }

  async *#checked(kept: readonly Kept[]): AsyncGenerator<CheckedPage> {
    for (const { url, capture, at } of kept) {
      try {
        const { text, contentType } = await textOfStored(await this.#session.captures.read(capture));
        if (contentType === 'text/plain') continue;
        yield { url, at, matches: matchesOn(text, this.#source, at) };
      } catch (thrown) {
        if (!(thrown instanceof TearsheetError)) throw thrown;
        this.unreadable.push(`${url} of ${at} (${thrown.code})`);
      }
    }
  }
}
