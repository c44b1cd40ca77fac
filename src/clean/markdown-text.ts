/**
 * Text of a page as Markdown source (CommonMark 0.31, with the tables and strike-through of GitHub): whatever the text, it
 * reads back as that text and as no markup.
 */
import type { Span } from './spans.ts';

/** Characters that can be markup anywhere in a line. */
const ANYWHERE = /[\\`*_[\]<~]/g;
/** What reads as a character reference. */
const REFERENCE = /&(?=#?\w{1,40};)/g;

/** Escaped for the middle of a line; the beginning of a line needs `lineStart` as well. */
export function escapeMarkdown(text: string): string {
  const escaped = text.replace(ANYWHERE, '\\$&').replace(REFERENCE, '\\&');
  // Two of them may be a formula.
  return /\$[^$]*\$/.test(escaped) ? escaped.replaceAll('$', String.raw`\$`) : escaped;
}

/** A line whose beginning could be a heading, a quote, a list, a rule, a table or a code block, so that it is none. */
export const lineStart = (line: string): string =>
  line
    .trim()
    .replace(/^(?=#{1,6}(?:\s|$))/, '\\')
    .replace(/^(?=>)/, '\\')
    .replace(/^(?=[-+:](?:\s|$))/, '\\')
    .replace(/^(\d{1,9})(?=[.)](?:\s|$))/, '$1\\')
    .replace(/^(?=[-=:|+][-=:|+\s]*$)/, '\\');

const SPACE = /^\s?$/u;
const PUNCTUATION = /^[\p{P}\p{S}]$/u;
/** Punctuation by the oldest definition in use, which has fewer signs. */
const SURELY_PUNCTUATION = /^[!-/:-@[-`{-~\p{P}]$/u;
const first = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0x20);
const last = (text: string): string => Array.from(text.slice(-2)).at(-1) ?? ' ';

/** Whether asterisks between `outside` and `inside` are read as emphasis (CommonMark 0.31 §6.2), by any definition. */
const binds = (outside: string, inside: string): boolean =>
  !SPACE.test(inside) && (!PUNCTUATION.test(inside) || SPACE.test(outside) || SURELY_PUNCTUATION.test(outside));

const starsOf = ({ isStrong, isEmphasised }: Span): string =>
  isStrong && isEmphasised ? '***' : isStrong ? '**' : isEmphasised ? '*' : '';

const isAlike = (a: Span, b: Span): boolean =>
  !b.isAfterBreak && a.href === b.href && a.isStrong === b.isStrong && a.isEmphasised === b.isEmphasised;

function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const before = out.at(-1);
    if (before && isAlike(before, span)) out[out.length - 1] = { ...before, text: before.text + span.text };
    else out.push(span);
  }
  return out;
}

/** An address as it stands in the brackets of a link. */
export const destination = (href: string): string =>
  href
    .replace(/[<>`|\s]/gu, (char) => encodeURIComponent(char))
    .replace(/[\\()[\]*_~]/g, '\\$&')
    .replace(REFERENCE, '\\&');

/** Builds the source of one block; emphasis that its neighbours would not let bind is left out. */
class Source {
  text = '';
  #href: string | undefined;
  #hasStars = false;

  add(span: Span, next: Span | undefined): void {
    const escaped = escapeMarkdown(span.text);
    const body = escaped.trim();
    const [before = '', after = ''] = [/^\s*/u.exec(escaped)?.[0], /\s*$/u.exec(escaped)?.[0]];
    if (span.href !== this.#href || span.isAfterBreak) this.#closeLink();
    if (span.isAfterBreak) this.#put('\\\n');
    if (body === '') return this.#put(escaped);
    this.#put(before);
    if (span.href !== undefined && this.#href === undefined) {
      if (this.text.endsWith('!')) this.text = `${this.text.slice(0, -1)}\\!`;
      this.#put('[');
      this.#href = span.href;
    }
    const stars = starsOf(span);
    const isEmphasis =
      stars !== '' &&
      !this.#hasStars &&
      binds(last(this.text), first(body)) &&
      binds(after === '' ? Source.#following(span, next) : ' ', last(body));
    this.#put(isEmphasis ? stars + body + stars : body);
    this.#hasStars = isEmphasis;
    this.#put(after);
  }

  /** The sign that will stand after a span. */
  static #following(span: Span, next: Span | undefined): string {
    if (next?.href !== span.href && span.href !== undefined) return ']';
    if (next === undefined) return ' ';
    if (next.isAfterBreak) return '\\';
    if (next.href !== span.href) return '[';
    // If the next one is emphasised after all, its stars would run into ours: that is what hasStars prevents.
    return first(escapeMarkdown(next.text));
  }

  #put(text: string): void {
    if (text === '') return;
    this.text += text;
    this.#hasStars = false;
  }

  #closeLink(): void {
    if (this.#href === undefined) return;
    this.#put(`](${destination(this.#href)})`);
    this.#href = undefined;
  }

  end(): string {
    this.#closeLink();
    return this.text;
  }
}

/** The lines of a block: none of them begins or ends in white space, and all but the last end in a hard break. */
export function markdownLines(spans: readonly Span[]): string[] {
  const source = new Source();
  const all = merged(spans);
  for (const [n, span] of all.entries()) source.add(span, all[n + 1]);
  const lines = source
    .end()
    .split('\n')
    .map(lineStart)
    .filter((line) => line !== '' && line !== '\\');
  const final = lines.length - 1;
  return lines.map((line, n) => (n === final ? line.replace(/(?<!\\)((?:\\\\)*)\\$/, '$1') : line));
}

/** The same on one line, as a heading and a cell must be. */
export const markdownLine = (spans: readonly Span[]): string =>
  markdownLines(
    spans.map((span) => (span.isAfterBreak ? { ...span, text: ` ${span.text}`, isAfterBreak: false } : span)),
  ).join(' ');

/** The spans without their own emphasis, so that the whole can be emphasised. */
export const plainSpans = (spans: readonly Span[]): Span[] =>
  spans.map((span) => ({ ...span, isStrong: false, isEmphasised: false }));
