/** Today's program over captures: the cleaner with its rules, loaded with the first page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WordLists } from './compare/index.ts';
import { configDigest } from './core/config.ts';
import type { Config } from './core/config.ts';
import { asTearsheetError } from './core/errors.ts';
import { PROGRAM, ROOT } from './core/package.ts';
import type { CaptureStore, StoredSnapshot } from './core/ports.ts';
import { loadRules } from './core/rules.ts';
import { digestOfRules, NO_SOURCES } from './core/sources.ts';
import type { Sources } from './core/sources.ts';
import type { Reading } from './core/schema.ts';
import { fetchedAtOf, textOfStored } from './visit.ts';
import type { ReadPage, Reader } from './visit.ts';

export const cleanRoom = () => import('./clean/index.ts');

let loaded: ReturnType<typeof loadRules> | undefined;
/** Read once a process: parsing them takes longer than cleaning a page. Throws `E_RULES_INVALID`. */
export const todaysRules = (): ReturnType<typeof loadRules> => (loaded ??= loadRules());

export type ReadPageLater = (...given: Parameters<ReadPage>) => Promise<Reading>;

/** Words that a rewording is judged by: `config/words/wording.json`. */
export const wordLists = (): WordLists =>
  JSON.parse(readFileSync(join(ROOT, 'config/words/wording.json'), 'utf8')) as WordLists;

/** Today's program over stored captures. The rules are read at once, the clean room with the first page. Throws `E_RULES_INVALID`. */
export function createReader(
  config: Config,
  captures: CaptureStore,
  sources: Sources = NO_SOURCES,
  given?: ReadPageLater,
): Reader {
  const { rules, digest } = todaysRules();
  const constant = { program: PROGRAM, config: configDigest(config), node: process.versions.node };
  const madeBy: Reader['madeBy'] = ({ url, fetchedAt }) => ({
    ...constant,
    rules: digestOfRules(digest, sources.of(url), fetchedAt),
  });
  const read: ReadPageLater =
    given ??
    (async (page, about) => (await cleanRoom()).clean(page, { ...about, rules, source: sources.of(about.url) }));
  return {
    madeBy,
    words: wordLists(),
    read: (capture) => {
      const { text, finalUrl, contentType } = capture;
      return read(text, { url: finalUrl, contentType, fetchedAt: fetchedAtOf(capture) });
    },
    readAgain: (kept) => readAgain(kept, madeBy, captures, read),
  };
}

/**
 * The stored reading where today's program made it; else the capture read again. A capture that is lost or damaged stops
 * nothing: then what was read at the time stands.
 */
async function readAgain(
  { snapshot: { capture, reading: stored, madeBy: was, version, url } }: StoredSnapshot,
  madeByOf: Reader['madeBy'],
  captures: CaptureStore,
  read: ReadPageLater,
): Promise<{ reading: Reading; note?: string }> {
  const madeBy = madeByOf({ url, fetchedAt: capture.date });
  if (was.program === madeBy.program && was.rules === madeBy.rules) return { reading: stored };
  try {
    const { compare, summarise } = await import('./compare/index.ts');
    const { text, contentType } = await textOfStored(await captures.read(capture));
    const reading = await read(text, { url, contentType, fetchedAt: capture.date });
    const change = compare(stored, reading, { isSameBytes: true });
    const hasNews = change.relabelled.length > 0;
    return { reading, ...(hasNews && { note: `v${version} by today's rules: ${summarise(change)}` }) };
  } catch (thrown) {
    const { code } = asTearsheetError(thrown);
    if (code === 'E_RULES_INVALID') throw thrown;
    return {
      reading: stored,
      note: `v${version} could not be read again (${code}); its reading of the time was compared`,
    };
  }
}
