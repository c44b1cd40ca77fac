/** A page as a line of `clean --jsonl`, and what is answered where it could not be read. Loads no cleaner. */
import { spellLine } from '../core/digest.ts';
import { TearsheetError, asTearsheetError } from '../core/errors.ts';
import { jsonLine } from './terminal.ts';

export const invalid = (got: string): TearsheetError =>
  new TearsheetError(
    'E_CLI_USAGE',
    `expected a line of JSON such as {"id": 1, "url": "https://…", "html": "<p>…"}, got ${got}`,
  );

export interface PageLine {
  readonly id: unknown;
  readonly url?: unknown;
  readonly html?: unknown;
}

/** Throws where the line is no JSON, or no object. */
export function parseLine(text: string): PageLine {
  const value = JSON.parse(text) as Partial<PageLine> | null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`a line that is no object`);
  return { ...value, id: value.id ?? null };
}

export const spelled = (answer: unknown): string => jsonLine(spellLine(answer));
export const failed = (id: unknown, thrown: unknown): string => {
  const { code, message } =
    thrown instanceof SyntaxError ? invalid(`a line that is not JSON (${thrown.message})`) : asTearsheetError(thrown);
  return spelled({ id, error: { code, message } });
};

/** The answer to a line that could not be answered. */
export function failedLine(text: string, thrown: unknown): string {
  try {
    return failed(parseLine(text).id, thrown);
  } catch {
    return failed(null, thrown);
  }
}

/** The answer to a line longer than is taken. */
export const overlongLine = (bytes: number, maxBytes: number): string =>
  failed(null, invalid(`a line of ${bytes} bytes; at most ${maxBytes} can be read`));
