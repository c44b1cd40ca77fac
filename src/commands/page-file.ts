/** A saved page from a file or standard input, and what it is. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TearsheetError } from '../core/errors.ts';

/** More than this is no news page, and a packed file must not fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface PageFile {
  readonly bytes: Uint8Array;
  /** Media type, with the charset where the caller knew it. */
  readonly contentType: string;
  /** `file:///` and the file's name alone, so that the same page reads alike wherever it lies. */
  readonly url: string;
}

const refused = (name: string, why: string, cause?: unknown): TearsheetError =>
  new TearsheetError('E_FILE_READ', `expected a page in ${name}, but ${why}`, { cause });

async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    bytes += buffer.length;
    if (bytes > MAX_BYTES) throw refused('standard input', `it is longer than ${MAX_BYTES} bytes`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

async function unpacked(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES }).catch((cause: Error) => {
    throw refused(name, `it cannot be unpacked within ${MAX_BYTES} bytes (${cause.message})`, cause);
  });
}

/** Markup where the beginning says so or the name does; else lines of plain text, such as a dump. */
function typeOf(bytes: Uint8Array, name: string): string {
  const start = Buffer.from(bytes.subarray(0, 2048)).toString('latin1').replaceAll('\0', '');
  if (/^[\s\u00ef\u00bb\u00bf\u00fe\u00ff]*(?:<!doctype html|<html|<\?xml|<head|<body|<!--)/i.test(start))
    return 'text/html';
  if (/\.txt(\.gz)?$/i.test(name)) return 'text/plain';
  if (/\.x?html?(\.gz)?$/i.test(name)) return 'text/html';
  return /<(?:p|div|article|title|h1)[\s>]/i.test(start) ? 'text/html' : 'text/plain';
}

/** Reads `file`, or all of `stdin` for `-`; unpacks gzip. Throws `E_FILE_READ`. */
export async function readPage(file: string, stdin: Readable, contentType?: string): Promise<PageFile> {
  const name = file === '-' ? 'standard input' : file;
  const raw =
    file === '-'
      ? await readAll(stdin)
      : await readFile(file).catch((cause: NodeJS.ErrnoException) => {
          throw refused(name, `it cannot be read (${cause.code ?? cause.message})`, cause);
        });
  if (raw.length > MAX_BYTES) throw refused(name, `it is longer than ${MAX_BYTES} bytes`);
  const bytes = await unpacked(raw, name);
  const shortName = file === '-' ? 'stdin' : basename(file).replace(/\.gz$/i, '');
  return { bytes, contentType: contentType ?? typeOf(bytes, file), url: `file:///${encodeURIComponent(shortName)}` };
}
