/** The article as a page of its own: built from what was read, so that nothing of the publisher's markup is in it. */
import type { Reading } from '../core/schema.ts';
import { ARTICLE_STYLE } from './article-style.ts';
import { anchor, anchorStart, headOf } from './document.ts';
import { escapeHtml, hostOf, inertLine, linkAddress } from './inert.ts';
import { partsOf } from './parts.ts';
import type { Item, Part, Picture, Imprint } from './parts.ts';
import type { Span } from './spans.ts';

export interface ArticleHtmlOptions {
  /** Whether pictures are shown, which loads them from their publishers whenever the page is opened; else they are linked. */
  readonly hasPictures?: boolean;
}

/** Text with its links, emphasis and line breaks; `afterLink` gives what stands behind a link to an address. */
export function spansHtml(spans: readonly Span[], afterLink: (href: string) => string = () => ''): string {
  let html = '';
  for (const [n, { text, isStrong, isEmphasised, href, isAfterBreak }] of spans.entries()) {
    let inner = escapeHtml(text);
    if (isEmphasised) inner = `<em>${inner}</em>`;
    if (isStrong) inner = `<strong>${inner}</strong>`;
    const [before, next] = [spans[n - 1], spans[n + 1]];
    if (isAfterBreak && n > 0) html += '<br>';
    const isLinked = href !== undefined;
    if (isLinked && (isAfterBreak || before?.href !== href)) html += anchorStart(href);
    html += inner;
    if (isLinked && (next === undefined || next.isAfterBreak || next.href !== href)) html += `</a>${afterLink(href)}`;
  }
  return html;
}

/** Nested as their depths say; an item holds the deeper list that follows it. */
function listHtml(items: readonly Item[]): string {
  let html = '';
  const open: string[] = [];
  const close = (): void => void (html += `</li></${open.pop() as string}>`);
  for (const { depth, isOrdered, spans } of items) {
    const name = isOrdered ? 'ol' : 'ul';
    while (open.length > depth || (open.length === depth && open.at(-1) !== name)) close();
    if (open.length < depth) {
      open.push(name);
      html += `<${name}><li>`;
    } else html += '</li><li>';
    html += spansHtml(spans);
  }
  while (open.length > 0) close();
  return html;
}

function tableHtml({ head, rows }: Extract<Part, { kind: 'table' }>): string {
  const width = Math.max(0, ...[...head, ...rows].map((row) => row.length));
  const rowHtml = (row: readonly string[], name: string, attributes = ''): string =>
    `<tr>${Array.from({ length: width }, (_, n) => `<${name}${attributes}>${escapeHtml(row[n] ?? '')}</${name}>`).join('')}</tr>`;
  const headRows = head.map((row) => rowHtml(row, 'th', ' scope="col"')).join('');
  const headHtml = headRows === '' ? '' : `<thead>${headRows}</thead>`;
  return `<div class="table" tabindex="0"><table>${headHtml}<tbody>${rows.map((row) => rowHtml(row, 'td')).join('')}</tbody></table></div>`;
}

const pictureHtml = ({ src, alt }: Picture, hasPictures: boolean): string =>
  hasPictures
    ? `<img src="${escapeHtml(src)}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async" referrerpolicy="no-referrer">`
    : `<span class="picture">${anchor(src, escapeHtml(alt === '' ? hostOf(src) : alt))}</span>`;

function figureHtml({ pictures, captions, credits }: Extract<Part, { kind: 'figure' }>, hasPictures: boolean): string {
  const said = [
    ...captions.map((spans) => `<p>${spansHtml(spans)}</p>`),
    ...credits.map((spans) => `<p class="credit">${spansHtml(spans)}</p>`),
  ];
  const caption = said.length === 0 ? '' : `<figcaption>${said.join('')}</figcaption>`;
  return `<figure>${pictures.map((picture) => pictureHtml(picture, hasPictures)).join('')}${caption}</figure>`;
}

function partHtml(part: Part, hasPictures: boolean): string {
  switch (part.kind) {
    case 'heading':
      return `<h${part.level}>${spansHtml(part.spans)}</h${part.level}>`;
    case 'paragraph':
      return `<p>${spansHtml(part.spans)}</p>`;
    case 'lead':
    case 'byline':
    case 'dateline':
      return `<p class="${part.kind}">${spansHtml(part.spans)}</p>`;
    case 'list':
      return listHtml(part.items);
    case 'table':
      return tableHtml(part);
    case 'figure':
      return figureHtml(part, hasPictures);
    case 'player':
      return `<figure><span class="picture">${part.media}: ${anchor(part.src, escapeHtml(hostOf(part.src)))}</span></figure>`;
    default: {
      const inner = part.parts.map((one) => partHtml(one, hasPictures)).join('\n');
      return part.kind === 'quote' || part.kind === 'embed'
        ? `<blockquote class="${part.kind}">${inner}</blockquote>`
        : `<aside class="${part.kind}">${inner}</aside>`;
    }
  }
}

