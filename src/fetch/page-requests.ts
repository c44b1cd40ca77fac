/**
 * What a page in the browser asks for, answered by our own fetcher: its guard then holds for every request, whoever makes it.
 * Only what a document is made of is asked for at all, and only by GET.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page, Request, Route } from 'playwright';
import { ROOT } from '../core/package.ts';
import type { Capture, Fetcher, HeaderLines, Hop } from '../core/ports.ts';
import { Slots } from './slots.ts';

export interface PageRequestsOptions {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly fetcher: Pick<Fetcher, 'fetch'>;
  /** The answer to the plain request, replayed to the browser hop by hop. */
  readonly first: Capture;
  readonly withImages: boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const LET_THROUGH: ReadonlySet<string> = new Set(['document', 'stylesheet', 'script', 'xhr', 'fetch']);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Bounds of one page. Beyond the second a page is a trap: it goes from document to document. */
const MAX_REQUESTS = 400;
const MAX_NAVIGATIONS = 20;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 10;
const MAX_IN_FLIGHT = 6;
/** A request that has taken so long is one that waits for news (long polling), and is not waited for. */
const PATIENCE_MS = 5_000;

/** Says what no longer holds once we have decoded the body, or would have the browser act on its own. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'trailer',
  'content-disposition',
  'alt-svc',
  'link',
  'nel',
  'report-to',
  'reporting-endpoints',
  'speculation-rules',
  'strict-transport-security',
  'service-worker-allowed',
]);
/** Of a page's own lines those that an answer may depend on; which browser it is, the fetcher says. */
const SENT_ON: ReadonlySet<string> = new Set(['accept', 'origin', 'referer', 'x-requested-with']);
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** One transparent pixel: pages take a picture that fails to load out of the document. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

let trackers: ReadonlySet<string> | undefined;
/** Whether a host, or what it lies beneath, is one that counts readers (`config/browser.json`). */
export function isTracker(host: string): boolean {
  trackers ??= new Set(
    (JSON.parse(readFileSync(join(ROOT, 'config/browser.json'), 'utf8')) as { trackers: string[] }).trackers,
  );
  const labels = host.toLowerCase().split('.');
  return labels.some((_label, at) => trackers!.has(labels.slice(at).join('.')));
}

export class PageRequests {
  readonly #options: PageRequestsOptions;
  readonly #slots = new Slots(MAX_IN_FLIGHT);
  readonly #startedAt = new Map<Route, number>();
  readonly #refused = new Map<string, number>();
  /** Hops of the first answer that are still to be replayed. */
  #replay: readonly Hop[];
  /** Redirects on the way to the next document. */
  #leading: Hop[] = [];
  #hops: readonly Hop[] = [];
  #documents = 0;
  #document: Capture;
  #lastAt: number;
  #requests = 0;
  #navigations = 0;
  #bytes = 0;

  constructor(options: PageRequestsOptions) {
    this.#options = options;
    this.#document = options.first;
    this.#replay = options.first.hops;
    this.#lastAt = options.now();
  }

  /** From now on every request of the context is answered here. */
  async attach(): Promise<void> {
    await this.#options.context.route('**/*', (route) => this.#answer(route).catch(() => refuse(route)));
  }

