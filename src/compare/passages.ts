/** What changed in the text of an article, passage by passage. */
import { bestPairs, gapsOf, longestRise, matchEqual, pairAlike, type Pair } from './alignment.ts';
import { groupedByText, takeCensus, type Census, type Relabelled, type Sentence } from './census.ts';
import type { Passage, Side } from './fingerprint.ts';

export interface Excerpt {
  readonly passage: Passage;
  /** The whole passage, or of one that was split or merged what concerns the edit. */
  readonly text: string;
}
/** A passage reworded (both sides), removed (the older only), added (the newer only) or moved. */
export interface PassageEdit {
  readonly before?: Excerpt;
  readonly after?: Excerpt;
  readonly isMove: boolean;
}
export interface PassageChanges {
  /** In the order of the newer reading. */
  readonly edits: readonly PassageEdit[];
  readonly relabelled: readonly Relabelled[];
}

const byPassage = (sentences: readonly Sentence[]): Map<Passage, Sentence[]> => {
  const grouped = new Map<Passage, Sentence[]>();
  for (const sentence of sentences) {
    const group = grouped.get(sentence.passage);
    if (group) group.push(sentence);
    else grouped.set(sentence.passage, [sentence]);
  }
  return grouped;
};
const isEdited = (sentences: readonly Sentence[] | undefined): boolean => sentences?.some((s) => s.isEdit) ?? false;

type Grouped = ReadonlyMap<Passage, readonly Sentence[]>;

/** Passages that share sentences are one passage: the more text they share the surer, and those that both changed first. */
function pairByShared(old: Grouped, fresh: Grouped, total: number): Pair[] {
  const edited = new Set([...old, ...fresh].flatMap(([passage, sentences]) => (isEdited(sentences) ? [passage] : [])));
  const shared = new Map<number, { pair: Pair; score: number }>();
  for (const [passage, sentences] of old) {
    for (const { partner, squeezed } of sentences) {
      if (!partner || (!edited.has(passage) && !edited.has(partner.passage))) continue;
      const key = passage.at * total + partner.passage.at;
      const bothChanged = edited.has(passage) && edited.has(partner.passage);
      const entry = shared.get(key) ?? { pair: [passage.at, partner.passage.at], score: bothChanged ? 1e9 : 0 };
      entry.score += squeezed.length;
      shared.set(key, entry);
    }
  }
  return bestPairs([...shared.values()]);
}

/** Pairs in the order of the older reading, without those that cross others. */
function inOrder(pairs: readonly Pair[]): Pair[] {
  const sorted = pairs.toSorted((x, y) => x[0] - y[0]);
  const rising = longestRise(sorted.map(([, after]) => after));
  return sorted.filter((_, index) => rising.has(index));
}

const excerpt = (passage: Passage, sentences: readonly Sentence[], keep: (sentence: Sentence) => boolean): Excerpt => {
  const kept = sentences.filter(keep);
  const isWhole = kept.length === sentences.length;
  return { passage, text: isWhole ? passage.block.text.trim() : kept.map(({ text }) => text).join(' ') };
};

/** The edits of paired passages and of those left alone. */
function editsOf(old: Grouped, fresh: Grouped, pairs: readonly Pair[]): PassageEdit[] {
  const afterOf = new Map(pairs);
  const freshAt = new Map([...fresh.keys()].map((passage) => [passage.at, passage]));
  const edits: PassageEdit[] = [];
  const paired = new Set<Passage>();
  for (const [passage, sentences] of old) {
    const other = freshAt.get(afterOf.get(passage.at) ?? -1);
    const others = other && fresh.get(other);
    if (other && others && (isEdited(sentences) || isEdited(others))) {
      paired.add(other);
      edits.push({
        before: excerpt(passage, sentences, ({ partner }) => !partner || partner.passage === other),
        after: excerpt(other, others, ({ partner }) => !partner || partner.passage === passage),
        isMove: false,
      });
    } else if (isEdited(sentences)) {
      edits.push({ before: excerpt(passage, sentences, ({ isEdit }) => isEdit), isMove: false });
    }
  }
  for (const [passage, sentences] of fresh) {
    if (paired.has(passage) || !isEdited(sentences)) continue;
    edits.push({ after: excerpt(passage, sentences, ({ isEdit }) => isEdit), isMove: false });
  }
  return edits;
}

/** Shorter text (a pull quote, a sub-heading) is moved about by templates. */
const MOVABLE_MIN_CHARS = 40;
const isMovable = ({ block }: Passage): boolean => block.label === 'paragraph';

interface Piece {
  readonly before: Passage;
  readonly after: Passage;
  readonly orderBefore: number;
  readonly orderAfter: number;
  readonly text: string;
}

