import { describe, expect, test } from 'vitest';
import { sha256, spell } from '../../src/core/digest.ts';
import { TearsheetError } from '../../src/core/errors.ts';
import type { ArticleSource } from '../../src/core/identity.ts';
import type {
  ArticleHold,
  Capture,
  FetchRequest,
  LookDraft,
  StoredSnapshot,
  Validators,
} from '../../src/core/ports.ts';
import type { CaptureRef, Change, Head, Reading, Snapshot } from '../../src/core/schema.ts';
import { archiveUrl } from '../../src/pipeline.ts';
import type { Parts } from '../../src/visit.ts';
import { readingOf } from './commands/reading.ts';

const URL_ASKED = 'https://news.example/bridge-opens-today';
const body = [
  'The council opened the new harbour bridge on Tuesday morning, nine years after the first stone was laid.',
  'Mayor Ilse Brandt said that 3,200 cars had crossed within the first two hours of the day.',
];
const bridge = (texts = body, rest: Partial<Reading> = {}): Reading =>
  readingOf(
    texts.map((text) => ['paragraph', text] as const),
    rest,
  );

type Answer = Partial<Capture> & { readonly reading?: Reading; readonly throws?: Error };

/** An archive in memory for one article at a time, and a fetcher that answers in turn; `steps` says what was done, in order. */
class World {
  readonly steps: string[] = [];
  readonly requests: FetchRequest[] = [];
  readonly versions: { snapshot: Snapshot; change: Change | undefined }[] = [];
  readonly looks: { key: string; look: LookDraft; validators: Validators | undefined }[] = [];
  readonly previous: (CaptureRef | undefined)[] = [];
  head: Head | null = null;
  /** Heads of single articles, by key. */
  readonly heads = new Map<string, Head>();
  source: ArticleSource | undefined;
  robots: Parts['robots'];
  /** Called once, just before the next version is written: somebody else may come first. */
  meanwhile: (() => void) | undefined;
  againNote: string | undefined;
  brokenCleaner = false;
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  visit(url = URL_ASKED, signal?: AbortSignal) {
    return archiveUrl(this.#parts(), { url, foundBy: 'command', foundAt: '2026-01-01T00:00:00.000Z' }, signal);
  }

  keep(reading: Reading, decodedSha256 = sha256('elder bytes')): void {
    const { stored } = this.#latest();
    this.versions.push({
      snapshot: {
        schema: 1,
        article: 'news.example:/bridge-opens-today',
        url: URL_ASKED,
        version: this.versions.length + 1,
        previous: stored?.id ?? null,
        capture: { ...refOf(captureOf({})), decodedSha256 },
        reading,
        madeBy: { program: 'p', rules: sha256('r'), config: sha256('c'), node: '20' },
      },
      change: undefined,
    });
  }

  #latest(): { stored: StoredSnapshot | null } {
    const snapshot = this.versions.at(-1)?.snapshot;
    return {
      stored:
        snapshot === undefined ? null : { id: sha256(spell(snapshot)), path: `v${snapshot.version}.json`, snapshot },
    };
  }

  #parts(): Parts {
    let current: Answer = {};
    return {
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      madeBy: ({ url, fetchedAt }) => ({
        program: 'p',
        rules: sha256(`${url} ${fetchedAt}`),
        config: sha256('c'),
        node: '20',
      }),
      sourceOf: (url) => (new URL(url).hostname.endsWith('news.example') ? this.source : undefined),
      words: { negations: {}, nounCapitals: [] },
      fetcher: {
        fetch: (request) => {
          this.requests.push(request);
          current = this.#answers.shift() ?? {};
          return current.throws
            ? Promise.reject(current.throws)
            : Promise.resolve(captureOf({ ...current, url: request.url }));
        },
      },
      captures: {
        write: (capture, previous) => {
          this.steps.push('capture');
          this.previous.push(previous);
          return Promise.resolve(refOf(capture));
        },
      },
      snapshots: this.#snapshots(),
      ...(this.robots && { robots: this.robots }),
      read: () =>
        this.brokenCleaner
          ? Promise.reject(new RangeError('Maximum call stack size exceeded'))
          : Promise.resolve(current.reading ?? bridge()),
      readAgain: (kept) =>
        Promise.resolve({
          reading: kept.snapshot.reading,
          ...(this.againNote !== undefined && { note: this.againNote }),
        }),
    };
  }

  #snapshots(): Parts['snapshots'] {
    return {
      head: (key) => Promise.resolve(this.heads.get(key) ?? this.head),
      hold: (key, _url, visit) => visit(this.#hold(key)),
    };
  }

  #hold(key: string): ArticleHold {
    return {
      key,
      head: this.head,
      newest: undefined,
      latest: () => Promise.resolve(this.#latest().stored),
      version: () => Promise.reject(new Error('not asked here')),
      addVersion: (snapshot, change) => {
        const meanwhile = this.meanwhile;
        this.meanwhile = undefined;
        meanwhile?.();
        if (snapshot.version <= this.versions.length)
          return Promise.reject(new TearsheetError('E_ARCHIVE_TAKEN', 'taken'));
        this.steps.push('snapshot');
        this.versions.push({ snapshot, change });
        return Promise.resolve(this.#latest().stored as StoredSnapshot);
      },
      addLook: (look, validators) => {
        this.steps.push('look');
        this.looks.push({ key, look, validators });
        return Promise.resolve({ ...look, schema: 1, seq: 1, run: 'r', article: key, prevLook: null });
      },
    };
  }
}

