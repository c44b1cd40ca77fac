/** Title, authors, times and the rest, each with where it was found: the page's data first, then the page itself. */
import type { Author, Image, Reading } from '../core/schema.ts';
import { linkedString, metaOf, unescaped, type Claims } from './claims.ts';
import { monthsOf, parseTime, readTime } from './dates.ts';
import { isObject, listOf, stringOf, typesOf, type LinkedObject } from './json-ld.ts';
import { nameWordsOf, namesIn } from './names.ts';
import { plain, type Rules } from './rules.ts';

type FoundIn = Reading['foundIn'];
export type Metadata = Omit<Reading, 'kind' | 'title' | 'titles' | 'lead' | 'blocks' | 'images'> & { images: Image[] };

/** What the page shows, where the cleaner found it among its blocks. */
export interface Shown {
  readonly bylines: readonly string[];
  readonly datelines: readonly string[];
}

const absolute = (href: string, base: string): string | undefined => {
  try {
    const url = new URL(href, base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
};

/** Collects the value of each field and where it came from. */
class Findings {
  readonly foundIn: FoundIn = {};
  /** The first value that is there. */
  pick<T>(field: string, ...candidates: readonly (readonly [FoundIn[string], T | undefined])[]): T | undefined {
    for (const [where, value] of candidates) {
      if (value === undefined || value === '') continue;
      this.foundIn[field] = where;
      return value;
    }
    return undefined;
  }
}

export function readMetadata(claims: Claims, url: string, shown: Shown, rules: Rules): Metadata {
  const found = new Findings();
  const months = monthsOf(rules);
  const time = (text: string | undefined) => (text === undefined ? undefined : parseTime(text, months));
  const firstTime = (texts: readonly (string | undefined)[]) => texts.map(time).find((t) => t !== undefined);
  const base = claims.links.find(({ rel }) => rel === 'canonical')?.href ?? url;
  const canonicalUrl = found.pick(
    'canonicalUrl',
    ['meta', absoluteLink(claims, 'canonical', url)],
    ['meta', absoluteOf(metaOf(claims, 'og:url'), url)],
  );
  const ampUrl = found.pick('ampUrl', ['meta', absoluteLink(claims, 'amphtml', url)]);
  const publishedAt = found.pick(
    'publishedAt',
    ['json-ld', time(linkedString(claims, 'datePublished'))],
    [
      'meta',
      firstTime(
        [
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
          'datepublished',
        ].map((name) => metaOf(claims, name)),
      ),
    ],
    ['microdata', time(metaOf(claims, 'itemprop:datepublished', 'itemprop:datecreated'))],
    ['page', firstTime(claims.times.map(({ datetime }) => datetime))],
    ['page', shown.datelines.map((line) => readTime(line, months)).find((t) => t !== undefined)],
    ['json-ld', time(linkedString(claims, 'dateCreated', 'uploadDate'))],
    ['url', timeInUrl(url)],
  );
  const modifiedAt = found.pick(
    'modifiedAt',
    ['json-ld', time(linkedString(claims, 'dateModified'))],
    [
      'meta',
      firstTime(
        [
          'article:modified_time',
          'og:updated_time',
          'og:article:modified_time',
          'last-modified',
          'datemodified',
          'dcterms.modified',
          'lastmod',
          'revised',
        ].map((name) => metaOf(claims, name)),
      ),
    ],
    ['microdata', time(metaOf(claims, 'itemprop:datemodified'))],
  );
  const section = found.pick(
    'section',
    ['json-ld', linkedString(claims, 'articleSection')],
    [
      'meta',
      metaOf(
        claims,
        'article:section',
        'og:article:section',
        'section',
        'category',
        'parsely-section',
        'cxenseparse:section',
      ),
    ],
    ['microdata', metaOf(claims, 'itemprop:articlesection')],
  );
  const siteName = found.pick(
    'siteName',
    ['meta', metaOf(claims, 'og:site_name', 'application-name', 'al:android:app_name')],
    ['json-ld', publisherName(claims)],
  );
  const publisherId = found.pick('publisherId', [
    'meta',
    metaOf(
      claims,
      'parsely-post-id',
      'cxenseparse:articleid',
      'article_id',
      'articleid',
      'article:id',
      'content-id',
      'contentid',
      'postid',
      'brightspot.contentid',
    ),
  ]);
  const paywalled = found.pick('paywalled', ['json-ld', isPaywalled(claims)], ['meta', tierOf(claims)]);
  const authors = readAuthors(claims, base, shown, found, rules, siteName);
  const tags = readTags(claims, found);
  return {
    authors,
    tags,
    language:
      found.pick(
        'language',
        ['page', languageTag(claims.language)],
        ['json-ld', languageTag(linkedString(claims, 'inLanguage'))],
        ['meta', languageTag(metaOf(claims, 'og:locale', 'content-language', 'dc.language', 'language'))],
      ) ?? 'und',
    directives: directivesOf(claims),
    images: readImages(claims, url),
    foundIn: found.foundIn,
    ...(canonicalUrl === undefined ? {} : { canonicalUrl }),
    ...(ampUrl === undefined ? {} : { ampUrl }),
    ...(publishedAt === undefined ? {} : { publishedAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    ...(section === undefined ? {} : { section }),
    ...(siteName === undefined ? {} : { siteName }),
    ...(publisherId === undefined ? {} : { publisherId }),
    ...(paywalled === undefined ? {} : { paywalled }),
  };
}

const absoluteOf = (href: string | undefined, base: string): string | undefined =>
  href === undefined ? undefined : absolute(href, base);
const absoluteLink = (claims: Claims, rel: string, base: string): string | undefined =>
  claims.links
    .filter((link) => link.rel.split(/\s+/).includes(rel) && link.href !== '')
    .map((link) => absolute(link.href, base))
    .find((href) => href !== undefined);

/** BCP 47 with its usual capitals, without an encoding; undefined for what is no language tag. */
function languageTag(value: string | undefined): string | undefined {
  const match = /^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[.@,;\s]|$)/i.exec(value?.trim() ?? '');
  if (!match) return undefined;
  const [, language = '', script, region] = match;
  return [
    language.toLowerCase(),
    script && script[0]?.toUpperCase() + script.slice(1).toLowerCase(),
    region?.toUpperCase(),
  ]
    .filter(Boolean)
    .join('-');
}

/** A day in the address such as `/2024/03/17/`. */
function timeInUrl(url: string): string | undefined {
  const match = /[/_-](20\d\d|19\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\.|$)/.exec(url);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : undefined;
}

const publisherName = (claims: Claims): string | undefined => {
  const publisher = listOf(claims.article?.['publisher'])[0];
  const name = isObject(publisher) ? stringOf(publisher['name']) : undefined;
  return name === undefined ? undefined : unescaped(name);
};

function isPaywalled(claims: Claims): boolean | undefined {
  const free = stringOf(claims.article?.['isAccessibleForFree']) ?? claims.article?.['isAccessibleForFree'];
  if (free === false || (typeof free === 'string' && /^false$/i.test(free))) return true;
  return free === true || (typeof free === 'string' && /^true$/i.test(free)) ? false : undefined;
}
const tierOf = (claims: Claims): boolean | undefined => {
  const tier = metaOf(claims, 'article:content_tier');
  return tier === undefined ? undefined : tier.toLowerCase() !== 'free';
};

const AUTHOR_TAGS = [
  'article:author',
  'author',
  'byl',
  'parsely-author',
  'sailthru.author',
  'dc.creator',
  'dcterms.creator',
  'article:author_name',
  'cxenseparse:author',
  'dable:author',
  'articleauthor',
  'twitter:data1',
];

/** Authors that the page's data names, JSON-LD before meta tags. */
export function claimedAuthors(
  claims: Claims,
  base: string,
  rules: Rules,
  siteName: string | undefined,
): { linked: Author[]; tagged: Author[] } {
  const words = nameWordsOf(rules.words);
  const isPerson = ({ name }: Author) => siteName === undefined || plain(name) !== plain(siteName);
  const linked = listOf(claims.article?.['author']).flatMap((value) => linkedAuthors(value, base, words, siteName));
  const tags = AUTHOR_TAGS.slice(
    0,
    claims.meta.get('twitter:label1')?.[0]?.match(/author|by|von|par|por/i) ? undefined : -1,
  );
  const tagged = tags
    .flatMap((name) => claims.meta.get(name) ?? [])
    .flatMap((text) => namesIn(unescaped(text), words).map((name) => ({ name })));
  return { linked: dedupe(linked).filter(isPerson), tagged: dedupe(tagged).filter(isPerson) };
}

function readAuthors(
  claims: Claims,
  base: string,
  shown: Shown,
  found: Findings,
  rules: Rules,
  siteName: string | undefined,
): Author[] {
  const words = nameWordsOf(rules.words);
  const { linked, tagged } = claimedAuthors(claims, base, rules, siteName);
  const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);
  const marked = claims.authors.flatMap(({ text, href }) =>
    namesIn(text, words).map((name) => withPage(name, href, base)),
  );
  const bylines = shown.bylines.flatMap((text) => namesIn(text, words)).map((name) => ({ name }));
  return (
    found.pick(
      'authors',
      ['json-ld', some(linked)],
      ['meta', some(tagged)],
      ['microdata', some(dedupe(marked))],
      ['page', some(dedupe(bylines))],
    ) ?? []
  );
}

const dedupe = (authors: readonly Author[]): Author[] =>
  authors.filter((author, i) => authors.findIndex((other) => plain(other.name) === plain(author.name)) === i);

function withPage(name: string, href: string | undefined, base: string): Author {
  const url = href === undefined ? undefined : absolute(href, base);
  return url === undefined ? { name } : { name, url };
}

function linkedAuthors(
  value: LinkedObject[string],
  base: string,
  words: ReturnType<typeof nameWordsOf>,
  siteName: string | undefined,
): Author[] {
  if (typeof value === 'string') return namesIn(unescaped(value), words).map((name) => ({ name }));
  if (!isObject(value)) return [];
  if (
    typesOf(value).some((type) => /organi[sz]ation$/i.test(type)) &&
    plain(stringOf(value['name']) ?? '') === plain(siteName ?? '')
  )
    return [];
  const url = stringOf(value['url']) ?? stringOf(value['sameAs']);
  const people = listOf(value['name']).flatMap((name) =>
    typeof name === 'string' ? namesIn(unescaped(name), words) : [],
  );
  return people.map((name) => withPage(name, people.length === 1 ? url : undefined, base));
}

function readTags(claims: Claims, found: Findings): string[] {
  const split = (texts: readonly string[]) => [
    ...new Set(
      texts
        .flatMap((text) => text.split(/\s*[,;|]\s*/))
        .map(unescaped)
        .filter((tag) => tag !== '' && tag.length <= 80),
    ),
  ];
  const some = (list: string[]) => (list.length > 0 ? list : undefined);
  const linked = listOf(claims.article?.['keywords']).flatMap((value) =>
    typeof value === 'string' ? [value] : isObject(value) ? [stringOf(value['name']) ?? ''] : [],
  );
  return (
    found.pick(
      'tags',
      ['json-ld', some(split(linked))],
      ['meta', some((claims.meta.get('article:tag') ?? []).map(unescaped))],
      ['meta', some(split(claims.meta.get('keywords') ?? claims.meta.get('news_keywords') ?? []))],
    ) ?? []
  );
}

const directivesOf = (claims: Claims): string[] =>
  [
    ...new Set(
      ['robots', 'googlebot', 'tdm-reservation', 'tdm-policy']
        .flatMap((name) =>
          (claims.meta.get(name) ?? []).flatMap((value) =>
            name.startsWith('tdm') ? [`${name}=${value}`] : value.toLowerCase().split(/[\s,]+/),
          ),
        )
        .filter(Boolean),
    ),
  ].toSorted();

/** The pictures a page names for itself; the blocks' own come from the cleaner. */
function readImages(claims: Claims, url: string): Image[] {
  const sources = [
    ...listOf(claims.article?.['image']).map((value) =>
      isObject(value) ? (stringOf(value['url']) ?? stringOf(value['contentUrl'])) : stringOf(value),
    ),
    metaOf(claims, 'og:image', 'twitter:image', 'og:image:url'),
  ];
  const images: Image[] = [];
  for (const source of sources) {
    const src = absoluteOf(source, url);
    if (src !== undefined && !images.some((image) => image.src === src)) images.push({ src });
  }
  return images.slice(0, 20);
}
