/** The order of the cleaner's steps, and the assembly of what they find. */
import type { Block, Reading } from '../core/schema.ts';
import { Areas } from './areas.ts';
import { blockOf, Paths } from './blocks.ts';
import { gatherClaims, metaOf, unescaped } from './claims.ts';
import { readDump } from './dump.ts';
import { collectImages } from './images.ts';
import { judgePieces } from './judge.ts';
import { kindOf } from './kind.ts';
import { labelPieces, type Labelled } from './label.ts';
import { readMetadata } from './metadata.ts';
import { parsePage } from './parse.ts';
import type { Rules } from './rules.ts';
import { scriptParagraphs } from './script-text.ts';
import { segmentPage } from './segment.ts';
import { bareTitles, chooseTitle, gatherTitles } from './titles.ts';

type Unnumbered = Omit<Block, 'id'>;
const numbered = (blocks: readonly Unnumbered[]): Block[] => blocks.map((block, i) => ({ id: `b${i + 1}`, ...block }));

/**
 * parse → claims (what the page says of itself) → segment → judge → label → metadata → kind → text that is only in a
 * script. Claims come first because titles and description tell the judge where the article begins.
 */
export function readPage(html: string, url: string, rules: Rules): Reading {
  const { maxDepth = 512 } = rules.tunables;
  const document = parsePage(html, maxDepth);
  const claims = gatherClaims(document);
  const titles = gatherTitles(claims);
  const { pieces, mediaLeft } = segmentPage(document);
  const siteName = metaOf(claims, 'og:site_name');
  const verdict = judgePieces(pieces, new Areas(rules), bareTitles(titles, siteName), rules);
  const labelled = labelPieces(
    verdict,
    unescaped(metaOf(claims, 'og:description', 'description', 'twitter:description') ?? ''),
  );
  const textsOf = (label: Labelled['label']) =>
    labelled.filter((l) => l.label === label).map((l) => l.judged.piece.text);
  const metadata = readMetadata(claims, url, { bylines: textsOf('byline'), datelines: textsOf('dateline') }, rules);
  const title = chooseTitle(titles, verdict.headline?.piece.text, metadata.siteName);
  const paths = new Paths();
  const blocks: Unnumbered[] = labelled.map((l) => blockOf(l, paths, url));
  const shownChars = labelled.reduce(
    (sum, { role, label, judged }) => sum + (role === 'article' && label === 'paragraph' ? judged.piece.chars : 0),
    0,
  );
  const hidden = shownChars < 300 ? scriptParagraphs(claims, shownChars) : [];
  for (const { label, text, path } of hidden) {
    blocks.push({
      origin: 'script',
      role: 'article',
      label,
      confidence: 70,
      reasons: [{ rule: 'body/only-in-script', weight: 40 }],
      path,
      text,
    });
  }
  const kind = hidden.length > 0 ? 'article' : kindOf(labelled, claims, title, rules);
  const lead = textsOf('lead')[0];
  const { images, ...rest } = metadata;
  return {
    kind,
    title,
    titles: { ...titles },
    ...(lead === undefined ? {} : { lead }),
    ...rest,
    images: collectImages(blocks, images, mediaLeft, url),
    blocks: numbered(blocks),
  };
}

/** Reads the plain text of a page: all its characters, line by line. */
export function readDumpPage(text: string, rules: Rules): Reading {
  const { title, siteName, blocks } = readDump(text.replace(/^\uFEFF/, ''), rules);
  const bodyChars = blocks.reduce((sum, { label, text: t }) => sum + (label === 'paragraph' ? t.length : 0), 0);
  const lead = blocks.find(({ label }) => label === 'lead')?.text;
  return {
    kind: blocks.length === 0 ? 'empty' : bodyChars >= 250 ? 'article' : 'other',
    title,
    titles: {},
    ...(lead === undefined ? {} : { lead }),
    authors: [],
    tags: [],
    language: 'und',
    ...(siteName === '' ? {} : { siteName }),
    directives: [],
    images: [],
    foundIn: {
      ...(title === '' ? {} : { title: 'page' as const }),
      ...(siteName === '' ? {} : { siteName: 'page' as const }),
    },
    blocks: numbered(blocks),
  };
}
