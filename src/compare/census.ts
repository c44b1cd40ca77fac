/** Which sentences the publisher added or took away, and which only changed their place on the page (law 4). */
import type { Passage, Side } from './fingerprint.ts';
import { squeeze } from './fingerprint.ts';
import { occurrences } from './occurrences.ts';
import { sentencesOf } from './sentences.ts';

/** A sentence of a passage that has no equal passage in the other reading. */
export interface Sentence {
  readonly passage: Passage;
  readonly text: string;
  readonly squeezed: string;
  /** The same sentence in the other reading's article. */
  partner?: Sentence;
  /** True where the page as a whole holds it more often than the other page does: the publisher's doing. */
  isEdit: boolean;
}
export interface Relabelled {
  readonly text: string;
  readonly to: 'article' | 'boilerplate';
}
export interface Census {
  readonly before: readonly Sentence[];
  readonly after: readonly Sentence[];
  readonly relabelled: readonly Relabelled[];
}

const sentencesIn = (passages: readonly Passage[], language: string): Sentence[] =>
  passages.flatMap((passage) =>
    sentencesOf(passage.block.text, language).map((text) => ({
      passage,
      text,
      squeezed: squeeze(text),
      isEdit: false,
    })),
  );

export function groupedByText(sentences: readonly Sentence[]): Map<string, Sentence[]> {
  const groups = new Map<string, Sentence[]>();
  for (const sentence of sentences) {
    const group = groups.get(sentence.squeezed);
    if (group) group.push(sentence);
    else groups.set(sentence.squeezed, [sentence]);
  }
  return groups;
}

/** Makes partners of equal sentences, the k-th with the k-th. */
function makePartners(before: readonly Sentence[], after: readonly Sentence[]): void {
  const others = groupedByText(after);
  for (const [key, sentences] of groupedByText(before)) {
    const counterparts = others.get(key) ?? [];
    for (let k = 0; k < Math.min(sentences.length, counterparts.length); k++) {
      const [one, other] = [sentences[k] as Sentence, counterparts[k] as Sentence];
      one.partner = other;
      other.partner = one;
    }
  }
}

type Counts = ReadonlyMap<string, number> | null;
type Surplus = (sentence: string) => number;

/** How much more often the one text holds a sentence than the other; without bound where that could not be counted. */
const surplusOf =
  (own: Counts, other: Counts): Surplus =>
  (sentence) =>
    own && other ? (own.get(sentence) ?? 0) - (other.get(sentence) ?? 0) : Infinity;

/**
 * Marks the publisher's sentences; gives those that the other page holds as often, though not in its article. The article must
 * have lost or won them too: where a text is only split otherwise, a scrap such as "it." may come and go in the noise.
 */
function judge(sentences: readonly Sentence[], onPage: Surplus, inArticle: Surplus): string[] {
  const moved: string[] = [];
  const lonely = sentences.filter((sentence) => !sentence.partner);
  for (const [key, group] of groupedByText(lonely)) {
    const edited = Math.max(0, Math.min(group.length, onPage(key), inArticle(key)));
    for (const sentence of group.slice(group.length - edited)) sentence.isEdit = true;
    if (edited < group.length && inArticle(key) > 0) moved.push((group[0] as Sentence).text);
  }
  return moved;
}

/** Of the passages given (those without an equal in the other reading) every sentence, judged. */
export function takeCensus(
  before: Side,
  after: Side,
  passages: { readonly before: readonly Passage[]; readonly after: readonly Passage[] },
): Census {
  const old = sentencesIn(passages.before, before.reading.language);
  const fresh = sentencesIn(passages.after, after.reading.language);
  makePartners(old, fresh);
  const keys = new Set([...old, ...fresh].filter((sentence) => !sentence.partner).map(({ squeezed }) => squeezed));
  if (keys.size === 0) return { before: old, after: fresh, relabelled: [] };
  const isOnPage = before.bodyIn === 'page' && after.bodyIn === 'page';
  const count = (text: string) => occurrences(text, keys);
  const pages = [before, after].map((side) => count(isOnPage ? side.pageText : side.allText)) as [Counts, Counts];
  const articles = [before, after].map((side) => count(side.articleText)) as [Counts, Counts];
  const left = judge(old, surplusOf(...pages), surplusOf(...articles));
  pages.reverse();
  articles.reverse();
  const came = judge(fresh, surplusOf(...pages), surplusOf(...articles));
  return {
    before: old,
    after: fresh,
    relabelled: [
      ...left.map((text) => ({ text, to: 'boilerplate' as const })),
      ...came.map((text) => ({ text, to: 'article' as const })),
    ],
  };
}
