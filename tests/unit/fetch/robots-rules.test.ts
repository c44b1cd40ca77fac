import { describe, expect, it } from 'vitest';
import { MAX_ROBOTS_BYTES, parseRobots, readablePart } from '../../../src/fetch/robots-rules.ts';

const AGENT = 'tearsheet';
const allows = (text: string, path: string, agent = AGENT): boolean => parseRobots(text).judge(agent, path).isAllowed;
/** Rules for everyone. */
const everyone = (...lines: string[]): string => ['User-agent: *', ...lines].join('\n');

describe('parseRobots: groups', () => {
  const groups = [
    'User-agent: *',
    'Disallow: *.gif$',
    'Disallow: /example/',
    'Allow: /publications/',
    '',
    'User-Agent: foobot',
    'Disallow:/',
    'Allow:/example/page.html',
    'Allow:/example/allowed.gif',
    '',
    'User-Agent: barbot',
    'User-Agent: bazbot',
    'Disallow: /example/page.html',
    '',
    'User-Agent: quxbot',
  ].join('\n');

  it.each([
    ['foobot', '/example/page.html', true],
    ['foobot', '/example/allowed.gif', true],
    ['foobot', '/example/', false],
    ['foobot', '/', false],
    ['barbot', '/example/page.html', false],
    ['bazbot', '/example/page.html', false],
    ['barbot', '/example/', true],
    ['barbot', '/a.gif', true],
    ['quxbot', '/example/page.html', true],
    ['quxbot', '/a.gif', true],
    ['someone', '/example/page.html', false],
    ['someone', '/a.gif', false],
    ['someone', '/a.gif?x', true],
    ['someone', '/publications/', true],
  ])('%s and %s: %s', (agent, path, expected) => {
    expect(allows(groups, path, agent)).toBe(expected);
  });

  it('merges all groups of one agent, wherever they stand', () => {
    const text = 'User-agent: a\nDisallow: /1\n\nUser-agent: b\nDisallow: /2\n\nUser-agent: A\nDisallow: /3\n';
    expect(['/1', '/2', '/3'].map((path) => allows(text, path, 'a'))).toEqual([false, true, false]);
    expect(['/1', '/2', '/3'].map((path) => allows(text, path, 'b'))).toEqual([true, false, true]);
  });

  it('merges the groups for everyone too', () => {
    const text = `${everyone('Disallow: /1')}\n${everyone('Disallow: /2')}`;
    expect(['/1', '/2', '/3'].map((path) => allows(text, path))).toEqual([false, false, true]);
  });

  it('asks the rules for everyone only where the agent has no group of its own, even an empty one', () => {
    const text = `User-agent: tearsheet\nDisallow:\n\n${everyone('Disallow: /')}`;
    expect(allows(text, '/news')).toBe(true);
    expect(allows(text, '/news', 'other')).toBe(false);
  });

  it('lets no line but a rule end the list of agents', () => {
    const text =
      'User-agent: a\nSitemap: https://press.test/s.xml\nCrawl-delay: 2\nNoindex: /\n\nUser-agent: b\nDisallow: /x';
    expect([allows(text, '/x', 'a'), allows(text, '/x', 'b')]).toEqual([false, false]);
  });

  it('begins a new group after a rule, an empty one too', () => {
    const text = 'User-agent: a\nDisallow:\nUser-agent: b\nDisallow: /';
    expect([allows(text, '/x', 'a'), allows(text, '/x', 'b')]).toEqual([true, false]);
  });

  it('passes over rules that stand before any agent', () => {
    expect(allows('Disallow: /\nCrawl-delay: 9\nUser-agent: other\nDisallow: /', '/x')).toBe(true);
    expect(parseRobots('Crawl-delay: 9\nUser-agent: *\nAllow: /').judge(AGENT, '/')).not.toHaveProperty('crawlDelayMs');
  });

  it.each([
    ['Tearsheet', true],
    ['TEARSHEET/2.1 (+https://press.test/bot)', true],
    ['tearsheet bot', true],
    ['tearsheet-news', false],
    ['tearsheet2', false],
    ['tear', false],
    ['my-tearsheet', false],
    ['* # all of you', true],
    ['* and more', true],
    ['*bot', false],
    ['', false],
  ])('a group for "%s" is ours: %s', (agent, isOurs) => {
    expect(allows(`User-agent: ${agent}\nDisallow: /`, '/x')).toBe(!isOurs);
  });

  it('takes the product token out of a whole User-Agent', () => {
    expect(allows('User-agent: tearsheet\nDisallow: /', '/x', 'Tearsheet/0.1 (+mailto:desk@press.test)')).toBe(false);
  });
});

