/** The head of the labelled view: what was read of the page as a whole, where each value comes from, and what lost. */
import type { Reading } from '../core/schema.ts';
import { anchor } from './document.ts';
import { escapeHtml, inertLine, linkAddress } from './inert.ts';
import type { Imprint } from './parts.ts';
import { mediaHtml, reasonsHtml } from './view-blocks.ts';
import type { Explanations } from './view-blocks.ts';

const shown = (text: string): string => `<bdi>${escapeHtml(inertLine(text))}</bdi>`;
const addressHtml = (address: string): string => {
  const href = linkAddress(address);
  return href === undefined ? shown(address) : anchor(href, shown(href));
};
const NONE = '<span class="none">none</span>';
const listHtml = (items: readonly string[]): string =>
  items.length === 0 ? NONE : `<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

type Row = readonly [name: string, html: string, from?: string | readonly string[] | undefined];
const placesHtml = (from: Row[2]): string =>
  (from === undefined ? [] : typeof from === 'string' ? [from] : from)
    .map((place) => `<span class="from">${escapeHtml(place)}</span>`)
    .join('');
const rowHtml = ([name, html, from]: Row): string =>
  `<tr><th scope="row">${name}</th><td>${html}</td><td>${placesHtml(from)}</td></tr>`;

const TITLES = [
  ['h1', 'h1'],
  ['og', 'og:title'],
  ['jsonLd', 'json-ld'],
  ['html', 'title element'],
] as const;

/** The page's titles, each once with all the places that say it; those that agree with what was chosen, and those that lost. */
function titleRows({ titles, title }: Reading): Row[] {
  const places = new Map<string, string[]>();
  for (const [name, from] of TITLES) {
    const text = inertLine(titles[name] ?? '');
    if (text !== '') places.set(text, [...(places.get(text) ?? []), from]);
  }
  const chosen = inertLine(title);
  const rows = [...places].map(([text, from]): Row => ['', `<span class="lost">${shown(text)}</span>`, from]);
  const won = places.get(chosen);
  const others = rows.filter((_, n) => [...places.keys()][n] !== chosen);
  return [['title', chosen === '' ? NONE : `<span class="won">${shown(chosen)}</span>`, won], ...others];
}

function rowsOf(reading: Reading, explanations: Explanations): Row[][] {
  const { foundIn, authors, images, tags, kindReasons = [] } = reading;
  const text = (value: string | undefined): string => (value === undefined || value === '' ? NONE : shown(value));
  const optional = (name: string, value: string | undefined, from?: string): Row[] =>
    value === undefined ? [] : [[name, shown(value), from]];
  const by = authors.map(({ name, url }) => `${shown(name)}${url === undefined ? '' : ` ${addressHtml(url)}`}`);
  return [
    [
      ...titleRows(reading),
      ['lead', text(reading.lead), foundIn['lead']],
      ['authors', listHtml(by), foundIn['authors']],
      ['published', text(reading.publishedAt), foundIn['publishedAt']],
      ['modified', text(reading.modifiedAt), foundIn['modifiedAt']],
    ],
    [
      ['kind', `<b>${reading.kind}</b>${kindReasons.length === 0 ? '' : `${reasonsHtml(kindReasons, explanations)}`}`],
      ['site', text(reading.siteName), foundIn['siteName']],
      ['section', text(reading.section), foundIn['section']],
      ['language', text(reading.language), foundIn['language']],
      ['tags', tags.length === 0 ? NONE : tags.map(shown).join(' · '), foundIn['tags']],
      ...(reading.canonicalUrl === undefined
        ? []
        : [['canonical', addressHtml(reading.canonicalUrl), foundIn['canonicalUrl']] as const]),
      ...(reading.ampUrl === undefined ? [] : [['amp', addressHtml(reading.ampUrl), foundIn['ampUrl']] as const]),
      ...optional('publisher’s id', reading.publisherId, foundIn['publisherId']),
      ...(reading.paywalled === undefined
        ? []
        : [['paywalled', String(reading.paywalled), foundIn['paywalled']] as const]),
      ...(reading.directives.length === 0 ? [] : [['robots', shown(reading.directives.join(', '))] as const]),
      [
        'images',
        images.length === 0
          ? NONE
          : `<details><summary>${images.length}</summary>${images.map(({ caption, credit, ...image }) => mediaHtml({ kind: 'image', ...image }) + (caption === undefined ? '' : `<small>${shown(caption)}</small> `) + (credit === undefined ? '' : `<small>${shown(credit)}</small>`)).join('')}</details>`,
        foundIn['images'],
      ],
    ],
  ];
}

/** Title, address, kind and size of the page, then its facts in two tables. */
export function panelHtml(
  reading: Reading,
  { url, snapshot, version, capturedAt }: Imprint,
  explanations: Explanations,
): string {
  const chars = { article: 0, all: 0 };
  for (const { role, text } of reading.blocks) {
    chars.all += text.length;
    if (role === 'article') chars.article += text.length;
  }
  const share = chars.all === 0 ? 0 : Math.round((chars.article * 100) / chars.all);
  const eyebrow = [
    `<span class="kind">${reading.kind}</span>`,
    addressHtml(url),
    ...(version === undefined ? [] : [`version ${version}`]),
    ...(capturedAt === undefined ? [] : [`captured <time>${escapeHtml(capturedAt)}</time>`]),
    `${reading.blocks.length} blocks, ${share} % of ${chars.all} characters are the article`,
    ...(snapshot === undefined
      ? []
      : [`snapshot <code title="${escapeHtml(snapshot)}">${escapeHtml(snapshot.slice(0, 12))}</code>`]),
  ];
  const title = inertLine(reading.title);
  const tables = rowsOf(reading, explanations).map((rows) => `<table>${rows.map(rowHtml).join('')}</table>`);
  return [
    '<header class="panel">',
    `<p class="eyebrow">${eyebrow.map((part) => `<span>${part}</span>`).join('')}</p>`,
    `<h1 dir="auto">${title === '' ? '<span class="none">no title</span>' : escapeHtml(title)}</h1>`,
    `<div class="facts">${tables.join('')}</div>`,
    '</header>',
  ].join('\n');
}
