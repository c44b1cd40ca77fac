/** Text of an article that the page holds only in a script: JSON-LD's articleBody, or the state of a framework. */
import type { Element } from 'domhandler';
import { decodeHTML } from 'entities/decode';
import type { Block } from '../core/schema.ts';
import { Areas, type Area } from './areas.ts';
import type { Claims } from './claims.ts';
import { flightValues, isFlight } from './flight.ts';
import { MAX_MENDED_CHARS, parseLoosely, stringOf } from './json-ld.ts';
import { effectiveLength, endsSentence, hasPunctuation, squeeze } from './measure-text.ts';
import { parsePage } from './parse.ts';
import type { Rules } from './rules.ts';
import { segmentPage } from './segment.ts';

const ENOUGH_CHARS = 300;
const MAX_DEPTH = 24;
/** Lists in lists as well; deeper is an attempt on the stack. */
const MAX_NESTING = 200;
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
/** Where an editor's page shall get an advertisement: `$$AD$$`. */
const PLACEHOLDER = /^[$#%{[]{1,2}[A-Z_-]+[$#%}\]]{1,2}$/;

/** The lines of a plain text. */
const linesOf = (source: string): string[] =>
  source
    .split(/\n+|\r+/)
    .map((line) => squeeze(line.includes('&') ? decodeHTML(line) : line).trim())
    .filter((line) => line !== '');

const LABELS_OF_ELEMENTS: Readonly<Record<string, ScriptBlock['label']>> = {
  li: 'list',
  td: 'table',
  th: 'table',
  blockquote: 'quote',
  figcaption: 'caption',
};

/** What a piece of a script's HTML is, by the elements around it and what they are called. */
function labelOf(element: Element, areas: Areas): ScriptBlock['label'] {
  if (/^h[1-6]$/.test(element.name)) return 'heading';
  for (let area: Area | null = areas.of(element), n = 0; area && n < 4; area = area.parent, n++) {
    const named = area.hits.find(({ label }) => label === 'caption' || label === 'credit');
    if (named) return named.label;
    const label = LABELS_OF_ELEMENTS[area.element.name];
    if (label) return label;
  }
  return 'paragraph';
}

/** The blocks a string of HTML or of plain lines holds. */
function blocksIn(source: string, path: string, rules: Rules): ScriptBlock[] {
  if (!TAG.test(source)) return linesOf(source).map((text) => ({ label: 'paragraph', text, path }));
  const areas = new Areas(rules);
  const { pieces } = segmentPage(parsePage(source, rules.tunables['maxDepth'] ?? 512));
  return pieces
    .filter(({ chars, text }) => chars > 0 && !PLACEHOLDER.test(text))
    .map(({ element, text }) => ({ label: labelOf(element, areas), text, path }));
}

/** What the page shows, as far as it bears on what its scripts hold. */
export interface ShownText {
  /** Effective characters of its paragraphs. */
  readonly chars: number;
  /** All text of the page, of the article or not. */
  readonly texts: readonly string[];
}
const NOTHING: ScriptArticle = { blocks: [], bylines: [] };
/** A page that shows less than a third of the article its data hold shows a teaser. */
const TEASER_SHARE = 3;
/** As much of a paragraph as tells it from others, and survives other quotes or links at its end. */
const PROBE_CHARS = 40;

/** The article from the page's scripts; without blocks where the page shows it itself. */
export function articleInScripts(claims: Claims, shown: ShownText, rules: Rules): ScriptArticle {
  const body = stringOf(claims.article?.['articleBody']) ?? '';
  const isTeaser = effectiveLength(body) > shown.chars * TEASER_SHARE;
  if (shown.chars >= ENOUGH_CHARS && !isTeaser) return NOTHING;
  const linked = body === '' ? [] : blocksIn(decodedTwice(body), 'json-ld:articleBody', rules);
  const isLinked = lengthOf(linked) >= ENOUGH_CHARS;
  if (shown.chars >= ENOUGH_CHARS && (!isLinked || areShown(linked, shown.texts))) return NOTHING;
  const best = isLinked ? { blocks: linked, bylines: [] } : new StateReader(rules).read(claims.dataScripts);
  if (lengthOf(best.blocks) <= Math.max(ENOUGH_CHARS, shown.chars * 2)) return NOTHING;
  const known = new Set(shown.texts);
  return { ...best, blocks: best.blocks.filter(({ label, text }) => label !== 'paragraph' || !known.has(text)) };
}

/** Whether most of the paragraphs stand on the page, taken for something else: then they are blocks of the page already. */
function areShown(blocks: readonly ScriptBlock[], texts: readonly string[]): boolean {
  const page = texts.join('\n');
  const probes = blocks.map(({ text }) => text.slice(0, PROBE_CHARS)).filter(({ length }) => length === PROBE_CHARS);
  return probes.filter((probe) => page.includes(probe)).length * 2 > probes.length;
}

/** articleBody is often HTML escaped once more. */
const decodedTwice = (text: string): string => (/&lt;\/?p/i.test(text) ? decodeHTML(text) : text);
const lengthOf = (blocks: readonly ScriptBlock[]): number =>
  blocks.reduce((sum, { text, label }) => sum + (label === 'paragraph' ? effectiveLength(text) : 0), 0);

const isProse = (text: string): boolean =>
  effectiveLength(text) > 60 &&
  hasPunctuation(text) &&
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
  #depth = 0;
  readonly #rules: Rules;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  read(scripts: readonly string[]): ScriptArticle {
    let chars = 0;
    for (const script of scripts) {
      if (isFlight(script)) continue;
      this.#visit(parseLoosely(script, MAX_MENDED_CHARS - chars), 'script', '', []);
      chars += script.length;
    }
    for (const value of flightValues(scripts.filter(isFlight))) this.#visit([value], 'script', '', []);
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
    if (++this.#visits > MAX_VISITS || around.length > MAX_DEPTH || this.#depth > MAX_NESTING) return [];
    if (typeof value === 'string') return textBlocks(value, key, path, this.#rules);
    if (typeof value !== 'object' || value === null || isHeadElement(value)) return [];
    const isList = Array.isArray(value);
    const outer = isList ? around : [...around, value as Fields];
    this.#depth++;
    const inner = Object.entries(value).map(([name, part]) =>
      this.#visit(part, isList ? path : `${path}.${name}`, isList ? key : name, outer),
    );
    this.#depth--;
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

/** `["$", "meta", key, props]`: React's spelling of an element, here of one whose text is not shown. */
const isHeadElement = (value: object): boolean =>
  Array.isArray(value) && value[0] === '$' && /^(?:meta|title|link|script|style|head)$/.test(String(value[1]));

const weightOf = (blocks: readonly ScriptBlock[]): number => blocks.reduce((sum, { text }) => sum + text.length, 0);

function textBlocks(value: string, key: string, path: string, rules: Rules): ScriptBlock[] {
  if (isProse(value)) return blocksIn(value, path, rules);
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
