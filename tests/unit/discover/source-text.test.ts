import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSources } from '../../../src/core/source-file.ts';
import { newSourceYaml } from '../../../src/discover/source-text.ts';

const dir = mkdtempSync(join(tmpdir(), 'tearsheet-source-'));
afterAll(() => rmSync(dir, { recursive: true }));
async function loaded(text: string) {
  writeFileSync(join(dir, 'daily.yaml'), text);
  const { list } = await loadSources(dir, { selectors: async () => () => null });
  return list[0]?.file;
}
const nothing = { name: 'daily', home: 'https://www.daily.example/', feeds: [], sitemaps: [], listings: [] };

describe('newSourceYaml', () => {
  it('writes a file that is read as it was meant', async () => {
    const text = newSourceYaml({
      ...nothing,
      feeds: [{ url: 'https://www.daily.example/feed?a=1&b=2', title: "The Daily: 'news' # 1" }],
      sitemaps: [{ url: 'https://www.daily.example/sitemap.xml' }],
      listings: [
        { url: 'https://www.daily.example/' },
        { url: 'https://www.daily.example/sport/', links: "a[class='x']" },
      ],
      articleId: '-(\\d{5,})\\.html$',
      language: 'en',
    });
    expect(await loaded(text)).toEqual({
      name: 'daily',
      home: 'https://www.daily.example/',
      feeds: ['https://www.daily.example/feed?a=1&b=2'],
      sitemaps: ['https://www.daily.example/sitemap.xml'],
      listings: [
        { url: 'https://www.daily.example/' },
        { url: 'https://www.daily.example/sport/', links: "a[class='x']" },
      ],
      articleId: '-(\\d{5,})\\.html$',
    });
    expect(text).toContain('(language: en)');
    expect(text).toContain("# The Daily: 'news' # 1");
  });
  it('writes what was not found as comments', async () => {
    const text = newSourceYaml(nothing);
    expect(await loaded(text)).toEqual({ name: 'daily', home: 'https://www.daily.example/' });
    for (const key of ['feeds', 'sitemaps', 'listings', 'articleId', 'scope', 'schedule'])
      expect(text).toContain(`# ${key}:`);
  });
  it('a title cannot add a line', async () => {
    const feeds = [{ url: "https://www.daily.example/it's", title: 'x\nname: evil\u2028articleId: y' }];
    expect(await loaded(newSourceYaml({ ...nothing, feeds }))).toEqual({
      name: 'daily',
      home: 'https://www.daily.example/',
      feeds: ["https://www.daily.example/it's"],
    });
  });
  it('its examples in comments are sound too', async () => {
    const uncommented = newSourceYaml(nothing)
      .split('\n')
      .map((line) =>
        line.replace(/^# (?=(?: {2})?(?:feeds|sitemaps|listings|articleId|scope|schedule|include|exclude):)/, ''),
      )
      .join('\n');
    expect(await loaded(uncommented)).toMatchObject({ articleId: '/(\\d{6,})-', scope: { include: ['/news/'] } });
  });
});
