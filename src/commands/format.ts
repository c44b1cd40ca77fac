/** The forms that a reading is printed in, and which of them the flags ask for. */
import { extname } from 'node:path';
import type { Imprint } from '../clean/index.ts';
import { spell } from '../core/digest.ts';
import { TearsheetError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Reading } from '../core/schema.ts';
import { todaysRules } from '../reader.ts';
import { blockLines } from './article.ts';
import { textFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import type { Output } from './output.ts';
import { jsonLine } from './terminal.ts';
import { writeWhole } from './written-file.ts';

export const FORMATS = ['json', 'markdown', 'text', 'html', 'view'] as const;
export type Format = (typeof FORMATS)[number];

/** What a file's name says of its format. `.html` may be either page; the article is what most people mean. */
const BY_EXTENSION: Readonly<Record<string, Format>> = {
  '.json': 'json',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.txt': 'text',
  '.html': 'html',
  '.htm': 'html',
};

export interface Wanted {
  /** `blocks` and `person` are lines for a terminal, `record` is a line for a machine, the others are documents. */
  readonly form: Format | 'blocks' | 'person' | 'record';
  /** Where it is to be written; standard output where absent. */
  readonly file?: string;
  readonly hasPictures: boolean;
}

const usage = (message: string): TearsheetError => new TearsheetError('E_CLI_USAGE', message);
const LISTED = `${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1) as string}`;

function formatNamed(name: string): Format {
  const format = FORMATS.find((known) => known === name.toLowerCase()) ?? BY_EXTENSION[`.${name.toLowerCase()}`];
  if (format !== undefined) return format;
  const meant = nearest(name, FORMATS);
  throw usage(
    `expected --format ${LISTED}, got ${JSON.stringify(name)}${meant === null ? '' : `; did you mean ${meant}?`}`,
  );
}

/** Throws `E_CLI_USAGE` where flags contradict each other or no format can be told. */
export function wantedOf({ flags, globals }: Pick<Invocation, 'flags' | 'globals'>): Wanted {
  const named = textFlag(flags['format']);
  const output = textFlag(flags['output']);
  const isJson = globals.json === true;
  const hasBlocks = flags['blocks'] === true;
  const hasPictures = flags['images'] === true;
  const file = output === '-' ? undefined : output;
  const format = named === undefined ? undefined : formatNamed(named);
  if (format !== undefined && hasBlocks) throw usage(`expected --blocks or --format ${format}, got both`);
  if (format !== undefined && format !== 'json' && isJson)
    throw usage(`expected --json or --format ${format}, got both`);
  const form = format ?? formUnnamed(file, isJson, hasBlocks);
  if (hasPictures && form !== 'html')
    throw usage('--images is for --format html, where it shows pictures in their place');
  return { form, hasPictures, ...(file === undefined ? {} : { file }) };
}

function formUnnamed(file: string | undefined, isJson: boolean, hasBlocks: boolean): Wanted['form'] {
  if (isJson) return file === undefined ? 'record' : 'json';
  if (hasBlocks) return 'blocks';
  if (file === undefined) return 'person';
  const format = BY_EXTENSION[extname(file).toLowerCase()];
  if (format !== undefined) return format;
  throw usage(`expected --format ${LISTED}, since the name ${JSON.stringify(file)} does not tell`);
}

/** The reading as a document. Ends in a line feed. */
async function documentOf(format: Format, reading: Reading, imprint: Imprint, hasPictures: boolean): Promise<string> {
  if (format === 'json') return `${jsonLine(spell(reading).trimEnd())}\n`;
  const room = await import('../clean/index.ts');
  if (format === 'markdown') return room.articleMarkdown(reading, imprint);
  if (format === 'text') return room.articleText(reading);
  if (format === 'html') return room.articleHtml(reading, imprint, { hasPictures });
  return room.labelledView(reading, imprint, room.explanationsOf(todaysRules().rules));
}

/** The terminal's own text where it goes into a file: no colours, lines as long as they are where nobody looks. */
const PLAIN = { paint: (text: string) => text, width: 80 };

/**
 * Prints or writes what is wanted in one of the forms above; gives false where it is a form for a terminal that the caller
 * prints itself. Throws `E_FILE_WRITE`.
 */
export async function printDocument(
  { form, file, hasPictures }: Wanted,
  reading: Reading,
  imprint: Imprint,
  output: Output,
): Promise<boolean> {
  if (form === 'person' || form === 'record' || (form === 'blocks' && file === undefined)) return false;
  const text =
    form === 'blocks'
      ? `${blockLines(reading, PLAIN).join('\n')}\n`
      : await documentOf(form, reading, imprint, hasPictures);
  if (file === undefined) await output.line(text.replace(/\n$/, ''));
  else {
    await writeWhole(file, text);
    if (output.isWatched) output.remark(`wrote ${file}`);
  }
  return true;
}
