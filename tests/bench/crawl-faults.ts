/**
 * `npx tsx tests/bench/crawl-faults.ts`: every way in which servers of the news web misbehave, mixed into a crawl of its
 * articles. Prints for each fault what came of its pages and how often they were asked for, and fails where a good page was
 * not kept, a fault was not named, or one was tried again against its nature.
 *
 *   --articles N (400), --hosts N (20), --each N (5)   pages of each fault
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { FAKEWEB, flagsOf, hasNewsWeb, objectsOf, openNewsWeb, placeIn, runNode } from './news-web.ts';
import type { NewsWeb } from './news-web.ts';
import { tableOf } from './tables.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '400' },
    hosts: { type: 'string', default: '20' },
    each: { type: 'string', default: '5' },
  },
});

interface Expected {
  /** Outcomes that are right, each with its error's code where it has one. */
  readonly outcomes: readonly string[];
  /** Requests that one page may take: retries of faults that may pass, and redirects. */
  readonly mostRequests: number;
}
const RETRIES = 1;
const once = (...outcomes: string[]): Expected => ({ outcomes, mostRequests: 1 });
const again = (...outcomes: string[]): Expected => ({ outcomes, mostRequests: 1 + RETRIES });
/** By fault of the web's `/fault/<name>/`; what is not a page of its own is named by what was made of it. */
const FAULTS: Readonly<Record<string, Expected>> = {
  '429': { outcomes: ['new', 'error E_FETCH_STATUS'], mostRequests: 3 },
  '429always': again('error E_FETCH_STATUS', 'not visited'),
  '503': again('error E_FETCH_STATUS', 'not visited'),
  slow: again('error E_FETCH_TIMEOUT', 'not visited', 'new'),
  trunc: again('error E_FETCH_TRUNCATED', 'not visited'),
  loop: { outcomes: ['error E_FETCH_REDIRECTS'], mostRequests: 4 },
  chain: { outcomes: ['new', 'unchanged'], mostRequests: 7 },
  huge: once('error E_FETCH_TOO_LARGE', 'error E_FETCH_TIMEOUT'),
  cp1251: once('new'),
  cp1251lie: once('new'),
  cp1251meta: once('new'),
  bomb: once('error E_FETCH_TOO_LARGE'),
  badgzip: again('error E_FETCH_ENCODING', 'error E_FETCH_TRUNCATED', 'not visited'),
  reset: again('error E_FETCH_CONNECT', 'not visited'),
  hang: again('error E_FETCH_TIMEOUT', 'not visited'),
  drip: again('error E_FETCH_TIMEOUT', 'not visited'),
  empty: once('error E_FETCH_EMPTY'),
  soft404: once('soft-404 E_PAGE_GONE'),
  deep: once('new', 'no-article', 'error E_FETCH_EMPTY'),
  pdf: once('error E_FETCH_TYPE'),
  // Its address says that it is no article.
  login: { outcomes: ['walled E_PAGE_WALLED', 'not visited'], mostRequests: 2 },
  private: once('error E_FETCH_ADDRESS'),
};

/** Names every faulty page, as a sitemap in plain text. */
async function openList(urls: readonly string[]): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    if (request.url !== '/faults.txt') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${urls.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/faults.txt`, close: () => server.close() };
}

const faultsOf = (web: NewsWeb): Map<string, string> =>
  new Map(
    Object.keys(FAULTS).flatMap((name, f) =>
      Array.from({ length: Number(values.each) }, (_, n): [string, string] => {
        const i = f * Number(values.each) + n;
        return [`http://127.0.1.${(i % web.hosts) + 1}:${web.port}/fault/${name}/${i}.html`, name];
      }),
    ),
  );

const SETTINGS = {
  crawl: { delayMs: 0, latencyFactor: 0, breakerFailures: 50, breakerMs: 1000 },
  fetch: { headersTimeoutMs: 2000, bodyTimeoutMs: 5000, maxRetries: RETRIES, retryBaseMs: 100, maxRetryWaitMs: 2000 },
  browser: { render: 'never' },
};

interface Row {
  readonly count: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly isRight: boolean;
}

