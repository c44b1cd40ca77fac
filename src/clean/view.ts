/** The labelled view: the whole page, every block with its label and why; the tool with which a person judges the cleaner. */
import { LABELS } from '../core/labels.ts';
import type { Label } from '../core/labels.ts';
import type { RuleSource } from '../core/rules.ts';
import type { Block, Reading } from '../core/schema.ts';
import { headOf } from './document.ts';
import { escapeHtml, inertLine } from './inert.ts';
import { MEANINGS, MEANINGS_BY_END } from './meanings.ts';
import type { Imprint } from './parts.ts';
import { rowsOf, UNSURE_BELOW } from './view-blocks.ts';
import type { Explanations } from './view-blocks.ts';
import { panelHtml } from './view-facts.ts';
import { inOrder, labelStyle } from './view-labels.ts';
import { VIEW_STYLE } from './view-style.ts';

/** What each rule means, by its id: the reason that its file gives, or what is said of those that stand in code. */
export function explanationsOf({ files, kinds }: RuleSource): Explanations {
  const written = [
    ...files.flatMap((file) => [...(file.classes ?? []), ...(file.phrases ?? []), ...(file.elements ?? [])]),
    ...kinds.kinds,
  ].map(({ id, reason }) => [id, reason] as const);
  const forEach = LABELS.flatMap((label) =>
    Object.entries(MEANINGS_BY_END).map(([end, meaning]) => [`${label}/${end}`, meaning] as const),
  );
  return new Map([...forEach, ...Object.entries(MEANINGS), ...written]);
}

const toggle = (label: Label): string =>
  `<input class="t" type="checkbox" id="t-${label}" checked aria-label="show ${label}">`;
const SWITCHES = [
  '<input class="t" type="radio" name="role" id="r-all" checked aria-label="show the whole page">',
  '<input class="t" type="radio" name="role" id="r-article" aria-label="show the article alone">',
  '<input class="t" type="radio" name="role" id="r-boilerplate" aria-label="show what surrounds the article alone">',
  '<input class="t" type="checkbox" id="o-unsure" aria-label="show only what is unsure">',
  '<input class="t" type="checkbox" id="o-why" aria-label="show every reason">',
];

/** How much the strip gives a block: long ones more, short ones still enough to be seen. */
const heightOf = ({ text }: Block): number => 6 + Math.min(text.length, 1200) / 12;

/** The page from top to bottom as a core sample; each layer leads to its block. */
function stripHtml(blocks: readonly Block[]): string {
  let at = 0;
  const layers = blocks.map((block) => {
    const height = Math.round(heightOf(block) * 10) / 10;
    const y = Math.round(at * 10) / 10;
    at += height;
    return `<a href="#${block.id}" tabindex="-1" class="${block.role} l-${block.label}"><title>${block.id} ${block.label}: ${escapeHtml(inertLine(block.text).slice(0, 80))}</title><rect x="0" y="${y}" width="10" height="${height}"/></a>`;
  });
  return `<svg class="strip" viewBox="0 0 10 ${Math.max(1, Math.round(at))}" preserveAspectRatio="none" aria-hidden="true">${layers.join('')}</svg>`;
}

interface Count {
  blocks: number;
  readonly first: string;
}

function legendHtml(blocks: readonly Block[], role: Block['role']): string {
  const counts = new Map<Label, Count>();
  for (const block of blocks) {
    if (block.role !== role) continue;
    const count = counts.get(block.label);
    if (count) count.blocks++;
    else counts.set(block.label, { blocks: 1, first: block.id });
  }
  const total = [...counts.values()].reduce((sum, { blocks: n }) => sum + n, 0);
  const items = inOrder(counts.keys()).map((label) => {
    const { blocks: n, first } = counts.get(label) as Count;
    return `<li class="${role} l-${label}"><label for="t-${label}"><span class="swatch"></span>${label}<span class="num">${n}</span></label><a class="first" href="#${first}" title="the first ${label}" aria-label="the first ${label}">↓</a></li>`;
  });
  const name = role === 'article' ? '■ the article' : '▨ around it';
  return items.length === 0
    ? ''
    : `<h2><span>${name}</span><span class="num">${total}</span></h2><ul>${items.join('')}</ul>`;
}

function sideHtml(blocks: readonly Block[]): string {
  const unsure = blocks.filter(({ confidence }) => confidence < UNSURE_BELOW).length;
  return [
    '<nav class="side" aria-label="labels">',
    '<h2>show</h2>',
    '<label class="switch one" for="r-all">the whole page</label>',
    '<label class="switch one" for="r-article">the article alone</label>',
    '<label class="switch one" for="r-boilerplate">what surrounds it</label>',
    `<label class="switch" for="o-unsure">only unsure (below ${UNSURE_BELOW} %)<span class="num">${unsure}</span></label>`,
    '<label class="switch" for="o-why">every reason</label>',
    legendHtml(blocks, 'article'),
    legendHtml(blocks, 'boilerplate'),
    '</nav>',
  ].join('\n');
}

/** One self-contained page without a script. Texts of the page are text in it, and nothing is loaded. */
export function labelledView(reading: Reading, imprint: Imprint, explanations: Explanations = new Map()): string {
  const { blocks } = reading;
  const labels = inOrder(blocks.map(({ label }) => label));
  const title = inertLine(reading.title);
  const lines = [
    ...headOf({
      title: `${title === '' ? imprint.url : title} – blocks`,
      language: 'en',
      style: VIEW_STYLE + labelStyle(labels),
      hasPictures: false,
    }),
    '<body>',
    ...labels.map(toggle),
    ...SWITCHES,
    panelHtml(reading, imprint, explanations),
    '<div class="desk">',
    stripHtml(blocks),
    sideHtml(blocks),
    '<main>',
    ...(blocks.length === 0 ? ['<p class="none">The page has no text.</p>'] : rowsOf(blocks, explanations)),
    '</main>',
    '</div>',
    '</body>',
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}
