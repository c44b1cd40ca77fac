import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { TABLES, settingsSchema, staleFiles, withTables } from '../config/tools/docs.ts';
import { snapshotExample } from '../config/tools/example.ts';
import { faultOfSelector } from '../src/clean/index.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { loadConfig } from '../src/core/config.ts';
import { ERRORS } from '../src/core/errors.ts';
import { identify } from '../src/core/identity.ts';
import { Snapshot } from '../src/core/schema.ts';
import { settings } from '../src/core/settings.ts';
import { loadSources } from '../src/core/source-file.ts';
import { SOURCE_KEYS } from '../src/core/source-schema.ts';
import { Sources } from '../src/core/sources.ts';
import { tearsheet } from './e2e/command-line.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const DOCS = ['README.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);

/** Each thing that `pattern` finds in a document, with the document. */
const found = (pattern: RegExp, paths: readonly string[] = DOCS): [path: string, what: string][] =>
  paths.flatMap((path) =>
    [...read(path).matchAll(pattern)].map((match) => [path, match[1] ?? match[0]] as [string, string]),
  );
/** The lines of code blocks and the code inside lines. */
const code = (path: string): string[] => [
  ...[...read(path).matchAll(/^```[a-z ]*\n([\s\S]*?)^```/gm)].flatMap((match) => (match[1] ?? '').split('\n')),
  ...[
    ...read(path)
      .replaceAll(/^```[\s\S]*?^```/gm, '')
      .matchAll(/`([^`\n]+)`/g),
  ].map((match) => match[1] ?? ''),
];

describe('what is derived from the code', () => {
  it('is up to date: settings, schemas, tables and example; else run `npm run docs` and look at what changed', async () => {
    expect(await staleFiles()).toEqual([]);
  });
  it('has a place in the README for each of its parts, and no other', () => {
    const places = Object.keys(TABLES).map((name) => `<!-- generated:${name} -->\nstale row\n<!-- /generated -->\n`);
    expect(withTables(places.join(''))).not.toContain('stale row');
    expect(() => withTables(places.slice(1).join(''))).toThrow(/README\.md has no place for: \w+/);
    expect(() => withTables(`${places.join('')}<!-- generated:weather -->\n<!-- /generated -->`)).toThrow(
      /marks a table "weather"/,
    );
  });
  it('is read back as it is meant', () => {
    const config = loadConfig({ file: join(ROOT, 'config/tearsheet.yaml'), env: {} });
    expect(settingsSchema().safeParse(config).success).toBe(true);
  });
});

describe('the README', () => {
  it('shows a snapshot that is one', () => {
    const shown = /<!-- generated:snapshot -->\n\n```json\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    expect(Snapshot.safeParse(JSON.parse(shown)).error).toBeUndefined();
    expect(JSON.parse(shown)).toEqual(snapshotExample());
  });
  it('shows near its top what a page becomes and what is kept', () => {
    const [page, snapshot, commands] = ['page', 'snapshot', 'commands'].map((name) =>
      read('README.md').indexOf(`generated:${name}`),
    );
    expect(page).toBeGreaterThan(0);
    expect(page).toBeLessThan(snapshot ?? 0);
    expect(snapshot).toBeLessThan(commands ?? 0);
    expect(read('README.md').slice(0, page).split('\n').length).toBeLessThan(40);
  });
  it('uses the library as it is', () => {
    const text = /```ts\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
    expect(text).toContain("from 'tearsheet'");
    // Both at once, since the compiler takes seconds: as it stands, and with a slip that it must find.
    const [good, bad] = typeErrors([text, text.replace('visit.outcome', 'visit.result')]);
    expect(good).toEqual([]);
    expect(bad).toHaveLength(1);
  });
});

/** What the compiler has to say about each text; they import the library by its name. */
function typeErrors(texts: readonly string[]): string[][] {
  const { options } = ts.parseJsonConfigFileContent(JSON.parse(read('tsconfig.json')), ts.sys, ROOT);
  const withLibrary = { ...options, paths: { tearsheet: [join(ROOT, 'src/index.ts')] } };
  const files = new Map(texts.map((text, n) => [join(ROOT, `readme-example-${n}.ts`), text]));
  const host = ts.createCompilerHost(withLibrary);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile(name, ...rest)
      : ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  };
  const program = ts.createProgram([...files.keys()], withLibrary, host);
  return [...files.keys()].map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
  );
}

describe('the table of errors', () => {
  const used = new Set(
    SOURCES.filter((path) => path !== join('core', 'errors.ts')).flatMap((path) =>
      [...read(join('src', path)).matchAll(/\bE_[A-Z]+(?:_[A-Z]+)*\b/g)].map(([name]) => name),
    ),
  );
  it('has no code that the program does not use', () => {
    expect(Object.keys(ERRORS).filter((name) => !used.has(name))).toEqual([]);
  });
  it('has every code that the program and the documents name', () => {
    const named = [...used, ...found(/\bE_[A-Z]+(?:_[A-Z]+)+\b/g).map(([, name]) => name)];
    expect(
      named.filter((name) => !(name in ERRORS) && !Object.keys(ERRORS).some((known) => known.startsWith(`${name}_`))),
    ).toEqual([]);
  });
  it.each(COMMANDS)('agrees with the exit statuses that $name announces', ({ exits }) => {
    const known = new Set<number>([0, ...Object.values(ERRORS).map(({ exit }) => exit)]);
    const announced = exits
      .split(' · ')
      .flatMap((line) => (/^(\d+)(?: to (\d+))?\b/.exec(line) ?? []).slice(1).filter(Boolean).map(Number));
    expect(announced.filter((exit) => !known.has(exit))).toEqual([]);
    expect(announced).toContain(0);
  });
});

describe('the documents', () => {
  it.each(found(/\]\(([^)\s]+)\)/g))('%s links to %s, which is there', (path, link) => {
    const [target = '', anchor] = link.split('#');
    if (/^[a-z]+:/.test(target)) throw new Error(`a link that leaves the repository: ${link}`);
    const file = target === '' ? join(ROOT, path) : join(ROOT, dirname(path), target);
    expect(existsSync(file)).toBe(true);
    const headings = [...(anchor === undefined ? '' : readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(
      ([, text = '']) =>
        text
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-'),
    );
    expect(anchor === undefined || headings.includes(anchor)).toBe(true);
  });
  it('name files and folders that are there', () => {
    const named = DOCS.flatMap(code).filter((text) => /^(?:src|config|tests|docs|core|\.ci)\/[\w./-]*$/.test(text));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, 'src', path)))).toEqual([]);
  });
  it('name settings that exist', () => {
    const named = DOCS.flatMap(code)
      .filter((text) => /^(?:archive|fetch|log|sources)\.[a-z]+[A-Z]\w*(?:: .*)?$/.test(text))
      .map((text) => text.replace(/:.*/, ''));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !settings().has(name))).toEqual([]);
  });
  it('name scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [
      ...new Set(
        [...found(/npm run (?:--silent )?([a-z:]+)/g), ...found(/npm (start|test)\b/g)].map(([, name]) => name),
      ),
    ];
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const files = Object.values(scripts).flatMap((script) =>
      [...script.matchAll(/\b[\w/.-]+\.(?:ts|mjs|json)\b/g)].map(([path]) => path),
    );
    expect(files.filter((path) => !path.startsWith('dist/') && !existsSync(join(ROOT, path)))).toEqual([]);
  });

  const lines = [
    ...DOCS.flatMap(code),
    ...read('docker-compose.yml').split('\n'),
    ...COMMANDS.map(({ example }) => example),
  ];
  const calls = lines.flatMap((line) =>
    [...line.matchAll(/(?:\btearsheet|npm start --) ([a-z]+\b[^#|<]*)/g)].map(([, call = '']) =>
      call.trim().split(/\s+/),
    ),
  );
  it('call commands that exist, with flags that they have', async () => {
    const help = new Map(
      await Promise.all(COMMANDS.map(async ({ name }) => [name, (await tearsheet([name, '--help'])).stdout] as const)),
    );
    expect(calls.length).toBeGreaterThan(15);
    const wrong = calls.filter(([name = '', ...rest]) => {
      const flags = rest.filter((word) => word.startsWith('--'));
      return flags.some((flag) => !help.get(name)?.includes(flag)) || !help.has(name);
    });
    expect(wrong).toEqual([]);
  });
});

describe('docs/sources.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tearsheet-docs-'));
  const load = async (text: string) => {
    writeFileSync(join(folder, 'daily.yaml'), text);
    return (await loadSources(folder, { selectors: () => Promise.resolve(faultOfSelector) })).list[0];
  };
  afterAll(() => rmSync(folder, { recursive: true }));
  const examples = ['docs/sources.md', 'README.md'].flatMap((path) =>
    [...read(path).matchAll(/```yaml\n(name: |# config\/sources)([\s\S]*?)```/g)].map(
      ([, start = '', rest = '']) => [path, start + rest] as const,
    ),
  );

  it.each(examples)('shows a source that is one, in %s', async (_, text) => {
    const source = await load(text);
    expect(new Sources(source ? [source] : []).of('https://www.daily.example/x')?.name).toBe('daily');
    const ids = ['world/bridge-opens-1048213.html', '1048213'].map(
      (path) => identify({ finalUrl: `https://www.daily.example/${path}`, source }).key,
    );
    expect(new Set(ids)).toEqual(new Set(['daily:1048213']));
  });
  it('is shown in both', () => {
    expect(examples.map(([path]) => path)).toEqual(['docs/sources.md', 'README.md']);
  });
  it('names every key that a source file may have, and every finding of `sources check`', () => {
    const named = new Set(code('docs/sources.md'));
    expect(
      Object.values(SOURCE_KEYS)
        .flat()
        .filter((key) => !named.has(key) && key !== 'selector'),
    ).toEqual([]);
    const type = /type Standing =([^;]+);/.exec(read('src/commands/source-tally.ts'))?.[1] ?? '';
    const standings = [...type.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
    expect(standings.length).toBeGreaterThan(5);
    expect(standings.filter((name) => !named.has(name))).toEqual([]);
  });
  it('has a JSON Schema that takes what is taken', async () => {
    const shape = JSON.parse(read('config/schema/source.json')) as { properties: object };
    expect(Object.keys(shape.properties)).toEqual(SOURCE_KEYS['']);
  });
});

describe('the check by hand in docs/formats.md', () => {
  it('holds on the archive of the demo, word for word, and fails on one that was touched', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tearsheet-formats-'));
    const script = /```sh checked\n([\s\S]*?)```/.exec(read('docs/formats.md'))?.[1] ?? '';
    const checked = (): string[] => {
      const shown = execFileSync('bash', ['-c', script], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return shown.trimEnd().split('\n').slice(1);
    };
    try {
      const { code: status, stderr } = await tearsheet(['demo', '--archive', folder]);
      expect([status, stderr]).toEqual([0, stderr]);
      const steps = [...script.matchAll(/echo '([^']+)'/g)].map(([, says]) => says);
      expect(steps).toHaveLength(6);
      expect(checked()).toEqual(steps);
      execFileSync('bash', ['-c', `sed -i 's/"status": 200/"status": 201/' articles/*/*/*/v0002.json`], {
        cwd: folder,
      });
      expect(checked()).not.toContain('files of every run hold');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
