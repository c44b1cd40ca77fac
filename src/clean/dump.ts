/**
 * Reads the plain text of a page, such as a saved dump: its lines are the blocks. There is no markup to go by, so the
 * article is the longest run of prose, its headline the title-like line before it, and words say what the rest is.
 */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import type { Block } from '../core/schema.ts';
import { monthsOf, type DateWords } from './dates.ts';
import {
  furnitureOf,
  isListHeading,
  isOverAddresses,
  isPath,
  isStoryTitle,
  JAPANESE_CAPTION,
  LISTS,
  QUOTED,
  withoutCaptions,
  type Finding,
} from './dump-shapes.ts';
import { readLines, siteNameOf, type DumpLine } from './dump-lines.ts';
import { effectiveLength } from './measure-text.ts';
import { namesIn, nameWordsOf, type NameWords } from './names.ts';
import type { Rules } from './rules.ts';
import { readTime } from './written-dates.ts';

type Named = Omit<Block, 'id'>;
/** What is read from a dump as a whole. */
export interface Dump {
  readonly title: string;
  readonly siteName: string;
  readonly authors: readonly string[];
  readonly published: string | undefined;
  readonly modified: string | undefined;
  readonly blocks: readonly Named[];
}

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
/** What stands in menus under the same names as parts below the article. */
const IN_MENUS: ReadonlySet<Label> = new Set<Label>([...LISTS, 'ad', 'chat', 'footer']);
/** Lines that may interrupt the prose of one article: an inline related story and its caption, a button. */
const MAX_GAP = 3;
const HEADLINE_REACH = 12;
const MIN_TITLE_CHARS = 12;
const MAX_TITLE_CHARS = 220;
const PROSE_CHARS = 60;
const MENU_LINE_CHARS = 24;
const MENU_LINES = 3;
const SECTION_CHARS = 40;
const PATH_CHARS = 100;
const HEADING_CHARS = 120;
const ENTRY_CHARS = 140;
const NAME_CHARS = 45;
/** A dump without a single line break is all there is to read. */
const WHOLE_PAGE_CHARS = 200;

class DumpReader {
  readonly #lines: readonly DumpLine[];
  readonly #site: string;
  readonly #months: DateWords;
  readonly #names: NameWords;
  #first: number;
  readonly #last: number;
  readonly #headline: number;
  readonly #lead: number;

  constructor(text: string, rules: Rules) {
    this.#site = siteNameOf(text);
    this.#lines = withoutCaptions(readLines(text, this.#site, rules));
    this.#months = monthsOf(rules);
    this.#names = nameWordsOf(rules.words);
    const { first, last } = this.#longestRun();
    this.#first = first;
    this.#last = last;
    this.#headline = this.#headlineBefore(first);
    this.#lead = this.#leadFrom(first);
  }

