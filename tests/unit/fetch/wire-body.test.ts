import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireBody } from '../../../src/fetch/wire-body.ts';

describe('WireBody', () => {
  it('gives back all pieces in order, in memory of exactly their size', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 70_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, fc.option(fc.nat(200_000), { nil: undefined }), (parts, announced) => {
        const body = new WireBody(1_000_000, announced);
        for (const part of parts) expect(body.add(part)).toBe(true);
        const whole = body.whole();
        expect(Buffer.concat(parts).equals(whole)).toBe(true);
        expect(whole.buffer.byteLength).toBe(whole.length);
        expect(body.bytes).toBe(whole.length);
      }),
      { numRuns: 100 },
    );
  });

  it('takes exactly the limit and nothing beyond', () => {
    const body = new WireBody(10, undefined);
    expect(body.add(new Uint8Array(10))).toBe(true);
    expect(body.add(new Uint8Array(1))).toBe(false);
    expect(body.add(new Uint8Array(0))).toBe(true);
    expect(body.bytes).toBe(10);
    expect(new WireBody(10, 5).add(new Uint8Array(11))).toBe(false);
  });
});
