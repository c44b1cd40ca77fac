/** The lines of a dump, each with what it says; lines that run several things together are parted. */
import { effectiveLength, endsSentence, squeeze } from './measure-text.ts';
import { phraseHits, wholePhraseAtEnd, type Hit, type Rules } from './rules.ts';

export interface DumpLine {
  readonly text: string;
  /** `line[7]`, and `line[7]/2` for the second thing in it. */
  readonly path: string;
  /** The strongest thing its words say. */
  readonly hit: Hit | undefined;
  readonly isProse: boolean;
  /** Ends in " - " and the name of the site, as the alternative text of pictures does. */
  readonly isAlt: boolean;
  readonly isCredit: boolean;
  /** Several columns side by side, as of a menu. */
  readonly isColumns: boolean;
}

const PROSE_CHARS = 60;
const STRONG = 45;
const SIGN = /^\P{L}{0,2}(?:[©ⓒ]|\(c\)\s)/iu;
const LINE_END = /\r\n|[\n\r\u2028\u2029\u0085]/;
const COLUMN = /\t|\s{4,}/;
const MAX_CREDIT_CHARS = 120;

interface RawLine {
  readonly raw: string;
  readonly text: string;
  readonly path: string;
}

const rawLines = (text: string): RawLine[] =>
  text
    .split(LINE_END)
    .map((raw, i) => ({ raw: raw.trim(), text: squeeze(raw).trim(), path: `line[${i + 1}]` }))
    .filter((line) => line.text !== '');

export function readLines(text: string, site: string, rules: Rules): DumpLine[] {
  const lines = rawLines(text);
  const parts = lines.flatMap((line, i) => partsOf(line, lines[i + 1]?.text ?? '', site, rules));
  return parts.map((part) => lineOf(part, site, rules));
}

function lineOf({ raw, text, path }: RawLine, site: string, rules: Rules): DumpLine {
  const hits = phraseHits(rules, text).filter(({ weight }) => weight >= STRONG);
  const columns = raw.split(COLUMN).filter((column) => column !== '');
  // A row of links says what it is by most of its entries.
  const columnHit =
    columns.length > 1
      ? columns.flatMap((column) => phraseHits(rules, column)).find(({ weight }) => weight >= STRONG)
      : undefined;
  const hit = hits.toSorted((a, b) => b.weight - a.weight)[0] ?? columnHit;
  const isAlt = site !== '' && text.endsWith(` - ${site}`) && text.length > site.length + 10;
  const isCredit = SIGN.test(text) || (hit?.label === 'credit' && text.length <= MAX_CREDIT_CHARS);
  const isProse =
    effectiveLength(text) > PROSE_CHARS &&
    endsSentence(text) &&
    !isAlt &&
    !isCredit &&
    (!hit || hit.label === 'correction');
  return { text, path, hit, isProse, isAlt, isCredit, isColumns: columns.length > 2 };
}

/** A credit, a link and a caption may run together in one line; the caption stands again in the alternative text below. */
function partsOf(line: RawLine, next: string, site: string, rules: Rules): RawLine[] {
  const suffix = ` - ${site}`;
  const caption = site !== '' && next.endsWith(suffix) ? next.slice(0, -suffix.length) : '';
  const isGlued = caption.length > 8 && line.text.endsWith(caption) && line.text.length > caption.length;
  if (!isGlued && !SIGN.test(line.text)) return [line];
  const rest = isGlued ? line.text.slice(0, -caption.length).trim() : line.text;
  const linkAt = wholePhraseAtEnd(rules, rest);
  const texts = [...(linkAt > 0 ? [rest.slice(0, linkAt), rest.slice(linkAt)] : [rest]), ...(isGlued ? [caption] : [])];
  const parts = texts.map((text) => text.trim()).filter((text) => text !== '');
  return parts.map((text, i) => ({ raw: text, text, path: i === 0 ? line.path : `${line.path}/${i + 1}` }));
}

/** The name that ends the alternative texts, or that stands first and again further down; empty where there is none. */
export function siteNameOf(text: string): string {
  const lines = rawLines(text).map((line) => line.text);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const at = line.lastIndexOf(' - ');
    const name = at > 0 ? line.slice(at + 3) : /^[-–—]\s+(.+)$/.exec(line)?.[1];
    if (name !== undefined && name.length >= 2 && name.length <= 60) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (best && best[1] >= 2) return best[0];
  const [first = ''] = lines;
  const isName = first.length >= 3 && first.length <= 40 && lines.slice(1).some((line) => line.includes(first));
  return isName ? first : '';
}
