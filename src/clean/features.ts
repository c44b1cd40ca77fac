/** All that is measured of a page's pieces, as whole numbers: what the learned judge weighs, and what it was taught with. */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isWithin } from './areas.ts';
import { isSideHit, type Judged } from './evidence.ts';
import type { Verdict } from './judge.ts';
import { squeeze, Wordings } from './measure-text.ts';
import { PLACE_FEATURES, Places } from './place.ts';
import { SEQUENCE_FEATURES, Sequence } from './surroundings.ts';
import { TEXT_FEATURES, textShape } from './text-shape.ts';

/** What the page says of itself, as far as it bears on its text. */
export interface PageClaims {
  readonly titles: readonly string[];
  readonly description: string;
  /** The text of the article as the page's data gives it; empty for none. */
  readonly articleBody: string;
}

const RULE_FEATURES = [
  'ruledBody',
  'isProse',
  'isLong',
  'against',
  'isInContainer',
  'isPastEnd',
  'saysSide',
  'saysArticle',
  'heldSide',
] as const;
const PAGE_FEATURES = ['pagePieces', 'pageLongPieces', 'pageLongChars', 'pageBodyPercent'] as const;
const CLAIM_FEATURES = ['likeTitle', 'likeDescription', 'isInArticleBody', 'seenBefore', 'seenAfter'] as const;

/** Names of the columns. */
export const FEATURES: readonly string[] = [
  ...TEXT_FEATURES,
  ...PLACE_FEATURES,
  ...SEQUENCE_FEATURES,
  ...RULE_FEATURES,
  ...PAGE_FEATURES,
  ...CLAIM_FEATURES,
];
/** By what a column is called, which reason it speaks for; the first that fits. `docs/cleaner.md` says what each means. */
const GROUPS: readonly (readonly [group: string, names: RegExp])[] = [
  ['links', /^link|^links$|^startsLink/],
  ['neighbours', /^(?:before|after)\d|Around$/],
  ['names', /^says(?!Side|Article)|^sideLevels|^heldSide/],
  ['markup', /^(?:tag|headingRank|depth|in[A-Z].*|isHidden|pictures)$/],
  ['prose', /^(?:holdsMost|levels|long|chars[12]|pieces[12]|like(?:Own|Parent|Grandparent)|alike)/],
  ['order', /^(?:position|from|charsBefore|toLong|sinceHeading)/],
  ['rules', /^(?:ruledBody|isProse|isLong|isInContainer|against|isPastEnd|saysSide|saysArticle)/],
  ['claims', /^(?:likeTitle|likeDescription|isInArticleBody|seen)/],
  ['page', /^page/],
  ['text', /^/],
];
/** For each column the group of measures that it belongs to, by which reasons are named. */
export const FEATURE_GROUPS: readonly string[] = FEATURES.map(
  (name) => GROUPS.find(([, names]) => names.test(name))?.[0] as string,
);
const TEXT_AT = 0;
const PLACE_AT = TEXT_AT + TEXT_FEATURES.length;
const SEQUENCE_AT = PLACE_AT + PLACE_FEATURES.length;
const RULES_AT = SEQUENCE_AT + SEQUENCE_FEATURES.length;
const PAGE_AT = RULES_AT + RULE_FEATURES.length;
const CLAIMS_AT = PAGE_AT + PAGE_FEATURES.length;

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
/** Texts shorter than this stand in many an article body by chance. */
const MIN_QUOTED_CHARS = 25;
const PROBE_CHARS = 60;
/** Per cent of words in common; below it two texts are merely in one language. */
const LEAST_LIKE = 15;

/** The measures of one page. */
export interface Measures {
  /** `FEATURES.length` columns a piece, row by row; of a piece that is surely outside nothing is measured. */
  readonly rows: Int32Array;
  readonly isOutside: readonly boolean[];
}
/** What is typed into a form or drawn, such as the copy of an article that others may paste into their pages. */
const FIELDS: ReadonlySet<string> = new Set(['textarea', 'select', 'datalist', 'svg', 'iframe', 'object', 'canvas']);
/** So many levels from the part with most prose up to what it shares with a piece: half of all pieces, and hardly one of the body. */
const FAR_LEVELS = 2;

class Measurer {
  readonly #verdict: Verdict;
  readonly #titles: Wordings;
  readonly #description: Wordings;
  readonly #articleBody: string;
  readonly #pageRow: readonly number[];
  readonly #seen = new Map<string, number>();
  readonly #times = new Map<string, number>();

