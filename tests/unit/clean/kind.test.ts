/** What a page is as a whole. A false wall costs a version as surely as a missed one: each is tried beside its opposite. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clean } from '../../../src/clean/index.ts';
import { kindOf } from '../../../src/clean/kind.ts';
import { gatherClaims } from '../../../src/clean/claims.ts';
import { parsePage } from '../../../src/clean/parse.ts';
import { rulesOf } from '../../../src/clean/rules.ts';
import { PAGE_KINDS, type PageKind } from '../../../src/core/labels.ts';
import { readRules } from '../../../src/core/rules.ts';

const { rules } = readRules();
type Wall = 'soft-404' | 'error' | 'bot-check' | 'login' | 'consent' | 'paywall';
const WALLS: readonly Wall[] = ['soft-404', 'error', 'bot-check', 'login', 'consent', 'paywall'];
const byLanguage = JSON.parse(
  readFileSync(new URL('../../fixtures/walls-by-language.json', import.meta.url), 'utf8'),
) as Record<string, Record<Wall, string>>;

const URL_OF_STORY = 'https://paper.example/town/mill-bridge-17';
const read = (html: string, url = URL_OF_STORY) => clean(html, { url, contentType: 'text/html; charset=utf-8', rules });
const kind = (html: string, url?: string): PageKind => read(html, url).kind;

const PROSE =
  'The old mill bridge will be closed for eleven weeks from Monday, the council decided on Thursday evening. Walkers can still cross, but carts and cars must take the road by the quarry. ' +
  'Engineers found that two of the five arches had moved by the width of a thumb since the spring floods, and that the timber below the deck had begun to rot.';
const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, i) => `<p>${PROSE.replace('eleven', String(i + 11))}</p>`).join('');
const STORY_DATA =
  '<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-03T09:30:00+01:00">';

const page = ({ title = '', head = '', body = '' }): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title>${head}</head><body><header><a href="/">The Mill Post</a><nav><a href="/town">Town</a><a href="/sport">Sport</a><a href="/land">Country</a></nav></header>${body}<footer><p>© 2026 The Mill Post</p><a href="/imprint">Imprint</a></footer></body></html>`;

const BOXES: Readonly<Record<Wall, (said: string) => string>> = {
  'soft-404': (said) =>
    page({
      title: `${said} | The Mill Post`,
      body: `<main><h1>${said}</h1><p><a href="/">The Mill Post</a></p></main>`,
    }),
  error: (said) => page({ title: said, body: `<main><h1>${said}</h1></main>` }),
  'bot-check': (said) => page({ title: said, body: `<main><h1>${said}</h1><div class="box"></div></main>` }),
  login: (said) =>
    page({
      title: `${said} – The Mill Post`,
      body: `<main><h1>${said}</h1><form method="post"><input name="user"><input type="password" name="pw"><button>OK</button></form></main>`,
    }),
  consent: (said) =>
    page({
      title: said,
      body: `<div id="cmp-consent" class="cookie-consent" role="dialog"><h1>${said}</h1><p class="cookie-text">842 · 13 · 7</p><button>OK</button></div>`,
    }),
  paywall: (said) =>
    page({
      title: 'The mill bridge is closed | The Mill Post',
      body: `<main><article><h1>The mill bridge is closed</h1>${paragraphs(1)}<div class="paywall-box"><p>${said}</p></div></article></main>`,
    }),
};

describe.each(WALLS)('%s', (wall) => {
  const languages = Object.keys(byLanguage);
  test('is tried in thirty languages at least', () => {
    expect(languages.length).toBeGreaterThanOrEqual(30);
  });
  test.each(languages)('is known in %s', (language) => {
    const said = byLanguage[language]?.[wall] as string;
    expect(kind(BOXES[wall](said))).toBe(wall);
  });
  test.each(languages)('is not made of a story that is headed so, in %s', (language) => {
    const said = byLanguage[language]?.[wall] as string;
    const story = `<main><article><h1>${said}</h1>${paragraphs(6)}</article></main>`;
    expect(kind(page({ title: said, head: STORY_DATA, body: story }))).toBe('article');
  });
});

describe('soft-404', () => {
  test('needs no words where the title is its number', () => {
    expect(kind(page({ title: '404', body: '<h1>404</h1><p>¯\\_(ツ)_/¯</p>' }))).toBe('soft-404');
    expect(kind(page({ title: 'Error 404 - The Mill Post', body: '<h1>Oh no</h1>' }))).toBe('soft-404');
  });
  test('may be said by a sentence under the name of the paper', () => {
    const body = '<main><h1>The Mill Post</h1><p>Sorry, the page you are looking for does not exist.</p></main>';
    expect(kind(page({ title: 'The Mill Post', body }))).toBe('soft-404');
  });
  test('offers other stories without becoming their list', () => {
    const stories = Array.from(
      { length: 12 },
      (_, i) => `<div><h3><a href="/s/${i}">A story about the mill, number ${i}</a></h3><p>Words about it.</p></div>`,
    );
    const body = `<main><h1>Page not found</h1><p>It may have moved.</p>${stories.join('')}</main>`;
    expect(kind(page({ title: 'Page not found', body }))).toBe('soft-404');
  });
  test('is not a short notice about a number', () => {
    const body = `<main><article><h1>404 people now live in Quarry End</h1><p>${PROSE.slice(0, 181)}</p></article></main>`;
    expect(kind(page({ title: '404 people now live in Quarry End', head: STORY_DATA, body }))).toBe('article');
  });
  test('is not a story that mentions a lost page in a box', () => {
    const body = `<main><article><h1>Archive opens</h1>${paragraphs(3)}</article><div hidden class="err">Page not found</div></main>`;
    expect(kind(page({ title: 'Archive opens', body }))).toBe('article');
  });
});

describe('error', () => {
  test('is the plain page of a web server', () => {
    expect(
      kind(
        '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>',
      ),
    ).toBe('error');
    expect(kind('<title>503</title><h1>Backend fetch failed</h1><p>XID: 99182</p><p>Varnish cache server</p>')).toBe(
      'error',
    );
  });
  test('is a program that failed, with its trace', () => {
    const trace =
      'Traceback (most recent call last):\n File "/srv/paper/app.py", line 88, in story\n    return render(story)\nKeyError: 17';
    expect(kind(`<title>KeyError at /town/mill-bridge-17</title><h1>KeyError</h1><pre>${trace}</pre>`)).toBe('error');
    const java =
      'java.lang.NullPointerException: null\n\tat example.paper.Story.render(Story.java:41)\n\tat example.paper.Main.main(Main.java:9)\nCaused by: broken pipe';
    expect(kind(`<title>HTTP Status 500</title><h1>Report</h1><pre>${java}</pre>`)).toBe('error');
  });
  test('is not a whole story under a warning of the program', () => {
    const warning = '<b>Warning</b>: Undefined index: teaser in <b>/srv/paper/story.php</b> on line <b>17</b><br>';
    expect(
      kind(
        page({
          title: 'Mill bridge closed',
          body: `${warning}<main><h1>Mill bridge closed</h1>${paragraphs(4)}</main>`,
        }),
      ),
    ).toBe('article');
  });
  test('is not a short story about one', () => {
    const body = `<main><article><h1>Server error keeps 4,000 pupils from their marks</h1><p>${PROSE}</p></article></main>`;
    expect(kind(page({ title: 'Server error keeps 4,000 pupils from their marks', head: STORY_DATA, body }))).toBe(
      'article',
    );
  });
});

describe('bot-check', () => {
  test('is known by its parts where its words are not', () => {
    expect(kind('<title>paper.example</title><body><div id="challenge-form"><h2>Zkouška</h2></div></body>')).toBe(
      'bot-check',
    );
  });
  test('is not a story with a riddle before its comments', () => {
    const body = `<main><h1>Mill bridge closed</h1>${paragraphs(2)}</main><form class="comment-form"><div class="g-recaptcha"></div></form>`;
    expect(kind(page({ title: 'Mill bridge closed', body }))).toBe('article');
  });
});

describe('login and consent', () => {
  test('a password asked for in a window over a story makes no login', () => {
    const form = '<div class="login-modal" hidden><h1>Log in</h1><form><input type="password"></form></div>';
    expect(
      kind(
        page({ title: 'Mill bridge closed', body: `${form}<main><h1>Mill bridge closed</h1>${paragraphs(2)}</main>` }),
      ),
    ).toBe('article');
  });
  test('a banner about cookies over a story makes no consent wall', () => {
    const banner =
      '<div class="cookie-consent"><h2>We value your privacy</h2><p>We and our 842 partners store cookies on your device.</p><button>Accept all</button></div>';
    expect(
      kind(
        page({
          title: 'Mill bridge closed',
          body: `${banner}<main><h1>Mill bridge closed</h1>${paragraphs(2)}</main>`,
        }),
      ),
    ).toBe('article');
  });
});

describe('paywall', () => {
  const wall = '<div class="paywall"><p>To continue reading, subscribe now. Already a subscriber? Log in</p></div>';
  const story = (count: number, rest: string, head = ''): string =>
    page({
      title: 'Mill bridge closed',
      head: STORY_DATA + head,
      body: `<main><article><h1>Mill bridge closed</h1>${paragraphs(count)}${rest}</article></main>`,
    });
  const free = (is: string): string =>
    `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Mill bridge closed","datePublished":"2026-03-03","isAccessibleForFree":${is}}</script>`;

  test('ends a short text', () => {
    expect(read(story(1, wall))).toMatchObject({ kind: 'paywall', paywalled: true });
    expect(kind(story(1, wall, free('false')))).toBe('paywall');
  });
  test('is not a prompt that is hidden, nor one under a whole story', () => {
    expect(kind(story(2, wall.replace('<div ', '<div hidden ')))).toBe('article');
    expect(kind(story(8, wall))).toBe('article');
  });
  test('is not an offer under a story that is short but whole', () => {
    expect(kind(story(5, wall))).toBe('article');
    expect(kind(story(4, wall))).toBe('paywall');
  });
  test('is not a prompt under a story that its paper calls free', () => {
    expect(kind(story(2, wall, free('true')))).toBe('article');
  });
  test('is not the claim alone: a story that is sold may have been read by a subscriber', () => {
    expect(kind(story(2, '', free('"False"')))).toBe('article');
  });
});

describe('listing', () => {
  const box = (i: number): string =>
    `<div class="teaser"><h2><a href="/town/story-${i}">Story ${i} of the town: what the council said about mills</a></h2><time>${i} March</time><p>It was said on a Thursday, and it was said twice by number ${i} of the council.</p></div>`;
  const boxes = (count: number): string => Array.from({ length: count }, (_, i) => box(i + 1)).join('');

  test('is a section of boxes, whatever the length of the teasers together', () => {
    expect(kind(page({ title: 'Town', body: `<main><h1>Town</h1>${boxes(24)}</main>` }))).toBe('listing');
    expect(kind(page({ title: 'Town', body: `<main><h1>Town</h1>${boxes(5)}</main>` }))).toBe('listing');
  });
  test('is a front page of mere links', () => {
    const links = Array.from(
      { length: 30 },
      (_, i) => `<li><a href="/s/${i}">The ${i}th of the stories of this day in town</a></li>`,
    );
    expect(
      kind(page({ title: 'The Mill Post', body: `<main><ul>${links.join('')}</ul></main>` }), 'https://paper.example/'),
    ).toBe('listing');
  });
  test('is not a story above a list of others', () => {
    expect(
      kind(
        page({
          title: 'Mill bridge closed',
          body: `<main><h1>Mill bridge closed</h1>${paragraphs(2)}</main><aside>${boxes(24)}</aside>`,
        }),
      ),
    ).toBe('article');
  });
  test('is not a short notice above a list of others', () => {
    const body = `<main><h1>Mill bridge closed</h1><p>${PROSE}</p></main><aside>${boxes(9)}</aside>`;
    expect(kind(page({ title: 'Mill bridge closed', head: STORY_DATA, body }))).toBe('article');
  });
});

describe('live-blog, video and gallery', () => {
  const data = (type: string, rest = ''): string =>
    `<script type="application/ld+json">{"@context":"https://schema.org","@type":"${type}","headline":"Flood on the mill stream","datePublished":"2026-03-03T09:30:00+01:00"${rest}}</script>`;
  const told = (head: string, body: string, title = 'Flood on the mill stream'): PageKind =>
    kind(page({ title, head, body: `<main><h1>${title}</h1>${body}</main>` }));

  test('are what their own data call them', () => {
    expect(told(data('LiveBlogPosting'), paragraphs(3))).toBe('live-blog');
    expect(
      told(data('VideoObject'), '<video src="a.mp4"></video><p>The stream rose by a metre in the night.</p>'),
    ).toBe('video');
    expect(
      told(data('ImageGallery'), '<figure><img src="a.jpg"><figcaption>The mill at six</figcaption></figure>'),
    ).toBe('gallery');
  });
  test('are known by their titles in other languages', () => {
    expect(told('', paragraphs(3), 'Liveticker: Hochwasser am Mühlbach')).toBe('live-blog');
    expect(told('', '<p>Il torrente visto dal mulino.</p>', 'La piena del torrente: la fotogallery')).toBe('gallery');
    expect(told('', '<p>Potok vystoupil z břehů.</p>', 'Podívejte se na video: potok vystoupil z břehů')).toBe('video');
  });
  test('a story with a film in it is a story', () => {
    expect(told(STORY_DATA, `${paragraphs(3)}<video src="a.mp4"></video>`)).toBe('article');
  });
});

describe('empty', () => {
  test('is a page without text, and one that only loads', () => {
    expect(kind('')).toBe('empty');
    expect(kind('<title>The Mill Post</title><body><div id="root"></div></body>')).toBe('empty');
    expect(kind('<title>The Mill Post</title><body><div id="root">Loading…</div></body>')).toBe('empty');
    const noscript = '<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>';
    expect(kind(`<title>The Mill Post</title><body>${noscript}</body>`)).toBe('empty');
    expect(kind('<title>Mühlenpost</title><body><p>Bitte aktivieren Sie JavaScript.</p></body>')).toBe('empty');
  });
  test('is not a page whose story is in its data', () => {
    const data = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Mill bridge closed","articleBody":"${PROSE} ${PROSE}"}</script>`;
    expect(read(`<title>Mill bridge closed</title>${data}<body><div id="root">Loading…</div></body>`)).toMatchObject({
      kind: 'article',
      kindReasons: [{ rule: 'kind/only-in-script', weight: 60 }],
    });
  });
});

describe('the rules of kinds', () => {
  const { kinds, order } = rules.kinds;
  test('are named after what they see, have a reason, and speak of kinds that exist', () => {
    expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length);
    for (const { id, reason, weight, kinds: of, list } of kinds) {
      expect(id).toMatch(/^kind\/[a-z0-9-]+$/);
      expect(reason).toMatch(/\S.{10,}\.$/);
      expect(Number.isInteger(weight) && Math.abs(weight) <= 100).toBe(true);
      expect(of.filter((one) => !PAGE_KINDS.includes(one))).toEqual([]);
      if (list !== undefined) expect(kinds.some((rule) => rule.id === list) || list in rules.words).toBe(true);
    }
  });
  test('reach every kind, each tried once', () => {
    expect([...order, 'other'].toSorted()).toEqual([...PAGE_KINDS].toSorted());
  });
  test('say why, whatever the page', () => {
    for (const html of ['', '<p>x', page({ title: 'Town' }), page({ title: 'A', body: paragraphs(3) })]) {
      const { kindReasons = [] } = read(html);
      expect(kindReasons.length).toBeGreaterThan(0);
      for (const { rule } of kindReasons) expect(kinds.map(({ id }) => id)).toContain(rule);
    }
  });
  test('sum up: without the deciding rule a page is of another kind', () => {
    const html = page({ title: 'Page not found', body: '<h1>Page not found</h1>' });
    const document = parsePage(html, 512);
    const at = { labelled: read(html) && [], claims: gatherClaims(document), title: '', url: URL_OF_STORY, document };
    expect(kindOf(at, rulesOf(rules)).kind).toBe('soft-404');
    const mute = {
      ...rules,
      kinds: { ...rules.kinds, kinds: kinds.filter(({ id }) => id !== 'kind/not-found-title') },
    };
    expect(kindOf(at, rulesOf(mute)).kind).toBe('empty');
  });
});
