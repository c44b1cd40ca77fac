import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf, packageOf, roomOf, target } from './architecture/imports.ts';
import type { File, Rule } from './architecture/imports.ts';
import { doors, exported, imports, lock, place, purity, size, words } from './architecture/rules.ts';
import {
  BUILT_ROOMS,
  DOORS,
  NODE_DOORS,
  PURE_ENOUGH,
  PURE_ROOMS,
  ROOMS,
  TOP_FILES,
  TOP_LEVEL,
} from './architecture/tables.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const gitList = (...args: string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', ...args], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(ROOT + path));
const read = (path: string): File => ({ path, source: readFileSync(ROOT + path, 'utf8') });

/** What is or is about to be committed. */
const everything = [...new Set(gitList('--cached', '--others', '--exclude-standard'))];
const house = everything.filter((path) => path.startsWith('src/')).map(read);
const inSource = new Map(house.map((file) => [file.path.slice('src/'.length), file]));
const isText = (path: string): boolean => !/\.(?:html|gz|png|jpe?g|webp|ico|pem|bin|zst)$/.test(path);
const texts = everything.filter((path) => isText(path) && path !== 'package-lock.json');

/** The files that a pure room loads when it runs: its own, and what it loads of `core`, and so on. */
function reached(room: string): File[] {
  const seen = new Map<string, File>();
  const waiting = [...inSource.keys()].filter((path) => roomOf(path) === room);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = inSource.get(path);
    if (file === undefined || seen.has(path) || path in PURE_ENOUGH) continue;
    seen.set(path, file);
    for (const one of importsOf(file)) if (!one.isType) waiting.push(target(file, one.specifier) ?? '');
  }
  return [...seen.values()];
}

describe('the house', () => {
  it('is not empty: every room of the table that should stand stands, with its files', () => {
    const rooms = new Set([...inSource.keys()].filter((path) => path.includes('/')).map(roomOf));
    expect([...rooms].toSorted()).toEqual([...BUILT_ROOMS].toSorted());
    for (const file of Object.keys(TOP_FILES)) expect([...inSource.keys()]).toContain(file);
    expect(house.length).toBeGreaterThan(60);
    expect(texts.length).toBeGreaterThan(150);
  });
  it('has an index.ts in every pure room, for others to enter by', () => {
    for (const room of PURE_ROOMS) expect([...inSource.keys()]).toContain(`${room}/index.ts`);
  });
  it.each([
    ['imports only from rooms that may be entered', imports],
    ['loads each outside library by its door', doors],
    ['exports by name', exported],
    ['keeps files and functions short', size],
    ['has every file in a room, one level deep, under a subject', place],
  ] as const)('%s', (_, rule) => {
    expect(house.flatMap(rule)).toEqual([]);
  });
  it.each(PURE_ROOMS)('keeps %s pure, and all that it loads', (room) => {
    const files = reached(room);
    expect(files.length).toBeGreaterThan(5);
    expect(files.flatMap(purity)).toEqual([]);
  });
  it('keeps the order of the steps in a pipeline that fits on a page or two', () => {
    expect(inSource.get('pipeline.ts')?.source.split('\n').length).toBeLessThanOrEqual(101);
  });
});

const opensSomewhere = (path: string, name: string): boolean =>
  [...inSource].some(
    ([below, file]) =>
      (path.endsWith('/') ? below.startsWith(path) : below === path) &&
      importsOf(file).some(({ specifier }) => packageOf(specifier.replace(/^node:/, '')) === name),
  );

describe('the tables', () => {
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json').source) as Record<
    'dependencies' | 'optionalDependencies',
    Record<string, string>
  >;
  it('name a door for every library of package.json and for no other', () => {
    expect(Object.keys(DOORS).toSorted()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).toSorted());
  });
  it('name no door that is bricked up', () => {
    const idle = Object.entries({ ...DOORS, ...NODE_DOORS }).flatMap(([name, paths]) =>
      paths.filter((path) => !opensSomewhere(path, name)).map((path) => `${name}: ${path}`),
    );
    expect(idle).toEqual([]);
  });
  it('name only rooms and files that the table of rooms knows', () => {
    const known = [...Object.keys(ROOMS), ...Object.keys(TOP_FILES)];
    for (const allowed of Object.values({ ...ROOMS, ...TOP_FILES }))
      expect(allowed.filter((one) => !known.includes(one))).toEqual([]);
    for (const path of Object.keys(PURE_ENOUGH)) expect([...inSource.keys()]).toContain(path);
  });
});

