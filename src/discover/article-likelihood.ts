/** Article or not, judged from an address and what is claimed of it, before anything is fetched. Pure. */
import { canonicalUrl, namesFrontPage } from '../core/url.ts';
import { shapeOf, wordsOf } from './address-shape.ts';
import type { AddressShape } from './address-shape.ts';
import { articleRules, partKey, wordKey } from './rules.ts';
import type { ArticleRules, Reason } from './rules.ts';

export interface LikelihoodEvidence {
  /** Text of the link, or a title that somebody claims. */
  readonly text?: string | undefined;
  /** Who says so: entries of feeds and of news sitemaps are articles nearly always. Ids of `article.trust` in `config/discover.json`. */
  readonly trust?: readonly string[];
  /** The source's pattern of article ids. */
  readonly articleId?: RegExp | undefined;
  readonly rules?: ArticleRules;
}
export interface Likelihood {
  /** 1 to 99; an article from the rules' threshold on. */
  readonly perCent: number;
  readonly isArticle: boolean;
  readonly reasons: readonly Reason[];
}

/** Judges an address; what is none is no article. Throws nothing. */
export function articleLikelihood(url: string, evidence: LikelihoodEvidence = {}): Likelihood {
  const rules = evidence.rules ?? articleRules();
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    return { perCent: 1, isArticle: false, reasons: [{ rule: 'no-address', weight: -99 }] };
  const address = new URL(url);
  const shape = shapeOf(address);
  const reasons = [
    ...ofTrust(evidence, url, rules),
    ...ofShape(address, shape, rules),
    ...ofPatterns(shape, rules),
    ...ofWords(shape, rules),
    ...ofText(evidence.text, rules),
  ];
  const sum = reasons.reduce((total, { weight }) => total + weight, rules.base);
  const perCent = Math.min(99, Math.max(1, Math.round(sum)));
  return { perCent, isArticle: perCent >= rules.threshold, reasons };
}

function* ofTrust({ trust = [], articleId }: LikelihoodEvidence, url: string, rules: ArticleRules): Generator<Reason> {
  for (const id of trust) {
    const reason = rules.trust.get(id);
    if (reason !== undefined) yield reason;
  }
  const hasId = rules.trust.get('trust/article-id');
  if (hasId !== undefined && articleId?.test(canonicalUrl(url))) yield hasId;
}

/** A rule of shapes, where the count is within its bounds. */
function counted(rules: ArticleRules, id: string, count: number): Reason[] {
  const rule = rules.shapes.get(id);
  if (rule === undefined || count < (rule.atLeast ?? 0) || count > (rule.atMost ?? Infinity)) return [];
  return [{ rule: id, weight: rule.weight }];
}

function ofShape(url: URL, shape: AddressShape, rules: ArticleRules): Reason[] {
  if (shape.parts.length <= 2 && namesFrontPage(url)) return counted(rules, 'shape/front-page', 1);
  const { parts, slugWords, last } = shape;
  const hasDigits = /\d/.test(last) || /\d/.test(shape.query);
  return [
    ...counted(rules, 'shape/long-slug', slugWords),
    ...counted(rules, 'shape/slug', slugWords),
    ...(hasDigits
      ? []
      : [...counted(rules, 'shape/one-word', slugWords), ...counted(rules, 'shape/two-words', slugWords)]),
    ...counted(rules, 'shape/deep', parts.length),
  ];
}

function ofPatterns(shape: AddressShape, rules: ArticleRules): Reason[] {
  const { path, last, query, ending } = shape;
  const texts = { path, last, query, ending };
  return rules.patterns.filter(({ on, pattern }) => pattern.test(texts[on])).map(({ reason }) => reason);
}

/** No word of the lists is longer. */
const MAX_WORD_CHARS = 50;
/** As in `page-2` or `archive-2026`. */
const NUMBER_AT_END = /-\d{1,4}$/;

/** Each rule once, whatever of its words there are. A slug is no place for words: articles have them all in their titles. */
function ofWords({ parts, slugWords }: AddressShape, rules: ArticleRules): Reason[] {
  const spoken = new Map<string, Reason>();
  let isBelow = false;
  for (const [n, part] of parts.entries()) {
    if (part.length > MAX_WORD_CHARS) continue;
    const isLast = n === parts.length - 1;
    const key = partKey(part).replace(NUMBER_AT_END, '');
    const reason = (isLast ? rules.words.last.get(key) : undefined) ?? rules.words.part.get(key);
    if (reason === undefined) continue;
    spoken.set(reason.rule, reason);
    isBelow ||= !isLast && reason.weight < 0;
  }
  return [...spoken.values(), ...(isBelow ? counted(rules, 'shape/slug-below-list', slugWords) : [])];
}

function ofText(text: string | undefined, rules: ArticleRules): Reason[] {
  const plain = (text ?? '').trim();
  if (plain === '') return [];
  const word = rules.words.text.get(wordKey(plain.slice(0, 80)));
  if (word !== undefined) return [{ rule: word.rule, weight: word.weight }];
  const words = wordsOf(plain);
  return [
    ...counted(rules, 'text/long-headline', words),
    ...counted(rules, 'text/headline', words),
    ...counted(rules, 'text/few-words', words),
  ];
}
