/** The README's example: a page of the demo newspaper, what is printed on it beside what is made of it, and a snapshot of it. */
import { clean } from '../../src/clean/index.ts';
import { sha256, spell } from '../../src/core/digest.ts';
import type { Label } from '../../src/core/labels.ts';
import { loadRules } from '../../src/core/rules.ts';
import type { Block, Reading, Snapshot } from '../../src/core/schema.ts';
import { addressOf, articlePage } from '../../src/demo/page.ts';
import { articlesOf, loadPaper } from '../../src/demo/paper.ts';

const ORIGIN = 'https://lantern.example';
const SLUG = 'lighthouse-keepers';

interface Example {
  readonly url: string;
  readonly html: string;
  readonly reading: Reading;
}
let made: Example | undefined;

/** The page as the second edition prints it, and its reading by today's rules. */
export function example(): Example {
  if (made !== undefined) return made;
  const paper = loadPaper();
  const article = articlesOf(2).find(({ slug }) => slug === SLUG);
  const words = article && paper.furniture[article.language];
  if (article === undefined || words === undefined)
    throw new Error(`config/demo has no article ${SLUG} in a known language`);
  const { language, section } = article;
  const html = articlePage({ paper, origin: ORIGIN, language, words, section, turn: 0 }, article);
  const url = addressOf(ORIGIN, article);
  const reading = clean(html, { url, contentType: 'text/html', rules: loadRules().rules });
  made = { url, html, reading };
  return made;
}

const WIDE = 58;
const SHOWN_OF_A_LABEL = 2;
const cut = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > WIDE ? `${line.slice(0, WIDE - 1)}…` : line;
};
const row = (mark: string, left: string, right: string): string => `${mark} ${left.padEnd(WIDE)}  ${right}`.trimEnd();

/** Blocks in order, those of one label side by side as one run. */
function runs(blocks: readonly Block[]): Block[][] {
  const found: Block[][] = [];
  for (const block of blocks.filter(({ origin }) => origin === 'page')) {
    const last = found.at(-1);
    if (last?.[0]?.label === block.label && block.role === 'boilerplate') last.push(block);
    else found.push([block]);
  }
  return found;
}

/** The page on the left, what each piece of it is on the right; of a long list only its beginning. */
export function pageBesideBlocks(): string {
  const lines = [row(' ', 'what the page says', 'what it is'), ''];
  for (const run of runs(example().reading.blocks)) {
    const shown = run.length > SHOWN_OF_A_LABEL + 1 ? run.slice(0, SHOWN_OF_A_LABEL) : run;
    for (const { text, label, role } of shown) lines.push(row(role === 'article' ? '▌' : ' ', cut(text), label));
    if (shown.length < run.length) lines.push(row(' ', `  … and ${run.length - shown.length} more`, run[0]!.label));
  }
  return lines.join('\n');
}

const SHOWN: readonly Label[] = ['related', 'paragraph'];
/** What a digest stands for in the example, where the real one would change with every change of the program. */
const stand = (what: string): string => sha256(what);

/** As much of the reading as shows what a reading is. */
function shortened({ kind, title, titles, lead, authors, publishedAt, modifiedAt, ...rest }: Reading): Reading {
  const { tags, language, siteName, directives, foundIn, blocks } = rest;
  const shown = SHOWN.flatMap((label) => blocks.findLast((block) => block.label === label) ?? []);
  return {
    kind,
    title,
    titles: titles.html === undefined ? {} : { html: titles.html },
    ...(lead === undefined ? {} : { lead }),
    authors,
    ...(publishedAt === undefined ? {} : { publishedAt }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
    tags,
    language,
    ...(siteName === undefined ? {} : { siteName }),
    directives,
    images: [],
    foundIn,
    blocks: shown,
  };
}

/** A snapshot of the page, whole but for its pictures and all but two of its blocks. */
export function snapshotExample(): Snapshot {
  const { url, reading, html } = example();
  return {
    schema: 1,
    article: 'lantern.example:/en/coast/2026/03/lighthouse-keepers.html',
    url,
    version: 2,
    previous: stand('version 1'),
    capture: {
      recordId: 'urn:uuid:c55a6a97-1380-45c0-9910-f4830cd5b08a',
      targetUri: url,
      date: '2026-03-16T12:04:31.671Z',
      payloadDigest: stand('payload'),
      decodedSha256: sha256(html),
      status: 200,
      engine: 'http',
      contentType: 'text/html',
      tls: { verified: true, protocol: 'TLSv1.3' },
      charset: { used: 'utf-8', declared: 'utf-8', how: 'header' },
    },
    reading: shortened(reading),
    madeBy: { program: 'tearsheet/0.1.0', rules: stand('rules'), config: stand('settings'), node: '22.21.1' },
  };
}
export const snapshotText = (): string => spell(snapshotExample()).trimEnd();
