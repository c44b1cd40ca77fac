/**
 * Names of tags and attributes in lower case, each as one and the same string wherever it stands: a page has thousands of them
 * and some hundred different ones, and a string cut out anew has to be hashed and compared letter by letter at every question.
 */
import { markOf } from './elements.ts';
import { HASH_SEED, hashed } from './letters.ts';

const SLOTS = 1 << 12;
const MAX_KEPT_CHARS = 40;

export interface TagName {
  readonly text: string;
  /** As an attribute's: its bit among those that are asked for of every element, 0 for most. */
  readonly mark: number;
}
/** The name last met of each hash; never more than its slots. */
const kept: (TagName | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const small = (code: number): number => (isCapital(code) ? code + 32 : code);

/** The name that stands at `from` and ends before `to`, its ASCII letters in lower case. */
export function nameAt(html: string, from: number, to: number): TagName {
  if (to - from > MAX_KEPT_CHARS) return { text: lower(html.slice(from, to)), mark: 0 };
  let hash = HASH_SEED;
  for (let at = from; at < to; at++) hash = hashed(hash, small(html.charCodeAt(at)));
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const known = kept[slot];
  if (known !== undefined && stands(known.text, html, from, to)) return known;
  // As the key of an object a string becomes the one that the engine keeps for keys, which holds on to no page.
  const text = Object.keys({ [lower(html.slice(from, to))]: 0 })[0] as string;
  return (kept[slot] = { text, mark: markOf(text) });
}

const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function stands(name: string, html: string, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) !== small(html.charCodeAt(from + at))) return false;
  return true;
}
