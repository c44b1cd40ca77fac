import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { archiveUrl, clean, open, sources as librarySources } from '../../src/index.ts';
import { Reading } from '../../src/core/schema.ts';
import { tearsheet } from './command-line.ts';
import { ALLOW, openPaper, pageOf, sendHtml, storyOf } from './paper.ts';
import type { Paper } from './paper.ts';

let dir: string;
let paper: Paper;
/** The page template of the day: the class of the box that every article ends with. */
let boxClass: string;
let edits: Record<string, string>;
/** Sent in the place of every page, where there is one. */
let wall: string | undefined;

const BOX_TEXT =
  'The Harbour Post is printed by its readers: three hundred of them own a share in it, and the presses stand in the old customs house.';
const pageAt = (path: string): string => {
  const name = path.split(/[/-]/).find((part) => /^[a-z]{4,}$/.test(part)) ?? 'town';
  const story = storyOf(name);
  const paragraphs = [...story.paragraphs, edits[path] ?? ''].filter((text) => text !== '');
  return pageOf({ ...story, paragraphs }).replace('</article>', `<p class="${boxClass}">${BOX_TEXT}</p></article>`);
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-sources-'));
  await mkdir(join(dir, 'sources'));
  boxClass = 'owners';
  edits = {};
  wall = undefined;
  paper = await openPaper((path, _, response) =>
    wall === undefined ? sendHtml(response, pageAt(path)) : sendHtml(response, wall),
  );
});
afterEach(async () => {
  await paper.close();
  await rm(dir, { recursive: true });
});

const source = (rest: string, name = 'post', home = `${paper.origin}/`) =>
  writeFile(join(dir, 'sources', `${name}.yaml`), `name: ${name}\nhome: ${home}\n${rest}`);
const run = (...argv: string[]) =>
  tearsheet([...argv, '--archive', join(dir, 'archive'), '--sources', join(dir, 'sources'), ...ALLOW]);
const archive = (...paths: string[]) => run('archive', ...paths.map((path) => paper.origin + path), '--json');
const roleOfBox = ({ blocks }: Reading) => blocks.find(({ text }) => text === BOX_TEXT)?.role;
const OWNERS = 'rules:\n  - id: owners\n    drop: .owners\n';

describe('archive with a source', () => {
  test("reads each page by its source's rules, files it under the publisher's id, and finds it by address, id and folder", async () => {
    await source(`articleId: '-(\\d{4,})$'\n${OWNERS}`);
    const first = await archive('/a/anna-bridge-10001');
    expect(first.objects()).toMatchObject([{ outcome: 'new', article: 'post:10001', version: 1 }]);
    const moved = await archive('/b/anna-other-slug-10001');
    expect(moved.objects()).toMatchObject([{ outcome: 'unchanged', article: 'post:10001', version: 1 }]);
    for (const query of [`${paper.origin}/a/anna-bridge-10001`, `${paper.origin}/never/seen-10001`, 'post:10001']) {
      const { snapshot } = (await run('show', query, '--json')).objects()[0] as { snapshot: { reading: Reading } };
      expect(roleOfBox(snapshot.reading)).toBe('boilerplate');
    }
    expect((await run('verify')).code).toBe(0);
  });

  test('takes a new rule for a change of ours: no version is minted, and the note says what is read otherwise', async () => {
    await archive('/anna-1');
    const before = (await run('show', `${paper.origin}/anna-1`, '--json')).objects()[0] as {
      snapshot: { reading: Reading; madeBy: { rules: string } };
    };
    expect(roleOfBox(before.snapshot.reading)).toBe('article');
    await source(OWNERS);
    const [again] = (await archive('/anna-1')).objects();
    expect(again).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect(JSON.stringify((await run('history', `${paper.origin}/anna-1`, '--json')).objects())).toContain(
      "v1 by today's rules: no edit; 1 sentence read otherwise by the cleaner",
    );
    edits['/anna-1'] = 'On Wednesday the bridge was closed again for want of a key to its gate.';
    expect((await archive('/anna-1')).objects()).toMatchObject([{ outcome: 'changed', version: 2 }]);
    const diff = (await run('diff', `${paper.origin}/anna-1`, '--json')).objects()[0] as {
      change: { kinds: string[] };
    };
    expect(diff.change.kinds).toEqual(['paragraph-added']);
    const after = (await run('show', `${paper.origin}/anna-1`, '--json')).objects()[0] as typeof before;
    expect(after.snapshot.madeBy.rules).not.toBe(before.snapshot.madeBy.rules);
  });

  test('keeps an article where it is when its source gets a pattern for ids later', async () => {
    await archive('/anna-bridge-10001');
    const host = new URL(paper.origin).host.replace(':', '_');
    await source("articleId: '-(\\d{4,})$'\n");
    const { article, outcome } = (await archive('/anna-bridge-10001')).objects()[0] as Record<string, string>;
    expect([article, outcome]).toEqual([`${host}:/anna-bridge-10001`, 'unchanged']);
    expect((await archive('/berta-bridge-10002')).objects()).toMatchObject([{ article: 'post:10002' }]);
    expect((await run('show', `${paper.origin}/anna-bridge-10001`)).code).toBe(0);
  });

  test('says of a broken file where it is broken, before anything is fetched or made', async () => {
    await source('rules:\n  - dorp: p\n');
    const { code, stderr } = await archive('/anna-1');
    expect([code, paper.requests.length]).toEqual([54, 0]);
    expect(stderr).toMatch(
      /E_SOURCE_INVALID: \S*post\.yaml:4: rules\[0\]\.dorp: expected one of .* did you mean drop\?\n$/,
    );
    expect((await run('list')).code).toBe(54);
    const none = await tearsheet(['clean', '-', '--sources', join(dir, 'none')], { stdin: '<p>x' });
    expect([none.code, none.stderr]).toEqual([54, expect.stringContaining('name one with --sources DIR')]);
  });
});

