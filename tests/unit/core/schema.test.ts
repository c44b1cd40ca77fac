import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LABELS } from '../../../src/core/labels.ts';
import * as schema from '../../../src/core/schema.ts';

const DIGEST = 'a'.repeat(64);
const block = {
  id: 'b1',
  origin: 'page',
  role: 'article',
  label: 'headline',
  confidence: 90,
  reasons: [{ rule: 'headline/h1', weight: 40 }],
  path: 'body>h1',
  text: 'Ferry returns',
} as const;
const reading = {
  kind: 'article',
  title: 'Ferry returns',
  titles: { h1: 'Ferry returns' },
  authors: [{ name: 'Ada Quill' }],
  publishedAt: '2026-03-03T09:30:00+01:00',
  tags: [],
  language: 'en',
  directives: [],
  images: [],
  foundIn: { title: 'page' },
  blocks: [block],
} as const;
const capture = {
  recordId: 'urn:uuid:1',
  targetUri: 'https://press.test/ferry',
  date: '2026-03-03T08:31:00.000Z',
  payloadDigest: DIGEST,
  decodedSha256: DIGEST,
  status: 200,
  engine: 'http',
} as const;
const snapshot = {
  schema: 1,
  article: 'press.test:/ferry',
  url: 'https://press.test/ferry',
  version: 1,
  previous: null,
  capture,
  reading,
  madeBy: { program: 'tearsheet/0.1.0', rules: DIGEST, config: DIGEST, node: '22.0.0' },
} as const;
const look = {
  schema: 1,
  seq: 1,
  at: '2026-03-03T08:31:00.000Z',
  run: 'r',
  article: 'press.test:/ferry',
  url: 'https://press.test/ferry',
  outcome: 'new',
  capture,
  prevLook: null,
} as const;

const takes = (type: z.ZodType, value: unknown): boolean => type.safeParse(value).success;
const withPath = (value: unknown, path: readonly (string | number)[], inner: unknown): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return inner;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  if (inner === undefined && rest.length === 0) delete copy[step];
  else copy[step] = withPath(copy[step], rest, inner);
  return copy;
};

describe('the schema of a snapshot', () => {
  it('takes a whole one', () => {
    expect(schema.Snapshot.parse(snapshot)).toEqual(snapshot);
  });
  it.each([
    ['a field nobody knows', ['stray'], 1],
    ['a field nobody knows deep inside', ['reading', 'blocks', 0, 'stray'], 1],
    ['another schema', ['schema'], 2],
    ['version 0', ['version'], 0],
    ['a version with a fraction', ['version'], 1.5],
    ['no previous at all', ['previous'], undefined],
    ['a previous in upper case', ['previous'], 'A'.repeat(64)],
    ['a digest too short', ['madeBy', 'rules'], 'a'.repeat(63)],
    ['a time without milliseconds', ['capture', 'date'], '2026-03-03T08:31:00Z'],
    ['a time with an offset', ['capture', 'date'], '2026-03-03T08:31:00.000+01:00'],
    ['a label that is none', ['reading', 'blocks', 0, 'label'], 'sidebar'],
    ['a confidence with a fraction', ['reading', 'blocks', 0, 'confidence'], 0.9],
    ['a confidence over 100', ['reading', 'blocks', 0, 'confidence'], 101],
    ['a weight with a fraction', ['reading', 'blocks', 0, 'reasons', 0, 'weight'], 0.5],
    ['an absent field spelled as undefined', ['reading', 'lead'], null],
    ['a published time in words', ['reading', 'publishedAt'], 'yesterday'],
  ] as const)('refuses %s', (_, path, inner) => {
    expect(takes(schema.Snapshot, withPath(snapshot, path, inner))).toBe(false);
  });
  it.each(['2026', '2026-03', '2026-03-03', '2026-03-03T09:30', '2026-03-03T09:30:00.25-03:30', '2026-03-03T09:30Z'])(
    "keeps a publisher's time as given: %s",
    (publishedAt) => {
      expect(takes(schema.Reading, { ...reading, publishedAt })).toBe(true);
    },
  );
  it('knows every label', () => {
    for (const label of LABELS) expect(takes(schema.Block, { ...block, label })).toBe(true);
  });
});

describe('the schema of a look', () => {
  it('takes one with a capture and one without', () => {
    expect(takes(schema.Look, look)).toBe(true);
    expect(takes(schema.Look, { ...look, outcome: 'error', capture: null, error: 'E_FETCH_DNS' })).toBe(true);
  });
  it.each([
    ['seq 0', { seq: 0 }],
    ['an outcome that is none', { outcome: 'fine' }],
    ['no capture at all', { capture: undefined }],
    ['a look before that is no digest', { prevLook: 'x' }],
  ])('refuses %s', (_, wrong) => {
    expect(takes(schema.Look, { ...look, ...wrong })).toBe(false);
  });
});

describe('every schema', () => {
  const types = Object.entries<unknown>({ ...schema }).flatMap(([name, type]): [string, z.ZodType][] =>
    type instanceof z.ZodObject ? [[name, type]] : [],
  );

  it.each(types)('%s refuses what it does not know, all the way down, also as JSON Schema', (_, type) => {
    const isOpen = (node: unknown): boolean => {
      if (typeof node !== 'object' || node === null) return false;
      const { type: kind, additionalProperties } = node as Record<string, unknown>;
      return (kind === 'object' && additionalProperties === undefined) || Object.values(node).some(isOpen);
    };
    expect(isOpen(z.toJSONSchema(type))).toBe(false);
  });
  it('are there', () => {
    expect(types.length).toBeGreaterThan(10);
  });
});
