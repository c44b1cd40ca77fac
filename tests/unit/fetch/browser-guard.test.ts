/** Nothing that a page does reaches an address that the guard refuses: a listener stands there, and hears nothing. */
import dgram from 'node:dgram';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LONG, askedFetcher, browser, describeBrowser, site } from './browser-page.ts';
import { serve, served, serveRaw } from './loopback.ts';
import type { Loopback } from './loopback.ts';

const FORBIDDEN = '127.0.0.2';
let web: Loopback;
let heard: string[] = [];
const udp = dgram.createSocket('udp4');
const fetcher = askedFetcher();
const renderer = browser({ fetcher });

beforeAll(async () => {
  web = await serve((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('secret');
  }, FORBIDDEN);
  await new Promise<void>((resolve) => udp.bind(web.port, FORBIDDEN, resolve));
  udp.on('message', () => heard.push('a datagram'));
});
afterAll(async () => {
  udp.close();
  await web.close();
});
beforeEach(() => {
  heard = [];
});

/** Shows a page of this markup; `HERE` in it is the forbidden address. Gives what the page wrote into `#out`. */
async function shown(markup: string, pages: Record<string, string> = {}): Promise<{ out: string; notes: string }> {
  const own = await served(
    site({
      '/': `<!doctype html><body>${LONG}<p id=out></p>${markup.replaceAll('HERE', `${FORBIDDEN}:${web.port}`).replaceAll('PORT', String(web.port))}`,
      ...pages,
    }),
  );
  const { capture, notes } = await renderer.render({ url: `${own.origin}/`, screenshot: true });
  return { out: /<p id="out">([^<]*)/.exec(capture.text)?.[1] ?? '', notes: notes.join('\n') };
}
const say = (expression: string): string =>
  `<script>const say = (text) => { out.textContent += text + ' '; }; ${expression}</script>`;

