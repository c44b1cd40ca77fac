/** A newspaper with feeds, sitemaps and sections on loopback, whose editor is the test: what a crawl is sent to. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { openPaper, pageOf, sendHtml, storyOf } from './paper.ts';
import type { Paper, Story } from './paper.ts';

export interface Piece {
  readonly path: string;
  story: Story;
  /** 404 where it was deleted. */
  status: number;
  /** Where the address leads instead. */
  movedTo?: string;
  /** The sitemap's claim. */
  lastmod: string;
}
export interface Outlet extends Paper {
  readonly pieces: Piece[];
  /** Milliseconds until a page is answered. */
  delayMs: number;
  robots: string;
  urlOf(piece: Piece): string;
  /** Called at the start of each request. */
  onRequest: ((path: string) => void) | undefined;
  /** Requests so far for the path, robots.txt included. */
  asked(path: string): number;
}

const PER_SECTION_PAGE = 4;
const PER_FEED = 3;
/** Names in several scripts; slugs as their publishers spell them. */
const PLACES: readonly (readonly [slug: string, name: string])[] = [
  ['bruecke-eroeffnet-in-husum', 'Husum'],
  ['міст-відкрито-в-одесі', 'Одеса'],
  ['جسر-جديد-في-المرفأ', 'المرفأ'],
  ['新しい橋が開通', '港町'],
  ['bridge-opens-at-last-in-skerry', 'Skerry'],
];

function pieceOf(n: number): Piece {
  const [slug, name] = PLACES[n % PLACES.length] as readonly [string, string];
  return {
    path: `/harbour/${encodeURI(slug)}-${1000 + n}`,
    story: storyOf(`${name} ${n}`),
    status: 200,
    lastmod: `2026-03-0${(n % 8) + 1}T09:30:00+01:00`,
  };
}

export async function openOutlet(count: number, host = '127.0.1.1'): Promise<Outlet> {
  const pieces = Array.from({ length: count }, (_, n) => pieceOf(n));
  const paths: string[] = [];
  const paper = await openPaper((path, request, response) => {
    paths.push(path);
    outlet.onRequest?.(path);
    if (outlet.delayMs === 0 || path === '/robots.txt') answer(outlet, path, request, response);
    else setTimeout(() => answer(outlet, path, request, response), outlet.delayMs);
  }, host);
  const outlet: Outlet = Object.assign(paper, {
    pieces,
    delayMs: 0,
    robots: `User-agent: *\nDisallow: /private/\nSitemap: ${paper.origin}/sitemap_index.xml\n`,
    urlOf: ({ path }: Piece) => `${paper.origin}${path}`,
    onRequest: undefined,
    asked: (path: string) => paths.filter((one) => one === path).length,
  });
  return outlet;
}

function answer(outlet: Outlet, path: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(path, outlet.origin);
  const piece = outlet.pieces.find((one) => one.path === url.pathname);
  if (piece !== undefined) return sendPiece(piece, request, response);
  if (url.pathname === '/robots.txt') return send(response, 'text/plain', outlet.robots);
  const document = documentAt(outlet, url);
  if (document === null) return sendHtml(response, '<title>Not found</title><h1>Not found</h1>', {}, 404);
  sendTagged(request, response, ...document);
}

function sendPiece({ story, status, movedTo }: Piece, request: IncomingMessage, response: ServerResponse): void {
  if (movedTo !== undefined) return void response.writeHead(301, { location: movedTo }).end();
  if (status !== 200) return sendHtml(response, '<title>Not found</title><h1>Not found</h1>', {}, status);
  sendTagged(request, response, 'text/html; charset=utf-8', pageOf(story));
}

const send = (response: ServerResponse, type: string, body: string | Buffer): void =>
  void response.writeHead(200, { 'content-type': type }).end(body);

/** With a tag, and without a body where whoever asks has it. */
function sendTagged(request: IncomingMessage, response: ServerResponse, type: string, body: string | Buffer): void {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
  response.writeHead(200, { 'content-type': type, etag }).end(body);
}

