/** Captures, snapshots and archives made for tests. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { ArchiveOptions } from '../../../src/archive/index.ts';
import { openArchive } from '../../../src/archive/index.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { instantOf } from '../../../src/core/clock.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type {
  ArticleHold,
  Capture,
  CaptureStore,
  HeaderLines,
  LookDraft,
  SnapshotStore,
} from '../../../src/core/ports.ts';
import type { CaptureRef, Change, Look, Reading, Snapshot } from '../../../src/core/schema.ts';

/** A clock that goes on by a second whenever it is asked, and sleeps no longer than a timer's tick. */
export class StepClock implements Clock {
  #now: number;
  constructor(start = Date.parse('2026-03-04T05:06:07.000Z')) {
    this.#now = start;
  }
  now(): number {
    this.#now += 1000;
    return this.#now;
  }
  add(ms: number): void {
    this.#now += ms;
  }
  async sleep(ms: number): Promise<void> {
    this.#now += ms;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** An empty folder, removed when the test is over. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tearsheet-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** The archive in `dir`, begun where there is none, and let go of when the test is over. */
export async function opened(dir: string, options: Partial<ArchiveOptions> = {}) {
  const archive = await openArchive({ dir, command: 'test', program: 'tearsheet/test', create: true, ...options });
  onTestFinished(() => archive.close());
  return archive;
}

export interface CaptureDraft {
  readonly url?: string;
  readonly body?: string;
  readonly status?: number;
  readonly at?: string;
  readonly gzip?: boolean;
  readonly headers?: HeaderLines;
}

export function pageCapture(draft: CaptureDraft = {}): Capture {
  const { url = 'http://news.example/a', status = 200, at = '2026-03-04T05:06:07.123Z', gzip = false } = draft;
  const body = Buffer.from(draft.body ?? '<p>One and all.</p>');
  const wireBody = status === 304 ? Buffer.alloc(0) : gzip ? gzipSync(body) : body;
  const headers: HeaderLines = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ...(gzip ? ([['Content-Encoding', 'gzip']] as const) : []),
    ...(draft.headers ?? []),
  ];
  const hop = {
    url,
    method: 'GET',
    requestHeaders: [['host', new URL(url).host] as const],
    status,
    statusText: status === 304 ? 'Not Modified' : 'OK',
    headers,
    wireBody,
    startedAt: at,
    remoteAddress: '127.0.0.1',
  } as const;
  return {
    url,
    finalUrl: url,
    hops: [hop],
    status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    contentType: 'text/html',
    body: status === 304 ? Buffer.alloc(0) : body,
    text: body.toString(),
    charset: { used: 'utf-8', declared: 'utf-8', how: 'header' },
    engine: 'http',
    startedAt: at,
    timings: { headersMs: 1, totalMs: 2 },
  };
}

const readingOf = (title: string): Reading => ({
  kind: 'article',
  title,
  titles: { h1: title },
  authors: [],
  tags: [],
  language: 'en',
  directives: [],
  images: [],
  foundIn: {},
  blocks: [],
});

export function snapshotOf(article: string, version: number, previous: string | null, capture: CaptureRef): Snapshot {
  return {
    schema: 1,
    article,
    url: capture.targetUri,
    version,
    previous,
    capture,
    reading: readingOf(`Version ${version}`),
    madeBy: { program: 'tearsheet/test', rules: sha256('rules'), config: sha256('config'), node: 'v20' },
  };
}

export const CHANGE: Change = {
  schema: 1,
  kinds: ['headline'],
  cause: 'publisher',
  edits: [{ kind: 'headline', before: 'A', after: 'B' }],
  relabelled: [],
  significance: 0.5,
  declared: {},
  stealth: true,
};

export interface Stores {
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
}
export const urlOf = (key: string): string => `http://${key.replace(':', '')}`;

/** One visit as the pipeline makes it: capture, version where the text is new, look. */
export async function visit(
  { snapshots, captures }: Stores,
  key: string,
  body: string,
  at = '2026-03-04T05:06:07.123Z',
): Promise<Look> {
  const head = await snapshots.head(key);
  const capture = pageCapture({
    url: urlOf(key),
    body,
    at,
    gzip: true,
    headers: [['ETag', `"${sha256(body).slice(0, 8)}"`]],
  });
  const ref = await captures.write(capture, head?.capture);
  return snapshots.hold(key, urlOf(key), (article) => writeDown(article, ref, at));
}

async function writeDown(article: ArticleHold, capture: CaptureRef, at: string): Promise<Look> {
  const latest = await article.latest();
  const isNew = latest?.snapshot.capture.decodedSha256 !== capture.decodedSha256;
  const version = (latest?.snapshot.version ?? 0) + (isNew ? 1 : 0);
  const kept = isNew
    ? await article.addVersion(
        snapshotOf(article.key, version, latest?.id ?? null, capture),
        latest === null ? undefined : CHANGE,
      )
    : latest;
  const outcome = version === 1 && isNew ? 'new' : isNew ? 'changed' : 'unchanged';
  const draft: LookDraft = { at, url: urlOf(article.key), outcome, capture, snapshot: kept?.id ?? '', version };
  return article.addLook(draft, { etag: `"${version}"` });
}

/** Every file below a folder, relative to it, with `/`. */
export async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

export const minutesLater = (at: string, minutes: number): string => instantOf(Date.parse(at) + minutes * 60_000);
