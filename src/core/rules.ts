/** Reads the cleaning rules of `config/rules/`: data, one YAML file a label, `kinds.yaml`, `judge.yaml` and `metadata.yaml`, and the trees in `learned.json`. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from './digest.ts';
import { TearsheetError } from './errors.ts';
import type { Label, PageKind } from './labels.ts';

interface RuleHead {
  readonly id: string;
  /** Per cent of certainty that one hit adds. */
  readonly weight: number;
  readonly reason: string;
  /** The kind of site that taught it. */
  readonly taught?: string;
}
export interface ClassRule extends RuleHead {
  /** Whole words of class names and ids; `a+b` asks for both in one name. */
  readonly words: readonly string[];
}
export interface PhraseRule extends RuleHead {
  /** `whole`: the block says this and no more; `start`: it begins so; `within`: anywhere in it. */
  readonly match: 'whole' | 'start' | 'within';
  /** Blocks longer than this are prose that mentions the phrase. Characters. */
  readonly maxChars?: number;
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** The words of all languages as they are compared, each with its first token: made by the build, since it takes a while. */
  readonly plainWords?: readonly PlainPhrase[];
}
export type PlainPhrase = readonly [text: string, firstToken: string];
export interface ElementRule extends RuleHead {
  readonly names?: readonly string[];
  readonly roles?: readonly string[];
}
/** A file of `config/rules/`. */
export interface RuleFile {
  readonly label: Label;
  /** Words in class names and ids that mark a part of the page, whatever the language of its text. */
  readonly classes?: readonly ClassRule[];
  /** What a block says, by language. */
  readonly phrases?: readonly PhraseRule[];
  /** Elements by name or ARIA role. */
  readonly elements?: readonly ElementRule[];
}
/** What speaks for or against a page's being of some kinds; `kinds.yaml` says what each means. */
export interface KindRule extends RuleHead {
  readonly kinds: readonly PageKind[];
  /** Name of the list in `judge.yaml`, or id of the rule here, whose words are meant. */
  readonly list?: string;
  readonly words?: Readonly<Record<string, readonly string[]>>;
}
/** The file `kinds.yaml`. */
export interface KindRules {
  /** The kinds in the order in which they are tried. */
  readonly order: readonly PageKind[];
  /** Weights that add up to this make the kind. */
  readonly enough: number;
  /** Effective characters of prose: below, there is little of it; from `much` on, a text of its own. */
  readonly little: Readonly<Partial<Record<PageKind, number>>>;
  readonly much: Readonly<Partial<Record<PageKind, number>>>;
  readonly kinds: readonly KindRule[];
}
/** One decision tree, its nodes in parallel lists of whole numbers; node 0 is the root. */
export interface Tree {
  /** Column asked about; -1 in a leaf. */
  readonly feature: readonly number[];
  /** Rows with at most this much go left. */
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Ten-thousandths of natural log-odds: of a leaf what it adds, of an inner node what it would add if the tree ended there. */
  readonly value: readonly number[];
}
/** What was learned from pages with gold data: trees that tell whether a piece of a page is body. */
export interface Forest {
  /** Names of the columns it was taught with. */
  readonly features: readonly string[];
  /** Log-odds before any tree, in ten-thousandths. */
  readonly base: number;
  readonly trees: readonly Tree[];
}
/** All rules as they were written, not yet compiled. */
export interface RuleSource {
  readonly files: readonly RuleFile[];
  readonly kinds: KindRules;
  /** Numbers the judge works with; `judge.yaml` says what each means. */
  readonly tunables: Readonly<Record<string, number>>;
  /** Plain lists of words that are no labels: months, joiners of bylines, and the like. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Without it the rules alone say what is body. */
  readonly learned?: Forest;
}

/** Written by `npm run train`. */
const LEARNED = 'learned.json';
const PACKAGE_RULES = fileURLToPath(new URL('../../config/rules/', import.meta.url));
/** Written by the build, since YAML takes ten times as long to read as JSON. Used only where its digest is that of the YAML files. */
const COMPILED = fileURLToPath(new URL('../../dist/rules.json', import.meta.url));

/**
 * The rules in `folder` (the package's own by default) and the SHA-256 over their names and bytes.
 * Throws `E_RULES_INVALID` where the folder cannot be read or a file is not YAML.
 */
export function loadRules(folder: string = PACKAGE_RULES): LoadedRules {
  const known = loaded.get(folder);
  if (known) return known;
  const texts = readAll(folder);
  const digest = digestOf(texts);
  const result = { rules: compiledRules(digest) ?? parseRules(texts), digest };
  loaded.set(folder, result);
  return result;
}

/** The same, always from the YAML files, with the words of every language as they were written. */
export function readRules(folder: string = PACKAGE_RULES): LoadedRules {
  const texts = readAll(folder);
  return { rules: parseRules(texts), digest: digestOf(texts) };
}

const digestOf = (texts: readonly (readonly [name: string, text: string])[]): string =>
  sha256(texts.map(([name, text]) => `${name}\n${sha256(text)}\n`).join(''));

export interface LoadedRules {
  readonly rules: RuleSource;
  /** SHA-256 over the names and bytes of the files. */
  readonly digest: string;
}
/** Read once a process: the rules are a part of the program, and a run must not change them midway. */
const loaded = new Map<string, LoadedRules>();

function readAll(folder: string): [name: string, text: string][] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') || name === LEARNED);
    return names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  } catch (cause) {
    throw new TearsheetError(
      'E_RULES_INVALID',
      `expected cleaning rules in ${folder}, got ${(cause as Error).message}; reinstall Tearsheet`,
      { cause },
    );
  }
}

function compiledRules(digest: string): RuleSource | null {
  try {
    const compiled = JSON.parse(readFileSync(COMPILED, 'utf8')) as { digest: string; rules: RuleSource };
    return compiled.digest === digest ? compiled.rules : null;
  } catch {
    return null;
  }
}

const require = createRequire(import.meta.url);

function parseRules(texts: readonly (readonly [name: string, text: string])[]): RuleSource {
  const { parse } = require('yaml') as typeof import('yaml');
  const files: RuleFile[] = [];
  const tunables: Record<string, number> = {};
  const words: Record<string, readonly string[]> = {};
  let kinds: KindRules = { order: [], enough: 100, little: {}, much: {}, kinds: [] };
  let learned: Forest | undefined;
  for (const [name, text] of texts) {
    try {
      if (name === 'judge.yaml' || name === 'metadata.yaml') {
        const numbers = parse(text) as Pick<RuleSource, 'tunables' | 'words'>;
        Object.assign(tunables, numbers.tunables);
        Object.assign(words, numbers.words);
      } else if (name === 'kinds.yaml') kinds = parse(text) as KindRules;
      else if (name === LEARNED) learned = JSON.parse(text) as Forest;
      else files.push(parse(text) as RuleFile);
    } catch (cause) {
      throw new TearsheetError(
        'E_RULES_INVALID',
        `expected ${name === LEARNED ? 'JSON' : 'YAML'} in config/rules/${name}, got: ${(cause as Error).message.split('\n')[0]}; mend the file`,
        { cause },
      );
    }
  }
  return { files, kinds, tunables, words, ...(learned === undefined ? {} : { learned }) };
}
