/**
 * Reads the plain text of a page, such as a saved dump: its lines are the blocks. There is no markup to go by, so the
 * article is the longest run of prose, its headline the title-like line before it, and words say what the rest is.
 */
import { ARTICLE_LABELS, type Label } from '../core/labels.ts';
import type { Block } from '../core/schema.ts';
import { monthsOf, readTime } from './dates.ts';
import { readLines, siteNameOf, type DumpLine } from './dump-lines.ts';
import { effectiveLength } from './measure-text.ts';
import type { Rules } from './rules.ts';

type Named = Omit<Block, 'id'>;
type Finding = readonly [label: Label, rule: string, weight: number];

const ARTICLE: ReadonlySet<Label> = new Set<Label>(ARTICLE_LABELS);
/** Lists whose heading says what the lines below it are. */
const LISTS: ReadonlySet<Label> = new Set<Label>(['newsfeed', 'most-read', 'related', 'comments']);
/** Lines that may interrupt the prose of one article: an inline related story and its caption, a button. */
const MAX_GAP = 3;
const HEADLINE_REACH = 10;
const MIN_TITLE_CHARS = 12;
const MAX_TITLE_CHARS = 220;
const PROSE_CHARS = 60;
const MENU_LINE_CHARS = 24;
const MENU_LINES = 3;
const SECTION_CHARS = 40;
const HEADING_CHARS = 120;
const STORY_TITLE_CHARS = 160;

class DumpReader {
  readonly #lines: readonly DumpLine[];
  readonly #site: string;
  readonly #months: ReadonlyMap<string, number>;
  readonly #first: number;
  readonly #last: number;
  readonly #headline: number;

  constructor(text: string, rules: Rules) {
    this.#site = siteNameOf(text);
    this.#lines = withoutCaptions(readLines(text, this.#site, rules));
    this.#months = monthsOf(rules);
    const { first, last } = this.#longestRun();
    this.#first = first;
    this.#last = last;
    this.#headline = this.#headlineBefore(first);
  }

