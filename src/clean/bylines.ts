/** Parts who wrote an article from when, where one line says both: `By Ana Reyes  3 March 2024, 14:05`. */
import type { Label } from '../core/labels.ts';
import { cutIn } from './cuts.ts';
import type { DateWords } from './dates.ts';
import type { Labelled } from './label.ts';
import { isOtherHand, namesIn, nameWordsOf, type NameWords } from './names.ts';
import { phraseHits, plain, type Rules } from './rules.ts';
import { timesIn } from './written-dates.ts';

const MAX_LINE_CHARS = 240;
const SEPARATORS = /[\s|•·,;:/–—-]+$/u;
/** A word glued to the name before it: markup parts the two for the eye only. */
const MIN_GLUED_CHARS = 4;
/** What may follow a day: a clock, a zone, the word for "o'clock". */
const CLOCK_REST =
  /^(?:[\s,|•·–—-]*(?:\d{1,2}[:.h]\d\d(?::\d\d)?|(?:[ap]\.?m\.?|uhr|wib|gmt|utc|c?e[st]t|[a-z]{1,3}t)\b))*[\s|•·,;/–—-]*/iu;
const TWO_WORDS = /\p{L}[\p{M}.]?\s\p{L}|[\p{Script=Han}\p{Script=Hangul}]{2}/u;
/** In a line about a date, two capitals are the least a name shows. */
const CAPITALISED = /^\p{Lu}\S*(?:\s+\p{Lu}\S*)+[\s,|·–—-]*$/u;
const DATE_REASON = [{ rule: 'dateline/in-byline', weight: 50 }];
const NAME_REASON = [{ rule: 'byline/beside-date', weight: 50 }];

/** Where the date begins, with the words that belong to it: "Published on". */
function startOfDate(text: string, from: number, words: NameWords): number {
  let at = from;
  for (;;) {
    const head = text.slice(0, at).replace(SEPARATORS, '');
    const last = /[\p{L}\p{M}.]+$/u.exec(head)?.[0] ?? '';
    if (last === '') return at;
    const isWord = words.beforeDates.has(plain(last)) || words.beforeDates.has(plain(last.replace(/\.$/, '')));
    const glued = isWord
      ? last
      : [...words.beforeDates].find((word) => word.length >= MIN_GLUED_CHARS && plain(last).endsWith(word));
    if (glued === undefined || plain(head).length !== head.length) return at;
    at = head.length - glued.length;
  }
}

/** What the names in a line are told by. */
interface Tellers {
  readonly dates: DateWords;
  readonly words: NameWords;
  /** Names that the page's data give. */
  readonly known: readonly string[];
  readonly rules: Rules;
}

/** Whether a part of a line names somebody: as the page's data do, behind "By", or in the place for it. */
function isName(part: string, label: Label, { words, known, rules }: Tellers): boolean {
  const text = part.trim();
  if (!/\p{L}{2}/u.test(text) || isOtherHand(text, words)) return false;
  if (known.some((name) => text.includes(name))) return true;
  const hits = phraseHits(rules, text);
  if (hits.some((hit) => hit.label === 'dateline') || namesIn(text, words, 'line').length === 0) return false;
  return hits.some((hit) => hit.label === 'byline') || (label === 'byline' ? TWO_WORDS : CAPITALISED).test(text);
}

function partLine(one: Labelled, tellers: Tellers): Labelled[] {
  const { text, cells } = one.judged.piece;
  if (text.length > MAX_LINE_CHARS || cells) return [one];
  const times = timesIn(text, tellers.dates);
  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last) return [one];
  const reasons = one.label === 'byline' ? one.reasons : NAME_REASON;
  const start = startOfDate(text, first.from, tellers.words);
  if (start > 0 && isName(text.slice(0, start), one.label, tellers))
    return cutIn(one, start, ['byline', 'dateline'], [reasons, DATE_REASON]);
  const end = last.to + (CLOCK_REST.exec(text.slice(last.to))?.[0].length ?? 0);
  return isName(text.slice(end), one.label, tellers)
    ? cutIn(one, end, ['dateline', 'byline'], [DATE_REASON, reasons])
    : [one];
}

/** `known` are the names that the page's data give. */
export function withPartedBylines(
  labelled: readonly Labelled[],
  known: readonly string[],
  dates: DateWords,
  rules: Rules,
): Labelled[] {
  const tellers = { dates, known, rules, words: nameWordsOf(rules.words) };
  return labelled.flatMap((one) =>
    one.label === 'byline' || one.label === 'dateline' ? partLine(one, tellers) : [one],
  );
}
