import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPage } from '../../../src/commands/page-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tearsheet-page-'));
});
afterAll(() => rm(dir, { recursive: true }));

const none = Readable.from([]);
async function saved(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(dir, name), content);
  return join(dir, name);
}

describe('readPage', () => {
  test.each([
    ['page.html', '<p>text', 'text/html'],
    ['dump.txt', 'The harbour bridge opens\nNine years after', 'text/plain'],
    ['no-extension', '\ufeff<!DOCTYPE html><p>text', 'text/html'],
    ['saved-as.txt', '<html><p>text', 'text/html'],
    ['unknown', 'The harbour bridge opens', 'text/plain'],
    ['fragment', '<article><p>text', 'text/html'],
  ])('takes %s for what it is', async (name, content, contentType) => {
    expect((await readPage(await saved(name, content), none)).contentType).toBe(contentType);
  });

  test('unpacks a gzipped page and names it without its .gz', async () => {
    const page = await readPage(await saved('packed.html.gz', gzipSync('<p>text')), none);
    expect(Buffer.from(page.bytes).toString()).toBe('<p>text');
    expect(page.url).toBe('file:///packed.html');
  });

  test('gives an address that does not tell where the file lay', async () => {
    expect((await readPage(await saved('a b.html', '<p>'), none)).url).toBe('file:///a%20b.html');
  });

  test('believes the content type it is given', async () => {
    expect((await readPage(await saved('x.html', '<p>'), none, 'text/plain; charset=koi8-r')).contentType).toBe(
      'text/plain; charset=koi8-r',
    );
  });

  test('reads standard input for -', async () => {
    const page = await readPage('-', Readable.from([Buffer.from('<html>'), Buffer.from('<p>text')]));
    expect(Buffer.from(page.bytes).toString()).toBe('<html><p>text');
  });

  test.each([
    ['a file that is not there', () => Promise.resolve(join(dir, 'nowhere.html'))],
    ['a folder', () => Promise.resolve(dir)],
    ['a packed page that is broken', () => saved('broken.html.gz', gzipSync('<p>text').subarray(0, 12))],
  ])('throws E_FILE_READ for %s', async (_, file) => {
    await expect(readPage(await file(), none)).rejects.toMatchObject({ code: 'E_FILE_READ' });
  });

  test('throws E_FILE_READ for a packed page that would fill the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    await expect(readPage(await saved('bomb.html.gz', bomb), none)).rejects.toMatchObject({ code: 'E_FILE_READ' });
  });
});
