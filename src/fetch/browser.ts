/** The only door to Playwright: finds a browser and starts it so that nothing it does can leave the machine by itself. */
import type { Browser, LaunchOptions } from 'playwright';
import { TearsheetError } from '../core/errors.ts';
import { searchBrowser } from './find-browser.ts';
import type { FoundBrowser } from './find-browser.ts';

/** Loaded with the first page that needs it: 150 ms, and 20 MB. */
const playwright = () => import('playwright');

/**
 * Finds a browser: at `path` where that is given, else Playwright's own, else the system's. Starts nothing.
 * Throws `E_BROWSER_MISSING` with a line that says how to get one.
 */
export async function findBrowser(given: {
  readonly path?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}): Promise<FoundBrowser> {
  const { chromium } = await playwright();
  const { path, env = process.env } = given;
  return searchBrowser({ playwrightPath: chromium.executablePath(), env, ...(path !== undefined && { path }) });
}

/**
 * Every request is answered before it reaches the browser's network. These are for what would go past that: no name and no
 * address resolves, and all connections go through a proxy that is not there, those to loopback too.
 */
const CUT_OFF: readonly string[] = [
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--proxy-server=http://nowhere.invalid:9',
  '--proxy-bypass-list=<-loopback>',
  // WebRTC speaks UDP to addresses it is told, which no resolver and no proxy sees.
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--dns-prefetch-disable',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-first-run',
];
const SMALL: readonly string[] = [
  // A page that takes more crashes, and is tried once more.
  '--js-flags=--max-old-space-size=512',
  // Frames of other sites in one process with their page: their consent dialogs can be spoken to, and twenty adverts cost no twenty processes.
  '--disable-site-isolation-trials',
  '--disable-gpu',
  '--mute-audio',
];

export interface RunningBrowser {
  readonly browser: Browser;
  /** Process id of the browser itself; its other processes end with it. */
  readonly pid: number;
  /** False where the system does not let a browser lock itself in, or this is root's. */
  readonly isSandboxed: boolean;
}

/** Starts a browser. Throws `E_BROWSER_MISSING`, `E_BROWSER_FAILED`. */
export async function startBrowser(path: string | undefined, timeoutMs: number): Promise<RunningBrowser> {
  const { chromium } = await playwright();
  const found = await findBrowser({ ...(path !== undefined && { path }) });
  const options: LaunchOptions = {
    executablePath: found.path,
    headless: true,
    args: [...CUT_OFF, ...SMALL],
    // The program's own signals end a run page by page, not by taking the browser away.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: timeoutMs,
  };
  let isSandboxed = process.getuid?.() !== 0;
  const launch = (): Promise<Browser> => chromium.launch({ ...options, chromiumSandbox: isSandboxed });
  try {
    const browser = await launch().catch((error: unknown) => {
      if (!isSandboxed || !/sandbox/i.test(String(error))) throw error;
      isSandboxed = false;
      return launch();
    });
    return { browser, pid: await pidOf(browser), isSandboxed };
  } catch (cause) {
    const said = String((cause as Error).message).split('\n')[0];
    const message = `${found.path}: expected a browser that starts, got: ${said}; try it by hand, or set browser.path`;
    throw new TearsheetError('E_BROWSER_FAILED', message, { cause });
  }
}

async function pidOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.find(({ type }) => type === 'browser')?.id ?? 0;
}
