/**
 * Bytes to text. Evidence is heard in the order BOM, header, meta, XML declaration (WHATWG HTML §13.2.3.2), and each claim
 * is held against the bytes: a page that calls itself UTF-8 and is not, or the reverse, is read as what it is.
 *
 * Valid UTF-8 takes no table: the libraries are loaded with the first page that needs them (20 to 35 ms).
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import type { Charset } from './schema.ts';

export interface Decoded {
  /** Without a byte order mark; what cannot be decoded is U+FFFD. */
  readonly text: string;
  /** Names in lower case, as the WHATWG Encoding Standard spells them. */
  readonly charset: Charset;
}

/** A charset that something says the page has. */
interface Claim {
  readonly how: 'bom' | 'header' | 'meta' | 'xml';
  readonly label: string;
  /** Name of the encoding; null for a label that is none. */
  readonly name: string | null;
}

/** As far as a declaration in the page is looked for; browsers look at 1 KiB and many pages declare later. */
const HEAD_BYTES = 65_536;
/** As much text as the detector is given. */
const DETECTED_BYTES = 65_536;
/** Begins the shifts of ISO-2022-JP, the one encoding of the web whose text is all ASCII. */
const ESCAPE = 0x1b;
const MAX_ASCII_RUN = 256;
/** As far as broken UTF-8 is counted: 1 ms a MiB. */
const COUNTED_BYTES = 4_194_304;

const require = createRequire(import.meta.url);
// Node's own legacy decoders differ by version and ICU (windows-1252 is wrong in 20); these do not.
const encodings = () => require('@exodus/bytes/encoding.js') as typeof import('@exodus/bytes/encoding.js');
const detector = () => require('chardet') as typeof import('chardet');
const prescan = () =>
  require('html-encoding-sniffer') as (bytes: Uint8Array, options: { defaultEncoding: null }) => string | null;

/**
 * @param bytes a page as saved or received, after content-decoding
 * @param contentType value of the Content-Type header, where there was one
 */
export function decodeText(bytes: Uint8Array, { contentType }: { contentType?: string | undefined } = {}): Decoded {
  const shape = new Shape(bytes);
  let first: Claim | undefined;
  let lie = false;
  for (const claim of claims(bytes, contentType)) {
    first ??= claim;
    if (claim.name === null) continue;
    if (fits(claim, shape)) return decoded(bytes, { used: claim.name, how: claim.how }, first, lie);
    lie = true;
  }
  return decoded(bytes, detect(shape), first, lie);
}

function decoded(bytes: Uint8Array, found: Charset, first: Claim | undefined, lie: boolean): Decoded {
  const text = textOf(bytes, found.used);
  return { text, charset: { ...found, ...(first && { declared: first.name ?? first.label }), ...(lie && { lie }) } };
}

function textOf(bytes: Uint8Array, name: string): string {
  if (name !== 'utf-8' || !isUtf8(bytes)) return new (encodings().TextDecoder)(name).decode(bytes);
  const start = bomOf(bytes) === 'utf-8' ? 3 : 0;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start).toString('utf8');
}

function bomOf(bytes: Uint8Array): 'utf-8' | 'utf-16be' | 'utf-16le' | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return a === 0xff && b === 0xfe ? 'utf-16le' : null;
}

/** What is said about the page, strongest first; each found only when the one before it was not believed. */
function* claims(bytes: Uint8Array, contentType: string | undefined): Generator<Claim> {
  const bom = bomOf(bytes);
  if (bom) yield { how: 'bom', label: bom, name: bom };
  const header = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]+))/i.exec(contentType ?? '');
  if (header) yield claimOf('header', header[1] ?? header[2] ?? header[3] ?? '');
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES)).toString('latin1');
  const meta = /^\s*text\/plain\b/i.test(contentType ?? '') ? null : metaName(head);
  if (meta !== null) yield { how: 'meta', label: meta, name: meta };
  const xml = /^\s*<\?xml\s[^<>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head);
  if (xml) yield claimOf('xml', xml[1]!);
}

function claimOf(how: Claim['how'], label: string): Claim {
  const clean = label.trim().toLowerCase().slice(0, 40);
  const name = /^utf-?8$/.test(clean) ? 'utf-8' : encodings().normalizeEncoding(clean);
  // `replacement` stands for encodings that browsers refuse to decode; better to look for ourselves.
  return { how, label: clean, name: name === 'replacement' ? null : name };
}

