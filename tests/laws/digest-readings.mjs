// Prints a digest of each page's reading: `node digest-readings.mjs DIST LIST`, where LIST is a JSON file of {name, path, url,
// contentType?}. Plain JavaScript on what was built, so that any version of Node can run it; ends with a digest of them all.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const [dist, list] = process.argv.slice(2);
const { clean } = await import(pathToFileURL(join(dist, 'clean/index.js')).href);
const { loadRules } = await import(pathToFileURL(join(dist, 'core/rules.js')).href);
const { rules } = loadRules();
const digestOf = (text) => createHash('sha256').update(text).digest('hex');
const digests = {};
for (const { name, path, ...context } of JSON.parse(readFileSync(list, 'utf8'))) {
  const bytes = readFileSync(path);
  const reading = clean(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { ...context, rules });
  digests[name] = digestOf(JSON.stringify(reading));
}
process.stdout.write(`${JSON.stringify({ node: process.version, digests, all: digestOf(JSON.stringify(digests)) })}\n`);
