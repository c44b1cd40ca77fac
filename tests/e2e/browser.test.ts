/** From a page that is nothing without its scripts, or stands behind a question for consent, to an article in an archive. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openArchive, verifyArchive } from '../../src/archive/index.ts';
import { clean } from '../../src/clean/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { needsBrowser } from '../../src/core/needs-browser.ts';
import { PROGRAM } from '../../src/core/package.ts';
import type { Capture } from '../../src/core/ports.ts';
import { loadRules } from '../../src/core/rules.ts';
import type { Reading } from '../../src/core/schema.ts';
import { LONG, askedFetcher, browser, describeBrowser } from '../unit/fetch/browser-page.ts';
import { serve } from '../unit/fetch/loopback.ts';
import type { Loopback } from '../unit/fetch/loopback.ts';

const ARTICLE = `<article><h1>Der Leuchtturm bleibt</h1><p class="lead">Der Stadtrat hat am Dienstag entschieden.</p>${LONG.repeat(3)}</article>`;
const SHELL = `<!doctype html><html lang=de><head><title>Lädt…</title></head><body><div id=root></div><noscript>Bitte aktivieren Sie JavaScript.</noscript><script>
  setTimeout(() => { document.title = 'Der Leuchtturm bleibt'; root.innerHTML = ${JSON.stringify(ARTICLE)} }, 200)</script></body></html>`;
const WALL = `<!doctype html><html lang=de><head><title>Bevor es weitergeht</title></head><body><div class="cookie-consent" role=dialog style="position:fixed;inset:0;background:#fff">
  <p>Wir und unsere 842 Partner verwenden Cookies und achten Ihre Privatsphäre.</p><button onclick="document.cookie='zustimmung=geheim';location.reload()">Alle akzeptieren</button><button>Einstellungen</button></div></body></html>`;

let web: Loopback;
let dir: string;
const fetcher = askedFetcher();
const renderer = browser({ fetcher });
const { rules } = loadRules();
const read = ({ text, finalUrl, contentType }: Capture): Reading => clean(text, { url: finalUrl, contentType, rules });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-browser-'));
  web = await serve((request, response) => {
    const isIn = /zustimmung=/.test(request.headers.cookie ?? '');
    const body =
      request.url === '/spa'
        ? SHELL
        : isIn
          ? `<!doctype html><html lang=de><title>Der Leuchtturm bleibt</title>${ARTICLE}`
          : WALL;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
  });
});
afterAll(async () => {
  await web.close();
  await rm(dir, { recursive: true });
});

describeBrowser('a page that needs a browser', () => {
  it.each([
    ['/spa', /in a root that a script fills/, []],
    ['/wall', /question for consent/, ['consent accepted, by a click on "Alle akzeptieren"; the page came anew']],
  ])('%s is read and kept: document, network answer and all', async (path, why, notes) => {
    const url = `${web.origin}${path}`;
    const plain = await fetcher.fetch({ url });
    const before = read(plain);
    expect(needsBrowser({ reading: before, capture: plain, render: 'auto' })).toMatch(why);

    const rendering = await renderer.render({ url, capture: plain });
    expect(rendering.notes).toEqual(notes);
    const reading = read(rendering.capture);
    expect([reading.kind, reading.title]).toEqual(['article', 'Der Leuchtturm bleibt']);
    expect(needsBrowser({ reading, capture: rendering.capture, render: 'auto' })).toBeNull();

    const archive = await openArchive({
      dir,
      clock: systemClock,
      command: 'test',
      program: PROGRAM,
      create: true,
      sourceOf: () => undefined,
    });
    const ref = await archive.captures.write(rendering.capture);
    const stored = await archive.captures.read(ref);
    expect(ref).toMatchObject({
      engine: 'browser',
      status: 200,
      targetUri: `urn:dom:${url}`,
      charset: { used: 'utf-8' },
    });
    expect(Buffer.from(stored.body).equals(rendering.capture.body)).toBe(true);
    await archive.seal({}, 'finished');
    const { problems } = await verifyArchive(dir, { clock: systemClock });
    expect(problems).toEqual([]);
  });

  it('leaves no cookie’s value in the archive', async () => {
    const files = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.warc.gz'));
    const warcs = await Promise.all(
      files.map(async (name) => gunzipSync(await readFile(join(dir, name))).toString('latin1')),
    );
    expect(warcs.join()).toContain('cookie: withheld');
    expect(warcs.join()).not.toContain('cookie: zustimmung');
  });
});
