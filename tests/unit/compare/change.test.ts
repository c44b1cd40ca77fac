import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare, hasEdits, summarise, type WordLists } from '../../../src/compare/index.ts';
import { Change, type Reading } from '../../../src/core/schema.ts';
import { block, boilerplate, reading, STORY, storyWith } from './readings.ts';

const words = JSON.parse(
  readFileSync(new URL('../../../config/words/wording.json', import.meta.url), 'utf8'),
) as WordLists;
const diff = (before: Reading, after: Reading) => {
  const change = compare(before, after, { words });
  expect(Change.parse(change)).toEqual(change);
  return change;
};
const story = reading(STORY);
const kindsOf = (after: readonly (string | ReturnType<typeof block>)[]) =>
  diff(story, reading(after)).edits.map(({ kind }) => kind);

describe('compare', () => {
  it('finds nothing between a reading and itself', () => {
    expect(diff(story, story)).toEqual({
      schema: 1,
      kinds: [],
      cause: 'none',
      edits: [],
      relabelled: [],
      significance: 0,
      declared: {},
      stealth: false,
    });
  });

  it('tells a reworded paragraph, with its words and where it stands', () => {
    const change = diff(story, reading(storyWith(1, (text) => text.replace('12 boats', '13 boats'))));
    expect(change).toMatchObject({ kinds: ['paragraph-reworded'], cause: 'publisher', relabelled: [], stealth: true });
    expect(change.edits).toEqual([
      {
        kind: 'paragraph-reworded',
        before: STORY[1],
        after: STORY[1].replace('12 boats', '13 boats'),
        blockBefore: 'b1',
        blockAfter: 'b1',
        wording: [{ kind: 'quote', before: '12', after: '13' }],
      },
    ]);
  });
  it.each([
    ['a comma', storyWith(0, (text) => text.replace('Monday', 'Monday,')), 'punctuation'],
    ['a capital', storyWith(3, (text) => text.replace('council', 'Council')), 'case'],
    ['a number', storyWith(3, (text) => text.replace('next week', 'in 3 weeks')), 'number'],
    ['a negation', storyWith(2, (text) => text.replace('may not sail', 'may sail')), 'negation'],
    ['a name', storyWith(0, (text) => text.replace('Lindau', 'Bregenz')), 'name'],
    ['a word', storyWith(3, (text) => text.replace('old wall', 'new wall')), 'words'],
  ])('calls %s by its name', (_, after, wanted) => {
    const change = diff(story, reading(after));
    expect(change.edits[0]?.wording?.map(({ kind }) => kind)).toEqual([wanted]);
  });
  it('knows negations only from the list it is given', () => {
    const after = reading(storyWith(2, (text) => text.replace('may not sail', 'may sail')));
    expect(compare(story, after).edits[0]?.wording?.[0]?.kind).toBe('words');
    const german = { language: 'de' };
    const [one, other] = [reading(['Er kam nicht.'], german), reading(['Er kam.'], german)];
    expect(compare(one, other, { words }).edits[0]?.wording?.[0]?.kind).toBe('negation');
  });

  it('finds a paragraph added or removed, and where', () => {
    const added = diff(story, reading([STORY[0], 'Two more boats sank overnight, police said.', ...STORY.slice(1)]));
    expect(added.edits).toEqual([
      { kind: 'paragraph-added', after: 'Two more boats sank overnight, police said.', blockAfter: 'b1' },
    ]);
    const removed = diff(story, reading(STORY.slice(0, 3)));
    expect(removed.edits).toEqual([{ kind: 'paragraph-removed', before: STORY[3], blockBefore: 'b3' }]);
  });
  it('finds a sentence cut out of a paragraph', () => {
    const change = diff(story, reading(storyWith(2, (text) => text.replace(' The ferry may not sail.', ''))));
    expect(change.edits).toMatchObject([
      { kind: 'paragraph-reworded', wording: [{ before: 'The ferry may not sail.' }] },
    ]);
  });
  it('finds words put behind the last of a text that the new one still begins with', () => {
    const [one, other] = [reading(['The minister resigned']), reading(['The minister resigned today'])];
    expect(diff(one, other).kinds).toEqual(['paragraph-reworded']);
    expect(diff(other, one).kinds).toEqual(['paragraph-reworded']);
  });
  it('finds a paragraph moved within the article', () => {
    const change = diff(story, reading([STORY[0], STORY[3], STORY[1], STORY[2]]));
    expect(change.edits).toMatchObject([
      { kind: 'paragraph-moved', before: STORY[3], after: STORY[3], blockAfter: 'b1' },
    ]);
  });
  it('lists edits in the order of the newer text, removed ones behind what stood before them', () => {
    const change = diff(story, reading(['A new beginning.', STORY[0], STORY[2], STORY[3].replace('cost', 'not cost')]));
    expect(change.edits.map(({ kind }) => kind)).toEqual([
      'paragraph-added',
      'paragraph-removed',
      'paragraph-reworded',
    ]);
  });
  it('tells a lead that was written anew as one edit', () => {
    const led = (lead: string) => reading([block(lead, { label: 'lead' }), ...STORY]);
    const change = diff(led('Nothing moves at the pier.'), led('A storm is on its way.'));
    expect(change.edits).toMatchObject([
      { kind: 'lead', before: 'Nothing moves at the pier.', after: 'A storm is on its way.' },
    ]);
  });
  it('takes no repeated paragraph for a moved one', () => {
    const again = 'Follow our live coverage of the storm all through the night.';
    const before = reading([again, STORY[0], again, STORY[1], again]);
    expect(diff(before, reading([STORY[0], again, STORY[1], again])).kinds).toEqual(['paragraph-removed']);
  });
  it('leaves it to templates where short text stands', () => {
    expect(kindsOf([...STORY, 'Read on below.'])).toEqual(['paragraph-added']);
    const [one, other] = [reading(['Read on below.', ...STORY]), reading([...STORY, 'Read on below.'])];
    expect(diff(one, other).edits).toEqual([]);
  });
  it('tells a paragraph once that was reworded and turned round', () => {
    const turned = `${STORY[3]} ${STORY[0]} ${STORY[2].replace('ferry', 'boat')}`;
    const change = diff(reading([`${STORY[0]} ${STORY[3]} ${STORY[2]}`]), reading([turned]));
    expect(change.edits.map(({ kind }) => kind)).toEqual(['paragraph-reworded']);
  });
  it('shows of a paragraph joined to others only what concerns it', () => {
    const joined = `${STORY[0]} ${STORY[1]} ${STORY[2].replace('ferry', 'boat')}`;
    const change = diff(story, reading([joined, STORY[3]]));
    expect(change.edits).toHaveLength(1);
    expect(change.edits[0]).toMatchObject({
      kind: 'paragraph-reworded',
      before: STORY[2],
      after: STORY[2].replace('ferry', 'boat'),
      wording: [{ before: 'ferry', after: 'boat' }],
    });
    expect(diff(reading([joined, STORY[3]]), story).edits).toMatchObject([
      { before: STORY[2].replace('ferry', 'boat'), after: STORY[2] },
    ]);
  });

  it.each([
    [
      'paragraphs split otherwise',
      [
        STORY[0],
        STORY[1],
        'Rain is expected on Tuesday. The fer',
        'ry may not sail. Visitors should ask at the pier before they travel.',
        STORY[3],
      ],
    ],
    ['paragraphs joined', [STORY.join(' ')]],
    ['white space', STORY.map((text) => `\n ${text.replaceAll(' ', ' \u00a0 ')}`)],
    ['soft hyphens, joiners and direction marks', STORY.map((text) => text.replace('a', 'a\u00ad\u200b\u200e\ufeff'))],
    ['other labels', STORY.map((text) => block(text, { label: 'quote' }))],
    ['other markup', STORY.map((text) => block(text, { path: 'body>div>p', html: `<b>${text}</b>`, confidence: 3 }))],
    ['boilerplate around it', [boilerplate('12 comments'), ...STORY, boilerplate('Most read: something else')]],
    ['hidden blocks', [...STORY, boilerplate('token 4711', { label: 'hidden' })]],
    ['an embed', [...STORY, block('A post of somebody', { label: 'embed' })]],
    ['text found in scripts', [...STORY, block(STORY[0], { origin: 'script' })]],
    [
      'a list of links',
      [
        ...STORY,
        block('Storm hits the coast', { label: 'list', links: [{ href: '/2', text: 'Storm hits the coast' }] }),
      ],
    ],
  ])('is not misled by %s', (_, after) => {
    expect(kindsOf(after)).toEqual([]);
    expect(diff(reading(after), story).edits).toEqual([]);
  });
  it('composes accents before it compares', () => {
    expect(diff(reading(['Cafe\u0301 Zoe\u0308']), reading(['Caf\u00e9 Zo\u00eb'])).edits).toEqual([]);
  });
});

