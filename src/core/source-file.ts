/** Reads the source files of a folder and says of a broken one where and why. A door to yaml. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Document, LineCounter, Node } from 'yaml';
import type { z } from 'zod';
import { TearsheetError } from './errors.ts';
import { nearest } from './nearest.ts';
import { faultsOf } from './source-faults.ts';
import type { FaultOfSelector, Path } from './source-faults.ts';
import type { SourceFile } from './source-schema.ts';
import { claimsOf, NO_SOURCES, Sources } from './sources.ts';
import type { Source } from './sources.ts';

/** More than this is no source file. */
const MAX_BYTES = 1024 * 1024;
const FILE = /^([^.].*)\.ya?ml$/i;

export interface LoadOptions {
  /** Whether the folder may be missing: nobody asked for it by name. */
  readonly mayBeMissing?: boolean;
  /** What is wrong with a CSS selector; null for nothing. Asked for only where there is a file. */
  readonly selectors: () => Promise<FaultOfSelector>;
}

/**
 * All sources of a folder: one YAML file each, called as the source is. Files whose names begin with a dot are left alone.
 * Throws `E_SOURCE_INVALID`, with file and line, for the first thing that is wrong.
 */
export async function loadSources(dir: string, { mayBeMissing = false, selectors }: LoadOptions): Promise<Sources> {
  const names = namesIn(dir, mayBeMissing);
  if (names.length === 0) return NO_SOURCES;
  const [faultOfSelector, { SourceFile: schema, SOURCE_KEYS }] = await Promise.all([
    selectors(),
    import('./source-schema.ts'),
  ]);
  const sources = names.map((name) => {
    const text = textOf(join(dir, name));
    return new SourceText(join(dir, name), text).read({ schema, keys: SOURCE_KEYS, faultOfSelector });
  });
  assertApart(sources);
  return new Sources(sources);
}

function namesIn(dir: string, mayBeMissing: boolean): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => FILE.test(name))
      .toSorted();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (mayBeMissing && (code === 'ENOENT' || code === 'ENOTDIR')) return [];
    throw invalid(dir, 'a folder of source files', code ?? message, 'name one with --sources DIR', cause);
  }
}

function textOf(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw invalid(path, 'a file that can be read', code ?? message, 'mend or move it', cause);
  }
  if (bytes.length > MAX_BYTES)
    throw invalid(path, `a source file of at most ${MAX_BYTES} bytes`, `${bytes.length}`, 'shorten it');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(path, 'UTF-8', 'other bytes', 'save it as UTF-8', cause);
  }
}

interface Reading {
  readonly schema: z.ZodType<SourceFile>;
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly faultOfSelector: FaultOfSelector;
}

/** One file: its text, its tree, and where in the text each part of the tree stands. */
class SourceText {
  readonly #path: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(path: string, text: string) {
    const yaml = createRequire(import.meta.url)('yaml') as typeof import('yaml');
    this.#path = path;
    this.#lines = new yaml.LineCounter();
    try {
      this.#document = yaml.parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'error' });
    } catch (cause) {
      throw invalid(path, 'YAML', oneLine(cause), 'mend the file', cause);
    }
    const [error] = this.#document.errors;
    if (error) throw invalid(this.#at(error.pos[0]), 'YAML', oneLine(error), 'mend the file', error);
  }

  read({ schema, keys, faultOfSelector }: Reading): Source {
    const root = this.#values();
    const parsed = schema.safeParse(root);
    const issue = parsed.error?.issues[0];
    if (issue) throw this.#refused(issue, root, keys);
    const file = parsed.data as SourceFile;
    const stem = FILE.exec(this.#path.split(/[\\/]/).at(-1) ?? '')?.[1];
    if (file.name !== stem)
      throw this.#wrong(['name'], `${stem}, as the file is called`, file.name, 'rename one of the two');
    for (const { path, expected, got } of faultsOf(file, faultOfSelector)) throw this.#wrong(path, expected, got);
    const { name, home, hosts, articleId, rules } = file;
    return {
      name,
      home,
      ...(hosts && { hosts }),
      ...(articleId !== undefined && { articleId }),
      ...(rules && { rules }),
      file,
      path: this.#path,
      claims: claimsOf(file),
    };
  }

  /** The tree as plain values. A few thousand aliases of aliases would fill the memory: a hundred are allowed. */
  #values(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 }) as unknown;
    } catch (cause) {
      throw invalid(this.#path, 'a source file', oneLine(cause), 'write it out without aliases', cause);
    }
  }

