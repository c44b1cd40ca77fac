/** What a feed, a sitemap or a list names: an address with what is claimed of it. */
import type { Hints, TargetKind } from '../core/ports.ts';
import { hrefOf } from '../core/spelling.ts';
import { plainText } from './markup.ts';
import { limits } from './rules.ts';

export interface Found {
  /** Whole, http or https, without a fragment. */
  readonly url: string;
  readonly title?: string;
  /** When it was published, as claimed: ISO 8601 where it could be read, with an offset only where one was given. */
  readonly date?: string;
  readonly lastmod?: string;
  /** `page` unless given. */
  readonly kind?: TargetKind;
}

/** Spelled as the URL standard would: nine in ten are, and reading them again takes as long as all else together. */
const PLAIN =
  /^https?:\/\/(?!xn--|[^/]*\.xn--)[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}(?:\/[\w~-][\w~.,;:=@&+-]*)+\/?(?:\?[\w~.,;:=@&+%/-]+)?$/;

/** An address read against its document's; undefined for what is none, for other schemes, and for one of endless length. */
export function addressOf(spelled: string, base: string): string | undefined {
  const text = spelled.trim();
  if (text === '' || text.length > limits().maxAddressChars) return undefined;
  if (PLAIN.test(text)) return text;
  try {
    const url = new URL(text, base);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    // `#!` names a page of its own, other fragments a place on one.
    if (!url.hash.startsWith('#!')) url.hash = '';
    url.username = '';
    url.password = '';
    return hrefOf(url);
  } catch {
    return undefined;
  }
}

/** A title as plain text on one line: markup and entities out, also those that were escaped twice, and not endless. */
export function titleOf(claimed: string | undefined): string | undefined {
  if (claimed === undefined) return undefined;
  const { maxTitleChars } = limits();
  let text = claimed.slice(0, maxTitleChars * 8);
  // Feeds escape markup once by rule and twice by mistake.
  for (let round = 0; round < 2 && /[<&]/.test(text); round += 1) text = plainText(text);
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (line === '') return undefined;
  // By characters: half of a surrogate pair is none.
  return line.length > maxTitleChars ? `${[...line].slice(0, maxTitleChars - 1).join('')}…` : line;
}

type Claims = { readonly [K in keyof Omit<Found, 'url'>]?: Found[K] | undefined };

/** By hand rather than with spreads, which take longer than all else that is done for an entry. */
export function foundOf(url: string, { title, date, lastmod, kind }: Claims = {}): Found {
  const found: { -readonly [K in keyof Found]: Found[K] } = { url };
  if (title !== undefined) found.title = title;
  if (date !== undefined) found.date = date;
  if (lastmod !== undefined) found.lastmod = lastmod;
  if (kind !== undefined) found.kind = kind;
  return found;
}

/** The claims of a find, as a target carries them; undefined for none. */
export function hintsOf({ title, date, lastmod }: Found): Hints | undefined {
  if (title === undefined && date === undefined && lastmod === undefined) return undefined;
  return {
    ...(title !== undefined && { title }),
    ...(date !== undefined && { date }),
    ...(lastmod !== undefined && { lastmod }),
  };
}
