import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { RobotsRecord } from '../../../src/core/frontier-ports.ts';
import type { Capture, FetchRequest } from '../../../src/core/ports.ts';
import { RobotsBook, type RobotsBookOptions } from '../../../src/fetch/robots.ts';
import { code, fetcher, handClock, served, sleeplessClock } from './loopback.ts';

const ORIGIN = 'http://press.test';
const PAGE = `${ORIGIN}/news/1`;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const RULES = 'User-agent: *\nDisallow: /private/\nCrawl-delay: 3\nSitemap: https://press.test/s.xml\n';

type Answer = { status: number; text?: string; headers?: Record<string, string> } | Error;
const captureOf = (url: string, { status, text = '', headers = {} }: Exclude<Answer, Error>): Capture =>
  ({ url, status, text, headers }) as Capture;

/** A book whose fetcher gives these answers in turn, the last one for good. */
function bookOf(answers: Answer[], overrides: Partial<RobotsBookOptions> = {}) {
  const clock = handClock();
  const asked: FetchRequest[] = [];
  const kept = new Map<string, RobotsRecord>();
  const captures: Capture[] = [];
  const frontier = {
    robots: async (origin: string) => kept.get(origin) ?? null,
    keepRobots: async (record: RobotsRecord) => void kept.set(record.origin, record),
  };
  const options: RobotsBookOptions = {
    fetcher: {
      fetch: async (request) => {
        asked.push(request);
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
        if (answer instanceof Error) throw answer;
        return captureOf(request.url, answer);
      },
    },
    frontier,
    keepCapture: async (capture) => {
      captures.push(capture);
      return { recordId: `urn:record:${captures.length}` };
    },
    clock,
    maxAgeMs: DAY_MS,
    userAgentToken: 'tearsheet',
    maxCrawlDelayMs: 300_000,
    ...overrides,
  };
  const book = new RobotsBook(options);
  /** A second process on the same frontier. */
  const another = () => new RobotsBook(options);
  return { book, another, clock, asked, kept, captures, options, record: () => kept.get(ORIGIN) };
}
const fault = (name: TearsheetError['code']) => new TearsheetError(name, 'press.test: expected an answer, got none');

