/** What every frontier promises, whichever database it stands on. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Frontier, FrontierEntry, Lease, TakeOrder, Target, VisitResult } from '../../src/core/frontier-ports.ts';

const NOW = Date.UTC(2026, 2, 3, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const iso = (ms: number): string => new Date(ms).toISOString();

/** A target found in a list; `over` says what differs. */
const found = (url: string, over: Partial<Target> = {}): Target => ({
  url,
  source: 'lantern',
  foundBy: 'listing',
  foundAt: iso(NOW),
  ...over,
});
const order = (over: Partial<TakeOrder> = {}): TakeOrder => ({
  now: NOW,
  dueBefore: NOW,
  limit: 100,
  perHost: 100,
  leaseMs: 10 * MINUTE,
  ...over,
});
const seen = (over: Partial<VisitResult> = {}): VisitResult => ({
  at: NOW,
  outcome: 'unchanged',
  nextAt: NOW + DAY,
  state: 'waiting',
  isNews: false,
  ...over,
});
const urlsOf = (leases: readonly Lease[]): string[] => leases.map(({ entry }) => entry.url);
async function all(entries: AsyncIterable<FrontierEntry>): Promise<FrontierEntry[]> {
  const list: FrontierEntry[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}

export interface FrontierMaker {
  /** An empty frontier of its own; `handle` opens the same one once more, as another process would. */
  make(maxAddressesPerShape: number): Promise<{ frontier: Frontier; handle: () => Promise<Frontier> }>;
}

export function frontierContract(which: string, { make }: FrontierMaker): void {
  describe(`Frontier: ${which}`, () => {
    let frontier: Frontier;
    let handle: () => Promise<Frontier>;
    beforeEach(async () => {
      ({ frontier, handle } = await make(10));
    });

    const entry = async (url: string, from = frontier): Promise<FrontierEntry> => {
      const known = await from.get(url);
      if (known === null) throw new Error(`expected an entry of ${url}, got none`);
      return known;
    };
    /** Takes and finishes what is due, once. */
    const visit = async (result: Partial<VisitResult> = {}, over: Partial<TakeOrder> = {}): Promise<Lease> => {
      const [lease] = await frontier.take(order({ limit: 1, ...over }));
      if (lease === undefined) throw new Error('expected a visit that is due, got none');
      expect(await frontier.finish(lease, seen(result))).toBe(true);
      return lease;
    };

    describe('hostLoad', () => {
      it('counts the visits of pages seen before that a host is due until then, and of no other', async () => {
        const [a, b, c, fresh] = ['a', 'b', 'c', 'd'].map((name) => found(`https://news.example/${name}`));
        await frontier.add([a, b, c, found('https://other.example/a')] as Target[], NOW);
        for (const nextAt of [NOW + HOUR, NOW + DAY, NOW + DAY + 1, NOW + HOUR]) await visit({ nextAt });
        await frontier.add([fresh] as Target[], NOW);
        const onNews = await frontier.hostLoad('news.example', NOW + DAY);
        const onOther = await frontier.hostLoad('other.example', NOW + DAY);
        expect(onNews + onOther).toBe(3);
        expect(await frontier.hostLoad('news.example', NOW + 2 * DAY)).toBe(3);
        expect(await frontier.hostLoad('nobody.example', NOW + DAY)).toBe(0);
      });
    });

    describe('add', () => {
      it('makes an entry that is due at once and knows nothing yet', async () => {
        const hints = { title: 'Стена гавани', date: '2026-03-03T07:00:00+01:00' };
        const target = found('https://user:secret@News.example:8443/a?utm_source=x#top', {
          hints,
          foundBy: 'feed',
          depth: 2,
        });
        expect(await frontier.add([target], NOW)).toEqual({ added: 1, known: 0, trapped: 0 });
        expect(await entry('https://news.example:8443/a')).toEqual({
          key: 'news.example:8443/a',
          url: 'https://news.example:8443/a?utm_source=x#top',
          kind: 'page',
          source: 'lantern',
          host: 'news.example:8443',
          foundBy: 'feed',
          foundAt: NOW,
          hints,
          depth: 2,
          state: 'waiting',
          because: null,
          nextAt: NOW,
          lastAt: null,
          lastOutcome: null,
          validators: {},
          article: null,
          publishedAt: null,
          changedAt: null,
          looks: 0,
          changes: 0,
          failures: 0,
        });
      });

      it('keeps one entry for all spellings of an address, one of each kind, in one call or in several', async () => {
        const spellings = ['https://news.example/a', 'http://www.news.example/a/', 'https://news.example/a?fbclid=1'];
        expect(
          await frontier.add(
            spellings.map((url) => found(url)),
            NOW,
          ),
        ).toEqual({ added: 1, known: 2, trapped: 0 });
        expect(await frontier.add([found('https://news.example//a')], NOW)).toEqual({ added: 0, known: 1, trapped: 0 });
        const kinds = ['feed', 'sitemap', 'listing'] as const;
        const documents = kinds.map((kind) => found('https://news.example/a', { kind }));
        expect(await frontier.add(documents, NOW)).toMatchObject({ added: 3 });
        expect((await entry('http://news.example/a')).url).toBe('https://news.example/a');
        for (const kind of kinds) expect(await frontier.get('https://news.example/a', kind)).toMatchObject({ kind });
        expect(new Set((await all(frontier.list({}))).map(({ key }) => key)).size).toBe(4);
      });

      it('merges claims: later ones take the place of earlier ones, empty ones take nothing away', async () => {
        await frontier.add([found('https://news.example/a', { hints: { title: 'Erst', date: '2026-03-01' } })], NOW);
        await frontier.add([found('https://news.example/a', { hints: { title: '', lastmod: '2026-03-02' } })], NOW);
        await frontier.add([found('https://news.example/a')], NOW);
        expect((await entry('https://news.example/a')).hints).toEqual({
          title: 'Erst',
          date: '2026-03-01',
          lastmod: '2026-03-02',
        });
        const twice = ['2026-03-04', '2026-03-05'].map((lastmod) =>
          found('https://news.example/b', { hints: { lastmod } }),
        );
        await frontier.add(twice, NOW);
        expect((await entry('https://news.example/b')).hints).toEqual({ lastmod: '2026-03-05' });
      });

      it('keeps who found it first and the shortest way to it, and takes a source where there was none', async () => {
        const { source: _, ...sourceless } = found('https://news.example/f', { kind: 'feed', depth: 3 });
        await frontier.add([sourceless], NOW);
        await frontier.add([found('https://news.example/f', { kind: 'feed', depth: 0, foundBy: 'command' })], NOW + 1);
        await frontier.add([found('https://news.example/f', { kind: 'feed', depth: 5, source: 'other' })], NOW + 2);
        expect(await frontier.get('https://news.example/f', 'feed')).toMatchObject({
          source: 'lantern',
          depth: 0,
          foundBy: 'listing',
          foundAt: NOW,
        });
        expect(await frontier.take(order({ sources: ['lantern'] }))).toHaveLength(1);
        expect(await frontier.counts({ dueBefore: NOW })).toMatchObject({ due: 0, hostsDue: 0 });
      });

      it('leaves out what is no address, and says so', async () => {
        const odd = [
          '',
          'mailto:a@b.example',
          'javascript:void 0',
          '/a',
          'http://',
          'https://[::1',
          `https://n.example/${'x'.repeat(70_000)}`,
        ];
        expect(
          await frontier.add(
            odd.map((url) => found(url)),
            NOW,
          ),
        ).toEqual({ added: 0, known: 0, trapped: odd.length });
        expect(await all(frontier.list({}))).toEqual([]);
      });

      it('adds nothing for an empty list', async () => {
        expect(await frontier.add([], NOW)).toEqual({ added: 0, known: 0, trapped: 0 });
      });
    });

    describe('add, to what was visited', () => {
      const url = 'https://news.example/a';
      const named = (hints: Target['hints']): Target => found(url, hints === undefined ? {} : { hints });
      const isDue = async (at: number): Promise<boolean> => (await frontier.counts({ dueBefore: at })).due === 1;
      beforeEach(async () => {
        await frontier.add([named({ lastmod: '2026-03-01T00:00:00Z' })], NOW);
        await visit({ isNews: true });
      });

      it.each([
        ['a later lastmod', { lastmod: '2026-03-03T09:00:00+00:00' }, true],
        ['a later date', { date: '2026-03-03T08:00:00.001Z' }, true],
        ['a later one in another zone', { lastmod: '2026-03-03T06:00:00-03:00' }, true],
        ['a day that is not over', { lastmod: '2026-03-03' }, true],
        ['an earlier lastmod', { lastmod: '2026-03-03T07:59:00Z' }, false],
        ['an earlier one in another zone', { lastmod: '2026-03-03T10:00:00+03:00' }, false],
        ['a day long past', { lastmod: '2026-03-01' }, false],
        ['no time at all', { lastmod: 'yesterday' }, false],
        ['nothing', undefined, false],
      ])('%s: due at once is %s', async (_, hints, expected) => {
        const later = NOW + HOUR;
        await frontier.add([named(hints)], later);
        expect(await isDue(later)).toBe(expected);
        expect((await entry(url)).nextAt).toBe(expected ? later : NOW + DAY);
      });

      it('hears a claim once: the same claim after the next look, from a clock that runs ahead, is no news', async () => {
        const claim = named({ lastmod: '2026-03-03T20:00:00Z' });
        await frontier.add([claim], NOW + HOUR);
        await visit({ at: NOW + HOUR, nextAt: NOW + 3 * DAY }, { now: NOW + HOUR, dueBefore: NOW + HOUR });
        await frontier.add([claim], NOW + 2 * HOUR);
        expect(await isDue(NOW + 2 * HOUR)).toBe(false);
      });

      it('never puts a visit off', async () => {
        await frontier.add([named({ lastmod: '2026-03-05T00:00:00Z' })], NOW + 2 * DAY);
        expect((await entry(url)).nextAt).toBe(NOW + DAY);
      });

      it('no longer believes claims that proved empty twice in a row, until a look finds something new', async () => {
        const claimed = async (n: number): Promise<boolean> => {
          const at = NOW + n * HOUR;
          await frontier.add([named({ lastmod: iso(at) })], at);
          return isDue(at);
        };
        const look = (n: number, isNews: boolean) =>
          visit(
            { at: NOW + n * HOUR, nextAt: NOW + 9 * DAY, isNews },
            { now: NOW + n * HOUR, dueBefore: NOW + 9 * DAY },
          );
        for (const n of [1, 2]) {
          expect(await claimed(n)).toBe(true);
          await look(n, false);
        }
        expect(await claimed(3)).toBe(false);
        await look(4, true);
        expect(await claimed(5)).toBe(true);
      });

      it('wakes what rests, for a newer claim only', async () => {
        await visit({ at: NOW, state: 'resting', because: 'no article' }, { dueBefore: NOW + DAY });
        expect(await entry(url)).toMatchObject({ state: 'resting', because: 'no article' });
        await frontier.add([named({ lastmod: '2026-03-01' })], NOW + DAY);
        expect(await frontier.take(order({ dueBefore: NOW + 9 * DAY }))).toEqual([]);
        await frontier.add([named({ lastmod: iso(NOW + HOUR) })], NOW + DAY);
        expect(await entry(url)).toMatchObject({ state: 'waiting', because: null, nextAt: NOW + DAY });
        expect(urlsOf(await frontier.take(order({ dueBefore: NOW + DAY })))).toEqual([url]);
      });

      it('leaves a visit alone that is under way', async () => {
        const [lease] = await frontier.take(order({ dueBefore: NOW + DAY }));
        await frontier.add([named({ lastmod: iso(NOW + HOUR) })], NOW + HOUR);
        expect(await entry(url)).toMatchObject({ state: 'leased', hints: { lastmod: iso(NOW + HOUR) } });
        expect(await frontier.finish(lease!, seen())).toBe(true);
      });
    });

    describe('traps', () => {
      const addresses = (count: number, of: (n: number) => string): Target[] =>
        Array.from({ length: count }, (_, n) => found(of(n)));
      const added = async (targets: readonly Target[]): Promise<number> => (await frontier.add(targets, NOW)).added;

      it.each([
        ['days of a calendar', (n: number) => `https://n.example/events/20${10 + n}/05/0${1 + (n % 9)}`],
        ['calendars by parameter', (n: number) => `https://n.example/cal?month=5&year=${1990 + n}`],
        ['pages of a list', (n: number) => `https://n.example/list?page=${n}`],
        ['sorted and filtered lists', (n: number) => `https://n.example/shop?sort=up&color=c${n}`],
        ['sessions', (n: number) => `https://n.example/read?sid=${123_456_789 + n}`],
        ['long ids of a session', (n: number) => `https://n.example/read?x=deadbeef${10_000 + n}`],
        ['parameters in any order', (n: number) => `https://n.example/x?${n % 2 ? `a=${n}&b=1` : `b=1&a=${n}`}`],
      ])('%s are followed as often as is set', async (_, of) => {
        const targets = addresses(25, of);
        expect(await frontier.add(targets, NOW)).toEqual({ added: 10, known: 0, trapped: 15 });
        expect(await frontier.add(targets, NOW)).toEqual({ added: 0, known: 10, trapped: 15 });
      });

      it.each([
        ['articles by number', (n: number) => `https://n.example/news/${100_000 + n}.html`],
        ['articles by number as a parameter', (n: number) => `https://n.example/view.php?idxno=${100_000 + n}`],
        ['articles by date and number', (n: number) => `https://n.example/2026/05/03/${100_000 + n}`],
        ['articles by hash', (n: number) => `https://n.example/a/0dd5f00d${10_000_000 + n}`],
      ])('%s are followed fifty times as often, and no more', async (_, of) => {
        expect(await added(addresses(520, of))).toBe(500);
      });

      it.each([
        [
          'articles by slug',
          (n: number) => `https://n.example/2026/05/03/hafenmauer-nr-${n}-${'x'.repeat(n % 30)}.html`,
        ],
        ['slugs of another script', (n: number) => `https://n.example/новости/стена-гавани-${n}/`],
        ['a day with a slug', (n: number) => `https://n.example/2026/05/0${1 + (n % 9)}/${n}-海港`],
      ])('%s go on', async (_, of) => {
        expect(await added(addresses(700, of))).toBe(700);
      });

      it('count a host by itself, and a shape by itself', async () => {
        expect(await added(addresses(10, (n) => `https://n.example/list?page=${n}`))).toBe(10);
        expect(await added([found('https://n.example/list?page=11')])).toBe(0);
        expect(await added([found('https://m.example/list?page=11'), found('https://n.example/other?page=11')])).toBe(
          2,
        );
      });

      it('believe a feed or sitemap fifty times as much as a link, and a person without end', async () => {
        const of = (n: number) => `https://n.example/list?page=${n}`;
        for (const foundBy of ['feed', 'sitemap'] as const) {
          const named = addresses(520, (n) => of(n).replace('list', foundBy)).map((one) => ({ ...one, foundBy }));
          expect(await added(named)).toBe(500);
        }
        const commanded = addresses(600, of).map((one) => ({ ...one, foundBy: 'command' as const }));
        expect(await added(commanded)).toBe(600);
        expect(await added(addresses(10, (n) => of(n + 1_000)))).toBe(10);
      });

      it.each([
        ['folders in a circle', 'https://n.example/a/b/a/b/a/b'],
        ['one folder three times in a row', 'https://n.example/x/news/news/news/story'],
        ['one folder over and over', 'https://n.example/news/a/news/b/news/c/news/d'],
        ['no end of folders', `https://n.example/${Array.from({ length: 21 }, (_, n) => `d${n}`).join('/')}`],
        ['no end of parameters', `https://n.example/?${Array.from({ length: 13 }, (_, n) => `p${n}=1`).join('&')}`],
        ['no end', `https://n.example/${'long-'.repeat(900)}`],
      ])('%s are never followed', async (_, url) => {
        expect(await frontier.add([found(url)], NOW)).toEqual({ added: 0, known: 0, trapped: 1 });
        expect(await frontier.get(url)).toBeNull();
      });

      it.each([
        'https://n.example/2022/02/02/02/a-story',
        'https://n.example/news/news/story',
        'https://n.example/de/welt/asien/de',
        `https://n.example/%E6%96%B0%E8%81%9E/${'%E6%B5%B7'.repeat(200)}`,
      ])('%s is none', async (url) => {
        expect(await added([found(url)])).toBe(1);
      });

      it('bound the folders that a host makes up', async () => {
        const words = (n: number) => [...n.toString(6)].map((digit) => `${'abcdef'[Number(digit)]}x`).join('');
        const targets = addresses(6_200, (n) => `https://n.example/q${words(n)}/list?page=1`);
        expect(await added(targets)).toBe(1_010);
      });
    });

    describe('take', () => {
      const pages = (count: number, host: string, over: Partial<Target> = {}): Target[] =>
        Array.from({ length: count }, (_, n) => found(`https://${host}/story-number-${n}`, over));

      it('leases what is due, to one taker, until a moment', async () => {
        await frontier.add([found('https://news.example/a')], NOW);
        const [lease, ...rest] = await frontier.take(order());
        expect(rest).toEqual([]);
        expect(lease).toMatchObject({ until: NOW + 10 * MINUTE, entry: { state: 'leased', key: 'news.example/a' } });
        expect(lease!.id).not.toBe('');
        expect(await entry('https://news.example/a')).toEqual(lease!.entry);
        expect(await frontier.take(order())).toEqual([]);
      });

      it('takes nothing from nothing, and nothing for nothing', async () => {
        expect(await frontier.take(order())).toEqual([]);
        await frontier.add(pages(3, 'a.example'), NOW);
        expect(await frontier.take(order({ limit: 0 }))).toEqual([]);
        expect(await frontier.take(order({ perHost: 0 }))).toEqual([]);
        expect(await frontier.take(order({ sources: [] }))).toEqual([]);
      });

      it('takes what was never visited although it was found after the moment asked about', async () => {
        await frontier.add([found('https://news.example/a')], NOW + HOUR);
        expect(await frontier.take(order({ now: NOW + HOUR, dueBefore: NOW }))).toHaveLength(1);
      });

      it('takes what is due by then and not a moment later', async () => {
        await frontier.add([found('https://news.example/a')], NOW);
        await visit({ nextAt: NOW + DAY });
        expect(await frontier.take(order({ now: NOW + DAY, dueBefore: NOW + DAY - 1 }))).toEqual([]);
        expect(await frontier.take(order({ now: NOW + DAY, dueBefore: NOW + DAY }))).toHaveLength(1);
      });

      it('takes the never visited first, the newest claim before older ones, then the longest overdue', async () => {
        await frontier.add(pages(3, 'a.example'), NOW);
        for (const overdue of [2, 3, 1]) await visit({ nextAt: NOW + (9 - overdue) * HOUR });
        const told = (n: number, date?: string, foundBy: Target['foundBy'] = 'sitemap'): Target =>
          found(`https://a.example/new-number-${n}`, { foundBy, ...(date !== undefined && { hints: { date } }) });
        await frontier.add(
          [told(0, undefined), told(1, '2019-05-01'), told(2, '2026-03-03T07:00:00Z'), told(3, undefined, 'feed')],
          NOW,
        );
        const at = NOW + DAY;
        expect(urlsOf(await frontier.take(order({ now: at, dueBefore: at })))).toEqual([
          'https://a.example/new-number-3',
          'https://a.example/new-number-2',
          'https://a.example/new-number-1',
          'https://a.example/new-number-0',
          'https://a.example/story-number-1',
          'https://a.example/story-number-0',
          'https://a.example/story-number-2',
        ]);
      });

      it('asks the documents that a source names itself before its pages, those that others name in their turn', async () => {
        await frontier.add(
          [
            found('https://a.example/story', { hints: { date: '2026-03-03' } }),
            found('https://a.example/old.xml', {
              kind: 'sitemap',
              depth: 1,
              foundBy: 'sitemap',
              hints: { lastmod: '2012-01-01' },
            }),
            found('https://a.example/feed', { kind: 'feed', depth: 0, foundBy: 'command' }),
          ],
          NOW,
        );
        const taken = await frontier.take(order());
        expect(urlsOf(taken)).toEqual([
          'https://a.example/feed',
          'https://a.example/story',
          'https://a.example/old.xml',
        ]);
        for (const lease of taken) await frontier.finish(lease, seen({ nextAt: NOW + HOUR }));
        await frontier.add(pages(1, 'a.example'), NOW + HOUR);
        const again = await frontier.take(order({ now: NOW + HOUR, dueBefore: NOW + HOUR, limit: 2 }));
        expect(urlsOf(again)).toEqual(['https://a.example/feed', 'https://a.example/story-number-0']);
      });

      it('serves hosts in turn, within one call and over several', async () => {
        await frontier.add([...pages(5, 'a.example'), ...pages(5, 'b.example'), ...pages(1, 'c.example')], NOW);
        const hostsOf = (leases: readonly Lease[]): string => leases.map(({ entry: { host } }) => host[0]).join('');
        expect(hostsOf(await frontier.take(order({ limit: 5 })))).toBe('abcab');
        const { frontier: other } = await make(10);
        await other.add([...pages(3, 'a.example'), ...pages(3, 'b.example'), ...pages(3, 'c.example')], NOW);
        let turns = '';
        for (let n = 0; n < 9; n += 1) turns += hostsOf(await other.take(order({ limit: 1 })));
        expect(turns).toBe('abcabcabc');
      });

      it('lets a host that comes later have its turn before those that were served', async () => {
        await frontier.add(pages(5, 'a.example'), NOW);
        await frontier.take(order({ limit: 1 }));
        await frontier.add(
          [...pages(2, 'z.example'), found('https://a.example/of-another-source', { source: 'second' })],
          NOW,
        );
        expect((await frontier.take(order({ limit: 1 })))[0]?.entry.host).toBe('z.example');
      });

      it('holds a host to its share of all that is leased, whoever leased it and for which source', async () => {
        await frontier.add([...pages(5, 'a.example'), ...pages(2, 'b.example')], NOW);
        await frontier.add([found('https://a.example/another-story-there', { source: 'second' })], NOW);
        const first = await frontier.take(order({ perHost: 2, limit: 3 }));
        expect(first.map(({ entry: { host } }) => host)).toEqual(['a.example', 'b.example', 'a.example']);
        expect(urlsOf(await frontier.take(order({ perHost: 2, sources: ['second'] })))).toEqual([]);
        expect((await frontier.take(order({ perHost: 2 }))).map(({ entry: { host } }) => host)).toEqual(['b.example']);
        await frontier.finish(first[0]!, seen());
        expect((await frontier.take(order({ perHost: 2 }))).map(({ entry: { host } }) => host)).toEqual(['a.example']);
      });

      it('asks the next host where one has its share, though that one would be first in turn', async () => {
        await frontier.add([...pages(2, 'a.example'), ...pages(2, 'b.example')], NOW);
        const one = order({ limit: 1, perHost: 1 });
        expect((await frontier.take(one))[0]?.entry.host).toBe('a.example');
        const [lease] = await frontier.take(one);
        await frontier.finish(lease!, seen());
        expect((await frontier.take(one)).map(({ entry: { host } }) => host)).toEqual(['b.example']);
        expect(await frontier.take(one)).toEqual([]);
      });

      it('takes more of one host where the others have less', async () => {
        await frontier.add([...pages(5, 'a.example'), ...pages(1, 'b.example')], NOW);
        const hosts = (await frontier.take(order({ limit: 5 }))).map(({ entry: { host } }) => host[0]).join('');
        expect(hosts).toBe('abaaa');
      });

      it('takes of the named sources only', async () => {
        await frontier.add(
          [...pages(1, 'a.example', { source: 'one' }), ...pages(1, 'b.example', { source: 'two' })],
          NOW,
        );
        const { source: _, ...sourceless } = found('https://c.example/story');
        await frontier.add([sourceless], NOW);
        const sourcesOf = (leases: readonly Lease[]): unknown[] => leases.map((lease) => lease.entry.source);
        expect(sourcesOf(await frontier.take(order({ sources: ['two', 'three'] })))).toEqual(['two']);
        expect(sourcesOf(await frontier.take(order())).toSorted()).toEqual(['one', null].toSorted());
      });

      it('passes over hosts that are not to be asked', async () => {
        await frontier.add([...pages(2, 'a.example'), ...pages(1, 'b.example')], NOW);
        const taken = await frontier.take(order({ without: ['a.example', 'unknown.example'] }));
        expect(taken.map(({ entry: { host } }) => host)).toEqual(['b.example']);
      });

      it('passes over what was visited since a moment, so that a pass over everything ends', async () => {
        await frontier.add([...pages(3, 'a.example'), found('https://b.example/story')], NOW);
        await visit({ at: NOW - 2 * DAY, nextAt: NOW + DAY });
        await visit({ at: NOW - DAY, nextAt: NOW - HOUR });
        const everything = order({ dueBefore: Number.MAX_SAFE_INTEGER, lastBefore: NOW, limit: 1 });
        expect((await frontier.counts(everything)).due).toBe(4);
        const visited: string[] = [];
        for (let n = 0; n < 10; n += 1) {
          const [lease] = await frontier.take(everything);
          if (lease === undefined) break;
          visited.push(lease.entry.url);
          await frontier.finish(lease, seen({ at: NOW + n, nextAt: NOW }));
        }
        expect(visited).toHaveLength(4);
        expect(new Set(visited).size).toBe(4);
        expect(await frontier.counts(everything)).toMatchObject({ due: 0, hostsDue: 0, waiting: 4 });
        // Without the bound all of it is due again; and it holds for a pass over what is due, too.
        expect((await frontier.counts(order())).due).toBe(4);
        expect(await frontier.take(order({ lastBefore: NOW }))).toEqual([]);
        expect(await frontier.take(order({ lastBefore: NOW + 1, now: NOW + DAY, dueBefore: NOW + DAY }))).toHaveLength(
          1,
        );
      });

      it('in a pass over everything goes by the last look, the never visited first', async () => {
        await frontier.add(pages(3, 'a.example'), NOW);
        await visit({ at: NOW - DAY, nextAt: NOW + HOUR });
        await visit({ at: NOW - 9 * DAY, nextAt: NOW + 9 * DAY });
        const taken = await frontier.take(order({ dueBefore: Number.MAX_SAFE_INTEGER, lastBefore: NOW }));
        expect(urlsOf(taken)).toEqual([2, 1, 0].map((n) => `https://a.example/story-number-${n}`));
      });

      it('takes many of many hosts, each once', async () => {
        const targets = Array.from({ length: 300 }, (_, n) => pages(3, `h${n}.example`)).flat();
        await frontier.add(targets, NOW);
        const taken: string[] = [];
        for (;;) {
          const leases = await frontier.take(order({ limit: 64, perHost: 1, now: NOW }));
          if (leases.length === 0) break;
          expect(new Set(leases.map(({ entry: { host } }) => host)).size).toBe(leases.length);
          for (const lease of leases) await frontier.finish(lease, seen());
          taken.push(...urlsOf(leases));
        }
        expect(taken.toSorted()).toEqual(targets.map(({ url }) => url).toSorted());
      });
    });

    describe('leases', () => {
      const url = 'https://news.example/a';
      const taken = async (at = NOW, from = frontier): Promise<Lease | undefined> =>
        (await from.take(order({ now: at, dueBefore: at })))[0];
      beforeEach(async () => {
        await frontier.add([found(url)], NOW);
      });

      it('hold until their moment, and then others may take the visit', async () => {
        const first = await taken();
        expect(await taken(NOW + 10 * MINUTE - 1)).toBeUndefined();
        const second = await taken(NOW + 10 * MINUTE);
        expect(second?.entry.url).toBe(url);
        expect(second?.id).not.toBe(first?.id);
      });

      it('that ran out and were taken by another write nothing', async () => {
        const first = await taken();
        const second = await taken(NOW + HOUR);
        const before = await entry(url);
        expect(
          await frontier.finish(
            first!,
            seen({ aliases: ['https://news.example/b'], found: [found('https://news.example/c')] }),
          ),
        ).toBe(false);
        expect(await entry(url)).toEqual(before);
        expect(await all(frontier.list({}))).toHaveLength(1);
        expect(await frontier.finish(second!, seen())).toBe(true);
        expect(await frontier.finish(second!, seen())).toBe(false);
        expect((await entry(url)).looks).toBe(1);
      });

      it('that ran out and were taken by nobody can be finished', async () => {
        const first = await taken();
        await frontier.add([found('https://other.example/a')], NOW);
        // Asking puts what ran out back into its queue, where this order passes it over.
        await frontier.take(order({ now: NOW + HOUR, without: ['news.example'] }));
        expect((await entry(url)).state).toBe('waiting');
        expect(await frontier.finish(first!, seen())).toBe(true);
        expect(await entry(url)).toMatchObject({ state: 'waiting', looks: 1, nextAt: NOW + DAY });
      });

      it('given back can be taken at once, and no longer be finished', async () => {
        const first = await taken();
        const before = first!.entry;
        await frontier.release([first!]);
        expect(await entry(url)).toEqual({ ...before, state: 'waiting' });
        expect(await frontier.finish(first!, seen())).toBe(false);
        const second = await taken();
        await frontier.release([first!]);
        expect((await entry(url)).state).toBe('leased');
        expect(await frontier.finish(second!, seen())).toBe(true);
        await frontier.release([]);
      });

      it('are taken back from a crawl that died, of its sources alone', async () => {
        const first = await taken();
        await frontier.add([found('https://other.example/a', { source: 'other' })], NOW);
        const [others] = await frontier.take(order());
        await frontier.reclaim(['lantern', 'nobody']);
        expect(await entry(url)).toEqual({ ...first!.entry, state: 'waiting' });
        expect(await frontier.finish(first!, seen())).toBe(false);
        expect(urlsOf(await frontier.take(order()))).toEqual([url]);
        expect(await frontier.finish(others!, seen())).toBe(true);
        await frontier.reclaim([]);
        expect((await frontier.counts({ dueBefore: NOW })).leased).toBe(1);
      });

      it('are told apart between two takers of one file', async () => {
        const other = await handle();
        await frontier.add(
          Array.from({ length: 20 }, (_, n) => found(`https://h${n % 4}.example/story-number-${n}`)),
          NOW,
        );
        const takers = [frontier, other];
        const rounds = await Promise.all(
          Array.from({ length: 21 }, (_, n) => takers[n % 2]!.take(order({ limit: 1 }))),
        );
        const leases = rounds.flat();
        expect(new Set(urlsOf(leases)).size).toBe(21);
        expect(new Set(leases.map(({ id }) => id)).size).toBe(21);
        expect(await other.take(order())).toEqual([]);
        // Whoever holds the lease may finish it through either.
        expect(await other.finish(leases[0]!, seen())).toBe(true);
      });
    });

    describe('finish', () => {
      const url = 'https://news.example/a';
      beforeEach(async () => {
        await frontier.add([found(url)], NOW);
      });

      it('writes what came of the visit', async () => {
        await visit({
          at: NOW + 5,
          outcome: 'new',
          nextAt: NOW + HOUR,
          isNews: true,
          validators: { etag: 'W/"1"', lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' },
          article: 'lantern:17',
          publishedAt: NOW - DAY,
        });
        expect(await entry(url)).toMatchObject({
          state: 'waiting',
          because: null,
          nextAt: NOW + HOUR,
          lastAt: NOW + 5,
          lastOutcome: 'new',
          validators: { etag: 'W/"1"', lastModified: 'Tue, 03 Mar 2026 08:00:00 GMT' },
          article: 'lantern:17',
          publishedAt: NOW - DAY,
          changedAt: NOW + 5,
          looks: 1,
          changes: 1,
          failures: 0,
        });
      });

      it('keeps what a visit says nothing of, and takes validators as a whole', async () => {
        await visit({
          nextAt: NOW,
          isNews: true,
          validators: { etag: '"1"', lastModified: 'x' },
          article: 'k',
          publishedAt: 7,
        });
        await visit({ nextAt: NOW, at: NOW + 1 });
        expect(await entry(url)).toMatchObject({
          validators: { etag: '"1"', lastModified: 'x' },
          article: 'k',
          publishedAt: 7,
          changedAt: NOW,
          looks: 2,
          changes: 1,
        });
        await visit({ nextAt: NOW, validators: { lastModified: 'y' } });
        expect((await entry(url)).validators).toEqual({ lastModified: 'y' });
      });

      it('counts looks that brought an answer, and failures in a row', async () => {
        const failure = { nextAt: NOW, outcome: 'error', isFailure: true } as const;
        const finish = async (result: Partial<VisitResult>) => {
          const [lease] = await frontier.take(order());
          const { isNews: _, ...plain } = seen(result);
          await frontier.finish(lease!, 'isNews' in result ? seen(result) : plain);
          const { looks, changes, failures, changedAt } = await entry(url);
          return { looks, changes, failures, changedAt };
        };
        expect(await finish(failure)).toEqual({ looks: 0, changes: 0, failures: 1, changedAt: null });
        expect(await finish(failure)).toEqual({ looks: 0, changes: 0, failures: 2, changedAt: null });
        expect(await finish({ nextAt: NOW, isNews: false, at: NOW + 1 })).toEqual({
          looks: 1,
          changes: 0,
          failures: 0,
          changedAt: NOW + 1,
        });
        expect(await finish({ nextAt: NOW, isNews: true, at: NOW + 2 })).toEqual({
          looks: 2,
          changes: 1,
          failures: 0,
          changedAt: NOW + 2,
        });
        expect(await finish({ ...failure, isNews: false })).toEqual({
          looks: 3,
          changes: 1,
          failures: 1,
          changedAt: NOW + 2,
        });
      });

      it('lets an entry rest, with the reason', async () => {
        await visit({ state: 'resting', because: 'robots.txt', nextAt: NOW });
        expect(await entry(url)).toMatchObject({ state: 'resting', because: 'robots.txt' });
        expect(await frontier.take(order({ now: NOW + 99 * DAY, dueBefore: NOW + 99 * DAY }))).toEqual([]);
        expect(await frontier.counts({ dueBefore: NOW + DAY })).toMatchObject({
          resting: 1,
          waiting: 0,
          due: 0,
          hostsDue: 0,
        });
      });

      it('lets other addresses of the article rest, known or not, and never the one that was visited', async () => {
        await frontier.add([found('https://news.example/old', { hints: { title: 'Alt' } })], NOW);
        const [lease] = await frontier.take(order({ limit: 1 }));
        const aliases = [
          url,
          'https://amp.news.example/old',
          'https://news.example/new',
          'https://news.example/new/',
          'no address',
        ];
        await frontier.finish(lease!, seen({ aliases, article: 'lantern:17', isNews: true }));
        expect(await entry(url)).toMatchObject({ state: 'waiting', because: null });
        expect(await entry('https://news.example/old')).toMatchObject({
          state: 'resting',
          because: 'alias',
          article: 'lantern:17',
          hints: { title: 'Alt' },
          lastAt: NOW,
        });
        expect(await entry('https://news.example/new')).toMatchObject({
          state: 'resting',
          because: 'alias',
          source: 'lantern',
          kind: 'page',
          looks: 0,
        });
        expect(await all(frontier.list({}))).toHaveLength(3);
        expect((await frontier.counts({ dueBefore: NOW + 9 * DAY })).due).toBe(1);
        expect(await frontier.add([found('https://news.example/new')], NOW)).toMatchObject({ known: 1 });
        expect((await entry('https://news.example/new')).state).toBe('resting');
      });

      it('never lets two addresses end as aliases of each other', async () => {
        await frontier.add([found('https://news.example/b')], NOW);
        const [a, b] = await frontier.take(order());
        expect(await frontier.finish(a!, seen({ aliases: [b!.entry.url] }))).toBe(true);
        expect(await frontier.finish(b!, seen({ aliases: [a!.entry.url] }))).toBe(false);
        expect((await entry(a!.entry.url)).state).toBe('waiting');
        expect((await entry(b!.entry.url)).state).toBe('resting');
      });

      it('adds what the document named, itself among it', async () => {
        const named = Array.from({ length: 450 }, (_, n) => found(`https://news.example/story-number-${n}`));
        await visit({ found: [...named, found(url, { hints: { lastmod: '2020-01-01' } })] });
        expect((await frontier.counts({ dueBefore: NOW })).due).toBe(450);
        expect(await entry(url)).toMatchObject({
          state: 'waiting',
          nextAt: NOW + DAY,
          hints: { lastmod: '2020-01-01' },
        });
      });
    });

    describe('list and counts', () => {
      it('give every entry once, by source and by kind', async () => {
        const targets = Array.from({ length: 1_203 }, (_, n) =>
          found(`https://h${n % 7}.example/story-number-${n}`, { source: n % 3 === 0 ? 'one' : 'two' }),
        );
        await frontier.add([...targets, found('https://h0.example/feed', { kind: 'feed', source: 'one' })], NOW);
        const everything = await all(frontier.list({}));
        expect(everything).toHaveLength(1_204);
        expect(new Set(everything.map(({ key }) => key)).size).toBe(1_204);
        expect(await all(frontier.list({ sources: ['one'] }))).toHaveLength(402);
        expect(await all(frontier.list({ sources: ['one'], kind: 'page' }))).toHaveLength(401);
        expect(await all(frontier.list({ kind: 'feed' }))).toMatchObject([{ kind: 'feed' }]);
        expect(await all(frontier.list({ sources: ['none'] }))).toEqual([]);
        expect(await frontier.counts({ dueBefore: NOW, sources: ['one'] })).toEqual({
          entries: 402,
          waiting: 402,
          leased: 0,
          resting: 0,
          due: 402,
          hostsDue: 7,
        });
      });

      it('can be read while entries come and go', async () => {
        await frontier.add(
          Array.from({ length: 600 }, (_, n) => found(`https://a.example/story-number-${n}`)),
          NOW,
        );
        const read: string[] = [];
        for await (const one of frontier.list({})) {
          read.push(one.key);
          if (read.length % 200 === 0) await visit({ state: 'resting' });
        }
        expect(new Set(read).size).toBe(600);
      });

      it('tell the states apart', async () => {
        await frontier.add(
          Array.from({ length: 5 }, (_, n) => found(`https://h${n}.example/story`)),
          NOW,
        );
        await visit({ nextAt: NOW + DAY });
        await visit({ state: 'resting' });
        await frontier.take(order({ limit: 1 }));
        const counts = { entries: 5, waiting: 3, leased: 1, resting: 1 };
        expect(await frontier.counts({ dueBefore: NOW })).toEqual({ ...counts, due: 2, hostsDue: 2 });
        expect(await frontier.counts({ dueBefore: NOW + DAY })).toEqual({ ...counts, due: 3, hostsDue: 3 });
      });
    });

    describe('restore', () => {
      const kept = (over: Partial<FrontierEntry> = {}): FrontierEntry => ({
        key: 'news.example/a',
        url: 'https://news.example/a',
        kind: 'page',
        source: 'lantern',
        host: 'news.example',
        foundBy: 'feed',
        foundAt: NOW - 9 * DAY,
        hints: { title: 'Die Mauer' },
        depth: 1,
        state: 'waiting',
        because: null,
        nextAt: NOW + HOUR,
        lastAt: NOW - DAY,
        lastOutcome: 'changed',
        validators: { etag: '"7"' },
        article: 'lantern:17',
        publishedAt: NOW - 8 * DAY,
        changedAt: NOW - DAY,
        looks: 9,
        changes: 2,
        failures: 0,
        ...over,
      });

      it('puts entries in as they were', async () => {
        const rests = kept({ key: 'news.example/b', url: 'https://news.example/b', state: 'resting', because: 'gone' });
        await frontier.restore([kept(), rests]);
        expect(await all(frontier.list({}))).toEqual([kept(), rests]);
        expect(await frontier.take(order())).toEqual([]);
        expect(await frontier.take(order({ dueBefore: NOW + HOUR }))).toHaveLength(1);
      });

      it('takes the place of what is older or was never visited, and of nothing else', async () => {
        await frontier.add([found('https://news.example/a')], NOW);
        await frontier.restore([kept()]);
        expect(await entry('https://news.example/a')).toEqual(kept());
        await frontier.restore([kept({ looks: 1, lastAt: NOW - 2 * DAY }), kept({ looks: 2 })]);
        expect(await entry('https://news.example/a')).toEqual(kept());
        await frontier.restore([kept({ looks: 10, lastAt: NOW })]);
        expect(await entry('https://news.example/a')).toMatchObject({ looks: 10 });
      });

      it('gives a visit that was under way back, and leaves one alone that is', async () => {
        await frontier.restore([kept({ state: 'leased', nextAt: NOW })]);
        const [lease] = await frontier.take(order());
        await frontier.restore([kept({ lastAt: NOW })]);
        expect((await entry('https://news.example/a')).state).toBe('leased');
        expect(await frontier.finish(lease!, seen())).toBe(true);
      });

      it('takes many', async () => {
        const many = Array.from({ length: 1_100 }, (_, n) => kept({ url: `https://news.example/story-${n}` }));
        await frontier.restore(many);
        expect((await frontier.counts({ dueBefore: NOW + HOUR })).due).toBe(1_100);
      });
    });

    describe('hosts and robots', () => {
      it('are kept, the last word of each', async () => {
        const record = { host: 'news.example:8080', lastAt: NOW, notBefore: NOW + 5, delayMs: 1500, failures: 2 };
        expect(await frontier.host(record.host)).toBeNull();
        await frontier.keepHost({ ...record, delayMs: 7 });
        await frontier.keepHost(record);
        expect(await frontier.host(record.host)).toEqual(record);
        expect(await frontier.host('news.example')).toBeNull();
        const robots = {
          origin: 'https://news.example',
          fetchedAt: NOW,
          status: 200,
          text: '\ufeffUser-agent: *\r\nDisallow: /приватно/\n',
          validators: { etag: '"r"' },
          recordId: 'urn:uuid:1',
        };
        expect(await frontier.robots(robots.origin)).toBeNull();
        await frontier.keepRobots({
          ...robots,
          status: 503,
          text: '',
          validators: { lastModified: 'x' },
          recordId: null,
        });
        await frontier.keepRobots(robots);
        expect(await frontier.robots(robots.origin)).toEqual(robots);
        const none = { ...robots, origin: 'http://news.example', validators: {}, recordId: null };
        await frontier.keepRobots(none);
        expect(await frontier.robots(none.origin)).toEqual(none);
      });

      it('are seen through every handle', async () => {
        const other = await handle();
        await frontier.keepHost({ host: 'a.example', lastAt: 1, notBefore: 2, delayMs: 3, failures: 4 });
        expect(await other.host('a.example')).toMatchObject({ failures: 4 });
      });
    });

    describe('text of others', () => {
      it('comes back as it was, in any script, and cut where it is endless', async () => {
        const title = "海港の壁 — “стена” 🧱\n\t\u202eتخريب\u202c '; drop table entries; --";
        await frontier.add([found('https://news.example/a', { source: 'Λύχνος 🏮', hints: { title } })], NOW);
        expect(await entry('https://news.example/a')).toMatchObject({ source: 'Λύχνος 🏮', hints: { title } });
        expect(await frontier.take(order({ sources: ['Λύχνος 🏮'] }))).toHaveLength(1);
        const endless = { title: '🧱'.repeat(50_000), date: '9'.repeat(100_000), lastmod: 'x'.repeat(100_000) };
        await frontier.add([found('https://news.example/b', { hints: endless })], NOW);
        const { hints } = await entry('https://news.example/b');
        expect(hints.title).toBe('🧱'.repeat(500));
        expect(JSON.stringify(hints).length).toBeLessThan(2_000);
      });

      it('with NUL and halves of characters is kept with replacement characters', async () => {
        await frontier.add([found('https://news.example/a', { hints: { title: 'a\0b\ud800c' } })], NOW);
        await visit({ outcome: 'x\0y', state: 'resting', because: 'p\udfffq' });
        expect(await entry('https://news.example/a')).toMatchObject({
          hints: { title: 'a\ufffdb\ufffdc' },
          lastOutcome: 'x\ufffdy',
          because: 'p\ufffdq',
        });
        const robots = { origin: 'https://a.example', fetchedAt: 1, status: 200, validators: {}, recordId: null };
        await frontier.keepRobots({ ...robots, text: 'Disallow: /\0a\nAllow: /b' });
        expect((await frontier.robots(robots.origin))?.text).toBe('Disallow: /\ufffda\nAllow: /b');
      });

      it('drops validators that could not be sent back as they were', async () => {
        await frontier.add([found('https://news.example/a')], NOW);
        await visit({ validators: { etag: `"${'e'.repeat(5_000)}"`, lastModified: 'a\0b' } });
        expect((await entry('https://news.example/a')).validators).toEqual({});
      });

      it('that should be a time and is none does no harm', async () => {
        await frontier.add([found('https://news.example/a', { foundAt: 'someday', depth: Number.NaN })], NOW);
        expect(await entry('https://news.example/a')).toMatchObject({ foundAt: NOW, depth: 0 });
        await visit({ publishedAt: Number.NaN, nextAt: Number.NaN });
        expect(await entry('https://news.example/a')).toMatchObject({ publishedAt: null, nextAt: NOW });
        await visit({ publishedAt: -5, nextAt: Number.POSITIVE_INFINITY });
        expect(await entry('https://news.example/a')).toMatchObject({ publishedAt: 0, nextAt: NOW });
        await visit({ nextAt: 1e300 });
        expect((await entry('https://news.example/a')).nextAt).toBe(8.64e15);
      });
    });
  });
}
