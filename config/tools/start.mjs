// `npm start -- …`: builds dist/ when it is missing or older than src/, then runs the command line in this process.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';

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
const built = statSync(cli, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (built < newest(join(root, 'src'))) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'config/tools/tsconfig.build.json')], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    process.stderr.write('tearsheet: the build failed (above); run `npm ci` and try again\n');
    process.exit(1);
  }
}
process.argv[1] = cli;
await import(pathToFileURL(cli).href);
