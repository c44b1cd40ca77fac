/** What the demo newspaper prints: its articles, the furniture of each language, and what the editors do to them later. */
import { readFileSync, readdirSync } from 'node:fs';
import { TearsheetError } from '../core/errors.ts';
import type { EditKind, Outcome } from '../core/labels.ts';

const PRESS_ROOM = new URL('../../config/demo/', import.meta.url);

/** A paragraph, or a heading between paragraphs. */
export type Passage = string | { readonly heading: string };

export interface Article {
  /** File name without its ending; names the picture too. */
  readonly slug: string;
  /** Path on the server, not percent-encoded. */
  readonly path: string;
  readonly language: string;
  /** Index into the sections of its language. */
  readonly section: number;
  readonly headline: string;
  readonly lead: string;
  readonly authors: readonly string[];
  readonly publishedAt: string;
  readonly modifiedAt: string;
  /** The date as readers see it. */
  readonly shownDate: string;
  readonly caption: string;
  readonly credit: string;
  readonly tags: readonly string[];
  /** `none`: the server sends neither ETag nor Last-Modified, as many do. */
  readonly validators: 'both' | 'none';
  readonly body: readonly Passage[];
  readonly correction?: string;
  /** How many passages stand before the paywall. */
  readonly freePassages?: number;
  readonly isWithdrawn: boolean;
}

/** The words around the articles of one language. */
export interface Furniture {
  readonly dir: 'ltr' | 'rtl';
  readonly language: string;
  readonly tagline: string;
  readonly sections: readonly string[];
  readonly subscribe: string;
  readonly by: string;
  readonly and: string;
  readonly mediabank: string;
  readonly share: readonly string[];
  readonly promo: string;
  readonly newsfeed: string;
  readonly wire: readonly string[];
  readonly mostReadTitle: string;
  readonly mostRead: readonly string[];
  readonly related: readonly { readonly caption: string; readonly headline: string }[];
  readonly ads: readonly string[];
  readonly ad: string;
  readonly newsletter: { readonly title: string; readonly text: string; readonly button: string };
  readonly commentsTitle: string;
  readonly comments: readonly { readonly who: string; readonly when: string; readonly text: string }[];
  readonly login: readonly string[];
  readonly loader: string;
  readonly chats: string;
  readonly placeholder: string;
  readonly cookie: { readonly text: string; readonly accept: string; readonly reject: string };
  readonly views: string;
  readonly footer: readonly string[];
  readonly copyright: string;
  readonly paywall: { readonly title: string; readonly text: string; readonly button: string };
  readonly gone: { readonly title: string; readonly text: string };
  readonly missing: { readonly title: string; readonly text: string };
}

type Alteration =
  | { readonly do: 'replace'; readonly field: 'headline' | 'caption'; readonly from: string; readonly to: string }
  | { readonly do: 'replace'; readonly field: 'body'; readonly at: number; readonly from: string; readonly to: string }
  | { readonly do: 'insert'; readonly at: number; readonly text: string }
  | { readonly do: 'remove'; readonly at: number }
  | { readonly do: 'correct'; readonly text: string }
  | { readonly do: 'withdraw' }
  | { readonly do: 'wall'; readonly after: number };

/** What the editors did to one article, and what an archive that looks again should find. */
export interface Editing {
  readonly article: string;
  readonly done:
    | 'number'
    | 'quote'
    | 'paragraph-added'
    | 'paragraph-removed'
    | 'headline'
    | 'correction'
    | 'stealth'
    | 'comma'
    | 'caption'
    | 'gone'
    | 'paywall'
    | 'nothing';
  /** For people, in English. */
  readonly summary: string;
  readonly expect: { readonly outcome: Outcome; readonly kinds: readonly EditKind[]; readonly stealth: boolean };
  readonly change?: Alteration;
  /** Absent: the publisher's own modified date stays as it was. */
  readonly modifiedAt?: string;
}

