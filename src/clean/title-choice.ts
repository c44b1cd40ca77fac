/** Which of all that a page calls itself is the headline: a sum of weights from the rules, over who says it and how it looks. */
import type { Reading } from '../core/schema.ts';
import { effectiveLength, likeness } from './measure-text.ts';
import type { Rules } from './rules.ts';
import { MAX_TITLE_CHARS, type CalledBy, type SiteNames, type TitleForm, type TitleSource } from './titles.ts';

type Origin = Reading['foundIn'][string];

/** A title with all that speak for it. */
export interface TitleCandidate {
  readonly text: string;
  readonly from: Origin;
  readonly evidence: ReadonlyMap<string, number>;
}

const ORIGINS: Readonly<Record<TitleSource, Origin>> = {
  headline: 'page',
  h1: 'page',
  json: 'json-ld',
  alternative: 'json-ld',
  og: 'meta',
  twitter: 'meta',
  html: 'meta',
  other: 'meta',
};
const QUOTES = /[\u2018\u2019\u201a\u201b`\u00b4'"\u201c\u201d\u201e\u00ab\u00bb\u00ad\u200b]/gu;
const DASHES = /[\u2010-\u2015\u2212]/gu;
/** Titles that differ only in quotes, dashes and case are one. */
const keyOf = (text: string): string => text.normalize('NFC').toLowerCase().replace(QUOTES, '').replace(DASHES, '-');

const ENOUGH_SLUG_WORDS = 3;

/** Words of the longest part of an address: what the page was called when it was made. */
function slugWords(url: string): string[] {
  if (!URL.canParse(url)) return [];
  let path = new URL(url).pathname;
  try {
    path = decodeURIComponent(path);
  } catch {
    // An address that is not UTF-8 has no words to read.
  }
  const parts = path.split('/').map((part) => wordsOf(part.replace(/\.\w{2,5}$/, '').replace(/[-_+,]+/g, ' ')));
  const longest = parts.reduce((most, words) => (words.length > most.length ? words : most), []);
  const words = longest.filter((word) => /\p{L}/u.test(word));
  return words.length >= ENOUGH_SLUG_WORDS ? words : [];
}

const SPELLED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  æ: 'ae',
};
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
/** Words without accents, both as they are dropped in addresses and as they are spelled out there. */
function slugForms(text: string): Set<string> {
  const forms = new Set<string>();
  for (const word of wordsOf(text.replace(QUOTES, ''))) {
    forms.add(word);
    forms.add(word.replace(/[äöüßøłđæ]/g, (letter) => SPELLED[letter] as string));
    forms.add(word.normalize('NFD').replace(/\p{M}/gu, ''));
  }
  return forms;
}

interface Group {
  readonly key: string;
  readonly text: string;
  readonly forms: TitleForm[];
}

/** All that the page calls itself, each once, with what speaks for it, in the order of their sources. */
export function titleCandidates({ forms, isNews }: CalledBy, url: string, sites: SiteNames): TitleCandidate[] {
  const groups = new Map<string, Group>();
  for (const form of forms) {
    const key = keyOf(form.text);
    const group = groups.get(key);
    if (group) group.forms.push(form);
    else groups.set(key, { key, text: form.text, forms: [form] });
  }
  const slug = slugWords(url);
  const all = [...groups.values()];
  const headings = new Set(
    forms.filter(({ source, cut }) => source === 'h1' && cut === 'nothing').map(({ text }) => text),
  );
  return all.map((group) => ({
    text: group.text,
    from: ORIGINS[(group.forms[0] as TitleForm).source],
    evidence: evidenceOf(group, all, { slug, sites, isNews, isOnlyHeading: headings.size === 1 }),
  }));
}

interface Page {
  readonly isNews: boolean;
  readonly slug: readonly string[];
  readonly sites: SiteNames;
  readonly isOnlyHeading: boolean;
}
const CLAIMS: readonly TitleSource[] = ['json', 'og', 'twitter', 'html'];
const isWhole = ({ cut }: TitleForm): boolean => cut === 'nothing' || cut === 'site';

/** What speaks for one title and against it; each is 1 where it holds, or a share in per cent. */
function evidenceOf(group: Group, all: readonly Group[], page: Page): Map<string, number> {
  const evidence = new Map<string, number>();
  const note = (name: string, holds: boolean | number) => {
    if (holds !== false && holds !== 0) evidence.set(name, holds === true ? 100 : holds);
  };
  const { forms, key, text } = group;
  const says = (source: TitleSource) => forms.some((form) => form.source === source && form.cut !== 'kicker');
  for (const source of ['headline', 'h1', 'json', 'alternative', 'og', 'twitter', 'html', 'other'] as const)
    note(source, says(source));
  note('headlineInH1', says('headline') && says('h1'));
  note('onlyH1', says('h1') && page.isOnlyHeading);
  const claims = CLAIMS.filter(says).length;
  note(`claims${Math.min(claims, 3)}`, true);
  note('ogAndHtml', says('og') && says('html'));
  note('ogAndTwitter', says('og') && says('twitter'));
  note('jsonAndOg', says('json') && says('og'));
  const isShown = says('headline') || says('h1');
  note('shownAndClaimed', isShown && claims > 0);
  note(
    'afterKicker',
    forms.some(({ cut }) => cut === 'kicker'),
  );
  note(
    'guessedCut',
    forms.every(({ cut }) => cut === 'guess'),
  );
  lookOf(group, page, note);
  if (page.isNews) {
    note('newsJson', says('json'));
    note('newsOg', says('og'));
    note('newsHtml', says('html'));
  }
  const chars = effectiveLength(text);
  const longer = all.filter((other) => other !== group && other.key.length > key.length && other.forms.some(isWhole));
  note('endsAnother', chars > 20 && longer.some((other) => other.key.endsWith(key)));
  note('beginsAnother', chars > 20 && longer.some((other) => other.key.startsWith(key)));
  note(
    'beforeKickerCut',
    all.some((other) => other.forms.some(({ cut }) => cut === 'kicker') && other !== group && key.endsWith(other.key)),
  );
  if (isShown && claims === 0) {
    const claimed = all.filter((other) => other.forms.some((form) => CLAIMS.includes(form.source)));
    const like = claimed.reduce((most, other) => Math.max(most, likeness(text, other.text)), 0);
    note('unlikeClaims', claimed.length > 0 && like < 15);
  }
  return evidence;
}

/** How a title looks, whoever says it. */
function lookOf({ text, forms }: Group, page: Page, note: (name: string, holds: boolean | number) => void): void {
  const chars = effectiveLength(text);
  note('isSite', page.sites.is(text));
  note('holdsSite', forms.some(({ cut }) => cut === 'nothing') && endsWithSite(text, page.sites));
  note('veryShort', chars < 12);
  note('short', chars >= 12 && chars < 25);
  note('long', chars > 130);
  note('cutShort', /(?:…|\.\.\.)$/.test(text));
  note('parted', /[|｜]|\s[-–—·•]\s/.test(text));
  note('capitals', text === text.toUpperCase() && text !== text.toLowerCase());
  if (page.slug.length > 0) {
    const words = slugForms(text);
    note('slug', Math.floor((100 * page.slug.filter((word) => words.has(word)).length) / page.slug.length));
  }
}

const endsWithSite = (text: string, sites: SiteNames): boolean => {
  const parts = text.split(/\s*[|｜ㅣ]\s*|\s+[-–—·•»:]\s+/u);
  return parts.length > 1 && (sites.has(parts.at(-1) as string) || sites.has(parts[0] as string));
};

export interface ChosenTitle {
  readonly text: string;
  readonly from: Origin;
  /** What other sources call the page, the likeliest first. */
  readonly others: readonly { readonly value: string; readonly from: Origin }[];
}

/** The headline, by the weights `title…` of the rules; undefined where the page is called nothing. */
export function chooseTitle(called: CalledBy, url: string, sites: SiteNames, rules: Rules): ChosenTitle | undefined {
  const scored = titleCandidates(called, url, sites).map((candidate) => ({
    candidate,
    score: [...candidate.evidence].reduce(
      (sum, [name, value]) => sum + value * (rules.tunables[tunableOf(name)] ?? 0),
      0,
    ),
  }));
  const [first, ...others] = scored.toSorted((a, b) => b.score - a.score);
  if (!first) return undefined;
  const { text, from } = first.candidate;
  return {
    text,
    from,
    others: others
      .filter(({ candidate }) => candidate.text.length <= MAX_TITLE_CHARS && !candidate.evidence.has('guessedCut'))
      .map(({ candidate }) => ({ value: candidate.text, from: candidate.from })),
  };
}

export const tunableOf = (evidence: string): string => `title${evidence[0]?.toUpperCase()}${evidence.slice(1)}`;
