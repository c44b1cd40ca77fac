/** Text of an article that the page holds only in a script: JSON-LD's articleBody, or the state of a framework. */
import { decodeHTML } from 'entities/decode';
import type { Block } from '../core/schema.ts';
import type { Claims } from './claims.ts';
import { parseLoosely, stringOf } from './json-ld.ts';
import { effectiveLength, endsSentence, PUNCTUATION, squeeze } from './measure-text.ts';

const ENOUGH_CHARS = 300;
const MAX_DEPTH = 24;
const MAX_VISITS = 60_000;

type Paragraph = Pick<Block, 'label' | 'text' | 'path'>;
const TAG = /<\/?[a-z][^>]*>/i;
const BLOCK_TAG = /<\/?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|section|tr|table)\b[^>]*>/gi;

/** The paragraphs a string of HTML or of plain lines holds. */
export function paragraphsOf(source: string): string[] {
  const isHtml = TAG.test(source);
  const lines = isHtml
    ? source
        .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
        .replace(BLOCK_TAG, '\n')
        .replace(/<[^>]*>/g, '')
    : source;
  return lines
    .split(/\n+|\r+/)
    .map((line) => squeeze(line.includes('&') ? decodeHTML(line) : line).trim())
    .filter((line) => line !== '');
}

/** The article's text from the page's scripts, or nothing where they hold no more than `shownChars`. */
export function scriptParagraphs(claims: Claims, shownChars: number): Paragraph[] {
  const body = stringOf(claims.article?.['articleBody']);
  const linked =
    body === undefined
      ? []
      : paragraphsOf(decodedTwice(body)).map((text) => ({
          label: 'paragraph' as const,
          text,
          path: 'json-ld:articleBody',
        }));
  const best = lengthOf(linked) >= ENOUGH_CHARS ? linked : proseInState(claims.dataScripts);
  return lengthOf(best) > Math.max(ENOUGH_CHARS, shownChars * 2) ? best : [];
}

/** articleBody is often HTML escaped once more. */
const decodedTwice = (text: string): string => (/&lt;\/?p/i.test(text) ? decodeHTML(text) : text);
const lengthOf = (paragraphs: readonly Paragraph[]): number =>
  paragraphs.reduce((sum, { text }) => sum + effectiveLength(text), 0);

const isProse = (text: string): boolean =>
  effectiveLength(text) > 60 &&
  PUNCTUATION.test(text) &&
  /\s|[\u3040-\u9fff\u0e00-\u0eff]/.test(text) &&
  !/^[{[<]?(?:https?:|function|var |\.|#)/.test(text);

interface Branch {
  readonly path: string;
  readonly texts: string[];
}

/** The branch of a framework's state with most prose: an array or object whose strings, in order, are the paragraphs. */
function proseInState(scripts: readonly string[]): Paragraph[] {
  let best: Branch = { path: '', texts: [] };
  let bestLength = 0;
  let visits = 0;
  const visit = (value: unknown, path: string, depth: number): string[] => {
    if (++visits > MAX_VISITS || depth > MAX_DEPTH) return [];
    if (typeof value === 'string') return proseLines(value);
    if (typeof value !== 'object' || value === null) return [];
    const isList = Array.isArray(value);
    const texts: string[] = [];
    let longest: string[] = [];
    for (const [key, inner] of Object.entries(value)) {
      const found = visit(inner, isList ? path : `${path}.${key}`, depth + 1);
      if (isList) texts.push(...found);
      else if (charsOf(found) > charsOf(longest)) longest = found;
    }
    const result = isList ? texts : longest;
    const length = charsOf(result);
    // A longer branch further up must add a lot, or it holds other articles too.
    if (length > bestLength * 1.2) [best, bestLength] = [{ path, texts: result }, length];
    return result;
  };
  for (const script of scripts) visit(parseLoosely(script), 'script', 0);
  return best.texts.map((text) => ({
    label: endsSentence(text) || effectiveLength(text) > 90 ? 'paragraph' : 'heading',
    text,
    path: best.path,
  }));
}

const charsOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
const proseLines = (value: string): string[] => (isProse(value) ? paragraphsOf(value) : []);