function documentAt(outlet: Outlet, url: URL): [type: string, body: string | Buffer] | null {
  const page = Number(url.searchParams.get('page') ?? '1');
  switch (url.pathname) {
    case '/':
      return ['text/html', frontPage(outlet)];
    case '/harbour':
      return ['text/html', section(outlet, page)];
    case '/feed.xml':
      return ['application/rss+xml', rss(outlet)];
    case '/atom.xml':
      return ['application/atom+xml', atom(outlet)];
    case '/feed.json':
      return ['application/feed+json', jsonFeed(outlet)];
    case '/sitemap_index.xml':
      return ['application/xml', sitemapIndex(outlet)];
    case '/sitemap-1.xml.gz':
      return ['application/gzip', gzipSync(sitemap(outlet))];
    case '/calendar':
      // Every day leads to the next, and to each of its hours.
      return ['text/html', calendar(outlet, Number(url.searchParams.get('day') ?? '0'))];
    default:
      return null;
  }
}

/** Each page of the outlet is named by something else: feeds, the packed sitemap, the pages of a section. */
const newest = ({ pieces }: Outlet): readonly Piece[] => pieces.slice(0, PER_FEED);
const link = (path: string, text: string): string => `<a href="${path}">${text}</a>`;
const teasers = (pieces: readonly Piece[]): string =>
  pieces.map(({ path, story }) => `<article><h2>${link(path, story.title)}</h2></article>`).join('\n');

const frontPage = (outlet: Outlet): string => `<!doctype html><html lang="en"><head><title>The Harbour Post</title>
<link rel="alternate" type="application/rss+xml" title="News" href="/feed.xml">
<link rel="alternate" type="application/atom+xml" title="News" href="/atom.xml">
<link rel="alternate" type="application/feed+json" title="News" href="/feed.json"></head>
<body><nav>${link('/harbour', 'Harbour')} ${link('/calendar', 'Calendar')} ${link('/login', 'Log in')}</nav>
<main>${teasers(newest(outlet))}</main></body></html>`;

function section({ pieces }: Outlet, page: number): string {
  const from = (page - 1) * PER_SECTION_PAGE;
  const more = from + PER_SECTION_PAGE < pieces.length;
  return `<!doctype html><html lang="en"><head><title>Harbour</title></head><body><nav>${link('/', 'Home')}</nav>
<main>${teasers(pieces.slice(from, from + PER_SECTION_PAGE))}
<article><h2>${link('/private/minutes-of-the-council-from-last-tuesday-4711', 'Minutes of the council from last Tuesday')}</h2></article></main>
${more ? `<a rel="next" href="/harbour?page=${page + 1}">Older</a>` : ''}</body></html>`;
}

const calendar = (_: Outlet, day: number): string =>
  `<!doctype html><html lang="en"><head><title>Day ${day}</title></head><body><main>${Array.from(
    { length: 24 },
    (__, hour) =>
      `<h2>${link(`/calendar?day=${day}&amp;hour=${hour}`, `What happens in the harbour at ${hour} hours`)}</h2>`,
  ).join('')}</main><a rel="next" href="/calendar?day=${day + 1}">Tomorrow</a></body></html>`;

const rss = (outlet: Outlet): string =>
  `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>The Harbour Post</title><link>${outlet.origin}/</link><description>News</description>${newest(
    outlet,
  )
    .map(
      (piece) =>
        `<item><title>${piece.story.title}</title><link>${outlet.urlOf(piece)}?utm_source=rss&amp;utm_medium=feed</link><pubDate>Tue, 03 Mar 2026 09:30:00 +0100</pubDate></item>`,
    )
    .join('')}</channel></rss>`;
const atom = (outlet: Outlet): string =>
  `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Harbour Post</title><id>${outlet.origin}/</id><updated>2026-03-03T09:30:00+01:00</updated>${newest(
    outlet,
  )
    .map(
      (piece) =>
        `<entry><title>${piece.story.title}</title><id>tag:${piece.path}</id><link href="${piece.path}"/><updated>2026-03-03T09:30:00+01:00</updated></entry>`,
    )
    .join('')}</feed>`;
const jsonFeed = (outlet: Outlet): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'The Harbour Post',
    items: newest(outlet).map((piece) => ({ id: piece.path, url: outlet.urlOf(piece), title: piece.story.title })),
  });
const sitemapIndex = ({ origin }: Outlet): string =>
  `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>${origin}/sitemap-1.xml.gz</loc></sitemap></sitemapindex>`;
const sitemap = (outlet: Outlet): string =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${outlet.pieces
    .map((piece) => `<url><loc>${outlet.urlOf(piece)}</loc><lastmod>${piece.lastmod}</lastmod></url>`)
    .join('')}</urlset>`;