describe('clean with a source', () => {
  const readAt = async (...flags: string[]) => {
    await writeFile(join(dir, 'page.html'), pageAt('/anna-1'));
    const result = await run('clean', join(dir, 'page.html'), '--json', ...flags);
    return roleOfBox(Reading.parse(result.objects()[0]));
  };

  test('knows whose page a file is by --url, and takes the rules of --at', async () => {
    await source(
      'rules: [{drop: .owners, validFrom: 2026-01-01, validUntil: 2026-02-01}]\n',
      'post',
      'https://post.example/',
    );
    const url = ['--url', 'https://www.post.example/anna-1'];
    expect(await readAt('--at', '2026-01-31')).toBe('article');
    expect(await readAt(...url)).toBe('article');
    expect(await readAt(...url, '--at', '2025-12-31T23:59:59Z')).toBe('article');
    expect(await readAt(...url, '--at', '2026-01-01')).toBe('boilerplate');
    expect(await readAt(...url, '--at', '2026-01-31T23:59:59.999Z')).toBe('boilerplate');
    expect(await readAt(...url, '--at', '2026-02-01')).toBe('article');
    for (const at of ['soon', '2026-02-30', '2026-1-1', '2026-01-01T12:00'])
      expect(await run('clean', join(dir, 'page.html'), '--at', at)).toMatchObject({ code: 2 });
  });

  test('reads lines by the source of each', async () => {
    await source(OWNERS, 'post', 'https://post.example/');
    const lines = ['https://post.example/1', 'https://other.example/1', ''].map((url, id) =>
      JSON.stringify({ id, url, html: pageAt('/anna-1') }),
    );
    const { objects } = await tearsheet(['clean', '--jsonl', '--sources', join(dir, 'sources')], {
      stdin: lines.join('\n'),
    });
    expect(objects().map((line) => String(line['text']).includes(BOX_TEXT))).toEqual([false, true, true]);
  });

  test('is what the library does, too', async () => {
    await source(OWNERS);
    const list = await librarySources(join(dir, 'sources'));
    const url = `${paper.origin}/anna-1`;
    const page = { url, contentType: 'text/html' };
    expect(roleOfBox(clean(pageAt('/anna-1'), { ...page, source: list.of(url) }))).toBe('boilerplate');
    expect(roleOfBox(clean(pageAt('/anna-1'), page))).toBe('article');
    const folders = { archive: join(dir, 'archive'), sources: join(dir, 'sources') };
    const { kept } = await archiveUrl(url, { ...folders, allowAddresses: ['127.0.0.1/32'] });
    expect(roleOfBox(kept?.snapshot.reading as Reading)).toBe('boilerplate');
    expect((await (await open(folders)).snapshots.find(url)).versions).toBe(1);
  });
});

describe('sources list', () => {
  test('tells what is known of each, and how many rules are for the day', async () => {
    await source(
      `articleId: '-(\\d{4,})$'\nrules: [{drop: p, validUntil: 2026-01-01}, {drop: q}]\n`,
      'post',
      'https://www.post.example/',
    );
    await source('hosts: [blog.gazette.example]\n', 'gazette', 'https://news.gazette.example/');
    const { objects } = await run('sources', 'list', '--at', '2026-01-01', '--json');
    expect(objects()).toMatchObject([
      { name: 'gazette', hosts: ['news.gazette.example', 'blog.gazette.example'], rules: 0, rulesInForce: 0 },
      {
        name: 'post',
        home: 'https://www.post.example/',
        hosts: ['post.example'],
        rules: 2,
        rulesInForce: 1,
        articleId: '-(\\d{4,})$',
      },
    ]);
    const { stdout } = await run('sources', 'list', 'post', '--at', '2026-01-01');
    expect(stdout).toContain('post  https://www.post.example/\n  hosts        post.example\n  rules today  1 of 2\n');
    expect(stdout).not.toContain('gazette');
    expect(await run('sources', 'list', 'pots')).toMatchObject({
      code: 55,
      stderr: expect.stringContaining('did you mean post?') as string,
    });
    expect((await run('sources', 'lits')).code).toBe(2);
  });

  test('is content with no source, and says how one is written', async () => {
    const { code, stdout, stderr } = await run('sources', 'list');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('tearsheet sources add https://daily.example/');
    expect((await run('sources', 'check')).code).toBe(55);
  });
});

