import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LONG, askedFetcher, browser, describeBrowser, site } from './browser-page.ts';
import { code, served } from './loopback.ts';

const fetcher = askedFetcher();
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const page = `<!doctype html><body>${LONG}`;
/** Runs `act` when a path is asked for, then answers it. */
const acting = (act: (time: number) => unknown) => {
  let times = 0;
  return site({
    '/': `${page}<script src=/act.js></script><p>end</p>`,
    '/act.js': async (_request, response) => {
      await act(++times);
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('');
    },
  });
};

describeBrowser('the life of a browser', () => {
  it('starts none before the first page, uses one for many, and leaves no process behind', async () => {
    const own = await served(site({ '/': page }));
    const renderer = browser({ fetcher });
    expect(await renderer.pids()).toEqual([]);
    await Promise.all([1, 2, 3].map(() => renderer.render({ url: own.origin })));
    const [pid, ...others] = await renderer.pids();
    expect(others).toEqual([]);
    expect(isAlive(pid!)).toBe(true);
    await renderer.close();
    expect(isAlive(pid!)).toBe(false);
    expect(await renderer.pids()).toEqual([]);
    await expect(renderer.render({ url: own.origin })).rejects.toEqual(code('E_INTERRUPTED'));
  });

  it('tries a page whose browser is killed once more, on a new one', async () => {
    const renderer = browser({ fetcher });
    const killed: number[] = [];
    const own = await served(
      acting(async (time) => {
        const [pid] = await renderer.pids();
        if (time === 1) process.kill(pid!, 'SIGKILL');
        killed.push(pid!);
      }),
    );
    const { capture } = await renderer.render({ url: `${own.origin}/` });
    expect(capture.text).toContain('<p>end</p>');
    expect(new Set(killed).size).toBe(2);
    expect(isAlive(killed[0]!)).toBe(false);
  });

  it('gives up a page that kills its browser twice, and shows the next', async () => {
    const renderer = browser({ fetcher });
    const handler = acting(async () => process.kill((await renderer.pids()).at(-1)!, 'SIGKILL'));
    const own = await served(handler);
    const calm = await served(site({ '/': page }));
    await expect(renderer.render({ url: `${own.origin}/` })).rejects.toEqual(code('E_BROWSER_FAILED'));
    // The page itself was fetched once; each browser asked for its script.
    expect(handler.hits).toEqual(['GET /', 'GET /act.js', 'GET /act.js']);
    expect((await renderer.render({ url: calm.origin })).capture.text).toContain('lamp room');
  });

  it('is started anew after so many pages, and the old one ends with its last', async () => {
    const own = await served(site({ '/': page }));
    const renderer = browser({ fetcher, maxPages: 2, concurrency: 1 });
    const pids: number[] = [];
    for (let pages = 0; pages < 3; pages++) {
      const rendering = renderer.render({ url: own.origin });
      await rendering;
      pids.push(...(await renderer.pids()));
    }
    expect(new Set(pids).size).toBe(2);
    expect(pids.filter(isAlive)).toEqual(pids.slice(-1));
  });

  it('shows no more pages at once than it may', async () => {
    let open = 0;
    let most = 0;
    const own = await served(
      site({
        '/': `${page}<script src=/slow.js></script>`,
        '/slow.js': (_request, response) => {
          most = Math.max(most, ++open);
          setTimeout(() => {
            open--;
            response.writeHead(200, { 'content-type': 'text/javascript' }).end('');
          }, 300);
        },
      }),
    );
    const renderer = browser({ fetcher, concurrency: 2 });
    await Promise.all([1, 2, 3, 4, 5].map(() => renderer.render({ url: `${own.origin}/` })));
    expect(most).toBe(2);
  });

  it('stops at a signal, before its turn and in the middle, and goes on with others', async () => {
    const renderer = browser({ fetcher, concurrency: 1 });
    const stop = new AbortController();
    const own = await served(
      site({
        '/': `${page}<script src=/hang.js></script>`,
        '/hang.js': () => stop.abort(new Error('enough')),
        '/calm': page,
      }),
    );
    const middle = renderer.render({ url: `${own.origin}/` }, stop.signal);
    const waiting = renderer.render({ url: `${own.origin}/calm` }, stop.signal);
    const other = renderer.render({ url: `${own.origin}/calm` });
    await expect(middle).rejects.toEqual(code('E_INTERRUPTED'));
    await expect(waiting).rejects.toEqual(code('E_INTERRUPTED'));
    expect((await other).capture.status).toBe(200);
  });

  it('ends with what it has in hand when it is closed', async () => {
    const renderer = browser({ fetcher });
    let pid = 0;
    const own = await served(
      site({
        '/': `${page}<script src=/hang.js></script>`,
        '/hang.js': async () => {
          [pid = 0] = await renderer.pids();
          await renderer.close();
        },
      }),
    );
    await expect(renderer.render({ url: `${own.origin}/` })).rejects.toEqual(code('E_INTERRUPTED'));
    await renderer.close();
    expect(isAlive(pid)).toBe(false);
  });

  it('says what is wrong with a browser that is not there, or is none', async () => {
    const own = await served(site({ '/': page }));
    const missing = browser({ fetcher, path: '/nowhere/chromium' });
    await expect(missing.render({ url: own.origin })).rejects.toEqual(code('E_BROWSER_MISSING'));
    const dir = await mkdtemp(join(tmpdir(), 'tearsheet-browser-'));
    const none = join(dir, 'chromium');
    await writeFile(none, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await expect(browser({ fetcher, path: none }).render({ url: own.origin })).rejects.toEqual(
      code('E_BROWSER_FAILED'),
    );
    await rm(dir, { recursive: true });
  });
});
