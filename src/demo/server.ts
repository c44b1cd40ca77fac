/**
 * A small newspaper on loopback, in eight languages, with everything around its articles that real ones have. Its editors
 * change things when told to.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sha256 } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import type { Setting } from './furniture.ts';
import { addressOf, articlePage, feed, frontPage, noticePage, sitemap } from './page.ts';
import { articlesOf, editings, loadPaper } from './paper.ts';
import type { Article, Editing, Paper } from './paper.ts';
import { picture } from './picture.ts';

export interface PressOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** A loopback address. */
  readonly host: string;
  /** 1 as first printed, 2 after the editors changed things. */
  readonly edition: number;
}

export interface Press {
  readonly origin: string;
  /** Addresses of all articles. */
  readonly urls: readonly string[];
  /** What the editors do between the first edition and the second, by article address; every article has its entry. */
  readonly edits: ReadonlyMap<string, Editing>;
  /** Turns to another edition at once. Throws `E_INTERNAL` for an edition that there is none of. */
  publish(edition: number): void;
  /** Drops what is still connected. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const HTML = 'text/html; charset=utf-8';
const XML = 'application/xml; charset=utf-8';

class PressRoom {
  origin = '';
  #paper: Paper;
  #articles: readonly Article[];
  #turn = 0;

  constructor(edition: number) {
    this.#paper = loadPaper();
    this.#articles = articlesOf(edition);
  }

  publish(edition: number): void {
    this.#articles = articlesOf(edition);
  }

  urls(): string[] {
    return this.#articles.map((article) => addressOf(this.origin, article));
  }

  edits(): Map<string, Editing> {
    const bySlug = new Map(editings().map((editing) => [editing.article, editing]));
    return new Map(
      this.#articles.flatMap((article) => {
        const editing = bySlug.get(article.slug);
        return editing === undefined ? [] : [[addressOf(this.origin, article), editing] as const];
      }),
    );
  }

  #setting(language: string, section: number): Setting {
    const words = this.#paper.furniture[language];
    if (words === undefined)
      throw new TearsheetError('E_CONFIG_READ', `Expected config/demo/furniture/${language}.json; there is none.`);
    return { paper: this.#paper, origin: this.origin, language, words, section, turn: this.#turn };
  }

  #articleAnswer(article: Article, request: IncomingMessage): Answer {
    const setting = this.#setting(article.language, article.section);
    if (article.isWithdrawn)
      return { status: 410, type: HTML, body: noticePage(setting, setting.words.gone), headers: {} };
    const headers = validatorsOf(article);
    const isKnown = isUnchanged(request, headers);
    return { status: isKnown ? 304 : 200, type: HTML, body: isKnown ? '' : articlePage(setting, article), headers };
  }

  answer(request: IncomingMessage): Answer {
    this.#turn += 1;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return {
        status: 405,
        type: 'text/plain; charset=utf-8',
        body: 'GET and HEAD only\n',
        headers: { allow: 'GET, HEAD' },
      };
    const path = pathOf(request.url ?? '/');
    const article = this.#articles.find((each) => each.path === path);
    if (article !== undefined) return this.#articleAnswer(article, request);
    const setting = this.#setting(this.#paper.front, -1);
    const live = this.#articles.filter((each) => !each.isWithdrawn);
    if (path === '/') return { status: 200, type: HTML, body: frontPage(setting, live) };
    if (path === '/feed.xml') return { status: 200, type: XML, body: feed(setting, live) };
    if (path === '/sitemap.xml') return { status: 200, type: XML, body: sitemap(setting, live) };
    if (path === '/robots.txt')
      return {
        status: 200,
        type: 'text/plain; charset=utf-8',
        body: `User-agent: *\nDisallow: /login\n\nSitemap: ${this.origin}/sitemap.xml\n`,
      };
    const image = /^\/images\/([a-z0-9-]{1,60})\.svg$/.exec(path)?.[1];
    if (image !== undefined)
      return {
        status: 200,
        type: 'image/svg+xml',
        body: picture(image),
        headers: { 'cache-control': 'max-age=86400' },
      };
    return { status: 404, type: HTML, body: noticePage(setting, setting.words.missing) };
  }
}

function pathOf(target: string): string {
  try {
    return decodeURIComponent(new URL(target, 'http://localhost').pathname);
  } catch {
    return '';
  }
}

/** The ETag follows the article and not the noise around it; Last-Modified says what the editors admit to, so a stealth edit keeps it. */
function validatorsOf(article: Article): Record<string, string> {
  if (article.validators === 'none') return { 'cache-control': 'no-store' };
  return {
    'cache-control': 'max-age=0, must-revalidate',
    etag: `W/"${sha256(JSON.stringify(article)).slice(0, 20)}"`,
    'last-modified': new Date(article.modifiedAt).toUTCString(),
  };
}

/** If-None-Match beats If-Modified-Since (RFC 9110, 13.2.2). */
function isUnchanged(request: IncomingMessage, headers: Readonly<Record<string, string>>): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
  const { etag, 'last-modified': modified } = headers;
  if (tags !== undefined)
    return etag !== undefined && tags.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*');
  if (since === undefined || modified === undefined) return false;
  return Date.parse(modified) <= Date.parse(since);
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const isPacked = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) && answer.body.length > 200;
  const plain = Buffer.from(answer.body, 'utf8');
  const body = isPacked ? gzipSync(plain) : plain;
  const headers: Record<string, string | number> = { ...answer.headers, vary: 'Accept-Encoding' };
  if (answer.status !== 304) {
    headers['content-type'] = answer.type;
    headers['content-length'] = body.length;
    if (isPacked) headers['content-encoding'] = 'gzip';
  }
  response.writeHead(answer.status, headers);
  response.end(request.method === 'HEAD' || answer.status === 304 ? undefined : body);
}

function listening(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new TearsheetError('E_INTERNAL', `The demo newspaper cannot listen on ${host}:${port}: ${cause.message}.`, {
          cause,
        }),
      );
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve(server.address() as AddressInfo);
    });
  });
}

/**
 * Opens the newspaper. Throws `E_INTERNAL` where the port is taken or the edition is none, `E_CONFIG_READ` where its
 * files are missing.
 */
export async function startPress({ port, host, edition }: PressOptions): Promise<Press> {
  const room = new PressRoom(edition);
  const server = createServer((request, response) => {
    send(request, response, room.answer(request));
  });
  const address = await listening(server, port, host);
  room.origin = `http://${host}:${address.port}`;
  return {
    origin: room.origin,
    urls: room.urls(),
    edits: room.edits(),
    publish: (next) => room.publish(next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
