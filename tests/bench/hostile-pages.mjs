// Pages made to cost time or memory. Each gives the page as text, or as `{ text, contentType }`; `group` parts them in the table.
// Plain JavaScript, so that plain Node can run it beside what was built.
const sentence = 'The ferry left the quay at noon, and nobody on the pier waved. ';
const paragraph = `<p class="story-text">${sentence.repeat(4)}</p>\n`;
const story = paragraph.repeat(12);
const beyond = '<a href="/"><div><svg><g></a></svg></div>';
/** `part` as often as fills about so many bytes. */
const filled = (part, bytes) => part.repeat(Math.ceil(bytes / part.length));
const MB = 1_000_000;
const jsonLd = (text) => `<head><script type="application/ld+json">${text}</script></head><body>${story}`;
const head = (text) => `<head>${text}</head><body><h1>A headline of some length</h1>${story}`;

const tags = (names, count) =>
  Object.fromEntries(
    names.map((name) => [
      `${count.toLocaleString('en')} unclosed <${name}>`,
      () => `${story}${`<${name}>x `.repeat(count)}`,
    ]),
  );
/** Text that makes a pattern with two ways to match the same characters try all of them. */
const shapes = {
  spaces: ' ',
  'no-break spaces': '\u00a0',
  'line feeds': '\n',
  'words and line feeds': 'x\n ',
  letters: 'x',
  capitals: 'X',
  digits: '7',
  dashes: '-',
  'titles with dashes': 'A - ',
  'names with commas': 'Ann, ',
  'names with "and"': 'Ann and ',
  bylines: 'By Ann Lee ',
  dates: '2026-01-02 ',
  'half a date': '2026-',
  colons: ':',
  'clock times': '12:00 ',
  dots: '.',
  quotes: '"',
  'at signs': 'a@',
  addresses: 'http://a/',
  brackets: '(',
  'copyright signs': '© ',
  Han: '漢',
  Thai: 'ก',
  'combining marks': '\u0301',
  surrogates: '\ud83d\ude00',
  'lone surrogates': '\ud83d',
  'soft hyphens': '\u00ad',
};

