/** What a page is as a whole: news, a list of it, or a wall before it; and why. */
import type { Document } from 'domhandler';
import type { PageKind } from '../core/labels.ts';
import type { KindRule } from '../core/rules.ts';
import type { Reason } from '../core/schema.ts';
import { namesFrontPage } from '../core/url.ts';
import { metaOf, type Claims } from './claims.ts';
import { typesOf } from './json-ld.ts';
import { wallOf, type KindSigns, signsOf } from './kind-signs.ts';
import { hasMarkup, mentions, MOST, PART, says } from './kind-words.ts';
import type { Labelled } from './label.ts';
import { endsSentence } from './measure-text.ts';
import { plain, type Rules } from './rules.ts';
import { withoutSite } from './titles.ts';

export interface Kind {
  readonly kind: PageKind;
  /** The rules that spoke, for it and against it. */
  readonly reasons: readonly Reason[];
}
export interface PageAtHand {
  readonly labelled: readonly Labelled[];
  readonly claims: Claims;
  readonly title: string;
  readonly url: string;
  readonly document: Document;
}

const CODE = (codes: string): RegExp =>
  new RegExp(
    `^(?:http |https? |error |status |fehler |erreur |código |ошибка )*(?:${codes})\\b|\\b(?:error|fehler|erreur|ошибка)[ -](?:${codes})$`,
    'u',
  );
