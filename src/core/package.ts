/** What this program is called, which version of it runs, and where its own files lie. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the package, with `package.json` and `config/` in it; the same from `src/` and from `dist/`. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};

/** Name and version as every snapshot, manifest and User-Agent states them, such as `tearsheet/0.1.0`. */
export const PROGRAM = `${name}/${version}`;
export const VERSION = version;

/** The name that robots.txt knows us by (RFC 9309 §2.2.1). */
export const USER_AGENT_TOKEN = 'tearsheet';

/** Name, version, and whom to write to. */
export const userAgentOf = (contact: string): string => (contact === '' ? PROGRAM : `${PROGRAM} (+${contact})`);
