/** Names what stands around the article. What a piece says counts most, then what the parts around it are called, nearest first. */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin, type Area } from './areas.ts';
import { isStoryBox, type Judged } from './evidence.ts';
import type { Verdict } from './judge.ts';
import { effectiveLength } from './measure-text.ts';
import { plain, type Hit } from './rules.ts';

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
const SAID_PERCENT = 150;
const HELD_PERCENT = 105;
/** How much further evidence for a label adds to the strongest. */
const MORE_PERCENT = 20;
const OUTER_PERCENT = 72;
const ENOUGH_SCORE = 12;
/** The section's name stands straight above the headline. */
const KICKER_REACH = 3;
const KICKER_CHARS = 30;
const LINK_LIST_PERCENT = 70;
/** Links to stories are sentences, links of menus are words. */
const STORY_LINK_CHARS = 22;

const COPYRIGHT_SIGN = /[©ⓒ]|\(c\)/i;
const COPYRIGHT = /^\P{L}{0,3}(?:[©ⓒ]|\(c\)\s)|[©ⓒ]\P{L}*$/iu;
/** `Home > Region > Town`. */
const PATH = /^[^>›»→.!?]{1,40}(?:\s*[>›»→]\s*[^>›»→.!?]{1,60}){1,6}[>›»→\s]*$/;
const COUNTER = /^[\d.,\s]{1,9}$/;
/** Where a player or a gallery is, and how far it goes: `00:12 / 02:41`, `3 / 6`. */
export const isTimeCode = (text: string): boolean => TIME_CODE.test(text);
const TIME_CODE = /^-?\d{1,2}(?::\d\d){0,2}\s*\/\s*-?\d{1,2}(?::\d\d){0,2}$/;

/** Labels of parts that a menu leads to. */
const LISTS: ReadonlySet<Label> = new Set<Label>([
  'newsfeed',
  'related',
  'most-read',
  'comments',
  'tags',
  'ad',
  'chat',
  'footer',
]);
const MENU_ENTRY_CHARS = 25;

/** What a button cannot mean: it opens or turns what is there. */
const OPENERS: ReadonlySet<Label> = new Set<Label>(['related', 'navigation']);

/** In a box that offers mail, "subscribe" means the mail. */
function isInNewsletter(area: Area): boolean {
  for (let outer: Area | null = area, n = 0; outer && n < 4; outer = outer.parent, n++)
    if (outer.hits.some(({ label }) => label === 'newsletter')) return true;
  return false;
}

const isMenuEntry = (judged: Judged | undefined): boolean =>
  judged !== undefined &&
  judged.piece.links.length > 0 &&
  judged.piece.chars <= MENU_ENTRY_CHARS &&
  judged.piece.linkChars * 10 >= judged.piece.chars * 9;

/** A short link beside another above the headline is the entry of a menu, whatever element holds it. */
export function isInLinkRow({ piece }: Judged, { judged, headline, first }: Verdict): boolean {
  const start = headline?.piece.index ?? first;
  const { index } = piece;
  return (
    index < start && isMenuEntry(judged[index]) && (isMenuEntry(judged[index - 1]) || isMenuEntry(judged[index + 1]))
  );
}

function isInHeader(area: Area): boolean {
  for (let outer: Area | null = area; outer; outer = outer.parent)
    if (outer.element.name === 'header' && outer.parent?.element.name === 'body') return true;
  return false;
}

const STORY_BOX: Hit = { label: 'related', rule: 'related/story-box', weight: 40 };

export interface Surroundings {
  readonly verdict: Verdict;
  readonly sections: ReadonlyMap<Area, Hit>;
  /** As phrases are compared; empty where unknown. */
  readonly siteName: string;
}
/** What speaks for one label. */
interface Score {
  readonly label: Label;
  top: number;
  sum: number;
  readonly hits: Hit[];
}

function addHit(scores: Score[], hit: Hit, percent: number): void {
  const { label, rule } = hit;
  if (ARTICLE.has(label)) return;
  const weight = Math.floor((hit.weight * percent) / 100);
  const there = scores.find((score) => score.label === label);
  if (!there) {
    scores.push({ label, top: Math.max(0, weight), sum: weight, hits: [hit] });
    return;
  }
  there.top = Math.max(there.top, weight);
  there.sum += weight;
  if (!there.hits.some((other) => other.rule === rule)) there.hits.push(hit);
}

