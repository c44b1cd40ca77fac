/** One page in the browser, from an empty tab to the document as it stands when nothing more comes. */
import { TearsheetError } from '../core/errors.ts';
import type { Capture, RenderRequest, Rendering } from '../core/ports.ts';
import { closeConsent } from './consent.ts';
import { scrollToHeight, serialisePage } from './in-page.ts';
import { shownUrl } from './limit.ts';
import { pdfOf, screenshotOf } from './page-views.ts';
import { Tab } from './tab.ts';
import type { TabOptions } from './tab.ts';

export interface VisitOptions extends Omit<TabOptions, 'first' | 'withImages'> {
  readonly pageTimeoutMs: number;
}
/** A request whose page was fetched. */
export type FetchedRequest = RenderRequest & { readonly capture: Capture };

/** Consent dialogs that are answered one after the other, and the time for what a click may bring about to begin. */
const MAX_ANSWERS = 3;
const AFTER_CLICK_MS = 500;
const SCROLL_PX = 700;
const SCROLL_MS = 100;
const MAX_SCROLLS = 40;
/** For what scrolling brought to come in. */
const AFTER_SCROLL_MS = 5_000;
/** For a page to hand over its document as it is, to be halted, and to hand it over then. */
const LAST_WORD_MS = 3_000;
const VIEW_MS = 15_000;
const MAX_HTML_CHARS = 32 * 1024 * 1024;

/**
 * Shows the page and gives what it came to, within `pageTimeoutMs` and a few seconds for its last word. Throws
 * `E_BROWSER_FAILED`, `E_FETCH_TOO_LARGE`; anything else where the browser or the page's process is gone, or the signal fired.
 */
export async function visitPage(request: FetchedRequest, options: VisitOptions): Promise<Rendering> {
  options.signal.throwIfAborted();
  const withImages = request.screenshot === true || request.pdf === true;
  const tab = await Tab.open({ ...options, first: request.capture, withImages });
  const lost = new Promise<never>((_resolve, reject) => {
    tab.page.on('crash', () => reject(new Error('the process of the page is gone')));
    tab.page.on('close', () => reject(new Error('the page is gone')));
    options.signal.addEventListener('abort', () => reject(options.signal.reason as Error), { once: true });
  });
  const rendering = new PageVisit(tab, request, options).run();
  try {
    return await Promise.race([rendering, lost]);
  } finally {
    rendering.catch(() => undefined);
    lost.catch(() => undefined);
    await tab.close();
  }
}

class PageVisit {
  readonly #tab: Tab;
  readonly #request: FetchedRequest;
  readonly #startedAt: number;
  readonly #halfTime: number;
  readonly #deadline: number;
  readonly #notes: string[] = [];

  constructor(tab: Tab, request: FetchedRequest, { pageTimeoutMs }: VisitOptions) {
    this.#tab = tab;
    this.#request = request;
    this.#startedAt = tab.clock.now();
    this.#halfTime = this.#startedAt + pageTimeoutMs / 2;
    this.#deadline = this.#startedAt + pageTimeoutMs;
  }

