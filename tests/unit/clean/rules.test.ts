import { describe, expect, it } from 'vitest';
import { classHits, classWords, compileRules, phraseHits, plainWordsOf } from '../../../src/clean/rules.ts';
import { readRules, type RuleFile } from '../../../src/core/rules.ts';

const head = { reason: 'a test', weight: 60 };
const file = (phrases: RuleFile['phrases'], classes: RuleFile['classes'] = []): RuleFile => ({
  label: 'promo',
  ...(phrases ? { phrases } : {}),
  ...(classes ? { classes } : {}),
});
const compile = (...files: RuleFile[]) =>
  compileRules({
    files,
    kinds: { order: [], enough: 100, little: {}, much: {}, kinds: [] },
    tunables: {},
    words: {},
  });
const rules = compile(
  file([
    {
      ...head,
      id: 'promo/whole',
      match: 'whole',
      words: { en: ['Follow us'], ja: ['フォローする'], tr: ['takip et'] },
    },
    { ...head, id: 'promo/start', match: 'start', words: { en: ["Don't miss"], es: ['¡No te pierdas'] } },
    { ...head, id: 'promo/within', match: 'within', maxChars: 60, words: { en: ['our channel'], zh: ['官方频道'] } },
  ]),
);
const said = (text: string): string[] => phraseHits(rules, text).map(({ rule }) => rule);

describe('phraseHits', () => {
  it.each<[string, string[]]>([
    ['Follow us', ['promo/whole']],
    ['  FOLLOW   US! ', ['promo/whole']],
    ['12 follow us', ['promo/whole']],
    ['Follow us home', []],
    ['They follow us', []],
    ['フォローする', ['promo/whole']],
    ['TAKİP ET', ['promo/whole']],
    ['Don’t miss the rest of it', ['promo/start']],
    ["You don't miss it", []],
    ['¡No te pierdas nada!', ['promo/start']],
    ['Join our channel today', ['promo/within']],
    ['Join our channels today', []],
    [`Join our channel ${'x'.repeat(60)}`, []],
    ['请关注官方频道获取消息', ['promo/within']],
  ])('%j says %j', (text, expected) => expect(said(text)).toEqual(expected));
});

describe('classHits', () => {
  const named = compile(file([], [{ ...head, id: 'promo/class', words: ['promo', 'app+banner'] }]));
  it('takes names apart at dashes, underscores and capitals', () => {
    expect(classWords('articleBody__relatedLinks-v2')).toEqual(['article', 'body', 'related', 'links', 'v2']);
  });
  it('wants whole words, and both words of a pair in one name', () => {
    const hit = (name: string) => classHits(named, name).length;
    expect([hit('site-promo'), hit('promote'), hit('app-banner'), hit('banner'), hit('wrapper-banner')]).toEqual([
      1, 0, 1, 0, 0,
    ]);
  });
});

describe('compileRules refuses', () => {
  const broken: Readonly<Record<string, RuleFile>> = {
    'a label that does not exist': { label: 'nonsense' as 'promo' },
    'two rules of one id': file([{ ...head, id: 'a', match: 'whole', words: {} }], [{ ...head, id: 'a', words: [] }]),
    'a weight beyond 100': file([{ ...head, id: 'a', weight: 101, match: 'whole', words: {} }]),
    'a phrase without letters': file([{ ...head, id: 'a', match: 'whole', words: { en: ['…'] } }]),
  };
  it.each(Object.keys(broken))('%s', (name) => {
    expect(() => compile(broken[name] as RuleFile)).toThrow(
      expect.objectContaining({ code: 'E_RULES_INVALID' }) as Error,
    );
  });
});

describe('rules that the build has prepared', () => {
  it('are the same as those it made them from', () => {
    const { rules: source } = readRules();
    const prepared = {
      ...source,
      files: source.files.map((one) => ({
        ...one,
        ...(one.phrases
          ? {
              phrases: one.phrases.map((rule) => ({
                ...rule,
                words: {},
                plainWords: plainWordsOf(rule),
              })),
            }
          : {}),
      })),
    };
    expect(compileRules(prepared)).toEqual(compileRules(source));
    expect(compileRules(prepared).byFirstToken.size).toBeGreaterThan(1_000);
  });
});
