/** How the labelled view tells labels apart: families of hue, and steps of lightness within each. */
import { LABELS } from '../core/labels.ts';
import type { Label } from '../core/labels.ts';

interface Family {
  readonly hue: number;
  readonly saturation: number;
  /** Darkest and lightest, per cent. White letters on those of the article have a contrast of at least 4.5. */
  readonly lightness: readonly [number, number];
  readonly labels: readonly Label[];
}
/** Hues that people with any common colour blindness tell apart (after Okabe and Ito), and the labels that share each. */
const FAMILIES: readonly Family[] = [
  { hue: 204, saturation: 95, lightness: [22, 39], labels: ['headline', 'lead', 'byline', 'dateline'] },
  { hue: 162, saturation: 85, lightness: [16, 28], labels: ['heading', 'quote', 'paragraph', 'list', 'table'] },
  { hue: 262, saturation: 45, lightness: [34, 56], labels: ['caption', 'credit', 'embed'] },
  { hue: 38, saturation: 95, lightness: [24, 32], labels: ['fact-box', 'correction'] },
  {
    hue: 215,
    saturation: 14,
    lightness: [26, 50],
    labels: ['site-header', 'navigation', 'breadcrumb', 'footer', 'copyright', 'ui'],
  },
  { hue: 18, saturation: 90, lightness: [30, 48], labels: ['ad', 'promo', 'subscribe', 'newsletter', 'paywall'] },
  {
    hue: 324,
    saturation: 55,
    lightness: [28, 54],
    labels: ['related', 'newsfeed', 'most-read', 'tags', 'author-bio'],
  },
  { hue: 52, saturation: 80, lightness: [24, 42], labels: ['comments', 'reactions', 'share', 'login', 'chat'] },
  { hue: 0, saturation: 0, lightness: [20, 50], labels: ['consent', 'hidden', 'other'] },
];

const DARK_GROUND: readonly [number, number] = [60, 78];

/** The colour of each label on paper, and on a dark ground. */
const COLOURS = new Map<Label, readonly [paper: string, dark: string]>(
  FAMILIES.flatMap(({ hue, saturation, lightness, labels }) =>
    labels.map((label, n) => {
      const colour = ([darkest, lightest]: readonly [number, number], saturationPerCent = saturation): string =>
        `hsl(${hue} ${saturationPerCent}% ${Math.round(darkest + (n * (lightest - darkest)) / (labels.length - 1))}%)`;
      return [label, [colour(lightness), colour(DARK_GROUND, Math.round(saturation * 0.65))]] as const;
    }),
  ),
);

/** Rules of style for the labels that a page has: their colour, and the switch that takes them out of sight. */
export const labelStyle = (labels: readonly Label[]): string =>
  labels
    .map(
      (label) =>
        `.l-${label}{--paper-c:${COLOURS.get(label)?.[0] ?? 'currentColor'};--dark-c:${COLOURS.get(label)?.[1] ?? 'currentColor'}}\n` +
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