export interface Paper {
  readonly name: string;
  readonly short: string;
  readonly telegram: string;
  /** Language of the front page. */
  readonly front: string;
  readonly furniture: Readonly<Record<string, Furniture>>;
  readonly style: string;
  readonly script: string;
}

function text(file: string): string {
  try {
    return readFileSync(new URL(file, PRESS_ROOM), 'utf8');
  } catch (cause) {
    const hint = 'expected the demo newspaper to ship with the program; install it again';
    throw new TearsheetError('E_CONFIG_READ', `Cannot read config/demo/${file}: ${hint}.`, { cause });
  }
}
const json = (file: string): unknown => JSON.parse(text(file));
const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, PRESS_ROOM))
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .toSorted();

export function loadPaper(): Paper {
  const head = json('paper.json') as Pick<Paper, 'name' | 'short' | 'telegram' | 'front'>;
  const languages = namesIn('furniture/').map((code) => [code, json(`furniture/${code}.json`) as Furniture] as const);
  return { ...head, furniture: Object.fromEntries(languages), style: text('style.css'), script: text('script.js') };
}

function firstArticles(): Article[] {
  return namesIn('articles/').map((slug) => {
    const printed = json(`articles/${slug}.json`) as Omit<
      Article,
      'slug' | 'modifiedAt' | 'validators' | 'isWithdrawn'
    >;
    return { validators: 'both', modifiedAt: printed.publishedAt, isWithdrawn: false, ...printed, slug };
  });
}

/** What the editors did for the second edition, in the order of `config/demo/edition-2.json`; every article has its line. */
export const editings = (): Editing[] => json('edition-2.json') as Editing[];

/** `from` must stand there exactly once: an edit that misses would make the demo lie about what it did. */
function replaced(where: string, before: string, from: string, to: string): string {
  if (before.split(from).length !== 2)
    throw new TearsheetError('E_INTERNAL', `Demo edit of ${where}: expected "${from}" once in "${before}".`);
  return before.replace(from, () => to);
}

function replacedPassage(article: Article, at: number, from: string, to: string): readonly Passage[] {
  const passage = article.body[at];
  if (typeof passage !== 'string')
    throw new TearsheetError('E_INTERNAL', `Demo edit of ${article.slug}: passage ${at} is no paragraph.`);
  return article.body.with(at, replaced(article.slug, passage, from, to));
}

function altered(article: Article, change: Alteration): Article {
  switch (change.do) {
    case 'replace':
      if (change.field === 'body')
        return { ...article, body: replacedPassage(article, change.at, change.from, change.to) };
      return {
        ...article,
        [change.field]: replaced(article.slug, article[change.field], change.from, change.to),
      };
    case 'insert':
      return { ...article, body: article.body.toSpliced(change.at, 0, change.text) };
    case 'remove':
      return { ...article, body: article.body.toSpliced(change.at, 1) };
    case 'correct':
      return { ...article, correction: change.text };
    case 'withdraw':
      return { ...article, isWithdrawn: true };
    case 'wall':
      return { ...article, freePassages: change.after };
  }
}

/**
 * The articles as edition 1 or 2 prints them. Throws `E_INTERNAL` for any other edition, `E_CONFIG_READ` where the
 * newspaper's files are missing.
 */
export function articlesOf(edition: number): Article[] {
  if (edition !== 1 && edition !== 2)
    throw new TearsheetError('E_INTERNAL', `The demo newspaper has editions 1 and 2, got ${edition}.`);
  const articles = firstArticles();
  if (edition === 1) return articles;
  const edits = new Map(editings().map((editing) => [editing.article, editing]));
  return articles.map((article) => {
    const { change, modifiedAt } = edits.get(article.slug) ?? {};
    const dated = modifiedAt === undefined ? article : { ...article, modifiedAt };
    return change === undefined ? dated : altered(dated, change);
  });
}
