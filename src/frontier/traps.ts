/**
 * Addresses without end: calendars, filters, sessions, relative links that grow. What gives them away is that a host has
 * very many that differ in numbers or parameters alone; so each address has a shape, and of one shape only so many are
 * followed. Outlets do name hundreds of thousands of articles by number, so how many depends on what the shape looks like.
 */
import { readFileSync } from 'node:fs';
import type { Target } from '../core/frontier-ports.ts';

interface Reasoned {
  readonly value: number;
  readonly reason: string;
}
type Look = 'parameters' | 'calendar' | 'numbers' | 'words';
interface TrapRules {
  readonly limits: Readonly<
    Record<'maxUrlChars' | 'maxSegments' | 'maxParameters' | 'maxRuns' | 'maxRepeats' | 'maxShapes', Reasoned>
  >;
  readonly factors: Readonly<Record<Look | 'named', Reasoned>>;
  readonly turningParameters: { readonly names: readonly string[] };
}

let loaded: (TrapRules & { readonly turning: ReadonlySet<string> }) | undefined;
/** `config/frontier.json`, read on first use. */
function rules(): NonNullable<typeof loaded> {
  if (loaded === undefined) {
    const read = JSON.parse(readFileSync(new URL('../../config/frontier.json', import.meta.url), 'utf8')) as TrapRules;
    loaded = { ...read, turning: new Set(read.turningParameters.names) };
  }
  return loaded;
}

