/**
 * What the rooms promise each other. No room imports another; `wiring.ts` puts the parts together behind these.
 */
import type { Validators } from './frontier-ports.ts';
import type { CaptureRef, Change, Charset, FileEntry, Head, Look, Snapshot, Tls } from './schema.ts';

export type { Hints, Target, TargetKind, Validators } from './frontier-ports.ts';

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** One request and its answer; a chain of redirects has several. */
export interface Hop {
  readonly url: string;
  readonly method: 'GET';
  readonly requestHeaders: HeaderLines;
  readonly status: number;
  readonly statusText: string;
  /** As received: names in their case, repeated lines repeated. */
  readonly headers: HeaderLines;
  /** After transfer-decoding, before content-decoding. */
  readonly wireBody: Uint8Array;
  /** UTC with milliseconds, when the request was sent. */
  readonly startedAt: string;
  /** IP address that answered, where there was a connection. */
  readonly remoteAddress?: string;
  readonly tls?: Tls;
}

/** What came back, as received, while in memory. */
export interface Capture {
  /** The URL that was asked for. */
  readonly url: string;
  /** The URL of the last hop. */
  readonly finalUrl: string;
  readonly hops: readonly Hop[];
  readonly status: number;
  /** The last hop's headers, names in lower case; of repeated names the values joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type without parameters, lower case; empty where the server gave none. */
  readonly contentType: string;
  /** After content-decoding. */
  readonly body: Uint8Array;
  /** `body` as text; empty where it is a gzip file, or no page and anything was asked for. */
  readonly text: string;
  readonly charset: Charset;
  readonly engine: 'http' | 'browser' | 'file';
  /** Pictures of the page: PNG, PDF. */
  readonly views?: readonly { readonly kind: 'screenshot' | 'pdf'; readonly body: Uint8Array }[];
  readonly startedAt: string;
  readonly timings: { readonly headersMs: number; readonly totalMs: number };
  readonly tls?: Tls;
}

export interface FetchRequest {
  readonly url: string;
  /** Sent as If-None-Match and If-Modified-Since; a 304 then comes back as a capture without a body. */
  readonly validators?: Validators;
  /** Ask caches on the way to step aside. */
  readonly fresh?: boolean;
  /**
   * What an answer may be: a `page` (HTML or plain text) unless given; a `document`, which is text, XML or JSON of any kind,
   * or that in a gzip file; or `any` bytes. The capture of a gzip file and of `any` has no `text`.
   */
  readonly accepts?: 'page' | 'document' | 'any';
  /** Asked before a redirect is followed; what it throws ends the fetch. */
  readonly mayFollow?: (url: string) => Promise<void>;
  /** `manual` gives a redirect as the capture; it is followed unless given. */
  readonly redirects?: 'follow' | 'manual';
  /** Sent with the first hop, in place of lines of ours by the same name. What frames a request, and who asks, stays ours. */
  readonly headers?: HeaderLines;
}
export interface Fetcher {
  /** Gives a capture for every answer that is what was asked for or says that there is none (2xx, 304, 4xx, 5xx); throws TearsheetError `E_FETCH_*` for the rest. */
  fetch(request: FetchRequest, signal?: AbortSignal): Promise<Capture>;
  close(): Promise<void>;
}

export interface RenderRequest {
  readonly url: string;
  /** The answer to the plain request: the browser is given it, so the page is not fetched twice. Fetched where there is none. */
  readonly capture?: Capture;
  /** A picture of the whole page; pictures in it are then fetched, too. */
  readonly screenshot?: boolean;
  readonly pdf?: boolean;
}
export interface Rendering {
  /** The document as it stood in the end, as HTML in UTF-8; its hops are those of the document's answer, the last one that the page had. */
  readonly capture: Capture;
  /** PNG, at most 16,000 pixels high. */
  readonly screenshot?: Uint8Array;
  readonly pdf?: Uint8Array;
  /** What was closed, blocked and left out, a line each. */
  readonly notes: readonly string[];
}
/** Shows pages in a browser that asks nothing of the network but through a `Fetcher`. */
export interface Renderer {
  /** Throws as `Fetcher.fetch` does, and `E_BROWSER_MISSING`, `E_BROWSER_FAILED`, `E_INTERRUPTED`. */
  render(request: RenderRequest, signal?: AbortSignal): Promise<Rendering>;
  /** Ends the browser, with what it has in hand. */
  close(): Promise<void>;
}

