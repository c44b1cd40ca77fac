/**
 * Names of tags and attributes in lower case, each as one and the same string wherever it stands: a page has thousands of them
 * and some hundred different ones, and a string cut out anew has to be hashed and compared letter by letter at every question.
 */
import { HASH_SEED, hashed } from './letters.ts';

const SLOTS = 1 << 12;
const MAX_KEPT_CHARS = 40;
/** The name last met of each hash; never more than its slots. */
const kept: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const small = (code: number): number => (isCapital(code) ? code + 32 : code);

/** The name that stands at `from` and ends before `to`, its ASCII letters in lower case. */
export function nameAt(html: string, from: number, to: number): string {
  if (to - from > MAX_KEPT_CHARS) return lower(html.slice(from, to));
  let hash = HASH_SEED;
  for (let at = from; at < to; at++) hash = hashed(hash, small(html.charCodeAt(at)));
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const known = kept[slot];
  if (known !== undefined && stands(known, html, from, to)) return known;
  // As the key of an object a string becomes the one that the engine keeps for keys.
  const name = Object.keys({ [lower(html.slice(from, to))]: 0 })[0] as string;
  kept[slot] = name;
  return name;
}

const lower = (name: string): string => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function stands(name: string, html: string, from: number, to: number): boolean {
  if (name.length !== to - from) return false;
  for (let at = 0; at < name.length; at++) if (name.charCodeAt(at) !== small(html.charCodeAt(from + at))) return false;
  return true;
}
