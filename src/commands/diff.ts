/** `tearsheet diff`: what the publisher changed between two versions. */
import { compare } from '../compare/index.ts';
import { TearsheetError } from '../core/errors.ts';
import { wordLists } from '../reader.ts';
import { openToRead, readAlike } from '../wiring.ts';
import { changeLines } from './change.ts';
import { versionFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';

export async function run(invocation: Invocation): Promise<number> {
  const { args, flags } = invocation;
  const asked = { from: versionFlag(flags['from'], '--from'), to: versionFlag(flags['to'], '--to') };
  const output = outputOf(invocation);
  const session = await openToRead(invocation);
  const { article, versions, url } = await session.snapshots.find(args[0] as string);
  const to = asked.to ?? versions;
  const from = asked.from ?? to - 1;
  if (from < 1) {
    const message = `expected two versions of ${url}, got ${versions}; tearsheet show prints what there is`;
    throw new TearsheetError('E_ARCHIVE_NO_ARTICLE', message);
  }
  const [older, newer] = [await session.snapshots.version(article, from), await session.snapshots.version(article, to)];
  const [before, after] = await readAlike(session, older, newer);
  const isSameBytes = older.snapshot.capture.decodedSha256 === newer.snapshot.capture.decodedSha256;
  const change = compare(before, after, { isSameBytes, words: wordLists() });
  if (output.isJson) {
    await output.json({ from, to, change });
    return 0;
  }
  const head = [`v${from} ${older.snapshot.capture.date}`, `v${to} ${newer.snapshot.capture.date}`].join(' → ');
  await output.line(output.paint(`${head}  ${inline(newer.snapshot.url)}`, 'bold'));
  await output.line('');
  for (const line of changeLines(change, output)) await output.line(line);
  return 0;
}
