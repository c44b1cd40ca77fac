/**
 * Reads the plain text of a page, such as a saved dump: its lines are the blocks. There is no markup to go by, so the
 * article is the longest run of prose, its headline the title-like line before it, and words say what the rest is.
 */
import type { Label } from '../core/labels.ts';
import type { Block } from '../core/schema.ts';
import { effectiveLength, endsSentence, squeeze } from './measure-text.ts';
import { phraseHits, plain, wholePhraseAtEnd, type Hit, type Rules } from './rules.ts';

interface Line {
  readonly text: string;
  readonly path: string;
  readonly hits: readonly Hit[];
  readonly isProse: boolean;
  /** Ends in " - " and the name of the site, as the alternative text of pictures does. */
  readonly isAlt: boolean;
}
type Named = Omit<Block, 'id'>;

const PROSE_CHARS = 60;
/** Lines that may interrupt the prose of one article: an inline related story and its caption, a button. */
const MAX_GAP = 3;
const MAX_TITLE_CHARS = 220;
const CREDIT = /^(?:©|\(c\)\s|&copy;)/i;

class DumpReader {
  readonly #rules: Rules;
  readonly #lines: Line[];
  readonly #site: string;

  constructor(text: string, rules: Rules) {
    this.#rules = rules;
    const raw = text
      .split(/\r\n|[\n\r\u2028\u2029\u0085]/)
      .map((line, i) => ({ text: squeeze(line).trim(), path: `line[${i + 1}]` }));
    const written = raw.filter((line) => line.text !== '');
    this.#site = siteNameOf(written.map((line) => line.text));
    this.#lines = written
      .flatMap((line, i) => this.#split(line, written[i + 1]?.text ?? ''))
      .map((line) => this.#line(line));
  }

  read(): { title: string; siteName: string; blocks: Named[] } {
    const { first, last } = this.#longestRun();
    const headline = this.#headlineBefore(first);
    const blocks = this.#lines.map((line, i) => this.#block(line, i, headline, first, last));
    return { title: headline < 0 ? '' : (this.#lines[headline] as Line).text, siteName: this.#site, blocks };
  }

  #line({ text, path }: { text: string; path: string }): Line {
    const hits = phraseHits(this.#rules, text).toSorted((a, b) => b.weight - a.weight);
    const isAlt = this.#site !== '' && text.endsWith(` - ${this.#site}`) && text.length > this.#site.length + 10;
    const isProse =
      effectiveLength(text) > PROSE_CHARS &&
      endsSentence(text) &&
      !isAlt &&
      !CREDIT.test(text) &&
      !hits.some(({ weight, label }) => weight >= 45 && label !== 'correction');
    return { text, path, hits, isProse, isAlt };
  }

  /** A credit, a link and a caption may run together in one line; the caption stands again in the alternative text below. */
  #split(line: { text: string; path: string }, next: string): { text: string; path: string }[] {
    const suffix = ` - ${this.#site}`;
    const caption = this.#site !== '' && next.endsWith(suffix) ? next.slice(0, -suffix.length) : '';
    const isGlued = caption.length > 8 && line.text.endsWith(caption) && line.text.length > caption.length;
    if (!isGlued && !CREDIT.test(line.text)) return [line];
    const rest = isGlued ? line.text.slice(0, -caption.length).trim() : line.text;
    const linkAt = wholePhraseAtEnd(this.#rules, rest);
    const parts = linkAt > 0 ? [rest.slice(0, linkAt), rest.slice(linkAt)] : [rest];
    if (isGlued) parts.push(caption);
    return parts
      .map((part, i) => ({ text: part.trim(), path: i === 0 ? line.path : `${line.path}/${i + 1}` }))
      .filter((part) => part.text !== '');
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
    for (let i = first - 1; i >= Math.max(0, first - 10); i--) {
      const { text, isAlt, isProse, hits } = this.#lines[i] as Line;
      const isTitle =
        text.length >= 12 &&
        text.length <= MAX_TITLE_CHARS &&
        !isAlt &&
        !CREDIT.test(text) &&
        !hits.some(({ weight }) => weight >= 45) &&
        !(isProse && text.endsWith('.'));
      const isCaption = this.#lines.slice(i + 1, i + 3).some((line) => line.isAlt && line.text.startsWith(text));
      if (
        isTitle &&
        !isCaption &&
        (best < 0 || effectiveLength(text) > effectiveLength((this.#lines[best] as Line).text))
      )
        best = i;
    }
    return best;
  }

  #block(line: Line, i: number, headline: number, first: number, last: number): Named {
    const [label, rule, weight] = this.#labelOf(line, i, headline, first, last);
    const article = new Set<Label>([
      'headline',
      'lead',
      'byline',
      'dateline',
      'paragraph',
      'heading',
      'caption',
      'credit',
      'correction',
    ]);
    return {
      origin: 'page',
      role: article.has(label) ? 'article' : 'boilerplate',
      label,
      confidence: Math.max(1, Math.min(99, 50 + Math.floor(weight / 2))),
      reasons: [{ rule, weight }],
      path: line.path,
      text: line.text,
    };
  }

  #labelOf(line: Line, i: number, headline: number, first: number, last: number): [Label, string, number] {
    const { hits, isAlt, text } = line;
    const isInside = i > first && i < last;
    const hit = hits.find(({ weight }) => weight >= 45);
    if (i === headline) return ['headline', 'dump/title-line', 70];
    if (line.isProse && i >= first && i <= last)
      return hit?.label === 'correction' ? ['correction', hit.rule, hit.weight] : ['paragraph', 'dump/prose-run', 70];
    if (first >= 0 && i < headline) return this.#beforeHeadline(line, hit);
    const isBeforeBody = first >= 0 && i > headline && i < first;
    if (isBeforeBody || isInside) {
      const before = this.#lines[i - 1];
      if (isInside && (isAlt || before?.isAlt) && !line.isProse) return ['related', 'dump/inline-story', 60];
      if (isAlt || this.#isCaptionOfNext(i)) return ['caption', 'dump/alternative-text', 60];
      if (CREDIT.test(text)) return ['credit', 'dump/copyright-sign', 60];
      if (hit) return [hit.label, hit.rule, hit.weight];
      if (isBeforeBody)
        return effectiveLength(text) > PROSE_CHARS
          ? ['lead', 'dump/before-prose', 40]
          : ['other', 'dump/before-prose', 20];
      return effectiveLength(text) <= 120 ? ['heading', 'dump/short-line', 40] : ['paragraph', 'dump/inside-run', 40];
    }
    if (i > last && i <= last + 3 && !hit && CREDIT.test(text)) return ['copyright', 'dump/copyright-sign', 40];
    return this.#furniture(line, i, hit);
  }

  #isCaptionOfNext(i: number): boolean {
    const { text } = this.#lines[i] as Line;
    return this.#lines[i + 1]?.isAlt === true && (this.#lines[i + 1] as Line).text.startsWith(text);
  }

  /** Above the headline stand the site's name and slogan, and between them where in the site we are. */
  #beforeHeadline(line: Line, hit: Hit | undefined): [Label, string, number] {
    if (this.#site !== '' && line.text.includes(this.#site)) return ['site-header', 'dump/site-name', 60];
    if (hit) return [hit.label, hit.rule, hit.weight];
    if (effectiveLength(line.text) > 40) return ['site-header', 'dump/slogan', 40];
    return ['breadcrumb', 'dump/above-headline', 40];
  }

  #furniture(line: Line, i: number, hit: Hit | undefined): [Label, string, number] {
    if (/^[\d.,\s]+$/.test(line.text)) return ['comments', 'dump/counter', 40];
    if (hit) return [hit.label, hit.rule, hit.weight];
    // A prompt may go on in the next line.
    const before = this.#lines[i - 1]?.hits.find(({ weight }) => weight >= 45);
    if (before && (before.label === 'login' || before.label === 'comments') && line.text.length < 60)
      return [before.label, before.rule, 30];
    return ['other', 'dump/outside-prose', 20];
  }
}

/** The name that the first line carries and that ends other lines; empty where there is none. */
function siteNameOf(lines: readonly string[]): string {
  const suffixes = new Map<string, number>();
  for (const line of lines) {
    const at = line.lastIndexOf(' - ');
    const name = at > 0 ? line.slice(at + 3) : /^[-–—]\s+(.+)$/.exec(line)?.[1];
    if (name !== undefined && name.length >= 2 && name.length <= 60) suffixes.set(name, (suffixes.get(name) ?? 0) + 1);
  }
  const [best] = [...suffixes].toSorted((a, b) => b[1] - a[1]);
  return best && best[1] >= 2 ? best[0] : '';
}

/** Reads a dump; `text` is kept character by character but for white space. */
export const readDump = (text: string, rules: Rules): { title: string; siteName: string; blocks: Named[] } =>
  new DumpReader(text, rules).read();

export const looksLikeMarkup = (text: string): boolean =>
  /<(?:!doctype|html|head|body|div|p|article|section|meta|script|span|h1|table|a|br)\b/i.test(text.slice(0, 20_000));
export { plain };
