/** What has to hold of every reading, whatever the page. */
import { isDeepStrictEqual } from 'node:util';
import { parseFragment } from 'parse5';
import { articleHtml, articleMarkdown, articleText, bodyText, clean, labelledView } from '../../src/clean/index.ts';
import { decodeText } from '../../src/core/charset.ts';
import { ARTICLE_LABELS } from '../../src/core/labels.ts';
import { loadRules } from '../../src/core/rules.ts';
import { Reading } from '../../src/core/schema.ts';
import type { FuzzInput } from './fuzz-inputs.ts';
import { pageText, withoutSpace } from './page-text.ts';

const { rules } = loadRules();
const URL_OF_PAGE = 'https://paper.example/news/1';
const ARTICLE: ReadonlySet<string> = new Set(ARTICLE_LABELS);

const read = ({ text, contentType, isBytes, source }: FuzzInput): Reading =>
  clean(isBytes ? Buffer.from(text) : text, {
    url: URL_OF_PAGE,
    contentType: isBytes ? `${contentType}; charset=utf-8` : contentType,
    rules,
    ...(source === undefined ? {} : { source }),
  });

/** What the conservation law says that the blocks hold. */
function expectedText({ text, contentType, isBytes }: FuzzInput): string {
  const decoded = isBytes ? decodeText(Buffer.from(text), { contentType: `${contentType}; charset=utf-8` }).text : text;
  const isMarkup = contentType === 'text/html' || /^\s*<(?:!doctype|html)\b/i.test(decoded);
  return isMarkup ? pageText(decoded) : withoutSpace(decoded);
}

const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20));
function differenceOf(got: string, wanted: string): string {
  let at = 0;
  while (at < got.length && got[at] === wanted[at]) at++;
  return `got ${around(got, at)}, expected ${around(wanted, at)} at ${at} of ${wanted.length}`;
}

interface HtmlNode {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly HtmlNode[];
}
/** A block's markup says the block's text, with nothing in it but links, emphasis and line breaks. */
function markupFault(html: string, text: string): string | null {
  const parts: string[] = [];
  const waiting: HtmlNode[] = [parseFragment(html) as HtmlNode];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.nodeName === '#text') parts.push(node.value ?? '');
    else if (!/^(?:#document-fragment|a|em|strong|br)$/.test(node.nodeName)) return `holds <${node.nodeName}>`;
    for (const { name, value } of node.attrs ?? [])
      if (name !== 'href' || !/^(?:https?|mailto|tel):/.test(value)) return `holds ${name}="${value.slice(0, 40)}"`;
    waiting.push(...(node.childNodes ?? []).toReversed());
  }
  // A NUL in markup is no character for any parser.
  const said = withoutSpace(parts.join(''));
  const wanted = withoutSpace(text);
  return said === wanted ? null : `says something else: ${differenceOf(said, wanted)}`;
}

/**
 * What of the laws an input breaks, in one line that begins with the law; null where it breaks none. `checksSchema`: the schema and
 * all that can be written of the reading too.
 */
export function faultOf(input: FuzzInput, { checksSchema }: { readonly checksSchema: boolean }): string | null {
  let reading: Reading;
  try {
    reading = read(input);
    bodyText(reading);
    if (checksSchema)
      for (const write of [articleHtml, articleMarkdown, labelledView]) write(reading, { url: URL_OF_PAGE });
    if (checksSchema) articleText(reading);
  } catch (error) {
    return `throws: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`;
  }
  const got = withoutSpace(
    reading.blocks
      .filter(({ origin }) => origin === 'page')
      .map(({ text }) => text)
      .join(' '),
  );
  const wanted = expectedText(input);
  if (got !== wanted) return `conservation: ${differenceOf(got, wanted)}`;
  if (JSON.stringify(read(input)) !== JSON.stringify(reading)) return 'determinism: two calls differ';
  for (const [i, { id, role, label, reasons, confidence, text, html }] of reading.blocks.entries()) {
    if (id !== `b${i + 1}`) return `blocks: the ${i + 1}. has the id ${id}`;
    if ((role === 'article') !== ARTICLE.has(label)) return `blocks: ${label} is ${role}`;
    if (reasons.length === 0) return `blocks: ${id} has no reason`;
    if (!Number.isInteger(confidence)) return `blocks: ${id} has the confidence ${confidence}`;
    if (text.trim() === '') return `blocks: ${id} is blank`;
    const fault = html === undefined ? null : markupFault(html, text);
    if (fault !== null) return `markup: that of ${id} ${fault}`;
  }
  if (!checksSchema) return null;
  const parsed = Reading.safeParse(reading);
  if (!parsed.success)
    return `schema: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`;
  // What is written to a file has to come back as it was.
  return isDeepStrictEqual(parsed.data, reading) ? null : 'schema: parsing changes the reading';
}

/** The law that a fault breaks. */
export const lawOf = (fault: string): string => fault.slice(0, fault.indexOf(':'));

/** A smaller text that still fails: parts are left out, ever smaller ones, until none can be (Zeller & Hildebrandt, 2002). */
export function shrunk(failing: string, fails: (text: string) => boolean, maxTries = 3_000): string {
  let text = failing;
  let tries = 0;
  for (let size = Math.max(1, text.length >> 1); size >= 1; size >>= 1) {
    for (let from = 0; from < text.length && tries < maxTries; tries += 1) {
      const less = text.slice(0, from) + text.slice(from + size);
      if (fails(less)) text = less;
      else from += size;
    }
  }
  return text;
}
