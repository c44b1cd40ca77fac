/** The rules as data: every file of `config/rules/` compiles, keeps to its label, speaks enough languages and says no more than it means. */
import { describe, expect, test } from 'vitest';
import { compileRules, phraseHits } from '../../../src/clean/rules.ts';
import { LABELS } from '../../../src/core/labels.ts';
import { readRules } from '../../../src/core/rules.ts';

const { rules } = readRules();
const compiled = compileRules(rules);

const LANGUAGES =
  'en de fr es pt it nl sv da nb fi is pl cs sk sl hr sr bs bg mk ru uk be ro hu el tr az kk ka hy ar fa ur he hi bn ta te mr th vi id ms sw zh-hans zh-hant ja ko et lv lt sq ca eu gl'.split(
    ' ',
  );
const ENOUGH_LANGUAGES = 30;
const LANGUAGE_BOUND: Readonly<Record<string, string>> = {
  'byline/role-after-name': 'only Korean puts the trade behind the name, without a preposition before it',
  'footer/responsible': 'only where the law asks for the name of whoever answers for the text',
  'share/short-link': 'short links to copy stand on few sites, most of them in the Far East',
};
const SHORTEST_WITHIN = 8;
const SHORT_AND_UNMISTAKABLE = new Set(['lästid:', 'sek mus']);
const IN_LATIN = /^[\p{Script=Latin}\p{Script=Common}]+$/u;

const phraseRules = rules.files.flatMap(({ phrases }) => phrases ?? []);
const classRules = rules.files.flatMap(({ classes }) => classes ?? []);
const allRules = rules.files.flatMap(({ label, classes, phrases, elements }) =>
  [...(classes ?? []), ...(phrases ?? []), ...(elements ?? [])].map((rule) => ({ label, rule })),
);

test('every label that needs words has a file of its own', () => {
  const labels = rules.files.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels.filter((label) => !LABELS.includes(label))).toEqual([]);
});

