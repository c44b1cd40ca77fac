/**
 * `node --import <this> …` writes to the file named by TRACE_MODULES, when the process ends, a line for each module that was
 * loaded: ES modules as their URLs are resolved, CommonJS as the cache holds them.
 */
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

const file = process.env.TRACE_MODULES;
const hooks = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, nextLoad) {
  appendFileSync(${JSON.stringify(file)}, url.split('?')[0] + '\\n');
  return nextLoad(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
process.on('exit', () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).map((path) => pathToFileURL(path).href);
  appendFileSync(file, loaded.map((url) => `${url}\n`).join(''));
});
