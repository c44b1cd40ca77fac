/** The settings in force: file, then environment, then flags, each winning over the one before. A door to yaml. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sha256, spell } from './digest.ts';
import { TearsheetError } from './errors.ts';
import { nearest } from './nearest.ts';
import { ROOT } from './package.ts';
import { SETTINGS, WITHOUT_TRACE, defaultsText, environmentName, expectedOf, settings } from './settings.ts';
import type { Setting, ValueOf } from './settings.ts';

type Sections = typeof SETTINGS;
/** Every setting with its value; frozen through and through. */
export type Config = {
  readonly [S in keyof Sections]: {
    readonly [N in keyof Sections[S]]: Sections[S][N] extends Setting ? ValueOf<Sections[S][N]> : never;
  };
};

export interface ConfigSources {
  /** A file that must exist. Unless given: `config/tearsheet.yaml` where the command is run, else the package's own. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By full name, such as `{'fetch.bodyTimeoutMs': 1000}`; undefined counts as not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

const FILE = join('config', 'tearsheet.yaml');
/** Short names from the command line's documentation. */
const ALIASES: Readonly<Record<string, string>> = {
  TEARSHEET_ARCHIVE: 'archive.dir',
  TEARSHEET_SOURCES: 'sources.dir',
};

/**
 * The settings in force. Throws `E_CONFIG_READ` where a file cannot be read or is not YAML, `E_CONFIG_UNKNOWN` for a
 * setting that does not exist, `E_CONFIG_INVALID` for a value that it cannot have.
 */
export function loadConfig({ file, env, flags = {} }: ConfigSources): Config {
  const known = settings();
  const values = new Map<string, unknown>([...known].map(([path, setting]) => [path, setting.default]));
  for (const layer of [fromFile(file, known), fromEnvironment(env, known), fromFlags(flags, known)])
    for (const [path, value] of layer) values.set(path, value);
  const config: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of values) {
    const [section, name] = path.split('.') as [string, string];
    (config[section] ??= {})[name] = Array.isArray(value) ? Object.freeze([...value]) : value;
  }
  for (const section of Object.values(config)) Object.freeze(section);
  return Object.freeze(config) as Config;
}

/**
 * SHA-256 of the settings as `spell` writes them, which every snapshot names. The places of archive and sources and the log
 * level are left out: they have no part in what is read.
 */
export function configDigest(config: Config): string {
  const traced: Record<string, Record<string, unknown>> = {};
  for (const [section, named] of Object.entries(config))
    for (const [name, value] of Object.entries(named))
      if (!WITHOUT_TRACE.has(`${section}.${name}`)) (traced[section] ??= {})[name] = value;
  return sha256(spell(traced));
}

type Layer = [path: string, value: unknown][];
type Known = ReadonlyMap<string, Setting>;

function fromFile(file: string | undefined, known: Known): Layer {
  const found = file === undefined ? (textOf(FILE, true) ?? textOf(join(ROOT, FILE), true)) : textOf(file, false);
  // Most people keep the file as it ships, and loading the YAML parser takes 25 ms.
  if (found === null || found.text === defaultsText()) return [];
  return layerOf(parsed(found), found.path, known);
}

function textOf(path: string, mayBeMissing: boolean): { path: string; text: string } | null {
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (mayBeMissing && (code === 'ENOENT' || code === 'ENOTDIR')) return null;
    const got = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'bytes that are not UTF-8' : (code ?? message);
    const advice = 'name a readable file with --config';
    throw new TearsheetError('E_CONFIG_READ', `expected settings in ${path}, got ${got}; ${advice}`, { cause });
  }
}

