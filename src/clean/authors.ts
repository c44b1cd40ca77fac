/** Who wrote the article: as the page's data says, else as its byline shows, else as the site that publishes it. */
import type { Author, Reading } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import { unescaped, type Claims } from './claims.ts';
import type { DateWords } from './dates.ts';
import { isObject, listOf, stringOf, typesOf, type Json, type LinkedObject } from './json-ld.ts';
import { metaValues } from './meta-names.ts';
import { isOtherHand, namesIn, nameWordsOf, type NameWords } from './names.ts';
import type { PieceLink } from './pieces.ts';
import { plain, type Rules } from './rules.ts';
import type { SiteNames } from './titles.ts';
import { timesIn } from './written-dates.ts';

type Origin = Reading['foundIn'][string];
const MAX_AUTHORS = 60;

/** Authors that the page's data names. */
export interface ClaimedAuthors {
  readonly linked: readonly Author[];
  readonly tagged: readonly Author[];
  readonly marked: readonly Author[];
}
/** What is known of names on one page before its bylines are found. */
export interface NamesOfPage {
  readonly sites: SiteNames;
  readonly reader: AuthorReader;
  readonly claimed: ClaimedAuthors;
}
/** A line on the page that may say who wrote it. */
export interface Byline {
  readonly text: string;
  readonly links?: readonly PieceLink[];
}

/** Reads the names of one page. */
export class AuthorReader {
  readonly #claims: Claims;
  readonly #url: string;
  readonly #words: NameWords;
  readonly #dates: DateWords;
  readonly #sites: SiteNames;
  readonly #paths: ReadonlySet<string>;
  readonly #tags: readonly string[];

  constructor(claims: Claims, url: string, rules: Rules, sites: SiteNames, dates: DateWords) {
    this.#claims = claims;
    this.#url = url;
    this.#words = nameWordsOf(rules.words);
    this.#dates = dates;
    this.#sites = sites;
    this.#paths = new Set(rules.words['authorPaths'] ?? []);
    this.#tags = rules.words['authorTags'] ?? [];
  }

