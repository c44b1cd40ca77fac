/** What every HTML page that we write begins with: nothing in it runs, and nothing leaves it unasked. */
import { createHash } from 'node:crypto';
import { escapeHtml } from './inert.ts';

/** ISO 15924 scripts by language that are written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(
  'ar arc ckb dv fa he iw ji ks nqo ps sd syr ug ur uz-arab yi pa-arab ku-arab az-arab'.split(' '),
);

/** BCP 47, or undefined where it could not be told or is no such thing. */
const languageOf = (language: string): string | undefined =>
  language !== 'und' && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(language) ? language : undefined;

/** `auto` where the language does not tell: then each block goes by its first letter. */
function directionOf(language: string): 'ltr' | 'rtl' | 'auto' {
  const tag = languageOf(language)?.toLowerCase();
  if (tag === undefined) return 'auto';
  if (/-(?:arab|hebr|thaa|syrc|nkoo)\b/.test(tag)) return 'rtl';
  return RIGHT_TO_LEFT.has(tag.split('-')[0] as string) ? 'rtl' : 'ltr';
}

export interface Head {
  readonly title: string;
  readonly language: string;
  /** Overrides what the language says, for a page whose own words are English. */
  readonly direction?: 'ltr';
  readonly style: string;
  /** Whether pictures may be loaded. */
  readonly hasPictures: boolean;
  /** Further elements of the head, already HTML. */
  readonly more?: readonly string[];
}

/**
 * From the doctype to the end of the head. The policy lets in this one style sheet by its digest, and pictures where asked:
 * no script, frame, form, font or other request, whatever may stand in the page.
 */
export function headOf({ title, language, direction, style, hasPictures, more = [] }: Head): string[] {
  const digest = createHash('sha256').update(style).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${digest}'`,
    ...(hasPictures ? ['img-src http: https:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const tag = languageOf(language);
  const dir = direction ?? directionOf(language);
  return [
    '<!doctype html>',
    `<html${tag === undefined ? '' : ` lang="${escapeHtml(tag)}"`} dir="${dir}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    `<title>${escapeHtml(title)}</title>`,
    ...more,
    `<style>${style}</style>`,
    '</head>',
  ];
}

/** How a link begins that tells its target nothing of the page it stands in. */
export const anchorStart = (href: string): string =>
  `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">`;
export const anchor = (href: string, html: string): string => `${anchorStart(href)}${html}</a>`;