describe('noise inside the article', () => {
  it.each([
    ['a counter', block('12 comments'), block('13 comments')],
    ['a short count', block('3 min read'), block('4 min read')],
    [
      'a dateline',
      block('Updated 3 minutes ago', { label: 'dateline' }),
      block('Updated 5 minutes ago', { label: 'dateline' }),
    ],
    [
      'a byline',
      block('By Ann Ode, 3 minutes ago', { label: 'byline' }),
      block('By Ann Ode, an hour ago', { label: 'byline' }),
    ],
    [
      'a rotating advertisement under a picture',
      block('Ad Save 4 percent on tyres', {
        label: 'caption',
        links: [{ href: '/4', text: 'Save 4 percent on tyres' }],
      }),
      block('Ad Save 5 percent on tyres', {
        label: 'caption',
        links: [{ href: '/5', text: 'Save 5 percent on tyres' }],
      }),
    ],
  ])('%s makes no edit', (_, before, after) => {
    const change = diff(reading([...STORY, before]), reading([...STORY, after]));
    expect(change).toMatchObject({ edits: [], cause: 'none' });
  });
  it.each([
    ['a sentence', 'It killed 12 people.', 'It killed 13 people.', 'paragraph' as const],
    ['a row of a table', 'Lindau 12', 'Lindau 13', 'table' as const],
    ['an item of a list', '12 boats', '13 boats', 'list' as const],
    ['a heading', '12 boats', '13 boats', 'heading' as const],
  ])('a number in %s does', (_, before, after, label) => {
    const change = diff(reading([...STORY, block(before, { label })]), reading([...STORY, block(after, { label })]));
    expect(change.kinds).toEqual(['paragraph-reworded']);
  });
});

