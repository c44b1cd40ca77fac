/** Markup read tag by tag as it goes by, in bounded time and memory. The door to htmlparser2. */
import { createRequire } from 'node:module';

export type Attributes = Readonly<Record<string, string>>;
/** Told of tags and text in document order; names in lower case. */
export interface TagReader {
  /** @param start where in the text the tag begins, in UTF-16 code units */
  open?(name: string, attributes: Attributes, start: number): void;
  /** Not told of elements that the end of the document leaves open: what is in them may be cut off. */
  close?(name: string): void;
  text?(text: string): void;
  /** Asked now and then: true ends the reading. */
  hasEnough?(): boolean;
}
export interface MarkupOptions {
  /** XML, else HTML. Neither has to be well-formed. Document types are passed over; the entities they declare stay as written. */
  readonly isXml: boolean;
}
/** How a reading ended. */
export type MarkupEnd = 'whole' | 'enough' | 'too deep';

const require = createRequire(import.meta.url);

/** htmlparser2 keeps open elements in an array that it shifts, so each level costs all levels around it. */
const MAX_DEPTH = 1_000;
/** Between two looks at whether it is enough. */
const CHUNK_CHARS = 65_536;

/** Reads markup; whatever is in it, this throws nothing but what the reader throws. */
export function readMarkup(markup: string, reader: TagReader, { isXml }: MarkupOptions): MarkupEnd {
  const { Parser } = require('htmlparser2') as typeof import('htmlparser2');
  let depth = 0;
  let end: MarkupEnd = 'whole';
  let isOver = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) end = 'too deep';
        if (end === 'whole') reader.open?.(name, attributes, parser.startIndex);
      },
      onclosetag(name) {
        depth -= 1;
        if (!isOver && end === 'whole') reader.close?.(name);
      },
      ontext(text) {
        if (end === 'whole') reader.text?.(text);
      },
    },
    { xmlMode: isXml, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  for (let at = 0; at < markup.length && end === 'whole'; at += CHUNK_CHARS) {
    parser.write(markup.slice(at, at + CHUNK_CHARS));
    if (reader.hasEnough?.()) end = 'enough';
  }
  isOver = true;
  if (end === 'whole') parser.end();
  return end;
}

/** Text of a piece of HTML: tags out, entities read, without scripts and styles. */
export function plainText(html: string): string {
  const parts: string[] = [];
  let silent = 0;
  readMarkup(
    html,
    {
      open(name) {
        if (isSilent(name)) silent += 1;
        else if (!INLINE.test(name)) parts.push(' ');
      },
      close(name) {
        if (isSilent(name)) silent -= 1;
        else if (!INLINE.test(name)) parts.push(' ');
      },
      text(text) {
        if (silent === 0) parts.push(text);
      },
    },
    { isXml: false },
  );
  return parts.join('');
}

/** What parts no words. */
const INLINE =
  /^(?:a|abbr|b|bdi|bdo|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)$/;
/** Elements whose text nobody reads. */
export const isSilent = (name: string): boolean => /^(?:script|style|template|noscript|svg)$/.test(name);

/** A page's tree with the place of every element in the text, for selectors. */
export function treeOf(html: string) {
  const { parseDocument } = require('htmlparser2') as typeof import('htmlparser2');
  return parseDocument(html, { withStartIndices: true });
}
