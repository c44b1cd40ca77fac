/** JSON-LD as pages really have it: several graphs, comments, trailing commas, raw line breaks, HTML-escaped or cut short. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type LinkedObject = { readonly [key: string]: Json };

const MAX_NODES = 5_000;
const ARTICLE_TYPE =
  /(?:^|\/)(?:\w*article|blogposting|liveblogposting|reportage\w*|review|newsreport|socialmediaposting|report)$/i;
/** A page's own article comes before the video or the page around it. */
const WEAK_TYPE =
  /(?:^|\/)(?:webpage|itempage|videoobject|creativework|recipe|podcastepisode|imagegallery|mediagallery)$/i;

export const isObject = (value: Json | undefined): value is LinkedObject & { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: Json | undefined): Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** Characters of a page's scripts that are mended where they are no JSON; mending a million takes half a second. */
export const MAX_MENDED_CHARS = 2_000_000;

/** What a script says as JSON; null where it cannot be mended into any, or is longer than `maxMendedChars` and no JSON as it is. */
export function parseLoosely(text: string, maxMendedChars = MAX_MENDED_CHARS): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Most scripts need no mending, and are spared the search for what stands round them.
  }
  const trimmed = text
    .trim()
    .replace(/^(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)\s*/, '')
    .replace(/\s*(?:-->|\/\*\s*\]\]>\s*\*\/|\/\/\s*\]\]>|\]\]>)$/, '')
    .replace(/;\s*$/, '');
  const mends = [mendStrings, withoutTrailingCommas, (s: string) => closeOpen(withoutTrailingCommas(s))];
  for (const mend of [(s: string) => s, ...(trimmed.length > maxMendedChars ? [] : mends)]) {
    try {
      return JSON.parse(mend(trimmed)) as Json;
    } catch {
      // The next mend tries harder.
    }
  }
  return null;
}

/** Escapes control characters inside strings, drops trailing commas and comments outside them. */
function mendStrings(text: string): string {
  let out = '';
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (inString) {
      if (c === '\\') {
        const next = text[++i] ?? '';
        out += /["\\/bfnrtu]/.test(next) ? c + next : `\\\\${next}`;
      } else if (c === '"' && !endsValue(text, i)) out += '\\"';
      else {
        if (c === '"') inString = false;
        out += c < ' ' ? ' ' : c;
      }
    } else if (c === '"') {
      inString = true;
      out += c;
    } else if (c === ',' && /^,\s*[}\]]/.test(text.slice(i, i + 200))) continue;
    else if (c === '/' && text[i + 1] === '/') i = endOr(text, text.indexOf('\n', i)) - 1;
    else if (c === '/' && text[i + 1] === '*') i = endOr(text, text.indexOf('*/', i) + 1);
    else out += c;
  }
  return out;
}

/** Also where a comment stood between the comma and the bracket. */
const withoutTrailingCommas = (text: string): string => mendStrings(mendStrings(text));
const endOr = (text: string, at: number): number => (at <= 0 ? text.length : at);
/** A quote ends its string only where JSON may go on behind it; any other was not escaped by mistake. */
const endsValue = (text: string, at: number): boolean => /^"\s*(?:[,:}\]]|$|\/[/*])/.test(text.slice(at, at + 60));

/** Closes the brackets of JSON that was cut off. */
function closeOpen(text: string): string {
  const open: string[] = [];
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') open.push('}');
    else if (c === '[') open.push(']');
    else if (c === '}' || c === ']') open.pop();
  }
  const whole = (inString ? `${text}"` : text).replace(/,\s*$/, '').replace(/:\s*$/, ':null');
  return whole + open.toReversed().join('');
}

/** All objects of all graphs, outermost first. */
export function objectsIn(roots: readonly Json[]): LinkedObject[] {
  const found: LinkedObject[] = [];
  const waiting: Json[] = [...roots];
  for (let i = 0; i < waiting.length && found.length < MAX_NODES; i++) {
    const value = waiting[i] as Json;
    if (Array.isArray(value)) waiting.push(...value.slice(0, MAX_NODES));
    else if (isObject(value)) {
      found.push(value);
      for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) waiting.push(inner);
    }
  }
  return found;
}

export const typesOf = (object: LinkedObject): string[] =>
  listOf(object['@type']).filter((t): t is string => typeof t === 'string');

/**
 * The object that describes the page's article: of those of an article's type the one that says most, else one of a
 * weaker type with a headline. Articles nested in lists of others (ItemList, hasPart) come last.
 */
export function articleObject(objects: readonly LinkedObject[]): LinkedObject | undefined {
  let best: LinkedObject | undefined;
  let bestScore = 0;
  for (const [i, object] of objects.entries()) {
    const types = typesOf(object);
    const isArticle = types.some((type) => ARTICLE_TYPE.test(type));
    if (
      !isArticle &&
      !(types.some((type) => WEAK_TYPE.test(type)) && (object['headline'] ?? object['datePublished']) !== undefined)
    )
      continue;
    const facts = [
      'headline',
      'datePublished',
      'author',
      'articleBody',
      'mainEntityOfPage',
      'dateModified',
      'image',
    ].filter((key) => object[key] !== undefined).length;
    const score = (isArticle ? 100 : 20) + facts * 5 - Math.min(i, 50) / 100;
    if (score > bestScore) [best, bestScore] = [object, score];
  }
  return best;
}

/** Names inside names: deeper is no name but an attempt on the stack. */
const MAX_NAME_DEPTH = 8;
/** A string value, its own HTML escapes undone by the caller. */
export const stringOf = (value: Json | undefined, depth = 0): string | undefined => {
  const first = listOf(value)[0];
  if (typeof first === 'string' && first.trim() !== '') return first.trim();
  if (isObject(first) && depth < MAX_NAME_DEPTH)
    return stringOf(first['@value'] ?? first['name'] ?? first['url'] ?? first['@id'], depth + 1);
  return typeof first === 'number' ? String(first) : undefined;
};
