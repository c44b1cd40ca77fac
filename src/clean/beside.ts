/** What of an article stands beside its body: captions and credits, byline and date, lead, corrections, boxes, embedded posts. */
import type { Label } from '../core/labels.ts';
import { isWithin, type Area } from './areas.ts';
import type { Judged } from './evidence.ts';
import { isStoryBox, STRONG } from './evidence.ts';
import { isTimeCode } from './furniture.ts';
import type { Verdict } from './judge.ts';
import { endsSentence, Wordings } from './measure-text.ts';
import type { Hit } from './rules.ts';

/** What is known of the page beside the judge's verdict. */
export interface PageFacts {
  /** What the page's meta tags say it is about; empty for nothing. */
  readonly description: string;
  /** Empty where unknown. */
  readonly siteName: string;
  /** Names of authors that the page's data gives. */
  readonly authors: readonly string[];
  readonly readsAsTime: (text: string) => boolean;
}

/** Labels that a part of the page keeps whatever stands in it. */
export const BINDING: ReadonlySet<Label> = new Set<Label>([
  'related',
  'most-read',
  'newsfeed',
  'comments',
  'navigation',
  'footer',
  'newsletter',
  'consent',
  'ad',
  'author-bio',
  'login',
  'chat',
  'paywall',
  'promo',
  'subscribe',
  'share',
]);
/** How far around its prose an article may have captions, bylines and dates, in pieces. */
const REACH = 14;
const NEAR = 4;
const MAX_LINE_CHARS = 300;
/** A part of the page longer than this is no caption or byline as a whole. */
const MAX_PART_CHARS = 600;

/** Per cent of words in common with the page's description. */
const LEAD_LIKENESS = 76;

export class Beside {
  readonly #verdict: Verdict;
  readonly #facts: PageFacts;
  readonly #sections: ReadonlyMap<Area, Hit>;
  /** First and last piece of what the article is told by: its prose, or its headline where there is none. */
  readonly #first: number;
  readonly #last: number;
  readonly #description: Wordings;
  #proseBehind: Int32Array | undefined;

  /** `sections` are the lists whose headings say what they are. */
  constructor(verdict: Verdict, facts: PageFacts, sections: ReadonlyMap<Area, Hit>) {
    this.#verdict = verdict;
    this.#facts = facts;
    this.#sections = sections;
    this.#description = new Wordings([facts.description]);
    const anchor = verdict.headline?.piece.index ?? -1;
    this.#first = verdict.first >= 0 ? verdict.first : anchor;
    this.#last = verdict.first >= 0 ? verdict.last : anchor;
  }

