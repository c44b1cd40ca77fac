import { describe, expect, it } from 'vitest';
import { isPageType, mediaTypeOf, sniff } from '../../../src/fetch/media-type.ts';

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('mediaTypeOf', () => {
  it.each([
    ['text/html', 'text/html'],
    [' Text/HTML ;charset=utf-8', 'text/html'],
    ['text/html; charset=utf-8, text/plain', 'text/plain'],
    ['text/html, charset=utf-8', 'text/html'],
    ['application/xhtml+xml', 'application/xhtml+xml'],
    ['html', ''],
    ['charset=utf-8', ''],
    ['text/', ''],
    ['a b/c', ''],
    ['', ''],
    [undefined, ''],
  ])('%j: "%s"', (value, expected) => {
    expect(mediaTypeOf(value)).toBe(expected);
  });
});

describe('isPageType', () => {
  it('knows pages from the rest', () => {
    expect(['text/html', 'application/xhtml+xml', 'text/plain'].every(isPageType)).toBe(true);
    expect(
      ['application/xml', 'text/xml', 'image/svg+xml', 'text/markdown', 'application/octet-stream', ''].some(
        isPageType,
      ),
    ).toBe(false);
  });
});

describe('sniff', () => {
  it.each([
    ['', 'page'],
    ['<!doctype html>', 'page'],
    ['\n\t<p>', 'page'],
    ['Just text with a caf\xe9\x1b\x0c', 'page'],
    ['\xff\xfe<\x00p\x00', 'page'],
    ['\xfe\xff\x00<\x00p', 'page'],
    ['%PDF-1.4', 'PDF'],
    ['\x89PNG\r\n\x1a\n', 'binary data'],
    ['PK\x03\x04', 'binary data'],
    ['\x1f\x8b\x08\x00', 'binary data'],
    [`${'x'.repeat(1445)}\x00`, 'page'],
    [`${'x'.repeat(1444)}\x00`, 'binary data'],
  ])('%j: %s', (body, expected) => {
    expect(sniff(latin1(body))).toBe(expected);
  });
});
