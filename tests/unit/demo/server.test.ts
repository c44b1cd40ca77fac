import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPaper } from '../../../src/demo/paper.ts';
import { startPress } from '../../../src/demo/server.ts';
import type { Press } from '../../../src/demo/server.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject).end();
  });
}
const decoded = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const page = async (url: string) => load(decoded((await ask(url)).body));

/** The article as its markup shows it: what an archive should see change, and nothing else. */
async function printed(url: string) {
  const $ = await page(url);
  const texts = (selector: string): string[] =>
    $(selector)
      .toArray()
      .map((element) => $(element).text().trim());
  const facts = JSON.parse($('script[type="application/ld+json"]').text()) as Record<string, unknown>;
  return {
    headline: texts('h1'),
    lead: texts('.standfirst'),
    byline: texts('.byline'),
    dateline: texts('.dateline'),
    caption: texts('figcaption'),
    credit: texts('.story .credit'),
    body: texts('.story__body > p:not(.follow, .correction), .story__body > h2'),
    correction: texts('.correction'),
    modified: facts['dateModified'],
    published: facts['datePublished'],
  };
}

let press: Press;
let second: Press;
beforeAll(async () => {
  press = await startPress({ port: 0, host: '127.0.0.1', edition: 1 });
  second = await startPress({ port: 0, host: '127.0.0.1', edition: 1 });
  second.publish(2);
});
afterAll(async () => {
  await press.close();
  await second.close();
});

const urlOf = (which: Press, done: string): string => {
  for (const [url, editing] of which.edits) if (editing.done === done) return url;
  throw new Error(`no article on which ${done} is done`);
};

describe('an article page', () => {
  test('serves every article as valid UTF-8, alike plain and gzipped but for the noise', async () => {
    for (const url of press.urls) {
      const plain = await ask(url);
      expect(plain.status).toBe(200);
      expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(Number(plain.headers['content-length'])).toBe(plain.body.length);
      const packed = await ask(url, { 'accept-encoding': 'gzip, br' });
      expect(packed.headers['content-encoding']).toBe('gzip');
      expect(load(decoded(gunzipSync(packed.body)))('h1').text()).toBe(load(decoded(plain.body))('h1').text());
    }
  });

  test('every article has the furniture of its language', async () => {
    const { furniture } = loadPaper();
    for (const url of press.urls) {
      const $ = await page(url);
      const words = furniture[$('html').attr('lang') ?? '']!;
      expect($('html').attr('dir')).toBe(words.dir);
      const text = $('body').text();
      const everywhere = [
        [words.tagline, words.subscribe, words.promo, words.newsfeed, words.mostReadTitle, words.ad, words.loader],
        [words.chats, words.placeholder, words.cookie.text, words.copyright, words.newsletter.text, words.mediabank],
        [words.sections, words.share, words.login, words.footer, words.mostRead].flat(),
      ].flat();
      for (const word of everywhere) expect(text).toContain(word);
      expect(words.related.some(({ caption, headline }) => text.includes(caption) && text.includes(headline))).toBe(
        true,
      );
      expect(words.wire.filter((line) => text.includes(line))).toHaveLength(6);
      expect(words.comments.some((comment) => text.includes(comment.text))).toBe(true);
      expect(words.ads.filter((line) => text.includes(line))).toHaveLength(1);
    }
  });

  test('its pictures are there', async () => {
    const url = press.urls[0]!;
    const $ = await page(url);
    const sources = $('img')
      .toArray()
      .map((image) => $(image).attr('src')!);
    expect(sources).toHaveLength(2);
    for (const source of sources) {
      const { status, headers } = await ask(new URL(source, url).href);
      expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml']);
    }
  });
});

describe('all parts of an article page', () => {
  test('what stands around an article changes on every request, the article does not', async () => {
    const url = urlOf(press, 'nothing');
    const [first, again] = [await page(url), await page(url)];
    const rotating = ['.newsfeed', '.counter', '.ad p', '.inline-story', '.most-read'];
    expect(rotating.filter((part) => first(part).first().text() === again(part).first().text())).toEqual([]);
    expect(await printed(url)).toEqual(await printed(url));
  });

  test('JSON-LD, og and the page tell the same story', async () => {
    for (const url of press.urls) {
      const $ = await page(url);
      const facts = JSON.parse($('script[type="application/ld+json"]').text()) as Record<string, unknown>;
      expect(facts['headline']).toBe($('h1').text());
      expect($('meta[property="og:title"]').attr('content')).toBe($('h1').text());
      expect($('link[rel=canonical]').attr('href')).toBe(url);
      expect(facts['datePublished']).toBe($('.dateline time').attr('datetime'));
    }
  });

  test.each(['/', '/feed.xml', '/sitemap.xml'])('%s names every article', async (path) => {
    const { status, body } = await ask(press.origin + path);
    expect(status).toBe(200);
    for (const url of press.urls) expect(decoded(body)).toContain(url);
  });
});

