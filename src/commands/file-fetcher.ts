/** A saved page in the place of a server's answer. */
import { decodeText } from '../core/charset.ts';
import type { Clock } from '../core/clock.ts';
import { instantOf } from '../core/clock.ts';
import type { Capture, Fetcher } from '../core/ports.ts';
import type { PageFile } from './page-file.ts';

/** A fetcher whose every answer is `page`, with status 200 and no header but its content type. */
export function createFileFetcher(page: PageFile, clock: Clock): Fetcher {
  return {
    fetch: ({ url }) => {
      const startedAt = instantOf(clock.now());
      const { text, charset } = decodeText(page.bytes, { contentType: page.contentType });
      const headers = [['Content-Type', page.contentType]] as const;
      return Promise.resolve<Capture>({
        url,
        finalUrl: url,
        hops: [
          {
            url,
            method: 'GET',
            requestHeaders: [],
            status: 200,
            statusText: 'OK',
            headers,
            wireBody: page.bytes,
            startedAt,
          },
        ],
        status: 200,
        headers: { 'content-type': page.contentType },
        contentType: (page.contentType.split(';')[0] as string).trim().toLowerCase(),
        body: page.bytes,
        text,
        charset,
        engine: 'file',
        startedAt,
        timings: { headersMs: 0, totalMs: 0 },
      });
    },
    close: () => Promise.resolve(),
  };
}
