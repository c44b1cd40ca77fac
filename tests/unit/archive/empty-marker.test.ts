import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openArchive, verifyArchive } from '../../../src/archive/index.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-marker-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** What `verify` finds where a run left this as its marker. */
async function verifiedWith(marker: string) {
  const archive = await openArchive({ dir, command: 'archive', program: 'tearsheet/0', create: true });
  await archive.seal({}, 'finished');
  await mkdir(join(dir, 'runs'), { recursive: true });
  await writeFile(join(dir, 'runs/20260101T000000Z-host-a1b2c3.open'), marker);
  return verifyArchive(dir);
}

test('verifyArchive takes the empty marker of a run that was killed at its first step for no damage', async () => {
  const { problems, notes } = await verifiedWith('');
  expect(problems).toEqual([]);
  expect(notes).toEqual([expect.stringContaining('ended before it wrote anything')]);
});

test('verifyArchive reports a marker with something else in it', async () => {
  expect((await verifiedWith('{"pid":')).problems).toEqual([
    { path: 'runs/20260101T000000Z-host-a1b2c3.open', what: 'is damaged' },
  ]);
});
