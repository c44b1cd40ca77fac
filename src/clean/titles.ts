/** What a page calls itself: in its h1, its title element, its data for other sites; each with and without the site's name. */
import type { ChildNode, Element } from 'domhandler';
import { linkedString, metaOf, unescaped, type Claims } from './claims.ts';
import { stringOf, typesOf } from './json-ld.ts';
import { likeness, squeeze } from './measure-text.ts';
import { isElement } from './nodes.ts';
import { plain } from './rules.ts';
import { textOf } from './table.ts';

export interface Titles {
  readonly h1?: string;
  readonly html?: string;
  readonly og?: string;
  readonly jsonLd?: string;
}

const SEPARATOR = /\s+[|–—\-:·•»«›/\\]+\s+|\s*[|｜ㅣ︱]\s*|\s*-{2,}\s*|\s*_\s*(?=[^_]+$)|\s+::\s+/u;
const EDGES = /^[\s|–—\-:·•»«›/\\｜ㅣ︱_]+|[\s|–—\-:·•»«›/\\｜ㅣ︱_]+$/gu;
const MAX_SITE_CHARS = 45;
export const MAX_TITLE_CHARS = 400;
const MAX_H1 = 8;

/** Letters and digits alone, in lower case: names are compared however they are spaced and dotted. */
const letters = (text: string): string => plain(text).replace(/[^\p{L}\p{N}]+/gu, '');

/** Names that a site goes by: what it declares, who publishes it, and its host. */
export class SiteNames {
  readonly #keys: readonly string[];

  constructor(names: readonly (string | undefined)[], url: string) {
    const host = URL.canParse(url) ? new URL(url).hostname.replace(/^www\d?\./, '') : '';
    const labels = host.split('.');
    // The label before the public suffix, which may have two parts: `bbc` of `bbc.co.uk`.
    const own = labels.length > 2 && (labels.at(-2) ?? '').length <= 3 ? labels.at(-3) : labels.at(-2);
    this.#keys = [...names, host, own]
      .map((name) => letters(name ?? ''))
      .filter((key, i, all) => key.length > 1 && all.indexOf(key) === i);
  }

  /** Whether `part` of a title is one of the names, or one of them with a little more: "Mirror Online", "News from Mirror". */
  has(part: string): boolean {
    const key = letters(part);
    if (key.length < 2) return false;
    const words = plain(part).split(/[^\p{L}\p{N}]+/u);
    return this.#keys.some(
      (name) =>
        name === key ||
        (words.length <= 4 && (words[0] === name || words.at(-1) === name)) ||
        (name.length >= 4 && key.length <= name.length * 3 && key.includes(name)) ||
        (key.length >= 4 && name.includes(key)),
    );
  }

  /** Whether a name is the publisher's own: one of the names, or one with a word or two round it. Part of one is somebody's. */
  publish(name: string): boolean {
    const key = letters(name);
    const words = plain(name).split(/[^\p{L}\p{N}]+/u);
    return this.#keys.some(
      (own) =>
        own === key ||
        (words.length <= 4 && (words[0] === own || words.at(-1) === own)) ||
        (own.length >= 6 && key.includes(own)),
    );
  }

  is(text: string): boolean {
    return this.#keys.includes(letters(text));
  }
}

/** A title with what was cut off it. */
export interface BareTitle {
  readonly text: string;
  /** `site`: the site's name went; `guess`: something short behind a separator went. */
  readonly cut: 'nothing' | 'site' | 'guess';
}

const cutEnd = (text: string, part: string): string => text.slice(0, text.lastIndexOf(part)).replace(EDGES, '');
const cutStart = (text: string, part: string): string =>
  text.slice(text.indexOf(part) + part.length).replace(EDGES, '');

/** A title as it is, then without the site's name at either end, then without what else is short at its end. */
function bareForms(title: string, sites: SiteNames): BareTitle[] {
  const forms: BareTitle[] = [{ text: title, cut: 'nothing' }];
  let text = title;
  for (let left = 6; left > 0; left--) {
    const parts = text.split(SEPARATOR).filter((part) => part !== '');
    if (parts.length < 2) break;
    const last = parts.at(-1) as string;
    const first = parts[0] as string;
    const without = sites.has(last) ? cutEnd(text, last) : sites.has(first) ? cutStart(text, first) : '';
    if (without === '') break;
    text = without;
    forms.push({ text, cut: 'site' });
  }
  for (let left = 3; left > 0; left--) {
    const parts = text.split(SEPARATOR).filter((part) => part !== '');
    const last = parts.at(-1) as string;
    if (parts.length < 2 || last.length >= MAX_SITE_CHARS || text.length - last.length <= last.length * 1.2) break;
    text = cutEnd(text, last);
    if (text === '') break;
    forms.push({ text, cut: 'guess' });
  }
  return forms;
}

/** The title without the site's name, section or slogan at its end or start. */
export function withoutSite(title: string, siteName: string | undefined): string {
  const forms = bareForms(title, new SiteNames([siteName], ''));
  return (forms.at(-1) as BareTitle).text;
}

