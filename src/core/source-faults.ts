/** What may be wrong with a source file although its shape is right: days that do not exist, patterns that do not compile. */
import { registrableDomain } from './url.ts';
import type { SourceFile, SourceRule } from './source-schema.ts';
import { selectionsOf } from './sources.ts';

export type Path = readonly (string | number)[];
/** What was expected of a CSS selector where it is none that we take; null where it is. */
export type FaultOfSelector = (selector: string) => string | null;
export interface Fault {
  readonly path: Path;
  readonly expected: string;
  readonly got: string;
}

const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** All that is wrong, in the order of the schema. */
export function* faultsOf(file: SourceFile, faultOfSelector: FaultOfSelector): Generator<Fault> {
  yield* inAddresses(file);
  for (const [n, host] of (file.hosts ?? []).entries()) {
    const expected = faultOfHost(host);
    if (expected !== null) yield { path: ['hosts', n], expected, got: quoted(host) };
  }
  for (const [n, { links }] of (file.listings ?? []).entries())
    yield* inSelector(['listings', n, 'links'], links, faultOfSelector);
  const { include = [], exclude = [] } = file.scope ?? {};
  for (const [n, one] of include.entries()) yield* inPattern(['scope', 'include', n], one);
  for (const [n, one] of exclude.entries()) yield* inPattern(['scope', 'exclude', n], one);
  if (file.articleId !== undefined) yield* inPattern(['articleId'], file.articleId);
  yield* inRules(file.rules ?? [], faultOfSelector);
}

function* inAddresses({ home, feeds = [], sitemaps = [], listings = [] }: SourceFile): Generator<Fault> {
  const places: [Path, string][] = [
    [['home'], home],
    ...feeds.map((url, n): [Path, string] => [['feeds', n], url]),
    ...sitemaps.map((url, n): [Path, string] => [['sitemaps', n], url]),
    ...listings.map(({ url }, n): [Path, string] => [['listings', n, 'url'], url]),
  ];
  for (const [path, url] of places)
    if (!URL.canParse(url)) yield { path, expected: 'an address that can be read', got: quoted(url) };
}

const ADDRESS = /^\d+(?:\.\d+){3}$/;

function faultOfHost(host: string): string | null {
  const bare = host.replace(/^\*\./, '');
  if (!/^[^\s/:?#@*\\]+$/.test(bare) || !URL.canParse(`https://${bare}`))
    return 'a host such as daily.example, without a path';
  const name = new URL(`https://${bare}`).hostname;
  if (ADDRESS.test(name) || name === 'localhost') return null;
  // Whoever claims a suffix claims the sites of everyone below it.
  return registrableDomain(`x.${name}`) === `x.${name}`
    ? 'a host of one publisher, not a suffix that many share'
    : null;
}

function* inSelector(path: Path, selector: string | undefined, faultOfSelector: FaultOfSelector): Generator<Fault> {
  const expected = selector === undefined ? null : faultOfSelector(selector);
  if (expected !== null) yield { path, expected, got: quoted(selector ?? '') };
}

/** A repeated group that ends in a repetition itself can take time without end on an address made for it. */
const ENDLESS = /[+*}]\??\)(?:[+*]|\{\d*,)/;

const compiles = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

function* inPattern(path: Path, pattern: string): Generator<Fault> {
  if (!compiles(pattern)) yield { path, expected: 'a regular expression', got: quoted(pattern) };
  else if (ENDLESS.test(pattern))
    yield { path, expected: 'a regular expression without a repetition in a repeated group', got: quoted(pattern) };
}

const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
};

function* inRules(rules: readonly SourceRule[], faultOfSelector: FaultOfSelector): Generator<Fault> {
  const ids = new Set<string>();
  for (const [n, rule] of rules.entries()) {
    const { id, validFrom, validUntil, label } = rule;
    if (id !== undefined && ids.has(id))
      yield { path: ['rules', n, 'id'], expected: 'a name of its own', got: `${quoted(id)} a second time` };
    if (id !== undefined) ids.add(id);
    for (const key of ['validFrom', 'validUntil'] as const) {
      const day = rule[key];
      if (day !== undefined && !isDay(day))
        yield { path: ['rules', n, key], expected: 'a day of the calendar', got: quoted(day) };
    }
    if (validFrom !== undefined && validUntil !== undefined && validFrom >= validUntil)
      yield { path: ['rules', n, 'validUntil'], expected: `a day after ${validFrom}`, got: quoted(validUntil) };
    const selections = selectionsOf(rule);
    if (selections.length === 0)
      yield { path: ['rules', n], expected: 'drop, keep or label', got: 'a rule that says nothing' };
    for (const { says, selector } of selections) {
      const isKey = says === 'label' && !Array.isArray(label);
      yield* inSelector(['rules', n, says, ...(isKey ? [selector] : [])], selector, faultOfSelector);
    }
  }
}