/** Text that stands once in each article, with its place in both: whole passages, and sentences of those that differ. */
function piecesOf(before: Side, after: Side, unique: readonly Pair[], census: Census): Piece[] {
  const pieces: Piece[] = unique.map(([i, j]) => {
    const [one, other] = [before.passages[i] as Passage, after.passages[j] as Passage];
    return { before: one, after: other, orderBefore: i, orderAfter: j, text: one.block.text.trim() };
  });
  const rank = new Map(census.after.map((sentence, index) => [sentence, index / (census.after.length + 1)]));
  const others = groupedByText(census.after);
  const counts = groupedByText(census.before);
  for (const [index, { partner, passage, squeezed, text }] of census.before.entries()) {
    if (!partner || counts.get(squeezed)?.length !== 1 || others.get(squeezed)?.length !== 1) continue;
    const orderBefore = passage.at + index / (census.before.length + 1);
    const orderAfter = partner.passage.at + (rank.get(partner) ?? 0);
    pieces.push({ before: passage, after: partner.passage, orderBefore, orderAfter, text });
  }
  return pieces.filter(
    (piece) => isMovable(piece.before) && isMovable(piece.after) && piece.text.length >= MOVABLE_MIN_CHARS,
  );
}

function movesOf(pieces: readonly Piece[], edits: readonly PassageEdit[]): PassageEdit[] {
  const sorted = pieces.toSorted((x, y) => x.orderBefore - y.orderBefore);
  const kept = longestRise(sorted.map(({ orderAfter }) => orderAfter));
  const told = new Set(edits.flatMap(({ before, after }) => [before?.passage, after?.passage]));
  const moves = new Map<string, Piece[]>();
  for (const [index, piece] of sorted.entries()) {
    if (kept.has(index) || (told.has(piece.before) && told.has(piece.after))) continue;
    const key = `${piece.before.at} ${piece.after.at}`;
    const group = moves.get(key);
    if (group) group.push(piece);
    else moves.set(key, [piece]);
  }
  return [...moves.values()].map((group) => {
    const [first] = group as [Piece];
    const text = group.map((piece) => piece.text).join(' ');
    return { before: { passage: first.before, text }, after: { passage: first.after, text }, isMove: true };
  });
}

/** Where in the newer reading an edit belongs; what was removed, behind what stood before it. */
function placedBy(anchors: readonly Pair[]): (edit: PassageEdit) => number {
  return ({ before, after }) => {
    if (after) return after.passage.at;
    const at = before?.passage.at ?? 0;
    let [low, high] = [0, anchors.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((anchors[middle] as Pair)[0] < at) low = middle + 1;
      else high = middle;
    }
    return low > 0 ? (anchors[low - 1] as Pair)[1] + 0.5 : -1;
  };
}

const isLonely = (sentences: readonly Sentence[] | undefined): boolean =>
  sentences?.some(({ partner }) => !partner) ?? false;

/** Compares the passages of two readings; time grows as n log n with their number, and linearly with their text. */
export function comparePassages(before: Side, after: Side): PassageChanges {
  const equal = matchEqual(before.passages, after.passages);
  const restOf = (passages: readonly Passage[], side: 0 | 1): Passage[] => {
    const matched = new Set(equal.pairs.map((pair) => pair[side]));
    return passages.filter(({ at }) => !matched.has(at));
  };
  const rest = { before: restOf(before.passages, 0), after: restOf(after.passages, 1) };
  const census = takeCensus(before, after, rest);
  const [old, fresh] = [byPassage(census.before), byPassage(census.after)];
  const shared = pairByShared(old, fresh, after.passages.length);
  const anchors = inOrder([...equal.unique, ...shared]);
  const sharedBefore = new Set(shared.map(([at]) => at));
  const sharedAfter = new Set(shared.map(([, at]) => at));
  const alike = pairAlike(
    rest.before.filter((passage) => !sharedBefore.has(passage.at) && isLonely(old.get(passage))),
    rest.after.filter((passage) => !sharedAfter.has(passage.at) && isLonely(fresh.get(passage))),
    {
      before: gapsOf(
        before.passages.length,
        anchors.map(([at]) => at),
      ),
      after: gapsOf(
        after.passages.length,
        anchors.map(([, at]) => at),
      ),
    },
  );
  const edits = editsOf(old, fresh, [...shared, ...alike]);
  edits.push(...movesOf(piecesOf(before, after, equal.unique, census), edits));
  const placeOf = placedBy(anchors);
  return { edits: edits.toSorted((x, y) => placeOf(x) - placeOf(y)), relabelled: census.relabelled };
}