export function gatherTitles(claims: Claims): Titles {
  const og = metaOf(claims, 'og:title', 'twitter:title');
  const jsonLd = linkedString(claims, 'headline');
  const others = [og, jsonLd, claims.htmlTitle].filter((t): t is string => t !== undefined && t !== '');
  let h1: string | undefined;
  let most = -1;
  for (const { text } of claims.headings) {
    if (text === '' || text.length > MAX_TITLE_CHARS) continue;
    const like = others.reduce((best, other) => Math.max(best, likeness(text, other)), 0);
    if (like > most) [h1, most] = [text, like];
  }
  return {
    ...(h1 === undefined ? {} : { h1 }),
    ...(claims.htmlTitle === '' ? {} : { html: claims.htmlTitle }),
    ...(og === undefined ? {} : { og: unescaped(og) }),
    ...(jsonLd === undefined ? {} : { jsonLd }),
  };
}

/** All titles without the site's name, each once. */
export function bareTitles(titles: Titles, siteName: string | undefined): string[] {
  const bare = [titles.h1, titles.jsonLd, titles.og, titles.html]
    .filter((t): t is string => t !== undefined)
    .map((t) => withoutSite(t, siteName));
  return [...new Set(bare)].filter((t) => t !== '');
}

/** The site's name: as the page declares it, else what every title ends or begins with behind a separator. */
export function siteNameOf(claims: Claims, titles: Titles): string | undefined {
  const declared = metaOf(claims, 'og:site_name', 'application-name');
  if (declared !== undefined) return declared;
  const parts = (titles.html ?? '').split(SEPARATOR);
  if (parts.length < 2) return undefined;
  const others = [titles.h1, titles.og, titles.jsonLd].filter((t): t is string => t !== undefined);
  const outer = [parts[parts.length - 1] as string, parts[0] as string].map((part) => part.trim());
  return outer.find(
    (part) => part.length > 1 && part.length <= MAX_SITE_CHARS && !others.some((other) => likeness(other, part) > 60),
  );
}

const TITLE_SOURCES = ['headline', 'h1', 'json', 'alternative', 'og', 'twitter', 'html', 'other'] as const;
export type TitleSource = (typeof TITLE_SOURCES)[number];

/** One thing that the page may be called. */
export interface TitleForm {
  readonly text: string;
  readonly source: TitleSource;
  readonly cut: BareTitle['cut'] | 'kicker';
}

/** All that a page may be called, and whether its data call it news: those are written by editors, other pages' for search engines. */
export interface CalledBy {
  readonly forms: readonly TitleForm[];
  readonly isNews: boolean;
}
const NEWS_TYPE = /(?:news|report)/i;

/** Everything the page may be called, the most trusted source first. `shown` is the headline found among its text. */
export function titleForms(claims: Claims, shown: string | undefined, sites: SiteNames): CalledBy {
  const forms: TitleForm[] = [];
  const add = (source: TitleSource, text: string | undefined, cut: TitleForm['cut'] = 'nothing') => {
    const squeezed = squeeze(text ?? '').trim();
    if (squeezed !== '' && squeezed.length <= MAX_TITLE_CHARS) forms.push({ source, text: squeezed, cut });
  };
  const claim = (source: TitleSource, text: string | undefined) => {
    if (text === undefined || text === '' || text.length > MAX_TITLE_CHARS) return;
    for (const form of bareForms(unescaped(text), sites)) add(source, form.text, form.cut);
  };
  if (shown !== undefined) for (const form of bareForms(shown, sites).slice(0, 2)) add('headline', form.text, form.cut);
  for (const { element, text } of claims.headings.slice(0, MAX_H1)) {
    add('h1', text);
    add('h1', withoutKicker(element), 'kicker');
  }
  claim('json', stringOf(claims.article?.['headline']));
  claim('alternative', stringOf(claims.article?.['alternativeHeadline']));
  claim('og', metaOf(claims, 'og:title'));
  claim('twitter', metaOf(claims, 'twitter:title'));
  for (const name of OTHER_TAGS) claim('other', metaOf(claims, name));
  claim('html', claims.htmlTitle);
  return {
    forms,
    isNews: claims.article !== undefined && typesOf(claims.article).some((type) => NEWS_TYPE.test(type)),
  };
}

const OTHER_TAGS = ['itemprop:headline', 'parsely-title', 'sailthru.title', 'dc.title', 'title', 'headline'];

const isShownNode = (node: ChildNode): boolean =>
  isElement(node) ? textOf(node).trim() !== '' : node.type === 'text' && node.data.trim() !== '';

/**
 * A heading without the element it begins with, which names the topic ("Interview", a place, a series); undefined where
 * it begins with none, or where a colon joins the two into one sentence.
 */
function withoutKicker(heading: Element): string | undefined {
  let element = heading;
  let shown = element.children.filter(isShownNode);
  for (let level = 0; level < 4 && shown.length === 1 && isElement(shown[0] as ChildNode); level++) {
    element = shown[0] as Element;
    shown = element.children.filter(isShownNode);
  }
  const [first, ...others] = shown;
  if (first === undefined || !isElement(first) || first.name === 'a' || others.length === 0) return undefined;
  const kicker = squeeze(textOf(first)).trim();
  const rest = squeeze(
    others.map((node) => (isElement(node) ? textOf(node) : (node as { data: string }).data)).join(' '),
  ).trim();
  return rest.length > 14 &&
    kicker.length < rest.length &&
    !/^\p{P}/u.test(rest.replace(/^["'„“”«»‘’‚¿¡([{「『]+/u, ''))
    ? rest
    : undefined;
}
