/** What stands around an article on every page, some of it different on every request. */
import { sha256 } from '../core/digest.ts';
import { Markup, jsonMarkup, markup, nothing } from './markup.ts';
import type { Furniture, Paper } from './paper.ts';

/** One request: what the page is made of that has nothing to do with its article. */
export interface Setting {
  readonly paper: Paper;
  readonly origin: string;
  readonly language: string;
  readonly words: Furniture;
  /** Index of the section shown as current; -1 for none. */
  readonly section: number;
  /** Counts the requests of this server; everything that rotates turns by it. */
  readonly turn: number;
}

/** A list that begins elsewhere each time. */
const rotated = <T>(list: readonly T[], turn: number): T[] =>
  list.map((_, index) => list[(index + turn) % list.length]!);
const pick = <T>(list: readonly T[], turn: number): T => list[turn % list.length]!;
const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const token = (turn: number): string => sha256(`token ${turn}`).slice(0, 24);

function head({ paper, words }: Setting, title: string, meta: readonly Markup[]): Markup {
  return markup`<head>
<meta charset="utf-8">
<title>${title} - ${paper.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="og:site_name" content="${paper.name}">
${meta}
<link rel="alternate" type="application/rss+xml" title="${words.newsfeed}" href="/feed.xml">
<style>
${new Markup(paper.style)}</style>
</head>`;
}

function masthead({ paper, words, section, language }: Setting): Markup {
  const links = words.sections.map((name, index) => {
    const current = index === section ? new Markup(' aria-current="page"') : nothing;
    return markup`<a href="/?section=${index}&amp;lang=${language}"${current}>${name}</a>`;
  });
  return markup`<header class="masthead wide">
<a class="masthead__name" href="/">${paper.name}</a>
<p class="masthead__tagline">${words.tagline}</p>
</header>
<nav class="sections wide">
${links}
<a class="button" href="/subscribe">${words.subscribe}</a>
</nav>`;
}

export const toolbar = ({ words, turn }: Setting): Markup => markup`<div class="toolbar">
${words.share.map((name) => markup`<button type="button">${name}</button>`)}
<span class="counter">${1200 + turn * 37} ${words.views}</span>
</div>`;

export function inlineStory({ words, turn }: Setting): Markup {
  const { caption, headline } = pick(words.related, turn);
  return markup`<aside class="inline-story">
<img src="/images/related-${turn % words.related.length}.svg" alt="${caption}" loading="lazy">
<div class="inline-story__alt">${caption}</div>
<div class="inline-story__title"><a href="/archive/${turn % words.related.length}">${headline}</a></div>
</aside>`;
}

export const advert = ({ words, turn }: Setting): Markup =>
  markup`<div class="ad" data-slot="${token(turn).slice(0, 8)}"><small>${words.ad}</small><p>${pick(words.ads, turn)}</p></div>`;

export const telegram = ({ paper, words }: Setting): Markup =>
  markup`<p class="follow"><a href="${paper.telegram}">${words.promo}</a></p>`;

export const paywall = ({ words }: Setting): Markup => markup`<div class="wall paywall">
<h2>${words.paywall.title}</h2>
<p>${words.paywall.text}</p>
<a class="button" href="/subscribe">${words.paywall.button}</a>
</div>`;

export function rail({ words, turn }: Setting): Markup {
  const wire = rotated(words.wire, turn).slice(0, 6);
  const items = wire.map((line, index) => {
    const time = clockTime(905 + turn * 3 - index * 11);
    return markup`<li><time>${time}</time> <a href="/archive/${index}">${line}</a></li>`;
  });
  const read = rotated(words.mostRead, turn).map((line) => markup`<li><a href="/archive/read">${line}</a></li>`);
  return markup`<aside class="rail">
<section class="newsfeed"><h2>${words.newsfeed}</h2>
<ul>
${items}
</ul></section>
<section class="most-read"><h2>${words.mostReadTitle}</h2>
<ol>
${read}
</ol></section>
<section class="letter newsletter"><h2>${words.newsletter.title}</h2>
<p>${words.newsletter.text}</p>
<form action="/letter"><input type="email" aria-label="${words.newsletter.title}"><input type="hidden" name="csrf" value="${token(turn)}"><button class="button" type="button">${words.newsletter.button}</button></form></section>
</aside>`;
}

/** Comments, the login prompt, the loader and the chats: what a script would fill in on the real thing. */
export function talk({ words, turn }: Setting): Markup {
  const shown = words.comments.slice(0, 1 + (turn % words.comments.length));
  const comments = shown.map(
    ({ who, when, text }) => markup`<li><b>${who}</b> <small>${when}</small><p>${text}</p></li>`,
  );
  return markup`<section class="talk comments" id="comments">
<h2>${words.commentsTitle} (${shown.length})</h2>
<ol>
${comments}
</ol>
<div class="talk__login login">${words.login[0] ?? ''}<br><a href="/login">${words.login[1] ?? ''}</a></div>
<div class="dock"><div class="loader">${words.loader}</div><div class="chat-title">${words.chats}</div><div class="placeholder" data-turn="${turn}">${words.placeholder}</div></div>
</section>`;
}

function foot({ words }: Setting): Markup {
  return markup`<footer class="foot">
<nav>${words.footer.map((name) => markup`<a href="/about">${name}</a>`)}</nav>
<p>${words.copyright}</p>
</footer>
<div class="cookies" role="dialog" aria-label="Cookies"><p>${words.cookie.text}</p><button class="button" type="button">${words.cookie.accept}</button><button class="button button--plain" type="button">${words.cookie.reject}</button></div>`;
}

/** A whole page with `main` in its middle. */
export function sheet(setting: Setting, title: string, meta: readonly Markup[], main: Markup): string {
  const { paper, language, words, turn } = setting;
  const page = markup`<!doctype html>
<html lang="${language}" dir="${words.dir}" class="js-${token(turn).slice(0, 6)}">
${head(setting, title, meta)}
<body>
${masthead(setting)}
${main}
${foot(setting)}
<script>
${new Markup(paper.script)}window.lantern = ${jsonMarkup({ session: token(turn), turn })};
</script>
</body>
</html>
`;
  return page.source;
}