  async run(): Promise<Rendering> {
    await this.#open();
    await this.#answerConsent();
    // A page that is read down may take the address of what it adds beneath.
    const url = this.#address();
    await this.#readDown();
    const { html, shadowRoots } = await this.#document();
    if (shadowRoots > 0) this.#notes.push(`${shadowRoots} shadow roots written out in the place of their elements`);
    const views = await this.#views();
    const refused = [...this.#tab.requests.refused(), ...this.#tab.shut()];
    if (refused.length > 0) this.#notes.push(`not let through: ${refused.join(', ')}`);
    return { capture: this.#captureOf(html, url), ...views, notes: this.#notes };
  }

  get #leftMs(): number {
    return this.#deadline - this.#tab.clock.now();
  }

  /** Half of the time is for the page to come, half for what is done with it then. */
  async #open(): Promise<void> {
    const { page } = this.#tab;
    const { capture, url } = this.#request;
    const from = capture.hops[0]?.url ?? capture.finalUrl;
    // Pages that are put together by what stands behind the # need to be told it.
    const hash = capture.hops.length <= 1 && URL.canParse(url) ? new URL(url).hash : '';
    let fault: Error | undefined;
    // What leads on at once ends the first navigation: no fault of the page's.
    await page
      .goto(`${from}${hash}`, { waitUntil: 'commit', timeout: Math.max(this.#leftMs, 1) })
      .catch((error: Error) => (fault = error));
    const settled = await this.#tab.settle(this.#halfTime);
    if (this.#tab.requests.document.count === 0 || !page.url().startsWith('http')) {
      const got = fault?.message.split('\n')[0] ?? `${page.url()}`;
      const message = `${shownUrl(url)}: expected the browser to show the page, got ${got}; try it without a browser`;
      throw new TearsheetError('E_BROWSER_FAILED', message, { cause: fault });
    }
    if (settled === null) {
      const seconds = Math.round((this.#tab.clock.now() - this.#startedAt) / 1000);
      this.#notes.push(`still changing after ${seconds} s: kept as it stood`);
    }
    if (settled !== null && settled.frames > 0)
      this.#notes.push(`${settled.frames} frames are documents of their own: left out`);
  }

  async #answerConsent(): Promise<void> {
    const { clock, page, world, requests } = this.#tab;
    for (let answers = 0; answers < MAX_ANSWERS && this.#leftMs > 0; answers++) {
      const before = requests.document.count;
      const order = { url: page.url(), until: this.#deadline };
      const answered = await this.#tab.within(this.#leftMs, closeConsent(world, clock, order)).catch(() => null);
      if (answered === null || answered === undefined) return;
      await clock.sleep(AFTER_CLICK_MS);
      await this.#tab.settle(this.#deadline);
      const hasCome = requests.document.count > before;
      this.#notes.push(
        hasCome
          ? `${answered.note}; the page came anew`
          : answered.isGone
            ? answered.note
            : `${answered.note}; it stayed`,
      );
    }
  }

  /**
   * Down through what there was at first, step by step, so that what waits for a reader's eye comes in. What grows beneath
   * is not followed: pages without end put the next article there.
   */
  async #readDown(): Promise<void> {
    const { clock, world } = this.#tab;
    const state = await this.#tab.state(this.#leftMs);
    if (state === null || state.scrollHeight <= state.viewHeight * 1.2) return;
    let top = 0;
    for (
      let steps = 0;
      top + state.viewHeight < state.scrollHeight && steps < MAX_SCROLLS && this.#leftMs > 0;
      steps++
    ) {
      top += SCROLL_PX;
      await this.#tab.within(this.#leftMs, world.call(scrollToHeight, top)).catch(() => undefined);
      await clock.sleep(SCROLL_MS);
    }
    if (top + state.viewHeight < state.scrollHeight)
      this.#notes.push(`read down to ${top} of ${state.scrollHeight} pixels`);
    await this.#tab.settle(Math.min(clock.now() + AFTER_SCROLL_MS, this.#deadline));
    await this.#tab.within(this.#leftMs, world.call(scrollToHeight, 0)).catch(() => undefined);
  }

  /** The document, of a page that never pauses by force. Throws `E_BROWSER_FAILED`, `E_FETCH_TOO_LARGE`. */
  async #document(): Promise<{ html: string; shadowRoots: number }> {
    const { world } = this.#tab;
    const ask = () => this.#tab.within(LAST_WORD_MS, world.call(serialisePage)).catch(() => undefined);
    let found = await ask();
    if (found === undefined) {
      this.#notes.push('its scripts were stopped, since they left no time to read it');
      const stop = new AbortController();
      await this.#tab.within(LAST_WORD_MS, world.halt(this.#tab.clock, stop.signal)).catch(() => undefined);
      stop.abort();
      found = await ask();
    }
    const url = shownUrl(this.#request.url);
    if (found === undefined) {
      const message = `${url}: expected the browser to hand over the page, got no answer; its scripts may never pause, so try it without a browser`;
      throw new TearsheetError('E_BROWSER_FAILED', message);
    }
    if (found.html.length > MAX_HTML_CHARS) {
      const message = `${url}: expected a document of at most ${MAX_HTML_CHARS} characters, got ${found.html.length}; its scripts fill it up, so try it without a browser`;
      throw new TearsheetError('E_FETCH_TOO_LARGE', message);
    }
    return found;
  }

  async #views(): Promise<Pick<Rendering, 'screenshot' | 'pdf'>> {
    const { session } = this.#tab;
    const { screenshot, pdf } = this.#request;
    const attempt = async <T>(what: string, view: Promise<T>): Promise<T | undefined> => {
      const seen = await this.#tab.within(VIEW_MS, view).catch(() => undefined);
      if (seen === undefined) this.#notes.push(`no ${what}: the browser did not make one`);
      return seen;
    };
    const picture = screenshot ? await attempt('screenshot', screenshotOf(session)) : undefined;
    if (picture?.isCut) this.#notes.push('the screenshot is cut at 16,000 pixels');
    const paper = pdf ? await attempt('PDF', pdfOf(session)) : undefined;
    return { ...(picture && { screenshot: picture.png }), ...(paper && { pdf: paper }) };
  }

  #address(): string {
    return this.#tab.page.url().split('#')[0]!;
  }

  #captureOf(html: string, finalUrl: string): Capture {
    const { capture, hops } = this.#tab.requests.document;
    const body = Buffer.from(html, 'utf8');
    const isElsewhere = hops.length > 0;
    return {
      url: this.#request.url,
      finalUrl,
      hops: isElsewhere ? hops : this.#request.capture.hops,
      status: capture.status,
      headers: capture.headers,
      contentType: 'text/html',
      body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength),
      // What UTF-8 cannot hold is not in the bytes either.
      text: body.toString('utf8'),
      charset: { used: 'utf-8', how: 'given' },
      engine: 'browser',
      startedAt: hops[0]?.startedAt ?? capture.startedAt,
      timings: { headersMs: capture.timings.headersMs, totalMs: this.#tab.clock.now() - this.#startedAt },
      ...(capture.tls && { tls: capture.tls }),
    };
  }
}