const captureOf = (given: Answer): Capture => ({
  url: URL_ASKED,
  finalUrl: given.url ?? URL_ASKED,
  hops: [],
  status: 200,
  headers: {},
  contentType: 'text/html',
  body: Buffer.from('bytes'),
  text: 'bytes',
  charset: { used: 'utf-8', how: 'header' },
  engine: 'http',
  startedAt: '2026-01-01T00:00:00.000Z',
  timings: { headersMs: 1, totalMs: 1 },
  ...given,
});
const refOf = ({ status, body: bytes, finalUrl }: Capture): CaptureRef => ({
  recordId: '<urn:uuid:1>',
  targetUri: finalUrl,
  date: '2026-01-01T00:00:00.000Z',
  payloadDigest: sha256(bytes),
  decodedSha256: sha256(bytes),
  status,
  engine: 'http',
});

describe('archiveUrl', () => {
  test('writes the capture first, then the snapshot, then the look', async () => {
    const world = new World({});
    const visit = await world.visit();
    expect(world.steps).toEqual(['capture', 'snapshot', 'look']);
    expect(visit).toMatchObject({
      outcome: 'new',
      article: 'news.example:/bridge-opens-today',
      kept: { snapshot: { version: 1, previous: null } },
    });
    expect(world.looks[0]?.look).toMatchObject({ outcome: 'new', version: 1, snapshot: visit.kept?.id });
  });

  test('mints no version where nothing changed, and says which one was met', async () => {
    const world = new World({});
    world.keep(bridge());
    expect(await world.visit()).toMatchObject({ outcome: 'unchanged', kept: { snapshot: { version: 1 } } });
    expect(world.steps).toEqual(['capture', 'look']);
    expect(world.looks[0]?.look).toMatchObject({ outcome: 'unchanged', version: 1 });
  });

  test('mints the next version where the publisher changed the text, chained to the one before', async () => {
    const world = new World({ reading: bridge([body[0] as string, (body[1] as string).replace('3,200', '2,300')]) });
    world.keep(bridge());
    const visit = await world.visit();
    expect(visit).toMatchObject({ outcome: 'changed', change: { kinds: ['paragraph-reworded'] } });
    expect(world.versions[1]).toMatchObject({
      snapshot: { version: 2, previous: sha256(spell(world.versions[0]?.snapshot)) },
      change: { cause: 'publisher' },
    });
  });

  test('compares again where another writer took the version: never two of one, never one lost', async () => {
    const edited = bridge([body[0] as string, (body[1] as string).replace('3,200', '2,300')]);
    const world = new World({ reading: edited });
    world.meanwhile = () => world.keep(bridge());
    expect(await world.visit()).toMatchObject({ outcome: 'changed', kept: { snapshot: { version: 2 } } });
    expect(world.looks).toHaveLength(1);
    const same = new World({ reading: edited });
    same.meanwhile = () => same.keep(edited);
    expect(await same.visit()).toMatchObject({ outcome: 'unchanged', kept: { snapshot: { version: 1 } } });
    expect(same.versions).toHaveLength(1);
  });

  test('holds redirects to robots.txt where that is binding, and asks for nothing that it forbids', async () => {
    const world = new World({ reading: bridge() }, { reading: bridge() });
    const robots = {
      isBinding: true,
      of: async (url: string) => ({ isAllowed: !url.includes('/private/'), why: '"Disallow: /private/"' }),
    };
    world.robots = robots;
    expect((await world.visit()).outcome).toBe('new');
    const { mayFollow } = world.requests[0]!;
    await expect(mayFollow?.('https://news.example/open')).resolves.toBeUndefined();
    await expect(mayFollow?.('https://news.example/private/1')).rejects.toMatchObject({ code: 'E_FETCH_ROBOTS' });
    const forbidden = await world.visit('https://news.example/private/minutes-of-the-council');
    expect(forbidden).toMatchObject({ outcome: 'robots', error: { code: 'E_FETCH_ROBOTS' } });
    expect(world.requests).toHaveLength(1);
    world.robots = { ...robots, isBinding: false };
    await world.visit();
    expect(world.requests[1]).not.toHaveProperty('mayFollow');
  });

  test('sends the validators of the last answer and takes a 304 for what it says', async () => {
    const world = new World({ status: 304, body: Buffer.from('') });
    world.keep(bridge());
    const capture = refOf(captureOf({}));
    world.head = { validators: { etag: '"1"' }, capture } as unknown as Head;
    expect(await world.visit()).toMatchObject({ outcome: 'not-modified', kept: { snapshot: { version: 1 } } });
    expect(world.requests).toEqual([{ url: URL_ASKED, validators: { etag: '"1"' } }]);
    expect(world.previous).toEqual([capture]);
  });

  test('keeps the validators of the article, and none of a wall or an error that stands in its place', async () => {
    const headers = { etag: '"2"', 'last-modified': 'Tue, 03 Mar 2026 09:30:00 GMT' };
    const shown = new World({ headers });
    await shown.visit();
    expect(shown.looks[0]?.validators).toEqual({ etag: '"2"', lastModified: 'Tue, 03 Mar 2026 09:30:00 GMT' });
    for (const answer of [
      { headers, reading: bridge(body, { kind: 'login' }) },
      { headers, status: 503 },
    ]) {
      const world = new World(answer);
      await world.visit();
      expect(world.looks[0]?.validators).toBeUndefined();
    }
  });

  test.each([
    ['gone', { status: 410 }, 'E_PAGE_GONE'],
    ['walled', { status: 403 }, 'E_PAGE_WALLED'],
    ['walled', { reading: bridge(body, { kind: 'login' }), finalUrl: 'https://news.example/login' }, 'E_PAGE_WALLED'],
    ['soft-404', { reading: bridge(body, { kind: 'soft-404' }) }, 'E_PAGE_GONE'],
    ['soft-404', { finalUrl: 'https://news.example/' }, 'E_PAGE_GONE'],
    ['error', { status: 503 }, 'E_FETCH_STATUS'],
    ['error', { reading: bridge([], { kind: 'empty', title: '' }) }, 'E_FETCH_EMPTY'],
  ] as const)(
    '%s never replaces a version, and is a look at the article that was asked for: %o',
    async (outcome, answer, code) => {
      const world = new World(answer);
      world.keep(bridge());
      const visit = await world.visit();
      expect(visit).toMatchObject({
        outcome,
        error: { code },
        article: 'news.example:/bridge-opens-today',
        kept: { snapshot: { version: 1 } },
      });
      expect(world.steps).toEqual(['capture', 'look']);
      expect(world.looks[0]).toMatchObject({
        key: 'news.example:/bridge-opens-today',
        look: { outcome, error: code, capture: { recordId: '<urn:uuid:1>' } },
      });
      expect(world.looks[0]?.look.version).toBeUndefined();
    },
  );

  test('a page that could not be fetched is a look too, without a capture', async () => {
    const world = new World({ throws: new TearsheetError('E_FETCH_DNS', 'no such host') });
    expect(await world.visit()).toMatchObject({
      outcome: 'error',
      error: { code: 'E_FETCH_DNS', message: 'no such host' },
    });
    expect(world.looks[0]?.look).toMatchObject({ outcome: 'error', error: 'E_FETCH_DNS', capture: null });
  });

  test('a page that breaks the cleaner keeps its capture', async () => {
    const world = new World({});
    world.brokenCleaner = true;
    expect(await world.visit()).toMatchObject({ outcome: 'error', error: { code: 'E_CLEAN_FAILED' } });
    expect(world.looks[0]?.look).toMatchObject({ error: 'E_CLEAN_FAILED', capture: { status: 200 } });
  });

  test('an interruption is no look: nothing is known of the page', async () => {
    const world = new World({ throws: new TearsheetError('E_INTERRUPTED', 'stopped') });
    await expect(world.visit()).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
    expect(world.looks).toEqual([]);
  });

  test("follows the page's own claim of its address within its site and never beyond", async () => {
    const claimed = new World({
      reading: bridge(body, { canonicalUrl: 'https://news.example/2026/bridge-opens-today' }),
    });
    expect(await claimed.visit()).toMatchObject({ article: 'news.example:/2026/bridge-opens-today' });
    const stolen = new World({ reading: bridge(body, { canonicalUrl: 'https://other.example/their-big-story-1' }) });
    expect(await stolen.visit()).toMatchObject({ article: 'news.example:/bridge-opens-today' });
  });

  test("files an article under its publisher's own id, where its source has a pattern for ids", async () => {
    const source = { name: 'daily', home: 'https://news.example/', articleId: '-(\\d{4,})' };
    const moved = new World({ finalUrl: 'https://news.example/town/the-bridge-opens-today-1234' });
    moved.source = source;
    expect(await moved.visit('https://news.example/short/1-1234')).toMatchObject({ article: 'daily:1234' });
    const known = new World({ status: 304, body: Buffer.from('') });
    known.source = source;
    known.keep(bridge());
    known.heads.set('daily:1234', { validators: { etag: '"1"' }, capture: refOf(captureOf({})) } as unknown as Head);
    expect(await known.visit('https://news.example/short/1-1234')).toMatchObject({
      outcome: 'not-modified',
      article: 'daily:1234',
    });
    expect(known.requests[0]?.validators).toEqual({ etag: '"1"' });
    const strayed = new World({ finalUrl: 'https://other.example/the-bridge-opens-today-1234' });
    strayed.source = source;
    expect(await strayed.visit()).toMatchObject({ article: 'other.example:/the-bridge-opens-today-1234' });
  });

  test('leaves an article where it is that was kept before its source had a pattern', async () => {
    const url = 'https://news.example/town/the-bridge-opens-today-1234';
    const known = { validators: { etag: '"1"' } } as unknown as Head;
    const world = new World({});
    world.source = { name: 'daily', home: 'https://news.example/', articleId: '-(\\d{4,})' };
    world.heads.set('news.example:/town/the-bridge-opens-today-1234', known);
    expect(await world.visit(url)).toMatchObject({ article: 'news.example:/town/the-bridge-opens-today-1234' });
    expect(world.requests).toEqual([{ url, validators: { etag: '"1"' } }]);
    world.heads.set('daily:1234', {} as Head);
    expect(await world.visit(url)).toMatchObject({ article: 'daily:1234' });
  });

  test('states the rules of the page and of the moment when it was fetched', async () => {
    const world = new World({ finalUrl: 'https://news.example/town/the-bridge-opens-today-1234' });
    const { kept } = await world.visit();
    const rules = sha256('https://news.example/town/the-bridge-opens-today-1234 2026-01-01T00:00:00.000Z');
    expect(kept?.snapshot.madeBy.rules).toBe(rules);
  });

  test('follows a redirect to the article', async () => {
    const moved = new World({ finalUrl: 'https://news.example/town/the-bridge-opens-today-1234' });
    expect(await moved.visit()).toMatchObject({ article: 'news.example:/town/the-bridge-opens-today-1234' });
  });

  test('notes on the look what our own new rules read otherwise, and mints nothing of it', async () => {
    const world = new World({});
    world.keep(bridge());
    world.againNote = "v1 by today's rules: no edit; 2 sentences read otherwise by the cleaner";
    expect(await world.visit()).toMatchObject({ outcome: 'unchanged' });
    expect(world.looks[0]?.look.note).toContain('2 sentences read otherwise by the cleaner');
  });

  test('keeps what page and server say that robots may do, from both places', async () => {
    const world = new World({
      headers: { 'x-robots-tag': 'NoArchive, noindex' },
      reading: bridge(body, { directives: ['noarchive', 'nosnippet'] }),
    });
    await world.visit();
    expect(world.looks[0]?.look.robots).toEqual({ directives: ['noarchive', 'noindex', 'nosnippet'] });
  });
});