  /** What a piece outside the body is of the article; undefined for nothing. */
  of(judged: Judged): Hit | undefined {
    const { piece, area, says } = judged;
    const { headline, container } = this.#verdict;
    if (this.#first < 0 || this.isBeyondEnd(judged)) return undefined;
    const start = headline && headline.piece.index <= this.#first ? headline.piece.index : this.#first;
    const isFar = piece.index < start - REACH || (piece.index > this.#last + REACH && !elementNear(area, 'figure', 5));
    if (isFar) return undefined;
    const isNear = piece.index >= start - NEAR && piece.index <= this.#last + NEAR;
    const correction = says.find(({ label }) => label === 'correction');
    if (correction && isNear) return correction;
    if (this.#isBound(area)) return undefined;
    const isBefore = piece.index < this.#first || this.#verdict.first < 0;
    if (isNear && isBefore && this.isLead(judged)) return { label: 'lead', rule: 'lead/before-body', weight: 50 };
    const isInside = container !== null && piece.index >= this.#first - 1 && piece.index <= this.#last;
    const part = isInside ? (hitBelow(area, container, 'fact-box') ?? hitBelow(area, container, 'embed')) : undefined;
    return this.#ofPicture(judged, isNear) ?? part ?? (isNear ? this.#ofHead(judged) : undefined);
  }

  /** Whether a piece belongs to what begins after the article in the same part of the page. */
  isBeyondEnd({ piece, area }: Judged): boolean {
    const { end, container } = this.#verdict;
    return end >= 0 && piece.index >= end && container !== null && isWithin(area, container);
  }

  /** Index of the first prose behind a piece; -1 for none. Looked up, since a thousand pieces may all be like the description. */
  #nextProse(index: number): number {
    this.#proseBehind ??= proseBehind(this.#verdict.judged);
    return this.#proseBehind[index] as number;
  }

  /** A lead stands before the body, and is named so or is what the page's description says. */
  isLead({ piece, area }: Judged): boolean {
    const { headline, judged } = this.#verdict;
    if (piece.chars < 25 || piece.chars > 900 || piece.index > this.#first + 1) return false;
    if (headline && piece.index < headline.piece.index) return false;
    if (elementNear(area, 'figcaption', 3) ?? elementNear(area, 'figure', 4)) return false;
    if (hitNear(area, 'lead', 3, piece.chars + 200)) return true;
    if (this.#description.likeness(piece.text, LEAD_LIKENESS) === 0) return false;
    const next = judged[this.#nextProse(piece.index)];
    return next !== undefined && next.area.parent !== area.parent;
  }

  /** A short line of the body straight below a picture, with a credit in it or set apart, is its caption whatever its markup. */
  isLooseCaption({ piece, area, says, isProse }: Judged): boolean {
    if (piece.chars > 250 || !piece.media.some(({ kind }) => kind === 'image')) return false;
    if (!isProse && area.parent !== this.#verdict.container && isWithPicture(piece, area)) return true;
    if (piece.index <= this.#verdict.first) return false;
    const isCentred = [area, area.parent].some((a) =>
      /text-align\s*:\s*center/i.test(a?.element.attribs['style'] ?? ''),
    );
    return isCentred || piece.text.includes('©') || says.some(({ label }) => label === 'credit');
  }

  #ofPicture({ piece, area, says, held }: Judged, isNear: boolean): Hit | undefined {
    if (isTimeCode(piece.text)) return undefined;
    const inFigure = elementNear(area, 'figure', 5) ?? elementNear(area, 'figcaption', 4);
    if (!isNear && !(inFigure && this.#isInMain(area))) return undefined;
    const source = labelled(says, 'credit');
    // Below the text a sign of copyright is the agency's, not a photographer's.
    if (piece.index > this.#last && !inFigure) return /^\P{L}{0,3}[©ⓒ]/u.test(piece.text) ? undefined : source;
    const sign: Hit | undefined = /^\P{L}{0,3}©/u.test(piece.text)
      ? { label: 'credit', rule: 'credit/sign', weight: 60 }
      : undefined;
    const credit = source ?? labelled(held, 'credit') ?? hitNear(area, 'credit', 2) ?? sign;
    if (credit && piece.chars < 200) return credit;
    const caption = hitNear(area, 'caption', 3);
    if (caption) return caption;
    const isBelowHeadline = !this.#verdict.headline || piece.index > this.#verdict.headline.piece.index;
    if (isBelowHeadline && isWithPicture(piece, area))
      return { label: 'caption', rule: 'caption/with-picture', weight: 50 };
    const isOfFigure = inFigure && piece.linkChars * 2 < piece.chars + 1;
    return isOfFigure ? { label: 'caption', rule: 'caption/figure', weight: 60 } : undefined;
  }

  /** Byline and date, in the head of the article or at its end. */
  #ofHead({ piece, area, says, held }: Judged): Hit | undefined {
    const { text, chars } = piece;
    if (chars > MAX_LINE_CHARS || isTimeCode(text) || (endsSentence(text) && chars > 120)) return undefined;
    const isAuthor =
      chars < 120 && this.#facts.authors.some((name) => text.includes(name) && text.length < name.length + 60);
    if (isAuthor) return { label: 'byline', rule: 'byline/known-author', weight: 70 };
    const isDated = /\p{N}/u.test(text);
    const time =
      hitNear(area, 'dateline', 2) ?? labelled(held, 'dateline') ?? labelled(says, 'dateline') ?? this.#plainTime(text);
    const byline = labelled(says, 'byline') ?? labelled(held, 'byline') ?? hitNear(area, 'byline', 3);
    if (byline && (!time || !isDated || byline.weight >= time.weight)) return byline;
    return time && isDated ? time : undefined;
  }

  #plainTime(text: string): Hit | undefined {
    const isTime = text.length <= 70 && /\p{N}/u.test(text) && this.#facts.readsAsTime(text);
    return isTime ? { label: 'dateline', rule: 'dateline/reads-as-time', weight: 50 } : undefined;
  }

  /** Whether an area lies in the article or main element that also holds the headline or the body. */
  #isInMain(area: Area): boolean {
    const { headline, container } = this.#verdict;
    for (let outer: Area | null = area; outer; outer = outer.parent) {
      if (!/^(?:article|main)$/.test(outer.element.name)) continue;
      return (
        (container !== null && isWithin(container, outer)) || (headline !== undefined && isWithin(headline.area, outer))
      );
    }
    return false;
  }

  /** Whether a part of the page around it keeps it from the article. */
  #isBound(area: Area): boolean {
    const { container, headline } = this.#verdict;
    const isEmbed = container !== null && hitBelow(area, container, 'embed') !== undefined;
    for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
      if ((container && isWithin(container, outer)) || (headline && isWithin(headline.area, outer))) return false;
      const isNamed = outer.hits.some(({ label, weight }) => BINDING.has(label) && weight >= STRONG);
      if (isNamed || this.#sections.has(outer) || (!isEmbed && isStoryBox(outer, this.#verdict.judged))) return true;
    }
    return false;
  }
}

function proseBehind(judged: readonly Judged[]): Int32Array {
  const behind = new Int32Array(judged.length);
  let next = -1;
  for (let i = judged.length - 1; i >= 0; i--) {
    behind[i] = next;
    if ((judged[i] as Judged).isProse) next = i;
  }
  return behind;
}

const labelled = (hits: readonly Hit[], label: Label): Hit | undefined => hits.find((hit) => hit.label === label);

/** Whether a line and the picture straight before it have a small part of the page to themselves. */
const isWithPicture = ({ media, chars, linkChars }: Judged['piece'], { parent }: Area): boolean =>
  media.some(({ kind }) => kind === 'image') &&
  chars >= 8 &&
  linkChars === 0 &&
  parent !== null &&
  parent.chars <= MAX_LINE_CHARS &&
  parent.element.name !== 'body';

function hitNear(area: Area, label: Label, levels: number, maxChars = MAX_PART_CHARS): Hit | undefined {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++) {
    const hit = labelled(outer.hits, label);
    if (hit && outer.chars < maxChars) return hit;
  }
  return undefined;
}

function hitBelow(area: Area, container: Area, label: Label): Hit | undefined {
  for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
    const hit = labelled(outer.hits, label);
    if (hit) return hit;
  }
  return undefined;
}

function elementNear(area: Area, name: string, levels: number): Area | undefined {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++) {
    if (outer.element.name === name) return outer;
  }
  return undefined;
}
