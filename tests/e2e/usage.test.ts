import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';
import { VERSION } from '../../src/core/package.ts';
import { built } from './built.ts';
import { tearsheet } from './command-line.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-usage-'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('tearsheet', () => {
  test('without a command tells how it is used, on stderr, and ends with 2', async () => {
    const { code, stdout, stderr } = await tearsheet([]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const { name } of COMMANDS) expect(stderr).toContain(`\n  ${name} `);
  });

  test('--help lists every command', async () => {
    const { code, stdout } = await tearsheet(['--help']);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(`\n  ${name} `);
  });

  test('--version is that of the package', async () => {
    expect(await tearsheet(['--version'])).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
  });

  test.each(COMMANDS.map((entry) => [entry.name, entry] as const))(
    '%s --help has an example and the exit codes',
    async (name, { example, exits }) => {
      const { code, stdout } = await tearsheet([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`Example:\n  ${example}`);
      for (const exit of exits.split(' · ')) expect(stdout).toContain(`\n  ${exit}`);
    },
  );

  test.each([
    ['an unknown command', ['archve'], /^tearsheet: E_CLI_USAGE: unknown command 'archve' \(Did you mean archive\?\)/],
    [
      'an unknown option',
      ['list', '--jsn'],
      /^tearsheet: E_CLI_USAGE: unknown option '--jsn' \(Did you mean --json\?\)/,
    ],
    ['a missing argument', ['show'], /^tearsheet: E_CLI_USAGE: missing required argument 'ARTICLE'/],
    ['an argument too many', ['verify', 'x'], /^tearsheet: E_CLI_USAGE: too many arguments/],
    ['a log level that there is none of', ['list', '--log-level', 'loud'], /^tearsheet: E_CLI_USAGE: .*loud/],
    [
      'a version that is no number',
      ['show', 'x', '--version', 'first'],
      /^tearsheet: E_CLI_USAGE: expected the number of a version/,
    ],
    [
      'a saved page without its address',
      ['archive', '--from-file', 'x.html'],
      /^tearsheet: E_CLI_USAGE: --from-file needs --url/,
    ],
    [
      'an address without a saved page',
      ['archive', '--url', 'http://a/'],
      /^tearsheet: E_CLI_USAGE: --url and --content-type/,
    ],
  ])('%s is one line on stderr and exit status 2', async (_, argv, message) => {
    const { code, stdout, stderr } = await tearsheet(argv, { env: { TEARSHEET_ARCHIVE: join(dir, 'none') } });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test.each([
    ['before the command', (archive: string) => ['--archive', archive, '--json', 'list']],
    ['after it', (archive: string) => ['list', '--archive', archive, '--json']],
  ])('takes the flags of every command %s, and tells machines of errors in JSON', async (_, argv) => {
    const { code, objects, stderr } = await tearsheet(argv(join(dir, 'nowhere')));
    expect(code).toBe(40);
    expect(objects()).toMatchObject([{ error: { code: 'E_ARCHIVE_NOT_ONE' } }]);
    expect(stderr).toMatch(/^tearsheet: E_ARCHIVE_NOT_ONE: .*nowhere/);
  });

  test.each([
    ['an unknown setting', { TEARSHEET_FETCH_RETRYS: '1' }, 50],
    ['a setting with a value that it cannot have', { TEARSHEET_FETCH_MAX_RETRIES: 'many' }, 51],
  ])('%s has a code of its own', async (_, env, exit) => {
    const { code, stderr } = await tearsheet(['list', '--archive', join(dir, 'nowhere')], { env });
    expect(code).toBe(exit);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('a file of settings that cannot be read has a code of its own', async () => {
    expect((await tearsheet(['list', '--config', join(dir, 'nowhere.yaml')])).code).toBe(52);
  });

  test('there is a file for every command', () => {
    const files = readdirSync(new URL('../../src/commands/', import.meta.url));
    for (const { name } of COMMANDS) expect(files).toContain(`${name}.ts`);
  });

  const HEAVY = [
    'undici',
    'playwright',
    'playwright-core',
    'kysely',
    'chardet',
    'eld',
    '@exodus/bytes',
    'tldts',
    'warcio',
    'yaml',
    'pino',
  ];
  test.each([[['list']], [['clean', '-']]])('loads no library that it does not need: %s', async (argv) => {
    const { packages } = await loadedBy(argv);
    expect(packages).toContain('commander');
    expect(packages.filter((name) => HEAVY.includes(name))).toEqual([]);
  });

  test.each([[['--help']], [['--version']], [['archive', '--help']]])(
    'loads the parser of the command line and nothing else: %s',
    async (argv) => {
      expect(await loadedBy(argv)).toEqual({ packages: ['commander'], rooms: ['commands', 'core'] });
    },
  );
});

/** Packages and rooms that a process with these arguments loads. */
async function loadedBy(argv: readonly string[]): Promise<{ packages: string[]; rooms: string[] }> {
  const trace = join(dir, 'modules');
  await writeFile(trace, '');
  const root = new URL('../../', import.meta.url);
  const archive = join(dir, 'archive');
  await mkdir(join(archive, 'articles'), { recursive: true });
  const script = (path: string) => fileURLToPath(new URL(path, root));
  spawnSync(process.execPath, ['--import', script('tests/bench/trace-modules.mjs'), await built(), ...argv], {
    env: { ...process.env, TRACE_MODULES: trace, TEARSHEET_ARCHIVE: archive },
    input: '<!doctype html><title>The bridge</title><h1>The bridge</h1><p>It opened on Tuesday.',
  });
  const urls = [...new Set((await readFile(trace, 'utf8')).split('\n'))];
  const named = (pattern: RegExp) => [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].toSorted();
  return {
    packages: named(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/),
    rooms: named(/\/dist\/([a-z]+)\//),
  };
}
