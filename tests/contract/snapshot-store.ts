/** What every SnapshotStore must do. Each implementation runs all of it. */
import { describe, expect, it } from 'vitest';
import { sha256, spell, spellLine } from '../../src/core/digest.ts';
import type { CaptureStore, LookDraft, SnapshotStore } from '../../src/core/ports.ts';
import type { Look } from '../../src/core/schema.ts';
import { CHANGE, minutesLater, pageCapture, snapshotOf, urlOf, visit } from '../unit/archive/made.ts';

export interface SnapshotStoreUnderTest {
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  /** Another process's view of the same archive, writing as a run of its own. */
  another(): Promise<{ readonly snapshots: SnapshotStore; readonly captures: CaptureStore }>;
}
export type MakeSnapshotStore = () => Promise<SnapshotStoreUnderTest>;

const KEY = 'news.example:/flood';
const AT = '2026-03-04T05:06:07.123Z';
const looked = (outcome: Look['outcome'], at = AT): LookDraft => ({ at, url: urlOf(KEY), outcome, capture: null });

export function snapshotStoreContract(name: string, make: MakeSnapshotStore): void {
  describe(`${name}, as a SnapshotStore`, () => {
    describe('hold', () => {
      it('begins with nothing and gives back what was added, under the digest of its spelling', async () => {
        const { snapshots, captures } = await make();
        const ref = await captures.write(pageCapture());
        const snapshot = snapshotOf(KEY, 1, null, ref);
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          expect(article.key).toBe(KEY);
          expect(article.head).toBeNull();
          expect(await article.latest()).toBeNull();
          const stored = await article.addVersion(snapshot);
          expect(stored.id).toBe(sha256(spell(snapshot)));
          expect(stored.snapshot).toEqual(snapshot);
          expect(await article.latest()).toEqual(stored);
          expect(await article.version(1)).toEqual(stored);
          await article.addLook({ ...looked('new'), snapshot: stored.id, version: 1 });
        });
        expect((await snapshots.version(KEY, 1)).snapshot).toEqual(snapshot);
      });

      it('chains looks by digest and counts them', async () => {
        const store = await make();
        const looks: Look[] = [];
        for (const body of ['one', 'one', 'two']) looks.push(await visit(store, KEY, body));
        expect(looks.map(({ seq }) => seq)).toEqual([1, 2, 3]);
        expect(looks.map(({ prevLook }) => prevLook)).toEqual([
          null,
          sha256(spellLine(looks[0])),
          sha256(spellLine(looks[1])),
        ]);
        expect(await store.snapshots.looks(KEY)).toEqual(looks);
        expect((await store.snapshots.head(KEY))?.look).toEqual(looks[2]);
      });

      it('chains versions by id and keeps what changed', async () => {
        const { snapshots, captures } = await make();
        for (const body of ['one', 'two', 'three']) await visit({ snapshots, captures }, KEY, body);
        const versions = await snapshots.versions(KEY);
        expect(versions.map(({ snapshot }) => snapshot.previous)).toEqual([null, versions[0]?.id, versions[1]?.id]);
        expect(await snapshots.change(KEY, 1)).toBeNull();
        expect(await snapshots.change(KEY, 2)).toEqual(CHANGE);
      });

      it('refuses a version that is there, and gives the one to compare with', async () => {
        const { snapshots, captures } = await make();
        const ref = await captures.write(pageCapture());
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          const first = await article.addVersion(snapshotOf(KEY, 1, null, ref));
          const again = article.addVersion(snapshotOf(KEY, 1, null, ref));
          await expect(again).rejects.toMatchObject({ code: 'E_ARCHIVE_TAKEN' });
          expect((await article.latest())?.id).toBe(first.id);
          await article.addVersion(snapshotOf(KEY, 2, first.id, ref));
        });
        expect(await snapshots.versions(KEY)).toHaveLength(2);
      });

      it('refuses a version that would leave a hole, break the chain, or belongs to another article', async () => {
        const { snapshots, captures } = await make();
        const ref = await captures.write(pageCapture());
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          await expect(article.addVersion(snapshotOf(KEY, 2, null, ref))).rejects.toThrow('expected version 1');
          await expect(article.addVersion(snapshotOf(KEY, 1, sha256('x'), ref))).rejects.toThrow('expected version 1');
          await expect(article.addVersion(snapshotOf('other:/x', 1, null, ref))).rejects.toThrow('other:/x');
          expect(await article.latest()).toBeNull();
        });
      });

      it('lets one visit in at a time, across processes, and loses and doubles nothing', async () => {
        const store = await make();
        const all = [store, await store.another(), await store.another()];
        let inside = 0;
        await Promise.all(
          Array.from({ length: 24 }, async (_, n) => {
            const { snapshots, captures } = all[n % all.length]!;
            const ref = await captures.write(pageCapture({ body: `${n}` }));
            await snapshots.hold(KEY, urlOf(KEY), async (article) => {
              expect((inside += 1)).toBe(1);
              const latest = await article.latest();
              const version = (latest?.snapshot.version ?? 0) + 1;
              const { id } = await article.addVersion(snapshotOf(KEY, version, latest?.id ?? null, ref));
              await article.addLook({ ...looked('changed'), capture: ref, snapshot: id, version });
              inside -= 1;
            });
          }),
        );
        const looks = await store.snapshots.looks(KEY);
        expect(looks.map(({ seq }) => seq)).toEqual(Array.from({ length: 24 }, (_, n) => n + 1));
        expect(await store.snapshots.versions(KEY)).toHaveLength(24);
      });

      it('lets go when the visit fails', async () => {
        const { snapshots } = await make();
        const failing = snapshots.hold(KEY, urlOf(KEY), () => Promise.reject(new Error('the visit failed')));
        await expect(failing).rejects.toThrow('the visit failed');
        expect(await snapshots.hold(KEY, urlOf(KEY), async ({ head }) => head)).toBeNull();
      });

      it('writes the look that a version never got before the next one', async () => {
        const store = await make();
        const ref = await store.captures.write(pageCapture());
        const cut = store.snapshots.hold(KEY, urlOf(KEY), async (article) => {
          await article.addVersion(snapshotOf(KEY, 1, null, ref));
          throw new Error('cut off here');
        });
        await expect(cut).rejects.toThrow('cut off here');
        const { snapshots } = await store.another();
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          expect((await article.latest())?.snapshot.version).toBe(1);
          await article.addLook(looked('unchanged'));
        });
        const looks = await snapshots.looks(KEY);
        expect(looks.map(({ outcome, version }) => [outcome, version])).toEqual([
          ['new', 1],
          ['unchanged', undefined],
        ]);
        expect(looks[0]?.note).toContain('recovered');
        expect(looks[0]?.capture).toEqual(ref);
      });
    });

    describe('head', () => {
      it('keeps the newest page and its validators over looks that saw no page', async () => {
        const { snapshots, captures } = await make();
        const page = await captures.write(pageCapture());
        const missing = await captures.write(pageCapture({ status: 404 }));
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          await article.addLook({ ...looked('new'), capture: page }, { etag: '"1"', lastModified: 'then' });
          await article.addLook({ ...looked('gone'), capture: missing });
          await article.addLook({ ...looked('error'), error: 'E_FETCH_DNS' });
        });
        const head = await snapshots.head(KEY);
        expect(head?.capture).toEqual(page);
        expect(head?.validators).toEqual({ etag: '"1"', lastModified: 'then' });
        expect(head?.look.outcome).toBe('error');
      });

      it('drops validators that the newest page no longer has', async () => {
        const { snapshots, captures } = await make();
        const [one, two] = [await captures.write(pageCapture()), await captures.write(pageCapture({ body: 'two' }))];
        await snapshots.hold(KEY, urlOf(KEY), async (article) => {
          await article.addLook({ ...looked('new'), capture: one }, { etag: '"1"' });
          await article.addLook({ ...looked('changed'), capture: two });
        });
        expect(await snapshots.head(KEY)).not.toHaveProperty('validators');
        expect((await snapshots.head(KEY))?.capture).toEqual(two);
      });

      it('goes on naming the record that holds the payload while the same one comes', async () => {
        const store = await make();
        const first = await visit(store, KEY, 'one');
        await visit(store, KEY, 'one');
        expect((await store.snapshots.head(KEY))?.capture).toEqual(first.capture);
      });

      it('is null for an article that was never seen', async () => {
        const { snapshots } = await make();
        expect(await snapshots.head('nobody:/ever')).toBeNull();
        expect(await snapshots.looks('nobody:/ever')).toEqual([]);
        expect(await snapshots.versions('nobody:/ever')).toEqual([]);
      });

      it('knows what another process wrote a moment ago', async () => {
        const store = await make();
        const other = await store.another();
        await visit(store, KEY, 'one');
        const second = await visit(other, KEY, 'two');
        expect((await store.snapshots.head(KEY))?.look).toEqual(second);
        expect((await visit(store, KEY, 'three')).seq).toBe(3);
      });
    });

    describe('list', () => {
      const stateAfter = async (looks: LookDraft[]) => {
        const { snapshots, captures } = await make();
        await visit({ snapshots, captures }, KEY, 'one');
        for (const look of looks) await snapshots.hold(KEY, urlOf(KEY), (article) => article.addLook(look));
        const states: string[] = [];
        for await (const { state } of snapshots.list()) states.push(state);
        return states;
      };

      it('tells every article with its newest title', async () => {
        const store = await make();
        for (const body of ['one', 'two']) await visit(store, KEY, body);
        await visit(store, 'other.example:/b', 'one');
        const summaries = [];
        for await (const summary of store.snapshots.list()) summaries.push(summary);
        const flood = summaries.find(({ article }) => article === KEY);
        expect(summaries).toHaveLength(2);
        expect(flood).toMatchObject({
          url: 'http://news.example/flood',
          title: 'Version 2',
          host: 'news.example',
          versions: 2,
          lastSeen: AT,
          state: 'live',
        });
      });

      it('calls a page gone after two looks that are ten minutes apart, and live again when it comes back', async () => {
        const gone = (minutes: number) => looked('gone', minutesLater(AT, minutes));
        expect(await stateAfter([gone(0)])).toEqual(['live']);
        expect(await stateAfter([gone(0), gone(9)])).toEqual(['live']);
        expect(await stateAfter([gone(0), gone(10)])).toEqual(['gone']);
        expect(await stateAfter([gone(0), gone(10), looked('unchanged', minutesLater(AT, 20))])).toEqual(['live']);
        expect(await stateAfter([gone(0), looked('unchanged'), gone(10)])).toEqual(['live']);
      });

      it.each(['walled', 'error'] as const)('calls a page %s after such a look', async (outcome) => {
        expect(await stateAfter([looked(outcome)])).toEqual([outcome]);
      });
    });

    describe('find', () => {
      it('finds by key, by any spelling of the URL, and by the first digits of the folder', async () => {
        const store = await make();
        await visit(store, KEY, 'one');
        await visit(store, 'other.example:/b', 'one');
        const { article, path } = await store.snapshots.find(KEY);
        expect(article).toBe(KEY);
        const queries = [
          'https://www.NEWS.example/flood/?utm_source=x#top',
          'http://news.example:80/flood',
          path.split('/').at(-1)!.slice(0, 8),
        ];
        for (const query of queries) expect((await store.snapshots.find(query)).article).toBe(KEY);
      });

      it('finds an article whose key is not made from its URL', async () => {
        const store = await make();
        await store.snapshots.hold('paper:4711', 'https://paper.example/x-4711', (article) =>
          article.addLook(looked('error')),
        );
        expect((await store.snapshots.find('https://paper.example/x-4711?fbclid=1')).article).toBe('paper:4711');
        expect((await store.snapshots.find('paper:4711')).versions).toBe(0);
      });

      it.each(['nobody:/ever', 'https://nobody.example/', 'abcdef01', 'ab', '', '../../etc/passwd', '\0'])(
        'says that it holds nothing like %j',
        async (query) => {
          const store = await make();
          await visit(store, KEY, 'one');
          await expect(store.snapshots.find(query)).rejects.toMatchObject({ code: 'E_ARCHIVE_NO_ARTICLE' });
        },
      );
    });

    it('says that there is no such version', async () => {
      const store = await make();
      await visit(store, KEY, 'one');
      await expect(store.snapshots.version(KEY, 2)).rejects.toMatchObject({ code: 'E_ARCHIVE_NO_ARTICLE' });
      await expect(store.snapshots.version('nobody:/', 1)).rejects.toMatchObject({ code: 'E_ARCHIVE_NO_ARTICLE' });
    });

    it.each([
      'con:1',
      '..:x',
      'CON:1',
      'süddeutsche:ü',
      `${'x'.repeat(300)}:1`,
      'a/b:c',
      ':empty',
      'no-colon',
      'a:\ud800',
      'a:b:c/d?e=%00\n',
    ])('keeps an article with the key %j', async (key) => {
      const { snapshots } = await make();
      await snapshots.hold(key, 'http://news.example/odd', (article) => article.addLook(looked('error')));
      expect((await snapshots.head(key))?.key).toBe(key);
      expect(await snapshots.looks(key)).toHaveLength(1);
    });

    describe('seal', () => {
      it('gives the path of the manifest, and none for a run that wrote nothing', async () => {
        const store = await make();
        expect(await (await store.another()).snapshots.seal({}, [], 'finished')).toBe('');
        await visit(store, KEY, 'one');
        const others = await store.captures.seal();
        expect(await store.snapshots.seal({ pages: 1 }, others, 'interrupted')).not.toBe('');
      });

      it('ends the run: nothing more can be added to it, and another goes on where it ended', async () => {
        const store = await make();
        await visit(store, KEY, 'one');
        await store.snapshots.seal({}, await store.captures.seal(), 'finished');
        await expect(visit(store, KEY, 'two')).rejects.toThrow('is sealed');
        expect((await visit(await store.another(), KEY, 'two')).seq).toBe(2);
      });
    });
  });
}
