/** What is known of feeds, sitemaps, lists and addresses: `config/discover.json`, read on first use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../core/package.ts';

interface Reasoned<Value> {
  readonly value: Value;
  readonly reason: string;
}
interface Weighed {
  readonly id: string;
  /** Per cents that it adds or takes. */
  readonly weight: number;
  readonly reason: string;
}
/** Words of several languages; in addresses spaces are hyphens. */
type Words = Readonly<Record<string, readonly string[]>>;

export interface PatternRule extends Weighed {
  /** Of the decoded address in lower case: its path, the path's last part without ending, its query, or the last part's ending. */
  readonly on: 'path' | 'last' | 'query' | 'ending';
  readonly pattern: string;
}
interface WordRule extends Weighed {
  /** A part of the path, the path's last part, or the whole text of a link. */
  readonly in: readonly ('part' | 'last' | 'text')[];
  readonly words: Words;
}
/** Rules that count something; which is told by the id. */
export interface ShapeRule extends Weighed {
  readonly atLeast?: number;
  readonly atMost?: number;
}
const LIMITS = [
  'maxAddressChars',
  'maxDocumentBytes',
  'maxInflatedBytes',
  'maxFeedChars',
  'maxFeedEntries',
  'maxLinks',
  'maxSitemapDepth',
  'maxSitemapEntries',
  'maxTitleChars',
  'maxProbes',
] as const;
export type Limits = Readonly<Record<(typeof LIMITS)[number], number>>;

interface DiscoverFile {
  readonly limits: Readonly<Record<(typeof LIMITS)[number], Reasoned<number>>>;
  readonly notPages: readonly { readonly endings: readonly string[]; readonly reason: string }[];
  readonly wellKnown: Readonly<
    Record<'feeds' | 'sitemaps', readonly { readonly path: string; readonly reason: string }[]>
  >;
  readonly feedTypes: Reasoned<readonly string[]>;
  readonly poorFeeds: Reasoned<readonly string[]>;
  readonly sideSitemaps: Reasoned<readonly string[]>;
  readonly pagination: { readonly reason: string; readonly words: Words };
  readonly article: {
    readonly base: Reasoned<number>;
    readonly threshold: Reasoned<number>;
    readonly trust: readonly Weighed[];
    readonly shapes: readonly ShapeRule[];
    readonly patterns: readonly PatternRule[];
    readonly words: readonly WordRule[];
  };
}

/** A rule that spoke, and by how much. */
export interface Reason {
  readonly rule: string;
  readonly weight: number;
}
/** The rules of article or not, ready to be asked. */
export interface ArticleRules {
  readonly base: number;
  readonly threshold: number;
  readonly shapes: ReadonlyMap<string, ShapeRule>;
  readonly trust: ReadonlyMap<string, Reason>;
  readonly patterns: readonly { readonly on: PatternRule['on']; readonly pattern: RegExp; readonly reason: Reason }[];
  readonly words: Readonly<Record<'part' | 'last' | 'text', ReadonlyMap<string, Reason>>>;
}
interface Rules {
  readonly file: DiscoverFile;
  readonly limits: Limits;
  readonly article: ArticleRules;
  readonly endings: ReadonlySet<string>;
  readonly pagination: ReadonlySet<string>;
}

let loaded: Rules | undefined;
function rules(): Rules {
  if (loaded === undefined) {
    const file = JSON.parse(readFileSync(join(ROOT, 'config', 'discover.json'), 'utf8')) as DiscoverFile;
    loaded = {
      file,
      limits: Object.fromEntries(LIMITS.map((name) => [name, file.limits[name].value])) as Limits,
      article: articleRulesOf(file.article),
      endings: new Set(file.notPages.flatMap(({ endings }) => endings)),
      pagination: new Set(Object.values(file.pagination.words).flat().map(wordKey)),
    };
  }
  return loaded;
}

/** A part of a path, in small letters, as the lists of words spell it: with hyphens for what parts words. */
export const partKey = (part: string): string => part.replace(/[\s_+–—-]+/g, '-');

const EDGES = new Set('-.…:|»›>→«‹<←');
/** A text as the lists of words spell it: composed, in small letters, without the arrows and dots around it. */
export function wordKey(text: string): string {
  const key = partKey(text.normalize('NFC').toLowerCase());
  let [from, to] = [0, key.length];
  while (from < to && EDGES.has(key.charAt(from))) from += 1;
  while (to > from && EDGES.has(key.charAt(to - 1))) to -= 1;
  return key.slice(from, to);
}

const reasonOf = ({ id, weight }: Weighed): Reason => ({ rule: id, weight });

function articleRulesOf({ base, threshold, trust, shapes, patterns, words }: DiscoverFile['article']): ArticleRules {
  const index = (place: 'part' | 'last' | 'text') =>
    new Map(
      words
        .filter((rule) => rule.in.includes(place))
        .flatMap((rule) =>
          Object.values(rule.words)
            .flat()
            .map((word) => [wordKey(word), reasonOf(rule)] as const),
        ),
    );
  return {
    base: base.value,
    threshold: threshold.value,
    shapes: new Map(shapes.map((rule) => [rule.id, rule])),
    trust: new Map(trust.map((rule) => [rule.id, reasonOf(rule)])),
    patterns: patterns.map((rule) => ({
      on: rule.on,
      pattern: new RegExp(rule.pattern, 'u'),
      reason: reasonOf(rule),
    })),
    words: { part: index('part'), last: index('last'), text: index('text') },
  };
}

export const limits = (): Limits => rules().limits;
export const articleRules = (): ArticleRules => rules().article;
/** Endings of files that are no pages, such as `pdf`. */
export const endingsOfNoPages = (): ReadonlySet<string> => rules().endings;
/** What links to the next page of a list say, as `wordKey` spells it. */
export const paginationWords = (): ReadonlySet<string> => rules().pagination;
export const wellKnownPaths = (of: 'feeds' | 'sitemaps'): readonly string[] =>
  rules().file.wellKnown[of].map(({ path }) => path);
/** Media types of feeds. */
export const feedTypes = (): readonly string[] => rules().file.feedTypes.value;
/** Parts of the addresses of feeds that hold no news: comments, podcasts. */
export const poorFeedParts = (): readonly string[] => rules().file.poorFeeds.value;
/** Words in the names of sitemaps that list no articles. */
export const sideSitemapWords = (): readonly string[] => rules().file.sideSitemaps.value;
