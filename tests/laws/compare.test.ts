/** Laws 3 and 4: noise is not news, and our change is not their change. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/clean/index.ts';
import { compare, hasEdits, judgeLook } from '../../src/compare/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import { Change, type Block, type Reading } from '../../src/core/schema.ts';
import { block, boilerplate, reading } from '../unit/compare/readings.ts';

/** Sentences that share no text: each has a number of its own, spelled so that no sentence holds another. */
const sentence = (n: number): string =>
  `Satz ${['acht', 'elf', 'vier', 'neun'][n % 4]} von der Sache ${n.toString(36).padStart(5, 'q')} im Hafen.`;
const numbers = (most: number) => fc.uniqueArray(fc.nat(50_000), { minLength: 1, maxLength: most });
/** Paragraphs of one to four sentences each. */
const paragraphs = fc.tuple(numbers(40), fc.infiniteStream(fc.integer({ min: 1, max: 4 }))).map(([all, sizes]) => {
  const rest = all.map(sentence);
  const grouped: string[][] = [];
  for (const size of sizes) {
    if (rest.length === 0) break;
    grouped.push(rest.splice(0, size));
  }
  return grouped;
});
const texts = (grouped: readonly (readonly string[])[]) => grouped.map((group) => group.join(' '));
const rotating = fc.array(
  fc.integer({ min: 60_000, max: 60_020 }).map((n) => boilerplate(sentence(n))),
  { maxLength: 5 },
);
const at = (length: number, share: number) => Math.min(length - 1, Math.floor(share * length));
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const checked = (before: Reading, after: Reading): Change => {
  const change = compare(before, after);
  expect(Change.parse(change)).toEqual(change);
  return change;
};

