/** Title apart, what a page says of its article: times, section, tags, language and the rest, each with where it was found. */
import type { Author, Image, Reading } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import { authorsShown, type ClaimedAuthors } from './authors.ts';
import { linkedString, metaOf, unescaped, type Claims } from './claims.ts';
import { monthsOf, parseTime, readTime } from './dates.ts';
import { isObject, listOf, stringOf } from './json-ld.ts';
import type { Rules } from './rules.ts';

type Origin = Reading['foundIn'][string];
type Candidate<T> = readonly [origin: Origin, value: T | undefined];
export type Metadata = Omit<Reading, 'kind' | 'title' | 'titles' | 'lead' | 'blocks'>;

/** What the page shows, where the cleaner found it among its blocks. */
export interface Shown {
  readonly bylines: readonly string[];
  readonly datelines: readonly string[];
}

const PUBLISHED_TAGS = [
  'article:published_time',
  'og:article:published_time',
  'article:published',
  'parsely-pub-date',
  'sailthru.date',
  'datepublished',
  'publishdate',
  'publish-date',
  'pubdate',
  'cxenseparse:recs:publishtime',
  'dc.date.issued',
  'dcterms.created',
  'dc.date',
  'dcterms.date',
  'article.published',
  'published_time',
  'date',
  'publication_date',
  'og:published_time',
];
const MODIFIED_TAGS = [
  'article:modified_time',
  'og:updated_time',
  'og:article:modified_time',
  'last-modified',
  'datemodified',
  'dcterms.modified',
  'lastmod',
  'revised',
];
const SECTION_TAGS = [
  'article:section',
  'og:article:section',
  'section',
  'category',
  'parsely-section',
  'cxenseparse:section',
];
const ID_TAGS = [
  'parsely-post-id',
  'cxenseparse:articleid',
  'article_id',
  'articleid',
  'article:id',
  'content-id',
  'contentid',
  'postid',
  'brightspot.contentid',
];
const LANGUAGE_TAGS = ['og:locale', 'content-language', 'dc.language', 'language'];
const MAX_TAG_CHARS = 80;
const MAX_IMAGES = 20;

/** Reads one page's fields; notes for each where it was found. */
class MetadataReader {
  readonly #claims: Claims;
  readonly #url: string;
  readonly #months: ReadonlyMap<string, number>;
  readonly #foundIn: Record<string, Origin> = {};

  constructor(claims: Claims, url: string, rules: Rules) {
    this.#claims = claims;
    this.#url = url;
    this.#months = monthsOf(rules);
  }