  read(): { title: string; siteName: string; published: string | undefined; blocks: Named[] } {
    let list: Finding | undefined;
    const blocks = this.#lines.map((line, i) => {
      const own = this.#finding(i);
      const found = own ?? list ?? (['other', 'dump/outside-prose', 20] as const);
      if (own) list = LISTS.has(own[0]) && i > this.#last ? [own[0], own[1], 40] : undefined;
      return blockOf(line, found);
    });
    const dateline = blocks.find(({ label }) => label === 'dateline')?.text;
    return {
      title: this.#lines[this.#headline]?.text ?? '',
      siteName: this.#site,
      published: dateline === undefined ? undefined : readTime(dateline, this.#months),
      blocks,
    };
  }

  /** First and last line of the run with most prose. */
  #longestRun(): { first: number; last: number } {
    let best = { first: -1, last: -1, chars: 0 };
    let run = { first: -1, last: -1, chars: 0 };
    for (const [i, { isProse, text }] of this.#lines.entries()) {
      if (!isProse) continue;
      if (run.first < 0 || i - run.last > MAX_GAP + 1) run = { first: i, last: i, chars: 0 };
      run = { ...run, last: i, chars: run.chars + effectiveLength(text) };
      if (run.chars > best.chars) best = run;
    }
    return best;
  }

  #headlineBefore(first: number): number {
    let best = -1;
    for (let i = first - 1; i >= Math.max(0, first - HEADLINE_REACH); i--) {
      const { text, isAlt, isCredit, isProse, hit } = this.#lines[i] as DumpLine;
      const fits = text.length >= MIN_TITLE_CHARS && text.length <= MAX_TITLE_CHARS;
      const isTitle = fits && !isAlt && !isCredit && !hit && !(isProse && text.endsWith('.')) && !this.#isCaption(i);
      const length = effectiveLength(text);
      if (isTitle && (best < 0 || length > effectiveLength((this.#lines[best] as DumpLine).text))) best = i;
    }
    return best;
  }

  /** What a line is; undefined where only the list it stands in can tell. */
  #finding(i: number): Finding | undefined {
    const line = this.#lines[i] as DumpLine;
    if (i === this.#headline) return ['headline', 'dump/title-line', 70];
    if (this.#first >= 0 && i < this.#headline) return this.#aboveHeadline(line, i);
    if (i > this.#headline && i < this.#first) return this.#beforeBody(line, i);
    if (i >= this.#first && i <= this.#last) return this.#inBody(line, i);
    return this.#furniture(line);
  }

  /** Above the headline stand the site's name, menu and slogan, and where in the site we are. */
  #aboveHeadline(line: DumpLine, i: number): Finding {
    if (this.#site !== '' && line.text.includes(this.#site)) return ['site-header', 'dump/site-name', 60];
    if (line.hit) return [line.hit.label, line.hit.rule, line.hit.weight];
    const isPath =
      /[>›»]/.test(line.text) ||
      (i === this.#headline - 1 && this.#lines.slice(0, i).some(({ text }) => text === line.text));
    if (!isPath && (line.isColumns || this.#isInMenu(i))) return ['navigation', 'dump/menu', 50];
    if (effectiveLength(line.text) > SECTION_CHARS) return ['site-header', 'dump/slogan', 40];
    return ['breadcrumb', 'dump/above-headline', 40];
  }

  /** Several very short lines in a row are a menu; one alone is the section. */
  #isInMenu(i: number): boolean {
    const isEntry = (at: number): boolean => {
      const line = this.#lines[at];
      return (
        line !== undefined &&
        at < this.#headline &&
        line.text.length <= MENU_LINE_CHARS &&
        !line.text.includes(this.#site || '\n')
      );
    };
    let from = i;
    let to = i;
    while (isEntry(from - 1)) from--;
    while (isEntry(to + 1)) to++;
    return isEntry(i) && to - from + 1 >= MENU_LINES;
  }

  #beforeBody(line: DumpLine, i: number): Finding {
    const picture = this.#ofPicture(line, i);
    if (picture) return picture;
    if (line.hit) return [line.hit.label, line.hit.rule, line.hit.weight];
    if (this.#readsAsTime(line.text)) return ['dateline', 'dump/reads-as-time', 50];
    return effectiveLength(line.text) > PROSE_CHARS
      ? ['lead', 'dump/before-prose', 40]
      : ['other', 'dump/before-prose', 20];
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
    if (line.isProse)
      return line.hit?.label === 'correction'
        ? ['correction', line.hit.rule, line.hit.weight]
        : ['paragraph', 'dump/prose-run', 70];
    const picture = this.#ofPicture(line, i);
    if (picture) return picture;
    if (line.hit) return [line.hit.label, line.hit.rule, line.hit.weight];
    return effectiveLength(line.text) <= HEADING_CHARS
      ? ['heading', 'dump/short-line', 40]
      : ['paragraph', 'dump/inside-run', 40];
  }

  #ofPicture(line: DumpLine, i: number): Finding | undefined {
    if (line.isAlt || this.#isCaption(i)) return ['caption', 'dump/alternative-text', 60];
    return line.isCredit ? ['credit', 'dump/credit-line', 60] : undefined;
  }

  /** A caption stands again in the alternative text below it, or straight above a credit. */
  #isCaption(i: number): boolean {
    const line = this.#lines[i] as DumpLine;
    const next = this.#lines[i + 1];
    if (!next || line.isCredit) return false;
    return (
      (next.isAlt && next.text.startsWith(line.text)) ||
      (next.isCredit && i < this.#first && !line.isAlt && line.text.endsWith('.'))
    );
  }

  #readsAsTime(text: string): boolean {
    return text.length <= 70 && /\p{N}/u.test(text) && readTime(text, this.#months) !== undefined;
  }

  #furniture({ text, hit, isCredit }: DumpLine): Finding | undefined {
    if (/^[\d.,\s]+$/.test(text)) return ['comments', 'dump/counter', 40];
    if (hit) return [hit.label, hit.rule, hit.weight];
    return isCredit ? ['copyright', 'dump/copyright-sign', 60] : undefined;
  }
}

const isStoryTitle = (line: DumpLine | undefined): boolean =>
  line !== undefined && !line.isAlt && line.text.length <= STORY_TITLE_CHARS && !/[.…。]["”»]?$/u.test(line.text);

/** A sentence straight above a credit is a caption, however long. */
const withoutCaptions = (lines: readonly DumpLine[]): DumpLine[] =>
  lines.map((line, i) =>
    line.isProse && lines[i + 1]?.isCredit && line.text.length <= STORY_TITLE_CHARS
      ? { ...line, isProse: false }
      : line,
  );

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
export const readDump = (text: string, rules: Rules): ReturnType<DumpReader['read']> =>
  new DumpReader(text, rules).read();

export const looksLikeMarkup = (text: string): boolean =>
  /<(?:!doctype|html|head|body|div|p|article|section|meta|script|span|h1|table|a|br)\b/i.test(text.slice(0, 20_000));
