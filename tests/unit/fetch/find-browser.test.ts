import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { searchBrowser } from '../../../src/fetch/find-browser.ts';
import { code } from './loopback.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-find-'));
});
afterEach(() => rm(dir, { recursive: true }));

const program = async (...place: string[]): Promise<string> => {
  const path = join(dir, ...place);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '');
  return path;
};
const nowhere = () => ({ playwrightPath: join(dir, 'none'), env: {}, places: { systemNames: [], systemPaths: [] } });
const found =
  (search: Parameters<typeof searchBrowser>[0]): (() => unknown) =>
  () =>
    searchBrowser(search);

describe('where a browser is', () => {
  it('is where the settings say, before all else', async () => {
    const [path, own] = [await program('mine'), await program('playwright')];
    expect(searchBrowser({ ...nowhere(), path, playwrightPath: own })).toEqual({ path, whose: 'configured' });
  });

  it('is nowhere else where the settings name a place without one', async () => {
    const own = await program('playwright');
    await mkdir(join(dir, 'folder'));
    expect(found({ ...nowhere(), path: join(dir, 'gone'), playwrightPath: own })).toThrow(code('E_BROWSER_MISSING'));
    expect(found({ ...nowhere(), path: join(dir, 'folder'), playwrightPath: own })).toThrow(/browser\.path/);
  });

  it('is Playwright’s own where that is installed', async () => {
    const own = await program('playwright');
    const other = await program('bin', 'chromium');
    const env = { PATH: join(other, '..') };
    const search = { ...nowhere(), env, places: { systemNames: ['chromium'], systemPaths: [] } };
    expect(searchBrowser({ ...search, playwrightPath: own })).toEqual({ path: own, whose: 'playwright' });
    expect(searchBrowser({ ...search, playwrightPath: '' })).toEqual({ path: other, whose: 'system' });
  });

  it('is the first name of the system’s on the search path, then a place of its own', async () => {
    const second = await program('a', 'chrome');
    const first = await program('b', 'chromium');
    const placed = await program('Applications', 'Chromium');
    const env = { PATH: ['', join(dir, 'a'), join(dir, 'b')].join(delimiter) };
    const places = { systemNames: ['chromium', 'chrome'], systemPaths: [placed] };
    expect(searchBrowser({ ...nowhere(), env, places }).path).toBe(first);
    await rm(first);
    expect(searchBrowser({ ...nowhere(), env, places }).path).toBe(second);
    expect(searchBrowser({ ...nowhere(), places })).toEqual({ path: placed, whose: 'system' });
  });

  it('says in one line how to get one where there is none', () => {
    expect(found(nowhere())).toThrow(code('E_BROWSER_MISSING'));
    expect(found(nowhere())).toThrow(
      /^expected a browser, got none; .*npx playwright install chromium.*apt-get install/,
    );
  });

  it('knows names by itself', () => {
    const { places: _, ...rest } = nowhere();
    expect(found({ ...rest, env: { PATH: dir } })).not.toThrow(/undefined/);
  });
});
