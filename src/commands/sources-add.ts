/** `tearsheet sources add URL`: finds out what names a site's pages, tries five of them, and writes the source file. */
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ERRORS, TearsheetError } from '../core/errors.ts';
import { parseUrl } from '../core/url.ts';
import { settingsOf, sourcesOf } from '../wiring.ts';
import { openScout } from '../wiring-scout.ts';
import { textFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { isWell, tellHealth } from './source-health.ts';
import { inline } from './terminal.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;
const usage = (message: string): TearsheetError => new TearsheetError('E_CLI_USAGE', message);

export async function add(invocation: Invocation, [address, ...rest]: readonly string[]): Promise<number> {
  const { io, flags } = invocation;
  const output = outputOf(invocation);
  if (address === undefined || rest.length > 0)
    throw usage('expected the address of one front page, such as https://daily.example/');
  const home = parseUrl(address).href;
  const name = textFlag(flags['name']);
  if (name !== undefined && !NAME.test(name))
    throw usage(`expected a name of lower case, digits and hyphens for --name, got ${JSON.stringify(name)}`);
  const { dir } = settingsOf(invocation).sources;
  const known = (await sourcesOf(settingsOf(invocation), true)).of(home);
  if (known !== undefined && flags['dryRun'] !== true) throw taken(home, known.path);
  const scout = await openScout(invocation);
  try {
    output.remark(
      `looking at ${home}: its robots.txt, feeds, sitemaps and lists, and five pages, one request at a time`,
    );
    const found = await scout.explore(home, name, io.signal);
    const { documents, pages, notes, yaml } = found;
    if (!output.isJson) await output.line(`${output.paint(found.name, 'bold')}  ${inline(home)}`);
    await tellHealth(found.name, documents, pages, output);
    for (const note of notes) output.remark(note);
    if (flags['dryRun'] === true) {
      await (output.isJson ? output.json({ type: 'source', name: found.name, yaml }) : output.line(`\n${yaml}`));
    } else {
      const path = await write(dir, found.name, yaml);
      await (output.isJson
        ? output.json({ type: 'source', name: found.name, path })
        : output.line(`wrote ${path}; next: tearsheet crawl ${found.name}`));
    }
    if (isWell(documents, pages)) return 0;
    output.remark(
      `E_SOURCE_EMPTY: expected pages that read as articles, got none; mend the file, then tearsheet sources check ${found.name} --live`,
    );
    return ERRORS.E_SOURCE_EMPTY.exit;
  } finally {
    await scout.close();
  }
}

function taken(home: string, path: string): TearsheetError {
  const message = `${home}: expected a site without a source, got one that has ${path}; change that file, or see what would be written with --dry-run`;
  return new TearsheetError('E_SOURCE_INVALID', message);
}

/** Whole or not at all, and never over a file that is there. Gives its path. */
async function write(dir: string, name: string, yaml: string): Promise<string> {
  const path = join(dir, `${name}.yaml`);
  const temp = join(dir, `.${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(temp, yaml, { flag: 'wx' });
    await link(temp, path);
    return path;
  } catch (cause) {
    const { code, message: said } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw taken(name, path);
    const message = `${path}: expected to write the source file, got ${code ?? said}; check the folder, or name another with --sources`;
    throw new TearsheetError('E_FILE_WRITE', message, { cause });
  } finally {
    await rm(temp, { force: true });
  }
}
