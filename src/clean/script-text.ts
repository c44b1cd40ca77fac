/** Text of an article that the page holds only in a script: JSON-LD's articleBody, or the state of a framework. */
import { decodeHTML } from 'entities/decode';
import type { Block } from '../core/schema.ts';
import type { Claims } from './claims.ts';
import { parseLoosely, stringOf } from './json-ld.ts';
import { effectiveLength, endsSentence, PUNCTUATION, squeeze } from './measure-text.ts';

const ENOUGH_CHARS = 300;
const MAX_DEPTH = 24;
const MAX_VISITS = 60_000;

export type ScriptBlock = Pick<Block, 'label' | 'text' | 'path'>;
/** What the state of a framework says of the article whose text it holds. */
export interface ScriptArticle {
  readonly blocks: readonly ScriptBlock[];
  readonly title?: string;
  readonly publishedAt?: string;
  readonly bylines: readonly string[];
}

const TAG = /<\/?[a-z][^>]*>/i;
const BLOCK_TAG = /<\/?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|section|tr|table)\b[^>]*>/gi;

/** The paragraphs a string of HTML or of plain lines holds. */
function paragraphsOf(source: string): string[] {
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

/** The article from the page's scripts; without blocks where they hold hardly more than the `shownChars` that the page shows. */
export function articleInScripts(claims: Claims, shownChars: number): ScriptArticle {
  const body = stringOf(claims.article?.['articleBody']);
  const linked =
    body === undefined
      ? []
      : paragraphsOf(decodedTwice(body)).map((text) => ({
          label: 'paragraph' as const,
          text,
          path: 'json-ld:articleBody',
        }));
  const best =
    lengthOf(linked) >= ENOUGH_CHARS ? { blocks: linked, bylines: [] } : new StateReader().read(claims.dataScripts);
  return lengthOf(best.blocks) > Math.max(ENOUGH_CHARS, shownChars * 2) ? best : { blocks: [], bylines: [] };
}

/** articleBody is often HTML escaped once more. */
const decodedTwice = (text: string): string => (/&lt;\/?p/i.test(text) ? decodeHTML(text) : text);
const lengthOf = (blocks: readonly ScriptBlock[]): number =>
  blocks.reduce((sum, { text, label }) => sum + (label === 'paragraph' ? effectiveLength(text) : 0), 0);

const isProse = (text: string): boolean =>
  effectiveLength(text) > 60 &&
  PUNCTUATION.test(text) &&
  /\s|[\u3040-\u9fff\u0e00-\u0eff]/.test(text) &&
  !/^[{[<]?(?:https?:|function|var |\.|#)/.test(text);

/** Names under which frameworks keep the parts of an article; code, so English on sites of any language. */
const KEYS = {
  title: /^(?:headline|title|hed)$/i,
  lead: /^(?:subtitle|subheadline|standfirst|lead|lede|deck|dek|summary|abstract|intro)$/i,
  caption: /^caption$/i,
  credit: /^credits?$/i,
  text: /^(?:content|text|html|value|body|paragraph|children)$/i,
  published:
    /^(?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:date|time)|first_?published(?:_?at)?|publication_?date)$/i,
  authors: /^(?:authors?|bylines?|writers?)$/i,
} as const;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const named = (fields: Fields, key: RegExp): unknown =>
  Object.entries(fields).find(([name, value]) => key.test(name) && value !== null)?.[1];
const textNamed = (fields: Fields, key: RegExp): string | undefined => {
  const value = named(fields, key);
  return typeof value === 'string' && value.trim() !== '' ? squeeze(value).trim() : undefined;
};

/** Finds the branch of a framework's state with most prose: an array or object whose strings, in order, are the text. */
class StateReader {
  #blocks: ScriptBlock[] = [];
  #length = 0;
  #around: Fields[] = [];
  #visits = 0;

  read(scripts: readonly string[]): ScriptArticle {
    for (const script of scripts) this.#visit(parseLoosely(script), 'script', '', []);
    const story = this.#around.findLast((fields) => textNamed(fields, KEYS.title) !== undefined);
    if (!story || this.#length === 0) return { blocks: this.#blocks, bylines: [] };
    const title = textNamed(story, KEYS.title);
    const lead = textNamed(story, KEYS.lead);
    const publishedAt = textNamed(story, KEYS.published);
    const front: ScriptBlock[] = [];
    if (title !== undefined) front.push({ label: 'headline', text: title, path: 'script.title' });
    if (lead !== undefined) front.push({ label: 'lead', text: lead, path: 'script.lead' });
    return {
      blocks: [...front, ...this.#blocks],
      bylines: bylinesIn(named(story, KEYS.authors)),
      ...(title === undefined ? {} : { title }),
      ...(publishedAt === undefined ? {} : { publishedAt }),
    };
  }

  #visit(value: unknown, path: string, key: string, around: Fields[]): ScriptBlock[] {
    if (++this.#visits > MAX_VISITS || around.length > MAX_DEPTH) return [];
    if (typeof value === 'string') return textBlocks(value, key, path);
    if (typeof value !== 'object' || value === null) return [];
    const isList = Array.isArray(value);
    const outer = isList ? around : [...around, value as Fields];
    const inner = Object.entries(value).map(([name, part]) =>
      this.#visit(part, isList ? path : `${path}.${name}`, isList ? key : name, outer),
    );
    const media = isFields(value) ? mediaBlocks(value, path) : [];
    const blocks = isList
      ? inner.flat()
      : media.length > 0
        ? media
        : inner.reduce((most, part) => (weightOf(part) > weightOf(most) ? part : most), []);
    const length = lengthOf(blocks);
    // A longer branch further up must add a lot, or it holds other articles too.
    if (length * 10 > this.#length * 12) this.#keep(blocks, length, outer);
    return blocks;
  }

  #keep(blocks: ScriptBlock[], length: number, around: Fields[]): void {
    this.#blocks = blocks;
    this.#length = length;
    this.#around = around;
  }
}

const weightOf = (blocks: readonly ScriptBlock[]): number => blocks.reduce((sum, { text }) => sum + text.length, 0);

function textBlocks(value: string, key: string, path: string): ScriptBlock[] {
  if (isProse(value)) return paragraphsOf(value).map((text) => ({ label: 'paragraph', text, path }));
  const isShort = KEYS.text.test(key) && /\s/.test(value.trim()) && value.length < 120 && !TAG.test(value);
  return isShort ? [{ label: endsSentence(value) ? 'paragraph' : 'heading', text: squeeze(value).trim(), path }] : [];
}

/** Caption and credit of a picture among the paragraphs. */
function mediaBlocks(fields: Fields, path: string): ScriptBlock[] {
  const caption = textNamed(fields, KEYS.caption);
  const credit = textNamed(fields, KEYS.credit);
  return [
    ...(caption === undefined ? [] : [{ label: 'caption' as const, text: caption, path: `${path}.caption` }]),
    ...(credit === undefined ? [] : [{ label: 'credit' as const, text: credit, path: `${path}.credit` }]),
  ];
}

const bylinesIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((author: unknown) => {
    if (typeof author === 'string') return [author];
    const name = isFields(author) ? author['name'] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