describe('the repository', () => {
  it('has at its top only what belongs there', () => {
    const top = [...new Set(everything.map((path) => path.split('/')[0] ?? ''))];
    expect(top.filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });
  it('holds nothing in archive/ but the folder itself', () => {
    expect(everything.filter((path) => path.startsWith('archive/'))).toEqual(['archive/.gitkeep']);
  });
  it('says nothing of the machines and places where it was written', () => {
    expect(texts.map(read).flatMap(words)).toEqual([]);
  });
  it('has a lock file that takes every package from the public registry', () => {
    expect(lock(read('package-lock.json'))).toEqual([]);
  });
});

describe('each rule sees red', () => {
  const cases: readonly [rule: Rule, what: RegExp, path: string, source: string][] = [
    [imports, /\(fetch\) imports archive\/open\.ts/, 'fetch/a.ts', `import { open } from '../archive/open.ts';`],
    [imports, /\(fetch\) imports archive\/open\.ts/, 'fetch/a.ts', `import type { Open } from '../archive/open.ts';`],
    [imports, /\(fetch\) imports archive\/open\.ts/, 'fetch/a.ts', `export { open } from '../archive/open.ts';`],
    [imports, /\(fetch\) imports archive\/open\.ts/, 'fetch/a.ts', `const a = await import('../archive/open.ts');`],
    [imports, /\(fetch\) imports archive\/open\.ts/, 'fetch/a.ts', `type A = typeof import('../archive/open.ts');`],
    [
      imports,
      /\(fetch\) imports archive\/open\.ts/,
      'fetch/a.ts',
      `createRequire(import.meta.url)('../archive/open.ts');`,
    ],
    [imports, /enters clean by clean\/page\.ts/, 'archive/a.ts', `import { page } from '../clean/page.ts';`],
    [imports, /\(compare\) imports clean\/index\.ts/, 'compare/a.ts', `import { clean } from '../clean/index.ts';`],
    [imports, /\(core\) imports fetch\/http\.ts/, 'core/a.ts', `import { http } from '../fetch/http.ts';`],
    [imports, /\(archive\) imports wiring\.ts/, 'archive/a.ts', `import { wire } from '../wiring.ts';`],
    [imports, /\(pipeline\.ts\) imports fetch\/http\.ts/, 'pipeline.ts', `import { http } from './fetch/http.ts';`],
    [imports, /from outside src\//, 'core/a.ts', `import rules from '../../config/url.json' with { type: 'json' };`],
    [imports, /in no room/, 'extras/a.ts', ''],
    [imports, /whose name is not written/, 'core/a.ts', `await import(name);`],
    [doors, /no door to undici/, 'fetch/a.ts', `import { Agent } from 'undici';`],
    [doors, /no door to undici/, 'archive/a.ts', `import type { Agent } from 'undici';`],
    [doors, /no door to undici/, 'archive/a.ts', `createRequire(import.meta.url)('undici/lib/client.js');`],
    [doors, /no door to @exodus\/bytes/, 'core/a.ts', `import { decode } from '@exodus/bytes/encoding.js';`],
    [doors, /library without a door/, 'core/a.ts', `import _ from 'lodash/fp';`],
    [doors, /no door to node:child_process/, 'core/a.ts', `import { spawn } from 'node:child_process';`],
    [doors, /no door to node:dns\/promises/, 'archive/a.ts', `const dns = require('node:dns/promises');`],
    [doors, /without node:/, 'core/a.ts', `import fs from 'fs';`],
    [purity, /Date\.now/, 'clean/a.ts', `const at = Date.now();`],
    [purity, /Date\.now/, 'clean/a.ts', `const now = Date.now;`],
    [purity, /new Date\(\)/, 'clean/a.ts', `const at = new Date();`],
    [purity, /new Date\(\)/, 'clean/a.ts', `const at = new Date;`],
    [purity, /Date\(\)/, 'clean/a.ts', `const at = Date();`],
    [purity, /Math\.random/, 'compare/a.ts', `const chance = Math.random();`],
    [purity, /performance/, 'clean/a.ts', `const at = performance.now();`],
    [purity, /process/, 'clean/a.ts', `if (process.env.DEBUG) { a(); }`],
    [purity, /globalThis/, 'clean/a.ts', `globalThis['Math'].random();`],
    [purity, /fetch/, 'clean/a.ts', `await fetch(url);`],
    [purity, /setTimeout/, 'clean/a.ts', `setTimeout(() => a(), 1);`],
    [purity, /crypto/, 'clean/a.ts', `const id = crypto.randomUUID();`],
    [purity, /Intl/, 'clean/a.ts', `const format = new Intl.DateTimeFormat('de');`],
    [purity, /toLocaleLowerCase/, 'clean/a.ts', `const low = text.toLocaleLowerCase();`],
    [purity, /localeCompare/, 'compare/a.ts', `names.sort((a, b) => a.localeCompare(b));`],
    [purity, /getHours/, 'clean/a.ts', `const hour = new Date(text).getHours();`],
    [purity, /node:fs/, 'clean/a.ts', `import { readFileSync } from 'node:fs';`],
    [purity, /node:worker_threads/, 'clean/a.ts', `require('node:worker_threads');`],
    [exported, /default export/, 'core/a.ts', `export default function a() {}`],
    [exported, /default export/, 'core/a.ts', `const a = 1; export default a;`],
    [exported, /default export/, 'core/a.ts', `const a = 1; export { a as default };`],
    [exported, /exports everything/, 'core/a.ts', `export * from './b.ts';`],
    [exported, /exports everything/, 'core/a.ts', `export * as b from './b.ts';`],
    [exported, /an enum/, 'core/a.ts', `export const enum A { B }`],
    [exported, /a namespace/, 'core/a.ts', `namespace A { export const b = 1; }`],
    [size, /has 301 lines/, 'core/a.ts', 'a();\n'.repeat(301)],
    [size, /function of 51 lines/, 'core/a.ts', `const a = () => {\n${'  b();\n'.repeat(49)}};`],
    [size, /function of 51 lines/, 'core/a.ts', `class A {\n  b() {\n${'    c();\n'.repeat(49)}  }\n}`],
    [place, /deeper than a room/, 'fetch/http/a.ts', ''],
    [place, /drawer, not a subject: utils/, 'fetch/utils.ts', ''],
    [place, /drawer, not a subject: types/, 'types/a.ts', ''],
    [place, /not in kebab-case/, 'core/myFile.ts', ''],
    [words, /says "'\/wor/, 'core/a.ts', `const a = '/wor${''}k/main';`],
    [words, /says "\/home/, 'core/a.ts', `// see /home${''}/someone/notes`],
    [words, /says "sub/, 'core/a.ts', `// by a sub${''}agent`],
    [words, /says "issu/i, 'core/a.ts', `// Issu${''}e 2 asks for it`],
    [words, /says "TO/, 'core/a.ts', `// TO${''}DO later`],
    [words, /says "registry/, 'core/a.ts', `// registry.${''}corp.example`],
    [
      lock,
      /takes a from/,
      'lock',
      JSON.stringify({ packages: { a: { resolved: 'http://10.0.0.1/a.tgz', integrity: 'x' } } }),
    ],
    [lock, /no digest of a/, 'lock', JSON.stringify({ packages: { a: {} } })],
    [lock, /links a/, 'lock', JSON.stringify({ packages: { a: { link: true } } })],
  ];
  it.each(cases.map(([rule, what, path, source]) => ({ rule, name: rule.name, what, path, source })))(
    '$name: $what',
    ({ rule, what, path, source }) => {
      const found = rule({ path: `src/${path}`, source });
      expect(found.length).toBeGreaterThan(0);
      expect(found[0]).toMatch(what);
    },
  );

  const innocent: readonly [rule: Rule, path: string, source: string][] = [
    [
      imports,
      'fetch/a.ts',
      `import { a } from '../core/a.ts'; import { b } from './b.ts'; import { clean } from '../clean/index.ts';`,
    ],
    [imports, 'wiring.ts', `const { http } = await import('./fetch/http.ts');`],
    [
      doors,
      'fetch/http.ts',
      `import type { Client } from 'undici'; createRequire(import.meta.url)('undici/lib/client.js');`,
    ],
    [doors, 'fetch/a.ts', `import type { Client } from 'undici'; import { posix } from 'node:path';`],
    [
      purity,
      'clean/a.ts',
      `const text = new Date(0).toISOString(); interface A { process: string } const b = a.process; const c = { fetch: 1 };`,
    ],
    [purity, 'compare/a.ts', `const segmenter = new Intl.Segmenter('en');`],
    [exported, 'core/a.ts', `export type * from './b.ts'; export { a } from './a.ts'; export const b = 1;`],
    [size, 'core/a.ts', 'a();\n'.repeat(300)],
    [size, 'core/a.ts', `const a = () => {\n${'  b();\n  // why\n\n'.repeat(48)}};`],
    [place, 'fetch/media-type.ts', ''],
    [words, 'core/a.ts', `// a session cookie; an issue of the paper; /srv/archive; https://press.test/home/page`],
    [
      lock,
      'lock',
      JSON.stringify({
        packages: {
          '': {},
          a: { integrity: 'x' },
          b: { resolved: 'https://registry.npmjs.org/b.tgz', integrity: 'x' },
        },
      }),
    ],
  ];
  it.each(innocent.map(([rule, path, source], n) => ({ rule, name: rule.name, path, source, n })))(
    'and $name nothing in $path ($n)',
    ({ rule, path, source }) => {
      expect(rule({ path: `src/${path}`, source })).toEqual([]);
    },
  );
});
