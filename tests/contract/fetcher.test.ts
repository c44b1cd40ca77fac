import { systemClock } from '../../src/core/clock.ts';
import { createHttpFetcher } from '../../src/fetch/http.ts';
import { fetcherContract } from './fetcher.ts';

fetcherContract('the HTTP fetcher', () =>
  createHttpFetcher({
    userAgent: 'tearsheet-contract/1',
    connectTimeoutMs: 5_000,
    headersTimeoutMs: 5_000,
    bodyTimeoutMs: 5_000,
    maxWireBytes: 1_000_000,
    maxInflatedBytes: 1_000_000,
    maxRedirects: 5,
    maxRetries: 0,
    retryBaseMs: 1,
    maxRetryWaitMs: 1,
    allowAddresses: ['127.0.0.1/32'],
    verifyTls: 'require',
    clock: systemClock,
  }),
);
