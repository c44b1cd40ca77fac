/** Text and addresses of a page made fit to stand in a file that somebody opens. */
import { hrefOf } from '../core/spelling.ts';

/** Every control character but the line feed. */
const CONTROLS = /[^\P{Cc}\n]/gu;
/** Embeddings, overrides, isolates, tag characters and annotation marks: they reorder or hide what stands after them. */
const STEERING = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\ufff9-\ufffb]/gu;
/** Lone surrogates and code points that are no characters: no file may hold them. */
const NO_CHARACTERS = /\p{Surrogate}|\p{Noncharacter_Code_Point}/gu;

/**
 * The text without anything that steers a terminal, an editor or a browser; line breaks are kept, tabs become spaces. Marks
 * that letters need (joiners, soft hyphens, left-to-right and right-to-left marks) stay.
 */
export const inert = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replace(/\t/gu, ' ')
    .replace(CONTROLS, '')
    .replace(STEERING, '')
    .replace(NO_CHARACTERS, '\ufffd');

/** The same on one line. No-break spaces are kept: they are the page's. */
export const inertLine = (text: string): string =>
  inert(text)
    .replace(/[ \n]+/gu, ' ')
    .trim();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Fit to stand in the text of an element and in a quoted attribute. */
export const escapeHtml = (text: string): string => inert(text).replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

function addressOf(href: string, schemes: RegExp): string | undefined {
  try {
    const url = new URL(href);
    return schemes.test(url.protocol) ? hrefOf(url) : undefined;
  } catch {
    return undefined;
  }
}

/** The address as a reader may follow it: http, https or mailto; undefined for any other, and for one that is not whole. */
export const linkAddress = (href: string): string | undefined => addressOf(href, /^(?:https?|mailto):$/);

/** The address of a picture or player: http or https. */
export const mediaAddress = (href: string): string | undefined => addressOf(href, /^https?:$/);

/** Host of an address, to name it by; the address itself where it has none. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host || address;
  } catch {
    return address;
  }
}