describe('parseRobots: paths', () => {
  it.each([
    // No rule, and rules without a path.
    ['', '/x', true],
    ['Disallow:', '/x', true],
    ['Allow:', '/x', true],
    // Prefixes; upper and lower case differ.
    ['Disallow: /fish', '/fish', false],
    ['Disallow: /fish', '/fish.html', false],
    ['Disallow: /fish', '/fishheads/yum.html', false],
    ['Disallow: /fish', '/Fish.asp', true],
    ['Disallow: /fish', '/catfish', true],
    ['Disallow: /fish', '/?id=fish', true],
    ['Disallow: /fish/', '/fish', true],
    ['Disallow: /fish/', '/fish/salmon', false],
    ['Disallow: fish', '/fish', true],
    ['Disallow: /', '', false],
    // Stars.
    ['Disallow: /fish*', '/fish', false],
    ['Disallow: /*.php', '/folder/a.php?b', false],
    ['Disallow: /*.php', '/windows.PHP', true],
    ['Disallow: *.php', '/a.php', false],
    ['Disallow: /fish*.php', '/fishheads/catfish.php?parameters', false],
    ['Disallow: /fish*.php', '/Fish.php', true],
    ['Disallow: /a*b*c', '/a-b-c', false],
    ['Disallow: /a*b*c', '/a-c-b', true],
    ['Disallow: /a**b', '/ab', false],
    ['Disallow: *', '/', false],
    ['Disallow: /*/*/deep', '/a/b/deep', false],
    ['Disallow: /*/*/deep', '/a/deep', true],
    // Overlaps: no octet is used twice.
    ['Disallow: /*aba*aba', '/ababa', true],
    ['Disallow: /*aba*aba', '/abaaba', false],
    ['Disallow: /ab*b$', '/ab', true],
    ['Disallow: /ab*b$', '/abb', false],
    // The end.
    ['Disallow: /*.php$', '/a.php', false],
    ['Disallow: /*.php$', '/a.php?b', true],
    ['Disallow: /*.php$', '/a.php.php', false],
    ['Disallow: /$', '/', false],
    ['Disallow: /$', '/x', true],
    ['Disallow: $', '/', true],
    ['Disallow: *$', '/x', false],
    ['Disallow: /a$b', '/a$b', false],
    ['Disallow: /a$b', '/a', true],
    ['Disallow: /a$*', '/a$/x', false],
    ['Disallow: /a*$', '/abc', false],
    // Special characters meant as they are (RFC 9309 §2.2.3).
    ['Disallow: /price-%24$', '/price-$', false],
    ['Disallow: /price-%24', '/price-%24', false],
    ['Disallow: /star-%2A.html', '/star-*.html', false],
    ['Disallow: /star-%2a.html', '/star-x.html', true],
    // A fragment is a comment.
    ['Disallow: /a#b', '/a', false],
  ])('"%s" and "%s": %s', (rule, path, expected) => {
    expect(allows(everyone(rule), path)).toBe(expected);
  });

  it.each([
    ['/foo/bar?baz=quux', '/foo/bar?baz=quux'],
    ['/foo/bar?baz=http://foo.bar', '/foo/bar?baz=http%3A%2F%2Ffoo.bar'],
    ['/foo/bar?baz=http%3A%2F%2Ffoo.bar', '/foo/bar?baz=http://foo.bar'],
    ['/foo/bar/ツ', '/foo/bar/%E3%83%84'],
    ['/foo/bar/%e3%83%84', '/foo/bar/%E3%83%84'],
    ['/foo/bar/%E3%83%84', '/foo/bar/ツ'],
    ['/foo/bar/%62%61%7A', '/foo/bar/baz'],
    ['/foo/bar/baz', '/foo/bar/%62%61%7a'],
    ['/новости/', '/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1'],
    ['/أخبار', '/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1'],
    ['/*/ニュース$', '/jp/%E3%83%8B%E3%83%A5%E3%83%BC%E3%82%B9'],
    ['/a b', '/a%20b'],
    ['/a%20b', '/a%20b'],
    ['/100%', '/100%'],
    ['/a|b', '/a%7Cb'],
    ['/~user', '/%7Euser'],
    ['/*/feed', '/page?of=/a/feed'],
    ['/*%2Ffeed', '/page?of=a%2Ffeed'],
  ])('"%s" covers "%s"', (pattern, path) => {
    expect(allows(everyone(`Disallow: ${pattern}`), path)).toBe(false);
  });

  it.each([
    ['/a/b', '/a%2Fb'],
    ['/a%2Fb', '/a/b'],
    ['/a?b=c%26d', '/a?b=c&d'],
    ['/%F0%9F%93%B0', '/%F0%9F%93%B1'],
  ])('"%s" does not cover "%s"', (pattern, path) => {
    expect(allows(everyone(`Disallow: ${pattern}`), path)).toBe(true);
  });
});

