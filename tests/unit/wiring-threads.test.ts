import { afterEach, describe, expect, it } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { claimsOf, Sources } from '../../src/core/sources.ts';
import type { Source } from '../../src/core/sources.ts';
import type { SourceFile } from '../../src/core/source-schema.ts';
import { todaysRules } from '../../src/reader.ts';
import { openReadingThreads } from '../../src/wiring-threads.ts';
import type { ReadingThreads } from '../../src/wiring-threads.ts';

const file: SourceFile = {
  name: 'lantern',
  home: 'https://lantern.example/',
  rules: [{ id: 'owners', drop: '.owners' }],
};
const source: Source = { ...file, file, path: 'lantern.yaml', claims: claimsOf(file) };
const sources = new Sources([source]);

let threads: ReadingThreads | null = null;
afterEach(async () => {
  await threads?.close();
  threads = null;
});

const pageOf = (n: number): string =>
  `<!doctype html><html lang="de"><title>Die Fähre ${n}</title><article><h1>Die Fähre ${n} fährt wieder</h1>
<p>Nach drei Wochen Reparatur legt die Fähre ${n} am Dienstag wieder ab, wie die Reederei am Abend mitteilte. Der Fahrplan bleibt.</p>
<p class="owners">Die Reederei gehört zum selben Haus wie diese Zeitung, worauf die Redaktion an dieser Stelle gern hinweist.</p></article>`;

describe('openReadingThreads', () => {
  it('reads pages as this thread would, by the rules of their sources, each its own', async () => {
    threads = openReadingThreads(sources);
    expect(threads).not.toBeNull();
    const abouts = [1, 2, 3, 4, 5, 6].map((n) => ({
      url: `https://lantern.example/faehre-${n}`,
      contentType: 'text/html',
    }));
    const readings = await Promise.all(abouts.map((about, n) => threads!.read(pageOf(n), about)));
    const { rules } = todaysRules();
    expect(readings).toEqual(abouts.map((about, n) => clean(pageOf(n), { ...about, rules, source })));
    expect(readings[0]?.blocks.find(({ text }) => text.includes('selben Haus'))?.role).toBe('boilerplate');
  });

  it('gives what a page did wrong as an error of its own, and goes on', async () => {
    threads = openReadingThreads(sources);
    const about = { url: 'https://lantern.example/faehre', contentType: 'text/html' };
    await expect(threads!.read(null as unknown as string, about)).rejects.toMatchObject({ code: 'E_INTERNAL' });
    expect((await threads!.read(pageOf(1), about)).title).toBe('Die Fähre 1 fährt wieder');
  });

  it('lets go of what is in hand when it is closed', async () => {
    const closing = openReadingThreads(sources)!;
    const reading = closing.read(pageOf(1), { url: 'https://lantern.example/faehre' });
    await Promise.all([expect(reading).rejects.toMatchObject({ code: 'E_INTERRUPTED' }), closing.close()]);
  });
});
