import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/core/config.ts';
import { sha256 } from '../../src/core/digest.ts';
import { TearsheetError } from '../../src/core/errors.ts';
import type { Capture, CaptureStore, StoredSnapshot } from '../../src/core/ports.ts';
import type { CaptureRef, Reading, Snapshot } from '../../src/core/schema.ts';
import { Sources } from '../../src/core/sources.ts';
import type { SourceRule } from '../../src/core/source-schema.ts';
import { createReader } from '../../src/reader.ts';

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
const readerOver = (body: Uint8Array | Error, sources?: Sources) =>
  createReader(loadConfig({ env: {} }), captures(body), sources);
const madeBy = readerOver(bytes).madeBy({ url, fetchedAt: ref.date });
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
const captureOf = (date: string) =>
  ({
    text: html,
    finalUrl: url,
    contentType: 'text/html',
    startedAt: '2025-12-31T23:59:59.000Z',
    hops: [{ startedAt: date }],
  }) as unknown as Capture;
const readToday = () => readerOver(bytes).read(captureOf(ref.date));

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

  describe('with a source', () => {
    const sourceOf = (...rules: SourceRule[]) =>
      new Sources([
        {
          name: 'post',
          home: 'https://post.example/',
          file: { name: 'post', home: 'https://post.example/' },
          path: 'post.yaml',
          claims: ['post.example'],
          rules,
        },
      ]);
    const elsewhere = { url: 'https://other.example/1', fetchedAt: ref.date };
    const here = { url, fetchedAt: ref.date };
    const old = sourceOf({ drop: 'article', validUntil: '2026-01-01' }, { drop: 'h1' });
    const digestOf = (sources: Sources, page = here) => readerOver(bytes, sources).madeBy(page).rules;

    test('reads with the rules of the day on which the page was last asked for', async () => {
      const before = await readerOver(bytes, old).read(captureOf('2025-12-31T23:59:59.999Z'));
      const after = await readerOver(bytes, old).read(captureOf(ref.date));
      expect(before.blocks.map(({ reasons }) => reasons[0]?.rule)).toContain('source/post/1');
      expect(after.blocks.map(({ reasons }) => reasons[0]?.rule)).not.toContain('source/post/1');
      expect(after.blocks[0]).toMatchObject({ label: 'other', reasons: [{ rule: 'source/post/2', weight: 100 }] });
    });

    test('names other rules where those change that are for the page and its day, and only then', () => {
      expect(digestOf(old, elsewhere)).toBe(madeBy.rules);
      expect(digestOf(sourceOf())).toBe(madeBy.rules);
      expect(digestOf(old)).not.toBe(madeBy.rules);
      expect(digestOf(old)).not.toBe(digestOf(old, { url, fetchedAt: '2025-12-31T23:59:59.999Z' }));
      expect(digestOf(sourceOf({ drop: 'article', validUntil: '2025-06-01' }, { drop: 'h1' }))).toBe(digestOf(old));
      expect(digestOf(sourceOf({ drop: 'h1' }))).not.toBe(digestOf(old));
    });

    test('reads an old capture again where a rule for its day came since', async () => {
      const today = await readToday();
      const kept = stored(today, madeBy.rules);
      const later = sourceOf({ drop: 'h1', validFrom: '2026-01-02' });
      expect(await readerOver(new Error('not to be read'), later).readAgain(kept)).toEqual({ reading: today });
      const { reading } = await readerOver(bytes, sourceOf({ drop: 'h1' })).readAgain(kept);
      expect(reading.blocks[0]).toMatchObject({ label: 'other', reasons: [{ rule: 'source/post/1' }] });
    });
  });
});
