/** A block's text as spans of one style each, read from the markup that was kept of it. */
import type { Block } from '../core/schema.ts';
import { inert, linkAddress } from './inert.ts';

export interface Span {
  readonly text: string;
  readonly isStrong: boolean;
  readonly isEmphasised: boolean;
  /** http, https or mailto. */
  readonly href?: string;
  /** Begins a new line within its block. */
  readonly isAfterBreak: boolean;
}

/** What `blocks.ts` writes, and nothing else; a reading may come from a file that somebody else made. */
const TOKEN = /<br>|<\/?(?:em|strong)>|<a href="([^"<>]*)">|<\/a>/g;
const ENTITY = /&(amp|lt|gt|quot);/g;
const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const unescaped = (text: string): string => text.replace(ENTITY, (_, name: string) => CHARACTERS[name] as string);
const bare = (text: string): string => text.replace(/\s+/gu, '');

class Reader {
  readonly spans: Span[] = [];
  #strong = 0;
  #emphasis = 0;
  #href: string | undefined;
  #isAfterBreak = false;

  text(raw: string): void {
    for (const [n, line] of inert(raw).split('\n').entries()) {
      if (n > 0) this.#isAfterBreak = true;
      if (line === '') continue;
      this.spans.push({
        text: line.replace(/ +/g, ' '),
        isStrong: this.#strong > 0,
        isEmphasised: this.#emphasis > 0,
        ...(this.#href === undefined ? {} : { href: this.#href }),
        isAfterBreak: this.#isAfterBreak && this.spans.length > 0,
      });
      this.#isAfterBreak = false;
    }
  }

  tag(tag: string, href: string | undefined): void {
    if (tag === '<br>') this.#isAfterBreak = true;
    else if (href !== undefined) this.#href = linkAddress(unescaped(href));
    else if (tag === '</a>') this.#href = undefined;
    else if (tag.endsWith('strong>')) this.#strong = Math.max(0, this.#strong + (tag[1] === '/' ? -1 : 1));
    else this.#emphasis = Math.max(0, this.#emphasis + (tag[1] === '/' ? -1 : 1));
  }
}

function spansOfMarkup(html: string): Span[] {
  const reader = new Reader();
  let from = 0;
  for (const match of html.matchAll(TOKEN)) {
    reader.text(unescaped(html.slice(from, match.index)));
    reader.tag(match[0], match[1]);
    from = match.index + match[0].length;
  }
  reader.text(unescaped(html.slice(from)));
  return reader.spans;
}

function spansOfText(text: string): Span[] {
  const reader = new Reader();
  reader.text(text);
  return reader.spans;
}

/** White space at the ends belongs to nobody. */
function trimmed(spans: readonly Span[]): Span[] {
  const kept = [...spans];
  while (kept[0]?.text.trim() === '') kept.shift();
  while (kept.at(-1)?.text.trim() === '') kept.pop();
  const first = kept[0];
  if (first) kept[0] = { ...first, text: first.text.trimStart(), isAfterBreak: false };
  const last = kept.at(-1);
  if (last) kept[kept.length - 1] = { ...last, text: last.text.trimEnd() };
  return kept;
}

/** The spans of a block; empty where it has no text. Where its markup and its text disagree, the text is the truth. */
export function spansOf({ text, html }: Pick<Block, 'text' | 'html'>): Span[] {
  if (html !== undefined) {
    const spans = spansOfMarkup(html);
    if (bare(spans.map((span) => span.text).join('')) === bare(inert(text))) return trimmed(spans);
  }
  return trimmed(spansOfText(text));
}

/** Their text, with its line breaks. */
export const textOfSpans = (spans: readonly Span[]): string =>
  spans.map(({ text, isAfterBreak }) => (isAfterBreak ? `\n${text}` : text)).join('');
