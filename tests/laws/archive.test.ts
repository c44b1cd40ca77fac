/** Laws of the archive over generated histories and generated damage. */
import { copyFile, cp, mkdtemp, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchive, verifyArchive } from '../../src/archive/index.ts';
import { sha256, spellLine } from '../../src/core/digest.ts';
import { filesIn, opened, pageCapture, tempDir, urlOf, visit } from '../unit/archive/made.ts';

const AT = '2026-03-04T05:06:07.123Z';
let made: string;
let files: string[];

/** Five runs over four articles: new, changed, unchanged, gone, not modified, given as a file; two of them at once. */
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'tearsheet-law-'));
  const run = () =>
    openArchive({ dir: made, command: 'law', program: 'tearsheet/law', create: true, maxWarcBytes: 5000 });
  for (let n = 0; n < 3; n += 1) {
    const both = [await run(), await run()];
    for (const [m, archive] of both.entries()) {
      for (const key of ['news.example:/a', 'news.example:/b', 'paper:1', `other.example:/${m}`]) {
        await visit(archive, key, `${n} ${'x'.repeat(n * 900)}`, `2026-03-0${n + 1}T00:00:00.000Z`);
      }
    }
    const [archive] = both;
    const head = await archive!.snapshots.head('paper:1');
    const ref = await archive!.captures.write(pageCapture({ url: urlOf('paper:1'), status: 304 }), head?.capture);
    const file = await archive!.captures.write({ ...pageCapture({ body: `file ${n}` }), hops: [], engine: 'file' });
    await archive!.snapshots.hold('paper:1', urlOf('paper:1'), async (article) => {
      await article.addLook({ at: AT, url: urlOf('paper:1'), outcome: 'not-modified', capture: ref });
      await article.addLook({ at: AT, url: urlOf('paper:1'), outcome: 'gone', capture: null });
      await article.addLook({ at: AT, url: urlOf('paper:1'), outcome: 'variant', capture: file, note: 'from a file' });
    });
    for (const each of both) await each.seal({ n }, 'finished');
  }
  files = await filesIn(made);
});
afterAll(() => rm(made, { recursive: true, force: true }));

/** What can happen to a file; each says how it is undone. */
const DAMAGES = {
  'a flipped bit': async (path: string, where: number) => {
    const content = await readFile(path);
    const bit = Math.floor(where * content.length * 8);
    content[bit >> 3] = content[bit >> 3]! ^ (1 << (bit & 7));
    await writeFile(path, content);
  },
  'a lost end': async (path: string, where: number) =>
    truncate(path, Math.floor(where * (await readFile(path)).length)),
  'a doubled end': async (path: string, where: number) => {
    const content = await readFile(path);
    await writeFile(path, Buffer.concat([content, content.subarray(Math.floor(where * content.length))]));
  },
  'zeros in the middle': async (path: string, where: number) => {
    const handle = await open(path, 'r+');
    const { size } = await handle.stat();
    const length = Math.max(1, Math.floor(size / 20));
    const before = await readFile(path);
    await handle.write(Buffer.alloc(length), 0, length, Math.floor(where * (size - length)));
    await handle.close();
    // There may have been zeros before.
    if ((await readFile(path)).equals(before)) await writeFile(path, '');
  },
  'another file of its kind': async (path: string, where: number) => {
    const kind = (name: string) => name.replace(/^.*\/(?=[^/]+$)/, '').replace(/^\d{8}T.*?(?=\.|-\d+\.)|\d+/g, '#');
    const own = path.slice(path.lastIndexOf('tearsheet-'));
    const content = await readFile(path);
    const others = [];
    for (const name of files.filter((each) => kind(each) === kind(own) && !path.endsWith(each))) {
      const other = await readFile(join(made, name));
      if (!other.equals(content)) others.push(other);
    }
    await writeFile(path, others[Math.floor(where * others.length)] ?? '');
  },
  'a missing file': (path: string) => rm(path),
} as const;
type Damage = keyof typeof DAMAGES;

