/** `tearsheet show --screenshot` and `--pdf`: the picture that was kept beside a version, as a file. */
import { TearsheetError } from '../core/errors.ts';
import { openToRead } from '../wiring.ts';
import { textFlag, versionFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { writeWhole } from './written-file.ts';

const KINDS = ['screenshot', 'pdf'] as const;
export type ViewKind = (typeof KINDS)[number];

/** The kind of picture that was asked for; undefined for none. Throws `E_CLI_USAGE` for both at once. */
export function viewWanted({ flags }: Invocation): ViewKind | undefined {
  const [kind, ...others] = KINDS.filter((one) => flags[one] === true);
  if (others.length > 0)
    throw new TearsheetError('E_CLI_USAGE', 'expected --screenshot or --pdf, got both; run it twice');
  return kind;
}

export async function writeView(invocation: Invocation, kind: ViewKind): Promise<number> {
  const output = outputOf(invocation);
  const query = invocation.args[0] as string;
  const path = textFlag(invocation.flags['output']);
  if (path === undefined)
    throw new TearsheetError('E_CLI_USAGE', `expected a file for the ${kind}, got none; name it with -o FILE`);
  const { snapshots, captures } = await openToRead(invocation);
  const { article, versions } = await snapshots.find(query);
  const n = versionFlag(invocation.flags['version'], '--version') ?? Math.max(1, versions);
  const { capture } = (await snapshots.version(article, n)).snapshot;
  const view = capture.views?.find((one) => one.kind === kind);
  if (view === undefined) {
    const message = `${article} v${n}: expected a ${kind} beside it, got none; tearsheet archive URL --${kind} keeps one with the next version`;
    throw new TearsheetError('E_ARCHIVE_NO_ARTICLE', message);
  }
  const { recordId, sha256 } = view;
  const { body } = await captures.read({ ...capture, recordId, payloadDigest: sha256, decodedSha256: sha256 });
  await writeWhole(path, body);
  await (output.isJson
    ? output.json({ article, version: n, kind, path, bytes: body.length, sha256 })
    : output.line(`${path}: ${kind} of ${article} v${n}, ${body.length} bytes, sha256 ${sha256}`));
  return 0;
}
