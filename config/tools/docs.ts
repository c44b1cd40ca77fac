/**
 * `npm run docs`: writes what is derived from the code's own tables: `config/tearsheet.yaml`, `config/schema/*.json` and the
 * tables of README.md between `<!-- generated:NAME -->` and `<!-- /generated -->`. With `--check` it writes nothing and
 * ends with status 1 where a file is not up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { z } from 'zod';
import { COMMANDS } from '../../src/commands/index.ts';
import { ERRORS } from '../../src/core/errors.ts';
import { ARTICLE_LABELS, BOILERPLATE_LABELS, OUTCOMES, PAGE_KINDS } from '../../src/core/labels.ts';
import * as schema from '../../src/core/schema.ts';
import { SETTINGS, defaultsText, environmentName, expectedOf, settings } from '../../src/core/settings.ts';
import type { Setting } from '../../src/core/settings.ts';
import { SourceFile } from '../../src/core/source-schema.ts';
import { pageBesideBlocks, snapshotText } from './example.ts';

const ROOT = new URL('../../', import.meta.url);

/** What is written to disk, and the source file, which people write; by the name of its published schema. */
const WRITTEN = {
  article: schema.ArticleFile,
  change: schema.Change,
  head: schema.Head,
  look: schema.Look,
  manifest: schema.Manifest,
  reading: schema.Reading,
  snapshot: schema.Snapshot,
  source: SourceFile,
} as const;

const zodOf = (setting: Setting): z.ZodType => {
  if (setting.kind === 'whole') return z.int().min(setting.min).max(setting.max);
  if (setting.kind === 'choice') return z.enum(setting.choices);
  if (setting.kind === 'texts') return z.array(z.string().min(1));
  return setting.pattern === undefined ? z.string() : z.string().regex(setting.pattern);
};

/** A configuration file as a zod schema: every setting may be left out, none added. */
export const settingsSchema = (): z.ZodType => {
  const sections = Object.entries(SETTINGS).map(([section, named]) => {
    const inner = Object.entries(named).map(([name, setting]: [string, Setting]) => {
      const described = zodOf(setting).describe(setting.says).meta({ default: setting.default });
      return [name, described.exactOptional()] as const;
    });
    return [section, z.strictObject(Object.fromEntries(inner)).nullable().exactOptional()] as const;
  });
  return z.strictObject(Object.fromEntries(sections));
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const codes = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(' ');

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** What is derived in the README, by the name of its place. */
export const TABLES: Readonly<Record<string, () => string>> = {
  page: () => fenced('text', pageBesideBlocks()),
  snapshot: () => fenced('json', snapshotText()),
  commands: () =>
    table(
      ['command', 'what it does', 'example'],
      COMMANDS.map(({ name, usage, summary, example }) => [
        `\`${`${name} ${usage}`.trim()}\``,
        cell(summary),
        `\`${example}\``,
      ]),
    ),
  settings: () =>
    table(
      ['setting', 'default', 'what it is', 'in the environment'],
      [...settings()].map(([path, setting]) => [
        `\`${path}\``,
        `\`${JSON.stringify(setting.default)}\``,
        cell(`${setting.says} Expected: ${expectedOf(setting)}.`),
        `\`${environmentName(path)}\``,
      ]),
    ),
  errors: () =>
    table(
      ['code', 'exit status', 'can trying again help', 'meaning'],
      Object.entries(ERRORS).map(([code, { exit, retryable, meaning }]) => [
        `\`${code}\``,
        String(exit),
        retryable ? 'yes' : 'no',
        cell(meaning),
      ]),
    ),
  labels: () =>
    [
      `Blocks of the article: ${codes(ARTICLE_LABELS)}.`,
      `Blocks around it: ${codes(BOILERPLATE_LABELS)}.`,
      `Kinds of page: ${codes(PAGE_KINDS)}.`,
      `Outcomes of a look: ${codes(OUTCOMES)}.`,
    ].join('\n\n'),
};

const MARKED = /(<!-- generated:([a-z]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** The README with its tables made anew. Throws where it marks a table that does not exist, or leaves one out. */
export function withTables(readme: string): string {
  const missing = new Set(Object.keys(TABLES));
  const made = readme.replaceAll(MARKED, (_, open: string, name: string, close: string) => {
    const rows = TABLES[name];
    if (rows === undefined)
      throw new Error(`README.md marks a table "${name}"; known are ${Object.keys(TABLES).join(', ')}`);
    missing.delete(name);
    return `${open}\n${rows()}\n\n${close}`;
  });
  if (missing.size > 0) throw new Error(`README.md has no place for: ${[...missing].join(', ')}`);
  return made;
}

const jsonSchema = (name: string, zod: z.ZodType): object => ({ title: `Tearsheet: ${name}`, ...z.toJSONSchema(zod) });

/** Every derived file: path from the top of the repository, and its text. */
export async function derivedFiles(): Promise<Map<string, string>> {
  const files = new Map([['config/tearsheet.yaml', defaultsText()]]);
  const options = {
    ...(JSON.parse(readFileSync(new URL('config/tools/prettier.json', ROOT), 'utf8')) as object),
    parser: 'json',
  };
  for (const [name, zod] of Object.entries({ ...WRITTEN, settings: settingsSchema() })) {
    const text = await format(JSON.stringify(jsonSchema(name, zod)), options);
    files.set(`config/schema/${name}.json`, text);
  }
  files.set('README.md', withTables(readFileSync(new URL('README.md', ROOT), 'utf8')));
  return files;
}

const onDisk = (path: string): string | null => {
  try {
    return readFileSync(new URL(path, ROOT), 'utf8');
  } catch {
    return null;
  }
};

/** Paths of derived files that are missing or say something else. */
export async function staleFiles(): Promise<string[]> {
  return [...(await derivedFiles())].flatMap(([path, text]) => (onDisk(path) === text ? [] : [path]));
}

async function main(isCheck: boolean): Promise<number> {
  if (isCheck) {
    const stale = await staleFiles();
    for (const path of stale)
      process.stderr.write(`${path} is not up to date; run \`npm run docs\` and look at what changed\n`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of await derivedFiles()) {
    if (onDisk(path) === text) continue;
    writeFileSync(new URL(path, ROOT), text);
    process.stdout.write(`wrote ${path}\n`);
  }
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = await main(process.argv.includes('--check'));