describe('the law that anyone can check', () => {
  it('holds for whatever happens to any file: verify reports it', async () => {
    expect(await verifyArchive(made)).toMatchObject({ problems: [], notes: [] });
    const dir = await tempDir();
    await cp(made, dir, { recursive: true });
    // These two are made again from the rest; that they are gone is no damage.
    const canBeMissing = (name: string) => name.endsWith('.change.json') || name.endsWith('tips.cache');
    const anything = fc
      .tuple(
        fc.nat(),
        fc.constantFrom(...(Object.keys(DAMAGES) as Damage[])),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
      )
      .map(([n, damage, where]) => ({ path: files[n % files.length]!, damage, where }))
      .filter(({ path, damage }) => damage !== 'a missing file' || !canBeMissing(path));
    await fc.assert(
      fc.asyncProperty(anything, async ({ path, damage, where }) => {
        await DAMAGES[damage](join(dir, path), where);
        const { problems } = await verifyArchive(dir);
        await copyFile(join(made, path), join(dir, path));
        expect(problems.length, `${damage} in ${path}`).toBeGreaterThan(0);
      }),
      { numRuns: 70 },
    );
    expect(await verifyArchive(dir)).toMatchObject({ problems: [], notes: [] });
  }, 120_000);

  it('holds for two files that changed places', async () => {
    const dir = await tempDir();
    await cp(made, dir, { recursive: true });
    const pairs = fc
      .tuple(fc.nat(), fc.nat())
      .map(([a, b]) => [files[a % files.length]!, files[b % files.length]!] as const);
    const swap = async (a: string, b: string) => {
      await rename(join(dir, a), join(dir, 'swap'));
      await rename(join(dir, b), join(dir, a));
      await rename(join(dir, 'swap'), join(dir, b));
    };
    await fc.assert(
      fc.asyncProperty(pairs, async ([a, b]) => {
        fc.pre(!(await readFile(join(made, a))).equals(await readFile(join(made, b))));
        await swap(a, b);
        const { problems } = await verifyArchive(dir);
        await swap(a, b);
        expect(problems.length, `${a} and ${b}`).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});

describe('the law that nothing is lost', () => {
  it('holds for any visits by any number of runs: chains are whole, versions are those that were new, all can be read', async () => {
    const step = fc.record({
      run: fc.nat(2),
      key: fc.constantFrom('a:1', 'a:2'),
      body: fc.constantFrom('x', 'y', 'z'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), fc.boolean(), async (steps, isSealed) => {
        const dir = await mkdtemp(join(tmpdir(), 'tearsheet-law-'));
        const begin = () => openArchive({ dir, command: 'law', program: 'tearsheet/law', create: true });
        const runs = [await begin(), await begin(), await begin()];
        const expected = new Map<string, { looks: number; bodies: string[] }>();
        for (const { run, key, body } of steps) {
          await visit(runs[run]!, key, body);
          const so = expected.get(key) ?? { looks: 0, bodies: [] };
          expected.set(key, so);
          so.looks += 1;
          if (so.bodies.at(-1) !== body) so.bodies.push(body);
        }
        for (const each of runs) await (isSealed ? each.seal({}, 'finished') : each.close());
        const { snapshots, captures } = await opened(dir, { readOnly: true });
        for (const [key, { looks, bodies }] of expected) {
          const kept = await snapshots.looks(key);
          expect(kept.map(({ seq }) => seq)).toEqual(Array.from({ length: looks }, (_, n) => n + 1));
          expect(kept.slice(1).map(({ prevLook }) => prevLook)).toEqual(
            kept.slice(0, -1).map((look) => sha256(spellLine(look))),
          );
          const versions = await snapshots.versions(key);
          const read = [];
          for (const { snapshot } of versions)
            read.push(Buffer.from((await captures.read(snapshot.capture)).body).toString());
          expect(read).toEqual(bodies);
        }
        const report = await verifyArchive(dir);
        expect(report.problems).toEqual([]);
        if (isSealed) expect(report.notes).toEqual([]);
        await rm(dir, { recursive: true, force: true });
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
