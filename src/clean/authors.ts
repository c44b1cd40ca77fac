/** Who wrote the article: as the page's data says, else as its byline shows, else as the site that publishes it. */
import type { Author } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import { unescaped, type Claims } from './claims.ts';
import type { DateWords } from './dates.ts';
import { isObject, listOf, stringOf, typesOf, type Json, type LinkedObject } from './json-ld.ts';
import { metaValues } from './meta-names.ts';
import { isIntroduced, isIntroduction, isOtherHand, namesIn, nameWordsOf, type NameWords } from './names.ts';
import type { PieceLink } from './pieces.ts';
import { plain, type Rules } from './rules.ts';
import type { SiteNames } from './titles.ts';
import { timesIn } from './written-dates.ts';

const MAX_AUTHORS = 60;
const MAX_BYLINES = 40;
const MAX_LINE_CHARS = 80;
/** A longer one lists facts of a film or a book, among them who wrote that. */
const MAX_BYLINE_LINES = 2;

/** Authors that the page's data names. */
export interface ClaimedAuthors {
  readonly linked: readonly Author[];
  readonly tagged: readonly Author[];
  readonly marked: readonly Author[];
  /** Those of the first mark: the others may be of other stories. */
  readonly firstMarked: readonly Author[];
}
/** What is known of names on one page before its bylines are found. */
export interface NamesOfPage {
  readonly sites: SiteNames;
  readonly reader: AuthorReader;
  readonly claimed: ClaimedAuthors;
}
/** Authors that bylines show; certain where words or a link say that they are. */
export interface ShownAuthors {
  readonly authors: readonly Author[];
  readonly isCertain: boolean;
}
/** A line on the page that may say who wrote it. */
export interface Byline {
  readonly text: string;
  /** Text right before it on the page: it may say of whom the name is. */
  readonly before?: string;
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
  readonly #organizations = new Set<string>();

  constructor(claims: Claims, url: string, rules: Rules, sites: SiteNames, dates: DateWords) {
    this.#claims = claims;
    this.#url = url;
    this.#words = nameWordsOf(rules.words);
    this.#dates = dates;
    this.#sites = sites;
    this.#paths = this.#words.authorPaths;
    this.#tags = rules.words['authorTags'] ?? [];
  }

