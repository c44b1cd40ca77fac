/** `tearsheet sources`: what is known of publishers, and whether their rules still fit their pages. */
import { stat } from 'node:fs/promises';
import { matchesOn } from '../clean/index.ts';
import { decodeText } from '../core/charset.ts';
import { instantOf, systemClock } from '../core/clock.ts';
import { ERRORS, TearsheetError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { isInForce } from '../core/sources.ts';
import type { Source, Sources } from '../core/sources.ts';
import { parseUrl } from '../core/url.ts';
import { openToRead, settingsOf, sourcesOf } from '../wiring.ts';
import { countFlag, textFlag, timeFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import type { Output } from './output.ts';
import { readPage } from './page-file.ts';
import { isWell, tellHealth } from './source-health.ts';
import { KeptPages } from './source-pages.ts';
import { findingLine } from './source-line.ts';
import { IS_BROKEN, SourceTally } from './source-tally.ts';
import type { Finding } from './source-tally.ts';
import { inline } from './terminal.ts';

/** Newest pages of a source that are looked at unless the flag says otherwise, and how many older ones where a rule fits none. */
const NEWEST = 20;
const OLDER = 200;

const usage = (message: string): TearsheetError => new TearsheetError('E_CLI_USAGE', message);

export async function run(invocation: Invocation): Promise<number> {
  const [action, ...names] = invocation.args;
  const now = timeFlag(invocation.flags['at'], '--at') ?? instantOf(systemClock.now());
  if (action === 'list') return list(invocation, names, now);
  if (action === 'check') return checkAll(invocation, names, now);
  if (action === 'add') return (await import('./sources-add.ts')).add(invocation, names);
  throw usage(`expected add, list or check, got ${JSON.stringify(action)}; see tearsheet sources --help`);
}

async function list(invocation: Invocation, names: readonly string[], now: string): Promise<number> {
  const output = outputOf(invocation);
  const { paint } = output;
  const config = settingsOf(invocation);
  const sources = await sourcesOf(config);
  const chosen = names.length === 0 ? sources.list : names.map((name) => named(sources, name, config.sources.dir));
  for (const { name, home, claims, articleId, rules = [], path } of chosen) {
    const inForce = rules.filter((rule) => isInForce(rule, now)).length;
    if (output.isJson) {
      const rest = { ...(articleId !== undefined && { articleId }), path };
      await output.json({ name, home, hosts: claims, rules: rules.length, rulesInForce: inForce, ...rest });
      continue;
    }
    const dated = inForce === rules.length ? '' : ` of ${rules.length}`;
    await output.line(`${paint(name, 'bold')}  ${inline(home ?? '')}`);
    await output.line(`  hosts        ${inline(claims.join(', '))}`);
    await output.line(`  rules today  ${inForce}${dated}`);
    await output.line(`  article id   ${inline(articleId ?? 'none: articles are filed by their address')}`);
    await output.line(paint(`  ${inline(path)}`, 'dim'));
  }
  if (chosen.length === 0)
    output.remark(`no source in ${config.sources.dir}; tearsheet sources add https://daily.example/ writes one`);
  return 0;
}

function named(sources: Sources, name: string, dir: string): Source {
  const source = sources.list.find((one) => one.name === name);
  if (source !== undefined) return source;
  const names = sources.list.map((one) => one.name);
  const close = nearest(name, names);
  const advice = close === null ? 'tearsheet sources list tells which there are' : `did you mean ${close}?`;
  throw new TearsheetError('E_SOURCE_NONE', `expected a source of ${dir}, got ${JSON.stringify(name)}; ${advice}`);
}

/** One address explained; or rules on kept pages, and with `--live` lists and pages as they answer now. */
async function checkAll(invocation: Invocation, names: readonly string[], now: string): Promise<number> {
  const address = textFlag(invocation.flags['why']);
  if (address !== undefined) return (await import('./sources-why.ts')).why(invocation, address);
  return invocation.flags['live'] === true ? checkLive(invocation, names) : check(invocation, names, now);
}

async function checkLive(invocation: Invocation, names: readonly string[]): Promise<number> {
  const output = outputOf(invocation);
  const config = settingsOf(invocation);
  const sources = await sourcesOf(config);
  if (sources.list.length === 0) throw noSource(config.sources.dir);
  const chosen = names.length === 0 ? sources.list : names.map((name) => named(sources, name, config.sources.dir));
  const { openScout } = await import('../wiring-scout.ts');
  const scout = await openScout(invocation);
  const unwell: string[] = [];
  try {
    for (const source of chosen) {
      if (!output.isJson) await output.line(`${output.paint(source.name, 'bold')}  ${inline(source.home ?? '')}`);
      const { documents, pages } = await scout.check(source, invocation.io.signal);
      await tellHealth(source.name, documents, pages, output);
      if (!isWell(documents, pages)) unwell.push(source.name);
    }
  } finally {
    await scout.close();
  }
  if (unwell.length === 0) return 0;
  output.remark(
    `E_SOURCE_EMPTY: ${unwell.join(', ')}: expected lists that name articles and pages that read as such, got none; each is named above`,
  );
  return ERRORS.E_SOURCE_EMPTY.exit;
}

const noSource = (dir: string): TearsheetError =>
  new TearsheetError(
    'E_SOURCE_NONE',
    `expected a source in ${dir}, got none; tearsheet sources add https://daily.example/ writes one`,
  );

/** The sources that are meant, and saved pages to try them on. */
async function check(invocation: Invocation, given: readonly string[], now: string): Promise<number> {
  const output = outputOf(invocation);
  const { dir } = settingsOf(invocation).sources;
  const sources = await sourcesOf(settingsOf(invocation));
  if (sources.list.length === 0) throw noSource(dir);
  const { chosen, pages } = await meant(invocation, given, sources, dir);
  const findings: Finding[] = [];
  for (const source of chosen) {
    const tally = new SourceTally(source);
    for (const page of pages) await addSaved(invocation, page, source, tally);
    if (pages.length === 0 || invocation.globals.archive !== undefined)
      await addKept(invocation, source, tally, now, output);
    const ofSource = tally.findings(now);
    findings.push(...ofSource);
    await print(source, ofSource, output);
  }
  const broken = findings.filter(({ standing }) => IS_BROKEN.has(standing));
  if (broken.length === 0) return 0;
  const rules = [...new Set(broken.map(({ rule }) => rule))];
  output.remark(
    `E_SOURCE_STALE: ${rules.join(', ')}: expected elements on the pages looked at, got none; date or mend the rule`,
  );
  return ERRORS.E_SOURCE_STALE.exit;
}

interface Meant {
  readonly chosen: readonly Source[];
  readonly pages: readonly string[];
}

/** What stands first is a source's name, unless it is a file; then the source is that of its --url. */
async function meant({ flags }: Invocation, given: readonly string[], sources: Sources, dir: string): Promise<Meant> {
  const url = textFlag(flags['url']);
  const ofUrl = url === undefined ? undefined : sources.of(parseUrl(url).href);
  const [first, ...rest] = given;
  if (first === undefined) return { chosen: ofUrl ? [ofUrl] : sources.list, pages: [] };
  const isName = sources.list.some(({ name }) => name === first) || !(first === '-' || (await isFile(first)));
  if (isName) return { chosen: [named(sources, first, dir)], pages: rest };
  if (url === undefined) throw usage(`expected whose page ${first} is; name the source before it, or give its --url`);
  if (ofUrl === undefined) {
    const message = `expected a page of a source of ${dir}, got ${url}; tearsheet sources list tells their hosts`;
    throw new TearsheetError('E_SOURCE_NONE', message);
  }
  return { chosen: [ofUrl], pages: given };
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => !facts.isDirectory(),
    () => false,
  );

async function addSaved({ flags, io }: Invocation, page: string, source: Source, tally: SourceTally): Promise<void> {
  const { bytes, contentType, url } = await readPage(page, io.stdin);
  const at = timeFlag(flags['at'], '--at');
  const { text } = decodeText(bytes, { contentType });
  tally.add({ url: textFlag(flags['url']) ?? url, at, matches: matchesOn(text, source, at) });
}

async function addKept(
  invocation: Invocation,
  source: Source,
  tally: SourceTally,
  now: string,
  output: Output,
): Promise<void> {
  const session = await openToRead(invocation);
  const kept = new KeptPages(session, session.sources.list.find(({ name }) => name === source.name) as Source);
  const newest = countFlag(invocation.flags['pages'], '--pages') ?? NEWEST;
  let pages = 0;
  for await (const page of kept.newest(newest)) {
    tally.add(page);
    pages += 1;
  }
  if (tally.needsOlder(now)) for await (const page of kept.older(newest, OLDER)) tally.add(page, true);
  for (const what of kept.unreadable) output.remark(`could not be read, left out: ${what}`);
  if (pages === 0) output.remark(`the archive in ${session.dir} holds no page of ${source.name}`);
}

async function print({ name, home }: Source, findings: readonly Finding[], output: Output): Promise<void> {
  if (output.isJson) {
    for (const finding of findings) await output.json(finding);
    return;
  }
  await output.line(`${output.paint(name, 'bold')}  ${inline(home ?? '')}`);
  for (const finding of findings) await output.line(findingLine(finding, output.paint));
  if (findings.length === 0) await output.line('  has no rules');
}
