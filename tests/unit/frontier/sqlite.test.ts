import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { openFrontier } from '../../../src/frontier/index.ts';
import {
  asFrontierError,
  betterSqlite,
  nodeSqlite,
  openSqlite,
  sqliteEngine,
  sqliteFault,
} from '../../../src/frontier/sqlite.ts';
import { NOW, found, opened, tempFile } from './frontier-file.ts';

const engines = [nodeSqlite(), betterSqlite()].filter((engine) => engine !== null);
const isNewNode = Number(process.versions.node.split('.')[0]) > 22;

const NOBODY = 65_534;

describe('sqliteEngine', () => {
  it('is the first that this Node has', () => {
    const [engine] = engines;
    expect(sqliteEngine([() => null, () => engine!])).toBe(engine);
    expect(nodeSqlite() === null).toBe(!isNewNode && !/^22\.(?:1[3-9]|[2-9]\d)\./.test(process.versions.node));
  });

  it('says what to do where there is none', () => {
    expect(() => sqliteEngine([() => null, () => null])).toThrow(
      expect.objectContaining({
        code: 'E_SQLITE_MISSING',
        message: expect.stringMatching(
          /^Node [\d.]+: expected node:sqlite or better-sqlite3, got neither; use Node 22\.13/,
        ),
      }),
    );
  });

  it("keeps Node's notice of an experiment to itself, and passes every other warning on", () => {
    const { emitWarning } = process;
    const warnings: unknown[] = [];
    process.emitWarning = ((...given: unknown[]) => void warnings.push(given)) as typeof process.emitWarning;
    onTestFinished(() => void (process.emitWarning = emitWarning));
    nodeSqlite();
    expect(warnings).toEqual([]);
    process.emitWarning('another', 'ExperimentalWarning');
    expect(warnings).toEqual([['another', 'ExperimentalWarning']]);
  });
});

describe.each(engines.map((engine) => ({ engine })))('openSqlite', ({ engine }) => {
  it('tells statements that give rows from those that do not', () => {
    const database = openSqlite(':memory:', engine);
    onTestFinished(() => database.close());
    const create = database.prepare('create table t (a, b)');
    expect(create.reader).toBe(false);
    create.run([]);
    const insert = database.prepare('insert into t values (?, ?)');
    expect(insert.reader).toBe(false);
    expect(Number(insert.run([1, undefined]).changes)).toBe(1);
    const returning = database.prepare('insert into t values (?, ?) returning a');
    expect(returning.reader).toBe(true);
    expect(returning.all([true, 'x'])).toMatchObject([{ a: 1 }]);
    const select = database.prepare('select a, b from t');
    expect(select.reader).toBe(true);
    expect(select.all([])).toMatchObject([
      { a: 1, b: null },
      { a: 1, b: 'x' },
    ]);
    expect([...select.iterate([])]).toHaveLength(2);
  });

  it('prepares a statement once, however often it is asked for, and keeps no endless number of them', () => {
    const prepared: string[] = [];
    const database = openSqlite(':memory:', (path) => {
      const raw = engine(path);
      return { prepare: (sql) => (prepared.push(sql), raw.prepare(sql)), close: () => raw.close() };
    });
    onTestFinished(() => database.close());
    expect(database.prepare('select 1')).toBe(database.prepare('select 1'));
    const long = `select '${'long '.repeat(1_000)}'`;
    expect(database.prepare(long)).not.toBe(database.prepare(long));
    expect(prepared).toHaveLength(3);
    for (let n = 0; n < 100; n += 1) database.prepare(`select ${n} as n`);
    database.prepare('select 1');
    expect(prepared.filter((sql) => sql === 'select 1')).toHaveLength(2);
  });

  it('names the fault of what it throws', async () => {
    const path = await tempFile();
    await writeFile(path, 'a letter to the editor, and no database. '.repeat(100));
    const fault = (work: () => unknown): string | null => {
      try {
        work();
      } catch (error) {
        return sqliteFault(error);
      }
      return 'none';
    };
    const read = () => openSqlite(path, engine).prepare('select * from sqlite_master').all([]);
    expect(fault(read)).toBe('NOTADB');
    expect(fault(() => openSqlite(join(dirname(path), 'no', 'folder'), engine))).toBe('CANTOPEN');
    expect(fault(() => openSqlite(':memory:', engine).prepare('select * from nowhere'))).toBe('ERROR');
    expect(sqliteFault(new Error('another'))).toBeNull();
  });
});