  read(): Dump {
    let list: Finding | undefined;
    const findings = this.#lines.map((line, i): Finding => {
      const own = this.#finding(i);
      const found = own ?? list ?? (['other', 'dump/outside-prose', 20] as const);
      if (own) list = i > this.#last && isListHeading(line, own[0]) ? [own[0], own[1], 40] : undefined;
      return found;
    });
    const bares = (label: Label): string[] =>
      this.#lines.flatMap(({ bare }, i) => (findings[i]?.[0] === label ? [bare] : []));
    const times = bares('dateline').flatMap((line) => readTime(line, this.#months) ?? []);
    return {
      title: this.#lines[this.#headline]?.bare ?? '',
      siteName: this.#site,
      authors: [...new Set(bares('byline').flatMap((line) => namesIn(line, this.#names, 'line')))],
      published: times[0],
      modified: times.find((time) => time > (times[0] as string)),
      blocks: this.#lines.map((line, i) => blockOf(line, findings[i] as Finding)),
    };
  }

  /** First and last line of the run with most prose. */
  #longestRun(): { first: number; last: number } {
    let best = { first: -1, last: -1, chars: 0 };
    let run = { first: -1, last: -1, chars: 0 };
    let gap = 0;
    for (const [i, { isProse, text, isEntry, isLinks }] of this.#lines.entries()) {
      // A list inside the prose is a part of it, however long.
      if (!isProse && !(isEntry && !isLinks)) gap++;
      if (!isProse) continue;
      if (run.first < 0 || gap > MAX_GAP + 1) run = { first: i, last: i, chars: 0 };
      gap = 0;
      run = { ...run, last: i, chars: run.chars + effectiveLength(text) };
      if (run.chars > best.chars) best = run;
    }
    if (best.first >= 0) return best;
    const only = this.#lines.findIndex(({ text }) => effectiveLength(text) >= WHOLE_PAGE_CHARS);
    return { first: only, last: only };
  }

  #headlineBefore(first: number): number {
    let best = -1;
    for (let i = first - 1; i >= Math.max(0, first - HEADLINE_REACH); i--) {
      const line = this.#lines[i] as DumpLine;
      const { bare, isAlt, isCredit, isProse, hit, isLinks, isPicture, level } = line;
      if (level === 1) return i;
      const fits = bare.length >= MIN_TITLE_CHARS && bare.length <= MAX_TITLE_CHARS;
      const isOther = isAlt || isCredit || hit || isPicture || isLinks || line.isEntry || isPath(line);
      const isTitle = fits && !isOther && !(isProse && bare.endsWith('.')) && !this.#isCaption(i);
      const length = effectiveLength(bare);
      if (isTitle && (best < 0 || length > effectiveLength((this.#lines[best] as DumpLine).bare))) best = i;
    }
    return best;
  }

  /** The first sentence is the lead where who wrote it and when stands between it and the text, or where it alone is bold. */
  #leadFrom(first: number): number {
    if (first < 0 || first === this.#last) return -1;
    const next = this.#lines.findIndex(({ isProse }, i) => i > first && isProse);
    const between = this.#lines.slice(first + 1, next);
    const isParted = between.some(
      ({ hit, bare }) => hit?.label === 'byline' || hit?.label === 'dateline' || this.#readsAsTime(bare),
    );
    const { text } = this.#lines[first] as DumpLine;
    return isParted || /^(\*\*|__)[^*_]+\1$/.test(text) ? first : -1;
  }

  /** What a line is; undefined where only the list it stands in can tell. */
  #finding(i: number): Finding | undefined {
    const line = this.#lines[i] as DumpLine;
    if (line.isAddress || isOverAddresses(this.#lines, i)) return ['navigation', 'dump/table-of-links', 60];
    if (i === this.#headline) return ['headline', 'dump/title-line', 70];
    if (i === this.#lead) return ['lead', 'dump/before-byline', 50];
    if (this.#first >= 0 && i < this.#headline) return this.#aboveHeadline(line, i);
    const start = this.#lead < 0 ? this.#first : this.#lines.findIndex(({ isProse }, at) => at > this.#lead && isProse);
    if (i > this.#headline && i < start) return this.#beforeBody(line, i, start);
    if (i >= start && i <= this.#last) return this.#inBody(line, i);
    return furnitureOf(line, i > this.#last ? this.#authorsBefore(i) : []);
  }

  /** Above the headline stand the site's name, menu and slogan, and where in the site we are. */
  #aboveHeadline(line: DumpLine, i: number): Finding {
    if (this.#site !== '' && line.text.includes(this.#site)) return ['site-header', 'dump/site-name', 60];
    const isMenu = line.isColumns || this.#isInMenu(i);
    if (isPath(line) && line.text.length <= PATH_CHARS) return ['breadcrumb', 'dump/path', 50];
    if (line.hit && !(isMenu && IN_MENUS.has(line.hit.label))) return [line.hit.label, line.hit.rule, line.hit.weight];
    const isRepeated = i === this.#headline - 1 && this.#lines.slice(0, i).some(({ text }) => text === line.text);
    if (!isRepeated && isMenu) return ['navigation', 'dump/menu', 50];
    if (effectiveLength(line.bare) > SECTION_CHARS) return ['site-header', 'dump/slogan', 40];
    return ['breadcrumb', 'dump/above-headline', 40];
  }

  /** Several very short lines in a row are a menu; one alone is the section. */
  #isInMenu(i: number): boolean {
    const isEntry = (at: number): boolean => {
      const line = this.#lines[at];
      return (
        line !== undefined &&
        at < this.#headline &&
        line.bare.length <= MENU_LINE_CHARS &&
        !line.text.includes(this.#site || '\n')
      );
    };
    let from = i;
    let to = i;
    while (isEntry(from - 1)) from--;
    while (isEntry(to + 1)) to++;
    return isEntry(i) && to - from + 1 >= MENU_LINES;
  }

  #beforeBody(line: DumpLine, i: number, start: number): Finding {
    const picture = this.#ofPicture(line, i, start);
    if (picture) return picture;
    if (line.hit) return [line.hit.label, line.hit.rule, line.hit.weight];
    if (this.#readsAsTime(line.bare)) return ['dateline', 'dump/reads-as-time', 50];
    if (this.#isNameByDate(i)) return ['byline', 'dump/beside-date', 40];
    return effectiveLength(line.bare) > PROSE_CHARS
      ? ['lead', 'dump/before-prose', 40]
      : ['other', 'dump/before-prose', 20];
  }

  /** A short line without a figure straight above or below the date is who wrote it. */
  #isNameByDate(i: number): boolean {
    const { bare } = this.#lines[i] as DumpLine;
    const isTime = (at: number): boolean => this.#readsAsTime(this.#lines[at]?.bare ?? '') && at !== this.#headline;
    return (
      bare.length <= NAME_CHARS &&
      !/[\p{N}.!?:…。]/u.test(bare) &&
      /\p{L}/u.test(bare) &&
      (isTime(i + 1) || isTime(i - 1))
    );
  }

  #inBody(line: DumpLine, i: number): Finding {
    const before = this.#lines[i - 1];
    // An inline story is a picture's text and a title; a picture of the article itself has prose below it.
    const isInlineStory =
      i > this.#first &&
      (line.isAlt
        ? isStoryTitle(this.#lines[i + 1])
        : before?.isAlt === true && i - 1 > this.#first && isStoryTitle(line));
    if (isInlineStory) return ['related', 'dump/inline-story', 60];
    if (line.level > 0) return ['heading', 'dump/heading-sign', 70];
    if (line.isQuote) return ['quote', 'dump/quote-sign', 70];
    if (this.#isInList(i)) return ['list', 'dump/list-sign', 60];
    if (line.isProse && line.hit?.label === 'correction') return ['correction', line.hit.rule, line.hit.weight];
    if (line.isProse && this.#isOfAuthor(line, i)) return ['author-bio', 'dump/names-author', 50];
    if (line.isProse) return ['paragraph', 'dump/prose-run', 70];
    const picture = this.#ofPicture(line, i, this.#first);
    if (picture) return picture;
    if (line.hit) return [line.hit.label, line.hit.rule, line.hit.weight];
    if (QUOTED.test(line.bare)) return ['quote', 'dump/quotation-marks', 50];
    return effectiveLength(line.bare) <= HEADING_CHARS
      ? ['heading', 'dump/short-line', 40]
      : ['paragraph', 'dump/inside-run', 40];
  }

  /** An entry beside another; a dash alone begins what somebody says. */
  #isInList(i: number): boolean {
    const isEntry = (at: number): boolean => {
      const line = this.#lines[at];
      return line !== undefined && line.isEntry && effectiveLength(line.bare) <= ENTRY_CHARS;
    };
    return isEntry(i) && (isEntry(i - 1) || isEntry(i + 1));
  }

  #ofPicture(line: DumpLine, i: number, start: number): Finding | undefined {
    if (line.isPicture) return ['caption', 'dump/picture-sign', 60];
    if (line.isAlt || this.#isCaption(i, start)) return ['caption', 'dump/alternative-text', 60];
    if (line.isCredit) return ['credit', 'dump/credit-line', 60];
    return i > this.#first && JAPANESE_CAPTION.test(line.bare) ? ['caption', 'dump/place-and-day', 50] : undefined;
  }

  /** A caption stands again in the alternative text below it, or straight above a credit. */
  #isCaption(i: number, start = 0): boolean {
    const line = this.#lines[i] as DumpLine;
    const next = this.#lines[i + 1];
    if (!next || line.isCredit) return false;
    const isPlain = !line.hit && !this.#readsAsTime(line.bare);
    return (
      (next.isAlt && next.text.startsWith(line.text)) ||
      (next.isCredit &&
        i < Math.max(this.#first, start) &&
        !line.isAlt &&
        (line.text.endsWith('.') || (start > 0 && isPlain)))
    );
  }

  #readsAsTime(text: string): boolean {
    return text.length <= 70 && /\p{N}/u.test(text) && readTime(text, this.#months) !== undefined;
  }

  /** Names that bylines above a line show. */
  #authorsBefore(i: number): string[] {
    const bylines = this.#lines.slice(this.#headline + 1, Math.min(i, this.#first + 1));
    return bylines.flatMap(({ hit, bare }) => (hit?.label === 'byline' ? namesIn(bare, this.#names, 'line') : []));
  }

  /** A last line that begins with the author's name and a dash tells who they are. */
  #isOfAuthor({ bare }: DumpLine, i: number): boolean {
    const isNearEnd = i > this.#first && this.#last - i <= 1;
    return (
      isNearEnd &&
      this.#authorsBefore(i).some((name) => bare.startsWith(name) && /^[\s,]*[—–(-]/.test(bare.slice(name.length)))
    );
  }
}

const blockOf = ({ text, path }: DumpLine, [label, rule, weight]: Finding): Named => ({
  origin: 'page',
  role: ARTICLE.has(label) ? 'article' : 'boilerplate',
  label,
  confidence: Math.max(1, Math.min(99, 50 + Math.floor(weight / 2))),
  reasons: [{ rule, weight }],
  path,
  text,
});

/** Reads a dump; `text` is kept character by character but for white space. */
export const readDump = (text: string, rules: Rules): Dump => new DumpReader(text, rules).read();

export const looksLikeMarkup = (text: string): boolean =>
  /<(?:!doctype|html|head|body|div|p|article|section|meta|script|span|h1|table|a|br)\b/i.test(text.slice(0, 20_000));
