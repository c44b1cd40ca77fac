/**
 * What a publisher's own rules say of a page. They only label: every character stays in its block. Where several rules pick
 * elements around a piece, the innermost element counts; where several pick the same element, the rule that comes last.
 */
import type { Document, Element } from 'domhandler';
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import { isInForce, ruleName, rulesInForce, selectionsOf, type Selection, type SourceRules } from '../core/sources.ts';
import type { Judged } from './evidence.ts';
import { bodyLabel, type Labelled } from './label.ts';
import { isElement } from './nodes.ts';
import { parsePage } from './parse.ts';
import { Picker } from './selectors.ts';

/** What a rule says of an element. */
export interface SourceVerdict {
  readonly rule: string;
  readonly says: Selection['says'];
  readonly label?: Label;
}

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
/** A page has one of each: where a rule names it, what the cleaner took for it is something else. */
const ONLY_ONES: Readonly<Partial<Record<Label, Label>>> = { headline: 'other', lead: 'paragraph' };

/** The verdicts of one page. */
export class SourceVerdicts {
  readonly #own: ReadonlyMap<Element, SourceVerdict>;
  readonly #around = new Map<Element, SourceVerdict | null>();

  constructor(own: ReadonlyMap<Element, SourceVerdict>) {
    this.#own = own;
  }

  /** Whether a rule picked the element itself. */
  has(element: Element): boolean {
    return this.#own.has(element);
  }

  /** What the innermost picked element around an element, or it itself, is said to be. */
  of(element: Element): SourceVerdict | null {
    const known = this.#around.get(element);
    if (known !== undefined) return known;
    const { parent } = element;
    const verdict =
      this.#own.get(element) ?? (parent && isElement(parent as Element) ? this.of(parent as Element) : null);
    this.#around.set(element, verdict);
    return verdict;
  }

  /**
   * Tells the judge before it looks for the article: kept pieces are prose, the others are none. Owed to pages whose article
   * the general rules look for in the wrong place.
   */
  sway(judged: readonly Judged[]): void {
    for (const one of judged) {
      const verdict = this.of(one.piece.element);
      if (verdict === null) continue;
      if (verdict.says === 'keep') one.isProse = true;
      else if (verdict.says === 'drop' || (verdict.label !== undefined && !ARTICLE.has(verdict.label)))
        one.isProse = false;
    }
  }

  /** The labels of a page with the source's word in the place of the cleaner's. */
  over(labelled: readonly Labelled[]): Labelled[] {
    const ruled = labelled.map((one) => {
      const verdict = this.of(one.judged.piece.element);
      return verdict === null ? one : withVerdict(one, verdict);
    });
    const named = new Set(ruled.filter((one) => this.names(one)).map(({ label }) => label));
    return ruled.map((one) => {
      const instead = ONLY_ONES[one.label];
      if (instead === undefined || !named.has(one.label) || this.names(one)) return one;
      const label = isRuled(one) ? bodyLabel(one.judged) : instead;
      const reasons = [...one.reasons.filter(isOfSource), { rule: `${label}/source-names-${one.label}`, weight: 50 }];
      return { ...one, role: ARTICLE.has(label) ? 'article' : 'boilerplate', label, reasons };
    });
  }

  /** The headline that a rule names; undefined for none. */
  headlineOf(labelled: readonly Labelled[]): string | undefined {
    return labelled.find((one) => one.label === 'headline' && this.names(one))?.judged.piece.text;
  }

  /** The same pieces, those that rules name before the rest. */
  namedFirst(labelled: readonly Labelled[]): Labelled[] {
    return [...labelled.filter((one) => this.names(one)), ...labelled.filter((one) => !this.names(one))];
  }

  /** Whether a rule gave a piece the very label that it has. */
  names({ judged, label }: Labelled): boolean {
    return this.of(judged.piece.element)?.label === label;
  }
}

const isOfSource = ({ rule }: Labelled['reasons'][number]): boolean => rule.startsWith('source/');
/** Whether a source's rule speaks for a piece as it is labelled. */
export const isRuled = ({ reasons }: Labelled): boolean => reasons.some(isOfSource);

/**
 * `drop` and `keep` decide of what side a piece is; the cleaner's name for it stands where it is of that side, since it says
 * more than `other` and `paragraph`.
 */
function withVerdict(one: Labelled, { says, rule, label: given }: SourceVerdict): Labelled {
  const isArticle = ARTICLE.has(one.label);
  const ofSide = says === 'keep' ? (isArticle ? one.label : bodyLabel(one.judged)) : isArticle ? 'other' : one.label;
  const label = given ?? ofSide;
  const reasons = label === one.label ? one.reasons : [];
  return {
    ...one,
    role: ARTICLE.has(label) ? 'article' : 'boilerplate',
    label,
    confidence: 99,
    reasons: [{ rule, weight: 100 }, ...reasons],
  };
}

/** The verdicts of a source's rules for the day a page was fetched; undefined where none of them picks anything on it. */
export function verdictsOn(
  document: Document,
  source: SourceRules,
  at: string | undefined,
): SourceVerdicts | undefined {
  const rules = rulesInForce(source, at);
  if (rules.length === 0) return undefined;
  const picker = new Picker(document);
  const own = new Map<Element, SourceVerdict>();
  for (const { id: rule, selections } of rules) {
    for (const { selector, says, label } of selections) {
      for (const element of picker.pick(selector) ?? [])
        own.set(element, { rule, says, ...(label === undefined ? {} : { label }) });
    }
  }
  return own.size === 0 ? undefined : new SourceVerdicts(own);
}

/** One selector of a rule, and how many elements of a page it picks. */
export interface Match extends Selection {
  readonly rule: string;
  /** Number of the rule in its file, from 0. */
  readonly index: number;
  /** Null where the page is too large for it. */
  readonly elements: number | null;
}

/** What each selector picks on a page of `at`, of the rules that are for that day. */
export function matchesOn(html: string, source: SourceRules, at: string | undefined, maxDepth = 512): Match[] {
  const picker = new Picker(parsePage(html, maxDepth));
  return (source.rules ?? []).flatMap((rule, index) =>
    isInForce(rule, at)
      ? selectionsOf(rule).map((selection) => ({
          ...selection,
          rule: ruleName(source.name, rule, index),
          index,
          elements: picker.pick(selection.selector)?.length ?? null,
        }))
      : [],
  );
}
