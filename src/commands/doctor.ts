/** `tearsheet doctor`: what the program needs on this machine, and whether it is there. Touches no network. */
import { existsSync } from 'node:fs';
import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { asTearsheetError } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { ERRORS } from '../core/errors.ts';
import { PROGRAM } from '../core/package.ts';
import { loadRules } from '../core/rules.ts';
import { findSqlite } from '../wiring-frontier.ts';
import { findBrowser } from '../wiring-render.ts';
import { settingsOf } from '../wiring.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';
import type { Style } from './terminal.ts';

/** Less than this, and a run will end on a full disk. */
const LOW_WATER_BYTES = 512 * 1024 * 1024;
const OLDEST_NODE = [20, 19] as const;

interface Finding {
  readonly check: string;
  /** `note` is worth knowing and stops nothing. */
  readonly state: 'ok' | 'note' | 'bad';
  readonly says: string;
  readonly code?: ErrorCode;
}
const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says });
const note = (check: string, says: string): Finding => ({ check, state: 'note', says });
const bad = (check: string, code: ErrorCode, says: string): Finding => ({ check, state: 'bad', says, code });

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  const says = `${process.versions.node}, ${PROGRAM}`;
  return isOld
    ? bad('node', 'E_INTERNAL', `${says}: Node ${OLDEST_NODE.join('.')} or newer is needed`)
    : ok('node', says);
}

/** The folder itself, or the nearest above it that exists: there it would be made. */
function standing(dir: string): string {
  let folder = resolve(dir);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function archive(dir: string): Promise<Finding[]> {
  const folder = standing(dir);
  const isThere = folder === resolve(dir);
  if (!(await stat(folder)).isDirectory()) return [bad('archive', 'E_ARCHIVE_NOT_ONE', `${folder} is not a folder`)];
  const findings: Finding[] = [];
  try {
    await access(folder, constants.W_OK);
    findings.push(
      ok('archive', isThere ? `${folder} can be written` : `${resolve(dir)} will be made with the first page`),
    );
  } catch {
    findings.push(bad('archive', 'E_ARCHIVE_READ_ONLY', `${folder} cannot be written`));
  }
  const { bavail, bsize } = await statfs(folder);
  const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
  findings.push(bavail * bsize < LOW_WATER_BYTES ? bad('disk', 'E_ARCHIVE_DISK_FULL', free) : ok('disk', free));
  const runs = await readdir(join(dir, 'runs')).catch(() => []);
  const open = runs.filter((name) => name.endsWith('.open')).map((name) => name.slice(0, -'.open'.length));
  const says = `${open.length} running or ended without a manifest (${open.join(', ')}); the next run seals those that are dead`;
  findings.push(open.length === 0 ? ok('runs', 'none open') : note('runs', says));
  return findings;
}

async function browser(invocation: Invocation): Promise<Finding> {
  try {
    const { path, whose } = await findBrowser(settingsOf(invocation), invocation.io.env);
    return ok('browser', whose === 'system' ? path : `${path} (${whose})`);
  } catch (thrown) {
    const { code, message } = asTearsheetError(thrown);
    if (code !== 'E_BROWSER_MISSING') throw thrown;
    return note('browser', `${message}; until then, pages that need one are read without`);
  }
}

/** Frontier and crawls need one; archive and clean do not. */
async function sqlite(): Promise<Finding> {
  try {
    return ok('sqlite', await findSqlite());
  } catch (thrown) {
    return note('sqlite', asTearsheetError(thrown).message);
  }
}

/** Turns what a check throws into a finding. */
async function attempt(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    const { code, message } = asTearsheetError(thrown);
    return [bad(check, code, message)];
  }
}

const MARKS: Readonly<Record<Finding['state'], readonly [string, Style]>> = {
  ok: ['✓', 'green'],
  note: ['•', 'yellow'],
  bad: ['✗', 'red'],
};

export async function run(invocation: Invocation): Promise<number> {
  const output = outputOf(invocation);
  const checks: readonly (readonly [string, () => Finding[] | Promise<Finding[]>])[] = [
    ['node', () => [node()]],
    ['settings', () => [ok('settings', `read; the archive is ${settingsOf(invocation).archive.dir}`)]],
    ['archive', () => archive(settingsOf(invocation).archive.dir)],
    ['rules', () => [ok('rules', `read, digest ${loadRules().digest.slice(0, 12)}`)]],
    ['browser', async () => [await browser(invocation)]],
    ['sqlite', async () => [await sqlite()]],
  ];
  let first: ErrorCode | undefined;
  for (const [name, check] of checks) {
    for (const finding of await attempt(name, check)) {
      first ??= finding.code;
      const [mark, style] = MARKS[finding.state];
      await (output.isJson
        ? output.json(finding)
        : output.line(`${output.paint(mark, style)} ${finding.check.padEnd(8)}  ${inline(finding.says)}`));
    }
  }
  return first === undefined ? 0 : ERRORS[first].exit;
}