describe('compare', () => {
  it('finds nothing between a reading and itself, whatever it holds', () => {
    const anyBlock = fc.record({
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.lorem()),
      role: fc.constantFrom('article' as const, 'boilerplate' as const),
      label: fc.constantFrom(
        'paragraph' as const,
        'headline' as const,
        'list' as const,
        'caption' as const,
        'other' as const,
      ),
      origin: fc.constantFrom('page' as const, 'script' as const),
    });
    fc.assert(
      fc.property(fc.array(anyBlock), fc.string(), (blocks, title) => {
        const same = reading(
          blocks.map(({ text, ...given }) => block(text, given)),
          { title },
        );
        expect(checked(same, same)).toMatchObject({ edits: [], relabelled: [], cause: 'none', significance: 0 });
      }),
    );
  });

  it('gives a valid change for any two readings, and the same one each time', () => {
    const anyText = fc
      .array(fc.constantFrom('a', 'b', 'Dr. ', '. ', ' ', '12', '“', '\n', '港', '。'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    const anyBlock = fc
      .tuple(anyText, fc.boolean())
      .map(([text, isArticle]) => (isArticle ? block(text) : boilerplate(text)));
    const anyReading = fc
      .tuple(fc.array(anyBlock, { maxLength: 8 }), anyText)
      .map(([blocks, title]) => reading(blocks, { title }));
    fc.assert(
      fc.property(anyReading, anyReading, (before, after) => {
        const change = checked(before, after);
        expect(compare(before, after)).toEqual(change);
        expect(change.cause === 'publisher').toBe(hasEdits(change));
        expect(change.significance > 0).toBe(hasEdits(change));
        expect(compare(before, after, { isSameBytes: true }).edits).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('finds the sentence that went, came or was replaced, among any noise', () => {
    fc.assert(
      fc.property(
        paragraphs,
        rotating,
        rotating,
        share,
        share,
        fc.constantFrom('went', 'came', 'replaced'),
        (grouped, noise, other, where, which, what) => {
          const p = at(grouped.length, where);
          const s = at((grouped[p] as string[]).length, which);
          const changed = grouped.map((group, index) => {
            if (index !== p) return group;
            const fresh = [sentence(70_000)];
            return what === 'went'
              ? group.toSpliced(s, 1)
              : what === 'came'
                ? group.toSpliced(s, 0, ...fresh)
                : group.toSpliced(s, 1, ...fresh);
          });
          const before = reading([...texts(grouped), ...noise]);
          const after = reading([...other, ...texts(changed).filter(Boolean)]);
          const change = checked(before, after);
          expect(change).toMatchObject({ cause: 'publisher', relabelled: [] });
          const told = change.edits.flatMap((edit) => [edit.before ?? '', edit.after ?? '']).join('\n');
          if (what !== 'came') expect(told).toContain(grouped[p]?.[s]);
          if (what !== 'went') expect(told).toContain(sentence(70_000));
          for (const [index, group] of grouped.entries()) if (index !== p) expect(told).not.toContain(group[0]);
        },
      ),
    );
  });

  it('makes no edit of noise, of other splits of the same text, or of white space', () => {
    fc.assert(
      fc.property(
        paragraphs,
        rotating,
        rotating,
        fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
        (grouped, noise, other, sizes) => {
          const whole = texts(grouped).join(' ');
          const split: string[] = [];
          for (let from = 0; from < whole.length;) {
            const to = from + (sizes.next().value as number);
            split.push(whole.slice(from, to).replaceAll(' ', '\n  '));
            from = to;
          }
          const change = checked(reading([...noise, ...texts(grouped)]), reading([...split, ...other]));
          expect(change).toMatchObject({ edits: [], relabelled: [], cause: 'none' });
        },
      ),
    );
  });

  it('makes no edit of what moved between article and boilerplate, and tells which way', () => {
    fc.assert(
      fc.property(
        paragraphs,
        fc.infiniteStream(fc.boolean()),
        fc.infiniteStream(fc.boolean()),
        (grouped, before, after) => {
          const rolled = (isArticle: Iterator<boolean>): Block[] =>
            texts(grouped).map((text) => (isArticle.next().value ? block(text) : boilerplate(text)));
          const [one, other] = [rolled(before), rolled(after)];
          const change = checked(reading(one), reading(other));
          expect(change.edits).toEqual([]);
          const moved = (to: 'article' | 'boilerplate') =>
            grouped.flatMap((group, index) => (one[index]?.role !== to && other[index]?.role === to ? group : []));
          for (const to of ['article', 'boilerplate'] as const) {
            expect(change.relabelled.filter((entry) => entry.to === to).map(({ text }) => text)).toEqual(moved(to));
          }
          expect(change.cause).toBe(change.relabelled.length > 0 ? 'template' : 'none');
        },
      ),
    );
  });

  it('sees the way back as the way there turned round', () => {
    const turned = { 'paragraph-added': 'paragraph-removed', 'paragraph-removed': 'paragraph-added' } as Record<
      string,
      string
    >;
    fc.assert(
      fc.property(paragraphs, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (grouped, fates) => {
        let fresh = 70_000;
        const changed = texts(grouped).flatMap((text) => {
          const fate = fates.next().value as number;
          if (fate === 0) return [];
          return fate === 1 ? [text, sentence(fresh++)] : [text];
        });
        const there = checked(reading(texts(grouped)), reading(changed));
        const back = checked(reading(changed), reading(texts(grouped)));
        const told = ({ kind, before, after }: Change['edits'][number]) => `${kind}: ${before} → ${after}`;
        const mirrored = back.edits.map(({ kind, before, after }) => `${turned[kind] ?? kind}: ${after} → ${before}`);
        expect(there.edits.map(told).toSorted()).toEqual(mirrored.toSorted());
      }),
    );
  });

  it('finds what moved within the article, and no more than need have moved', () => {
    fc.assert(
      fc.property(numbers(20), share, share, (all, from, to) => {
        const story = all.map((n) => `${sentence(n)} ${sentence(n + 100_000)}`);
        const taken = at(story.length, from);
        const rest = story.toSpliced(taken, 1);
        const moved = rest.toSpliced(at(story.length, to), 0, story[taken] as string);
        const change = checked(reading(story), reading(moved));
        const isSame = moved.every((text, index) => text === story[index]);
        expect(change.edits).toHaveLength(isSame ? 0 : 1);
        if (!isSame) expect(change.kinds).toEqual(['paragraph-moved']);
      }),
    );
  });
});

describe('compare, on input made to be slow', () => {
  const many = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n));
  it.each([
    [
      '10,000 paragraphs, one reworded',
      many(10_000, sentence),
      many(10_000, (n) => sentence(n === 5000 ? 77_777 : n)),
      1,
    ],
    [
      '10,000 paragraphs, all reworded',
      many(10_000, sentence),
      many(10_000, (n) => `${sentence(n)} Nachtrag ${n}.`),
      10_000,
    ],
    ['10,000 paragraphs, all replaced', many(10_000, sentence), many(10_000, (n) => sentence(n + 20_000)), 10_000],
    [
      '10,000 paragraphs that begin alike',
      many(10_000, (n) => `Paragraph number ${n} of it.`),
      many(10_000, (n) => `Paragraph number ${n + 20_000} of it.`),
      10_000,
    ],
    ['5,000 equal sentences, one less', many(5000, () => sentence(1)), many(4999, () => sentence(1)), 1],
    [
      '5,000 equal sentences in one paragraph',
      [many(5000, () => sentence(1)).join(' ')],
      [many(4999, () => sentence(1)).join(' ')],
      1,
    ],
    [
      'one paragraph of 2 MB, one sentence more',
      [many(50_000, sentence).join(' ')],
      [many(50_001, sentence).join(' ')],
      1,
    ],
    ['a megabyte of one letter', ['a'.repeat(1_000_000)], ['a'.repeat(999_000)], 1],
  ])('%s', (_, before, after, edits) => {
    const found = checked(reading(before), reading(after)).edits.length;
    // Of paragraphs that are like enough to be rewordings, some find no partner among the nearest and count twice.
    expect(found).toBeGreaterThanOrEqual(edits);
    expect(found).toBeLessThanOrEqual(edits === 1 ? 1 : 2 * edits);
  });
});

interface Page {
  readonly html: string;
  readonly paragraphs: string[];
  readonly title: string;
}
interface FakeWeb {
  readonly editableParagraphs: (html: string, gold: object) => string[];
  readonly editableTitle: (html: string, gold: object) => string;
  readonly edited: (html: string, at: Page & { plan: string; epoch: number }) => string;
  readonly truth: (at: Page & { plan: string; epoch: number; walled: boolean }) => { versions: number };
  readonly noisy: (html: string, headlines: string[]) => string;
}
const shared = new URL('../../../shared/', import.meta.url);
const isThere =
  existsSync(new URL('fakeweb/edits.mjs', shared)) && existsSync(new URL('bench/fundus/gold.jsonl', shared));
if (!isThere) console.warn(`tests/laws/compare.test.ts: real pages are SKIPPED, there is no ${shared.pathname}`);

describe.skipIf(!isThere)('real pages with real noise', () => {
  const PAGES = 10;
  it.each(['none', 'word', 'comma', 'append', 'delete', 'headline'])(
    'plan %s: every edit a version, no noise one',
    async (plan) => {
      const fakeweb = (await import(new URL('fakeweb/edits.mjs', shared).href)) as FakeWeb;
      const { rules } = loadRules();
      const golds = new Map(
        readFileSync(new URL('bench/fundus/gold.jsonl', shared), 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as { id: string; url: string; title: string })
          .map((gold) => [gold.id, gold]),
      );
      const files = readdirSync(new URL('bench/fundus/pages/', shared)).toSorted().slice(0, PAGES);
      for (const file of files) {
        const html = gunzipSync(readFileSync(new URL(`bench/fundus/pages/${file}`, shared))).toString('utf8');
        const gold = golds.get(file.replace('.html.gz', ''));
        if (!gold) throw new Error(`expected gold data for ${file}, got none`);
        const page = {
          html,
          paragraphs: fakeweb.editableParagraphs(html, gold),
          title: fakeweb.editableTitle(html, gold),
        };
        let previous: Reading | undefined;
        let versions = 0;
        for (let epoch = 0; epoch <= 2; epoch++) {
          const now = { ...page, plan, epoch, walled: false };
          const served = fakeweb.noisy(fakeweb.edited(html, now), [
            'Harbour reopens',
            'Rain until Friday',
            'A bridge for Lindau',
          ]);
          const read = clean(served, { url: gold.url, contentType: 'text/html; charset=utf-8', rules });
          const { isVersion, note } = judgeLook({
            status: 200,
            askedUrl: gold.url,
            finalUrl: gold.url,
            reading: read,
            previous,
          });
          if (isVersion) previous = read;
          versions += isVersion ? 1 : 0;
          expect({ file, epoch, versions, note }).toEqual({ file, epoch, versions: fakeweb.truth(now).versions, note });
        }
      }
    },
  );
});