describe('RobotsBook: what it says', () => {
  it('gives the word of the rule that decides, with what else the file says', async () => {
    const { book, asked } = bookOf([{ status: 200, text: RULES }]);
    const sitemaps = ['https://press.test/s.xml'];
    expect(await book.of(`${ORIGIN}/private/1?a=b#c`)).toEqual({
      isAllowed: false,
      why: '"Disallow: /private/"',
      crawlDelayMs: 3_000,
      sitemaps,
      recordId: 'urn:record:1',
    });
    expect(await book.of(PAGE)).toMatchObject({ isAllowed: true, why: 'no rule against it', sitemaps });
    expect(asked).toEqual([{ url: `${ORIGIN}/robots.txt`, accepts: 'document' }]);
  });

  it('judges path and query', async () => {
    const { book } = bookOf([{ status: 200, text: 'User-agent: *\nDisallow: /*?print=' }]);
    expect((await book.of(`${PAGE}?print=1`)).isAllowed).toBe(false);
    expect((await book.of(PAGE)).isAllowed).toBe(true);
  });

  it('cuts a Crawl-delay beyond the longest and tells so', async () => {
    const text = 'User-agent: *\nCrawl-delay: 900.5\nDisallow: /private/';
    const { book } = bookOf([{ status: 200, text }]);
    expect(await book.of(PAGE)).toMatchObject({
      crawlDelayMs: 300_000,
      why: 'no rule against it; its Crawl-delay of 900.5 s is cut to 300 s',
    });
  });

  it.each([400, 401, 403, 404, 410, 451])('takes status %i for no robots.txt', async (status) => {
    const { book, record } = bookOf([{ status, text: 'User-agent: *\nDisallow: /' }]);
    expect(await book.of(PAGE)).toMatchObject({
      isAllowed: true,
      why: `no robots.txt (status ${status})`,
      crawlDelayMs: 0,
      recordId: 'urn:record:1',
    });
    expect(record()).toMatchObject({ status, text: '' });
  });

  it('takes redirects without an end for no robots.txt, and a picture for one without rules', async () => {
    const endless = bookOf([fault('E_FETCH_REDIRECTS')]);
    expect(await endless.book.of(PAGE)).toMatchObject({
      isAllowed: true,
      why: 'no robots.txt, only redirects without an end',
    });
    const picture = bookOf([fault('E_FETCH_TYPE')]);
    expect(await picture.book.of(PAGE)).toMatchObject({ isAllowed: true, why: 'no rule against it', recordId: null });
  });

  it.each([
    ['status 429', { status: 429 }],
    ['status 500', { status: 500 }],
    ['status 503', { status: 503, text: 'User-agent: *\nAllow: /' }],
    ['press.test: expected an answer, got none', fault('E_FETCH_CONNECT')],
    ['press.test: expected an answer, got none', fault('E_FETCH_DNS')],
    ['press.test: expected an answer, got none', fault('E_FETCH_TIMEOUT')],
    ['press.test: expected an answer, got none', fault('E_FETCH_ADDRESS')],
    ['press.test: expected an answer, got none', fault('E_FETCH_TOO_LARGE')],
  ] as const)('forbids all where it could not be read: %s', async (got, answer) => {
    const { book, clock } = bookOf([answer]);
    const retryAt = clock.now() + 10 * MINUTE_MS;
    expect(await book.of(PAGE)).toMatchObject({
      isAllowed: false,
      why: `a robots.txt that could not be read (${got}), which forbids everything until it can be`,
      retryAt,
    });
    expect(await book.of(`${ORIGIN}/robots.txt`)).toMatchObject({ isAllowed: true });
  });

  it('keeps the answer with the captures, and needs nobody who does', async () => {
    const { book, captures, record, options } = bookOf([{ status: 200, text: RULES }]);
    await book.of(PAGE);
    expect(captures).toMatchObject([{ url: `${ORIGIN}/robots.txt`, status: 200 }]);
    expect(record()).toMatchObject({ recordId: 'urn:record:1', text: RULES });
    const { keepCapture: _none, ...bare } = options;
    const alone = new RobotsBook({ ...bare, frontier: { ...bare.frontier, robots: async () => null } });
    expect(await alone.of(PAGE)).toMatchObject({ isAllowed: true, recordId: null });
  });

  it.each([
    ['not a url', 'E_URL_INVALID'],
    ['file:///etc/passwd', 'E_URL_SCHEME'],
  ])('has no word on "%s"', async (url, expected) => {
    await expect(bookOf([{ status: 200 }]).book.of(url)).rejects.toThrow(code(expected));
  });
});

