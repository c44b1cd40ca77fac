/**
 * Readings of all bench and golden pages by every version of Node at hand, as digests that have to be the same:
 * `NODE_BINARIES=/path/to/node22:/path/to/node24 npx tsx tests/bench/determinism.ts [--set NAME]`. The law's test does the same with the
 * golden pages alone.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { built } from '../e2e/built.ts';
import { goldenNames, goldenPage } from '../golden/page.ts';
import { differing, digestsBy, nodeBinaries, type PageFile } from '../laws/digests.ts';
import { BENCH, goldOf, setsIn } from './bench-pages.ts';

const { values } = parseArgs({ options: { set: { type: 'string', multiple: true } } });
const golden = goldenNames().map((name): PageFile => {
  const { url, contentType } = goldenPage(name).meta;
  const path = fileURLToPath(new URL(`../golden/pages/${name}/source.html`, import.meta.url));
  return { name, path, url, ...(contentType === undefined ? {} : { contentType }) };
});
const bench = setsIn(BENCH, values.set).flatMap((set) =>
  goldOf(BENCH, set).map(({ id, url }) => ({
    name: `${set}/${id}`,
    path: join(BENCH, set, 'pages', `${id}.html.gz`),
    url,
    contentType: 'text/html; charset=utf-8',
  })),
);
const pages = [...golden, ...bench];
const dist = dirname(await built());
const digests = nodeBinaries().map(({ path }) => digestsBy(path, dist, pages));
for (const { node, all } of digests) console.log(`${node.padEnd(10)} ${pages.length} pages  ${all}`);
const different = differing(digests);
for (const line of different) console.log(`differs: ${line}`);
if (digests.length === 1) console.log('only one version of Node; name others in NODE_BINARIES, parted as in PATH');
process.exitCode = different.length === 0 ? 0 : 1;
