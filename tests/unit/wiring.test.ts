import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/core/config.ts';
import { sha256 } from '../../src/core/digest.ts';
import { TearsheetError } from '../../src/core/errors.ts';
import type { CaptureStore, StoredSnapshot } from '../../src/core/ports.ts';
import type { CaptureRef, Reading, Snapshot } from '../../src/core/schema.ts';
import { createReader } from '../../src/wiring.ts';

const html = `<!doctype html><html lang="pl"><title>Most otwarty</title><body><article><h1>Rząd: most otwarty</h1>
${'<p>The council of the town opened the new harbour bridge on Tuesday, nine years after the first stone was laid.</p>'.repeat(4)}
</article></body></html>`;
/** windows-1250, which the page does not declare and nobody could tell from one letter. */
const bytes = Buffer.from(html.replaceAll('ą', '\u00b9'), 'latin1');
const url = 'https://post.example/most-otwarty-1';

const captures = (body: Uint8Array | Error): CaptureStore => ({
  read: (ref) =>
    body instanceof Error
      ? Promise.reject(body)
      : Promise.resolve({ ref, url, status: 200, headers: [], wireBody: body, body }),
  write: () => Promise.reject(new Error('nothing is written here')),
  seal: () => Promise.resolve([]),
});
const ref: CaptureRef = {
  recordId: 'urn:uuid:1',
  targetUri: url,
  date: '2026-01-01T00:00:00.000Z',
  payloadDigest: sha256(bytes),
  decodedSha256: sha256(bytes),
  status: 200,
  engine: 'http',
  contentType: 'text/html',
  charset: { used: 'windows-1250', how: 'header' },
};
const readerOver = (body: Uint8Array | Error) => createReader(loadConfig({ env: {} }), captures(body));
const { madeBy } = readerOver(bytes);
const stored = (reading: Reading, rules: string): StoredSnapshot => {
  const snapshot: Snapshot = {
    schema: 1,
    article: 'a:/',
    url,
    version: 1,
    previous: null,
    capture: ref,
    reading,
    madeBy: { ...madeBy, rules },
  };
  return { id: sha256('1'), path: 'v0001.json', snapshot };
};
const readToday = () =>
  readerOver(bytes).read({ text: html, finalUrl: url, contentType: 'text/html', startedAt: ref.date } as Parameters<
    ReturnType<typeof readerOver>['read']
  >[0]);

describe('createReader', () => {
  test('trusts the stored reading where the same rules made it', async () => {
    const reading = { ...(await readToday()), title: 'as it was' };
    expect(await readerOver(new Error('not to be read')).readAgain(stored(reading, madeBy.rules))).toEqual({ reading });
  });

  test('reads the capture again where other rules made it, in the charset that was settled on then', async () => {
    const today = await readToday();
    expect(await readerOver(bytes).readAgain(stored(today, sha256('other rules')))).toEqual({ reading: today });
  });

  test('says what is read otherwise today', async () => {
    const today = await readToday();
    const blocks = today.blocks.map((block) =>
      block.label === 'paragraph' ? ({ ...block, role: 'boilerplate', label: 'other' } as const) : block,
    );
    const { reading, note } = await readerOver(bytes).readAgain(stored({ ...today, blocks }, sha256('other rules')));
    expect(reading).toEqual(today);
    expect(note).toMatch(/^v1 by today's rules: no edit; \d+ sentences? read otherwise by the cleaner$/);
  });

  test('lets what was read at the time stand where the capture is lost, and says so', async () => {
    const today = await readToday();
    const lost = readerOver(new TearsheetError('E_ARCHIVE_MISSING', 'no such record'));
    expect(await lost.readAgain(stored(today, sha256('other rules')))).toEqual({
      reading: today,
      note: 'v1 could not be read again (E_ARCHIVE_MISSING); its reading of the time was compared',
    });
  });
});
