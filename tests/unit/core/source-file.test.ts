import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TearsheetError } from '../../../src/core/errors.ts';
import { loadSources } from '../../../src/core/source-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tearsheet-sources-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Stands in for the cleaner's: this room does not know what a selector is. */
const selectors = () => Promise.resolve((selector: string) => (selector === '((' ? 'a CSS selector' : null));
const load = (texts: Readonly<Record<string, string | Buffer>>) => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(dir, name), text);
  return loadSources(dir, { selectors });
};
const HEAD = 'name: daily\nhome: https://www.daily.example/\n';
/** What is said of a file, without the folder. */
async function refusal(texts: string | Readonly<Record<string, string | Buffer>>): Promise<string> {
  const thrown = await load(typeof texts === 'string' ? { 'daily.yaml': texts } : texts).catch(
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(TearsheetError);
  expect((thrown as TearsheetError).code).toBe('E_SOURCE_INVALID');
  expect((thrown as TearsheetError).message).not.toContain('\n');
  return (thrown as TearsheetError).message.replaceAll(`${dir}/`, '');
}

describe('loadSources', () => {
  it('gives none for an empty or a missing folder, and asks for no selector then', async () => {
    const unasked = () => Promise.reject(new Error('not to be asked'));
    expect((await loadSources(dir, { selectors: unasked })).list).toEqual([]);
    const missing = join(dir, 'none');
    expect((await loadSources(missing, { selectors: unasked, mayBeMissing: true })).list).toEqual([]);
    await expect(loadSources(missing, { selectors: unasked })).rejects.toThrow(
      /expected a folder of source files, got ENOENT; name one with --sources DIR/,
    );
  });

  it('reads a whole file', async () => {
    const sources = await load({
      'daily.yaml': `${HEAD}hosts: [daily-news.example, '*.daily.test']
feeds: [https://www.daily.example/rss.xml]
sitemaps: [https://www.daily.example/news.xml]
listings:
  - {url: https://www.daily.example/world/, links: 'h3 > a'}
scope: {include: ['/\\d{6}'], exclude: ['/shop/']}
articleId: '-(\\d{6,})$'
pace: {delayMs: 2000, concurrency: 1}
render: auto
schedule: '*/15 6-22 * * * Europe/Berlin'
rules:
  - id: old-teaser
    reason: Teasers looked like paragraphs.
    validUntil: 2026-02-01
    drop: [p.teaser, 'aside[data-kind="x"]']
  - {validFrom: 2026-02-01, keep: div.story, label: {p.intro: lead}}
  - label: [{selector: p.intro, label: lead}]
`,
      '.hidden.yaml': 'broken: [',
      'notes.txt': 'not a source',
    });
    const [daily] = sources.list;
    expect(daily).toMatchObject({
      name: 'daily',
      articleId: '-(\\d{6,})$',
      claims: ['daily.example', 'daily-news.example', 'daily.test'],
      path: join(dir, 'daily.yaml'),
    });
    expect(daily?.rules?.map(({ validFrom, validUntil }) => [validFrom, validUntil])).toEqual([
      [undefined, '2026-02-01'],
      ['2026-02-01', undefined],
      [undefined, undefined],
    ]);
  });

  it.each([
    [
      'an unknown key',
      `${HEAD}feed: []\n`,
      /^daily\.yaml:3: feed: expected one of name, home, .*, got feed; did you mean feeds\?$/,
    ],
    [
      'an unknown key of a rule',
      `${HEAD}rules:\n  - drop: p\n    validUnitl: 2026-01-01\n`,
      /^daily\.yaml:5: rules\[0\]\.validUnitl: .* did you mean validUntil\?$/,
    ],
    ['no home', 'name: daily\n', /^daily\.yaml:1: home: expected an address such as \S+, got nothing; mend the file$/],
    ['nothing', '', /^daily\.yaml.*: expected the facts of a source, such as name and home, got nothing;/],
    ['a list', '- 1\n', /^daily\.yaml:1: expected the facts of a source, .*, got \[1\];/],
    [
      'a number for a name',
      'name: 7\nhome: https://x.example/\n',
      /^daily\.yaml:1: name: expected the file's name .*, got 7;/,
    ],
    [
      'a path for a name',
      'name: ../x\nhome: https://x.example/\n',
      /name: expected the file's name .*, got "\.\.\/x";/,
    ],
    [
      'another name',
      'name: weekly\nhome: https://x.example/\n',
      /^daily\.yaml:1: name: expected daily, as the file is called, got weekly; rename one of the two$/,
    ],
    [
      'a home that is no address',
      'name: daily\nhome: https://[x/\n',
      /^daily\.yaml:2: home: expected an address that can be read, got "https:\/\/\[x\/";/,
    ],
    ['a host with a path', `${HEAD}hosts: [daily.test/x]\n`, /^daily\.yaml:3: hosts\[0\]: expected a host such as/],
    [
      'a host that many share',
      `${HEAD}hosts: [co.uk]\n`,
      /expected a host of one publisher, not a suffix that many share, got "co\.uk"/,
    ],
    [
      'a selector that is none',
      `${HEAD}rules:\n  - drop:\n      - p\n      - '(('\n`,
      /^daily\.yaml:4: rules\[0\]\.drop: expected a CSS selector, got "\(\(";/,
    ],
    [
      'a selector of links that is none',
      `${HEAD}listings:\n  - url: https://daily.example/\n    links: '(('\n`,
      /^daily\.yaml:5: listings\[0\]\.links: expected a CSS selector/,
    ],
    [
      'a number for a selector',
      `${HEAD}rules:\n  - drop: 3\n`,
      /rules\[0\]\.drop: expected a CSS selector or a list of them, got 3;/,
    ],
    [
      'a number among selectors',
      `${HEAD}rules:\n  - drop:\n    - p\n    - 3\n`,
      /^daily\.yaml:6: rules\[0\]\.drop\[1\]: expected a CSS selector such as .*, got 3;/,
    ],
    ['no selector', `${HEAD}rules:\n  - drop: []\n`, /rules\[0\]\.drop: expected at least one CSS selector, got \[\];/],
    [
      'a rule that says nothing',
      `${HEAD}rules:\n  - id: x\n`,
      /^daily\.yaml:4: rules\[0\]: expected drop, keep or label, got a rule that says nothing;/,
    ],
    [
      'a label that does not exist',
      `${HEAD}rules:\n  - label:\n      p.x: adverts\n`,
      /^daily\.yaml:5: rules\[0\]\.label\["p\.x"\]: expected a label .*, got "adverts";/,
    ],
    [
      'such a label in a list',
      `${HEAD}rules:\n  - label:\n    - selector: p\n      label: adverts\n`,
      /^daily\.yaml:6: rules\[0\]\.label\[0\]\.label: expected a label/,
    ],
    [
      'a day that is none',
      `${HEAD}rules:\n  - drop: p\n    validFrom: soon\n`,
      /^daily\.yaml:5: rules\[0\]\.validFrom: expected a day such as 2026-01-31, got "soon";/,
    ],
    [
      'a day that the calendar lacks',
      `${HEAD}rules:\n  - drop: p\n    validUntil: 2026-02-30\n`,
      /rules\[0\]\.validUntil: expected a day of the calendar, got "2026-02-30";/,
    ],
    [
      'days the wrong way round',
      `${HEAD}rules:\n  - {drop: p, validFrom: 2026-02-01, validUntil: 2026-02-01}\n`,
      /validUntil: expected a day after 2026-02-01, got "2026-02-01";/,
    ],
    [
      'one id twice',
      `${HEAD}rules:\n  - {id: a, drop: p}\n  - {id: a, drop: q}\n`,
      /^daily\.yaml:5: rules\[1\]\.id: expected a name of its own, got "a" a second time;/,
    ],
    [
      'a pattern that does not compile',
      `${HEAD}articleId: '('\n`,
      /^daily\.yaml:3: articleId: expected a regular expression, got "\(";/,
    ],
    [
      'a pattern that may take for ever',
      `${HEAD}articleId: '(\\d+)+x'\n`,
      /articleId: expected a regular expression without a repetition in a repeated group/,
    ],
    ['half a millisecond', `${HEAD}pace: {delayMs: 0.5}\n`, /pace\.delayMs: expected whole milliseconds, got 0\.5;/],
    [
      'an unknown way to render',
      `${HEAD}render: sometimes\n`,
      /render: expected auto, always or never, got "sometimes";/,
    ],
    ['a schedule of words', `${HEAD}schedule: daily\n`, /schedule: expected cron and a time zone/],
  ])('refuses %s, and says where', async (_, text, message) => {
    expect(await refusal(text)).toMatch(message);
  });

  it.each([
    [
      'broken YAML',
      `${HEAD}rules: [\n`,
      /^daily\.yaml:4: expected YAML, got Flow sequence in block collection must be/,
    ],
    ['one key twice', `${HEAD}name: daily\n`, /^daily\.yaml:\d+: expected YAML, got Map keys must be unique/],
    ['two documents', `${HEAD}---\n${HEAD}`, /expected YAML, got/],
    ['bytes that are no UTF-8', Buffer.from([0x6e, 0xff, 0xfe]), /^daily\.yaml: expected UTF-8, got other bytes/],
    [
      'a huge file',
      `${HEAD}# ${'x'.repeat(1024 * 1024)}`,
      /expected a source file of at most 1048576 bytes, got \d+; shorten it/,
    ],
    ['aliases of aliases', bomb(), /expected a source file, got Excessive alias count/],
    ['brackets without end', `${HEAD}feeds: ${'['.repeat(200_000)}`, /expected/],
    [
      'a list of more than it may hold',
      `${HEAD}feeds:\n${'  - https://a.example/\n'.repeat(1001)}`,
      /feeds: expected a list of addresses/,
    ],
    ['a prototype', `${HEAD}__proto__: {rules: []}\n`, /expected one of name, home, .* got __proto__/],
  ])('survives %s', async (_, text, message) => {
    expect(await refusal({ 'daily.yaml': text })).toMatch(message);
  });

  it('takes a tag that calls for code for the text it is, and refuses that', async () => {
    expect(await refusal(`${HEAD}articleId: !!js/function 'function () { return 1 }('\n`)).toMatch(
      /regular expression/,
    );
  });

  it('refuses two files of one source, and two sources of one host', async () => {
    expect(await refusal({ 'daily.yaml': HEAD, 'daily.yml': HEAD })).toBe(
      'daily.yml: expected one file a source, got a second one beside daily.yaml; remove one of them',
    );
    rmSync(join(dir, 'daily.yml'));
    const other = 'name: other\nhome: https://blog.daily.example/\n';
    expect(await refusal({ 'other.yaml': other })).toBe(
      'other.yaml: expected hosts of its own, got daily.example, which daily.yaml claims too; list the hosts of each under hosts',
    );
    const { list } = await load({ 'other.yaml': `${other}hosts: [video.daily.example]\n` });
    expect(list.map(({ claims }) => claims)).toEqual([
      ['daily.example'],
      ['blog.daily.example', 'video.daily.example'],
    ]);
  });

  it('says of a file that cannot be read which one it is', async () => {
    mkdirSync(join(dir, 'folder.yaml'));
    expect(await refusal({})).toMatch(/^folder\.yaml: expected a file that can be read, got EISDIR; mend or move it$/);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 9; n += 1)
    lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
  return `${lines.join('\n')}\n`;
}
