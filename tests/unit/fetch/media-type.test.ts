import { describe, expect, it } from 'vitest';
import { documentType, isGzip, isPageType, mediaTypeOf, sniff } from '../../../src/fetch/media-type.ts';

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

describe('documentType', () => {
  it.each([
    ['text/plain', 'yes'],
    ['text/xml', 'yes'],
    ['text/html', 'yes'],
    ['text/x-anything', 'yes'],
    ['application/xml', 'yes'],
    ['application/rss+xml', 'yes'],
    ['application/atom+xml', 'yes'],
    ['application/rdf+xml', 'yes'],
    ['application/xhtml+xml', 'yes'],
    ['application/x-rss+xml', 'yes'],
    ['application/rss', 'yes'],
    ['application/x-xml', 'yes'],
    ['application/json', 'yes'],
    ['application/feed+json', 'yes'],
    ['', 'look'],
    ['application/octet-stream', 'look'],
    ['binary/octet-stream', 'look'],
    ['application/gzip', 'look'],
    ['application/x-gzip', 'look'],
    ['application/pdf', 'no'],
    ['application/zip', 'no'],
    ['application/xmlish', 'no'],
    ['application/rss+xml2', 'no'],
    ['application/javascript', 'no'],
    ['image/png', 'no'],
    ['video/mp4', 'no'],
  ])('%j: %s', (mediaType, expected) => {
    expect(documentType(mediaType)).toBe(expected);
  });
});

describe('isGzip', () => {
  it.each([
    ['\x1f\x8b\x08', true],
    ['\x1f\x8a', false],
    ['\x1f', false],
    ['', false],
  ])('%j: %s', (body, expected) => {
    expect(isGzip(latin1(body))).toBe(expected);
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