describe('law 4: our change is not their change', () => {
  const moved = reading([...STORY.slice(0, 3), boilerplate(STORY[3])]);
  it('text that went from article to boilerplate is relabelled by the template', () => {
    expect(diff(story, moved)).toMatchObject({
      edits: [],
      cause: 'template',
      relabelled: [{ text: STORY[3], to: 'boilerplate' }],
      significance: 0,
      stealth: false,
    });
    expect(diff(moved, story).relabelled).toEqual([{ text: STORY[3], to: 'article' }]);
  });
  it('is the cleaner’s doing where the bytes are the same', () => {
    expect(compare(story, moved, { isSameBytes: true })).toMatchObject({ edits: [], cause: 'cleaner' });
  });
  it('nothing is the publisher’s doing where the bytes are the same', () => {
    const other = reading(
      storyWith(0, () => 'Words that the page never held.'),
      { title: 'Another' },
    );
    expect(compare(story, other, { isSameBytes: true })).toMatchObject({ edits: [], kinds: [], stealth: false });
  });
  it('text that left the page altogether is an edit, though boilerplate grew', () => {
    expect(diff(story, reading([...STORY.slice(0, 3), boilerplate('Something else.')])).kinds).toEqual([
      'paragraph-removed',
    ]);
  });
  it('text of which one of two copies went is an edit', () => {
    const twice = reading([...STORY, boilerplate(STORY[3])]);
    expect(diff(twice, moved).kinds).toEqual(['paragraph-removed']);
  });
  it('an edit beside a relabelling is told apart from it', () => {
    const change = diff(
      story,
      reading([STORY[0].replace('Friday', 'Sunday'), ...STORY.slice(1, 3), boilerplate(STORY[3])]),
    );
    expect(change.edits.map(({ after }) => after)).toEqual([STORY[0].replace('Friday', 'Sunday')]);
    expect(change).toMatchObject({ cause: 'publisher', relabelled: [{ text: STORY[3] }] });
  });
  it('an edit is told of the page, also where a script holds the text too', () => {
    const [old, fresh] = [STORY, storyWith(0, (text) => text.replace('Friday', 'Sunday'))];
    const withScript = (texts: readonly string[]) => reading([...texts, block(texts.join(' '), { origin: 'script' })]);
    expect(diff(withScript(old), withScript(fresh)).edits).toMatchObject([{ blockBefore: 'b0', blockAfter: 'b0' }]);
    expect(diff(reading(old), withScript(fresh)).edits).toHaveLength(1);
    expect(diff(withScript(old), reading([...fresh, block(old.join(' '), { origin: 'script' })])).edits).toHaveLength(
      1,
    );
  });
  it('a body that a script held before and the page holds now is the same body', () => {
    const inScript = reading(STORY.map((text) => block(text, { origin: 'script' })));
    const both = reading([...STORY, block(STORY.join(' '), { origin: 'script' })]);
    expect(diff(inScript, story).edits).toEqual([]);
    expect(diff(inScript, both).edits).toEqual([]);
    expect(diff(inScript, reading(storyWith(0, (text) => text.replace('Friday', 'Sunday')))).kinds).toEqual([
      'paragraph-reworded',
    ]);
  });
});

