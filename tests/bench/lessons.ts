/** What the gold data teach: for every piece of a page its measures, whether it belongs to the article's body, and how much that matters. */
import { FEATURES, measurePieces } from '../../src/clean/features.ts';
import { labelPieces } from '../../src/clean/label.ts';
import { judgePage } from '../../src/clean/page.ts';
import { rulesOf } from '../../src/clean/rules.ts';
import type { RuleSource } from '../../src/core/rules.ts';
import { goldOf, htmlOf, publisherOf, type Gold } from './bench-pages.ts';
import { tokensOf } from './scoring.ts';

/** One page, piece by piece. */
export interface Lesson {
  readonly set: string;
  readonly gold: Gold;
  readonly publisher: string;
  readonly rows: Int32Array;
  /** Pieces that the trees are never asked about. */
  readonly isOutside: readonly boolean[];
  readonly texts: readonly string[];
  /** As the rules alone label them. */
  readonly labels: readonly string[];
  readonly answers: Uint8Array;
  /** 0 where the gold does not tell. */
  readonly weights: Float64Array;
}

const SHINGLE = 4;
/** Texts this long that stand on the page twice are the body once. */
const MIN_REPEATED_TOKENS = 12;
const NEAR = 3;
/** The news sets are few pages and the aim. */
const SET_WEIGHTS: Readonly<Record<string, number>> = { aeb: 3, fundus: 3, traf: 1.5, wcxb: 1 };
/** A page's wrong pieces count no more than this share of its right ones. */
const MAX_NEGATIVE_SHARE = 1.5;

const shinglesOf = (tokens: readonly string[]): string[] =>
  tokens.length < SHINGLE ? [] : tokens.slice(SHINGLE - 1).map((_, i) => tokens.slice(i, i + SHINGLE).join(' '));

/** Which pieces hold text of the gold body. */
function answersOf(texts: readonly string[], tokens: readonly (readonly string[])[], gold: string): Uint8Array {
  const wanted = new Set(shinglesOf(tokensOf(gold)));
  const lines = new Set(gold.split('\n').map((line) => tokensOf(line).join(' ')));
  const answers = Uint8Array.from(tokens, (own) => {
    const shingles = shinglesOf(own);
    return shingles.length > 0 && shingles.filter((s) => wanted.has(s)).length * 2 >= shingles.length ? 1 : 0;
  });
  const isLongYes = (i: number): boolean => answers[i] === 1 && (tokens[i]?.length ?? 0) >= 6;
  const long = texts.map((_, i) => isLongYes(i));
  for (const [i, own] of tokens.entries()) {
    if (own.length >= SHINGLE || own.length === 0) continue;
    const isNear = long.slice(Math.max(0, i - NEAR), i + NEAR + 1).includes(true);
    if (isNear && lines.has(own.join(' '))) answers[i] = 1;
  }
  return answers;
}

/** Pieces that repeat a text of the body elsewhere on the page: all but the one with most of the body around it. */
function repeats(tokens: readonly (readonly string[])[], answers: Uint8Array): Set<number> {
  const placesOf = new Map<string, number[]>();
  for (const [i, own] of tokens.entries()) {
    if (answers[i] !== 1 || own.length < MIN_REPEATED_TOKENS) continue;
    const key = own.join(' ');
    placesOf.set(key, [...(placesOf.get(key) ?? []), i]);
  }
  const around = (i: number): number => answers.slice(Math.max(0, i - 5), i + 6).reduce((sum, a) => sum + a, 0);
  const out = new Set<number>();
  for (const places of placesOf.values()) {
    if (places.length < 2) continue;
    const best = places.reduce((a, b) => (around(b) > around(a) ? b : a));
    for (const place of places) if (place !== best) out.add(place);
  }
  return out;
}

