import { describe, expect, it } from 'vitest';
import { judgeLook, type LookEvidence } from '../../../src/compare/index.ts';
import { PAGE_KINDS } from '../../../src/core/labels.ts';
import { block, boilerplate, reading, STORY, storyWith } from './readings.ts';

const URL_ASKED = 'https://news.example/world/harbour-closed-12';
const story = reading(STORY);
const look = (given: Partial<LookEvidence>) =>
  judgeLook({ status: 200, askedUrl: URL_ASKED, finalUrl: URL_ASKED, reading: story, ...given });

describe('judgeLook: status', () => {
  it.each([
    [304, 'not-modified', undefined],
    [404, 'gone', 'E_PAGE_GONE'],
    [410, 'gone', 'E_PAGE_GONE'],
    [401, 'walled', 'E_PAGE_WALLED'],
    [402, 'walled', 'E_PAGE_WALLED'],
    [403, 'walled', 'E_PAGE_WALLED'],
    [407, 'walled', 'E_PAGE_WALLED'],
    [451, 'walled', 'E_PAGE_WALLED'],
    [400, 'error', 'E_FETCH_STATUS'],
    [429, 'error', 'E_FETCH_STATUS'],
    [500, 'error', 'E_FETCH_STATUS'],
    [503, 'error', 'E_FETCH_STATUS'],
    [302, 'error', 'E_FETCH_STATUS'],
  ] as const)('%i → %s', (status, outcome, error) => {
    for (const previous of [undefined, story]) {
      const judged = look({ status, reading: undefined, previous });
      expect(judged).toMatchObject({ outcome, isVersion: false });
      expect(judged.error).toBe(error);
      expect(look({ status, previous }).isVersion).toBe(false);
    }
  });
  it('calls a bot check one whatever its status', () => {
    const check = reading(['Checking your browser'], { kind: 'bot-check' });
    for (const status of [200, 403, 429, 503]) expect(look({ status, reading: check }).outcome).toBe('walled');
  });
  it('calls an answer without a body an error', () => {
    expect(look({ reading: undefined })).toMatchObject({ outcome: 'error', error: 'E_FETCH_EMPTY' });
  });
});

describe('judgeLook: kind of page', () => {
  it.each(PAGE_KINDS)('%s is a first version or it is not', (kind) => {
    const wanted = {
      login: 'walled',
      consent: 'walled',
      paywall: 'walled',
      'bot-check': 'walled',
      'soft-404': 'soft-404',
      empty: 'error',
      error: 'error',
    } as Record<string, string>;
    const judged = look({ reading: { ...story, kind } });
    expect(judged.outcome).toBe(wanted[kind] ?? 'new');
    expect(judged.isVersion).toBe(!(kind in wanted));
    const further = look({ reading: reading(['Other words.'], { kind }), previous: story });
    expect(further.outcome).toBe(wanted[kind] ?? 'changed');
    expect(further.isVersion).toBe(!(kind in wanted));
  });
});

describe('judgeLook: redirects', () => {
  it.each([
    ['https://news.example/', 'soft-404'],
    ['https://www.news.example/en/', 'soft-404'],
    ['https://parked.example/', 'soft-404'],
    ['https://news.example/world/', 'soft-404'],
    ['https://news.example/world/harbour-closed-12/', 'new'],
    ['https://news.example/world/harbour-open-12', 'new'],
    ['https://news.example/sport/', 'new'],
  ])('to a list at %s → %s', (finalUrl, outcome) => {
    const judged = look({ finalUrl, reading: reading(STORY, { kind: 'listing' }), previous: undefined });
    expect(judged.outcome).toBe(outcome);
  });
  it('to an article above is none', () => {
    expect(look({ askedUrl: `${URL_ASKED}/page/2`, finalUrl: URL_ASKED }).outcome).toBe('new');
  });
  it('of a front page is none', () => {
    const finalUrl = 'https://news.example/en/';
    expect(
      look({ askedUrl: 'http://news.example/', finalUrl, reading: reading(STORY, { kind: 'listing' }) }).outcome,
    ).toBe('new');
  });
});

describe('judgeLook: versions', () => {
  it('the first is new, a teaser too', () => {
    expect(look({})).toEqual({ outcome: 'new', isVersion: true });
    expect(look({ reading: { ...story, paywalled: true } })).toMatchObject({
      outcome: 'new',
      isVersion: true,
      note: expect.any(String) as string,
    });
  });
  it('an edit is a version, said in a line', () => {
    const edited = reading(storyWith(0, (text) => text.replace('Friday', 'Sunday')));
    expect(look({ reading: edited, previous: story })).toEqual({
      outcome: 'changed',
      isVersion: true,
      note: '1 paragraph reworded',
    });
  });
  it('nothing new is none, a relabelling is noted', () => {
    expect(look({ previous: story })).toEqual({ outcome: 'unchanged', isVersion: false });
    const moved = reading([...STORY.slice(0, 3), boilerplate(STORY[3])]);
    expect(look({ reading: moved, previous: story })).toEqual({
      outcome: 'unchanged',
      isVersion: false,
      note: 'no edit; 1 sentence moved by the template',
    });
  });
  it('takes the change it is given', () => {
    const edited = reading(storyWith(0, (text) => text.replace('Friday', 'Sunday')));
    const change = {
      schema: 1 as const,
      kinds: [],
      cause: 'none' as const,
      edits: [],
      relabelled: [],
      significance: 0,
      declared: {},
      stealth: false,
    };
    expect(look({ reading: edited, previous: story, change }).outcome).toBe('unchanged');
  });
  it('an article cut to one line is news, and suspicious', () => {
    expect(look({ reading: reading(['This article was withdrawn.']), previous: story })).toMatchObject({
      outcome: 'changed',
      isVersion: true,
      note: expect.stringContaining('less than half of the body is left') as string,
    });
  });
  it('says that the headline or the kind of page changed', () => {
    const titled = reading([block('Harbour', { label: 'headline' }), ...STORY], { title: 'Harbour' });
    expect(look({ reading: story, previous: titled }).note).toContain('headline is gone');
    const film = reading([...STORY, 'See the film.'], { kind: 'video' });
    expect(look({ reading: film, previous: story }).note).toContain('was article, is video');
  });
});

describe('judgeLook: paywalls', () => {
  const prompt = block('To read on, subscribe now.', { role: 'boilerplate', label: 'paywall' });
  const teaser = reading([STORY[0], prompt]);
  it('a wall where text stood is one, also by its declaration alone', () => {
    expect(look({ reading: teaser, previous: story })).toMatchObject({
      outcome: 'walled',
      isVersion: false,
      error: 'E_PAGE_WALLED',
    });
    expect(look({ reading: reading([STORY[0]], { paywalled: true }), previous: story }).outcome).toBe('walled');
    expect(look({ reading: reading([...STORY.slice(0, 2), prompt]), previous: story }).outcome).toBe('walled');
  });
  it('a prompt that was there before, or that leaves the text alone, is none', () => {
    const prompted = reading([...STORY, prompt]);
    expect(look({ reading: teaser, previous: prompted }).outcome).toBe('changed');
    expect(look({ reading: prompted, previous: story }).outcome).toBe('unchanged');
    const shortened = reading([
      ...STORY.slice(0, 2),
      'The rest was rewritten at some length, with other words than before.',
      prompt,
    ]);
    expect(look({ reading: shortened, previous: story }).outcome).toBe('changed');
  });
  it('a wall that fell is a change', () => {
    expect(look({ reading: story, previous: teaser }).outcome).toBe('changed');
  });
});