describe('asFrontierError', () => {
  it.each([
    ['SQLITE_CORRUPT_VTAB', 'E_FRONTIER_DAMAGED'],
    ['SQLITE_NOTADB', 'E_FRONTIER_DAMAGED'],
    ['SQLITE_IOERR_READ', 'E_FRONTIER_DAMAGED'],
    ['SQLITE_FULL', 'E_ARCHIVE_DISK_FULL'],
    ['SQLITE_READONLY', 'E_ARCHIVE_READ_ONLY'],
    ['SQLITE_CANTOPEN', 'E_ARCHIVE_READ_ONLY'],
    ['SQLITE_BUSY_SNAPSHOT', 'E_CRAWL_BUSY'],
  ])('%s: %s', (code, expected) => {
    const error = Object.assign(new Error('why'), { code });
    expect(asFrontierError('f.sqlite', error)).toMatchObject({
      code: expected,
      message: expect.stringMatching(/^f\.sqlite: expected .+, got "why"; .+/),
      cause: error,
    });
  });

  it('leaves what is none of them as it is, extended codes of node:sqlite among what is', () => {
    const bug = Object.assign(new Error('no such table'), { code: 'SQLITE_ERROR' });
    expect(asFrontierError('f', bug)).toBe(bug);
    // SQLITE_IOERR_SHORT_READ
    expect(sqliteFault(Object.assign(new Error(''), { code: 'ERR_SQLITE_ERROR', errcode: 522 }))).toBe('IOERR');
  });
});

const REBUILT = /delete it and run tearsheet crawl: it is rebuilt from the archive$/;
const opening = (path: string) => openFrontier({ path, clock: systemClock, maxAddressesPerShape: 10 });
const sqlite = (path: string) => openSqlite(path, sqliteEngine());