test('ids are unique and begin with the label of their file', () => {
  const ids = allRules.map(({ rule }) => rule.id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  expect(allRules.filter(({ label, rule }) => !rule.id.startsWith(`${label}/`)).map(({ rule }) => rule.id)).toEqual([]);
});

test('every rule says why it is there and spells no field that nobody reads', () => {
  const known = new Set('id weight reason taught words match maxChars names roles'.split(' '));
  for (const { rule } of allRules) {
    expect(rule.reason, rule.id).toMatch(/\S.{3,}/);
    expect(
      Object.keys(rule).filter((key) => !known.has(key)),
      rule.id,
    ).toEqual([]);
  }
});

test.each(phraseRules.map((rule) => [rule.id, rule] as const))('%s speaks enough languages', (id, { words }) => {
  const languages = Object.keys(words);
  expect(languages.filter((language) => !LANGUAGES.includes(language))).toEqual([]);
  if (id in LANGUAGE_BOUND) expect(languages.length).toBeLessThan(ENOUGH_LANGUAGES);
  else expect(languages.length).toBeGreaterThanOrEqual(ENOUGH_LANGUAGES);
});

test('every exception from the count of languages names a rule that exists', () => {
  const ids = new Set(phraseRules.map(({ id }) => id));
  expect(Object.keys(LANGUAGE_BOUND).filter((id) => !ids.has(id))).toEqual([]);
});

test('a phrase sought anywhere in Latin script is long enough to mean one thing', () => {
  const short = phraseRules
    .filter(({ match }) => match === 'within')
    .flatMap(({ id, words }) =>
      Object.values(words)
        .flat()
        .filter(
          (phrase) => IN_LATIN.test(phrase) && /\p{Script=Latin}/u.test(phrase) && phrase.length < SHORTEST_WITHIN,
        )
        .filter((phrase) => !SHORT_AND_UNMISTAKABLE.has(phrase))
        .map((phrase) => `${id}: ${phrase}`),
    );
  expect(short).toEqual([]);
});

test('phrases are trimmed strings, each once in its language', () => {
  for (const { id, words } of phraseRules)
    for (const [language, phrases] of Object.entries(words)) {
      const here = `${id}, ${language}`;
      expect(
        phrases.filter((phrase) => typeof phrase !== 'string' || phrase !== phrase.trim() || phrase === ''),
        here,
      ).toEqual([]);
      expect(
        phrases.filter((phrase, at) => phrases.indexOf(phrase) !== at),
        here,
      ).toEqual([]);
    }
});

test('class words are spelled as class names are split: lower case letters and digits, at most two', () => {
  for (const { id, words } of classRules) {
    expect(
      words.filter((word) => !/^[a-z0-9]+(?:\+[a-z0-9]+)?$/.test(word)),
      id,
    ).toEqual([]);
    expect(
      words.filter((word, at) => words.indexOf(word) !== at),
      id,
    ).toEqual([]);
  }
});

describe('the lists of words', () => {
  test('are lower case strings, each once', () => {
    for (const [list, words] of Object.entries(rules.words)) {
      expect(
        words.filter((word) => typeof word !== 'string' || word !== word.toLowerCase() || word.trim() === ''),
        list,
      ).toEqual([]);
      expect(
        words.filter((word, at) => words.indexOf(word) !== at),
        list,
      ).toEqual([]);
    }
  });

  test('months have one number each, and all twelve have names in many languages', () => {
    const pairs = (rules.words['monthNames'] ?? []).map((pair) => /^([^=]{2,20})=(\d{1,2})$/u.exec(pair));
    expect(pairs.filter((pair) => pair === null)).toEqual([]);
    const numbers = new Map<string, string>();
    for (const [, name = '', number = ''] of pairs as RegExpExecArray[]) {
      expect(Number(number), name).toBeGreaterThanOrEqual(1);
      expect(Number(number), name).toBeLessThanOrEqual(12);
      expect(numbers.get(name) ?? number, name).toBe(number);
      numbers.set(name, number);
    }
    for (let month = 1; month <= 12; month++)
      expect([...numbers.values()].filter((number) => number === String(month)).length).toBeGreaterThan(40);
  });
});

describe('what stands on news pages is known', () => {
  test.each([
    ['comments', 'Komentarze (12)'],
    ['comments', 'Opinie'],
    ['comments', 'Messages'],
    ['comments', 'Réagir'],
    ['comments', '댓글 7'],
    ['comments', 'תגובות'],
    ['comments', 'Σχόλια'],
    ['comments', 'ΣΧΟΛΙΑ'],
    ['correction', 'Rettelse: Byen hedder Ribe, ikke Tønder.'],
    ['correction', 'Rättelse: I texten stod fel årtal.'],
    ['correction', '[바로잡습니다] 날짜가 잘못되었습니다.'],
    ['credit', 'Fotoğraf: Ayşe Demir'],
    ['credit', 'المصدر : الوكالة'],
    ['credit', 'Foto: Max Muster'],
    ['credit', '사진=홍길동'],
    ['dateline', '입력 2024.05.01 09:12'],
    ['dateline', '수정 2024.05.01 11:00'],
    ['dateline', 'Publicerad 3 maj 2024'],
    ['dateline', 'Güncelleme: 3 Mayıs 2024 10:15'],
    ['byline', 'โดย สมชาย ใจดี'],
    ['byline', '홍길동 기자 hong@example.com'],
    ['byline', 'מאת דנה כהן'],
    ['byline', 'Door Anna de Vries'],
    ['login', 'Haben Sie schon ein Abo?'],
    ['login', 'Hier anmelden'],
    ['login', 'Logga in'],
    ['login', 'Giriş yap'],
    ['copyright', 'کلیه‌ی حقوق این پایگاه محفوظ است'],
    ['copyright', 'تمامی حقوق برای این پایگاه محفوظ است'],
    ['copyright', '무단 전재 및 재배포 금지'],
    ['consent', 'Nous utilisons des cookies sur ce journal.'],
    ['consent', 'Мы используем файлы cookie'],
    ['footer', 'Polityka prywatności'],
    ['footer', 'İletişim'],
    ['author-bio', '기자의 다른 기사'],
    ['chat', 'Livechat'],
  ])('%s: %s', (label, text) => {
    expect(phraseHits(compiled, text).map((hit) => hit.label)).toContain(label);
  });

  test.each([
    'The minister came by train and spoke about the comments of his rival.',
    'Auf dem Weg von der Küste in die Berge regnete es am Montag.',
    'Il ministro ha detto che la legge sarà discussa in aula la prossima settimana.',
    'La maire a répondu aux commentaires de son adversaire pendant la séance du conseil.',
    'Der Fotograf sagte, sein Bild sei vor Gericht als Beweis zugelassen worden.',
    'Премьер-министр сообщил, что бюджет будет принят до конца года.',
    'Başbakan, bütçenin yıl sonuna kadar kabul edileceğini söyledi.',
    '総理大臣は、予算案を年内に成立させる方針を明らかにした。',
    '총리는 예산안을 연내에 처리하겠다고 밝혔다.',
    '总理表示，预算案将在年底前通过。',
    'قال رئيس الوزراء إن الموازنة ستقر قبل نهاية العام.',
  ])('nothing is made of prose: %s', (text) => {
    expect(phraseHits(compiled, text)).toEqual([]);
  });
});