  /** From JSON-LD, from the first meta tag that names any, and from elements marked as naming an author. */
  claimed(): ClaimedAuthors {
    const { article } = this.#claims;
    const sources = [article?.['author'], article?.['creator'], article?.['contributor']];
    const linked = sources.map((value) => this.#linked(value, 0)).find((names) => names.length > 0) ?? [];
    const marks = this.#marks();
    return {
      linked: once(linked),
      tagged: once(this.#tagged()),
      marked: once(marks.flat()),
      firstMarked: once(marks.find((names) => names.length > 0) ?? []),
    };
  }

  /**
   * Authors that bylines show. Lines that say "by", or that link to an author's page, leave no word to the others; the
   * publisher itself, a place and whoever took the pictures are none.
   */
  shown(bylines: readonly Byline[]): ShownAuthors {
    const certain: Author[] = [];
    const others: Author[] = [];
    let named = '';
    for (const { text, links = [], before = '' } of bylines.slice(0, MAX_BYLINES)) {
      if (text.split('\n').length > MAX_BYLINE_LINES || this.#isOtherHandOnly(before)) continue;
      const authors = isOtherHand(text, this.#words) ? [] : this.#linkedIn(links);
      const isNamed = isIntroduction(before, this.#words) || (named !== '' && before === named);
      const isCertain = isNamed || authors.length > 0 || isIntroduced(text, this.#words);
      named = isNamed ? text : '';
      const found = authors.length > 0 ? authors : this.#inLine(text);
      if (isCertain) certain.push(...found);
      else others.push(...found.filter(({ name }) => this.#isSure(name)));
    }
    const persons = this.persons(certain);
    const isCertain = persons.length > 0;
    return { authors: once(isCertain ? persons : this.persons(others)), isCertain };
  }

  /** Whether a line is but the words before the name of somebody who did not write. */
  #isOtherHandOnly(line: string): boolean {
    return line.length <= 40 && isOtherHand(line, this.#words) && this.#inLine(line.replace(/^\S+\s/, '')).length === 0;
  }

  /** Whether a name is one without a word that says so: of two words, of Asia, or of an agency. */
  #isSure(name: string): boolean {
    return name.includes(' ') || !/[\p{Lu}\p{Ll}]/u.test(name) || this.#words.agencies.has(plain(name));
  }

  /** Whether a line that nobody labelled says who wrote: by words that do, or a name with a date. */
  isByline(line: string): boolean {
    const isSigned = isIntroduced(line, this.#words) || timesIn(line, this.#dates).length > 0;
    return line.length <= MAX_LINE_CHARS && isSigned && this.#inLine(line).length > 0;
  }

  #linkedIn(links: readonly PieceLink[]): Author[] {
    return links.flatMap((link) => {
      const name = this.#slugName(link.text, link.href);
      return name === undefined ? [] : [this.#withPage(name, link.href)];
    });
  }

  #inLine(text: string): Author[] {
    // Under a name stands what its holder is; above it may stand the words that introduce it.
    const lines = text.split('\n').map((line) => this.#withoutDates(line));
    for (const line of lines.slice(0, 3)) {
      if (isOtherHand(line, this.#words)) return [];
      const names = namesIn(line, this.#words, 'line').filter((name) => !this.#sites.publish(name));
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
    if (isOrganization && text.length <= 80 && !/https?:|@/.test(text)) {
      this.#organizations.add(text);
      return [text];
    }
    return this.#signatures(text);
  }

  /** The names of a field; the publisher and an agency sign as one. */
  #signatures(text: string): string[] {
    const names = namesIn(text, this.#words);
    const isOne =
      names.length > 1 &&
      names.some((name) => this.#sites.is(name)) &&
      names.every((name) => this.#sites.is(name) || this.#words.agencies.has(plain(name)));
    return isOne && text.length <= 60 ? [text] : names;
  }

  /** An object that only refers to another of the page's, as that one. */
  #resolved(value: LinkedObject): LinkedObject {
    const id = value['@id'];
    if (value['name'] !== undefined || typeof id !== 'string') return value;
    return this.#claims.objects.find((other) => other['@id'] === id && other['name'] !== undefined) ?? value;
  }

  /** The names of a field; where the publisher stands first, what follows says where it is. */
  #named(text: string): Author[] {
    const field = unescaped(text.slice(0, 1_000));
    if (this.#sites.is(field)) return [{ name: field }];
    const names = this.#signatures(field);
    const [first = ''] = names;
    return (this.#sites.is(first) ? [first] : names).map((name) => ({ name }));
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

  /** The names of each element that is marked as naming an author. */
  #marks(): Author[][] {
    const stated = this.#claims.meta.get('itemprop:author') ?? [];
    const inText = this.#claims.authors.map(({ text, href }): Author[] => {
      if (text.length > 200 || isOtherHand(text, this.#words)) return [];
      const bySlug = this.#slugName(text, href);
      if (bySlug !== undefined) return [this.#withPage(bySlug, href)];
      const line = this.#withoutDates(text.split('\n')[0] ?? '');
      const names = namesIn(words(line) > 4 ? (this.#words.innerPrefix.exec(line)?.[1] ?? line) : line, this.#words);
      const persons = names.filter((name) => words(name) <= 5);
      return persons.map((name) => (persons.length === 1 ? this.#withPage(name, href) : { name }));
    });
    return [stated.flatMap((text) => this.#named(text)), ...inText];
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
    const whole = namesIn(this.#withoutDates(text), this.#words, 'line');
    const [name] = whole;
    if (whole.length === 1 && name !== undefined && words(name) < 4) return name;
    const slug = bare(parts.slice(at + 1).join('-'));
    const list = text.trim().split(/\s+/);
    const start = list.findIndex((word) => bare(word).length > 1 && slug.startsWith(bare(word)));
    const spelled =
      start < 0 ? -1 : [1, 2, 3, 4, 5, 6].find((n) => bare(list.slice(start, start + n).join('')) === slug);
    if (spelled !== undefined && spelled > 0)
      return list
        .slice(start, start + spelled)
        .join(' ')
        .replace(/[,.;:]+$/, '');
    return name;
  }

  #withPage(name: string, href: string | undefined): Author {
    if (href === undefined || href.length > 1_000 || !URL.canParse(href, this.#url)) return { name };
    const page = new URL(href, this.#url);
    return /^https?:$/.test(page.protocol) ? { name, url: hrefOf(page) } : { name };
  }

  isOfAgencies(authors: readonly Author[]): boolean {
    return authors.every(({ name }) => this.#words.agencies.has(plain(name)) || this.#words.nobody.has(plain(name)));
  }

  /** Those of `authors` that are neither the publisher itself nor an organisation other than an agency. */
  persons(authors: readonly Author[]): Author[] {
    const isOther = ({ name }: Author) => this.#organizations.has(name) && !this.#words.agencies.has(plain(name));
    const persons = authors.filter(({ name }) => !this.#sites.publish(name));
    return persons.every(isOther) ? [] : authors.filter(({ name }) => !this.#sites.is(name));
  }

  /** Whether a name is but how somebody logs in. */
  isUser({ name }: Author): boolean {
    return isSlug(name) || /^[a-z]+[._-]?[a-z\d]*$/.test(name);
  }
}

const words = (text: string): number => text.split(' ').length;
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
