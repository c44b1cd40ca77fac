/** Law 2: the same bytes give the same reading, byte for byte, on every version of Node, in any zone and language. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { built } from '../e2e/built.ts';
import { goldenNames, goldenPage } from '../golden/page.ts';
import { differing, digestsBy, nodeBinaries, type Digests, type PageFile } from './digests.ts';

const pages = goldenNames().map((name): PageFile => {
  const { url, contentType } = goldenPage(name).meta;
  const path = fileURLToPath(new URL(`../golden/pages/${name}/source.html`, import.meta.url));
  return { name, path, url, ...(contentType === undefined ? {} : { contentType }) };
});
const binaries = nodeBinaries();
if (binaries.length === 1)
  console.warn(
    `determinism is tried on Node ${process.version} alone; name others in NODE_BINARIES, parted as in PATH (20, 22 and 24 count)`,
  );

let dist: string;
let first: Digests;
beforeAll(async () => {
  dist = dirname(await built());
  first = digestsBy(process.execPath, dist, pages);
});

describe('readings of the golden pages', () => {
  it('have a digest each, and different ones', () => {
    expect(Object.keys(first.digests)).toEqual(goldenNames());
    expect(new Set(Object.values(first.digests)).size).toBe(pages.length);
  });
  it('are those of another process, in another zone and language', () => {
    const elsewhere = digestsBy(process.execPath, dist, pages, {
      TZ: 'Pacific/Chatham',
      LC_ALL: 'tr_TR.UTF-8',
      LANG: 'tr_TR',
    });
    expect(differing([first, elsewhere])).toEqual([]);
  });
  it('are those in the opposite order: no page leaves anything behind for the next', () => {
    const backwards = digestsBy(process.execPath, dist, pages.toReversed());
    expect(differing([first, backwards])).toEqual([]);
  });
  it.each(binaries)('are the same on Node $version', ({ path, version }) => {
    const other = digestsBy(path, dist, pages);
    expect(other.node).toBe(version);
    expect(differing([first, other])).toEqual([]);
  });
});

describe('differing', () => {
  it('names the pages and the Node', () => {
    const of = (node: string, digests: Record<string, string>): Digests => ({ node, digests, all: '' });
    expect(differing([of('v20', { a: '1', b: '2' }), of('v22', { a: '1', b: '3' }), of('v24', { b: '2' })])).toEqual([
      'b on v22',
      'a on v24',
    ]);
  });
});