describeBrowser('the browser and an address that is refused', () => {
  it.each([
    ['a picture', '<img src="http://HERE/x.png">'],
    ['a script', '<script src="http://HERE/x.js"></script>'],
    ['a style sheet', '<link rel=stylesheet href="http://HERE/x.css">'],
    ['a frame', '<iframe src="http://HERE/frame"></iframe>'],
    ['a frame in a frame', `<iframe srcdoc='<iframe src="http://HERE/frame"></iframe>'></iframe>`],
    ['an object', '<object data="http://HERE/x"></object><embed src="http://HERE/y">'],
    ['a form', `<form action="http://HERE/form" method=post id=f></form>${say('f.submit()')}`],
    ['a beacon', say(`navigator.sendBeacon('http://HERE/beacon', 'x')`)],
    ['an address that the script goes to', say(`setTimeout(() => { location.href = 'http://HERE/go' }, 50)`)],
    ['an odd spelling', `<img src="http://0x7f000002:PORT/"><img src="http://2130706434:PORT/">`],
  ])('is not reached by %s', async (_what, markup) => {
    await shown(markup);
    expect(heard).toEqual([]);
    expect(web.connections()).toBe(0);
  });

  it('is not reached by fetch and XMLHttpRequest, and the script is told so', async () => {
    const { out, notes } = await shown(
      say(`fetch('http://HERE/fetch').then(() => say('answered'), () => say('refused'));
           const x = new XMLHttpRequest(); x.onload = () => say('loaded'); x.onerror = () => say('failed');
           x.open('GET', 'http://HERE/xhr'); x.send();`),
    );
    expect(out.trim().split(' ').toSorted()).toEqual(['failed', 'refused']);
    expect(notes).toContain('2 E_FETCH_ADDRESS');
    expect(web.connections()).toBe(0);
  });

  it('is not reached by way of a redirect of a picture, a frame, a script or the page', async () => {
    const away: Parameters<typeof site>[0][string] = (_request, response) =>
      response.writeHead(302, { location: `http://${FORBIDDEN}:${web.port}/away` }).end();
    const handler = site({
      '/': `<!doctype html><body>${LONG}<img src=/away><iframe src=/away></iframe><script src=/away></script>`,
      '/away': away,
      '/later': `<!doctype html><body>${LONG}<script>setTimeout(() => location.href = '/away', 20)</script>`,
    });
    const own = await served(handler);
    await renderer.render({ url: `${own.origin}/`, screenshot: true });
    await renderer.render({ url: `${own.origin}/later` });
    expect(handler.hits.filter((hit) => hit === 'GET /away')).toHaveLength(4);
    expect(web.connections()).toBe(0);
  });

  it('is not reached by hints to the browser', async () => {
    const origin = `http://HERE`;
    await shown(
      ['preconnect', 'dns-prefetch', 'prefetch', 'prerender', 'preload', 'modulepreload', 'icon', 'manifest']
        .map((rel) => `<link rel="${rel}" as=script href="${origin}/${rel}">`)
        .join('') +
        `<script type=speculationrules>{"prerender":[{"source":"list","urls":["${origin}/rules"]}]}</script><a ping="${origin}/ping" href="#" id=a>a</a>${say('a.click()')}`,
    );
    expect(heard).toEqual([]);
    expect(web.connections()).toBe(0);
  });

  it('is not reached by a WebSocket, an event stream or a worker', async () => {
    const { out, notes } = await shown(
      say(`const s = new WebSocket('ws://HERE/ws'); s.onclose = () => say('closed'); s.onopen = () => 0;
           const e = new EventSource('http://HERE/events'); e.onerror = () => say('error');
           const source = "fetch('http://HERE/worker').then(() => postMessage('answered'), () => postMessage('refused')); new WebSocket('ws://HERE/inner')";
           const w = new Worker(globalThis.URL.createObjectURL(new Blob([source]))); w.onmessage = (m) => say(m.data);`),
    );
    expect(out).toContain('closed');
    expect(out).toContain('error');
    expect(out).not.toContain('answered');
    expect(notes).toContain('1 WebSocket');
    expect(web.connections()).toBe(0);
  });

  it('is not reached by WebRTC, from the page or from a frame of its own', async () => {
    const ask = `new C({ iceServers: [{ urls: ['stun:HERE', 'turn:HERE?transport=tcp'], username: 'a', credential: 'b' }] })`;
    const { out } = await shown(
      `<iframe id=f></iframe>${say(`for (const C of [globalThis.RTCPeerConnection, f.contentWindow.RTCPeerConnection]) {
        if (!C) { say('none'); continue; }
        const peer = ${ask}; peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
      } try { new WebTransport('https://HERE/') } catch { say('none') }`)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(out).toContain('none');
    expect(heard).toEqual([]);
    expect(web.connections()).toBe(0);
  });

  it('starts no service worker and opens no file', async () => {
    const { out } = await shown(
      say(`navigator.serviceWorker?.register('/sw.js').then((r) => say(r ? 'registered' : 'nothing'), () => say('refused'));
           fetch('file:///etc/passwd').then((r) => r.text()).then((t) => say(t), () => say('nofile'));
           const f = document.createElement('iframe'); f.src = 'file:///etc/passwd'; f.onload = () => { try { say(f.contentDocument.body.innerText) } catch { say('sealed') } }; document.body.append(f);`),
      { '/sw.js': 'self.addEventListener("fetch", () => {})' },
    );
    expect(out).toContain('nofile');
    expect(out).not.toContain('registered');
    expect(out).not.toContain('root:');
  });

  it('does not leave by itself: without our answers no address is reached, allowed or not', async () => {
    const allowed = await serveRaw(() => undefined);
    const { startBrowser } = await import('../../../src/fetch/browser.ts');
    const { browser: bare } = await startBrowser(undefined, 30_000);
    try {
      const page = await bare.newPage();
      for (const url of [allowed.origin, `http://localhost:${allowed.port}`, `http://${FORBIDDEN}:${web.port}`])
        await expect(page.goto(url)).rejects.toThrow(/net::ERR/);
      const blank = await bare.newPage();
      const spoken = blank.evaluate(
        `new Promise((done) => { const s = new WebSocket('ws://127.0.0.1:${allowed.port}'); s.onclose = () => done('closed'); s.onopen = () => done('open'); })`,
      );
      expect(await spoken).toBe('closed');
      const script = `const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:${FORBIDDEN}:${web.port}' }] });
        peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
        new Promise((done) => { peer.onicecandidate = ({ candidate }) => candidate === null && done('gathered'); setTimeout(() => done('late'), 2000); })`;
      expect(await blank.evaluate(script)).toMatch(/gathered|late/);
      expect(allowed.connections()).toBe(0);
      expect(heard).toEqual([]);
    } finally {
      await bare.close();
      await allowed.close();
    }
  });

  it('lets a page read of other sites only what they let it read', async () => {
    const handler = site({
      '/open': (_request, response) => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('open'),
      '/shut': (_request, response) => response.writeHead(200).end('shut'),
    });
    const other = await served(handler, '127.0.1.9');
    const { out } = await shown(
      say(
        `for (const path of ['open', 'shut']) fetch('${other.origin}/' + path).then((r) => r.text()).then(say, () => say('kept'))`,
      ),
    );
    expect(out.trim().split(' ').toSorted()).toEqual(['kept', 'open']);
    expect(handler.hits).toHaveLength(2);
  });
});
