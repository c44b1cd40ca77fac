import { PassThrough, Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLines } from '../../../src/commands/jsonl.ts';

function sink(): { out: Writable; lines: string[] } {
  const lines: string[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split('\n').filter(Boolean));
      done();
    },
  });
  return { out, lines };
}
const never = new AbortController().signal;
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('cleanLines', () => {
  test('writes answers in the order of their lines, whichever comes first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), async (delays) => {
        const { out, lines } = sink();
        const text = delays.map((ms, n) => `${n} ${ms}\n`).join('');
        const answer = async (line: string): Promise<string> => {
          await later(Number(line.split(' ')[1]));
          return line;
        };
        const written = await cleanLines(Readable.from([Buffer.from(text)]), { answer, jobs: 2 }, out, never);
        expect(lines).toEqual(text.split('\n').filter(Boolean));
        expect(written).toBe(delays.length);
      }),
      { numRuns: 30 },
    );
  });

  test('answers a line at once, without waiting for the next', async () => {
    const source = new PassThrough();
    const out = new PassThrough();
    const done = cleanLines(source, { answer: (text) => Promise.resolve(`>${text}`), jobs: 2 }, out, never);
    for (const said of ['first', 'second']) {
      source.write(`${said}\n`);
      const [heard] = (await Promise.race([
        new Promise((resolve) => out.once('data', (chunk: Buffer) => resolve([chunk.toString()]))),
        later(5000).then(() => ['nothing']),
      ])) as [string];
      expect(heard).toBe(`>${said}\n`);
    }
    source.end();
    expect(await done).toBe(2);
  });

  test('has no more lines in hand than eight a job', async () => {
    let inHand = 0;
    let most = 0;
    const answer = async (text: string): Promise<string> => {
      most = Math.max(most, ++inHand);
      await later(2);
      inHand -= 1;
      return text;
    };
    const { out, lines } = sink();
    const text = Array.from({ length: 100 }, (_, n) => `${n}\n`).join('');
    await cleanLines(Readable.from([Buffer.from(text)]), { answer, jobs: 2 }, out, never);
    expect(lines).toHaveLength(100);
    expect(most).toBe(16);
  });

  test('after the signal reads no more, and answers what it had read', async () => {
    const stop = new AbortController();
    const source = new PassThrough();
    const { out, lines } = sink();
    const answer = async (text: string): Promise<string> => {
      await later(20);
      return text;
    };
    source.write('1\n2\n3\n');
    const done = cleanLines(source, { answer, jobs: 2 }, out, stop.signal);
    await later(10);
    stop.abort();
    source.write('4\n');
    expect(await done).toBe(3);
    expect(lines).toEqual(['1', '2', '3']);
  });

  test('stops reading and fails where an answer fails', async () => {
    const source = new PassThrough();
    source.write('1\n2\n');
    const { out } = sink();
    const failing = { answer: () => Promise.reject(new Error('no threads')), jobs: 1 };
    await expect(cleanLines(source, failing, out, never)).rejects.toThrow('no threads');
    expect(source.destroyed).toBe(true);
  });
});
