/** Pictures, players and embedded posts, by their addresses as the page spells them. */
import type { Element } from 'domhandler';
import type { Media } from '../core/schema.ts';

const size = (value: string | undefined): number | undefined => {
  const match = /^\s*(\d{1,5})(?:px)?\s*$/.exec(value ?? '');
  return match ? Number(match[1]) : undefined;
};

/** The first address of a `srcset`. */
const firstOf = (srcset: string | undefined): string | undefined => srcset?.trim().split(/[\s,]+/)[0];

const KINDS: Readonly<Record<string, Media['kind']>> = {
  img: 'image',
  'amp-img': 'image',
  video: 'video',
  audio: 'audio',
  iframe: 'embed',
  object: 'embed',
  embed: 'embed',
};

/** What an element shows; null for a picture without an address and for one of a single pixel. */
export function mediaOf(element: Element): Media | null {
  const { attribs } = element;
  const lazy =
    attribs['data-src'] ?? attribs['data-original'] ?? attribs['data-lazy-src'] ?? firstOf(attribs['data-srcset']);
  const direct = attribs['src'] ?? firstOf(attribs['srcset']) ?? attribs['data'];
  // A placeholder in `src` gives way to the picture that a script would load.
  const src = (lazy !== undefined && (direct === undefined || direct.startsWith('data:')) ? lazy : direct)?.trim();
  if (src === undefined || src === '' || src.startsWith('data:')) return null;
  const width = size(attribs['width']);
  const height = size(attribs['height']);
  if (width !== undefined && height !== undefined && width <= 2 && height <= 2) return null;
  const alt = attribs['alt']?.trim();
  return {
    kind: KINDS[element.name] ?? 'embed',
    src,
    ...(alt ? { alt } : {}),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  };
}