  constructor(verdict: Verdict, claims: PageClaims, total: number) {
    this.#verdict = verdict;
    this.#titles = new Wordings(claims.titles);
    this.#description = new Wordings([claims.description]);
    this.#articleBody = claims.articleBody.length > 200 ? squeeze(claims.articleBody) : '';
    const { judged } = verdict;
    const bodyChars = judged.reduce((sum, { isBody, piece }) => sum + (isBody ? piece.chars : 0), 0);
    for (const { piece } of judged) this.#times.set(piece.text, (this.#times.get(piece.text) ?? 0) + 1);
    const longPieces = judged.reduce((sum, { isLong }) => sum + (isLong ? 1 : 0), 0);
    this.#pageRow = [judged.length, longPieces, total, total === 0 ? 0 : Math.floor((100 * bodyChars) / total)];
  }

  rules({ piece, area, says, held, isBody, isProse, isLong, reasons }: Judged, row: Int32Array, at: number): void {
    const { end, container } = this.#verdict;
    let side = 0;
    let article = 0;
    for (const hit of says) {
      if (isSideHit(hit)) side = Math.max(side, hit.weight);
      if (ARTICLE.has(hit.label)) article = Math.max(article, hit.weight);
    }
    row[at] = isBody ? 1 : 0;
    row[at + 1] = isProse ? 1 : 0;
    row[at + 2] = isLong ? 1 : 0;
    row[at + 3] = reasons.reduce((least, { weight }) => Math.min(least, weight), 0);
    row[at + 4] = container !== null && isWithin(area, container) ? 1 : 0;
    row[at + 5] = end >= 0 && piece.index >= end ? 1 : 0;
    row[at + 6] = side;
    row[at + 7] = article;
    row[at + 8] = held.reduce((most, { weight }) => Math.max(most, weight), 0);
  }

  /** Every piece must be passed, in order, and before it is measured. */
  pass({ piece: { text } }: Judged): void {
    this.#seen.set(text, (this.#seen.get(text) ?? 0) + 1);
  }

  page(row: Int32Array, at: number): void {
    for (const [n, value] of this.#pageRow.entries()) row[at + n] = value;
  }

  claims({ piece }: Judged, row: Int32Array, at: number): void {
    const { text, chars } = piece;
    const seen = (this.#seen.get(text) ?? 1) - 1;
    row[at] = chars > 400 ? 0 : this.#titles.likeness(text, LEAST_LIKE);
    row[at + 1] = chars < 20 || chars > 900 ? 0 : this.#description.likeness(text, LEAST_LIKE);
    row[at + 2] = this.#inArticleBody(text);
    row[at + 3] = seen;
    row[at + 4] = (this.#times.get(text) ?? 1) - 1 - seen;
  }

  /** -1 where the page's data has no body, 1 where the text's beginning or end stands in it. */
  #inArticleBody(text: string): number {
    if (this.#articleBody === '') return -1;
    if (text.length < MIN_QUOTED_CHARS) return 0;
    const plain = squeeze(text);
    const isIn = (probe: string): boolean => this.#articleBody.includes(probe);
    return isIn(plain.slice(0, PROBE_CHARS)) || isIn(plain.slice(-PROBE_CHARS)) ? 1 : 0;
  }
}

/** Measures every piece of a page that the rules have judged. */
export function measurePieces(verdict: Verdict, claims: PageClaims): Measures {
  const { judged } = verdict;
  const width = FEATURES.length;
  const rows = new Int32Array(judged.length * width);
  const places = new Places(judged);
  const sequence = new Sequence(verdict, places);
  const measurer = new Measurer(verdict, claims, places.total);
  const isOutside = judged.map(
    ({ isBody, isLong, area, piece }) =>
      FIELDS.has(piece.element.name) || (!isBody && !isLong && places.levelsFromMost(area) > FAR_LEVELS),
  );
  for (const [i, one] of judged.entries()) {
    sequence.pass(one);
    measurer.pass(one);
    if (isOutside[i]) continue;
    const at = i * width;
    textShape(one, rows, at + TEXT_AT);
    places.write(one, rows, at + PLACE_AT);
    sequence.write(one, rows, at + SEQUENCE_AT);
    measurer.rules(one, rows, at + RULES_AT);
    measurer.page(rows, at + PAGE_AT);
    measurer.claims(one, rows, at + CLAIMS_AT);
  }
  return { rows, isOutside };
}
