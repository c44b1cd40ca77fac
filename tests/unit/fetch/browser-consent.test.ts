import { describe, expect, it } from 'vitest';
import { answerOf, holdsWord } from '../../../src/fetch/consent-page.ts';
import { consentWords } from '../../../src/fetch/consent.ts';
import { LONG, browser, describeBrowser, site } from './browser-page.ts';
import { served } from './loopback.ts';

describe('what a button of a consent dialog answers', () => {
  const words = consentWords();
  it.each([
    ['Reject all', 'reject'],
    ['Do not accept', 'reject'],
    ['Continue without agreeing', 'reject'],
    ['Accept all', 'accept'],
    ['  I  AGREE → ', 'accept'],
    ['Alle ablehnen', 'reject'],
    ['Zustimmen und weiter', 'accept'],
    ['Continuer sans accepter', 'reject'],
    ['J’accepte', 'accept'],
    ['Rechazar todo', 'reject'],
    ['Aceptar y cerrar', 'accept'],
    ['Apenas necessários', 'reject'],
    ['Rifiuta tutti', 'reject'],
    ['Alles weigeren', 'reject'],
    ['Godkänn alla cookies', 'accept'],
    ['Afvis alle', 'reject'],
    ['Hylkää kaikki', 'reject'],
    ['Nie zgadzam się', 'reject'],
    ['Odmítnout vše', 'reject'],
    ['Elfogadom', 'accept'],
    ['Nu sunt de acord', 'reject'],
    ['Απόρριψη όλων', 'reject'],
    ['Tümünü reddet', 'reject'],
    ['Принять все', 'accept'],
    ['Не погоджуюся', 'reject'],
    ['Приемам', 'accept'],
    ['رفض الكل', 'reject'],
    ['אני מסכים', 'accept'],
    ['ปฏิเสธทั้งหมด', 'reject'],
    ['すべて拒否', 'reject'],
    ['同意する', 'accept'],
    ['不同意', 'reject'],
    ['모두 동의', 'accept'],
    ['Từ chối tất cả', 'reject'],
    ['सभी स्वीकार करें', 'accept'],
    // More than an answer, or none.
    ['Reject and subscribe', null],
    ['Ablehnen und Abo abschließen', null],
    ['Refuser et s’abonner', null],
    ['Accept and log in', null],
    ['Continue with Google', null],
    ['Settings', null],
    ['Unacceptable', null],
    ['x', null],
    ['', null],
    [`Accept ${'and so on '.repeat(10)}`, null],
  ])('%s: %s', (says, answer) => {
    expect(answerOf(says, words)).toBe(answer);
  });

  it('looks for whole words where words have borders, and for stems where it is told so', () => {
    expect(holdsWord('the cookiemonster', ['cookie'], true)).toBe(false);
    expect(holdsWord('the cookiemonster', ['cookie'], false)).toBe(true);
    expect(holdsWord('a precookie, a cookie.', ['cookie'], true)).toBe(true);
    expect(holdsWord('precookie', ['cookie'], false)).toBe(false);
    expect(holdsWord('全部同意吧', ['同意'], true)).toBe(true);
  });

  it('knows the words of twenty languages and more', async () => {
    const { readFileSync } = await import('node:fs');
    const path = new URL('../../../config/words/consent.json', import.meta.url);
    const { languages } = JSON.parse(readFileSync(path, 'utf8')) as {
      languages: Record<string, Record<string, string[]>>;
    };
    expect(Object.keys(languages).length).toBeGreaterThan(40);
    for (const [language, kinds] of Object.entries(languages)) {
      for (const kind of ['topic', 'reject', 'accept']) {
        for (const word of kinds[kind]!) {
          expect(word, language).toBe(word.normalize('NFKC').toLowerCase().trim());
          if (kind !== 'topic') expect([word, answerOf(word, words)], language).toEqual([word, kind]);
        }
      }
    }
  });
});

const renderer = browser();
const page = (body: string): string => `<!doctype html><html><body>${body}</body></html>`;
const over = 'style="position:fixed;inset:0;background:#fff"';
/** A button that leaves a trace and takes the dialog away. */
const button = (says: string, trace: string, kind = 'button'): string =>
  `<${kind} onclick="document.body.dataset.trace = (document.body.dataset.trace ?? '') + '${trace} '; this.closest('.wall')?.remove()">${says}</${kind}>`;
const trace = (html: string): string => /data-trace="([^"]*)"/.exec(html)?.[1]?.trim() ?? '';

async function shown(body: string): Promise<{ html: string; trace: string; notes: readonly string[] }> {
  const own = await served(site({ '/': page(body) }));
  const { capture, notes } = await renderer.render({ url: `${own.origin}/` });
  return { html: capture.text, trace: trace(capture.text), notes };
}

