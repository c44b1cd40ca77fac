/** Crawls of real pages on many hosts, which the news web beside the checkout serves and counts. Skipped, aloud, where it is missing. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FAKEWEB, flagsOf, hasNewsWeb, openNewsWeb, placeIn, UNHURRIED } from '../bench/news-web.ts';
import type { NewsWeb, Place } from '../bench/news-web.ts';
import { tearsheet } from './command-line.ts';

if (!hasNewsWeb) console.warn(`skipped: the news web is not at ${FAKEWEB}`);

let dir: string;
let web: NewsWeb | undefined;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-crawl-web-'));
});
afterEach(async () => {
  await web?.close();
  web = undefined;
  await rm(dir, { recursive: true });
});

const SETTINGS = { ...UNHURRIED, fetch: { maxRetries: 0 }, browser: { render: 'never' } };
async function crawl(place: Place, ...argv: string[]) {
  const { code, objects, stderr } = await tearsheet(['crawl', '--json', ...argv, ...flagsOf(place)]);
  const lines = objects();
  return { code, stderr, visits: lines.slice(0, -1), summary: lines.at(-1) as Record<string, unknown> };
}
async function verified(place: Place): Promise<void> {
  const { objects } = await tearsheet(['verify', '--json', ...flagsOf(place)]);
  expect(objects()).toMatchObject([{ problems: [], notes: [] }]);
}

interface Truth {
  readonly plan: string;
  readonly versions: number;
}

describe.skipIf(!hasNewsWeb)('a crawl of the news web', () => {
  test('asks each host for one thing at a time, as slowly as it wants, and for its rules once a day', async () => {
    const [articles, hosts] = [60, 10];
    web = await openNewsWeb({ articles, hosts, flags: ['--crawl-delay', '0.2'] });
    const place = await placeIn(dir, web, SETTINGS);
    const first = await crawl(place);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.summary).toMatchObject({
      ended: 'finished',
      pages: articles,
      outcomes: { new: articles },
      failures: [],
    });
    const again = await crawl(place, '--all');
    expect(again.summary).toMatchObject({ pages: articles, outcomes: { 'not-modified': articles } });
    const stats = Object.values(await web.stats());
    // Rules once; the index, the sitemap and six articles, twice.
    expect(stats.map(({ hits, robots, maxInFlight }) => [hits, robots, maxInFlight])).toEqual(
      Array.from({ length: hosts }, () => [1 + 2 * (2 + articles / hosts), 1, 1]),
    );
    expect(Math.min(...stats.map(({ minGapMs }) => minGapMs ?? 0))).toBeGreaterThanOrEqual(200);
    await verified(place);
  });

  test('finds out about a site by its address alone', async () => {
    web = await openNewsWeb({ articles: 24, hosts: 2 });
    const place = await placeIn(dir, { ...web, hosts: 0 }, SETTINGS);
    const added = await tearsheet([
      'sources',
      'add',
      `http://127.0.1.1:${web.port}/`,
      '--name',
      'first',
      ...flagsOf(place),
    ]);
    expect(added.code).toBe(0);
    const { summary, visits } = await crawl(place, 'first');
    expect(summary).toMatchObject({ pages: 12, outcomes: { new: 12 } });
    expect(visits.every(({ url }) => (url as string).startsWith(`http://127.0.1.1:${web?.port}/news/`))).toBe(true);
  });

  test('keeps articles current over four epochs of edits, and makes no version of noise', async () => {
    const [articles, hosts] = [60, 10];
    web = await openNewsWeb({ articles, hosts, flags: ['--edits'] });
    const place = await placeIn(dir, web, SETTINGS);
    const wrong: string[] = [];
    for (const epoch of [0, 1, 2, 3]) {
      await web.control(`epoch?n=${epoch}`);
      const { code } = await crawl(place, '--all');
      expect(code).toBe(0);
      const truth = await web.control<Record<string, Truth>>('truth');
      const kept = new Map(
        (await tearsheet(['list', '--json', ...flagsOf(place)])).objects().map(({ url, versions }) => [url, versions]),
      );
      for (const [url, { plan, versions }] of Object.entries(truth))
        // A page that goes to and fro is kept each time, as it was read: the truth would call the fourth a variant.
        if (plan !== 'flap' && kept.get(url) !== versions)
          wrong.push(`epoch ${epoch}: ${url} (${plan}) has ${String(kept.get(url))} versions, not ${versions}`);
    }
    expect(wrong).toEqual([]);
    await verified(place);
  });
});
