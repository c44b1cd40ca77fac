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

/** The page's titles, each once with all the places that say it; what was chosen first, then those that lost. */
function titleRows({ titles, title, foundIn, alternatives = {} }: Reading): Row[] {
  const chosen = inertLine(title);
  const places = new Map<string, string[]>([[chosen, []]]);
  const add = (value: string | undefined, from: string): void => {
    const text = inertLine(value ?? '');
    if (text !== '') places.set(text, [...(places.get(text) ?? []), from]);
  };
  for (const [name, from] of TITLES) add(titles[name], from);
  for (const { value, from } of alternatives['title'] ?? []) if (!places.has(inertLine(value))) add(value, from);
  const won = places.get(chosen) ?? [];
  if (won.length === 0 && foundIn['title'] !== undefined) won.push(foundIn['title']);
  return [...places].map(([text, from]): Row => {
    if (text !== chosen) return ['', `<span class="lost">${shown(text)}</span>`, from];
    return ['title', chosen === '' ? NONE : `<span class="won">${shown(chosen)}</span>`, from];
  });
}

/** A fact with where it was found, and below it what other places of the page say. */
function fact(reading: Reading, name: string, field: string, html: string | undefined): Row[] {
  const lost = (reading.alternatives?.[field] ?? []).map(({ value, from }): Row => [
    '',
    `<span class="lost">${shown(value)}</span>`,
    from,
  ]);
  return [[name, html ?? NONE, reading.foundIn[field]], ...lost];
}
const textHtml = (value: string | undefined): string | undefined =>
  value === undefined || value === '' ? undefined : shown(value);

function imagesHtml({ images }: Reading): string | undefined {
  if (images.length === 0) return undefined;
  const each = images.map(({ caption, credit, ...image }) =>
    [caption, credit].reduce<string>(
      (html, said) => (said === undefined ? html : `${html}<small>${shown(said)}</small> `),
      mediaHtml({ kind: 'image', ...image }),
    ),
  );
  return `<details><summary>${images.length}</summary>${each.join('')}</details>`;
}

/** What the reader of a newspaper would name first. */
function storyRows(reading: Reading): Row[] {
  const by = reading.authors.map(
    ({ name, url }) => `<li>${shown(name)}${url === undefined ? '' : ` ${addressHtml(url)}`}</li>`,
  );
  return [
    ...titleRows(reading),
    ...fact(reading, 'lead', 'lead', textHtml(reading.lead)),
    ...fact(reading, 'authors', 'authors', by.length === 0 ? undefined : `<ul>${by.join('')}</ul>`),
    ...fact(reading, 'published', 'publishedAt', textHtml(reading.publishedAt)),
    ...fact(reading, 'modified', 'modifiedAt', textHtml(reading.modifiedAt)),
    ...fact(reading, 'section', 'section', textHtml(reading.section)),
    ...fact(reading, 'tags', 'tags', reading.tags.length === 0 ? undefined : reading.tags.map(shown).join(' · ')),
  ];
}

/** What the page is and where; a fact that few pages have is left out where there is none. */
function pageRows(reading: Reading, explanations: Explanations): Row[] {
  const { kindReasons = [], canonicalUrl, ampUrl, publisherId, paywalled, directives, alternates = [] } = reading;
  const rare = (name: string, field: string, html: string | undefined): Row[] =>
    html === undefined ? [] : fact(reading, name, field, html);
  const elsewhere = alternates.map(
    ({ href, kind, language }) => `<li>${shown(language ?? kind)} ${addressHtml(href)}</li>`,
  );
  return [
    ['kind', `<b>${reading.kind}</b>${kindReasons.length === 0 ? '' : reasonsHtml(kindReasons, explanations)}`],
    ...fact(reading, 'site', 'siteName', textHtml(reading.siteName)),
    ...fact(reading, 'language', 'language', textHtml(reading.language)),
    ...rare('canonical', 'canonicalUrl', canonicalUrl === undefined ? undefined : addressHtml(canonicalUrl)),
    ...rare('amp', 'ampUrl', ampUrl === undefined ? undefined : addressHtml(ampUrl)),
    ...rare(
      'elsewhere',
      'alternates',
      elsewhere.length === 0
        ? undefined
        : `<details><summary>${elsewhere.length}</summary><ul>${elsewhere.join('')}</ul></details>`,
    ),
    ...rare('publisher’s id', 'publisherId', textHtml(publisherId)),
    ...rare('paywalled', 'paywalled', paywalled === undefined ? undefined : String(paywalled)),
    ...rare('robots', 'directives', textHtml(directives.join(', '))),
    ...fact(reading, 'images', 'images', imagesHtml(reading)),
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
  const tables = [storyRows(reading), pageRows(reading, explanations)].map(
    (rows) => `<table>${rows.map(rowHtml).join('')}</table>`,
  );
  return [
    '<header class="panel">',
    `<p class="eyebrow">${eyebrow.map((part) => `<span>${part}</span>`).join('')}</p>`,
    `<h1 dir="auto">${title === '' ? '<span class="none">no title</span>' : escapeHtml(title)}</h1>`,
    `<div class="facts">${tables.join('')}</div>`,
    '</header>',
  ].join('\n');
}
