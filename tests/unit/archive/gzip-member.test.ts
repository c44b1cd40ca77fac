import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gap, Member } from '../../../src/archive/gzip-member.ts';
import { firstMember, memberAt, membersOf } from '../../../src/archive/gzip-member.ts';
import { tempDir } from './made.ts';

const isRecord = (content: Buffer): boolean => content.subarray(0, 2).toString() === 'R:';
const record = (text: string): Buffer => gzipSync(`R:${text}`);

/** What a scan of these bytes finds. */
async function scan(bytes: Buffer, start = 0): Promise<(Member | Gap)[]> {
  const path = join(await tempDir(), 'file.gz');
  await writeFile(path, bytes);
  const handle = await open(path);
  try {
    const found: (Member | Gap)[] = [];
    const seen: Buffer[] = [];
    const options = { start, end: bytes.length, isRecord, seen: (piece: Buffer) => void seen.push(piece) };
    for await (const each of membersOf(handle, options)) found.push(each);
    expect(Buffer.concat(seen).equals(bytes.subarray(start))).toBe(true);
    return found;
  } finally {
    await handle.close();
  }
}
const shape = (found: readonly (Member | Gap)[]) =>
  found.map((each) => ('isGap' in each ? `gap ${each.offset}+${each.length}` : each.content.toString()));

describe('membersOf', () => {
  it('gives every member with its place, whatever their sizes', async () => {
    const bodies = ['', 'a', 'x'.repeat(100_000), Array.from({ length: 600_000 }, (_, n) => n * 7919).join(','), 'end'];
    const members = bodies.map(record);
    const found = await scan(Buffer.concat(members));
    expect(found.map(({ length }) => length)).toEqual(members.map(({ length }) => length));
    expect(shape(found)).toEqual(bodies.map((body) => `R:${body}`));
    expect(found.at(-1)?.offset).toBe(members.slice(0, -1).reduce((sum, { length }) => sum + length, 0));
  });

  it('gives a torn end as a gap, wherever it was torn', async () => {
    const [one, two] = [record('one'), record('two')];
    for (const length of [1, 2, 3, 9, 10, 15, two.length - 8, two.length - 1]) {
      const found = await scan(Buffer.concat([one, two.subarray(0, length)]));
      expect(shape(found)).toEqual(['R:one', `gap ${one.length}+${length}`]);
    }
  });

  it('finds the next whole member behind anything', async () => {
    const junk = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.constant(new Uint8Array(4096)),
      fc.constant(new Uint8Array([0x1f, 0x8b, 8, 0])),
      fc.constant(new Uint8Array(record('lost').subarray(0, -3))),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (bytes) => {
        fc.pre(typeof firstMember(Buffer.from(bytes)) === 'string');
        const [one, two] = [record('one'), record('two')];
        const found = await scan(Buffer.concat([one, bytes, two]));
        expect(shape(found)).toEqual(['R:one', `gap ${one.length}+${bytes.length}`, 'R:two']);
      }),
      { numRuns: 40 },
    );
  });

  it('takes no member for the end of a gap that is no record', async () => {
    const [inner, one] = [gzipSync('just some file'), record('one')];
    const found = await scan(Buffer.concat([Buffer.from('junk'), inner, one]));
    expect(shape(found)).toEqual([`gap 0+${4 + inner.length}`, 'R:one']);
  });
});

describe('firstMember', () => {
  it('reads the optional fields of a header that other programs write', () => {
    const [plain] = [gzipSync('text')];
    const extra = Buffer.from([4, 0, 1, 2, 3, 4]);
    const header = Buffer.concat([plain.subarray(0, 3), Buffer.from([4 | 8 | 16 | 2]), plain.subarray(4, 10)]);
    const whole = Buffer.concat([header, extra, Buffer.from('name\0note\0'), Buffer.from([9, 9]), plain.subarray(10)]);
    expect(firstMember(whole)).toMatchObject({ length: whole.length, content: Buffer.from('text') });
    for (let cut = 0; cut < whole.length; cut += 1) expect(firstMember(whole.subarray(0, cut))).toBe('more');
  });

  it('notices any flipped bit', () => {
    const member = record('A page of news, and then some more of it.');
    let harmless = 0;
    for (let bit = 0; bit < member.length * 8; bit += 1) {
      const flipped = Buffer.from(member);
      flipped[bit >> 3] = flipped[bit >> 3]! ^ (1 << (bit & 7));
      const found = firstMember(flipped);
      if (typeof found === 'string') continue;
      // The time in the header and the last byte's spare bits carry nothing.
      expect(found).toEqual(firstMember(member));
      harmless += 1;
    }
    expect(harmless).toBeLessThan(8 * 8);
  });

  it('gives up on content over the limit', () => {
    expect(firstMember(gzipSync(Buffer.alloc(1000)), 999)).toBe('bad');
    expect(firstMember(gzipSync(Buffer.alloc(1000)), 1000)).toMatchObject({ content: Buffer.alloc(1000) });
  });
});

describe('memberAt', () => {
  it('gives exactly the member that was asked for, or none', async () => {
    const path = join(await tempDir(), 'file.gz');
    const [one, two] = [record('one'), record('two')];
    await writeFile(path, Buffer.concat([one, two]));
    const handle = await open(path);
    try {
      expect((await memberAt(handle, one.length, two.length))?.toString()).toBe('R:two');
      expect(await memberAt(handle, one.length, two.length - 1)).toBeNull();
      expect(await memberAt(handle, 0, one.length + 5)).toBeNull();
      expect(await memberAt(handle, 1, one.length)).toBeNull();
      expect(await memberAt(handle, 10_000, 10)).toBeNull();
    } finally {
      await handle.close();
    }
  });
});
