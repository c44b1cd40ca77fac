/** Text to sentences. */

/**
 * `Intl.Segmenter` takes time that grows with the square of the text (2 MB took it 165 s, in pieces 0.1 s), and a sentence
 * longer than this is no sentence.
 */
const MAX_PIECE_CHARS = 4000;

const segmenters = new Map<string, Intl.Segmenter>();
/** One a language: making one costs 15 ms. */
function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    const isKnown = /^[a-z]{2,3}(?:-|$)/i.test(language) && language !== 'und';
    // Never the machine's own locale, which would make two machines differ.
    const locale = isKnown ? (language.split('-')[0] as string) : 'en';
    segmenter = new Intl.Segmenter(locale, { granularity: 'sentence' });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}

/** Cuts at the last end of a sentence within reach, else at a space, else anywhere but inside a character. */
function* pieces(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > MAX_PIECE_CHARS) {
    const reach = text.slice(from, from + MAX_PIECE_CHARS);
    const end = /^[\s\S]*(?:[.!?…]\s|[。！？।؟\n])/u.exec(reach)?.[0].length ?? reach.lastIndexOf(' ') + 1;
    const isHighSurrogate = /[\uD800-\uDBFF]$/.test(reach);
    const length = end > 0 ? end : MAX_PIECE_CHARS - (isHighSurrogate ? 1 : 0);
    yield text.slice(from, from + length);
    from += length;
  }
  yield text.slice(from);
}

/**
 * True where the break between two segments is none: after an initial or a short abbreviation ("J.", "Dr.", "U.S."), after
 * an ordinal ("on 3."), before a small letter, and where one side holds no word at all. By structure alone, in any
 * language; to join two real sentences does no harm, since both readings are cut alike.
 */
function isNoBreak(segment: string, next: string): boolean {
  const end = segment.slice(-12).trimEnd();
  if (/(?:^|[^\p{L}\p{N}])(?:\p{Lu}\p{L}{0,2}|\p{N}{1,2})\.$/u.test(end)) return true;
  return /^\p{Ll}/u.test(next) || !/[\p{L}\p{N}]/u.test(next) || !/[\p{L}\p{N}]/u.test(segment);
}

/** One space or line end where there were many: a million line ends took nine seconds. */
const withSingleSpaces = (text: string): string =>
  text.replace(/\s{2,}/gu, (space) => (space.includes('\n') ? '\n' : ' '));

/** The sentences of a text, in order, with single spaces; nothing of the text but white space is left out. */
export function sentencesOf(text: string, language: string): string[] {
  const sentences: string[] = [];
  let open: string[] = [];
  let openChars = 0;
  const close = () => {
    const sentence = open.join('').trim();
    if (sentence !== '') sentences.push(sentence);
    open = [];
    openChars = 0;
  };
  for (const piece of pieces(withSingleSpaces(text))) {
    for (const { segment } of segmenterFor(language).segment(piece)) {
      const last = open.at(-1);
      const isOver = last !== undefined && (openChars > MAX_PIECE_CHARS || !isNoBreak(last, segment));
      if (isOver || last?.includes('\n')) close();
      open.push(segment);
      openChars += segment.length;
    }
  }
  close();
  return sentences;
}
