/** The browser as a run has it: asked only for pages whose article is not in their HTML, started with the first of them. */
import type { Clock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { asTearsheetError } from './core/errors.ts';
import { createLog } from './core/log.ts';
import { needsBrowser } from './core/needs-browser.ts';
import type { Capture, Renderer, Rendering } from './core/ports.ts';
import type { Sources } from './core/sources.ts';
import { userAgentOf } from './core/package.ts';
import type { Parts } from './visit.ts';

export interface BrowserParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly sources: Sources;
  /** Pictures that are kept with every page; a page is shown for their sake alone, then. */
  readonly views?: { readonly screenshot: boolean; readonly pdf: boolean };
  /** The turn of a page's host, held while the page and its parts are fetched. */
  readonly turn?: (host: string, signal?: AbortSignal) => Promise<() => void>;
}
export interface OpenedBrowser {
  readonly render: NonNullable<Parts['render']>;
  close(): Promise<void>;
}

/** Where a browser program lies, and whose it is. Throws `E_BROWSER_MISSING`. */
export async function findBrowser(
  { browser }: Config,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly path: string; readonly whose: string }> {
  const room = await import('./fetch/browser.ts');
  return room.findBrowser({ path: browser.path, env });
}

async function startRenderer({ config, clock }: BrowserParts): Promise<Renderer> {
  const [{ createBrowserFetcher }, { createHttpFetcher }] = await Promise.all([
    import('./fetch/renderer.ts'),
    import('./fetch/http.ts'),
  ]);
  const userAgent = userAgentOf(config.fetch.contact);
  // A part that fails is left out at once: the page does not wait for it.
  const fetcher = createHttpFetcher({ ...config.fetch, maxRetries: 0, userAgent, clock });
  const renderer = createBrowserFetcher({ ...config.browser, fetcher, clock, userAgent });
  return {
    render: (request, signal) => renderer.render(request, signal),
    close: async () => {
      await renderer.close();
      await fetcher.close();
    },
  };
}

/** No browser is looked for before the first page that needs one; a page that then cannot be shown is kept as its HTML is. */
export function openBrowser(parts: BrowserParts): OpenedBrowser {
  const { config, sources, views = { screenshot: false, pdf: false }, turn } = parts;
  const log = createLog(config.log.level).child('fetch');
  const isPictured = views.screenshot || views.pdf;
  let renderer: Promise<Renderer> | undefined;
  const render: OpenedBrowser['render'] = async ({ url, capture, reading }, signal) => {
    const mode = isPictured ? 'always' : (sources.of(url)?.file.render ?? config.browser.render);
    const why = needsBrowser({ reading, capture, render: mode });
    if (why === null) return null;
    renderer ??= startRenderer(parts);
    const leave = await turn?.(new URL(url).host, signal);
    try {
      const shown = await (await renderer).render({ url, capture, ...views }, signal);
      if (shown.notes.length > 0) log.info('shown in a browser', { url, why, notes: shown.notes });
      return { capture: withViews(shown), why };
    } catch (thrown) {
      const { code, message } = asTearsheetError(thrown);
      // What was asked for in so many words is not passed over.
      if (code === 'E_INTERRUPTED' || mode === 'always') throw thrown;
      log.warn('read without a browser', { url, why, code, message });
      return null;
    } finally {
      leave?.();
    }
  };
  return { render, close: async () => (await renderer?.catch(() => undefined))?.close() };
}

function withViews({ capture, screenshot, pdf }: Rendering): Capture {
  const views = [
    ...(screenshot === undefined ? [] : [{ kind: 'screenshot' as const, body: screenshot }]),
    ...(pdf === undefined ? [] : [{ kind: 'pdf' as const, body: pdf }]),
  ];
  return views.length === 0 ? capture : { ...capture, views };
}
