/** `tearsheet show`: one version of an article, as a person reads it. */
import type { StoredSnapshot } from '../core/ports.ts';
import { openToRead } from '../wiring.ts';
import { articleLines, blockLines, surroundings } from './article.ts';
import type { Footer } from './article.ts';
import type { Invocation } from './invocation.ts';
import { versionFlag } from './flags.ts';
import { printDocument, wantedOf } from './format.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';
import { viewWanted, writeView } from './view.ts';
import { isVersionFile, readVersionFile } from './version-file.ts';

interface Shown {
  readonly stored: StoredSnapshot;
  /** How many versions there are; unknown for a file outside an archive. */
  readonly versions?: number;
}

async function find(invocation: Invocation): Promise<Shown> {
  const query = invocation.args[0] as string;
  const wanted = versionFlag(invocation.flags['version'], '--version');
  if (await isVersionFile(query)) return { stored: await readVersionFile(query) };
  const { snapshots } = await openToRead(invocation);
  const { article, versions } = await snapshots.find(query);
  return { stored: await snapshots.version(article, wanted ?? Math.max(1, versions)), versions };
}

function footerOf({ stored: { id, path, snapshot }, versions }: Shown): Footer {
  const { capture, reading, url, version, article, madeBy } = snapshot;
  const of = versions === undefined ? '' : ` of ${versions}`;
  return [
    ['source', url],
    ['article', article],
    ['captured', `${capture.date} (${capture.engine}, status ${capture.status})`],
    ['version', `${version}${of}`],
    ['id', `${id} (sha256 of ${path})`],
    ['record', `${capture.recordId}, body sha256 ${capture.decodedSha256}`],
    ['read by', `${madeBy.program}, rules ${madeBy.rules.slice(0, 12)}`],
    ['around it', surroundings(reading)],
  ];
}

export async function run(invocation: Invocation): Promise<number> {
  const view = viewWanted(invocation);
  if (view !== undefined) return writeView(invocation, view);
  const wanted = wantedOf(invocation);
  const output = outputOf(invocation);
  const shown = await find(invocation);
  const { snapshot, id, path } = shown.stored;
  if (wanted.form === 'record') {
    await output.json({ id, path, snapshot });
    return 0;
  }
  const { reading, url, version, capture } = snapshot;
  if (await printDocument(wanted, reading, { url, snapshot: id, version, capturedAt: capture.date }, output)) return 0;
  if (wanted.form === 'blocks') {
    await output.line(output.paint(`${inline(reading.title)} · v${version} · ${inline(url)}`, 'bold'));
    for (const line of blockLines(reading, output)) await output.line(line);
  } else for (const line of articleLines(reading, footerOf(shown), output)) await output.line(line);
  return 0;
}
