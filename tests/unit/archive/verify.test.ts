import { appendFile, copyFile, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PathLike } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyArchive } from '../../../src/archive/index.ts';
import type { Fs } from '../../../src/archive/disk.ts';
import { nodeFs } from '../../../src/archive/disk.ts';
import { firstMember } from '../../../src/archive/gzip-member.ts';
import { sha256, spell } from '../../../src/core/digest.ts';
import type { Manifest } from '../../../src/core/schema.ts';
import { filesIn, opened, pageCapture, tempDir, urlOf, visit } from './made.ts';

const KEY = 'news.example:/a';
let made: string;
let files: string[];

beforeAll(async () => {
  const { mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  made = await mkdtemp(join(tmpdir(), 'tearsheet-made-'));
  const { openArchive } = await import('../../../src/archive/index.ts');
  for (const [n, bodies] of [
    ['one', 'one', 'two'],
    ['two', 'three'],
  ].entries()) {
    const archive = await openArchive({ dir: made, command: 'test', program: 'tearsheet/test', create: true });
    for (const body of bodies) for (const key of [KEY, 'news.example:/b']) await visit(archive, key, body);
    const head = await archive.snapshots.head(KEY);
    const ref = await archive.captures.write(pageCapture({ url: urlOf(KEY), status: 304 }), head?.capture);
    const look = { at: ref.date, url: urlOf(KEY), outcome: 'not-modified', capture: ref } as const;
    await archive.snapshots.hold(KEY, urlOf(KEY), (article) => article.addLook(look));
    await archive.seal({ pages: n }, 'finished');
  }
  files = await filesIn(made);
  return () => rm(made, { recursive: true, force: true });
});

/** A copy of the archive, to be spoiled. */
async function copy(): Promise<string> {
  const dir = await tempDir();
  await cp(made, dir, { recursive: true });
  return dir;
}
const one = (pattern: RegExp): string => files.find((name) => pattern.test(name)) ?? `no ${String(pattern)}`;
const problemsOf = async (dir: string) =>
  (await verifyArchive(dir)).problems.map(({ path, what }) => `${path} ${what}`);
const KINDS = [
  ['the marker', /^archive\.json$/],
  ['a key', /article\.json$/],
  ['a version', /v0001\.json$/],
  ['the newest version', /v0003\.json$/],
  ['a change', /v0002\.change\.json$/],
  ['a head', /head\.json$/],
  ['a WARC file', /\.warc\.gz$/],
  ['an index', /\.cdxj$/],
  ['looks', /\.jsonl$/],
  ['a manifest', /^runs\/.*\.json$/],
  ['the newest tips', /tips\.cache$/],
] as const;

describe('verifyArchive', () => {
  it('finds nothing wrong with an archive in order, and counts what it checked', async () => {
    const seen: number[] = [];
    const report = await verifyArchive(made, { onProgress: ({ files: n }) => seen.push(n) });
    expect(report).toEqual({
      checked: { files: files.length, snapshots: 6, looks: 12, records: 26, manifests: 2 },
      problems: [],
      notes: [],
    });
    expect(seen).toEqual(Array.from({ length: files.length }, (_, n) => n + 1));
  });

  describe.each(KINDS)('for %s', (_what, pattern) => {
    it('finds one flipped bit anywhere', async () => {
      const path = one(pattern);
      const dir = await copy();
      const whole = await readFile(join(dir, path));
      const step = Math.max(1, Math.floor(whole.length / 12));
      for (let at = 0; at < whole.length; at += step) {
        const flipped = Buffer.from(whole);
        flipped[at] = flipped[at]! ^ (1 << (at % 8));
        await writeFile(join(dir, path), flipped);
        expect(await problemsOf(dir), `bit ${at % 8} of byte ${at} of ${path}`).not.toEqual([]);
      }
    });

    it('finds it cut, grown and emptied', async () => {
      const path = one(pattern);
      const dir = await copy();
      const whole = await readFile(join(dir, path));
      for (const spoiled of [
        whole.subarray(0, -1),
        whole.subarray(0, whole.length / 2),
        Buffer.alloc(0),
        Buffer.concat([whole, Buffer.from('\n')]),
      ]) {
        await writeFile(join(dir, path), spoiled);
        expect(await problemsOf(dir)).not.toEqual([]);
      }
    });
  });

  // A change and the tips are made again from the rest; nothing names them.
  it.each(KINDS.filter(([what]) => what !== 'a change' && what !== 'the newest tips'))(
    'finds %s missing',
    async (_what, pattern) => {
      const dir = await copy();
      await rm(join(dir, one(pattern)));
      expect(await problemsOf(dir)).not.toEqual([]);
    },
  );

  it('finds folders in the place of files, and files in the place of folders', async () => {
    for (const [, pattern] of KINDS) {
      const dir = await copy();
      await rm(join(dir, one(pattern)));
      await mkdir(join(dir, one(pattern)));
      expect(await problemsOf(dir), String(pattern)).not.toEqual([]);
    }
    for (const folder of ['articles', 'articles/news.example', 'captures/2026', 'looks', dirname(one(/v0001/))]) {
      const dir = await copy();
      await rm(join(dir, folder), { recursive: true });
      await writeFile(join(dir, folder), 'x');
      expect(await problemsOf(dir), folder).not.toEqual([]);
    }
  });

  it('finds files of one kind in each other’s places', async () => {
    for (const pattern of [
      /article\.json$/,
      /v0002\.json$/,
      /v0002\.change\.json$/,
      /head\.json$/,
      /\.warc\.gz$/,
      /\.jsonl$/,
      /^runs\/.*\.json$/,
    ]) {
      const [a, b] = files.filter((name) => pattern.test(name)) as [string, string];
      const dir = await copy();
      await rename(join(dir, a), join(dir, 'x'));
      await rename(join(dir, b), join(dir, a));
      await rename(join(dir, 'x'), join(dir, b));
      expect(await problemsOf(dir), `${a} and ${b}`).not.toEqual([]);
    }
  });

  it('finds lines of looks in another order, one left out, one doubled', async () => {
    const path = one(/\.jsonl$/);
    const lines = (await readFile(join(made, path), 'utf8')).split('\n').slice(0, -1);
    for (const spoiled of [lines.toReversed(), lines.slice(1), lines.slice(0, -1), [...lines, lines.at(-1)!]]) {
      const dir = await copy();
      await writeFile(join(dir, path), `${spoiled.join('\n')}\n`);
      expect(await problemsOf(dir)).not.toEqual([]);
    }
  });

  it('finds a version, a look and a record that a forger made fit, by the manifest', async () => {
    const dir = await copy();
    const path = files.filter((name) => name.endsWith('v0003.json'))[0]!;
    const forged = (await readFile(join(dir, path), 'utf8')).replace('Version 3', 'Version X');
    await writeFile(join(dir, path), forged);
    expect((await problemsOf(dir)).join('\n')).toMatch(/v0003\.json expected SHA-256 \w+, got \w+/);
    // Even with a manifest made to fit: the manifests that follow name the one that was.
    const manifest = files.filter((name) => /^runs\/.*\.json$/.test(name));
    for (const name of manifest) {
      const text = await readFile(join(dir, name), 'utf8');
      const { files: entries } = JSON.parse(text) as { files: { path: string; sha256: string }[] };
      const entry = entries.find((each) => each.path === path);
      if (entry) await writeFile(join(dir, name), text.replace(entry.sha256, sha256(forged)));
    }
    expect(await problemsOf(dir)).not.toEqual([]);
  });

  describe('behind a manifest that a forger made to fit', () => {
    /** Changes a file, and what the manifest says of it. */
    async function forge(path: string, change: (content: Buffer) => Buffer | string): Promise<string> {
      const dir = await copy();
      const content = Buffer.from(change(await readFile(join(dir, path))));
      await writeFile(join(dir, path), content);
      await rm(join(dir, 'runs', 'tips.cache'));
      for (const name of files.filter((each) => /^runs\/.*\.json$/.test(each))) {
        const manifest = JSON.parse(await readFile(join(dir, name), 'utf8')) as Manifest;
        const entries = manifest.files.map((entry) =>
          entry.path === path ? { path, bytes: content.length, sha256: sha256(content) } : entry,
        );
        await writeFile(join(dir, name), spell({ ...manifest, files: entries, parents: [] }));
      }
      return (await problemsOf(dir)).join('\n');
    }
    const replacing = (from: string | RegExp, to: string) => (content: Buffer) => {
      const text = content.toString('utf8').replace(from, to);
      expect(text).not.toBe(content.toString('utf8'));
      return text;
    };
    /** Changes the first record of a type that changes. */
    const inRecord = (type: string, change: (text: string) => string) => (content: Buffer) => {
      const members: Buffer[] = [];
      let changed = 0;
      for (let at = 0; at < content.length;) {
        const member = firstMember(content.subarray(at));
        if (typeof member === 'string') throw new Error('a gap');
        const text = member.content.toString('latin1');
        const forged = changed === 0 && text.includes(`WARC-Type: ${type}\r\n`) ? change(text) : text;
        if (forged !== text) changed += 1;
        members.push(gzipSync(Buffer.from(forged, 'latin1')));
        at += member.length;
      }
      expect(changed).toBe(1);
      return Buffer.concat(members);
    };
    const swapping = (from: string, to: string) => (text: string) => text.replace(from, to);
    /** Flips the last bit of the block and makes its digest fit; that of the payload stays. */
    const withOtherPayload = (text: string): string => {
      const head = text.indexOf('\r\n\r\n') + 4;
      const block = Buffer.from(text.slice(head, -4), 'latin1');
      const before = sha256(block);
      block[block.length - 1] = block[block.length - 1]! ^ 1;
      return `${text.slice(0, head).replace(before, sha256(block))}${block.toString('latin1')}\r\n\r\n`;
    };

    it('nothing is found where nothing was changed', async () => {
      expect(await forge(one(/v0001\.json$/), (content) => content)).toBe('');
    });

    it.each([
      ['a version', /v0001\.json$/, replacing('Version 1', 'Version X'), /looks name version 1 with id/],
      [
        'the chain of versions',
        /v0002\.json$/,
        replacing(/"previous": "\w{4}/, '"previous": "0000'),
        /v0002\.json follows 0000/,
      ],
      ['the number of a version', /v0002\.json$/, replacing('"version": 2', '"version": 7'), /holds version 7/],
      ['the spelling of a version', /v0001\.json$/, replacing('{\n', '{ \n'), /not spelled as we spell it/],
      ['a look', /\.jsonl$/, replacing('"unchanged"', '"variant"'), /does not follow look/],
      [
        'the digests that a look names',
        /\.jsonl$/,
        replacing(/("decodedSha256":")\w{4}/, '$10000'),
        /names record .+ with other digests/,
      ],
      [
        'the record that a look names',
        /\.jsonl$/,
        replacing(/("recordId":"urn:uuid:)\w{4}/, '$10000'),
        /names a record that fails/,
      ],
      ['the run of a look', /\.jsonl$/, replacing(/-(\w{6})","schema"/, '-aaaaaa","schema"'), /is of run/],
      ['a key', /article\.json$/, replacing('news.example:/', 'news.example:/x'), /which belongs into/],
      ['an index', /\.cdxj$/, replacing('"status":"200"', '"status":"404"'), /is not what the WARC file gives/],
      ['a header', /\.warc\.gz$/, inRecord('response', swapping('200 OK', '200 KO')), /expected block/],
      [
        'a payload, and the digest of its block',
        /\.warc\.gz$/,
        inRecord('response', withOtherPayload),
        /expected payload/,
      ],
      ['a request', /\.warc\.gz$/, inRecord('request', swapping('GET', 'PUT')), /expected block/],
      [
        'the payload that a revisit names',
        /\.warc\.gz$/,
        inRecord('revisit', swapping('Payload-Digest: sha256:', 'Payload-Digest: sha256:00')),
        /refers to a payload/,
      ],
      [
        'the record that a revisit names',
        /\.warc\.gz$/,
        inRecord('revisit', swapping('WARC-Refers-To: <urn:uuid:', 'WARC-Refers-To: <urn:uuid:00')),
        /which is missing/,
      ],
      [
        'the order of records',
        /\.warc\.gz$/,
        inRecord('warcinfo', swapping('WARC-Type: warcinfo', 'WARC-Type: metadata')),
        /does not begin with a warcinfo/,
      ],
    ] as const)('finds %s changed', async (_what, pattern, change, expected) => {
      expect(await forge(one(pattern), change)).toMatch(expected);
    });
  });

  it.each([
    'README.txt',
    'articles/note.txt',
    'articles/news.example/zz/x.json',
    'captures/2026/03/04/other.warc.gz',
    'captures/x.cdxj',
    'looks/2026/x.jsonl',
    'runs/other.json',
    'runs/20260101T000000Z-host-aaaaaa.txt',
  ])('finds %s, which was added', async (path) => {
    const dir = await copy();
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), 'x');
    expect((await problemsOf(dir)).join('\n')).toContain(
      path.startsWith('articles/news') ? 'articles/news.example/zz' : path,
    );
  });

  it('finds files added to an article, to a sealed run, and under a name that links elsewhere', async () => {
    const article = dirname(one(/article\.json$/));
    const warc = one(/\.warc\.gz$/);
    for (const [from, to] of [
      [one(/v0001\.json$/), `${article}/v0004.json`],
      [one(/v0001\.json$/), `${article}/copy.json`],
      [one(/change\.json$/), `${article}/v0001.change.json`],
      [warc, warc.replace('-1.warc', '-2.warc')],
      [one(/\.cdxj$/), one(/\.cdxj$/).replace('-1.cdxj', '-2.cdxj')],
      [one(/\.jsonl$/), one(/\.jsonl$/).replace(/\d\d\/([^/]+)$/, '01/$1')],
    ] as const) {
      const dir = await copy();
      await mkdir(dirname(join(dir, to)), { recursive: true });
      await copyFile(join(dir, from), join(dir, to));
      expect((await problemsOf(dir)).join('\n'), to).toContain(to);
    }
    const dir = await copy();
    await rename(join(dir, warc), join(dir, 'tearsheet.sqlite'));
    await symlink(join(dir, 'tearsheet.sqlite'), join(dir, warc));
    expect((await problemsOf(dir)).join('\n')).toContain(warc);
  });

  it('finds a manifest that names what it must not', async () => {
    const dir = await copy();
    const run = '20260101T000000Z-host-aaaaaa';
    const at = '2026-01-01T00:00:00.000Z';
    const entry = (path: string) => ({ path, bytes: 1, sha256: sha256('x') });
    const manifest = {
      schema: 1,
      run,
      command: 'x',
      program: 'x',
      startedAt: at,
      endedAt: at,
      ended: 'finished',
      counts: {},
      files: ['../../etc/passwd', '/etc/passwd', 'articles/../../x', 'verdicts/2026/01/x.jsonl'].map(entry),
      parents: [],
    };
    await writeFile(join(dir, 'runs', `${run}.json`), spell(manifest));
    const problems = (await problemsOf(dir)).join('\n');
    for (const path of ['../../etc/passwd', '/etc/passwd', 'articles/../../x']) expect(problems).toContain(`"${path}"`);
    expect(problems).toContain('verdicts/2026/01/x.jsonl is missing');
  });

  it('reports everything at once, and survives anything in any file', async () => {
    const dir = await copy();
    for (const path of files) await writeFile(join(dir, path), '\0{[\n'.repeat(3));
    const problems = await problemsOf(dir);
    for (const [, pattern] of KINDS) {
      expect(
        problems.some((problem) => pattern.test(problem.split(' ')[0]!)),
        String(pattern),
      ).toBe(true);
    }
  });

  it('notes what is not proven yet, and names no more of it than a person reads', async () => {
    const dir = await copy();
    const archive = await opened(dir);
    for (let n = 0; n < 15; n += 1) await visit(archive, `news.example:/new/${n}`, 'x');
    const { problems, notes } = await verifyArchive(dir);
    expect(problems).toEqual([]);
    expect(notes[0]).toMatch(/^run .+ has no manifest yet: it is still open$/);
    expect(notes.at(-1)).toBe('not proven yet: no manifest names 12 more files');
    expect(notes).toHaveLength(22);
  });

  it('sees no damage in what is half-written by a run that lives', async () => {
    const dir = await copy();
    const archive = await opened(dir);
    await visit(archive, KEY, 'four');
    const open = await filesIn(dir);
    await appendFile(
      join(
        dir,
        open.find((name) => name.endsWith('.warc.gz.open'))!,
      ),
      Buffer.from([0x1f, 0x8b, 8, 0]),
    );
    await appendFile(
      join(
        dir,
        open.find((name) => name.includes(archive.run!) && name.endsWith('.jsonl'))!,
      ),
      '{"article":',
    );
    const { problems, notes } = await verifyArchive(dir);
    expect(problems).toEqual([]);
    expect(notes.join('\n')).toContain('are no whole record; its run is still open');
  });

  it('misses no look that was written to a file that it had read already', async () => {
    const dir = await copy();
    const runs = [await opened(dir), await opened(dir)].toSorted((a, b) => (a.run! < b.run! ? -1 : 1));
    for (const archive of runs) await visit(archive, KEY, 'four');
    let wasLate = false;
    const lstat: Fs['lstat'] = async (path: PathLike) => {
      if (!wasLate && String(path).endsWith(`${runs[1]!.run}.jsonl`)) {
        wasLate = true;
        for (const archive of runs) await visit(archive, KEY, 'five');
      }
      return (await nodeFs.lstat(path)) as never;
    };
    expect((await verifyArchive(dir, { fs: { ...nodeFs, lstat } })).problems).toEqual([]);
    expect(wasLate).toBe(true);
  });

  it('sees no damage while others write', async () => {
    const dir = await copy();
    const over = new AbortController();
    const write = async (n: number) => {
      for (let round = 0; !over.signal.aborted; round += 1) {
        const archive = await opened(dir, { maxWarcBytes: 4000 });
        for (let m = 0; m < 6; m += 1) await visit(archive, `news.example:/${m % 3}`, `${round}.${n}.${m}`);
        await archive.seal({}, 'finished');
      }
    };
    const writers = [write(1), write(2)];
    const problems = [];
    for (let round = 0; round < 12; round += 1) problems.push(...(await problemsOf(dir)));
    over.abort();
    await Promise.all(writers);
    expect(problems).toEqual([]);
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  });
});
