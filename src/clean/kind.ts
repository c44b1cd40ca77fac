/** What a page is as a whole: news, a list of it, or a wall before it. */
import type { PageKind } from '../core/labels.ts';
import { metaOf, type Claims } from './claims.ts';
import { typesOf } from './json-ld.ts';
import type { Labelled } from './label.ts';
import { plain, type Rules } from './rules.ts';
import { withoutSite } from './titles.ts';

const FEW_CHARS = 700;
const ENOUGH_CHARS = 250;
/** A front page's longest teaser, and how many stories it lists at least. */
const MAX_LIST_BODY = 160;
const MIN_STORIES = 5;
const MAX_TEASER_CHARS = 1_800;

/** Whether one of the texts is, for the most part, a phrase of the list: a headline about an error page is longer. */
const says = (rules: Rules, list: string, texts: readonly string[]): boolean =>
  (rules.words[list] ?? [])
    .map(plain)
    .some((phrase) => texts.some((text) => text.includes(phrase) && phrase.length * 3 >= text.length));

const mentions = (rules: Rules, list: string, text: string | undefined): boolean =>
  text !== undefined && (rules.words[list] ?? []).some((phrase) => text.includes(plain(phrase)));

export function kindOf(labelled: readonly Labelled[], claims: Claims, title: string, rules: Rules): PageKind {
  if (labelled.length === 0) return 'empty';
  const count = { all: 0, body: 0, links: 0, wall: 0, consent: 0, login: 0, stories: 0 };
  for (const { judged, label, role } of labelled) {
    const { chars, linkChars } = judged.piece;
    count.all += chars;
    count.links += linkChars;
    if (label === 'related' || (label === 'heading' && linkChars > 0))
      count.stories += judged.piece.links.length > 0 ? 1 : 0;
    if (role === 'article' && /^(?:paragraph|quote|list|table)$/.test(label)) count.body += chars;
    if (label === 'paywall') count.wall += chars;
    if (label === 'consent') count.consent += chars;
    if (label === 'login') count.login += chars;
  }
  const firstHeading = claims.headings[0]?.text ?? '';
  const siteless = withoutSite(claims.htmlTitle, undefined);
  const names = [title, siteless, claims.htmlTitle, firstHeading].map(plain).filter((name) => name !== '');
  const isShort = count.body < FEW_CHARS;
  if (isShort && says(rules, 'botCheck', names)) return 'bot-check';
  if (isShort && (says(rules, 'notFound', names) || /^(?:error )?40[34]\b/.test(names[0] ?? ''))) return 'soft-404';
  if (count.body < ENOUGH_CHARS && claims.hasPassword && (says(rules, 'loginTitles', names) || count.all < 1500))
    return 'login';
  const asksConsent =
    count.consent > 0 || labelled.some(({ judged }) => judged.says.some(({ label }) => label === 'consent'));
  if (count.body < ENOUGH_CHARS && count.consent * 2 > count.all) return 'consent';
  if (count.body < MAX_TEASER_CHARS && asksConsent && says(rules, 'consentTitles', names)) return 'consent';
  if (isWalled(labelled, count.body, claims)) return 'paywall';
  return newsKind(count, claims, names, rules);
}

/** Whether a paywall ends the text: its prompt stands below what little there is, and is not a sleeping box in a whole article. */
function isWalled(labelled: readonly Labelled[], bodyChars: number, claims: Claims): boolean {
  if (bodyChars > MAX_TEASER_CHARS) return false;
  const lastBody = labelled.findLastIndex(({ label, role }) => role === 'article' && label === 'paragraph');
  const prompts = labelled
    .slice(lastBody + 1)
    .filter(({ label, judged }) => label === 'paywall' && !judged.piece.isHidden);
  const isSaid = prompts.some(({ judged }) => judged.says.some(({ label }) => label === 'paywall'));
  const isClaimed = /^false$/i.test(String(claims.article?.['isAccessibleForFree'] ?? ''));
  return prompts.length > 0 && (isSaid || isClaimed);
}

function newsKind(
  count: { body: number; links: number; stories: number },
  claims: Claims,
  names: readonly string[],
  rules: Rules,
): PageKind {
  const types = claims.objects.flatMap(typesOf);
  const ogType = metaOf(claims, 'og:type')?.toLowerCase() ?? '';
  if (types.includes('LiveBlogPosting') || (count.body > ENOUGH_CHARS && mentions(rules, 'liveWords', names[0])))
    return 'live-blog';
  const isArticle = claims.article !== undefined || ogType.startsWith('article');
  if (
    count.body < FEW_CHARS &&
    (ogType.startsWith('video') ||
      (types.includes('VideoObject') && !isArticle) ||
      mentions(rules, 'videoWords', names[0]))
  )
    return 'video';
  if (count.body < FEW_CHARS && (types.includes('ImageGallery') || mentions(rules, 'galleryWords', names[0])))
    return 'gallery';
  if (count.body >= ENOUGH_CHARS && count.body * 6 > count.links) return 'article';
  if (isArticle && count.body > 60) return 'article';
  const isDated = metaOf(claims, 'article:published_time', 'itemprop:datepublished') !== undefined;
  if (!isArticle && !isDated && count.body < MAX_LIST_BODY && count.stories >= MIN_STORIES) return 'listing';
  return count.body >= ENOUGH_CHARS ? 'article' : 'other';
}
