/**
 * Rows of React's flight format, which frameworks stream into a page as `self.__next_f.push([1,"…"])`: a string cut into pieces at
 * any place, holding a row a line, `id:JSON`, or `id:T<hex>,` and so many bytes of text.
 */
const PUSH = /self\.__next_f\.push\(\s*\[\s*1\s*,\s*("(?:[^"\\]|\\[\s\S])*")\s*\]\s*\)/g;
const ROW = /([0-9a-f]*):(T([0-9a-f]+),|[A-Z]{1,2}(?=[[{"])|)/y;
/** A page's stream is its size at most; more rows than this are no article. */
const MAX_ROWS = 20_000;

export const isFlight = (script: string): boolean => script.includes('self.__next_f.push(');

/** The stream that a page's scripts hold together. */
function streamOf(scripts: readonly string[]): string {
  let stream = '';
  for (const script of scripts) {
    for (const [, literal = '""'] of script.matchAll(PUSH)) {
      try {
        stream += JSON.parse(literal) as string;
      } catch {
        // A piece that is no JSON string is lost; the rows after the next line end are read all the same.
      }
    }
  }
  return stream;
}

/** Where so many bytes of UTF-8 from `start` on end. */
function afterBytes(text: string, start: number, bytes: number): number {
  let left = bytes;
  let at = start;
  while (left > 0 && at < text.length) {
    const code = text.codePointAt(at) as number;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}

/** The values of all rows, texts as strings; rows that are broken are left out. */
export function flightValues(scripts: readonly string[]): unknown[] {
  const stream = streamOf(scripts);
  const values: unknown[] = [];
  let at = 0;
  for (let rows = 0; at < stream.length && rows < MAX_ROWS; rows++) {
    ROW.lastIndex = at;
    const row = ROW.exec(stream);
    const lineEnd = stream.indexOf('\n', at);
    const end = lineEnd < 0 ? stream.length : lineEnd;
    if (row?.[3] !== undefined) {
      const start = at + row[0].length;
      at = afterBytes(stream, start, Number.parseInt(row[3], 16));
      values.push(stream.slice(start, at));
      continue;
    }
    if (row && row[2] === '') {
      const value = jsonOf(stream.slice(at + row[0].length, end));
      if (value !== undefined) values.push(value);
    }
    at = end + 1;
  }
  return values;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
