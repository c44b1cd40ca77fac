/** `tearsheet demo`: a newspaper on this machine, archived twice, with its editors at work in between. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '../core/errors.ts';
import type { Visit } from '../visit.ts';
import { openToWrite, startPress, verify } from '../wiring.ts';
import type { Press } from '../wiring.ts';
import { ArchiveRun } from './archive-run.ts';
import { changeLines } from './change.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import type { Output } from './output.ts';
import { inline } from './terminal.ts';
import { shortVisitLine } from './visit-line.ts';

async function* each(urls: readonly string[]): AsyncGenerator<string> {
  yield* urls;
}

/** One run over the whole paper; gives the visits in the order they were made. */
async function archiveEdition(invocation: Invocation, press: Press, output: Output): Promise<Visit[]> {
  const visits: Visit[] = [];
  const open = async () => {
    const session = await openToWrite(invocation, 'demo');
    return {
      ...session,
      archiveUrl: async (url: string, signal?: AbortSignal) => {
        const visit = await session.archiveUrl(url, signal);
        visits.push(visit);
        return visit;
      },
    };
  };
  const lineOf = (visit: Visit) => shortVisitLine(visit, output);
  await new ArchiveRun({ io: invocation.io, output, open, lineOf, concurrency: 1 }).over(each(press.urls));
  return visits;
}

const isEnglish = ({ kept }: Visit): boolean => kept?.snapshot.reading.language.startsWith('en') === true;

/** The one to look at closely: a rewording, in the language that we speak ourselves, the graver the better. */
const worthShowing = (visits: readonly Visit[]): Visit | undefined =>
  visits
    .filter(({ change }) => change?.kinds.includes('paragraph-reworded'))
    .toSorted(
      (a, b) =>
        Number(isEnglish(b)) - Number(isEnglish(a)) || (b.change?.significance ?? 0) - (a.change?.significance ?? 0),
    )[0];

/** How the reader called us, so that what is printed can be pasted. */
const nameOf = (env: Invocation['io']['env']): string =>
  ({ start: 'npm start --', npx: 'npx tearsheet' })[env['npm_lifecycle_event'] ?? ''] ?? 'tearsheet';

const quoted = (argument: string): string =>
  /^[\w./:@%+=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

function nextSteps(name: string, dir: string, shown: Visit | undefined): string[] {
  const archive = `--archive ${quoted(dir)}`;
  const folder = shown?.kept?.path.split('/').at(-2)?.slice(0, 8);
  const ofOne = folder === undefined ? [] : [`show ${folder} --blocks`, `history ${folder}`, `diff ${folder}`];
  return ['list', ...ofOne, 'verify'].map((command) => `${name} ${command} ${archive}`);
}

/** The steps as a person follows them; in JSON only the visits and one summary are printed. */
async function tell(output: Output, ...lines: string[]): Promise<void> {
  if (!output.isJson) for (const line of lines) await output.line(line);
}

async function play(invocation: Invocation, press: Press, dir: string): Promise<number> {
  const output = outputOf(invocation);
  const heading = (text: string) => output.paint(text, 'bold');
  await tell(
    output,
    heading(`1  The first edition of a small newspaper is on ${press.origin}, for this machine only. Archive it:`),
    '',
  );
  const first = await archiveEdition(invocation, press, output);
  if (invocation.io.signal.aborted) return ERRORS.E_INTERRUPTED.exit;
  press.publish(2);
  await tell(output, '', heading('2  The editors change things, some of them silently. Archive it again:'), '');
  const second = await archiveEdition(invocation, press, output);
  if (invocation.io.signal.aborted) return ERRORS.E_INTERRUPTED.exit;
  const shown = worthShowing(second);
  if (shown?.change && shown.kept) {
    await tell(output, '', heading(`3  What they did to "${inline(shown.kept.snapshot.reading.title)}":`), '');
    await tell(output, ...changeLines(shown.change, output));
  }
  const { report } = await verify(invocation);
  const { checked, problems } = report;
  await tell(
    output,
    '',
    heading('4  Does the record hold?'),
    '',
    `${checked.files} files checked, problems: ${problems.length}`,
  );
  for (const { path, what } of problems) await tell(output, `${inline(path)}  ${inline(what)}`);
  await tell(
    output,
    '',
    heading('Try next:'),
    ...nextSteps(nameOf(invocation.io.env), dir, shown).map((step) => `  ${step}`),
  );
  if (output.isJson) await output.json({ archive: dir, pages: first.length + second.length, checked, problems });
  return problems.length === 0 ? 0 : ERRORS.E_ARCHIVE_DAMAGED.exit;
}

export async function run(given: Invocation): Promise<number> {
  const { io, globals } = given;
  const dir = globals.archive ?? join(await mkdtemp(join(tmpdir(), 'tearsheet-demo-')), 'archive');
  const press = await startPress();
  try {
    // Only the press may be fetched from, whatever else the settings allow.
    const invocation = {
      ...given,
      io,
      globals: { ...globals, archive: dir, allowAddress: [`${new URL(press.origin).hostname}/32`] },
    };
    return await play(invocation, press, dir);
  } finally {
    await press.close();
  }
}
