/** Names every piece: what it is of the article, or what it is of everything around it. */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin, type Area } from './areas.ts';
import { furnitureOf, type Surroundings } from './furniture.ts';
import type { Judged, Verdict } from './judge.ts';
import { endsSentence, likeness } from './measure-text.ts';
import type { Hit } from './rules.ts';

export interface Labelled {
  readonly judged: Judged;
  readonly role: 'article' | 'boilerplate';
  readonly label: Label;
  readonly confidence: number;
  readonly reasons: readonly { rule: string; weight: number }[];
}
/** What the labeller is told beside the judge's verdict. */
export interface PageFacts {
  /** What the page's meta tags say it is about; empty for nothing. */
  readonly description: string;
  /** Empty where unknown. */
  readonly siteName: string;
  /** Names of authors that the page's data gives. */
  readonly authors: readonly string[];
  readonly readsAsTime: (text: string) => boolean;
}

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
const HEADING = /^h[1-6]$/;
const STRONG = 45;
/** Labels that a part of the page keeps whatever stands in it. */
const BINDING: ReadonlySet<Label> = new Set<Label>([
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
const MAX_LINE_CHARS = 300;

const clamp = (n: number): number => Math.max(1, Math.min(99, n));

class Labeller {
  readonly #verdict: Verdict;
  readonly #facts: PageFacts;
  readonly #sections = new Map<Area, Hit>();
  readonly #around: Surroundings;
  /** First and last piece of what the article is told by: its prose, or its headline where there is none. */
  readonly #first: number;
  readonly #last: number;

  constructor(verdict: Verdict, facts: PageFacts) {
    this.#verdict = verdict;
    this.#facts = facts;
    const anchor = verdict.headline?.piece.index ?? -1;
    this.#first = verdict.first >= 0 ? verdict.first : anchor;
    this.#last = verdict.first >= 0 ? verdict.last : anchor;
    this.#readSectionHeadings();
    this.#around = { verdict, sections: this.#sections, siteName: facts.siteName };
  }

  label(): Labelled[] {
    const labelled = this.#verdict.judged.map((judged) => this.#one(judged));
    return labelled.map((one, i) => headingOfList(one, labelled[i + 1]));
  }

  /** "Most read" over a list says what the list is. */
  #readSectionHeadings(): void {
    const { judged, container } = this.#verdict;
    for (const { area, says, piece, isBody } of judged) {
      const hit = says.find(({ label, weight }) => BINDING.has(label) && weight >= 60);
      if (!hit || isBody || piece.chars > 60) continue;
      let section: Area = area;
      while (section.parent && section.first === section.last) section = section.parent;
      const holdsBody = container !== null && isWithin(container, section);
      if (!holdsBody && section.first >= piece.index - 1 && section.parent) this.#sections.set(section, hit);
    }
  }

  #one(judged: Judged): Labelled {
    if (judged === this.#verdict.headline) return made(judged, 'headline', [{ rule: 'headline/title', weight: 60 }]);
    if (judged.isBody) return this.#body(judged);
    const beside = this.#beside(judged);
    if (beside) return made(judged, beside.label, [{ rule: beside.rule, weight: beside.weight }]);
    const found = furnitureOf(judged, this.#around);
    const { endsWith } = this.#verdict;
    const isOpen = found.label === 'other' && endsWith !== undefined && this.#isBeyondEnd(judged);
    const { label, hits } = isOpen ? { label: endsWith, hits: [{ rule: `${endsWith}/below-article`, weight: 40 }] } : found;
    const against = judged.reasons.filter(({ weight }) => weight < 0);
    const reasons = [...hits.map(({ rule, weight }) => ({ rule, weight })), ...against];
    return made(judged, label, reasons.length > 0 ? reasons : [{ rule: 'other/outside-body', weight: 20 }]);
  }

  /** Whether a piece belongs to what begins after the article in the same part of the page. */
  #isBeyondEnd({ piece, area }: Judged): boolean {
    const { end, container } = this.#verdict;
    return end >= 0 && piece.index >= end && container !== null && isWithin(area, container);
  }

  #body(judged: Judged): Labelled {
    const { piece, area, says, reasons } = judged;
    const { name } = piece.element;
    if (says.some(({ label }) => label === 'correction')) return made(judged, 'correction', reasons);
    const caption = this.#looseCaption(judged);
    if (caption) return made(judged, 'caption', [...reasons, caption]);
    if (this.#isLead(judged)) return made(judged, 'lead', [...reasons, { rule: 'lead/before-body', weight: 30 }]);
    if (HEADING.test(name)) return made(judged, 'heading', reasons);
    if (piece.cells) return made(judged, 'table', reasons);
    for (
      let outer: Area | null = area, n = 0;
      outer && outer !== this.#verdict.container && n < 6;
      outer = outer.parent, n++
    ) {
      if (outer.element.name === 'blockquote') return made(judged, 'quote', reasons);
      // An entry of several paragraphs, as in a live blog, is prose; a list is a line an entry.
      if (/^(?:li|dd|dt)$/.test(outer.element.name))
        return made(judged, outer.first === outer.last ? 'list' : 'paragraph', reasons);
    }
    return made(judged, 'paragraph', reasons);
  }

  /** A short line straight below a picture, with a credit in it or set apart in the middle, is its caption whatever its markup. */
  #looseCaption({ piece, area, says }: Judged): { rule: string; weight: number } | undefined {
    if (piece.chars > 250 || !piece.media.some(({ kind }) => kind === 'image') || piece.index <= this.#verdict.first)
      return undefined;
    const isCentred = [area, area.parent].some((a) =>
      /text-align\s*:\s*center/i.test(a?.element.attribs['style'] ?? ''),
    );
    const isCredited = piece.runs.some(({ text }) => /©/.test(text)) || says.some(({ label }) => label === 'credit');
    return isCentred || isCredited ? { rule: 'caption/below-picture', weight: 50 } : undefined;
  }

  /** A lead stands before the body, and is named so or is what the page's description says. */
  #isLead({ piece, area }: Judged): boolean {
    const { headline, judged } = this.#verdict;
    if (piece.chars < 25 || piece.chars > 900 || piece.index > this.#first + 1) return false;
    if (headline && piece.index < headline.piece.index) return false;
    if (hitNear(area, 'lead', 3, piece.chars + 200)) return true;
    const { description } = this.#facts;
    const isDescribed = description !== '' && likeness(piece.text, description) > 75;
    const next = judged.slice(piece.index + 1).find(({ isProse }) => isProse);
    return isDescribed && next !== undefined && next.area.parent !== area.parent;
  }

  /** What of an article stands beside its body: captions, credits, byline, dates, corrections, boxes, embeds. */
  #beside(judged: Judged): Hit | undefined {
    const { piece, area, says } = judged;
    const { headline, container } = this.#verdict;
    if (this.#first < 0 || this.#isBeyondEnd(judged)) return undefined;
    const start = headline && headline.piece.index <= this.#first ? headline.piece.index : this.#first;
    if (piece.index < start - REACH || piece.index > this.#last + REACH) return undefined;
    const isNear = piece.index >= start - 4 && piece.index <= this.#last + 4;
    const correction = says.find(({ label }) => label === 'correction');
    if (correction && isNear) return correction;
    if (this.#isBound(area)) return undefined;
    if (isNear && piece.index < this.#first && this.#isLead(judged))
      return { label: 'lead', rule: 'lead/before-body', weight: 50 };
    const isInside = piece.index >= this.#first - 1 && piece.index <= this.#last;
    const part =
      container && isInside ? (hitBelow(area, container, 'fact-box') ?? hitBelow(area, container, 'embed')) : undefined;
    return this.#ofPicture(judged, isNear) ?? part ?? (isNear ? this.#ofHead(judged) : undefined);
  }

  #ofPicture({ piece, area, says, held }: Judged, isNear: boolean): Hit | undefined {
    const inFigure = elementNear(area, 'figure', 5) ?? elementNear(area, 'figcaption', 4);
    if (!isNear && !(inFigure && this.#isInMain(area))) return undefined;
    const isAfter = piece.index > this.#last && !inFigure;
    const sign: Hit | undefined = /^\P{L}{0,3}©/u.test(piece.text) && piece.index <= this.#last ? { label: 'credit', rule: 'credit/sign', weight: 60 } : undefined;
    const credit = says.find(({ label }) => label === 'credit') ?? held.find(({ label }) => label === 'credit') ?? hitNear(area, 'credit', 2) ?? sign;
    if (credit && piece.chars < 200 && !isAfter) return credit;
    const caption = hitNear(area, 'caption', 3);
    if (caption && !isAfter) return caption;
    if (inFigure && piece.linkChars * 2 < piece.chars + 1)
      return { label: 'caption', rule: 'caption/figure', weight: 60 };
    return undefined;
  }

  /** Byline and date, in the head of the article or at its end. */
  #ofHead({ piece, area, says, held }: Judged): Hit | undefined {
    if (piece.chars > MAX_LINE_CHARS || (endsSentence(piece.text) && piece.chars > 120)) return undefined;
    const isDated = /\p{N}/u.test(piece.text);
    const isAuthor = piece.chars < 120 && this.#facts.authors.some((name) => piece.text.includes(name) && piece.text.length < name.length + 60);
    if (isAuthor) return { label: 'byline', rule: 'byline/known-author', weight: 70 };
    const time =
      hitNear(area, 'dateline', 2) ?? held.find(({ label }) => label === 'dateline') ?? says.find(({ label }) => label === 'dateline') ?? this.#plainTime(piece.text);
    const byline = says.find(({ label }) => label === 'byline') ?? held.find(({ label }) => label === 'byline') ?? hitNear(area, 'byline', 3);
    if (byline && (!time || !isDated || byline.weight >= time.weight) && piece.linkChars <= piece.chars) return byline;
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
      if (/^(?:article|main)$/.test(outer.element.name))
        return (
          (container !== null && isWithin(container, outer)) ||
          (headline !== undefined && isWithin(headline.area, outer))
        );
    }
    return false;
  }

  /** Whether a part of the page around it keeps it from the article. */
  #isBound(area: Area): boolean {
    const { container, headline } = this.#verdict;
    for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
      if ((container && isWithin(container, outer)) || (headline && isWithin(headline.area, outer))) return false;
      if (this.#sections.has(outer) || outer.hits.some(({ label, weight }) => BINDING.has(label) && weight >= STRONG))
        return true;
    }
    return false;
  }
}

/** A heading of which nothing is known belongs to the list below it. */
function headingOfList(one: Labelled, next: Labelled | undefined): Labelled {
  const isOpen = one.label === 'other' && HEADING.test(one.judged.piece.element.name);
  if (!isOpen || !next || !BINDING.has(next.label)) return one;
  return { ...one, label: next.label, reasons: [{ rule: `${next.label}/over-list`, weight: 25 }] };
}

export function made(judged: Judged, label: Label, reasons: readonly { rule: string; weight: number }[]): Labelled {
  const strength = reasons.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  return {
    judged,
    role: ARTICLE.has(label) ? 'article' : 'boilerplate',
    label,
    confidence: clamp(50 + Math.floor(strength / 2)),
    reasons: [...new Map(reasons.map((reason) => [reason.rule, reason])).values()],
  };
}

function hitNear(area: Area, label: Label, levels: number, maxChars = 600): Hit | undefined {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++) {
    const hit = outer.hits.find((h) => h.label === label);
    if (hit && outer.chars < maxChars) return hit;
  }
  return undefined;
}

function hitBelow(area: Area, container: Area, label: Label): Hit | undefined {
  for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
    const hit = outer.hits.find((h) => h.label === label);
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

/** Labels all pieces of a judged page. */
export const labelPieces = (verdict: Verdict, facts: PageFacts): Labelled[] => new Labeller(verdict, facts).label();
