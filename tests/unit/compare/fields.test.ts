import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/compare/index.ts';
import type { Block, Reading } from '../../../src/core/schema.ts';
import { block, boilerplate, reading, STORY } from './readings.ts';

const editsBetween = (before: Reading, after: Reading) => compare(before, after).edits;

describe('headline', () => {
  const titled = (title: string, shown: string, more: readonly Block[] = []) =>
    reading([block(shown, { label: 'headline' }), ...STORY, ...more], { title });
  it('is edited where the page shows another', () => {
    expect(editsBetween(titled('Harbour closed', 'Harbour closed'), titled('Harbour open', 'Harbour open'))).toEqual([
      {
        kind: 'headline',
        before: 'Harbour closed',
        after: 'Harbour open',
        blockBefore: 'b0',
        blockAfter: 'b0',
        wording: [{ kind: 'words', before: 'closed', after: 'open' }],
      },
    ]);
  });
  it('is edited when longer or shorter, one text being the beginning of the other', () => {
    const [short, long] = [titled('Harbour', 'Harbour'), titled('Harbour closed', 'Harbour closed')];
    expect(editsBetween(short, long).map(({ kind }) => kind)).toEqual(['headline']);
    expect(editsBetween(long, short).map(({ kind }) => kind)).toEqual(['headline']);
  });
  it('is one edit, however often the page shows it', () => {
    const many = (title: string) => titled(title, title, [block(title, { label: 'headline' }), boilerplate(title)]);
    expect(editsBetween(many('Harbour closed'), many('Harbour open'))).toHaveLength(1);
  });
  it('is not edited where only meta tags differ, or another of the page’s texts was taken for it', () => {
    expect(
      editsBetween(titled('Harbour closed', 'Harbour closed'), titled('Harbour closed | Gazette', 'Harbour closed')),
    ).toEqual([]);
    expect(editsBetween(titled('Harbour closed', 'Harbour closed'), titled(STORY[0], 'Harbour closed'))).toEqual([]);
  });
  it('is not edited where a list of links shows it once more', () => {
    const more = titled('Harbour closed', 'Harbour closed', [block('Harbour closed', { label: 'headline' })]);
    expect(editsBetween(titled('Harbour closed', 'Harbour closed'), more)).toEqual([]);
  });
  it('found where there was none is no edit unless the page got it', () => {
    const none = reading([boilerplate('Harbour closed'), ...STORY]);
    expect(editsBetween(none, titled('Harbour closed', 'Harbour closed'))).toEqual([]);
    expect(editsBetween(reading(STORY), titled('Harbour closed', 'Harbour closed'))).toMatchObject([
      { kind: 'headline', after: 'Harbour closed' },
    ]);
  });
});

describe('byline', () => {
  const by = (line: string, ...names: string[]) =>
    reading([block(line, { label: 'byline' }), ...STORY], { authors: names.map((name) => ({ name })) });
  it('is edited where the page shows other authors', () => {
    expect(editsBetween(by('By Ann Ode', 'Ann Ode'), by('By Ben Ox', 'Ben Ox'))).toEqual([
      { kind: 'byline', before: 'Ann Ode', after: 'Ben Ox' },
    ]);
    expect(editsBetween(by('By Ann Ode', 'Ann Ode'), by('By Ann Ode and Ben Ox', 'Ann Ode', 'Ben Ox'))).toHaveLength(1);
    expect(editsBetween(by('By Ann Ode and Ben Ox', 'Ann Ode', 'Ben Ox'), by('By Ann Ode', 'Ann Ode'))).toHaveLength(1);
  });
  it('is not edited where the same page was understood otherwise, or the order changed', () => {
    expect(editsBetween(by('By Ann Ode', 'Ann Ode'), by('By Ann Ode', 'Ode, Ann'))).toEqual([]);
    expect(editsBetween(by('By Ann Ode', 'Ann Ode'), by('By Ann Ode'))).toEqual([]);
    expect(editsBetween(by('A and B', 'Ann', 'Ben'), by('A and B', 'Ben', 'Ann'))).toEqual([]);
  });
  it('decides by its text where no author could be told, but never by how long ago', () => {
    expect(editsBetween(by('By our reporters'), by('By our editors'))).toMatchObject([
      { kind: 'byline', after: 'By our editors' },
    ]);
    expect(editsBetween(by('By our reporters, 3 hours ago'), by('By our reporters, yesterday'))).toEqual([]);
    expect(editsBetween(by('By our reporters'), reading(STORY))).toEqual([]);
  });
});

