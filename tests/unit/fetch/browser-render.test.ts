import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LONG, askedFetcher, bodyOf, browser, describeBrowser, site } from './browser-page.ts';
import { code, served, text } from './loopback.ts';

const fetcher = askedFetcher();
const renderer = browser({ fetcher });
const page = (body: string, head = ''): string =>
  `<!doctype html><html lang=en><head><title>t</title>${head}</head><body>${body}</body></html>`;

describeBrowser('a page in the browser', () => {
  it('is the document that its script has built, as UTF-8 HTML', async () => {
    const handler = site({
      '/': page('<div id=root>Lädt…</div><script src=/app.js></script>', '<meta charset=windows-1252>'),
      '/app.js': (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'text/javascript' })
          .end(
            `setTimeout(() => fetch('/story.json').then((r) => r.json()).then(({ story }) => { root.innerHTML = '<article><p>' + story + '</p></article>'; }), 300)`,
          ),
      '/story.json': (_request, response) =>
        void setTimeout(
          () =>
            response
              .writeHead(200, { 'content-type': 'application/json' })
              .end('{"story":"Ночь в библиотеке – 夜の図書館"}'),
          700,
        ),
    });
    const own = await served(handler);
    const { capture, notes } = await renderer.render({ url: `${own.origin}/#part` });
    expect(capture).toMatchObject({
      url: `${own.origin}/#part`,
      finalUrl: `${own.origin}/`,
      status: 200,
      contentType: 'text/html',
      charset: { used: 'utf-8', how: 'given' },
      engine: 'browser',
    });
    expect(capture.text).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
    expect(capture.text).toContain('<article><p>Ночь в библиотеке – 夜の図書館</p></article>');
    expect(text(capture.body)).toBe(capture.text);
    expect(capture.hops.map(({ url, status }) => [url, status])).toEqual([[`${own.origin}/`, 200]]);
    expect(handler.hits).toEqual(['GET /', 'GET /app.js', 'GET /story.json']);
    expect(notes).toEqual([]);
  });

  it('is not fetched again where its answer is given, and keeps that answer’s hops', async () => {
    const handler = site({
      '/old': (_request, response) =>
        void response.writeHead(301, { location: '/new', 'set-cookie': 'way=old; HttpOnly' }).end(),
      '/new': page(
        `${LONG}<p id=out></p><script>fetch('/echo').then((r) => r.text()).then((t) => { out.textContent = location.pathname + ' ' + t + ' ' + document.cookie })</script>`,
      ),
      '/echo': (request, response) => void response.end(request.headers.cookie ?? 'none'),
    });
    const own = await served(handler);
    const plain = await fetcher.fetch({ url: `${own.origin}/old` });
    const { capture } = await renderer.render({ url: `${own.origin}/old`, capture: plain });
    expect(handler.hits).toEqual(['GET /old', 'GET /new', 'GET /echo']);
    expect(capture.finalUrl).toBe(`${own.origin}/new`);
    expect(capture.hops).toEqual(plain.hops);
    // The redirect's cookie is the page's, and no script's.
    expect(capture.text).toContain('<p id="out">/new way=old </p>');
  });

  it('is shown in the charset that was settled on, not in the one that it claims', async () => {
    const own = await served((_request, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=windows-1251' })
        .end(page('<p>Маяк открыт до полуночи, а смотритель не спит.</p>'.repeat(8))),
    );
    expect(bodyOf((await renderer.render({ url: own.origin })).capture)).toContain('Маяк открыт до полуночи');
  });

  it('is where its script went in the end, over a redirect', async () => {
    const handler = site({
      '/': page(`${LONG}<script>setTimeout(() => { location.href = '/hop' }, 100)</script>`),
      '/hop': (_request, response) => void response.writeHead(302, { location: '/end' }).end(),
      '/end': page(`${LONG}<h1>The end</h1>`),
    });
    const own = await served(handler);
    const { capture } = await renderer.render({ url: `${own.origin}/` });
    expect(capture.finalUrl).toBe(`${own.origin}/end`);
    expect(capture.hops.map(({ url, status }) => [url.replace(own.origin, ''), status])).toEqual([
      ['/hop', 302],
      ['/end', 200],
    ]);
    expect(capture.text).toContain('<h1>The end</h1>');
  });

  it('writes out open shadow roots with what is in their slots, and tells of frames', async () => {
    const own = await served(
      site({
        '/': page(
          `${LONG}<x-story><p slot=lead>In the slot</p><p>In no slot</p></x-story><iframe src=/frame></iframe>
          <script>customElements.define('x-story', class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<h2>From the root</h2><slot name=lead>missing</slot><slot name=none>Fallback</slot><x-inner></x-inner>'; } });
          customElements.define('x-inner', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<p>Deeper</p>'; } });</script>`,
        ),
        '/frame': '<p>Somebody else</p>',
      }),
    );
    const { capture, notes } = await renderer.render({ url: own.origin });
    const story = /<x-story[^]*<\/x-story>/
      .exec(capture.text)?.[0]
      .replaceAll(/<[^>]+>/g, '|')
      .replaceAll(/[|\s]*\|[|\s]*/g, '|');
    expect(story).toBe('|From the root|In the slot|Fallback|Deeper|');
    expect(capture.text).not.toContain('Somebody else');
    expect(notes).toEqual([
      '1 frames are documents of their own: left out',
      '2 shadow roots written out in the place of their elements',
    ]);
  });

  it('is read down to what waits for an eye, and not into the next story', async () => {
    const tall = '<div style="height:1500px">tall</div>';
    const own = await served(
      site({
        '/one': page(
          `${LONG}${tall}<section id=late>…</section>${tall}<div id=end></div><script>
          const seen = (element, act) => new IntersectionObserver((all, self) => { if (all.some((e) => e.isIntersecting)) { act(); } }).observe(element);
          seen(late, () => { late.innerHTML = '<p>The second half</p>' });
          let n = 1; seen(end, () => { if (n < 50) { end.insertAdjacentHTML('beforebegin', '<h1>Story ' + ++n + '</h1>${tall}'); history.replaceState(0, '', '/two') } });</script>`,
        ),
      }),
    );
    const { capture } = await renderer.render({ url: `${own.origin}/one` });
    expect(capture.text).toContain('<p>The second half</p>');
    expect(capture.text).not.toContain('Story 4');
    expect(capture.finalUrl).toBe(`${own.origin}/one`);
  });

  it('has its pictures only where a picture is asked for; without, they fail for no script', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
      'base64',
    );
    const handler = site({
      '/': page(
        `${LONG}<img src=/a.png onerror="this.remove()"><video src=/v.mp4></video><style>@font-face { font-family: f; src: url(/f.woff2) } p { font-family: f }</style><div style="height:30000px">x</div>`,
      ),
      '/a.png': (_request, response) => void response.writeHead(200, { 'content-type': 'image/png' }).end(png),
    });
    const own = await served(handler);
    const bare = await renderer.render({ url: `${own.origin}/` });
    expect(handler.hits).toEqual(['GET /']);
    expect(bare.capture.text).toContain('<img src="/a.png"');
    expect(bare.notes.join()).toMatch(/not let through: .*1 image/);
    expect(bare).not.toHaveProperty('screenshot');
    const { screenshot, pdf, notes } = await renderer.render({ url: `${own.origin}/`, screenshot: true, pdf: true });
    expect(handler.hits).toEqual(['GET /', 'GET /', 'GET /a.png']);
    const header = Buffer.from(screenshot!);
    expect([header.toString('latin1', 1, 4), header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([
      'PNG',
      1280,
      16_000,
    ]);
    expect(text(pdf!.subarray(0, 5))).toBe('%PDF-');
    expect(notes).toContain('the screenshot is cut at 16,000 pixels');
    expect(notes.join()).toMatch(/1 media/);
  });

  it('shows dialogs to nobody, opens no second page, loads nothing down, posts nothing', async () => {
    const handler = site({
      '/': page(`${LONG}<p id=out></p><script>
        alert('a'); const sure = confirm('b'); const w = window.open('/popup'); fetch('/post', { method: 'POST', body: 'x' }).catch(() => 0);
        navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => { out.textContent = sure + ' ' + state });
        const a = document.createElement('a'); a.href = '/file.zip'; a.download = 'file.zip'; document.body.append(a); a.click();
        onbeforeunload = () => 'stay';</script>`),
      '/file.zip': (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/zip' }).end('PK'),
      '/popup': '<p>popup</p>',
    });
    const own = await served(handler);
    const { capture, notes } = await renderer.render({ url: `${own.origin}/` });
    expect(handler.hits.filter((hit) => !/file\.zip/.test(hit))).toEqual(['GET /']);
    expect(capture.finalUrl).toBe(`${own.origin}/`);
    expect(capture.text).toMatch(/<p id="out">false (?:prompt|denied)</);
    expect(notes.join()).toMatch(/1 POST/);
    expect(notes.join()).toMatch(/2 dialog/);
  });

  it('is read although it has broken the language under us', async () => {
    const own = await served(
      site({
        '/': page(`${LONG}<script>Array.prototype.toJSON = () => 'broken'; Array.prototype.map = Array.prototype.flatMap = null; JSON.stringify = () => '"broken"'; Document.prototype.querySelectorAll = () => { throw 1 };
          Object.defineProperty(Element.prototype, 'outerHTML', { get: () => 'broken' }); window.tearsheetSays = window.serialisePage = () => 'broken'; setTimeout(() => { document.body.append('written late') }, 200)</script>`),
      }),
    );
    const { capture } = await renderer.render({ url: own.origin });
    expect(capture.text).toContain('written late');
    expect(capture.text).not.toMatch(/^broken/);
  });

  it('is kept as it stands where it never rests', async () => {
    const own = await served(
      site({
        '/': page(
          `${LONG}<ul id=list></ul><script>setInterval(() => { list.innerHTML = '<li>' + Math.random() + '</li>' }, 50)</script>`,
        ),
      }),
    );
    const hasty = browser({ fetcher, pageTimeoutMs: 4_000 });
    const { capture, notes } = await hasty.render({ url: own.origin });
    expect(capture.text).toContain('<li>0.');
    expect(notes[0]).toMatch(/^still changing after 2 s/);
  });

  it('is not waited for because a clock ticks or a request hangs', async () => {
    const own = await served(
      site({
        '/': page(
          `${LONG}<b id=clock></b><script>setInterval(() => { clock.textContent = Date.now() }, 20); fetch('/hang').catch(() => 0)</script>`,
        ),
        '/hang': () => undefined,
      }),
    );
    const { notes } = await renderer.render({ url: own.origin });
    expect(notes.join()).not.toContain('still changing');
  });

  it.each([
    ['a script that never ends', '<script>for (;;);</script>'],
    [
      'scripts that never end, again and again',
      '<script>setInterval(() => { for (const at = Date.now(); Date.now() - at < 60000;); }, 0)</script>',
    ],
  ])('is read by force out of %s', async (_what, script) => {
    const own = await served(site({ '/': page(`${LONG}<p>before</p>${script}<p>after</p>`) }));
    const hasty = browser({ fetcher, pageTimeoutMs: 2_000 });
    const { capture, notes } = await hasty.render({ url: own.origin });
    expect(capture.text).toContain('<p>before</p>');
    expect(notes.join()).toContain('its scripts were stopped');
  });

  it('is refused where it fills itself without end, and the next one is shown all the same', async () => {
    const own = await served(
      site({
        '/': page(
          `${LONG}<script>const kept = []; for (;;) kept.push(new Array(1e6).fill('x' + kept.length));</script>`,
        ),
        '/next': page(`${LONG}<p>next</p>`),
      }),
    );
    const hasty = browser({ fetcher, pageTimeoutMs: 10_000 });
    await expect(hasty.render({ url: `${own.origin}/` })).rejects.toEqual(code('E_BROWSER_FAILED'));
    expect((await hasty.render({ url: `${own.origin}/next` })).capture.text).toContain('<p>next</p>');
  });

  it('is bounded where it goes from document to document, or asks for parts without end', async () => {
    const loop = site({ '/': page(`${LONG}<script>location.replace('/?' + Math.random())</script>`) });
    const many = site({
      '/': page(`${LONG}<script>for (let i = 0; i < 1000; i++) fetch('/part?' + i).catch(() => 0)</script>`),
      '/part': 'x',
    });
    const [turning, asking] = [await served(loop), await served(many)];
    await renderer.render({ url: `${turning.origin}/` });
    const { notes } = await renderer.render({ url: `${asking.origin}/` });
    expect(loop.hits.length).toBeLessThanOrEqual(20);
    expect(many.hits.length).toBeLessThanOrEqual(400);
    expect(notes.join()).toMatch(/601 beyond the bounds/);
  });

  it('takes nothing from one page to the next', async () => {
    const own = await served(
      site({
        '/': page(
          `${LONG}<p id=out></p><script>out.textContent = [document.cookie, localStorage.getItem('a')]; document.cookie = 'a=1'; localStorage.setItem('a', '1')</script>`,
        ),
      }),
    );
    await renderer.render({ url: own.origin });
    expect((await renderer.render({ url: own.origin })).capture.text).toContain('<p id="out">,</p>');
  });

  it('is shown with the status that it has, and refused where it is no page', async () => {
    const own = await served(
      site({
        '/gone': (_request, response) =>
          void response.writeHead(410, { 'content-type': 'text/html' }).end(page('<h1>Gone</h1>')),
        '/zip': (_request, response) => void response.writeHead(200, { 'content-type': 'application/zip' }).end('PK'),
        '/attached': (_request, response) =>
          void response
            .writeHead(200, { 'content-type': 'text/html', 'content-disposition': 'attachment' })
            .end(page(LONG)),
        '/empty': (_request, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end(),
      }),
    );
    const { capture } = await renderer.render({ url: `${own.origin}/gone` });
    expect([capture.status, capture.text.includes('<h1>Gone</h1>')]).toEqual([410, true]);
    expect((await renderer.render({ url: `${own.origin}/attached` })).capture.text).toContain('lamp room');
    await expect(renderer.render({ url: `${own.origin}/zip` })).rejects.toEqual(code('E_FETCH_TYPE'));
    await expect(renderer.render({ url: `${own.origin}/empty` })).rejects.toEqual(code('E_BROWSER_FAILED'));
  });

  it('asks under our name, and of trackers nothing', async () => {
    const agents: (string | undefined)[] = [];
    const own = await served((request, response) => {
      agents.push(request.headers['user-agent']);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        request.url === '/'
          ? page(
              `${LONG}<p id=out></p><script src="http://stats.chartbeat.com/a.js"></script><script>out.textContent = navigator.userAgent; fetch('/x')</script>`,
            )
          : 'x',
      );
    });
    const { capture, notes } = await renderer.render({ url: `${own.origin}/` });
    expect(new Set(agents)).toEqual(new Set(['tearsheet-test/1']));
    expect(capture.text).toContain('<p id="out">tearsheet-test/1</p>');
    expect(notes.join()).toContain('1 tracker');
    await wait(0);
  });
});
