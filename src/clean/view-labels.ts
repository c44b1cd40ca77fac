/** How the labelled view tells labels apart: families of hue, and steps of lightness within each. */
import { LABELS } from '../core/labels.ts';
import type { Label } from '../core/labels.ts';

/** Hues that people with any common colour blindness tell apart (after Okabe and Ito), and the labels that share each. */
const FAMILIES: readonly { readonly hue: number; readonly saturation: number; readonly labels: readonly Label[] }[] = [
  { hue: 204, saturation: 95, labels: ['headline', 'lead', 'byline', 'dateline'] },
  { hue: 162, saturation: 85, labels: ['paragraph', 'heading', 'quote', 'list', 'table'] },
  { hue: 262, saturation: 45, labels: ['caption', 'credit', 'embed'] },
  { hue: 38, saturation: 95, labels: ['fact-box', 'correction'] },
  { hue: 215, saturation: 14, labels: ['site-header', 'navigation', 'breadcrumb', 'footer', 'copyright', 'ui'] },
  { hue: 18, saturation: 90, labels: ['ad', 'promo', 'subscribe', 'newsletter', 'paywall'] },
  { hue: 324, saturation: 55, labels: ['related', 'newsfeed', 'most-read', 'tags', 'author-bio'] },
  { hue: 52, saturation: 80, labels: ['comments', 'reactions', 'share', 'login', 'chat'] },
  { hue: 0, saturation: 0, labels: ['consent', 'hidden', 'other'] },
];

const LIGHTEST = 48;
const DARKEST = 26;

/** The colour of each label on paper; on a dark ground the view mixes it with white. */
const COLOURS = new Map<Label, string>(
  FAMILIES.flatMap(({ hue, saturation, labels }) =>
    labels.map((label, n) => {
      const step = labels.length === 1 ? 0 : (LIGHTEST - DARKEST) / (labels.length - 1);
      return [label, `hsl(${hue} ${saturation}% ${Math.round(DARKEST + n * step)}%)`] as const;
    }),
  ),
);

/** Rules of style for the labels that a page has: their colour, and the switch that takes them out of sight. */
export const labelStyle = (labels: readonly Label[]): string =>
  labels
    .map(
      (label) =>
        `.l-${label}{--c:${COLOURS.get(label) ?? 'currentColor'}}\n` +
        `#t-${label}:not(:checked)~.desk main .l-${label},#t-${label}:not(:checked)~.desk .strip .l-${label}{display:none}\n` +
        `#t-${label}:not(:checked)~.desk .side .l-${label} label{opacity:.45;text-decoration:line-through}\n` +
        `#t-${label}:focus-visible~.desk .side .l-${label}{outline:2px solid var(--focus);outline-offset:1px}\n`,
    )
    .join('');

/** The labels in the order of the closed list. */
export const inOrder = (labels: Iterable<Label>): Label[] => {
  const present = new Set(labels);
  return LABELS.filter((label) => present.has(label));
};
