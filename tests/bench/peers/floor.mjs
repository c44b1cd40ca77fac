// undici alone over a list of addresses, bodies inflated and thrown away: what no crawler on Node can be below.
// `node floor.mjs LIST CONCURRENCY`; prints what it took as JSON.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Agent, request } from 'undici';

const [list, concurrency] = process.argv.slice(2);
const urls = readFileSync(list, 'utf8').trim().split('\n');
const agent = new Agent({ connections: 1 });
let pages = 0;
let next = 0;
const started = process.hrtime.bigint();
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    while (next < urls.length) {
      const { body, headers } = await request(urls[next++], {
        dispatcher: agent,
        headers: { 'accept-encoding': 'gzip' },
      });
      const bytes = Buffer.from(await body.arrayBuffer());
      if (headers['content-encoding'] === 'gzip') gunzipSync(bytes);
      pages += 1;
    }
  }),
);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({ pages, seconds: Number(process.hrtime.bigint() - started) / 1e9, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxRssMb: maxRSS / 1024 })}\n`,
);
process.exit(0);
