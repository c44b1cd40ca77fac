/** Names every piece: what it is of the article, or what it is of everything around it. */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin, type Area } from './areas.ts';
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
/** How far before and after its prose an article may have captions, bylines and dates, in pieces. */
const REACH = 14;

const clamp = (n: number): number => Math.max(1, Math.min(99, n));

class Labeller {
  readonly #verdict: Verdict;
  readonly #description: string;
  /** What the headings of lists say of their whole list. */
  readonly #sections = new Map<Area, Hit>();

  constructor(verdict: Verdict, description: string) {
    this.#verdict = verdict;
    this.#description = description;
    this.#readSectionHeadings();
  }

  label(): Labelled[] {
    const labelled = this.#verdict.judged.map((judged) => this.#one(judged));
    return labelled;
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
    const { headline } = this.#verdict;
    if (judged === headline) return made(judged, 'headline', [{ rule: 'headline/title', weight: 60 }]);
    if (judged.isBody) return this.#body(judged);
    return this.#beside(judged) ?? this.#boilerplate(judged);
  }

  #body(judged: Judged): Labelled {
    const { piece, area, says, reasons } = judged;
    const { name } = piece.element;
    if (says.some(({ label }) => label === 'correction')) return made(judged, 'correction', reasons);
    if (HEADING.test(name)) return made(judged, 'heading', reasons);
    if (piece.cells) return made(judged, 'table', reasons);
    if (this.#isLead(judged)) return made(judged, 'lead', [...reasons, { rule: 'lead/before-body', weight: 30 }]);
    for (
      let outer: Area | null = area, n = 0;
      outer && outer !== this.#verdict.container && n < 6;
      outer = outer.parent, n++
    ) {
      if (outer.element.name === 'blockquote') return made(judged, 'quote', reasons);
      if (/^(?:li|dd|dt|ul|ol|dl)$/.test(outer.element.name)) return made(judged, 'list', reasons);
    }
    return made(judged, 'paragraph', reasons);
  }

