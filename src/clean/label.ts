/** Names every piece: what it is of the article, or what it is of everything around it. */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin, type Area } from './areas.ts';
import { Beside, BINDING, type PageFacts } from './beside.ts';
import { HEADING, type Judged } from './evidence.ts';
import { furnitureOf, isInLinkRow, type Surroundings } from './furniture.ts';
import type { Verdict } from './judge.ts';
import { plain, type Hit } from './rules.ts';
import { MAX_PIECES } from './segment.ts';

/** A judged piece with its label. A class, as all that holds on to the tree; see `nodes.ts`. */
export class Labelled {
  readonly judged: Judged;
  readonly role: 'article' | 'boilerplate';
  readonly label: Label;
  /** Per cent, 1 to 99. */
  readonly confidence: number;
  readonly reasons: readonly { rule: string; weight: number }[];

  constructor(judged: Judged, role: Labelled['role'], label: Label, confidence: number, reasons: Labelled['reasons']) {
    this.judged = judged;
    this.role = role;
    this.label = label;
    this.confidence = confidence;
    this.reasons = reasons;
  }
}

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
/** Of what was learned, from which on a piece is body whatever picture it stands below: 95 per cent. */
const SURE = 90;
/** What the trees' reasons add up to; 0 where they were not asked. */
const learnedWeight = ({ reasons }: Judged): number =>
  reasons.reduce((sum, { rule, weight }) => sum + (rule.startsWith('learned/') ? weight : 0), 0);
/** Lines that are what they say, whatever the trees make of their place. */
const PLAIN: ReadonlySet<Label> = new Set<Label>(['byline', 'dateline', 'credit', 'fact-box', 'embed']);
/** What a short text cannot say in the middle of a story. */
const SAID: ReadonlySet<Label> = new Set<Label>(['promo', 'newsletter', 'subscribe', 'copyright', 'login', 'share']);
const SAID_WEIGHT = 60;
const MAX_LINE_CHARS = 300;
const MAX_SAID_CHARS = 160;
/**
 * Labels whose words stand over lists. A word for an advertisement, a subscription or a login names itself alone: among the entries
 * of a side column it once named a hundred of them.
 */
const NAMES_LISTS: ReadonlySet<Label> = new Set<Label>([
  'related',
  'most-read',
  'newsfeed',
  'comments',
  'navigation',
  'newsletter',
  'author-bio',
  'chat',
  'promo',
  'tags',
]);
const MAX_LIST_HEADING_CHARS = 60;

class Labeller {
  readonly #verdict: Verdict;
  readonly #around: Surroundings;
  readonly #beside: Beside;

  constructor(verdict: Verdict, facts: PageFacts) {
    this.#verdict = verdict;
    const sections = sectionsOf(verdict);
    this.#around = { verdict, sections, siteName: plain(facts.siteName) };
    this.#beside = new Beside(verdict, facts, sections);
  }

  label(): Labelled[] {
    const labelled = this.#verdict.judged.map((judged) => this.#one(judged));
    const texts = textsBefore(labelled);
    return labelled.map((one, i) => headingOfList(one, labelled[i + 1], texts));
  }

