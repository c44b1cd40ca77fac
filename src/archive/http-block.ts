/** HTTP messages as the block of a record: header lines as received, secrets withheld, the body as it came over the wire. */
import type { HeaderLines, Hop } from '../core/ports.ts';

const WITHHELD = 'withheld';
/** Their values open accounts; that they were there is enough for the record. */
const SECRETS: ReadonlySet<string> = new Set(['cookie', 'set-cookie', 'authorization', 'proxy-authorization']);
const HEAD_END = Buffer.from('\r\n\r\n');

/** Header text of fetched pages has a character for each byte; what has more came from elsewhere. */
const bytesOf = (text: string): Buffer => Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1');
/** Nothing in a name or value may end the line. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').trim();

function head(firstLine: string, lines: HeaderLines): Buffer {
  const spelled = lines.map(([name, value]) => {
    const kept = SECRETS.has(name.toLowerCase()) ? WITHHELD : value;
    return bytesOf(`${oneLine(name).replaceAll(':', ' ')}: ${oneLine(kept)}\r\n`);
  });
  return Buffer.concat([bytesOf(`${oneLine(firstLine)}\r\n`), ...spelled, Buffer.from('\r\n')]);
}

/** The lines of a body after transfer-decoding: what no longer describes it is renamed. */
function receivedLines({ headers, wireBody, status }: Hop): HeaderLines {
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase();
    // The length in a 304 is that of the body it leaves out (RFC 9110 §8.6).
    const isWrong = lower === 'content-length' && status !== 304 && value.trim() !== String(wireBody.length);
    return [lower === 'transfer-encoding' || isWrong ? `X-Orig-${name}` : name, value];
  });
}

export function requestBlock(hop: Hop): Buffer {
  const url = new URL(hop.url);
  const hasHost = hop.requestHeaders.some(([name]) => name.toLowerCase() === 'host');
  const lines: HeaderLines = hasHost ? hop.requestHeaders : [['Host', url.host], ...hop.requestHeaders];
  return head(`${hop.method} ${url.pathname}${url.search} HTTP/1.1`, lines);
}

export const responseHead = (hop: Hop): Buffer => head(`HTTP/1.1 ${hop.status} ${hop.statusText}`, receivedLines(hop));

export interface HttpMessage {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: Buffer;
}

/** The answer in a block; null where it holds none. */
export function parseResponse(block: Buffer): HttpMessage | null {
  const end = block.indexOf(HEAD_END);
  if (end < 0) return null;
  const [first = '', ...lines] = block.toString('latin1', 0, end).split('\r\n');
  const status = /^HTTP\/[\d.]+ (\d{3})/.exec(first)?.[1];
  if (status === undefined) return null;
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers, body: block.subarray(end + HEAD_END.length) };
}

/** Values of a header joined with `, `, its name given in lower case; empty where there is none. */
export const valueOf = (headers: HeaderLines, name: string): string =>
  headers
    .filter(([given]) => given.toLowerCase() === name)
    .map(([, value]) => value)
    .join(', ');