describe('kinds', () => {
  it.each([
    ['lead', 'lead'],
    ['caption', 'caption'],
    ['credit', 'caption'],
    ['correction', 'correction'],
    ['fact-box', 'paragraph-reworded'],
    ['quote', 'paragraph-reworded'],
  ] as const)('%s → %s', (label, kind) => {
    const [one, other] = ['A view of the harbour at night.', 'A view of the harbour at dawn.'];
    const change = diff(reading([...STORY, block(one, { label })]), reading([...STORY, block(other, { label })]));
    expect(change.kinds).toEqual([kind]);
  });
  it('a correction note that appears is one', () => {
    const note = block('Correction: an earlier version gave a wrong number.', { label: 'correction' });
    expect(diff(story, reading([...STORY, note]))).toMatchObject({ kinds: ['correction'], significance: 0.7 });
  });
});

describe('declared and stealth', () => {
  const dated = (modifiedAt: string, texts: readonly string[] = STORY) => reading(texts, { modifiedAt });
  it('a date of modification alone is no edit', () => {
    const change = diff(dated('2026-01-01T10:00:00Z'), dated('2026-01-01T11:00:00Z'));
    expect(change).toMatchObject({
      edits: [],
      declared: { before: '2026-01-01T10:00:00Z', after: '2026-01-01T11:00:00Z' },
      stealth: false,
    });
  });
  it('text that changed with its declaration is no stealth; without it, it is', () => {
    const edited = storyWith(0, (text) => text.replace('Friday', 'Sunday'));
    expect(diff(dated('2026-01-01'), dated('2026-01-02', edited)).stealth).toBe(false);
    expect(diff(dated('2026-01-01'), dated('2026-01-01', edited)).stealth).toBe(true);
  });
});

describe('hasEdits and summarise', () => {
  const summary = (after: Parameters<typeof reading>[0], given?: Partial<Reading>) => {
    const change = diff(reading(STORY, given && { title: 'Old' }), reading(after, given));
    return [hasEdits(change), summarise(change)];
  };
  it('says in a line what changed', () => {
    expect(summary(STORY)).toEqual([false, 'nothing changed']);
    expect(summary([...STORY.slice(0, 3), boilerplate(STORY[3])])).toEqual([
      false,
      'no edit; 1 sentence moved by the template',
    ]);
    expect(summary(STORY.slice(2))).toEqual([true, '2 paragraphs removed']);
    const much = [
      block('New', { label: 'headline' }),
      STORY[0].replace('Friday', 'Sunday'),
      STORY[1].replace('12', '13'),
      'Something else was added.',
      STORY[2],
      STORY[3],
      block('Correction: we were wrong.', { label: 'correction' }),
    ];
    expect(summary(much, { title: 'New' })).toEqual([
      true,
      'headline; correction note; 2 paragraphs reworded, 1 added',
    ]);
  });
});