describe('sources check', () => {
  const RULES = `rules:
  - {id: owners, drop: .owners}
  - {id: prose, keep: article > p, label: {.byline: byline}}
  - {id: typing-slip, drop: .onwers}
  - {id: of-old, drop: .owners, validUntil: 2020-01-01}
  - {id: of-late, drop: .owners, validFrom: 2999-01-01}
`;
  const findings = async (...flags: string[]) => {
    const { code, objects } = await run('sources', 'check', ...flags, '--json');
    return { code, lines: objects() };
  };

  test('tells rules that fit from rules that never did, and from those for other days', async () => {
    await source(RULES);
    await archive('/anna-1', '/berta-1', '/clara-1');
    const { code, lines } = await findings('post');
    expect(code).toBe(56);
    expect(lines.map(({ rule, says, standing, pages, matched }) => [rule, says, standing, pages, matched])).toEqual([
      ['source/post/owners', 'drop', 'matches', 3, 3],
      ['source/post/prose', 'keep', 'matches', 3, 3],
      ['source/post/prose', 'label', 'matches', 3, 3],
      ['source/post/typing-slip', 'drop', 'never', 3, 0],
      ['source/post/of-old', 'drop', 'expired', 0, 0],
      ['source/post/of-late', 'drop', 'later', 0, 0],
    ]);
    const { stdout, stderr } = await run('sources', 'check');
    expect(stdout).toContain(
      'never     source/post/typing-slip  drop .onwers  on none of 3 pages, nor on any older one\n',
    );
    expect(stderr).toContain(
      'E_SOURCE_STALE: source/post/typing-slip: expected elements on the pages looked at, got none',
    );
  });

  test('names a rule that a new template has made stale, when it was last seen, and until when it was valid', async () => {
    await source(OWNERS);
    await archive('/anna-1', '/berta-1');
    expect((await findings('post')).code).toBe(0);
    boxClass = 'our-readers';
    await archive('/anna-1', '/berta-1', '/clara-1');
    const { code, lines } = await findings();
    const today = new Date().toISOString().slice(0, 10);
    expect(code).toBe(56);
    expect(lines).toMatchObject([{ rule: 'source/post/owners', standing: 'stale', pages: 3, matched: 0 }]);
    const { lastSeen, lastSeenUrl, suggestedValidUntil } = lines[0] as Record<string, string>;
    expect(lastSeen?.slice(0, 4)).toBe(today.slice(0, 4));
    expect(lastSeenUrl).toMatch(/\/(?:anna|berta)-1$/);
    expect(Date.parse(suggestedValidUntil as string)).toBeGreaterThan(Date.parse(lastSeen as string));
    const { stdout } = await run('sources', 'check', 'post');
    expect(stdout).toMatch(
      /stale +source\/post\/owners +drop \.owners +on none of the newest 3 pages, last seen .* UTC; if the page has changed for good, add validUntil: '\d{4}-\d\d-\d\d'/,
    );
    // The old captures are still read with it, the new ones no longer: nothing is left that does not fit.
    await source(`rules:\n  - {id: owners, drop: .owners, validUntil: ${suggestedValidUntil ?? ''}}\n`);
    expect(await findings('--at', '2999-01-01')).toMatchObject({ code: 0, lines: [{ standing: 'expired' }] });
  });

  test('looks at the article, not at the wall that stands before it now', async () => {
    await source(OWNERS);
    await archive('/anna-1');
    wall =
      '<!doctype html><title>Log in</title><form><h1>Log in</h1><p>Please log in to continue.</p><input type="text" name="user"><input type="password"><button>Log in</button></form>';
    expect((await archive('/anna-1')).objects()).toMatchObject([{ outcome: 'walled' }]);
    expect(await findings()).toMatchObject({ code: 0, lines: [{ standing: 'matches', pages: 1, matched: 1 }] });
  });

  test('tries rules on saved pages, with or without an archive', async () => {
    await source(OWNERS, 'post', 'https://post.example/');
    await writeFile(join(dir, 'old.html'), pageAt('/anna-1'));
    await writeFile(join(dir, 'new.html'), pageAt('/anna-1').replaceAll('owners', 'our-readers'));
    const check = (...argv: string[]) =>
      tearsheet(['sources', 'check', ...argv, '--sources', join(dir, 'sources'), '--json']);
    const [old, later] = [join(dir, 'old.html'), join(dir, 'new.html')];
    const both = await check('post', old, later);
    expect([both.code, both.objects()]).toMatchObject([0, [{ standing: 'matches', pages: 2, matched: 1 }]]);
    const one = await check(later, '--url', 'https://post.example/anna-1');
    expect([one.code, one.objects()]).toMatchObject([56, [{ standing: 'never', pages: 1, matched: 0 }]]);
    expect((await check(later)).code).toBe(2);
    expect((await check(later, '--url', 'https://other.example/1')).code).toBe(55);
    expect((await check('pots', later)).code).toBe(55);
    expect((await check('post', join(dir, 'none.html'))).code).toBe(13);
    expect((await run('sources', 'check', 'post')).code).toBe(40);
  });
});
