/** The article's pictures, each with the caption and credit that stand by it. */
import type { Block, Image, Media } from '../core/schema.ts';
import { hrefOf } from '../core/spelling.ts';

type Shown = Pick<Block, 'role' | 'label' | 'text' | 'media'>;
const MAX_IMAGES = 60;
const pathOf = (src: string): string => src.replace(/[?#].*$/, '');

/**
 * Pictures of the article's blocks, with the caption and credit of the block they belong to, then those the page names
 * for itself and shows nowhere. The same address counts once, whatever size it asks for.
 */
export function collectImages(
  blocks: readonly Shown[],
  named: readonly Image[],
  mediaLeft: readonly Media[],
  url: string,
): Image[] {
  const images = new Map<string, Image>();
  for (const block of blocks) {
    if (block.role !== 'article') continue;
    for (const { kind, src, alt, width, height } of block.media ?? []) {
      if (kind !== 'image' || src === undefined || images.has(pathOf(src)) || (width !== undefined && width < 60))
        continue;
      images.set(pathOf(src), {
        src,
        ...(alt === undefined ? {} : { alt }),
        ...(block.label === 'caption' ? { caption: block.text } : {}),
        ...(block.label === 'credit' ? { credit: block.text } : {}),
        ...(width === undefined ? {} : { width }),
        ...(height === undefined ? {} : { height }),
      });
    }
  }
  for (const image of named) if (!images.has(pathOf(image.src))) images.set(pathOf(image.src), image);
  if (images.size === 0) {
    for (const { kind, src, alt } of mediaLeft) {
      if (kind === 'image' && src !== undefined && URL.canParse(src, url))
        images.set(src, { src: hrefOf(new URL(src, url)), ...(alt === undefined ? {} : { alt }) });
    }
  }
  return [...images.values()].slice(0, MAX_IMAGES);
}
