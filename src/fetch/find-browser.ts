/** Where a browser is: the one that is configured, Playwright's own, or the system's. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TearsheetError } from '../core/errors.ts';
import { ROOT } from '../core/package.ts';

interface Places {
  /** What systems call a Chromium, and where they put one that is on no search path. */
  readonly systemNames: readonly string[];
  readonly systemPaths: readonly string[];
}
export interface BrowserSearch {
  /** As configured; empty or not given for none. */
  readonly path?: string;
  /** Where Playwright keeps its own, whether or not it is there; empty where it has none for this system. */
  readonly playwrightPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places?: Places;
}
export interface FoundBrowser {
  readonly path: string;
  readonly whose: 'configured' | 'playwright' | 'system';
}

const HOW_TO_GET = 'npx playwright install chromium, or on Debian as root: apt-get install -y chromium';

const placesOf = (): Places => JSON.parse(readFileSync(join(ROOT, 'config/browser.json'), 'utf8')) as Places;

const isProgram = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** A path that is configured is meant: where nothing is there, no other browser takes its place. Throws `E_BROWSER_MISSING`. */
export function searchBrowser({ path = '', playwrightPath, env, places = placesOf() }: BrowserSearch): FoundBrowser {
  if (path !== '') {
    if (isProgram(path)) return { path, whose: 'configured' };
    const message = `browser.path: expected a browser's program, got none at ${path}; mend the setting, or leave it out`;
    throw new TearsheetError('E_BROWSER_MISSING', message);
  }
  if (playwrightPath !== '' && isProgram(playwrightPath)) return { path: playwrightPath, whose: 'playwright' };
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = places.systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [...candidates, ...places.systemPaths].find(isProgram);
  if (found !== undefined) return { path: found, whose: 'system' };
  throw new TearsheetError('E_BROWSER_MISSING', `expected a browser, got none; to get one: ${HOW_TO_GET}`);
}