describe('a press that is asked for what it has not', () => {
  test('says no where there is nothing, and survives nonsense', async () => {
    const missing = await ask(`${press.origin}/en/nothing.html`);
    expect(missing.status).toBe(404);
    expect(decoded(missing.body)).toContain(loadPaper().furniture['en']!.missing.title);
    expect((await ask(`${press.origin}/%E0%A4%A`)).status).toBe(404);
    expect((await ask(`${press.origin}/images/../paper.json`)).status).toBe(404);
    expect((await ask(press.origin, {}, 'POST')).status).toBe(405);
    const head = await ask(press.urls[0]!, {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  test('throws E_INTERNAL where the port is taken and where there is no such edition', async () => {
    const port = Number(new URL(press.origin).port);
    const taken = startPress({ port, host: '127.0.0.1', edition: 1 });
    await expect(taken).rejects.toMatchObject({ code: 'E_INTERNAL' });
    await expect(startPress({ port: 0, host: '127.0.0.1', edition: 3 })).rejects.toMatchObject({ code: 'E_INTERNAL' });
    expect(() => press.publish(0)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }));
  });
});

const tagsOf = async (url: string) => {
  const { etag, 'last-modified': modified } = (await ask(url)).headers;
  return { etag, modified };
};

describe('validators', () => {
  test('an article that stayed as it was is answered 304, by ETag or by date, without a body', async () => {
    const url = urlOf(press, 'number');
    const { etag, modified } = await tagsOf(url);
    for (const headers of [{ 'if-none-match': `"x", ${etag}` }, { 'if-modified-since': modified! }]) {
      const { status, body } = await ask(url, headers as Record<string, string>);
      expect([status, body.length]).toEqual([304, 0]);
    }
    const stale = await ask(url, { 'if-none-match': '"x"', 'if-modified-since': modified! });
    expect(stale.status).toBe(200);
  });
  test('a stealth edit keeps the date and changes the ETag', async () => {
    const [before, after] = [await tagsOf(urlOf(press, 'stealth')), await tagsOf(urlOf(second, 'stealth'))];
    expect(after.modified).toBe(before.modified);
    expect(after.etag).not.toBe(before.etag);
  });
  test('one unchanged article keeps its validators, another never has any', async () => {
    const expectations = [...press.edits].filter(([, { done }]) => done === 'nothing');
    expect(expectations.map(([, { expect: expected }]) => expected.outcome).toSorted()).toEqual([
      'not-modified',
      'unchanged',
    ]);
    for (const [url, { expect: expected }] of expectations) {
      const before = await tagsOf(url);
      const after = await tagsOf(url.replace(press.origin, second.origin));
      expect(after).toEqual(before);
      expect(before.etag === undefined).toBe(expected.outcome === 'unchanged');
    }
  });
});

type Printed = Awaited<ReturnType<typeof printed>>;
const FIELD_OF: Record<string, keyof Printed> = {
  number: 'body',
  quote: 'body',
  comma: 'body',
  stealth: 'body',
  'paragraph-added': 'body',
  'paragraph-removed': 'body',
  headline: 'headline',
  caption: 'caption',
  correction: 'correction',
};

describe('publish', () => {
  test('changes on the page what is declared, and nothing else', async () => {
    expect(new Set(second.edits.keys())).toEqual(new Set(second.urls));
    for (const [url, { done, expect: expected, modifiedAt }] of second.edits) {
      if (expected.outcome === 'gone' || expected.outcome === 'walled') continue;
      const before = await printed(url.replace(second.origin, press.origin));
      const after = await printed(url);
      const fields = (Object.keys(before) as (keyof Printed)[]).filter((field) => field !== 'modified');
      const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
      const field = FIELD_OF[done];
      const gone = before.body.filter((text) => !after.body.includes(text));
      const isReworded = expected.kinds.includes('paragraph-reworded') || done === 'paragraph-removed';
      expect({
        done,
        changed,
        modified: after.modified,
        stealth: done !== 'nothing' && modifiedAt === undefined,
        longer: after.body.length - before.body.length,
        gone: gone.length,
      }).toEqual({
        done,
        changed: field === undefined ? [] : [field],
        modified: modifiedAt ?? before.modified,
        stealth: expected.stealth,
        longer: { 'paragraph-added': 1, 'paragraph-removed': -1 }[done as string] ?? 0,
        gone: isReworded ? 1 : 0,
      });
    }
  });

  test('takes one article down and puts one behind a paywall', async () => {
    const gone = await ask(urlOf(second, 'gone'));
    expect(gone.status).toBe(410);
    expect(decoded(gone.body)).toContain(loadPaper().furniture['de']!.gone.title);
    expect(decoded((await ask(second.origin)).body)).not.toContain(urlOf(second, 'gone'));
    const url = urlOf(second, 'paywall');
    const [open, walled] = [await printed(urlOf(press, 'paywall')), await printed(url)];
    expect(walled.body).toEqual(open.body.slice(0, 1));
    expect((await page(url))('.paywall').text()).toContain(loadPaper().furniture['en']!.paywall.text);
  });

  test('can be undone by publishing the first edition again', async () => {
    const url = urlOf(press, 'number');
    const before = await printed(url);
    press.publish(2);
    expect(await printed(url)).not.toEqual(before);
    press.publish(1);
    expect(await printed(url)).toEqual(before);
  });
});