  /** A lead stands before the body, and is named so or is what the page's description says. */
  #isLead({ piece, area }: Judged): boolean {
    const { first, headline, judged } = this.#verdict;
    if (piece.chars < 25 || piece.chars > 900 || piece.index > first + 1) return false;
    if (headline && piece.index < headline.piece.index) return false;
    const isNamed = namesNear(area, 'lead', 3, (outer) => outer.chars <= piece.chars + 200);
    if (isNamed) return true;
    const isDescribed = this.#description !== '' && likeness(piece.text, this.#description) > 75;
    const next = judged.slice(piece.index + 1).find(({ isProse }) => isProse);
    return isDescribed && next !== undefined && next.area.parent !== area.parent;
  }

  /** What of an article stands beside its body: captions, credits, byline, dates, corrections, boxes, embeds. */
  #beside(judged: Judged): Labelled | undefined {
    const { piece, area } = judged;
    const { first, last, headline } = this.#verdict;
    if (first < 0) return undefined;
    const from = headline && headline.piece.index <= first ? Math.min(first, headline.piece.index) - 4 : first - REACH;
    if (piece.index < from || piece.index > last + REACH) return undefined;
    const bound = this.#bound(area);
    const isNear = piece.index >= from && piece.index <= last + 4;
    const label = this.#besideLabel(judged, isNear);
    if (!label || (bound && label.label !== 'correction')) return undefined;
    return made(judged, label.label, [{ rule: label.rule, weight: label.weight }]);
  }

  #besideLabel(judged: Judged, isNear: boolean): Hit | undefined {
    const { piece, area, says } = judged;
    const { first, last, container } = this.#verdict;
    const isInside = piece.index >= first - 1 && piece.index <= last;
    if (isNear && piece.index < first && this.#isLead(judged))
      return { label: 'lead', rule: 'lead/before-body', weight: 50 };
    const correction = says.find(({ label }) => label === 'correction');
    if (correction && isNear) return correction;
    const credit = says.find(({ label }) => label === 'credit') ?? hitNear(area, 'credit', 2);
    const inFigure = elementNear(area, 'figure', 5) ?? elementNear(area, 'figcaption', 4);
    if (credit && isNear && piece.chars < 200) return credit;
    const caption = hitNear(area, 'caption', 3);
    if (caption && isNear) return caption;
    if (inFigure && isNear && piece.linkChars * 2 < piece.chars + 1)
      return { label: 'caption', rule: 'caption/figure', weight: 60 };
    const box = container && isInside ? hitBelow(area, container, 'fact-box') : undefined;
    if (box) return box;
    const embed = container && isInside ? hitBelow(area, container, 'embed') : undefined;
    if (embed) return embed;
    if (!isNear || piece.chars > 300) return undefined;
    const time = hitNear(area, 'dateline', 2) ?? says.find(({ label }) => label === 'dateline');
    const byline = says.find(({ label }) => label === 'byline') ?? hitNear(area, 'byline', 3);
    const isWorded = endsSentence(piece.text) && piece.chars > 120;
    if (isWorded) return undefined;
    if (byline && (!time || byline.weight >= time.weight)) return byline;
    return time && /\d/.test(piece.text) ? time : undefined;
  }

  /** The label of a part that keeps all in it from the article. */
  #bound(area: Area): Hit | undefined {
    const { container } = this.#verdict;
    for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
      if (container && isWithin(container, outer)) return undefined;
      const hit =
        this.#sections.get(outer) ?? outer.hits.find(({ label, weight }) => BINDING.has(label) && weight >= STRONG);
      if (hit) return hit;
    }
    return undefined;
  }

  #boilerplate(judged: Judged): Labelled {
    const { piece, area, says, reasons } = judged;
    const scores = new Map<Label, { score: number; hits: Hit[] }>();
    const add = (hit: Hit, percent: number) => {
      const label = ARTICLE.has(hit.label) ? undefined : hit.label;
      if (!label) return;
      const there = scores.get(label) ?? { score: 0, hits: [] };
      there.score += Math.floor((hit.weight * percent) / 100);
      if (!there.hits.some(({ rule }) => rule === hit.rule)) there.hits.push(hit);
      scores.set(label, there);
    };
    for (const hit of says) add(hit, 120);
    let percent = 100;
    for (let outer: Area | null = area; outer; outer = outer.parent) {
      if (this.#verdict.container && isWithin(this.#verdict.container, outer) && outer !== area) break;
      const section = this.#sections.get(outer);
      if (section) add(section, percent);
      for (const hit of outer.hits) add(hit, percent);
      percent = Math.floor(percent * 0.85);
    }
    let best: [Label, { score: number; hits: Hit[] }] | undefined;
    for (const entry of scores) if (!best || entry[1].score > best[1].score) best = entry;
    const why = reasons.filter(({ weight }) => weight < 0);
    if (!best || best[1].score < 12) {
      if (piece.isHidden) return made(judged, 'hidden', [...why, { rule: 'hidden/markup', weight: 40 }]);
      return made(judged, 'other', why.length > 0 ? why : [{ rule: 'other/outside-body', weight: 20 }]);
    }
    return made(judged, best[0], [...best[1].hits.map(({ rule, weight }) => ({ rule, weight })), ...why]);
  }
}

function made(judged: Judged, label: Label, reasons: readonly { rule: string; weight: number }[]): Labelled {
  const strength = reasons.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  return {
    judged,
    role: ARTICLE.has(label) ? 'article' : 'boilerplate',
    label,
    confidence: clamp(50 + Math.floor(strength / 2)),
    reasons: [...new Map(reasons.map((reason) => [reason.rule, reason])).values()],
  };
}

function hitNear(area: Area, label: Label, levels: number): Hit | undefined {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++) {
    const hit = outer.hits.find((h) => h.label === label);
    if (hit && outer.chars < 600) return hit;
  }
  return undefined;
}

const namesNear = (area: Area, label: Label, levels: number, fits: (area: Area) => boolean): boolean => {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++) {
    if (outer.hits.some((hit) => hit.label === label) && fits(outer)) return true;
  }
  return false;
};

function hitBelow(area: Area, container: Area, label: Label): Hit | undefined {
  for (let outer: Area | null = area; outer && outer !== container; outer = outer.parent) {
    const hit = outer.hits.find((h) => h.label === label);
    if (hit) return hit;
  }
  return undefined;
}

function elementNear(area: Area, name: string, levels: number): Area | undefined {
  for (let outer: Area | null = area, n = 0; outer && n <= levels; outer = outer.parent, n++)
    if (outer.element.name === name) return outer;
  return undefined;
}

/** Labels all pieces of a judged page. `description` is what its meta tags say it is about. */
export const labelPieces = (verdict: Verdict, description: string): Labelled[] =>
  new Labeller(verdict, description).label();
