/** What a page says of its article: title, times, authors, section and the rest, each with where it was found and what other sources say. */
import type { Author, Image, Reading } from '../core/schema.ts';
import { alternatesOf, PageLinks } from './addresses.ts';
import { authorClaims } from './author-choice.ts';
import type { AuthorReader, Byline, ClaimedAuthors, NamesOfPage } from './authors.ts';
import { linkedString, metaOf, unescaped, type Claims } from './claims.ts';
import { isObject, listOf, stringOf } from './json-ld.ts';
import { languagesOf, type LanguageClaim } from './language.ts';
import { metaValues } from './meta-names.ts';
import { isBefore, MomentReader, type DatedLines, type TimeClaim } from './moments.ts';
import { plain, type Rules } from './rules.ts';
import type { ChosenTitle } from './title-choice.ts';

type Origin = Reading['foundIn'][string];
interface Claim<T> {
  readonly value: T;
  readonly from: Origin;
}
export type Metadata = Omit<Reading, 'kind' | 'title' | 'titles' | 'lead' | 'blocks'>;

/** What the page shows, where the cleaner found it among its blocks. */
export interface Shown extends DatedLines {
  readonly bylines: readonly Byline[];
  /** Text of the article, or of the whole page where it has none. */
  readonly text: string;
}

const LANGUAGE_TAGS = ['og:locale', 'content-language', 'dc.language', 'language'];
const MAX_TAG_CHARS = 80;
const MAX_TAGS = 60;
const MAX_IMAGES = 20;
/** Losing values kept of one field, and how long one may be. */
const MAX_ALTERNATIVES = 6;
const MAX_VALUE_CHARS = 400;

/** Reads one page's fields; notes for each where it was found and what lost. */
class MetadataReader {
  readonly #claims: Claims;
  readonly #url: string;
  readonly #rules: Rules;
  readonly #links: PageLinks;
  readonly #foundIn: Record<string, Origin> = {};
  readonly #alternatives: Record<string, { value: string; from: Origin }[]> = {};

  constructor(claims: Claims, url: string, rules: Rules) {
    this.#claims = claims;
    this.#url = url;
    this.#rules = rules;
    this.#links = new PageLinks(claims, url);
  }

