/** `tearsheet history`: every look at an article, and the versions that came of it, in the order they happened. */
import type { StoredSnapshot } from '../core/ports.ts';
import type { Look } from '../core/schema.ts';
import { openToRead } from '../wiring.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';
import type { Paint } from './terminal.ts';

type Line =
  | { readonly type: 'version'; readonly at: string; readonly version: StoredSnapshot }
  | { readonly type: 'look'; readonly at: string; readonly look: Look };

/** A version stands before the look that made it: it was written first. */
const inOrder = (a: Line, b: Line): number => {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.type !== b.type) return a.type === 'version' ? -1 : 1;
  return a.type === 'look' && b.type === 'look' ? a.look.seq - b.look.seq : 0;
};

const asJson = (line: Line): unknown => {
  if (line.type === 'look') return { type: 'look', ...line.look };
  const { id, path, snapshot } = line.version;
  const { version, previous, article, url, capture, reading } = snapshot;
  return {
    type: 'version',
    at: line.at,
    article,
    version,
    id,
    previous,
    path,
    url,
    title: reading.title,
    capture: capture.recordId,
  };
};

function asText(line: Line, paint: Paint): string {
  if (line.type === 'version') {
    const { id, snapshot, path } = line.version;
    return `${line.at}  ${paint(`v${snapshot.version}`.padEnd(13), 'bold', 'green')}  ${inline(snapshot.reading.title)}  ${paint(`${id.slice(0, 12)}  ${inline(path)}`, 'dim')}`;
  }
  const { look } = line;
  const status = look.capture === null ? 'no answer' : `status ${look.capture.status}`;
  const met = look.version === undefined ? '' : `v${look.version}`;
  const about = [met, status, look.error ?? '', look.note ?? ''].filter((part) => part !== '').map(inline);
  return `${line.at}  ${look.outcome.padEnd(13)}  ${about.join(' · ')}  ${paint(`look ${look.seq}, run ${inline(look.run)}`, 'dim')}`;
}

export async function run(invocation: Invocation): Promise<number> {
  const output = outputOf(invocation);
  const { snapshots } = await openToRead(invocation);
  const { article } = await snapshots.find(invocation.args[0] as string);
  const looks = await snapshots.looks(article);
  const madeAt = new Map(
    looks.map((look) => [look.outcome === 'new' || look.outcome === 'changed' ? look.snapshot : undefined, look.at]),
  );
  const versions = await snapshots.versions(article);
  const lines: Line[] = [
    ...versions.map((version): Line => ({
      type: 'version',
      at: madeAt.get(version.id) ?? version.snapshot.capture.date,
      version,
    })),
    ...looks.map((look): Line => ({ type: 'look', at: look.at, look })),
  ];
  for (const line of lines.toSorted(inOrder))
    await (output.isJson ? output.json(asJson(line)) : output.line(asText(line, output.paint)));
  return 0;
}
