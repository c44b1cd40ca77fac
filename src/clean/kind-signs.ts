/** What is counted of a labelled page before its kind is judged. Lengths are effective characters. */
import type { Label } from '../core/labels.ts';
import type { Claims } from './claims.ts';
import { typesOf } from './json-ld.ts';
import type { Labelled } from './label.ts';
import { HEADING, linkPercent } from './evidence.ts';
import { plain } from './rules.ts';

export interface KindSigns {
  /** All text, that of hidden parts too. */
  readonly all: number;
  /** Text of the article. */
  readonly body: number;
  /** The most prose that stands together without a linked headline in between, whatever it was labelled. */
  readonly run: number;
  readonly consent: number;
  readonly asksConsent: boolean;
  readonly captions: number;
  readonly captionChars: number;
  /** Headlines that link to stories elsewhere. */
  readonly stories: number;
  /** Of these, the ones set as headings or with a teaser or a time below. */
  readonly boxes: number;
  readonly storyChars: number;
  /** Types of all objects of the page's linked data. */
  readonly types: ReadonlySet<string>;
  /** The page's data begin with a list rather than with an article. */
  readonly isList: boolean;
  /** Short shown blocks of the page's middle, as compared: what a page without an article has to say. */
  readonly sentences: readonly string[];
  /** All short blocks, as compared. */
  readonly texts: readonly string[];
}

const LIST_TYPE = /(?:^|\/)(?:CollectionPage|ItemList|SearchResultsPage|Blog)$/;
const ARTICLE_TYPE = /(?:article|posting|review|report\w*)$/i;
/** Prose of these is other people's, or about the site. */
const NO_PROSE: ReadonlySet<Label> = new Set<Label>([
  'consent',
  'comments',
  'chat',
  'login',
  'newsletter',
  'paywall',
  'subscribe',
  'footer',
  'copyright',
  'hidden',
  'ad',
  'promo',
  'author-bio',
]);
/** Links of these lead to parts of the site or stand beside an article. */
const NO_STORY: ReadonlySet<Label> = new Set<Label>([
  'navigation',
  'site-header',
  'breadcrumb',
  'footer',
  'copyright',
  'tags',
  'share',
  'login',
  'subscribe',
  'consent',
  'comments',
  'most-read',
  'newsfeed',
  'ad',
  'ui',
]);
const MIN_STORY_CHARS = 20;
/** A time at least. */
const MIN_TEASER_CHARS = 5;
const STORY_LINK_PERCENT = 80;
const MAX_SENTENCE_CHARS = 220;
const MAX_SENTENCES = 40;
const BODY = /^(?:paragraph|quote|list|table)$/;
const ANSWERS = /^(?:paragraph|heading|headline|lead|other|ui|hidden|caption)$/;

const isStory = ({ judged: { piece }, label }: Labelled): boolean =>
  !NO_STORY.has(label) &&
  piece.links.length > 0 &&
  piece.chars >= MIN_STORY_CHARS &&
  linkPercent(piece) >= STORY_LINK_PERCENT;

const isBox = ({ judged: { piece } }: Labelled, next: Labelled | undefined): boolean =>
  HEADING.test(piece.element.name) ||
  (next !== undefined && !NO_STORY.has(next.label) && !isStory(next) && next.judged.piece.chars >= MIN_TEASER_CHARS);

export function signsOf(labelled: readonly Labelled[], claims: Claims): KindSigns {
  const count = {
    all: 0,
    body: 0,
    run: 0,
    consent: 0,
    captions: 0,
    captionChars: 0,
    stories: 0,
    boxes: 0,
    storyChars: 0,
  };
  let asksConsent = false;
  let run = 0;
  const texts: string[] = [];
  const sentences: string[] = [];
  for (const [i, one] of labelled.entries()) {
    const { judged, label, role } = one;
    const { piece } = judged;
    count.all += piece.chars;
    if (role === 'article' && BODY.test(label)) count.body += piece.chars;
    if (label === 'consent') count.consent += piece.chars;
    asksConsent ||= label === 'consent' || judged.says.some((hit) => hit.label === 'consent');
    if (label === 'caption') {
      count.captions++;
      count.captionChars += piece.chars;
    }
    if (isStory(one)) {
      count.stories++;
      if (isBox(one, labelled[i + 1])) count.boxes++;
      count.storyChars += piece.chars;
      run = 0;
    } else if (judged.isLong && !NO_PROSE.has(label)) count.run = Math.max(count.run, (run += piece.chars));
    if (piece.chars <= MAX_SENTENCE_CHARS && texts.length < MAX_SENTENCES) {
      const text = plain(piece.text);
      texts.push(text);
      if (!piece.isHidden && ANSWERS.test(label)) sentences.push(text);
    }
  }
  return { ...count, asksConsent, sentences, texts, ...typesIn(claims) };
}

function typesIn({ objects }: Claims): Pick<KindSigns, 'types' | 'isList'> {
  const types = objects.map(typesOf);
  const first = (pattern: RegExp): number => types.findIndex((names) => names.some((name) => pattern.test(name)));
  const [list, article] = [first(LIST_TYPE), first(ARTICLE_TYPE)];
  return { types: new Set(types.flat()), isList: list >= 0 && (article < 0 || list < article) };
}

export interface Wall {
  /** A wall that is shown stands below the last paragraph. */
  readonly isBelow: boolean;
  /** It says what it is. */
  readonly isSaid: boolean;
  /** The last paragraph. */
  readonly last: string;
}

/** The wall that ends the text; a sleeping box in a whole article is none. */
export function wallOf(labelled: readonly Labelled[]): Wall {
  const at = labelled.findLastIndex(({ label, role }) => role === 'article' && label === 'paragraph');
  const prompts = labelled.slice(at + 1).filter(({ label, judged }) => label === 'paywall' && !judged.piece.isHidden);
  return {
    isBelow: prompts.length > 0,
    isSaid: prompts.some(({ judged }) => judged.says.some(({ label }) => label === 'paywall')),
    last: labelled[at]?.judged.piece.text.trim() ?? '',
  };
}
