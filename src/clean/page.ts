/** The order of the cleaner's steps, and the assembly of what they find. */
import type { Document } from 'domhandler';
import type { Block, Reading } from '../core/schema.ts';
import type { SourceRules } from '../core/sources.ts';
import { Areas } from './areas.ts';
import { AuthorReader, type ClaimedAuthors, type NamesOfPage } from './authors.ts';
import type { PageFacts } from './beside.ts';
import { blockOf } from './blocks.ts';
import { withPartedBylines } from './bylines.ts';
import type { PageKind } from '../core/labels.ts';
import { gatherClaims, metaOf, unescaped, type Claims } from './claims.ts';
import { withPartedCredits } from './credits.ts';
import { monthsOf } from './dates.ts';
import { readDump } from './dump.ts';
import { partedBehind } from './dump-wrap.ts';
import { Hrefs } from './hrefs.ts';
import { collectImages } from './images.ts';
import type { PageClaims } from './features.ts';
import { isObject, listOf, stringOf } from './json-ld.ts';
import { judgePieces, type Verdict } from './judge.ts';
import { kindOf, reasonsNamed } from './kind.ts';
import { labelPieces, type Labelled } from './label.ts';
import { judgeLearned } from './learned.ts';
import { languagesOf } from './language.ts';
import { readMetadata } from './metadata.ts';
import { isBlank, squeeze } from './measure-text.ts';
import { parsePage } from './parse.ts';
import type { Draft } from './pieces.ts';
import type { Rules } from './rules.ts';
import { articleInScripts, type ScriptArticle } from './script-text.ts';
import { MAX_PIECES, segmentPage } from './segment.ts';
import { shownOn } from './shown.ts';
import { verdictsOn, type SourceVerdicts } from './source-rules.ts';
import { chooseTitle } from './title-choice.ts';
import { bareTitles, gatherTitles, siteNameOf, SiteNames, titleForms, type Titles } from './titles.ts';
import { withoutFalseArticle } from './walls.ts';
import { readTime } from './written-dates.ts';

function numbered(blocks: Draft<Block>[]): Block[] {
  for (const [i, block] of blocks.entries()) block.id = `b${i + 1}`;
  return blocks;
}

/** Whose page it is, and of which day. */
export interface Provenance {
  readonly source?: SourceRules | undefined;
  /** UTC; says which of the source's dated rules are meant. */
  readonly fetchedAt?: string | undefined;
}

/** A page cut into pieces of which each is judged, with what the page says of itself. */
export interface JudgedPage {
  readonly document: Document;
  readonly claims: Claims;
  readonly titles: Titles;
  readonly siteName: string | undefined;
  /** By the rules alone. */
  readonly ruledVerdict: Verdict;
  readonly description: string;
  /** What the learned judge is told of the page's own claims. */
  readonly pageClaims: PageClaims;
  readonly mediaLeft: ReturnType<typeof segmentPage>['mediaLeft'];
  /** What its source's rules say; undefined where they say nothing of it. */
  readonly ruled: SourceVerdicts | undefined;
}

/** The first half of the reading, up to which pieces are the article by the rules alone. */
export function judgePage(html: string, rules: Rules, { source, fetchedAt }: Provenance = {}): JudgedPage {
  const { maxDepth = 512 } = rules.tunables;
  const document = parsePage(html, maxDepth);
  const claims = gatherClaims(document);
  const titles = gatherTitles(claims);
  const siteName = siteNameOf(claims, titles);
  const ruled = source && verdictsOn(document, source, fetchedAt);
  const { pieces, mediaLeft } = segmentPage(document, ruled);
  const bare = bareTitles(titles, siteName);
  const description = descriptionOf(claims);
  const articleBody = stringOf(claims.article?.['articleBody']) ?? '';
  return {
    document,
    claims,
    titles,
    siteName,
    ruledVerdict: judgePieces(pieces, new Areas(rules), bare, rules, ruled && ((judged) => ruled.sway(judged))),
    description,
    pageClaims: { titles: bare, description, articleBody },
    mediaLeft,
    ruled,
  };
}

/**
 * parse → claims (what the page says of itself) → segment → judge (rules, then what was learned) → label → metadata → kind → text that is only in a
 * script. Claims come first because titles and description tell the judge where the article begins. What the rules of the
 * page's source pick is settled before it is cut into pieces, tells the judge, and has the last word on every label.
 */
