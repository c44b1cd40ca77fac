/** An empty page in a browser, with everything shut that is not needed to show a document. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright';
import type { Clock } from '../core/clock.ts';
import type { Capture, Fetcher } from '../core/ports.ts';
import * as consentPage from './consent-page.ts';
import * as inPage from './in-page.ts';
import type { PageState } from './in-page.ts';
import { IsolatedWorld } from './isolated-world.ts';
import { PageRequests } from './page-requests.ts';

export interface TabOptions {
  readonly browser: Browser;
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The answer to the plain request. */
  readonly first: Capture;
  readonly withImages: boolean;
}

const VIEW = { width: 1280, height: 900 };
const FUNCTIONS = [...Object.values(inPage), ...Object.values(consentPage)] as ((...given: never[]) => unknown)[];
/** Ways out that are no requests; nothing of an article needs them. */
const WITHOUT_SIDE_DOORS = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker'])
  delete globalThis[name];`;
/** No growth and no request for so long, and the page has settled; one that shows next to nothing yet is given longer. */
const QUIET_MS = 500;
const EMPTY_QUIET_MS = 1_500;
const EMPTY_CHARS = 200;
const STEP_MS = 100;

export class Tab {
  readonly page: Page;
  readonly session: CDPSession;
  readonly world: IsolatedWorld;
  readonly requests: PageRequests;
  readonly clock: Clock;
  readonly #context: BrowserContext;
  readonly #shut = new Map<string, number>();
  #asked: Promise<PageState | null> | undefined;

  private constructor(parts: Pick<Tab, 'page' | 'session' | 'world' | 'requests' | 'clock'>, context: BrowserContext) {
    ({ page: this.page, session: this.session, world: this.world } = parts);
    ({ requests: this.requests, clock: this.clock } = parts);
    this.#context = context;
  }

  static async open(options: TabOptions): Promise<Tab> {
    const context = await options.browser.newContext({
      acceptDownloads: false,
      permissions: [],
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      timezoneId: 'UTC',
      userAgent: options.userAgent,
      viewport: VIEW,
    });
    try {
      await context.addInitScript(WITHOUT_SIDE_DOORS);
      const page = await context.newPage();
      const { fetcher, clock, signal, first, withImages } = options;
      const requests = new PageRequests({ context, page, fetcher, first, withImages, signal, now: () => clock.now() });
      await requests.attach();
      const session = await context.newCDPSession(page);
      const world = await IsolatedWorld.open(session, FUNCTIONS);
      const tab = new Tab({ page, session, world, requests, clock }, context);
      await tab.#shutDoors();
      return tab;
    } catch (error) {
      await context.close().catch(() => undefined);
      throw error;
    }
  }

  async #shutDoors(): Promise<void> {
    const { page } = this;
    page.on('dialog', (dialog) => this.#shutOne('dialog', dialog.dismiss()));
    page.on('download', (download) => this.#shutOne('download', download.cancel()));
    this.#context.on('page', (popup) => this.#shutOne('popup', popup.close()));
    await this.#context.routeWebSocket(/^/, (socket) => this.#shutOne('WebSocket', socket.close()));
  }

  #shutOne(what: string, closing: Promise<void>): void {
    this.#shut.set(what, (this.#shut.get(what) ?? 0) + 1);
    closing.catch(() => undefined);
  }

  /** What was closed, such as `1 popup`. */
  shut(): string[] {
    return [...this.#shut].map(([what, count]) => `${count} ${what}`);
  }

  /** How the page stands; null where it does not say, since its scripts run on or it is on its way elsewhere. */
  async state(limitMs: number): Promise<PageState | null> {
    // One question at a time: a page that hangs would answer all of them at its end.
    this.#asked ??= this.world
      .call(inPage.stateOfPage)
      .catch(() => null)
      .finally(() => (this.#asked = undefined));
    return (await this.within(limitMs, this.#asked)) ?? null;
  }

  /** What a promise gives, or undefined where it takes longer. Rejects as it does. */
  async within<T>(limitMs: number, awaited: Promise<T>): Promise<T | undefined> {
    const stop = new AbortController();
    const late = this.clock.sleep(Math.max(limitMs, 0), stop.signal).then(
      () => undefined,
      () => undefined,
    );
    try {
      return await Promise.race([awaited, late]);
    } finally {
      stop.abort();
      awaited.catch(() => undefined);
    }
  }

  /** Waits until nothing more comes; null where that is not so by `until`. */
  async settle(until: number): Promise<PageState | null> {
    while (this.clock.now() < until) {
      const state = await this.state(until - this.clock.now());
      if (state !== null && this.#isSettled(state)) return state;
      await this.clock.sleep(STEP_MS);
    }
    return null;
  }

  #isSettled({ isLoading, quietMs, textChars }: PageState): boolean {
    const enoughMs = textChars < EMPTY_CHARS ? EMPTY_QUIET_MS : QUIET_MS;
    return !isLoading && quietMs >= enoughMs && this.requests.quietMs() >= QUIET_MS;
  }

  async close(): Promise<void> {
    await this.#context.close().catch(() => undefined);
  }
}
