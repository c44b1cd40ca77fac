import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/archive/index.ts';
import type { Owner } from '../../../src/archive/owner.ts';
import { thisProcess } from '../../../src/archive/owner.ts';
import type { Look } from '../../../src/core/schema.ts';
import { filesIn, opened, tempDir, visit } from './made.ts';
import type { Cut, Random } from './power-cut.ts';
import { PowerDisk, randomFrom } from './power-cut.ts';

const me = thisProcess();
/** Cuts for each case; with as many as there are calls, before each of them. */
const CUTS = Number(process.env['TEARSHEET_POWER_CUTS'] ?? 8);
/** Who wrote when the power went: this machine in the boot before, or another one, of which nothing is known from here. */
const REBOOTED: Owner = { ...me, bootId: 'machine/the boot before/pid:[1]' };
const ELSEWHERE: Owner = { ...me, host: 'another-machine' };
/** Who looks at what is left. */
const AFTER: Owner = { ...me, bootId: 'machine/this boot/pid:[1]' };

interface Moment {
  readonly call: number;
  readonly cut: Cut;
  /** Looks that were acknowledged by then. */
  readonly looks: readonly Look[];
  /** Manifests that were written by then. */
  readonly manifests: readonly string[];
}

/** Three runs over the same articles, and what the disk was like before some of their calls. */
async function moments(owner: Owner, wanted: (call: number) => boolean): Promise<{ moments: Moment[]; calls: number }> {
  const dir = join(await tempDir(), 'archive');
  await mkdir(dir);
  const looks: Look[] = [];
  const manifests: string[] = [];
  const found: Moment[] = [];
  let call = 0;
  const disk = new PowerDisk(dir, () => {
    if (wanted(call)) found.push({ call, cut: disk.cut(), looks: [...looks], manifests: [...manifests] });
    call += 1;
  });
  for (let run = 0; run < 3; run += 1) {
    const archive = await opened(dir, { fs: disk.fs, owner, maxWarcBytes: 3000 });
    for (const body of [`${run}`, `${run}`, `${run}, changed`]) {
      for (const article of ['a', 'b']) looks.push(await visit(archive, `news.example:/${article}`, body));
    }
    manifests.push(await archive.seal({}, 'finished'));
  }
  return { moments: found, calls: call };
}

/** Makes the signs of life of whoever wrote here look old. */
async function age(dir: string, ageMs: number): Promise<void> {
  const then = new Date(Date.now() - ageMs);
  const signs = (await filesIn(dir)).filter((name) => name.endsWith('.open') || name.startsWith('locks/'));
  for (const name of signs) await utimes(join(dir, name), then, then);
}

async function expectSafe({ call, cut, looks, manifests }: Moment, random: Random, ageMs: number): Promise<void> {
  const dir = await tempDir();
  await cut.restore(dir, random);
  await age(dir, ageMs);
  const where = `cut before call ${call}`;
  const files = await filesIn(dir);
  if (files.includes('archive.json')) expect((await verifyArchive(dir)).problems, where).toEqual([]);
  expect(files, where).toEqual(expect.arrayContaining([...manifests]));
  // The next run: also where nobody can tell yet whether the old one is dead, and so its files are left alone.
  const archive = await opened(dir, { owner: AFTER });
  for (const article of ['a', 'b']) await visit(archive, `news.example:/${article}`, `after the cut`);
  await archive.seal({}, 'finished');
  for (const key of ['news.example:/a', 'news.example:/b']) {
    const kept = await archive.snapshots.looks(key);
    for (const look of looks.filter(({ article }) => article === key)) {
      expect(kept[look.seq - 1], where).toEqual(look);
      if (look.capture) await archive.captures.read(look.capture);
      expect((await archive.snapshots.version(key, look.version!)).id, where).toBe(look.snapshot);
    }
  }
  await age(dir, 660_000);
  await (await opened(dir, { owner: AFTER })).close();
  const report = await verifyArchive(dir);
  expect(report.problems, where).toEqual([]);
  expect(report.notes, where).toEqual([]);
}

describe('a power cut that drops what was not synced loses nothing that was acknowledged', () => {
  it.each([
    ['this machine starts again within seconds', REBOOTED, 6_000],
    ['another machine is silent for a minute, its run not given up yet', ELSEWHERE, 61_000],
    ['another machine is silent for ten minutes', ELSEWHERE, 660_000],
  ])(
    'when %s',
    async (_what, owner, ageMs) => {
      const { calls } = await moments(owner, () => false);
      const seed = Math.floor(Math.random() * 2 ** 31);
      const random = randomFrom(seed);
      const step = calls / CUTS;
      const offset = random();
      const isWanted = (call: number) => Math.floor(call / step + offset) !== Math.floor((call - 1) / step + offset);
      const { moments: all } = await moments(owner, isWanted);
      expect(all.length).toBeGreaterThan(CUTS * 0.7);
      for (const moment of all)
        await expectSafe(moment, random, ageMs).catch((thrown: unknown) => {
          throw new Error(`seed ${seed}, cut before call ${moment.call}: ${String(thrown)}`, { cause: thrown });
        });
    },
    60_000 + CUTS * 3_000,
  );
});
