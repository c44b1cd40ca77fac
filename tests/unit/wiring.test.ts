import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/core/config.ts';
import { sha256 } from '../../src/core/digest.ts';
import { TearsheetError } from '../../src/core/errors.ts';
import type { CaptureStore, StoredSnapshot } from '../../src/core/ports.ts';
import type { CaptureRef, Reading, Snapshot } from '../../src/core/schema.ts';
import { createReader } from '../../src/wiring.ts';

const html = `<!doctype html><html lang="ru"><title>Мост открыт</title><body><article><h1>Мост открыт</h1>
${'<p>Совет города открыл новый мост во вторник утром, спустя девять лет после первого камня, и мэр была рада.</p>'.repeat(4)}
</article></body></html>`;
/** windows-1251, and a page that does not say so. */
const cp1251 = Buffer.from(
  [...html].map((char) => (char.charCodeAt(0) < 128 ? char.charCodeAt(0) : char.charCodeAt(0) - 0x350)),
);
const url = 'https://post.example/most-otkryt-1';

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
  payloadDigest: sha256(cp1251),
  decodedSha256: sha256(cp1251),
  status: 200,
  engine: 'http',
  contentType: 'text/html',
  charset: { used: 'windows-1251', how: 'header' },
};
const readerOver = (body: Uint8Array | Error) => createReader(loadConfig({ env: {} }), captures(body));
const { madeBy } = readerOver(cp1251);
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
  readerOver(cp1251).read({ text: html, finalUrl: url, contentType: 'text/html', startedAt: ref.date } as Parameters<
    ReturnType<typeof readerOver>['read']
  >[0]);

describe('createReader', () => {
  test('trusts the stored reading where the same rules made it', async () => {
    const reading = { ...(await readToday()), title: 'as it was' };
    expect(await readerOver(new Error('not to be read')).readAgain(stored(reading, madeBy.rules))).toEqual({ reading });
  });

  test('reads the capture again where other rules made it, in the charset that was settled on then', async () => {
    const today = await readToday();
    expect(await readerOver(cp1251).readAgain(stored(today, sha256('other rules')))).toEqual({ reading: today });
  });

  test('says what is read otherwise today', async () => {
    const today = await readToday();
    const blocks = today.blocks.map((block) =>
      block.label === 'paragraph' ? ({ ...block, role: 'boilerplate', label: 'other' } as const) : block,
    );
    const { reading, note } = await readerOver(cp1251).readAgain(stored({ ...today, blocks }, sha256('other rules')));
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
