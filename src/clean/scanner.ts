/**
 * Cuts HTML into tags and text as the HTML standard's tokenizer does (WHATWG HTML §13.2.5), as far as it decides which
 * characters are text. It jumps from `<` to `<` and slices, where a state machine would step through every character:
 * which pays on pages whose bytes are mostly scripts and attributes.
 */
import { decodeHTML, decodeHTMLAttribute } from 'entities/decode';
import { nameAt } from './tag-names.ts';

/** How the content of an element that was just opened has to be read (WHATWG HTML §13.2.5.1–5). */
export type ContentMode = 'markup' | 'raw' | 'text' | 'script' | 'plain';

/** The attributes of one tag. */
export interface Attributes {
  readonly values: Record<string, string>;
  /** Which of those that are asked for of every element are among them; see `elements.ts`. */
  marks: number;
}

export interface TagSink {
  /** Of an element with `raw`, `text` or `script` content the content follows in `content`, and no `close`. */
  open(name: string, attributes: Attributes, isSelfClosing: boolean): ContentMode;
  content(text: string): void;
  close(name: string): void;
  text(text: string): void;
  /** Whether `<![CDATA[` opens a section here rather than a bogus comment. */
  allowsCdata(): boolean;
}

const TAB = 9;
const LF = 10;
const FF = 12;
const CR = 13;
const SPACE = 32;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

const isSpace = (code: number): boolean => code === SPACE || code === LF || code === TAB || code === CR || code === FF;
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const endsName = (code: number): boolean => code === GREATER || code === SLASH || isSpace(code);
/** Text with its character references decoded as in content. Most text has none. */
const decoded = (text: string): string => (text.includes('&') ? decodeHTML(text) : text);
const attributeValue = (text: string): string => (text.includes('&') ? decodeHTMLAttribute(text) : text);

/** Reads one document. Make one for each. */
class Scanner {
  readonly #html: string;
  readonly #sink: TagSink;
  #at = 0;
  /** Start of text not yet handed over: a `<` that opens nothing belongs to it. */
  #textFrom = 0;
  /** Whether the tag that was read last ends in `/>`. */
  #isSelfClosing = false;

  constructor(html: string, sink: TagSink) {
    this.#html = html;
    this.#sink = sink;
  }

  run(): void {
    const html = this.#html;
    for (;;) {
      const open = html.indexOf('<', this.#at);
      if (open < 0) break;
      const code = html.charCodeAt(open + 1);
      if (isLetter(code)) this.#startTag(open);
      else if (code === SLASH) this.#endTag(open);
      else if (code === 33) this.#declaration(open);
      else if (code === 63) this.#skipTo(open, '>', open + 1);
      else this.#at = open + 1;
    }
    this.#flush(html.length);
  }

  #flush(upTo: number): void {
    if (upTo > this.#textFrom) this.#sink.text(decoded(this.#html.slice(this.#textFrom, upTo)));
  }

  #resume(at: number): void {
    this.#at = at;
    this.#textFrom = at;
  }