/** The encoding that a meta element declares. Only where it is plainly UTF-8 is the prescan's table not needed. */
function metaName(head: string): string | null {
  const first = head.search(/charset/i);
  if (first < 0) return null;
  const tagStart = head.lastIndexOf('<', first);
  const plain =
    /^<meta\s+(?:http-equiv=["']?content-type["']?\s+content=["']text\/html;\s*)?charset=["']?utf-8["'\s/>]/i;
  if (first < 1024 && plain.test(head.slice(tagStart, tagStart + 120)) && !head.slice(0, first).includes('<!--'))
    return 'utf-8';
  const early = prescanned(head.slice(0, 1024));
  if (early !== null) return early;
  const end = head.search(/<\/head/i);
  for (const [tag] of head.slice(0, end < 0 ? undefined : end).matchAll(/<meta\s[^<>]{0,400}charset[^<>]{0,100}>/gi)) {
    const late = prescanned(tag);
    if (late !== null) return late;
  }
  return null;
}

function prescanned(markup: string): string | null {
  try {
    return prescan()(Buffer.from(markup, 'latin1'), { defaultEncoding: null })?.toLowerCase() ?? null;
  } catch {
    // html-encoding-sniffer 6 reads past the end of `content="charset"`.
    return null;
  }
}

/** What the bytes themselves say; counted only when somebody asks. */
class Shape {
  readonly bytes: Uint8Array;
  readonly isUtf8: boolean;
  readonly isAscii: boolean;
  #counts: { good: number; broken: number } | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.isAscii = isAscii(bytes);
    this.isUtf8 = this.isAscii || isUtf8(bytes);
  }

  /** Characters beyond ASCII that are whole UTF-8, and places that are not. A character cut off by the end is neither. */
  get counts(): { good: number; broken: number } {
    return (this.#counts ??= countUtf8(this.bytes.subarray(0, COUNTED_BYTES)));
  }

  /**
   * UTF-8 with a scratch: broken places are outweighed by whole characters two to one (legacy double-byte text reaches one
   * to two, by chance), or there are at most three in a page long enough for accidents.
   */
  get passesForUtf8(): boolean {
    if (this.isUtf8) return this.utf16 === null;
    const { good, broken } = this.counts;
    return broken * 2 <= good || (broken <= 3 && broken * 10_000 <= this.bytes.length);
  }

  /** UTF-8 beyond doubt, whatever is declared: text in another encoding does not come out as that many whole characters. */
  isSurelyUtf8(atLeast: number): boolean {
    if (this.isAscii) return false;
    const { good, broken } = this.counts;
    return good >= atLeast && broken * 20 <= good;
  }

  /** UTF-16 has a zero beside each character of the markup that a page begins with, all on one side. */
  get utf16(): 'utf-16le' | 'utf-16be' | null {
    const head = this.bytes.subarray(0, 512);
    if (!head.includes(0)) return null;
    const zeros = [0, 0];
    for (const [i, byte] of head.entries()) if (byte === 0) zeros[i % 2]!++;
    const [even = 0, odd = 0] = zeros;
    if (odd * 8 > head.length && even * 8 < odd) return 'utf-16le';
    return even * 8 > head.length && odd * 8 < even ? 'utf-16be' : null;
  }
}

/** Single-byte text reads as UTF-8 nowhere; double-byte text may, in a word or two. */
const SURE_AFTER = 4;
const isDoubleByte = (name: string): boolean => /^(gb|big5|euc-|shift_jis|iso-2022)/.test(name);

function fits({ how, name }: Claim, shape: Shape): boolean {
  if (name === 'utf-8') return shape.passesForUtf8;
  if (name === 'utf-16le' || name === 'utf-16be') return how === 'bom' || !shape.isUtf8 || shape.utf16 === name;
  return !shape.isSurelyUtf8(isDoubleByte(name!) ? SURE_AFTER : 1);
}

function detect(shape: Shape): Charset {
  const utf16 = shape.utf16;
  if (utf16) return { used: utf16, how: 'detected' };
  const hasEscape = shape.bytes.includes(ESCAPE);
  if (shape.isAscii && !hasEscape) return { used: 'utf-8', how: 'default' };
  if (!shape.isAscii && (shape.isUtf8 || shape.counts.broken * 2 <= shape.counts.good)) {
    return shape.isUtf8 || shape.counts.good > 0
      ? { used: 'utf-8', how: 'detected' }
      : { used: 'windows-1252', how: 'default' };
  }
  for (const match of detector().analyse(foreignWords(shape.bytes))) {
    const name = encodings().normalizeEncoding(match.name);
    if (name !== null && name !== 'replacement' && !name.startsWith('utf-')) return { used: name, how: 'detected' };
  }
  return { used: shape.isAscii ? 'utf-8' : 'windows-1252', how: 'default' };
}

/**
 * The words that hold a byte beyond ASCII, tags left out. Markup and English names would drown the rest: of 159 pages put
 * into legacy encodings, 131 were detected rightly from all their text and 151 from these words.
 */
function foreignWords(bytes: Uint8Array): Uint8Array {
  const words = new Uint8Array(DETECTED_BYTES);
  let length = 0;
  let wordStart = 0;
  let isForeign = false;
  let isTag = false;
  for (let i = 0; i < bytes.length && length < DETECTED_BYTES; i++) {
    const byte = bytes[i]!;
    const isBeyond = byte >= 0x80 || byte === ESCAPE;
    if (byte === 0x3c) isTag = true;
    if (isBeyond || (byte > 0x20 && !isTag)) {
      isForeign ||= isBeyond;
      // What runs on like this is an address or a picture in base64.
      if (!isForeign && length - wordStart >= MAX_ASCII_RUN) length = wordStart;
      words[length++] = byte;
    } else {
      if (!isForeign) length = wordStart;
      else words[length++] = 0x20;
      wordStart = length;
      isForeign = false;
    }
    if (byte === 0x3e) isTag = false;
  }
  return words.subarray(0, isForeign ? length : wordStart);
}

/** Bytes that follow the first of a UTF-8 character, and the range of the second (Unicode 15, table 3-7). */
function sequenceOf(lead: number): readonly [follow: number, low: number, high: number] {
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead >= 0xe0 && lead <= 0xef) return [2, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf];
  if (lead >= 0xf0 && lead <= 0xf4) return [3, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf];
  return [0, 0, 0];
}

function countUtf8(bytes: Uint8Array): { good: number; broken: number } {
  let good = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i]!;
    if (lead < 0x80) continue;
    const [follow, low, high] = sequenceOf(lead);
    let matched = 0;
    while (matched < follow) {
      const byte = bytes[i + matched + 1];
      if (byte === undefined) return { good, broken };
      if (byte < (matched === 0 ? low : 0x80) || byte > (matched === 0 ? high : 0xbf)) break;
      matched++;
    }
    if (follow > 0 && matched === follow) good++;
    else broken++;
    i += matched;
  }
  return { good, broken };
}