  /** The answer that the document now shown came with, its hops, and how many documents there have been. */
  get document(): { readonly capture: Capture; readonly hops: readonly Hop[]; readonly count: number } {
    return { capture: this.#document, hops: this.#hops, count: this.#documents };
  }

  /** How long nothing was asked for; 0 while something is on its way. */
  quietMs(): number {
    const now = this.#options.now();
    const isBusy = [...this.#startedAt.values()].some((startedAt) => now - startedAt < PATIENCE_MS);
    return isBusy ? 0 : now - this.#lastAt;
  }

  /** What was refused, such as `3 image`. */
  refused(): string[] {
    return [...this.#refused].map(([what, count]) => `${count} ${what}`);
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const refusal = this.#refusalOf(request);
    if (refusal !== null) {
      this.#refused.set(refusal, (this.#refused.get(refusal) ?? 0) + 1);
      const isPicture = refusal === 'image';
      return isPicture ? settled(route.fulfill({ contentType: 'image/gif', body: PIXEL })) : refuse(route);
    }
    this.#startedAt.set(route, (this.#lastAt = this.#options.now()));
    try {
      await (this.#isMainDocument(request) ? this.#answerDocument(route) : this.#answerPart(route));
    } catch (error) {
      // A part that cannot be had is missing, as it would be for a reader; that a guard refused it is worth a note.
      const code = (error as { code?: string }).code ?? 'E_INTERNAL';
      this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
      await refuse(route);
    } finally {
      this.#startedAt.delete(route);
      this.#lastAt = this.#options.now();
    }
  }

  /** Why a request is not sent; null where it is. */
  #refusalOf(request: Request): string | null {
    const { protocol, hostname } = new URL(request.url());
    const kind = request.resourceType();
    if (protocol !== 'http:' && protocol !== 'https:') return protocol;
    if (request.method() !== 'GET') return request.method();
    if (!this.#isOwn(request)) return 'popup';
    if (kind === 'image' ? !this.#options.withImages : !LET_THROUGH.has(kind)) return kind;
    if (isTracker(hostname)) return 'tracker';
    if (++this.#requests > MAX_REQUESTS || this.#bytes > MAX_BYTES) return 'beyond the bounds of a page';
    if (this.#isMainDocument(request) && ++this.#navigations > MAX_NAVIGATIONS) return 'beyond the bounds of a page';
    return null;
  }

  #isOwn(request: Request): boolean {
    try {
      return request.frame().page() === this.#options.page;
    } catch {
      // A document that has no frame yet is the first of a page: ours where ours has none.
      return request.isNavigationRequest() && this.#navigations === 0;
    }
  }

  #isMainDocument(request: Request): boolean {
    if (!request.isNavigationRequest()) return false;
    try {
      return request.frame() === this.#options.page.mainFrame();
    } catch {
      return true;
    }
  }

  async #answerDocument(route: Route): Promise<void> {
    const url = withoutHash(route.request().url());
    const { first } = this.#options;
    const [hop, ...rest] = this.#replay;
    const isReplay = hop === undefined ? first.hops.length === 0 && this.#navigations === 1 : hop.url === url;
    this.#replay = isReplay ? rest : [];
    if (isReplay && rest.length === 0) return this.#show(route, first, hop);
    if (isReplay && hop !== undefined) return this.#redirect(route, hop);
    const capture = await this.#fetch(route.request(), url, 'page');
    const last = capture.hops.at(-1)!;
    return REDIRECTS.has(capture.status) ? this.#redirect(route, last) : this.#show(route, capture, last);
  }

  #redirect(route: Route, hop: Hop): Promise<void> {
    this.#leading.push(hop);
    return leadOn(route, targetOf(hop), hop.headers);
  }

  async #show(route: Route, capture: Capture, hop: Hop | undefined): Promise<void> {
    this.#hops = [...this.#leading, ...(hop ? [hop] : [])];
    this.#leading = [];
    this.#document = capture;
    this.#documents++;
    // In the charset that was settled on, whatever the page says of it.
    const contentType = `${capture.contentType || 'text/html'}; charset=utf-8`;
    const headers = { ...answerHeaders(hop?.headers ?? []), 'content-type': contentType };
    await settled(route.fulfill({ status: capture.status, headers, body: capture.text }));
  }

  async #answerPart(route: Route): Promise<void> {
    const request = route.request();
    let url = request.url();
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { status, body, hops } = await this.#fetch(request, url, 'any');
      const hop = hops.at(-1)!;
      const to = REDIRECTS.has(status) ? targetOf(hop) : '';
      if (to === '')
        return settled(route.fulfill({ status, headers: answerHeaders(hop.headers), body: Buffer.from(body) }));
      // A frame's document: what its addresses start from has to be right.
      if (request.isNavigationRequest()) return leadOn(route, to, hop.headers);
      url = withoutHash(to);
    }
    return refuse(route);
  }

  async #fetch(request: Request, url: string, accepts: 'page' | 'any'): Promise<Capture> {
    const { context, fetcher, signal } = this.#options;
    const leave = await this.#slots.take(signal);
    try {
      const cookies = await context.cookies(url);
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const own = Object.entries(request.headers()).filter(([name]) => SENT_ON.has(name));
      const headers: HeaderLines = [...own, ...(cookie === '' ? [] : [['cookie', cookie] as const])];
      const sent = headers.filter(([, value]) => HEADER_VALUE.test(value));
      const capture = await fetcher.fetch({ url, accepts, redirects: 'manual', headers: sent }, signal);
      this.#bytes += capture.body.length;
      return capture;
    } finally {
      leave();
    }
  }
}

const withoutHash = (url: string): string => url.split('#')[0]!;
/** A document that is aborted leaves the page where it is; one that is blocked would put an error in its place. */
const refuse = (route: Route): Promise<void> =>
  settled(route.abort(route.request().isNavigationRequest() ? 'aborted' : 'blockedbyclient'));
/** The page may have gone on meanwhile, or be closed. */
const settled = (answered: Promise<void>): Promise<void> => answered.catch(() => undefined);

/** Where an answer leads; empty where it says so to nobody. Addresses in raw UTF-8 are read as such (RFC 9110 §10.2.2 or not). */
function targetOf({ headers, url }: Hop): string {
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1].trim() ?? '';
  const utf8 = Buffer.from(location, 'latin1').toString('utf8');
  const spelled = utf8.includes('\ufffd') ? location : utf8;
  return location !== '' && URL.canParse(spelled, url) ? new URL(spelled, url).href : '';
}

/**
 * A redirect as a page that leads on, with the cookies of the redirect. A redirect proper the browser would follow by itself,
 * and nobody would be asked whether it may.
 */
function leadOn(route: Route, to: string, lines: HeaderLines): Promise<void> {
  const cookies = answerHeaders(lines)['set-cookie'];
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    ...(cookies !== undefined && { 'set-cookie': cookies }),
  };
  const spelled = JSON.stringify(to).replaceAll('<', String.raw`\u003c`);
  return settled(route.fulfill({ status: 200, headers, body: `<script>location.replace(${spelled})</script>` }));
}

/** Playwright lets every site read what it fulfils, unless the answer says who may: then nobody, where the server named nobody. */
const READ_BY_NOBODY = 'https://nobody.invalid';

/** The answer's lines for the browser; of a cookie's each on a line of its own, as Playwright wants them. */
function answerHeaders(lines: HeaderLines): Record<string, string> {
  const joined: Record<string, string> = { 'access-control-allow-origin': READ_BY_NOBODY };
  for (const [name, value] of lines) {
    const key = name.toLowerCase();
    if (LEFT_OUT.has(key) || !/^[\w-]+$/.test(key) || !HEADER_VALUE.test(value)) continue;
    const before = joined[key] === READ_BY_NOBODY ? undefined : joined[key];
    joined[key] = before === undefined ? value : `${before}${key === 'set-cookie' ? '\n' : ', '}${value}`;
  }
  return joined;
}
