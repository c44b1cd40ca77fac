import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LOG_CONTEXTS, createLog } from '../../../src/core/log.ts';
import type { Log, LogContext } from '../../../src/core/log.ts';
import { SETTINGS } from '../../../src/core/settings.ts';
import type { LogLevel } from '../../../src/core/settings.ts';

function logged(level: LogLevel, speak: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  speak(createLog(level, { write: (line) => lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
const fieldsOf = (fields: Record<string, unknown>): Record<string, unknown> =>
  logged('info', (log) => log.info('said', fields))[0] ?? {};

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** A process of its own that logs, by TypeScript source. */
const program = (source: string): string[] => [
  '--import',
  'tsx',
  '--input-type=module',
  '--eval',
  `import { createLog } from ${JSON.stringify(`${ROOT}src/core/log.ts`)};\n${source}`,
];

describe('createLog', () => {
  it('writes one JSON object a line, with time, level, context and message', () => {
    const [line] = logged('info', (log) =>
      log.child('fetch').info('asked again', { url: 'https://press.test/', attempt: 2 }),
    );
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      context: 'fetch',
      url: 'https://press.test/',
      attempt: 2,
      msg: 'asked again',
    });
  });
  it('writes what is at least as grave as its level, and says so beforehand', () => {
    const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
    for (const level of SETTINGS.log.level.choices) {
      const lowest = level === 'silent' ? levels.length : levels.indexOf(level);
      const lines = logged(level, (log) => {
        for (const each of levels) log[each](each);
        expect(levels.filter((each) => log.wants(each))).toEqual(levels.slice(lowest));
      });
      expect(lines.map(({ level: written }) => written)).toEqual(levels.slice(lowest));
    }
  });
  it('speaks in every context there is', () => {
    const lines = logged('info', (log) => {
      for (const context of LOG_CONTEXTS) log.child(context).info('here');
    });
    expect(lines.map(({ context }) => context as LogContext)).toEqual([...LOG_CONTEXTS]);
  });
  it('keeps one line one line, whatever a page put into it', () => {
    const lines: string[] = [];
    createLog('info', { write: (line) => lines.push(line) }).info('a\nb\u001b[2J', { title: '\r\n\u0000' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\P{Cc}+\n$/u);
  });
  it('does not load pino before there is a line to write', () => {
    const source = `
      import { createRequire } from 'node:module';
      const isLoaded = () => Object.keys(createRequire(${JSON.stringify(`${ROOT}package.json`)}).cache).some((path) => path.includes('pino'));
      const silent = createLog('silent'); silent.error('no'); silent.child('fetch').error('no');
      const log = createLog('warn'); log.info('no');
      const before = isLoaded(); log.warn('yes');
      console.log(JSON.stringify([before, isLoaded()]));`;
    const shown = execFileSync(process.execPath, program(source), { encoding: 'utf8', cwd: ROOT, stdio: 'pipe' });
    expect(JSON.parse(shown)).toEqual([false, true]);
  });
  it('has every line on stderr when the process ends at once', async () => {
    const source = `const log = createLog('info'); for (let n = 0; n < 2000; n++) log.info('line', { n }); process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, program(source), { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    await once(child, 'close');
    const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
      Array.from({ length: 2000 }, (_, n) => n),
    );
  });
  it('goes on where nobody reads stderr any more', async () => {
    const source = `const log = createLog('info'); process.stdin.once('data', async () => {
      for (let n = 0; n < 200; n++) { log.info('x'.repeat(1000)); await new Promise(setImmediate); }
      console.log('worked on'); process.exit(0); }); console.log('ready');`;
    const child = spawn(process.execPath, program(source), { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
    let shown = '';
    child.stdout.on('data', (piece) => (shown += String(piece)));
    await once(child.stdout, 'data');
    child.stderr.destroy();
    child.stdin.write('go\n');
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, shown }).toEqual({ code: 0, shown: 'ready\nworked on\n' });
  });
});

describe.runIf(existsSync('/dev/full'))('createLog on a full disk', () => {
  it('loses lines and nothing else', () => {
    const source = `createLog('info').info('lost'); createLog('info').info('lost'); setTimeout(() => console.log('worked on'), 50);`;
    const full = openSync('/dev/full', 'w');
    const { status, stdout } = spawnSync(process.execPath, program(source), {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', full],
    });
    closeSync(full);
    expect({ status, shown: String(stdout) }).toEqual({ status: 0, shown: 'worked on\n' });
  });
});

describe('a logged field', () => {
  it.each([
    'cookie',
    'Cookie',
    'set-cookie',
    'Set-Cookie',
    'authorization',
    'Proxy-Authorization',
    'password',
    'token',
    'secret',
  ])('named %s is withheld, at any depth', (name) => {
    const line = fieldsOf({ [name]: 'hush', request: { headers: { [name]: 'hush' } }, list: [{ [name]: ['hush'] }] });
    expect(JSON.stringify(line)).not.toContain('hush');
    expect(line[name]).toBe('(withheld)');
  });
  it('that is a header line of such a name is withheld', () => {
    expect(
      fieldsOf({
        headers: [
          ['Cookie', 'hush'],
          ['Accept', 'text/html'],
        ],
      }),
    ).toMatchObject({
      headers: [
        ['Cookie', '(withheld)'],
        ['Accept', 'text/html'],
      ],
    });
  });
  it('loses name and password of an address, and so does the message', () => {
    const [line] = logged('info', (log) =>
      log.info('at https://me:hush@press.test/a', {
        url: new URL('http://me:hush@press.test/b'),
        text: 'ftp://hush@x/',
      }),
    );
    expect(line).toMatchObject({
      msg: 'at https://(withheld)@press.test/a',
      url: 'http://(withheld)@press.test/b',
      text: 'ftp://(withheld)@x/',
    });
    expect(fieldsOf({ url: 'https://press.test/@desk' })).toMatchObject({ url: 'https://press.test/@desk' });
  });
  it('that is an error keeps its code, message and causes', () => {
    const cause = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    expect(fieldsOf({ error: new TypeError('failed', { cause }) })).toMatchObject({
      error: { name: 'TypeError', message: 'failed', cause: { code: 'ECONNRESET', message: 'reset' } },
    });
  });
  it('of any kind makes a line: bytes, bigints, circles, depths, lengths', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const line = fieldsOf({ bytes: new Uint8Array(70_000), big: 7n, circle, long: 'x'.repeat(1_000_000) });
    expect(line).toMatchObject({ bytes: '70000 bytes', big: '7' });
    expect(JSON.stringify(line).length).toBeLessThan(5_000);
  });
  it('cannot pass for the context', () => {
    expect(fieldsOf({ context: 'clean' })).toMatchObject({ context: 'cli' });
  });
});