/** A stored capture read back: revisits are followed to the record that holds the body. */
export interface StoredCapture {
  readonly ref: CaptureRef;
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderLines;
  readonly wireBody: Uint8Array;
  readonly body: Uint8Array;
}

export interface CaptureStore {
  /**
   * Writes request and response records of every hop; durable when it resolves. A 304, or a payload equal to `previous`,
   * becomes a revisit record.
   */
  write(capture: Capture, previous?: CaptureRef): Promise<CaptureRef>;
  /** Throws `E_ARCHIVE_MISSING` where no record has that id, `E_ARCHIVE_DAMAGED` where its digest does not match. */
  read(ref: CaptureRef): Promise<StoredCapture>;
  /** Closes the files written by this run and gives them for the manifest. */
  seal(): Promise<FileEntry[]>;
}

/** What a look is before the store has given it its place in the chain. */
export type LookDraft = Omit<Look, 'schema' | 'seq' | 'run' | 'article' | 'prevLook'>;
export interface StoredSnapshot {
  readonly id: string;
  readonly path: string;
  readonly snapshot: Snapshot;
}
/** A version by name: what a look needs to know of it. */
export interface VersionRef {
  readonly id: string;
  readonly path: string;
  readonly version: number;
}
export interface ArticleSummary {
  readonly article: string;
  readonly url: string;
  readonly title: string;
  readonly host: string;
  readonly versions: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: 'live' | 'gone' | 'walled' | 'error' | 'unseen';
  /** Folder of the article, relative to the archive. */
  readonly path: string;
}

/** One article, held by this process alone while a visit is written down. */
export interface ArticleHold {
  readonly key: string;
  /** The last look and what it left for the next; null for an article never seen. */
  readonly head: Head | null;
  /** The newest version by name, which costs nothing; undefined where only reading it would tell. Null for none. */
  readonly newest: VersionRef | null | undefined;
  latest(): Promise<StoredSnapshot | null>;
  version(n: number): Promise<StoredSnapshot>;
  /**
   * Creates the next version exclusively; durable when it resolves. Throws `E_ARCHIVE_TAKEN` where another writer that
   * did not hold the article created it first: read `latest()` and compare again.
   */
  addVersion(snapshot: Snapshot, change?: Change): Promise<StoredSnapshot>;
  addLook(look: LookDraft, validators?: Validators): Promise<Look>;
}

export interface SnapshotStore {
  /** Runs `visit` while no other process on this archive can visit the same article. */
  hold<T>(key: string, url: string, visit: (article: ArticleHold) => Promise<T>): Promise<T>;
  /** The head of an article without holding it; null where it was never seen. */
  head(key: string): Promise<Head | null>;
  list(): AsyncIterable<ArticleSummary>;
  /** By full key, URL (any spelling that has the same canonical form), or the first hex digits of the folder's name. Throws `E_ARCHIVE_NO_ARTICLE`, `E_ARCHIVE_AMBIGUOUS`. */
  find(query: string): Promise<ArticleSummary>;
  version(key: string, n: number): Promise<StoredSnapshot>;
  versions(key: string): Promise<StoredSnapshot[]>;
  change(key: string, n: number): Promise<Change | null>;
  looks(key: string): Promise<Look[]>;
  /** Writes the run's manifest over everything the run made or grew, `others` included; gives the manifest's path. */
  seal(counts: Record<string, number>, others: FileEntry[], ended: 'finished' | 'interrupted'): Promise<string>;
}

export interface VerifyReport {
  readonly checked: {
    readonly files: number;
    readonly snapshots: number;
    readonly looks: number;
    readonly records: number;
    readonly manifests: number;
  };
  readonly problems: readonly { readonly path: string; readonly what: string }[];
  /** Facts that are no damage: files that no manifest has sealed yet, runs still open. */
  readonly notes: readonly string[];
}