describe('parseRobots: which rule wins', () => {
  it.each([
    [['Allow: /p', 'Disallow: /'], '/page', 'Allow: /p'],
    [['Disallow: /', 'Allow: /p'], '/page', 'Allow: /p'],
    [['Allow: /folder', 'Disallow: /folder'], '/folder/page', 'Allow: /folder'],
    [['Disallow: /folder', 'Allow: /folder'], '/folder/page', 'Allow: /folder'],
    [['Allow: /page', 'Disallow: /*.htm'], '/page.htm', 'Disallow: /*.htm'],
    [['Disallow: /*.ph', 'Allow: /page'], '/page.php5', 'Allow: /page'],
    [['Allow: /$', 'Disallow: /'], '/', 'Allow: /$'],
    [['Allow: /$', 'Disallow: /'], '/page.htm', 'Disallow: /'],
    [
      ['Disallow: /example/page/', 'Allow: /example/page/disallowed.gif'],
      '/example/page/disallowed.gif',
      'Allow: /example/page/disallowed.gif',
    ],
    // Octets, not characters: two letters of Cyrillic are twelve octets once escaped.
    [['Allow: /да', 'Disallow: /*********'], '/да', 'Allow: /да'],
    // An escape that says no more than its letter weighs no more.
    [['Disallow: /%61%62', 'Allow: /ab*'], '/ab', 'Allow: /ab*'],
  ])('%j and %s: %s', (rules, path, expected) => {
    const verdict = parseRobots(everyone(...rules)).judge(AGENT, path);
    expect(verdict).toMatchObject({ rule: expected, isAllowed: expected.startsWith('Allow') });
  });

  it('names no rule where none speaks of the path', () => {
    expect(parseRobots(everyone('Disallow: /x')).judge(AGENT, '/y')).toEqual({ isAllowed: true, sitemaps: [] });
  });

  it('always allows /robots.txt itself, and nothing that only begins so', () => {
    const rules = parseRobots(everyone('Disallow: /'));
    expect(rules.judge(AGENT, '/robots.txt')).toEqual({ isAllowed: true, sitemaps: [] });
    expect(rules.judge(AGENT, '/robots.txt.bak').isAllowed).toBe(false);
  });

  it('answers for each agent in turn', () => {
    const rules = parseRobots('User-agent: a\nDisallow: /a\n\nUser-agent: b\nDisallow: /b');
    const verdicts = ['a', 'b', 'a'].map((agent) => rules.judge(agent, '/a').isAllowed);
    expect(verdicts).toEqual([false, true, false]);
  });
});