async function crawled(folder: string, web: NewsWeb, list: string) {
  const hosts = Array.from({ length: web.hosts }, (_, n) => `127.0.1.${n + 1}`);
  const sitemaps = [...hosts.map((host) => `http://${host}:${web.port}/sitemap_index.xml`), list];
  // One source for all hosts, since the list names pages on each.
  const facts = `hosts: ${JSON.stringify(['127.0.0.1', ...hosts])}\nsitemaps: ${JSON.stringify(sitemaps)}\n`;
  const place = await placeIn(folder, { ...web, hosts: 1 }, SETTINGS, () => facts);
  const ran = await runNode([await built(), 'crawl', '--json', ...flagsOf(place)]);
  const lines = objectsOf(ran.stdout);
  const verified = await runNode([await built(), 'verify', '--json', '--archive', place.archive]);
  return { ...ran, visits: lines.slice(0, -1), summary: lines.at(-1), verified: verified.status === 0 };
}

const told = ({ outcome, error }: Record<string, unknown>): string =>
  `${outcome as string}${error === undefined ? '' : ` ${(error as { code: string }).code}`}`;

type Visits = Awaited<ReturnType<typeof crawled>>['visits'];

function rowsOf(visits: Visits, faults: ReadonlyMap<string, string>): [string, Row][] {
  const byUrl = new Map(visits.map((visit) => [visit['url'] as string, visit]));
  return Object.entries(FAULTS).map(([name, expected]): [string, Row] => {
    const urls = [...faults].filter(([, fault]) => fault === name).map(([url]) => url);
    const outcomes: Record<string, number> = {};
    for (const url of urls) {
      const visit = byUrl.get(url);
      const outcome = visit === undefined ? 'not visited' : told(visit);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    const isRight = Object.keys(outcomes).every((one) => expected.outcomes.includes(one));
    return [name, { count: urls.length, outcomes, isRight }];
  });
}

function print(rows: readonly [string, Row][]): void {
  const cells = rows.map(([name, { count, outcomes, isRight }]) => {
    const came = Object.entries(outcomes).map(([outcome, n]) => `${n} ${outcome}`);
    return [name, String(count), came.join(', '), isRight ? 'yes' : 'NO'];
  });
  process.stdout.write(`${tableOf(['fault', 'pages', 'what came of them', 'as it should be'], cells, false)}\n\n`);
}

/** Documents and robots.txt of each host, and one more of the list. */
const REQUESTS_A_HOST = 3;

async function main(folder: string): Promise<boolean> {
  const web = await openNewsWeb({ articles: Number(values.articles), hosts: Number(values.hosts) });
  const faults = faultsOf(web);
  const list = await openList([...faults.keys()]);
  try {
    await web.control('warm');
    const { visits, summary, status, stderr, verified, seconds } = await crawled(folder, web, list.url);
    const stats = Object.values(await web.stats());
    const rows = rowsOf(visits, faults);
    print(rows);
    const good = visits.filter(({ url }) => !faults.has(url as string));
    const kept = good.filter(({ outcome }) => outcome === 'new').length;
    const forFaults = Object.values(FAULTS).reduce(
      (sum, { mostRequests }) => sum + mostRequests * Number(values.each),
      0,
    );
    const mostRequests = good.length + REQUESTS_A_HOST * web.hosts + forFaults;
    const requests = stats.reduce((sum, { hits }) => sum + hits, 0);
    const inFlight = Math.max(...stats.map(({ maxInFlight }) => maxInFlight));
    process.stdout.write(
      `good pages ${good.length} of ${values.articles}, kept ${kept}; requests ${requests}, at most ${mostRequests} expected; ` +
        `in flight to one host ${inFlight}; exit ${status}; ${verified ? 'verifies' : 'DOES NOT VERIFY'}; ${seconds.toFixed(0)} s\n` +
        `${JSON.stringify(summary)}\n${stderr}`,
    );
    const isAllKept = good.length === Number(values.articles) && kept === good.length;
    const isPolite = requests <= mostRequests && inFlight === 1;
    return rows.every(([, { isRight }]) => isRight) && isAllKept && isPolite && verified && status === 0;
  } finally {
    list.close();
    await web.close();
  }
}

if (!hasNewsWeb) throw new Error(`expected the news web at ${FAKEWEB}, got nothing there`);
const folder = await mkdtemp(join(tmpdir(), 'tearsheet-bench-faults-'));
try {
  if (!(await main(folder))) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