describe('openFrontier', () => {
  it('keeps what it has been told, from one opening to the next', async () => {
    const path = await tempFile();
    const first = await openFrontier({ path, clock: systemClock, maxAddressesPerShape: 10 });
    await first.add([found('https://news.example/a')], NOW);
    const [lease] = await first.take({ now: NOW, dueBefore: NOW, limit: 1, perHost: 1, leaseMs: 1000 });
    await first.close();
    await first.close();
    const second = await opened(path);
    expect(await second.get('https://news.example/a')).toEqual(lease!.entry);
    expect(await second.finish(lease!, { at: NOW, outcome: 'new', nextAt: NOW, state: 'waiting', isNews: true })).toBe(
      true,
    );
  });

  it('lives in memory where it is told to', async () => {
    const frontier = await opened(':memory:');
    await frontier.add([found('https://news.example/a')], NOW);
    expect(await frontier.counts({ dueBefore: NOW })).toMatchObject({ entries: 1 });
  });

  it('asks what counts as a host', async () => {
    const frontier = await opened(':memory:', { hostOf: (url) => `by ${new URL(url).hostname}` });
    await frontier.add([found('https://news.example:8443/a')], NOW);
    expect(await frontier.get('https://news.example:8443/a')).toMatchObject({ host: 'by news.example' });
  });

  it('refuses what is no database, and says what to do', async () => {
    const path = await tempFile();
    await writeFile(path, 'a letter to the editor, and no database. '.repeat(100));
    await expect(opening(path)).rejects.toThrow(
      expect.objectContaining({ code: 'E_FRONTIER_DAMAGED', message: expect.stringMatching(REBUILT) }),
    );
  });

  it('refuses the database of something else, untouched', async () => {
    const path = await tempFile();
    const other = sqlite(path);
    other.prepare('create table recipes (name)').run([]);
    other.close();
    const before = await readFile(path);
    await expect(opening(path)).rejects.toThrow(
      expect.objectContaining({
        code: 'E_FRONTIER_DAMAGED',
        message: expect.stringContaining('a database of something else'),
      }),
    );
    const again = sqlite(path);
    expect(again.prepare('select name from sqlite_master').all([])).toMatchObject([{ name: 'recipes' }]);
    again.close();
    expect(before.length).toBe((await stat(path)).size);
  });

  it('refuses a frontier of a later program, untouched', async () => {
    const path = await tempFile();
    await (await opening(path)).close();
    const later = sqlite(path);
    later.prepare('pragma user_version = 99').run([]);
    later.close();
    await expect(opening(path)).rejects.toThrow(/version 99; update Tearsheet/);
  });

  it('tells of damage wherever it is met', async () => {
    const path = await tempFile();
    const frontier = await opening(path);
    await frontier.add(
      Array.from({ length: 3_000 }, (_, n) => found(`https://h${n % 9}.example/story-number-${n}`)),
      NOW,
    );
    await frontier.close();
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    // Everything but the header and the schema.
    for (let at = 16_384; at < size; at += 4_096) await file.write(Buffer.alloc(4_096, 0x5a), 0, 4_096, at);
    await file.close();
    const meets = async (): Promise<void> => {
      const damaged = await opening(path);
      try {
        for await (const entry of damaged.list({})) expect(entry.state).toBe('waiting');
        await damaged.add([found('https://h1.example/one-more-story')], NOW);
      } finally {
        await damaged.close();
      }
    };
    await expect(meets()).rejects.toThrow(
      expect.objectContaining({ code: 'E_FRONTIER_DAMAGED', message: expect.stringMatching(REBUILT) }),
    );
  });

  it('tells of a file that was cut short', async () => {
    const path = await tempFile();
    const frontier = await opening(path);
    await frontier.add(
      Array.from({ length: 500 }, (_, n) => found(`https://h.example/story-number-${n}`)),
      NOW,
    );
    await frontier.close();
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, 5_000));
    await expect(opening(path)).rejects.toMatchObject({ code: 'E_FRONTIER_DAMAGED' });
  });

  it('tells of a folder that is not there', async () => {
    const path = join(dirname(await tempFile()), 'no', 'frontier.sqlite');
    await expect(opening(path)).rejects.toThrow(/frontier\.sqlite: expected to open it.+check that its folder exists/);
  });

  it('tells of a file that must not be written', async () => {
    const path = await tempFile();
    await (await opening(path)).close();
    await chmod(path, 0o444);
    await chmod(dirname(path), 0o555);
    onTestFinished(() => chmod(dirname(path), 0o755));
    // To root no file is read-only: it is nobody for as long as this takes.
    if (process.getuid?.() === 0) {
      process.seteuid?.(NOBODY);
      onTestFinished(() => process.seteuid?.(0));
    }
    await expect(opening(path)).rejects.toMatchObject({ code: 'E_ARCHIVE_READ_ONLY' });
  });

  it('is made once, however many open it at once', async () => {
    const path = await tempFile();
    const frontiers = await Promise.all(Array.from({ length: 5 }, () => opened(path)));
    await Promise.all(frontiers.map((frontier, n) => frontier.add([found(`https://h${n}.example/a`)], NOW)));
    expect(await frontiers[0]!.counts({ dueBefore: NOW })).toMatchObject({ entries: 5, hostsDue: 5 });
  });

  it('can be read while another writes, and waits for its turn at writing, until it has waited long enough', async () => {
    const path = await tempFile();
    let now = 0;
    const slept: number[] = [];
    const clock = { now: () => now, sleep: async (ms: number) => void (slept.push(ms), (now += 10 * ms)) };
    const frontier = await opened(path, { clock });
    await frontier.add([found('https://news.example/a')], NOW);
    const writer = sqlite(path);
    writer.prepare('begin immediate').run([]);
    expect(await frontier.get('https://news.example/a')).toMatchObject({ url: 'https://news.example/a' });
    await expect(frontier.add([found('https://news.example/b')], NOW)).rejects.toMatchObject({ code: 'E_CRAWL_BUSY' });
    expect(slept.length).toBeGreaterThan(10);
    now = 0;
    clock.sleep = async () => void writer.prepare('rollback').run([]);
    expect(await frontier.add([found('https://news.example/b')], NOW)).toMatchObject({ added: 1 });
    writer.close();
  });

  it('carries on after a step that failed, of which nothing is left', async () => {
    const frontier = await opened(':memory:');
    const entry = {
      key: '',
      kind: 'page',
      source: null,
      host: '',
      foundBy: 'feed',
      foundAt: NOW,
      hints: {},
      depth: 0,
      state: 'waiting',
      because: null,
      nextAt: NOW,
      lastAt: null,
      lastOutcome: null,
      validators: {},
      article: null,
      publishedAt: null,
      changedAt: null,
      looks: 0,
      changes: 0,
      failures: 0,
    } as const;
    const entries = [
      { ...entry, url: 'https://news.example/a' },
      { ...entry, url: 'no address' },
    ];
    await expect(frontier.restore(entries)).rejects.toMatchObject({ code: 'E_URL_INVALID' });
    expect(await frontier.counts({ dueBefore: NOW })).toMatchObject({ entries: 0, hostsDue: 0 });
    expect(await frontier.add([found('https://news.example/a')], NOW)).toMatchObject({ added: 1 });
  });

  it('opens a copy of the file with its journal, taken in the middle of the work', async () => {
    const path = await tempFile();
    const frontier = await opened(path);
    await frontier.add(
      Array.from({ length: 300 }, (_, n) => found(`https://h.example/story-number-${n}`)),
      NOW,
    );
    const dir = join(dirname(path), 'copy');
    await mkdir(dir);
    for (const ending of ['', '-wal']) await copyFile(path + ending, join(dir, `frontier.sqlite${ending}`));
    const copy = await opened(join(dir, 'frontier.sqlite'));
    expect(await copy.counts({ dueBefore: NOW })).toMatchObject({ entries: 300 });
  });
});

describe('a process that opens a frontier', () => {
  it('prints nothing of its own to stderr', () => {
    const script = `import { openFrontier } from './src/frontier/index.ts';
      const clock = { now: () => 0, sleep: async () => {} };
      await (await openFrontier({ path: ':memory:', clock, maxAddressesPerShape: 1 })).close();`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});
