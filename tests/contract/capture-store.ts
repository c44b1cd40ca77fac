/** What every CaptureStore must do. Each implementation runs all of it. */
import { describe, expect, it } from 'vitest';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { sha256 } from '../../src/core/digest.ts';
import type { Capture, CaptureStore, HeaderLines, Hop } from '../../src/core/ports.ts';
import { pageCapture } from '../unit/archive/made.ts';

export interface CaptureStoreUnderTest {
  readonly store: CaptureStore;
  /** Seals the store and gives one that finds what it wrote. */
  reopened(): Promise<CaptureStore>;
}
export type MakeCaptureStore = () => Promise<CaptureStoreUnderTest>;

const lastHop = (capture: Capture): Hop => capture.hops.at(-1)!;
const withWire = (capture: Capture, wireBody: Uint8Array, headers: HeaderLines): Capture => ({
  ...capture,
  hops: [{ ...lastHop(capture), wireBody, headers }],
});

export function captureStoreContract(name: string, make: MakeCaptureStore): void {
  describe(`${name}, as a CaptureStore`, () => {
    const body = '<p>Ein Körper – mit Umlauten</p>'.repeat(20);
    const bytes = Buffer.from(body);

    it.each([
      ['gzip', gzipSync(bytes)],
      ['x-gzip', gzipSync(bytes)],
      ['deflate', deflateSync(bytes)],
      ['deflate', deflateRawSync(bytes)],
      ['br', brotliCompressSync(bytes)],
      ['br, gzip', gzipSync(brotliCompressSync(bytes))],
      ['identity', bytes],
      ['utf-8', bytes],
    ])('gives back a body in the coding "%s" as it came and as it decodes', async (coding, wire) => {
      const { store, reopened } = await make();
      const ref = await store.write(withWire(pageCapture({ body }), wire, [['Content-Encoding', coding]]));
      for (const each of [store, await reopened()]) {
        const stored = await each.read(ref);
        expect(Buffer.from(stored.wireBody)).toEqual(Buffer.from(wire));
        expect(Buffer.from(stored.body).toString()).toBe(body);
      }
      expect(ref.payloadDigest).toBe(sha256(wire));
      expect(ref.decodedSha256).toBe(sha256(bytes));
    });

    it('gives back status, address and header lines, repeated ones repeated, bytes unchanged', async () => {
      const { store } = await make();
      const headers: HeaderLines = [
        ['content-TYPE', 'text/html'],
        ['Link', '<a>; rel=x'],
        ['Link', '<b>,,,; rel=y'],
        ['X-Latin', 'caf\u00e9 \u00ff'],
        ['X-Empty', ''],
      ];
      const capture = withWire(pageCapture({ status: 404, url: 'https://news.example/ä?q=a b' }), bytes, headers);
      const ref = await store.write({ ...capture, body: bytes });
      const stored = await store.read(ref);
      expect(stored.status).toBe(404);
      expect(stored.url).toBe('https://news.example/%C3%A4?q=a%20b');
      expect(stored.headers).toEqual(headers);
      expect(stored.ref).toEqual(ref);
    });

    it('keeps what the reference says of the capture', async () => {
      const { store } = await make();
      const capture = pageCapture({ at: '2026-05-06T07:08:09.010Z' });
      const tls = { verified: false, whyNot: 'self-signed', protocol: 'TLSv1.3' };
      const ref = await store.write({ ...capture, tls });
      expect(ref).toMatchObject({
        date: '2026-05-06T07:08:09.010Z',
        status: 200,
        engine: 'http',
        contentType: 'text/html',
        tls,
        charset: capture.charset,
        targetUri: 'http://news.example/a',
      });
    });

    it('follows a 304 to the body that it stands for', async () => {
      const { store, reopened } = await make();
      const first = await store.write(pageCapture({ body, gzip: true }));
      const later = await store.write(pageCapture({ status: 304, at: '2026-04-01T00:00:00.000Z' }), first);
      expect(later).toMatchObject({
        status: 304,
        payloadDigest: first.payloadDigest,
        decodedSha256: first.decodedSha256,
        contentType: 'text/html',
      });
      expect(later.recordId).not.toBe(first.recordId);
      for (const each of [store, await reopened()]) {
        expect(Buffer.from((await each.read(later)).body).toString()).toBe(body);
      }
    });

    it('follows the same payload, sent again, to the record that holds it, also over several revisits', async () => {
      const { store, reopened } = await make();
      let ref = await store.write(pageCapture({ body, gzip: true }));
      for (const day of ['05', '06', '07']) {
        const capture = pageCapture({
          body,
          gzip: true,
          at: `2026-03-${day}T00:00:00.000Z`,
          headers: [['X-Day', day]],
        });
        ref = await store.write(capture, ref);
      }
      for (const each of [store, await reopened()]) {
        const stored = await each.read(ref);
        expect(Buffer.from(stored.body).toString()).toBe(body);
        expect(stored.headers).toContainEqual(['X-Day', '07']);
      }
    });

    it('decodes the same payload as the answer at hand says, not as the older one did', async () => {
      const { store } = await make();
      const wire = gzipSync(bytes);
      const first = await store.write(withWire(pageCapture({ body }), wire, [['Content-Encoding', 'gzip']]));
      const plain = withWire({ ...pageCapture(), body: wire }, wire, []);
      const second = await store.write(plain, first);
      expect(Buffer.from((await store.read(second)).body)).toEqual(wire);
    });

    it('keeps an answer without a body', async () => {
      const { store } = await make();
      const first = await store.write(pageCapture({ body: '' }));
      const second = await store.write(pageCapture({ body: '' }), first);
      expect((await store.read(second)).body).toHaveLength(0);
      const alone = await store.write(pageCapture({ status: 304 }));
      expect((await store.read(alone)).body).toHaveLength(0);
    });

    it('never writes the values of cookies and passwords, nor those in an address', async () => {
      const { store } = await make();
      const secret = 'hunter2-0123456789';
      const capture = pageCapture({
        headers: [
          ['Set-Cookie', `id=${secret}`],
          ['proxy-AUTHORIZATION', secret],
        ],
      });
      const hop: Hop = {
        ...lastHop(capture),
        url: `http://user:${secret}@news.example/a`,
        requestHeaders: [
          ['cookie', secret],
          ['Authorization', secret],
        ],
      };
      const ref = await store.write({ ...capture, hops: [hop] });
      const { headers } = await store.read(ref);
      expect(headers).toContainEqual(['Set-Cookie', 'withheld']);
      expect(JSON.stringify([headers, ref])).not.toContain(secret);
    });

    it('keeps every hop of a redirect and refers to the last', async () => {
      const { store } = await make();
      const end = pageCapture({ url: 'http://news.example/end', body });
      const start: Hop = {
        ...lastHop(pageCapture({ url: 'http://news.example/start', status: 301, body: 'moved' })),
        startedAt: '2026-03-03T23:59:59.999Z',
      };
      const ref = await store.write({ ...end, hops: [start, lastHop(end)] });
      const stored = await store.read(ref);
      expect(stored.url).toBe('http://news.example/end');
      expect(Buffer.from(stored.body).toString()).toBe(body);
    });

    it.each(['\r\nInjected: yes', 'a\0b', '\n'])('writes a header with %j so that it stays one line', async (value) => {
      const { store } = await make();
      const capture = pageCapture({
        headers: [
          ['X-Odd', value],
          [value, 'x'],
        ],
      });
      const ref = await store.write(capture);
      const stored = await store.read(ref);
      expect(stored.headers.some(([header]) => header === 'Injected')).toBe(false);
      expect(Buffer.from(stored.body).toString()).toBe('<p>One and all.</p>');
    });

    it('keeps a page given as a file, which has no answer around it', async () => {
      const { store, reopened } = await make();
      const ref = await store.write({ ...pageCapture({ body }), hops: [], engine: 'file' });
      expect(ref).toMatchObject({ engine: 'file', payloadDigest: sha256(body), decodedSha256: sha256(body) });
      const stored = await (await reopened()).read(ref);
      expect(Buffer.from(stored.body).toString()).toBe(body);
      expect(stored.status).toBe(200);
    });

    it("gives back what was read where that is not what the wire's bytes decode to", async () => {
      const { store, reopened } = await make();
      const dom = Buffer.from('<html><body>made by a script</body></html>');
      const drawn = await store.write({ ...pageCapture({ body, gzip: true }), body: dom, engine: 'browser' });
      const mended = await store.write({
        ...withWire(pageCapture(), bytes, [['Content-Encoding', 'gzip']]),
        body: dom,
      });
      for (const each of [store, await reopened()]) {
        expect(Buffer.from((await each.read(drawn)).body)).toEqual(dom);
        expect(Buffer.from((await each.read(mended)).body)).toEqual(dom);
      }
    });

    it('says so where there is no such record, or another content than the reference names', async () => {
      const { store } = await make();
      const ref = await store.write(pageCapture({ body }));
      const absent = { ...ref, recordId: 'urn:uuid:00000000-0000-4000-8000-000000000000' };
      await expect(store.read(absent)).rejects.toMatchObject({ code: 'E_ARCHIVE_MISSING' });
      const elsewhen = { ...ref, date: '1999-01-01T00:00:00.000Z' };
      await expect(store.read(elsewhen)).rejects.toMatchObject({ code: 'E_ARCHIVE_MISSING' });
      const other = sha256('other');
      await expect(store.read({ ...ref, payloadDigest: other })).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
      await expect(store.read({ ...ref, decodedSha256: other })).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    });

    it('keeps many captures written at once, over midnight too, each whole', async () => {
      const { store, reopened } = await make();
      const bodies = Array.from({ length: 40 }, (_, n) => `${n}:${'x'.repeat(n * 997)}`);
      const refs = await Promise.all(
        bodies.map((each, n) =>
          store.write(
            pageCapture({
              url: `http://news.example/${n}`,
              body: each,
              gzip: n % 2 === 0,
              at: `2026-03-0${(n % 6) + 1}T00:00:00.000Z`,
            }),
          ),
        ),
      );
      const again = await reopened();
      for (const [n, ref] of refs.entries()) {
        expect(Buffer.from((await again.read(ref)).body).toString()).toBe(bodies[n]);
      }
    });
  });
}
