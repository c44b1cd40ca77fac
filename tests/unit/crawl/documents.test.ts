import { describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { Capture, FetchRequest } from '../../../src/core/ports.ts';
import { visitDocument } from '../../../src/crawl/documents.ts';
import type { DocumentParts } from '../../../src/crawl/documents.ts';
import { entryOf } from './entries.ts';

const feed = entryOf({ kind: 'feed', url: 'https://daily.example/feed', validators: { etag: '"1"' } });
const found = [{ url: 'https://daily.example/news/2', foundBy: 'feed', foundAt: '2026-03-03T08:00:00.000Z' } as const];
const captureOf = (status: number, headers: Record<string, string> = {}): Capture =>
  ({ status, headers, hops: [{ wireBody: Buffer.alloc(30) }, { wireBody: Buffer.alloc(12) }] }) as unknown as Capture;

async function visit(answer: Capture | Error, permit: Partial<Awaited<ReturnType<DocumentParts['permit']>>> = {}) {
  const requests: FetchRequest[] = [];
  const parts: DocumentParts = {
    fetcher: {
      fetch: (request) => {
        requests.push(request);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    permit: async () => ({ isAllowed: true, why: 'no rule', ...permit }),
    read: async () => ({ found, notes: ['one left out'] }),
  };
  return { requests, visit: await visitDocument(parts, feed, new AbortController().signal) };
}

describe('visitDocument', () => {
  it('asks with what the last answer left, and gives what it names', async () => {
    const { requests, visit: made } = await visit(captureOf(200, { etag: '"2"', 'last-modified': 'Tue' }));
    expect(requests).toMatchObject([{ url: feed.url, validators: { etag: '"1"' }, accepts: 'document' }]);
    expect(made).toMatchObject({
      outcome: 'read',
      found,
      notes: ['one left out'],
      bytes: 42,
      validators: { etag: '"2"', lastModified: 'Tue' },
    });
  });
  it('asks robots.txt of where a redirect leads, too', async () => {
    const { requests } = await visit(captureOf(200));
    await expect(requests[0]?.mayFollow?.('https://daily.example/open')).resolves.toBeUndefined();
    const permit = async (url: string) => ({ isAllowed: !url.includes('/closed'), why: '"Disallow: /closed"' });
    const asked: FetchRequest[] = [];
    const fetch = (request: FetchRequest) => (asked.push(request), Promise.resolve(captureOf(304)));
    await visitDocument(
      { fetcher: { fetch }, permit, read: async () => ({ found: [], notes: [] }) },
      feed,
      new AbortController().signal,
    );
    await expect(asked[0]?.mayFollow?.('https://daily.example/closed')).rejects.toMatchObject({
      code: 'E_FETCH_ROBOTS',
    });
  });
  it('reads nothing of a 304', async () => {
    expect((await visit(captureOf(304))).visit).toMatchObject({ outcome: 'not-modified', found: [], bytes: 42 });
  });
  it.each([
    [404, 'gone', 'E_PAGE_GONE'],
    [410, 'gone', 'E_PAGE_GONE'],
    [403, 'error', 'E_FETCH_STATUS'],
    [503, 'error', 'E_FETCH_STATUS'],
  ] as const)('takes status %i for %s', async (status, outcome, code) => {
    expect((await visit(captureOf(status))).visit).toMatchObject({ outcome, error: { code }, found: [] });
  });
  it('asks for nothing that robots.txt forbids, and says until when', async () => {
    const { requests, visit: made } = await visit(captureOf(200), {
      isAllowed: false,
      why: '"Disallow: /"',
      retryAt: 0,
    });
    expect(requests).toEqual([]);
    expect(made).toMatchObject({ outcome: 'robots', retryAt: 0, error: { code: 'E_FETCH_ROBOTS' } });
    expect(made.error?.message).toContain('1970-01-01T00:00:00.000Z');
  });
  it('takes a fault for the document’s, but for a stop and a host that is down', async () => {
    const late = new TearsheetError('E_FETCH_TIMEOUT', 'late');
    expect((await visit(late)).visit).toMatchObject({ outcome: 'error', error: { code: 'E_FETCH_TIMEOUT' } });
    for (const code of ['E_INTERRUPTED', 'E_FETCH_HOST_DOWN'] as const)
      await expect(visit(new TearsheetError(code, 'no'))).rejects.toMatchObject({ code });
  });
});