  #refused(issue: z.core.$ZodIssue, root: unknown, keys: Reading['keys']): TearsheetError {
    const { path, message, unknown } = deepest(issue);
    if (unknown === undefined) return this.#wrong(path, message, shownAt(root, path));
    const known = keys[path.filter((part) => typeof part === 'string').join('.')] ?? [];
    const close = nearest(unknown, known);
    const advice = close === null ? 'mend the file' : `did you mean ${close}?`;
    return this.#wrong([...path, unknown], `one of ${known.join(', ')}`, unknown, advice);
  }

  #wrong(path: Path, expected: string, got: string, advice = 'mend the file'): TearsheetError {
    const spelled = path
      .map((part) => (typeof part === 'string' && /^\w+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
      .join('')
      .replace(/^\./, '');
    const place = `${this.#placeOf(path)}${spelled === '' ? '' : `: ${spelled}`}`;
    return invalid(place, expected, got, advice);
  }

  /** File and line of a part, or of what is around it where it is missing. */
  #placeOf(path: Path): string {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = this.#nodeAt(path.slice(0, length));
      if (node?.range) return this.#at(node.range[0]);
    }
    return this.#path;
  }

  #nodeAt(path: Path): Node | undefined {
    const key = path.at(-1);
    const around = path.length === 0 ? undefined : this.#document.getIn(path.slice(0, -1), true);
    const pairs = (around as { items?: readonly { key?: { value?: unknown } & Node }[] } | undefined)?.items ?? [];
    // The line of the key tells more than that of a value below it.
    if (typeof key === 'string') return pairs.find((pair) => pair.key?.value === key)?.key;
    return this.#document.getIn(path, true) as Node | undefined;
  }

  #at(offset: number): string {
    return `${this.#path}:${this.#lines.linePos(offset).line}`;
  }
}

interface Refusal {
  readonly path: Path;
  readonly message: string;
  /** A key that does not exist. */
  readonly unknown?: string;
}

/** What a schema minds; of a choice of forms, what it minds in the form that was meant. */
function deepest(issue: z.core.$ZodIssue, around: Path = []): Refusal {
  const path = [...around, ...(issue.path as Path)];
  if (issue.code === 'unrecognized_keys') return { path, message: issue.message, unknown: issue.keys[0] ?? '' };
  if (issue.code === 'invalid_key') return { path, message: issue.issues[0]?.message ?? issue.message };
  if (issue.code !== 'invalid_union') return { path, message: issue.message };
  const inner = issue.errors.flatMap((form) => (form[0] ? [deepest(form[0], path)] : []));
  const meant = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
  return meant && meant.path.length > path.length ? meant : { path, message: issue.message };
}

function shownAt(root: unknown, path: Path): string {
  let value = root;
  for (const part of path) value = (value as Record<string | number, unknown> | null | undefined)?.[part];
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** No two sources may claim one host: whose a page is must not depend on the order of the files. */
function assertApart(sources: readonly Source[]): void {
  const taken = new Map<string, Source>();
  const named = new Map<string, Source>();
  for (const source of sources) {
    const twin = named.get(source.name);
    if (twin) throw invalid(source.path, 'one file a source', `a second one beside ${twin.path}`, 'remove one of them');
    named.set(source.name, source);
    for (const host of source.claims) {
      const other = taken.get(host);
      if (other)
        throw invalid(
          source.path,
          'hosts of its own',
          `${host}, which ${other.path} claims too`,
          'list the hosts of each under hosts',
        );
      taken.set(host, source);
    }
  }
}

const oneLine = (thrown: unknown): string => ((thrown as Error).message.split('\n')[0] ?? '').replace(/[.:]$/, '');

const invalid = (place: string, expected: string, got: string, advice: string, cause?: unknown): TearsheetError =>
  new TearsheetError('E_SOURCE_INVALID', `${place}: expected ${expected}, got ${got}; ${advice}`, { cause });
