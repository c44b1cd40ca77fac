/** The lines of a dump, each with what it says; lines that run several things together are parted. */
import { marksOf, rawLines, type Marks, type RawLine } from './dump-wrap.ts';
import { effectiveLength, endsSentence } from './measure-text.ts';
import { phraseHits, wholePhraseAtEnd, type Hit, type Rules } from './rules.ts';

export interface DumpLine extends Marks {
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
  /** An entry of the table of addresses that text browsers put at the end. */
  readonly isAddress: boolean;
}

const PROSE_CHARS = 60;
const STRONG = 45;
const SIGN = /^\P{L}{0,2}(?:[©ⓒ]|\(c\)\s)/iu;
const ADDRESS = /^(?:\d{1,4}\.|\[\d{1,4}\]:?)\s+(?:https?|file|mailto|ftp):\S+$/i;
const MAX_CREDIT_CHARS = 120;
/** The name of a site stands among the first lines. */
const NAME_REACH = 8;
const MIN_NAME_CHARS = 3;
const MAX_NAME_CHARS = 40;

export function readLines(text: string, site: string, rules: Rules): DumpLine[] {
  const lines = rawLines(text);
  const parts = lines.flatMap((line, i) => partsOf(line, lines[i + 1]?.text ?? '', site, rules));
  return parts.map((part) => lineOf(part, site, rules));
}

function lineOf({ raw, text, path }: RawLine, site: string, rules: Rules): DumpLine {
  const marks = marksOf(raw);
  const { bare, columns } = marks;
  const hits = phraseHits(rules, bare).filter(({ weight }) => weight >= STRONG);
  // A row of links says what it is by most of its entries.
  const columnHit =
    columns.length > 1
      ? columns.flatMap((column) => phraseHits(rules, column)).find(({ weight }) => weight >= STRONG)
      : undefined;
  const hit = hits.toSorted((a, b) => b.weight - a.weight)[0] ?? columnHit;
  const isAlt = site !== '' && text.endsWith(` - ${site}`) && text.length > site.length + 10;
  const isCredit = SIGN.test(text) || (hit?.label === 'credit' && text.length <= MAX_CREDIT_CHARS);
  const isProse =
    effectiveLength(bare) > PROSE_CHARS &&
    (endsSentence(bare) || /[:：]$/.test(bare)) &&
    marks.level === 0 &&
    !marks.isLinks &&
    !isAlt &&
    !isCredit &&
    (!hit || hit.label === 'correction');
  const isColumns = columns.length > 2 || (columns.length > 1 && marks.isLinks);
  return { ...marks, text, path, hit, isProse, isAlt, isCredit, isColumns, isAddress: ADDRESS.test(text) };
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
  if (parts.length === 1) return [line];
  return parts.map((text, i) => ({ raw: text, text, path: i === 0 ? line.path : `${line.path}/${i + 1}` }));
}

const isName = (name: string): boolean => name.length >= MIN_NAME_CHARS && name.length <= MAX_NAME_CHARS;

/**
 * The name that ends the alternative texts; else the one among the first lines that stands again behind a copyright sign; else
 * the first line, if it stands again further down. Empty where there is none.
 */
export function siteNameOf(text: string): string {
  const lines = rawLines(text).map(({ raw }) => marksOf(raw).bare);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const at = line.lastIndexOf(' - ');
    const name = at > 0 ? line.slice(at + 3) : /^[-–—]\s+(.+)$/.exec(line)?.[1];
    if (name !== undefined && name.length >= 2 && name.length <= 60) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  if (best && best[1] >= 2) return best[0];
  const claims = lines.filter((line) => SIGN.test(line) || /[©ⓒ]/.test(line));
  const owned = lines
    .slice(0, NAME_REACH)
    .flatMap((line) => [line, line.split(/ [-–—|] /, 1)[0] ?? ''])
    .find((name) => isName(name) && claims.some((claim) => claim.includes(name) && !claim.startsWith(name)));
  if (owned !== undefined) return owned;
  const [first = ''] = lines;
  return isName(first) && lines.slice(1).some((line) => line.includes(first)) ? first : '';
}
