/** The built program, for tests that start processes: built once, and again only where `src/` is newer. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../src/core/digest.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist', 'cli.js');
/** Whoever builds holds it; a build takes seconds, so one this old was left behind. */
const LOCK = join(tmpdir(), `tearsheet-build-${sha256(ROOT).slice(0, 12)}`);
const STALE_LOCK_MS = 180_000;

const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestMs(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(0, ...files.map((entry) => modifiedMs(join(entry.parentPath, entry.name))));
}
const isStale = (): boolean =>
  modifiedMs(CLI) < Math.max(newestMs(join(ROOT, 'src')), newestMs(join(ROOT, 'config', 'rules')));

function build(): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}

/** Path of `dist/cli.js`. Several test files may ask at once. */
export async function built(): Promise<string> {
  while (isStale()) {
    try {
      mkdirSync(LOCK);
    } catch {
      if (modifiedMs(LOCK) < Date.now() - STALE_LOCK_MS) rmSync(LOCK, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (isStale()) build();
    } finally {
      rmSync(LOCK, { recursive: true, force: true });
    }
  }
  return CLI;
}
