import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ACCEPT_ENCODING, decodeContent } from '../../../src/fetch/decode.ts';

const PAGE = Buffer.from('<p>the page</p>'.repeat(500));
const limits = { url: 'http://press.test/page', maxInflatedBytes: 1_000_000 };
const coded = (expected: string) => expect.objectContaining({ name: 'TearsheetError', code: expected });
const decoded = async (body: Uint8Array, encoding: string): Promise<Buffer> =>
  Buffer.from(await decodeContent(body, encoding, limits));

describe('decodeContent', () => {
  it('gives the very same bytes where nothing was encoded', async () => {
    expect(await decodeContent(PAGE, '', limits)).toBe(PAGE);
    expect(await decodeContent(PAGE, 'identity', limits)).toBe(PAGE);
    expect(await decodeContent(PAGE, ' , Identity', limits)).toBe(PAGE);
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ['X-GZIP', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
  ])('undoes %s', async (encoding, compress) => {
    expect(await decoded(compress(PAGE), encoding)).toEqual(PAGE);
  });

  it('undoes several, last first', async () => {
    const twice = zlib.brotliCompressSync(zlib.gzipSync(PAGE));
    expect(await decoded(twice, 'gzip, br')).toEqual(PAGE);
    await expect(decoded(twice, 'br, gzip')).rejects.toThrow(coded('E_FETCH_ENCODING'));
  });

  it('undoes gzip of several members, and of zeros after the last', async () => {
    const half = PAGE.length / 2;
    const members = [PAGE.subarray(0, half), PAGE.subarray(half)].map((part) => zlib.gzipSync(part));
    expect(await decoded(Buffer.concat([...members, Buffer.alloc(512)]), 'gzip')).toEqual(PAGE);
  });

  it('undoes zlib streams of every window and level', async () => {
    for (let windowBits = 9; windowBits <= 15; windowBits++) {
      for (const level of [0, 1, 6, 9]) {
        expect(await decoded(zlib.deflateSync(PAGE, { windowBits, level }), 'deflate')).toEqual(PAGE);
      }
    }
  });

  it('has nothing to undo in an empty body', async () => {
    expect(await decoded(Buffer.alloc(0), 'gzip')).toHaveLength(0);
  });

  it.each(['utf-8', 'none', 'foo'])(
    'passes text that is not encoded, though the header says "%s"',
    async (encoding) => {
      expect(await decoded(PAGE, encoding)).toEqual(PAGE);
    },
  );

  it('refuses a coding that it cannot undo, by name', async () => {
    const refused = decoded(Buffer.from([0x1f, 0x9d, 0x90, 1, 2]), 'compress');
    await expect(refused).rejects.toThrow(coded('E_FETCH_ENCODING'));
    await expect(refused).rejects.toThrow(`expected a content coding of ${ACCEPT_ENCODING}, got "compress"`);
  });

  it('refuses more codings than anyone needs', async () => {
    await expect(decoded(PAGE, 'gzip, gzip, gzip, gzip, gzip')).rejects.toThrow(coded('E_FETCH_ENCODING'));
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['deflate', zlib.deflateRawSync],
    ['br', zlib.brotliCompressSync],
  ])('finds %s cut short anywhere', async (encoding, compress) => {
    const packed = compress(PAGE);
    for (const length of [1, 2, 5, packed.length >> 1, packed.length - 1]) {
      await expect(decoded(packed.subarray(0, length), encoding)).rejects.toThrow(coded('E_FETCH_TRUNCATED'));
    }
  });

  it.each(['gzip', 'deflate', 'br'])('finds %s that is none', async (encoding) => {
    await expect(decoded(Buffer.alloc(500, 7), encoding)).rejects.toThrow(coded('E_FETCH_ENCODING'));
  });

  it('finds a flipped bit', async () => {
    const packed = zlib.gzipSync(PAGE);
    packed[packed.length - 6]! ^= 1;
    await expect(decoded(packed, 'gzip')).rejects.toThrow(coded('E_FETCH_ENCODING'));
  });

  it('holds plain bodies to the same limit', async () => {
    const exact = { ...limits, maxInflatedBytes: PAGE.length };
    expect(await decodeContent(PAGE, '', exact)).toBe(PAGE);
    const tight = { ...limits, maxInflatedBytes: PAGE.length - 1 };
    await expect(decodeContent(PAGE, '', tight)).rejects.toThrow(coded('E_FETCH_TOO_LARGE'));
    await expect(decodeContent(zlib.gzipSync(PAGE), 'gzip', tight)).rejects.toThrow(coded('E_FETCH_TOO_LARGE'));
    expect(Buffer.from(await decodeContent(zlib.gzipSync(PAGE), 'gzip', exact))).toEqual(PAGE);
  });

  it('stops a bomb of 1 GiB at the limit, in bounded memory', async () => {
    const stretch = zlib.deflateRawSync(Buffer.alloc(64 << 20), { level: 9, finishFlush: zlib.constants.Z_SYNC_FLUSH });
    const bomb = Buffer.concat([
      Buffer.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3]),
      ...Array<Buffer>(16).fill(stretch),
      Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]);
    const before = process.resourceUsage().maxRSS;
    const stopped = decodeContent(bomb, 'gzip', { ...limits, maxInflatedBytes: 8 << 20 });
    await expect(stopped).rejects.toThrow(coded('E_FETCH_TOO_LARGE'));
    await expect(stopped).rejects.toThrow(
      'http://press.test/page: expected at most 8388608 bytes after decompression, got more; raise fetch.maxInflatedBytes',
    );
    // In KiB; the limit is 8 MiB, and a GiB would show.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(100 * 1024);
  });

  it('stops a bomb within a bomb', async () => {
    const inner = zlib.gzipSync(Buffer.alloc(50_000_000));
    const nested = zlib.gzipSync(inner);
    await expect(decoded(nested, 'gzip, gzip')).rejects.toThrow(coded('E_FETCH_TOO_LARGE'));
  });
});