  read(shown: Shown, authorReader: AuthorReader, claimed: ClaimedAuthors, title: ChosenTitle | undefined): Metadata {
    if (title) this.#settle('title', [{ value: title.text, from: title.from }, ...title.others], String);
    const language = this.#language(shown.text);
    const publishedAt = this.#times(shown, language);
    const alternates = alternatesOf(this.#links);
    const optional = {
      ...publishedAt,
      ...this.#addresses(),
      section: this.#pick('section', [
        ['json-ld', linkedString(this.#claims, 'articleSection')],
        ['meta', this.#tagged('sectionTags')],
        ['microdata', metaOf(this.#claims, 'itemprop:articlesection')],
      ]),
      siteName: this.#siteName(),
      publisherId: this.#pick('publisherId', [
        ['meta', this.#tagged('idTags')],
        ['json-ld', this.#linkedId()],
      ]),
      paywalled: this.#paywalled(),
      alternates: alternates.length > 0 ? alternates : undefined,
    };
    const known = Object.entries(optional).filter(([, value]) => value !== undefined);
    return {
      authors: this.#authors(authorReader, claimed, shown),
      tags: this.#tags(),
      language,
      directives: this.#directives(),
      images: this.#images(),
      ...(Object.fromEntries(known) as Partial<Metadata>),
      foundIn: this.#foundIn,
      ...(Object.keys(this.#alternatives).length > 0 ? { alternatives: this.#alternatives } : {}),
    };
  }

  /** Takes the first claim; what the others say else is kept beside it. */
  #settle<T>(field: string, claims: readonly Claim<T>[], spell: (value: T) => string): T | undefined {
    const [first, ...others] = claims;
    if (!first) return undefined;
    this.#foundIn[field] = first.from;
    const known = new Set([plain(spell(first.value))]);
    const lost: { value: string; from: Origin }[] = [];
    for (const { value, from } of others) {
      const text = spell(value);
      const key = plain(text);
      if (known.has(key) || text === '' || text.length > MAX_VALUE_CHARS || lost.length >= MAX_ALTERNATIVES) continue;
      known.add(key);
      lost.push({ value: text, from });
    }
    if (lost.length > 0) this.#alternatives[field] = lost;
    return first.value;
  }

  #pick(field: string, candidates: readonly (readonly [Origin, string | undefined])[]): string | undefined {
    const claims = candidates.flatMap(([from, value]) =>
      value === undefined || value === '' ? [] : [{ value, from }],
    );
    return this.#settle(field, claims, String);
  }

  /** The first value of a meta tag of a list of the rules. */
  #tagged(list: string): string | undefined {
    const text = metaValues(this.#claims, this.#rules.words[list] ?? [])[0]?.[0];
    return text === undefined || text.length > MAX_VALUE_CHARS ? undefined : unescaped(text);
  }

  #times(shown: Shown, language: string): { publishedAt?: string; modifiedAt?: string } {
    const moments = new MomentReader(this.#claims, this.#url, language, shown, this.#rules);
    const settle = (field: string, claims: readonly TimeClaim[]) =>
      this.#settle(
        field,
        claims.map((claim) => ({ value: claim, from: claim.from })),
        timeOf,
      )?.time;
    const publishedAt = settle('publishedAt', moments.published());
    const changes = moments.modified();
    const real = publishedAt === undefined ? changes : changes.filter(({ time }) => !isBefore(time, publishedAt));
    const modifiedAt = settle('modifiedAt', real);
    return {
      ...(publishedAt === undefined ? {} : { publishedAt }),
      ...(modifiedAt === undefined ? {} : { modifiedAt }),
    };
  }

  #authors(reader: AuthorReader, claimed: ClaimedAuthors, shown: Shown): Author[] {
    const near = shown.near.filter((line) => reader.isByline(line)).map((text) => ({ text }));
    const lines = [...shown.bylines, ...near];
    const claims = authorClaims(reader, claimed, reader.shown(lines)).map(({ authors, from }) => ({
      value: authors,
      from,
    }));
    return [...(this.#settle('authors', claims, (authors) => authors.map(({ name }) => name).join(', ')) ?? [])];
  }

  #tags(): string[] {
    const { article, meta } = this.#claims;
    const keywords = listOf(article?.['keywords']).map((value) =>
      typeof value === 'string' ? value : isObject(value) ? (stringOf(value['name']) ?? '') : '',
    );
    const claims = [
      { value: tagsIn(keywords), from: 'json-ld' as const },
      { value: tagsIn(meta.get('article:tag') ?? []), from: 'meta' as const },
      { value: tagsIn(meta.get('keywords') ?? meta.get('news_keywords') ?? []), from: 'meta' as const },
    ].filter(({ value }) => value.length > 0);
    return this.#settle('tags', claims, (tags) => tags.join(', ')) ?? [];
  }

  #language(text: string): string {
    const declared: [Origin, string | undefined][] = [
      ['page', this.#claims.language],
      ['json-ld', linkedString(this.#claims, 'inLanguage')],
      ...LANGUAGE_TAGS.map((name): [Origin, string | undefined] => ['meta', metaOf(this.#claims, name)]),
    ];
    const claims = declared.flatMap(([from, spelled]): LanguageClaim[] => {
      const value = languageTag(spelled);
      return value === undefined ? [] : [{ value, from }];
    });
    return this.#settle('language', languagesOf(claims, text, this.#rules), String) ?? 'und';
  }

  #addresses(): { canonicalUrl?: string | undefined; ampUrl?: string | undefined } {
    const links = this.#links;
    return {
      canonicalUrl: this.#pick('canonicalUrl', [
        ['meta', links.of('canonical')],
        ['meta', links.absolute(metaOf(this.#claims, 'og:url'))],
        ['json-ld', links.absolute(this.#linkedPage())],
      ]),
      ampUrl: this.#pick('ampUrl', [['meta', links.of('amphtml')]]),
    };
  }

  /** The address that JSON-LD gives the article's page. */
  #linkedPage(): string | undefined {
    const page = this.#claims.article?.['mainEntityOfPage'] ?? this.#claims.article?.['url'];
    return isObject(page) ? (stringOf(page['@id']) ?? stringOf(page['url'])) : stringOf(page);
  }

  #linkedId(): string | undefined {
    const id = this.#claims.article?.['identifier'];
    const value = isObject(id)
      ? stringOf(id['value'])
      : typeof id === 'string' || typeof id === 'number'
        ? String(id)
        : undefined;
    return value === undefined || value.length > 100 ? undefined : value;
  }

  #siteName(): string | undefined {
    const publisher = listOf(this.#claims.article?.['publisher'])[0];
    const name = isObject(publisher) ? stringOf(publisher['name']) : undefined;
    return this.#pick('siteName', [
      ['meta', metaOf(this.#claims, 'og:site_name', 'application-name', 'al:android:app_name')],
      ['json-ld', name === undefined ? undefined : unescaped(name)],
    ]);
  }

  #paywalled(): boolean | undefined {
    const isFree = truthOf(listOf(this.#claims.article?.['isAccessibleForFree'])[0]);
    const tier = metaOf(this.#claims, 'article:content_tier')?.toLowerCase();
    const claims: Claim<boolean>[] = [];
    if (isFree !== undefined) claims.push({ value: !isFree, from: 'json-ld' });
    if (tier !== undefined) claims.push({ value: tier !== 'free', from: 'meta' });
    return this.#settle('paywalled', claims, String);
  }

  /** robots directives and reservations of text and data mining, as the page states them. */
  #directives(): string[] {
    const { meta } = this.#claims;
    const robots = ['robots', 'googlebot']
      .flatMap((name) => meta.get(name) ?? [])
      .flatMap((value) => value.toLowerCase().split(/[\s,]+/));
    const mining = ['tdm-reservation', 'tdm-policy'].flatMap((name) =>
      (meta.get(name) ?? []).map((value) => `${name}=${value}`),
    );
    return [...new Set([...robots, ...mining])].filter((directive) => directive !== '').toSorted();
  }

  /** The pictures that the page names for itself. */
  #images(): Image[] {
    const linked = listOf(this.#claims.article?.['image']).map((value) =>
      isObject(value) ? (stringOf(value['url']) ?? stringOf(value['contentUrl'])) : stringOf(value),
    );
    const named = metaOf(this.#claims, 'og:image', 'twitter:image', 'og:image:url');
    const sources = [...linked.slice(0, MAX_IMAGES), named].flatMap((source) => this.#links.absolute(source) ?? []);
    return [...new Set(sources)].slice(0, MAX_IMAGES).map((src) => ({ src }));
  }
}

const timeOf = ({ time }: TimeClaim): string => time;
const truthOf = (value: unknown): boolean | undefined => {
  const text = String(value)
    .toLowerCase()
    .replace(/^https?:\/\/schema\.org\//, '');
  return text === 'false' ? false : text === 'true' ? true : undefined;
};

/** Key words, one each. */
function tagsIn(texts: readonly string[]): string[] {
  const tags = texts.flatMap((text) => text.split(/\s*[,;|]\s*/)).map(unescaped);
  return [...new Set(tags)].filter((tag) => tag !== '' && tag.length <= MAX_TAG_CHARS).slice(0, MAX_TAGS);
}

/** BCP 47 with its usual capitals, without an encoding; undefined for what is no language tag. */
function languageTag(value: string | undefined): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[.@,;\s]|$)/i.exec(value?.trim() ?? '');
  if (!match) return undefined;
  const [, language = '', script, region] = match;
  const capitalized = script && `${script[0]?.toUpperCase()}${script.slice(1).toLowerCase()}`;
  return [language.toLowerCase(), capitalized, region?.toUpperCase()].filter(Boolean).join('-');
}

/** All of a page's metadata. `names` are known from its data, `shown` from its blocks; `title` where it was chosen among claims. */
export const readMetadata = (
  { claims, url, rules }: { readonly claims: Claims; readonly url: string; readonly rules: Rules },
  shown: Shown,
  { reader, claimed }: NamesOfPage,
  title: ChosenTitle | undefined,
): Metadata => new MetadataReader(claims, url, rules).read(shown, reader, claimed, title);