export interface Shape {
  /** Folders as they are, numbers and ids as `#`, the last segment's words as `~`; names of parameters in order. */
  readonly fine: string;
  /** The same with every word as `~`: for hosts that make folders up. */
  readonly coarse: string;
  readonly looksLike: Look;
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Ids of hex digits, UUIDs among them: at least one digit and one letter. `deadbeef` is a word. */
const withoutIds = (text: string): string =>
  text.replace(/[0-9a-f]{8}[0-9a-f-]*/gi, (run) => (/\d/.test(run) && /[a-f]/i.test(run) ? '#' : run));
const plainNumbers = (text: string): string =>
  withoutIds(text)
    .replace(/\d+/g, '#')
    .replace(/#(?:[-_.,:]#)+/g, '#');
/** A file's ending stays: `.html` and `.ics` differ. Nothing but letters, so that no number hides in it. */
const ENDING = /\.[a-z]{2,5}$/i;
const hasWord = (text: string): boolean => /\p{L}{2}/u.test(text);

/** A year, a month or a day, alone or together: 2024, 2024-05, 20240503, 5. */
const DATE_PART =
  /^(?:(?:19|20)\d\d(?:[-_.]?[01]?\d(?:[-_.]?[0-3]?\d)?)?|[0-3]?\d|[0-3]?\d[-_.][01]?\d[-_.](?:19|20)\d\d)$/;
const YEAR = /^(?:19|20)\d\d(?:$|[-_.\d])|[-_.](?:19|20)\d\d$/;

/** A slug of three words or more, or a long number: what names an article, whatever parameters stand behind it. */
const namesOne = (leaf: string): boolean => /\d{4}/.test(leaf) || leaf.split(/[-_ ]+/).filter(Boolean).length >= 3;

interface PathParts {
  readonly fine: readonly string[];
  readonly coarse: readonly string[];
  readonly looksLike: Look;
  readonly namesOne: boolean;
}
function pathParts(pathname: string, hasParameters: boolean): PathParts {
  const segments = pathname.split('/').filter(Boolean).map(decoded);
  const last = segments.at(-1) ?? '';
  const [ending = ''] = ENDING.exec(last) ?? [];
  const leaf = last.slice(0, last.length - ending.length);
  const folders = segments.slice(0, -1).map((segment) => plainNumbers(segment.toLowerCase()));
  const leafShape = hasWord(withoutIds(leaf)) ? '~' : plainNumbers(leaf);
  // `/list?page=1` and `/shop?page=1` are two programs; `/one-headline-there?page=1` and another headline are one.
  const isProgram = hasParameters && !namesOne(leaf);
  const dates = [...segments.slice(0, -1), leaf].filter((segment) => DATE_PART.test(segment));
  const isCalendar = DATE_PART.test(leaf) && dates.some((segment) => YEAR.test(segment));
  return {
    fine: [...folders, `${isProgram ? plainNumbers(leaf.toLowerCase()) : leafShape}${ending.toLowerCase()}`],
    coarse: [...folders.map((folder) => (hasWord(folder) ? '~' : folder)), `${leafShape}${ending.toLowerCase()}`],
    looksLike: isCalendar ? 'calendar' : leafShape === '~' ? 'words' : 'numbers',
    namesOne: namesOne(leaf) && !isCalendar,
  };
}

/** A number that names an article: long enough, and no date. */
const isArticleId = ([, value]: readonly [string, string]): boolean =>
  /^\d{4,}$/.test(value) && !/^(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?$/.test(value);

/** Parameters beside which an address still names one article: `view?id=123456&mode=print`, `one-headline-there?via=home`. */
function nameOne(parameters: readonly (readonly [string, string])[], path: PathParts): boolean {
  if (parameters.length > 2 || parameters.some(([name]) => rules().turning.has(name.toLowerCase()))) return false;
  return path.namesOne || parameters.some(isArticleId);
}

/** The shape of an address. Pure, and linear in its length. */
export function shapeOf(url: URL): Shape {
  const parameters = [...url.searchParams];
  const path = pathParts(url.pathname, parameters.length > 0);
  const names = [...new Set(parameters.map(([name]) => plainNumbers(name)))].toSorted().join('&');
  const query = names === '' ? '' : `?${names}`;
  const byParameters: Look = nameOne(parameters, path) ? 'numbers' : 'parameters';
  return {
    fine: `/${path.fine.join('/')}${query}`,
    coarse: `/${path.coarse.join('/')}${query}`,
    looksLike: parameters.length > 0 ? byParameters : path.looksLike,
  };
}

/** How many addresses of a shape are followed on one host. */
export function mostOf({ looksLike }: Shape, foundBy: Target['foundBy'], maxAddressesPerShape: number): number {
  const { factors } = rules();
  const own = factors[looksLike].value;
  return maxAddressesPerShape * (foundBy === 'listing' ? own : Math.max(own, factors.named.value));
}

export const maxShapes = (): number => rules().limits.maxShapes.value;

/** Whether the same segments follow one another `runs` times, one after the other. */
function runs(segments: readonly string[], least: number): boolean {
  for (let period = 1; period * least <= segments.length; period += 1) {
    let same = 0;
    for (let at = period; at < segments.length; at += 1) {
      same = segments[at] === segments[at - period] ? same + 1 : 0;
      if (same >= period * (least - 1)) return true;
    }
  }
  return false;
}

/** Why an address is a trap by itself, whatever else is known of its host; null where it is none. */
export function trapIn(url: URL): string | null {
  const { maxUrlChars, maxSegments, maxParameters, maxRuns, maxRepeats } = rules().limits;
  if (url.href.length > maxUrlChars.value) return `longer than ${maxUrlChars.value} characters`;
  const segments = url.pathname.split('/').filter(Boolean);
  if (segments.length > maxSegments.value) return `more than ${maxSegments.value} folders deep`;
  if ([...url.searchParams].length > maxParameters.value) return `more than ${maxParameters.value} parameters`;
  // Numbers do repeat by chance: /2022/02/02/02/.
  const words = segments.filter((segment) => !/^\d+$/.test(segment));
  if (runs(words, maxRuns.value)) return `the same folders ${maxRuns.value} times in a row`;
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return Math.max(0, ...times.values()) >= maxRepeats.value ? `the same folder ${maxRepeats.value} times` : null;
}