/** Label and evidence of a piece that is not of the article; its parts that say nothing get a label by their shape. */
export function furnitureOf(judged: Judged, around: Surroundings): { label: Label; hits: readonly Hit[] } {
  const scores: Score[] = [];
  const isButton = judged.piece.element.name === 'button';
  const isMenu = judged.area.isInMenu || isInLinkRow(judged, around.verdict);
  const isNewsletter = isInNewsletter(judged.area);
  for (const hit of judged.says.concat(shapeHits(judged, around))) {
    // A button that says "read more" opens the text, and a menu's "News" is the way to it.
    const isMisread =
      (isButton && !isMenu && OPENERS.has(hit.label)) ||
      (isMenu && LISTS.has(hit.label)) ||
      (isNewsletter && hit.label === 'subscribe');
    if (!isMisread) addHit(scores, hit, SAID_PERCENT);
  }
  for (const hit of judged.held) addHit(scores, hit, HELD_PERCENT);
  const { container } = around.verdict;
  let percent = 100;
  for (let outer: Area | null = judged.area; outer; outer = outer.parent) {
    if (container && outer !== judged.area && isWithin(container, outer)) break;
    const section = around.sections.get(outer);
    if (section) addHit(scores, section, percent);
    if (container && isWithin(outer, container) && isStoryBox(outer, around.verdict.judged))
      addHit(scores, STORY_BOX, percent);
    const isOwnButton = isButton && !isMenu && outer === judged.area;
    for (const hit of strongestPerLabel(outer.hits))
      if (!(isOwnButton && OPENERS.has(hit.label))) addHit(scores, hit, percent);
    percent = Math.floor((percent * OUTER_PERCENT) / 100);
  }
  let best: { label: Label; score: number; hits: readonly Hit[] } | undefined;
  for (const { label, top, sum, hits } of scores) {
    const score = top + Math.floor(((sum - top) * MORE_PERCENT) / 100);
    if (!best || score > best.score) best = { label, score, hits };
  }
  if (best && best.score >= ENOUGH_SCORE) return best;
  return byShape(judged, around);
}

const strongestPerLabel = (hits: readonly Hit[]): readonly Hit[] =>
  hits.length < 2 ? hits : hits.filter((hit, i) => hits.findIndex(({ label }) => label === hit.label) === i);

/** What a piece is by signs that need no words. */
function shapeHits({ piece }: Judged, { verdict, siteName }: Surroundings): Hit[] {
  const hits: Hit[] = [];
  const start = verdict.headline?.piece.index ?? verdict.first;
  if (piece.chars < 300 && COPYRIGHT_SIGN.test(piece.text) && COPYRIGHT.test(piece.text))
    hits.push({ label: 'copyright', rule: 'copyright/sign', weight: 80 });
  if (siteName !== '' && (start < 0 || piece.index < start) && plain(piece.text) === siteName)
    hits.push({ label: 'site-header', rule: 'site-header/name', weight: 90 });
  if (piece.links.length > 0 && piece.links.every(({ rel }) => rel !== undefined && /(?:^|\s)tag(?:\s|$)/i.test(rel)))
    hits.push({ label: 'tags', rule: 'tags/rel', weight: 80 });
  if (start > 0 && piece.index < start && PATH.test(piece.text))
    hits.push({ label: 'breadcrumb', rule: 'breadcrumb/separators', weight: 80 });
  if (isTimeCode(piece.text)) hits.push({ label: 'ui', rule: 'ui/time-code', weight: 60 });
  if (
    COUNTER.test(piece.text) &&
    verdict.judged[piece.index + 1]?.says.some(({ label }) => label === 'login' || label === 'comments')
  ) {
    hits.push({ label: 'comments', rule: 'comments/counter', weight: 80 });
  }
  return hits;
}

/** Lists of links and the like, of which neither words nor names say what they are. */
function byShape({ piece, area }: Judged, { verdict, siteName }: Surroundings): { label: Label; hits: readonly Hit[] } {
  const start = verdict.headline?.piece.index ?? verdict.first;
  const isBefore = start >= 0 && piece.index < start;
  if (piece.isHidden) return { label: 'hidden', hits: [{ label: 'hidden', rule: 'hidden/markup', weight: 40 }] };
  if (isBefore && siteName !== '' && plain(piece.text).includes(siteName))
    return { label: 'site-header', hits: [{ label: 'site-header', rule: 'site-header/name', weight: 40 }] };
  const isList = piece.linkChars * 100 >= piece.chars * LINK_LIST_PERCENT;
  if (isList && !(isBefore && start - piece.index <= KICKER_REACH && !area.isInMenu) && piece.links.length > 0) {
    const longest = piece.links.reduce((most, { text }) => Math.max(most, effectiveLength(text.trim())), 0);
    if (longest >= STORY_LINK_CHARS)
      return { label: 'related', hits: [{ label: 'related', rule: 'related/story-link', weight: 30 }] };
    return { label: 'navigation', hits: [{ label: 'navigation', rule: 'navigation/short-link', weight: 30 }] };
  }
  const isKicker = isBefore && start - piece.index <= KICKER_REACH && piece.chars <= KICKER_CHARS && !isInHeader(area);
  if (isKicker)
    return { label: 'breadcrumb', hits: [{ label: 'breadcrumb', rule: 'breadcrumb/above-headline', weight: 30 }] };
  if (isBefore && piece.index < 4 && piece.chars > 25)
    return { label: 'site-header', hits: [{ label: 'site-header', rule: 'site-header/first-lines', weight: 25 }] };
  return { label: 'other', hits: [] };
}
