import { appendFile, mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/archive/index.ts';
import { thisProcess } from '../../../src/archive/owner.ts';
import type { Owner } from '../../../src/archive/owner.ts';
import type { Manifest } from '../../../src/core/schema.ts';
import { filesIn, opened, pageCapture, snapshotOf, tempDir, urlOf, visit } from './made.ts';

const me = thisProcess();
const DEAD: Owner = { ...me, pid: 99_999_999 };
const ELSEWHERE: Owner = { ...me, host: 'another-machine' };
const KEY = 'news.example:/a';
const MAGIC = Buffer.from([0x1f, 0x8b, 8]);

/** An archive with a sealed run, and one of `owner` that was cut off after three looks. */
async function cutOff(owner: Owner = DEAD) {
  const dir = await tempDir();
  const first = await opened(dir);
  await visit(first, KEY, 'one');
  await first.seal({}, 'finished');
  const dead = await opened(dir, { owner });
  for (const [key, body] of [
    [KEY, 'two'],
    ['news.example:/b', 'one'],
    [KEY, 'two'],
  ] as const)
    await visit(dead, key, body);
  await dead.close();
  return { dir, run: dead.run!, dead };
}
const fileOf = async (dir: string, run: string, ending: string) =>
  join(dir, (await filesIn(dir)).find((name) => name.includes(run) && name.endsWith(ending)) ?? `no ${ending}`);
const manifestOf = async (dir: string, run: string) =>
  JSON.parse(await readFile(join(dir, 'runs', `${run}.json`), 'utf8')) as Manifest;
const seen = async (dir: string, key = KEY) => (await opened(dir, { readOnly: true })).snapshots.looks(key);

describe('opening for writing', () => {
  it('seals a run whose process is dead: its files, its counts, its time', async () => {
    const { dir, run } = await cutOff();
    const before = await verifyArchive(dir);
    expect(before.problems).toEqual([]);
    expect(before.notes.join('\n')).toContain('its process died; the next run that writes seals it');
    const archive = await opened(dir);
    expect(archive.recovered).toEqual([run]);
    const manifest = await manifestOf(dir, run);
    expect(manifest).toMatchObject({ ended: 'recovered', command: 'test', program: 'tearsheet/test' });
    expect(manifest.counts).toEqual({ looks: 3, new: 1, changed: 1, unchanged: 1 });
    expect(manifest.parents).toHaveLength(1);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
    // What is spare is the living process's own.
    const left = (await filesIn(dir)).filter((name) => /open|tmp|lock|part/.test(name));
    expect(left.filter((name) => !name.startsWith('locks/spare.'))).toEqual([]);
    expect((await visit(archive, KEY, 'two')).seq).toBe(4);
  });

  it('does so once, when several try at the same time', async () => {
    const { dir, run } = await cutOff();
    const all = await Promise.all(Array.from({ length: 4 }, () => opened(dir)));
    expect(all.flatMap(({ recovered }) => recovered)).toEqual([run]);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it.each([
    ['a run of this process', me, 0],
    ['a run elsewhere that gave a sign of life nine minutes ago', ELSEWHERE, 540_000],
  ])('leaves alone %s', async (_what, owner, ageMs) => {
    const { dir, run } = await cutOff(owner);
    const then = new Date(Date.now() - ageMs);
    await utimes(await fileOf(dir, run, '.open'), then, then);
    const marker = join(dir, 'runs', `${run}.open`);
    await utimes(marker, then, then);
    const before = await filesIn(dir);
    expect((await opened(dir)).recovered).toEqual([]);
    expect(await filesIn(dir)).toEqual(before);
  });

  it('seals a run elsewhere that gave no sign of life for ten minutes', async () => {
    const { dir, run } = await cutOff(ELSEWHERE);
    const then = new Date(Date.now() - 601_000);
    await utimes(join(dir, 'runs', `${run}.open`), then, then);
    expect((await opened(dir)).recovered).toEqual([run]);
  });

  it.each([
    ['half a record', (warc: Buffer) => warc.subarray(-300, -100)],
    ['zeros', () => Buffer.alloc(5000)],
    ['one byte', () => Buffer.from([0x1f])],
    [
      'a whole record behind junk, which nobody was told of',
      (warc: Buffer) => Buffer.concat([Buffer.alloc(64), warc.subarray(0, warc.indexOf(MAGIC, 20))]),
    ],
  ])('cuts %s off the end of a WARC file', async (_what, tail) => {
    const { dir, run } = await cutOff();
    const path = await fileOf(dir, run, '.warc.gz.open');
    const whole = await readFile(path);
    await appendFile(path, tail(whole));
    await opened(dir);
    expect(await readFile(path.replace(/\.open$/, ''))).toEqual(whole);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('never cuts off a record that a look names, whatever stands before it', async () => {
    const { dir, run } = await cutOff();
    const path = await fileOf(dir, run, '.warc.gz.open');
    const damaged = await readFile(path);
    // The first record after the warcinfo.
    const at = damaged.indexOf(MAGIC, 20);
    damaged.fill(0, at + 20, at + 60);
    await writeFile(path, damaged);
    await opened(dir);
    expect((await stat(path.replace(/\.open$/, ''))).size).toBe(damaged.length);
    const { problems } = await verifyArchive(dir);
    expect(problems.map(({ what }) => what).join('\n')).toContain('are no whole record');
  });

  it('cuts half a look off, and leaves a broken one with good ones after it for verify to report', async () => {
    const { dir, run } = await cutOff();
    const path = await fileOf(dir, run, '.jsonl');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `${whole}${whole.slice(0, 100)}`);
    await opened(dir);
    expect(await readFile(path, 'utf8')).toBe(whole);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });

    const other = await cutOff();
    const damaged = await fileOf(other.dir, other.run, '.jsonl');
    const lines = (await readFile(damaged, 'utf8')).split('\n');
    await writeFile(damaged, ['{"a', ...lines.slice(1)].join('\n'));
    await opened(other.dir);
    expect((await readFile(damaged, 'utf8')).split('\n')).toHaveLength(lines.length);
    expect((await verifyArchive(other.dir)).problems).not.toEqual([]);
  });

  it('brings heads up to looks that they never heard of, for good, before it seals', async () => {
    const { dir, run } = await cutOff();
    const head = join(
      dir,
      (await filesIn(dir)).find((name) => name.endsWith('head.json'))!,
    );
    const text = await readFile(head, 'utf8');
    await writeFile(head, '');
    await opened(dir);
    expect(JSON.parse(await readFile(head, 'utf8'))).toMatchObject({ head: { look: { seq: 3 } } });
    expect(await readFile(head, 'utf8')).toContain(run);
    expect(text).toContain(run);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('takes back a head that it cannot mend, so that nobody builds on it', async () => {
    const { dir, run } = await cutOff();
    const looks = await fileOf(dir, run, '.jsonl');
    const lines = (await readFile(looks, 'utf8')).split('\n');
    await writeFile(looks, [lines[1], lines[2], ''].join('\n'));
    const files = await filesIn(dir);
    const heads = files.filter((name) => name.endsWith('head.json'));
    for (const head of heads) {
      const text = await readFile(join(dir, head), 'utf8');
      if (text.includes('"version": 2')) await writeFile(join(dir, head), '{}');
    }
    const archive = await opened(dir);
    await expect(archive.snapshots.head(KEY)).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    await expect(visit(archive, KEY, 'three')).rejects.toMatchObject({ code: 'E_ARCHIVE_DAMAGED' });
    expect((await visit(archive, 'news.example:/b', 'two')).seq).toBe(2);
  });

  it('goes on with a version that never got its look, and answers for its file', async () => {
    const dir = await tempDir();
    const dead = await opened(dir, { owner: DEAD });
    const ref = await dead.captures.write(pageCapture());
    const cut = dead.snapshots.hold(KEY, urlOf(KEY), async (article) => {
      await article.addVersion(snapshotOf(KEY, 1, null, ref));
      throw new Error('power');
    });
    await expect(cut).rejects.toThrow('power');
    await dead.close();
    const archive = await opened(dir);
    expect((await verifyArchive(dir)).problems).toEqual([]);
    await visit(archive, KEY, 'two');
    await archive.seal({}, 'finished');
    expect((await seen(dir)).map(({ outcome, note }) => [outcome, note?.slice(0, 9)])).toEqual([
      ['new', 'recovered'],
      ['changed', undefined],
    ]);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('takes away a marker that outlived its manifest, and one that never had anything to seal', async () => {
    const { dir, run } = await cutOff();
    const marker = await readFile(join(dir, 'runs', `${run}.open`));
    await opened(dir);
    await writeFile(join(dir, 'runs', `${run}.open`), marker);
    await mkdir(join(dir, 'runs', `${run}.tmp`));
    const empty = '20260101T000000Z-host-aaaaaa';
    await writeFile(join(dir, 'runs', `${empty}.open`), marker);
    expect((await opened(dir)).recovered.toSorted()).toEqual([empty, run].toSorted());
    expect((await filesIn(dir)).filter((name) => name.includes(empty) || name.endsWith('.open'))).toEqual([]);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });

  it('takes away what a process left that died before it made its marker, once that is surely so', async () => {
    const { dir } = await cutOff();
    const folder = join(dir, 'runs', '20260101T000000Z-host-aaaaaa.tmp');
    await mkdir(folder);
    await writeFile(join(folder, '1'), 'half a mark');
    await opened(dir);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [] });
    expect((await stat(folder)).isDirectory()).toBe(true);
    const then = new Date(Date.now() - 601_000);
    await utimes(folder, then, then);
    await opened(dir);
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('leaves no WARC file that holds no capture', async () => {
    const dir = await tempDir();
    const dead = await opened(dir, { owner: DEAD });
    await visit(dead, KEY, 'one');
    const path = await fileOf(dir, dead.run!, '.warc.gz.open');
    await writeFile(path, '');
    await dead.close();
    await opened(dir);
    expect((await filesIn(dir)).filter((name) => name.startsWith('captures'))).toEqual([]);
    expect((await verifyArchive(dir)).problems.map(({ what }) => what).join()).toContain('names a record that fails');
  });
});
