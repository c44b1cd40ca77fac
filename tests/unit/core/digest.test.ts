import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256, spell, spellLine } from '../../../src/core/digest.ts';

/** The same value with every object's keys put in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}
const anyJson = fc.jsonValue({ noUnicodeString: false });

describe('sha256', () => {
  // FIPS 180-2, appendix B.1, and the digest of no bytes.
  it.each([
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('of %j is the published one, as text and as bytes', (text, digest) => {
    expect(sha256(text)).toBe(digest);
    expect(sha256(Buffer.from(text))).toBe(digest);
  });
  it('reads a text as UTF-8', () => {
    expect(sha256('é日')).toBe(sha256(Buffer.from([0xc3, 0xa9, 0xe6, 0x97, 0xa5])));
  });
});

describe('spell', () => {
  it('writes sorted keys, two spaces, LF and a last LF', () => {
    expect(spell({ b: [1, { d: null, c: 'é' }], a: true })).toBe(
      '{\n  "a": true,\n  "b": [\n    1,\n    {\n      "c": "é",\n      "d": null\n    }\n  ]\n}\n',
    );
  });
  it('sorts by code unit, upper case before lower and digits as text', () => {
    expect(Object.keys(JSON.parse(spell({ b: 0, B: 0, a10: 0, a2: 0, é: 0 })) as object)).toEqual([
      'B',
      'a10',
      'a2',
      'b',
      'é',
    ]);
  });
  it('leaves out what is undefined', () => {
    expect(spellLine({ a: undefined, b: { c: undefined } })).toBe('{"b":{}}');
  });
  it('does not touch what it spells', () => {
    const value = Object.freeze({ b: 1, a: Object.freeze({ d: 1, c: 2 }) });
    expect(spellLine(value)).toBe('{"a":{"c":2,"d":1},"b":1}');
    expect(Object.keys(value)).toEqual(['b', 'a']);
  });
  it('spells a key named __proto__ like any other', () => {
    expect(spellLine(JSON.parse('{"b":1,"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1},"b":1}');
  });
  it('spells lone surrogates so that the bytes are UTF-8 and come back the same', () => {
    const text = spell({ a: '\ud800' });
    expect(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text))).toBe(text);
    expect(JSON.parse(text)).toEqual({ a: '\ud800' });
  });
  it('spells equal values alike, however their keys are ordered', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(spell(shuffled(value))).toBe(spell(value));
        expect(spellLine(shuffled(value))).toBe(spellLine(value));
      }),
    );
  });
  it('loses nothing: what is read back is spelled the same, and equals what JSON makes of it', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const back: unknown = JSON.parse(spell(value));
        expect(spell(back)).toBe(spell(value));
        expect(back).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('spellLine', () => {
  it('is one line, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(spellLine({ [text]: text })).not.toMatch(/[\n\r]/);
      }),
    );
  });
});
