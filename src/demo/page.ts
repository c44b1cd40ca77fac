/** The pages of the demo newspaper: an article, the front page, and the ways of saying no. */
import { Markup, jsonMarkup, markup, nothing } from './markup.ts';
import { advert, inlineStory, paywall, rail, sheet, talk, telegram, toolbar } from './furniture.ts';
import type { Setting } from './furniture.ts';
import type { Article, Passage } from './paper.ts';

/** The inline related story and the advert interrupt the body after these passages. */
const STORY_AFTER = 2;
const ADVERT_AFTER = 4;

export const addressOf = (origin: string, article: Article): string => new URL(article.path, origin).href;
const imageOf = (origin: string, article: Article): string => `${origin}/images/${article.slug}.svg`;

/** Names as the language joins them: "A, B and C". */
function joined(names: readonly string[], and: string): string {
  const last = names.at(-1) ?? '';
  const before = names.slice(0, -1).join(', ');
  if (before === '') return last;
  return /\p{L}/u.test(and) ? `${before} ${and} ${last}` : `${before}${and}${last}`;
}

function facts({ paper, origin }: Setting, article: Article): unknown {
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: article.headline,
    description: article.lead,
    inLanguage: article.language,
    datePublished: article.publishedAt,
    dateModified: article.modifiedAt,
    author: article.authors.map((name) => ({ '@type': 'Person', name })),
    publisher: { '@type': 'NewsMediaOrganization', name: paper.name, url: `${origin}/` },
    image: [imageOf(origin, article)],
    keywords: article.tags,
    isAccessibleForFree: article.freePassages === undefined,
    mainEntityOfPage: addressOf(origin, article),
  };
}

function metaOf(setting: Setting, article: Article): Markup[] {
  const url = addressOf(setting.origin, article);
  return [
    markup`<meta name="description" content="${article.lead}">`,
    markup`<link rel="canonical" href="${url}">`,
    markup`<meta property="og:type" content="article">`,
    markup`<meta property="og:url" content="${url}">`,
    markup`<meta property="og:title" content="${article.headline}">`,
    markup`<meta property="og:description" content="${article.lead}">`,
    markup`<meta property="og:image" content="${imageOf(setting.origin, article)}">`,
    markup`<meta property="article:published_time" content="${article.publishedAt}">`,
    markup`<meta property="article:modified_time" content="${article.modifiedAt}">`,
    markup`<script type="application/ld+json">${jsonMarkup(facts(setting, article))}</script>`,
  ];
}

const passageMarkup = (passage: Passage): Markup =>
  typeof passage === 'string' ? markup`<p>${passage}</p>` : markup`<h2>${passage.heading}</h2>`;

function body(setting: Setting, article: Article): Markup[] {
  const passages = article.body.slice(0, article.freePassages);
  return passages.flatMap((passage, index) => {
    const after = index + 1;
    if (after === STORY_AFTER) return [passageMarkup(passage), inlineStory(setting)];
    return after === ADVERT_AFTER ? [passageMarkup(passage), advert(setting)] : [passageMarkup(passage)];
  });
}

function story(setting: Setting, article: Article): Markup {
  const { words } = setting;
  const by = `${words.by}${joined(article.authors, words.and)}`;
  const isWalled = article.freePassages !== undefined;
  const correction =
    article.correction === undefined ? nothing : markup`<p class="correction">${article.correction}</p>`;
  return markup`<article class="story" lang="${article.language}">
<p class="kicker">${words.sections[article.section] ?? ''}</p>
<h1>${article.headline}</h1>
<p class="standfirst">${article.lead}</p>
<p class="byline">${by}</p>
<p class="dateline"><time datetime="${article.publishedAt}">${article.shownDate}</time></p>
${toolbar(setting)}
<figure>
<img src="/images/${article.slug}.svg" alt="${article.caption}" width="1200" height="675">
<figcaption>${article.caption}</figcaption>
<div class="credit">${article.credit}</div>
<a class="mediabank" href="/mediabank/${article.slug}">${words.mediabank}</a>
</figure>
<div class="story__body">
${body(setting, article)}
${isWalled ? paywall(setting) : correction}
${isWalled ? nothing : telegram(setting)}
</div>
<ul class="tags">${article.tags.map((tag) => markup`<li><a href="/tag">${tag}</a></li>`)}</ul>
</article>`;
}

export function articlePage(setting: Setting, article: Article): string {
  const main = markup`<div class="columns wide">
<main>
${story(setting, article)}
${talk(setting)}
</main>
${rail(setting)}
</div>`;
  return sheet(setting, article.headline, metaOf(setting, article), main);
}

export function frontPage(setting: Setting, articles: readonly Article[]): string {
  const newestFirst = articles.toSorted((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt));
  const teasers = newestFirst.map((article) => {
    const dir = setting.paper.furniture[article.language]?.dir ?? 'ltr';
    return markup`<article lang="${article.language}" dir="${dir}"><a href="${addressOf(setting.origin, article)}"><img src="/images/${article.slug}.svg" alt="" width="1200" height="675"><h2>${article.headline}</h2></a><p>${article.lead}</p></article>`;
  });
  const main = markup`<main class="front wide">
${teasers}
</main>
<div class="wide">${rail(setting)}</div>`;
  return sheet(setting, setting.words.tagline, [markup`<meta property="og:type" content="website">`], main);
}

/** A page that only says why there is none. */
export function noticePage(setting: Setting, notice: { readonly title: string; readonly text: string }): string {
  const main = markup`<main class="notice wide"><h1>${notice.title}</h1><p>${notice.text}</p></main>`;
  return sheet(setting, notice.title, [markup`<meta name="robots" content="noindex">`], main);
}

/** RSS 2.0 of the articles, newest first. */
export function feed(setting: Setting, articles: readonly Article[]): string {
  const items = articles
    .toSorted((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt))
    .map((article) => {
      const url = addressOf(setting.origin, article);
      const date = new Date(article.publishedAt).toUTCString();
      return markup`<item><title>${article.headline}</title><link>${url}</link><guid isPermaLink="true">${url}</guid><pubDate>${date}</pubDate><description>${article.lead}</description></item>`;
    });
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>${setting.paper.name}</title><link>${setting.origin}/</link><description>${setting.words.tagline}</description>
${items}
</channel></rss>
`.source;
}

/** Sitemap with the dates that the editors admit to. */
export function sitemap(setting: Setting, articles: readonly Article[]): string {
  const entries = articles.map(
    (article) =>
      markup`<url><loc>${addressOf(setting.origin, article)}</loc><lastmod>${article.modifiedAt}</lastmod></url>`,
  );
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries}
</urlset>
`.source;
}