describe('date', () => {
  const at = (publishedAt: string, line: string) =>
    reading([block(line, { label: 'dateline' }), ...STORY], { publishedAt });
  it('is edited where both the value and the line that shows it changed', () => {
    expect(
      editsBetween(at('2026-01-01T10:00:00Z', '1 January, 10:00'), at('2026-01-02T10:00:00Z', '2 January, 10:00')),
    ).toEqual([{ kind: 'date', before: '2026-01-01T10:00:00Z', after: '2026-01-02T10:00:00Z' }]);
  });
  it.each([
    ['a line alone', at('2026-01-01', '3 minutes ago'), at('2026-01-01', '5 minutes ago')],
    ['a value alone', at('2026-01-01', '1 January'), at('2026-01-02', '1 January')],
    ['the same instant in another zone', at('2026-01-01T10:00:00Z', '10:00'), at('2026-01-01T11:00:00+01:00', '11:00')],
    ['a coarser value', at('2026-01-01T10:00:00Z', '10:00'), at('2026-01-01', '11:00')],
  ])('is not edited by %s', (_, before, after) => {
    expect(editsBetween(before, after)).toEqual([]);
  });
});

describe('lead image', () => {
  const pictured = (src: string, given: { alt?: string; more?: readonly string[] } = {}) =>
    reading(STORY, {
      images: [{ src, ...(given.alt && { alt: given.alt }) }, ...(given.more ?? []).map((other) => ({ src: other }))],
    });
  const OLD = 'https://img.example/2026/harbour-at-night.jpg';
  const NEW = 'https://img.example/2026/mayor-speaking.jpg';
  it('is edited where another picture took its place', () => {
    expect(editsBetween(pictured(OLD), pictured(NEW))).toEqual([{ kind: 'image', before: OLD, after: NEW }]);
    expect(compare(pictured(OLD), pictured(NEW))).toMatchObject({ stealth: false, significance: 0.15 });
  });
  it.each([
    ['size in the query', `${OLD}?w=300&sig=ab12`],
    ['size in the name', 'https://img.example/2026/harbour-at-night-1024x683.jpg'],
    ['another format', 'https://img.example/2026/harbour-at-night.webp'],
    ['a scheme', OLD.replace('https:', 'http:')],
    ['a resizing host', 'https://cdn.example/w_1200/2026/harbour-at-night.jpg'],
    ['a proxy', `https://www.example/_next/image?url=${encodeURIComponent(OLD)}&w=640`],
    ['a placeholder', 'data:image/gif;base64,R0lGOD'],
  ])('is not edited by %s', (_, src) => {
    expect(editsBetween(pictured(OLD), pictured(src))).toEqual([]);
    expect(editsBetween(pictured(src), pictured(OLD))).toEqual([]);
  });
  it('knows a picture by an id in its path', () => {
    const id = (size: string) => `https://img.example/ab12cd34ef/${size}.jpg`;
    expect(editsBetween(pictured(id('1200')), pictured(id('640')))).toEqual([]);
    expect(editsBetween(pictured(id('1200')), pictured('https://img.example/99aa88bb77/1200.jpg'))).toHaveLength(1);
  });
  it('is not edited where pictures changed their order, kept their description, or came and went', () => {
    expect(editsBetween(pictured(OLD, { more: [NEW] }), pictured(NEW, { more: [OLD] }))).toEqual([]);
    expect(editsBetween(pictured(OLD, { alt: 'The harbour' }), pictured(NEW, { alt: 'The harbour' }))).toEqual([]);
    expect(editsBetween(pictured(OLD), pictured(NEW, { more: [OLD] }))).toEqual([]);
    expect(editsBetween(pictured(NEW, { more: [OLD] }), pictured(OLD))).toEqual([]);
    expect(editsBetween(pictured(OLD), reading(STORY))).toEqual([]);
    expect(editsBetween(reading(STORY), pictured(OLD))).toEqual([]);
  });
});

describe('values that were not believed', () => {
  it('make no edit, whatever becomes of them', () => {
    const before = reading(STORY, {
      title: 'Harbour closed',
      publishedAt: '2026-03-03',
      alternatives: {
        title: [{ value: 'Harbour shut', from: 'meta' }],
        publishedAt: [{ value: '2026-03-02', from: 'page' }],
      },
    });
    const after = reading(STORY, {
      title: 'Harbour closed',
      publishedAt: '2026-03-03',
      alternatives: { title: [{ value: 'No boats until Friday', from: 'json-ld' }] },
      alternates: [{ href: 'https://m.harbour-post.example/', kind: 'mobile' }],
    });
    expect(compare(before, after)).toMatchObject({ kinds: [], cause: 'none', edits: [], stealth: false });
  });
});
