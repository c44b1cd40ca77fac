/**
 * Before all tests: a browser, for those that show pages in one. Playwright's own or the system's where there is one; else, as root
 * on Debian and its kin, their package. Where none can be had, those tests are skipped and say so.
 */
import { spawnSync } from 'node:child_process';
import { findBrowser } from '../src/fetch/browser.ts';

const isThere = (): Promise<boolean> =>
  findBrowser({ env: process.env }).then(
    () => true,
    () => false,
  );

function aptGet(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

export async function setup(): Promise<void> {
  if ((await isThere()) || process.getuid?.() !== 0 || !aptGet('--version')) return;
  process.stderr.write('no browser was found; installing Debian’s chromium, which takes a minute\n');
  const install = () => aptGet('install', '-y', '--no-install-recommends', 'chromium');
  // Package lists of an image may be missing or old.
  if (!install() && aptGet('update')) install();
}