  /** From JSON-LD, from the first meta tag that names any, and from elements marked as naming an author. */
  claimed(): ClaimedAuthors {
    const { article } = this.#claims;
    const sources = [article?.['author'], article?.['creator'], article?.['contributor']];
    const linked = sources.map((value) => this.#linked(value, 0)).find((names) => names.length > 0) ?? [];
    return { linked: once(linked), tagged: once(this.#tagged()), marked: once(this.#marked()) };
  }

  /** Authors that bylines show; the publisher itself, a place and whoever took the pictures are none. */
  shown(bylines: readonly Byline[]): Author[] {
    const lines = bylines.map(({ text, links = [] }) => {
      const linked = links.flatMap((link) => {
        const name = this.#slugName(link.text, link.href);
        return name === undefined ? [] : [this.#withPage(name, link.href)];
      });
      return linked.length > 0 && !isOtherHand(text, this.#words) ? linked : this.#inLine(text);
    });
    return once(lines.flat()).filter(({ name }) => !this.#sites.is(name));
  }

  #inLine(text: string): Author[] {
    // Under a name stands what its holder is; above it may stand the words that introduce it.
    const lines = text.split('\n').map((line) => this.#withoutDates(line));
    for (const line of lines.slice(0, 3)) {
      if (isOtherHand(line, this.#words)) return [];
      const names = namesIn(line, this.#words, 'line').filter((name) => !this.#sites.has(name));
      if (names.length > 0) return names.map((name) => ({ name }));
    }
    return [];
  }

  #withoutDates(line: string): string {
    const [first] = timesIn(line, this.#dates);
    if (!first) return line;
    const before = line.slice(0, first.from);
    return /\p{L}{3}/u.test(before) ? before : line.slice(first.to);
  }

  #linked(value: Json | undefined, depth: number): Author[] {
    if (depth > 4) return [];
    if (Array.isArray(value)) return value.slice(0, MAX_AUTHORS).flatMap((one) => this.#linked(one, depth + 1));
    if (typeof value === 'string') return this.#named(value);
    if (!isObject(value)) return [];
    const person = this.#resolved(value);
    const page = stringOf(person['url']) ?? stringOf(person['sameAs']);
    const names = listOf(person['name']).flatMap((name) =>
      typeof name === 'string' ? this.#namesOf(person, name) : [],
    );
    if (names.length === 0 && person !== value) return [];
    return names.map((name) => (names.length === 1 ? this.#withPage(name, page) : { name }));
  }

  /** An organisation's name is one, whatever joins its words. */
  #namesOf(person: LinkedObject, name: string): string[] {
    const text = unescaped(name).slice(0, 300);
    const isOrganization = typesOf(person).some((type) => /organi[sz]ation$/i.test(type));
    if (isOrganization && text.length <= 80 && !/https?:|@/.test(text)) return [text];
    return namesIn(text, this.#words);
  }

  /** An object that only refers to another of the page's, as that one. */
  #resolved(value: LinkedObject): LinkedObject {
    const id = value['@id'];
    if (value['name'] !== undefined || typeof id !== 'string') return value;
    return this.#claims.objects.find((other) => other['@id'] === id && other['name'] !== undefined) ?? value;
  }

  #named(text: string): Author[] {
    return namesIn(unescaped(text.slice(0, 1_000)), this.#words).map((name) => ({ name }));
  }

  #tagged(): Author[] {
    let publisher: Author[] = [];
    for (const values of metaValues(this.#claims, this.#tags)) {
      const named = values.flatMap((text) => this.#named(text)).filter(({ name }) => !isSlug(name));
      if (this.persons(named).length > 0) return this.persons(named);
      if (publisher.length === 0) publisher = named;
    }
    return publisher;
  }

  #marked(): Author[] {
    return this.#claims.authors.flatMap(({ text, href }) => {
      if (text.length > 200 || isOtherHand(text, this.#words)) return [];
      const bySlug = this.#slugName(text, href);
      if (bySlug !== undefined) return [this.#withPage(bySlug, href)];
      const [line = ''] = text.split('\n');
      return namesIn(this.#withoutDates(line), this.#words, 'line').map((name) => this.#withPage(name, href));
    });
  }

  /** The part of a link's text that its address spells, where that is an author's page: "More by Edda Marchbank" of `/authors/edda-marchbank`. */
  #slugName(text: string, href: string | undefined): string | undefined {
    if (href === undefined || text.length > 200 || !URL.canParse(href, this.#url)) return undefined;
    const parts = new URL(href, this.#url).pathname
      .toLowerCase()
      .split('/')
      .filter((part) => part !== '');
    const at = parts.findIndex((part, i) => i < parts.length - 1 && this.#paths.has(part));
    if (at < 0) return undefined;
    const slug = bare(parts.slice(at + 1).join('-'));
    const words = text.trim().split(/\s+/);
    const from = words.findIndex((word) => bare(word).length > 1 && slug.includes(bare(word)));
    const to = words.findLastIndex((word) => bare(word).length > 1 && slug.includes(bare(word)));
    if (from < 0 || to - from > 4) return undefined;
    return namesIn(words.slice(from, to + 1).join(' '), this.#words, 'line')[0];
  }

  #withPage(name: string, href: string | undefined): Author {
    if (href === undefined || href.length > 1_000 || !URL.canParse(href, this.#url)) return { name };
    const page = new URL(href, this.#url);
    return /^https?:$/.test(page.protocol) ? { name, url: hrefOf(page) } : { name };
  }

  /** Those of `authors` that are not the publisher itself. */
  persons(authors: readonly Author[]): Author[] {
    return authors.filter(({ name }) => !this.#sites.is(name));
  }
}

/** Letters and digits without accents, as addresses spell names. */
const bare = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
/** A name as an address spells it: `edda-marchbank`. */
const isSlug = (name: string): boolean => /^[a-z]+(?:[-_][a-z]+)+$/.test(name);

const once = (authors: readonly Author[]): Author[] => {
  const known = new Map<string, Author>();
  for (const author of authors) {
    const key = plain(author.name);
    const before = known.get(key);
    if (!before || (before.url === undefined && author.url !== undefined))
      known.set(key, before ? { ...author, name: before.name } : author);
  }
  return [...known.values()].slice(0, MAX_AUTHORS);
};

/** One source's authors and where it was. */
export interface AuthorClaim {
  readonly authors: readonly Author[];
  readonly from: Origin;
}

/**
 * What each source says, the one to be believed first. A person beats the publisher that a page names for all its
 * articles; of persons JSON-LD comes first, the byline last but for marks, which also stand in lists of other stories.
 */
export function authorClaims(reader: AuthorReader, claimed: ClaimedAuthors, shown: readonly Author[]): AuthorClaim[] {
  const isShown = ({ name }: Author) => shown.some((other) => plain(other.name) === plain(name));
  const { linked, tagged, marked } = claimed;
  const near = marked.some(isShown) ? marked.filter(isShown) : marked.slice(0, 1);
  const claims: AuthorClaim[] = [
    { authors: reader.persons(linked), from: 'json-ld' },
    { authors: reader.persons(tagged), from: 'meta' },
    { authors: shown, from: 'page' },
    { authors: reader.persons(near), from: 'microdata' },
    { authors: linked, from: 'json-ld' },
    { authors: tagged, from: 'meta' },
  ];
  return claims.filter(({ authors }) => authors.length > 0);
}