  #one(judged: Judged): Labelled {
    if (judged === this.#verdict.headline) return made(judged, 'headline', [{ rule: 'headline/title', weight: 60 }]);
    if (judged.piece.index >= MAX_PIECES) return made(judged, 'other', [{ rule: 'other/too-many-blocks', weight: 60 }]);
    if (judged.isBody && !judged.isBodyAgainstRules) return this.#body(judged);
    if (judged.isBody && (saysSo(judged) || this.#isComment(judged))) return this.#furniture(judged);
    const beside = this.#beside.of(judged);
    const isPlain = beside !== undefined && PLAIN.has(beside.label) && judged.piece.chars < MAX_LINE_CHARS;
    if (judged.isBody && !isPlain && !isCopyright(judged)) return this.#body(judged);
    if (beside) return made(judged, beside.label, [{ rule: beside.rule, weight: beside.weight }]);
    return this.#furniture(judged);
  }

  /** What the rules know for a reader's words is no body, however like prose it is. */
  #isComment(judged: Judged): boolean {
    return furnitureOf(judged, this.#around).label === 'comments';
  }

  #furniture(judged: Judged): Labelled {
    const { label, hits } = furnitureOf(judged, this.#around);
    const { endsWith } = this.#verdict;
    if (label === 'other' && endsWith !== undefined && this.#beside.isBeyondEnd(judged)) {
      return made(judged, endsWith, [{ rule: `${endsWith}/below-article`, weight: 40 }]);
    }
    const reasons = [
      ...hits.map(({ rule, weight }) => ({ rule, weight })),
      ...judged.reasons.filter(({ weight }) => weight < 0),
    ];
    return made(judged, label, reasons.length > 0 ? reasons : [{ rule: 'other/outside-body', weight: 20 }]);
  }

  #body(judged: Judged): Labelled {
    const { area, says, reasons } = judged;
    if (says.some(isCorrection) || area.hits.some(isCorrection)) return made(judged, 'correction', reasons);
    if (this.#beside.isLooseCaption(judged) && learnedWeight(judged) < SURE)
      return made(judged, 'caption', [...reasons, { rule: 'caption/below-picture', weight: 50 }]);
    if (this.#beside.isLead(judged))
      return made(judged, 'lead', [...reasons, { rule: 'lead/before-body', weight: 30 }]);
    return made(judged, bodyLabel(judged, this.#verdict.container), reasons);
  }
}

const isCorrection = ({ label }: Hit): boolean => label === 'correction';

/** What a piece of the body is by its markup alone, looking no further out than `container`. */
export function bodyLabel({ piece, area }: Judged, container: Area | null = null): Label {
  if (HEADING.test(piece.element.name)) return 'heading';
  if (piece.cells || /^t[dh]$/.test(piece.element.name)) return 'table';
  for (let outer: Area | null = area, n = 0; outer && outer !== container && n < 6; outer = outer.parent, n++) {
    const { name } = outer.element;
    if (name === 'blockquote') return 'quote';
    // An entry of several paragraphs, as in a live blog, is prose; a list is a line an entry.
    if (/^(?:li|dd|dt)$/.test(name)) return outer.first === outer.last ? 'list' : 'paragraph';
  }
  return 'paragraph';
}

const saysSo = ({ piece, says }: Judged): boolean =>
  piece.chars < MAX_SAID_CHARS && says.some(({ label, weight }) => SAID.has(label) && weight >= SAID_WEIGHT);

const isCopyright = ({ piece }: Judged): boolean => piece.chars < MAX_SAID_CHARS && /^\P{L}{0,3}[©ⓒ]/u.test(piece.text);

/** The lists of a page by what their headings say: "Most read" over a list says what the list is. */
function sectionsOf(verdict: Verdict): Map<Area, Hit> {
  const { judged, container } = verdict;
  const sections = new Map<Area, Hit>();
  for (const one of judged) {
    const { area, says, piece, isBody } = one;
    const hit = says.find(({ label, weight }) => NAMES_LISTS.has(label) && weight >= 60);
    if (!hit || isBody || piece.chars > MAX_LIST_HEADING_CHARS || area.isInMenu) continue;
    if (isInLinkRow(one, verdict)) continue;
    let section: Area = area;
    while (section.parent && section.first === section.last) section = section.parent;
    const holdsBody = container !== null && isWithin(container, section);
    const isOverIt =
      section.first === piece.index || (HEADING.test(piece.element.name) && section.first === piece.index - 1);
    if (!holdsBody && isOverIt && section.parent) sections.set(section, hit);
  }
  return sections;
}

/** For every piece, and behind the last, how many before it are text of the article and no headings. */
function textsBefore(all: readonly Labelled[]): Int32Array {
  const counts = new Int32Array(all.length + 1);
  for (const [i, { role, label }] of all.entries())
    counts[i + 1] = (counts[i] as number) + (role === 'boilerplate' || label === 'heading' ? 0 : 1);
  return counts;
}

/** Whether a part of the page holds no text of the article but headings. */
const isBox = (area: Area, texts: Int32Array): boolean => texts[area.first] === texts[area.last + 1];

/** A heading of which nothing is known belongs to the list below it. */
function headingOfList(one: Labelled, next: Labelled | undefined, texts: Int32Array): Labelled {
  if (!next || !BINDING.has(next.label) || !HEADING.test(one.judged.piece.element.name)) return one;
  const { parent } = one.judged.area;
  const isOfBox =
    one.label === 'heading' && parent !== null && parent === next.judged.area.parent && isBox(parent, texts);
  if (one.label !== 'other' && !isOfBox) return one;
  return { ...one, role: 'boilerplate', label: next.label, reasons: [{ rule: `${next.label}/over-list`, weight: 25 }] };
}

export function made(judged: Judged, label: Label, reasons: readonly { rule: string; weight: number }[]): Labelled {
  let strength = 0;
  for (const { weight } of reasons) strength += Math.abs(weight);
  return new Labelled(
    judged,
    ARTICLE.has(label) ? 'article' : 'boilerplate',
    label,
    Math.max(1, Math.min(99, 50 + Math.floor(strength / 2))),
    reasons.length < 2 ? reasons : lastOfEach(reasons),
  );
}

/** Of reasons by one rule the last, where the first stood. */
function lastOfEach(reasons: Labelled['reasons']): Labelled['reasons'] {
  const kept: { rule: string; weight: number }[] = [];
  for (const reason of reasons) {
    const at = kept.findIndex(({ rule }) => rule === reason.rule);
    if (at < 0) kept.push(reason);
    else kept[at] = reason;
  }
  return kept;
}

/** Labels all pieces of a judged page. */
export const labelPieces = (verdict: Verdict, facts: PageFacts): Labelled[] => new Labeller(verdict, facts).label();