describe('parseRobots: lines', () => {
  it.each([
    ['a byte order mark', '\ufeffUser-agent: *\nDisallow: /x'],
    ['CRLF', 'User-agent: *\r\nDisallow: /x\r\n'],
    ['CR alone', 'User-agent: *\rDisallow: /x\r'],
    ['blank lines within a group', 'User-agent: *\n\n\nDisallow: /x'],
    ['no blanks', 'user-agent:*\ndisallow:/x'],
    ['blanks and tabs around the colon', '  User-agent \t:\t*  \n\tDisallow :  /x  '],
    ['comments', '# for all\nUser-agent: * # everyone\nDisallow: /x # not this\n# end'],
    ['upper case', 'USER-AGENT: *\nDISALLOW: /x'],
    ['User agent', 'User agent: *\nDisallow: /x'],
    ['useragent', 'Useragent: *\nDisallow: /x'],
    ['disalow', 'User-agent: *\nDisalow: /x'],
    ['dissallow', 'User-agent: *\nDissallow: /x'],
    ['disallaw', 'User-agent: *\nDisallaw: /x'],
    ['a blank for the colon', 'User-agent *\nDisallow /x'],
    ['lines of another kind between', 'User-agent: *\nHost: press.test\nClean-param: a /\nfoo\n: \nDisallow: /x'],
    ['NUL and other controls', '\0\x01\nUser-agent: *\nDisallow: /x\n\x7f'],
  ])('understands %s', (_name, text) => {
    expect([allows(text, '/x'), allows(text, '/y')]).toEqual([false, true]);
  });

  it.each([
    ['a page', '<!doctype html>\n<html><head><title>User-agent: *</title>\n<p>Disallow: /</p></html>'],
    ['a page in one line', `<html>${'<p style="a: b">Disallow: / '.repeat(9)}</html>`],
    ['a field that is none', 'User-agent: *\nForbid: /x'],
    ['two words behind a field without a colon', 'User-agent: *\nDisallow /x /y'],
    ['JSON', '{"User-agent": "*", "Disallow": "/"}'],
    ['nothing', ''],
  ])('finds no rule in %s', (_name, text) => {
    expect(allows(text, '/x')).toBe(true);
  });

  it('shows a rule cut to one line’s length', () => {
    const { rule } = parseRobots(everyone(`Disallow: /${'x'.repeat(5_000)}`)).judge(AGENT, `/${'x'.repeat(6_000)}`);
    expect(rule).toBe(`Disallow: /${'x'.repeat(189)}`);
  });
});

