/** The closed lists of words that everything else is spelled with. */

/** What a block of the article is. */
export const ARTICLE_LABELS = [
  'headline',
  'lead',
  'byline',
  'dateline',
  'paragraph',
  'heading',
  'quote',
  'list',
  'table',
  'caption',
  'credit',
  'embed',
  'fact-box',
  'correction',
] as const;
export type ArticleLabel = (typeof ARTICLE_LABELS)[number];

/** What a block around the article is. */
export const BOILERPLATE_LABELS = [
  'site-header',
  'navigation',
  'breadcrumb',
  'subscribe',
  'newsletter',
  'promo',
  'share',
  'related',
  'newsfeed',
  'most-read',
  'tags',
  'author-bio',
  'comments',
  'login',
  'chat',
  'consent',
  'paywall',
  'ad',
  'reactions',
  'footer',
  'copyright',
  'ui',
  'hidden',
  'other',
] as const;
export type BoilerplateLabel = (typeof BOILERPLATE_LABELS)[number];

export const LABELS = [...ARTICLE_LABELS, ...BOILERPLATE_LABELS] as const;
export type Label = (typeof LABELS)[number];

/** Labels whose blocks make up the body, as `clean --jsonl` prints it in `text`. */
export const BODY_LABELS: ReadonlySet<Label> = new Set<Label>(['paragraph', 'heading', 'quote', 'list', 'table']);

/** What a page is as a whole. Everything from `login` on is not news and never replaces a version. */
export const PAGE_KINDS = [
  'article',
  'live-blog',
  'listing',
  'video',
  'gallery',
  'other',
  'login',
  'consent',
  'paywall',
  'bot-check',
  'soft-404',
  'error',
  'empty',
] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

/** What one look at a page came to. */
export const OUTCOMES = [
  'new',
  'changed',
  'unchanged',
  'not-modified',
  'variant',
  'gone',
  'soft-404',
  'walled',
  'robots',
  'error',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What of an article an edit touched. */
export const EDIT_KINDS = [
  'headline',
  'lead',
  'byline',
  'date',
  'paragraph-added',
  'paragraph-removed',
  'paragraph-moved',
  'paragraph-reworded',
  'caption',
  'image',
  'correction',
] as const;
export type EditKind = (typeof EDIT_KINDS)[number];

/** What was touched inside a reworded passage. */
export const WORDING_KINDS = ['quote', 'number', 'name', 'negation', 'punctuation', 'case', 'words'] as const;
export type WordingKind = (typeof WORDING_KINDS)[number];

/** Who made the difference: the publisher's text, their markup, our reading of the same bytes, or nobody. */
export const CAUSES = ['publisher', 'template', 'cleaner', 'none'] as const;
export type Cause = (typeof CAUSES)[number];