export function readPage(html: string, url: string, rules: Rules, provenance?: Provenance): Reading {
  const page = judgePage(html, rules, provenance);
  const { document, claims, titles, mediaLeft, ruled } = page;
  const { learned } = rules;
  const verdict = learned ? judgeLearned(page.ruledVerdict, page.pageClaims, learned) : page.ruledVerdict;
  const names = namesOf(page, url, rules);
  const facts = factsOf(page, names.claimed, rules);
  const own = labelPieces(verdict, facts);
  const named = withPartedBylines(
    withPartedCredits(ruled?.over(own) ?? own, rules),
    facts.authors,
    monthsOf(rules),
    rules,
  );
  const ruledTitle = ruled?.headlineOf(named);
  const chosen = chooseTitle(titleForms(claims, verdict.headline?.piece.text, names.sites), url, names.sites, rules);
  const title = ruledTitle ?? chosen?.text ?? '';
  const { kind, reasons } = kindOf({ labelled: named, claims, title, url, document }, rules);
  const labelled = withoutFalseArticle(named, kind);
  const ofLabel = (label: Labelled['label']) => {
    const found = labelled.filter((l) => l.label === label);
    return (ruled?.namedFirst(found) ?? found).map((l) => l.judged.piece);
  };
  const script: ScriptArticle = isWall(kind)
    ? { blocks: [], bylines: [] }
    : articleInScripts(claims, { chars: charsOf(labelled), texts: labelled.map((l) => l.judged.piece.text) }, rules);
  const shown = shownOn(labelled, ofLabel, script);
  const settled = ruledTitle === undefined ? chosen : undefined;
  const { images, ...metadata } = readMetadata({ claims, url, rules }, shown, names, settled);
  const hrefs = new Hrefs(url);
  const blocks = [...labelled.map((l) => blockOf(l, hrefs)), ...fromScript(script)];
  const lead = blocks.find(({ label }) => label === 'lead')?.text;
  return {
    kind: script.blocks.length > 0 ? 'article' : kind,
    kindReasons: script.blocks.length > 0 ? reasonsNamed(rules, 'kind/only-in-script') : [...reasons],
    title: withoutSoftHyphens(title === '' ? (script.title ?? '') : title),
    titles: { ...titles },
    ...(lead === undefined ? {} : { lead }),
    ...metadata,
    ...(kind === 'paywall' ? { paywalled: true } : {}),
    images: collectImages(blocks, images, mediaLeft, url),
    blocks: numbered(blocks),
  };
}

/** Whose names stand in the page's data, and the names of the site itself. */
function namesOf({ claims, siteName }: JudgedPage, url: string, rules: Rules): NamesOfPage {
  const sites = new SiteNames([siteName, publisherOf(claims)], url);
  const reader = new AuthorReader(claims, url, rules, sites, monthsOf(rules));
  return { sites, reader, claimed: reader.claimed() };
}

function factsOf({ description, siteName }: JudgedPage, claimed: ClaimedAuthors, rules: Rules): PageFacts {
  const months = monthsOf(rules);
  return {
    description,
    siteName: siteName ?? '',
    authors: [...claimed.linked, ...claimed.tagged].map(({ name }) => name),
    readsAsTime: (text: string) => readTime(text, months) !== undefined,
  };
}

const publisherOf = (claims: Claims): string | undefined => {
  const publisher = listOf(claims.article?.['publisher'])[0];
  return isObject(publisher) ? stringOf(publisher['name']) : undefined;
};

const withoutSoftHyphens = (text: string): string => text.replaceAll('\u00AD', '');
const isWall = (kind: PageKind): boolean => /^(?:login|consent|bot-check|soft-404|error)$/.test(kind);
const descriptionOf = (claims: Claims): string =>
  unescaped(metaOf(claims, 'og:description', 'description', 'twitter:description') ?? '');
const charsOf = (labelled: readonly Labelled[]): number =>
  labelled.reduce((sum, { label, judged }) => sum + (label === 'paragraph' ? judged.piece.chars : 0), 0);

const fromScript = ({ blocks }: ScriptArticle): Draft<Block>[] =>
  blocks.map(({ label, text, path }) => ({
    id: '',
    origin: 'script',
    role: 'article',
    label,
    confidence: 70,
    reasons: [{ rule: 'body/only-in-script', weight: 40 }],
    path,
    text,
  }));

/** What a dump holds beyond as many lines as are told apart. */
const restOf = (text: string): Omit<Block, 'id'> => ({
  origin: 'page',
  role: 'boilerplate',
  label: 'other',
  confidence: 80,
  reasons: [{ rule: 'other/too-many-blocks', weight: 60 }],
  path: `line[${MAX_PIECES + 1}]`,
  text: squeeze(text).trim(),
});

/** Reads the plain text of a page: all its characters, line by line. */
export function readDumpPage(text: string, rules: Rules): Reading {
  const [head, rest] = partedBehind(text.replace(/^\uFEFF/, ''), MAX_PIECES);
  const { title, siteName, authors, published, modified, blocks: told } = readDump(head, rules);
  const blocks = isBlank(rest) ? told : [...told, restOf(rest)];
  const bodyChars = blocks.reduce((sum, { label, text: t }) => sum + (label === 'paragraph' ? t.length : 0), 0);
  const lead = blocks.find(({ label }) => label === 'lead')?.text;
  return {
    kind: blocks.length === 0 ? 'empty' : bodyChars >= 250 ? 'article' : 'other',
    kindReasons: reasonsNamed(
      rules,
      blocks.length === 0 ? 'kind/no-text' : bodyChars >= 250 ? 'kind/prose' : 'kind/no-sign',
    ),
    title,
    titles: {},
    ...(lead === undefined ? {} : { lead }),
    authors: authors.map((name) => ({ name })),
    tags: [],
    ...(published === undefined ? {} : { publishedAt: published }),
    ...(modified === undefined ? {} : { modifiedAt: modified }),
    language: languagesOf([], text, rules)[0]?.value ?? 'und',
    ...(siteName === '' ? {} : { siteName }),
    directives: [],
    images: [],
    foundIn: {
      ...(title === '' ? {} : { title: 'page' as const }),
      ...(siteName === '' ? {} : { siteName: 'page' as const }),
      ...(authors.length === 0 ? {} : { authors: 'page' as const }),
      ...(published === undefined ? {} : { publishedAt: 'page' as const }),
      ...(modified === undefined ? {} : { modifiedAt: 'page' as const }),
    },
    blocks: numbered(blocks.map((block) => ({ id: '', ...block }))),
  };
}
