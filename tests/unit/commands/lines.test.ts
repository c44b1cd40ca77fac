import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../../src/commands/lines.ts';
import type { Line } from '../../../src/commands/lines.ts';

async function all(chunks: readonly Uint8Array[], maxBytes = 1000): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), maxBytes))
    lines.push(line);
  return lines;
}

describe('linesOf', () => {
  test('splits at LF alone and takes a CR before it away', async () => {
    expect(await all([Buffer.from('a\u2028b\r\nc\n\nd')])).toEqual(
      ['a\u2028b', 'c', '', 'd'].map((text) => ({ text })),
    );
  });

  test('gives the lines of a stream however its bytes are cut, in the middle of a character too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (texts, sizes) => {
          const lines = texts.map((text) => text.replace(/[\n\r]/g, ''));
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += chunks.at(-1)!.length)
            chunks.push(bytes.subarray(at, at + (sizes.next().value as number)));
          expect(await all(chunks)).toEqual(lines.map((text) => ({ text })));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('says how long a line was that is longer than allowed, and reads on', async () => {
    const chunks = ['x'.repeat(600), 'x'.repeat(600), '\nnext\n'].map((text) => Buffer.from(text));
    expect(await all(chunks)).toEqual([{ bytes: 1200, text: null }, { text: 'next' }]);
  });

  test('ends quietly when the signal fires while it waits', async () => {
    const stop = new AbortController();
    const stream = new Readable({ read: () => undefined });
    stream.push('one\n');
    const lines: Line[] = [];
    for await (const line of linesOf(stream, 100, stop.signal)) {
      lines.push(line);
      setImmediate(() => stop.abort());
    }
    expect(lines).toEqual([{ text: 'one' }]);
  });
});
