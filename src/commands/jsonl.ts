/** `clean --jsonl`: pages as lines in, readings as lines out, in the same order; one broken page stops nothing. */
import type { Readable, Writable } from 'node:stream';
import { bodyText } from '../clean/index.ts';
import { spellLine } from '../core/digest.ts';
import { TearsheetError, asTearsheetError } from '../core/errors.ts';
import type { Reading } from '../core/schema.ts';
import type { ReadPage } from '../visit.ts';
import { linesOf } from './lines.ts';
import type { Line } from './lines.ts';
import { writeLine } from './output.ts';
import { jsonLine } from './terminal.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** What a line of the output says of a page; null where the page does not tell. */
const spoken = (id: unknown, reading: Reading): unknown => ({
  id,
  kind: reading.kind,
  title: reading.title,
  lead: reading.lead ?? null,
  authors: reading.authors.map(({ name }) => name),
  published: reading.publishedAt ?? null,
  modified: reading.modifiedAt ?? null,
  language: reading.language,
  text: bodyText(reading),
  blocks: reading.blocks.map(({ role, label, text }) => ({ role, label, text })),
});

const invalid = (got: string): TearsheetError =>
  new TearsheetError(
    'E_CLI_USAGE',
    `expected a line of JSON such as {"id": 1, "url": "https://…", "html": "<p>…"}, got ${got}`,
  );

interface PageLine {
  readonly id: unknown;
  readonly url: string;
  readonly html: string;
}

function parseLine(text: string): { id: unknown; page: () => PageLine } {
  const value = JSON.parse(text) as Partial<Record<keyof PageLine, unknown>> | null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`a line that is no object`);
  const { id = null, url, html } = value;
  return {
    id,
    page: () => {
      if (typeof html !== 'string')
        throw invalid(`"html" that is ${html === undefined ? 'missing' : `a ${typeof html}`}`);
      return { id, url: typeof url === 'string' && url !== '' ? url : 'file:///stdin', html };
    },
  };
}

function answer(line: Line, read: ReadPage): unknown {
  let id: unknown = null;
  try {
    if (line.text === null) throw invalid(`a line of ${line.bytes} bytes; at most ${MAX_LINE_BYTES} can be read`);
    const parsed = parseLine(line.text);
    ({ id } = parsed);
    const { url, html } = parsed.page();
    return spoken(id, read(html, { url, contentType: 'text/html' }));
  } catch (thrown) {
    const { code, message } =
      thrown instanceof SyntaxError ? invalid(`a line that is not JSON (${thrown.message})`) : asTearsheetError(thrown);
    return { id, error: { code, message } };
  }
}

/** Reads no faster than `out` is read. Empty lines are skipped. */
export async function cleanLines(source: Readable, read: ReadPage, out: Writable, signal: AbortSignal): Promise<void> {
  for await (const line of linesOf(source, MAX_LINE_BYTES, signal)) {
    if (line.text !== null && line.text.trim() === '') continue;
    await writeLine(out, jsonLine(spellLine(answer(line, read))));
    if (signal.aborted) return;
  }
}