  read(shown: Shown, authors: ClaimedAuthors, rules: Rules): Metadata {
    const claims = this.#claims;
    const optional = {
      publishedAt: this.#published(shown),
      modifiedAt: this.#modified(),
      canonicalUrl: this.#pick(
        'canonicalUrl',
        ['meta', this.#link('canonical')],
        ['meta', this.#absolute(metaOf(claims, 'og:url'))],
      ),
      ampUrl: this.#pick('ampUrl', ['meta', this.#link('amphtml')]),
      section: this.#pick(
        'section',
        ['json-ld', linkedString(claims, 'articleSection')],
        ['meta', metaOf(claims, ...SECTION_TAGS)],
        ['microdata', metaOf(claims, 'itemprop:articlesection')],
      ),
      siteName: this.#pick(
        'siteName',
        ['meta', metaOf(claims, 'og:site_name', 'application-name', 'al:android:app_name')],
        ['json-ld', this.#publisherName()],
      ),
      publisherId: this.#pick('publisherId', ['meta', metaOf(claims, ...ID_TAGS)]),
      paywalled: this.#pick('paywalled', ['json-ld', this.#isNotFree()], ['meta', this.#isOfPaidTier()]),
    };
    return {
      authors: this.#authors(shown, authors, rules),
      tags: this.#tags(),
      language: this.#language() ?? 'und',
      directives: this.#directives(),
      images: this.#images(),
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Metadata>),
      foundIn: this.#foundIn,
    };
  }

  /** The first value that is there. */
  #pick<T>(field: string, ...candidates: readonly Candidate<T>[]): T | undefined {
    for (const [origin, value] of candidates) {
      if (value === undefined || value === '') continue;
      this.#foundIn[field] = origin;
      return value;
    }
    return undefined;
  }

  #time(text: string | undefined): string | undefined {
    return text === undefined ? undefined : parseTime(text, this.#months);
  }

  #firstTime(texts: readonly (string | undefined)[]): string | undefined {
    for (const text of texts) {
      const time = this.#time(text);
      if (time !== undefined) return time;
    }
    return undefined;
  }

  #published(shown: Shown): string | undefined {
    const claims = this.#claims;
    return this.#pick(
      'publishedAt',
      ['json-ld', this.#time(linkedString(claims, 'datePublished'))],
      ['meta', this.#firstTime(PUBLISHED_TAGS.map((name) => metaOf(claims, name)))],
      ['microdata', this.#time(metaOf(claims, 'itemprop:datepublished', 'itemprop:datecreated'))],
      ['page', this.#firstTime(claims.times.map(({ datetime }) => datetime))],
      ['page', shown.datelines.map((line) => readTime(line, this.#months)).find((time) => time !== undefined)],
      ['json-ld', this.#time(linkedString(claims, 'dateCreated', 'uploadDate'))],
      ['url', dayInUrl(this.#url)],
    );
  }

  #modified(): string | undefined {
    const claims = this.#claims;
    return this.#pick(
      'modifiedAt',
      ['json-ld', this.#time(linkedString(claims, 'dateModified'))],
      ['meta', this.#firstTime(MODIFIED_TAGS.map((name) => metaOf(claims, name)))],
      ['microdata', this.#time(metaOf(claims, 'itemprop:datemodified'))],
    );
  }

  #authors(shown: Shown, { linked, tagged, marked }: ClaimedAuthors, rules: Rules): Author[] {
    const found = this.#pick(
      'authors',
      ['json-ld', some(linked)],
      ['meta', some(tagged)],
      ['microdata', some(marked)],
      ['page', some(authorsShown(shown.bylines, rules))],
    );
    return found ?? [];
  }

  #tags(): string[] {
    const claims = this.#claims;
    const keywords = listOf(claims.article?.['keywords']).map((value) =>
      typeof value === 'string' ? value : isObject(value) ? (stringOf(value['name']) ?? '') : '',
    );
    const listed = claims.meta.get('keywords') ?? claims.meta.get('news_keywords') ?? [];
    const found = this.#pick(
      'tags',
      ['json-ld', tagsIn(keywords)],
      ['meta', tagsIn(claims.meta.get('article:tag') ?? [])],
      ['meta', tagsIn(listed)],
    );
    return found ?? [];
  }

  #language(): string | undefined {
    const claims = this.#claims;
    return this.#pick(
      'language',
      ['page', languageTag(claims.language)],
      ['json-ld', languageTag(linkedString(claims, 'inLanguage'))],
      ['meta', languageTag(metaOf(claims, ...LANGUAGE_TAGS))],
    );
  }

  #absolute(href: string | undefined): string | undefined {
    if (href === undefined || href === '' || !URL.canParse(href, this.#url)) return undefined;
    const url = new URL(href, this.#url);
    return /^https?:$/.test(url.protocol) ? hrefOf(url) : undefined;
  }

  #link(rel: string): string | undefined {
    for (const link of this.#claims.links) {
      const href = link.rel.split(/\s+/).includes(rel) ? this.#absolute(link.href) : undefined;
      if (href !== undefined) return href;
    }
    return undefined;
  }

  #publisherName(): string | undefined {
    const publisher = listOf(this.#claims.article?.['publisher'])[0];
    const name = isObject(publisher) ? stringOf(publisher['name']) : undefined;
    return name === undefined ? undefined : unescaped(name);
  }

  #isNotFree(): boolean | undefined {
    const isFree = String(listOf(this.#claims.article?.['isAccessibleForFree'])[0]).toLowerCase();
    return isFree === 'false' ? true : isFree === 'true' ? false : undefined;
  }

  #isOfPaidTier(): boolean | undefined {
    const tier = metaOf(this.#claims, 'article:content_tier');
    return tier === undefined ? undefined : tier.toLowerCase() !== 'free';
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
    const sources = [...linked, named].flatMap((source) => this.#absolute(source) ?? []);
    return [...new Set(sources)].slice(0, MAX_IMAGES).map((src) => ({ src }));
  }
}

const some = (list: readonly Author[]): Author[] | undefined => (list.length > 0 ? [...list] : undefined);

/** Key words, one each; undefined for none. */
function tagsIn(texts: readonly string[]): string[] | undefined {
  const tags = texts.flatMap((text) => text.split(/\s*[,;|]\s*/)).map(unescaped);
  const kept = [...new Set(tags)].filter((tag) => tag !== '' && tag.length <= MAX_TAG_CHARS);
  return kept.length > 0 ? kept : undefined;
}

/** BCP 47 with its usual capitals, without an encoding; undefined for what is no language tag. */
function languageTag(value: string | undefined): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[.@,;\s]|$)/i.exec(value?.trim() ?? '');
  if (!match) return undefined;
  const [, language = '', script, region] = match;
  const capitalized = script && `${script[0]?.toUpperCase()}${script.slice(1).toLowerCase()}`;
  return [language.toLowerCase(), capitalized, region?.toUpperCase()].filter(Boolean).join('-');
}

/** A day in the address such as `/2024/03/17/`. */
function dayInUrl(url: string): string | undefined {
  const match = /[/_-](20\d\d|19\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)/.exec(url);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}

/** All of a page's metadata but its titles. `authors` are what its data claims, `shown` what its blocks show. */
export const readMetadata = (
  claims: Claims,
  url: string,
  shown: Shown,
  authors: ClaimedAuthors,
  rules: Rules,
): Metadata => new MetadataReader(claims, url, rules).read(shown, authors, rules);
