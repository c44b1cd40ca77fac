// Crawlee's CheerioCrawler over a list of addresses: parses each page and keeps its title, no more.
// `node crawlee.mjs LIST CONCURRENCY [defaults|memory]`; prints what it took as JSON.
import { readFileSync } from 'node:fs';
import { CheerioCrawler, Configuration, log } from '@crawlee/cheerio';

const [list, concurrency, mode = 'memory'] = process.argv.slice(2);
const urls = readFileSync(list, 'utf8').trim().split('\n');
log.setLevel(log.LEVELS.ERROR);
let pages = 0;
const config = new Configuration(mode === 'memory' ? { persistStorage: false } : {});
const crawler = new CheerioCrawler(
  {
    minConcurrency: Number(concurrency),
    maxConcurrency: Number(concurrency),
    maxRequestRetries: 0,
    ignoreSslErrors: true,
    requestHandler: ({ $ }) => {
      $('title').text();
      pages += 1;
    },
  },
  config,
);
const started = process.hrtime.bigint();
await crawler.run(urls);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({ pages, seconds: Number(process.hrtime.bigint() - started) / 1e9, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxRssMb: maxRSS / 1024 })}\n`,
);
process.exit(0);