describe('parseRobots: Crawl-delay and Sitemap', () => {
  it.each([
    ['5', 5000],
    ['0.5', 500],
    ['1,5', 1500],
    ['.25', 250],
    ['2 seconds', 2000],
    ['0', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['9'.repeat(400), Infinity],
  ])('Crawl-delay: %s is %s ms', (value, expected) => {
    expect(parseRobots(everyone(`Crawl-delay: ${value}`)).judge(AGENT, '/').crawlDelayMs).toBe(expected);
  });

  it('is that of the own group, the longest where there are several', () => {
    const text = `${everyone('Crawl-delay: 9', 'Allow: /')}\nUser-agent: tearsheet\nCrawl-delay: 2\nCrawl-delay: 3\nAllow: /\nUser-agent: tearsheet\nCrawl-delay: 1`;
    expect(parseRobots(text).judge(AGENT, '/').crawlDelayMs).toBe(3000);
    expect(parseRobots(text).judge('other', '/').crawlDelayMs).toBe(9000);
    expect(parseRobots(`${text}\nAllow: /b\nUser-agent: c\nDisallow: /`).judge('c', '/')).not.toHaveProperty(
      'crawlDelayMs',
    );
  });

  it('gives absolute addresses of sitemaps, each once, whoever asks', () => {
    const text = [
      'Sitemap: https://press.test/one.xml',
      'User-agent: other',
      'Disallow: /',
      'site-map:http://press.test/zwei.xml?a=b:c',
      'Sitemap: /three.xml',
      'Sitemap: ftp://press.test/four.xml',
      'Sitemap: https://',
      'SITEMAP: https://press.test/one.xml',
      'Sitemap: https://press.test/пять.xml',
    ].join('\n');
    expect(parseRobots(text).judge(AGENT, '/').sitemaps).toEqual([
      'https://press.test/one.xml',
      'http://press.test/zwei.xml?a=b:c',
      'https://press.test/пять.xml',
    ]);
  });
});

describe('parseRobots: files without measure', () => {
  it('reads 500 KiB and drops the line that the limit cuts', () => {
    const head = everyone('Disallow: /first');
    const text = `${head}\n${'#'.repeat(MAX_ROBOTS_BYTES - head.length - 20)}\nDisallow: /x-and-much-more\nDisallow: /last`;
    expect(['/first', '/x', '/x-and-much-more', '/last'].map((path) => allows(text, path))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('counts octets, not characters', () => {
    const text = `${everyone('Disallow: /first')}\n${'# ж\n'.repeat(MAX_ROBOTS_BYTES / 5)}Disallow: /beyond`;
    expect(text.length).toBeLessThan(MAX_ROBOTS_BYTES);
    expect([allows(text, '/first'), allows(text, '/beyond')]).toEqual([false, true]);
    expect(Buffer.byteLength(readablePart(text))).toBeGreaterThan(MAX_ROBOTS_BYTES - 10);
  });

  it('keeps a file of exactly the limit whole', () => {
    const text = 'x'.repeat(MAX_ROBOTS_BYTES);
    expect(readablePart(text)).toBe(text);
    expect(readablePart(`${text}x`)).toBe('');
  });

  // A matcher that goes back over its steps would be at these for years.
  it('judges a hundred thousand rules one after the other', () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `Disallow: /*${i}`);
    const text = everyone(...lines);
    expect(text.length).toBeGreaterThan(1_000_000);
    const rules = parseRobots(text);
    expect(rules.judge(AGENT, `/${'x'.repeat(1_000)}`).isAllowed).toBe(true);
    expect(rules.judge(AGENT, '/a7').rule).toBe('Disallow: /*7');
  });

  it('tries no more patterns on a long address than it has time for, and then forbids', () => {
    const starred = parseRobots(everyone(...Array.from({ length: 1_000 }, (_, i) => `Allow: /*${i}z`)));
    expect(starred.judge(AGENT, `/${'x'.repeat(49_999)}`).isAllowed).toBe(true);
    expect(starred.judge(AGENT, `/${'x'.repeat(50_000)}`)).toMatchObject({
      isAllowed: false,
      rule: '1000 patterns, too many to try on an address of 50001 characters',
    });
    const plain = parseRobots(everyone(...Array.from({ length: 1_000 }, (_, i) => `Disallow: /${i}`)));
    expect(plain.judge(AGENT, `/${'x'.repeat(50_000)}`).isAllowed).toBe(true);
  });

  it.each([
    ['stars', `/${'*a'.repeat(100_000)}b`],
    ['stars alone', `/${'*'.repeat(400_000)}b`],
    ['one long run', `/*${'a'.repeat(30_000)}b`],
    ['one long run that fails at its start', `/*b${'a'.repeat(30_000)}`],
  ])('a pattern of %s comes to an end', (_name, pattern) => {
    const rules = parseRobots(everyone(`Disallow: ${pattern}`));
    expect(rules.judge(AGENT, `/${'a'.repeat(60_000)}`).isAllowed).toBe(true);
  });

  it('reads a file of agents alone, and of one agent a hundred thousand times', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `User-agent: a${i}`).join('\n');
    expect(allows(`${many}\nDisallow: /x`, '/x', 'a19999')).toBe(false);
    const again = 'User-agent: tearsheet\nDisallow: /x\n'.repeat(12_000);
    expect(allows(again, '/x')).toBe(false);
  });
});
