/** The rows of the labelled view: a block each, and runs of short furniture of one label on one row. */
import type { Block, Link, Media, Reason } from '../core/schema.ts';
import { spansHtml } from './article-html.ts';
import { anchor } from './document.ts';
import { escapeHtml, inertLine, linkAddress } from './inert.ts';
import { spansOf } from './spans.ts';

/** Below it a person had better look. */
export const UNSURE_BELOW = 60;
const SHORT_CHARS = 70;
const SHOWN_ADDRESS_CHARS = 70;

/** What a rule means, by its id. */
export type Explanations = ReadonlyMap<string, string>;

const STEERING = /[^\P{Cc}\n\t\r]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\ufff9-\ufffb]/gu;
/** Text in which the characters that would steer a browser stand by their names instead. */
function visible(text: string): string {
  let html = '';
  let from = 0;
  for (const { 0: char, index } of text.matchAll(STEERING)) {
    const code = (char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
    html += `${escapeHtml(text.slice(from, index))}<span class="cc">U+${code}</span>`;
    from = index + char.length;
  }
  return html + escapeHtml(text.slice(from));
}

const shortened = (address: string): string => {
  const bare = address.replace(/^https?:\/\//, '');
  return bare.length <= SHOWN_ADDRESS_CHARS ? bare : `${bare.slice(0, SHOWN_ADDRESS_CHARS - 1)}…`;
};
const targetHtml = (address: string): string =>
  `<span class="to" title="${escapeHtml(address)}">→ ${escapeHtml(shortened(address))}</span>`;

function linksHtml(links: readonly Link[], text: string): string {
  const [only] = links;
  if (links.length === 1 && only && inertLine(only.text) === inertLine(text)) return targetHtml(only.href);
  return `<ul class="links">${links.map(({ href, text: linked }) => `<li>${escapeHtml(inertLine(linked))} ${targetHtml(href)}</li>`).join('')}</ul>`;
}

/** A picture or player by what is known of it; nothing is loaded. */
export function mediaHtml({ kind, src, alt, width, height }: Media): string {
  const size = width === undefined || height === undefined ? '' : ` <span class="num">${width}×${height}</span>`;
  const address = src === undefined ? undefined : linkAddress(src);
  const said = alt === undefined ? '' : ` <bdi>“${visible(inertLine(alt))}”</bdi>`;
  const target = address === undefined ? '' : anchor(address, targetHtml(address));
  return `<span class="media"><b>▧ ${kind}</b>${size}${said} ${target}</span>`;
}

function bodyHtml({ text, html, cells }: Block): string {
  if (cells !== undefined)
    return `<span class="cells">${cells.map((cell) => `<span dir="auto">${visible(cell)}</span>`).join('')}</span>`;
  return html === undefined || text.search(STEERING) >= 0
    ? visible(text)
    : spansHtml(spansOf({ text, html }), targetHtml);
}

const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight)}`;
const byWeight = (reasons: readonly Reason[]): Reason[] =>
  reasons.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
const weightHtml = (weight: number): string =>
  `<span class="w num ${weight < 0 ? 'against' : 'for'}">${signed(weight)}</span>`;

export const reasonsHtml = (reasons: readonly Reason[], explanations: Explanations): string =>
  `<ul class="reasons">${byWeight(reasons)
    .map(({ rule, weight }) => {
      const meaning = explanations.get(rule);
      return `<li>${weightHtml(weight)}<span><code>${escapeHtml(rule)}</code>${meaning === undefined ? '' : `<small>${escapeHtml(meaning)}</small>`}</span></li>`;
    })
    .join('')}</ul>`;

function whyHtml(block: Block, explanations: Explanations): string {
  const { label, role, confidence, reasons, path, origin, text, level } = block;
  const facts = [
    `${role}, ${confidence} % sure`,
    `${[...text].length} characters`,
    ...(level === undefined ? [] : [`level ${level}`]),
    ...(origin === 'page' ? [] : [`found in ${origin}`]),
  ];
  const list = reasons.length === 0 ? '<p class="none">no rule spoke</p>' : reasonsHtml(reasons, explanations);
  return `<div class="why" dir="ltr"><p><b>${label}</b> · ${facts.join(' · ')}</p>${list}<p class="path">${escapeHtml(path)}</p></div>`;
}

/** The two reasons that weigh most, in short, for the eye that runs down the page. */
const topHtml = (reasons: readonly Reason[]): string =>
  `<div class="top" dir="ltr">${byWeight(reasons)
    .slice(0, 2)
    .map(({ rule, weight }) => `<span>${signed(weight)} ${escapeHtml(rule)}</span>`)
    .join('')}</div>`;

const isUnsure = ({ confidence }: Block): boolean => confidence < UNSURE_BELOW;
const classOf = (block: Block): string =>
  `b ${block.role} l-${block.label}${isUnsure(block) ? ' unsure' : ''}${block.label === 'list' ? ` d${Math.min(4, block.level ?? 1)}` : ''}`;

function rowHtml(block: Block, explanations: Explanations): string {
  const { id, label, confidence, origin, links = [], media = [], html, text } = block;
  const tag = [
    `<a class="n" href="#${id}">${id.slice(1)}</a>`,
    `<span class="label">${label}</span>`,
    `<span class="sure num" title="confidence, per cent">${confidence}${isUnsure(block) ? ' ?' : ''}</span>`,
    ...(origin === 'page' ? [] : [`<span class="origin">${origin}</span>`]),
  ];
  const shown = links.flatMap((link) => {
    const href = linkAddress(link.href);
    return href === undefined ? [] : [{ href, text: link.text }];
  });
  // Where the markup was kept, each link has its target beside it.
  const targets = shown.length === 0 || html !== undefined ? '' : linksHtml(shown, text);
  return `<section class="${classOf(block)}" id="${id}"><div class="tag">${tag.join('')}</div><div class="text">${media.map(mediaHtml).join('')}<span class="said" dir="auto">${bodyHtml(block)}</span>${targets}</div>${topHtml(block.reasons)}${whyHtml(block, explanations)}</section>`;
}

function pieceHtml(block: Block, explanations: Explanations): string {
  const { id, links = [], media = [], text } = block;
  const target = links[0] === undefined ? undefined : linkAddress(links[0].href);
  const pictures = media
    .map(({ kind, src = '' }) => `<span title="${escapeHtml(`${kind} ${src}`)}">▧ </span>`)
    .join('');
  const body = target === undefined ? visible(text) : `<span title="${escapeHtml(target)}">${visible(text)} ↗</span>`;
  return `<span class="${classOf(block)}" id="${id}"><a class="n" href="#${id}">${id.slice(1)}</a>${pictures}<bdi>${body}</bdi>${whyHtml(block, explanations)}</span>`;
}

/** Short furniture, of which many stand side by side. */
const isShort = ({ role, text, cells, links = [] }: Block): boolean =>
  role === 'boilerplate' && text.length <= SHORT_CHARS && cells === undefined && links.length <= 1;

function runHtml(run: readonly Block[], explanations: Explanations): string {
  const [first] = run;
  if (first === undefined) return '';
  if (run.length === 1) return rowHtml(first, explanations);
  const { label } = first;
  const hasUnsure = run.some(isUnsure) ? ' has-unsure' : '';
  return `<section class="run boilerplate l-${label}${hasUnsure}"><div class="tag"><span class="n">×${run.length}</span><span class="label">${label}</span></div><div class="pieces">${run.map((block) => pieceHtml(block, explanations)).join('')}</div></section>`;
}

/** All blocks in document order, a row a line. */
export function rowsOf(blocks: readonly Block[], explanations: Explanations): string[] {
  const rows: string[] = [];
  let run: Block[] = [];
  const flush = (): void => {
    if (run.length > 0) rows.push(runHtml(run, explanations));
    run = [];
  };
  for (const block of blocks) {
    if (!isShort(block) || (run[0] !== undefined && run[0].label !== block.label)) flush();
    if (isShort(block)) run.push(block);
    else rows.push(rowHtml(block, explanations));
  }
  flush();
  return rows;
}
