/** Digests of readings by several versions of Node, for the law that all give the same. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly name: string;
  readonly path: string;
  readonly url: string;
  readonly contentType?: string;
}
export interface Digests {
  readonly node: string;
  /** SHA-256 of each page's reading. */
  readonly digests: Readonly<Record<string, string>>;
  readonly all: string;
}

/**
 * The Node that runs this first, then those named in `NODE_BINARIES` (paths, parted as in PATH); one of a version that is there
 * already is left out.
 */
export function nodeBinaries(): { path: string; version: string }[] {
  const named = (process.env['NODE_BINARIES'] ?? '').split(delimiter).filter(Boolean);
  const found = new Map<string, string>([[process.version, process.execPath]]);
  for (const path of named) {
    if (!existsSync(path)) throw new Error(`NODE_BINARIES: expected paths of node, got ${path}, which is not there`);
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    if (!found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ path, version }));
}

const SCRIPT = fileURLToPath(new URL('digest-readings.mjs', import.meta.url));

/** Reads the pages with what was built in `dist`, in a process of that Node. */
export function digestsBy(
  node: string,
  dist: string,
  pages: readonly PageFile[],
  env: NodeJS.ProcessEnv = {},
): Digests {
  const folder = mkdtempSync(join(tmpdir(), 'tearsheet-digests-'));
  try {
    const list = join(folder, 'pages.json');
    writeFileSync(list, JSON.stringify(pages));
    const { status, stdout, stderr } = spawnSync(node, [SCRIPT, dist, list], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
    if (status !== 0) throw new Error(`${node} could not read the pages:\n${stderr}`);
    return JSON.parse(stdout) as Digests;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pages whose reading differs from that of the first. */
export const differing = ([first, ...others]: readonly Digests[]): string[] =>
  others.flatMap(({ node, digests }) =>
    Object.keys({ ...first?.digests, ...digests })
      .filter((name) => digests[name] !== first?.digests[name])
      .map((name) => `${name} on ${node}`),
  );
