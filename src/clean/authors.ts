/** Who wrote the article: as the page's data says, else as its byline shows. */
import type { Author } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';
import { unescaped, type Claims } from './claims.ts';
import { isObject, listOf, stringOf, typesOf, type LinkedObject } from './json-ld.ts';
import { nameWordsOf, namesIn, type NameWords } from './names.ts';
import { plain, type Rules } from './rules.ts';

const TAGS = [
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
];

/** Authors that the page's data names. */
export interface ClaimedAuthors {
  readonly linked: readonly Author[];
  readonly tagged: readonly Author[];
  readonly marked: readonly Author[];
}

/** From JSON-LD, from meta tags, and from elements marked as naming an author. The site itself is no author. */
export function claimedAuthors(
  claims: Claims,
  url: string,
  rules: Rules,
  siteName: string | undefined,
): ClaimedAuthors {
  const words = nameWordsOf(rules.words);
  const isPerson = ({ name }: Author) => siteName === undefined || plain(name) !== plain(siteName);
  const linked = listOf(claims.article?.['author']).flatMap((value) => authorsOf(value, url, words, siteName));
  const tagged = TAGS.flatMap((name) => claims.meta.get(name) ?? []).flatMap((text) => authorsNamed(text, words));
  const marked = claims.authors.flatMap(({ text, href }) =>
    namesIn(text, words).map((name) => withPage(name, href, url)),
  );
  return { linked: once(linked).filter(isPerson), tagged: once(tagged).filter(isPerson), marked: once(marked) };
}

/** Authors that a byline shows. */
export const authorsShown = (bylines: readonly string[], rules: Rules): Author[] =>
  once(bylines.flatMap((text) => authorsNamed(text, nameWordsOf(rules.words))));

const authorsNamed = (text: string, words: NameWords): Author[] =>
  namesIn(unescaped(text), words).map((name) => ({ name }));

const once = (authors: readonly Author[]): Author[] =>
  authors.filter((author, i) => authors.findIndex((other) => plain(other.name) === plain(author.name)) === i);

function withPage(name: string, href: string | undefined, base: string): Author {
  if (href === undefined || !URL.canParse(href, base)) return { name };
  const page = new URL(href, base);
  return /^https?:$/.test(page.protocol) ? { name, url: hrefOf(page) } : { name };
}

function authorsOf(
  value: LinkedObject[string],
  base: string,
  words: NameWords,
  siteName: string | undefined,
): Author[] {
  if (typeof value === 'string') return authorsNamed(value, words);
  if (!isObject(value)) return [];
  const isOrganization = typesOf(value).some((type) => /organi[sz]ation$/i.test(type));
  if (isOrganization && plain(stringOf(value['name']) ?? '') === plain(siteName ?? '')) return [];
  const page = stringOf(value['url']) ?? stringOf(value['sameAs']);
  const names = listOf(value['name']).flatMap((name) =>
    typeof name === 'string' ? namesIn(unescaped(name), words) : [],
  );
  return names.map((name) => withPage(name, names.length === 1 ? page : undefined, base));
}