  /** Leaves out everything from `open` to the first `end` at or after `from`; without one, the rest of the document. */
  #skipTo(open: number, end: string, from: number): void {
    this.#flush(open);
    const found = this.#html.indexOf(end, from);
    this.#resume(found < 0 ? this.#html.length : found + end.length);
  }

  #startTag(open: number): void {
    const html = this.#html;
    let end = open + 2;
    while (end < html.length && !endsName(html.charCodeAt(end))) end++;
    const name = nameAt(html, open + 1, end).text;
    this.#flush(open);
    const attributes: Attributes = { values: {}, marks: 0 };
    const at = this.#attributes(end, attributes);
    if (at < 0) return this.#resume(html.length);
    const mode = this.#sink.open(name, attributes, this.#isSelfClosing);
    this.#resume(at);
    if (mode !== 'markup') this.#readContent(name, mode);
  }

  #endTag(open: number): void {
    const html = this.#html;
    const code = html.charCodeAt(open + 2);
    if (Number.isNaN(code)) {
      this.#at = html.length;
    } else if (code === GREATER) {
      this.#flush(open);
      this.#resume(open + 3);
    } else if (!isLetter(code)) {
      this.#skipTo(open, '>', open + 2);
    } else {
      let end = open + 3;
      while (end < html.length && !endsName(html.charCodeAt(end))) end++;
      this.#flush(open);
      const at = html.charCodeAt(end) === GREATER ? end + 1 : this.#attributes(end, null);
      if (at < 0) return this.#resume(html.length);
      this.#resume(at);
      this.#sink.close(nameAt(html, open + 2, end).text);
    }
  }

  #declaration(open: number): void {
    const html = this.#html;
    if (html.startsWith('--', open + 2)) return this.#comment(open);
    if (html.startsWith('[CDATA[', open + 2) && this.#sink.allowsCdata()) {
      this.#flush(open);
      const end = html.indexOf(']]>', open + 9);
      this.#sink.text(html.slice(open + 9, end < 0 ? html.length : end));
      return this.#resume(end < 0 ? html.length : end + 3);
    }
    this.#skipTo(open, '>', open + 2);
  }

  /** `<!-->` and `<!--->` are whole comments, and `--!>` ends one (WHATWG HTML §13.2.5.43–52). */
  #comment(open: number): void {
    const html = this.#html;
    this.#flush(open);
    if (html.startsWith('>', open + 4)) return this.#resume(open + 5);
    if (html.startsWith('->', open + 4)) return this.#resume(open + 6);
    for (let dashes = html.indexOf('--', open + 4); dashes >= 0; dashes = html.indexOf('--', dashes + 1)) {
      if (html.startsWith('>', dashes + 2)) return this.#resume(dashes + 3);
      if (html.startsWith('!>', dashes + 2)) return this.#resume(dashes + 4);
    }
    this.#resume(html.length);
  }

  /** Reads attributes up to and with `>`; gives the index behind it, -1 where the document ends inside the tag. */
  #attributes(start: number, into: Attributes | null): number {
    const html = this.#html;
    const { length } = html;
    let at = start;
    this.#isSelfClosing = false;
    while (at < length) {
      const code = html.charCodeAt(at);
      if (code === GREATER) return at + 1;
      this.#isSelfClosing = code === SLASH && html.charCodeAt(at + 1) === GREATER;
      if (code === SLASH || isSpace(code)) at++;
      else if ((at = this.#attribute(at, into)) < 0) return -1;
    }
    return -1;
  }

  /** Reads one attribute; gives the index behind it, -1 where the document ends inside. The first of two of one name counts. */
  #attribute(from: number, into: Attributes | null): number {
    const html = this.#html;
    const { length } = html;
    let at = from + 1;
    while (at < length && html.charCodeAt(at) !== EQUALS && !endsName(html.charCodeAt(at))) at++;
    const to = at;
    while (at < length && isSpace(html.charCodeAt(at))) at++;
    let value = '';
    if (html.charCodeAt(at) === EQUALS) {
      at++;
      while (at < length && isSpace(html.charCodeAt(at))) at++;
      const end = this.#valueEnd(at);
      if (end < 0) return -1;
      const isQuoted = html.charCodeAt(at) === DOUBLE_QUOTE || html.charCodeAt(at) === SINGLE_QUOTE;
      if (into) value = attributeValue(isQuoted ? html.slice(at + 1, end) : html.slice(at, end));
      at = isQuoted ? end + 1 : end;
    }
    if (into) {
      const { text, mark } = nameAt(html, from, to);
      const { values } = into;
      // Names such as `constructor` are there before any attribute is.
      if (values[text] === undefined || !Object.hasOwn(values, text)) values[text] = value;
      into.marks |= mark;
    }
    return at;
  }

  /** Index just past an unquoted value, or of the closing quote; -1 where there is none. */
  #valueEnd(at: number): number {
    const html = this.#html;
    const code = html.charCodeAt(at);
    if (code === DOUBLE_QUOTE) return html.indexOf('"', at + 1);
    if (code === SINGLE_QUOTE) return html.indexOf("'", at + 1);
    let end = at;
    while (end < html.length && html.charCodeAt(end) !== GREATER && !isSpace(html.charCodeAt(end))) end++;
    return end < html.length ? end : -1;
  }

  #readContent(name: string, mode: Exclude<ContentMode, 'markup'>): void {
    const html = this.#html;
    const from = this.#at;
    if (mode === 'plain') {
      this.#sink.content(html.slice(from));
      return this.#resume(html.length);
    }
    let end = this.#findClose(name, from);
    if (mode === 'script' && end >= 0 && html.slice(from, end).includes('<!--')) end = this.#scriptEnd(from);
    const to = end < 0 ? html.length : end;
    this.#sink.content(mode === 'text' ? decoded(html.slice(from, to)) : html.slice(from, to));
    if (end < 0) return this.#resume(html.length);
    const at = this.#attributes(end + 2 + name.length, null);
    this.#resume(at < 0 ? html.length : at);
  }

  /** Index of the `</name` that ends raw content; -1 where none does. */
  #findClose(name: string, from: number): number {
    const html = this.#html;
    for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2)) {
      const end = at + 2 + name.length;
      if (end < html.length && endsName(html.charCodeAt(end)) && nameAt(html, at + 2, end).text === name) return at;
    }
    return -1;
  }

  /** A script may hold `<!-- <script> … </script> -->`, whose inner end tag ends nothing (WHATWG HTML §13.2.5.15–31). */
  #scriptEnd(from: number): number {
    const mark = /<!--|-->|<\/?script(?=[\t\n\f\r />])/gi;
    mark.lastIndex = from;
    let depth = 0;
    for (let found = mark.exec(this.#html); found; found = mark.exec(this.#html)) {
      const [text] = found;
      if (text === '<!--') {
        if (depth === 0) depth = 1;
        mark.lastIndex = found.index + 2;
      } else if (text === '-->') depth = 0;
      else if (text[1] !== '/') depth = depth === 1 ? 2 : depth;
      else if (depth === 2) depth = 1;
      else return found.index;
    }
    return -1;
  }
}

/** Reads `html` once from start to end and tells `sink` what it holds. */
export function scan(html: string, sink: TagSink): void {
  new Scanner(html, sink).run();
}