/** Half by the share of the page's body, half by length: a long page must not drown the short ones, nor a menu the paragraphs. */
function weigh(
  tokens: readonly (readonly string[])[],
  answers: Uint8Array,
  known: readonly boolean[],
  set: string,
): Float64Array {
  const of = (i: number): number => tokens[i]?.length ?? 0;
  let body = 0;
  let other = 0;
  for (let i = 0; i < answers.length; i++) {
    if (!known[i]) continue;
    if (answers[i] === 1) body += of(i);
    else other += of(i);
  }
  const whole = Math.max(60, body);
  const negative = Math.min(1, (MAX_NEGATIVE_SHARE * whole) / Math.max(1, other));
  return Float64Array.from(answers, (answer, i) => {
    if (!known[i]) return 0;
    const share = (of(i) / whole) * (answer === 1 ? 1 : negative);
    return (SET_WEIGHTS[set] ?? 1) * (30 * share + 0.5 * Math.sqrt(of(i)) * 0.3);
  });
}

/** Of a page of which only snippets are known: pieces that hold one that belongs to the body, or one that must not. */
function snippetAnswers(texts: readonly string[], gold: Gold): { answers: Uint8Array; known: boolean[] } {
  const squeezed = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  const wanted = (gold.with ?? []).map(squeezed).filter((s) => s.length > 3);
  const unwanted = (gold.without ?? []).map(squeezed).filter((s) => s.length > 3);
  const plain = texts.map(squeezed);
  const has = (text: string, snippets: readonly string[]): boolean => snippets.some((s) => text.includes(s));
  const counted = (snippets: readonly string[]) =>
    snippets.filter((s) => plain.filter((t) => t.includes(s)).length === 1);
  const [yes, no] = [counted(wanted), counted(unwanted)];
  const answers = Uint8Array.from(plain, (text) => (has(text, yes) ? 1 : 0));
  return { answers, known: plain.map((text) => has(text, yes) || has(text, no)) };
}

function lessonOf(set: string, gold: Gold, html: string, source: RuleSource): Lesson {
  const rules = rulesOf(source);
  const { ruledVerdict: verdict, pageClaims, siteName, description } = judgePage(html, rules);
  const { rows, isOutside } = measurePieces(verdict, pageClaims);
  const labelled = labelPieces(verdict, {
    description,
    siteName: siteName ?? '',
    authors: [],
    readsAsTime: () => false,
  });
  const texts = verdict.judged.map(({ piece }) => piece.text);
  const labels = labelled.map(({ label }) => label as string);
  const tokens = texts.map(tokensOf);
  const isOpen = (i: number): boolean =>
    labels[i] !== 'headline' && labels[i] !== 'lead' && (tokens[i]?.length ?? 0) > 0;
  const summary = new Set(((gold as { summary?: string[] }).summary ?? []).map((line) => tokensOf(line).join(' ')));
  let answers: Uint8Array;
  let known: boolean[];
  if (gold.text === undefined) ({ answers, known } = snippetAnswers(texts, gold));
  else {
    answers = answersOf(texts, tokens, gold.text);
    const again = repeats(tokens, answers);
    known = texts.map((_, i) => !again.has(i) && !summary.has((tokens[i] ?? []).join(' ')));
  }
  known = known.map((is, i) => is && isOpen(i) && !isOutside[i]);
  const weights =
    gold.text === undefined
      ? Float64Array.from(answers, (_, i) =>
          known[i] ? SET_WEIGHTS[set]! * 0.6 * Math.min(6, Math.sqrt(tokens[i]?.length ?? 0)) : 0,
        )
      : weigh(tokens, answers, known, set);
  return { set, gold, publisher: publisherOf(gold.url), rows, isOutside, texts, labels, answers, weights };
}

/** All pages of `sets` as lessons. */
export function* lessonsOf(bench: string, sets: readonly string[], source: RuleSource): Generator<Lesson> {
  for (const set of sets)
    for (const gold of goldOf(bench, set)) yield lessonOf(set, gold, htmlOf(bench, set, gold.id), source);
}

export const COLUMNS = FEATURES;