function parsed({ path, text }: { path: string; text: string }): unknown {
  const { parse } = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  try {
    return parse(text, { prettyErrors: true, logLevel: 'error' });
  } catch (cause) {
    const got = (cause as Error).message.split('\n')[0]?.replace(/:$/, '');
    throw new TearsheetError('E_CONFIG_READ', `expected YAML in ${path}, got: ${got}; mend the file`, { cause });
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function layerOf(root: unknown, file: string, known: Known): Layer {
  const layer: Layer = [];
  if (root === null || root === undefined) return layer;
  if (!isMapping(root)) throw invalid('the file', file, 'sections such as fetch:', root);
  for (const [section, named] of Object.entries(root)) {
    if (!Object.hasOwn(SETTINGS, section)) throw unknown(section, file, [...Object.keys(SETTINGS), ...known.keys()]);
    // A section whose every line is commented out.
    if (named === null) continue;
    if (!isMapping(named)) throw invalid(section, file, `settings such as ${section}.${firstOf(section)}`, named);
    for (const [name, value] of Object.entries(named)) {
      const path = `${section}.${name}`;
      const setting = known.get(path);
      if (setting === undefined) throw unknown(path, file, [...known.keys()]);
      layer.push([path, checked(path, file, setting, value)]);
    }
  }
  return layer;
}
const firstOf = (section: string): string => Object.keys(SETTINGS[section as keyof Sections])[0] ?? '';

/**
 * Variables of a known section, and the short names. Others that begin with TEARSHEET_ are left alone: Kubernetes sets
 * TEARSHEET_SERVICE_HOST and more beside a service of that name. An empty variable counts as not set.
 */
function fromEnvironment(env: ConfigSources['env'], known: Known): Layer {
  const paths = new Map([...known.keys()].map((path) => [environmentName(path), path]));
  const sections = Object.keys(SETTINGS).map((section) => `TEARSHEET_${section.toUpperCase()}_`);
  const layer: Layer = [];
  for (const [name, text] of Object.entries(env).toSorted()) {
    if (text === undefined || text === '') continue;
    const path = ALIASES[name] ?? paths.get(name);
    if (path !== undefined) layer.push([path, checked(path, name, known.get(path)!, text, true)]);
    else if (sections.some((start) => name.startsWith(start)))
      throw unknown(name, 'the environment', [...paths.keys(), ...Object.keys(ALIASES)]);
  }
  return layer;
}

function fromFlags(flags: Readonly<Record<string, unknown>>, known: Known): Layer {
  return Object.entries(flags).flatMap(([path, value]): Layer => {
    if (value === undefined) return [];
    const setting = known.get(path);
    if (setting === undefined) throw unknown(path, 'the command line', [...known.keys()]);
    return [[path, checked(path, 'the command line', setting, value, true)]];
  });
}

/** The value as its setting's type; `isText` where it may be a text that stands for a number or a list. */
function checked(path: string, from: string, setting: Setting, value: unknown, isText = false): unknown {
  const settled = isText && typeof value === 'string' ? read(setting, value) : value;
  if (!fits(setting, settled)) throw invalid(path, from, expectedOf(setting), value);
  return settled;
}

function read(setting: Setting, text: string): unknown {
  if (setting.kind === 'whole') return /^-?\d+$/.test(text.trim()) ? Number(text) : text;
  if (setting.kind !== 'texts') return text;
  return text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
}

function fits(setting: Setting, value: unknown): boolean {
  if (setting.kind === 'whole')
    return Number.isSafeInteger(value) && (value as number) >= setting.min && (value as number) <= setting.max;
  if (setting.kind === 'texts')
    return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
  if (typeof value !== 'string') return false;
  return setting.kind === 'choice' ? setting.choices.includes(value) : (setting.pattern?.test(value) ?? true);
}

/** A value in a message: short, on one line, and never a secret's worth of it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
const invalid = (path: string, from: string, expected: string, got: unknown): TearsheetError =>
  new TearsheetError(
    'E_CONFIG_INVALID',
    `${path} in ${from}: expected ${expected}, got ${shown(got)}; mend the setting`,
  );

function unknown(name: string, from: string, names: readonly string[]): TearsheetError {
  // A setting outside its section is known by its last part.
  const inSection = new Map(names.map((full) => [full.slice(full.indexOf('.') + 1), full]));
  const close = nearest(name, names) ?? inSection.get(nearest(name, [...inSection.keys()]) ?? '') ?? null;
  const advice = close === null ? 'config/tearsheet.yaml lists them all' : `did you mean ${close}?`;
  return new TearsheetError('E_CONFIG_UNKNOWN', `unknown setting ${shown(name).slice(1, -1)} in ${from}; ${advice}`);
}