export const HOSTILE = {
  'size and depth': {
    '60,000 nested elements': () => `${'<div>'.repeat(60_000)}${story}`,
    '60,000 nested elements, all closed': () => `${'<div>'.repeat(60_000)}${story}${'</div>'.repeat(60_000)}`,
    '60,000 nested <b>': () => `${'<b>'.repeat(60_000)}${story}`,
    '60,000 nested <span> in paragraphs': () => `<p>${'<span>'.repeat(60_000)}${sentence}</p>${story}`,
    '60,000 nested elements and a NUL': () => `${'<div>'.repeat(60_000)}\0${story}`,
    '60,000 nested <b> and a NUL': () => `${'<b>'.repeat(60_000)}\0${story}`,
    '10,000 nested <table>': () => `${'<table><tr><td>x '.repeat(10_000)}${story}`,
    '10,000 nested <ul>': () => `${'<ul><li>x '.repeat(10_000)}${story}`,
    '10,000 nested <template>': () => `${'<template>'.repeat(10_000)}${story}`,
    '10,000 nested <svg>': () => `${'<svg><g>'.repeat(10_000)}${story}`,
    '10,000 nested <blockquote><p>': () => `${'<blockquote><p>x '.repeat(10_000)}${story}`,
    '50 MB of paragraphs': () => filled(paragraph, 50 * MB),
    '50 MB of a page of links': () => filled('<li><a href="/news/one-more">A story of the day</a></li>\n', 50 * MB),
    '50 MB in one paragraph': () => `<p>${filled(sentence, 50 * MB)}`,
    '50 MB in one script': () => `${story}<script>${filled('let a = "b"; ', 50 * MB)}</script>`,
    '50 MB and a NUL': () => `\0${filled(paragraph, 50 * MB)}`,
    '50 MB and a frameset': () => `<frameset>${filled(paragraph, 50 * MB)}`,
    // A link that ends inside a drawing, with a block open in it, is left to the full parser.
    '5 MB for the full parser': () => `${beyond}${filled(paragraph, 5 * MB)}`,
    '50 MB for the full parser': () => `${beyond}${filled(paragraph, 50 * MB)}`,
    '60,000 open <span> and as many ends of nothing, for the full parser': () =>
      `${beyond}${'<span>'.repeat(60_000)}${'</i-x>'.repeat(60_000)}`,
    '60,000 nested elements for the full parser': () => `${beyond}${'<div>'.repeat(60_000)}${story}`,
    '20,000 nested <b><p>, then their ends, for the full parser': () =>
      `${beyond}${'<b><p>'.repeat(20_000)}${'</b>'.repeat(20_000)}${story}`,
    '5 MB and a NUL': () => `\0${filled(paragraph, 5 * MB)}`,
  },
  'many of one thing': {
    '100,000 links': () => `${story}<p>${'<a href="/x">link</a> '.repeat(100_000)}</p>`,
    '100,000 links, one a block': () =>
      `${story}${'<div><a href="/x/y?z=1">A link to a story</a></div>'.repeat(100_000)}`,
    '100,000 pictures': () =>
      `${story}${'<figure><img src="/a.jpg" alt="A ship"><figcaption>A ship</figcaption></figure>'.repeat(100_000)}`,
    '100,000 attributes on one element': () =>
      `<div ${Array.from({ length: 100_000 }, (_, i) => `data-a${i}="${i}"`).join(' ')}>${story}</div>`,
    '100,000 class words on one element': () =>
      `<div class="${Array.from({ length: 100_000 }, (_, i) => `story-c${i}`).join(' ')}">${story}</div>`,
    '100,000 elements, each with a class of its own': () =>
      Array.from({ length: 100_000 }, (_, i) => `<p class="c${i} related">${sentence}</p>`).join(''),
    '100,000 headings': () => `${story}${'<h2>A heading of the day</h2>'.repeat(100_000)}`,
    '100,000 short paragraphs': () => `${story}${'<p>So it goes.</p>'.repeat(100_000)}`,
    '100,000 sibling paragraphs of prose': () => paragraph.repeat(100_000),
    '100,000 columns of paragraphs': () => `<div>${paragraph}${paragraph}</div>`.repeat(50_000),
    '100,000 meta tags': () => head('<meta property="og:title" content="A headline of some length">'.repeat(100_000)),
    '100,000 link tags': () => head('<link rel="canonical" href="/a">'.repeat(100_000)),
    '100,000 authors': () =>
      head(Array.from({ length: 100_000 }, (_, i) => `<meta name="author" content="Ann Lee${i}">`).join('')),
    '100,000 tags': () =>
      head(Array.from({ length: 100_000 }, (_, i) => `<meta property="article:tag" content="tag ${i}">`).join('')),
    '100,000 authors on the page': () =>
      `${story}${Array.from({ length: 100_000 }, (_, i) => `<a rel="author" href="/a${i}">Ann Lee</a>`).join(' ')}`,
    '100,000 bylines': () =>
      `<h1>A headline of some length</h1>${'<p class="byline">By Ann Lee</p>'.repeat(100_000)}${story}`,
    '100,000 times': () => `${story}${'<time datetime="2026-01-02T03:04:05Z">2 January 2026</time> '.repeat(100_000)}`,
    '100,000 scripts': () => `${story}${'<script>window.a = {};</script>'.repeat(100_000)}`,
    '100,000 comments': () => `${story}${'<!-- a -->x'.repeat(100_000)}`,
    '1,000,000 line breaks': () => `${story}<p>${'x<br>'.repeat(1_000_000)}`,
    '1,000,000 cells': () => `${story}<table><tr>${'<td>1</td>'.repeat(1_000_000)}</table>`,
    '200,000 rows': () => `${story}<table>${'<tr><td>1</td><td>2</td></tr>'.repeat(200_000)}</table>`,
    '100,000 stray cells': () => `${story}<table>${`<b>${sentence}</b>`.repeat(100_000)}</table>`,
    '1,000,000 stray ends': () => `<p>${sentence}${'</div></b></table>'.repeat(333_333)}${story}`,
    '1,000,000 options': () => `${story}<select>${'<option>a'.repeat(1_000_000)}</select>`,
    'one attribute of 5 MB': () => `<p class="${filled('x ', 5 * MB)}">${story}`,
    'one style of 5 MB': () => `<p style="${filled('color:red;', 5 * MB)}">${story}`,
    'one address of 5 MB': () => `${story}<a href="/${filled('a/../', 5 * MB)}">A link</a>`,
    'one picture address of 5 MB': () => `${story}<img src="data:image/png;base64,${filled('AAAA', 5 * MB)}">`,
    'one name of 5 MB': () => `<p><${filled('x', 5 * MB)}>${story}`,
  },
  unclosed: {
    ...tags(['p', 'b', 'a', 'table', 'td', 'li', 'div', 'button', 'select', 'svg', 'form', 'h1', 'article'], 1_000_000),
    ...tags(['template', 'noscript', 'textarea', 'title', 'script', 'iframe', 'style'], 100_000),
    '100,000 <b><p> and a NUL': () => `\0${'<b><p>x '.repeat(100_000)}`,
    '1,000 open <b> around 1,000 <p>': () => `${'<b>'.repeat(1_000)}${'<p>x '.repeat(1_000)}${story}`,
  },
  misnested: {
    '10,000 × <b><i></b></i>': () => `${story}${'<b>x<i>y</b>z</i>'.repeat(10_000)}`,
    '10,000 × <b><p></b>': () => `${story}${'<b>x<p>y</b>z'.repeat(10_000)}`,
    '10,000 × <a><div></a>': () => `${story}${'<a href=x>x<div>y</a>z'.repeat(10_000)}`,
    '10,000 × <a><table></a>': () => `${story}${'<a>x<table><a>y'.repeat(10_000)}`,
    '10,000 × <b><p></b> and a NUL': () => `\0${story}${'<b>x<p>y</b>z'.repeat(10_000)}`,
    '10,000 × <svg><p>': () => `${story}${'<svg>x<p>y'.repeat(10_000)}`,
    '10,000 × <table><div>': () => `${story}${'<table><div>y'.repeat(10_000)}`,
    '10,000 <b>, then 10,000 </b>, in paragraphs': () => `${'<b>x<p>'.repeat(10_000)}${'</b>y'.repeat(10_000)}${story}`,
  },
  'references and marks': {
    '4,000,000 &amp;': () => `<p>${'&amp;'.repeat(4_000_000)}</p>${story}`,
    '2,000,000 unfinished &#x': () => `<p>${'&#x'.repeat(2_000_000)}</p>${story}`,
    'one &#x of 5 MB': () => `<p>&#x${filled('f', 5 * MB)}</p>${story}`,
    'one &name of 5 MB': () => `<p>&${filled('notin', 5 * MB)}</p>${story}`,
    '5,000,000 &': () => `<p>${'&'.repeat(5_000_000)}</p>${story}`,
    '5 MB of references in an attribute': () => `<p title="${filled('&amp;&notit;', 5 * MB)}">${story}`,
    '5,000,000 <': () => `<p>${'<'.repeat(5_000_000)}</p>${story}`,
    '2,500,000 </': () => `<p>${'</'.repeat(2_500_000)}</p>${story}`,
    '2,500,000 <!': () => `<p>${'<!'.repeat(2_500_000)}</p>${story}`,
    '1,000,000 <!--': () => `<p>${'<!--'.repeat(1_000_000)}</p>${story}`,
    '1,000,000 <!-- -- !': () => `<p><!--${'--!'.repeat(1_000_000)}</p>${story}`,
    '500,000 <![CDATA[ in a drawing': () => `${story}<svg>${'<![CDATA['.repeat(500_000)}`,
    '500,000 <script><!--': () => `${story}<script>${'<!--<script>'.repeat(500_000)}`,
    '500,000 </scrip in a script': () => `${story}<script>${'</scrip'.repeat(500_000)}`,
    '100,000 × <script><!-- </script>': () => `${story}${'<script><!--</script>'.repeat(100_000)}`,
    '1,000,000 NUL': () => `<p>${'\0'.repeat(1_000_000)}</p>${story}`,
    'a NUL in every word': () => filled('<p>qu\0ay and sh\0ip. </p>', 5 * MB),
    '1,000,000 equal signs in a tag': () => `<p ${'='.repeat(1_000_000)}>${story}`,
    '1,000,000 slashes in a tag': () => `<p ${'/'.repeat(1_000_000)}>${story}`,
    '1,000,000 quotes in a tag': () => `<p ${'"'.repeat(1_000_000)}>${story}`,
  },
  'what a page says of itself': {
    'JSON-LD 100,000 lists deep': () => jsonLd('['.repeat(100_000)),
    'JSON-LD 100,000 lists deep, closed': () => jsonLd(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'JSON-LD 100,000 objects deep': () => jsonLd('{"@type":"NewsArticle","author":'.repeat(100_000)),
    'JSON-LD 5,000 authors deep, closed': () =>
      jsonLd(`${'{"@type":"NewsArticle","author":'.repeat(5_000)}"x"${'}'.repeat(5_000)}`),
    ...Object.fromEntries(
      [
        'headline',
        'author',
        'publisher',
        'image',
        'mainEntityOfPage',
        'articleBody',
        'datePublished',
        'keywords',
        'url',
      ].map((key) => [
        `JSON-LD with names 100,000 deep as ${key}`,
        () => jsonLd(`{"@type":"NewsArticle","${key}":${'{"name":['.repeat(100_000)}"x"${']}'.repeat(100_000)}}`),
      ]),
    ),
    '20 scripts of 1 MB of broken JSON-LD': () =>
      head(`<script type="application/ld+json">${filled('{"a":"A "quoted" one",},', MB)}</script>`.repeat(20)),
    '20 MB of broken __NEXT_DATA__': () =>
      `<div></div><script id="__NEXT_DATA__" type="application/json">${filled('{"text":"A "quoted" one",},', 20 * MB)}</script>`,
    '20 MB of JSON-LD': () =>
      jsonLd(`[${filled('{"@type":"NewsArticle","headline":"A headline","author":{"name":"Ann Lee"}},', 20 * MB)}{}]`),
    '20 MB of broken JSON-LD': () => jsonLd(filled('{"@type":"NewsArticle","headline":"A "quoted" one",},', 20 * MB)),
    '20 MB of quotes as JSON-LD': () => jsonLd(`{"a": "${filled('"', 20 * MB)}`),
    '20 MB of commas as JSON-LD': () => jsonLd(`{"a": 1${filled(', ', 20 * MB)}`),
    '20 MB of /* as JSON-LD': () => jsonLd(`{"a": ${filled('/*', 20 * MB)}`),
    '20 MB article body in JSON-LD': () =>
      jsonLd(`{"@type":"NewsArticle","articleBody":"${filled(sentence, 20 * MB)}"}`),
    '20 MB article body, and no other text': () =>
      `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"${filled(sentence, 20 * MB)}"}</script>`,
    '10,000 JSON-LD scripts': () =>
      head(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A headline"}</script>'.repeat(10_000),
      ),
    '20 MB of __NEXT_DATA__': () =>
      `<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":[${filled(`{"text":"${sentence}"},`, 20 * MB)}{}]}</script>`,
    '__NEXT_DATA__ 100,000 lists deep': () =>
      `<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">${'['.repeat(100_000)}${']'.repeat(100_000)}</script>`,
    '20 MB of flight chunks': () =>
      `<div></div>${filled(`<script>self.__next_f.push([1,"${sentence.repeat(8)}"])</script>`, 20 * MB)}`,
    'a title of 5 MB': () => head(`<title>${filled('A headline - ', 5 * MB)}</title>`),
    'a description of 5 MB': () => head(`<meta name="description" content="${filled(sentence, 5 * MB)}">`),
    'an author of 5 MB': () => head(`<meta name="author" content="${filled('Ann Lee and Bob Ray, ', 5 * MB)}">`),
    'a date of 5 MB': () => head(`<meta property="article:published_time" content="${filled('2026-01-02T', 5 * MB)}">`),
    'keywords of 5 MB': () => head(`<meta name="keywords" content="${filled('ships, ', 5 * MB)}">`),
    'a canonical address of 5 MB': () =>
      head(`<link rel="canonical" href="https://paper.example/${filled('a/', 5 * MB)}">`),
    'robots directives of 5 MB': () => head(`<meta name="robots" content="${filled('noindex, ', 5 * MB)}">`),
  },
  dumps: {
    '5 MB in one line': () => ({ text: filled(sentence, 5 * MB), contentType: 'text/plain' }),
    '5 MB in 500,000 lines': () => ({ text: '123456789\n'.repeat(500_000), contentType: 'text/plain' }),
    '50 MB in lines of prose': () => ({ text: filled(`${sentence.repeat(3)}\n`, 50 * MB), contentType: 'text/plain' }),
    '500,000 menu lines above prose': () => ({
      text: `${'Sport\n'.repeat(500_000)}A headline of some length\n${`${sentence.repeat(3)}\n`.repeat(9)}`,
      contentType: 'text/plain',
    }),
    '100,000 different lines above prose': () => ({
      text: `The Lantern\n${Array.from({ length: 100_000 }, (_, i) => `A line of its own number ${i}\n`).join('')}A headline of some length\n${`${sentence.repeat(3)}\n`.repeat(9)}`,
      contentType: 'text/plain',
    }),
    '100,000 pictures in lines': () => ({
      text: `© A / B / Go to the mediabank A ship\nA ship - The Paper\n`.repeat(100_000),
      contentType: 'text/plain',
    }),
  },
  'text of one shape, 1 MB in a paragraph, a headline, a byline and a title': Object.fromEntries(
    Object.entries(shapes).map(([name, part]) => [
      name,
      () => {
        const text = filled(part, MB);
        return `<head><title>${text}</title></head><body><h1>${text}</h1><p class="byline">By ${text}</p><time>${text}</time><p>${text}</p><figure><img src="/a.jpg" alt="${text}"><figcaption>${text}</figcaption></figure>${story}`;
      },
    ]),
  ),
  'dumps of one shape, 1 MB in one line': Object.fromEntries(
    Object.entries(shapes).map(([name, part]) => [
      `${name}, as a dump`,
      () => ({ text: filled(part, MB), contentType: 'text/plain' }),
    ]),
  ),
};
