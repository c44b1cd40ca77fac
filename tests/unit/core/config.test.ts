import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { settingsSchema } from '../../../config/tools/docs.ts';
import { configDigest, loadConfig } from '../../../src/core/config.ts';
import type { Config } from '../../../src/core/config.ts';
import { TearsheetError } from '../../../src/core/errors.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { SETTINGS, defaultsText, environmentName, settings } from '../../../src/core/settings.ts';

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tearsheet-config-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const DEFAULTS = Object.fromEntries([...settings()].map(([path, setting]) => [path, setting.default]));
const flat = (config: Config): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([section, named]) =>
      Object.entries(named).map(([name, value]) => [`${section}.${name}`, value as unknown]),
    ),
  );
const written = (text: string | Uint8Array, name = 'mine.yaml'): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const fromFile = (text: string): Config => loadConfig({ file: written(text), env: {} });

function failure(run: () => unknown): { code: ErrorCode; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof TearsheetError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('expected a TearsheetError, got none');
}

/** The code it fails with; empty where it does not. */
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (error) {
    if (error instanceof TearsheetError) return error.code;
    throw error;
  }
};

describe('loadConfig', () => {
  it('gives every default where nothing is said', () => {
    expect(flat(loadConfig({ env: {} }))).toEqual(DEFAULTS);
  });
  it('lets the environment win over the file and flags over both', () => {
    const file = written('fetch: {maxRetries: 3, maxRedirects: 4, retryBaseMs: 5}');
    const env = { TEARSHEET_FETCH_MAX_REDIRECTS: '6', TEARSHEET_FETCH_RETRY_BASE_MS: '7' };
    const { fetch } = loadConfig({ file, env, flags: { 'fetch.retryBaseMs': 8, 'fetch.maxRetries': undefined } });
    expect([fetch.maxRetries, fetch.maxRedirects, fetch.retryBaseMs]).toEqual([3, 6, 8]);
  });
  it('takes config/tearsheet.yaml from where it is run, and a named file instead of it', () => {
    mkdirSync(join(folder, 'config'));
    written('log: {level: debug}', 'config/tearsheet.yaml');
    expect(loadConfig({ env: {} }).log.level).toBe('debug');
    expect(fromFile('log: {level: error}').log.level).toBe('error');
  });
  it('reads the file that ships, changed or not', () => {
    expect(flat(fromFile(defaultsText()))).toEqual(DEFAULTS);
    const changed = fromFile(defaultsText().replace('maxRetries: 2', 'maxRetries: 9'));
    expect(flat(changed)).toEqual({ ...DEFAULTS, 'fetch.maxRetries': 9 });
  });
  it.each(['', '# nothing\n', '---\n', 'fetch:\n', '\uFEFFlog:\n  level: warn\n'])(
    'takes %j for a file that changes nothing',
    (text) => {
      expect(flat(fromFile(text))).toEqual(DEFAULTS);
    },
  );
  it('loads the YAML parser for a file that differs, and not for the one that ships', () => {
    const source = `
      import { createRequire } from 'node:module';
      import { loadConfig } from ${JSON.stringify(`${home}/src/core/config.ts`)};
      const isLoaded = () => Object.keys(createRequire(${JSON.stringify(`${home}/package.json`)}).cache).some((path) => /node_modules.yaml/.test(path));
      loadConfig({ file: ${JSON.stringify(written(defaultsText()))}, env: {} });
      const before = isLoaded();
      loadConfig({ file: ${JSON.stringify(written('log: {level: info}', 'other.yaml'))}, env: {} });
      console.log(JSON.stringify([before, isLoaded()]));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', source];
    expect(JSON.parse(execFileSync(process.execPath, args, { cwd: home, encoding: 'utf8' }))).toEqual([false, true]);
  });
  it('is frozen through and through', () => {
    const config = loadConfig({ env: {}, flags: { 'fetch.allowAddresses': ['127.0.0.1/32'] } });
    const all = [config, ...Object.values(config), config.fetch.allowAddresses];
    expect(all.every((part) => Object.isFrozen(part))).toBe(true);
  });
  it('copies lists, so that the caller cannot change them later', () => {
    const mine = ['127.0.0.1/32'];
    const config = loadConfig({ env: {}, flags: { 'fetch.allowAddresses': mine } });
    mine.push('10.0.0.0/8');
    expect(config.fetch.allowAddresses).toEqual(['127.0.0.1/32']);
  });
});

describe('loadConfig refuses settings that do not exist', () => {
  it.each([
    ['fetch: {bodyTimeoutMS: 1}', 'fetch.bodyTimeoutMS', 'fetch.bodyTimeoutMs'],
    ['fetch: {maxRetrys: 1}', 'fetch.maxRetrys', 'fetch.maxRetries'],
    ['fetsh: {maxRetries: 1}', 'fetsh', 'fetch'],
    ['maxRetries: 1', 'maxRetries', 'fetch.maxRetries'],
  ])('in a file: %s', (text, name, meant) => {
    const file = written(text);
    expect(failure(() => loadConfig({ file, env: {} }))).toEqual({
      code: 'E_CONFIG_UNKNOWN',
      message: `unknown setting ${name} in ${file}; did you mean ${meant}?`,
    });
  });
  it.each([
    'fetch: {zzz: 1}',
    '__proto__: {a: 1}',
    'fetch: {__proto__: 1}',
    'fetch: {constructor: 1}',
    'constructor: {name: x}',
  ])('that are like no other: %s', (text) => {
    const { code, message } = failure(() => fromFile(text));
    expect(code).toBe('E_CONFIG_UNKNOWN');
    expect(message).toMatch(/^unknown setting \S+ in \S+; config\/tearsheet\.yaml lists them all$/);
  });
  it('in the environment, of a section that exists', () => {
    expect(failure(() => loadConfig({ env: { TEARSHEET_FETCH_MAX_RETRYS: '1' } }))).toEqual({
      code: 'E_CONFIG_UNKNOWN',
      message:
        'unknown setting TEARSHEET_FETCH_MAX_RETRYS in the environment; did you mean TEARSHEET_FETCH_MAX_RETRIES?',
    });
  });
  it('but leaves alone what is none of its own', () => {
    const env = { TEARSHEET_SERVICE_HOST: '10.0.0.1', TEARSHEET_TRACE: '1', PATH: '/bin', FETCH_MAX_RETRIES: '7' };
    expect(flat(loadConfig({ env }))).toEqual(DEFAULTS);
  });
  it('on the command line', () => {
    expect(failure(() => loadConfig({ env: {}, flags: { 'log.levle': 'info' } })).message).toBe(
      'unknown setting log.levle in the command line; did you mean log.level?',
    );
  });
  it('in one short line, however long the name', () => {
    const { message } = failure(() => fromFile(`${'x'.repeat(100_000)}: 1`));
    expect(message.length).toBeLessThan(400);
  });
});

describe('loadConfig refuses values that a setting cannot have', () => {
  it.each([
    ['fetch: {maxRetries: -1}', 'fetch.maxRetries', 'a whole number from 0 to 20', '-1'],
    ['fetch: {maxRetries: 21}', 'fetch.maxRetries', 'a whole number from 0 to 20', '21'],
    ['fetch: {maxRetries: 1.5}', 'fetch.maxRetries', 'a whole number from 0 to 20', '1.5'],
    ['fetch: {maxRetries: "3"}', 'fetch.maxRetries', 'a whole number from 0 to 20', '"3"'],
    ['fetch: {maxRetries: .inf}', 'fetch.maxRetries', 'a whole number from 0 to 20', 'null'],
    ['fetch: {maxRetries: }', 'fetch.maxRetries', 'a whole number from 0 to 20', 'null'],
    ['fetch: {verifyTls: always}', 'fetch.verifyTls', 'one of record, require', '"always"'],
    ['fetch: {verifyTls: yes}', 'fetch.verifyTls', 'one of record, require', '"yes"'],
    [
      'fetch: {allowAddresses: 127.0.0.1}',
      'fetch.allowAddresses',
      'addresses or ranges such as 127.0.0.1/32',
      '"127.0.0.1"',
    ],
    ['fetch: {allowAddresses: [1]}', 'fetch.allowAddresses', 'addresses or ranges such as 127.0.0.1/32', '[1]'],
    ['fetch: {contact: "a\\nb"}', 'fetch.contact', 'one line of ASCII such as an address or a URL', '"a\\nb"'],
    ['archive: {dir: ""}', 'archive.dir', 'a path', '""'],
    ['fetch: 3', 'fetch', 'settings such as fetch.connectTimeoutMs', '3'],
    ['[1, 2]', 'the file', 'sections such as fetch:', '[1,2]'],
    ['just words', 'the file', 'sections such as fetch:', '"just words"'],
  ])('in a file: %s', (text, path, expected, got) => {
    const file = written(text);
    expect(failure(() => loadConfig({ file, env: {} }))).toEqual({
      code: 'E_CONFIG_INVALID',
      message: `${path} in ${file}: expected ${expected}, got ${got}; mend the setting`,
    });
  });
  it('in the environment, named as it is spelled there', () => {
    expect(failure(() => loadConfig({ env: { TEARSHEET_LOG_LEVEL: 'loud' } }))).toEqual({
      code: 'E_CONFIG_INVALID',
      message:
        'log.level in TEARSHEET_LOG_LEVEL: expected one of silent, error, warn, info, debug, trace, got "loud"; mend the setting',
    });
  });
  it.each(['x', '1e3', '0x10', '5 retries', '99999999999999999999'])(
    'a number in the environment spelled %j',
    (text) => {
      expect(failure(() => loadConfig({ env: { TEARSHEET_FETCH_MAX_RETRIES: text } })).code).toBe('E_CONFIG_INVALID');
    },
  );
});

describe('loadConfig reads the environment', () => {
  it('under the name that follows from the setting', () => {
    expect(environmentName('fetch.bodyTimeoutMs')).toBe('TEARSHEET_FETCH_BODY_TIMEOUT_MS');
    expect(new Set([...settings().keys()].map(environmentName)).size).toBe(settings().size);
  });
  it('with lists separated by commas', () => {
    const env = { TEARSHEET_FETCH_ALLOW_ADDRESSES: '127.0.0.1/32, ::1 ,' };
    expect(loadConfig({ env }).fetch.allowAddresses).toEqual(['127.0.0.1/32', '::1']);
  });
  it('with TEARSHEET_ARCHIVE as the short name of archive.dir', () => {
    expect(loadConfig({ env: { TEARSHEET_ARCHIVE: '/srv/kept' } }).archive.dir).toBe('/srv/kept');
  });
  it('and takes an empty variable for one that is not set', () => {
    const env = { TEARSHEET_ARCHIVE: '', TEARSHEET_FETCH_MAX_RETRIES: '' };
    expect(flat(loadConfig({ env }))).toEqual(DEFAULTS);
  });
});

describe('loadConfig says of a file that cannot be read', () => {
  it('that it is not there', () => {
    expect(failure(() => loadConfig({ file: 'nowhere.yaml', env: {} }))).toEqual({
      code: 'E_CONFIG_READ',
      message: 'expected settings in nowhere.yaml, got ENOENT; name a readable file with --config',
    });
  });
  it('that it is a folder', () => {
    expect(failure(() => loadConfig({ file: folder, env: {} })).message).toContain('got EISDIR');
  });
  it('that config/tearsheet.yaml is there and is none', () => {
    mkdirSync(join(folder, 'config', 'tearsheet.yaml'), { recursive: true });
    expect(failure(() => loadConfig({ env: {} })).code).toBe('E_CONFIG_READ');
  });
  it('that it is not UTF-8', () => {
    const file = written(Buffer.from([0x6c, 0x6f, 0x67, 0x3a, 0xff]));
    expect(failure(() => loadConfig({ file, env: {} })).message).toContain('got bytes that are not UTF-8');
  });
  it.each([
    ['fetch: [', 'an open bracket'],
    ['fetch: {maxRetries: 1, maxRetries: 2}', 'a setting said twice'],
    ['a: &a [*a, *a]\nb: [*x]', 'an alias to nothing'],
    ['log: {level: warn}\n---\nlog: {level: info}', 'two documents'],
    [
      `a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
        .split('')
        .map((one, n) => `${one}: &${one} [${`*${'abcdefg'[n]},`.repeat(9)}]`)
        .join('\n')}`,
      'a bomb of aliases',
    ],
  ])('that it is no YAML: %j', (text) => {
    const { code, message } = failure(() => fromFile(text));
    expect(code).toBe('E_CONFIG_READ');
    expect(message).not.toContain('\n');
  });
});

describe('loadConfig and the published schema', () => {
  const value = fc.oneof(
    fc.integer({ min: -5, max: 70_000 }),
    fc.constantFrom('record', 'require', 'warn', 'silent', 'archive', '', '*', 'ünlaut', 'two\nlines'),
    fc.array(fc.constantFrom('127.0.0.1', '::1', '')),
    fc.constantFrom(null, true, 1.5),
    fc.constantFrom(...Object.values(DEFAULTS)),
  );
  const names = Object.entries(SETTINGS).map(
    ([section, named]) => [section, [...Object.keys(named), 'stray']] as const,
  );
  const section = (known: readonly string[]) =>
    fc.option(fc.dictionary(fc.constantFrom(...known), value, { maxKeys: 3, noNullPrototype: true }));
  const file = fc.record(Object.fromEntries(names.map(([name, known]) => [name, section(known)])), {
    requiredKeys: [],
  });

  it('agree on which files are right', () => {
    const schema = settingsSchema();
    fc.assert(
      fc.property(file, (root) => {
        const refused = /^E_CONFIG_(?:UNKNOWN|INVALID)$/;
        const text = stringify(root);
        const isTaken = !refused.test(codeOf(() => fromFile(text)));
        expect(isTaken).toBe(schema.safeParse(root).success);
      }),
      { numRuns: 300 },
    );
  });
  it('agree on every default', () => {
    expect(settingsSchema().safeParse(loadConfig({ env: {} })).success).toBe(true);
  });
});

const digestWith = (flags: Record<string, unknown>): string => configDigest(loadConfig({ env: {}, flags }));
describe('configDigest', () => {
  it('changes with a setting that bears on what is fetched or read', () => {
    expect(digestWith({ 'fetch.maxRetries': 3 })).not.toBe(digestWith({}));
    expect(digestWith({ 'fetch.maxRetries': 2 })).toBe(digestWith({}));
  });
  it('is the same wherever the archive lies and whatever is logged', () => {
    expect(digestWith({ 'archive.dir': '/elsewhere', 'log.level': 'trace' })).toBe(digestWith({}));
  });
});

describe('config/tearsheet.yaml', () => {
  it('holds every setting with its default, word for word', () => {
    expect(readFileSync(join(home, 'config/tearsheet.yaml'), 'utf8')).toBe(defaultsText());
  });
});