const SERVER_CODES = CODE('5[0-2]\\d');
const REFUSAL_CODES = CODE('401|403|429|451');
const NOT_FOUND_CODES = CODE('404|410');
/** Longer titles that begin with a number are headlines: "404 people lived here". */
const MAX_CODE_TITLE_CHARS = 40;
const MAX_SENTENCE_BODY = 300;
const FEW_WORDS_CHARS = 1_500;
const MIN_TEXT = 60;
const MIN_BOXES = 5;
const MIN_STORIES = 10;
const MIN_CAPTIONS = 6;
const MAX_LOADER_CHARS = 400;
/** Lines of a trace look like those of no language. */
const TRACE_LINE =
  /(?:^|\s)(?:at [\w$.<>]+ ?\(|#\d+ \S+\(\d+\)|File "[^"]+", line \d+|in \S+\.\w{2,4}(?: on line |:)\d+)/;
const GALLERY_TYPES = ['ImageGallery', 'MediaGallery'];

/** A page as the rules look at it. */
class KindFacts {
  readonly #page: PageAtHand;
  readonly #rules: Rules;
  readonly #signs: KindSigns;
  readonly #titles: readonly string[];
  /** The titles, and the one that holds the name of the site. */
  readonly #names: readonly string[];
  readonly #isStory: boolean;
  readonly #ogType: string;

  constructor(page: PageAtHand, rules: Rules) {
    const { claims, title } = page;
    this.#page = page;
    this.#rules = rules;
    this.#signs = signsOf(page.labelled, claims);
    const titles = [title, withoutSite(claims.htmlTitle, undefined), claims.headings[0]?.text ?? ''];
    this.#titles = titles.map(plain).filter((name) => name !== '');
    this.#names = claims.htmlTitle === '' ? this.#titles : [...this.#titles, plain(claims.htmlTitle)];
    this.#ogType = metaOf(claims, 'og:type')?.toLowerCase() ?? '';
    const isDated =
      metaOf(claims, 'article:published_time', 'itemprop:datepublished') !== undefined ||
      claims.article?.['datePublished'] !== undefined;
    this.#isStory =
      isDated && !this.#signs.isList && (claims.article !== undefined || this.#ogType.startsWith('article'));
  }

  /** Whether what the rule describes is so on this page. */
  holds(rule: KindRule, kind: PageKind): boolean {
    const { body, run } = this.#signs;
    const { little, much } = this.#rules.kinds;
    switch (rule.id) {
      case 'kind/short-text':
        return body < (little[kind] ?? 0);
      case 'kind/much-prose':
        return this.#proseFor(kind) >= (much[kind] ?? Infinity);
      case 'kind/story-claims':
        return this.#isStory;
      case 'kind/no-text':
        return this.#page.labelled.length === 0;
      case 'kind/prose':
        return body >= (little['article'] ?? 0);
      case 'kind/some-text':
        return body > MIN_TEXT;
      case 'kind/story-boxes':
        return this.#signs.boxes >= MIN_BOXES && this.#signs.storyChars > run;
      case 'kind/story-links':
        return this.#signs.stories >= MIN_STORIES && this.#signs.storyChars > run;
      default:
        return rule.id.endsWith('-title') ? this.#holdsOfTitle(rule) : this.#holdsOfRest(rule);
    }
  }

  /** A long text that the judge did not take for the article is one all the same; but not under a paywall. */
  #proseFor(kind: PageKind): number {
    const { body, run } = this.#signs;
    if (kind === 'listing') return run;
    return /^(?:paywall|video|gallery|consent)$/.test(kind) ? body : Math.max(body, run);
  }

  #holdsOfTitle(rule: KindRule): boolean {
    // The name of the site may say "live" or "video", too.
    const isMentioned = (): boolean => this.#titles.some((title) => mentions(this.#rules, rule, title));
    const isCode = (codes: RegExp): boolean =>
      this.#names.some((name) => name.length <= MAX_CODE_TITLE_CHARS && codes.test(name));
    switch (rule.id) {
      case 'kind/error-code-title':
        return isCode(SERVER_CODES);
      case 'kind/refusal-code-title':
        return isCode(REFUSAL_CODES);
      case 'kind/not-found-code-title':
        return isCode(NOT_FOUND_CODES);
      case 'kind/live-title':
        return this.#signs.body > (this.#rules.kinds.little['live-blog'] ?? 0) && isMentioned();
      case 'kind/video-title':
      case 'kind/gallery-title':
        return isMentioned();
      case 'kind/consent-title':
        return this.#signs.asksConsent && says(this.#rules, rule, this.#names, MOST);
      default:
        return says(this.#rules, rule, this.#names, MOST);
    }
  }

  #holdsOfRest(rule: KindRule): boolean {
    const signs = this.#signs;
    switch (rule.id) {
      case 'kind/error-sentence':
      case 'kind/not-found-sentence':
      case 'kind/challenge-sentence':
        return this.#hasNothingElse() && says(this.#rules, rule, signs.sentences, PART);
      case 'kind/only-loader':
        return (
          signs.all < MAX_LOADER_CHARS &&
          signs.run < MIN_TEXT &&
          signs.stories === 0 &&
          says(this.#rules, rule, signs.texts, PART)
        );
      case 'kind/stack-trace':
        return (
          signs.texts.some((text) => mentions(this.#rules, rule, text)) &&
          this.#page.labelled.some(({ judged }) => TRACE_LINE.test(judged.piece.text))
        );
      case 'kind/challenge-markup':
      case 'kind/captcha-field':
        return this.#hasNothingElse() && signs.all < FEW_WORDS_CHARS && hasMarkup(this.#page.document, rule);
      case 'kind/password-field':
        return this.#page.claims.hasPassword;
      case 'kind/few-words':
        return signs.all < FEW_WORDS_CHARS;
      case 'kind/consent-text':
        return signs.body < (this.#rules.kinds.little['consent'] ?? 0) && signs.consent * 2 > signs.all;
      case 'kind/consent-said':
        return signs.asksConsent;
      default:
        return rule.id.startsWith('kind/paywall') || /free|breaks/.test(rule.id)
          ? this.#holdsOfWall(rule)
          : this.#holdsOfNews(rule);
    }
  }

  #holdsOfWall({ id }: KindRule): boolean {
    const wall = wallOf(this.#page.labelled);
    const claim = String(this.#page.claims.article?.['isAccessibleForFree'] ?? '');
    if (id === 'kind/paywall-below-text') return wall.isBelow;
    if (id === 'kind/paywall-said') return wall.isSaid;
    if (id === 'kind/not-free-data') return /^false$/i.test(claim);
    if (id === 'kind/free-data') return /^true$/i.test(claim);
    return wall.last !== '' && (!endsSentence(wall.last) || /(?:…|\.\.\.)\W{0,3}$/u.test(wall.last));
  }

  #holdsOfNews({ id }: KindRule): boolean {
    const { types, isList, captions, captionChars, body } = this.#signs;
    const isArticle = this.#page.claims.article !== undefined || this.#ogType.startsWith('article');
    switch (id) {
      case 'kind/live-blog-data':
        return types.has('LiveBlogPosting');
      case 'kind/video-data':
        return (
          types.has('VideoObject') && !(isArticle && !typesOf(this.#page.claims.article ?? {}).includes('VideoObject'))
        );
      case 'kind/og-video':
        return this.#ogType.startsWith('video');
      case 'kind/gallery-data':
        return GALLERY_TYPES.some((type) => types.has(type));
      case 'kind/pictures':
        return captions >= MIN_CAPTIONS && captionChars > body;
      case 'kind/list-data':
        return isList;
      case 'kind/no-story-data':
        return !this.#isStory && !this.#ogType.startsWith('article');
      case 'kind/front-page':
        return URL.canParse(this.#page.url) && namesFrontPage(new URL(this.#page.url));
      case 'kind/article-data':
        return this.#page.claims.article !== undefined && !isList;
      case 'kind/og-article':
        return this.#ogType.startsWith('article');
      default:
        return false;
    }
  }

  /** Whether a single sentence may say what the page is: no claims, no prose. */
  #hasNothingElse(): boolean {
    return !this.#isStory && Math.max(this.#signs.body, this.#signs.run) < MAX_SENTENCE_BODY;
  }
}

/** The kind of a page: the first of `kinds.yaml` whose rules add up to enough. */
export function kindOf(page: PageAtHand, rules: Rules): Kind {
  const facts = new KindFacts(page, rules);
  for (const kind of rules.kinds.order) {
    const held = heldRules(facts, kind, rules);
    if (held) return { kind, reasons: held.map(({ id, weight }) => ({ rule: id, weight })) };
  }
  return { kind: 'other', reasons: reasonsNamed(rules, 'kind/no-sign') };
}

/**
 * The rules that hold for a kind, if they add up to enough. Those that search for words in many languages are asked last, and not
 * at all where even all of them together could not make up for the others.
 */
function heldRules(facts: KindFacts, kind: PageKind, { kinds }: Rules): KindRule[] | undefined {
  const own = kinds.kinds.filter((rule) => rule.kinds.includes(kind));
  const held = new Set<KindRule>();
  let sum = 0;
  let hope = own.reduce((all, { weight }) => all + Math.max(0, weight), 0);
  for (const rule of [...own.filter((one) => !isWordy(one)), ...own.filter(isWordy)]) {
    if (sum + hope < kinds.enough) return undefined;
    hope -= Math.max(0, rule.weight);
    if (!facts.holds(rule, kind)) continue;
    held.add(rule);
    sum += rule.weight;
  }
  return sum >= kinds.enough ? own.filter((rule) => held.has(rule)) : undefined;
}
const isWordy = ({ words, list }: KindRule): boolean => words !== undefined || list !== undefined;

/** The named rules as reasons. */
export const reasonsNamed = (rules: Rules, ...ids: readonly string[]): Reason[] =>
  rules.kinds.kinds.filter(({ id }) => ids.includes(id)).map(({ id, weight }) => ({ rule: id, weight }));