describe('RobotsBook: when it asks', () => {
  it('asks once a day for each origin, over all processes', async () => {
    const { book, another, clock, asked } = bookOf([{ status: 200, text: RULES }]);
    await book.of(PAGE);
    await clock.advance(DAY_MS - 1);
    await book.of(PAGE);
    expect(await another().of(`${ORIGIN}/private/`)).toMatchObject({ isAllowed: false, recordId: 'urn:record:1' });
    expect(asked).toHaveLength(1);
    await another().of('https://press.test/news/1');
    await another().of('http://press.test:8080/news/1');
    expect(asked.map(({ url }) => url).slice(1)).toEqual([
      'https://press.test/robots.txt',
      'http://press.test:8080/robots.txt',
    ]);
    await clock.advance(1);
    await book.of(PAGE);
    await another().of(PAGE);
    expect(asked).toHaveLength(4);
  });

  it('never relies on one for more than a day, whatever the setting', async () => {
    const { book, clock, asked } = bookOf([{ status: 404 }], { maxAgeMs: 9 * DAY_MS });
    await book.of(PAGE);
    await clock.advance(DAY_MS);
    await book.of(PAGE);
    expect(asked).toHaveLength(2);
  });

  it('asks again where the record is of a time to come: the clock was set back', async () => {
    const { another, book, clock, asked, record, kept } = bookOf([{ status: 200, text: RULES }]);
    await book.of(PAGE);
    kept.set(ORIGIN, { ...record()!, fetchedAt: clock.now() + 1 });
    await another().of(PAGE);
    expect(asked).toHaveLength(2);
  });

  it('asks once for all who want to know at the same time', async () => {
    const { book, asked } = bookOf([{ status: 200, text: RULES }]);
    const words = await Promise.all(Array.from({ length: 50 }, (_, i) => book.of(`${ORIGIN}/${i}`)));
    expect(words.every(({ isAllowed }) => isAllowed)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('asks again ten minutes after it could not be read, by any process', async () => {
    const { book, another, clock, asked } = bookOf([
      fault('E_FETCH_CONNECT'),
      { status: 503 },
      { status: 200, text: RULES },
    ]);
    expect((await book.of(PAGE)).isAllowed).toBe(false);
    await clock.advance(10 * MINUTE_MS - 1);
    expect((await book.of(PAGE)).isAllowed).toBe(false);
    expect((await another().of(PAGE)).why).toContain('(no answer when it was asked for)');
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect((await book.of(PAGE)).why).toContain('(status 503)');
    await clock.advance(10 * MINUTE_MS);
    expect((await another().of(PAGE)).isAllowed).toBe(true);
    expect((await another().of(PAGE)).isAllowed).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('goes on forbidding after thirty days without an answer', async () => {
    const { book, clock } = bookOf([{ status: 500 }]);
    for (let day = 0; day <= 31; day++) {
      expect((await book.of(PAGE)).isAllowed).toBe(false);
      await clock.advance(DAY_MS);
    }
  });

  it('lets the last good copy stand for the rest of its day where a new one cannot be had', async () => {
    const down = { status: 503 };
    const { book, clock, asked, record } = bookOf([{ status: 200, text: RULES }, down, down, down], {
      maxAgeMs: 23 * HOUR_MS,
    });
    await book.of(PAGE);
    const first = record();
    await clock.advance(23 * HOUR_MS);
    expect(await book.of(PAGE)).toMatchObject({ isAllowed: true, recordId: 'urn:record:1' });
    expect(await book.of(`${ORIGIN}/private/`)).toMatchObject({ isAllowed: false, why: '"Disallow: /private/"' });
    expect([asked.length, record()]).toEqual([2, first]);
    await clock.advance(10 * MINUTE_MS);
    expect((await book.of(PAGE)).isAllowed).toBe(true);
    expect(asked).toHaveLength(3);
    await clock.advance(50 * MINUTE_MS);
    expect(await book.of(PAGE)).toMatchObject({ isAllowed: false, retryAt: clock.now() + 10 * MINUTE_MS });
  });

  it('has "there is none" stand too, and nothing that was unknown itself', async () => {
    const { book, clock } = bookOf([{ status: 404 }, { status: 503 }], { maxAgeMs: HOUR_MS });
    await book.of(PAGE);
    await clock.advance(HOUR_MS);
    expect((await book.of(PAGE)).isAllowed).toBe(true);
    const unknown = bookOf([{ status: 503 }, { status: 500 }], { maxAgeMs: HOUR_MS });
    await unknown.book.of(PAGE);
    await unknown.clock.advance(HOUR_MS);
    expect((await unknown.book.of(PAGE)).why).toContain('status 500');
  });
});

describe('RobotsBook: conditional requests', () => {
  const validators = { etag: '"v1"', lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' };
  const headers = { etag: validators.etag, 'last-modified': validators.lastModified };

  it('sends what the last answer left, and a 304 renews it for a day', async () => {
    const { book, another, clock, asked, captures, record } = bookOf([
      { status: 200, text: RULES, headers },
      { status: 304, headers: { etag: '"v2"' } },
    ]);
    await book.of(PAGE);
    await clock.advance(DAY_MS);
    expect(await book.of(`${ORIGIN}/private/`)).toMatchObject({ isAllowed: false, recordId: 'urn:record:1' });
    expect(asked[1]).toEqual({ url: `${ORIGIN}/robots.txt`, accepts: 'document', validators });
    expect(captures).toHaveLength(1);
    expect(record()).toMatchObject({
      status: 200,
      text: RULES,
      fetchedAt: clock.now(),
      validators: { ...validators, etag: '"v2"' },
    });
    await clock.advance(DAY_MS - 1);
    await another().of(PAGE);
    expect(asked).toHaveLength(2);
  });

  it('sends none where the last answer was no file', async () => {
    const { book, clock, asked } = bookOf([
      { status: 404, headers },
      { status: 200, text: RULES },
    ]);
    await book.of(PAGE);
    await clock.advance(DAY_MS);
    await book.of(PAGE);
    expect(asked[1]).not.toHaveProperty('validators');
  });
});

describe('RobotsBook: stops and faults', () => {
  it.each(['E_FETCH_HOST_DOWN', 'E_INTERRUPTED'] as const)('passes %s on and writes nothing down', async (name) => {
    const { book, kept, asked } = bookOf([fault(name), { status: 200, text: RULES }]);
    await expect(book.of(PAGE)).rejects.toThrow(code(name));
    expect(kept.size).toBe(0);
    expect((await book.of(PAGE)).isAllowed).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('passes on what is a fault of ours', async () => {
    await expect(bookOf([new RangeError('bug')]).book.of(PAGE)).rejects.toThrow('bug');
    const full = new TearsheetError('E_ARCHIVE_DISK_FULL', 'no space');
    const { book } = bookOf([{ status: 200 }], { keepCapture: () => Promise.reject(full) });
    await expect(book.of(PAGE)).rejects.toBe(full);
  });

  /** A fetch that hangs until its signal fires or it is let go. */
  function hanging() {
    const signals: AbortSignal[] = [];
    let answer: ((capture: Capture) => void) | undefined;
    const hold: RobotsBookOptions['fetcher'] = {
      fetch: (request, signal) =>
        new Promise((resolve, reject) => {
          signals.push(signal!);
          answer = () => resolve(captureOf(request.url, { status: 200, text: RULES }));
          signal!.addEventListener('abort', () => reject(fault('E_INTERRUPTED')));
        }),
    };
    return { ...bookOf([], { fetcher: hold }), signals, answer: () => answer!({} as Capture) };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('lets one leave without the others, and ends the fetch with the last', async () => {
    const { book, signals, answer } = hanging();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = book.of(PAGE, one.signal);
    const second = book.of(PAGE, two.signal);
    await turn();
    one.abort(new Error('stop'));
    await expect(first).rejects.toThrow(code('E_INTERRUPTED'));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    answer();
    expect((await second).isAllowed).toBe(true);
  });

  it('ends the fetch when all have left, and the next to come asks anew', async () => {
    const { book, signals, answer } = hanging();
    const stop = new AbortController();
    const both = [book.of(PAGE, stop.signal), book.of(PAGE, stop.signal)];
    await turn();
    stop.abort(new Error('stop'));
    const next = book.of(PAGE);
    for (const one of both) await expect(one).rejects.toThrow(code('E_INTERRUPTED'));
    await turn();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    answer();
    expect((await next).isAllowed).toBe(true);
    await expect(book.of(`${ORIGIN}:8080/`, AbortSignal.abort(new Error('stop')))).rejects.toThrow(
      code('E_INTERRUPTED'),
    );
    expect(signals).toHaveLength(2);
  });

  it('holds two megabytes of files ready and takes the others from the frontier again', async () => {
    let loads = 0;
    const kept = new Map<string, RobotsRecord>();
    const frontier = {
      robots: async (origin: string) => {
        loads += 1;
        return kept.get(origin) ?? null;
      },
      keepRobots: async (record: RobotsRecord) => void kept.set(record.origin, record),
    };
    const text = `${RULES}${'# \n'.repeat(130_000)}`;
    const { book, asked } = bookOf([{ status: 200, text }], { frontier });
    const pages = Array.from({ length: 6 }, (_, i) => `http://h${i}.test/private/`);
    for (const page of pages) expect((await book.of(page)).isAllowed).toBe(false);
    expect([asked.length, loads]).toEqual([6, 6]);
    await book.of(pages[5]!);
    await book.of(pages[1]!);
    expect(loads).toBe(6);
    await book.of(pages[0]!);
    expect([asked.length, loads]).toEqual([6, 7]);
    // The one used longest ago had to go: the third, since the second was asked for meanwhile.
    await book.of(pages[1]!);
    expect(loads).toBe(7);
    await book.of(pages[2]!);
    expect(loads).toBe(8);
  });
});

describe('RobotsBook: with the fetcher', () => {
  const robotsOf = (overrides: Partial<RobotsBookOptions> = {}) =>
    bookOf([], { fetcher: fetcher({ clock: sleeplessClock() }), ...overrides });

  it.each([
    ['text/plain; charset=utf-8', RULES],
    ['text/html', RULES],
    ['application/octet-stream', RULES],
    ['', RULES],
    ['text/plain', `\ufeff${RULES}`],
  ])('reads one served as "%s"', async (type, text) => {
    const server = await served((_request, response) => {
      response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(text);
    });
    const { book } = robotsOf();
    expect((await book.of(`${server.origin}/private/1`)).isAllowed).toBe(false);
    expect((await book.of(`${server.origin}/news/1`)).isAllowed).toBe(true);
  });

  it.each([
    ['text/html', '<!doctype html><title>Not found</title><p>Disallow: / everything?'],
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['application/octet-stream', '\x89PNG\r\n\x1a\n'],
  ])('finds no rules in a "%s" served in its place', async (type, body) => {
    const server = await served((_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(Buffer.from(body, 'latin1'));
    });
    expect(await robotsOf().book.of(`${server.origin}/news/1`)).toMatchObject({
      isAllowed: true,
      why: 'no rule against it',
    });
  });

  it('follows redirects to another host: what is there holds for the origin that was asked', async () => {
    const other = await served((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(RULES);
    }, '127.0.1.9');
    const server = await served((request, response) => {
      const n = Number(request.url!.slice(2));
      const location = request.url === '/robots.txt' ? '/r1' : n < 4 ? `/r${n + 1}` : `${other.origin}/robots.txt`;
      response.writeHead(301, { location }).end();
    });
    const { book } = robotsOf();
    expect((await book.of(`${server.origin}/private/1`)).isAllowed).toBe(false);
  });

  it('sends validators and takes the 304', async () => {
    const seen: unknown[] = [];
    const server = await served((request, response) => {
      seen.push([request.headers['if-none-match'], request.headers.accept]);
      if (request.headers['if-none-match'] === '"r"') response.writeHead(304).end();
      else response.writeHead(200, { 'content-type': 'text/plain', etag: '"r"' }).end(RULES);
    });
    const { book, clock } = robotsOf();
    await book.of(`${server.origin}/news/1`);
    await clock.advance(DAY_MS);
    expect((await book.of(`${server.origin}/private/1`)).isAllowed).toBe(false);
    expect(seen).toMatchObject([
      [undefined, expect.stringContaining('text/plain')],
      ['"r"', expect.any(String)],
    ]);
  });
});
