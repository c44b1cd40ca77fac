/** Pages written by the tests, and a browser that shows them. Where there is no browser at all the suites are skipped, aloud. */
import type http from 'node:http';
import { afterAll, describe } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Capture, Fetcher, FetchRequest } from '../../../src/core/ports.ts';
import { findBrowser } from '../../../src/fetch/browser.ts';
import { createHttpFetcher } from '../../../src/fetch/http.ts';
import { createBrowserFetcher } from '../../../src/fetch/renderer.ts';
import type { BrowserFetcher, BrowserOptions } from '../../../src/fetch/renderer.ts';
import { optionsOf } from './loopback.ts';

const hasBrowser = await findBrowser({}).then(
  () => true,
  (error: Error) => {
    console.warn(`skipped: ${error.message}`);
    return false;
  },
);
export const describeBrowser = hasBrowser ? describe : describe.skip;

const USER_AGENT = 'tearsheet-test/1';
const closing: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const closable of closing.splice(0)) await closable.close();
});

/** A guarded fetcher that writes down what it was asked for. */
export function askedFetcher(): Pick<Fetcher, 'fetch'> & { readonly asked: FetchRequest[] } {
  const fetcher = createHttpFetcher(optionsOf({ userAgent: USER_AGENT, clock: systemClock }));
  closing.push(fetcher);
  const asked: FetchRequest[] = [];
  return {
    asked,
    fetch: (request, signal) => {
      asked.push(request);
      return fetcher.fetch(request, signal);
    },
  };
}

/** Closed when the file's tests are over. */
export function browser(overrides: Partial<BrowserOptions> = {}): BrowserFetcher {
  const renderer = createBrowserFetcher({
    fetcher: askedFetcher(),
    pageTimeoutMs: 20_000,
    maxPages: 1_000,
    concurrency: 4,
    clock: systemClock,
    userAgent: USER_AGENT,
    ...overrides,
  });
  closing.unshift(renderer);
  return renderer;
}

type Answer = string | http.RequestListener;
/** Answers each path with its HTML, or as it says; 404 for the rest. Paths that were asked for are written down. */
export function site(pages: Readonly<Record<string, Answer>>): http.RequestListener & { readonly hits: string[] } {
  const hits: string[] = [];
  const handler: http.RequestListener = (request, response) => {
    const path = request.url ?? '';
    hits.push(`${request.method} ${path}`);
    const answer = pages[path.split('?')[0]!];
    if (typeof answer === 'function') return answer(request, response);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(answer ?? '<h1>Not found</h1>');
  };
  return Object.assign(handler, { hits });
}

/** A body of text, so that a page counts as one that shows something. */
export const LONG =
  '<p>The lamp room opens at dusk, and the keeper walks the gallery twice before the light is lit. </p>'.repeat(4);

export const bodyOf = ({ text }: Capture): string => text.slice(text.indexOf('<body'));
