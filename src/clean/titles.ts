/** What a page calls itself: in its h1, its title element, its data for other sites; and which of them is the headline. */
import { linkedString, metaOf, unescaped, type Claims } from './claims.ts';
import { likeness } from './measure-text.ts';
import { plain } from './rules.ts';

export interface Titles {
  readonly h1?: string;
  readonly html?: string;
  readonly og?: string;
  readonly jsonLd?: string;
}

const SEPARATOR = /\s+[|–—\-:·•»«/\\]+\s+|\s*[|｜]\s*|\s*_\s*(?=[^_]+$)|\s+::\s+/u;
const MAX_SITE_CHARS = 45;

/** The title without the site's name, section or slogan at its end or start. */
export function withoutSite(title: string, siteName: string | undefined): string {
  let text = title;
  const site = siteName === undefined ? '' : plain(siteName);
  for (;;) {
    const parts = text.split(SEPARATOR);
    if (parts.length < 2) return text;
    const last = parts[parts.length - 1] as string;
    const first = parts[0] as string;
    if (plain(last) === site || (last.length < MAX_SITE_CHARS && text.length - last.length > last.length * 1.2)) {
      text = text.slice(0, text.lastIndexOf(last)).replace(/[\s|–—\-:·•»«/\\｜_]+$/u, '');
    } else if (plain(first) === site) {
      text = text.slice(first.length).replace(/^[\s|–—\-:·•»«/\\｜_]+/u, '');
    } else return text;
    if (text === '') return title;
  }
}

export function gatherTitles(claims: Claims): Titles {
  const og = metaOf(claims, 'og:title', 'twitter:title');
  const jsonLd = linkedString(claims, 'headline');
  const others = [og, jsonLd, claims.htmlTitle].filter((t): t is string => t !== undefined && t !== '');
  let h1: string | undefined;
  let most = -1;
  for (const { text } of claims.headings) {
    if (text === '' || text.length > 400) continue;
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

/** The headline: as shown where the page shows one that its data knows, else what its data says. */
export function chooseTitle(titles: Titles, shown: string | undefined, siteName: string | undefined): string {
  const { jsonLd, og, html } = titles;
  const claimed = [jsonLd, og, html].filter((t): t is string => t !== undefined).map((t) => withoutSite(t, siteName));
  const candidates = [shown, titles.h1].filter((t): t is string => t !== undefined && t !== '');
  for (const candidate of candidates) if (claimed.some((claim) => likeness(candidate, claim) >= 50)) return candidate;
  return claimed.find((t) => t !== '') ?? candidates[0] ?? '';
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