describeBrowser('a dialog that asks for consent', () => {
  it('of a kind that has a rule is refused by that rule', async () => {
    const { html, notes } = await shown(
      `${LONG}<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk" ${over}><p>Cookies?</p>
       <button id="onetrust-accept-btn-handler" onclick="document.body.dataset.trace='accepted'">Accept</button>
       <button id="onetrust-reject-all-handler" onclick="document.body.dataset.trace='refused'; this.closest('#onetrust-consent-sdk').remove()">Reject</button></div></div>`,
    );
    expect(trace(html)).toBe('refused');
    expect(html).not.toContain('onetrust-banner-sdk');
    expect(notes).toEqual([expect.stringMatching(/^consent refused, by the rule .*onetrust/i)]);
  });

  it('is refused where it can be, in whatever language', async () => {
    const {
      trace: answer,
      html,
      notes,
    } = await shown(
      `${LONG}<div class=wall ${over}><p>Wir und unsere Partner brauchen Ihre Einwilligung.</p>${button('Alle akzeptieren', 'yes')}${button('Alle ablehnen', 'no')}${button('Einstellungen', 'more')}</div>`,
    );
    expect(answer).toBe('no');
    expect(html).not.toContain('Einwilligung');
    expect(notes).toEqual(['consent refused, by a click on "Alle ablehnen"']);
  });

  it('is agreed to where nothing else lets one in, also after a refusal that does nothing', async () => {
    const only = await shown(
      `<div class=wall role=dialog><p>このサイトはクッキーを使用します</p>${button('同意する', 'yes')}</div>`,
    );
    expect(only).toMatchObject({ trace: 'yes', notes: ['consent accepted, by a click on "同意する"'] });
    const deaf = await shown(
      `${LONG}<div class=wall aria-modal=true><p>Наш сайт использует куки.</p><button>Отклонить</button>${button('Принять', 'yes')}</div>`,
    );
    expect(deaf.trace).toBe('yes');
    expect(deaf.notes).toEqual([
      'consent refused, by a click on "Отклонить"; it stayed',
      'consent accepted, by a click on "Принять"',
    ]);
  });

  it('may have the page come anew, with its cookie', async () => {
    const own = await served((request, response) => {
      const isIn = /ok=1/.test(request.headers.cookie ?? '');
      const wall = `<title>Before you continue</title><div role=dialog ${over}><p>We value your privacy.</p><button onclick="document.cookie='ok=1';location.reload()">Accept</button></div>`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(page(isIn ? `${LONG}<h1>The article</h1>` : wall));
    });
    const { capture, notes } = await renderer.render({ url: `${own.origin}/` });
    expect(capture.text).toContain('<h1>The article</h1>');
    expect(capture.hops).toHaveLength(1);
    expect(capture.hops[0]!.requestHeaders).toContainEqual(['cookie', 'ok=1']);
    expect(Buffer.from(capture.hops[0]!.wireBody).toString()).toContain('The article');
    expect(notes).toEqual(['consent accepted, by a click on "Accept"; the page came anew']);
  });

  it('is found in a shadow root', async () => {
    const { html, notes } = await shown(
      `${LONG}<x-wall></x-wall><script>const root = document.querySelector('x-wall').attachShadow({ mode: 'open' });
       root.innerHTML = '<div ${over.replaceAll('"', '\\"')}><p>Nous utilisons des cookies.</p><button>Tout refuser</button></div>'; root.querySelector('button').onclick = () => document.querySelector('x-wall').remove()</script>`,
    );
    expect(html).not.toContain('</x-wall>');
    expect(notes).toEqual(['consent refused, by a click on "Tout refuser"']);
  });

  it.each([
    [
      'a login',
      `<div class=wall role=dialog ${over}><p>Our privacy policy holds.</p><form><input type=password>${button('I agree', 'yes')}</form></div>`,
    ],
    [
      'a newsletter',
      `<div class=wall role=dialog ${over}><p>Mind your privacy.</p><input type=email>${button('OK', 'yes')}</div>`,
    ],
    [
      'another question',
      `<div class=wall role=dialog ${over}><p>Are you over eighteen?</p>${button('I agree', 'yes')}</div>`,
    ],
    [
      'an offer to subscribe',
      `<div class=wall role=dialog ${over}><p>Cookies or money.</p>${button('Subscribe and reject', 'yes')}</div>`,
    ],
    ['a link', `<div class=wall role=dialog ${over}><p>Cookies.</p><a href="/elsewhere">Accept</a></div>`],
    [
      'what is not over the page',
      `<div class=wall style="position:fixed;bottom:0;height:80px"><p>We use cookies.</p>${button('Accept', 'yes')}</div>`,
    ],
    [
      'what is not shown',
      `<div class=wall role=dialog style="display:none"><p>We use cookies.</p>${button('Accept', 'yes')}</div>`,
    ],
    ['the article', `<article><h1>Cookies and privacy</h1>${LONG}${LONG}${button('Accept', 'yes')}</article>`],
  ])('is not %s: nothing is clicked', async (_what, markup) => {
    const { trace: clicked, notes } = await shown(`${LONG}${LONG}${markup}`);
    expect(clicked).toBe('');
    expect(notes.join()).not.toContain('consent');
  });
});
