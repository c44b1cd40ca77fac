/** Which links of a front page lead to its sections. */
import { articleLikelihood } from './article-likelihood.ts';
import type { ListingLink } from './listing.ts';
import type { Scope } from './scope.ts';

/**
 * What a rule that speaks so strongly against an article stands for: doors, law, subscriptions. They list none either;
 * those of categories do. */
const STRONG = -50;
const MAX_DEPTH = 2;
const MAX_TEXT_CHARS = 40;

/** Links that look like sections: short paths with short names that nothing says are doors or law. Named sections and menus first. */
export function sectionsOf(links: readonly ListingLink[], scope: Scope): ListingLink[] {
  const ranked = links.flatMap((link) => {
    const rank = rankOf(link, scope);
    return rank === null ? [] : [{ link, rank }];
  });
  return ranked.toSorted((a, b) => b.rank - a.rank).map(({ link }) => link);
}

/** The higher the likelier; null for none. */
function rankOf({ url, text, isInMenu, isNofollow }: ListingLink, scope: Scope): number | null {
  if (isNofollow || text === '' || text.length > MAX_TEXT_CHARS || !scope.admits(url).isAdmitted) return null;
  const { pathname, search } = new URL(url);
  const depth = pathname.split('/').filter(Boolean).length;
  if (depth === 0 || depth > MAX_DEPTH || search !== '') return null;
  const { isArticle, reasons } = articleLikelihood(url, { text });
  if (isArticle || reasons.some(({ rule, weight }) => weight <= STRONG && rule !== 'word/category')) return null;
  const isNamed = reasons.some(({ rule }) => rule === 'word/section' || rule === 'word/category');
  return (isNamed ? 4 : 0) + (isInMenu ? 2 : 0) + (depth === 1 ? 1 : 0);
}