const timeHtml = (claimed: string): string =>
  `<time datetime="${escapeHtml(claimed)}">${escapeHtml(claimed.replace('T', ' '))}</time>`;

/** What the page says of itself, below its head. */
function factsHtml({ authors, publishedAt, modifiedAt }: Reading, hasByline: boolean): string {
  const by = (hasByline ? [] : authors).map(({ name }) => `<span>${escapeHtml(inertLine(name))}</span>`).join(', ');
  const facts = [
    by,
    publishedAt === undefined ? '' : `published ${timeHtml(publishedAt)}`,
    modifiedAt === undefined || modifiedAt === publishedAt ? '' : `modified ${timeHtml(modifiedAt)}`,
  ].filter((fact) => fact !== '');
  return facts.length === 0
    ? ''
    : `<p class="facts" lang="en" dir="ltr">${facts.map((fact) => `<bdi>${fact}</bdi>`).join(' · ')}</p>`;
}

function footerHtml({ url, snapshot, version, capturedAt }: Imprint, hasPictures: boolean): string {
  const address = linkAddress(url);
  const rows: (readonly [string, string])[] = [
    ['source', address === undefined ? escapeHtml(inertLine(url)) : anchor(address, escapeHtml(address))],
    ...(capturedAt === undefined ? [] : [['captured', timeHtml(capturedAt)] as const]),
    ...(version === undefined ? [] : [['version', String(version)] as const]),
    ...(snapshot === undefined ? [] : [['snapshot', escapeHtml(snapshot)] as const]),
  ];
  const note = hasPictures
    ? 'Opening this page loads its pictures from the addresses they had when it was read.'
    : 'Pictures are linked, not shown: opening this page asks no server for anything.';
  return `<footer lang="en" dir="ltr"><dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl><p>${note}</p></footer>`;
}

const meta = (name: string, value: string | undefined): string[] =>
  value === undefined || inertLine(value) === ''
    ? []
    : [`<meta name="${name}" content="${escapeHtml(inertLine(value))}">`];

const isHead = ({ kind }: Part): boolean => kind === 'lead' || kind === 'byline' || kind === 'dateline';

/** One self-contained page. Holds no script, no form, no frame and no attribute that could act. */
export function articleHtml(
  reading: Reading,
  imprint: Imprint,
  { hasPictures = false }: ArticleHtmlOptions = {},
): string {
  const title = inertLine(reading.title);
  const parts = partsOf(reading);
  const canonical = linkAddress(reading.canonicalUrl ?? imprint.url);
  const bodyFrom = parts.findIndex((part) => !isHead(part));
  const head = parts.slice(0, bodyFrom < 0 ? parts.length : bodyFrom);
  const kicker = [reading.siteName, reading.section].map((text) => inertLine(text ?? '')).filter((text) => text !== '');
  const lines = [
    ...headOf({
      title: title === '' ? imprint.url : title,
      language: reading.language,
      style: ARTICLE_STYLE,
      hasPictures,
      more: [
        ...reading.authors.flatMap(({ name }) => meta('author', name)),
        ...meta('keywords', reading.tags.join(', ')),
        ...(canonical === undefined ? [] : [`<link rel="canonical" href="${escapeHtml(canonical)}">`]),
      ],
    }),
    '<body>',
    '<main>',
    '<article>',
    '<header>',
    ...(kicker.length === 0
      ? []
      : [`<p class="kicker">${kicker.map((text) => `<bdi>${escapeHtml(text)}</bdi>`).join(' · ')}</p>`]),
    ...(title === '' ? [] : [`<h1>${escapeHtml(title)}</h1>`]),
    ...head.map((part) => partHtml(part, hasPictures)),
    factsHtml(
      reading,
      head.some(({ kind }) => kind === 'byline'),
    ),
    '</header>',
    ...parts.slice(head.length).map((part) => partHtml(part, hasPictures)),
    '</article>',
    '</main>',
    footerHtml(imprint, hasPictures),
    '</body>',
    '</html>',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}
