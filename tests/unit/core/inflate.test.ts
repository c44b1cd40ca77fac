import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../../src/core/inflate.ts';

const LIMIT = 1_000_000;

describe('inflate', () => {
  const codings = [
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ] as const;

  it('undoes any number of codings, the last one first', () => {
    const steps = fc.array(fc.constantFrom(...codings), { maxLength: 4 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), steps, (bytes, chosen) => {
        let wire: Uint8Array = bytes;
        for (const [, encode] of chosen) wire = encode(wire);
        const header = chosen.map(([name]) => name).join(' , ');
        expect(Buffer.from(inflate(wire, header, LIMIT))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it.each(['', 'identity', 'utf-8', 'none', ' , '])('leaves bytes alone that %j encoded nothing of', (coding) => {
    const bytes = Buffer.from('plain');
    expect(inflate(bytes, coding, LIMIT)).toBe(bytes);
  });

  it('leaves an empty body empty, whatever its header says', () => {
    expect(inflate(new Uint8Array(), 'gzip', LIMIT)).toHaveLength(0);
  });

  it.each(codings)('stops at the limit when %s inflates to more', (name, encode) => {
    const bomb = encode(Buffer.alloc(LIMIT + 1));
    expect(() => inflate(bomb, name, LIMIT)).toThrow(expect.objectContaining({ code: 'E_FETCH_TOO_LARGE' }));
    expect(inflate(bomb, name, LIMIT + 1)).toHaveLength(LIMIT + 1);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('refuses what is no whole %s stream', (name) => {
    const code = expect.objectContaining({ code: 'E_FETCH_ENCODING' });
    expect(() => inflate(Buffer.from('no stream at all'), name, LIMIT)).toThrow(code);
    const whole = gzipSync('x'.repeat(1000));
    expect(() => inflate(whole.subarray(0, -9), 'gzip', LIMIT)).toThrow(code);
  });
});
