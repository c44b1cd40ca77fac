/**
 * The cleaner: bytes or text of a page in, a reading out. Pure: no clock, no disk, no network, no randomness; the same
 * arguments give the same reading, byte for byte, on every supported version of Node.
 */
import { decodeText } from '../core/charset.ts';
import type { RuleSource } from '../core/rules.ts';
import type { Reading } from '../core/schema.ts';
import type { SourceRules } from '../core/sources.ts';
import { looksLikeMarkup } from './dump.ts';
import { readDumpPage, readPage } from './page.ts';
import { rulesOf } from './rules.ts';

export interface CleanContext {
  /** Where the page came from; relative addresses are read against it. */
  readonly url: string;
  /** As the server gave it; `text/plain` is read as a dump. */
  readonly contentType?: string;
  /** When it was fetched, UTC. Of the source's dated rules those for that day apply; unless given, those without an end. */
  readonly fetchedAt?: string;
  /** Whose page it is, and what its own rules say; dumps have no elements that rules could pick. */
  readonly source?: SourceRules | undefined;
  readonly rules: RuleSource;
}

/**
 * Reads a page. The blocks with `origin: page` hold every character of the page text (all text outside script, style,
 * template and head; of a dump, everything) exactly once and in order, white space apart.
 * Throws `E_RULES_INVALID` where the rules are broken; never for what is in the page.
 */
export function clean(input: Uint8Array | string, context: CleanContext): Reading {
  const { contentType } = context;
  const text =
    typeof input === 'string' ? input : decodeText(input, contentType === undefined ? {} : { contentType }).text;
  const rules = rulesOf(context.rules);
  const isPlain = contentType !== undefined && /^text\/plain\b/i.test(contentType);
  const isDump = isPlain
    ? !/^\s*<(?:!doctype|html)\b/i.test(text)
    : contentType === undefined && !looksLikeMarkup(text);
  return isDump ? readDumpPage(text, rules) : readPage(text, context.url, rules, context);
}

export { bodyText } from './render.ts';
export { faultOfSelector, Picker } from './selectors.ts';
export { matchesOn } from './source-rules.ts';
export type { Match } from './source-rules.ts';
export { articleMarkdown } from './markdown.ts';
export { articleText } from './article-text.ts';
export type { Imprint } from './parts.ts';
export { articleHtml } from './article-html.ts';
export type { ArticleHtmlOptions } from './article-html.ts';
export { explanationsOf, labelledView } from './view.ts';
