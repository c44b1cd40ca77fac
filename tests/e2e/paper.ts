/** A one-page newspaper on loopback whose editor is the test. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Every test on loopback needs it. */
export const ALLOW = ['--allow-address', '127.0.0.1/32', '--allow-address', '127.0.1.0/24'];

export interface Paper {
  readonly origin: string;
  /** Requests so far, in order, but those for robots.txt. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** How often robots.txt was asked for. */
  readonly robotsAsked: () => number;
  /** The most requests that were ever open at once. */
  readonly mostInFlight: () => number;
  close(): Promise<void>;
}
export type Handler = (path: string, request: IncomingMessage, response: ServerResponse) => void;

export async function openPaper(handler: Handler, host = '127.0.0.1'): Promise<Paper> {
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  let robots = 0;
  let inFlight = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/robots.txt') robots += 1;
    else requests.push({ path, headers: request.headers });
    most = Math.max(most, ++inFlight);
    response.on('close', () => void (inFlight -= 1));
    handler(path, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    requests,
    robotsAsked: () => robots,
    mostInFlight: () => most,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface Story {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly modified?: string;
  /** Extra markup after the article. */
  readonly after?: string;
}

/** Enough of it that a cleaner takes it for an article, and every story's sentences its own. */
export const storyOf = (name: string, edits: Partial<Story> = {}): Story => ({
  title: `The harbour bridge of ${name} opens after nine years`,
  paragraphs: [
    `The council of ${name} opened the new harbour bridge on Tuesday morning, nine years after the first stone was laid and four years later than it had promised.`,
    `Mayor Ilse Brandt said that 3,200 cars had crossed within the first two hours. "We have waited long enough for this day," she told the people of ${name}.`,
    `The ferry that carried the town across the water since 1911 made its last crossing at noon, with a brass band on deck and two hundred passengers.`,
    `Critics point to the cost, which rose from 40 to 96 million, and to the missing lane for bicycles, which the council wants to add within a year.`,
  ],
  ...edits,
});

export const pageOf = ({ title, paragraphs, modified, after }: Story): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} - The Harbour Post</title>
<meta property="og:title" content="${title}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-03T09:30:00+01:00">
${modified === undefined ? '' : `<meta property="article:modified_time" content="${modified}">`}</head>
<body><header><a href="/">The Harbour Post</a><nav><a href="/news">News</a> <a href="/sport">Sport</a></nav></header>
<main><article><h1>${title}</h1><p class="byline">By Tomas Lindqvist</p>
${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}
</article><aside class="newsletter"><p>Subscribe to our newsletter and never miss a story.</p></aside></main>
${after ?? ''}<footer><p>© 2026 The Harbour Post. All rights reserved.</p></footer></body></html>`;

export const sendHtml = (
  response: ServerResponse,
  html: string,
  headers: Record<string, string> = {},
  status = 200,
): void => {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(html);
};
