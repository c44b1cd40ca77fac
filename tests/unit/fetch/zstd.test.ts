import { describe, expect, it } from 'vitest';
import { ACCEPT_ENCODING, decodeContent } from '../../../src/fetch/decode.ts';
import { framesOf, hasZstd, inflateZstd } from '../../../src/fetch/zstd.ts';

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
/** Made with Node 24's zstdCompress. */
const FRAMES = {
  sized: { packed: bytes('KLUv/SAMYQAAPHA+aGVsbG88L3A+'), text: '<p>hello</p>' },
  checked: { packed: bytes('KLUv/SQOcQAAPHA+Y2hlY2tlZDwvcD4p0GpM'), text: '<p>checked</p>' },
  repeating: { packed: bytes('KLUv/aDgkwQAVAAAEGFhAQD7/znAAgIAEGEDnwRh'), text: 'a'.repeat(300_000) },
  streamed: { packed: bytes('KLUv/QBYYAAAPHA+c3RyZWFtZWQgUQAAaW4gdHdvPC9wPg=='), text: '<p>streamed in two</p>' },
  empty: { packed: bytes('KLUv/SAAAQAA'), text: '' },
};
const cases = Object.entries(FRAMES);
const SKIPPABLE = Uint8Array.of(0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
const limits = { maxOutputLength: 1_000_000, chunkSize: 65_536 };
const coded = (expected: string) => expect.objectContaining({ code: expected });

describe('framesOf', () => {
  it.each(cases)('measures the %s frame', (_name, { packed }) => {
    expect(framesOf(packed)).toEqual([packed]);
  });

  it.each(cases)('finds the %s frame cut short at every byte', (_name, { packed }) => {
    for (let length = 1; length < packed.length; length++) {
      expect(() => framesOf(packed.subarray(0, length))).toThrow(coded('Z_BUF_ERROR'));
    }
  });

  it('tells several frames apart and leaves out skippable ones', () => {
    const { sized, checked } = FRAMES;
    expect(framesOf(join(SKIPPABLE, sized.packed, SKIPPABLE, checked.packed))).toEqual([sized.packed, checked.packed]);
  });

  it('refuses what is no frame', () => {
    expect(() => framesOf(new Uint8Array(20))).toThrow(coded('Z_DATA_ERROR'));
    expect(() => framesOf(join(FRAMES.sized.packed, new Uint8Array(20)))).toThrow(coded('Z_DATA_ERROR'));
    expect(() => framesOf(SKIPPABLE.subarray(0, -1))).toThrow(coded('Z_BUF_ERROR'));
  });
});

describe('inflateZstd', () => {
  // Node 20 has no zstd: there the law is that it is never asked for, and not taken when it comes.
  it('is offered exactly where Node has it', async () => {
    expect(ACCEPT_ENCODING.split(', ').includes('zstd')).toBe(hasZstd);
    const { packed, text } = FRAMES.sized;
    const outcome = await decodeContent(packed, 'zstd', { url: 'http://press.test/', maxInflatedBytes: 1000 }).then(
      (body) => Buffer.from(body).toString(),
      (error: { code: string }) => error.code,
    );
    expect(outcome).toBe(hasZstd ? text : 'E_FETCH_ENCODING');
  });

  it.each(hasZstd ? cases : [])('inflates the %s frame', async (_name, { packed, text }) => {
    expect(Buffer.from(await inflateZstd(packed, limits)).toString()).toBe(text);
  });

  it.each(hasZstd ? ['two'] : [])('joins %s frames, and stops when both together are too large', async () => {
    const { packed, text } = FRAMES.repeating;
    const both = join(packed, SKIPPABLE, packed);
    expect(await inflateZstd(both, limits)).toHaveLength(text.length * 2);
    const tight = { ...limits, maxOutputLength: text.length * 2 - 1 };
    await expect(inflateZstd(both, tight)).rejects.toThrow(coded('ERR_BUFFER_TOO_LARGE'));
    await expect(inflateZstd(join(...Array<Uint8Array>(65).fill(packed)), limits)).rejects.toThrow(
      coded('Z_DATA_ERROR'),
    );
  });
});
