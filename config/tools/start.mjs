// `npm start -- …`: builds dist/ when it is missing or older than src/, then runs the command line in this process.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist', 'cli.js');

/** The newest modification time of a .ts file below `folder`, in ms; 0 for none. */
function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts'))
      latest = Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}
/** Runs a step of the build, its output on stderr: stdout belongs to the command. */
function step(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write('tearsheet: the build failed (above); run `npm ci` and try again\n');
  process.exit(1);
}

const built = statSync(cli, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < newest(join(root, 'src'))) {
  step('node_modules/typescript/bin/tsc', '-p', 'config/tools/tsconfig.build.json');
  step('config/tools/compile-rules.mjs');
}
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
