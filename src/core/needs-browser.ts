/** Whether a page has to be shown in a browser to be read: its article is not in its HTML, or a wall stands before it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BODY_LABELS } from './labels.ts';
import type { Label, PageKind } from './labels.ts';
import { ROOT } from './package.ts';
import type { Capture } from './ports.ts';
import type { Reading } from './schema.ts';

interface Signs {
  readonly appRoots: readonly string[];
  readonly needsScript: Readonly<Record<string, readonly string[]>>;
}

/** Kinds of pages that may be an article's, had its script run. Soft 404s, paywalls and logins are what they are with scripts, too. */
const DOUBTFUL: ReadonlySet<PageKind> = new Set<PageKind>(['empty', 'other', 'error', 'article']);
/** An article of fewer characters is a flash, or none. */
const LITTLE_BODY = 250;
/** Of the whole page: one with more has something to read. */
const LITTLE_TEXT = 1_500;
/** Per cent of the HTML that is script. */
const BIG_SCRIPT_SHARE = 60;
const MIN_SCRIPT_CHARS = 2_000;
/** As far as markup is searched for signs. */
const MAX_CHARS = 2 * 1024 * 1024;

let loaded: { readonly root: RegExp; readonly words: readonly string[] } | undefined;
function signs(): { readonly root: RegExp; readonly words: readonly string[] } {
  if (loaded === undefined) {
    const { appRoots, needsScript } = JSON.parse(readFileSync(join(ROOT, 'config/browser.json'), 'utf8')) as Signs;
    const ids = appRoots.map((id) => id.replaceAll(/[^\w-]/g, String.raw`\$&`)).join('|');
    loaded = {
      root: new RegExp(`\\sid\\s*=\\s*["']?(?:${ids})["'\\s>]`, 'i'),
      words: Object.values(needsScript).flat(),
    };
  }
  return loaded;
}

export interface PlainReading {
  readonly reading: Pick<Reading, 'kind' | 'blocks'>;
  readonly capture: Pick<Capture, 'status' | 'text' | 'contentType' | 'engine'>;
  /** As the settings or the page's source say. */
  readonly render: 'auto' | 'always' | 'never';
}

/** Why the page needs a browser, as a text for people; null where it needs none. */
export function needsBrowser({ reading, capture, render }: PlainReading): string | null {
  if (render === 'never' || capture.engine !== 'http' || capture.status !== 200) return null;
  if (!['text/html', 'application/xhtml+xml', ''].includes(capture.contentType)) return null;
  if (render === 'always') return 'its settings say so';
  if (reading.kind === 'consent') return 'a question for consent stands before it';
  if (!DOUBTFUL.has(reading.kind) || charsOf(reading, isBody) >= LITTLE_BODY) return null;
  if (charsOf(reading, ({ origin }) => origin === 'page') >= LITTLE_TEXT) return null;
  // A wall whose words are too few to make a kind.
  if (charsOf(reading, ({ label }) => label === 'consent') > 0) return 'next to no text beside a question for consent';
  return scriptSign(capture.text.slice(0, MAX_CHARS));
}

type AnyBlock = Reading['blocks'][number];
/** The article's body, found in a script or not: what is found there needs no browser. */
const isBody = ({ role, label }: AnyBlock): boolean => role === 'article' && BODY_LABELS.has(label as Label);

const charsOf = ({ blocks }: Pick<Reading, 'blocks'>, counts: (block: AnyBlock) => boolean): number =>
  blocks.reduce((sum, block) => (counts(block) ? sum + block.text.length : sum), 0);

/** What speaks for a page that its scripts write; null where nothing does. */
function scriptSign(html: string): string | null {
  const { root, words } = signs();
  const scripts = scriptsOf(html);
  const isScripted = scripts.count > 0;
  if (isScripted && root.test(html)) return 'next to no text, in a root that a script fills';
  const lower = html.toLowerCase();
  const word = words.find((asked) => lower.includes(asked));
  if (word !== undefined) return `next to no text, and the page says "${word}"`;
  const isBig = scripts.chars >= MIN_SCRIPT_CHARS && scripts.chars * 100 >= html.length * BIG_SCRIPT_SHARE;
  return isBig ? 'next to no text, and the page is mostly script' : null;
}

/** Scripts that run, by number and characters; one pass that never looks back, since markup may be made to be slow. */
function scriptsOf(html: string): { count: number; chars: number } {
  let count = 0;
  let chars = 0;
  const lower = html.toLowerCase();
  for (let at = lower.indexOf('<script'); at >= 0; at = lower.indexOf('<script', at + 1)) {
    const end = lower.indexOf('</script', at);
    const stop = end < 0 ? lower.length : end;
    const tag = lower.slice(at, Math.min(stop, at + 2_000)).split('>', 1)[0] ?? '';
    // Data in a script element is no program.
    if (!/type\s*=\s*["']?application\/(?:ld\+)?json/.test(tag)) {
      count++;
      chars += stop - at;
    }
    at = stop;
  }
  return { count, chars };
}
