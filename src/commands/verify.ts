/** `tearsheet verify`: the archive against its own digests. */
import { ERRORS } from '../core/errors.ts';
import { verify } from '../wiring.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';

export async function run(invocation: Invocation): Promise<number> {
  const output = outputOf(invocation);
  const { paint } = output;
  const { dir, report } = await verify(invocation);
  const { checked, problems, notes } = report;
  if (output.isJson) await output.json({ checked, problems, notes });
  else {
    for (const { path, what } of problems)
      await output.line(`${paint('problem', 'red', 'bold')}  ${inline(path)}  ${inline(what)}`);
    for (const note of notes) await output.line(`${paint('note', 'yellow')}     ${inline(note)}`);
    const counts = `${checked.files} files, ${checked.snapshots} snapshots, ${checked.looks} looks, ${checked.records} records, ${checked.manifests} manifests`;
    await output.line(`checked  ${counts} in ${inline(dir)}`);
    const found = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    await output.line(
      problems.length === 0 ? paint('no problem found', 'green') : paint(`${found} found`, 'red', 'bold'),
    );
  }
  return problems.length === 0 ? 0 : ERRORS.E_ARCHIVE_DAMAGED.exit;
}
